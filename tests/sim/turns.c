/* turns.c: a turn of an end, as its shell does it: inputs, step, flush, commit, and only then the
 * effects. Here is where a crash comes: before the commit, after it, or between two effects. */
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UP_AGAIN_MS SB_FULL_TRY_EVERY_MS /* who could not commit looks again whether it can */

void world_trace_add(struct world *world, const char *what, struct sb_bytes bytes)
{
    uint8_t when[8];
    sb_be64_write(when, world->now_ms);
    world->trace = sim_mix(world->trace, sb_bytes(when, sizeof when));
    world->trace = sim_mix(sim_mix(world->trace, sb_bytes_str(what)), bytes);
}

void world_trace_line(struct world *world, const char *actor, struct sb_bytes line)
{
    char text[512];
    (void)snprintf(text, sizeof text, "%.*s", (int)line.size, (const char *)line.at);
    world_trace_add(world, actor, line);
    if (world->on_trace != NULL) {
        world->on_trace(world->context, actor, text);
    }
}

static void trace_commit(struct world *world, const char *actor)
{
    uint8_t hash[8];
    if (world->writes.tables != 0) {
        sb_be64_write(hash, world->writes.hash);
        world_trace_add(world, actor, sb_bytes(hash, sizeof hash));
    }
}

/* True where the story's one crash is to come before this effect. */
static bool effect_crashes(struct world *world)
{
    return ++world->effects == world->crash_effect;
}

/* Ends the turn's transaction. False where nothing of the turn was. */
static bool turn_commit(struct world *world, struct sb_store *store, struct world_state *state,
                        enum world_crash crash, const char *actor)
{
    struct sb_why why = {0};
    world->committed = world->is_full = false;
    if (crash == WORLD_CRASH_BEFORE_COMMIT) {
        world_txn_abort(&world->writes, store);
        world->tally[WORLD_TALLY_NEVER]++;
        return false;
    }
    if (world->writes.tables != 0 && state->full_until_ms > world->now_ms) {
        world_txn_abort(&world->writes, store);
        state->down_until_ms = world->now_ms + UP_AGAIN_MS;
        world->tally[WORLD_TALLY_FULL]++;
        world->is_full = true;
        return false;
    }
    if (world_txn_commit(&world->writes, store, &why) != SB_ERR_OK) {
        (void)world_break(world, WORLD_SOUND, "%s: a turn could not be committed: %s", actor,
                          why.text);
        return false;
    }
    world->committed = true;
    trace_commit(world, actor);
    return true;
}

/* Without room the process goes on, and so do its connections; its core is made anew, for it
 * believes that the turn happened. */
static void core_forget(struct world *world, int end)
{
    if (end < 0) {
        sb_broker_destroy(world->broker);
        world->broker = sb_broker_new(&world->broker_config);
        world_trace_line(world, "broker", sb_bytes_str("full"));
        return;
    }
    struct world_node *node = &world->agent[end];
    sb_agent_destroy(node->core);
    node->core = sb_agent_new(&node->config);
    node->started = false;
    world_trace_line(world, node->name.text, sb_bytes_str("full"));
}

/* ---- the broker ---- */

static void broker_effect(struct world *world, const struct sb_effect *effect)
{
    if (effect->kind == SB_EFFECT_TRACE) {
        world_trace_line(world, "broker", effect->bytes);
    } else if (effect->kind == SB_EFFECT_REPLY && effect->to == OPERATOR_TOKEN) {
        sb_buf_clear(&world->reply);
        sb_buf_add(&world->reply, effect->bytes);
        world_trace_add(world, "reply", effect->bytes);
    } else if (effect->kind == SB_EFFECT_SEND) {
        unsigned agent = (unsigned)(effect->to & 0xff) - 1;
        SB_ASSERT(agent < world->agent_count);
        world_sent_look(world, -1, agent, effect->bytes);
        const bool gets =
            effect->to == world_token_of(world, agent) && world_agent_online(world, agent);
        world->tally[WORLD_TALLY_DEAF] += gets && world->agent[agent].deaf;
        if (gets && !world->agent[agent].deaf) {
            world_frame_add(world, agent, false, effect->bytes);
        }
    }
}

