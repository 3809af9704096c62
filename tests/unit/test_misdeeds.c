/* test_misdeeds.c: what an agent does that no agent should: dropped where it is too much, refused
 * where it is wrong, and named on the board with how often and since when, until it is forgotten.
 * So are strangers, where they are many. */
#include "broker_board.h"
#include "entry.h"
#include "samband/words.h"

/* The board's row of this agent and misdeed; false where there is none. */
static bool misdeed(struct county *county, const char *agent, enum sb_misdeed which,
                    struct sb_record *ret_row)
{
    struct sb_record none = {0};
    if (ask(county, &county->viewer, "status", &none) != SB_ERR_OK) {
        return false;
    }
    struct sb_row_reader reader = sb_rows_read(county->answer.rows);
    sb_record_clear(ret_row);
    while (sb_rows_next(&reader, ret_row)) {
        if (row_says(ret_row, SB_FIELD_AGENT, agent)
            && sb_record_number(ret_row, SB_FIELD_MISDEED) == which) {
            return true;
        }
        sb_record_clear(ret_row);
    }
    return false;
}

static uint64_t times(struct county *county, const struct agent_end *end, enum sb_misdeed which)
{
    struct sb_record row;
    return misdeed(county, end->agent.text, which, &row) ? sb_record_number(&row, SB_FIELD_NUMBER)
                                                         : 0;
}

static void bytes_send(struct county *county, const struct agent_end *end, struct sb_bytes bytes)
{
    struct sb_broker_input input = {
        .kind = SB_BROKER_FRAME, .from = end->token, .user = end->user, .bytes = bytes};
    county_turn(county, &input);
}

static void frame_send(struct county *county, const struct agent_end *end,
                       const struct sb_frame *frame)
{
    struct sb_buf bytes;
    sb_buf_init(&bytes, SB_FRAME_SIZE_MAX);
    sb_frame_write(frame, &bytes);
    bytes_send(county, end, sb_buf_bytes(&bytes));
    sb_buf_finish(&bytes);
}

static void ping_send(struct county *county, const struct agent_end *end)
{
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = sb_link_session(end->link)};
    frame_send(county, end, &ping);
}

/* Pings until nothing more is read of it; returns how many were. The broker's answers are dropped,
 * and after the flood it greets anew. */
static unsigned flood(struct county *county, struct agent_end *end)
{
    unsigned sent = 0;
    while (counter(county, "broker/over/work") == 0) {
        assert_true(sent++ < 2 * SB_WORK_MAX);
        ping_send(county, end);
        queue_clear(&end->inbox);
    }
    return sent;
}

/* What is too much is dropped, named once a second, and told to the agent, which stays connected;
 * another agent notices nothing; and time gives it back. */
