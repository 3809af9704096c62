/* test_alert.c: one alert's life: its table of moves, whom it rings and when, and what each answer
 * does. Recalls and crashes are test_agent.c's. */
#include "../../agent/core/alert.h"
#include "agent_world.h"

#define STATES (SB_ALERT_SUPERSEDED + 1)

static struct sb_alert the_alert(struct world *world, const struct sb_hash *id, const char *seat)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_alert alert = {0};
    struct sb_seat read;

    assert_true(sb_seat_read(sb_bytes_str(seat), &read));
    assert_true(sb_alert_find(txn, id, &read, &alert));
    sb_store_abort(world->agent_store, txn);
    return alert;
}

static struct sb_hash call(struct world *world)
{
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    assert_int_equal(world->tried_count, 1);
    return id;
}

static void check_state(struct world *world, const struct sb_hash *id, enum sb_alert_state state)
{
    assert_int_equal(the_alert(world, id, "taby/tib").state, state);
}

static void moves(void **state)
{
    /* From the row to the column: H R A E R S. */
    static const bool allowed[STATES][STATES] = {
        [SB_ALERT_HELD] = {0, 0, 1, 1, 0, 1, 1},     [SB_ALERT_RINGING] = {0, 0, 0, 1, 1, 1, 1},
        [SB_ALERT_ANSWERED] = {0, 0, 1, 0, 1, 1, 1}, [SB_ALERT_EXHAUSTED] = {0, 0, 1, 1, 0, 1, 1},
        [SB_ALERT_RECALLED] = {0, 0, 0, 0, 0, 0, 0}, [SB_ALERT_SUPERSEDED] = {0, 0, 0, 0, 0, 1, 0},
    };

    (void)state;
    for (unsigned from = 0; from < STATES; from++) {
        for (unsigned to = 0; to < STATES; to++) {
            assert_int_equal(sb_alert_may_move((enum sb_alert_state)from, (enum sb_alert_state)to),
                             allowed[from][to]);
        }
    }
    assert_false(sb_alert_may_move((enum sb_alert_state)STATES, SB_ALERT_RINGING));
}

static void move_out_of_recalled(void)
{
    struct sb_alert alert = {.state = SB_ALERT_RECALLED};

    sb_alert_move(&alert, SB_ALERT_RINGING);
}

static void a_move_outside_the_table_is_our_bug(void **state)
{
    (void)state;
    assert_true(check_aborts(move_out_of_recalled));
}

static void a_row_keeps_everything(void **state)
{
    struct world *world = *state;
    const struct sb_alert before = {
        .id = {{1, 2}},
        .text = "~taby/kommundirektor:tib",
        .seat = {.org = sb_name("taby"),
                 .function = sb_name("kommundirektor"),
                 .via = sb_name("tib"),
                 .supports = true},
        .group = {3},
        .has_group = true,
        .realm = SB_REALM_TEST,
        .kind = SB_KIND_PICTURE,
        .level = SB_LEVEL_INRIKTANDE_FORUM,
        .state = SB_ALERT_EXHAUSTED,
        .answer_by = 11,
        .starts = 12,
        .corrected = true,
        .correction = {{4}},
        .person = sb_name("p7"),
        .reached_by = sb_name("p8"),
        .turn = 5,
        .tries = 6,
        .left = 7,
        .step = SB_STEP_DEPUTY,
        .due = 8,
        .notified_at = 13,
        .opened_at = 14,
        .acked_at = 15,
        .at = 16,
        .answer = SB_ANSWER_AT,
        .holds_mandate = true,
        .reminded = true,
    };
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_turn turn = {.agent = world->agent, .txn = txn};
    struct sb_alert after = {0};

    sb_alert_save(&turn, &before);
    assert_true(sb_alert_find(txn, &before.id, &before.seat, &after));
    assert_memory_equal(&after.id, &before.id, sizeof after.id);
    assert_string_equal(after.text, before.text);
    assert_string_equal(after.seat.via.text, "tib");
    assert_true(after.seat.supports && after.has_group && after.corrected);
    assert_memory_equal(after.group, before.group, sizeof after.group);
    assert_memory_equal(&after.correction, &before.correction, sizeof after.correction);
    assert_int_equal(after.realm, before.realm);
    assert_int_equal(after.kind, before.kind);
    assert_int_equal(after.level, before.level);
    assert_int_equal(after.state, before.state);
    assert_int_equal(after.answer_by, before.answer_by);
    assert_int_equal(after.starts, before.starts);
    assert_string_equal(after.person.text, "p7");
    assert_string_equal(after.reached_by.text, "p8");
    assert_int_equal(after.turn, before.turn);
    assert_int_equal(after.tries, before.tries);
    assert_int_equal(after.left, before.left);
    assert_int_equal(after.step, before.step);
    assert_int_equal(after.due, before.due);
    assert_int_equal(after.notified_at, before.notified_at);
    assert_int_equal(after.opened_at, before.opened_at);
    assert_int_equal(after.acked_at, before.acked_at);
    assert_int_equal(after.at, before.at);
    assert_int_equal(after.answer, before.answer);
    assert_true(after.holds_mandate && after.reminded);
    sb_store_abort(world->agent_store, txn);
}

