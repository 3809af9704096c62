/* test_alert_settled.c: whom an alert must not ring: what was reached otherwise, ended, recalled,
 * or answered by another. The ordinary life of an alert is test_alert.c's, events of two realms
 * test_agent_realms.c's. */
#include "../../agent/core/alert.h"
#include "agent_world.h"

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

static struct sb_hash call(struct world *world)
{
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    assert_int_equal(world->tried_count, 1);
    return id;
}

/* A duty officer's answer at the agent. */
static enum sb_err answer(struct world *world, const char *person, enum sb_answer given)
{
    struct sb_record args = {0};

    sb_record_set_text(&args, SB_FIELD_PERSON, person);
    sb_record_set_number(&args, SB_FIELD_ANSWER, (uint64_t)given);
    return ask(world, OFFICER, "answer", &args);
}

struct reached {
    const char *seat;
    enum sb_realm realm;
    enum sb_answer answer;
};

/* On its way when the link next runs. */
static void enter_reached(struct world *world, const struct sb_hash *id,
                          const struct reached *reached)
{
    const struct sb_name via = sb_name("rakel");
    const struct sb_name function = sb_name("tib");
    struct sb_record fields;
    struct sb_name origin;

    fields_begin(world, &fields, SB_KIND_REACHED, reached->realm, &origin);
    sb_record_set_hash(&fields, SB_FIELD_REF, id);
    sb_record_set_text(&fields, SB_FIELD_SEAT, reached->seat);
    sb_record_set_name(&fields, SB_FIELD_VIA, &via);
    sb_record_set_name(&fields, SB_FIELD_FUNCTION, &function);
    sb_record_set_number(&fields, SB_FIELD_ANSWERED_AT, world->now.wall_ms);
    if (reached->answer != SB_ANSWER_NOTHING) {
        sb_record_set_number(&fields, SB_FIELD_ANSWER, (uint64_t)reached->answer);
    }
    publish_by(world, &fields, &world->broker_party, 1);
}

static void publish_reached(struct world *world, const struct sb_hash *id,
                            const struct reached *reached)
{
    enter_reached(world, id, reached);
    settle(world);
}

static void reached_over_rakel_rings_nobody_more(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    publish_reached(world, &id, &(struct reached){.seat = "taby/tib", .realm = SB_REALM_LIVE});
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
    /* The agent may confirm it later. */
    assert_int_equal(answer(world, "p7", SB_ANSWER_YES), SB_ERR_OK);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
}

static void reached_otherwise_and_declined_rings_nobody_more(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    publish_reached(world, &id, &(struct reached){"taby/tib", SB_REALM_LIVE, SB_ANSWER_NO});
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
}

/* An entry for another seat, or one that an exercise key signed, stops nothing. */
static void reached_elsewhere_stops_nothing(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    publish_reached(world, &id, &(struct reached){.seat = "taby/kib", .realm = SB_REALM_LIVE});
    publish_reached(world, &id, &(struct reached){.seat = "taby/tib", .realm = SB_REALM_EXERCISE});
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2);
}

/* A "nej", and then TiB has reached them by phone: the answer table has one row for it, whatever
 * was said before. The board is green, and nobody more is rung. */