static void test_flood(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record row;
    call(county);
    assert_false(misdeed(county, "solna-1", SB_MISDEED_FLOOD, &row));
    uint64_t began = county->now.wall_ms;
    unsigned sent = flood(county, solna);
    assert_true(sent >= SB_WORK_MAX / 2 && sent <= SB_WORK_MAX + 1);
    assert_int_equal(times(county, solna, SB_MISDEED_FLOOD), 1);
    for (unsigned i = 0; i < 500; i++) {
        ping_send(county, solna);
    }
    assert_int_equal(solna->inbox.count, 0); /* told once an interval, not answered */
    assert_int_equal(times(county, solna, SB_MISDEED_FLOOD), 1);
    assert_true(said(&county->log, "agent-over agent=solna-1"));
    struct sb_broker_input input = {
        .kind = SB_BROKER_FRAME, .from = solna->token, .user = solna->user};
    ping_send(county, solna); /* at least one is dropped since it was told */
    assert_false(sb_broker_hears(county->broker, &input, county->now));
    input.from++; /* another connection: who it is must be looked up */
    assert_true(sb_broker_hears(county->broker, &input, county->now));
    input.kind = SB_BROKER_REQUEST;
    assert_true(sb_broker_hears(county->broker, &input, county->now));
    input.bytes = sb_bytes_str("?"); /* nor is it answered what it asks */
    county_turn(county, &input);
    ping_send(county, taby);
    assert_int_equal(taby->inbox.count, 1);
    queue_clear(&taby->inbox);
    assert_int_equal(times(county, taby, SB_MISDEED_FLOOD), 0);
    struct sb_now later = county->now;
    later.mono_ms += SB_MISDEED_TOLD_MS;
    input = (struct sb_broker_input){
        .kind = SB_BROKER_FRAME, .from = solna->token, .user = solna->user};
    assert_true(sb_broker_hears(county->broker, &input, later));
    county_pass(county, SB_MISDEED_TOLD_MS);
    assert_true(misdeed(county, "solna-1", SB_MISDEED_FLOOD, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 504);
    assert_int_equal(sb_record_number(&row, SB_FIELD_SINCE), began);
    assert_int_equal(sb_record_number(&row, SB_FIELD_LATEST_AT), began + SB_MISDEED_TOLD_MS);
    assert_int_equal(counter(county, "broker/over/work"), 504);
    ping_send(county, solna); /* a second gives back some of it */
    assert_int_equal(solna->inbox.count, 1);
    assert_int_equal(sb_link_state(solna->link), SB_LINK_UP);
}

/* The agent that was told so has not lost its session, says why to who asks, and until what it
 * sent is receipted. */
static void test_full_ends_no_session(void **state)
{
    struct county *county = *state;
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record row;
    while (counter(county, "broker/over/work") == 0) {
        ping_send(county, solna);
        if (counter(county, "broker/over/work") == 0) {
            queue_clear(&solna->inbox); /* but the last, which is the refusal */
        }
    }
    assert_int_equal(solna->inbox.count, 1);
    county_settle(county);
    assert_int_equal(solna->refused, SB_ERR_FULL);
    assert_int_equal(sb_link_state(solna->link), SB_LINK_UP);
    struct sb_txn *txn = store_begin(solna->store);
    assert_true(sb_link_refusal(txn, &row));
    check_said_both(sb_record_bytes(&row, SB_FIELD_WHY), "sänder mer än", "sends more than");
    sb_store_abort(solna->store, txn);
    county_pass(county, 5000);
    end_mandate(county, solna, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    txn = store_begin(solna->store);
    assert_false(sb_link_refusal(txn, &row));
    sb_store_abort(solna->store, txn);
}

/* A turn ends when one agent has had its part of it, so that others wait for no more than that. */
static void test_turn_is_shared(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = sb_link_session(solna->link)};
    struct sb_effects effects;
    struct sb_entropy entropy = county_entropy(county);
    struct sb_buf bytes;
    struct sb_txn *txn = store_begin(county->store);
    sb_buf_init(&bytes, SB_FRAME_SIZE_MAX);
    sb_frame_write(&ping, &bytes);
    sb_effects_init(&effects);
    struct sb_broker_input input = {.kind = SB_BROKER_FRAME, .bytes = sb_buf_bytes(&bytes)};
    for (unsigned i = 0; i < SB_WORK_PER_TURN_MAX; i++) {
        assert_false(sb_broker_turn_is_full(county->broker));
        input.from = solna->token;
        input.user = solna->user;
        sb_broker_step(county->broker, txn, &input, county->now, &entropy, &effects);
        if (i > 0) {
            input.from = taby->token; /* its own part is its own */
            input.user = taby->user;
            sb_broker_step(county->broker, txn, &input, county->now, &entropy, &effects);
        }
    }
    assert_true(sb_broker_turn_is_full(county->broker));
    sb_broker_flush(county->broker, txn, county->now, &entropy, &effects);
    assert_false(sb_broker_turn_is_full(county->broker));
    store_commit(county->store, txn);
    sb_effects_finish(&effects);
    sb_buf_finish(&bytes);
}

/* So many connections at once, then as time allows; others' are their own. */
static void test_handshakes(void **state)
{
    struct county *county = *state;
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct agent_end *taby = end_join(county, "taby", NULL);
    unsigned admitted = 0;
    while (sb_broker_knock(county->broker, &solna->user, county->now)) {
        assert_true(admitted++ <= SB_WORK_MAX / SB_WORK_HANDSHAKE);
    }
    assert_true(admitted > 32);
    assert_true(sb_broker_knock(county->broker, &taby->user, county->now));
    assert_true(sb_broker_knock(county->broker, &county->tib.user, county->now));
    county_pass(county, 1000);
    assert_true(sb_broker_knock(county->broker, &solna->user, county->now));
    assert_int_equal(times(county, solna, SB_MISDEED_FLOOD), 1);
}

/* The entry that the agent's log has at `index`, in a frame as its link sent it first. */
static void data_again(struct county *county, struct agent_end *end, uint64_t index,
                       struct sb_buf *ret_bytes)
{
    struct sb_record stream = {0};
    struct sb_log_row row;
    struct sb_bytes key;
    struct sb_bytes value;
    struct sb_buf entry;
    static const uint8_t first[] = {1};
    struct sb_txn *txn = store_begin(county->store);
    for (struct sb_bytes from = sb_bytes(first, sizeof first);
         sb_record_number(&stream, SB_FIELD_SEQ) == 0; from = key) {
        struct sb_key next;
        struct sb_why why;
        sb_key_init(&next);
        sb_key_add(&next, from);
        sb_key_add_byte(&next, 0);
        assert_true(sb_txn_seek(txn, SB_TABLE_RX, sb_key_bytes(&next), &key, &value));
        assert_int_equal(sb_record_read(value, SB_PARTS_ALL, &stream, &why), SB_ERR_OK);
    }
    sb_store_abort(county->store, txn);
    txn = store_begin(end->store);
    assert_true(sb_log_get(txn, index, &row));
    sb_buf_init(&entry, SB_ENTRY_SIZE_MAX + 8);
    sb_pack_array(&entry, 1);
    entry_pack(&entry, &(struct sb_entry){.sealed = row.sealed});
    struct sb_frame data = {.type = SB_FRAME_DATA,
                            .session = sb_link_session(end->link),
                            .at = {.org = end->org,
                                   .lane = sb_lane(SB_REALM_LIVE, SB_BULK),
                                   .incarnation = sb_record_number(&stream, SB_FIELD_INCARNATION),
                                   .seq = 1},
                            .entries = sb_buf_bytes(&entry)};
    sb_buf_init(ret_bytes, SB_FRAME_SIZE_MAX);
    sb_frame_write(&data, ret_bytes);
    sb_store_abort(end->store, txn);
    sb_buf_finish(&entry);
}

/* Entries cost room in the store: who has had its part of it is not heard, while all else goes on.
 * One that comes again and again is paid for each time, so that this needs no gigabyte. */
static void test_hoard(void **state)
{
    struct county *county = *state;
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record fields = {0};
    struct sb_buf data;
    static char text[SB_TEXT_SIZE_MAX - 1];
    memset(text, 'x', sizeof text - 1);
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REPORT);
    sb_record_set_number(&fields, SB_FIELD_REVISION, 1);
    sb_record_set_number(&fields, SB_FIELD_VALID_AT, county->now.wall_ms);
    sb_record_set_text(&fields, SB_FIELD_HAPPENED, text);
    sb_record_set_text(&fields, SB_FIELD_CONSEQUENCES, text);
    sb_record_set_text(&fields, SB_FIELD_MEASURES, text);
    end_issue(county, solna, &fields);
    data_again(county, solna, 1, &data);
    uint64_t full = log_size(county);
    for (unsigned sent = 0; counter(county, "broker/over/store") == 0; sent++) {
        assert_true(sent < SB_KEPT_BYTES_MAX / (3 * sizeof text));
        queue_clear(&solna->inbox); /* receipts */
        bytes_send(county, solna, sb_buf_bytes(&data));
    }
    assert_int_equal(counter(county, "broker/over/work"), 0);
    assert_int_equal(times(county, solna, SB_MISDEED_HOARD), 1);
    county_settle(county);
    assert_int_equal(solna->refused, SB_ERR_FULL);
    assert_int_equal(sb_link_state(solna->link), SB_LINK_UP);
    end_issue(county, solna, &fields); /* a new one is not kept */
    assert_int_equal(log_size(county), full);
    ping_send(county, solna); /* but what is no entry is heard */
    assert_true(solna->inbox.count > 0);
    county_settle(county);
    county_pass(county, 3600000); /* time gives back: the agent's link tries again by itself */
    end_greet(county, solna);
    assert_int_equal(log_size(county), full + 1);
    sb_buf_finish(&data);
}

