/* test_board.c: from the call to the board: every row of the answer table as it shows at the
 * centre, the rungs, and what silence does. Agents' end of the link is driven by hand. */
#include "broker_board.h"

static struct sb_hash inform(struct county *county)
{
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash id;
    struct sb_list_writer to;
    sb_list_init(&to);
    sb_list_add(&to, sb_bytes_str("rsf"));
    sb_record_set_bytes(&args, SB_FIELD_TO, sb_list_bytes(&to));
    sb_record_set_text(&args, SB_FIELD_TITLE, "Halka");
    sb_record_set_text(&args, SB_FIELD_TEXT, "Kör försiktigt.");
    must(county, &county->tib, "inform", &args);
    sb_list_finish(&to);
    reply_row(county, 0, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &id));
    county_settle(county);
    return id;
}

/* HELLO → WELCOME → DATA → RECEIPT → PROOF: the rungs of machines. */
static void test_stored_and_proven(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    call(county);
    assert_int_equal(taby->arrived, 3);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RUNG), SB_RUNG_STORED);
    assert_int_equal(sb_record_number(&row, SB_FIELD_STORED_AT), county->now.wall_ms);
    assert_false(sb_record_has(&row, SB_FIELD_PROVEN_AT));
    assert_false(sb_record_has(&row, SB_FIELD_ACKED_AT));
    uint64_t stored = county->now.wall_ms;
    county->now.mono_ms += SB_PROOF_AFTER_MS;
    county->now.wall_ms += SB_PROOF_AFTER_MS;
    end_turn(county, taby);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_STORED_AT), stored);
    assert_int_equal(sb_record_number(&row, SB_FIELD_PROVEN_AT), county->now.wall_ms);
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "waits for an answer");
    board(county, "solna/tib", &row); /* nobody enrolled: nothing known, and what to ring */
    assert_int_equal(sb_record_number(&row, SB_FIELD_RUNG), SB_RUNG_QUEUED);
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_RED);
    assert_false(sb_record_has(&row, SB_FIELD_DARK_SINCE));
    assert_true(sb_record_has(&row, SB_FIELD_ENROLLED));
    assert_int_equal(sb_record_number(&row, SB_FIELD_ENROLLED), 0);
    assert_true(row_says(&row, SB_FIELD_RING, "08-46500421"));
}

/* The head row, and the worst first. */
static void test_order_of_rows(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record none = {0};
    struct sb_record row;
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    end_answer(county, taby, &id,
               (struct given){.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_YES});
    must(county, &county->viewer, "status", &none);
    assert_int_equal(reply_rows(county), 5);
    reply_row(county, 0, &row);
    assert_false(sb_record_has(&row, SB_FIELD_SEAT));
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 4);
    assert_true(row_says(&row, SB_FIELD_TITLE, "Snöoväder"));
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER_BY),
                     county->now.wall_ms + SB_ANSWER_BY_DEFAULT_MS);
    reply_row(county, 1, &row); /* red, in the register's order */
    assert_true(row_says(&row, SB_FIELD_SEAT, "lst-ab/tib"));
    reply_row(county, 4, &row); /* green last, though registered before solna */
    assert_true(row_says(&row, SB_FIELD_SEAT, "taby/tib"));
    assert_int_equal(sb_record_number(&row, SB_FIELD_RUNG), SB_RUNG_MANDATED);
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_VALID);
    assert_true(row_says(&row, SB_FIELD_PERSON, "p7"));
}

static void test_only_one_organisation(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    call(county);
    sb_record_set_text(&args, SB_FIELD_ORG, "lst-ab");
    must(county, &county->viewer, "status", &args);
    assert_int_equal(reply_rows(county), 3);
}

