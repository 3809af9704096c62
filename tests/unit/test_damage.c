/* test_damage.c: a row of the broker's store that is not there any more: what needs it says so with
 * the remedy, all else goes on; where nothing can be decided without it nothing is committed. A
 * rotten bit equals a lost row (test_store_lmdb.c; tests/fault/damaged.sh). */
#include "broker_board.h"

static const char *hex(const struct sb_hash *id, char text[2 * SB_HASH_SIZE + 1])
{
    sb_hex_write(sb_hash_bytes(id), text);
    return text;
}

static struct sb_hash row_id(const struct county *county, unsigned position)
{
    struct sb_record row;
    struct sb_hash id;
    reply_row(county, position, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &id));
    return id;
}

static void call_unseen(struct county *county)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(&args, SB_FIELD_TITLE, "Snöoväder");
    must(county, &county->tib, "call", &args);
}

static void row_lose(struct county *county, enum sb_table table, struct sb_bytes key)
{
    struct sb_bytes value;
    struct sb_txn *txn = store_begin(county->store);
    assert_true(sb_txn_get(txn, table, key, &value));
    sb_txn_del(txn, table, key);
    store_commit(county->store, txn);
}

static uint64_t log_index(struct county *county, const struct sb_hash *id)
{
    uint64_t index = 0;
    struct sb_txn *txn = store_begin(county->store);
    assert_true(sb_log_find(txn, id, NULL, &index));
    sb_store_abort(county->store, txn);
    return index;
}

static void log_lose(struct county *county, const struct sb_hash *id)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add_be64(&key, log_index(county, id));
    row_lose(county, SB_TABLE_LOG, sb_key_bytes(&key));
}

static void head_lose(struct county *county, const struct sb_hash *id)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add_byte(&key, 'E');
    sb_key_add(&key, sb_hash_bytes(id));
    row_lose(county, SB_TABLE_CASE, sb_key_bytes(&key));
}

static void says(const struct county *county, const char *words)
{
    if (strstr(county->why.text, words) == NULL && strstr(county->why.sv, words) == NULL) {
        fail_msg("it does not say \"%s\": %s, %s", words, county->why.sv, county->why.text);
    }
}

/* What is common to all refusals for damage. */
static void refuses(struct county *county, const struct person *person, const char *verb,
                    const struct sb_record *args)
{
    uint64_t counted = counter(county, "broker/refused/corrupt");
    uint64_t size = log_size(county);
    sb_buf_clear(&county->log);
    enum sb_err err = ask(county, person, verb, args);
    if (err != SB_ERR_CORRUPT) {
        fail_msg("%s: %s: %s", verb, sb_err_name(err), county->why.text);
    }
    says(county, "lagring är skadad");
    says(county, "återställ");
    says(county, "store is damaged");
    says(county, "samband verify");
    says(county, "from a backup");
    assert_true(said(&county->log, "request-refused user=o:"));
    assert_true(said(&county->log, "reason=corrupt"));
    assert_int_equal(counter(county, "broker/refused/corrupt"), counted + 1);
    assert_int_equal(log_size(county), size);
}

static void text_add(struct sb_record *args)
{
    sb_record_set_text(args, SB_FIELD_TEXT, "text");
    sb_record_set_text(args, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_text(args, SB_FIELD_VIA, "rakel");
}

static void test_verbs_about_a_lost_event(void **state)
{
    static const char *const verbs[] = {"show",    "timeline", "status",  "note",
                                        "correct", "recall",   "reached", "end"};
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_record none = {0};
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash lost = call(county);
    struct sb_hash whole = call(county);
    log_lose(county, &lost);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&lost, text));
    text_add(&args);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        refuses(county, &county->tib, verbs[i], &args);
    }
    /* The others are as before. */
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&whole, text));
    must(county, &county->tib, "show", &args);
    must(county, &county->tib, "status", &none);
    must(county, &county->tib, "correct", &args);
    must(county, &county->tib, "recall", &args);
    (void)call(county);
}

