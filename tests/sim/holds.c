/* holds.c: what must hold in the simulated county after every step, as code. In prose: PROTOCOL.md,
 * Invariants. Everything is read from the stores, as a stranger would; nothing is asked of the
 * cores. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL_EVERY \
    64 /* turns between two looks at everything, not only at what the step was about */

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

#define STREAMS_MAX (WORLD_AGENTS_MAX * WORLD_ORGS_MAX)

/* One stream as both ends' logs show it. Logs only grow, so that a step costs what it added. */
struct stream {
    struct ids sent, held;
    uint64_t next_index; /* in the sender's log */
    size_t matched;      /* held entries that were compared */
};

struct world_streams {
    struct stream down[STREAMS_MAX][SB_LANE_COUNT]; /* by agent and its organisation */
    struct stream up[STREAMS_MAX][SB_LANE_COUNT];
    uint64_t broker_next, agent_next[WORLD_AGENTS_MAX]; /* first row of each log not looked at */
};

void world_streams_destroy(struct world_streams *streams)
{
    if (streams == NULL) {
        return;
    }
    struct stream *all[] = {&streams->down[0][0], &streams->up[0][0]};
    for (size_t i = 0; i < 2 * STREAMS_MAX * SB_LANE_COUNT; i++) {
        struct stream *stream = &all[i % 2][i / 2];
        free(stream->sent.at);
        free(stream->held.at);
    }
    free(streams);
}

static void sent_look(struct sb_txn *txn, unsigned lane, const struct sb_name *org,
                      struct stream *stream)
{
    uint64_t index = stream->next_index;
    while (sb_log_lane_next(txn, lane, index, org, &index)) {
        struct sb_log_row row;
        if (sb_log_get(txn, index, &row)) {
            struct sb_hash id = sb_hash_one("event", row.sealed.header);
            ids_add(&stream->sent, &id);
        }
        stream->next_index = ++index;
    }
}

static unsigned stream_of(const struct world *world, const struct sb_name *org)
{
    int agent = world_find(world, org->text);
    SB_ASSERT(agent >= 0);
    bool first = sb_name_equal(&world->agent[agent].config.org[0], org);
    return (unsigned)agent * WORLD_ORGS_MAX + (first ? 0 : 1);
}

/* New rows that came in, each into its stream, whatever the incarnation: first receptions only. */
static void held_look(const struct world *world, struct sb_txn *txn, uint64_t *from,
                      struct stream (*streams)[SB_LANE_COUNT])
{
    uint64_t end = sb_log_next_index(txn);
    for (; *from < end; (*from)++) {
        struct sb_log_row row;
        if (!sb_log_get(txn, *from, &row) || row.stream_agent.text[0] == '\0') {
            continue;
        }
        struct sb_hash id = sb_hash_one("event", row.sealed.header);
        ids_add(&streams[stream_of(world, &row.at.org)][row.at.lane].held, &id);
    }
}

/* Gapless, in order, nothing twice, nothing made up: what is held is the beginning of what was
 * accepted. */
static bool prefix_holds(struct stream *stream, const char *org, unsigned lane, bool whole,
                         struct sb_why *why)
{
    if (stream->held.count > stream->sent.count) {
        (void)sb_why_set(why, SB_ERR_CHAIN, "%s %s: holds %zu of %zu accepted entries", org,
                         sb_lane_name(lane), stream->held.count, stream->sent.count);
        return false;
    }
    for (; stream->matched < stream->held.count; stream->matched++) {
        if (!sb_hash_equal(&stream->sent.at[stream->matched], &stream->held.at[stream->matched])) {
            (void)sb_why_set(why, SB_ERR_CHAIN, "%s %s: entry %zu is not the one accepted there",
                             org, sb_lane_name(lane), stream->matched + 1);
            return false;
        }
    }
    if (whole && stream->held.count != stream->sent.count) {
        (void)sb_why_set(why, SB_ERR_CHAIN,
                         "%s %s: %zu of %zu entries delivered after the faults ended", org,
                         sb_lane_name(lane), stream->held.count, stream->sent.count);
        return false;
    }
    return true;
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

static bool org_holds(struct world *world, const struct sb_name *org, bool whole,
                      struct sb_txn *broker, struct sb_txn *own, struct sb_why *why)
{
    const struct sb_name *agent = &world->agent[world_find(world, org->text)].name;
    struct stream *down = world->streams->down[stream_of(world, org)];
    struct stream *up = world->streams->up[stream_of(world, org)];
    for (unsigned lane = 0; lane < SB_LANE_COUNT; lane++) {
        sent_look(broker, lane, org, &down[lane]);
        sent_look(own, lane, org, &up[lane]);
        if (!prefix_holds(&down[lane], org->text, lane, whole, why)
            || !prefix_holds(&up[lane], org->text, lane, whole, why)
            || !receipt_holds(broker, own, agent, org, lane, why)
            || !receipt_holds(own, broker, agent, org, lane, why)) {
            return false;
        }
    }
    return true;
}

static bool node_holds(struct world *world, unsigned agent, bool whole, struct sb_txn *broker,
                       struct sb_txn *own, struct sb_why *why)
{
    const struct world_node *node = &world->agent[agent];
    held_look(world, own, &world->streams->agent_next[agent], world->streams->down);
    for (unsigned i = 0; i < node->config.org_count; i++) {
        if (!org_holds(world, &node->config.org[i], whole, broker, own, why)) {
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
    if (world->broken.text[0] != '\0') {
        *why = world->broken;
        return false;
    }
    struct sb_txn *broker = sb_store_begin(world->broker_store, &ignored);
    if (world->streams == NULL) {
        world->streams = sb_alloc(1, sizeof *world->streams);
    }
    held_look(world, broker, &world->streams->broker_next, world->streams->up);
    bool holds = !thorough || sound(broker, &world->root.public_key, "broker", why);
    const bool all = whole || thorough || world->moved < 0 || world->turns % ALL_EVERY == 0;
    for (unsigned i = 0; i < world->agent_count && holds; i++) {
        if (!all && (int)i != world->moved) {
            continue; /* a step changes the streams of one link only */
        }
        struct sb_txn *own = sb_store_begin(world->agent[i].store, &ignored);
        holds =
            node_holds(world, i, whole, broker, own, why)
            && (!thorough || sound(own, &world->root.public_key, world->agent[i].name.text, why));
        const struct world_node *node = &world->agent[i];
        const bool look = thorough || world->turns % ALL_EVERY == 0;
        holds = holds && (!look || world_alerts_hold(world, i, own, whole, why))
                && (!whole || world_boards_agree(node, own, broker, why));
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
