/* target_agent.c: an agent's core, asked and told anything: requests of the duty officer, of the
 * channel and of strangers, with any arguments or as any bytes; events of the broker or of others
 * that the input makes; frames of any bytes; time, and crashes. Each request has one readable
 * reply, one that is refused changes nothing, what the roster says of a person never leaves on
 * the link, and in the end `verify` finds no fault. */
#include "../../agent/core/agent.h"
#include "agent_world.h"
#include "fake.h"
#include "forge.h"
#include "fuzz.h"
#include "watch.h"

enum {
    STEP_REQUEST,
    STEP_RAW,
    STEP_AGAIN,
    STEP_ENTRY,
    STEP_FRAME,
    STEP_TICK,
    STEP_RESTART,
    STEP_RESULT,
    STEP_LEFT,
    STEP_COUNT
};
#define STEPS_MAX     32
#define EXCHANGES_MAX 64

FUZZ_STEPS(STEP_COUNT)

struct acts {
    struct world *world;
    struct fake broker;
    struct sb_buf last; /* request */
    uint64_t last_from;
    struct sb_buf attempt; /* the newest one's key */
};

static struct sb_store *beginning;

static bool may_change(enum sb_table table, struct sb_bytes key)
{
    (void)key;
    /* A writing request is kept with its refusal: asked again, the answer is the same. */
    return table == SB_TABLE_COUNTER || table == SB_TABLE_REQUEST || table == SB_TABLE_META;
}

static void attempt_take(struct acts *acts, const struct sb_effect *effect)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_request request;
    struct sb_why why = {0};
    enum sb_err err = sb_request_read(effect->bytes, &request, &why);
    SB_ASSERT(err == SB_ERR_OK && strcmp(request.verb.text, "attempt") == 0);
    err = sb_record_read(request.args, SB_PARTS_ALL, args, &why);
    SB_ASSERT(err == SB_ERR_OK && sb_record_has(args, SB_FIELD_ATTEMPT));
    sb_buf_clear(&acts->attempt);
    sb_buf_add(&acts->attempt, sb_record_bytes(args, SB_FIELD_ATTEMPT));
    free(args);
}

static bool holds(struct sb_bytes bytes, const char *text)
{
    size_t size = strlen(text);
    for (size_t i = 0; i + size <= bytes.size; i++) {
        if (memcmp(bytes.at + i, text, size) == 0) {
            return true;
        }
    }
    return false;
}

static void effect_look(struct acts *acts, const struct sb_effect *effect)
{
    switch (effect->kind) {
    case SB_EFFECT_REPLY:
        sb_buf_clear(&acts->world->reply);
        sb_buf_add(&acts->world->reply, effect->bytes);
        return;
    case SB_EFFECT_SEND:
        /* What the roster says of a person stays here. */
        SB_ASSERT(!holds(effect->bytes, "070-p7") && !holds(effect->bytes, "Namn p7"));
        fake_take(&acts->broker, effect->bytes);
        return;
    case SB_EFFECT_LOG:
        SB_ASSERT(sb_bytes_is_text(effect->bytes) && !holds(effect->bytes, "\n"));
        return;
    case SB_EFFECT_ATTEMPT: attempt_take(acts, effect); return;
    case SB_EFFECT_REBUILD:
    case SB_EFFECT_TRACE: return;
    case SB_EFFECT_DROP: break;
    }
    SB_ASSERT(effect->kind == SB_EFFECT_TRACE); /* a broker's effect from an agent */
}

static unsigned acts_turn(struct acts *acts, const struct sb_agent_input *input, enum how how)
{
    struct world *world = acts->world;
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_effects effects;
    sb_effects_init(&effects);
    /* What waited to be judged is judged before a request: not its doing. */
    sb_agent_flush(world->agent, txn, world->now, &world->entropy, &effects);
    watch_begin(txn, may_change);
    sb_agent_step(world->agent, txn, input, world->now, &world->entropy, &effects);
    unsigned changes = watch_changes();
    sb_agent_flush(world->agent, txn, world->now, &world->entropy, &effects);
    (void)sb_agent_deadline_ms(world->agent, txn);
    watch_end(txn);
    SB_ASSERT(sb_txn_damages(txn) == 0);
    if (how == CRASH_BEFORE_COMMIT) {
        sb_store_abort(world->agent_store, txn);
    } else {
        world_commit(world->agent_store, txn);
    }
    for (size_t i = 0; i < effects.count && how == WHOLE; i++) {
        effect_look(acts, &effects.at[i]);
    }
    sb_effects_finish(&effects);
    return changes;
}

