/* test_link_session.c: how the link's sessions begin and end: greetings, silence, clones, restored
 * stores, terms of authority, and when an agent has drained. */
#include "linked.h"

static void test_silence(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    pair->broker.mute = true;
    run(pair, SB_SILENT_AFTER_MS - 100);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
    assert_int_equal(sb_link_state(pair->broker.link), SB_LINK_UP);
    run(pair, 100);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_DOWN);
    assert_int_equal(sb_link_session(pair->agent.link), 0);
    assert_int_equal(pair->agent.rebuilds, 1);
    run(pair, SB_SILENT_AFTER_MS);
    pair->broker.mute = false;
    start_agent(pair);
    settle(pair);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
}

static void test_broker_notices_silence(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    pair->agent.mute = true;
    run(pair, SB_SILENT_AFTER_MS);
    assert_int_equal(sb_link_state(pair->broker.link), SB_LINK_DOWN);
    assert_int_equal(sb_link_deadline_ms(pair->broker.link), SB_NEVER_MS);
    assert_int_equal(pair->broker.rebuilds, 0);
    pair->agent.mute = false;
    /* The agent heard pings up to the end; its next frame is refused, and it greets again. */
    run(pair, SB_PING_EVERY_MS);
    assert_int_equal(sb_link_state(pair->broker.link), SB_LINK_UP);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
}

/* Both ends ping, both answer, and neither goes silent. */
static void test_idle_stays_up(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    run(pair, 60000);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
    assert_int_equal(sb_link_session(pair->agent.link), 1);
    assert_int_equal(sb_link_state(pair->broker.link), SB_LINK_UP);
}

static void test_greeting_is_repeated(void **state)
{
    struct pair *pair = *state;
    start_agent(pair);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_GREETING);
    for (unsigned second = 1; second <= SB_SILENT_AFTER_MS / SB_HELLO_EVERY_MS; second++) {
        assert_int_equal(sb_link_deadline_ms(pair->agent.link),
                         pair->now.mono_ms + SB_HELLO_EVERY_MS);
        advance(pair, SB_HELLO_EVERY_MS);
        end_turn(&pair->agent, WHOLE);
        assert_int_equal(waiting(&pair->broker, SB_FRAME_HELLO), second + 1);
    }
    assert_int_equal(pair->agent.rebuilds, 1);
    /* All of them come at once: the last WELCOME is the session. */
    settle(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 1);
    assert_int_equal(sb_link_session(pair->agent.link), sb_link_session(pair->broker.link));
}

static void test_session_is_confirmed(void **state)
{
    struct pair *pair = *state;
    start_agent(pair);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(agent_row_number(pair, SB_FIELD_SESSION), 1);
    assert_int_equal(agent_row_number(pair, SB_FIELD_CONFIRMED), 0);
    settle(pair);
    assert_int_equal(agent_row_number(pair, SB_FIELD_CONFIRMED), 1);
}

/* A copy of the agent's store greets after the original went on: refused until an administrator
 * says which is to live. */
static void test_clone(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    struct sb_store *copy = sb_store_copy_memory(pair->agent.store);
    crash(&pair->agent);
    connect(pair); /* session 2 */
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    settle(pair);

    restore(&pair->agent, copy);
    start_agent(pair);
    settle(pair);
    assert_int_equal(pair->broker.last_err, SB_ERR_STALE);
    check_said(&pair->broker.last_why, "be Länsstyrelsen köra `samband org replace taby-1`",
               "samband org replace taby-1");
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_DOWN);
    assert_int_equal(counter(&pair->broker, "link/stale"), 1);
    assert_true(pair->agent.alarms > 0);
    run(pair, SB_SILENT_AFTER_MS); /* asked again, not hammered */
    assert_int_equal(counter(&pair->broker, "link/stale"), 2);

    put_agent_row(pair, 2, 0); /* what org replace does */
    run(pair, SB_SILENT_AFTER_MS);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
    assert_int_equal(sb_link_session(pair->agent.link), 3);
    assert_int_equal(counter(&pair->broker, "link/incarnation"), 1);
    assert_int_equal(log_count(&pair->agent), 1);
    assert_sound(&pair->agent);
    sb_store_close(copy);
}

/* An agent that is restored to an older store: what it lost comes again in a new incarnation, what
 * it still had is not listed twice, and what it made since is not lost. */
