/* net.c: the virtual network: packets with a time, and what becomes of them. Whom a frame is for
 * was decided by who sent it; what it says is never looked at. */
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK_AGAIN_MS 700 /* after a local request without a reply */

uint64_t world_token_of(const struct world *world, unsigned agent)
{
    return (world->agent[agent].connection << 8) | (agent + 1);
}

bool world_agent_online(const struct world *world, unsigned agent)
{
    const struct world_node *node = &world->agent[agent];
    return !node->off && node->offline_until_ms <= world->now_ms
           && node->state.down_until_ms <= world->now_ms;
}

void world_packet_add(struct world *world, struct world_packet packet, struct sb_bytes bytes,
                      uint64_t delay_ms)
{
    if (world->packet_count == world->packet_room) {
        world->packet_room = world->packet_room == 0 ? 64 : 2 * world->packet_room;
        world->packets = realloc(world->packets, world->packet_room * sizeof *world->packets);
        SB_ASSERT(world->packets != NULL);
    }
    uint8_t *copy = sb_alloc(1, bytes.size + 1);
    memcpy(copy, bytes.at, bytes.size);
    packet.due_ms = world->now_ms + delay_ms;
    packet.order = world->order++;
    packet.bytes = sb_bytes(copy, bytes.size);
    /* TCP keeps order: a later packet of the same connection and direction never overtakes. The
     * protocol does not rely on it. */
    const bool keeps = packet.channel || world_random(world, 1000) >= world->overtakes;
    uint64_t due_ms = packet.due_ms;
    for (size_t i = 0; i < world->packet_count; i++) {
        const struct world_packet *other = &world->packets[i];
        if (other->to == packet.to && other->agent == packet.agent
            && other->channel == packet.channel && other->due_ms > due_ms) {
            due_ms = other->due_ms;
        }
    }
    if (keeps) {
        packet.due_ms = due_ms;
    } else if (packet.due_ms < due_ms) {
        world->tally[WORLD_TALLY_OVERTOOK]++;
    }
    world->packets[world->packet_count++] = packet;
}

static uint64_t link_delay(struct world *world)
{
    uint64_t delay =
        world->delay_min_ms
        + world_random(world, (uint64_t)(world->delay_max_ms - world->delay_min_ms) + 1);
    if (world->late > 0 && world_random(world, 1000) < world->late) {
        delay += world_random(world, (uint64_t)world->late_max_ms + 1);
        world->tally[WORLD_TALLY_LATE]++;
    }
    return delay;
}

void world_frame_add(struct world *world, unsigned agent, bool up, struct sb_bytes bytes)
{
    const struct world_packet packet = {
        .to = up ? 0 : agent + 1, .agent = agent, .connection = world->agent[agent].connection};
    world_trace_add(world, up ? "up" : "down", bytes);
    if (world_random(world, 1000) < world->loss) {
        world->tally[WORLD_TALLY_LOST]++;
        return;
    }
    world_packet_add(world, packet, bytes, link_delay(world));
    if (world_random(world, 1000) < world->twice) {
        world_packet_add(world, packet, bytes, link_delay(world));
        world->tally[WORLD_TALLY_TWICE]++;
    }
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

uint64_t world_packet_due_ms(const struct world *world, const struct world_packet *packet)
{
    const struct world_state *state =
        packet->to == 0 ? &world->broker_state : &world->agent[packet->agent].state;
    uint64_t due = later(packet->due_ms, state->stopped_until_ms);
    if (!packet->channel) {
        due = later(due, state->stalled_until_ms);
    }
    /* Who is not running hears nothing; what is local waits for it. */
    return packet->channel || packet->to == 0 ? later(due, state->down_until_ms) : due;
}

void world_packet_deliver(struct world *world, size_t position)
{
    struct world_packet packet = world->packets[position];
    world->packets[position] = world->packets[--world->packet_count];
    const struct world_node *node = &world->agent[packet.agent];
    const bool connected = packet.arrives || packet.connection == node->connection;
    const bool lost =
        packet.channel ? node->off : !connected || !world_agent_online(world, packet.agent);
    if (!lost && packet.to == 0) {
        struct sb_broker_input input = {.kind = SB_BROKER_FRAME,
                                        .from = packet.connection << 8 | (packet.agent + 1),
                                        .bytes = packet.bytes};
        char user[64];
        (void)snprintf(user, sizeof user, "a:%s", node->name.text);
        input.user = sb_name(user);
        world_broker_turn(world, &input);
    } else if (!lost) {
        struct sb_agent_input input = {.kind = packet.channel ? SB_AGENT_REQUEST : SB_AGENT_FRAME,
                                       .from = packet.channel ? node->channel : 0,
                                       .user = sb_name("local"),
                                       .bytes = packet.bytes};
        world->replied = false;
        world_agent_turn(world, packet.agent, &input);
        if (packet.channel && !world->replied) { /* asked again, under the same id */
            world_packet_add(world, packet, packet.bytes, ASK_AGAIN_MS);
        }
    }
    free((void *)(uintptr_t)packet.bytes.at);
}

void world_cut(struct world *world, unsigned agent)
{
    world->agent[agent].offline_until_ms = SB_NEVER_MS;
    world->tally[WORLD_TALLY_CUT]++;
    world->agent[agent].connection++;
}

void world_join(struct world *world, unsigned agent)
{
    world->agent[agent].offline_until_ms = 0;
    world->agent[agent].connection++;
}

/* The oldest `count` that are under way on the agent's connection, in one direction. */
static void let_through(struct world *world, unsigned agent, unsigned to, uint64_t count)
{
    for (; count > 0; count--) {
        struct world_packet *first = NULL;
        for (size_t i = 0; i < world->packet_count; i++) {
            struct world_packet *at = &world->packets[i];
            const bool fits = !at->channel && !at->arrives && at->agent == agent && at->to == to
                              && at->connection == world->agent[agent].connection;
            if (fits
                && (first == NULL || at->due_ms < first->due_ms
                    || (at->due_ms == first->due_ms && at->order < first->order))) {
                first = at;
            }
        }
        if (first == NULL) {
            return;
        }
        first->arrives = true;
    }
}

void world_drop(struct world *world, unsigned agent, uint64_t delivered)
{
    let_through(world, agent, 0, delivered);
    let_through(world, agent, agent + 1, delivered);
    world->tally[WORLD_TALLY_DROPPED]++;
    world->agent[agent].connection++;
}