/* Whether the store that greets has been left behind: a copy, or an old backup. */
static bool must_refuse(struct world *world, struct sb_txn *txn,
                        const struct sb_broker_input *input)
{
    struct sb_frame frame;
    struct sb_why why = {0};
    struct sb_bytes value;
    struct sb_record row = {0};
    if (input->kind != SB_BROKER_FRAME || sb_frame_read(input->bytes, &frame, &why) != SB_ERR_OK
        || frame.type != SB_FRAME_HELLO) {
        return false;
    }
    const struct world_node *node = &world->agent[(input->from & 0xff) - 1];
    return sb_txn_get(txn, SB_TABLE_AGENT, sb_name_bytes(&node->name), &value)
           && sb_record_read(value, SB_PARTS_ALL, &row, NULL) == SB_ERR_OK
           && frame.session < sb_record_number(&row, SB_FIELD_CONFIRMED);
}

void world_broker_turn(struct world *world, const struct sb_broker_input *input)
{
    struct sb_txn *txn = world_txn_begin(&world->writes, world->broker_store);
    struct sb_effects effects;
    sb_effects_init(&effects);
    struct sb_entropy entropy = world_entropy(world);
    world_sent_begin(world);
    world->fenced = must_refuse(world, txn, input);
    sb_broker_step(world->broker, txn, input, world_now_at(world, WORLD_BROKER_END), &entropy,
                   &effects);
    sb_broker_flush(world->broker, txn, world_now_at(world, WORLD_BROKER_END), &entropy, &effects);
    enum world_crash crash =
        ++world->turns == world->crash_turn ? WORLD_CRASH_BEFORE_COMMIT : world->broker_state.crash;
    if (!turn_commit(world, world->broker_store, &world->broker_state, crash, "broker")) {
        sb_effects_finish(&effects);
        if (world->is_full) {
            core_forget(world, -1);
        } else {
            world_restart_broker(world);
        }
        return;
    }
    for (size_t i = 0; i < effects.count; i++) {
        if (crash == WORLD_CRASH_AFTER_COMMIT && i >= world->broker_state.crash_effects) {
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
        world->tally[WORLD_TALLY_AFTER]++;
        world_restart_broker(world);
    }
}

/* ---- an agent ---- */

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
    world->tally[WORLD_TALLY_REPEATED] += sb_record_number(args, SB_FIELD_REPEAT);
    world_attempt_note(world, agent, args);
    world_attempt_look(world, agent, args);
    unsigned kind = (unsigned)sb_record_number(args, SB_FIELD_KIND);
    node->tells += kind == SB_KIND_RECALL || kind == SB_KIND_CORRECTION || kind == SB_KIND_END;
    if (world->on_attempt != NULL) {
        world->on_attempt(world->context, world, agent, args);
    }
    free(args);
}

static void agent_effect(struct world *world, unsigned agent, const struct sb_effect *effect)
{
    struct world_node *node = &world->agent[agent];
    struct sb_name org = node->config.org[0];
    world_secret_look(world, agent, effect);
    switch (effect->kind) {
    case SB_EFFECT_SEND:
        world_sent_look(world, (int)agent, agent, effect->bytes);
        world->tally[WORLD_TALLY_MUTE] += world_agent_online(world, agent) && node->mute;
        if (world_agent_online(world, agent) && !node->mute) {
            world_frame_add(world, agent, true, effect->bytes);
        }
        break;
    case SB_EFFECT_ATTEMPT:
        world_trace_add(world, "attempt", effect->bytes);
        agent_attempt(world, agent, effect->bytes);
        break;
    case SB_EFFECT_REBUILD:
        node->rebuilt = true;
        node->connection++;
        break;
    case SB_EFFECT_TRACE: world_trace_line(world, org.text, effect->bytes); break;
    case SB_EFFECT_REPLY:
        world->replied = true;
        world_trace_add(world, "local", effect->bytes);
        break;
    case SB_EFFECT_DROP:
    case SB_EFFECT_LOG: break;
    }
}

/* A life begins: the link opens, and the channel connects. */
static void agent_start(struct world *world, struct world_node *node, struct sb_txn *txn,
                        struct sb_entropy *entropy, struct sb_effects *effects)
{
    struct sb_agent_input start = {.kind = SB_AGENT_START};
    sb_agent_step(node->core, txn, &start, world_now_at(world, (int)(node - world->agent)), entropy,
                  effects);
    node->started = true;
    uint8_t id[SB_REQUEST_ID_SIZE];
    sb_entropy_take(entropy, id, sizeof id);
    struct sb_name verb = sb_name("channel-open");
    struct sb_record *none = sb_alloc(1, sizeof *none);
    struct sb_buf open;
    sb_buf_init(&open, SB_FRAME_SIZE_MAX);
    sb_request_write(id, &verb, none, NULL, &open);
    struct sb_agent_input hello = {
        .kind = SB_AGENT_REQUEST, .from = node->channel, .bytes = sb_buf_bytes(&open)};
    sb_agent_step(node->core, txn, &hello, world_now_at(world, (int)(node - world->agent)), entropy,
                  effects);
    sb_buf_finish(&open);
    free(none);
}

