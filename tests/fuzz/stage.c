/* stage.c: the broker's core on a stage: what it says is read, what it logs is one line of text,
 * what it refuses changes nothing. */
#include "stage.h"

#include "watch.h"

#define EXCHANGES_MAX 64

static struct sb_store *beginning;

static void agent_join(struct county *county)
{
    struct party party = {.person = false};
    struct sb_token token;
    invite(county, "taby", "taby-1");
    struct sb_name once = token_user(county, &token);
    party_keys(&party, 20);
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
}

struct stage *stage_new(void)
{
    static struct county *county;
    static const char *const orgs[] = {"taby"};
    struct stage *stage = sb_alloc(1, sizeof *stage);
    if (county == NULL) {
        void *state = NULL;
        (void)county_setup_real(&state);
        county = state;
        agent_join(county);
        beginning = sb_store_copy_memory(county->store);
        sb_store_close(county->store);
        sb_buf_finish(&county->reply);
    }
    county->store = sb_store_copy_memory(beginning);
    county_restart(county);
    sb_buf_init(&county->reply, SB_FRAME_SIZE_MAX);
    county->now = (struct sb_now){.mono_ms = 1000000, .wall_ms = AUTHORITY_NOW_MS + 1000};
    county->seeds = 10000;
    county->requests = 1000;
    stage->county = county;
    fake_init(&stage->agent, false, orgs, 1);
    return stage;
}

void stage_destroy(struct stage *stage)
{
    fake_finish(&stage->agent);
    sb_broker_destroy(stage->county->broker);
    stage->county->broker = NULL;
    sb_store_close(stage->county->store);
    sb_buf_finish(&stage->county->reply);
    free(stage);
}

/* Counters, what is heard of an agent, and the clock's rows are no change. */
static bool may_change(enum sb_table table, struct sb_bytes key)
{
    (void)key;
    return table == SB_TABLE_COUNTER;
}

static void effect_look(struct stage *stage, const struct sb_effect *effect)
{
    switch (effect->kind) {
    case SB_EFFECT_REPLY:
        sb_buf_clear(&stage->county->reply);
        sb_buf_add(&stage->county->reply, effect->bytes);
        return;
    case SB_EFFECT_SEND:
        if (effect->to == STAGE_PEER) {
            fake_take(&stage->agent, effect->bytes);
        }
        return;
    case SB_EFFECT_LOG:
        SB_ASSERT(sb_bytes_is_text(effect->bytes));
        SB_ASSERT(effect->bytes.size > 0
                  && memchr(effect->bytes.at, '\n', effect->bytes.size) == NULL);
        return;
    case SB_EFFECT_DROP:
    case SB_EFFECT_TRACE: return;
    case SB_EFFECT_ATTEMPT:
    case SB_EFFECT_REBUILD: break;
    }
    SB_ASSERT(effect->kind == SB_EFFECT_DROP); /* an agent's effect from a broker */
}

/* One turn; how much the step changed, the flush aside. */
static unsigned stage_turn(struct stage *stage, const struct sb_broker_input *input)
{
    struct county *county = stage->county;
    struct sb_effects effects;
    struct sb_entropy entropy = county_entropy(county);
    struct sb_txn *txn = store_begin(county->store);
    sb_effects_init(&effects);
    watch_begin(txn, may_change);
    sb_broker_step(county->broker, txn, input, county->now, &entropy, &effects);
    unsigned changes = watch_changes();
    sb_broker_flush(county->broker, txn, county->now, &entropy, &effects);
    watch_end(txn);
    SB_ASSERT(sb_txn_damages(txn) == 0);
    store_commit(county->store, txn);
    for (size_t i = 0; i < effects.count; i++) {
        effect_look(stage, &effects.at[i]);
    }
    sb_effects_finish(&effects);
    return changes;
}