static void test_restored_agent(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    for (unsigned i = 0; i < 3; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
        (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    }
    settle(pair);
    struct sb_store *copy = sb_store_copy_memory(pair->agent.store);
    uint64_t newest = 0;
    for (unsigned i = 0; i < 2; i++) {
        newest = publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
        (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    }
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 5);
    assert_int_equal(pair->broker.arrived_count, 5);

    restore(&pair->agent, copy);
    pair->agent.arrived_count = 0;
    (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT); /* after the restore */
    start_agent(pair);
    run(pair, 3000);
    assert_int_equal(pair->agent.arrived_count, 2 + 2); /* and what it had said and forgot */
    assert_int_equal(pair->broker.arrived_count, 6);
    assert_int_equal(counter(&pair->broker, "link/incarnation"), 2);
    assert_int_equal(counter(&pair->broker, "link/handed-back"), 1);
    assert_int_equal(counter(&pair->agent, "link/incarnation"), 1);
    assert_int_equal(counter(&pair->agent, "link/repeat"), 6); /* its own three, too */
    assert_int_equal(counter(&pair->broker, "link/repeat"), 3);
    assert_true(pair->broker.alarms > 0);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, newest + 2);
    assert_sound(&pair->agent);
    assert_sound(&pair->broker);
    assert_true(verify(&pair->broker).streams == 2);
    sb_store_close(copy);
}

/* A restored agent that has made as many new events as it lost: the sequences agree, the chain does
 * not. */
static void test_restored_agent_with_as_many(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    struct sb_store *copy = sb_store_copy_memory(pair->agent.store);
    (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    settle(pair);
    restore(&pair->agent, copy);
    (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    start_agent(pair);
    run(pair, 3000);
    assert_int_equal(pair->broker.arrived_count, 2);
    assert_int_equal(counter(&pair->agent, "link/incarnation"), 1);
    assert_sound(&pair->broker);
    sb_store_close(copy);
}

/* The same for the broker, with a new term of authority. */
static void test_restored_broker(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    for (unsigned i = 0; i < 3; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
        (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    }
    settle(pair);
    struct sb_store *copy = sb_store_copy_memory(pair->broker.store);
    for (unsigned i = 0; i < 2; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
        (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    }
    settle(pair);
    crash(&pair->agent);
    connect(pair);
    assert_int_equal(sb_link_session(pair->agent.link), 2);

    restore(&pair->broker, copy);
    pair->broker.config.epoch = 8;
    pair->broker.arrived_count = 0;
    pair->agent.arrived_count = 0;
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT); /* not what the agent holds there */
    run(pair, 8000);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
    assert_true(sb_link_session(pair->agent.link) > 2);
    assert_int_equal(pair->agent.arrived_count, 1);
    assert_int_equal(pair->broker.arrived_count, 2 + 2); /* and what it had sent and forgot */
    assert_int_equal(counter(&pair->broker, "link/incarnation"), 1);
    assert_int_equal(counter(&pair->agent, "link/incarnation"), 2); /* the second to hand back */
    assert_int_equal(counter(&pair->agent, "link/handed-back"), 1);
    assert_true(pair->agent.alarms > 0);
    assert_int_equal(counter(&pair->broker, "link/behind"), 1);
    assert_sound(&pair->agent);
    assert_sound(&pair->broker);
    sb_store_close(copy);
}

/* Restored over and over at both ends: an incarnation that was closed is never opened again. */
static void test_old_incarnation_stays_closed(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    settle(pair);
    struct sb_store *first = sb_store_copy_memory(pair->agent.store);
    (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    settle(pair);
    for (unsigned i = 0; i < 3; i++) {
        restore(&pair->agent, first);
        put_agent_row(pair, 1 + 10 * i, 0);
        start_agent(pair);
        run(pair, 3000);
        assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
        (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
        settle(pair);
        assert_sound(&pair->broker);
    }
    assert_int_equal(pair->broker.arrived_count, 2 + 3);
    assert_int_equal(counter(&pair->broker, "link/incarnation-closed"), 2);
    assert_int_equal(verify(&pair->broker).streams, 4);

    /* Inside a session it is refused as well. */
    (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->agent, WHOLE);
    struct sb_frame data = frame_at(&pair->broker, 0);
    data.at.incarnation ^= 1;
    forge(&pair->broker, &data);
    settle(pair);
    assert_int_equal(counter(&pair->broker, "link/incarnation-unknown"), 1);
    assert_int_equal(pair->broker.arrived_count, 6);
    sb_store_close(first);
}

/* A receipt was lost and the connection with it: the handshake finds that the other end holds it.
 */
static void test_handshake_replaces_receipt(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    end_turn(&pair->agent, CRASH_BEFORE_SEND);
    start_agent(pair);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 2);
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 2);
    assert_int_equal(counter(&pair->broker, "link/incarnation"), 0);
    assert_null(strstr(strchr(pair->broker.traces, '\n'), "send"));
}

static void test_lower_epoch_is_refused(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    crash(&pair->broker);
    crash(&pair->agent);
    pair->broker.config.epoch = 6;
    start_agent(pair);
    end_turn(&pair->broker, WHOLE);
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.last_err, SB_ERR_STALE);
    check_said(&pair->agent.last_why, "en annan central har tagit över",
               "another broker took over");
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_DOWN);
    assert_int_equal(counter(&pair->agent, "link/epoch"), 1);
    assert_int_equal(waiting(&pair->broker, SB_FRAME_REFUSE), 1);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(sb_link_state(pair->broker.link), SB_LINK_DOWN);
    pair->broker.config.epoch = 7;
    run(pair, SB_SILENT_AFTER_MS);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
}

static void test_foreign_organisation_is_refused(void **state)
{
    struct pair *pair = *state;
    pair->agent.config.org_count = 2;
    start_agent(pair);
    settle(pair);
    assert_int_equal(pair->broker.last_err, SB_ERR_NOT_ALLOWED);
    check_said(&pair->broker.last_why, "tjänar inte solna; be", "does not serve solna; invite");
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_DOWN);
}