/* Each wrong thing has its name, with the sentence of the last. */
static void test_named(void **state)
{
    struct county *county = *state;
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record row;
    call(county);
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_END);
    struct sb_hash about = {{1}};
    sb_record_set_hash(&fields, SB_FIELD_REF, &about);
    end_issue(county, solna, &fields);
    assert_true(misdeed(county, "solna-1", SB_MISDEED_NOT_ALLOWED, &row));
    check_said_both(sb_record_bytes(&row, SB_FIELD_WHY), "får inte utfärda poster av detta slag",
                    "may not issue");
    bytes_send(county, solna, sb_bytes("\xc1", 1));
    assert_int_equal(times(county, solna, SB_MISDEED_UNREADABLE), 1);
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("taby"));
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .orgs = sb_list_bytes(&orgs)};
    frame_send(county, solna, &hello);
    sb_list_finish(&orgs);
    assert_true(misdeed(county, "solna-1", SB_MISDEED_NOT_SERVED, &row));
    check_said_both(sb_record_bytes(&row, SB_FIELD_WHY), "tjänar inte taby", "does not serve taby");
    struct sb_frame receipt = {.type = SB_FRAME_RECEIPT,
                               .session = sb_link_session(solna->link),
                               .at = {.org = solna->org, .incarnation = 7, .seq = 99}};
    frame_send(county, solna, &receipt);
    frame_send(county, solna, &receipt);
    assert_int_equal(times(county, solna, SB_MISDEED_FALSE_RECEIPT), 2);
    uint8_t wrong[SB_SIGNATURE_SIZE] = {0};
    struct sb_buf statement;
    static const uint8_t nothing[] = {0x90};
    sb_buf_init(&statement, SB_FRAME_SIZE_MAX);
    sb_proof_statement_write(receipt.session, county->now.wall_ms,
                             sb_bytes(nothing, sizeof nothing), &statement);
    struct sb_frame proof = {.type = SB_FRAME_PROOF,
                             .statement = sb_buf_bytes(&statement),
                             .signature = sb_bytes(wrong, sizeof wrong)};
    frame_send(county, solna, &proof);
    sb_buf_finish(&statement);
    assert_int_equal(times(county, solna, SB_MISDEED_FALSE_PROOF), 1);
    county_restart(county); /* a name is not cleared by a restart */
    assert_int_equal(times(county, solna, SB_MISDEED_FALSE_RECEIPT), 2);
}

