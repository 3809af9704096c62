/* test_agent_verbs.c: the agent's side of the control protocol: what each verb answers, refuses and
 * sends up, and that a request asked again does nothing. */
#include "agent_world.h"

static void a_request_asked_again_does_nothing(void **state)
{
    struct world *world = *state;
    const uint8_t id[SB_REQUEST_ID_SIZE] = {1, 2, 3};
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash first, again;

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(ask_again(world, OFFICER, id, "ack", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &first));
    agent_stop(world);
    agent_start(world);
    assert_int_equal(ask_again(world, OFFICER, id, "ack", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &again));
    assert_true(sb_hash_equal(&first, &again));
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ACK, NULL), 1);
}

static void ack_means_every_seat_or_the_one_that_is_named(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;

    convene(world, &(struct convening){.seats = "taby/tib,solna/tib", .org_count = 2});
    settle(world);
    sb_record_set_text(&args, SB_FIELD_ORG, "solna");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_false(row_at(world, 1, &row));
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_OK);
    assert_true(row_at(world, 1, &row));
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/vb");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_NOT_FOUND);
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_text(&args, SB_FIELD_PERSON, "p99");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_NOT_FOUND);
    sb_record_clear(&args);
    sb_record_set_text(&args, SB_FIELD_ORG, "nacka");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_NOT_FOUND);
}

static void an_answer_to_what_is_recalled_is_taken_and_told(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;
    char hex[65];
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    settle(world);
    sb_hex_write(sb_hash_bytes(&id), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_true(
        sb_bytes_starts_with(sb_record_bytes(&row, SB_FIELD_NOTICE), sb_bytes_str("recalled")));
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, NULL), 1);
    /* And it is not what an ack without an event means. */
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_NOT_FOUND);
}

static void what_is_recalled_is_marked_in_every_list(void **state)
{
    static const char *const verbs[] = {"events", "inbox", "show"};
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash found;
    char hex[65];
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    publish_about(world, SB_KIND_RECALL, &id, 0);
    settle(world);
    sb_hex_write(sb_hash_bytes(&id), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    for (unsigned i = 0; i < COUNT_OF(verbs); i++) {
        unsigned marked = 0;
        assert_int_equal(ask(world, OFFICER, verbs[i], &args), SB_ERR_OK);
        for (unsigned at = 0; row_at(world, at, &row); at++) {
            assert_true(sb_record_hash(&row, SB_FIELD_ID, &found));
            assert_int_equal(sb_record_number(&row, SB_FIELD_RECALLED), sb_hash_equal(&found, &id));
            marked += sb_hash_equal(&found, &id) ? 1u : 0u;
        }
        assert_int_equal(marked, 1);
    }
}

static void wrong_answers_are_refused(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO + 1);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_AT);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_MISSING);
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "call", &args), SB_ERR_USAGE);
    assert_int_equal(ask(world, OFFICER, "blubb", &args), SB_ERR_USAGE);
    assert_int_equal(ask(world, CHANNEL, "result", &args), SB_ERR_MISSING);
    assert_int_equal(result(world, "00000000/p7/sms/1", SB_RESULT_ACCEPTED), SB_ERR_NOT_FOUND);
    assert_int_equal(result(world, world->tried[0].key, (enum sb_result)9), SB_ERR_VALUE);
    assert_int_equal(fact(world, "00000000/p7/sms/1", "tib", SB_ANSWER_NOTHING), SB_ERR_NOT_FOUND);
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_NOTHING), SB_ERR_MISSING);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, NULL), 0);
}

static void malformed_requests_are_answered(void **state)
{
    struct world *world = *state;
    const struct sb_agent_input input = {
        .kind = SB_AGENT_REQUEST, .from = OFFICER, .bytes = sb_bytes_str("rubbish")};
    struct sb_reply reply;

    agent_turn(world, &input, 1, WHOLE);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&world->reply), &reply, NULL), SB_ERR_OK);
    assert_int_equal(reply.err, SB_ERR_MALFORMED);
}

