/* board.h: the board of one event: head lines, counters computed from the rows shown, one row for
 * each called function in the order they came (worst first); and where there is none, that nothing
 * is going on (board_orgs.h: who could be reached). Unknown is shown as unknown; nothing
 * is green by colour alone. */
#ifndef SAMBAND_CLI_BOARD_H
#define SAMBAND_CLI_BOARD_H

#include "view/pages.h"
#include "view/view.h"

/* The reply to `status`: a head row (ID, no SEAT), then seats; or, where nothing calls anybody, a
 * head without ID, if any, then organisations. */
void sb_board_print(const struct sb_pages *pages, const struct sb_view *view);

/* A line as wide as the screen with the realm's word repeated; nothing for live events and for
 * realms that are not known. `realm` 0: none. */
void sb_board_band(unsigned realm, const struct sb_view *view);

/* The realm of a reply's rows; 0 where they are of several, or one does not say it: under an
 * exercise's band a live row would be passed over. */
unsigned sb_board_realm(const struct sb_pages *pages);

/* What the rows add up to. */
struct sb_board_counts {
    unsigned called, reached;
    unsigned mandate_needed, mandated;
    unsigned answer[5];       /* by enum sb_answer; [0]: no answer yet */
    unsigned orgs, orgs_dark; /* of the seats; where there are none, of the organisations shown */
    uint64_t next_step_at;    /* earliest automatic step that is still to come; 0: none */
};
/* An organisation's agent is dark, or it has none: a seat's row, or the organisation's. */
bool sb_board_is_dark(const struct sb_record *row);
void sb_board_count(const struct sb_pages *pages, struct sb_board_counts *ret_counts);

#endif
