/* test_agent.c: the agent's core over a real link and real keys: what arrives, what is refused,
 * recalls in every order, crashes, and the verbs. How one alert escalates is test_alert.c's. */
#include "agent_world.h"

static const uint8_t group[16] = {9, 9, 9};

static void a_convening_rings_the_first_person(void **state)
{
    struct world *world = *state;

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(world->tried_count, 1);
    assert_string_equal(world->tried[0].person, "p7");
    assert_string_equal(world->tried[0].channel, "sms");
    assert_string_equal(world->tried[0].contact, "070-p7");
    assert_string_equal(world->tried[0].title, "Snöoväder");
    assert_string_equal(world->tried[0].seat, "taby/tib");
    assert_int_equal(world->tried[0].kind, SB_KIND_CONVENING);
    assert_false(world->tried[0].repeat);
    assert_non_null(strstr(world->traces, "alert p7 taby/tib\n"));
    assert_null(strstr(world->logs, "070"));  /* no contact data and no name in the log … */
    assert_null(strstr(world->logs, "Namn")); /* … */
}

static void an_alert_group_rings_once(void **state)
{
    struct world *world = *state;

    convene(world, &(struct convening){.seats = "taby/tib", .group = group});
    settle(world);
    assert_int_equal(world->tried_count, 1);
    assert_non_null(strstr(world->traces, "alert p7 taby/tib once (group)\n"));
}

static void where_nobody_is_called_nobody_rings(void **state)
{
    struct world *world = *state;

    convene(world, &(struct convening){.seats = "nacka/tib"});
    settle(world);
    advance(world, 2 * STEP_MS);
    assert_int_equal(world->tried_count, 0);
    assert_int_equal(agent_counter(world, "events/accepted"), 1);
}

static void two_organisations_of_one_agent_are_two_alerts(void **state)
{
    struct world *world = *state;

    convene(world, &(struct convening){.seats = "taby/tib,solna/tib", .org_count = 2});
    settle(world);
    assert_int_equal(world->tried_count, 2);
    assert_string_not_equal(world->tried[0].key, world->tried[1].key);
    assert_string_not_equal(world->tried[0].seat, world->tried[1].seat);
}

/* Rows of the answer that are of this event. */
static unsigned rows_of(struct world *world, const char *verb, const struct sb_hash *id)
{
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash found;
    unsigned count = 0;
    char hex[2 * SB_HASH_SIZE + 1];

    sb_hex_write(sb_hash_bytes(id), hex);
    if (strcmp(verb, "timeline") == 0) {
        sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    }
    assert_int_equal(ask(world, OFFICER, verb, &args), SB_ERR_OK);
    for (unsigned i = 0; row_at(world, i, &row); i++) {
        count += sb_record_hash(&row, SB_FIELD_ID, &found) && sb_hash_equal(&found, id);
    }
    return count;
}

static void what_is_for_two_organisations_here_is_shown_once(void **state)
{
    struct world *world = *state;
    const struct sb_hash id =
        convene(world, &(struct convening){.seats = "taby/tib,solna/tib", .org_count = 2});

    settle(world);
    assert_int_equal(rows_of(world, "events", &id), 1);
    assert_int_equal(rows_of(world, "timeline", &id), 1);
    assert_int_equal(rows_of(world, "inbox", &id), 2); /* each its own, with its seats */
}

/* "4f2a91c0/taby/p7/sms/1": a gateway that serves several organisations must not take one's p7 for
 * another's. */
static void check_key(const struct tried *tried, const struct sb_hash *id, const char *rest)
{
    char wanted[SB_ATTEMPT_SIZE_MAX + 1];
    char hex[2 * SB_HASH_SIZE + 1];

    sb_hex_write(sb_hash_bytes(id), hex);
    (void)snprintf(wanted, sizeof wanted, "%.8s/%s", hex, rest);
    assert_string_equal(tried->key, wanted);
}

