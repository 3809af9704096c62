/* on_reached.c: a called seat was reached elsewhere: TiB reached it over Rakel or phone (who it was
 * the centre's event says; the agent may confirm it later), or somebody has answered at the
 * organisation's other agent. Escalation here follows the answer as if it were given here. The
 * entry is urgent and may come before the picture that it is about: then it is kept for it. */
#include "answer.h"
#include "arrival.h"
#include "concern.h"

/* The alert that the entry means, as far as its key goes. */
static bool alert_meant(const struct sb_arrival *arrival, struct sb_alert *ret_alert)
{
    const struct sb_record *fields = &arrival->event.fields;

    *ret_alert = (struct sb_alert){.realm = (unsigned)sb_record_number(fields, SB_FIELD_REALM)};
    return sb_record_hash(fields, SB_FIELD_REF, &ret_alert->id)
           && sb_seat_read(sb_record_bytes(fields, SB_FIELD_SEAT), &ret_alert->seat)
           && sb_name_equal(&ret_alert->seat.org, &arrival->org);
}

static uint64_t answered_at(const struct sb_record *fields)
{
    const uint64_t said = sb_record_number(fields, SB_FIELD_ANSWERED_AT);

    return said != 0 ? said : sb_record_number(fields, SB_FIELD_ISSUED);
}

static void apply(struct sb_turn *turn, struct sb_alert *alert, const struct sb_record *fields)
{
    const struct sb_given given = {
        .person = sb_record_name(fields, SB_FIELD_PERSON), /* none in TiB's entry */
        .function = sb_record_has(fields, SB_FIELD_FUNCTION)
                        ? sb_record_name(fields, SB_FIELD_FUNCTION)
                        : alert->seat.function,
        .answer = (enum sb_answer)sb_record_number(fields, SB_FIELD_ANSWER),
        .at = sb_record_number(fields, SB_FIELD_AT),
        .channel = sb_record_name(fields, SB_FIELD_VIA),
        .given_at = answered_at(fields),
    };

    sb_answer_elsewhere(turn, alert, &given, sb_record_number(fields, SB_FIELD_HOLDS_MANDATE) != 0);
}

/* The newest is kept, which need not be the one that comes last. */
static void keep(struct sb_turn *turn, const struct sb_alert *meant,
                 const struct sb_arrival *arrival)
{
    const bool by_tib = arrival->event.kind->kind == SB_KIND_REACHED;
    struct sb_event kept;
    struct sb_hash id;

    if (!sb_tomb_reached(turn->txn, meant, by_tib, &id)
        || !sb_agent_read_event(turn->txn, &id, &kept)
        || answered_at(&kept.fields) <= answered_at(&arrival->event.fields)) {
        sb_tomb_put_reached(turn->txn, meant, by_tib, &arrival->event.id);
    }
}

void sb_on_reached(struct sb_turn *turn, const struct sb_arrival *arrival)
{
    struct sb_alert meant, alert;

    if (!alert_meant(arrival, &meant)) {
        return;
    }
    if (!sb_alert_find(turn->txn, &meant.id, &meant.seat, &alert)) {
        keep(turn, &meant, arrival);
    } else if (alert.realm == meant.realm) {
        apply(turn, &alert, &arrival->event.fields);
    }
}

void sb_reached_before(struct sb_turn *turn, struct sb_alert *alert)
{
    struct sb_event event;
    struct sb_hash id;

    for (unsigned by_tib = 0; by_tib <= 1; by_tib++) {
        if (sb_tomb_reached(turn->txn, alert, by_tib != 0, &id)
            && sb_agent_read_event(turn->txn, &id, &event)) {
            apply(turn, alert, &event.fields);
        }
    }
}
