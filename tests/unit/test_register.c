/* test_register.c: register.csv: the strict reader of it, what is refused and with which words, and
 * the register as it lies in the store. */
#include "../../broker/core/csv.h"
#include "../../broker/core/register.h"
#include "broker_world.h"

#define HEADING \
    "id,name,category,kommunkod,fire_service,county_code,tib_number,switchboard,rakel,fallback\n"

static enum sb_err load(struct county *county, const char *csv)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_CSV, csv);
    return ask(county, &county->admin, "org-load", &args);
}

/* The same place, in both languages. */
static void same_place(const struct sb_why *why)
{
    unsigned sv[2] = {0}, en[2] = {0};
    /* What is no number stays 0 and is counted. NOLINTBEGIN(cert-err34-c) */
    assert_int_equal(sscanf(why->sv, "rad %u, kolumn %u: ", &sv[0], &sv[1]),
                     sscanf(why->text, "line %u, column %u: ", &en[0], &en[1]));
    /* NOLINTEND(cert-err34-c) */
    assert_int_equal(sv[0], en[0]);
    assert_int_equal(sv[1], en[1]);
}

static unsigned org_count(struct county *county)
{
    struct sb_record none = {0};
    must(county, &county->viewer, "org-list", &none);
    return reply_rows(county);
}

/* ---- the reader ---- */

static void test_fields(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf"
                               "a,b,c\r\n\n1,\"x,\"\"y\"\"\nz\",3\n,,\"\"";
    static const char *const columns[] = {"a", "b", "c"};
    struct sb_csv csv;
    struct sb_why why = {0};
    bool end = true;
    sb_csv_init(&csv, sb_bytes_str(text));
    assert_int_equal(sb_csv_header(&csv, columns, 3, &why), SB_ERR_OK);
    assert_int_equal(sb_csv_next(&csv, 3, &end, &why), SB_ERR_OK);
    assert_false(end);
    check_same_bytes(csv.field[1], sb_bytes_str("x,\"y\"\nz"));
    check_same_bytes(csv.field[2], sb_bytes_str("3"));
    assert_int_equal(csv.field_line, 3);
    assert_int_equal(sb_csv_next(&csv, 3, &end, &why), SB_ERR_OK);
    assert_int_equal(csv.field_line, 5); /* the quoted field had a line break */
    assert_int_equal(csv.field[0].size, 0);
    assert_int_equal(csv.field[2].size, 0);
    assert_int_equal(sb_csv_next(&csv, 3, &end, &why), SB_ERR_OK);
    assert_true(end);
    sb_csv_finish(&csv);
}

static void test_columns_count_characters(void **state)
{
    (void)state;
    struct sb_csv csv;
    struct sb_why why = {0};
    bool end = false;
    sb_csv_init(&csv, sb_bytes_str("Täby,x\"y\n"));
    assert_int_equal(sb_csv_next(&csv, 2, &end, &why), SB_ERR_MALFORMED);
    assert_non_null(strstr(why.text, "line 1, column 7"));
    sb_csv_finish(&csv);
}

static void test_malformed_csv(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sb_err err;
        const char *why;
    } rows[] = {
        {"a,\"b", SB_ERR_MALFORMED, "line 1, column 3: the quotation mark is never closed"},
        {"a,\"b\"c\n", SB_ERR_MALFORMED, "line 1, column 6: a comma or the end of the line"},
        {"a,b\rc\n", SB_ERR_MALFORMED, "line 1, column 4: a comma or the end of the line"},
        {"a\n", SB_ERR_MALFORMED, "line 1: 1 fields, but the header has 2"},
        {"a,b,c\n", SB_ERR_MALFORMED, "line 1: 3 fields, but the header has 2"},
        {"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n", SB_ERR_TOO_LARGE, "more than 16 fields"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sb_csv csv;
        struct sb_why why = {0};
        bool end = false;
        sb_csv_init(&csv, sb_bytes_str(rows[i].text));
        assert_int_equal(sb_csv_next(&csv, 2, &end, &why), rows[i].err);
        check_said(&why, "", rows[i].why);
        same_place(&why);
        sb_csv_finish(&csv);
    }
}

