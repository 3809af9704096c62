/* readable.c: an event as a row of a reply. */
#include "verbs.h"

#include <stdio.h>

/* Salts, sums and names of keys: of no use to a reader, and an order is as long as its event. */
static const enum sb_field machine_fields[] = {
    SB_FIELD_NONCE, SB_FIELD_FACTS_HASH,   SB_FIELD_TEXT_HASH,       SB_FIELD_SIGNER,
    SB_FIELD_ORDER, SB_FIELD_ORDER_DIGEST, SB_FIELD_AUDIENCE_DIGEST,
};

void sb_readable(struct sb_txn *txn, const struct sb_log_row *row, const struct sb_event *event,
                 struct sb_record *ret_row)
{
    *ret_row = event->fields;
    for (unsigned i = 0; i < sizeof machine_fields / sizeof machine_fields[0]; i++) {
        sb_record_unset(ret_row, machine_fields[i]);
    }
    sb_record_set_hash(ret_row, SB_FIELD_ID, &event->id);
    sb_record_set_number(ret_row, SB_FIELD_INDEX, row->index);
    sb_record_set_number(ret_row, SB_FIELD_ACCEPTED_AT, row->accepted_at);
    if (row->verdict != SB_ERR_OK) {
        sb_record_set_number(ret_row, SB_FIELD_VERDICT, (uint64_t)row->verdict);
    }
    if (sb_event_recalled(txn, event)) {
        sb_record_set_number(ret_row, SB_FIELD_RECALLED, true);
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
