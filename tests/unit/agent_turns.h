/* agent_turns.h: for units of the agent's core: an agent and a broker's end of the link, each with
 * a memory store, and frames between them. Time stands until a test moves it. A turn is a shell's:
 * step, flush, commit, then effects; it may crash between. */
#ifndef AGENT_TURNS_H
#define AGENT_TURNS_H

#include "../../agent/core/core.h"
#include "authority.h"
#include "check.h"
#include "samband/control.h"
#include "samband/store.h"

#include <stdlib.h>

#define FRAMES_MAX   256
#define ATTEMPTS_MAX 64
#define EVENTS_MAX   256
#define TEXTS_SIZE   16384
#define CHANNEL      77 /* the channel's client number */
#define OFFICER      88 /* the duty officer's */
#define STEP_MS      60000

struct queue {
    struct sb_buf frame[FRAMES_MAX];
    unsigned count;
};

/* An attempt as the channel's program would see it. */
struct tried {
    char key[SB_ATTEMPT_SIZE_MAX + 1];
    char person[41], channel[41], contact[201], title[201], seat[129], text[401];
    unsigned kind;
    uint64_t starts;
    bool repeat;
};

struct world {
    enum sb_room_level room; /* that the agent's store has */
    struct authority authority;
    struct party broker_party, agent_party, stranger;
    struct sb_name orgs[2];
    struct sb_roster roster;
    struct sb_now now;
    struct sb_entropy entropy;
    struct sb_store *broker_store, *agent_store;
    struct sb_link *broker_link;
    struct sb_agent *agent;
    struct queue to_broker, to_agent;
    bool cut; /* frames are lost */
    struct tried tried[ATTEMPTS_MAX];
    unsigned tried_count;
    char traces[TEXTS_SIZE];
    char logs[TEXTS_SIZE];
    struct sb_buf reply; /* the newest */
    uint8_t request_number;
};

static inline struct sb_txn *world_begin(struct sb_store *store)
{
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(store, &why);

    assert_non_null(txn);
    return txn;
}

static inline void world_commit(struct sb_store *store, struct sb_txn *txn)
{
    struct sb_why why = {0};

    assert_int_equal(sb_store_commit(store, txn, &why), SB_ERR_OK);
}

static inline void queue_add(struct queue *queue, struct sb_bytes bytes)
{
    assert_true(queue->count < FRAMES_MAX);
    sb_buf_init(&queue->frame[queue->count], SB_FRAME_SIZE_MAX);
    sb_buf_add(&queue->frame[queue->count], bytes);
    queue->count++;
}

static inline void queue_clear(struct queue *queue)
{
    for (unsigned i = 0; i < queue->count; i++) {
        sb_buf_finish(&queue->frame[i]);
    }
    queue->count = 0;
}

static inline void text_copy(struct sb_bytes bytes, char *text, size_t room)
{
    assert_true(bytes.size < room);
    if (bytes.size > 0) {
        memcpy(text, bytes.at, bytes.size);
    }
    text[bytes.size] = '\0';
}

static inline void line_add(char *text, struct sb_bytes line)
{
    size_t used = strlen(text);

    assert_true(used + line.size + 2 < TEXTS_SIZE);
    memcpy(text + used, line.at, line.size);
    text[used + line.size] = '\n';
    text[used + line.size + 1] = '\0';
}

static inline void tried_add(struct world *world, struct sb_bytes bytes)
{
    struct sb_record args = {0};
    struct sb_request request;
    struct sb_why why = {0};

    assert_int_equal(sb_request_read(bytes, &request, &why), SB_ERR_OK);
    assert_string_equal(request.verb.text, "attempt");
    assert_int_equal(sb_record_read(request.args, SB_PARTS_ALL, &args, &why), SB_ERR_OK);
    assert_true(world->tried_count < ATTEMPTS_MAX);
    struct tried *tried = &world->tried[world->tried_count++];
    text_copy(sb_record_bytes(&args, SB_FIELD_ATTEMPT), tried->key, sizeof tried->key);
    text_copy(sb_record_bytes(&args, SB_FIELD_PERSON), tried->person, sizeof tried->person);
    text_copy(sb_record_bytes(&args, SB_FIELD_CHANNEL), tried->channel, sizeof tried->channel);
    text_copy(sb_record_bytes(&args, SB_FIELD_CONTACT), tried->contact, sizeof tried->contact);
    text_copy(sb_record_bytes(&args, SB_FIELD_TITLE), tried->title, sizeof tried->title);
    text_copy(sb_record_bytes(&args, SB_FIELD_SEAT), tried->seat, sizeof tried->seat);
    text_copy(sb_record_bytes(&args, SB_FIELD_TEXT), tried->text, sizeof tried->text);
    tried->kind = (unsigned)sb_record_number(&args, SB_FIELD_KIND);
    tried->starts = sb_record_number(&args, SB_FIELD_STARTS);
    tried->repeat = sb_record_number(&args, SB_FIELD_REPEAT) != 0;
}