static void status_and_inbox_show_the_alert(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_CONVENING);
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 1);
    assert_true(row_at(world, 1, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_STATE), SB_ALERT_RINGING);
    assert_int_equal(sb_record_number(&row, SB_FIELD_COLOUR), SB_COLOUR_AMBER);
    assert_int_equal(sb_record_number(&row, SB_FIELD_STEP), SB_STEP_PERSON);
    assert_int_equal(sb_record_number(&row, SB_FIELD_STEP_AT), world->now.wall_ms + STEP_MS);
    assert_int_equal(sb_record_number(&row, SB_FIELD_NOTIFIED_AT), world->now.wall_ms);
    assert_int_equal(sb_record_number(&row, SB_FIELD_LEFT), 2);
    assert_int_equal(ask(world, OFFICER, "inbox", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_STATE), SB_ALERT_RINGING);
    assert_true(sb_list_has(sb_record_bytes(&row, SB_FIELD_TO), sb_bytes_str("taby/tib")));
    assert_false(row_at(world, 1, &row)); /* own events are no post */
    assert_int_equal(ask(world, OFFICER, "events", &args), SB_ERR_OK);
    assert_true(row_at(world, 3, &row)); /* three mandates and the convening, at least */
    assert_int_equal(ask(world, OFFICER, "counters", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
}

static void who_tells_the_order(void **state)
{
    static const char *const order[] = {"p7", "p8", "d9"};
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;

    sb_record_set_text(&args, SB_FIELD_FUNCTION, "tib");
    assert_int_equal(ask(world, OFFICER, "who", &args), SB_ERR_OK);
    for (unsigned i = 0; i < COUNT_OF(order); i++) {
        assert_true(row_at(world, i, &row));
        assert_true(sb_bytes_equal(sb_record_bytes(&row, SB_FIELD_PERSON), sb_bytes_str(order[i])));
    }
    sb_record_set_text(&args, SB_FIELD_FUNCTION, "vb");
    assert_int_equal(ask(world, OFFICER, "who", &args), SB_ERR_NOT_FOUND);
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "who", &args), SB_ERR_MISSING);
}

static struct sb_hash publish_incident(struct world *world)
{
    struct sb_record fields;
    struct sb_name origin;

    fields_begin(world, &fields, SB_KIND_INCIDENT, SB_REALM_EXERCISE, &origin);
    sb_record_set_text(&fields, SB_FIELD_TITLE, "Övning snö");
    return publish_by(world, &fields, &world->broker_party, 1);
}

static void reports_have_versions(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record report;
    struct sb_hash first, supersedes;

    publish_incident(world);
    settle(world);
    assert_int_equal(ask(world, OFFICER, "report", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "Vägar stängda");
    assert_int_equal(ask(world, OFFICER, "report", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &report));
    assert_true(sb_record_hash(&report, SB_FIELD_ID, &first));
    assert_int_equal(ask(world, OFFICER, "report", &args), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_REPORT, &report), 2);
    assert_int_equal(sb_record_number(&report, SB_FIELD_REVISION), 2);
    assert_int_equal(sb_record_number(&report, SB_FIELD_REALM), SB_REALM_EXERCISE);
    assert_true(sb_record_hash(&report, SB_FIELD_SUPERSEDES, &supersedes));
    assert_true(sb_hash_equal(&supersedes, &first));
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "timeline", &args), SB_ERR_OK);
    assert_true(row_at(world, 2, &report));  /* the incident and both versions … */
    assert_false(row_at(world, 3, &report)); /* … and not the mandates */
}

static void notes_go_up(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record note;

    assert_int_equal(ask(world, OFFICER, "note", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_TEXT, "02:14 ringde SMHI");
    assert_int_equal(ask(world, OFFICER, "note", &args), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_NOTE, &note), 1);
    assert_int_equal(sb_record_number(&note, SB_FIELD_REALM), SB_REALM_LIVE);
}

