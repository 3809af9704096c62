/* test_arrival.c: what a hostile, broken or outdated agent sends: refused, told why, with what
 * comes behind it getting through; and what hearing an agent costs. */
#include "broker_board.h"
#include "entry.h"

static void refused_as(struct county *county, struct agent_end *end, enum sb_err reason,
                       unsigned verdicts)
{
    if (end->verdicts != verdicts || end->verdict_reason != reason) {
        fail_msg("%u verdicts, the newest %s; expected %u, %s", end->verdicts,
                 sb_err_name((enum sb_err)end->verdict_reason), verdicts, sb_err_name(reason));
    }
    char name[64];
    (void)snprintf(name, sizeof name, "broker/entry/%s", sb_err_name(reason));
    assert_true(counter(county, name) > 0);
}

static void test_refused_entries(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_hash id = call(county);
    struct sb_hash unknown = id;
    unknown.at[0] ^= 1;
    end_answer(county, taby, &unknown, (struct given){.seat = "taby/tib"});
    refused_as(county, taby, SB_ERR_NOT_FOUND, 1);
    end_answer(county, taby, &id, (struct given){.seat = "taby/rcb"});
    refused_as(county, taby, SB_ERR_NOT_ALLOWED, 2);
    end_answer(county, taby, &id, (struct given){.seat = "solna/tib"});
    refused_as(county, taby, SB_ERR_NOT_ALLOWED, 3);
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .answer = 9});
    refused_as(county, taby, SB_ERR_VALUE, 4);
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_AT});
    refused_as(county, taby, SB_ERR_MISSING, 5);
    struct sb_record fields = {0}; /* an agent issues no recall */
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_RECALL);
    sb_record_set_hash(&fields, SB_FIELD_REF, &id);
    end_issue(county, taby, &fields);
    refused_as(county, taby, SB_ERR_NOT_ALLOWED, 6);
    sb_record_clear(&fields); /* another's signature */
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
    sb_record_set_text(&fields, SB_FIELD_TEXT, "hej");
    end_issue_as(county, taby, &fields,
                 (struct made){.signer = &solna->party.realm[SB_REALM_LIVE],
                               .cert = sb_buf_bytes(&taby->party.cert)});
    refused_as(county, taby, SB_ERR_SIGNATURE, 7);
    sb_record_clear(&fields); /* the exercise key cannot sign a live event */
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
    sb_record_set_text(&fields, SB_FIELD_TEXT, "hej");
    end_issue_as(county, taby, &fields,
                 (struct made){.signer = &taby->party.realm[SB_REALM_EXERCISE],
                               .cert = sb_buf_bytes(&taby->party.cert)});
    refused_as(county, taby, SB_ERR_SIGNATURE, 8);
    sb_record_clear(&fields); /* in another's name */
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
    sb_record_set_text(&fields, SB_FIELD_TEXT, "hej");
    sb_record_set_name(&fields, SB_FIELD_ORIGIN, &solna->org);
    end_issue(county, taby, &fields);
    refused_as(county, taby, SB_ERR_NOT_ALLOWED, 9);
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_YES});
    assert_int_equal(taby->verdicts, 9); /* and what came behind them got through */
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "attends without mandate");
    assert_int_equal(solna->verdicts, 0);
}

/* An exercise answer to a live call is of another realm. */
static void test_realms_do_not_mix(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_hash id = call(county);
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_ACK);
    sb_record_set_number(&fields, SB_FIELD_REALM, SB_REALM_EXERCISE);
    sb_record_set_hash(&fields, SB_FIELD_REF, &id);
    sb_record_set_text(&fields, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_text(&fields, SB_FIELD_FUNCTION, "tib");
    sb_record_set_text(&fields, SB_FIELD_PERSON, "p7");
    sb_record_set_number(&fields, SB_FIELD_HOLDS_MANDATE, 1);
    sb_record_set_number(&fields, SB_FIELD_ANSWERED_AT, county->now.wall_ms);
    end_issue(county, taby, &fields);
    refused_as(county, taby, SB_ERR_REALM, 1);
    colour_is(county, "taby/tib", SB_COLOUR_AMBER, "waits for an answer");
}

