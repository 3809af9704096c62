/* test_log.c: rows come back as they were put, are found by id, organisation, prefix and lane, and
 * the own part is a pure function of the event. */
#include "linked.h"

static void test_empty(void **state)
{
    struct pair *pair = *state;
    struct sb_txn *txn = begin(&pair->broker);
    struct sb_log_row row;
    struct sb_hash id = {{1}};
    uint64_t index = 77;
    assert_int_equal(sb_log_next_index(txn), 1);
    assert_false(sb_log_get(txn, 1, &row));
    assert_false(sb_log_get(txn, 0, &row));
    assert_false(sb_log_find(txn, &id, NULL, &index));
    assert_false(sb_log_find(txn, &id, &pair->orgs[0], &index));
    assert_false(sb_log_lane_next(txn, 0, 1, &pair->orgs[0], &index));
    assert_int_equal(index, 77);
    sb_store_abort(pair->broker.store, txn);
}

static void test_row_comes_back(void **state)
{
    struct pair *pair = *state;
    struct sb_buf buf;
    struct sb_event event;
    struct sb_log_row put = {.accepted_at = 12345};
    struct sb_log_row got;
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    seal_event(&pair->broker, SB_REALM_EXERCISE, SB_URGENT, "Snö", &buf, &put.sealed);
    assert_int_equal(sb_event_read(&put.sealed, &event, NULL), SB_ERR_OK);
    struct sb_txn *txn = begin(&pair->broker);
    assert_int_equal(sb_log_append(txn, &event, &put), 1);
    assert_int_equal(put.index, 1);
    assert_int_equal(put.at.lane, 2);
    assert_int_equal(sb_log_next_index(txn), 2);
    assert_true(sb_log_get(txn, 1, &got));
    assert_int_equal(got.index, 1);
    assert_int_equal(got.accepted_at, 12345);
    assert_int_equal(got.at.lane, 2);
    assert_int_equal(got.verdict, SB_ERR_OK);
    assert_int_equal(got.audience.size + got.own.size, 0);
    assert_string_equal(got.stream_agent.text, "");
    assert_true(sb_bytes_equal(got.sealed.header, put.sealed.header));
    assert_true(sb_bytes_equal(got.sealed.signature, put.sealed.signature));
    assert_true(sb_bytes_equal(got.sealed.body, put.sealed.body));
    assert_true(sb_bytes_equal(got.sealed.cert, put.sealed.cert));
    sb_store_abort(pair->broker.store, txn);
    sb_buf_finish(&buf);
}

static void test_certificate_is_kept_once(void **state)
{
    struct pair *pair = *state;
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_BULK);
    struct sb_txn *txn = begin(&pair->broker);
    struct sb_bytes key;
    struct sb_bytes value;
    struct sb_key past;
    assert_true(sb_txn_seek(txn, SB_TABLE_CERT, sb_bytes(NULL, 0), &key, &value));
    assert_true(sb_bytes_equal(value, sb_buf_bytes(&pair->broker_party.cert)));
    sb_key_init(&past);
    sb_key_add(&past, key);
    sb_key_add_byte(&past, 0);
    assert_false(sb_txn_seek(txn, SB_TABLE_CERT, sb_key_bytes(&past), &key, &value));
    sb_store_abort(pair->broker.store, txn);
}

