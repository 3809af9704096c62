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

/* Whose realm it is stands with the answer: no exercise may look live. */
static void an_answer_says_its_realm(void **state)
{
    static const char *const verbs[] = {"ack", "answer", "report"};
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;

    convene(world, &(struct convening){.seats = "taby/tib", .realm = SB_REALM_EXERCISE});
    settle(world);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "Snö");
    for (unsigned i = 0; i < COUNT_OF(verbs); i++) {
        assert_int_equal(ask(world, OFFICER, verbs[i], &args), SB_ERR_OK);
        assert_true(row_at(world, 0, &row));
        const bool about = i < 2; /* no incident came: an early report is live */
        assert_int_equal(sb_record_number(&row, SB_FIELD_REALM),
                         about ? SB_REALM_EXERCISE : SB_REALM_LIVE);
    }
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
    sb_record_set_text(&args, SB_FIELD_PERSON, "p7");
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

/* The newest reply is a refusal whose sentence is these two. */
static void check_sentence(struct world *world, const char *sv, const char *en)
{
    char both[SB_WHY_BOTH_SIZE];
    struct sb_reply reply;
    struct sb_why why = {0};

    assert_int_equal(sb_reply_read(sb_buf_bytes(&world->reply), &reply, &why), SB_ERR_OK);
    (void)snprintf(both, sizeof both, "%s\n%s", sv, en);
    if (!sb_bytes_equal(reply.why, sb_bytes_str(both))) {
        fail_msg("%.*s", (int)reply.why.size, (const char *)reply.why.at);
    }
}

/* Whose the newest acknowledgement or answer is. */
static void check_person(struct world *world, enum sb_kind kind, unsigned count, const char *person)
{
    struct sb_record up;

    settle(world);
    assert_int_equal(came_up(world, kind, &up), count);
    assert_string_equal(sb_record_name(&up, SB_FIELD_PERSON).text, person);
}

/* Without a person it is whoever is being tried, not the first of the function. */
static void an_answer_is_that_of_whom_it_waits_for(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    advance(world, STEP_MS);
    assert_string_equal(tried_last(world)->person, "p8");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_OK);
    check_person(world, SB_KIND_ACK, 1, "p8");
    advance(world, STEP_MS); /* p8 holds no mandate: the deputy is tried */
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_OK);
    check_person(world, SB_KIND_ACK, 2, "d9");
    /* Nobody is rung any more, but it waits for the deputy's attendance. */
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    check_person(world, SB_KIND_ATTENDANCE, 1, "d9");
}

static void an_answer_for_whom_nobody_waits_needs_a_person(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_MISSING);
    check_sentence(world,
                   "ingen larmas just nu: ange med --person vem som svarar (taby/tib: p7, p8, d9)",
                   "nobody is being tried right now: say with --person who answers "
                   "(taby/tib: p7, p8, d9)");
    check_person(world, SB_KIND_ATTENDANCE, 1, "p7");
    sb_record_set_text(&args, SB_FIELD_PERSON, "p7");
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    check_person(world, SB_KIND_ATTENDANCE, 2, "p7");
}

/* What is not judged yet has woken nobody. */
static void a_held_alert_waits_for_nobody(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    convene(world, &(struct convening){.seats = "taby/tib"});
    exchange(world);
    assert_int_equal(world->tried_count, 0);
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_MISSING);
    assert_int_equal(ask(world, OFFICER, "ack", &args),
                     SB_ERR_OK); /* rung by that request's turn */
    check_person(world, SB_KIND_ACK, 1, "p7");
}

/* "chef" of taby: c1. */
static void chef_add(struct world *world)
{
    struct sb_roster_function *chef = &world->roster.function[world->roster.function_count++];

    chef->function = sb_name("chef");
    chef->step_ms = STEP_MS;
    chef->people[0] = person_add(&world->roster, "c1", true);
    chef->people_count = 1;
}

static void an_answer_for_several_who_are_tried_needs_a_person(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    chef_add(world);
    convene(world, &(struct convening){.seats = "taby/chef,taby/tib"});
    settle(world);
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_MISSING);
    check_sentence(world,
                   "flera larmas just nu (taby/chef: c1; taby/tib: p7): ange med --person vem som "
                   "svarar, eller med --seat för vilken funktion",
                   "several are being tried right now (taby/chef: c1; taby/tib: p7): say with "
                   "--person who answers, or with --seat for which function");
    assert_int_equal(came_up(world, SB_KIND_ACK, NULL), 0);
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/chef");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_OK);
    check_person(world, SB_KIND_ACK, 1, "c1");
    /* Only chef attends: then it waits for tib's alone. */
    sb_record_set_text(&args, SB_FIELD_PERSON, "c1");
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    declare_mandate(world, "chef");
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_OK);
    check_person(world, SB_KIND_ACK, 2, "p7");
}

