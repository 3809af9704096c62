/* on_correction.c: a correction tells those who were notified, and moves what escalation aims at:
 * whoever is rung from now on is told what is right. It wakes nobody who was not woken. */
#include "arrival.h"
#include "concern.h"
#include "ring.h"

struct correction {
    struct sb_told told;
    uint64_t starts, answer_by; /* 0: as it was */
};

static void correct_one(struct sb_turn *turn, struct sb_alert *alert, void *with)
{
    const struct correction *correction = with;

    if (alert->state == SB_ALERT_RECALLED || alert->realm != correction->told.realm) {
        return;
    }
    alert->corrected = true;
    alert->correction = correction->told.id;
    alert->starts = correction->starts != 0 ? correction->starts : alert->starts;
    alert->answer_by = correction->answer_by != 0 ? correction->answer_by : alert->answer_by;
    sb_ring_retarget(turn, alert);
    sb_tell(turn, alert, &correction->told);
}

void sb_on_correction(struct sb_turn *turn, const struct sb_arrival *arrival)
{
    const struct sb_record *fields = &arrival->event.fields;
    struct correction correction = {
        .told = {.id = arrival->event.id,
                 .kind = SB_KIND_CORRECTION,
                 .realm = (unsigned)sb_record_number(fields, SB_FIELD_REALM),
                 .word = "corrected"},
        .starts = sb_record_number(fields, SB_FIELD_STARTS),
        .answer_by = sb_record_number(fields, SB_FIELD_ANSWER_BY),
    };
    struct sb_hash about;

    SB_ASSERT(sb_record_hash(fields, SB_FIELD_REF, &about));
    const struct sb_group group = sb_group_within(turn->txn, &about, correction.told.realm);
    sb_tomb_put_correction(turn->txn, correction.told.realm, &about, &arrival->event.id);
    sb_concern_each(turn, &about, &group, correct_one, &correction);
}
