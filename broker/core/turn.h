/* turn.h: what every file of the broker's core works with: the broker's volatile memory (who is
 * connected, who was heard when) and the turn that it is in. Private to broker/core. */
#ifndef SAMBAND_BROKER_TURN_H
#define SAMBAND_BROKER_TURN_H

#include "budget.h"
#include "core.h"
#include "samband/complaint.h"

/* What one agent may ask, and what was dropped because it asked for more (share.h). */
struct sb_share {
    struct sb_budget budget;
    uint64_t dropped, not_kept; /* frames, and those with entries; since told_ms */
    uint64_t told_ms;           /* mono: when they were last added to the store; 0: never */
};

/* One connection of one agent. */
struct sb_session {
    uint64_t from; /* the shell's token */
    struct sb_link *link;
    struct sb_name org[SB_ORGS_PER_AGENT_MAX]; /* borrowed by the link */
    unsigned org_count;
    struct sb_public_key machine_key; /* borrowed by the link */
};

/* One enrolled agent, as long as the process lives. Dark is a matter of this memory only: a mark in
 * the store would cost a sync for every ping. */
struct sb_peer {
    struct sb_name agent;
    struct sb_session *session; /* NULL: not connected */
    uint64_t heard_mono_ms;     /* last frame; before the first one, when we began to listen */
    uint64_t heard_wall_ms;
    bool heard; /* since this process began */
    bool dark;
    struct sb_complaints complaints; /* what was refused of it */
    struct sb_share share;
};

struct sb_broker {
    struct sb_broker_config config;
    struct sb_peer **peer; /* sorted by agent */
    size_t peer_count, peer_room;
    struct sb_link_shared *shared;   /* of the links of all sessions */
    struct sb_known known;           /* certificates whose signatures were checked */
    struct sb_complaints strangers;  /* frames refused of who is no agent, or none any more */
    struct sb_complaints unreadable; /* control messages that are no requests, of everybody */
    struct sb_share strangers_share; /* of the first of these two */
    bool turn_is_full;               /* one agent has had its part of this turn */
    uint64_t waiting_ms;             /* mono: when what waits is looked through; 0 at first */
    bool started;
};

struct sb_broker_turn {
    struct sb_broker *broker;
    const struct sb_broker_config *config;
    struct sb_txn *txn;
    struct sb_now now;
    struct sb_entropy *entropy;
    struct sb_effects *effects;
};

/* core.c: what the session's link works on. */
struct sb_link_turn sb_broker_link_turn(const struct sb_broker_turn *turn,
                                        const struct sb_session *session);

/* on_frame.c, on_arrival.c, request.c: one function an input. */
void sb_broker_on_frame(struct sb_broker_turn *turn, const struct sb_broker_input *input);
void sb_broker_on_arrival(struct sb_broker_turn *turn, uint64_t index);
/* Judges again what has waited, and what has waited long enough. At the end of every turn. */
void sb_broker_on_waiting(struct sb_broker_turn *turn);
void sb_broker_on_request(struct sb_broker_turn *turn, const struct sb_broker_input *input);

/* "a:taby-1", "a:" → "taby-1". False where the user is of another sort. */
bool sb_broker_user_read(const struct sb_name *user, const char *sort, struct sb_name *ret_name);

#endif
