/* test_given_back.c: an agent whose store was put back gets from the broker what it had sent up;
 * that stands in the streams of its organisation's other agent too, behind what this one holds: it
 * greets again, whether it was there meanwhile or not. What the agent makes of it is
 * test_agent_restored.c's. */
#include "broker_board.h"

struct taby {
    struct agent_end *one, *two, *solna;
    struct sb_store *copy;    /* of the first one's, before it said … */
    struct sb_hash report;    /* … this, which is nobody else's … */
    struct sb_hash next_call; /* … while this came behind it */
};

static struct sb_hash newest_of(struct agent_end *end)
{
    struct sb_txn *txn = store_begin(end->store);
    struct sb_log_row row;
    struct sb_event event = {0};
    assert_true(sb_log_get(txn, sb_log_next_index(txn) - 1, &row));
    assert_int_equal(sb_event_read(&row.sealed, &event, NULL), SB_ERR_OK);
    sb_store_abort(end->store, txn);
    return event.id;
}

static bool holds(struct agent_end *end, const struct sb_hash *id)
{
    struct sb_txn *txn = store_begin(end->store);
    uint64_t index;
    bool found = sb_log_find(txn, id, &end->org, &index);
    sb_store_abort(end->store, txn);
    return found;
}

static void taby_begin(struct county *county, struct taby *taby)
{
    taby->one = end_join(county, "taby", "taby-1");
    taby->two = end_join(county, "taby", "taby-2");
    taby->solna = end_join(county, "solna", NULL);
    struct sb_hash id = call(county);
    taby->copy = sb_store_copy_memory(taby->one->store);
    report(county, taby->one, &id, SB_RUNG_NOTIFIED, SB_STEP_PERSON);
    taby->report = newest_of(taby->one);
    taby->next_call = call(county);
    assert_false(holds(taby->two, &taby->report)); /* a report is not handed on */
}

/* The first one's process begins anew on the copy, which says that it is one. */
static void put_back(struct county *county, struct taby *taby)
{
    struct agent_end *end = taby->one;
    struct sb_link_config config = {.end = SB_LINK_AGENT,
                                    .agent = end->agent,
                                    .orgs = &end->org,
                                    .org_count = 1,
                                    .machine = &end->party.machine};
    sb_link_destroy(end->link);
    sb_store_close(end->store);
    end->store = taby->copy;
    end->link = sb_link_new(&config);
    struct sb_txn *txn = store_begin(end->store);
    sb_txn_set_number(txn, SB_TABLE_META, SB_LINK_RESTORED, county->now.wall_ms);
    store_commit(end->store, txn);
    end_greet_back(county, end);
    assert_true(holds(end, &taby->report));
    assert_true(holds(end, &taby->next_call));
}

/* Nobody greets but who must: it says something, is refused, and greets. */
static void time_passes(struct county *county, struct agent_end *end)
{
    county_pass(county, SB_PING_EVERY_MS);
    for (unsigned turn = 0; turn < 3; turn++) {
        end_turn(county, end);
        county_settle(county);
        county_pass(county, SB_HELLO_EVERY_MS);
    }
    assert_int_equal(sb_link_state(end->link), SB_LINK_UP);
}

static void not_blamed(struct county *county, const struct agent_end *end)
{
    struct sb_record none = {0};
    struct sb_record row;
    char line[80];
    (void)snprintf(line, sizeof line, "link-incarnation agent=%s", end->agent.text);
    assert_false(said(&county->log, line));
    must(county, &county->viewer, "status", &none);
    for (unsigned i = 0; i < reply_rows(county); i++) {
        reply_row(county, i, &row);
        assert_false(sb_record_has(&row, SB_FIELD_MISDEED)
                     && row_says(&row, SB_FIELD_AGENT, end->agent.text));
    }
}

static void all_is_well(struct county *county, struct taby *taby)
{
    struct agent_end *all[] = {taby->one, taby->two, taby->solna};
    struct sb_verify_result result;
    assert_true(holds(taby->two, &taby->report));
    assert_false(holds(taby->solna, &taby->report));
    struct sb_hash id = call(county);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(holds(all[i], &id));
        assert_int_equal(all[i]->verdicts, 0);
        struct sb_txn *txn = store_begin(all[i]->store);
        sb_log_verify(txn, &county->config.root, &result);
        sb_store_abort(all[i]->store, txn);
        assert_string_equal(result.first_fault.text, "");
    }
    struct sb_txn *txn = store_begin(county->store);
    sb_log_verify(txn, &county->config.root, &result);
    assert_string_equal(result.first_fault.text, "");
    assert_false(sb_link_is_restored(txn)); /* no end takes the broker's for the older store */
    sb_store_abort(county->store, txn);
    not_blamed(county, taby->two); /* for what the first one's administrator did */
    uint64_t opened = counter(county, "link/incarnation");
    county_restart(county);
    for (unsigned i = 0; i < 3; i++) {
        end_greet_back(county, all[i]);
    }
    assert_int_equal(counter(county, "link/incarnation"), opened);
}

/* Its session ends, since what it holds is not the stream any more; another organisation's goes on.
 */
static void test_the_other_is_there(void **state)
{
    struct county *county = *state;
    struct taby taby;
    taby_begin(county, &taby);
    uint64_t solna = sb_link_session(taby.solna->link);
    put_back(county, &taby);
    /* Of the first one's stream, since it holds too little, and of both by what it gets. */
    assert_int_equal(counter(county, "link/incarnation"), 3);
    assert_int_equal(taby.two->refused, SB_ERR_OK);
    assert_false(holds(taby.two, &taby.report));
    time_passes(county, taby.two);
    assert_int_equal(taby.two->refused, SB_ERR_SESSION);
    time_passes(county, taby.solna);
    assert_int_equal(taby.solna->refused, SB_ERR_OK);
    assert_int_equal(sb_link_session(taby.solna->link), solna);
    all_is_well(county, &taby);
}

static void test_the_other_comes_later(void **state)
{
    struct county *county = *state;
    struct taby taby;
    taby_begin(county, &taby);
    county_restart(county); /* nobody is connected now */
    put_back(county, &taby);
    assert_int_equal(counter(county, "link/incarnation"), 3);
    end_greet(county, taby.two);
    end_greet(county, taby.solna);
    all_is_well(county, &taby);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_the_other_is_there),
        T(test_the_other_comes_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