/* What came without an audience gets one, and stands in its lane from then on. */
static void test_handed_on(void **state)
{
    struct pair *pair = *state;
    struct sb_buf buf;
    struct sb_event event;
    struct sb_log_row put = {.stream_agent = sb_name("taby-1"),
                             .at = {.org = pair->orgs[0], .lane = 2, .incarnation = 7, .seq = 1}};
    struct sb_log_row got;
    struct sb_list_writer audience;
    uint64_t index;
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    seal_event(&pair->broker, SB_REALM_EXERCISE, SB_URGENT, "Snö", &buf, &put.sealed);
    assert_int_equal(sb_event_read(&put.sealed, &event, NULL), SB_ERR_OK);
    struct sb_txn *txn = begin(&pair->broker);
    assert_int_equal(sb_log_append(txn, &event, &put), 1);
    assert_false(sb_log_lane_next(txn, 2, 1, &pair->orgs[0], &index));
    sb_list_init(&audience);
    sb_list_add(&audience, sb_name_bytes(&pair->orgs[0]));
    sb_log_hand_on(txn, 1, sb_list_bytes(&audience));
    assert_true(sb_log_lane_next(txn, 2, 1, &pair->orgs[0], &index));
    assert_int_equal(index, 1);
    assert_false(sb_log_lane_next(txn, 2, 1, &pair->orgs[1], &index));
    assert_true(sb_log_get(txn, 1, &got));
    assert_true(sb_bytes_equal(got.audience, sb_list_bytes(&audience)));
    assert_true(sb_bytes_equal(got.sealed.header, put.sealed.header));
    assert_string_equal(got.stream_agent.text, "taby-1");
    assert_int_equal(got.at.seq, 1);
    sb_list_finish(&audience);
    sb_store_abort(pair->broker.store, txn);
    sb_buf_finish(&buf);
}

/* A certificate's digest does not cover its issuer's: whoever sends it first with another one must
 * not spoil the signatures of those who send it whole. */
static void test_certificate_with_another_issuer(void **state)
{
    struct pair *pair = *state;
    static const uint8_t nil = 0xc0;
    struct sb_bytes whole = sb_buf_bytes(&pair->broker_party.cert);
    struct sb_buf spoilt;
    struct sb_buf buf;
    struct sb_event event;
    struct sb_log_row row;
    sb_buf_init(&spoilt, SB_CERT_SIZE_MAX); /* the broker's ends in nil: the root signed it */
    sb_buf_add(&spoilt, sb_bytes(whole.at, whole.size - 1));
    assert_int_equal(whole.at[whole.size - 1], nil);
    sb_pack_bin(&spoilt, sb_bytes_str("nobody"));
    struct sb_hash of_whole = sb_cert_digest(whole);
    struct sb_hash of_spoilt = sb_cert_digest(sb_buf_bytes(&spoilt));
    assert_true(sb_hash_equal(&of_whole, &of_spoilt));
    struct sb_txn *txn = begin(&pair->broker);
    for (unsigned i = 0; i < 2; i++) {
        struct sb_log_row put = {.accepted_at = 1 + i};
        sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
        seal_event(&pair->broker, SB_REALM_LIVE, SB_URGENT, "Snö", &buf, &put.sealed);
        assert_int_equal(sb_event_read(&put.sealed, &event, NULL), SB_ERR_OK);
        if (i == 0) {
            put.sealed.cert = sb_buf_bytes(&spoilt);
        }
        (void)sb_log_append(txn, &event, &put);
        sb_buf_finish(&buf);
    }
    assert_true(sb_log_get(txn, 1, &row));
    assert_true(sb_bytes_equal(row.sealed.cert, sb_buf_bytes(&spoilt)));
    assert_true(sb_log_get(txn, 2, &row));
    assert_true(sb_bytes_equal(row.sealed.cert, whole));
    sb_log_set_verdict(txn, 2, SB_ERR_SIGNATURE);
    assert_true(sb_log_get(txn, 2, &row));
    assert_true(sb_bytes_equal(row.sealed.cert, whole));
    sb_store_abort(pair->broker.store, txn);
    sb_buf_finish(&spoilt);
}

