/* on_reach.c: an own reach report comes down: this store was put back and had forgotten it. It says
 * that somebody here was notified; then nobody is rung again by itself. */
#include "alert.h"
#include "arrival.h"
#include "concern.h"
#include "ring.h"

/* When somebody was notified, as the report knows; 0: nobody yet. */
static uint64_t notified_at(const struct sb_record *report)
{
    const uint64_t rung = sb_record_number(report, SB_FIELD_RUNG);

    return rung >= SB_RUNG_NOTIFIED ? sb_record_number(report, SB_FIELD_ISSUED) : 0;
}

static void take(struct sb_alert *alert, const struct sb_record *report)
{
    const uint64_t at = notified_at(report);
    const uint64_t tries = sb_record_number(report, SB_FIELD_TRIES);

    alert->notified_at = alert->notified_at == 0 ? at : alert->notified_at;
    alert->tries = tries > alert->tries ? tries : alert->tries;
    if (sb_record_has(report, SB_FIELD_PERSON)) {
        alert->person = sb_record_name(report, SB_FIELD_PERSON);
    }
}

void sb_on_reach(struct sb_turn *turn, const struct sb_arrival *arrival)
{
    const struct sb_record *report = &arrival->event.fields;
    struct sb_alert meant = {.realm = (unsigned)sb_record_number(report, SB_FIELD_REALM)};
    struct sb_alert alert;

    if (!sb_record_hash(report, SB_FIELD_REF, &meant.id)
        || !sb_seat_read(sb_record_bytes(report, SB_FIELD_SEAT), &meant.seat)
        || !sb_name_equal(&meant.seat.org, &arrival->org) || notified_at(report) == 0) {
        return;
    }
    if (!sb_alert_find(turn->txn, &meant.id, &meant.seat, &alert)) {
        sb_tomb_put_notified(turn->txn, &meant, &arrival->event.id);
        return;
    }
    if (alert.realm != meant.realm) {
        return;
    }
    take(&alert, report);
    if (alert.state == SB_ALERT_RINGING) {
        sb_ring_leave_open(turn, &alert);
    } else {
        sb_alert_save(turn, &alert);
    }
}

void sb_notified_before(struct sb_turn *turn, struct sb_alert *alert)
{
    struct sb_event event;
    struct sb_hash id;

    if (sb_tomb_notified(turn->txn, alert, &id) && sb_agent_read_event(turn->txn, &id, &event)) {
        take(alert, &event.fields);
        sb_alert_save(turn, alert);
    }
}
