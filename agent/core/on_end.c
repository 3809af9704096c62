/* on_end.c: the end of an activation: nobody more is rung for it, and those who were notified are
 * told. An answer that was given stays an answer. Its tombstone stays: a call that comes to another
 * organisation here after it rings nobody. */
#include "arrival.h"
#include "concern.h"
#include "ring.h"

static void end_one(struct sb_turn *turn, struct sb_alert *alert, void *with)
{
    const struct sb_told *told = with;

    if (alert->state == SB_ALERT_RECALLED || alert->realm != told->realm) {
        return;
    }
    sb_ring_silence(turn, alert, SB_ALERT_SUPERSEDED);
    sb_tell(turn, alert, told);
}

void sb_on_end(struct sb_turn *turn, const struct sb_arrival *arrival)
{
    struct sb_told told = {.id = arrival->event.id,
                           .kind = SB_KIND_END,
                           .realm =
                               (unsigned)sb_record_number(&arrival->event.fields, SB_FIELD_REALM),
                           .word = "ended"};
    struct sb_hash about;

    SB_ASSERT(sb_record_hash(&arrival->event.fields, SB_FIELD_REF, &about));
    const struct sb_group group = sb_group_within(turn->txn, &about, told.realm);
    sb_tomb_put_ended(turn->txn, told.realm, &about, &group, &arrival->event.id);
    sb_concern_each(turn, &about, &group, end_one, &told);
}