static void test_verdict_changes_nothing_else(void **state)
{
    struct pair *pair = *state;
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    struct sb_txn *txn = begin(&pair->broker);
    struct sb_log_row row;
    assert_true(sb_log_get(txn, 1, &row));
    size_t body = row.sealed.body.size;
    size_t audience = row.audience.size;
    assert_true(audience > 0);
    sb_log_set_verdict(txn, 1, SB_ERR_SIGNATURE);
    assert_true(sb_log_get(txn, 1, &row));
    assert_int_equal(row.verdict, SB_ERR_SIGNATURE);
    assert_int_equal(row.sealed.body.size, body);
    assert_int_equal(row.audience.size, audience);
    sb_log_set_verdict(txn, 1, SB_ERR_OK);
    assert_true(sb_log_get(txn, 1, &row));
    assert_int_equal(row.verdict, SB_ERR_OK);
    sb_store_abort(pair->broker.store, txn);
}

static struct sb_hash id_of(struct sb_txn *txn, uint64_t index)
{
    struct sb_log_row row;
    assert_true(sb_log_get(txn, index, &row));
    return sb_hash_one("event", row.sealed.header);
}

/* An agent that serves two organisations holds an event once for each. */
static void test_find_by_organisation(void **state)
{
    struct pair *pair = *state;
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    connect(pair);
    struct sb_txn *txn = begin(&pair->agent);
    struct sb_hash id = id_of(txn, 1);
    struct sb_name nobody = sb_name("nacka");
    uint64_t taby = 0;
    uint64_t solna = 0;
    uint64_t any = 0;
    assert_true(sb_log_find(txn, &id, &pair->orgs[0], &taby));
    assert_true(sb_log_find(txn, &id, &pair->orgs[1], &solna));
    assert_true(sb_log_find(txn, &id, NULL, &any));
    assert_int_not_equal(taby, solna);
    assert_int_equal(any, 1);
    assert_false(sb_log_find(txn, &id, &nobody, &any));
    sb_store_abort(pair->agent.store, txn);
}

static enum sb_err find_prefix(struct sb_txn *txn, const char *digits, struct sb_hash *ret_id)
{
    struct sb_why why = {0};
    enum sb_err err = sb_log_find_prefix(txn, sb_bytes_str(digits), ret_id, &why);
    if (err != SB_ERR_OK) {
        check_said(&why, "post", "event");
    }
    return err;
}

static void find_prefix_says(struct sb_txn *txn, const char *digits, const char *sv, const char *en)
{
    struct sb_why why = {0};
    struct sb_hash id;
    assert_int_not_equal(sb_log_find_prefix(txn, sb_bytes_str(digits), &id, &why), SB_ERR_OK);
    assert_string_equal(why.sv, sv);
    assert_string_equal(why.text, en);
}

/* Ids under which nothing lies but an index: the prefix search looks no further. */
static void put_id(struct sb_txn *txn, const char *hex, const char *org, uint8_t number)
{
    struct sb_key key;
    struct sb_hash id;
    const uint8_t index[8] = {0, 0, 0, 0, 0, 0, 0, number};
    assert_true(sb_hex_read(sb_bytes_str(hex), id.at, sizeof id.at));
    sb_key_init(&key);
    sb_key_add(&key, sb_hash_bytes(&id));
    sb_key_add(&key, sb_bytes_str(org));
    sb_txn_put(txn, SB_TABLE_ID, sb_key_bytes(&key), sb_bytes(index, sizeof index));
}