static void reached_otherwise_ends_the_search_after_a_no(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);
    struct sb_record args = {0}, row;

    assert_int_equal(answer(world, "p7", SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(world->tried_count, 2); /* d9, at once */
    advance(world, 1000);
    publish_reached(world, &id, &(struct reached){.seat = "taby/tib", .realm = SB_REALM_LIVE});
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
    assert_true(row_at(world, 1, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_GREEN);
    assert_false(sb_record_has(&row, SB_FIELD_ANSWER));
    /* A later "nej" supersedes it. */
    assert_int_equal(answer(world, "d9", SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(world->tried_count, 3);
    assert_string_equal(world->tried[2].person, "p8");
}

/* The deputy's kvittens does not take TiB's word back, but for the mandate that it brings. */
static void a_kvittens_takes_nothing_of_tibs_back(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    publish_reached(world, &id, &(struct reached){.seat = "taby/tib", .realm = SB_REALM_LIVE});
    advance(world, 1000);
    assert_int_equal(fact(world, world->tried[0].key, "vb", SB_ANSWER_NOTHING), SB_ERR_OK);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
    assert_null(strstr(world->traces, "remind"));
    assert_int_equal(fact(world, world->tried[0].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    advance(world, 3 * STEP_MS);
    assert_non_null(strstr(world->traces, "remind p7"));
}

/* p7 first could, then could not, and said so before TiB rang; then what TiB entered stands, though
 * it stood back for the "ja" at first. */
static void of_two_sources_the_newest_stands(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0}, row;
    const struct sb_hash id = call(world);
    const uint64_t started = world->now.wall_ms;

    assert_int_equal(answer(world, "p7", SB_ANSWER_YES), SB_ERR_OK);
    advance(world, 2000);
    publish_reached(world, &id, &(struct reached){.seat = "taby/tib", .realm = SB_REALM_LIVE});
    sb_record_set_text(&args, SB_FIELD_ATTEMPT, world->tried[0].key);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO);
    sb_record_set_number(&args, SB_FIELD_GIVEN_AT, started + 1000);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_OK);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
    assert_true(row_at(world, 1, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_GREEN);
    assert_false(sb_record_has(&row, SB_FIELD_ANSWER));
}

/* A clock that was ahead when p7 said "ja" does not make the later "nej" the earlier one. */
static void a_clock_put_back_takes_the_newest(void **state)
{
    struct world *world = *state;

    call(world);
    world->now.wall_ms += 3600000;
    assert_int_equal(answer(world, "p7", SB_ANSWER_YES), SB_ERR_OK);
    world->now.wall_ms -= 3600000;
    advance(world, 1000);
    assert_int_equal(answer(world, "p7", SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "d9");
}

static void an_end_stops_the_reminder(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    assert_int_equal(fact(world, world->tried[0].key, "tib", SB_ANSWER_NOTHING), SB_ERR_OK);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    publish_about(world, SB_KIND_END, &id, 0);
    settle(world);
    assert_int_equal(world->tried_count, 2); /* p7 is told that it has ended */
    advance(world, 400000);
    assert_int_equal(world->tried_count, 2);
    assert_null(strstr(world->traces, "remind"));
}

static void a_no_after_the_end_rings_nobody(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    assert_int_equal(answer(world, "p7", SB_ANSWER_YES), SB_ERR_OK);
    publish_about(world, SB_KIND_END, &id, 0);
    settle(world);
    const unsigned before = world->tried_count;
    struct sb_record args = {0};
    char hex[2 * SB_HASH_SIZE + 1];
    sb_hex_write(sb_hash_bytes(&id), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    sb_record_set_text(&args, SB_FIELD_PERSON, "p7");
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, before);
}

/* The agent was down while its person's time ran out and the recall came: at its start the recall
 * is heard before anybody else is woken. */
static void a_restart_hears_a_recall_before_it_goes_on(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    agent_stop(world);
    world->now.mono_ms += 2 * STEP_MS;
    world->now.wall_ms += 2 * STEP_MS;
    publish_about(world, SB_KIND_RECALL, &id, 0);
    agent_start(world);
    channel_open(world);
    advance(world, 5 * STEP_MS);
    assert_null(strstr(world->traces, "alert p8"));
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(world->tried[1].kind, SB_KIND_RECALL);
}

/* The same with an attempt of unknown outcome: it is not repeated before the recall is heard. */
static void a_restart_hears_a_recall_before_it_repeats(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    agent_stop(world);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    channel_open(world);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(world->tried[1].kind, SB_KIND_RECALL);
}

/* Without the link what was due goes on all the same, SB_DRAIN_MS later. */
static void a_restart_without_the_link_goes_on(void **state)
{
    struct world *world = *state;

    call(world);
    world->cut = true;
    agent_stop(world);
    world->now.mono_ms += 2 * STEP_MS;
    world->now.wall_ms += 2 * STEP_MS;
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    channel_open(world);
    advance(world, SB_DRAIN_MS - 1);
    assert_int_equal(world->tried_count, 1);
    advance(world, 1);
    assert_int_equal(world->tried_count, 3); /* p7 again, for it is not known, and p8 */
}

static struct sb_hash picture(struct world *world, enum sb_realm realm,
                              const struct sb_hash *supersedes)
{
    const struct sb_hash incident = {{7}};
    struct sb_list_writer seats;
    struct sb_record fields;
    struct sb_name origin;

    sb_list_init(&seats);
    sb_list_add(&seats, sb_bytes_str("taby/tib"));
    fields_begin(world, &fields, SB_KIND_PICTURE, realm, &origin);
    sb_record_set_number(&fields, SB_FIELD_REVISION, supersedes == NULL ? 1 : 2);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    if (supersedes != NULL) {
        sb_record_set_hash(&fields, SB_FIELD_SUPERSEDES, supersedes);
    }
    const struct sb_hash id = publish_by(world, &fields, &world->broker_party, 1);
    sb_list_finish(&seats);
    return id;
}

/* Two organisations, two streams: one gets the end before the other its call. */
static void what_ended_for_one_does_not_ring_for_the_other(void **state)
{
    static const uint8_t group[16] = {9};
    struct world *world = *state;
    struct convening called = {.seats = "taby/tib,solna/tib", .group = group};
    const struct sb_hash id = convene(world, &called);

    settle(world);
    const unsigned rung = world->tried_count;
    publish_about(world, SB_KIND_END, &id, 0);
    settle(world);
    const unsigned told = world->tried_count;
    assert_true(told > rung);
    called.org_count = 2;
    convene(world, &called);
    settle(world);
    advance(world, 10 * STEP_MS);
    assert_int_equal(world->tried_count, told);
}

static void an_exercise_picture_supersedes_nothing_live(void **state)
{
    struct world *world = *state;
    const struct sb_hash live = picture(world, SB_REALM_LIVE, NULL);

    settle(world);
    picture(world, SB_REALM_EXERCISE, &live);
    settle(world);
    assert_int_equal(world->tried_count, 2);
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 4); /* both go on to p8 */
}

/* Urgent overtakes bulk: whoever is rung for the picture is told what is right. */
static void a_correction_that_overtakes_its_picture_counts(void **state)
{
    struct world *world = *state;

    agent_stop(world);
    const struct sb_hash id = picture(world, SB_REALM_LIVE, NULL);
    publish_about(world, SB_KIND_CORRECTION, &id, 0);
    agent_start(world);
    channel_open(world);
    advance(world, SB_DRAIN_MS);
    assert_int_equal(world->tried_count, 1);
    assert_int_equal(world->tried[0].kind, SB_KIND_PICTURE);
    assert_string_equal(world->tried[0].text, "Fel tid");
}

static void reached_that_overtakes_its_picture_rings_nobody(void **state)
{
    struct world *world = *state;

    agent_stop(world);
    const struct sb_hash id = picture(world, SB_REALM_LIVE, NULL);
    const struct reached reached = {.seat = "taby/tib", .realm = SB_REALM_LIVE};
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    publish_reached(world, &id, &reached); /* and settles: urgent first */
    channel_open(world);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 0);
}

/* A broker that was put back gets an older entry back from another agent, and hands it on behind
 * the newer one. */
static void an_older_entry_of_tibs_that_comes_later_changes_nothing(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);
    const uint64_t now = world->now.wall_ms;

    publish_reached(world, &id, &(struct reached){"taby/tib", SB_REALM_LIVE, SB_ANSWER_YES});
    world->now.wall_ms = now - 5000;
    publish_reached(world, &id, &(struct reached){"taby/tib", SB_REALM_LIVE, SB_ANSWER_NO});
    world->now.wall_ms = now;
    assert_int_equal(the_alert(world, &id).answer, SB_ANSWER_YES);
    /* At the same time the one that comes later. */
    publish_reached(world, &id, &(struct reached){"taby/tib", SB_REALM_LIVE, SB_ANSWER_NO});
    assert_int_equal(the_alert(world, &id).answer, SB_ANSWER_NO);
}

/* The same before the picture that they are about. */
static void of_entries_before_their_picture_the_newest_is_kept(void **state)
{
    struct world *world = *state;

    agent_stop(world);
    const struct sb_hash id = picture(world, SB_REALM_LIVE, NULL);
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    enter_reached(world, &id, &(struct reached){"taby/tib", SB_REALM_LIVE, SB_ANSWER_NO});
    world->now.wall_ms += 2000;
    enter_reached(world, &id, &(struct reached){"taby/tib", SB_REALM_LIVE, SB_ANSWER_YES});
    world->now.wall_ms -= 1000;
    enter_reached(world, &id, &(struct reached){"taby/tib", SB_REALM_LIVE, SB_ANSWER_NO});
    settle(world); /* urgent first */
    channel_open(world);
    advance(world, 3 * STEP_MS);
    assert_int_equal(the_alert(world, &id).answer, SB_ANSWER_YES);
}

/* Lateness is judged by when an answer was given, not by when the channel could tell it. */
static void an_answer_counts_from_when_it_was_given(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0}, up;

    call(world);
    const uint64_t given = world->now.wall_ms + 1000;
    advance(world, 30000);
    sb_record_set_text(&args, SB_FIELD_ATTEMPT, world->tried[0].key);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    sb_record_set_number(&args, SB_FIELD_GIVEN_AT, given);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, &up), 1);
    assert_int_equal(sb_record_number(&up, SB_FIELD_ANSWERED_AT), given);
    /* A clock that runs ahead gives no answer of tomorrow. */
    sb_record_set_number(&args, SB_FIELD_GIVEN_AT, world->now.wall_ms + 1);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, &up), 2);
    assert_int_equal(sb_record_number(&up, SB_FIELD_ANSWERED_AT), world->now.wall_ms);
}

