/* test_verify.c: the offline check finds what was changed, lost, doubled or moved in a store, and
 * nothing in one that is whole. Each test damages a sound store in one place. */
#include "linked.h"

/* Both ends with a few events each way. */
static int world_make(void **state)
{
    struct pair *pair = pair_new(1);
    connect(pair);
    for (unsigned i = 0; i < 3; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
        (void)publish(&pair->agent, SB_REALM_TEST, SB_BULK);
        settle(pair);
    }
    *state = pair;
    return 0;
}

/* The record at a key of the agent's store, decoded; `bytes` keeps what it borrows from. */
struct stored {
    struct sb_key key;
    struct sb_buf bytes;
    struct sb_record record;
};

static void load(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                 struct stored *stored)
{
    struct sb_bytes value;
    struct sb_why why = {0};
    assert_true(sb_txn_get(txn, table, key, &value));
    sb_key_init(&stored->key);
    sb_key_add(&stored->key, key);
    sb_buf_init(&stored->bytes, SB_ROW_SIZE_MAX);
    sb_buf_add(&stored->bytes, value);
    sb_record_clear(&stored->record);
    assert_int_equal(
        sb_record_read(sb_buf_bytes(&stored->bytes), SB_PARTS_ALL, &stored->record, &why),
        SB_ERR_OK);
}

static void save(struct sb_txn *txn, enum sb_table table, struct stored *stored)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_write(&stored->record, SB_PARTS_ALL, &buf);
    assert_false(buf.overflow);
    sb_txn_put(txn, table, sb_key_bytes(&stored->key), sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    sb_buf_finish(&stored->bytes);
}

static struct sb_key log_key(uint64_t index)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add_be64(&key, index);
    return key;
}

static struct sb_key rx_key(unsigned lane)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add_byte(&key, (uint8_t)lane);
    sb_key_add_name(&key, "taby-1");
    sb_key_add_name(&key, "taby");
    return key;
}

static void assert_fault(struct end *end, const char *says)
{
    struct sb_verify_result result = verify(end);
    assert_true(result.faults > 0);
    check_said(&result.first_fault, "", says);
}

static void test_sound(void **state)
{
    struct pair *pair = *state;
    struct sb_verify_result result = verify(&pair->agent);
    assert_int_equal(result.rows, 6);
    assert_int_equal(result.signatures, 6);
    assert_int_equal(result.streams, 1);
    assert_int_equal(result.entries, 3);
    assert_int_equal(result.faults + result.refused + result.erased, 0);
    assert_string_equal(result.first_fault.text, "");
    result = verify(&pair->broker);
    assert_int_equal(result.entries, 3);
    assert_int_equal(result.faults, 0);
}

static void test_empty_store(void **state)
{
    struct pair *pair = pair_new(1);
    (void)state;
    struct sb_verify_result result = verify(&pair->agent);
    assert_int_equal(result.rows + result.streams + result.faults, 0);
    pair_destroy(pair);
}

/* Changes one byte of a row's field at the agent; index 2 is received. */
static void flip(struct pair *pair, uint64_t index, enum sb_field field, size_t at)
{
    struct stored stored;
    struct sb_key key = log_key(index);
    struct sb_txn *txn = begin(&pair->agent);
    load(txn, SB_TABLE_LOG, sb_key_bytes(&key), &stored);
    struct sb_bytes bytes = sb_record_bytes(&stored.record, field);
    assert_true(at < bytes.size);
    stored.bytes.at[(size_t)(bytes.at - stored.bytes.at) + at] ^= 1;
    save(txn, SB_TABLE_LOG, &stored);
    commit(&pair->agent, txn);
}

static uint64_t received_index(struct pair *pair, unsigned which)
{
    return pair->agent.arrived[which];
}

static void test_changed_signature(void **state)
{
    struct pair *pair = *state;
    flip(pair, received_index(pair, 1), SB_FIELD_SIGNATURE, 5);
    assert_fault(&pair->agent, "not signed by the key");
    const struct sb_verify_result result = verify(&pair->agent);
    check_said(&result.first_fault, "posten är inte undertecknad", "row ");
    check_said(&result.first_fault, "rad ", "row ");
}

static void test_changed_body(void **state)
{
    struct pair *pair = *state;
    flip(pair, received_index(pair, 1), SB_FIELD_BODY, 8);
    assert_fault(&pair->agent, "row");
}

