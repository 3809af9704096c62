/* agents.c: agents as the board sees them: what they hold, who is dark. Changes nothing. */
#include "agents.h"

#include "peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sb_agents_read(struct sb_broker_turn *turn, struct sb_agents *ret_agents)
{
    struct sb_agents agents = {.count = 0};
    size_t room = 0;
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_AGENT, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    while (sb_broker_walk_next(&walk, turn->txn, &key, &value)) {
        struct sb_record row;
        struct sb_agent_view view = {.dark = true};
        sb_broker_row_read(value, &row);
        if (!sb_name_read(key, &view.agent)) {
            continue;
        }
        view.orgs = sb_record_bytes(&row, SB_FIELD_ORGS);
        view.revoked = sb_record_number(&row, SB_FIELD_REVOKED) != 0;
        view.heard_at = sb_record_number(&row, SB_FIELD_HEARD_AT);
        const struct sb_peer *peer = sb_peer_find(turn->broker, &view.agent);
        if (peer != NULL) {
            view.dark = peer->dark;
            view.dark_since = peer->heard_wall_ms;
            view.heard_at = peer->heard ? peer->heard_wall_ms : view.heard_at;
        }
        agents.at = sb_alloc_more(agents.at, agents.count, &room, sizeof *agents.at);
        agents.at[agents.count++] = view;
    }
    *ret_agents = agents;
}

void sb_agents_finish(struct sb_agents *agents)
{
    free(agents->at);
    *agents = (struct sb_agents){.count = 0};
}

static bool view_serves(const struct sb_agent_view *view, const struct sb_name *org)
{
    return !view->revoked && sb_list_has(view->orgs, sb_name_bytes(org));
}

struct sb_contact sb_agents_contact(const struct sb_agents *agents, const struct sb_name *org)
{
    struct sb_contact contact = {.dark = true};
    for (size_t i = 0; i < agents->count; i++) {
        const struct sb_agent_view *view = &agents->at[i];
        if (!view_serves(view, org)) {
            continue;
        }
        contact.enrolled = true;
        contact.dark = contact.dark && view->dark;
        if (view->dark_since > contact.dark_since) {
            contact.dark_since = view->dark_since; /* all are dark since the last one went */
        }
    }
    if (!contact.dark) {
        contact.dark_since = 0;
    }
    return contact;
}

/* When the first entry of a ring that reaches `index` was made; 0 where none does. */
static uint64_t ring_when(const struct sb_held_at ring[SB_RECEIPT_RING], uint64_t index)
{
    for (size_t i = 0; i < SB_RECEIPT_RING && ring[i].log_index != 0; i++) {
        if (ring[i].log_index >= index) {
            return ring[i].wall_ms;
        }
    }
    return 0;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

struct sb_holding sb_agent_holding(struct sb_txn *txn, const struct sb_name *agent,
                                   const struct sb_name *org, unsigned lane, uint64_t index)
{
    struct sb_held held;
    struct sb_holding holding = {.stored_at = 0};
    if (!sb_link_held(txn, agent, org, lane, &held) || held.log_index < index) {
        return holding;
    }
    holding.stored_at = ring_when(held.ring, index);
    holding.proven_at = ring_when(held.proofs, index);
    return holding;
}

struct sb_holding sb_agents_holding(struct sb_txn *txn, const struct sb_agents *agents,
                                    const struct sb_name *org, unsigned lane, uint64_t index)
{
    struct sb_holding best = {.stored_at = 0};
    for (size_t i = 0; i < agents->count; i++) {
        if (!view_serves(&agents->at[i], org)) {
            continue;
        }
        struct sb_holding one = sb_agent_holding(txn, &agents->at[i].agent, org, lane, index);
        best.stored_at = earlier(best.stored_at, one.stored_at);
        best.proven_at = earlier(best.proven_at, one.proven_at);
    }
    return best;
}

/* In META: "agents/ORG". */
static const char *number_key(const struct sb_name *org, char key[SB_NAME_SIZE_MAX + 8])
{
    (void)snprintf(key, SB_NAME_SIZE_MAX + 8, "agents/%s", org->text);
    return key;
}

uint64_t sb_agents_number(struct sb_txn *txn, const struct sb_name *org)
{
    char key[SB_NAME_SIZE_MAX + 8];
    return sb_txn_number(txn, SB_TABLE_META, number_key(org, key));
}

static uint64_t agents_of(struct sb_txn *txn, struct sb_bytes org)
{
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_AGENT, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    uint64_t number = 0;
    while (sb_broker_walk_next(&walk, txn, &key, &value)) {
        struct sb_record row;
        sb_broker_row_read(value, &row);
        number += sb_record_number(&row, SB_FIELD_REVOKED) == 0
                  && sb_list_has(sb_record_bytes(&row, SB_FIELD_ORGS), org);
    }
    return number;
}

void sb_agents_count(struct sb_txn *txn, struct sb_bytes orgs)
{
    struct sb_list_reader reader = sb_list_read(orgs);
    struct sb_bytes text;
    while (sb_list_next(&reader, &text)) {
        struct sb_name org;
        char key[SB_NAME_SIZE_MAX + 8];
        if (sb_name_read(text, &org)) {
            sb_txn_set_number(txn, SB_TABLE_META, number_key(&org, key), agents_of(txn, text));
        }
    }
}