static void a_key_names_the_organisation(void **state)
{
    struct world *world = *state;
    const struct sb_hash id =
        convene(world, &(struct convening){.seats = "taby/tib,solna/tib", .org_count = 2});

    settle(world);
    assert_int_equal(world->tried_count, 2);
    const unsigned solna = strcmp(world->tried[0].seat, "solna/tib") == 0 ? 0 : 1;
    check_key(&world->tried[solna], &id, "solna/p7/sms/1");
    check_key(&world->tried[1 - solna], &id, "taby/p7/sms/1");
    /* Over a restart it is the same attempt. */
    agent_stop(world);
    agent_start(world);
    channel_open(world);
    assert_int_equal(world->tried_count, 4);
    for (unsigned i = 2; i < 4; i++) {
        assert_true(world->tried[i].repeat);
        assert_true(strcmp(world->tried[i].key, world->tried[0].key) == 0
                    || strcmp(world->tried[i].key, world->tried[1].key) == 0);
    }
    /* What is told of both is told to one who answers for both once, and under one of them. */
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    assert_int_equal(result(world, world->tried[1].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    world->tried_count = 0;
    struct sb_record fields;
    struct sb_name origin;
    fields_begin(world, &fields, SB_KIND_RECALL, SB_REALM_LIVE, &origin);
    sb_record_set_hash(&fields, SB_FIELD_REF, &id);
    const struct sb_hash recall = publish_by(world, &fields, &world->broker_party, 2);
    settle(world);
    assert_int_equal(world->tried_count, 1);
    check_key(&world->tried[0], &recall,
              strcmp(world->tried[0].seat, "solna/tib") == 0 ? "solna/p7/sms/1" : "taby/p7/sms/1");
}

/* The longest names that a roster may have. */
static void a_key_holds_the_longest_names(void **state)
{
    struct world *world = *state;
    struct sb_roster_person *person = &world->roster.person[0];

    memset(person->id.text, 'p', SB_NAME_SIZE_MAX);
    memset(person->channel[0].kind.text, 'c', SB_NAME_SIZE_MAX);
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(world->tried_count, 1);
    check_key(&world->tried[0], &id,
              "taby/pppppppppppppppppppppppppppppppppppppppp/"
              "cccccccccccccccccccccccccccccccccccccccc/1");
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "p8");
}

/* The alarm and its recall come together: the alarm is stored, receipted, and rings nobody. */
static void recalled_while_dark_rings_nobody(void **state)
{
    struct world *world = *state;

    world->cut = true;
    agent_stop(world);
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});
    advance(world, 0);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    world->cut = false;
    agent_start(world);
    channel_open(world);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 0);
    assert_null(strstr(world->traces, "alert"));
    assert_int_equal(agent_counter(world, "events/accepted"), 2);
}

static void a_recall_before_its_original_leaves_a_tombstone(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;
    char hex[65];

    struct sb_list_writer seats;
    struct sb_record fields;
    struct sb_name origin;

    sb_list_init(&seats);
    sb_list_add(&seats, sb_bytes_str("taby/tib"));
    fields_begin(world, &fields, SB_KIND_PICTURE, SB_REALM_LIVE, &origin);
    sb_record_set_number(&fields, SB_FIELD_REVISION, 1);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &(const struct sb_hash){{7}});
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    const struct sb_hash id = publish_by(world, &fields, &world->broker_party, 1);
    sb_list_finish(&seats);
    publish_about(world, SB_KIND_RECALL, &id, 0); /* urgent: overtakes what is bulk */
    settle(world);
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 0);
    assert_int_equal(agent_counter(world, "alerts/recalled-before"), 1);
    sb_hex_write(sb_hash_bytes(&id), hex);
    sb_record_set_bytes(&args, SB_FIELD_EVENT, sb_bytes(hex, 12));
    assert_int_equal(ask(world, OFFICER, "show", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_RECALLED), true);
    assert_int_equal(sb_record_number(&row, SB_FIELD_SIGNED), true);
}

static void recall_of_a_group_silences_its_convening(void **state)
{
    struct world *world = *state;
    struct sb_record fields;
    struct sb_name origin;

    convene(world, &(struct convening){.seats = "taby/tib", .group = group});
    settle(world);
    fields_begin(world, &fields, SB_KIND_INCIDENT, SB_REALM_LIVE, &origin);
    sb_record_set_text(&fields, SB_FIELD_TITLE, "Snö");
    sb_record_set_bytes(&fields, SB_FIELD_GROUP, sb_bytes(group, 16));
    const struct sb_hash incident = publish_by(world, &fields, &world->broker_party, 1);
    settle(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    publish_about(world, SB_KIND_RECALL, &incident, 0);
    settle(world);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(tried_last(world)->kind, SB_KIND_RECALL);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 2);
}