/* What an agent that works may well say is refused and not held against it. */
static void test_not_named(void **state)
{
    struct county *county = *state;
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record none = {0};
    struct sb_hash unknown = {{1}};
    call(county);
    end_answer(county, solna, &unknown, (struct given){.seat = "solna/tib"});
    assert_int_equal(solna->verdicts, 1);
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = 1234567};
    frame_send(county, solna, &ping); /* a session that is over */
    end_greet(county, solna);
    must(county, &county->viewer, "status", &none);
    for (unsigned i = 0; i < reply_rows(county); i++) {
        struct sb_record row;
        reply_row(county, i, &row);
        assert_false(sb_record_has(&row, SB_FIELD_MISDEED));
    }
}

/* An empty store where there was one is named, unless an administrator has let it in. */
static void test_not_held(void **state)
{
    struct county *county = *state;
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record args = {0};
    call(county);
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .session = sb_link_session(solna->link)};
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_name_bytes(&solna->org));
    hello.orgs = sb_list_bytes(&orgs);
    solna->token++;
    frame_send(county, solna, &hello);
    assert_int_equal(times(county, solna, SB_MISDEED_NOT_HELD), 1);
    sb_record_set_name(&args, SB_FIELD_AGENT, &solna->agent);
    must(county, &county->admin, "org-replace", &args);
    assert_int_equal(times(county, solna, SB_MISDEED_NOT_HELD), 0);
    queue_clear(&solna->inbox);
    solna->token++;
    frame_send(county, solna, &hello);
    assert_int_equal(times(county, solna, SB_MISDEED_NOT_HELD), 0);
    sb_list_finish(&orgs);
    queue_clear(&solna->inbox);
}

/* A day after the last one it is forgotten, and one after that begins anew; a new invitation clears
 * at once. Without anything on the board it is told all the same. */
