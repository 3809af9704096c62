/* test_store.c: both stores through one suite; what only the one on disk has is in
 * test_store_lmdb.c. */
#define _GNU_SOURCE
#include "store_fixture.h"

/* Every key of the table in order, joined by a blank. */
static void assert_keys(struct sb_txn *txn, enum sb_table table, const char *expected)
{
    char joined[256] = "";
    uint8_t from[512];
    size_t from_size = 0, used = 0;
    struct sb_bytes key, value;
    while (sb_txn_seek(txn, table, sb_bytes(from, from_size), &key, &value)) {
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%.*s", used ? " " : "",
                                 (int)key.size, (const char *)key.at);
        memcpy(from, key.at, key.size);
        from[key.size] = 0;
        from_size = key.size + 1;
    }
    assert_string_equal(joined, expected);
}

static void keys_come_in_order_of_bytes(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    static const char *const shuffled[] = {"m", "b", "\xc3\xa5", "a", "ab", "B", "z"};
    for (size_t i = 0; i < sizeof shuffled / sizeof *shuffled; i++) {
        put(txn, SB_TABLE_ORG, shuffled[i], "1");
    }
    assert_keys(txn, SB_TABLE_ORG, "B a ab b m z \xc3\xa5");
    assert_keys(txn, SB_TABLE_FORUM, "");
    commit(fixture, txn);
}

static void seek_finds_the_first_at_or_after(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    put(txn, SB_TABLE_LOG, "b", "1");
    put(txn, SB_TABLE_LOG, "d", "2");
    struct sb_bytes key, value;
    assert_true(sb_txn_seek(txn, SB_TABLE_LOG, sb_bytes_str("b"), &key, &value));
    assert_true(sb_bytes_equal(key, sb_bytes_str("b")));
    assert_true(sb_txn_seek(txn, SB_TABLE_LOG, sb_bytes_str("c"), &key, &value));
    assert_true(sb_bytes_equal(key, sb_bytes_str("d")));
    assert_true(sb_bytes_equal(value, sb_bytes_str("2")));
    assert_false(sb_txn_seek(txn, SB_TABLE_LOG, sb_bytes_str("e"), &key, &value));
    assert_false(sb_txn_seek(txn, SB_TABLE_LANE, sb_bytes_str("a"), &key, &value));
    commit(fixture, txn);
}

static void own_puts_and_dels_are_seen(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    assert_false(sb_store_changed(fixture->store, txn));
    put(txn, SB_TABLE_META, "a", "1");
    assert_true(sb_store_changed(fixture->store, txn));
    put(txn, SB_TABLE_META, "a", "longer than before");
    assert_value(txn, SB_TABLE_META, "a", "longer than before");
    sb_txn_del(txn, SB_TABLE_META, sb_bytes_str("a"));
    sb_txn_del(txn, SB_TABLE_META, sb_bytes_str("never there"));
    assert_value(txn, SB_TABLE_META, "a", NULL);
    commit(fixture, txn);
}

static void an_empty_value_is_a_record(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    put(txn, SB_TABLE_LANE, "k", "");
    assert_value(txn, SB_TABLE_LANE, "k", "");
    commit(fixture, txn);
}

static void abort_puts_everything_back(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    put(txn, SB_TABLE_TX, "stays", "1");
    put(txn, SB_TABLE_TX, "changes", "1");
    put(txn, SB_TABLE_TX, "goes", "1");
    commit(fixture, txn);
    txn = begin(fixture);
    put(txn, SB_TABLE_TX, "changes", "2");
    put(txn, SB_TABLE_TX, "changes", "3");
    sb_txn_del(txn, SB_TABLE_TX, sb_bytes_str("goes"));
    put(txn, SB_TABLE_TX, "goes", "again");
    sb_txn_del(txn, SB_TABLE_TX, sb_bytes_str("goes"));
    put(txn, SB_TABLE_TX, "new", "1");
    assert_keys(txn, SB_TABLE_TX, "changes new stays");
    sb_store_abort(fixture->store, txn);
    txn = begin(fixture);
    assert_keys(txn, SB_TABLE_TX, "changes goes stays");
    assert_value(txn, SB_TABLE_TX, "changes", "1");
    assert_value(txn, SB_TABLE_TX, "goes", "1");
    commit(fixture, txn);
}

