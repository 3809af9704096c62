/* test_agent_damage.c: a row of the agent's store that is not there any more: what needs it is let
 * go or refused, counted and logged; everybody else is rung, told and answered as before. */
#include "agent_world.h"

static void row_lose(struct world *world, enum sb_table table, struct sb_bytes key)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_bytes value;

    assert_true(sb_txn_get(txn, table, key, &value));
    sb_txn_del(txn, table, key);
    world_commit(world->agent_store, txn);
}

static uint64_t log_index(struct world *world, const struct sb_hash *id)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    uint64_t index;

    assert_true(sb_log_find(txn, id, NULL, &index));
    sb_store_abort(world->agent_store, txn);
    return index;
}

static void log_lose(struct world *world, const struct sb_hash *id)
{
    struct sb_key key;

    sb_key_init(&key);
    sb_key_add_be64(&key, log_index(world, id));
    row_lose(world, SB_TABLE_LOG, sb_key_bytes(&key));
}

static void alert_lose(struct world *world, const struct sb_hash *id, const char *seat)
{
    struct sb_key key;

    sb_key_init(&key);
    sb_key_add(&key, sb_hash_bytes(id));
    sb_key_add(&key, sb_bytes_str(seat));
    row_lose(world, SB_TABLE_ALERT, sb_key_bytes(&key));
}

static struct sb_hash call(struct world *world, const char *seats)
{
    const struct sb_hash id = convene(world, &(struct convening){.seats = seats, .org_count = 2});

    settle(world);
    return id;
}

static unsigned tried_for(struct world *world, const char *seat)
{
    unsigned count = 0;

    for (unsigned i = 0; i < world->tried_count; i++) {
        count += strcmp(world->tried[i].seat, seat) == 0 ? 1u : 0u;
    }
    return count;
}

/* The refusal's sentence, in both languages. */
static void reply_says(struct world *world, const char *words)
{
    struct sb_reply reply;
    struct sb_why why = {0};
    char text[SB_WHY_BOTH_SIZE];

    assert_int_equal(sb_reply_read(sb_buf_bytes(&world->reply), &reply, &why), SB_ERR_OK);
    (void)snprintf(text, sizeof text, "%.*s", (int)reply.why.size, (const char *)reply.why.at);
    if (strstr(text, words) == NULL) {
        fail_msg("it does not say \"%s\": %s", words, text);
    }
}

static void a_lost_alert_silences_no_other(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world, "taby/tib,solna/tib");

    assert_int_equal(world->tried_count, 2);
    alert_lose(world, &id, "taby/tib");
    advance(world, STEP_MS);
    assert_int_equal(tried_for(world, "taby/tib"), 1);
    assert_int_equal(tried_for(world, "solna/tib"), 2);
    assert_true(agent_counter(world, "alert/lost") > 0);
    assert_non_null(strstr(world->logs, "store=damaged lost=alert which="));
    assert_non_null(strstr(world->logs, "/taby/tib"));
    assert_non_null(strstr(world->logs, "remedy=\"samband verify; restore the store"));
    const uint64_t told = agent_counter(world, "alert/lost");
    advance(world, 3 * STEP_MS);
    assert_int_equal(agent_counter(world, "alert/lost"), told); /* its timer is gone */
    (void)call(world, "taby/tib");
    assert_int_equal(tried_for(world, "taby/tib"), 2);
}

static void a_lost_alert_over_a_restart(void **state)
{
    struct world *world = *state;
    const struct sb_hash id =
        convene(world, &(struct convening){.seats = "taby/tib,solna/tib", .org_count = 2});
    exchange(world);
    judging_turn(world, CRASH_BEFORE_EFFECTS);
    alert_lose(world, &id, "taby/tib");
    agent_start(world);
    channel_open(world);
    advance(world, SB_DRAIN_MS + STEP_MS);
    assert_true(tried_for(world, "solna/tib") > 0);
}

