/* test_restored.c: a broker whose store was put back to an older state: what it forgot, agents hand
 * back, in whatever order, and it is as before. */
#include "broker_put_back.h"

/* All that is known of the seats of the newest call, times of receipts left out, as text. */
static void board_text(struct county *county, struct sb_buf *ret_text)
{
    static const enum sb_field shown[] = {
        SB_FIELD_SEAT,     SB_FIELD_RUNG,          SB_FIELD_NOTIFIED_AT, SB_FIELD_ACKED_AT,
        SB_FIELD_ANSWER,   SB_FIELD_MANDATE_STATE, SB_FIELD_REACHED_BY,  SB_FIELD_PERSON,
        SB_FIELD_FUNCTION, SB_FIELD_COLOUR,        SB_FIELD_NOTICE,      SB_FIELD_TITLE,
        SB_FIELD_RECALLED, SB_FIELD_STARTS,        SB_FIELD_ID};
    struct sb_record none = {0};
    struct sb_record row;
    must(county, &county->viewer, "status", &none);
    struct sb_row_reader reader = sb_rows_read(county->answer.rows);
    sb_buf_init(ret_text, TEXTS_SIZE);
    sb_record_clear(&row);
    while (sb_rows_next(&reader, &row)) {
        struct sb_record kept = {0};
        for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
            kept.at[shown[i]] = row.at[shown[i]];
        }
        sb_record_write(&kept, SB_PARTS_ALL, ret_text);
        sb_record_clear(&row);
    }
    assert_true(ret_text->size > 100 && !ret_text->overflow);
}

/* What `counters` tell of the store that was put back; false where they tell nothing. */
static bool put_back_told(struct county *county, struct sb_record *ret_row, uint64_t *ret_unheard)
{
    struct sb_record none = {0};
    bool told = false;
    must(county, &county->viewer, "counters", &none);
    for (unsigned i = 0; i < reply_rows(county); i++) {
        struct sb_record row;
        reply_row(county, i, &row);
        if (row_says(&row, SB_FIELD_COUNTER, SB_LINK_PUT_BACK)) {
            *ret_row = row;
            told = true;
        } else if (row_says(&row, SB_FIELD_COUNTER, SB_LINK_PUT_BACK_UNHEARD)) {
            *ret_unheard = sb_record_number(&row, SB_FIELD_NUMBER);
        }
    }
    return told;
}

/* How many of the broker's own events of a kind "events" tells. */
static unsigned events(struct county *county, enum sb_kind kind)
{
    struct sb_record args = {0};
    sb_record_set_number(&args, SB_FIELD_KIND, kind);
    must(county, &county->viewer, "events", &args);
    return reply_rows(county);
}

/* Calls, answers, a correction, an end over the phone, an alert recalled: all after the backup. The
 * restored broker shows what it showed. */
static void test_what_was_forgotten_comes_back(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record args = {0};
    struct sb_buf before;
    struct sb_buf after;
    (void)call(county);
    struct sb_store *copy = backup(county);
    county_pass(county, 1000);
    struct sb_hash recalled = call(county);
    (void)about(county, "recall", &recalled, SB_FIELD_REASON, "Fel");
    county_pass(county, 1000);
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    struct sb_hash id = call(county);
    end_answer(county, taby, &id,
               (struct given){.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_YES});
    (void)about(county, "correct", &id, SB_FIELD_TEXT, "Rum 2");
    sb_record_set_text(&args, SB_FIELD_SEAT, "solna/tib");
    sb_record_set_text(&args, SB_FIELD_VIA, "rakel");
    must(county, &county->tib, "reached", &args);
    county_settle(county);
    struct sb_hash incident = incident_of(county, &id);
    struct sb_hash snow = picture(county, &incident);
    end_answer(county, taby, &snow, (struct given){.seat = "taby/tib"});
    board_text(county, &before);
    unsigned taby_had = taby->arrived;

    put_back(county, copy);
    assert_int_equal(events(county, SB_KIND_CONVENING), 1);
    end_greet_back(county, taby);
    assert_int_equal(counter(county, "broker/recovered"),
                     9); /* all but what Solna alone was told */
    end_greet_back(county, solna);
    assert_int_equal(counter(county, "broker/recovered"), 10);
    assert_int_equal(counter(county, "broker/recovered-partial"), 0);
    assert_int_equal(events(county, SB_KIND_CONVENING), 3);
    assert_int_equal(events(county, SB_KIND_RECALL), 1);
    assert_int_equal(events(county, SB_KIND_CORRECTION), 1);
    assert_int_equal(events(county, SB_KIND_ACK), 1);
    assert_int_equal(taby->arrived, taby_had); /* nothing was new to those who had it */
    assert_int_equal(taby->verdicts + solna->verdicts, 0);
    board_text(county, &after);
    assert_true(sb_bytes_equal(sb_buf_bytes(&before), sb_buf_bytes(&after)));
    assert_sound(county);

    uint64_t opened = counter(county, "link/incarnation");
    uint64_t rows = log_size(county); /* and the next handshake is as any other */
    county_restart(county);
    end_greet_back(county, taby);
    end_greet_back(county, solna);
    assert_int_equal(log_size(county), rows);
    assert_int_equal(counter(county, "link/incarnation"), opened);
    struct sb_hash next = call(county);
    assert_true(sb_hash_equal(&taby->newest, &next) && sb_hash_equal(&solna->newest, &next));
    assert_sound(county);
    sb_buf_finish(&before);
    sb_buf_finish(&after);
    sb_store_close(copy);
}