static void a_row_keeps_both_who_answered_and_what_tib_entered(void **state)
{
    struct world *world = *state;
    const struct sb_alert before = {
        .text = "taby/tib",
        .seat = {.org = sb_name("taby"), .function = sb_name("tib")},
        .state = SB_ALERT_ANSWERED,
        .due = SB_NEVER_MS,
        .answered_at = 17,
        .aside = {.given_at = 18, .answer = SB_ANSWER_NO, .via = sb_name("rakel")},
    };
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_turn turn = {.agent = world->agent, .txn = txn};
    struct sb_alert after = {0};

    sb_alert_save(&turn, &before);
    assert_true(sb_alert_find(txn, &before.id, &before.seat, &after));
    assert_int_equal(after.answered_at, 17);
    assert_int_equal(after.aside.given_at, 18);
    assert_int_equal(after.aside.answer, SB_ANSWER_NO);
    assert_string_equal(after.aside.via.text, "rakel");
    sb_store_abort(world->agent_store, txn);
}

static void the_timer_goes_to_the_next_until_nobody_is_left(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);
    struct sb_record reach;

    advance(world, STEP_MS - 1);
    assert_int_equal(world->tried_count, 1);
    advance(world, 1);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "p8");
    advance(world, STEP_MS);
    assert_string_equal(world->tried[2].person, "d9");
    assert_int_equal(the_alert(world, &id, "taby/tib").step, SB_STEP_EXHAUSTED);
    advance(world, STEP_MS - 1);
    check_state(world, &id, SB_ALERT_RINGING);
    advance(world, 1);
    check_state(world, &id, SB_ALERT_EXHAUSTED);
    assert_non_null(strstr(world->traces, "exhausted taby/tib\n"));
    /* One report a step: three people, then nobody. */
    assert_int_equal(came_up(world, SB_KIND_REACH, &reach), 4);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_STEP), SB_STEP_EXHAUSTED);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_LEFT), 0);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_TRIES), 3);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_RUNG), SB_RUNG_STORED);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 3);
}

/* The wall clock jumps an hour: no step comes early, none late. */
static void a_jump_of_the_wall_clock_moves_no_step(void **state)
{
    struct world *world = *state;

    call(world);
    world->now.wall_ms += 3600000;
    advance(world, STEP_MS - 1);
    assert_int_equal(world->tried_count, 1);
    world->now.wall_ms -= 7200000;
    advance(world, 1);
    assert_int_equal(world->tried_count, 2);
}

static void nobody_in_the_roster_is_exhausted_at_once(void **state)
{
    struct world *world = *state;
    struct sb_record reach;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/vb"});

    settle(world);
    assert_int_equal(the_alert(world, &id, "taby/vb").state, SB_ALERT_EXHAUSTED);
    assert_int_equal(came_up(world, SB_KIND_REACH, &reach), 1);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_LEFT), 0);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_STEP), SB_STEP_EXHAUSTED);
}

