/* test_other_agent.c: an organisation with two agents, from one of them: what a person answered, or
 * what was declared, at the other one comes down as an entry and counts here as if it had been said
 * here. */
#include "agent_world.h"
#include "alert.h"

static struct party other; /* taby-2, for taby; keys are from fixed seeds */

static int setup(void **state)
{
    const int failed = world_setup(state);
    struct world *world = *state;

    party_keys(&other, 60);
    party_enrol(&other, &world->authority, SB_ROLE_AGENT, "taby-2", "taby");
    return failed;
}

static int teardown(void **state)
{
    party_finish(&other);
    return world_teardown(state);
}

static struct sb_hash call(struct world *world)
{
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    assert_int_equal(world->tried_count, 1);
    return id;
}

/* What a person said at the other agent. */
struct said {
    const char *person;
    enum sb_answer answer; /* NOTHING: an acknowledgement */
    bool holds;
    uint64_t ago_ms;
    const char *origin; /* NULL: taby */
    enum sb_realm realm;
};

static void other_says(struct world *world, const struct sb_hash *id, const struct said *said)
{
    const enum sb_kind kind = said->answer == SB_ANSWER_NOTHING ? SB_KIND_ACK : SB_KIND_ATTENDANCE;
    const struct sb_name person = sb_name(said->person), function = sb_name("tib");
    const struct sb_name from = sb_name(said->origin == NULL ? "taby" : said->origin);
    struct sb_record fields;
    struct sb_name origin;

    fields_begin(world, &fields, kind, said->realm == 0 ? SB_REALM_LIVE : said->realm, &origin);
    sb_record_set_name(&fields, SB_FIELD_ORIGIN, &from);
    sb_record_set_hash(&fields, SB_FIELD_REF, id);
    sb_record_set_text(&fields, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_name(&fields, SB_FIELD_PERSON, &person);
    sb_record_set_name(&fields, SB_FIELD_FUNCTION, &function);
    sb_record_set_number(&fields, SB_FIELD_HOLDS_MANDATE, said->holds);
    sb_record_set_number(&fields, SB_FIELD_ANSWERED_AT, world->now.wall_ms - said->ago_ms);
    if (said->answer != SB_ANSWER_NOTHING) {
        sb_record_set_number(&fields, SB_FIELD_ANSWER, (uint64_t)said->answer);
    }
    publish_by(world, &fields, &other, 1);
    settle(world);
}

static enum sb_err answer(struct world *world, const char *person, enum sb_answer given)
{
    struct sb_record args = {0};

    sb_record_set_text(&args, SB_FIELD_PERSON, person);
    sb_record_set_number(&args, SB_FIELD_ANSWER, (uint64_t)given);
    return ask(world, OFFICER, "answer", &args);
}

static struct sb_alert the_alert(struct world *world, const struct sb_hash *id)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_alert alert = {0};
    struct sb_seat seat;

    assert_true(sb_seat_read(sb_bytes_str("taby/tib"), &seat));
    assert_true(sb_alert_find(txn, id, &seat, &alert));
    sb_store_abort(world->agent_store, txn);
    return alert;
}

static void a_yes_there_ends_the_search_here(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    other_says(world, &id, &(struct said){"q1", SB_ANSWER_YES, .holds = true});
    assert_int_equal(the_alert(world, &id).state, SB_ALERT_ANSWERED);
    assert_string_equal(the_alert(world, &id).reached_by.text, "q1");
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, NULL), 0); /* said once, there */
    assert_int_equal(came_up(world, SB_KIND_VERDICT, NULL), 0);
    /* A "nej" here rings no deputy: another attends. */
    assert_int_equal(answer(world, "p7", SB_ANSWER_NO), SB_ERR_OK);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
}

static void a_no_there_rings_the_deputy_here(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    other_says(world, &id, &(struct said){"q1", SB_ANSWER_NO, .holds = true});
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "d9");
}

/* By the declared mandate, as the board judges: a claim alone does not suffice. */
static void without_a_mandate_the_search_goes_on(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    other_says(world, &id, &(struct said){"q1", SB_ANSWER_NOTHING, .holds = false});
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2);
}