static void test_find_by_prefix(void **state)
{
    static const char *const ids[] = {
        "abc1000000000000000000000000000000000000000000000000000000000000",
        "abc1f00000000000000000000000000000000000000000000000000000000000",
        "abc2000000000000000000000000000000000000000000000000000000000000",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    struct pair *pair = *state;
    struct sb_txn *txn = begin(&pair->broker);
    struct sb_hash id;
    for (unsigned i = 0; i < COUNT_OF(ids); i++) {
        put_id(txn, ids[i], "solna", 1);
        put_id(txn, ids[i], "taby", 2); /* the same event twice is no ambiguity */
    }
    assert_int_equal(find_prefix(txn, "abc2", &id), SB_ERR_OK);
    assert_int_equal(id.at[1], 0xc2);
    uint64_t index = 0;
    assert_true(sb_log_find(txn, &id, NULL, &index));
    assert_int_equal(index, 1); /* the first of the two */
    assert_int_equal(find_prefix(txn, "abc1f", &id), SB_ERR_OK);
    assert_int_equal(find_prefix(txn, "abc10", &id), SB_ERR_OK);
    assert_int_equal(id.at[2], 0);
    assert_int_equal(find_prefix(txn, ids[3], &id), SB_ERR_OK);
    assert_int_equal(find_prefix(txn, "ffff", &id), SB_ERR_OK);
    assert_int_equal(find_prefix(txn, "abc1", &id), SB_ERR_VALUE);
    find_prefix_says(txn, "abc1",
                     "fler än en post börjar på abc1 (abc10000, abc1f000): ange fler siffror",
                     "more than one event begins with abc1 (abc10000, abc1f000): give more digits");
    assert_int_equal(find_prefix(txn, "abc3", &id), SB_ERR_NOT_FOUND);
    assert_int_equal(find_prefix(txn, "abc2f", &id), SB_ERR_NOT_FOUND);
    assert_int_equal(find_prefix(txn, "abc", &id), SB_ERR_VALUE);
    assert_int_equal(find_prefix(txn, "", &id), SB_ERR_VALUE);
    assert_int_equal(find_prefix(txn, "abcg", &id), SB_ERR_VALUE);
    char long_one[66];
    memset(long_one, 'f', 65);
    long_one[65] = '\0';
    assert_int_equal(find_prefix(txn, long_one, &id), SB_ERR_VALUE);
    sb_store_abort(pair->broker.store, txn);
}

/* As many digits as tell them apart, and not more events than one can look through. */
static void test_prefix_of_many(void **state)
{
    struct pair *pair = *state;
    struct sb_txn *txn = begin(&pair->broker);
    char hex[2 * SB_HASH_SIZE + 1];
    for (unsigned i = 1; i <= 6; i++) {
        (void)snprintf(hex, sizeof hex, "1234567890%02x%052x", i, 0u);
        put_id(txn, hex, "solna", 1);
        if (i == 2) {
            find_prefix_says(
                txn, "12345678",
                "fler än en post börjar på 12345678 (123456789001, 123456789002): ange fler "
                "siffror",
                "more than one event begins with 12345678 (123456789001, 123456789002): give more "
                "digits");
        }
    }
    find_prefix_says(txn, "1234",
                     "fler än en post börjar på 1234 (123456789001, 123456789002, 123456789003, "
                     "123456789004, 123456789005, …): ange fler siffror",
                     "more than one event begins with 1234 (123456789001, 123456789002, "
                     "123456789003, 123456789004, 123456789005, …): give more digits");
    /* The last digit of all. */
    put_id(txn, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", "solna", 1);
    put_id(txn, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2", "solna", 1);
    find_prefix_says(txn, "aaaa",
                     "fler än en post börjar på aaaa "
                     "(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1, "
                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2): ange fler "
                     "siffror",
                     "more than one event begins with aaaa "
                     "(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1, "
                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2): give more "
                     "digits");
    sb_store_abort(pair->broker.store, txn);
}

/* A lane is filtered by its own events' audience, in order, from an index on. */
static void test_lane_filter(void **state)
{
    struct pair *pair = *state;
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, "a", 2);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_BULK, "b", 2);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, "c", 1);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, "d", 0);
    (void)publish_to(&pair->broker, SB_REALM_TEST, SB_BULK, "e", 2);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, "f", 2);
    static const struct {
        unsigned lane, org;
        uint64_t from, want; /* 0: none */
    } rows[] = {
        {0, 0, 0, 1}, {0, 0, 1, 1}, {0, 0, 2, 3}, {0, 0, 4, 6}, {0, 0, 7, 0},
        {0, 1, 1, 1}, {0, 1, 2, 6}, {1, 0, 1, 2}, {1, 1, 3, 0}, {5, 1, 1, 5},
        {5, 1, 6, 0}, {2, 0, 1, 0}, {4, 0, 1, 0},
    };
    struct sb_txn *txn = begin(&pair->broker);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        uint64_t index = 0;
        bool found =
            sb_log_lane_next(txn, rows[i].lane, rows[i].from, &pair->orgs[rows[i].org], &index);
        assert_int_equal(found, rows[i].want != 0);
        assert_int_equal(index, rows[i].want);
    }
    sb_store_abort(pair->broker.store, txn);
}

