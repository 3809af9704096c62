/* test_shared.c: what links share in a turn is the log as each would have read it for itself: the
 * same rows, the same bytes, the same chain; and a new turn sees what the one before appended. */
#include "../../proto/link/state.h"
#include "entry.h"
#include "linked.h"

#define NO_ROW 0

static struct sb_link_stream stream_of(const struct pair *pair, unsigned org, unsigned lane)
{
    return (struct sb_link_stream){
        .name = {.agent = sb_name("taby-1"), .org = pair->orgs[org], .lane = lane}};
}

/* The row that a stream goes on with from `from`, as the shared reader sees it. */
static uint64_t shared_next(struct pair *pair, struct sb_link_shared *shared, struct sb_txn *txn,
                            unsigned org, uint64_t from)
{
    struct sb_link_stream stream = stream_of(pair, org, 0);
    return sb_link_next(shared, txn, &stream, from) ? shared->index : NO_ROW;
}

static uint64_t plain_next(struct pair *pair, struct sb_txn *txn, unsigned org, uint64_t from)
{
    uint64_t index = NO_ROW;
    return sb_log_lane_next(txn, 0, from, &pair->orgs[org], &index) ? index : NO_ROW;
}

static void publish_some(struct pair *pair)
{
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, "one", 2);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_BULK, "another lane", 2);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, "two", 1);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, "to nobody", 0);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, "three", 2);
}

static void test_same_rows(void **state)
{
    struct pair *pair = *state;
    publish_some(pair);
    struct sb_link_shared *shared = sb_link_shared_new();
    struct sb_txn *txn = begin(&pair->broker);
    sb_link_shared_begin(shared, txn);
    assert_int_equal(shared->log_end, sb_log_next_index(txn));
    /* Up, down, and one organisation after the other: whatever was read before does not matter. */
    for (unsigned i = 0; i < 4 * 2 * 8; i++) {
        unsigned org = i % 2;
        uint64_t from = i < 32 ? i / 4 : 15 - i / 4;
        assert_int_equal(shared_next(pair, shared, txn, org, from),
                         plain_next(pair, txn, org, from));
    }
    sb_store_abort(pair->broker.store, txn);
    sb_link_shared_destroy(shared);
}

static void test_same_bytes(void **state)
{
    struct pair *pair = *state;
    uint64_t index = publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    struct sb_link_shared *shared = sb_link_shared_new();
    struct sb_txn *txn = begin(&pair->broker);
    struct sb_log_row row;
    struct sb_log_seats seats = {0};
    sb_link_shared_begin(shared, txn);
    for (unsigned org = 0; org < 2; org++) {
        struct sb_chain_mark mark = {.seq = 4, .head = {{9}}};
        struct sb_event event;
        struct sb_buf own, own_shared, packed;
        sb_buf_init(&own, SB_OWN_SIZE_MAX);
        sb_buf_init(&own_shared, SB_OWN_SIZE_MAX);
        sb_buf_init(&packed, SB_ENTRY_SIZE_MAX);
        assert_int_equal(shared_next(pair, shared, txn, org, 1), index);
        sb_link_shared_entry(shared, &pair->orgs[org], &mark, &own_shared);
        assert_true(sb_log_get(txn, index, &row));
        assert_int_equal(sb_event_read(&row.sealed, &event, NULL), SB_ERR_OK);
        sb_log_seats_read(&seats, &event);
        sb_log_own_part(&seats, &pair->orgs[org], &own);
        assert_true(own.size > 0);
        assert_true(sb_bytes_equal(sb_buf_bytes(&own), sb_buf_bytes(&own_shared)));
        struct sb_hash before = {{9}};
        struct sb_hash head = sb_chain_next(&before, &event.id, sb_buf_bytes(&own));
        assert_true(sb_hash_equal(&mark.head, &head));
        assert_int_equal(mark.seq, 5);
        assert_int_equal(mark.log_index, index);
        struct sb_entry entry = {.sealed = row.sealed, .own = sb_buf_bytes(&own)};
        entry_pack(&packed, &entry);
        assert_true(sb_bytes_starts_with(sb_buf_bytes(&packed), sb_buf_bytes(&shared->packed)));
        sb_buf_finish(&packed);
        sb_buf_finish(&own_shared);
        sb_buf_finish(&own);
    }
    sb_log_seats_finish(&seats);
    sb_store_abort(pair->broker.store, txn);
    sb_link_shared_destroy(shared);
}

static void test_next_turn(void **state)
{
    struct pair *pair = *state;
    struct sb_link_shared *shared = sb_link_shared_new();
    struct sb_txn *txn = begin(&pair->broker);
    sb_link_shared_begin(shared, txn);
    assert_int_equal(shared_next(pair, shared, txn, 0, 1), NO_ROW);
    sb_store_abort(pair->broker.store, txn);
    publish_some(pair);
    txn = begin(&pair->broker);
    sb_link_shared_begin(shared, txn);
    assert_int_equal(shared->log_end, 6);
    assert_int_equal(shared_next(pair, shared, txn, 0, 1), 1);
    /* A row that was changed in between is read anew. */
    sb_log_set_verdict(txn, 1, SB_ERR_VALUE);
    sb_link_shared_begin(shared, txn);
    assert_int_equal(shared->index, 0);
    sb_store_abort(pair->broker.store, txn);
    sb_link_shared_destroy(shared);
}

#define TWO(test) cmocka_unit_test_setup_teardown(test, pair_make_two, pair_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWO(test_same_rows),
        TWO(test_same_bytes),
        TWO(test_next_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
