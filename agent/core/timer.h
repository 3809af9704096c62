/* timer.h: durable timers: rows of TIMER, keyed by due time, purpose and owner, so that a core made
 * anew finds them where they were. */
#ifndef SAMBAND_AGENT_TIMER_H
#define SAMBAND_AGENT_TIMER_H

#include "agent.h"

enum sb_timer {
    SB_TIMER_ALERT = 'a',  /* an alert's next step; the owner is the alert's key */
    SB_TIMER_REPORT = 'r', /* a reach report is wanted, at the end of this turn; the same */
    SB_TIMER_RETRY = 't',  /* an attempt is to be tried again; the owner is the attempt's key */
    SB_TIMER_WAITING = 'w' /* an attempt without a known result, under SB_NEVER_MS: it waits for the
                              channel */
};

#define SB_TIMER_NOW_MS 0 /* at the end of this turn */

void sb_timer_set(struct sb_txn *txn, uint64_t due_ms, enum sb_timer purpose,
                  struct sb_bytes owner);
void sb_timer_drop(struct sb_txn *txn, uint64_t due_ms, enum sb_timer purpose,
                   struct sb_bytes owner);
/* mono_ms of the first that has a time; SB_NEVER_MS where there is none. */
uint64_t sb_timer_first_ms(struct sb_txn *txn);
/* Takes the first that is due, oldest first: its row is gone when this returns. Reports are taken
 * last, so that an alert that moves twice in a turn reports once. False: nothing is due. */
bool sb_timer_take(struct sb_txn *txn, uint64_t now_ms, enum sb_timer *ret_purpose,
                   struct sb_key *ret_owner);
/* The next row at or after `from` (a whole key; empty: the first), whatever its time. To go on, add
 * a 0 byte to *from. */
bool sb_timer_next(struct sb_txn *txn, struct sb_key *from, uint64_t *ret_due_ms,
                   enum sb_timer *ret_purpose, struct sb_key *ret_owner);

#endif
