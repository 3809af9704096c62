/* test_agent_judge.c: an agent's moment between storing and judging: what is stored and receipted
 * is judged once, whatever happens in between, and nobody is woken, and nothing told, before it is.
 * What a kind does once it is judged is test_agent.c's. */
#include "agent_world.h"

#define MANY (SB_JUDGED_PER_TURN_MAX + 44u)

/* Comes to the agent and is stored; time stands. */
static struct sb_hash come(struct world *world, const char *seats, const struct party *by)
{
    const struct sb_hash id = convene(world, &(struct convening){.seats = seats, .by = by});

    exchange(world);
    assert_int_equal(world->tried_count, 0);
    return id;
}

/* The newest row that the agent has receipted, in the broker's log. */
static uint64_t receipted(struct world *world)
{
    struct sb_txn *txn = world_begin(world->broker_store);
    const struct sb_name agent = sb_name("taby-1");
    struct sb_held held = {0};

    const bool known =
        sb_link_held(txn, &agent, &world->orgs[0], sb_lane(SB_REALM_LIVE, SB_URGENT), &held);
    sb_store_abort(world->broker_store, txn);
    return known ? held.log_index : 0;
}

static uint64_t newest(struct sb_store *store)
{
    struct sb_txn *txn = world_begin(store);
    const uint64_t index = sb_log_next_index(txn) - 1;

    sb_store_abort(store, txn);
    return index;
}

static struct sb_verify_result verify(struct world *world)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_verify_result found;

    sb_log_verify(txn, &world->authority.root.public_key, &found);
    sb_store_abort(world->agent_store, txn);
    return found;
}

static void go_on_after_a_crash(struct world *world)
{
    agent_start(world);
    assert_int_equal(unjudged(world), 0);
    channel_open(world);
    advance(world, 10000);
}

static void a_receipt_does_not_wait(void **state)
{
    struct world *world = *state;

    (void)come(world, "taby/tib", NULL);
    assert_int_equal(receipted(world), newest(world->broker_store));
    assert_int_equal(unjudged(world), 1);
    assert_int_equal(agent_counter(world, "events/accepted"), 0);
    assert_int_equal(agent_deadline_ms(world), world->now.mono_ms + SB_JUDGE_AFTER_MS);
    advance(world, SB_JUDGE_AFTER_MS - 1);
    assert_int_equal(unjudged(world), 1);
    assert_int_equal(world->tried_count, 0);
    advance(world, 1);
    assert_int_equal(unjudged(world), 0);
    assert_int_equal(world->tried_count, 1);
    assert_true(agent_deadline_ms(world) > world->now.mono_ms);
}

/* What comes later is judged with what came first: a steady flow postpones nothing. */
static void one_moment_for_all_that_comes_in_it(void **state)
{
    struct world *world = *state;
    const uint64_t at_ms = world->now.mono_ms + SB_JUDGE_AFTER_MS;

    for (unsigned i = 0; i < 5; i++) {
        (void)come(world, "nacka/tib", NULL);
        assert_int_equal(agent_deadline_ms(world), at_ms);
        advance(world, SB_JUDGE_AFTER_MS / 5);
    }
    assert_int_equal(world->now.mono_ms, at_ms);
    assert_int_equal(unjudged(world), 0);
    assert_int_equal(agent_counter(world, "events/accepted"), 5);
}

static void killed_before_it_is_judged(void **state)
{
    struct world *world = *state;

    (void)come(world, "taby/tib", NULL);
    agent_stop(world);
    go_on_after_a_crash(world);
    assert_int_equal(world->tried_count, 1);
    assert_false(world->tried[0].repeat);
    assert_int_equal(agent_counter(world, "events/accepted"), 1);
}

static void a_crash_before_the_judging_commits(void **state)
{
    struct world *world = *state;

    (void)come(world, "taby/tib", NULL);
    judging_turn(world, CRASH_BEFORE_COMMIT);
    assert_int_equal(unjudged(world), 1);
    go_on_after_a_crash(world);
    assert_int_equal(world->tried_count, 1);
    assert_false(world->tried[0].repeat);
    assert_int_equal(agent_counter(world, "events/accepted"), 1);
    assert_int_equal(agent_counter(world, "alerts/made"), 1);
}

static void a_crash_after_the_judging_committed(void **state)
{
    struct world *world = *state;

    (void)come(world, "taby/tib", NULL);
    judging_turn(world, CRASH_BEFORE_EFFECTS);
    assert_int_equal(unjudged(world), 0);
    go_on_after_a_crash(world);
    assert_int_equal(world->tried_count, 1);
    assert_true(world->tried[0].repeat); /* it may have got out */
    assert_int_equal(agent_counter(world, "events/accepted"), 1);
    assert_int_equal(agent_counter(world, "alerts/made"), 1);
}