static void exchange_all(struct acts *acts)
{
    struct sb_buf frame;
    for (unsigned n = 0; n < EXCHANGES_MAX && fake_next(&acts->broker, &frame); n++) {
        const struct sb_agent_input input = {.kind = SB_AGENT_FRAME, .bytes = sb_buf_bytes(&frame)};
        (void)acts_turn(acts, &input, WHOLE);
        sb_buf_finish(&frame);
    }
}

static void core_start(struct acts *acts)
{
    const struct sb_agent_input start = {.kind = SB_AGENT_START};
    agent_stop(acts->world);
    agent_make(acts->world);
    (void)acts_turn(acts, &start, WHOLE);
    exchange_all(acts);
}

static void request_send(struct acts *acts, uint64_t from, struct sb_bytes bytes)
{
    struct sb_agent_input input = {
        .kind = SB_AGENT_REQUEST, .from = from, .user = sb_name("uid:1000"), .bytes = bytes};
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_why said = {0};
    /* What came and is not judged yet is judged before the answer: that is not the request's. */
    bool judged = acts->world->agent->judge_ms == SB_NEVER_MS;
    sb_buf_clear(&acts->world->reply);
    unsigned changes = acts_turn(acts, &input, WHOLE);
    enum sb_err err = sb_reply_read(sb_buf_bytes(&acts->world->reply), &reply, &why);
    SB_ASSERT(err == SB_ERR_OK);
    (void)sb_why_take(&said, reply.err, reply.why);
    if (reply.err != SB_ERR_OK) {
        SB_ASSERT(said.text[0] != '\0' && said.sv[0] != '\0' && reply.err != SB_ERR_CORRUPT);
        SB_ASSERT(!judged || changes == 0);
    }
    exchange_all(acts);
}

static bool event_at(struct acts *acts, unsigned back, struct sb_hash *ret_id)
{
    struct sb_log_row row;
    struct sb_txn *txn = world_begin(acts->world->agent_store);
    uint64_t next = sb_log_next_index(txn);
    bool found = back + 1 < next && sb_log_get(txn, next - 1 - back, &row);
    if (found) {
        *ret_id = sb_hash_one("event", row.sealed.header);
    }
    sb_store_abort(acts->world->agent_store, txn);
    return found;
}

static void request_make(struct acts *acts, uint64_t from, const char *verb,
                         const struct sb_record *args)
{
    uint8_t id[SB_REQUEST_ID_SIZE] = {0xee, ++acts->world->request_number};
    sb_buf_finish(&acts->last);
    request_bytes(id, verb, args, &acts->last);
    acts->last_from = from;
    request_send(acts, from, sb_buf_bytes(&acts->last));
}

/* [who, verb, which event, arguments] */
static void step_request(struct acts *acts, struct fuzz_input *input)
{
    static const uint64_t whose[] = {OFFICER, CHANNEL, 99};
    static const char *const verbs[] = {"inbox",
                                        "show",
                                        "timeline",
                                        "events",
                                        "counters",
                                        "status",
                                        "ack",
                                        "answer",
                                        "report",
                                        "note",
                                        "mandate-declare",
                                        "mandate-withdraw",
                                        "who",
                                        "channel-open",
                                        "result",
                                        "fact",
                                        "call"};
    uint64_t from = whose[fuzz_byte(input) % COUNT_OF(whose)];
    const char *verb = verbs[fuzz_byte(input) % COUNT_OF(verbs)];
    unsigned about = fuzz_byte(input) % 8;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_hash id;
    char text[2 * SB_HASH_SIZE + 1];
    if (input->rest.size > 0
        && sb_record_read(input->rest, SB_PARTS_ALL, args, NULL) != SB_ERR_OK) {
        sb_record_clear(args);
    }
    if (about > 0 && event_at(acts, about - 1, &id)) {
        sb_hex_write(sb_hash_bytes(&id), text);
        sb_record_set_bytes(args, SB_FIELD_EVENT, sb_bytes(text, about % 2 == 0 ? 8 : 64));
    }
    if (strcmp(verb, "fact") == 0 && !sb_record_has(args, SB_FIELD_ATTEMPT)) {
        sb_record_set_bytes(args, SB_FIELD_ATTEMPT, sb_buf_bytes(&acts->attempt));
    }
    request_make(acts, from, verb, args);
    free(args);
}

