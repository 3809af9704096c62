/* waiting.h: entries that came up and cannot be judged before something else has come: after a
 * store was put back (sb_link_is_restored), agents hand back in any order what it forgot. Rows of
 * CASE:
 *
 *      'W' ‖ what is missing ‖ index    an event's id: nothing; an audience's digest: since when
 *                                       (wall clock)
 *      'J' ‖ index                      is to be judged again in this turn
 *
 * Private to broker/core. */
#ifndef SAMBAND_BROKER_WAITING_H
#define SAMBAND_BROKER_WAITING_H

#include "turn.h"

/* The entry waits for the event, or for one that went to the audience with that digest. */
void sb_waiting_for_event(struct sb_broker_turn *turn, uint64_t index, const struct sb_hash *id);
void sb_waiting_for_audience(struct sb_broker_turn *turn, uint64_t index,
                             const struct sb_hash *digest);
/* It has come, id or digest: those that wait are to be judged. */
void sb_waiting_wake(struct sb_broker_turn *turn, const struct sb_hash *what);
/* The next that is, in the log's order; its row is gone when this returns. */
bool sb_waiting_take(struct sb_broker_turn *turn, uint64_t *ret_index);
/* The next at or after `*index` that waits for the audience, and goes on waiting: whoever handed
 * back may be one. To go on, add 1. */
bool sb_waiting_next(struct sb_broker_turn *turn, const struct sb_hash *digest, uint64_t *index);
/* How many wait. */
uint64_t sb_waiting_number(struct sb_txn *txn);
/* Wakes what waited for an audience longer than SB_AUDIENCE_WAIT_MS, and hands back the log index
 * of the first such; false where there is none yet. */
bool sb_waiting_overdue(struct sb_broker_turn *turn, uint64_t *ret_index);

#endif
