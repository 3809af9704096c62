/* world.c: time, network, turns and crashes of the simulated county. What must hold in it is in
 * holds.c. */
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK_AGAIN_MS 700 /* after a local request without a reply */

uint64_t world_random(struct world *world, uint64_t below)
{
    uint64_t x = world->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    world->random = x;
    return below == 0 ? x : (x >> 11) % below;
}

struct sb_now world_now(const struct world *world)
{
    return (struct sb_now){.mono_ms = world->now_ms + 1000,
                           .wall_ms = WORLD_START_MS + world->now_ms};
}

struct sb_entropy world_entropy(struct world *world)
{
    struct sb_entropy entropy = {0};
    for (size_t i = 0; i < sizeof entropy.seed; i += 8) {
        sb_be64_write(&entropy.seed[i], world_random(world, 0));
    }
    return entropy;
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
    for (size_t i = 0; i < world->packet_count && keeps; i++) {
        const struct world_packet *other = &world->packets[i];
        if (other->to == packet.to && other->agent == packet.agent
            && other->channel == packet.channel && other->due_ms > packet.due_ms) {
            packet.due_ms = other->due_ms;
        }
    }
    world->packets[world->packet_count++] = packet;
}

static uint64_t link_delay(struct world *world)
{
    return world->delay_min_ms
           + world_random(world, (uint64_t)(world->delay_max_ms - world->delay_min_ms) + 1);
}

static void frame_add(struct world *world, struct world_packet packet, struct sb_bytes bytes)
{
    if (world_random(world, 1000) < world->loss) {
        return;
    }
    world_packet_add(world, packet, bytes, link_delay(world));
    if (world_random(world, 1000) < world->twice) {
        world_packet_add(world, packet, bytes, link_delay(world));
    }
}

static void trace(struct world *world, const char *actor, struct sb_bytes line)
{
    char text[512];
    (void)snprintf(text, sizeof text, "%.*s", (int)line.size, (const char *)line.at);
    uint8_t when[8];
    sb_be64_write(when, world->now_ms);
    struct sb_bytes parts[] = {sb_hash_bytes(&world->trace_hash), sb_bytes(when, sizeof when),
                               sb_bytes_str(actor), line};
    world->trace_hash = sb_hash_parts("trace", parts, 4);
    if (world->on_trace != NULL) {
        world->on_trace(world->context, actor, text);
    }
}

/* Routing tokens: the agent's position and its connection's number, so that a dead connection's
 * token is known. */
static uint64_t token_of(const struct world *world, unsigned agent)
{
    return (world->agent[agent].connection << 8) | (agent + 1);
}

static bool agent_online(const struct world *world, unsigned agent)
{
    const struct world_node *node = &world->agent[agent];
    return !node->off && node->offline_until_ms <= world->now_ms;
}

static void broker_effect(struct world *world, const struct sb_effect *effect)
{
    if (effect->kind == SB_EFFECT_TRACE) {
        trace(world, "broker", effect->bytes);
    } else if (effect->kind == SB_EFFECT_REPLY && effect->to == OPERATOR_TOKEN) {
        sb_buf_clear(&world->reply);
        sb_buf_add(&world->reply, effect->bytes);
    } else if (effect->kind == SB_EFFECT_SEND) {
        unsigned agent = (unsigned)(effect->to & 0xff) - 1;
        SB_ASSERT(agent < world->agent_count);
        if (effect->to == token_of(world, agent) && agent_online(world, agent)
            && !world->agent[agent].deaf) {
            frame_add(world,
                      (struct world_packet){.to = agent + 1,
                                            .agent = agent,
                                            .connection = world->agent[agent].connection},
                      effect->bytes);
        }
    }
}

void world_restart_broker(struct world *world)
{
    sb_broker_destroy(world->broker);
    world->broker = sb_broker_new(&world->broker_config);
    world->broker_crash = WORLD_CRASH_NONE;
    world->crashes++;
    for (unsigned i = 0; i < world->agent_count; i++) {
        world->agent[i]
            .connection++; /* every connection broke; ZeroMQ connects anew, unseen by the agent */
    }
    trace(world, "broker", sb_bytes_str("restart"));
}