/* Who is in both rosters and answered there is not rung here. */
static void whoever_answered_there_is_not_rung_here(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    other_says(world, &id, &(struct said){"p8", SB_ANSWER_NOTHING, .holds = false});
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "d9");
}

/* Its link was down: what was said there before what was said here does not undo it. */
static void an_older_answer_that_comes_late_undoes_nothing(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    advance(world, 10000);
    assert_int_equal(answer(world, "p7", SB_ANSWER_NO), SB_ERR_OK);
    const unsigned tried = world->tried_count;
    other_says(world, &id, &(struct said){"q1", SB_ANSWER_DEPUTY, .holds = true, .ago_ms = 5000});
    assert_int_equal(the_alert(world, &id).answer, SB_ANSWER_NO);
    other_says(world, &id, &(struct said){"q1", SB_ANSWER_YES, .holds = true});
    assert_int_equal(the_alert(world, &id).answer, SB_ANSWER_YES);
    assert_int_equal(world->tried_count, tried);
}

static void what_is_of_another_realm_or_organisation_changes_nothing(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    other_says(world, &id,
               &(struct said){"q1", SB_ANSWER_YES, .holds = true, .realm = SB_REALM_EXERCISE});
    assert_int_equal(the_alert(world, &id).state, SB_ALERT_RINGING);
    other_says(world, &id, &(struct said){"q1", SB_ANSWER_YES, .holds = true, .origin = "solna"});
    assert_int_equal(the_alert(world, &id).state, SB_ALERT_RINGING);
    assert_int_equal(came_up(world, SB_KIND_VERDICT, NULL), 1); /* taby-2 does not serve solna */
}

/* It is no letter to the duty officer, but stands in the timeline. */
static void the_inbox_shows_what_was_sent_here(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);
    struct sb_record args = {0};
    struct sb_record row;

    other_says(world, &id, &(struct said){"q1", SB_ANSWER_YES, .holds = true});
    assert_int_equal(ask(world, OFFICER, "inbox", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_CONVENING);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_YES);
    assert_false(row_at(world, 1, &row));
    assert_int_equal(ask(world, OFFICER, "events", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_ATTENDANCE);
}

static void other_declares(struct world *world, const char *function, bool withdrawn,
                           uint64_t ago_ms)
{
    const struct sb_name from = sb_name("taby"), name = sb_name(function);
    struct sb_record fields;
    struct sb_name origin;

    fields_begin(world, &fields, SB_KIND_MANDATE, SB_REALM_LIVE, &origin);
    sb_record_set_name(&fields, SB_FIELD_ORIGIN, &from);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, world->now.wall_ms - ago_ms);
    sb_record_set_name(&fields, SB_FIELD_FUNCTION, &name);
    sb_record_set_number(&fields, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_text(&fields, SB_FIELD_BASIS, "KS 2025-12");
    sb_record_set_number(&fields, SB_FIELD_VALID_FROM, world->now.wall_ms - 86400000);
    sb_record_set_number(&fields, SB_FIELD_VALID_TO, world->now.wall_ms + 86400000);
    if (withdrawn) {
        sb_record_set_number(&fields, SB_FIELD_WITHDRAWN, true);
    }
    publish_by(world, &fields, &other, 1);
    settle(world);
}

/* The newest declaration counts, wherever it was given. */
static void a_mandate_declared_there_counts_here(void **state)
{
    struct world *world = *state;
    struct sb_hash id;

    other_declares(world, "tib", true, 1000); /* older than what was declared here */
    id = call(world);
    assert_int_equal(answer(world, "p7", SB_ANSWER_YES), SB_ERR_OK);
    assert_true(the_alert(world, &id).holds_mandate);
    other_declares(world, "tib", true, 0);
    id = convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(answer(world, "p7", SB_ANSWER_YES), SB_ERR_OK);
    assert_false(the_alert(world, &id).holds_mandate);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_yes_there_ends_the_search_here),
        T(a_no_there_rings_the_deputy_here),
        T(without_a_mandate_the_search_goes_on),
        T(whoever_answered_there_is_not_rung_here),
        T(an_older_answer_that_comes_late_undoes_nothing),
        T(what_is_of_another_realm_or_organisation_changes_nothing),
        T(the_inbox_shows_what_was_sent_here),
        T(a_mandate_declared_there_counts_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
