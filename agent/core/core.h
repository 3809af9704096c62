/* core.h: everything that an agent decides. One step per input, through the turn's transaction;
 * what is to be done comes out as effects, to be carried out after the commit. Its own memory is
 * volatile (the session): a core that was destroyed and made anew goes on from the store. Pure.
 * States and invariants: agent/README.md. */
#ifndef SAMBAND_AGENT_CORE_H
#define SAMBAND_AGENT_CORE_H

#include "roster.h"
#include "samband/effects.h"
#include "samband/link.h"

struct sb_agent_config {
    struct sb_name agent;
    struct sb_name org[SB_ORGS_PER_AGENT_MAX];
    unsigned org_count;
    struct sb_signer machine;
    struct sb_signer realm[4]; /* by enum sb_realm */
    struct sb_bytes cert;      /* own, with its issuer's; borrowed for the core's life */
    struct sb_public_key root;
    size_t window[2];               /* the link's; 0 as ever */
    const struct sb_roster *roster; /* borrowed; replaced by sb_agent_set_roster */
};

enum sb_agent_input_kind {
    SB_AGENT_START,   /* once, first: opens the link */
    SB_AGENT_FRAME,   /* a link frame from the broker */
    SB_AGENT_REBUILT, /* the socket was destroyed and connected anew: greet again */
    SB_AGENT_REQUEST, /* a control request from `from` (samband, samband-channel) */
    SB_AGENT_LEFT,    /* the control client `from` is gone */
    SB_AGENT_TICK     /* time has passed */
};

struct sb_agent_input {
    enum sb_agent_input_kind kind;
    uint64_t from;
    struct sb_name user; /* of a REQUEST: the local user's name, for the log */
    struct sb_bytes bytes;
};

/* Once, on a store that was put back from a backup, before it is served: the agent wakes nobody
 * until the centre has told what came after the backup, and what was done about it here
 * (PROTOCOL.md, Handing back). */
void sb_agent_restored(struct sb_txn *txn, struct sb_now now);

struct sb_agent;
void sb_agent_destroy(struct sb_agent *agent);
struct sb_agent *sb_agent_new(const struct sb_agent_config *config) SB_OWNED_BY(sb_agent_destroy);
void sb_agent_set_roster(struct sb_agent *agent, const struct sb_roster *roster);

void sb_agent_step(struct sb_agent *agent, struct sb_txn *txn, const struct sb_agent_input *input,
                   struct sb_now now, struct sb_entropy *entropy, struct sb_effects *effects);
/* Once at the end of every turn, before the commit: judges what is due to be, fires due timers,
 * sends what became sendable. `now` is never earlier than that of a step before it. */
void sb_agent_flush(struct sb_agent *agent, struct sb_txn *txn, struct sb_now now,
                    struct sb_entropy *entropy, struct sb_effects *effects);
/* mono_ms at which a TICK is wanted; SB_NEVER_MS where none. Reads the timers through the
 * transaction. */
uint64_t sb_agent_deadline_ms(struct sb_agent *agent, struct sb_txn *txn);

#endif