/* An agent set up for fewer organisations than it may serve gets those, and the others wait. */
static void test_fewer_organisations(void **state)
{
    struct pair *pair = *state;
    pair->agent.config.org_count = 1;
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    connect(pair);
    assert_int_equal(pair->agent.arrived_count, 1);
    crash(&pair->agent);
    pair->agent.config.org_count = 2;
    connect(pair);
    assert_int_equal(pair->agent.arrived_count, 2);
    assert_int_equal(counter(&pair->broker, "link/incarnation"), 0);
}

static void test_unenrolled_and_impossible(void **state)
{
    struct pair *pair = *state;
    struct sb_txn *txn = begin(&pair->broker);
    sb_txn_del(txn, SB_TABLE_AGENT, sb_name_bytes(&pair->broker.config.agent));
    commit(&pair->broker, txn);
    start_agent(pair);
    settle(pair);
    assert_int_equal(pair->broker.last_err, SB_ERR_NOT_ALLOWED);
    assert_null(pair->broker.link);
    put_agent_row(pair, 0, 0);
    txn = begin(&pair->agent);
    sb_txn_set_number(txn, SB_TABLE_META, "session", SB_SESSION_MAX + 1);
    commit(&pair->agent, txn);
    start_agent(pair);
    settle(pair);
    assert_int_equal(pair->broker.last_err, SB_ERR_VALUE);
}

/* Somebody with the agent's key has named the largest session: the agent itself gets in after it,
 * once an administrator has looked, and again. */
static void test_largest_session_has_a_next(void **state)
{
    struct pair *pair = *state;
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .session = SB_SESSION_MAX, .epoch = 7};
    connect(pair);
    forge(&pair->broker, &hello);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(agent_row_number(pair, SB_FIELD_SESSION), SB_SESSION_MAX + 1);
    crash(&pair->broker);
    crash(&pair->agent);
    put_agent_row(pair, SB_SESSION_MAX + 1, 0); /* org replace */
    connect(pair);
    assert_int_equal(sb_link_session(pair->agent.link), SB_SESSION_MAX + 2);
    crash(&pair->agent);
    connect(pair);
    assert_int_equal(sb_link_session(pair->broker.link), SB_SESSION_MAX + 3);
}

/* The same, and the broker's store is then restored from before it: the agent gets in all the same.
 * A WELCOME that comes again opens nothing. */
static void test_largest_session_outlives_a_restore(void **state)
{
    struct pair *pair = *state;
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .session = SB_SESSION_MAX, .epoch = 7};
    struct sb_frame again = {.type = SB_FRAME_WELCOME, .session = SB_SESSION_MAX + 1, .epoch = 7};
    struct sb_store *copy = sb_store_copy_memory(pair->broker.store);
    start_agent(pair);
    forge(&pair->broker, &hello); /* behind the agent's own HELLO: both are answered */
    settle(pair);
    crash(&pair->agent);
    restore(&pair->broker, copy);
    sb_store_close(copy);
    connect(pair);
    assert_int_equal(sb_link_session(pair->agent.link), SB_SESSION_MAX + 1);
    forge(&pair->agent, &again);
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.last_err, SB_ERR_SESSION);
}