static void notified_and_opened_are_reported_once(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record reach;

    call(world);
    assert_int_equal(came_up(world, SB_KIND_REACH, NULL), 1);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_REACH, &reach), 2);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_RUNG), SB_RUNG_NOTIFIED);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_STEP), SB_STEP_PERSON);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_STEP_AT), world->now.wall_ms + STEP_MS);
    sb_record_set_text(&args, SB_FIELD_ATTEMPT, world->tried[0].key);
    sb_record_set_number(&args, SB_FIELD_RUNG, SB_RUNG_OPENED);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_OK);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_REACH, &reach), 3);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_RUNG), SB_RUNG_OPENED);
}

/* Opened in the very turn in which the next is rung: two moves, one report of where it stands. */
static void two_moves_in_a_turn_are_one_report(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record reach;

    call(world);
    advance(world, STEP_MS - 1);
    assert_int_equal(came_up(world, SB_KIND_REACH, NULL), 1);
    world->now.mono_ms++;
    world->now.wall_ms++;
    sb_record_set_text(&args, SB_FIELD_ATTEMPT, world->tried[0].key);
    sb_record_set_number(&args, SB_FIELD_RUNG, SB_RUNG_OPENED);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_OK);
    settle(world);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(came_up(world, SB_KIND_REACH, &reach), 2);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_RUNG), SB_RUNG_OPENED);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_TRIES), 2);
}

static void yes_with_mandate_stops(void **state)
{
    struct world *world = *state;
    struct sb_record answer;
    const struct sb_hash id = call(world);

    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    settle(world);
    check_state(world, &id, SB_ALERT_ANSWERED);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, &answer), 1);
    assert_int_equal(sb_record_number(&answer, SB_FIELD_HOLDS_MANDATE), true);
    assert_int_equal(sb_record_number(&answer, SB_FIELD_ANSWER), SB_ANSWER_YES);
    assert_int_equal(sb_record_number(&answer, SB_FIELD_ANSWERED_AT), world->now.wall_ms);
    assert_true(sb_bytes_equal(sb_record_bytes(&answer, SB_FIELD_FUNCTION), sb_bytes_str("tib")));
    assert_true(sb_bytes_equal(sb_record_bytes(&answer, SB_FIELD_PERSON), sb_bytes_str("p7")));
    assert_true(sb_bytes_equal(sb_record_bytes(&answer, SB_FIELD_VIA), sb_bytes_str("sms")));
    assert_non_null(strstr(world->traces, "answer p7 yes\n"));
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
}

static void no_with_mandate_rings_the_deputy_at_once(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "d9"); /* past p8 */
    check_state(world, &id, SB_ALERT_RINGING);
    assert_int_equal(fact(world, world->tried[1].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 2);
}

static void deputy_asked_for_is_rung_at_once(void **state)
{
    struct world *world = *state;

    call(world);
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_DEPUTY), SB_ERR_OK);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "d9");
    assert_non_null(strstr(world->traces, "answer p7 deputy\n"));
    /* No deputy is left: then whoever is, rather than nobody. */
    assert_int_equal(fact(world, world->tried[1].key, NULL, SB_ANSWER_DEPUTY), SB_ERR_OK);
    assert_string_equal(world->tried[2].person, "p8");
}

static void everybody_says_no(void **state)
{
    struct world *world = *state;
    struct sb_record reach;
    const struct sb_hash id = call(world);

    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(world->tried_count, i + 1);
        assert_int_equal(fact(world, world->tried[i].key, NULL, SB_ANSWER_NO), SB_ERR_OK);
    }
    check_state(world, &id, SB_ALERT_EXHAUSTED);
    settle(world);
    assert_true(came_up(world, SB_KIND_REACH, &reach) > 0);
    assert_int_equal(sb_record_number(&reach, SB_FIELD_STEP), SB_STEP_EXHAUSTED);
    /* One changes their mind. */
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
}