static void test_changed_own_event(void **state)
{
    struct pair *pair = *state;
    uint64_t own = received_index(pair, 0) == 1 ? 2 : 1;
    flip(pair, own, SB_FIELD_BODY, 30);
    assert_fault(&pair->agent, "row");
}

static void test_changed_header(void **state)
{
    struct pair *pair = *state;
    flip(pair, received_index(pair, 1), SB_FIELD_HEADER, 4); /* in the nonce */
    assert_fault(&pair->agent, "row");
    assert_true(verify(&pair->agent).faults >= 3); /* signature, id and chain */
}

static void test_changed_own_part(void **state)
{
    struct pair *pair = *state;
    flip(pair, received_index(pair, 1), SB_FIELD_OWN, 3);
    assert_fault(&pair->agent, "does not chain on");
}

static void test_changed_head(void **state)
{
    struct pair *pair = *state;
    flip(pair, received_index(pair, 2), SB_FIELD_HEAD, 0);
    assert_fault(&pair->agent, "does not chain on");
}

static void test_lost_row(void **state)
{
    struct pair *pair = *state;
    struct sb_key key = log_key(received_index(pair, 1));
    struct sb_txn *txn = begin(&pair->agent);
    sb_txn_del(txn, SB_TABLE_LOG, sb_key_bytes(&key));
    commit(&pair->agent, txn);
    assert_fault(&pair->agent, "is missing or cannot be read");
}

/* The newest row cut off, index and all: the receiver's row knows better. */
static void test_lost_end(void **state)
{
    struct pair *pair = *state;
    uint64_t last = log_count(&pair->broker);
    struct sb_key key = log_key(last);
    struct sb_txn *txn = begin(&pair->broker);
    sb_txn_del(txn, SB_TABLE_LOG, sb_key_bytes(&key));
    sb_txn_set_number(txn, SB_TABLE_META, "next", last - 1);
    commit(&pair->broker, txn);
    assert_fault(&pair->broker, "the log ends elsewhere");
}

static void test_lost_id(void **state)
{
    struct pair *pair = *state;
    struct sb_key key;
    struct sb_log_row row;
    struct sb_txn *txn = begin(&pair->agent);
    assert_true(sb_log_get(txn, received_index(pair, 0), &row));
    struct sb_hash id = sb_hash_one("event", row.sealed.header);
    sb_key_init(&key);
    sb_key_add(&key, sb_hash_bytes(&id));
    sb_key_add(&key, sb_bytes_str("taby"));
    sb_txn_del(txn, SB_TABLE_ID, sb_key_bytes(&key));
    commit(&pair->agent, txn);
    assert_fault(&pair->agent, "is not found by its id");
}

/* A received row copied to the end of the log: once too many. */
static void test_doubled_row(void **state)
{
    struct pair *pair = *state;
    struct stored stored;
    struct sb_key key = log_key(received_index(pair, 0));
    uint64_t next = log_count(&pair->agent) + 1;
    struct sb_txn *txn = begin(&pair->agent);
    load(txn, SB_TABLE_LOG, sb_key_bytes(&key), &stored);
    stored.key = log_key(next);
    save(txn, SB_TABLE_LOG, &stored);
    sb_txn_set_number(txn, SB_TABLE_META, "next", next);
    commit(&pair->agent, txn);
    assert_fault(&pair->agent, "is in the log already");
}

static void test_unknown_stream(void **state)
{
    struct pair *pair = *state;
    struct sb_key key = rx_key(0);
    struct sb_txn *txn = begin(&pair->agent);
    sb_txn_del(txn, SB_TABLE_RX, sb_key_bytes(&key));
    commit(&pair->agent, txn);
    assert_fault(&pair->agent, "a stream that is not known here");
}

static void test_receipt_too_far(void **state)
{
    struct pair *pair = *state;
    struct stored stored;
    struct sb_key key = rx_key(0);
    struct sb_txn *txn = begin(&pair->agent);
    load(txn, SB_TABLE_RX, sb_key_bytes(&key), &stored);
    sb_record_set_number(&stored.record, SB_FIELD_SEQ, 4);
    save(txn, SB_TABLE_RX, &stored);
    commit(&pair->agent, txn);
    assert_fault(&pair->agent, "the log ends elsewhere");
}