/* Neither is an incident that is named, or an exercise would stand in the timeline of the storm. */
static void test_incident_of_another_realm(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash incident;
    struct sb_hash convening = call(county);
    reply_row(county, 0, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &incident));
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
    sb_record_set_number(&fields, SB_FIELD_REALM, SB_REALM_EXERCISE);
    sb_record_set_text(&fields, SB_FIELD_TEXT, "övning, övning");
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
    end_issue(county, taby, &fields);
    refused_as(county, taby, SB_ERR_REALM, 1);
    must(county, &county->viewer, "timeline", &args);
    for (unsigned i = 0; i < reply_rows(county); i++) {
        reply_row(county, i, &row);
        assert_int_equal(sb_record_number(&row, SB_FIELD_REALM), SB_REALM_LIVE);
    }
    must(county, &county->trainer, "events", &args); /* the refused note stands there, too */
    reply_row(county, 1, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_NOTE);
    struct sb_hash note;
    char text[2 * SB_HASH_SIZE + 1];
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &note));
    sb_hex_write(sb_hash_bytes(&note), text);
    sb_record_set_text(&args, SB_FIELD_EVENT, text);
    must(county, &county->trainer, "timeline", &args);
    for (unsigned i = 0; i < reply_rows(county); i++) {
        reply_row(county, i, &row);
        assert_int_equal(sb_record_number(&row, SB_FIELD_REALM), SB_REALM_EXERCISE);
    }
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &convening); /* which is no incident */
    end_issue(county, taby, &fields);
    refused_as(county, taby, SB_ERR_NOT_FOUND, 2);
}

/* What a clock that is ahead says counts as said when it came, so that nothing is answered in the
 * future and what is said later still counts. */
static void test_clock_ahead(void **state)
{
    const uint64_t hour_ms = 3600000;
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    struct sb_hash id = call(county);
    struct given given = {.seat = "taby/tib", .answer = SB_ANSWER_YES};
    given.answered_at = county->now.wall_ms;
    end_answer(county, taby, &id, given);
    assert_int_equal(counter(county, "broker/clock-ahead"), 0);
    given.answered_at = county->now.wall_ms + hour_ms;
    end_answer(county, taby, &id, given);
    assert_int_equal(counter(county, "broker/clock-ahead"), 1);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ACKED_AT), county->now.wall_ms);
    assert_int_equal(sb_record_number(&row, SB_FIELD_LATE), 0);
    given.answered_at = 0; /* the clock was set right */
    given.answer = SB_ANSWER_NO;
    end_answer(county, taby, &id, given);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_NO);
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REACH);
    sb_record_set_hash(&fields, SB_FIELD_REF, &id);
    sb_record_set_text(&fields, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_number(&fields, SB_FIELD_RUNG, SB_RUNG_NOTIFIED);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, county->now.wall_ms + hour_ms);
    sb_record_set_number(&fields, SB_FIELD_TRIES, 1);
    end_issue(county, taby, &fields);
    assert_int_equal(counter(county, "broker/clock-ahead"), 2);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, county->now.wall_ms);
    sb_record_set_number(&fields, SB_FIELD_TRIES, 2);
    end_issue(county, taby, &fields);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_NOTIFIED_AT), county->now.wall_ms);
    assert_int_equal(sb_record_number(&row, SB_FIELD_TRIES), 2);
}

