/* readable.c: an event as a row of a reply. */
#include "verbs.h"

#include <stdio.h>

void sb_readable(struct sb_txn *txn, const struct sb_log_row *row, const struct sb_event *event,
                 struct sb_record *ret_row)
{
    sb_row_of_event(event, row->index, row->accepted_at, row->verdict, ret_row);
    if (sb_event_recalled(txn, event)) {
        sb_record_set_number(ret_row, SB_FIELD_RECALLED, true);
    }
}

void sb_readable_to(const struct sb_log_row *row, const struct sb_event *event,
                    struct sb_record *out, struct sb_list_writer *called)
{
    sb_list_init(called);
    sb_agent_called(event, &row->at.org, row->own, called);
    if (called->count > 0) {
        sb_record_set_bytes(out, SB_FIELD_TO, sb_list_bytes(called));
    }
}

bool sb_damage_tell(struct sb_turn *turn, struct sb_asked *asked, uint64_t index, uint64_t met)
{
    struct sb_record out;
    char which[24];

    if (sb_txn_damages(turn->txn) == met) {
        return true;
    }
    (void)snprintf(which, sizeof which, "%llu", (unsigned long long)index);
    sb_agent_lost(turn, met, "log", which);
    sb_row_of_damage(index, &out);
    return sb_rows_add(&asked->rows, &out);
}