/* A stream that does not move although the other end lives ends in a new handshake. */
static void test_stuck_stream_greets_again(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    for (unsigned i = 0; i < 40 && sb_link_state(pair->broker.link) == SB_LINK_UP; i++) {
        end_turn(&pair->broker, WHOLE);
        (void)lose(&pair->agent, SB_FRAME_DATA);
        end_turn(&pair->agent, WHOLE);
        advance(pair, 1000);
    }
    assert_int_equal(counter(&pair->broker, "link/resend"), SB_RESENDS_MAX + 1);
    run(pair, SB_PING_EVERY_MS);
    assert_int_equal(sb_link_session(pair->agent.link), 2);
    assert_int_equal(pair->agent.arrived_count, 1);
}

static void test_broker_restart_mid_session(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    crash(&pair->broker);
    (void)publish(&pair->agent, SB_REALM_LIVE, SB_URGENT);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    run(pair, SB_HELLO_EVERY_MS + 100);
    assert_int_equal(sb_link_session(pair->agent.link), 2);
    assert_int_equal(pair->broker.arrived_count, 1);
    assert_int_equal(pair->agent.arrived_count, 1);
    /* A refusal of the session that is over changes nothing. */
    struct sb_frame late = {.type = SB_FRAME_REFUSE, .session = 1, .err = SB_ERR_SESSION};
    forge(&pair->agent, &late);
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(sb_link_session(pair->agent.link), 2);
}

/* However often a session is refused, HELLO goes once a second at most. */
static void test_greets_no_faster(void **state)
{
    struct pair *pair = *state;
    struct sb_frame refuse = {.type = SB_FRAME_REFUSE, .session = 1, .err = SB_ERR_SESSION};
    connect(pair);
    for (unsigned i = 0; i < 5; i++) {
        forge(&pair->agent, &refuse);
        end_turn(&pair->agent, WHOLE);
    }
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_GREETING);
    assert_int_equal(waiting(&pair->broker, SB_FRAME_HELLO), 0);
    assert_int_equal(sb_link_deadline_ms(pair->agent.link), pair->now.mono_ms + SB_HELLO_EVERY_MS);
    advance(pair, SB_HELLO_EVERY_MS);
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(waiting(&pair->broker, SB_FRAME_HELLO), 1);
}

/* A WELCOME that came before is not believed again. */
static void test_old_welcome(void **state)
{
    struct pair *pair = *state;
    start_agent(pair);
    end_turn(&pair->broker, WHOLE);
    queue_add(&pair->agent.inbox, sb_buf_bytes(&pair->agent.inbox.frame[0]));
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(pair->agent.last_err, SB_ERR_SESSION);
    assert_int_equal(sb_link_session(pair->agent.link), 1);
    assert_int_equal(counter(&pair->agent, "link/session"), 1);
}

static unsigned rx_records(struct end *end)
{
    struct sb_txn *txn = begin(end);
    struct sb_bytes found;
    struct sb_bytes value;
    struct sb_key key;
    unsigned count = 0;
    sb_key_init(&key);
    sb_key_add_byte(&key, 0);
    while (sb_txn_seek(txn, SB_TABLE_RX, sb_key_bytes(&key), &found, &value)) {
        sb_key_init(&key);
        sb_key_add(&key, found);
        sb_key_add_byte(&key, 0);
        count++;
    }
    sb_store_abort(end->store, txn);
    return count;
}

/* An agent that names ever new incarnations fills nothing. */
static void test_empty_incarnations_leave_nothing(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    unsigned before = rx_records(&pair->broker);
    for (uint64_t i = 1; i <= 20; i++) {
        struct sb_buf sending;
        struct sb_list_writer orgs;
        struct sb_position position = {.org = pair->orgs[0], .incarnation = 1000 + i};
        sb_buf_init(&sending, 1024);
        sb_list_init(&orgs);
        sb_list_add(&orgs, sb_bytes_str("taby"));
        sb_pack_array(&sending, 1);
        sb_position_pack(&sending, &position);
        struct sb_frame hello = {.type = SB_FRAME_HELLO,
                                 .session = i,
                                 .orgs = sb_list_bytes(&orgs),
                                 .sending = sb_buf_bytes(&sending)};
        forge(&pair->broker, &hello);
        end_turn(&pair->broker, WHOLE);
        sb_list_finish(&orgs);
        sb_buf_finish(&sending);
    }
    assert_int_equal(pair->broker.last_err, SB_ERR_OK);
    assert_int_equal(rx_records(&pair->broker), before);
}