/* taby/tib holds the level from then till then, says a declaration of that time. */
struct declared {
    uint64_t from, to, issued;
    bool withdrawn;
};
static void declare(struct county *county, struct agent_end *taby, struct declared declared)
{
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_MANDATE);
    sb_record_set_text(&fields, SB_FIELD_FUNCTION, "tib");
    sb_record_set_number(&fields, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_text(&fields, SB_FIELD_BASIS, "delegationsordning 12");
    sb_record_set_number(&fields, SB_FIELD_VALID_FROM, declared.from);
    sb_record_set_number(&fields, SB_FIELD_VALID_TO, declared.to);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, declared.issued);
    sb_record_set_number(&fields, SB_FIELD_WITHDRAWN, declared.withdrawn);
    end_issue(county, taby, &fields);
}

/* A mandate that was declared by a clock that was ahead can be withdrawn by one that is right. */
static void test_clock_ahead_mandate(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record none = {0};
    struct sb_record row;
    struct declared declared = {AUTHORITY_FROM_MS, AUTHORITY_TO_MS, county->now.wall_ms + 3600000u,
                                false};
    declare(county, taby, declared);
    declared.issued = county->now.wall_ms;
    declared.withdrawn = true;
    declare(county, taby, declared);
    assert_int_equal(counter(county, "broker/clock-ahead"), 1);
    must(county, &county->viewer, "mandate-list", &none);
    reply_row(county, 0, &row);
    assert_int_not_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_VALID);
}

/* The organisation's clock dates its mandate and its answers: where the broker's was put back an
 * hour, a mandate that was declared a minute ago counts, and one from tomorrow does not. */
static void test_mandate_by_its_own_clock(void **state)
{
    const uint64_t day_ms = 24 * 3600000;
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    const uint64_t there = county->now.wall_ms + 3600000; /* where it was not put back */
    const struct {
        uint64_t from, to, answered_at;
        enum sb_mandate_state state;
    } cases[] = {{there, there + day_ms, there, SB_MANDATE_VALID},
                 {there, there + day_ms, there - 1, SB_MANDATE_NONE},
                 {there + day_ms, there + 2 * day_ms, there, SB_MANDATE_NONE},
                 {there - 2 * day_ms, there, there, SB_MANDATE_VALID},
                 {there - 2 * day_ms, there, there + 1, SB_MANDATE_ENDED}};
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        struct sb_record row;
        struct sb_hash id = call(county);
        declare(county, taby, (struct declared){cases[i].from, cases[i].to, there, false});
        end_answer(county, taby, &id,
                   (struct given){.seat = "taby/tib",
                                  .holds = true,
                                  .answer = SB_ANSWER_YES,
                                  .answered_at = cases[i].answered_at});
        board(county, "taby/tib", &row);
        if (sb_record_number(&row, SB_FIELD_MANDATE_STATE) != cases[i].state) {
            fail_msg("case %u: mandate %llu", i,
                     (unsigned long long)sb_record_number(&row, SB_FIELD_MANDATE_STATE));
        }
        /* Everything else is as of when it came. */
        assert_int_equal(sb_record_number(&row, SB_FIELD_ACKED_AT), county->now.wall_ms);
        county_pass(county, 1000);
    }
}

/* A verdict that cannot be taken is refused in silence, or two ends would go on for ever. */
static void test_no_verdict_about_a_verdict(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record fields = {0};
    struct sb_hash unknown = {{1}};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_VERDICT);
    sb_record_set_hash(&fields, SB_FIELD_REF, &unknown);
    sb_record_set_number(&fields, SB_FIELD_REASON_CODE, SB_ERR_HASH);
    end_issue(county, taby, &fields);
    struct sb_hash id = call(county);
    sb_record_set_hash(&fields, SB_FIELD_REF, &id);
    sb_record_set_number(&fields, SB_FIELD_REASON_CODE, SB_ERR_OK);
    end_issue(county, taby, &fields);
    assert_int_equal(taby->verdicts, 0);
    assert_int_equal(counter(county, "broker/entry/not-found"), 1);
    assert_int_equal(counter(county, "broker/entry/value"), 1);
}