void world_restart_agent(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    sb_agent_destroy(node->core);
    node->core = sb_agent_new(&node->config);
    node->started = false;
    node->crash = WORLD_CRASH_NONE;
    node->connection++;
    world->crashes++;
    char line[64];
    (void)snprintf(line, sizeof line, "restart");
    trace(world, node->name.text, sb_bytes_str(line));
}

/* True where the story's one crash is to come before this effect. */
static bool effect_crashes(struct world *world)
{
    return ++world->effects == world->crash_effect;
}

void world_broker_turn(struct world *world, const struct sb_broker_input *input)
{
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(world->broker_store, &why);
    SB_ASSERT(txn != NULL);
    struct sb_effects effects;
    sb_effects_init(&effects);
    struct sb_entropy entropy = world_entropy(world);
    sb_broker_step(world->broker, txn, input, world_now(world), &entropy, &effects);
    sb_broker_flush(world->broker, txn, world_now(world), &entropy, &effects);
    enum world_crash crash =
        ++world->turns == world->crash_turn ? WORLD_CRASH_BEFORE_COMMIT : world->broker_crash;
    if (crash == WORLD_CRASH_BEFORE_COMMIT) {
        sb_store_abort(world->broker_store, txn);
        sb_effects_finish(&effects);
        world_restart_broker(world);
        return;
    }
    enum sb_err err = sb_store_commit(world->broker_store, txn, &why);
    SB_ASSERT(err == SB_ERR_OK);
    for (size_t i = 0; i < effects.count; i++) {
        if (crash == WORLD_CRASH_AFTER_COMMIT && i >= world->broker_crash_effects) {
            break;
        }
        if (effect_crashes(world)) {
            crash = WORLD_CRASH_AFTER_COMMIT;
            break;
        }
        broker_effect(world, &effects.at[i]);
    }
    sb_effects_finish(&effects);
    if (crash == WORLD_CRASH_AFTER_COMMIT) {
        world_restart_broker(world);
    }
}

/* At least once to a channel, under one key, and marked where it is a repeat: a key that got out
 * before must not get out again as new. */
static void attempt_note(struct world *world, struct world_node *node, const struct sb_record *args)
{
    struct sb_hash key = sb_hash_one("attempt", sb_record_bytes(args, SB_FIELD_ATTEMPT));
    for (size_t i = 0; i < node->keys.size; i += SB_HASH_SIZE) {
        if (memcmp(node->keys.at + i, key.at, SB_HASH_SIZE) == 0) {
            if (sb_record_number(args, SB_FIELD_REPEAT) == 0 && world->broken.text[0] == '\0') {
                struct sb_bytes text = sb_record_bytes(args, SB_FIELD_ATTEMPT);
                (void)sb_why_set(&world->broken, SB_ERR_ALREADY,
                                 "%s: attempt %.*s got out twice and is not marked as a repeat",
                                 node->name.text, (int)text.size, (const char *)text.at);
            }
            return;
        }
    }
    sb_buf_add(&node->keys, sb_hash_bytes(&key));
}

static void agent_attempt(struct world *world, unsigned agent, struct sb_bytes bytes)
{
    struct sb_request request;
    struct sb_why why = {0};
    enum sb_err err = sb_request_read(bytes, &request, &why);
    SB_ASSERT(err == SB_ERR_OK);
    struct sb_record *args = sb_alloc(1, sizeof *args);
    err = sb_record_read(request.args, SB_PARTS_ALL, args, &why);
    SB_ASSERT(err == SB_ERR_OK);
    struct world_node *node = &world->agent[agent];
    node->attempts++;
    node->repeats += sb_record_number(args, SB_FIELD_REPEAT);
    attempt_note(world, node, args);
    world_attempt_look(world, agent, args);
    unsigned kind = (unsigned)sb_record_number(args, SB_FIELD_KIND);
    node->tells += kind == SB_KIND_RECALL || kind == SB_KIND_CORRECTION || kind == SB_KIND_END;
    if (world->on_attempt != NULL) {
        world->on_attempt(world->context, world, agent, args);
    }
    free(args);
}

