/* verb_inbox.c: what came to the organisations here, newest first, and how far each alert is. */
#include "verbs.h"

/* Of several seats here, the one that still wants something stands for the event. */
static bool alert_stands_for(struct sb_turn *turn, const struct sb_log_row *row,
                             const struct sb_event *event, struct sb_alert *ret_alert)
{
    struct sb_alert_walk walk = {0};
    struct sb_alert alert;
    bool found = false;

    while (sb_alert_next(turn->txn, &event->id, &walk, &alert)) {
        if (!sb_name_equal(&alert.seat.org, &row->at.org)) {
            continue;
        }
        if (!found || ret_alert->state == SB_ALERT_ANSWERED) {
            *ret_alert = alert;
        }
        found = true;
    }
    return found;
}

static void alert_add(const struct sb_alert *alert, struct sb_record *out)
{
    sb_record_set_number(out, SB_FIELD_STATE, (uint64_t)alert->state);
    if (alert->acked_at != 0) {
        sb_record_set_number(out, SB_FIELD_ACKED_AT, alert->acked_at);
    }
    if (alert->answer != SB_ANSWER_NOTHING) {
        sb_record_set_number(out, SB_FIELD_ANSWER, (uint64_t)alert->answer);
    }
    if (alert->answer_by != 0) {
        sb_record_set_number(out, SB_FIELD_ANSWER_BY, alert->answer_by);
    }
    if (alert->starts != 0) {
        sb_record_set_number(out, SB_FIELD_STARTS, alert->starts);
    }
}

static void entry_fill(struct sb_turn *turn, const struct sb_log_row *row,
                       const struct sb_event *event, struct sb_list_writer *called,
                       struct sb_record *out)
{
    struct sb_alert alert;

    sb_readable(turn->txn, row, event, out);
    sb_record_set_name(out, SB_FIELD_ORG, &row->at.org);
    sb_readable_to(row, event, out, called);
    if (alert_stands_for(turn, row, event, &alert)) {
        alert_add(&alert, out);
    }
}

/* What came; but no person is told what may not be true: "events" and "show" have that, with its
 * verdict. And what the organisation's other agent said was not sent to anybody here. */
static bool is_told(const struct sb_log_row *row, const struct sb_event *event)
{
    return row->stream_agent.text[0] != '\0' && row->verdict == SB_ERR_OK
           && (event->kind == NULL || event->kind->by != SB_BY_AGENT);
}

/* False where the reply is full. */
static bool entry_add(struct sb_turn *turn, struct sb_asked *asked, uint64_t index)
{
    const uint64_t met = sb_txn_damages(turn->txn);
    struct sb_record out;
    struct sb_log_row row;
    struct sb_event event;

    if (sb_agent_read_row(turn->txn, index, &row, &event) && is_told(&row, &event)) {
        struct sb_list_writer called;
        entry_fill(turn, &row, &event, &called, &out);
        const bool whole = sb_txn_damages(turn->txn) == met;
        const bool added = whole && sb_rows_add(&asked->rows, &out);
        sb_list_finish(&called);
        if (whole) {
            return added;
        }
    }
    return sb_damage_tell(turn, asked, index, met);
}

enum sb_err sb_verb_inbox(struct sb_turn *turn, struct sb_asked *asked)
{
    const uint64_t offset = sb_record_number(&asked->args, SB_FIELD_OFFSET);
    const uint64_t end = sb_log_next_index(turn->txn);

    for (uint64_t index = offset != 0 && offset < end ? offset + 1 : end; index-- > 1;) {
        if (!entry_add(turn, asked, index)) {
            asked->next = index;
            break;
        }
    }
    return SB_ERR_OK;
}
