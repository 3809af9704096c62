/* test_timeline.c: the log as it is read back: timeline, one event, pages, counters, mandates. */
#include "broker_calls.h"

static void test_timeline_and_show(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record args = {0};
    struct sb_record none = {0};
    struct sb_record row;
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash convening = call(county, &county->tib, "rsf");
    county_settle(county);
    end_answer(county, taby, &convening, (struct given){.seat = "taby/tib"});
    sb_record_set_text(&args, SB_FIELD_TEXT, "02:14 ringde SMHI");
    must(county, &county->tib, "note", &args); /* about nothing: not in the story */
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&convening, text));
    must(county, &county->tib, "note", &args);
    must(county, &county->viewer, "timeline", &none);
    assert_int_equal(reply_rows(county), 5);
    uint64_t before = 0;
    for (unsigned i = 0; i < 5; i++) {
        reply_row(county, i, &row);
        assert_true(sb_record_number(&row, SB_FIELD_INDEX) > before);
        before = sb_record_number(&row, SB_FIELD_INDEX);
        assert_false(sb_record_has(&row, SB_FIELD_NONCE));
        assert_false(sb_record_has(&row, SB_FIELD_ORDER));
        assert_false(sb_record_has(&row, SB_FIELD_SIGNER));
        assert_true(sb_record_has(&row, SB_FIELD_ACCEPTED_AT));
    }
    assert_true(row_says(&row, SB_FIELD_TEXT, "02:14 ringde SMHI"));
    sb_record_clear(&args);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&convening, text));
    must(county, &county->viewer, "show", &args);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_SIGNED), 1);
    assert_int_equal(sb_list_count(sb_record_bytes(&row, SB_FIELD_AUDIENCE)), 40);
    assert_int_equal(ask(county, &county->viewer, "show", &none), SB_ERR_MISSING);
    sb_record_set_bytes(&args, SB_FIELD_EVENT, sb_bytes(text, 8)); /* its first digits */
    must(county, &county->viewer, "show", &args);
}

/* What an agent sent and was refused is in the log with its verdict; the story has the verdict
 * only. */
static void test_refused_entry_is_seen(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record none = {0};
    struct sb_record args = {0};
    struct sb_record row;
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash convening = call(county, &county->tib, "rsf");
    county_settle(county);
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_INFORMATION);
    struct sb_list_writer seats;
    sb_list_init(&seats);
    sb_list_add(&seats, sb_bytes_str("taby/tib"));
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    sb_record_set_text(&fields, SB_FIELD_TITLE, "Falskt");
    sb_record_set_text(&fields, SB_FIELD_TEXT, "Falskt");
    sb_record_set_hash(&fields, SB_FIELD_REF, &convening);
    end_issue(county, taby, &fields);
    sb_list_finish(&seats);
    must(county, &county->viewer, "timeline", &none);
    assert_int_equal(reply_rows(county), 4);
    reply_row(county, 3, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_VERDICT);
    must(county, &county->viewer, "events", &none);
    assert_int_equal(reply_rows(county), 5); /* it, and the broker's verdict */
    reply_row(county, 1, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_VERDICT), SB_ERR_NOT_ALLOWED);
    struct sb_hash forged = row_id(county, 1);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&forged, text));
    must(county, &county->viewer, "show", &args);
    assert_int_equal(ask(county, &county->tib, "recall", &args), SB_ERR_NOT_FOUND);
    assert_int_equal(ask(county, &county->tib, "status", &args), SB_ERR_NOT_FOUND);
}

