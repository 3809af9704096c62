/* reach_report.c: the agent's report of how far an alert has come and what comes next by itself:
 * seat, rung, next step and when. No name and no contact: a pseudonym. Sent at a turn's end, so
 * that an alert which moved twice is reported once. */
#include "ring.h"
#include "timer.h"

void sb_reach_report_want(struct sb_turn *turn, const struct sb_alert *alert)
{
    struct sb_key key;

    sb_alert_key(alert, &key);
    sb_timer_set(turn->txn, SB_TIMER_NOW_MS, SB_TIMER_REPORT, sb_key_bytes(&key));
}

static enum sb_rung rung_of(const struct sb_alert *alert)
{
    return alert->opened_at != 0     ? SB_RUNG_OPENED
           : alert->notified_at != 0 ? SB_RUNG_NOTIFIED
                                     : SB_RUNG_STORED;
}

void sb_reach_report_send(struct sb_turn *turn, struct sb_bytes alert_key)
{
    char seat[SB_SEAT_SIZE_MAX + 1];
    struct sb_record fields = {0};
    struct sb_why why = {0};
    struct sb_alert alert;
    struct sb_hash id;

    if (!sb_alert_named(turn, alert_key, &alert)) {
        return;
    }
    sb_seat_key(&alert.seat, seat);
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REACH);
    sb_record_set_number(&fields, SB_FIELD_REALM, alert.realm);
    sb_record_set_hash(&fields, SB_FIELD_REF, &alert.id);
    sb_record_set_text(&fields, SB_FIELD_SEAT, seat);
    sb_record_set_number(&fields, SB_FIELD_RUNG, (uint64_t)rung_of(&alert));
    sb_record_set_number(&fields, SB_FIELD_LEFT, alert.left);
    sb_record_set_number(&fields, SB_FIELD_TRIES, alert.tries);
    if (alert.step != 0) {
        sb_record_set_number(&fields, SB_FIELD_STEP, (uint64_t)alert.step);
    }
    if (alert.due != SB_NEVER_MS) {
        sb_record_set_number(&fields, SB_FIELD_STEP_AT, sb_turn_wall(turn, alert.due));
    }
    if (alert.person.text[0] != '\0') {
        sb_record_set_name(&fields, SB_FIELD_PERSON, &alert.person);
    }
    if (sb_agent_issue(turn, &alert.seat.org, &fields, &id, &why) != SB_ERR_OK) {
        sb_effects_log(turn->effects, SB_LEVEL_ERROR, "reach-report=failed seat=%s why=%s", seat,
                       sb_quoted(why.text).text);
    }
}