static void test_unreadable_row(void **state)
{
    struct pair *pair = *state;
    struct sb_key key = rx_key(0);
    struct sb_txn *txn = begin(&pair->agent);
    sb_txn_put(txn, SB_TABLE_RX, sb_key_bytes(&key), sb_bytes_str("?"));
    commit(&pair->agent, txn);
    assert_fault(&pair->agent, "a receiver's row cannot be read");
}

static void test_other_root(void **state)
{
    struct pair *pair = *state;
    pair->authority.root = pair->broker_party.machine;
    assert_int_equal(verify(&pair->agent).faults, 6);
    assert_int_equal(verify(&pair->agent).signatures, 0);
}

/* What was refused is counted, and its chain is checked all the same. */
static void test_refused_row(void **state)
{
    struct pair *pair = *state;
    struct sb_txn *txn = begin(&pair->agent);
    sb_log_set_verdict(txn, received_index(pair, 1), SB_ERR_SIGNATURE);
    commit(&pair->agent, txn);
    struct sb_verify_result result = verify(&pair->agent);
    assert_int_equal(result.refused, 1);
    assert_int_equal(result.signatures, 5);
    assert_int_equal(result.faults, 0);
    flip(pair, received_index(pair, 1), SB_FIELD_OWN, 3);
    assert_fault(&pair->agent, "does not chain on");
}

static void judged_until(struct pair *pair, uint64_t index)
{
    struct sb_txn *txn = begin(&pair->agent);
    sb_txn_set_number(txn, SB_TABLE_META, SB_LOG_JUDGED, index);
    commit(&pair->agent, txn);
}

/* An agent may have been stopped between storing and judging: what it will refuse is no damage, but
 * whatever it judged is, and its own. */
static void test_row_not_judged(void **state)
{
    struct pair *pair = *state;
    uint64_t index = received_index(pair, 1);
    flip(pair, index, SB_FIELD_SIGNATURE, 0);
    judged_until(pair, index - 1);
    assert_int_equal(verify(&pair->agent).faults, 0);
    assert_int_equal(verify(&pair->agent).refused, 1);
    assert_int_equal(verify(&pair->agent).signatures, 5);
    judged_until(pair, index);
    assert_int_equal(verify(&pair->agent).faults, 1);
    assert_int_equal(verify(&pair->agent).refused, 0);
    judged_until(pair, 0);
    flip(pair, index, SB_FIELD_BODY, 30);
    assert_fault(&pair->agent, "row");
    flip(pair, index, SB_FIELD_BODY, 30);
    assert_int_equal(verify(&pair->agent).faults, 0);
    flip(pair, received_index(pair, 0) == 1 ? 2 : 1, SB_FIELD_SIGNATURE, 0);
    assert_int_equal(verify(&pair->agent).faults, 1);
}

/* Replaces a row's body by one whose text is erased: everything still verifies. */
static void test_erased_text(void **state)
{
    struct pair *pair = *state;
    struct stored stored;
    struct sb_key key = log_key(received_index(pair, 1));
    struct sb_buf body;
    struct sb_txn *txn = begin(&pair->agent);
    load(txn, SB_TABLE_LOG, sb_key_bytes(&key), &stored);
    struct sb_cursor cursor = sb_cursor(sb_record_bytes(&stored.record, SB_FIELD_BODY));
    assert_int_equal(sb_cursor_array(&cursor, 2), 2);
    struct sb_bytes facts = sb_cursor_any(&cursor);
    sb_buf_init(&body, SB_BODY_SIZE_MAX);
    sb_pack_array(&body, 2);
    sb_buf_add(&body, facts);
    sb_pack_nil(&body);
    sb_record_set_bytes(&stored.record, SB_FIELD_BODY, sb_buf_bytes(&body));
    save(txn, SB_TABLE_LOG, &stored);
    commit(&pair->agent, txn);
    sb_buf_finish(&body);
    struct sb_verify_result result = verify(&pair->agent);
    assert_int_equal(result.erased, 1);
    assert_int_equal(result.faults, 0);
}

/* A recovered incarnation: entries whose events were held already stand beside the log, and losing
 * or changing one of them is found. */
static void restored(struct pair *pair, struct sb_store *old)
{
    restore(&pair->broker, old);
    pair->broker.config.epoch = 8;
    run(pair, 8000);
    assert_int_equal(sb_link_state(pair->agent.link), SB_LINK_UP);
    assert_sound(&pair->agent);
    assert_sound(&pair->broker);
    assert_int_equal(verify(&pair->broker).streams, 2);
}

