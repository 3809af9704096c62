/* holds.c: what must hold in the simulated county after every step, as code. In prose: PROTOCOL.md,
 * Invariants. Everything is read from the stores, as a stranger would; nothing is asked of the
 * cores. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL_EVERY 64 /* turns between two looks at everything, not only at what a step moved */

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
    uint64_t looked_end; /* the sender's log was this long then */
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

void world_streams_forget(struct world *world)
{
    world_streams_destroy(world->streams);
    world->streams = NULL;
}

static void sent_look(struct sb_txn *txn, unsigned lane, const struct sb_name *org,
                      struct stream *stream)
{
    uint64_t index = stream->next_index;
    const uint64_t end = sb_log_next_index(txn);
    if (end == stream->looked_end) {
        return;
    }
    stream->looked_end = end;
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
static void held_look(struct world *world, struct sb_txn *txn, uint64_t *from,
                      struct stream (*streams)[SB_LANE_COUNT])
{
    uint64_t end = sb_log_next_index(txn);
    for (; *from < end; (*from)++) {
        struct sb_log_row row;
        if (!sb_log_get(txn, *from, &row) || row.stream_agent.text[0] == '\0') {
            continue;
        }
        struct sb_hash id = sb_hash_one("event", row.sealed.header);
        struct ids *held = &streams[stream_of(world, &row.at.org)][row.at.lane].held;
        for (size_t i = 0; i < held->count; i++) {
            if (sb_hash_equal(&held->at[i], &id)) {
                (void)world_break(world, WORLD_ONCE, "%s: row %llu was stored before",
                                  row.at.org.text, (unsigned long long)*from);
            }
        }
        ids_add(held, &id);
    }
}

/* Gapless, in order, nothing twice, nothing made up: what is held is the beginning of what was
 * accepted. */
static bool prefix_holds(struct world *world, struct stream *stream, const char *org, unsigned lane,
                         bool whole)
{
    if (world->any_restored) {
        return true; /* streams began anew: chains (stores-sound) and promises tell */
    }
    if (stream->held.count > stream->sent.count) {
        return world_break(world, WORLD_GAPLESS, "%s %s: holds %zu of %zu accepted entries", org,
                           sb_lane_name(lane), stream->held.count, stream->sent.count);
    }
    for (; stream->matched < stream->held.count; stream->matched++) {
        if (!sb_hash_equal(&stream->sent.at[stream->matched], &stream->held.at[stream->matched])) {
            return world_break(world, WORLD_GAPLESS,
                               "%s %s: entry %zu is not the one accepted there", org,
                               sb_lane_name(lane), stream->matched + 1);
        }
    }
    if (whole && stream->held.count != stream->sent.count) {
        return world_break(world, WORLD_DRAINS,
                           "%s %s: %zu of %zu entries delivered after the faults ended", org,
                           sb_lane_name(lane), stream->held.count, stream->sent.count);
    }
    return true;
}

/* Stored is never claimed for what the other end does not hold durably. */
static bool receipt_holds(struct world *world, struct sb_txn *sender, struct sb_txn *receiver,
                          const struct sb_name *agent, const struct sb_name *org, unsigned lane)
{
    struct sb_held held;
    if (!sb_link_held(sender, agent, org, lane, &held) || held.log_index == 0) {
        return true;
    }
    struct sb_log_row row;
    if (!sb_log_get(sender, held.log_index, &row)) {
        return world_break(world, WORLD_RECEIPTS, "%s %s: receipt for a row that is not in the log",
                           org->text, sb_lane_name(lane));
    }
    struct sb_hash id = sb_hash_one("event", row.sealed.header);
    uint64_t index = 0;
    /* What is handed back to the centre it may have by now as its own. */
    if (!sb_log_find(receiver, &id, org, &index)
        && !sb_log_find(receiver, &id, &world->broker_config.org, &index)) {
        return world_break(world, WORLD_RECEIPTS, "%s %s: shown as stored, but not held there",
                           org->text, sb_lane_name(lane));
    }
    return true;
}

/* When all is quiet, the sender knows it: every entry is receipted. */
static bool all_receipted(struct world *world, struct sb_txn *sender, const struct sb_name *agent,
                          const struct sb_name *org, unsigned lane)
{
    struct sb_held held = {0};
    uint64_t index;
    (void)sb_link_held(sender, agent, org, lane, &held);
    return !sb_log_lane_next(sender, lane, held.log_index + 1, org, &index)
           || world_break(world, WORLD_DRAINS, "%s %s: row %llu is not receipted", org->text,
                          sb_lane_name(lane), (unsigned long long)index);
}

static bool org_holds(struct world *world, const struct sb_name *org, uint32_t lanes, bool whole,
                      struct sb_txn *broker, struct sb_txn *own)
{
    const struct sb_name *agent = &world->agent[world_find(world, org->text)].name;
    struct stream *down = world->streams->down[stream_of(world, org)];
    struct stream *up = world->streams->up[stream_of(world, org)];
    for (unsigned lane = 0; lane < SB_LANE_COUNT; lane++) {
        sent_look(broker, lane, org, &down[lane]);
        sent_look(own, lane, org, &up[lane]);
        if (!prefix_holds(world, &down[lane], org->text, lane, whole)
            || !prefix_holds(world, &up[lane], org->text, lane, whole)) {
            return false;
        }
        const bool settled = whole || !world->any_restored; /* else one may not know yet */
        if (settled && (lanes & (1u << lane)) != 0
            && (!receipt_holds(world, broker, own, agent, org, lane)
                || !receipt_holds(world, own, broker, agent, org, lane))) {
            return false;
        }
        if (whole
            && (!all_receipted(world, broker, agent, org, lane)
                || !all_receipted(world, own, agent, org, lane))) {
            return false;
        }
    }
    return true;
}

static bool sound(struct world *world, struct sb_txn *txn, const char *whose)
{
    struct sb_verify_result result;
    memset(&result, 0, sizeof result);
    sb_log_verify(txn, &world->root.public_key, &result);
    return result.faults == 0
           || world_break(world, WORLD_SOUND, "%s: %s", whose, result.first_fault.text);
}

/* How much of it is looked at. */
struct look {
    bool all;      /* every link, not only the one that the step was about */
    bool rows;     /* every row, not only those that the step wrote */
    bool thorough; /* signatures and chains too */
    bool whole;    /* nothing may be under way any more */
};

static bool node_holds(struct world *world, unsigned agent, const struct look *look,
                       struct sb_txn *broker, struct sb_txn *own)
{
    const struct world_node *node = &world->agent[agent];
    const uint32_t lanes = look->rows ? UINT32_MAX : world->writes.tx_lanes;
    const bool moved = look->all || lanes != 0 || world_wrote(&world->writes, SB_TABLE_LOG);
    bool holds = true;
    world_promises_look(world, (int)agent, own);
    if (moved) {
        held_look(world, own, &world->streams->agent_next[agent], world->streams->down);
    }
    for (unsigned i = 0; i < node->config.org_count && moved && holds; i++) {
        holds = org_holds(world, &node->config.org[i], lanes, look->whole, broker, own);
    }
    return holds && (!look->thorough || sound(world, own, node->name.text))
           && (!look->thorough || !look->whole || world_agent_replays(world, agent, own))
           && world_alerts_hold(world, agent, own, look->rows, look->whole)
           && (!look->whole
               || ((node->restored || world_boards_agree(world, agent, own, broker))
                   && world_rogues_refused(world, own, node->name.text)));
}

static bool look_at(struct world *world, const struct look *look)
{
    struct sb_why ignored = {0};
    struct sb_txn *broker = sb_store_begin(world->broker_store, &ignored);
    if (world->streams == NULL) {
        world->streams = sb_alloc(1, sizeof *world->streams);
        world->streams->broker_next = 1;
        for (unsigned i = 0; i < WORLD_AGENTS_MAX; i++) {
            world->streams->agent_next[i] = 1;
        }
    }
    world_promises_look(world, WORLD_BROKER_END, broker);
    held_look(world, broker, &world->streams->broker_next, world->streams->up);
    bool holds = (!look->thorough || sound(world, broker, "broker"))
                 && (!look->thorough || !look->whole || world_broker_replays(world, broker))
                 && (!look->whole
                     || (world_rogues_refused(world, broker, "broker")
                         && world_recalls_reach(world, broker)));
    for (unsigned i = 0; i < world->agent_count && holds; i++) {
        if (!look->all && (int)i != world->moved) {
            continue; /* a step changes the streams of one link only */
        }
        struct sb_txn *own = sb_store_begin(world->agent[i].store, &ignored);
        holds = node_holds(world, i, look, broker, own);
        sb_store_abort(world->agent[i].store, own);
    }
    sb_store_abort(world->broker_store, broker);
    holds = holds && (!look->whole || world_promises_kept(world));
    for (int end = WORLD_BROKER_END; end < (int)world->agent_count && look->thorough && holds;
         end++) {
        holds = !look->whole || world_screen_holds(world, end);
    }
    return holds && world->broken.text[0] == '\0';
}

bool world_holds(struct world *world, bool thorough)
{
    const bool rows = thorough || world->turns % ALL_EVERY == 0;
    const bool all = rows || world->moved < 0;
    const struct look look = {.all = all, .rows = rows, .thorough = thorough};
    if (world->broken.text[0] != '\0') {
        return false;
    }
    return (!all && world->writes.tables == 0) || look_at(world, &look);
}

bool world_drained(struct world *world, bool thorough)
{
    const struct look look = {.all = true, .rows = true, .thorough = thorough, .whole = true};
    return world->broken.text[0] == '\0' && look_at(world, &look);
}

bool world_is_drained(struct world *world)
{
    const unsigned asked = world->asked;
    if (world->broken.text[0] != '\0') {
        return true; /* there is nothing to wait for */
    }
    world->asked = 0; /* when it is quiet all of them say, whichever is asked then */
    const bool is_drained = world_drained(world, false);
    world->asked = asked;
    world->broken = (struct sb_why){0};
    return is_drained;
}