/* Whoever is being tried does not answer in a function that is another's. */
static void an_answer_in_anothers_function_needs_a_person(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    chef_add(world);
    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    sb_record_set_text(&args, SB_FIELD_FUNCTION, "chef");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_MISSING);
    check_sentence(world,
                   "den som larmas just nu (taby/tib: p7) har inte funktionen chef: ange med "
                   "--person vem som svarar (taby/tib: c1)",
                   "who is being tried right now (taby/tib: p7) does not have the function chef: "
                   "say with --person who answers (taby/tib: c1)");
    sb_record_set_text(&args, SB_FIELD_FUNCTION, "vb");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_NOT_FOUND);
    check_sentence(world,
                   "ingen i bemanningen har funktionen vb hos taby: ange vem som svarar (--person)",
                   "nobody in the roster has the function vb at taby: say who answers (--person)");
    sb_record_set_text(&args, SB_FIELD_FUNCTION, "tib");
    assert_int_equal(ask(world, OFFICER, "ack", &args), SB_ERR_OK);
    check_person(world, SB_KIND_ACK, 1, "p7");
}

/* More names than a sentence holds: it says that there are more. */
static void a_long_list_of_choices_is_cut(void **state)
{
    struct world *world = *state;
    struct sb_roster_function *tib = &world->roster.function[0];
    struct sb_record args = {0};
    struct sb_reply reply;
    struct sb_why why = {0};
    char id[SB_NAME_SIZE_MAX + 1];

    for (unsigned i = tib->people_count; i < SB_PER_FUNCTION_MAX; i++) {
        (void)snprintf(id, sizeof id, "beredskapshavande-tjansteman-nummer-%u", i);
        tib->people[tib->people_count++] = person_add(&world->roster, id, false);
    }
    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_MISSING);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&world->reply), &reply, &why), SB_ERR_OK);
    assert_true(
        sb_bytes_starts_with(sb_bytes(reply.why.at + reply.why.size - strlen(" …)"), strlen(" …)")),
                             sb_bytes_str(" …)")));
    assert_true(reply.why.size < SB_WHY_BOTH_SIZE);
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
    assert_int_equal(result(world, "00000000/taby/p7/sms/1", SB_RESULT_ACCEPTED), SB_ERR_NOT_FOUND);
    assert_int_equal(result(world, world->tried[0].key, (enum sb_result)9), SB_ERR_VALUE);
    assert_int_equal(fact(world, "00000000/taby/p7/sms/1", "tib", SB_ANSWER_NOTHING),
                     SB_ERR_NOT_FOUND);
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

/* Of a local program: answered each time, counted by reason, logged once an interval. */
static void too_large_requests_are_answered(void **state)
{
    struct world *world = *state;
    uint8_t *big = sb_alloc(1, SB_FRAME_SIZE_MAX + 1);
    const struct sb_agent_input input = {.kind = SB_AGENT_REQUEST,
                                         .from = OFFICER,
                                         .user = sb_name("uid:7"),
                                         .bytes = sb_bytes(big, SB_FRAME_SIZE_MAX + 1)};
    struct sb_reply reply;

    for (unsigned i = 1; i <= 2; i++) {
        sb_buf_clear(&world->reply);
        agent_turn(world, &input, 1, WHOLE);
        assert_int_equal(sb_reply_read(sb_buf_bytes(&world->reply), &reply, NULL), SB_ERR_OK);
        assert_int_equal(reply.err, SB_ERR_TOO_LARGE);
        assert_int_equal(agent_counter(world, "control/refused/too-large"), i);
    }
    const char *first = strstr(world->logs, "request=unreadable user=uid:7 error=too-large");
    assert_non_null(first);
    assert_null(strstr(first + 1, "request=unreadable"));
    free(big);
}

/* Nothing called anybody: told as that, not as a refusal; and whether it can be known here. */
static void status_of_nothing(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;

    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
    assert_false(row_at(world, 0, &row));
    time_set(world, world->now.mono_ms + SB_SILENT_AFTER_MS + 1);
    agent_input(world, SB_AGENT_TICK);
    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_false(sb_record_has(&row, SB_FIELD_ID));
    const struct sb_bytes notice = sb_record_bytes(&row, SB_FIELD_NOTICE);
    assert_true(notice.size > 13 && memcmp(notice.at, "NO CONNECTION", 13) == 0);
    sb_record_set_text(&args, SB_FIELD_EVENT, "4f3a91c2");
    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_NOT_FOUND);
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
    char number[24] = "";

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
        memcpy(other + 1, number, sizeof other - 1);
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
        T(an_answer_says_its_realm),
        T(an_answer_to_what_is_recalled_is_taken_and_told),
        T(an_answer_is_that_of_whom_it_waits_for),
        T(an_answer_for_whom_nobody_waits_needs_a_person),
        T(a_held_alert_waits_for_nobody),
        T(an_answer_for_several_who_are_tried_needs_a_person),
        T(an_answer_in_anothers_function_needs_a_person),
        T(a_long_list_of_choices_is_cut),
        T(what_is_recalled_is_marked_in_every_list),
        T(wrong_answers_are_refused),
        T(malformed_requests_are_answered),
        T(too_large_requests_are_answered),
        T(status_of_nothing),
        T(status_and_inbox_show_the_alert),
        T(who_tells_the_order),
        T(reports_have_versions),
        T(notes_go_up),
        T(mandates_are_declared_and_withdrawn_in_every_realm),
        T(replies_are_kept_up_to_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
