/* test_txn_key.c: keys, and the calls through a transaction's operations, against a store of one
 * record that remembers what it was asked. */
#include "check.h"
#include "samband/err.h"
#include "samband/txn.h"

#include <string.h>

/* One record, and the last call. */
struct one_txn {
    struct sb_txn txn;
    enum sb_table table;
    uint8_t key[512];
    size_t key_size;
    uint8_t value[16];
    size_t value_size;
    bool has;
    unsigned puts;
};

static struct one_txn *one(struct sb_txn *txn)
{
    return (struct one_txn *)(void *)txn;
}

static void one_ask(struct one_txn *at, enum sb_table table, struct sb_bytes key)
{
    at->table = table;
    memcpy(at->key, key.at, key.size);
    at->key_size = key.size;
}

static bool one_get(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                    struct sb_bytes *ret)
{
    one_ask(one(txn), table, key);
    if (one(txn)->has) {
        *ret = sb_bytes(one(txn)->value, one(txn)->value_size);
    }
    return one(txn)->has;
}

static void one_put(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                    struct sb_bytes value)
{
    one_ask(one(txn), table, key);
    assert_true(value.size <= sizeof one(txn)->value);
    memcpy(one(txn)->value, value.at, value.size);
    one(txn)->value_size = value.size;
    one(txn)->has = true;
    one(txn)->puts++;
}

static void one_del(struct sb_txn *txn, enum sb_table table, struct sb_bytes key)
{
    one_ask(one(txn), table, key);
    one(txn)->has = false;
}

static bool one_seek(struct sb_txn *txn, enum sb_table table, struct sb_bytes from,
                     struct sb_bytes *ret_key, struct sb_bytes *ret_value)
{
    one_ask(one(txn), table, from);
    *ret_key = from;
    *ret_value = sb_bytes(one(txn)->value, one(txn)->value_size);
    return one(txn)->has;
}

static struct one_txn one_new(void)
{
    static const struct sb_txn_ops ops = {
        .get = one_get, .put = one_put, .del = one_del, .seek = one_seek};

    return (struct one_txn){.txn.ops = &ops};
}

static void keys_join_their_parts(void **state)
{
    (void)state;
    struct sb_key key;

    sb_key_init(&key);
    sb_key_add_name(&key, "taby");
    sb_key_add_byte(&key, 7);
    sb_key_add_be64(&key, 258);
    sb_key_add(&key, sb_bytes("\xff", 1));
    sb_key_add(&key, sb_bytes(NULL, 0));
    check_same_bytes(sb_key_bytes(&key), sb_bytes("taby\0\x07\0\0\0\0\0\0\x01\x02\xff", 15));
}

static void no_name_is_anothers_prefix(void **state)
{
    (void)state;
    struct sb_key a, b;

    sb_key_init(&a);
    sb_key_add_name(&a, "sol");
    sb_key_init(&b);
    sb_key_add_name(&b, "solna");
    assert_false(sb_bytes_starts_with(sb_key_bytes(&b), sb_key_bytes(&a)));
    assert_true(sb_bytes_compare(sb_key_bytes(&a), sb_key_bytes(&b)) < 0);
}

static void key_too_long(void)
{
    struct sb_key key;

    sb_key_init(&key);
    for (size_t i = 0; i <= sizeof key.at; i++) {
        sb_key_add_byte(&key, 1);
    }
}

static void get_size(size_t size)
{
    struct one_txn txn = one_new();
    uint8_t bytes[501] = {0};
    struct sb_bytes value;

    (void)sb_txn_get(&txn.txn, SB_TABLE_META, sb_bytes(bytes, size), &value);
}

static void get_without_key(void)
{
    get_size(0);
}

static void get_past_the_limit(void)
{
    get_size(501);
}

static void table_that_is_none(void)
{
    sb_table_name(SB_TABLE_COUNT);
}

static void keys_out_of_limits_are_our_bug(void **state)
{
    (void)state;
    get_size(1);
    get_size(500);
    assert_true(check_aborts(key_too_long));
    assert_true(check_aborts(get_without_key));
    assert_true(check_aborts(get_past_the_limit));
    assert_true(check_aborts(table_that_is_none));
}

static void every_call_reaches_its_operation(void **state)
{
    (void)state;
    struct one_txn txn = one_new();
    struct sb_bytes key, value;

    assert_false(sb_txn_get(&txn.txn, SB_TABLE_CASE, sb_bytes_str("k"), &value));
    sb_txn_put(&txn.txn, SB_TABLE_CASE, sb_bytes_str("k"), sb_bytes_str("v"));
    assert_int_equal(txn.table, SB_TABLE_CASE);
    assert_true(sb_txn_get(&txn.txn, SB_TABLE_CASE, sb_bytes_str("k"), &value));
    check_same_bytes(value, sb_bytes_str("v"));
    assert_true(sb_txn_seek(&txn.txn, SB_TABLE_LOG, sb_bytes_str("m"), &key, &value));
    check_same_bytes(key, sb_bytes_str("m"));
    assert_true(sb_txn_seek(&txn.txn, SB_TABLE_LOG, sb_bytes(NULL, 0), &key, &value));
    assert_int_equal(key.size, 1);
    assert_int_equal(key.at[0], 0);
    sb_txn_del(&txn.txn, SB_TABLE_CASE, sb_bytes_str("k"));
    assert_false(txn.has);
}

static void numbers_are_eight_bytes_and_begin_at_none(void **state)
{
    (void)state;
    struct one_txn txn = one_new();

    assert_int_equal(sb_txn_number(&txn.txn, SB_TABLE_META, "epoch"), 0);
    sb_txn_set_number(&txn.txn, SB_TABLE_META, "epoch", UINT64_C(0x0102030405060708));
    assert_int_equal(txn.table, SB_TABLE_META);
    check_same_bytes(sb_bytes(txn.key, txn.key_size), sb_bytes_str("epoch"));
    check_same_bytes(sb_bytes(txn.value, txn.value_size),
                     sb_bytes("\x01\x02\x03\x04\x05\x06\x07\x08", 8));
    assert_true(sb_txn_number(&txn.txn, SB_TABLE_META, "epoch") == UINT64_C(0x0102030405060708));
}

static void counts_by_one(void **state)
{
    (void)state;
    struct one_txn txn = one_new();

    sb_txn_count(&txn.txn, "refused.value");
    sb_txn_count(&txn.txn, "refused.value");
    assert_int_equal(txn.table, SB_TABLE_COUNTER);
    assert_int_equal(txn.puts, 2);
    assert_int_equal(sb_txn_number(&txn.txn, SB_TABLE_COUNTER, "refused.value"), 2);
}

static void tables_have_distinct_names(void **state)
{
    (void)state;
    assert_string_equal(sb_table_name(SB_TABLE_META), "meta");
    assert_string_equal(sb_table_name(SB_TABLE_TOMB), "tomb");
    for (unsigned a = 0; a < SB_TABLE_COUNT; a++) {
        for (unsigned b = 0; b < a; b++) {
            assert_string_not_equal(sb_table_name((enum sb_table)a),
                                    sb_table_name((enum sb_table)b));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_join_their_parts),
        cmocka_unit_test(no_name_is_anothers_prefix),
        cmocka_unit_test(keys_out_of_limits_are_our_bug),
        cmocka_unit_test(every_call_reaches_its_operation),
        cmocka_unit_test(numbers_are_eight_bytes_and_begin_at_none),
        cmocka_unit_test(counts_by_one),
        cmocka_unit_test(tables_have_distinct_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