static void send_frame(struct county *county, struct agent_end *end, const struct sb_frame *frame)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_frame_write(frame, &buf);
    struct sb_broker_input input = {.kind = SB_BROKER_FRAME,
                                    .from = end->token,
                                    .user = end->user,
                                    .bytes = sb_buf_bytes(&buf)};
    end->refused = SB_ERR_OK;
    county_turn(county, &input);
    sb_buf_finish(&buf);
    if (end->inbox.count > 0) {
        struct sb_frame answer;
        struct sb_why why = {0};
        assert_int_equal(sb_frame_read(sb_buf_bytes(&end->inbox.frame[0]), &answer, &why),
                         SB_ERR_OK);
        end->refused = answer.type == SB_FRAME_REFUSE ? answer.err : SB_ERR_OK;
    }
    queue_clear(&end->inbox);
}

/* An agent that speaks for an organisation which it does not serve. */
static void test_not_served(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_list_writer orgs;
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .session = 1000};
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("taby"));
    sb_list_add(&orgs, sb_bytes_str("solna"));
    hello.orgs = sb_list_bytes(&orgs);
    send_frame(county, taby, &hello);
    assert_int_equal(taby->refused, SB_ERR_NOT_ALLOWED);
    assert_int_equal(counter(county, "broker/not-served"), 1);
    assert_true(said(&county->log, "does not serve solna"));
    sb_list_finish(&orgs);
    call(county); /* the session that it had goes on */
    assert_int_equal(taby->arrived, 3);
}

/* A session is for somebody, and of an agent whose certificate holds. */
static void test_hello_that_is_not_let_in(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_list_writer orgs;
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .session = 1000};
    sb_list_init(&orgs);
    hello.orgs = sb_list_bytes(&orgs);
    send_frame(county, taby, &hello);
    assert_int_equal(taby->refused, SB_ERR_MALFORMED);
    assert_int_equal(counter(county, "broker/malformed"), 1);
    sb_list_add(&orgs, sb_bytes_str("taby"));
    hello.orgs = sb_list_bytes(&orgs);
    county->now.wall_ms += SB_CERT_VALID_MS + 1;
    send_frame(county, taby, &hello);
    assert_int_equal(taby->refused, SB_ERR_EXPIRED);
    assert_int_equal(counter(county, "broker/certificate"), 1);
    sb_list_finish(&orgs);
}

/* Entries for an organisation that the session does not speak for are not taken. */
static void test_data_for_another_organisation(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_log_row row;
    struct sb_buf entries;
    call(county);
    const uint64_t size = log_size(county);
    struct sb_txn *txn = store_begin(county->store);
    assert_true(sb_log_get(txn, 1, &row));
    struct sb_entry entry = {.sealed = row.sealed};
    sb_buf_init(&entries, SB_FRAME_SIZE_MAX);
    sb_pack_array(&entries, 1);
    entry_pack(&entries, &entry);
    sb_store_abort(county->store, txn);
    struct sb_frame data = {.type = SB_FRAME_DATA,
                            .session = sb_link_session(taby->link),
                            .at = {.org = sb_name("solna"), .incarnation = 7, .seq = 1},
                            .entries = sb_buf_bytes(&entries)};
    send_frame(county, taby, &data);
    assert_int_equal(counter(county, "link/org"), 1);
    assert_int_equal(log_size(county), size);
    assert_true(said(&county->log, "does not speak for solna"));
    sb_buf_finish(&entries);
}

/* An organisation named twice would be two streams of one name, each with half of the truth. */
static void test_organisation_named_twice(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_list_writer orgs;
    call(county);
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .session = 1000};
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("taby"));
    sb_list_add(&orgs, sb_bytes_str("taby"));
    hello.orgs = sb_list_bytes(&orgs);
    send_frame(county, taby, &hello);
    assert_int_equal(taby->refused, SB_ERR_MALFORMED);
    assert_int_equal(counter(county, "broker/malformed"), 1);
    sb_list_finish(&orgs);
    call(county); /* the session that it had goes on */
    assert_int_equal(taby->arrived, 6);
}