static void own_part(const char *const *seats, unsigned count, const char *org, struct sb_buf *buf)
{
    struct sb_event event = {0};
    struct sb_name name = sb_name(org);
    struct sb_list_writer list;
    sb_list_init(&list);
    for (unsigned i = 0; i < count; i++) {
        sb_list_add(&list, sb_bytes_str(seats[i]));
    }
    sb_record_set_bytes(&event.fields, SB_FIELD_SEATS, sb_list_bytes(&list));
    struct sb_log_seats read = {0};
    sb_log_seats_read(&read, &event);
    sb_log_own_part(&read, &name, buf);
    sb_log_seats_finish(&read);
    sb_list_finish(&list);
}

static void test_own_part(void **state)
{
    static const char *const seats[] = {"taby/tib", "solna/tib", "~taby/kib:tib", "tabyx/tib",
                                        "not a seat"};
    struct sb_buf buf;
    (void)state;
    sb_buf_init(&buf, SB_OWN_SIZE_MAX);
    own_part(seats, COUNT_OF(seats), "taby", &buf);
    assert_int_equal(sb_list_count(sb_buf_bytes(&buf)), 2);
    assert_true(sb_list_has(sb_buf_bytes(&buf), sb_bytes_str("taby/tib")));
    assert_true(sb_list_has(sb_buf_bytes(&buf), sb_bytes_str("~taby/kib:tib")));
    sb_buf_clear(&buf);
    own_part(seats, COUNT_OF(seats), "nacka", &buf);
    assert_int_equal(buf.size, 0);
    own_part(seats, 0, "taby", &buf);
    assert_int_equal(buf.size, 0);
    sb_buf_finish(&buf);
}

/* At the limit of an own part, and one byte past it: then it is empty, never cut. */
static void test_own_part_limit(void **state)
{
    static char text[128][SB_SEAT_SIZE_MAX];
    const char *seats[128];
    struct sb_buf buf;
    (void)state;
    /* An array header of 3 bytes; each seat 2 bytes of header and 62 of text: 3 + 127 * 64 = 8131.
     */
    for (unsigned i = 0; i < 128; i++) {
        (void)snprintf(text[i], sizeof text[i], "~%s/%s%03u:%s", "taby", "ffffffffffffffffffffff",
                       i, "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvv");
        seats[i] = text[i];
        assert_int_equal(strlen(text[i]), 62);
    }
    text[127][61] = '\0'; /* 63 bytes: 3 + 127 * 64 + 63 = 8194, two too many */
    sb_buf_init(&buf, 2 * SB_OWN_SIZE_MAX);
    own_part(seats, 128, "taby", &buf);
    assert_int_equal(buf.size, 0);
    text[127][59] = '\0'; /* 61: 8192 */
    own_part(seats, 128, "taby", &buf);
    assert_int_equal(buf.size, SB_OWN_SIZE_MAX);
    sb_buf_finish(&buf);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, pair_make, pair_end)
#define TWO(test) cmocka_unit_test_setup_teardown(test, pair_make_two, pair_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(test_empty),
        ONE(test_row_comes_back),
        ONE(test_handed_on),
        ONE(test_certificate_is_kept_once),
        ONE(test_certificate_with_another_issuer),
        ONE(test_verdict_changes_nothing_else),
        TWO(test_find_by_organisation),
        ONE(test_find_by_prefix),
        ONE(test_prefix_of_many),
        TWO(test_lane_filter),
        cmocka_unit_test(test_own_part),
        cmocka_unit_test(test_own_part_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
