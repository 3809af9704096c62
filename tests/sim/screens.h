/* screens.h: asking an end what it shows, as the programs ask. What must stand on a screen is in
 * screens.c (lists) and views.c (timelines and boards). */
#ifndef SAMBAND_TESTS_SCREENS_H
#define SAMBAND_TESTS_SCREENS_H

#include "turns.h"

#define SHOWN_MAX 4096u

/* One row of a list, as far as more is asked about it. */
struct shown {
    struct sb_hash as; /* at an agent of two: once for each organisation */
    struct sb_hash id, incident;
    unsigned kind, seats;
    bool in_incident, refused;
    bool alerts; /* at an agent: it has called somebody */
};

/* What one list showed: of an agent, or of the centre to the operator of one realm. */
struct screen {
    struct world *world;
    int end; /* WORLD_BROKER_END: the centre */
    const char *whose, *user;
    struct shown shown[SHOWN_MAX];
    unsigned count;
};

/* False ends the asking. */
typedef bool screen_row(void *with, const struct sb_record *row);
/* pages.c: asks `verb`, all pages of it, in turns that are not committed. `about` NULL: no event is
 * named. False where a row's taker said so, or where there is no answer: that breaks `shown-once`.
 */
bool screen_ask(const struct screen *screen, const char *verb, const struct sb_hash *about,
                screen_row *take, void *with);

/* views.c: the timelines and boards of what the screen's list showed. */
bool screen_views_hold(const struct screen *screen);

#endif