static void step_raw(struct acts *acts, struct fuzz_input *input)
{
    uint64_t from = fuzz_byte(input) % 2 == 0 ? OFFICER : CHANNEL;
    request_send(acts, from, input->rest);
}

static void step_again(struct acts *acts, struct fuzz_input *input)
{
    (void)input;
    if (acts->last.size > 0) {
        request_send(acts, acts->last_from, sb_buf_bytes(&acts->last));
    }
}

/* [lane and organisation, which event it is about, own part or not, what it is made of] */
static void step_entry(struct acts *acts, struct fuzz_input *input)
{
    static const uint8_t own[] = {0x91, 0xa8, 't', 'a', 'b', 'y', '/', 't', 'i', 'b'};
    struct sb_entry entry = {.own = {0}};
    struct sb_hash about = {{0}};
    struct sb_buf buf;
    unsigned where = fuzz_byte(input);
    unsigned which = fuzz_byte(input) % 8;
    unsigned how = fuzz_byte(input) % 4;
    if (which > 0) {
        (void)event_at(acts, which - 1, &about);
    }
    entry.own = how == 1 ? sb_bytes(own, sizeof own) : sb_bytes(NULL, 0);
    if (how == 2) {
        entry.own = fuzz_take(input, fuzz_byte(input));
    }
    sb_buf_init(&buf, 4 * SB_ENTRY_SIZE_MAX);
    forge_event_about(input->rest, &about, &buf, &entry.sealed);
    fake_entry(&acts->broker, where / 2, where % 2, &entry);
    sb_buf_finish(&buf);
    exchange_all(acts);
}

static void step_frame(struct acts *acts, struct fuzz_input *input)
{
    const struct sb_agent_input frame = {.kind = SB_AGENT_FRAME, .bytes = input->rest};
    (void)acts_turn(acts, &frame, WHOLE);
    exchange_all(acts);
}

static void pass_time(struct acts *acts, uint64_t ms)
{
    const struct sb_agent_input input = {.kind = SB_AGENT_TICK};
    time_set(acts->world, acts->world->now.mono_ms + ms);
    (void)acts_turn(acts, &input, WHOLE);
    exchange_all(acts);
}

static void step_tick(struct acts *acts, struct fuzz_input *input)
{
    pass_time(acts, fuzz_u16(input));
}

static void step_restart(struct acts *acts, struct fuzz_input *input)
{
    const struct sb_agent_input input_tick = {.kind = SB_AGENT_TICK};
    const struct sb_record nothing = {0};
    (void)acts_turn(acts, &input_tick, fuzz_byte(input) % 2 == 0 ? CRASH_BEFORE_COMMIT : WHOLE);
    core_start(acts);
    request_make(acts, CHANNEL, "channel-open", &nothing);
}

/* The channel tells how the newest attempt went. */
static void step_result(struct acts *acts, struct fuzz_input *input)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_bytes(args, SB_FIELD_ATTEMPT, sb_buf_bytes(&acts->attempt));
    sb_record_set_number(args, SB_FIELD_RESULT, fuzz_byte(input) % 5);
    request_make(acts, CHANNEL, "result", args);
    free(args);
}