/* It goes to those who never had it, as any event, in the order in which it was issued. */
static void test_recovered_goes_on_to_others(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_store *copy = backup(county);
    county_pass(county, SB_SILENT_AFTER_MS + 1);
    end_greet(county, taby);
    (void)call(county);
    struct sb_hash second = call(county);
    assert_int_equal(solna->arrived, 0); /* it is away */
    put_back(county, copy);
    end_greet_back(county, taby);
    end_greet_back(county, solna);
    assert_int_equal(solna->arrived, 6);
    assert_true(sb_hash_equal(&solna->newest, &second));
    assert_sound(county);
    sb_store_close(copy);
}

/* A recall comes back before what it recalls, an answer before the picture that it answers. */
static void test_in_any_order(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record row;
    uint64_t unheard = 0;
    assert_false(put_back_told(county, &row, &unheard));
    struct sb_store *copy = backup(county);
    struct sb_hash id = call(county);
    county_pass(county, SB_SILENT_AFTER_MS + 1); /* Täby is away, and never has the call … */
    end_greet(county, solna);
    (void)about(county, "recall", &id, SB_FIELD_REASON, "Fel");
    end_greet(county, taby);
    end_answer(county, taby, &id, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_NO});

    county_pass(county, 1); /* who was heard now was heard before it */
    const uint64_t back_at = county->now.wall_ms;
    put_back(county, copy);
    struct sb_txn *txn = store_begin(taby->store); /* … or lost it: only its answer is left */
    struct sb_log_row lost;
    uint64_t index;
    assert_true(sb_log_find(txn, &id, &taby->org, &index));
    for (uint64_t at = 1; at < sb_log_next_index(txn); at++) {
        assert_true(sb_log_get(txn, at, &lost));
        if (lost.stream_agent.text[0] != '\0' && at <= index) {
            sb_log_set_verdict(txn, at, SB_ERR_CORRUPT); /* it hands back no such row */
        }
    }
    store_commit(taby->store, txn);
    end_greet_back(county, taby);
    assert_int_equal(counter(county, "broker/recovered"), 0);
    assert_int_equal(counter(county, "broker/waiting"), 2); /* the recall and the answer */
    assert_true(put_back_told(county, &row, &unheard));
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 0);
    assert_int_equal(sb_record_number(&row, SB_FIELD_AT), back_at);
    assert_int_equal(sb_record_number(&row, SB_FIELD_LEFT), 2);
    assert_int_equal(unheard, 1);
    assert_int_equal(taby->verdicts, 0);
    end_greet_back(county, solna);
    assert_int_equal(counter(county, "broker/recovered"), 4);
    assert_true(put_back_told(county, &row, &unheard));
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 4);
    assert_int_equal(sb_record_number(&row, SB_FIELD_LEFT), 0);
    assert_int_equal(unheard, 0);
    struct sb_record none = {0};
    must(county, &county->viewer, "status", &none);
    assert_true(seat_row(county, "taby/tib", &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_NO);
    char hex[2 * SB_HASH_SIZE + 1];
    struct sb_record args = {0};
    sb_hex_write(sb_hash_bytes(&id), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    assert_int_equal(ask(county, &county->tib, "recall", &args), SB_ERR_ALREADY);
    assert_int_equal(events(county, SB_KIND_RECALL), 1);
    assert_int_equal(events(county, SB_KIND_ATTENDANCE), 1);
    assert_sound(county);
    sb_store_close(copy);
}

/* The agent's rows of these events are such as it hands nobody back. */
static void end_loses(struct agent_end *end, uint64_t from, uint64_t to)
{
    struct sb_txn *txn = store_begin(end->store);
    for (uint64_t index = from; index <= to; index++) {
        sb_log_set_verdict(txn, index, SB_ERR_CORRUPT);
    }
    store_commit(end->store, txn);
}

/* What comes back last is not the newest, and an activation that comes after its group's recall is
 * recalled. */
static void test_late_ones_take_their_places(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_record row;
    struct sb_record args = {0};
    struct sb_hash id;
    struct sb_store *copy = backup(county);
    (void)call(county); /* rows 1 to 3 of each agent */
    county_pass(county, 1000);
    struct sb_hash recalled = call(county); /* 4 to 6 */
    (void)about(county, "recall", &recalled, SB_FIELD_REASON, "Fel");
    county_pass(county, 1000);
    struct sb_hash newest = call(county);
    put_back(county, copy);
    end_loses(taby, 1, 3);
    end_loses(taby, 5, 5); /* the activation */
    end_greet_back(county, taby);
    assert_int_equal(events(county, SB_KIND_ACTIVATION), 1);
    end_greet_back(county, solna);
    assert_int_equal(counter(county, "broker/recovered"), 10);
    must(county, &county->viewer, "status", &args);
    reply_row(county, 0, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &id) && sb_hash_equal(&id, &newest));
    unsigned recalls = 0;
    for (unsigned i = 0; i < events(county, SB_KIND_ACTIVATION); i++) {
        reply_row(county, i, &row);
        recalls += sb_record_number(&row, SB_FIELD_RECALLED) != 0 ? 1u : 0u;
    }
    assert_int_equal(recalls, 1);
    assert_sound(county);
    sb_store_close(copy);
}

