/* readable.c: an event as a row of a reply. */
#include "verbs.h"

/* Salts, sums and names of keys: of no use to a reader, and an order is as long as its event. */
static const enum sb_field machine_fields[] = {
    SB_FIELD_NONCE, SB_FIELD_FACTS_HASH,   SB_FIELD_TEXT_HASH,       SB_FIELD_SIGNER,
    SB_FIELD_ORDER, SB_FIELD_ORDER_DIGEST, SB_FIELD_AUDIENCE_DIGEST,
};

void sb_readable(const struct sb_log_row *row, const struct sb_event *event,
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