/* The first repeat of the broker's stream from the agent. */
static struct sb_key find_repeat(struct sb_txn *txn)
{
    struct sb_key key = rx_key(5);
    struct sb_bytes found;
    struct sb_bytes value;
    size_t size = key.size + 16;
    while (sb_txn_seek(txn, SB_TABLE_RX, sb_key_bytes(&key), &found, &value)) {
        sb_key_init(&key);
        sb_key_add(&key, found);
        if (key.size == size) {
            return key;
        }
        sb_key_add_byte(&key, 0);
    }
    fail();
    return key;
}

static void test_repeats(void **state)
{
    struct pair *pair = *state;
    struct sb_store *old = sb_store_copy_memory(pair->broker.store);
    (void)publish(&pair->agent, SB_REALM_TEST, SB_BULK);
    settle(pair);
    restored(pair, old);
    struct sb_verify_result result = verify(&pair->broker);
    assert_int_equal(result.entries, 3 + 4);
    assert_int_equal(result.rows, 3 + 4);

    struct sb_txn *txn = begin(&pair->broker);
    struct sb_key key = find_repeat(txn);
    struct stored stored;
    load(txn, SB_TABLE_RX, sb_key_bytes(&key), &stored);
    struct sb_hash head;
    assert_true(sb_record_hash(&stored.record, SB_FIELD_HEAD, &head));
    head.at[0] ^= 1;
    sb_record_set_hash(&stored.record, SB_FIELD_HEAD, &head);
    save(txn, SB_TABLE_RX, &stored);
    commit(&pair->broker, txn);
    assert_fault(&pair->broker, "does not chain on");

    txn = begin(&pair->broker);
    sb_txn_del(txn, SB_TABLE_RX, sb_key_bytes(&key));
    commit(&pair->broker, txn);
    assert_fault(&pair->broker, "is missing, or out of order");
    sb_store_close(old);
}

/* All of a new incarnation was held already: only repeats, and they are checked to the end. */
static void test_only_repeats(void **state)
{
    struct pair *pair = *state;
    struct sb_store *old = sb_store_copy_memory(pair->agent.store);
    (void)publish(&pair->agent, SB_REALM_TEST, SB_BULK);
    settle(pair);
    restore(&pair->agent, old);
    put_agent_row(pair, 1, 0);
    start_agent(pair);
    run(pair, 3000);
    assert_int_equal(pair->broker.arrived_count, 4);
    struct sb_verify_result result = verify(&pair->broker);
    assert_int_equal(result.streams, 2);
    assert_int_equal(result.entries, 4 + 3);
    assert_int_equal(result.faults, 0);
    struct sb_txn *txn = begin(&pair->broker);
    struct sb_key key = find_repeat(txn);
    key.at[key.size - 1] = 9; /* one beyond the end of the stream */
    struct sb_key first = find_repeat(txn);
    struct sb_bytes value;
    assert_true(sb_txn_get(txn, SB_TABLE_RX, sb_key_bytes(&first), &value));
    struct sb_buf copy;
    sb_buf_init(&copy, SB_ROW_SIZE_MAX);
    sb_buf_add(&copy, value);
    sb_txn_put(txn, SB_TABLE_RX, sb_key_bytes(&key), sb_buf_bytes(&copy));
    commit(&pair->broker, txn);
    sb_buf_finish(&copy);
    assert_fault(&pair->broker, "beyond the end of its stream");
    sb_store_close(old);
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, world_make, pair_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD(test_sound),
        cmocka_unit_test(test_empty_store),
        WORLD(test_changed_signature),
        WORLD(test_changed_body),
        WORLD(test_changed_own_event),
        WORLD(test_changed_header),
        WORLD(test_changed_own_part),
        WORLD(test_changed_head),
        WORLD(test_lost_row),
        WORLD(test_lost_end),
        WORLD(test_lost_id),
        WORLD(test_doubled_row),
        WORLD(test_unknown_stream),
        WORLD(test_receipt_too_far),
        WORLD(test_unreadable_row),
        WORLD(test_other_root),
        WORLD(test_refused_row),
        WORLD(test_row_not_judged),
        WORLD(test_erased_text),
        WORLD(test_repeats),
        WORLD(test_only_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