/* What get hands back may be put again at once: the store copies before it moves anything. */
static void a_borrowed_value_can_be_put(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    put(txn, SB_TABLE_RX, "a", "value");
    struct sb_bytes key, value;
    assert_true(sb_txn_seek(txn, SB_TABLE_RX, sb_bytes_str("a"), &key, &value));
    sb_txn_put(txn, SB_TABLE_RX, key, sb_bytes(value.at + 1, value.size - 1));
    assert_value(txn, SB_TABLE_RX, "a", "alue");
    assert_true(sb_txn_seek(txn, SB_TABLE_RX, sb_bytes_str("a"), &key, &value));
    sb_txn_put(txn, SB_TABLE_RX, sb_bytes_str("b"), value);
    assert_value(txn, SB_TABLE_RX, "b", "alue");
    assert_true(sb_txn_seek(txn, SB_TABLE_RX, sb_bytes_str("a"), &key, &value));
    sb_txn_del(txn, SB_TABLE_RX, key);
    assert_value(txn, SB_TABLE_RX, "a", NULL);
    commit(fixture, txn);
}

/* What nobody excused refuses the commit, also where nothing was put; what was put goes. */
static void damage_refuses_the_commit(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    struct sb_why why = {0};
    assert_int_equal(sb_txn_damages(txn), 0);
    sb_txn_damage(txn, "rad %d är \001 borta", "row %d is \001 gone", 7);
    sb_txn_damage(txn, "en annan", "another");
    assert_true(sb_txn_damages(txn) > 0);
    put(txn, SB_TABLE_CASE, "a", "1");
    assert_value(txn, SB_TABLE_CASE, "a", "1"); /* the turn still sees what it does */
    assert_int_equal(sb_store_commit(fixture->store, txn, &why), SB_ERR_CORRUPT);
    assert_non_null(strstr(why.text, "row 7 is ? gone"));
    assert_non_null(strstr(why.sv, "rad 7"));
    txn = begin(fixture);
    assert_int_equal(sb_txn_damages(txn), 0);
    assert_value(txn, SB_TABLE_CASE, "a", NULL);
    sb_txn_damage(txn, "igen", "again");
    assert_int_equal(sb_store_commit(fixture->store, txn, &why), SB_ERR_CORRUPT);
}

static void excused_damage_refuses_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    struct sb_why why = {0};
    assert_false(sb_txn_excuse(txn, sb_txn_damages(txn), &why));
    for (int i = 1; i <= 2; i++) {
        uint64_t met = sb_txn_damages(txn);
        sb_txn_damage(txn, "rad %d", "row %d", i);
        sb_txn_damage(txn, "samma rad %d med andra ord", "the same row %d in other words", i);
        assert_true(sb_txn_excuse(txn, met, &why));
        assert_int_equal(why.text[4], '0' + i); /* the first words */
        assert_int_equal(sb_txn_damages(txn), 0);
        assert_false(sb_txn_excuse(txn, sb_txn_damages(txn), &why));
    }
    put(txn, SB_TABLE_CASE, "a", "1");
    commit(fixture, txn);
    txn = begin(fixture);
    assert_value(txn, SB_TABLE_CASE, "a", "1");
    commit(fixture, txn);
}

/* Who excuses its own does not excuse what another met before it. */
static void damage_of_others_stays(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    struct sb_why why = {0};
    sb_txn_damage(txn, "före", "before");
    uint64_t met = sb_txn_damages(txn);
    sb_txn_damage(txn, "mitt", "mine");
    assert_true(sb_txn_excuse(txn, met, &why));
    assert_true(sb_txn_damages(txn) > 0);
    sb_txn_damage(txn, "efter", "after");
    assert_int_equal(sb_store_commit(fixture->store, txn, &why), SB_ERR_CORRUPT);
    assert_non_null(strstr(why.text, "before"));
}