enum sb_err stage_request(struct stage *stage, const struct sb_name *user, struct sb_bytes bytes)
{
    struct county *county = stage->county;
    struct sb_why why = {0};
    struct sb_request request;
    struct sb_broker_input input = {
        .kind = SB_BROKER_REQUEST, .from = 1, .user = *user, .bytes = bytes};
    sb_buf_clear(&county->reply);
    unsigned changes = stage_turn(stage, &input);
    enum sb_err err = sb_reply_read(sb_buf_bytes(&county->reply), &county->answer, &why);
    SB_ASSERT(err == SB_ERR_OK); /* there is one, and it can be read */
    (void)sb_why_take(&county->why, county->answer.err, county->answer.why);
    fuzz_said(county->answer.err, &county->why);
    if (county->answer.err != SB_ERR_OK) {
        SB_ASSERT(changes == 0);
        SB_ASSERT(county->why.sv[0] != '\0');
        SB_ASSERT(county->answer.err != SB_ERR_CORRUPT);
    }
    if (sb_request_read(bytes, &request, &why) == SB_ERR_OK) {
        SB_ASSERT(memcmp(request.id, county->answer.id, sizeof request.id) == 0);
    }
    return county->answer.err;
}

enum sb_err stage_ask(struct stage *stage, const struct person *person, const char *verb,
                      const struct sb_record *args, struct sb_buf *ret_bytes)
{
    request_bytes(++stage->county->requests, verb, args, &person->signer, ret_bytes);
    return stage_request(stage, &person->user, sb_buf_bytes(ret_bytes));
}

void stage_frame(struct stage *stage, const char *user, struct sb_bytes bytes)
{
    struct sb_broker_input input = {
        .kind = SB_BROKER_FRAME, .from = STAGE_PEER, .user = sb_name(user), .bytes = bytes};
    (void)stage_turn(stage, &input);
}

void stage_exchange(struct stage *stage)
{
    struct sb_buf frame;
    for (unsigned n = 0; n < EXCHANGES_MAX && fake_next(&stage->agent, &frame); n++) {
        stage_frame(stage, "a:taby-1", sb_buf_bytes(&frame));
        sb_buf_finish(&frame);
    }
}

void stage_tick(struct stage *stage, uint64_t ms)
{
    struct sb_broker_input tick = {.kind = SB_BROKER_TICK};
    stage->county->now.mono_ms += ms;
    stage->county->now.wall_ms += ms;
    (void)stage_turn(stage, &tick);
}

bool stage_event(struct stage *stage, unsigned back, struct sb_hash *ret_id)
{
    struct sb_log_row row;
    struct sb_txn *txn = store_begin(stage->county->store);
    uint64_t next = sb_log_next_index(txn);
    bool found = back + 1 < next && sb_log_get(txn, next - 1 - back, &row);
    if (found) {
        *ret_id = sb_hash_one("event", row.sealed.header);
    }
    sb_store_abort(stage->county->store, txn);
    return found;
}

void stage_end(struct stage *stage)
{
    static const char *const lists[] = {"status",   "timeline",   "events",       "counters",
                                        "org-list", "forum-list", "mandate-list", "operator-list"};
    const struct sb_record nothing = {0};
    struct county *county = stage->county;
    struct sb_verify_result result;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        struct sb_buf bytes;
        enum sb_err err = stage_ask(stage, &county->admin, lists[i], &nothing, &bytes);
        /* Of no event at all there is no board and no story. */
        SB_ASSERT(err == SB_ERR_OK || (err == SB_ERR_NOT_FOUND && i < 2));
        sb_buf_finish(&bytes);
    }
    struct sb_txn *txn = store_begin(county->store);
    sb_log_verify(txn, &county->authority.root.public_key, &result);
    sb_store_abort(county->store, txn);
    if (result.faults > 0) {
        (void)fprintf(stderr, "verify: %s\n", result.first_fault.text);
    }
    SB_ASSERT(result.faults == 0);
}