static void test_malformed_frames(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    static const uint8_t bytes[][4] = {{0xdd, 0x0f, 0xff, 0xff}, {0x91, 0x91, 0x91, 0x91}, {0}};
    for (size_t i = 0; i < COUNT_OF(bytes); i++) {
        struct sb_broker_input input = {.kind = SB_BROKER_FRAME,
                                        .from = taby->token,
                                        .user = taby->user,
                                        .bytes = sb_bytes(bytes[i], sizeof bytes[i])};
        county_turn(county, &input);
        assert_int_equal(taby->inbox.count, 1);
        queue_clear(&taby->inbox);
    }
    assert_int_equal(counter(county, "broker/malformed"), COUNT_OF(bytes));
    assert_true(said(&county->log, "frame-refused user=a:taby-1"));
}

/* Refused, counted by its name, answered each time, logged once an interval; and the connection is
 * as usable as before. */
static void test_too_large_frames(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    uint8_t *big = sb_alloc(1, SB_FRAME_SIZE_MAX + 1);
    struct sb_broker_input input = {.kind = SB_BROKER_FRAME,
                                    .from = taby->token,
                                    .user = taby->user,
                                    .bytes = sb_bytes(big, SB_FRAME_SIZE_MAX + 1)};
    for (unsigned i = 1; i <= 3; i++) {
        struct sb_frame answer;
        county_turn(county, &input);
        assert_int_equal(taby->inbox.count, 1);
        assert_int_equal(sb_frame_read(sb_buf_bytes(&taby->inbox.frame[0]), &answer, NULL),
                         SB_ERR_OK);
        assert_int_equal(answer.type, SB_FRAME_REFUSE);
        assert_int_equal(answer.err, SB_ERR_TOO_LARGE);
        queue_clear(&taby->inbox);
        assert_int_equal(counter(county, "broker/too-large"), i);
    }
    assert_true(said(&county->log, "frame-refused user=a:taby-1 reason=too-large untold=0"));
    assert_false(said(&county->log, "untold=2"));
    county_pass(county, SB_COMPLAIN_EVERY_MS);
    county_turn(county, &input);
    assert_true(said(&county->log, "frame-refused user=a:taby-1 reason=too-large untold=2"));
    assert_int_equal(counter(county, "broker/malformed"), 0);
    queue_clear(&taby->inbox);
    end_greet(county, taby);
    call(county);
    assert_int_equal(taby->arrived, 3);
    free(big);
}

/* What an agent could not read stands in the operator's log, session or not, once an interval. */
static void test_refusals_of_agents(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_frame refuse = {.type = SB_FRAME_REFUSE,
                              .err = SB_ERR_TOO_LARGE,
                              .text = sb_bytes_str("a frame of 300000 bytes")};
    send_frame(county, taby, &refuse);
    assert_true(said(&county->log, "link-refused agent=taby-1 error=too-large"));
    assert_true(said(&county->log, "agent-down agent=taby-1"));
    refuse.text = sb_bytes_str("without a session");
    send_frame(county, taby, &refuse);
    assert_true(said(&county->log, "untold=0 why=\"without a session\""));
    refuse.text = sb_bytes_str("and again");
    send_frame(county, taby, &refuse);
    assert_false(said(&county->log, "and again"));
}

/* Who is no agent, or is one no more, gets a sentence and nothing else. */
static void test_not_admitted(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = 1};
    struct sb_name own = taby->user;
    taby->user = sb_name("e:00112233445566778899aabbccddeeff");
    send_frame(county, taby, &ping);
    assert_int_equal(taby->refused, SB_ERR_NOT_ALLOWED);
    taby->user = sb_name("a:nobody");
    send_frame(county, taby, &ping);
    assert_int_equal(taby->refused, SB_ERR_NOT_FOUND);
    taby->user = own;
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_AGENT, "taby-1");
    must(county, &county->admin, "org-revoke", &args);
    queue_clear(&taby->inbox);
    send_frame(county, taby, &ping);
    assert_int_equal(taby->refused, SB_ERR_REVOKED);
    assert_int_equal(counter(county, "broker/not-admitted"), 3);
    assert_true(county->drops >= 3);
    call(county);
    assert_int_equal(taby->arrived, 0);
}