static void step_left(struct acts *acts, struct fuzz_input *input)
{
    const struct sb_agent_input left = {.kind = SB_AGENT_LEFT,
                                        .from = fuzz_byte(input) % 2 == 0 ? CHANNEL : OFFICER};
    (void)acts_turn(acts, &left, WHOLE);
    exchange_all(acts);
}

/* An agent that has met the fake broker, and both their stores since. */
static struct world *world_first(struct fake *ret_broker)
{
    static const char *const orgs[] = {"taby", "solna"};
    struct acts acts = {.last_from = 0};
    void *state = NULL;
    (void)world_setup(&state);
    acts.world = state;
    fake_init(&acts.broker, true, orgs, 2);
    core_start(&acts);
    for (unsigned i = 0; i < 4; i++) {
        pass_time(&acts, SB_HELLO_EVERY_MS);
    }
    SB_ASSERT(sb_link_state(acts.world->agent->link) == SB_LINK_UP);
    beginning = sb_store_copy_memory(acts.world->agent_store);
    sb_store_close(acts.world->agent_store);
    sb_buf_finish(&acts.world->reply);
    agent_stop(acts.world);
    fake_finish(&acts.broker);
    *ret_broker = acts.broker;
    return acts.world;
}

static void acts_begin(struct acts *acts)
{
    static struct world *world;
    static struct fake met;
    const struct sb_record nothing = {0};
    if (world == NULL) {
        world = world_first(&met);
    }
    sb_buf_init(&world->reply, SB_FRAME_SIZE_MAX);
    world->agent_store = sb_store_copy_memory(beginning);
    world->now = (struct sb_now){.mono_ms = 2000000, .wall_ms = AUTHORITY_NOW_MS + 1000000};
    world->entropy = (struct sb_entropy){.seed = {5}};
    world->request_number = 100;
    acts->world = world;
    acts->broker = met;
    sb_buf_init(&acts->last, SB_FRAME_SIZE_MAX);
    sb_buf_init(&acts->attempt, SB_FRAME_SIZE_MAX);
    core_start(acts);
    SB_ASSERT(sb_link_state(world->agent->link) == SB_LINK_UP);
    request_make(acts, CHANNEL, "channel-open", &nothing);
}

static void acts_end(struct acts *acts)
{
    static const char *const lists[] = {"inbox", "timeline", "events", "counters"};
    const struct sb_record nothing = {0};
    struct sb_verify_result found;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        request_make(acts, OFFICER, lists[i], &nothing);
    }
    struct sb_txn *txn = world_begin(acts->world->agent_store);
    sb_log_verify(txn, &acts->world->authority.root.public_key, &found);
    sb_store_abort(acts->world->agent_store, txn);
    if (found.faults > 0) {
        (void)fprintf(stderr, "verify: %s\n", found.first_fault.text);
    }
    SB_ASSERT(found.faults == 0);
    agent_stop(acts->world);
    sb_store_close(acts->world->agent_store);
    sb_buf_finish(&acts->world->reply);
    fake_finish(&acts->broker);
    sb_buf_finish(&acts->last);
    sb_buf_finish(&acts->attempt);
}

void fuzz_one(struct sb_bytes bytes)
{
    static void (*const steps[STEP_COUNT])(struct acts * acts, struct fuzz_input * input) = {
        [STEP_REQUEST] = step_request, [STEP_RAW] = step_raw,       [STEP_AGAIN] = step_again,
        [STEP_ENTRY] = step_entry,     [STEP_FRAME] = step_frame,   [STEP_TICK] = step_tick,
        [STEP_RESTART] = step_restart, [STEP_RESULT] = step_result, [STEP_LEFT] = step_left,
    };
    struct fuzz_input input = {.rest = bytes};
    struct fuzz_step step;
    struct acts acts = {.last_from = 0};
    acts_begin(&acts);
    for (unsigned n = 0; n < STEPS_MAX && fuzz_step_next(&input, &step); n++) {
        struct fuzz_input inner = {.rest = step.bytes};
        steps[step.number % STEP_COUNT](&acts, &inner);
    }
    acts_end(&acts);
}
