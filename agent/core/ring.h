/* ring.h: whom an alert rings, and when the next one: the reach engine's moves. Each takes the
 * alert as it is in the store and saves it. */
#ifndef SAMBAND_AGENT_RING_H
#define SAMBAND_AGENT_RING_H

#include "attempt.h"

/* All is judged, and the agent has drained, or waited long enough: all alerts that are HELD ring
 * their first person. */
void sb_ring_release_held(struct sb_turn *turn);
/* At a start: what is HELD waits anew, so that the link may first say whether it is recalled. */
void sb_ring_hold_again(struct sb_turn *turn);
/* The alert's timer: by its state the next person, the release, or the reminder. */
void sb_ring_due(struct sb_turn *turn, struct sb_bytes alert_key);

/* The next who was not tried: a deputy first where `deputy`. Nobody left: EXHAUSTED. */
void sb_ring_next(struct sb_turn *turn, struct sb_alert *alert, bool deputy);
/* Somebody was notified, and nobody knows what came of it: EXHAUSTED, nothing by itself.
 */
void sb_ring_leave_open(struct sb_turn *turn, struct sb_alert *alert);
/* An answer no longer suffices: the present person's time begins anew. */
void sb_ring_resume(struct sb_turn *turn, struct sb_alert *alert);
/* ANSWERED; `remind`: attendance is reminded once, half-way to the deadline or the start. */
void sb_ring_stop(struct sb_turn *turn, struct sb_alert *alert, bool remind);
/* RECALLED or SUPERSEDED; a state that cannot move there stays. */
void sb_ring_silence(struct sb_turn *turn, struct sb_alert *alert, enum sb_alert_state to);
/* A correction moved the deadline or the start: so moves the reminder. */
void sb_ring_retarget(struct sb_turn *turn, struct sb_alert *alert);

/* From the channel: it accepted; no channel of the person works; the person opened it. */
void sb_ring_notified(struct sb_turn *turn, const struct sb_attempt *attempt);
void sb_ring_unreachable(struct sb_turn *turn, const struct sb_attempt *attempt);
void sb_ring_opened(struct sb_turn *turn, const struct sb_attempt *attempt, uint64_t at_ms);

/* reach_report.c: the centre is told where the alert stands, once at the end of this turn … */
void sb_reach_report_want(struct sb_turn *turn, const struct sb_alert *alert);
/* … by this. */
void sb_reach_report_send(struct sb_turn *turn, struct sb_bytes alert_key);

#endif