static void test_forgotten(void **state)
{
    struct county *county = *state;
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record row;
    struct sb_record none = {0};
    must(county, &county->viewer, "status", &none);
    const unsigned quiet = reply_rows(county);
    bytes_send(county, solna, sb_bytes("\xc1", 1));
    bytes_send(county, solna, sb_bytes("\xc1", 1));
    assert_int_equal(times(county, solna, SB_MISDEED_UNREADABLE), 2);
    assert_int_equal(reply_rows(county), quiet + 1);
    county_pass(county, SB_MISDEED_SHOWN_MS);
    assert_int_equal(times(county, solna, SB_MISDEED_UNREADABLE), 2);
    county_pass(county, 1);
    assert_int_equal(times(county, solna, SB_MISDEED_UNREADABLE), 0);
    bytes_send(county, solna, sb_bytes("\xc1", 1));
    assert_true(misdeed(county, "solna-1", SB_MISDEED_UNREADABLE, &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 1);
    assert_int_equal(sb_record_number(&row, SB_FIELD_SINCE), county->now.wall_ms);
    queue_clear(&solna->inbox);
}

/* ---- strangers: connections without a key, as the shell counts them ---- */

static void strangers_come(struct county *county, uint64_t connections)
{
    struct sb_txn *txn = store_begin(county->store);
    sb_broker_note_strangers(txn, connections, county->now);
    store_commit(county->store, txn);
}

/* What the board tells of them: 0 where nothing, and otherwise in its last row, with since when and
 * until when. */
static uint64_t strangers(struct county *county, uint64_t since_ms, uint64_t latest_ms)
{
    struct sb_record none = {0};
    struct sb_record row;
    if (ask(county, &county->viewer, "status", &none) != SB_ERR_OK) {
        assert_int_equal(county->answer.err, SB_ERR_NOT_FOUND);
        return 0;
    }
    for (unsigned i = 0; i + 1 < reply_rows(county); i++) {
        reply_row(county, i, &row);
        assert_false(sb_record_has(&row, SB_FIELD_STRANGERS));
    }
    reply_row(county, reply_rows(county) - 1, &row);
    if (sb_record_has(&row, SB_FIELD_STRANGERS)) {
        assert_int_equal(sb_record_number(&row, SB_FIELD_SINCE), since_ms);
        assert_int_equal(sb_record_number(&row, SB_FIELD_LATEST_AT), latest_ms);
    }
    return sb_record_number(&row, SB_FIELD_STRANGERS);
}

/* Few at a time are nobody's concern, however often; many are added up, also over a restart. */
static void test_strangers_are_many(void **state)
{
    struct county *county = *state;
    const uint64_t began = county->now.wall_ms;
    for (unsigned i = 0; i < 3; i++) {
        strangers_come(county, SB_STRANGERS_MANY - 1);
        county_pass(county, SB_COMPLAIN_EVERY_MS);
    }
    assert_int_equal(strangers(county, 0, 0), 0);
    const uint64_t since = county->now.wall_ms;
    assert_true(since > began);
    strangers_come(county, SB_STRANGERS_MANY);
    assert_int_equal(strangers(county, since, since), SB_STRANGERS_MANY);
    county_pass(county, SB_COMPLAIN_EVERY_MS);
    strangers_come(county, SB_STRANGERS_MANY - 1);
    assert_int_equal(strangers(county, since, since), SB_STRANGERS_MANY);
    strangers_come(county, 5000);
    county_restart(county);
    assert_int_equal(strangers(county, since, county->now.wall_ms), SB_STRANGERS_MANY + 5000);
    (void)end_join(county, "taby", NULL);
    call(county); /* beside a board, behind its seats */
    assert_true(strangers(county, since, county->now.wall_ms) == SB_STRANGERS_MANY + 5000
                && reply_rows(county) > 1);
}

/* An hour after the last many they are forgotten, and those after that begin anew. */
static void test_strangers_are_forgotten(void **state)
{
    struct county *county = *state;
    const uint64_t since = county->now.wall_ms;
    strangers_come(county, SB_STRANGERS_MANY);
    county_pass(county, SB_STRANGERS_SHOWN_MS);
    assert_int_equal(strangers(county, since, since), SB_STRANGERS_MANY);
    strangers_come(county, SB_STRANGERS_MANY);
    const uint64_t latest = county->now.wall_ms;
    county_pass(county, SB_STRANGERS_SHOWN_MS);
    strangers_come(county, SB_STRANGERS_MANY - 1); /* keeps nobody in sight */
    assert_int_equal(strangers(county, since, latest), 2 * SB_STRANGERS_MANY);
    county_pass(county, 1);
    assert_int_equal(strangers(county, 0, 0), 0);
    strangers_come(county, SB_STRANGERS_MANY + 1);
    assert_int_equal(strangers(county, county->now.wall_ms, county->now.wall_ms),
                     SB_STRANGERS_MANY + 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
    const struct CMUnitTest tests[] = {
        T(test_flood),
        T(test_full_ends_no_session),
        T(test_turn_is_shared),
        T(test_handshakes),
        T(test_hoard),
        T(test_named),
        T(test_not_named),
        T(test_not_held),
        T(test_forgotten),
        T(test_strangers_are_many),
        T(test_strangers_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