static void test_unknown_session(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = 77};
    send_frame(county, taby, &ping);
    assert_int_equal(taby->refused, SB_ERR_SESSION);
    struct sb_broker_input gone = {.kind = SB_BROKER_GONE, .from = taby->token};
    county_turn(county, &gone);
    ping.session = 1;
    send_frame(county, taby, &ping);
    assert_int_equal(taby->refused, SB_ERR_SESSION);
    struct sb_frame refuse = {
        .type = SB_FRAME_REFUSE, .err = SB_ERR_SESSION, .text = sb_bytes_str("nej")};
    send_frame(county, taby, &refuse); /* a refusal is not answered */
    assert_int_equal(taby->refused, SB_ERR_OK);
}

/* A copy of a store that fell behind is not believed until an administrator says so. */
static void test_stale_store_and_replace(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_store *old = sb_store_copy_memory(taby->store);
    end_greet(county, taby);
    end_greet(county, taby);
    sb_store_close(taby->store);
    taby->store = old;
    end_greet(county, taby);
    assert_int_equal(taby->refused, SB_ERR_STALE);
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_AGENT, "taby-1");
    must(county, &county->admin, "org-replace", &args);
    taby->refused = SB_ERR_OK;
    end_greet(county, taby);
    assert_int_equal(taby->refused, SB_ERR_OK);
    assert_int_equal(sb_link_state(taby->link), SB_LINK_UP);
}

static void test_idle_turn_writes_nothing(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    county_pass(county, 10000);
    end_turn(county, taby); /* its ping */
    struct sb_effects effects;
    struct sb_entropy entropy = county_entropy(county);
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = sb_link_session(taby->link)};
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_frame_write(&ping, &buf);
    struct sb_broker_input input = {.kind = SB_BROKER_FRAME,
                                    .from = taby->token,
                                    .user = taby->user,
                                    .bytes = sb_buf_bytes(&buf)};
    struct sb_txn *txn = store_begin(county->store);
    sb_effects_init(&effects);
    sb_broker_step(county->broker, txn, &input, county->now, &entropy, &effects);
    sb_broker_flush(county->broker, txn, county->now, &entropy, &effects);
    assert_false(sb_store_changed(county->store, txn)); /* hearing an agent costs no sync */
    sb_store_abort(county->store, txn);
    sb_effects_finish(&effects);
    sb_buf_finish(&buf);
}

static void test_deadline_moves(void **state)
{
    struct county *county = *state;
    (void)end_join(county, "taby", NULL);
    for (unsigned i = 0; i < 100; i++) {
        uint64_t due = sb_broker_deadline_ms(county->broker);
        if (due == SB_NEVER_MS) {
            break;
        }
        assert_true(due > county->now.mono_ms);
        county_pass(county, due - county->now.mono_ms);
    }
    assert_true(said(&county->log, "agent-dark"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_refused_entries),
        T(test_realms_do_not_mix),
        T(test_incident_of_another_realm),
        T(test_clock_ahead),
        T(test_clock_ahead_mandate),
        T(test_mandate_by_its_own_clock),
        T(test_no_verdict_about_a_verdict),
        T(test_hello_that_is_not_let_in),
        T(test_data_for_another_organisation),
        T(test_not_served),
        T(test_organisation_named_twice),
        T(test_malformed_frames),
        T(test_too_large_frames),
        T(test_refusals_of_agents),
        T(test_not_admitted),
        T(test_unknown_session),
        T(test_stale_store_and_replace),
        T(test_idle_turn_writes_nothing),
        T(test_deadline_moves),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