/* Names and contacts go to the channel and to the local command line, and nowhere else. */
static void secret_look(struct world *world, unsigned agent, const struct sb_effect *effect)
{
    const size_t size = strlen(WORLD_SECRET);
    if (effect->kind == SB_EFFECT_REPLY || effect->kind == SB_EFFECT_ATTEMPT) {
        return;
    }
    for (size_t i = 0; i + size <= effect->bytes.size; i++) {
        if (memcmp(effect->bytes.at + i, WORLD_SECRET, size) == 0) {
            (void)sb_why_set(&world->broken, SB_ERR_NOT_ALLOWED,
                             "%s: a name or a contact left in an effect of kind %d",
                             world->agent[agent].name.text, (int)effect->kind);
            return;
        }
    }
}

static void agent_effect(struct world *world, unsigned agent, const struct sb_effect *effect)
{
    struct world_node *node = &world->agent[agent];
    struct sb_name org = node->config.org[0];
    secret_look(world, agent, effect);
    switch (effect->kind) {
    case SB_EFFECT_SEND:
        if (agent_online(world, agent) && !node->mute) {
            frame_add(
                world,
                (struct world_packet){.to = 0, .agent = agent, .connection = node->connection},
                effect->bytes);
        }
        break;
    case SB_EFFECT_ATTEMPT: agent_attempt(world, agent, effect->bytes); break;
    case SB_EFFECT_REBUILD:
        node->rebuilt = true;
        node->connection++;
        break;
    case SB_EFFECT_TRACE: trace(world, org.text, effect->bytes); break;
    case SB_EFFECT_REPLY: world->replied = true; break;
    case SB_EFFECT_DROP:
    case SB_EFFECT_LOG: break;
    }
}

static void agent_turn(struct world *world, unsigned agent, const struct sb_agent_input *input)
{
    struct world_node *node = &world->agent[agent];
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(node->store, &why);
    SB_ASSERT(txn != NULL);
    struct sb_effects effects;
    sb_effects_init(&effects);
    struct sb_entropy entropy = world_entropy(world);
    if (!node->started) {
        struct sb_agent_input start = {.kind = SB_AGENT_START};
        sb_agent_step(node->core, txn, &start, world_now(world), &entropy, &effects);
        node->started = true;
        uint8_t id[SB_REQUEST_ID_SIZE];
        sb_entropy_take(&entropy, id, sizeof id);
        struct sb_name verb = sb_name("channel-open");
        struct sb_record *none = sb_alloc(1, sizeof *none);
        struct sb_buf open;
        sb_buf_init(&open, SB_FRAME_SIZE_MAX);
        sb_request_write(id, &verb, none, NULL, &open);
        struct sb_agent_input hello = {
            .kind = SB_AGENT_REQUEST, .from = node->channel, .bytes = sb_buf_bytes(&open)};
        sb_agent_step(node->core, txn, &hello, world_now(world), &entropy, &effects);
        sb_buf_finish(&open);
        free(none);
    }
    if (node->rebuilt) {
        node->rebuilt = false;
        struct sb_agent_input again = {.kind = SB_AGENT_REBUILT};
        sb_agent_step(node->core, txn, &again, world_now(world), &entropy, &effects);
    }
    sb_agent_step(node->core, txn, input, world_now(world), &entropy, &effects);
    sb_agent_flush(node->core, txn, world_now(world), &entropy, &effects);
    enum world_crash crash =
        ++world->turns == world->crash_turn ? WORLD_CRASH_BEFORE_COMMIT : node->crash;
    if (crash == WORLD_CRASH_BEFORE_COMMIT) {
        sb_store_abort(node->store, txn);
    } else {
        enum sb_err err = sb_store_commit(node->store, txn, &why);
        SB_ASSERT(err == SB_ERR_OK);
        size_t limit = crash == WORLD_CRASH_AFTER_COMMIT ? node->crash_effects : effects.count;
        for (size_t i = 0; i < effects.count && i < limit; i++) {
            if (effect_crashes(world)) {
                crash = WORLD_CRASH_AFTER_COMMIT;
                break;
            }
            agent_effect(world, agent, &effects.at[i]);
        }
    }
    sb_effects_finish(&effects);
    if (crash != WORLD_CRASH_NONE) {
        world_restart_agent(world, agent);
    }
}