static inline void agent_effect(struct world *world, const struct sb_effect *effect)
{
    switch (effect->kind) {
    case SB_EFFECT_SEND:
        if (!world->cut) {
            queue_add(&world->to_broker, effect->bytes);
        }
        return;
    case SB_EFFECT_REPLY:
        sb_buf_clear(&world->reply);
        sb_buf_add(&world->reply, effect->bytes);
        return;
    case SB_EFFECT_ATTEMPT:
        assert_int_equal(effect->to, CHANNEL);
        tried_add(world, effect->bytes);
        return;
    case SB_EFFECT_LOG: line_add(world->logs, effect->bytes); return;
    case SB_EFFECT_TRACE: line_add(world->traces, effect->bytes); return;
    case SB_EFFECT_REBUILD:
    case SB_EFFECT_DROP: return;
    }
}

enum how {
    WHOLE,
    CRASH_BEFORE_COMMIT,
    CRASH_BEFORE_EFFECTS
};

static inline void agent_make(struct world *world)
{
    const struct sb_agent_config config = {
        .agent = sb_name("taby-1"),
        .org = {world->orgs[0], world->orgs[1]},
        .org_count = 2,
        .machine = world->agent_party.machine,
        .realm = {world->agent_party.realm[0], world->agent_party.realm[1],
                  world->agent_party.realm[2], world->agent_party.realm[3]},
        .cert = sb_buf_bytes(&world->agent_party.cert),
        .root = world->authority.root.public_key,
        .roster = &world->roster,
    };

    world->agent = sb_agent_new(&config);
}

/* One turn of the agent with `count` inputs. A crash loses the core: the test starts it again. */
static inline void agent_turn(struct world *world, const struct sb_agent_input *input,
                              unsigned count, enum how how)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_effects effects;

    txn->room.level = world->room;
    sb_effects_init(&effects);
    for (unsigned i = 0; i < count; i++) {
        sb_agent_step(world->agent, txn, &input[i], world->now, &world->entropy, &effects);
    }
    sb_agent_flush(world->agent, txn, world->now, &world->entropy, &effects);
    if (how == CRASH_BEFORE_COMMIT) {
        sb_store_abort(world->agent_store, txn);
    } else {
        world_commit(world->agent_store, txn);
    }
    for (size_t i = 0; i < effects.count && how == WHOLE; i++) {
        agent_effect(world, &effects.at[i]);
    }
    sb_effects_finish(&effects);
    if (how != WHOLE) {
        sb_agent_destroy(world->agent);
        world->agent = NULL;
        queue_clear(&world->to_agent);
        queue_clear(&world->to_broker);
    }
}

static inline void agent_input(struct world *world, enum sb_agent_input_kind kind)
{
    const struct sb_agent_input input = {.kind = kind};

    agent_turn(world, &input, 1, WHOLE);
}

static inline void agent_frames(struct world *world, enum how how)
{
    struct sb_agent_input input[FRAMES_MAX] = {0};
    struct queue taken = world->to_agent;

    world->to_agent.count = 0;
    for (unsigned i = 0; i < taken.count; i++) {
        input[i].kind = SB_AGENT_FRAME;
        input[i].bytes = sb_buf_bytes(&taken.frame[i]);
    }
    agent_turn(world, input, taken.count, how);
    queue_clear(&taken);
}

static inline struct sb_link_turn broker_link_turn(struct world *world, struct sb_txn *txn,
                                                   struct sb_effects *effects)
{
    return (struct sb_link_turn){world->broker_link, txn, world->now, &world->entropy, effects};
}

static inline void broker_frame(struct world *world, struct sb_txn *txn, struct sb_bytes bytes,
                                struct sb_effects *effects)
{
    const struct sb_link_config config = {
        .end = SB_LINK_BROKER,
        .agent = sb_name("taby-1"),
        .orgs = world->orgs,
        .org_count = 2,
        .machine_key = &world->agent_party.machine.public_key,
        .epoch = 1,
    };
    struct sb_arrivals arrivals = {0};
    struct sb_why why = {0};
    struct sb_frame frame;
    enum sb_err err = sb_frame_read(bytes, &frame, &why);