static void test_record_at_its_limit(void **state)
{
    (void)state;
    char *text = sb_alloc(1, SB_TEXT_SIZE_MAX + 3);
    for (size_t size = SB_TEXT_SIZE_MAX; size <= SB_TEXT_SIZE_MAX + 1; size++) {
        struct sb_csv csv;
        struct sb_why why = {0};
        bool end = false;
        memset(text, 'a', size);
        text[1] = ',';
        text[size + 1] = '\n';
        text[size] = 'a'; /* the comma is not kept */
        sb_csv_init(&csv, sb_bytes(text, size + 2));
        assert_int_equal(sb_csv_next(&csv, 2, &end, &why),
                         size == SB_TEXT_SIZE_MAX ? SB_ERR_OK : SB_ERR_TOO_LARGE);
        if (size > SB_TEXT_SIZE_MAX) {
            check_said(&why, "mer än 16384 byte", "more than 16384 bytes");
        }
        sb_csv_finish(&csv);
    }
    free(text);
}

/* Any bytes at all end in a refusal or at the end, and never loop. */
static void test_any_bytes(void **state)
{
    (void)state;
    static const char letters[] = "a,\"\n\r;\xc3";
    struct check_seeded seeded = {.state = 42};
    for (unsigned round = 0; round < 2000; round++) {
        char text[64];
        size_t size = (size_t)check_below(&seeded, sizeof text);
        for (size_t i = 0; i < size; i++) {
            text[i] = letters[check_below(&seeded, sizeof letters - 1)];
        }
        struct sb_csv csv;
        struct sb_why why = {0};
        bool end = false;
        sb_csv_init(&csv, sb_bytes(text, size));
        unsigned records = 0;
        while (sb_csv_next(&csv, 2, &end, &why) == SB_ERR_OK && !end) {
            assert_true(++records <= sizeof text);
        }
        sb_csv_finish(&csv);
    }
}

/* ---- org-load ---- */

static void test_real_register(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record row;
    char *text = deploy_file("register.csv");
    assert_int_equal(load(county, text), SB_ERR_OK);
    free(text);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), 40);
    must(county, &county->viewer, "org-list", &none);
    assert_int_equal(reply_rows(county), 40);
    reply_row(county, 0, &row); /* in the register's order, not the alphabet's */
    assert_true(row_says(&row, SB_FIELD_ORG, "lst-ab"));
    reply_row(county, 14, &row);
    assert_true(row_says(&row, SB_FIELD_ORG, "taby"));
    assert_true(row_says(&row, SB_FIELD_NAME, "Täby kommun"));
    assert_true(row_says(&row, SB_FIELD_FIRE_SERVICE, "ssbf"));
    assert_false(sb_record_has(&row, SB_FIELD_AGENT));
}

static void test_loading_again_changes(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record row;
    assert_int_equal(load(county, HEADING "a,Aa,k,,,,,,,\nb,Bb,k,,,,,,,\n"), SB_ERR_OK);
    assert_int_equal(load(county, HEADING "b,Be,k,,,,,,,a\n"),
                     SB_ERR_OK); /* a is known: it stays */
    assert_int_equal(org_count(county), 2);
    must(county, &county->viewer, "org-list", &none);
    reply_row(county, 1, &row);
    assert_true(row_says(&row, SB_FIELD_NAME, "Be"));
    assert_true(row_says(&row, SB_FIELD_FALLBACK, "a"));
}