/* Every row of the answer table that an answer makes. */
static void test_answer_table(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    const struct sb_name seat = {.text = "taby/tib"};
    static const struct {
        bool declared, holds;
        enum sb_answer answer;
        enum sb_colour colour;
        const char *notice;
        enum sb_mandate_state mandate;
    } rows[] = {
        {false, true, 0, SB_COLOUR_AMBER, "acknowledged without mandate", SB_MANDATE_UNDECLARED},
        {true, true, 0, SB_COLOUR_AMBER, "waits for attendance", SB_MANDATE_VALID},
        {true, false, 0, SB_COLOUR_AMBER, "acknowledged without mandate", SB_MANDATE_NONE},
        {true, true, SB_ANSWER_YES, SB_COLOUR_GREEN, "attends", SB_MANDATE_VALID},
        {true, false, SB_ANSWER_YES, SB_COLOUR_AMBER, "attends without mandate", SB_MANDATE_NONE},
        {true, true, SB_ANSWER_AT, SB_COLOUR_GREEN, "joins later", SB_MANDATE_VALID},
        {true, false, SB_ANSWER_AT, SB_COLOUR_AMBER, "joins later without mandate",
         SB_MANDATE_NONE},
        {true, true, SB_ANSWER_DEPUTY, SB_COLOUR_AMBER, "waits for the deputy", SB_MANDATE_VALID},
        {true, true, SB_ANSWER_NO, SB_COLOUR_AMBER, "reached, does not attend", SB_MANDATE_VALID},
        {true, false, SB_ANSWER_NO, SB_COLOUR_AMBER, "does not attend, without mandate",
         SB_MANDATE_NONE},
    };
    bool declared = false;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].declared && !declared) {
            end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
            declared = true;
        }
        struct sb_hash id = call(county);
        end_answer(county, taby, &id,
                   (struct given){
                       .seat = seat.text,
                       .holds = rows[i].holds,
                       .answer = rows[i].answer,
                       .at = rows[i].answer == SB_ANSWER_AT ? county->now.wall_ms + 600000 : 0});
        colour_is(county, seat.text, rows[i].colour, rows[i].notice);
        struct sb_record row;
        board(county, seat.text, &row);
        assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), rows[i].mandate);
        assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), rows[i].answer);
    }
    assert_int_equal(taby->verdicts, 0);
}

static void test_joins_at_becomes_overdue(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    uint64_t at = county->now.wall_ms + 1000;
    end_answer(county, taby, &id,
               (struct given){.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_AT, .at = at});
    county_pass(county, 1000);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "joins later");
    county_pass(county, 1);
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "should have joined");
}

/* A later answer supersedes, by when it was given and not by when it came. */
static void test_later_answer_supersedes(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    struct given given = {.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_NO};
    county_pass(county, 5000);
    given.answered_at = county->now.wall_ms - 2000;
    end_answer(county, taby, &id, given);
    given.answer = SB_ANSWER_YES;
    given.answered_at = county->now.wall_ms - 3000; /* given before, came after */
    end_answer(county, taby, &id, given);
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "reached, does not attend");
    given.answered_at = county->now.wall_ms - 2000; /* at the same time: the one that came later */
    end_answer(county, taby, &id, given);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "attends");
    given.answer = 0; /* an acknowledgement takes no attendance back */
    given.answered_at = county->now.wall_ms;
    given.holds = false;
    end_answer(county, taby, &id, given);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "attends");
}

static void test_late_answer_is_taken_and_marked(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    uint64_t by = county->now.wall_ms + SB_ANSWER_BY_DEFAULT_MS;
    struct given given = {.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_YES};
    given.answered_at = by;
    county_pass(county, SB_ANSWER_BY_DEFAULT_MS + 1);
    end_greet(county, taby);
    end_answer(county, taby, &id, given);
    board(county, "taby/tib", &row);
    assert_false(sb_record_has(&row, SB_FIELD_LATE));
    given.answered_at = by + 1;
    end_answer(county, taby, &id, given);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_LATE), 1);
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_GREEN);
    assert_int_equal(taby->verdicts, 0);
}

