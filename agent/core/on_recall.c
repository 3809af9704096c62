/* on_recall.c: a recall stops every alert of its event and of that one's alert group, tells those
 * who may have been notified, and is silent elsewhere. Its tombstone stays: an original that comes
 * after it is never alerted. */
#include "arrival.h"
#include "concern.h"
#include "ring.h"

static void recall_one(struct sb_turn *turn, struct sb_alert *alert, void *with)
{
    const struct sb_told *told = with;

    if (alert->realm != told->realm) {
        return;
    }
    /* Silence first: an attempt that still waits for its channel is then moot. */
    sb_ring_silence(turn, alert, SB_ALERT_RECALLED);
    sb_tell(turn, alert, told);
}

void sb_on_recall(struct sb_turn *turn, const struct sb_arrival *arrival)
{
    struct sb_told told = {.id = arrival->event.id,
                           .kind = SB_KIND_RECALL,
                           .realm =
                               (unsigned)sb_record_number(&arrival->event.fields, SB_FIELD_REALM),
                           .word = "recalled"};
    struct sb_group group = sb_group_of(&arrival->event.fields);
    struct sb_hash about;

    SB_ASSERT(sb_record_hash(&arrival->event.fields, SB_FIELD_REF, &about));
    if (!group.known) {
        group = sb_group_within(turn->txn, &about, told.realm);
    }
    sb_tomb_put(turn->txn, told.realm, &about, &group, &arrival->event.id);
    sb_concern_each(turn, &about, &group, recall_one, &told);
}
