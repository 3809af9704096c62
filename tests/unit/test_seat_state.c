/* test_seat_state.c: what stands for a seat where two sources say different things: two seats of
 * one organisation, and reports that came in another order than they were made. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_another_attends_for_it),
        T(test_reach_report_that_came_late),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