void world_agent_turn(struct world *world, unsigned agent, const struct sb_agent_input *input)
{
    struct world_node *node = &world->agent[agent];
    struct sb_txn *txn = world_txn_begin(&world->writes, node->store);
    struct sb_effects effects;
    sb_effects_init(&effects);
    struct sb_entropy entropy = world_entropy(world);
    world_sent_begin(world);
    if (!node->started) {
        agent_start(world, node, txn, &entropy, &effects);
    }
    if (node->rebuilt) {
        node->rebuilt = false;
        struct sb_agent_input again = {.kind = SB_AGENT_REBUILT};
        sb_agent_step(node->core, txn, &again, world_now_at(world, (int)agent), &entropy, &effects);
    }
    sb_agent_step(node->core, txn, input, world_now_at(world, (int)agent), &entropy, &effects);
    sb_agent_flush(node->core, txn, world_now_at(world, (int)agent), &entropy, &effects);
    enum world_crash crash =
        ++world->turns == world->crash_turn ? WORLD_CRASH_BEFORE_COMMIT : node->state.crash;
    if (!turn_commit(world, node->store, &node->state, crash, node->name.text)) {
        sb_effects_finish(&effects);
        if (world->is_full) {
            core_forget(world, (int)agent);
        } else {
            world_restart_agent(world, agent);
        }
        return;
    }
    struct sb_frame frame;
    struct sb_why why = {0};
    if (input->kind == SB_AGENT_FRAME && sb_frame_read(input->bytes, &frame, &why) == SB_ERR_OK
        && frame.type == SB_FRAME_WELCOME) {
        world_welcome_taken(world, agent, frame.session);
    }
    for (size_t i = 0; i < effects.count; i++) {
        if (crash == WORLD_CRASH_AFTER_COMMIT && i >= node->state.crash_effects) {
            break;
        }
        if (effect_crashes(world)) {
            crash = WORLD_CRASH_AFTER_COMMIT;
            break;
        }
        agent_effect(world, agent, &effects.at[i]);
    }
    sb_effects_finish(&effects);
    if (crash != WORLD_CRASH_NONE) {
        world->tally[WORLD_TALLY_AFTER]++;
        world_restart_agent(world, agent);
    }
}

/* ---- ends and beginnings ---- */

void world_restart_broker(struct world *world)
{
    sb_broker_destroy(world->broker);
    world->broker = sb_broker_new(&world->broker_config);
    world->broker_state.crash = WORLD_CRASH_NONE;
    world->crashes++;
    for (unsigned i = 0; i < world->agent_count; i++) {
        world->agent[i]
            .connection++; /* every connection broke; ZeroMQ connects anew, unseen by the agent */
    }
    world_trace_line(world, "broker", sb_bytes_str("restart"));
}

void world_restart_agent(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    sb_agent_destroy(node->core);
    node->core = sb_agent_new(&node->config);
    node->started = false;
    node->state.crash = WORLD_CRASH_NONE;
    node->connection++;
    world->crashes++;
    world_trace_line(world, node->name.text, sb_bytes_str("restart"));
}

void world_windows(struct world *world, size_t urgent, size_t bulk)
{
    world->tally[WORLD_TALLY_WINDOW]++;
    world->broker_config.window[0] = urgent;
    world->broker_config.window[1] = bulk;
    world_restart_broker(world);
    for (unsigned i = 0; i < world->agent_count; i++) {
        world->agent[i].config.window[0] = urgent;
        world->agent[i].config.window[1] = bulk;
        world_restart_agent(world, i);
    }
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
    if (node->off || !node->started || node->state.down_until_ms > world->now_ms) {
        return;
    }
    for (size_t i = 0; i < world->packet_count;) {
        struct world_packet *packet = &world->packets[i];
        if (packet->channel && packet->agent == agent) {
            /* Each has bytes of its own. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
            free((void *)(uintptr_t)packet->bytes.at);
            *packet = world->packets[--world->packet_count];
        } else {
            i++;
        }
    }
    world->tally[WORLD_TALLY_CHANNEL]++;
    struct sb_agent_input left = {.kind = SB_AGENT_LEFT, .from = node->channel};
    world_agent_turn(world, agent, &left);
    node->channel++;
    struct sb_record *none = sb_alloc(1, sizeof *none);
    world_local(world, agent, "channel-open", none, 0);
    free(none);
}