/* Digits that fit two events mean neither of them. */
static void test_ambiguous_digits(void **state)
{
    static const char *const verbs[] = {"show", "recall", "correct", "note", "status"};
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_record none = {0};
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash convening = call(county, &county->tib, "rsf");
    struct sb_hash other = convening;
    struct sb_key key;
    const uint8_t index[8] = {0, 0, 0, 0, 0, 0, 0, 1};
    other.at[2] ^= 0x10; /* it differs in the fifth digit */
    sb_key_init(&key);
    sb_key_add(&key, sb_hash_bytes(&other));
    sb_key_add(&key, sb_bytes_str("lst-ab"));
    struct sb_txn *txn = store_begin(county->store);
    sb_txn_put(txn, SB_TABLE_ID, sb_key_bytes(&key), sb_bytes(index, sizeof index));
    store_commit(county->store, txn);
    sb_record_set_bytes(&args, SB_FIELD_EVENT, sb_bytes(hex(&convening, text), 4));
    sb_record_set_text(&args, SB_FIELD_TEXT, "text");
    uint64_t size = log_size(county);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        char named[2 * SB_HASH_SIZE + 1];
        assert_int_equal(ask(county, &county->tib, verbs[i], &args), SB_ERR_VALUE);
        (void)snprintf(named, sizeof named, "%.8s", hex(&convening, text));
        assert_non_null(strstr(county->why.text, named));
        (void)hex(&other, named);
        named[8] = '\0';
        assert_non_null(strstr(county->why.text, named));
        assert_non_null(strstr(county->why.sv, "ange fler siffror"));
    }
    assert_int_equal(log_size(county), size);
    sb_record_set_bytes(&args, SB_FIELD_EVENT, sb_bytes(text, 5));
    must(county, &county->tib, "recall", &args);
    must(county, &county->tib, "events", &none);
}

/* Of an alert group all is recalled but the incident, which goes on. */
static void test_recalled_is_told(void **state)
{
    static const char *const verbs[] = {"events", "timeline"};
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_record row;
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash convening = call(county, &county->tib, "rsf");
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&convening, text));
    must(county, &county->viewer, "show", &args);
    reply_row(county, 0, &row);
    assert_false(sb_record_has(&row, SB_FIELD_RECALLED));
    must(county, &county->tib, "recall", &args);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        must(county, &county->viewer, verbs[i], &args);
        assert_int_equal(reply_rows(county), 4);
        for (unsigned at = 0; at < 4; at++) {
            reply_row(county, at, &row);
            uint64_t kind = sb_record_number(&row, SB_FIELD_KIND);
            assert_int_equal(sb_record_number(&row, SB_FIELD_RECALLED),
                             kind == SB_KIND_ACTIVATION || kind == SB_KIND_CONVENING);
        }
    }
    must(county, &county->viewer, "show", &args);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RECALLED), 1);
}

/* Long lists come in pages, nothing twice and nothing left out. */
static void test_pages(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    char text[200] = "";
    struct sb_list_writer ways;
    sb_list_init(&ways);
    memset(text, 'x', sizeof text - 1);
    for (unsigned i = 0; i < 20; i++) {
        sb_list_add(&ways, sb_bytes_str(text));
    }
    sb_record_set_text(&args, SB_FIELD_TITLE, "Lång");
    sb_record_set_text(&args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(&args, SB_FIELD_AGENDA, text);
    sb_record_set_bytes(&args, SB_FIELD_JOIN, sb_list_bytes(&ways));
    for (unsigned i = 0; i < 100; i++) {
        must(county, &county->tib, "call", &args);
    }
    sb_list_finish(&ways);
    sb_record_clear(&args);
    uint64_t rows = 0;
    uint64_t newest = UINT64_MAX;
    unsigned pages = 0;
    do {
        must(county, &county->viewer, "events", &args);
        pages++;
        for (unsigned i = 0; i < reply_rows(county); i++) {
            struct sb_record row;
            reply_row(county, i, &row);
            assert_true(sb_record_number(&row, SB_FIELD_INDEX) < newest);
            newest = sb_record_number(&row, SB_FIELD_INDEX);
            assert_false(sb_record_has(&row, SB_FIELD_AGENDA));
            rows++;
        }
        sb_record_set_number(&args, SB_FIELD_OFFSET, county->answer.next);
    } while (county->answer.next != 0);
    assert_int_equal(rows, 300);
    assert_true(pages > 1);
    sb_record_clear(&args);
    sb_record_set_number(&args, SB_FIELD_KIND, SB_KIND_CONVENING);
    must(county, &county->viewer, "events", &args);
    assert_true(reply_rows(county) <= 100 && reply_rows(county) > 0);
}

static void test_board_in_pages(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    must(county, &county->viewer, "status", &args);
    const unsigned quiet = reply_rows(county);
    assert_true(quiet > 40);
    sb_record_set_number(&args, SB_FIELD_OFFSET, 40);
    must(county, &county->viewer, "status", &args);
    assert_int_equal(reply_rows(county), quiet - 40);
    sb_record_clear(&args);
    call(county, &county->tib, "rsf");
    must(county, &county->viewer, "status", &args);
    assert_int_equal(reply_rows(county), 44);
    sb_record_set_number(&args, SB_FIELD_OFFSET, 40); /* the rest after 40 rows, head included */
    must(county, &county->viewer, "status", &args);
    assert_int_equal(reply_rows(county), 4);
    sb_record_set_number(&args, SB_FIELD_OFFSET, 44);
    must(county, &county->viewer, "status", &args);
    assert_int_equal(reply_rows(county), 0);
}

static void test_counters(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record row;
    call(county, &county->tib, "rsf");
    assert_int_equal(ask(county, &county->viewer, "recall", &none), SB_ERR_NOT_ALLOWED);
    must(county, &county->viewer, "counters", &none);
    reply_row(county, 0, &row);
    assert_true(row_says(&row, SB_FIELD_COUNTER, "version/" SB_VERSION));
    reply_row(county, 1, &row);
    assert_true(row_says(&row, SB_FIELD_COUNTER, "wall-ms"));
    reply_row(county, 2, &row);
    assert_true(row_says(&row, SB_FIELD_COUNTER, "log/events"));
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 3);
    reply_row(county, 3, &row);
    assert_true(row_says(&row, SB_FIELD_COUNTER, "broker/refused/not-allowed"));
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 1);
}