/* Nobody is woken before what WELCOME announced is held: a recall may be among it. */
static void test_drain(void **state)
{
    struct pair *pair = *state;
    for (unsigned i = 0; i < 3; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    }
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_BULK);
    start_agent(pair);
    assert_false(sb_link_drained(pair->agent.link, pair->now));
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(frame_at(&pair->agent, 0).type, SB_FRAME_WELCOME);
    struct sb_views views = sb_views_read(frame_at(&pair->agent, 0).sending);
    struct sb_position position;
    assert_true(sb_position_next(&views, &position));
    assert_int_equal(position.seq, 3);
    struct sb_buf data = pair->agent.inbox.frame[1];
    struct sb_buf bulk = pair->agent.inbox.frame[2];
    pair->agent.inbox.count = 1;
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
    assert_false(sb_link_drained(pair->agent.link, pair->now));
    assert_int_equal(sb_link_drain_deadline_ms(pair->agent.link), pair->now.mono_ms + SB_DRAIN_MS);
    struct sb_now late = pair->now;
    late.mono_ms += SB_DRAIN_MS;
    assert_true(sb_link_drained(pair->agent.link, late));
    pair->agent.inbox.frame[pair->agent.inbox.count++] = data;
    end_turn(&pair->agent, WHOLE);
    assert_true(sb_link_drained(pair->agent.link, pair->now));
    assert_int_equal(sb_link_drain_deadline_ms(pair->agent.link), SB_NEVER_MS);
    sb_buf_finish(&bulk);
}

/* With nothing to come the agent is drained as soon as it knows. */
static void test_drained_at_once(void **state)
{
    struct pair *pair = *state;
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_BULK);
    start_agent(pair);
    end_turn(&pair->broker, WHOLE);
    (void)lose(&pair->agent, SB_FRAME_DATA);
    end_turn(&pair->agent, WHOLE);
    assert_true(sb_link_drained(pair->agent.link, pair->now));
    assert_true(sb_link_drained(pair->broker.link, pair->now));
}

static void test_frames_outside_a_session(void **state)
{
    struct pair *pair = *state;
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = 99};
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .session = 1};
    struct sb_arrivals arrivals;
    struct sb_effects effects;
    struct sb_why why = {0};
    connect(pair);
    sb_effects_init(&effects);
    struct sb_txn *txn = begin(&pair->broker);
    const struct sb_link_turn link = {pair->broker.link, txn, pair->now, &pair->entropy, &effects};
    assert_int_equal(sb_link_on_frame(&link, &ping, &arrivals, &why), SB_ERR_SESSION);
    assert_int_equal(sb_link_on_frame(&link, &hello, &arrivals, &why), SB_ERR_MALFORMED);
    assert_int_equal(sb_link_accept(&link, &ping, &why), SB_ERR_MALFORMED);
    assert_int_equal(effects.count, 1); /* the REFUSE of what is no HELLO */
    sb_store_abort(pair->broker.store, txn);
    sb_effects_finish(&effects);
    assert_int_equal(sb_link_state(pair->broker.link), SB_LINK_UP);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, pair_make, pair_end)
#define TWO(test) cmocka_unit_test_setup_teardown(test, pair_make_two, pair_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(test_silence),
        ONE(test_broker_notices_silence),
        ONE(test_idle_stays_up),
        ONE(test_greeting_is_repeated),
        ONE(test_session_is_confirmed),
        ONE(test_clone),
        ONE(test_restored_agent),
        ONE(test_restored_agent_with_as_many),
        ONE(test_restored_broker),
        ONE(test_old_incarnation_stays_closed),
        ONE(test_handshake_replaces_receipt),
        ONE(test_lower_epoch_is_refused),
        ONE(test_foreign_organisation_is_refused),
        TWO(test_fewer_organisations),
        ONE(test_unenrolled_and_impossible),
        ONE(test_largest_session_has_a_next),
        ONE(test_largest_session_outlives_a_restore),
        ONE(test_stuck_stream_greets_again),
        ONE(test_broker_restart_mid_session),
        ONE(test_greets_no_faster),
        ONE(test_old_welcome),
        ONE(test_empty_incarnations_leave_nothing),
        ONE(test_drain),
        ONE(test_drained_at_once),
        ONE(test_frames_outside_a_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