/* A list tells all the others, and in its place that one cannot be read. */
static void test_lists_go_on(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_record none = {0};
    struct sb_record row;
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash convening = call(county);
    uint64_t index = log_index(county, &convening);
    must(county, &county->viewer, "events", &none);
    unsigned before = reply_rows(county);
    struct sb_hash incident = row_id(county, 2);
    log_lose(county, &convening);
    must(county, &county->viewer, "events", &none);
    assert_int_equal(reply_rows(county), before);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_INDEX), index);
    assert_int_equal(sb_record_number(&row, SB_FIELD_VERDICT), SB_ERR_CORRUPT);
    assert_true(sb_record_has(&row, SB_FIELD_WORDING) && sb_record_has(&row, SB_FIELD_NOTICE));
    assert_false(sb_record_has(&row, SB_FIELD_ID));
    assert_int_equal(counter(county, "broker/damaged"), 1);
    assert_true(said(&county->log, "event-damaged verb=events"));
    reply_row(county, 1, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_ACTIVATION);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&incident, text));
    must(county, &county->viewer, "timeline", &args);
    assert_int_equal(reply_rows(county), before);
    reply_row(county, before - 1, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_VERDICT), SB_ERR_CORRUPT);
}

/* Left out, EVENT must not come to mean an older one because the newest cannot be read. */
static void test_a_lost_head_row(void **state)
{
    static const char *const verbs[] = {"recall", "status", "reached", "timeline"};
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_record named = {0};
    char text[2 * SB_HASH_SIZE + 1];
    (void)call(county);
    struct sb_hash newest = call(county);
    head_lose(county, &newest);
    text_add(&args);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        refuses(county, &county->tib, verbs[i], &args);
    }
    sb_record_set_text(&named, SB_FIELD_EVENT, hex(&newest, text));
    refuses(county, &county->tib, "recall", &named);
}

/* What an agent says about a lost event is kept, with a verdict; what comes behind it counts. */
static void test_an_answer_about_a_lost_event(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    struct sb_hash lost = call(county);
    struct sb_hash whole = call(county);
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    log_lose(county, &lost);
    end_answer(county, taby, &lost, (struct given){.seat = "taby/tib", .answer = SB_ANSWER_YES});
    assert_int_equal(taby->verdicts, 1);
    assert_int_equal(taby->verdict_reason, SB_ERR_CORRUPT);
    assert_int_equal(counter(county, "broker/entry/corrupt"), 1);
    end_answer(county, taby, &whole,
               (struct given){.seat = "taby/tib", .holds = true, .answer = SB_ANSWER_YES});
    assert_int_equal(taby->verdicts, 1);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_YES);
}

/* What an agent still has to get, and nobody can send, holds up nothing behind it: at the
 * handshake, and while the session runs. From a backup it goes out in a new incarnation. */
static void test_the_link_passes_over_a_lost_row(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    county_pass(county, SB_SILENT_AFTER_MS); /* its session is over */
    struct sb_hash lost = call(county);
    struct sb_hash second = call(county);
    struct sb_store *backup = sb_store_copy_memory(county->store);
    log_lose(county, &lost);
    end_greet(county, taby);
    assert_int_equal(taby->arrived, 5); /* of two times three */
    assert_true(sb_hash_equal(&taby->newest, &second));
    assert_int_equal(counter(county, "link/lost"), 1);
    assert_true(said(&county->log, "entry-lost agent=taby-1 index=3 why="));
    struct sb_hash third = call(county);
    assert_int_equal(taby->arrived, 8);
    assert_true(sb_hash_equal(&taby->newest, &third));
    county_restart(county);
    end_greet(county, taby);
    assert_int_equal(counter(county, "link/lost"), 1); /* it lies behind what is receipted */
    sb_store_close(county->store);
    county->store = backup;
    county_restart(county);
    end_greet_back(county, taby);
    assert_int_equal(taby->arrived, 9);
    assert_true(sb_hash_equal(&taby->newest, &lost));
    assert_int_equal(counter(county, "broker/recovered"), 3); /* the third call, and no more */
}