/* An incident that lost the convening which would say who was to have it waits, and then goes to
 * whoever had it. */
static void test_an_audience_that_nobody_brings(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_store *copy = backup(county);
    struct sb_hash id = call(county);
    put_back(county, copy);
    county_load(county, "forum-load",
                "id,name,level,mode,seats\n"
                "rsf,Regionalt,samordnande,aktiverat,\"kommun:tib\"\n");
    struct sb_txn *txn = store_begin(taby->store);
    uint64_t index;
    assert_true(sb_log_find(txn, &id, &taby->org, &index));
    sb_log_set_verdict(txn, index, SB_ERR_CORRUPT); /* it does not hand that back */
    store_commit(taby->store, txn);
    end_greet_back(county, taby);
    assert_int_equal(counter(county, "broker/waiting"), 2);
    assert_int_equal(counter(county, "broker/recovered"), 0);
    county_pass(county, SB_AUDIENCE_WAIT_MS - 10000);
    assert_int_equal(counter(county, "broker/recovered"), 0);
    assert_true(sb_broker_deadline_ms(county->broker) <= county->now.mono_ms + 10000);
    county_pass(county, 10000);
    assert_int_equal(counter(county, "broker/recovered"), 2);
    assert_int_equal(counter(county, "broker/recovered-partial"), 2);
    assert_true(said(&county->log, "audience-lost"));
    assert_sound(county);
    sb_store_close(copy);
}

static void end_lacks(struct agent_end *end, const struct sb_hash *id)
{
    struct sb_txn *txn = store_begin(end->store);
    uint64_t index;
    assert_true(sb_log_find(txn, id, &end->org, &index));
    sb_log_set_verdict(txn, index, SB_ERR_CORRUPT); /* it does not hand that back */
    store_commit(end->store, txn);
}