static void the_largest_key_and_row_fit(void **state)
{
    struct fixture *fixture = *state;
    uint8_t *big = sb_alloc(1, SB_ROW_SIZE_MAX + 1);
    memset(big, 'x', SB_ROW_SIZE_MAX + 1);
    struct sb_bytes key = sb_bytes(big, SB_STORE_KEY_SIZE_MAX), found, at;
    struct sb_txn *txn = begin(fixture);
    sb_txn_put(txn, SB_TABLE_LOG, key, sb_bytes(big, SB_ROW_SIZE_MAX));
    assert_true(sb_txn_get(txn, SB_TABLE_LOG, key, &found));
    assert_int_equal(found.size, SB_ROW_SIZE_MAX);
    assert_true(sb_txn_seek(txn, SB_TABLE_LOG, key, &at, &found));
    assert_true(sb_bytes_equal(at, key));
    commit(fixture, txn);
    /* One past the limit: refused at the commit, and nothing of the transaction stays. */
    txn = begin(fixture);
    put(txn, SB_TABLE_META, "other", "1");
    sb_txn_put(txn, SB_TABLE_LOG, sb_bytes_str("k"), sb_bytes(big, SB_ROW_SIZE_MAX + 1));
    struct sb_why why = {0};
    assert_int_equal(sb_store_commit(fixture->store, txn, &why), SB_ERR_FULL);
    assert_non_null(strstr(why.text, "524288"));
    txn = begin(fixture);
    assert_value(txn, SB_TABLE_META, "other", NULL);
    commit(fixture, txn);
    free(big);
}

static enum sb_table slot_table(unsigned slot)
{
    return slot % 2 == 0 ? SB_TABLE_ID : SB_TABLE_LOG; /* LOG is written in a way of its own */
}

/* A thousand random steps beside a plain model: both stores must agree with it. */
static void random_steps_match_a_model(void **state)
{
    struct fixture *fixture = *state;
    struct {
        int slot[64];
    } committed = {0}, open;
    uint32_t seed = 1;
    for (int turn = 0; turn < 60; turn++) {
        struct sb_txn *txn = begin(fixture);
        open = committed;
        for (int step = 0; step < 20; step++) {
            seed = seed * 1664525u + 1013904223u;
            unsigned slot = (seed >> 16) % 64;
            char key[8], value[16];
            (void)snprintf(key, sizeof key, "%02u", slot);
            if ((seed >> 8) % 3 == 0) {
                sb_txn_del(txn, slot_table(slot), sb_bytes_str(key));
                open.slot[slot] = 0;
            } else {
                open.slot[slot] = turn * 100 + step + 1;
                (void)snprintf(value, sizeof value, "%d", open.slot[slot]);
                put(txn, slot_table(slot), key, value);
            }
        }
        if (seed % 2 == 0) {
            sb_store_abort(fixture->store, txn);
            continue;
        }
        commit(fixture, txn);
        committed = open;
        if (fixture->on_disk && turn % 10 == 0) {
            reopen(fixture);
        }
        txn = begin(fixture);
        for (unsigned slot = 0; slot < 64; slot++) {
            char key[8], value[16];
            (void)snprintf(key, sizeof key, "%02u", slot);
            (void)snprintf(value, sizeof value, "%d", committed.slot[slot]);
            assert_value(txn, slot_table(slot), key, committed.slot[slot] ? value : NULL);
        }
        commit(fixture, txn);
    }
}

static void a_copy_holds_what_was_committed(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    put(txn, SB_TABLE_META, "a", "1");
    put(txn, SB_TABLE_META, "b", "1");
    commit(fixture, txn);
    txn = begin(fixture);
    put(txn, SB_TABLE_META, "a", "2");
    put(txn, SB_TABLE_META, "a", "3");
    sb_txn_del(txn, SB_TABLE_META, sb_bytes_str("b"));
    put(txn, SB_TABLE_META, "c", "1");
    struct fixture copy = {.store = sb_store_copy_memory(fixture->store)};
    commit(fixture, txn);
    txn = begin(&copy);
    assert_keys(txn, SB_TABLE_META, "a b");
    assert_value(txn, SB_TABLE_META, "a", "1");
    commit(&copy, txn);
    sb_store_close(copy.store);
}

#define BOTH(test)                                          \
    {"memory: " #test, test, setup_memory, teardown, NULL}, \
    {                                                       \
        "lmdb: " #test, test, setup_lmdb, teardown, NULL    \
    }
int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(keys_come_in_order_of_bytes),
        BOTH(seek_finds_the_first_at_or_after),
        BOTH(own_puts_and_dels_are_seen),
        BOTH(an_empty_value_is_a_record),
        BOTH(abort_puts_everything_back),
        BOTH(a_borrowed_value_can_be_put),
        BOTH(damage_refuses_the_commit),
        BOTH(excused_damage_refuses_nothing),
        BOTH(damage_of_others_stays),
        BOTH(the_largest_key_and_row_fit),
        BOTH(random_steps_match_a_model),
        cmocka_unit_test_setup_teardown(a_copy_holds_what_was_committed, setup_memory, teardown),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
