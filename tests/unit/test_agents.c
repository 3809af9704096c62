/* test_agents.c: how an organisation can be reached, on the board: dark, with one agent, with two,
 * after a restart; and where nothing calls anybody. */
#include "broker_board.h"

/* Dark: unheard for dark_after_ms and no sooner; an answer that was given stands. */
static void test_dark(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    call(county);
    uint64_t heard = county->now.wall_ms;
    county_pass(county, county->config.dark_after_ms - 1);
    board(county, "taby/tib", &row);
    assert_false(sb_record_has(&row, SB_FIELD_DARK_SINCE));
    county_pass(county, 1);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_DARK_SINCE), heard);
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_RED);
    assert_true(row_says(&row, SB_FIELD_RING, "08-46500414, Rakel 2370014"));
    assert_true(said(&county->log, "agent-dark agent=taby-1"));
    end_greet(county, taby);
    assert_true(said(&county->log, "agent-back agent=taby-1"));
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "waits for an answer");
}

/* The organisation's row of a board without an event. */
static void org_is(struct county *county, const char *org, bool enrolled, uint64_t dark_since,
                   const char *ring)
{
    struct sb_record none = {0};
    struct sb_record row = {0};
    bool found = false;
    must(county, &county->viewer, "status", &none);
    for (unsigned i = 1; i < reply_rows(county) && !found; i++) {
        reply_row(county, i, &row);
        found = row_says(&row, SB_FIELD_ORG, org);
    }
    assert_true(found);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ENROLLED), enrolled);
    assert_int_equal(sb_record_number(&row, SB_FIELD_DARK_SINCE), dark_since);
    assert_int_equal(sb_record_has(&row, SB_FIELD_RING), ring[0] != '\0');
    assert_true(ring[0] == '\0' || row_says(&row, SB_FIELD_RING, ring));
}

/* Before anything is issued the board says so, and how each organisation could be reached. */
static void test_nothing_going_on(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record args = {0};
    struct sb_record row;
    const uint64_t heard = county->now.wall_ms;
    must(county, &county->viewer, "status", &args);
    assert_int_equal(county->answer.why.size, 0);
    assert_int_equal(reply_rows(county), 1 + 3);
    reply_row(county, 0, &row);
    assert_false(sb_record_has(&row, SB_FIELD_ID));
    assert_int_equal(sb_record_number(&row, SB_FIELD_REALM), SB_REALM_LIVE);
    org_is(county, "taby", true, 0, "");
    org_is(county, "solna", false, 0, "08-46500421");
    county_pass(county, county->config.dark_after_ms);
    org_is(county, "taby", true, heard, "08-46500414, Rakel 2370014");
    sb_record_set_text(&args, SB_FIELD_ORG, "solna");
    must(county, &county->viewer, "status", &args);
    assert_int_equal(reply_rows(county), 1 + 1);
    sb_record_clear(&args);
    sb_record_set_text(&args, SB_FIELD_EVENT, "4f3a91c2");
    assert_int_equal(ask(county, &county->viewer, "status", &args), SB_ERR_NOT_FOUND);
    end_greet(county, taby);
    (void)call(county);
    sb_record_clear(&args);
    must(county, &county->viewer, "status", &args);
    reply_row(county, 0, &row);
    assert_true(sb_record_has(&row, SB_FIELD_ID));
}

/* An organisation with two agents is dark when both are, since the later of the two went. */
static void test_two_agents(void **state)
{
    struct county *county = *state;
    struct agent_end *one = end_join(county, "taby", "taby-1");
    struct sb_record row;
    county_pass(county, 1000);
    (void)end_join(county, "taby", "taby-2");
    uint64_t second = county->now.wall_ms;
    (void)call(county);
    county_pass(county, county->config.dark_after_ms - 500);
    end_greet(county, one);
    county_pass(county, 500);
    board(county, "taby/tib", &row);
    assert_false(sb_record_has(&row, SB_FIELD_DARK_SINCE));
    county_pass(county, county->config.dark_after_ms);
    board(county, "taby/tib", &row);
    assert_true(sb_record_number(&row, SB_FIELD_DARK_SINCE) > second);
}

/* What is answered or declared at one goes down to the other, once each; of one that is alone, or
 * whose other was revoked, nothing comes back. */
static void test_two_agents_share(void **state)
{
    struct county *county = *state;
    struct agent_end *one = end_join(county, "taby", "taby-1");
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_hash id = call(county);
    end_answer(county, one, &id, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_NO});
    assert_int_equal(one->arrived, 3);
    struct agent_end *two = end_join(county, "taby", "taby-2");
    assert_int_equal(two->arrived, 3); /* the story so far */
    end_mandate(county, two, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    assert_int_equal(one->arrived, 4);
    end_answer(
        county, two, &id,
        (struct given){.seat = "taby/tib", .person = "q1", .holds = true, .answer = SB_ANSWER_YES});
    assert_int_equal(one->arrived, 5);
    assert_int_equal(two->arrived, 3); /* its own it holds */
    assert_int_equal(solna->arrived, 3);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "attends");
    end_answer(county, one, &id, (struct given){.seat = "taby/rcb"}); /* refused: not handed on */
    assert_int_equal(two->arrived, 4);                                /* the verdict, to both */
    assert_int_equal(two->verdicts, 1);
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_AGENT, "taby-1");
    must(county, &county->admin, "org-revoke", &args);
    end_answer(county, two, &id, (struct given){.seat = "taby/tib", .person = "q1"});
    assert_int_equal(one->arrived, 6); /* the verdict was the last */
    county_restart(county);
    end_greet(county, two); /* its streams still hold together */
    assert_int_equal(two->arrived, 4);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "attends");
}

/* After a restart nobody is known to be there, nor to be dark: silence is counted from then. */
static void test_restart_counts_silence_anew(void **state)
{
    struct county *county = *state;
    (void)end_join(county, "taby", NULL);
    struct sb_record row;
    (void)call(county);
    county_restart(county);
    county_pass(county, 1000);
    uint64_t since = county->now.wall_ms;
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RUNG), SB_RUNG_STORED);
    assert_false(sb_record_has(&row, SB_FIELD_DARK_SINCE));
    county_pass(county, county->config.dark_after_ms);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_DARK_SINCE), since);
}

/* An agent speaks of a session that the new process does not know, is told, and greets again. */
static void test_restart_forgets_sessions_only(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_hash id = call(county);
    county_restart(county);
    county_pass(county, 1000);
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_YES});
    assert_int_equal(taby->refused, SB_ERR_SESSION);
    county_pass(county, SB_HELLO_EVERY_MS);
    end_turn(county, taby);
    county_settle(county);
    assert_int_equal(sb_link_state(taby->link), SB_LINK_UP);
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "attends without mandate");
    assert_int_equal(taby->arrived, 3); /* nothing came twice */
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_dark),
        T(test_nothing_going_on),
        T(test_two_agents),
        T(test_two_agents_share),
        T(test_restart_counts_silence_anew),
        T(test_restart_forgets_sessions_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