/* Two such, of which one began to wait later, and the other was brought by two. */
static void test_each_waits_its_time(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *solna = end_join(county, "solna", NULL);
    struct sb_store *copy = backup(county);
    struct sb_hash first = call(county); /* rows 1 to 3 of each agent */
    county_pass(county, 1000);
    struct sb_hash second = call(county); /* 4 to 6 */
    put_back(county, copy);
    county_load(county, "forum-load",
                "id,name,level,mode,seats\n"
                "rsf,Regionalt,samordnande,aktiverat,\"kommun:tib\"\n");
    end_lacks(taby, &first);
    end_lacks(solna, &first);
    end_lacks(solna, &second);
    end_loses(taby, 4, 6);
    end_greet_back(county, taby);
    county_pass(county, 10000);
    end_greet_back(county, solna);
    assert_int_equal(counter(county, "broker/recovered"), 0);
    county_pass(county, SB_AUDIENCE_WAIT_MS - 10000);
    assert_int_equal(counter(county, "broker/recovered"), 2);
    county_pass(county, 10000);
    assert_int_equal(counter(county, "broker/recovered"), 4);
    assert_sound(county);
    sb_store_close(copy);
}

/* The store was put back by hand, with nobody saying so: what an agent has of the broker's own
 * tells. */
static void test_put_back_by_hand(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_store *copy = backup(county);
    (void)call(county);
    sb_store_close(county->store);
    county->store = copy;
    county_restart(county);
    queue_clear(&taby->inbox);
    end_greet_back(county, taby);
    assert_int_equal(counter(county, "broker/recovered"), 3);
    assert_int_equal(events(county, SB_KIND_CONVENING), 1);
    assert_sound(county);
}

/* What only looks like the broker's own is refused as it always was. */
static void test_a_forged_one_is_refused(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct agent_end *centre = end_join(county, "lst-ab", NULL);
    struct sb_name origin = sb_name("lst-ab");
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_INCIDENT);
    sb_record_set_name(&fields, SB_FIELD_ORIGIN, &origin);
    sb_record_set_text(&fields, SB_FIELD_TITLE, "Falskt");
    const struct made forged = {.signer = &taby->party.realm[SB_REALM_LIVE],
                                .cert = sb_buf_bytes(&county->party.cert)};
    end_issue_as(county, taby, &fields, forged);
    assert_int_equal(taby->verdict_reason, SB_ERR_NOT_ALLOWED);
    end_issue_as(county, centre, &fields, forged);
    assert_int_equal(centre->verdict_reason, SB_ERR_SIGNATURE);
    end_issue(county, centre, &fields);
    assert_int_equal(centre->verdict_reason, SB_ERR_NOT_ALLOWED);
    assert_int_equal(counter(county, "broker/recovered"), 0);
    assert_int_equal(events(county, SB_KIND_INCIDENT), 3); /* refused, and seen to be */
}

/* The centre's own agent: its organisation is the broker's. */
static void test_the_centres_own_agent(void **state)
{
    struct county *county = *state;
    struct agent_end *centre = end_join(county, "lst-ab", NULL);
    struct sb_store *copy = backup(county);
    struct sb_hash id = call(county);
    end_answer(county, centre, &id, (struct given){.seat = "lst-ab/tib", .answer = SB_ANSWER_YES});
    put_back(county, copy);
    end_greet_back(county, centre);
    assert_int_equal(counter(county, "broker/recovered"), 3);
    assert_int_equal(events(county, SB_KIND_CONVENING), 1);
    assert_int_equal(events(county, SB_KIND_ATTENDANCE), 1);
    assert_sound(county);
    sb_store_close(copy);
}

/* Put back twice, to two ages, with new calls between: what was handed back once goes again. */
static void test_put_back_twice(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_store *first = backup(county);
    struct sb_hash a = call(county);
    struct sb_store *second = backup(county);
    county_pass(county, 1000);
    struct sb_hash b = call(county);
    put_back(county, second);
    end_greet_back(county, taby);
    county_pass(county, 1000);
    struct sb_hash c = call(county);
    uint64_t c_at = county->now.wall_ms;
    end_answer(county, taby, &c, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_YES});
    put_back(county, first);
    end_greet_back(county, taby);
    county_pass(county, 1000);
    const struct sb_hash *all[] = {&a, &b, &c};
    for (unsigned i = 0; i < 3; i++) {
        end_answer(county, taby, all[i],
                   (struct given){.seat = "taby/tib", .answer = SB_ANSWER_NO});
    }
    assert_int_equal(taby->verdicts, 0);
    assert_int_equal(events(county, SB_KIND_CONVENING), 3);
    assert_int_equal(counter(county, "broker/recovered"), 9);
    struct sb_record row;
    board(county, "taby/tib", &row); /* of the newest, whichever came back last */
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_NO);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ACKED_AT), c_at);
    assert_sound(county);
    sb_store_close(first);
    sb_store_close(second);
}

