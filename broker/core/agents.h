/* agents.h: which agents an organisation has and how they are, gathered once for a reading verb.
 * Private to broker/core. */
#ifndef SAMBAND_BROKER_AGENTS_H
#define SAMBAND_BROKER_AGENTS_H

#include "rows.h"
#include "samband/link.h"
#include "turn.h"

struct sb_agents {
    struct sb_agent_view {
        struct sb_name agent;
        struct sb_bytes orgs; /* borrowed from the transaction: good until the next put */
        bool revoked, dark;
        uint64_t dark_since, heard_at;
    } * at;
    size_t count;
};
void sb_agents_read(struct sb_broker_turn *turn, struct sb_agents *ret_agents);
void sb_agents_finish(struct sb_agents *agents);

/* How an organisation can be reached: dark where no agent of it is heard. dark_since 0: it has
 * none. */
struct sb_contact {
    bool enrolled, dark;
    uint64_t dark_since;
};
struct sb_contact sb_agents_contact(const struct sb_agents *agents, const struct sb_name *org);

/* When an organisation's best agent first held a log row, and proved it by its signature; 0 =
 * not yet. A time that the ring has lost is that of the next one kept: never too early. */
struct sb_holding {
    uint64_t stored_at;
    uint64_t proven_at;
};
struct sb_holding sb_agent_holding(struct sb_txn *txn, const struct sb_name *agent,
                                   const struct sb_name *org, unsigned lane, uint64_t index);
struct sb_holding sb_agents_holding(struct sb_txn *txn, const struct sb_agents *agents,
                                    const struct sb_name *org, unsigned lane, uint64_t index);

/* How many agents speak for an organisation: kept, so that nobody walks all agents for every
 * answer. Counted anew for each of `orgs` (encoded list) when an agent joined or was revoked. */
void sb_agents_count(struct sb_txn *txn, struct sb_bytes orgs);
uint64_t sb_agents_number(struct sb_txn *txn, const struct sb_name *org);

#endif