    assert_int_equal(err, SB_ERR_OK);
    if (frame.type == SB_FRAME_HELLO) {
        sb_link_destroy(world->broker_link);
        world->broker_link = sb_link_new(&config);
        const struct sb_link_turn turn = broker_link_turn(world, txn, effects);
        err = sb_link_accept(&turn, &frame, &why);
        assert_int_equal(err, SB_ERR_OK);
    } else if (world->broker_link != NULL) {
        const struct sb_link_turn turn = broker_link_turn(world, txn, effects);
        err = sb_link_on_frame(&turn, &frame, &arrivals, &why);
        assert_true(err == SB_ERR_OK || err == SB_ERR_SESSION);
    }
}

static inline void broker_turn(struct world *world)
{
    struct sb_txn *txn = world_begin(world->broker_store);
    struct queue taken = world->to_broker;
    struct sb_effects effects;

    world->to_broker.count = 0;
    sb_effects_init(&effects);
    for (unsigned i = 0; i < taken.count; i++) {
        broker_frame(world, txn, sb_buf_bytes(&taken.frame[i]), &effects);
    }
    if (world->broker_link != NULL) {
        const struct sb_link_turn turn = broker_link_turn(world, txn, &effects);
        sb_link_pump(&turn);
    }
    world_commit(world->broker_store, txn);
    for (size_t i = 0; i < effects.count; i++) {
        if (effects.at[i].kind == SB_EFFECT_SEND && !world->cut) {
            queue_add(&world->to_agent, effects.at[i].bytes);
        }
    }
    sb_effects_finish(&effects);
    queue_clear(&taken);
}

/* Turns at both ends, until nothing is under way. Time stands: what came is not judged yet. */
static inline void exchange(struct world *world)
{
    unsigned rounds = 0;

    do {
        broker_turn(world);
        agent_frames(world, WHOLE);
        assert_true(++rounds < 1000);
    } while (world->to_agent.count + world->to_broker.count > 0);
}

static inline uint64_t agent_deadline_ms(struct world *world)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    const uint64_t at_ms = sb_agent_deadline_ms(world->agent, txn);

    sb_store_abort(world->agent_store, txn);
    return at_ms;
}

/* How much of what came lies there unjudged. A lost row is what came, too. */
static inline unsigned unjudged(struct world *world)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    const uint64_t end = sb_log_next_index(txn);
    struct sb_log_row row;
    unsigned count = 0;

    for (uint64_t i = sb_txn_number(txn, SB_TABLE_META, SB_LOG_JUDGED) + 1; i < end; i++) {
        count += !sb_log_get(txn, i, &row) || row.stream_agent.text[0] != '\0';
    }
    sb_store_abort(world->agent_store, txn);
    return count;
}

static inline void time_set(struct world *world, uint64_t mono_ms)
{
    world->now.wall_ms += mono_ms - world->now.mono_ms;
    world->now.mono_ms = mono_ms;
}

/* The turn in which the agent judges what came. Time moves on by what is left until then. */
static inline void judging_turn(struct world *world, enum how how)
{
    const struct sb_agent_input tick = {.kind = SB_AGENT_TICK};
    const uint64_t at_ms = agent_deadline_ms(world);

    assert_true(unjudged(world) > 0);
    assert_true(at_ms <= world->now.mono_ms + SB_JUDGE_AFTER_MS);
    time_set(world, at_ms > world->now.mono_ms ? at_ms : world->now.mono_ms);
    agent_turn(world, &tick, 1, how);
}

/* Turns at both ends, until nothing is under way and what came is judged. */
static inline void settle(struct world *world)
{
    exchange(world);
    while (unjudged(world) > 0) {
        judging_turn(world, WHOLE);
        exchange(world);
    }
}

/* A moment later, with whatever is due then. */
static inline void advance(struct world *world, uint64_t ms)
{
    const uint64_t end = world->now.mono_ms + ms;

    while (world->now.mono_ms < end) {
        uint64_t next = agent_deadline_ms(world);
        const uint64_t soon = world->now.mono_ms + 1000; /* the broker's end has clocks too */
        next = next > soon ? soon : next;
        next = next > end ? end : next;
        time_set(world, next <= world->now.mono_ms ? world->now.mono_ms + 1 : next);
        agent_input(world, SB_AGENT_TICK);
        exchange(world);
    }
}

static inline void agent_start(struct world *world)
{
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    settle(world);
}

static inline void agent_stop(struct world *world)
{
    sb_agent_destroy(world->agent);
    world->agent = NULL;
    queue_clear(&world->to_agent);
    queue_clear(&world->to_broker);
}

#endif