static void without_mandate_the_search_goes_on(void **state)
{
    struct world *world = *state;
    struct sb_record ack;
    const struct sb_hash id = call(world);

    world->roster.person[0].mandate_count = 0;
    assert_int_equal(fact(world, world->tried[0].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ACK, &ack), 1);
    assert_int_equal(sb_record_number(&ack, SB_FIELD_HOLDS_MANDATE), false);
    check_state(world, &id, SB_ALERT_RINGING);
    advance(world, STEP_MS);
    assert_string_equal(world->tried[1].person, "p8");
    advance(world, STEP_MS);
    assert_string_equal(world->tried[2].person, "d9");
    assert_int_equal(fact(world, world->tried[2].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
}

/* The roster says that p7 holds it; the organisation has withdrawn it: it counts as none. */
static void a_mandate_that_is_not_declared_counts_as_none(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record answer;
    const struct sb_hash id = call(world);

    sb_record_set_text(&args, SB_FIELD_FUNCTION, "tib");
    sb_record_set_number(&args, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    assert_int_equal(ask(world, OFFICER, "mandate-withdraw", &args), SB_ERR_OK);
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, &answer), 1);
    assert_int_equal(sb_record_number(&answer, SB_FIELD_HOLDS_MANDATE), false);
    check_state(world, &id, SB_ALERT_RINGING);
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2);
}

static void a_supporting_seat_needs_no_mandate(void **state)
{
    struct world *world = *state;
    struct sb_record row;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "~taby/tib"});

    settle(world);
    world->roster.person[0].mandate_count = 0;
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_NOT_NEEDED);
    check_state(world, &id, SB_ALERT_ANSWERED);
}

static void an_acknowledgement_is_reminded_once_half_way(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    assert_int_equal(fact(world, world->tried[0].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
    assert_int_equal(the_alert(world, &id, "taby/tib").step, SB_STEP_REMIND);
    advance(world, (300000 - SB_JUDGE_AFTER_MS) / 2 - 1); /* the call is that old already */
    assert_int_equal(world->tried_count, 1);
    advance(world, 1);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "p7");
    assert_non_null(strstr(world->traces, "remind p7\n"));
    advance(world, 600000);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(fact(world, world->tried[1].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
}

static void a_late_answer_is_taken(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;
    const struct sb_hash id = call(world);

    advance(world, 400000);
    check_state(world, &id, SB_ALERT_EXHAUSTED);
    sb_record_set_text(&args, SB_FIELD_PERSON, "p7");
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_true(sb_bytes_starts_with(sb_record_bytes(&row, SB_FIELD_NOTICE),
                                     sb_bytes_str("after the deadline")));
    check_state(world, &id, SB_ALERT_ANSWERED);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, NULL), 1);
}

/* p8 was not rung yet and says by the command line that it is no use. */
static void who_has_answered_is_not_rung(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    call(world);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO);
    sb_record_set_text(&args, SB_FIELD_PERSON, "p8");
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "d9");
}