/* "nej" is green where another of the organisation attends; a supporting seat is not another. */
static void test_another_attends(void **state)
{
    struct county *county = *state;
    struct agent_end *lst = end_join(county, "lst-ab", NULL);
    end_mandate(county, lst, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    end_answer(county, lst, &id,
               (struct given){.seat = "lst-ab/kib", .function = "kib", .answer = SB_ANSWER_YES});
    end_answer(county, lst, &id,
               (struct given){.seat = "lst-ab/tib", .holds = true, .answer = SB_ANSWER_NO});
    colour_is(county, "lst-ab/kib", SB_COLOUR_GREEN, "attends");
    colour_is(county, "lst-ab/tib", SB_COLOUR_AMBER, "reached, does not attend");
    struct sb_record row;
    board(county, "lst-ab/kib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_NOT_NEEDED);
}

static void test_information_needs_no_attendance(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = inform(county);
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .holds = true});
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "acknowledged");
}

/* What was answered while our clock was ahead does not outlive it: what comes next is later. */
static void test_answer_while_the_clock_was_ahead(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    struct sb_hash id = call(county);
    county->now.wall_ms += 60000;
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_YES});
    county->now.wall_ms -= 60000;
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_NO});
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_NO);
}

/* Reports climb the rungs of machines; what persons say, a report cannot claim. */
static void test_reach_reports(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    struct sb_hash id = call(county);
    report(county, taby, &id, SB_RUNG_NOTIFIED, SB_STEP_PERSON);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_NOTIFIED_AT), county->now.wall_ms);
    assert_int_equal(sb_record_number(&row, SB_FIELD_LEFT), 2);
    assert_int_equal(sb_record_number(&row, SB_FIELD_STEP), SB_STEP_PERSON);
    county_pass(county, 1000);
    report(county, taby, &id, SB_RUNG_MANDATED, SB_STEP_PERSON);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RUNG), SB_RUNG_NOTIFIED);
    report(county, taby, &id, SB_RUNG_NOTIFIED, SB_STEP_EXHAUSTED);
    board(county, "taby/tib", &row);
    assert_true(sb_record_has(&row, SB_FIELD_LEFT));
    assert_int_equal(sb_record_number(&row, SB_FIELD_LEFT), 0);
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_RED);
    assert_true(row_says(&row, SB_FIELD_RING, "08-46500414, Rakel 2370014"));
}

static void test_reached_otherwise(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record args = {0};
    struct sb_record row;
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    unsigned before = taby->arrived;
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_text(&args, SB_FIELD_VIA, "carrier-pigeon");
    assert_int_equal(ask(county, &county->tib, "reached", &args), SB_ERR_VALUE);
    sb_record_set_text(&args, SB_FIELD_VIA, "rakel");
    sb_record_set_text(&args, SB_FIELD_CODE, "ALFA 7");
    sb_record_set_number(&args, SB_FIELD_HOLDS_MANDATE, 1);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    must(county, &county->tib, "reached", &args);
    county_settle(county);
    assert_int_equal(taby->arrived, before + 1); /* the agent is told, so that it stops */
    board(county, "taby/tib", &row);
    assert_true(row_says(&row, SB_FIELD_VIA, "rakel"));
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_GREEN);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RUNG), SB_RUNG_MANDATED);
    county_pass(county, 1000);
    end_answer(county, taby, &id, /* the agent confirms */
               (struct given){.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_YES});
    board(county, "taby/tib", &row);
    assert_false(sb_record_has(&row, SB_FIELD_VIA));
    assert_true(row_says(&row, SB_FIELD_NOTICE, "attends"));
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/kib");
    assert_int_equal(ask(county, &county->tib, "reached", &args), SB_ERR_NOT_FOUND);
}

