/* share.h: what one agent gets of the broker's time and room: every frame is paid for from its
 * budget, and what comes when that is spent is dropped, counted, and told on the board. Whose turn
 * it is among connections libzmq decides (fair queueing); here a turn ends when one agent has had
 * its part of it. Private to broker/core. */
#ifndef SAMBAND_BROKER_SHARE_H
#define SAMBAND_BROKER_SHARE_H

#include "turn.h"

/* `peer` NULL: all those together who may not speak at all (revoked, replaced). False: the frame is
 * to be dropped unread. */
bool sb_share_admits(struct sb_broker_turn *turn, struct sb_peer *peer);
/* The same for entries, which stay in the store; `peer` is never NULL. False: the DATA frame is to
 * be dropped, and the agent was told why if it had not been for a while. */
bool sb_share_keeps(struct sb_broker_turn *turn, struct sb_peer *peer);
/* It was done for the agent, or for the strangers; `work` as SB_WORK_… counts it. Where that is its
 * part of a turn, the turn is full (sb_broker_turn_is_full). */
void sb_share_spend(struct sb_broker_turn *turn, struct sb_peer *peer, unsigned work);
/* At the end of a turn: what was dropped is noted, at most once a second and agent. */
void sb_share_tell(struct sb_broker_turn *turn);
/* mono: when that is due for this agent; SB_NEVER_MS: nothing was dropped. */
uint64_t sb_share_tell_at_ms(const struct sb_share *share);

#endif