/* Nobody is rung with nothing to say; the centre is told that nobody is left. */
static void a_lost_event_ends_its_alert(void **state)
{
    struct world *world = *state;
    struct sb_record last;
    const struct sb_hash id = call(world, "taby/tib");

    log_lose(world, &id);
    advance(world, 4 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
    assert_true(agent_counter(world, "log/lost") > 0);
    assert_true(came_up(world, SB_KIND_REACH, &last) > 0);
    assert_int_equal(sb_record_number(&last, SB_FIELD_STEP), SB_STEP_EXHAUSTED);
    (void)call(world, "solna/tib");
    assert_int_equal(tried_for(world, "solna/tib"), 1);
}

static void a_lost_attempt_is_let_go(void **state)
{
    struct world *world = *state;
    const struct sb_agent_input left = {.kind = SB_AGENT_LEFT, .from = CHANNEL};

    (void)call(world, "taby/tib");
    (void)call(world, "solna/tib");
    assert_int_equal(world->tried_count, 2);
    agent_turn(world, &left, 1, WHOLE);
    row_lose(world, SB_TABLE_ATTEMPT, sb_bytes_str(world->tried[0].key));
    channel_open(world);
    assert_int_equal(world->tried_count, 3); /* the other one, again */
    assert_string_equal(world->tried[2].key, world->tried[1].key);
    assert_int_equal(agent_counter(world, "attempt/lost"), 1);
    agent_turn(world, &left, 1, WHOLE);
    channel_open(world);
    assert_int_equal(agent_counter(world, "attempt/lost"), 1);
    /* One that is to be tried again, and is gone by then. */
    assert_int_equal(result(world, world->tried[1].key, SB_RESULT_RETRY), SB_ERR_OK);
    row_lose(world, SB_TABLE_ATTEMPT, sb_bytes_str(world->tried[1].key));
    advance(world, SB_ATTEMPT_RETRY_MS);
    assert_int_equal(agent_counter(world, "attempt/lost"), 2);
}

static void requests_about_what_is_lost_are_refused(void **state)
{
    static const char *const verbs[] = {"show", "status", "timeline", "note", "ack"};
    struct world *world = *state;
    struct sb_record args = {0};
    char hex[65];
    const struct sb_hash id = call(world, "taby/tib");

    log_lose(world, &id);
    sb_hex_write(sb_hash_bytes(&id), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    sb_record_set_text(&args, SB_FIELD_TEXT, "text");
    for (unsigned i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        assert_int_equal(ask(world, OFFICER, verbs[i], &args), SB_ERR_CORRUPT);
        reply_says(world, "agentens lagring är skadad");
        reply_says(world, "säkerhetskopia\nthe agent's store is damaged");
        reply_says(world, "samband verify");
        assert_int_equal(agent_counter(world, "control/damaged"), i + 1);
    }
    assert_non_null(strstr(world->logs, "store=damaged request=show"));
    /* What the person says who was rung for it counts all the same. */
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, NULL), 1);
}

static void lists_go_on(void **state)
{
    static const char *const verbs[] = {"events", "inbox"};
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;
    const struct sb_hash lost = call(world, "taby/tib");
    const struct sb_hash whole = call(world, "solna/tib");
    const uint64_t index = log_index(world, &lost);
    struct sb_hash id;

    log_lose(world, &lost);
    for (unsigned i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        bool met_lost = false, met_whole = false;
        assert_int_equal(ask(world, OFFICER, verbs[i], &args), SB_ERR_OK);
        for (unsigned at = 0; row_at(world, at, &row); at++) {
            met_whole =
                met_whole || (sb_record_hash(&row, SB_FIELD_ID, &id) && sb_hash_equal(&id, &whole));
            met_lost = met_lost
                       || (sb_record_number(&row, SB_FIELD_INDEX) == index
                           && sb_record_number(&row, SB_FIELD_VERDICT) == SB_ERR_CORRUPT
                           && sb_record_has(&row, SB_FIELD_NOTICE));
        }
        assert_true(met_lost && met_whole);
    }
}

static void a_fact_about_a_lost_alert_is_refused(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world, "taby/tib,solna/tib");

    alert_lose(world, &id, "taby/tib");
    for (unsigned i = 0; i < 2; i++) {
        const bool lost = strcmp(world->tried[i].seat, "taby/tib") == 0;
        assert_int_equal(fact(world, world->tried[i].key, NULL, SB_ANSWER_YES),
                         lost ? SB_ERR_CORRUPT : SB_ERR_OK);
    }
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, NULL), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_lost_alert_silences_no_other),
        T(a_lost_alert_over_a_restart),
        T(a_lost_event_ends_its_alert),
        T(a_lost_attempt_is_let_go),
        T(requests_about_what_is_lost_are_refused),
        T(lists_go_on),
        T(a_fact_about_a_lost_alert_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
