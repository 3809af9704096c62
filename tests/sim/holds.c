/* holds.c: what must hold in the simulated county after every step, as code. In prose: PROTOCOL.md,
 * Invariants. Everything is read from the stores, as a stranger would; nothing is asked of the
 * cores. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The ids of one end's rows of one lane that an organisation's stream carries, in order. */
struct ids {
    struct sb_hash *at;
    size_t count, room;
};

static void ids_add(struct ids *ids, const struct sb_hash *id)
{
    if (ids->count == ids->room) {
        ids->room = ids->room == 0 ? 64 : 2 * ids->room;
        ids->at = realloc(ids->at, ids->room * sizeof *ids->at);
        SB_ASSERT(ids->at != NULL);
    }
    ids->at[ids->count++] = *id;
}

static void sent_ids(struct sb_txn *txn, unsigned lane, const struct sb_name *org, struct ids *ids)
{
    uint64_t index = 0;
    while (sb_log_lane_next(txn, lane, index, org, &index)) {
        struct sb_log_row row;
        if (sb_log_get(txn, index, &row)) {
            struct sb_hash id = sb_hash_one("event", row.sealed.header);
            ids_add(ids, &id);
        }
        index++;
    }
}

/* What an end received in one lane for one organisation, whatever the incarnation: first receptions
 * only. */
static void held_ids(struct sb_txn *txn, unsigned lane, const struct sb_name *org, struct ids *ids)
{
    uint64_t end = sb_log_next_index(txn);
    for (uint64_t index = 1; index < end; index++) {
        struct sb_log_row row;
        if (sb_log_get(txn, index, &row) && row.stream_agent.text[0] != '\0' && row.at.lane == lane
            && sb_name_equal(&row.at.org, org)) {
            struct sb_hash id = sb_hash_one("event", row.sealed.header);
            ids_add(ids, &id);
        }
    }
}

/* Gapless, in order, nothing twice, nothing made up: what is held is the beginning of what was
 * accepted. */
static bool prefix_holds(const struct ids *sent, const struct ids *held, const char *org,
                         unsigned lane, bool whole, struct sb_why *why)
{
    if (held->count > sent->count) {
        (void)sb_why_set(why, SB_ERR_CHAIN, "%s %s: holds %zu of %zu accepted entries", org,
                         sb_lane_name(lane), held->count, sent->count);
        return false;
    }
    for (size_t i = 0; i < held->count; i++) {
        if (!sb_hash_equal(&sent->at[i], &held->at[i])) {
            (void)sb_why_set(why, SB_ERR_CHAIN, "%s %s: entry %zu is not the one accepted there",
                             org, sb_lane_name(lane), i + 1);
            return false;
        }
    }
    if (whole && held->count != sent->count) {
        (void)sb_why_set(why, SB_ERR_CHAIN,
                         "%s %s: %zu of %zu entries delivered after the faults ended", org,
                         sb_lane_name(lane), held->count, sent->count);
        return false;
    }
    return true;
}

static bool stream_holds(struct sb_txn *sender, struct sb_txn *receiver, const struct sb_name *org,
                         unsigned lane, bool whole, struct sb_why *why)
{
    struct ids sent = {0};
    struct ids held = {0};
    sent_ids(sender, lane, org, &sent);
    held_ids(receiver, lane, org, &held);
    bool holds = prefix_holds(&sent, &held, org->text, lane, whole, why);
    free(sent.at);
    free(held.at);
    return holds;
}

/* Stored is never claimed for what the other end does not hold durably. */
static bool receipt_holds(struct sb_txn *sender, struct sb_txn *receiver,
                          const struct sb_name *agent, const struct sb_name *org, unsigned lane,
                          struct sb_why *why)
{
    struct sb_held held;
    if (!sb_link_held(sender, agent, org, lane, &held) || held.log_index == 0) {
        return true;
    }
    struct sb_log_row row;
    if (!sb_log_get(sender, held.log_index, &row)) {
        (void)sb_why_set(why, SB_ERR_CHAIN, "%s %s: receipt for a row that is not in the log",
                         org->text, sb_lane_name(lane));
        return false;
    }
    struct sb_hash id = sb_hash_one("event", row.sealed.header);
    uint64_t index = 0;
    if (!sb_log_find(receiver, &id, org, &index)) {
        (void)sb_why_set(why, SB_ERR_CHAIN, "%s %s: shown as stored, but not held there", org->text,
                         sb_lane_name(lane));
        return false;
    }
    return true;
}

static bool node_holds(struct world *world, unsigned agent, bool whole, struct sb_txn *broker,
                       struct sb_txn *own, struct sb_why *why)
{
    const struct world_node *node = &world->agent[agent];
    const struct sb_name *org = &node->config.org[0];
    for (unsigned lane = 0; lane < SB_LANE_COUNT; lane++) {
        if (!stream_holds(broker, own, org, lane, whole, why)
            || !stream_holds(own, broker, org, lane, whole, why)
            || !receipt_holds(broker, own, &node->name, org, lane, why)
            || !receipt_holds(own, broker, &node->name, org, lane, why)) {
            return false;
        }
    }
    return true;
}

static bool sound(struct sb_txn *txn, const struct sb_public_key *root, const char *whose,
                  struct sb_why *why)
{
    struct sb_verify_result result;
    memset(&result, 0, sizeof result);
    sb_log_verify(txn, root, &result);
    if (result.faults != 0) {
        (void)sb_why_set(why, SB_ERR_CORRUPT, "%s: %s", whose, result.first_fault.text);
    }
    return result.faults == 0;
}

static bool all_hold(struct world *world, bool whole, bool thorough, struct sb_why *why)
{
    struct sb_why ignored = {0};
    struct sb_txn *broker = sb_store_begin(world->broker_store, &ignored);
    bool holds = !thorough || sound(broker, &world->root.public_key, "broker", why);
    for (unsigned i = 0; i < world->agent_count && holds; i++) {
        struct sb_txn *own = sb_store_begin(world->agent[i].store, &ignored);
        holds =
            node_holds(world, i, whole, broker, own, why)
            && (!thorough || sound(own, &world->root.public_key, world->agent[i].name.text, why));
        sb_store_abort(world->agent[i].store, own);
    }
    sb_store_abort(world->broker_store, broker);
    return holds;
}

bool world_holds(struct world *world, bool thorough, struct sb_why *why)
{
    return all_hold(world, false, thorough, why);
}

bool world_drained(struct world *world, struct sb_why *why)
{
    return all_hold(world, true, true, why);
}
