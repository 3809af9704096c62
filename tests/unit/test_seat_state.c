/* test_seat_state.c: what stands for a seat where two sources say different things: two seats of
 * one organisation, reports that came in another order than they were made, and a clock that was
 * put back between two entries of TiB's. */
#include "broker_board.h"

/* Where a forum calls two functions of an organisation, one of them is enough. */
static void test_another_attends_for_it(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash id;
    county_load(county, "forum-load",
                "id,name,level,mode,seats\npar,Par,samordnande,aktiverat,\"kommun:tib,vb\"\n");
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    end_mandate(county, taby, "vb", SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_text(&args, SB_FIELD_FORUM, "par");
    sb_record_set_text(&args, SB_FIELD_TITLE, "Snöoväder");
    must(county, &county->tib, "call", &args);
    reply_row(county, 2, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &id));
    county_settle(county);
    end_answer(county, taby, &id,
               (struct given){.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_NO});
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "reached, does not attend");
    end_answer(county, taby, &id,
               (struct given){
                   .seat = "taby/vb", .function = "vb", .holds = true, .answer = SB_ANSWER_YES});
    colour_is(county, "taby/vb", SB_COLOUR_GREEN, "attends");
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "reached, another attends");
}

/* What an agent that was cut off reported late does not take back what stands. */
static void test_reach_report_that_came_late(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    struct sb_hash id = call(county);
    county_pass(county, 2000);
    report(county, taby, &id, SB_RUNG_OPENED, SB_STEP_EXHAUSTED);
    const uint64_t opened = county->now.wall_ms;
    county->now.wall_ms -= 1000;
    report(county, taby, &id, SB_RUNG_NOTIFIED, SB_STEP_PERSON);
    county->now.wall_ms += 1000;
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_OPENED_AT), opened);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RUNG), SB_RUNG_OPENED);
    assert_int_equal(sb_record_number(&row, SB_FIELD_STEP), SB_STEP_EXHAUSTED);
}

/* TiB's slip is put right also where our clock was put back in between. */
static void test_entered_while_the_clock_was_ahead(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    struct sb_hash id = call(county);
    county->now.wall_ms += 60000;
    const uint64_t ahead = county->now.wall_ms;
    reached(county, false, SB_ANSWER_YES);
    county->now.wall_ms -= 60000;
    reached(county, false, SB_ANSWER_NO);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_NO);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWERED_AT), ahead + 1);
    /* What the agent says to that it dates by its own clock, and so it stands back at both ends. */
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_YES});
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_NO);
    reached(county, false, SB_ANSWER_DEPUTY);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_DEPUTY);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWERED_AT), ahead + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_another_attends_for_it),
        T(test_reach_report_that_came_late),
        T(test_entered_while_the_clock_was_ahead),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