/* A part of the register moves nobody; new ones come last; the whole register gives the order. */
static void test_order(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    static const struct {
        const char *csv;
        const char *order[3];
    } rows[] = {
        {HEADING "c,C,k,,,,,,,\na,A,k,,,,,,,\n", {"c", "a", NULL}},
        {HEADING "b,B,k,,,,,,,\nc,C2,k,,,,,,,\n", {"c", "a", "b"}},
        {HEADING "a,A2,k,,,,,,,\n", {"c", "a", "b"}},
        {HEADING "b,B,k,,,,,,,\nc,C,k,,,,,,,\na,A,k,,,,,,,\n", {"b", "c", "a"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(load(county, rows[i].csv), SB_ERR_OK);
        must(county, &county->viewer, "org-list", &none);
        for (unsigned at = 0; at < 3 && rows[i].order[at] != NULL; at++) {
            struct sb_record row;
            reply_row(county, at, &row);
            assert_true(row_says(&row, SB_FIELD_ORG, rows[i].order[at]));
        }
    }
}

/* Refused whole, with where and what to do. */
static void test_refused_registers(void **state)
{
    struct county *county = *state;
    static const struct {
        const char *csv;
        enum sb_err err;
        const char *why;
    } rows[] = {
        {HEADING, SB_ERR_VALUE, "no organisation"},
        {"id,namn\n", SB_ERR_MALFORMED, "line 1: 2 fields, but the header has 10"},
        {"id,namn,category,kommunkod,fire_service,county_code,tib_number,switchboard,rakel,"
         "fallback\n",
         SB_ERR_MALFORMED, "line 1, column 4: the column \"namn\" should be \"name\""},
        {HEADING "a,A,k,,,,,,,\nTäby,T,k,,,,,,,\n", SB_ERR_VALUE,
         "line 3, column 1: id: write a-z, 0-9, _ and - only"},
        {HEADING "a:b,A,k,,,,,,,\n", SB_ERR_VALUE, "line 2, column 1: id"},
        {HEADING ",A,k,,,,,,,\n", SB_ERR_VALUE, "line 2, column 1: id: it must not be empty"},
        {HEADING "a,,k,,,,,,,\n", SB_ERR_VALUE, "line 2, column 3: name: it must not be empty"},
        {HEADING "a,A,,,,,,,,\n", SB_ERR_VALUE, "column 5: category: it must not be empty"},
        {HEADING "a,\"A\nB\",k,,,,,,,\n", SB_ERR_VALUE, "one line of UTF-8 text"},
        {HEADING "a,A,k,123456789,,,,,,\n", SB_ERR_VALUE, "kommunkod: it is too long"},
        {HEADING "a,A,k,,,,0123456789012345678901234567890,,,\n", SB_ERR_VALUE,
         "tib_number: it is too long"},
        {HEADING "a,A,k,,,,,,,\na,B,k,,,,,,,\n", SB_ERR_ALREADY,
         "line 3, column 1: a stands twice"},
        {HEADING "a,A,k,,,,,,,nowhere\n", SB_ERR_NOT_FOUND,
         "line 2, column 13: there is no organisation nowhere"},
        {HEADING "a,A,k,,ssbf,,,,,\n", SB_ERR_NOT_FOUND, "line 2, column 8"},
        {HEADING "a,A,k,,,,,,\n", SB_ERR_MALFORMED, "line 2: 9 fields"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum sb_err err = load(county, rows[i].csv);
        if (err != rows[i].err || strstr(county->why.text, rows[i].why) == NULL) {
            fail_msg("row %zu: %s \"%s\" instead of %s \"%s\"", i, sb_err_name(err),
                     county->why.text, sb_err_name(rows[i].err), rows[i].why);
        }
        same_place(&county->why);
        assert_int_equal(org_count(county), 0);
    }
    assert_int_equal(load(county, HEADING "a,,k,,,,,,,\n"), SB_ERR_VALUE);
    check_said(&county->why, "rad 2, kolumn 3: name: får inte vara tom",
               "line 2, column 3: name: it must not be empty");
    struct sb_record none = {0};
    assert_int_equal(ask(county, &county->admin, "org-load", &none), SB_ERR_MISSING);
}

static void test_number_at_its_limit(void **state)
{
    struct county *county = *state;
    assert_int_equal(load(county, HEADING "a,A,k,,,,012345678901234567890123456789,,"
                                          "012345678901234567890123456789,\n"),
                     SB_ERR_OK);
    struct sb_txn *txn = store_begin(county->store);
    char ring[SB_RING_SIZE_MAX];
    struct sb_name org = sb_name("a");
    sb_register_ring(txn, &org, ring);
    assert_string_equal(ring,
                        "012345678901234567890123456789, Rakel 012345678901234567890123456789");
    sb_store_abort(county->store, txn);
}

/* The number of the duty officer, else the switchboard's, else Rakel alone; else nothing. */
static void test_what_to_ring(void **state)
{
    static const struct {
        const char *org, *ring;
    } rows[] = {{"a", "08-1, Rakel 2"},
                {"b", "08-3, Rakel 4"},
                {"c", "Rakel 5"},
                {"d", ""},
                {"nowhere", ""}};
    struct county *county = *state;
    assert_int_equal(load(county, HEADING "a,A,k,,,,08-1,08-9,2,\nb,B,k,,,,,08-3,4,\n"
                                          "c,C,k,,,,,,5,\nd,D,k,,,,,,,\n"),
                     SB_ERR_OK);
    struct sb_txn *txn = store_begin(county->store);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char ring[SB_RING_SIZE_MAX];
        struct sb_name org = sb_name(rows[i].org);
        sb_register_ring(txn, &org, ring);
        assert_string_equal(ring, rows[i].ring);
    }
    sb_store_abort(county->store, txn);
}

/* ---- who is called ---- */

static void test_called_once_and_sorted(void **state)
{
    (void)state;
    struct sb_called called;
    struct sb_why why = {0};
    struct sb_list_writer seats;
    struct sb_list_writer audience;
    sb_called_init(&called);
    sb_list_init(&audience);
    sb_called_audience(&called, &audience); /* of nobody */
    assert_int_equal(audience.count, 0);
    const struct sb_seat all[] = {
        {.org = sb_name("taby"), .function = sb_name("tib"), .via = sb_name("vb")},
        {.org = sb_name("solna"), .function = sb_name("kib"), .supports = true},
        {.org = sb_name("taby"), .function = sb_name("tib")},
        {.org = sb_name("taby"), .function = sb_name("rcb")},
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        assert_int_equal(sb_called_add(&called, &all[i], &why), SB_ERR_OK);
    }
    assert_int_equal(called.count, 3);
    sb_list_init(&seats);
    sb_called_seats(&called, &seats);
    sb_called_audience(&called, &audience);
    struct sb_list_reader reader = sb_list_read(sb_list_bytes(&seats));
    struct sb_bytes text;
    assert_true(sb_list_next(&reader, &text));
    check_same_bytes(text, sb_bytes_str("taby/tib:vb"));
    assert_true(sb_list_next(&reader, &text));
    check_same_bytes(text, sb_bytes_str("~solna/kib"));
    reader = sb_list_read(sb_list_bytes(&audience));
    assert_int_equal(reader.left, 2);
    assert_true(sb_list_next(&reader, &text));
    check_same_bytes(text, sb_bytes_str("solna"));
    sb_list_finish(&audience);
    sb_list_finish(&seats);
    sb_called_finish(&called);
}

static void test_called_limit(void **state)
{
    (void)state;
    struct sb_called called;
    struct sb_why why = {0};
    sb_called_init(&called);
    for (unsigned i = 0; i <= SB_SEATS_PER_EVENT_MAX; i++) {
        char org[16];
        (void)snprintf(org, sizeof org, "o%u", i);
        struct sb_seat seat = {.org = sb_name(org), .function = sb_name("tib")};
        assert_int_equal(sb_called_add(&called, &seat, &why),
                         i < SB_SEATS_PER_EVENT_MAX ? SB_ERR_OK : SB_ERR_TOO_LARGE);
    }
    sb_called_finish(&called);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, county_setup, county_teardown)
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_columns_count_characters),
        cmocka_unit_test(test_malformed_csv),
        cmocka_unit_test(test_record_at_its_limit),
        cmocka_unit_test(test_any_bytes),
        T(test_real_register),
        T(test_loading_again_changes),
        T(test_order),
        T(test_refused_registers),
        T(test_number_at_its_limit),
        T(test_what_to_ring),
        cmocka_unit_test(test_called_once_and_sorted),
        cmocka_unit_test(test_called_limit),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