static void packet_deliver(struct world *world, size_t position)
{
    struct world_packet packet = world->packets[position];
    world->packets[position] = world->packets[--world->packet_count];
    const struct world_node *node = &world->agent[packet.agent];
    bool lost = packet.channel
                    ? node->off
                    : packet.connection != node->connection || !agent_online(world, packet.agent);
    if (!lost && packet.to == 0) {
        struct sb_broker_input input = {
            .kind = SB_BROKER_FRAME, .from = token_of(world, packet.agent), .bytes = packet.bytes};
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
        agent_turn(world, packet.agent, &input);
        if (packet.channel && !world->replied) { /* asked again, under the same id */
            world_packet_add(world, packet, packet.bytes, ASK_AGAIN_MS);
        }
    }
    free((void *)(uintptr_t)packet.bytes.at);
}

static uint64_t agent_due_ms(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    if (node->off) {
        return SB_NEVER_MS;
    }
    if (!node->started || node->rebuilt) {
        return world->now_ms;
    }
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(node->store, &why);
    uint64_t mono = sb_agent_deadline_ms(node->core, txn);
    sb_store_abort(node->store, txn);
    if (mono == SB_NEVER_MS) {
        return SB_NEVER_MS;
    }
    return mono < 1000 + world->now_ms ? world->now_ms : mono - 1000;
}

bool world_step(struct world *world, uint64_t until_ms)
{
    uint64_t due = SB_NEVER_MS;
    size_t packet = SIZE_MAX;
    int actor = -1; /* 0 the broker, else agent + 1 */
    for (size_t i = 0; i < world->packet_count; i++) {
        const struct world_packet *at = &world->packets[i];
        if (at->due_ms < due
            || (at->due_ms == due && packet != SIZE_MAX
                && at->order < world->packets[packet].order)) {
            due = at->due_ms;
            packet = i;
        }
    }
    uint64_t mono = sb_broker_deadline_ms(world->broker);
    uint64_t broker_due = mono == SB_NEVER_MS           ? SB_NEVER_MS
                          : mono < 1000 + world->now_ms ? world->now_ms
                                                        : mono - 1000;
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
    world->now_ms = due > world->now_ms ? due : world->now_ms;
    world->moved = actor < 0 ? (int)world->packets[packet].agent : actor - 1;
    if (actor < 0) {
        packet_deliver(world, packet);
    } else if (actor == 0) {
        struct sb_broker_input tick = {.kind = SB_BROKER_TICK};
        world_broker_turn(world, &tick);
    } else {
        struct sb_agent_input tick = {.kind = SB_AGENT_TICK};
        agent_turn(world, (unsigned)actor - 1, &tick);
    }
    return true;
}

void world_run(struct world *world, uint64_t until_ms)
{
    uint64_t same = 0;
    uint64_t last = world->now_ms;
    while (world_step(world, until_ms)) {
        same = world->now_ms == last ? same + 1 : 0;
        last = world->now_ms;
        SB_ASSERT(same < 100000); /* time must move on: else a core never lets the others run */
    }
}

void world_cut(struct world *world, unsigned agent)
{
    world->agent[agent].offline_until_ms = SB_NEVER_MS;
    world->agent[agent].connection++;
}

void world_join(struct world *world, unsigned agent)
{
    world->agent[agent].offline_until_ms = 0;
    world->agent[agent].connection++;
}

void world_off(struct world *world, unsigned agent)
{
    world->agent[agent].off = true;
    world->agent[agent].connection++;
}

void world_on(struct world *world, unsigned agent)
{
    world->agent[agent].off = false;
    world_restart_agent(world, agent);
}

void world_channel_restart(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    if (node->off || !node->started) {
        return;
    }
    for (size_t i = 0; i < world->packet_count;) {
        struct world_packet *packet = &world->packets[i];
        if (packet->channel && packet->agent == agent) {
            /* Another takes its place, or it was the last.
             * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
            free((void *)(uintptr_t)packet->bytes.at);
            *packet = world->packets[--world->packet_count];
        } else {
            i++;
        }
    }
    struct sb_agent_input left = {.kind = SB_AGENT_LEFT, .from = node->channel};
    agent_turn(world, agent, &left);
    node->channel++;
    struct sb_record *none = sb_alloc(1, sizeof *none);
    world_local(world, agent, "channel-open", none, 0);
    free(none);
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