/* Reached by phone after a "nej": the answer table has one row for it, whatever was said before. */
static void test_reached_after_a_no(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    struct given given = {.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_NO};
    given.answered_at = county->now.wall_ms;
    end_answer(county, taby, &id, given);
    county_pass(county, 2000);
    reached(county, false, SB_ANSWER_NOTHING);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "reached otherwise");
    board(county, "taby/tib", &row);
    assert_false(sb_record_has(&row, SB_FIELD_ANSWER));
    assert_true(row_says(&row, SB_FIELD_VIA, "phone"));
    given.answered_at = county->now.wall_ms - 1000; /* said before, came after */
    end_answer(county, taby, &id, given);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "reached otherwise");
    county_pass(county, 1000);
    given.answered_at = county->now.wall_ms;
    end_answer(county, taby, &id, given);
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "reached, does not attend");
    reached(county, true, SB_ANSWER_NOTHING); /* at the same time: TiB's */
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "reached otherwise, with mandate");
}

/* The agent was cut off: its people's "ja" and, before TiB rang, "nej" come after TiB's entry. */
static void test_reached_between_two_answers(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    struct given given = {.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_YES};
    given.answered_at = county->now.wall_ms;
    end_answer(county, taby, &id, given);
    county_pass(county, 2000);
    reached(county, false, SB_ANSWER_NOTHING);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "attends"); /* that stands back */
    given.answer = SB_ANSWER_NO;
    given.answered_at = county->now.wall_ms - 1000;
    end_answer(county, taby, &id, given);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "reached otherwise");
}

/* The deputy has it after the first one's "nej": the seat waits for the deputy's answer. */
static void test_a_deputy_acknowledges_after_a_no(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    end_answer(county, taby, &id,
               (struct given){.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_NO});
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .holds = true}); /* p7 again */
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "reached, does not attend");
    end_answer(county, taby, &id,
               (struct given){.seat = "taby/tib", .person = "d9", .holds = true});
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "waits for attendance");
    board(county, "taby/tib", &row);
    assert_true(row_says(&row, SB_FIELD_PERSON, "d9"));
    assert_false(sb_record_has(&row, SB_FIELD_ANSWER));
}

/* The agent refused an entry: red with the number to ring. */
static void test_refused_by_the_agent(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record fields = {0};
    struct sb_record row;
    struct sb_hash id = call(county);
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_VERDICT);
    sb_record_set_hash(&fields, SB_FIELD_REF, &id);
    sb_record_set_number(&fields, SB_FIELD_REASON_CODE, SB_ERR_SIGNATURE);
    end_issue(county, taby, &fields);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_VERDICT), SB_ERR_SIGNATURE);
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_RED);
    assert_true(sb_record_has(&row, SB_FIELD_RING));
    assert_int_equal(taby->verdicts, 0);
    board(county, "solna/tib", &row); /* only that organisation's */
    assert_false(sb_record_has(&row, SB_FIELD_VERDICT));
}

static void test_recalled(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record none = {0};
    struct sb_record row;
    struct sb_hash id = call(county);
    must(county, &county->tib, "recall", &none);
    county_settle(county);
    assert_int_equal(taby->arrived, 4);
    colour_is(county, "taby/tib", SB_COLOUR_GREEN, "recalled");
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RECALLED), 1);
    end_answer(county, taby, &id, /* taken all the same */
               (struct given){.seat = "taby/tib", .answer = SB_ANSWER_YES});
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_YES);
    assert_int_equal(taby->verdicts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_stored_and_proven),
        T(test_order_of_rows),
        T(test_only_one_organisation),
        T(test_answer_table),
        T(test_joins_at_becomes_overdue),
        T(test_later_answer_supersedes),
        T(test_late_answer_is_taken_and_marked),
        T(test_another_attends),
        T(test_information_needs_no_attendance),
        T(test_answer_while_the_clock_was_ahead),
        T(test_reach_reports),
        T(test_reached_otherwise),
        T(test_reached_after_a_no),
        T(test_reached_between_two_answers),
        T(test_a_deputy_acknowledges_after_a_no),
        T(test_refused_by_the_agent),
        T(test_recalled),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