/* A store that is getting full is told to who looks at counters or at a board, until there is room.
 */
static void test_room_is_told(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record row;
    call(county, &county->tib, "rsf");
    for (unsigned level = SB_ROOM_ENOUGH; level <= SB_ROOM_NONE; level++) {
        const bool told = level != SB_ROOM_ENOUGH;
        county->room = level;
        must(county, &county->viewer, "counters", &none);
        if (told) {
            reply_row(county, 3, &row);
            assert_true(row_says(&row, SB_FIELD_COUNTER, SB_ROOM_COUNTER));
            assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), level);
            assert_true(sb_record_has(&row, SB_FIELD_WHY));
        }
        must(county, &county->viewer, "status", &none);
        reply_row(county, 0, &row);
        assert_int_equal(sb_record_has(&row, SB_FIELD_WORDING), told);
        assert_int_equal(sb_record_has(&row, SB_FIELD_NOTICE), told);
    }
}

static void test_mandates_by_realm(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record none = {0};
    struct sb_record row;
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM); /* live only */
    must(county, &county->viewer, "mandate-list", &none);
    assert_int_equal(reply_rows(county), 1);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_VALID);
    must(county, &county->trainer, "mandate-list", &none);
    assert_int_equal(reply_rows(county), 0);
    struct sb_record fields = {0}; /* and withdrawn */
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_MANDATE);
    sb_record_set_text(&fields, SB_FIELD_FUNCTION, "tib");
    sb_record_set_number(&fields, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_text(&fields, SB_FIELD_BASIS, "ny ordning");
    sb_record_set_number(&fields, SB_FIELD_VALID_FROM, county->now.wall_ms);
    sb_record_set_number(&fields, SB_FIELD_VALID_TO, county->now.wall_ms);
    sb_record_set_number(&fields, SB_FIELD_WITHDRAWN, 1);
    end_issue(county, taby, &fields);
    must(county, &county->viewer, "mandate-list", &none);
    assert_int_equal(reply_rows(county), 1);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_ENDED);
    sb_record_unset(&fields, SB_FIELD_WITHDRAWN); /* an older declaration that came late */
    sb_record_set_number(&fields, SB_FIELD_ISSUED, county->now.wall_ms - 1);
    end_issue(county, taby, &fields);
    must(county, &county->viewer, "mandate-list", &none);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_ENDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, county_setup_real, county_teardown)
        T(test_timeline_and_show),
        T(test_refused_entry_is_seen),
        T(test_recalled_is_told),
        T(test_ambiguous_digits),
        T(test_pages),
        T(test_board_in_pages),
        T(test_counters),
        T(test_room_is_told),
        T(test_mandates_by_realm),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