/* What waited for the channel fails as it goes, for its person has left: the next is rung once. */
static void whoever_takes_over_from_one_that_left_is_rung_once(void **state)
{
    struct world *world = *state;

    agent_stop(world);
    agent_start(world); /* without a channel */
    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(world->tried_count, 0);
    world->roster.person[0].id = sb_name("p9");
    channel_open(world);
    assert_int_equal(world->tried_count, 1);
    assert_string_equal(world->tried[0].person, "p9");
    assert_false(world->tried[0].repeat);
}

/* "Nej" at the command line, by one who was not rung: nobody rings them later. */
static void who_declined_is_not_rung_later(void **state)
{
    struct world *world = *state;

    call(world);
    assert_int_equal(answer(world, "p8", SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "d9");
    assert_int_equal(fact(world, world->tried[1].key, NULL, SB_ANSWER_NO), SB_ERR_OK);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 2);
    assert_non_null(strstr(world->traces, "exhausted taby/tib"));
}

/* The channel had asked for another try, and the person said "nej" before it was due. */
static void who_declined_is_not_tried_again(void **state)
{
    struct world *world = *state;

    world->roster.function[0].step_ms = 10 * SB_ATTEMPT_RETRY_MS;
    call(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_RETRY), SB_ERR_OK);
    assert_int_equal(answer(world, "p7", SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(world->tried_count, 2);
    assert_string_not_equal(world->tried[1].person, "p7");
    advance(world, 2 * SB_ATTEMPT_RETRY_MS);
    assert_int_equal(world->tried_count, 2);
}

/* The board's green must not ring: the broker judges the same. */
static void anothers_yes_without_mandate_undoes_nothing(void **state)
{
    struct world *world = *state;

    call(world);
    assert_int_equal(answer(world, "p7", SB_ANSWER_YES), SB_ERR_OK);
    assert_int_equal(answer(world, "p8", SB_ANSWER_YES), SB_ERR_OK);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 1);
}