/* The agent dies before it made the handing back durable: it is asked again, for all. */
static void test_crash_while_handing_back(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_store *copy = backup(county);
    (void)call(county);
    put_back(county, copy);
    for (unsigned turn = 0; turn < 3; turn++) {
        struct sb_store *was = sb_store_copy_memory(taby->store);
        end_greet(county, taby);
        sb_store_close(taby->store); /* what it committed never was */
        taby->store = was;
        county_pass(county, SB_HELLO_EVERY_MS);
    }
    assert_int_equal(counter(county, "broker/recovered"), 0);
    end_greet_back(county, taby);
    assert_int_equal(counter(county, "broker/recovered"), 3);
    assert_sound(county);
    sb_store_close(copy);
}

/* A correction of what the board shows comes back with it; and put back once more, what went down
 * again behind the first time is handed back from there. */
static void test_corrections_and_repeats_come_back(void **state)
{
    struct county *county = *state;
    struct agent_end *one = end_join(county, "taby", "taby-1");
    struct agent_end *two = end_join(county, "taby", "taby-2");
    struct sb_record row;
    struct sb_record none = {0};
    struct sb_store *first = backup(county);
    struct sb_hash id = call(county);
    char hex[2 * SB_HASH_SIZE + 1];
    struct sb_record args = {0};
    sb_hex_write(sb_hash_bytes(&id), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    sb_record_set_text(&args, SB_FIELD_TEXT, "Rum 2");
    sb_record_set_text(&args, SB_FIELD_TITLE, "Annat");
    must(county, &county->tib, "correct", &args);
    county_settle(county);
    put_back(county, first);
    end_greet_back(county, one);
    end_greet_back(county, two);
    must(county, &county->viewer, "status", &none);
    reply_row(county, 0, &row);
    assert_true(row_says(&row, SB_FIELD_TITLE, "Annat"));
    struct sb_store *second = backup(county);
    for (unsigned i = 0; i < 2; i++) {
        county_pass(county, 1000);
        struct sb_hash next = call(county);
        end_answer(county, one, &next, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_YES});
        struct sb_txn *txn = store_begin(two->store);
        uint64_t newest = sb_log_next_index(txn) - 1; /* the answer */
        sb_store_abort(two->store, txn);
        end_loses(two, newest, newest);
        put_back(county, second);
        end_greet_back(county, two);
        end_greet_back(county, one);
    }
    assert_int_equal(events(county, SB_KIND_CONVENING), 3);
    assert_sound(county);
    sb_store_close(first);
    sb_store_close(second);
}

/* The new term of authority is above the old, whatever the clock says. */
static void test_epoch(void **state)
{
    struct county *county = *state;
    struct sb_txn *txn = store_begin(county->store);
    uint64_t founded = sb_txn_number(txn, SB_TABLE_META, "epoch");
    struct sb_now later = county->now;
    sb_broker_restored(txn, county->now);
    assert_int_equal(sb_txn_number(txn, SB_TABLE_META, "epoch"), founded + 1);
    later.wall_ms += 60000;
    sb_broker_restored(txn, later);
    assert_int_equal(sb_txn_number(txn, SB_TABLE_META, "epoch"), founded + 60);
    sb_store_abort(county->store, txn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_what_was_forgotten_comes_back),
        T(test_recovered_goes_on_to_others),
        T(test_in_any_order),
        T(test_late_ones_take_their_places),
        T(test_an_audience_that_nobody_brings),
        T(test_a_forged_one_is_refused),
        T(test_the_centres_own_agent),
        T(test_put_back_twice),
        T(test_crash_while_handing_back),
        T(test_corrections_and_repeats_come_back),
        T(test_each_waits_its_time),
        T(test_put_back_by_hand),
        T(test_epoch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