static void a_recall_tells_those_who_were_notified(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    settle(world);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].person, "p7");
    assert_int_equal(world->tried[1].kind, SB_KIND_RECALL);
    assert_string_equal(world->tried[1].title, "Snöoväder"); /* what is recalled */
    assert_non_null(strstr(world->traces, "tell p7 recalled\n"));
    /* It is never escalated, also not where it fails. */
    assert_int_equal(result(world, world->tried[1].key, SB_RESULT_FAILED), SB_ERR_OK);
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 2);
}

static void a_recall_is_silent_where_nobody_was_notified(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    world->roster.person[0].channel_count = 0;
    world->roster.person[1].channel_count = 0;
    world->roster.person[2].channel_count = 0;
    settle(world);
    assert_non_null(strstr(world->traces, "exhausted taby/tib\n"));
    publish_about(world, SB_KIND_RECALL, &id, 0);
    settle(world);
    assert_int_equal(world->tried_count, 0);
}

static void a_correction_tells_and_later_attempts_say_what_is_right(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});
    const uint64_t starts = AUTHORITY_NOW_MS + 7 * 3600000ull;

    settle(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    publish_about(world, SB_KIND_CORRECTION, &id, starts);
    settle(world);
    assert_int_equal(world->tried_count, 2);
    assert_int_equal(world->tried[1].kind, SB_KIND_CORRECTION);
    assert_non_null(strstr(world->traces, "tell p7 corrected\n"));
    advance(world, STEP_MS);
    assert_string_equal(tried_last(world)->person, "p8");
    assert_int_equal(tried_last(world)->starts, starts);
    assert_string_equal(tried_last(world)->text, "Fel tid");
}

static void an_end_stops_the_ringing(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    publish_about(world, SB_KIND_END, &id, 0);
    settle(world);
    assert_non_null(strstr(world->traces, "tell p7 ended\n"));
    advance(world, 5 * STEP_MS);
    assert_int_equal(world->tried_count, 2);
}

/* Signed by somebody who may not issue it: kept, told upwards, and the next one rings. */
static void a_refused_entry_does_not_hold_up_the_next(void **state)
{
    struct world *world = *state;
    struct sb_record verdict;
    struct sb_hash about;

    const struct sb_hash bad =
        convene(world, &(struct convening){.seats = "taby/tib", .by = &world->stranger});
    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(world->tried_count, 1);
    assert_int_equal(came_up(world, SB_KIND_VERDICT, &verdict), 1);
    assert_true(sb_record_hash(&verdict, SB_FIELD_REF, &about));
    assert_true(sb_hash_equal(&about, &bad));
    assert_int_equal(sb_record_number(&verdict, SB_FIELD_REASON_CODE), SB_ERR_NOT_ALLOWED);
    check_said_both(sb_record_bytes(&verdict, SB_FIELD_TEXT), "får inte utfärda poster",
                    "may not issue this kind");
    assert_int_equal(agent_counter(world, "refused/not-allowed"), 1);
    assert_non_null(strstr(world->logs, "may not issue this kind"));
    assert_null(strstr(world->logs, "utfärda")); /* a log is English */
}

static void a_newer_picture_silences_the_older(void **state)
{
    struct world *world = *state;
    const struct sb_hash incident = {{7}};
    struct sb_list_writer seats;
    struct sb_record fields;
    struct sb_name origin;
    struct sb_hash first;

    sb_list_init(&seats);
    sb_list_add(&seats, sb_bytes_str("taby/tib"));
    for (unsigned revision = 1; revision <= 2; revision++) {
        fields_begin(world, &fields, SB_KIND_PICTURE, SB_REALM_LIVE, &origin);
        sb_record_set_number(&fields, SB_FIELD_REVISION, revision);
        sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
        sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
        if (revision == 2) {
            sb_record_set_hash(&fields, SB_FIELD_SUPERSEDES, &first);
        }
        first = publish_by(world, &fields, &world->broker_party, 1);
        settle(world);
    }
    sb_list_finish(&seats);
    assert_int_equal(world->tried_count, 2);
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 3); /* only the newer goes on to p8 */
    assert_memory_equal(world->tried[2].key, world->tried[1].key, 8);
}

/* Crash before the commit: as if nothing came; the broker sends it again. */
static void a_crash_before_the_commit_loses_nothing(void **state)
{
    struct world *world = *state;

    convene(world, &(struct convening){.seats = "taby/tib"});
    broker_turn(world);
    agent_frames(world, CRASH_BEFORE_COMMIT);
    agent_start(world);
    channel_open(world);
    advance(world, 10000);
    assert_int_equal(world->tried_count, 1);
    assert_false(world->tried[0].repeat);
}

