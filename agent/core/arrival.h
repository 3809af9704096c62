/* arrival.h: one accepted event, and what each kind does here. */
#ifndef SAMBAND_AGENT_ARRIVAL_H
#define SAMBAND_AGENT_ARRIVAL_H

#include "agent.h"

/* Its bytes are the turn's own copy: they outlive puts. */
struct sb_arrival {
    uint64_t index;
    uint64_t accepted_at;
    struct sb_name org; /* whose stream it came in */
    unsigned lane;
    struct sb_sealed sealed;
    struct sb_bytes own; /* list of called seats, as the sender has it; may be empty (log.h) */
    struct sb_event event;
};

/* on_alerting.c: a kind that rings. */
void sb_on_alerting(struct sb_turn *turn, const struct sb_arrival *arrival);
void sb_on_recall(struct sb_turn *turn, const struct sb_arrival *arrival);
void sb_on_correction(struct sb_turn *turn, const struct sb_arrival *arrival);
void sb_on_end(struct sb_turn *turn, const struct sb_arrival *arrival);
/* on_reached.c: TiB has reached a seat over Rakel or phone, or somebody has answered at the
 * organisation's other agent. */
void sb_on_reached(struct sb_turn *turn, const struct sb_arrival *arrival);
/* on_reach.c: an own reach report that this store had forgotten. */
void sb_on_reach(struct sb_turn *turn, const struct sb_arrival *arrival);
/* mandate.c: the other agent has declared one, or withdrawn it. */
void sb_on_mandate(struct sb_turn *turn, const struct sb_arrival *arrival);

#endif