/* "Nej" from TiB, then "ja" from another seat of the organisation: the search for TiB's deputies
 * ends. */
static void another_seat_that_attends_ends_the_search(void **state)
{
    struct world *world = *state;
    struct sb_roster_function *chef = &world->roster.function[world->roster.function_count++];

    chef->function = sb_name("chef");
    chef->step_ms = STEP_MS;
    chef->people[0] = person_add(&world->roster, "c1", true);
    chef->people_count = 1;
    declare_mandate(world, "chef");
    convene(world, &(struct convening){.seats = "taby/chef,taby/tib"});
    settle(world);
    assert_int_equal(world->tried_count, 2);
    const char *first = world->tried[0].person;
    const unsigned tib = strcmp(first, "p7") == 0 ? 0 : 1;
    assert_int_equal(fact(world, world->tried[tib].key, NULL, SB_ANSWER_NO), SB_ERR_OK);
    assert_int_equal(world->tried_count, 3); /* d9, at once */
    assert_int_equal(fact(world, world->tried[1 - tib].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 3);
}

/* The channel says every few seconds that it is there: that repeats nothing. */
static void a_channel_that_greets_again_repeats_nothing(void **state)
{
    struct world *world = *state;

    call(world);
    channel_open(world);
    channel_open(world);
    assert_int_equal(world->tried_count, 1);
    assert_int_equal(agent_counter(world, "attempts/repeated"), 0);
}

/* What waits for the channel is told in the end's sense only: no correction of what is recalled. */
static void no_correction_is_told_after_the_recall(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);
    const struct sb_agent_input left = {.kind = SB_AGENT_LEFT, .from = CHANNEL};

    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    agent_turn(world, &left, 1, WHOLE);
    publish_about(world, SB_KIND_CORRECTION, &id, 0);
    settle(world);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    settle(world);
    channel_open(world);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(world->tried[1].kind, SB_KIND_RECALL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(reached_over_rakel_rings_nobody_more),
        T(reached_otherwise_and_declined_rings_nobody_more),
        T(reached_elsewhere_stops_nothing),
        T(reached_otherwise_ends_the_search_after_a_no),
        T(a_kvittens_takes_nothing_of_tibs_back),
        T(of_two_sources_the_newest_stands),
        T(a_clock_put_back_takes_the_newest),
        T(an_end_stops_the_reminder),
        T(a_no_after_the_end_rings_nobody),
        T(a_restart_hears_a_recall_before_it_goes_on),
        T(a_restart_hears_a_recall_before_it_repeats),
        T(a_restart_without_the_link_goes_on),
        T(what_ended_for_one_does_not_ring_for_the_other),
        T(an_exercise_picture_supersedes_nothing_live),
        T(a_correction_that_overtakes_its_picture_counts),
        T(reached_that_overtakes_its_picture_rings_nobody),
        T(an_older_entry_of_tibs_that_comes_later_changes_nothing),
        T(of_entries_before_their_picture_the_newest_is_kept),
        T(an_answer_counts_from_when_it_was_given),
        T(whoever_takes_over_from_one_that_left_is_rung_once),
        T(who_declined_is_not_rung_later),
        T(who_declined_is_not_tried_again),
        T(anothers_yes_without_mandate_undoes_nothing),
        T(another_seat_that_attends_ends_the_search),
        T(a_channel_that_greets_again_repeats_nothing),
        T(no_correction_is_told_after_the_recall),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