/* The broker sends it again, for its receipt was lost; it is known, and judged once. */
static void a_receipt_lost_in_the_crash(void **state)
{
    struct world *world = *state;

    convene(world, &(struct convening){.seats = "taby/tib"});
    const uint64_t index = newest(world->broker_store);
    broker_turn(world);
    agent_frames(world, CRASH_BEFORE_EFFECTS);
    assert_int_equal(unjudged(world), 1);
    assert_int_equal(receipted(world), 0);
    go_on_after_a_crash(world);
    assert_int_equal(receipted(world), index);
    assert_int_equal(world->tried_count, 1);
    assert_int_equal(agent_counter(world, "events/accepted"), 1);
}

static void what_is_forged_is_refused_after_a_restart(void **state)
{
    struct world *world = *state;
    struct sb_record verdict;
    struct sb_hash about;

    const struct sb_hash forged = come(world, "taby/tib", &world->stranger);
    /* The store is sound: what is not judged may be anything. */
    assert_int_equal(verify(world).faults, 0);
    assert_int_equal(verify(world).refused, 1);
    agent_stop(world);
    go_on_after_a_crash(world);
    assert_int_equal(world->tried_count, 0);
    assert_int_equal(agent_counter(world, "refused/not-allowed"), 1);
    assert_int_equal(agent_counter(world, "alerts/made"), 0);
    assert_int_equal(came_up(world, SB_KIND_VERDICT, &verdict), 1);
    assert_true(sb_record_hash(&verdict, SB_FIELD_REF, &about));
    assert_true(sb_hash_equal(&about, &forged));
    assert_int_equal(verify(world).faults, 0);
    assert_int_equal(verify(world).refused, 1);
}

static void a_recall_close_behind_its_original_rings_nobody(void **state)
{
    struct world *world = *state;
    const uint64_t at_ms = world->now.mono_ms + SB_JUDGE_AFTER_MS;
    const struct sb_hash id = come(world, "taby/tib", NULL);

    advance(world, SB_JUDGE_AFTER_MS - 1);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    exchange(world);
    assert_int_equal(unjudged(world), 2);
    assert_int_equal(agent_deadline_ms(world), at_ms);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 0);
    assert_null(strstr(world->traces, "alert p"));
    assert_int_equal(agent_counter(world, "events/accepted"), 2);
}

/* The same over a crash: the original was judged at the start, the recall came before it drained.
 */
static void a_recall_behind_a_crash_rings_nobody(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = come(world, "taby/tib", NULL);

    publish_about(world, SB_KIND_RECALL, &id, 0);
    broker_turn(world);
    agent_stop(world);
    go_on_after_a_crash(world);
    assert_int_equal(world->tried_count, 0);
    assert_null(strstr(world->traces, "alert p"));
}

static void a_request_sees_what_is_judged(void **state)
{
    struct world *world = *state;
    const struct sb_record args = {0};
    struct sb_record row;

    const struct sb_hash id = come(world, "taby/tib", NULL);
    assert_int_equal(ask(world, OFFICER, "inbox", &args), SB_ERR_OK);
    assert_int_equal(unjudged(world), 0);
    assert_true(row_at(world, 0, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_STATE), SB_ALERT_HELD);
    assert_int_equal(world->tried_count, 1); /* at the end of that turn */
    publish_about(world, SB_KIND_RECALL, &id, 0);
    exchange(world);
    assert_int_equal(ask(world, OFFICER, "inbox", &args), SB_ERR_OK);
    assert_true(row_at(world, 1, &row)); /* newest first */
    assert_int_equal(sb_record_number(&row, SB_FIELD_STATE), SB_ALERT_RECALLED);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RECALLED), true);
}

static void no_request_sees_what_is_forged(void **state)
{
    struct world *world = *state;
    const struct sb_record args = {0};
    struct sb_record row;

    (void)come(world, "taby/tib", &world->stranger);
    assert_int_equal(ask(world, OFFICER, "inbox", &args), SB_ERR_OK);
    assert_false(row_at(world, 0, &row));
    assert_int_equal(agent_counter(world, "refused/not-allowed"), 1);
}

static void what_is_due_waits_for_a_recall_that_is_not_judged(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = come(world, "taby/tib", NULL);

    settle(world);
    assert_int_equal(world->tried_count, 1);
    advance(world, STEP_MS - 10);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    exchange(world);
    advance(world, 10 + SB_JUDGE_AFTER_MS / 2); /* p8's turn has come */
    assert_int_equal(unjudged(world), 1);
    assert_int_equal(world->tried_count, 1);
    assert_true(agent_deadline_ms(world) > world->now.mono_ms); /* and nobody spins until then */
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(tried_last(world)->person, "p7");
    assert_int_equal(tried_last(world)->kind, SB_KIND_RECALL);
}

/* The same for what is due while a forged one lies there: late by that moment, and no more. */
static void what_is_due_goes_on_after_it(void **state)
{
    struct world *world = *state;

    (void)come(world, "taby/tib", NULL);
    settle(world);
    advance(world, STEP_MS - 10);
    convene(world, &(struct convening){.seats = "taby/tib", .by = &world->stranger});
    exchange(world);
    advance(world, SB_JUDGE_AFTER_MS - 1);
    assert_int_equal(world->tried_count, 1);
    advance(world, 1);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(tried_last(world)->person, "p8");
}