/* Crash after it, of the turn that judges: the attempt's row is there, its outcome is unknown, it
 * goes again as a repeat. */
static void a_crash_after_the_commit_repeats_the_unknown_attempt(void **state)
{
    struct world *world = *state;
    char key[SB_ATTEMPT_SIZE_MAX + 1];

    convene(world, &(struct convening){.seats = "taby/tib,taby/kib"});
    exchange(world);
    judging_turn(world, CRASH_BEFORE_EFFECTS);
    assert_int_equal(world->tried_count, 0);
    agent_start(world);
    assert_int_equal(world->tried_count, 0); /* nothing before the channel says that it is there */
    channel_open(world);
    assert_int_equal(world->tried_count, 1);
    assert_true(world->tried[0].repeat);
    memcpy(key, world->tried[0].key, sizeof key);
    assert_int_equal(result(world, key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    settle(world);
    /* What has a result is not repeated, what has none is, under the same key. */
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2);
    agent_stop(world);
    agent_start(world);
    channel_open(world);
    assert_int_equal(world->tried_count, 3);
    assert_true(world->tried[2].repeat);
    assert_string_equal(world->tried[2].key, world->tried[1].key);
    assert_string_equal(world->tried[2].person, "p8");
    advance(world, STEP_MS);
    assert_string_equal(tried_last(world)->person, "d9"); /* the timer lived through it all */
}

static void attempts_wait_for_the_channel(void **state)
{
    struct world *world = *state;
    const struct sb_agent_input left = {.kind = SB_AGENT_LEFT, .from = CHANNEL};

    agent_turn(world, &left, 1, WHOLE);
    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(world->tried_count, 0);
    assert_non_null(strstr(world->traces, "alert p7"));
    channel_open(world);
    assert_int_equal(world->tried_count, 1);
    assert_false(world->tried[0].repeat);
}

/* The channel opens and the alarm comes in one turn: one attempt, and no repeat of it. */
static void a_channel_that_opens_with_the_alarm_gets_it_once(void **state)
{
    struct world *world = *state;
    const uint8_t id[SB_REQUEST_ID_SIZE] = {5};
    const struct sb_record args = {0};
    struct sb_agent_input input[] = {
        {.kind = SB_AGENT_LEFT, .from = CHANNEL},
        {.kind = SB_AGENT_REQUEST, .from = CHANNEL},
        {.kind = SB_AGENT_FRAME},
    };
    struct sb_buf request;

    convene(world, &(struct convening){.seats = "taby/tib"});
    broker_turn(world);
    assert_int_equal(world->to_agent.count, 1);
    request_bytes(id, "channel-open", &args, &request);
    input[1].bytes = sb_buf_bytes(&request);
    input[2].bytes = sb_buf_bytes(&world->to_agent.frame[0]);
    agent_turn(world, input, COUNT_OF(input), WHOLE);
    sb_buf_finish(&request);
    settle(world);
    assert_int_equal(world->tried_count, 1);
    assert_false(world->tried[0].repeat);
}

static void what_was_recalled_while_the_channel_was_gone_is_never_rung(void **state)
{
    struct world *world = *state;
    const struct sb_agent_input left = {.kind = SB_AGENT_LEFT, .from = CHANNEL};

    agent_turn(world, &left, 1, WHOLE);
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    settle(world);
    channel_open(world);
    assert_int_equal(world->tried_count, 0);
}

/* WELCOME announced two events, one came, then everything stops: the alert lies HELD, and a new
 * core without a link waits the drain time for it, not longer. */
static void a_held_alert_rings_without_the_link(void **state)
{
    struct world *world = *state;

    world->cut = true;
    agent_stop(world);
    convene(world, &(struct convening){.seats = "taby/tib"});
    convene(world, &(struct convening){.seats = "taby/tib", .realm = SB_REALM_EXERCISE});
    world->cut = false;
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    channel_open(world);
    broker_turn(world); /* HELLO, WELCOME, and DATA: live before exercise */
    sb_buf_finish(&world->to_agent.frame[--world->to_agent.count]);
    agent_frames(world, WHOLE);
    judging_turn(world, WHOLE);
    assert_int_equal(agent_counter(world, "alerts/made"), 1);
    assert_int_equal(world->tried_count, 0);
    agent_stop(world);
    world->cut = true;
    world->now.mono_ms += 2 * SB_DRAIN_MS; /* it was down for longer than that */
    world->now.wall_ms += 2 * SB_DRAIN_MS;
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    channel_open(world);
    advance(world, SB_DRAIN_MS - 1);
    assert_int_equal(world->tried_count, 0);
    advance(world, 1);
    assert_int_equal(world->tried_count, 1);
    assert_string_equal(world->tried[0].person, "p7");
}

/* The row of "counters" that tells why the centre lets nobody in. */
static bool refusal_row(struct world *world, struct sb_record *ret_row)
{
    struct sb_record none = {0};

    assert_int_equal(ask(world, OFFICER, "counters", &none), SB_ERR_OK);
    for (unsigned i = 0; row_at(world, i, ret_row); i++) {
        if (sb_record_has(ret_row, SB_FIELD_WHY)) {
            return true;
        }
    }
    return false;
}

static void a_refused_copy_of_the_store_is_an_alarm(void **state)
{
    struct world *world = *state;
    const struct sb_frame refuse = {.type = SB_FRAME_REFUSE,
                                    .err = SB_ERR_STALE,
                                    .text = sb_bytes_str("gammal kopia\nold copy")};
    struct sb_record row;
    struct sb_agent_input input = {.kind = SB_AGENT_FRAME};
    struct sb_buf frame;

    sb_buf_init(&frame, SB_FRAME_SIZE_MAX);
    sb_frame_write(&refuse, &frame);
    input.bytes = sb_buf_bytes(&frame);
    agent_turn(world, &input, 1, WHOLE);
    sb_buf_finish(&frame);
    assert_non_null(strstr(world->logs, "samband org replace taby-1"));
    assert_non_null(strstr(world->logs, "why=\"old copy\""));
    assert_null(strstr(world->logs, "gammal"));
    /* People are told too, until a session begins. */
    assert_true(refusal_row(world, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_ERROR), SB_ERR_STALE);
    check_said_both(sb_record_bytes(&row, SB_FIELD_WHY), "gammal kopia", "old copy");
    agent_stop(world);
    agent_make(world);
    assert_true(refusal_row(world, &row));
    agent_input(world, SB_AGENT_START);
    settle(world);
    assert_false(refusal_row(world, &row));
}

static void both_stores_are_sound(void **state)
{
    struct world *world = *state;
    struct sb_verify_result verified;

    convene(world, &(struct convening){.seats = "taby/tib,solna/tib", .org_count = 2});
    settle(world);
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_YES), SB_ERR_OK);
    settle(world);
    struct sb_txn *txn = world_begin(world->agent_store);
    sb_log_verify(txn, &world->authority.root.public_key, &verified);
    sb_store_abort(world->agent_store, txn);
    assert_int_equal(verified.faults, 0);
    assert_true(verified.signatures > 0);
    txn = world_begin(world->broker_store);
    sb_log_verify(txn, &world->authority.root.public_key, &verified);
    sb_store_abort(world->broker_store, txn);
    assert_int_equal(verified.faults, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_convening_rings_the_first_person),
        T(an_alert_group_rings_once),
        T(where_nobody_is_called_nobody_rings),
        T(two_organisations_of_one_agent_are_two_alerts),
        T(what_is_for_two_organisations_here_is_shown_once),
        T(a_key_names_the_organisation),
        T(a_key_holds_the_longest_names),
        T(recalled_while_dark_rings_nobody),
        T(a_recall_before_its_original_leaves_a_tombstone),
        T(recall_of_a_group_silences_its_convening),
        T(a_recall_tells_those_who_were_notified),
        T(a_recall_is_silent_where_nobody_was_notified),
        T(a_correction_tells_and_later_attempts_say_what_is_right),
        T(an_end_stops_the_ringing),
        T(a_refused_entry_does_not_hold_up_the_next),
        T(a_newer_picture_silences_the_older),
        T(a_crash_before_the_commit_loses_nothing),
        T(a_crash_after_the_commit_repeats_the_unknown_attempt),
        T(attempts_wait_for_the_channel),
        T(a_channel_that_opens_with_the_alarm_gets_it_once),
        T(what_was_recalled_while_the_channel_was_gone_is_never_rung),
        T(a_held_alert_rings_without_the_link),
        T(a_refused_copy_of_the_store_is_an_alarm),
        T(both_stores_are_sound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