static void mandates_are_declared_and_withdrawn_in_every_realm(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record mandate;

    assert_int_equal(came_up(world, SB_KIND_MANDATE, NULL), 3); /* the world's own */
    assert_int_equal(ask(world, OFFICER, "mandate-withdraw", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_FUNCTION, "tib");
    assert_int_equal(ask(world, OFFICER, "mandate-withdraw", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_LEVEL, SB_LEVEL_INRIKTANDE_FORUM);
    assert_int_equal(ask(world, OFFICER, "mandate-withdraw", &args), SB_ERR_NOT_FOUND);
    sb_record_set_number(&args, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    assert_int_equal(ask(world, OFFICER, "mandate-withdraw", &args), SB_ERR_OK);
    assert_int_equal(ask(world, OFFICER, "mandate-withdraw", &args), SB_ERR_NOT_FOUND);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_MANDATE, &mandate), 6);
    assert_int_equal(sb_record_number(&mandate, SB_FIELD_WITHDRAWN), true);
    assert_int_equal(ask(world, OFFICER, "mandate-declare", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_BASIS, "KS");
    sb_record_set_number(&args, SB_FIELD_VALID_TO, world->now.wall_ms);
    assert_int_equal(ask(world, OFFICER, "mandate-declare", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_VALID_TO, world->now.wall_ms + 1);
    assert_int_equal(ask(world, OFFICER, "mandate-declare", &args), SB_ERR_OK);
}

/* The oldest reply is forgotten when one more than the limit is kept, and no sooner. */
static void replies_are_kept_up_to_the_limit(void **state)
{
    struct world *world = *state;
    struct sb_txn *txn = world_begin(world->agent_store);
    uint64_t kept = sb_txn_number(txn, SB_TABLE_META, "requests");
    const uint8_t id[SB_REQUEST_ID_SIZE] = {42};
    struct sb_record args = {0};
    struct sb_key from = {0};
    struct sb_bytes key, value;
    unsigned rows = 0;
    char number[24];

    sb_store_abort(world->agent_store, txn);
    sb_record_set_text(&args, SB_FIELD_TEXT, "första");
    assert_int_equal(ask_again(world, OFFICER, id, "note", &args), SB_ERR_OK);
    for (uint64_t i = 0; i < SB_REQUESTS_KEPT_MAX; i++) {
        uint8_t other[SB_REQUEST_ID_SIZE] = {43};

        txn = world_begin(world->agent_store);
        assert_true(sb_txn_get(txn, SB_TABLE_REQUEST, sb_bytes(id, sizeof id), &value));
        sb_store_abort(world->agent_store, txn);
        world->logs[0] = '\0';
        (void)snprintf(number, sizeof number, "%llu", (unsigned long long)i);
        memcpy(other + 1, number, strlen(number));
        sb_record_clear(&args); /* refused for want of a text: a refusal is kept as well */
        assert_int_equal(ask_again(world, OFFICER, other, "note", &args), SB_ERR_MISSING);
    }
    txn = world_begin(world->agent_store);
    assert_false(sb_txn_get(txn, SB_TABLE_REQUEST, sb_bytes(id, sizeof id), &value));
    assert_int_equal(sb_txn_number(txn, SB_TABLE_META, "requests"),
                     kept + 1 + SB_REQUESTS_KEPT_MAX);
    while (sb_txn_seek(txn, SB_TABLE_REQUEST, sb_key_bytes(&from), &key, &value)) {
        sb_key_init(&from);
        sb_key_add(&from, key);
        sb_key_add_byte(&from, 0);
        rows++;
    }
    assert_int_equal(rows, 2 * SB_REQUESTS_KEPT_MAX); /* each with its place in the order */
    sb_store_abort(world->agent_store, txn);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_request_asked_again_does_nothing),
        T(ack_means_every_seat_or_the_one_that_is_named),
        T(an_answer_to_what_is_recalled_is_taken_and_told),
        T(what_is_recalled_is_marked_in_every_list),
        T(wrong_answers_are_refused),
        T(malformed_requests_are_answered),
        T(status_and_inbox_show_the_alert),
        T(who_tells_the_order),
        T(reports_have_versions),
        T(notes_go_up),
        T(mandates_are_declared_and_withdrawn_in_every_realm),
        T(replies_are_kept_up_to_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
