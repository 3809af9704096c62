/* world.c: time in the simulated county: whose turn is next, and what "now" is. The network is
 * net.c's, a turn turns.c's; what must hold is in holds.c and its neighbours. */
#include "turns.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAME_TIME_MAX 20000u /* turns without a millisecond between them: nobody else gets one */

uint64_t sim_random(uint64_t *state, uint64_t below)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    *state = x;
    return below == 0 ? x : (x >> 11) % below;
}

uint64_t world_random(struct world *world, uint64_t below)
{
    return sim_random(&world->random, below);
}

struct sb_now world_now(const struct world *world)
{
    return (struct sb_now){.mono_ms = world->now_ms + 1000,
                           .wall_ms = WORLD_START_MS + world->now_ms};
}

struct sb_now world_now_at(const struct world *world, int end)
{
    const struct world_state *state = end < 0 ? &world->broker_state : &world->agent[end].state;
    struct sb_now now = world_now(world);
    now.wall_ms += (uint64_t)state->clock_ms;
    return now;
}

struct sb_entropy world_entropy(struct world *world)
{
    struct sb_entropy entropy = {0};
    for (size_t i = 0; i < sizeof entropy.seed; i += 8) {
        sb_be64_write(&entropy.seed[i], sim_random(&world->secrets, 0));
    }
    return entropy;
}

const char *world_invariant_name(enum world_invariant rule)
{
    static const char *const names[] = {
#define X(name, text, file) (text),
        WORLD_INVARIANTS(X)
#undef X
    };
    return names[rule];
}

unsigned world_invariant_find(const char *name)
{
    unsigned rule = 0;
    while (rule < WORLD_INVARIANT_COUNT
           && strcmp(world_invariant_name((enum world_invariant)rule), name) != 0) {
        rule++;
    }
    return rule < WORLD_INVARIANT_COUNT ? rule + 1 : 0;
}

bool world_break(struct world *world, enum world_invariant rule, const char *format, ...)
{
    if (world->asked != 0 && world->asked != (unsigned)rule + 1) {
        return true;
    }
    if (world->broken.text[0] != '\0') {
        return false;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(world->broken.text, sizeof world->broken.text, format, args);
    va_end(args);
    world->broken_rule = rule;
    return false;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* `mono`: when the core wants a turn. */
static uint64_t due_of(const struct world *world, const struct world_state *state, uint64_t mono)
{
    if (mono == SB_NEVER_MS) {
        return SB_NEVER_MS;
    }
    uint64_t due = mono < 1000 + world->now_ms ? world->now_ms : mono - 1000;
    return later(later(due, state->stopped_until_ms), state->down_until_ms);
}

static uint64_t agent_due_ms(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    if (node->off) {
        return SB_NEVER_MS;
    }
    if (!node->started || node->rebuilt) {
        return due_of(world, &node->state, 0);
    }
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(node->store, &why);
    uint64_t mono = sb_agent_deadline_ms(node->core, txn);
    sb_store_abort(node->store, txn);
    return due_of(world, &node->state, mono);
}

/* The packet that comes first; SIZE_MAX: none. */
static size_t packet_first(const struct world *world, uint64_t *ret_due)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < world->packet_count; i++) {
        const struct world_packet *at = &world->packets[i];
        uint64_t due = world_packet_due_ms(world, at);
        if (due < *ret_due
            || (due == *ret_due && first != SIZE_MAX && at->order < world->packets[first].order)) {
            *ret_due = due;
            first = i;
        }
    }
    return first;
}

bool world_step(struct world *world, uint64_t until_ms)
{
    uint64_t due = SB_NEVER_MS;
    int actor = -1; /* 0 the broker, else agent + 1 */
    const size_t packet = packet_first(world, &due);
    uint64_t broker_due = due_of(world, &world->broker_state, sb_broker_deadline_ms(world->broker));
    if (broker_due < due) {
        due = broker_due;
        actor = 0;
    }
    for (unsigned i = 0; i < world->agent_count; i++) {
        uint64_t agent_due = agent_due_ms(world, i);
        if (agent_due < due) {
            due = agent_due;
            actor = (int)i + 1;
        }
    }
    if (due > until_ms) {
        world->now_ms = until_ms;
        world->moved = -1; /* what comes now is no step: an order, a fault */
        return false;
    }
    world->same = due > world->now_ms ? 0 : world->same + 1;
    if (world->same > SAME_TIME_MAX) {
        return world_break(world, WORLD_PROGRESS, "%u turns at one instant, the last of %s",
                           SAME_TIME_MAX,
                           actor <= 0 ? "the broker" : world->agent[actor - 1].name.text);
    }
    world->now_ms = later(due, world->now_ms);
    world->moved = actor < 0 ? (int)world->packets[packet].agent : actor - 1;
    if (actor < 0) {
        world_packet_deliver(world, packet);
    } else if (actor == 0) {
        struct sb_broker_input tick = {.kind = SB_BROKER_TICK};
        world_broker_turn(world, &tick);
    } else {
        struct sb_agent_input tick = {.kind = SB_AGENT_TICK};
        world_agent_turn(world, (unsigned)actor - 1, &tick);
    }
    return true;
}

void world_run(struct world *world, uint64_t until_ms)
{
    while (world->broken.text[0] == '\0' && world_step(world, until_ms)) {
    }
}

int world_find(const struct world *world, const char *org)
{
    for (unsigned i = 0; i < world->agent_count; i++) {
        for (unsigned j = 0; j < world->agent[i].config.org_count; j++) {
            if (strcmp(world->agent[i].config.org[j].text, org) == 0) {
                return (int)i;
            }
        }
    }
    return -1;
}