/* A correction and a recall that are judged in one: nobody is told how to attend what is off. */
static void of_what_is_recalled_only_the_recall_is_told(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = come(world, "taby/tib", NULL);

    settle(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    publish_about(world, SB_KIND_CORRECTION, &id, world->now.wall_ms + 7200000);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    settle(world);
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(world->tried[1].kind, SB_KIND_RECALL);
}

/* A call, much that calls nobody here, and the recall behind it. Returns how much of it a second
 * turn must judge: a turn passes over own rows too. */
static unsigned many_come(struct world *world)
{
    const unsigned own = (unsigned)newest(world->agent_store);
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    for (unsigned i = 2; i < MANY; i++) {
        convene(world, &(struct convening){.seats = "nacka/tib"});
    }
    publish_about(world, SB_KIND_RECALL, &id, 0);
    exchange(world);
    assert_int_equal(unjudged(world), MANY);
    return MANY + own - SB_JUDGED_PER_TURN_MAX;
}

static void more_than_one_turn_can_judge(void **state)
{
    struct world *world = *state;

    const unsigned rest = many_come(world);
    judging_turn(world, WHOLE);
    assert_int_equal(unjudged(world), rest);
    assert_int_equal(agent_counter(world, "alerts/made"), 1);
    assert_int_equal(world->tried_count, 0); /* the rest may recall it, and does */
    assert_int_equal(agent_deadline_ms(world), world->now.mono_ms);
    judging_turn(world, WHOLE);
    assert_int_equal(unjudged(world), 0);
    assert_int_equal(agent_counter(world, "events/accepted"), MANY);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 0);
}

static void a_crash_between_two_turns_that_judge(void **state)
{
    struct world *world = *state;

    const unsigned rest = many_come(world);
    judging_turn(world, WHOLE);
    judging_turn(world, CRASH_BEFORE_COMMIT);
    assert_int_equal(unjudged(world), rest);
    go_on_after_a_crash(world);
    assert_int_equal(agent_counter(world, "events/accepted"), MANY);
    assert_int_equal(world->tried_count, 0);
}

/* A start leaves no turn without its bound either. */
static void a_start_with_more_than_one_turn_can_judge(void **state)
{
    struct world *world = *state;
    const unsigned rest = many_come(world);

    agent_stop(world);
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    assert_int_equal(unjudged(world), rest);
    channel_open(world);
    assert_int_equal(unjudged(world), 0);
    advance(world, 5 * STEP_MS);
    assert_int_equal(agent_counter(world, "events/accepted"), MANY);
    assert_int_equal(world->tried_count, 0);
}

static void a_request_judges_all_of_it(void **state)
{
    struct world *world = *state;
    const struct sb_record args = {0};
    struct sb_record row;

    (void)many_come(world);
    assert_int_equal(ask(world, OFFICER, "inbox", &args), SB_ERR_OK);
    assert_int_equal(unjudged(world), 0);
    assert_true(row_at(world, 0, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_RECALL);
    assert_int_equal(world->tried_count, 0);
}

static void row_damage(struct world *world, uint64_t index, bool lose)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_key key;

    sb_key_init(&key);
    sb_key_add_be64(&key, index);
    if (lose) {
        sb_txn_del(txn, SB_TABLE_LOG, sb_key_bytes(&key));
    } else {
        sb_txn_put(txn, SB_TABLE_LOG, sb_key_bytes(&key), sb_bytes_str("rubbish"));
    }
    world_commit(world->agent_store, txn);
}

static void a_lost_row_does_not_hold_up_the_next(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 3; i++) {
        (void)come(world, "taby/tib", NULL);
    }
    row_damage(world, newest(world->agent_store) - 2, true);
    row_damage(world, newest(world->agent_store) - 1, false);
    settle(world);
    assert_int_equal(agent_counter(world, "log/lost"), 2);
    assert_non_null(strstr(world->logs, "store=damaged lost=log which="));
    assert_int_equal(agent_counter(world, "events/accepted"), 1);
    assert_int_equal(world->tried_count, 1);
    assert_int_equal(unjudged(world), 0);
    agent_stop(world);
    go_on_after_a_crash(world);
    assert_int_equal(agent_counter(world, "log/lost"), 2); /* told once */
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_receipt_does_not_wait),
        T(one_moment_for_all_that_comes_in_it),
        T(killed_before_it_is_judged),
        T(a_crash_before_the_judging_commits),
        T(a_crash_after_the_judging_committed),
        T(a_receipt_lost_in_the_crash),
        T(what_is_forged_is_refused_after_a_restart),
        T(a_recall_close_behind_its_original_rings_nobody),
        T(a_recall_behind_a_crash_rings_nobody),
        T(a_request_sees_what_is_judged),
        T(no_request_sees_what_is_forged),
        T(what_is_due_waits_for_a_recall_that_is_not_judged),
        T(what_is_due_goes_on_after_it),
        T(of_what_is_recalled_only_the_recall_is_told),
        T(more_than_one_turn_can_judge),
        T(a_crash_between_two_turns_that_judge),
        T(a_start_with_more_than_one_turn_can_judge),
        T(a_request_judges_all_of_it),
        T(a_lost_row_does_not_hold_up_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