/* p7 attends; that p8 cannot come, or has no mandate, wakes nobody more. */
static void anothers_no_does_not_undo_a_yes(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    assert_int_equal(fact(world, world->tried[1].key, NULL, SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(fact(world, world->tried[1].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
    assert_int_equal(world->tried_count, 2);
    /* Their own change of mind does. */
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_NO), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_RINGING);
    assert_string_equal(tried_last(world)->person, "d9");
}

/* p8 attends and holds no mandate: that p7, who does, has it too does not settle who attends. */
static void an_acknowledgement_completes_no_answer(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    advance(world, STEP_MS);
    assert_int_equal(fact(world, world->tried[1].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    assert_int_equal(fact(world, world->tried[0].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_RINGING);
    assert_int_equal(the_alert(world, &id, "taby/tib").answer, SB_ANSWER_YES);
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
}

/* p7 cannot; the deputy has it: nobody more is rung while the deputy decides. */
static void an_acknowledgement_after_a_no_waits_for_its_answer(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(fact(world, world->tried[0].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_RINGING);
    assert_int_equal(fact(world, world->tried[1].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
    assert_int_equal(the_alert(world, &id, "taby/tib").answer, SB_ANSWER_NOTHING);
    assert_int_equal(world->tried_count, 2);
}

/* Without mandate, then one with it: the search ends. */
static void an_acknowledgement_with_mandate_stands_over_one_without(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    world->roster.function[0].people[0] = 1;
    world->roster.function[0].people[1] = 0;
    settle(world);
    assert_int_equal(fact(world, world->tried[0].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_RINGING);
    advance(world, STEP_MS);
    assert_int_equal(fact(world, world->tried[1].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
    assert_string_equal(the_alert(world, &id, "taby/tib").reached_by.text, "p7");
    assert_int_equal(fact(world, world->tried[0].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    check_state(world, &id, SB_ALERT_ANSWERED);
}

static void a_failed_channel_gives_the_next_at_once(void **state)
{
    struct world *world = *state;
    struct sb_roster_person *p7 = &world->roster.person[0];

    p7->channel[1].kind = sb_name("phone");
    p7->channel_count = 2;
    call(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_FAILED), SB_ERR_OK);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "p7");
    assert_string_equal(world->tried[1].channel, "phone");
    assert_int_equal(result(world, world->tried[1].key, SB_RESULT_FAILED), SB_ERR_OK);
    assert_int_equal(world->tried_count, 3);
    assert_string_equal(world->tried[2].person, "p8");
    /* The timer began anew with p8. */
    advance(world, STEP_MS - 1);
    assert_int_equal(world->tried_count, 3);
    /* A late failure of one who is no longer being tried moves nothing. */
    advance(world, 1);
    assert_int_equal(world->tried_count, 4);
    assert_int_equal(result(world, world->tried[2].key, SB_RESULT_FAILED), SB_ERR_OK);
    assert_int_equal(world->tried_count, 4);
}

static void try_again_is_tried_again_up_to_the_limit(void **state)
{
    struct world *world = *state;

    world->roster.function[0].step_ms = 10 * SB_ATTEMPT_RETRY_MS;
    call(world);
    for (unsigned tries = 1; tries < SB_ATTEMPT_RETRY_MAX; tries++) {
        assert_int_equal(result(world, tried_last(world)->key, SB_RESULT_RETRY), SB_ERR_OK);
        advance(world, SB_ATTEMPT_RETRY_MS - 1);
        assert_int_equal(world->tried_count, tries);
        advance(world, 1);
        assert_int_equal(world->tried_count, tries + 1);
        assert_string_equal(tried_last(world)->person, "p7");
        assert_string_not_equal(tried_last(world)->key, world->tried[0].key);
    }
    assert_int_equal(result(world, tried_last(world)->key, SB_RESULT_RETRY), SB_ERR_OK);
    assert_string_equal(tried_last(world)->person, "p8");
}

static void a_roster_that_changed_skips_nobody(void **state)
{
    struct world *world = *state;
    struct sb_roster_function *tib = &world->roster.function[0];

    call(world);
    tib->people[0] = 1; /* p7 left: p8 is now the first */
    tib->people_count = 1;
    sb_agent_set_roster(world->agent, &world->roster);
    advance(world, STEP_MS);
    assert_string_equal(tried_last(world)->person, "p8");
    advance(world, STEP_MS);
    assert_string_equal(tried_last(world)->person, "d9");
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves),
        cmocka_unit_test(a_move_outside_the_table_is_our_bug),
        T(a_row_keeps_everything),
        T(a_row_keeps_both_who_answered_and_what_tib_entered),
        T(the_timer_goes_to_the_next_until_nobody_is_left),
        T(a_jump_of_the_wall_clock_moves_no_step),
        T(nobody_in_the_roster_is_exhausted_at_once),
        T(notified_and_opened_are_reported_once),
        T(two_moves_in_a_turn_are_one_report),
        T(yes_with_mandate_stops),
        T(no_with_mandate_rings_the_deputy_at_once),
        T(deputy_asked_for_is_rung_at_once),
        T(everybody_says_no),
        T(without_mandate_the_search_goes_on),
        T(a_mandate_that_is_not_declared_counts_as_none),
        T(a_supporting_seat_needs_no_mandate),
        T(an_acknowledgement_is_reminded_once_half_way),
        T(a_late_answer_is_taken),
        T(who_has_answered_is_not_rung),
        T(anothers_no_does_not_undo_a_yes),
        T(an_acknowledgement_completes_no_answer),
        T(an_acknowledgement_after_a_no_waits_for_its_answer),
        T(an_acknowledgement_with_mandate_stands_over_one_without),
        T(a_failed_channel_gives_the_next_at_once),
        T(try_again_is_tried_again_up_to_the_limit),
        T(a_roster_that_changed_skips_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
