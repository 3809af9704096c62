/* on_verdict.c: an agent refused an entry: nobody there was called by it, and the board says so. */
#include "on_arrival.h"

enum sb_err sb_verdict_check(struct sb_arrival *arrival, struct sb_why *why)
{
    uint64_t reason = sb_record_number(&arrival->event->event.fields, SB_FIELD_REASON_CODE);
    if (arrival->target == NULL) {
        return sb_why_set(why, SB_ERR_NOT_FOUND, "a verdict about nothing");
    }
    if (reason == SB_ERR_OK) {
        return sb_why_set(why, SB_ERR_VALUE, "a verdict without a reason");
    }
    return SB_ERR_OK;
}

void sb_verdict_apply(struct sb_arrival *arrival)
{
    const struct sb_name *org = &arrival->event->row.at.org;
    uint64_t reason = sb_record_number(&arrival->event->event.fields, SB_FIELD_REASON_CODE);
    struct sb_list_reader seats =
        sb_list_read(sb_record_bytes(&arrival->target->event.fields, SB_FIELD_SEATS));
    struct sb_bytes text;
    while (sb_list_next(&seats, &text)) {
        struct sb_seat seat;
        struct sb_seat_state state;
        if (sb_seat_read(text, &seat) && sb_name_equal(&seat.org, org)) {
            sb_arrival_state(arrival, &seat, &state);
            state.verdict = reason;
            sb_seat_state_put(arrival->turn->txn, &arrival->about, &seat, &state);
        }
    }
    sb_txn_count(arrival->turn->txn, "broker/refused-by-agent");
    sb_effects_log(arrival->turn->effects, SB_LEVEL_ERROR,
                   "refused-by-agent agent=%s organisation=%s index=%llu reason=%s",
                   arrival->event->row.stream_agent.text, org->text,
                   (unsigned long long)arrival->target->row.index,
                   sb_err_name((enum sb_err)reason));
}
