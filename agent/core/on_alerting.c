/* on_alerting.c: an event that rings: one alert for each seat that it calls here, held until all is
 * judged and the link has drained. Once per event and seat, however often and through whichever
 * agent it comes; never where a recall came first. A newer version silences the older one. */
#include "alert.h"
#include "arrival.h"
#include "concern.h"
#include "ring.h"

#include <string.h>

static struct sb_alert alert_new(const struct sb_arrival *arrival, const struct sb_seat *seat)
{
    const struct sb_record *fields = &arrival->event.fields;
    const struct sb_group group = sb_group_of(fields);
    struct sb_alert alert = {
        .id = arrival->event.id,
        .seat = *seat,
        .has_group = group.known,
        .realm = (unsigned)sb_record_number(fields, SB_FIELD_REALM),
        .kind = (unsigned)arrival->event.kind->kind,
        .level = (unsigned)sb_record_number(fields, SB_FIELD_LEVEL),
        .state = SB_ALERT_HELD,
        .answer_by = sb_record_number(fields, SB_FIELD_ANSWER_BY),
        .starts = sb_record_number(fields, SB_FIELD_STARTS),
    };

    /* Not memcpy: gcc 12's analyzer holds the bytes of a struct that was returned for unset. */
    for (unsigned i = 0; i < SB_GROUP_SIZE; i++) {
        alert.group[i] = group.at[i];
    }
    return alert;
}

/* A correction is urgent and may overtake what it corrects. */
static void correction_take(struct sb_turn *turn, struct sb_alert *alert)
{
    struct sb_event event;

    if (!sb_tomb_correction(turn->txn, alert->realm, &alert->id, &alert->correction)
        || !sb_agent_read_event(turn->txn, &alert->correction, &event)) {
        return;
    }
    const uint64_t starts = sb_record_number(&event.fields, SB_FIELD_STARTS);
    const uint64_t answer_by = sb_record_number(&event.fields, SB_FIELD_ANSWER_BY);
    alert->corrected = true;
    alert->starts = starts != 0 ? starts : alert->starts;
    alert->answer_by = answer_by != 0 ? answer_by : alert->answer_by;
}

static void alert_make(struct sb_turn *turn, const struct sb_arrival *arrival, struct sb_bytes text,
                       const struct sb_seat *seat)
{
    struct sb_alert alert;

    if (sb_alert_find(turn->txn, &arrival->event.id, seat, &alert)) {
        return;
    }
    alert = alert_new(arrival, seat);
    memcpy(alert.text, text.at, text.size);
    correction_take(turn, &alert);
    alert.due = turn->now.mono_ms + SB_DRAIN_MS;
    turn->agent->may_hold = true;
    sb_alert_save(turn, &alert);
    sb_txn_count(turn->txn, "alerts/made");
    sb_notified_before(turn, &alert);
    sb_reached_before(turn, &alert);
    const struct sb_group group = sb_group_of(&arrival->event.fields);
    if (sb_tomb_ended(turn->txn, alert.realm, &alert.id, &group)) {
        sb_ring_silence(turn, &alert, SB_ALERT_SUPERSEDED);
    }
}

/* Whose alerts, and in which realm, a newer version silences. */
struct newer {
    struct sb_name org;
    unsigned realm;
};

static void supersede(struct sb_turn *turn, struct sb_alert *alert, void *with)
{
    const struct newer *newer = with;

    if (sb_name_equal(&alert->seat.org, &newer->org) && alert->realm == newer->realm) {
        sb_ring_silence(turn, alert, SB_ALERT_SUPERSEDED);
    }
}

void sb_on_alerting(struct sb_turn *turn, const struct sb_arrival *arrival)
{
    const struct sb_group group = sb_group_of(&arrival->event.fields);
    const struct sb_group alone = {0};
    struct newer newer = {
        .org = arrival->org,
        .realm = (unsigned)sb_record_number(&arrival->event.fields, SB_FIELD_REALM),
    };
    struct sb_list_writer called;
    struct sb_hash older;

    if (sb_record_hash(&arrival->event.fields, SB_FIELD_SUPERSEDES, &older)) {
        sb_concern_each(turn, &older, &alone, supersede, &newer);
    }
    if (sb_tomb_has(turn->txn, newer.realm, &arrival->event.id, &group)) {
        sb_txn_count(turn->txn, "alerts/recalled-before");
        return;
    }
    sb_list_init(&called);
    sb_agent_called(&arrival->event, &arrival->org, arrival->own, &called);
    struct sb_list_reader reader = sb_list_read(sb_list_bytes(&called));
    struct sb_bytes text;
    struct sb_seat seat;
    while (sb_list_next(&reader, &text) && sb_seat_read(text, &seat)) {
        alert_make(turn, arrival, text, &seat);
    }
    sb_list_finish(&called);
}