static void test_a_flush_passes_over_a_lost_row(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    call_unseen(county); /* sent, and never receipted */
    struct sb_hash lost = row_id(county, 2);
    queue_clear(&taby->inbox);
    log_lose(county, &lost);
    sb_buf_clear(&county->log);
    county_pass(county, SB_RESEND_AFTER_MS); /* now it goes again */
    county_settle(county);
    assert_int_equal(taby->arrived, 2);
    assert_int_equal(counter(county, "link/lost"), 1);
    assert_true(said(&county->log, "entry-lost agent=taby-1 index=3 why="));
    (void)call(county);
    assert_int_equal(taby->arrived, 5);
    assert_int_equal(counter(county, "link/lost"), 1); /* once, not for each entry */
}

/* What the agent has and the broker lost before it knew that: the two agree anew. */
static void test_a_receipt_for_a_lost_row(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_effects effects;
    call_unseen(county);
    struct sb_hash lost = row_id(county, 2);
    struct sb_txn *txn = store_begin(taby->store);
    sb_effects_init(&effects);
    for (unsigned i = 0; i < taby->inbox.count; i++) {
        end_frame(county, taby, txn, sb_buf_bytes(&taby->inbox.frame[i]), &effects);
    }
    store_commit(taby->store, txn); /* its receipt is lost */
    sb_effects_finish(&effects);
    queue_clear(&taby->inbox);
    assert_int_equal(taby->arrived, 3);
    log_lose(county, &lost);
    county_restart(county);
    end_greet_back(county, taby);
    struct sb_hash next = call(county);
    assert_true(sb_hash_equal(&taby->newest, &next));
    assert_true(counter(county, "link/incarnation") > 0);
    assert_int_equal(sb_link_state(taby->link), SB_LINK_UP);
}

/* A turn that must not be committed: hands back the sentence with which the process ends. */
static void turn_is_refused(struct county *county, const struct sb_broker_input *input,
                            struct sb_why *ret_why)
{
    struct sb_effects effects;
    struct sb_entropy entropy = county_entropy(county);
    struct sb_txn *txn = store_begin(county->store);
    sb_effects_init(&effects);
    sb_broker_step(county->broker, txn, input, county->now, &entropy, &effects);
    sb_broker_flush(county->broker, txn, county->now, &entropy, &effects);
    assert_int_equal(sb_store_commit(county->store, txn, ret_why), SB_ERR_CORRUPT);
    sb_effects_finish(&effects);
    county_restart(county);
}

/* What was receipted is known from one row alone. */
static void test_a_receipt_without_its_row(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_effects effects;
    struct sb_why why = {0};
    struct sb_key key;
    call_unseen(county);
    sb_key_init(&key);
    sb_key_add_byte(&key, 0); /* the lane live-urgent */
    sb_key_add_name(&key, "taby-1");
    sb_key_add_name(&key, "taby");
    row_lose(county, SB_TABLE_TX, sb_key_bytes(&key));
    struct sb_txn *txn = store_begin(taby->store);
    sb_effects_init(&effects);
    for (unsigned i = 0; i < taby->inbox.count; i++) {
        end_frame(county, taby, txn, sb_buf_bytes(&taby->inbox.frame[i]), &effects);
    }
    struct sb_entropy entropy = county_entropy(county);
    const struct sb_link_turn turn = {taby->link, txn, county->now, &entropy, &effects};
    sb_link_pump(&turn);
    store_commit(taby->store, txn);
    size_t at = 0;
    while (at < effects.count && effects.at[at].kind != SB_EFFECT_SEND) {
        at++; /* a trace line */
    }
    assert_true(at < effects.count);
    struct sb_broker_input receipt = {.kind = SB_BROKER_FRAME,
                                      .from = taby->token,
                                      .user = taby->user,
                                      .bytes = effects.at[at].bytes};
    turn_is_refused(county, &receipt, &why);
    assert_non_null(strstr(why.text, "what agent taby-1 holds of taby, live-urgent, is missing"));
    sb_effects_finish(&effects);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_verbs_about_a_lost_event),
        TEST(test_lists_go_on),
        TEST(test_a_lost_head_row),
        TEST(test_an_answer_about_a_lost_event),
        TEST(test_the_link_passes_over_a_lost_row),
        TEST(test_a_flush_passes_over_a_lost_row),
        TEST(test_a_receipt_for_a_lost_row),
        TEST(test_a_receipt_without_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
