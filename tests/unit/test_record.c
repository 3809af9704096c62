/* test_record.c: records and lists: round trips at the limits and one past them, every rule of the
 * encoding broken once, bytes cut off at every place. test_record_any.c has the properties. */
#include "check.h"
#include "samband/cursor.h"
#include "samband/record.h"

#include <stdlib.h>
#include <string.h>

#define BUF_MAX (1u << 20)

static enum sb_err read_all(struct sb_bytes bytes, struct sb_record *record)
{
    sb_record_clear(record);
    return sb_record_read(bytes, SB_PARTS_ALL, record, NULL);
}

static struct sb_bytes record_pack(const struct sb_record *record, struct sb_buf *buf)
{
    sb_buf_init(buf, BUF_MAX);
    sb_record_write(record, SB_PARTS_ALL, buf);
    assert_false(buf->overflow);
    return sb_buf_bytes(buf);
}

/* Reads hand-written bytes; hands back the error and leaves the sentence in *why. */
static enum sb_err refusal(const char *bytes, size_t size, unsigned parts, struct sb_why *why)
{
    struct sb_record record = {0};
    uint8_t *copy = malloc(size > 0 ? size : 1);

    assert_non_null(copy);
    memcpy(copy, bytes, size);
    *why = (struct sb_why){0};
    enum sb_err err = sb_record_read(sb_bytes(copy, size), parts, &record, why);
    free(copy);
    return err;
}
#define REFUSAL(literal, why) refusal((literal), sizeof(literal) - 1, SB_PARTS_ALL, (why))

/* One field of each type. The hash and the list live as long as the record. */
static void sample_fill(struct sb_record *record, const struct sb_hash *hash,
                        struct sb_list_writer *list)
{
    sb_record_set_number(record, SB_FIELD_KIND, 4);
    sb_record_set_number(record, SB_FIELD_REALM, 3);
    sb_record_set_number(record, SB_FIELD_ISSUED, UINT64_C(1767225600000));
    sb_record_set_text(record, SB_FIELD_ORIGIN, "lst-ab");
    sb_record_set_hash(record, SB_FIELD_INCIDENT, hash);
    sb_record_set_bytes(record, SB_FIELD_NONCE, sb_bytes("0123456789abcdef", 16));
    sb_record_set_number(record, SB_FIELD_HOLDS_MANDATE, 1);
    sb_record_set_text(record, SB_FIELD_TITLE, "Snöoväder");
    sb_list_add(list, sb_bytes_str("taby/tib"));
    sb_list_add(list, sb_bytes_str("~solna/kib:tib"));
    sb_record_set_bytes(record, SB_FIELD_SEATS, sb_list_bytes(list));
}

static void every_type_round_trips(void **state)
{
    (void)state;
    struct sb_record record = {0};
    struct sb_record back;
    struct sb_hash hash = sb_hash_one("event", sb_bytes_str("x"));
    struct sb_hash got;
    struct sb_list_writer list;
    struct sb_buf buf;

    sb_list_init(&list);
    sample_fill(&record, &hash, &list);
    assert_int_equal(read_all(record_pack(&record, &buf), &back), SB_ERR_OK);

    assert_true(sb_record_number(&back, SB_FIELD_ISSUED) == UINT64_C(1767225600000));
    assert_int_equal(sb_record_number(&back, SB_FIELD_HOLDS_MANDATE), 1);
    assert_string_equal(sb_record_name(&back, SB_FIELD_ORIGIN).text, "lst-ab");
    assert_true(sb_record_hash(&back, SB_FIELD_INCIDENT, &got));
    assert_true(sb_hash_equal(&got, &hash));
    check_same_bytes(sb_record_bytes(&back, SB_FIELD_TITLE), sb_bytes_str("Snöoväder"));
    struct sb_bytes seats = sb_record_bytes(&back, SB_FIELD_SEATS);
    assert_int_equal(sb_list_count(seats), 2);
    assert_true(sb_list_has(seats, sb_bytes_str("~solna/kib:tib")));
    assert_false(sb_list_has(seats, sb_bytes_str("solna/kib")));

    assert_false(sb_record_has(&back, SB_FIELD_TEXT));
    assert_int_equal(sb_record_number(&back, SB_FIELD_ANSWER_BY), 0);
    assert_int_equal(sb_record_bytes(&back, SB_FIELD_TEXT).size, 0);
    assert_string_equal(sb_record_name(&back, SB_FIELD_FORUM).text, "");
    assert_false(sb_record_hash(&back, SB_FIELD_REF, &got));
    sb_buf_finish(&buf);
    sb_list_finish(&list);
}

static void the_encoding_is_as_written_down(void **state)
{
    (void)state;
    static const char expected[] = "\x83"
                                   "\x02\x01"         /* REALM live */
                                   "\x2c\xc3"         /* HOLDS_MANDATE true */
                                   "\xcc\x94\x91\xa3" /* TO, number 148: a list of one */
                                   "rsf";
    struct sb_record record = {0};
    struct sb_list_writer list;
    struct sb_buf buf;

    sb_list_init(&list);
    sb_list_add(&list, sb_bytes_str("rsf"));
    sb_record_set_bytes(&record, SB_FIELD_TO, sb_list_bytes(&list));
    sb_record_set_number(&record, SB_FIELD_HOLDS_MANDATE, 1);
    sb_record_set_number(&record, SB_FIELD_REALM, 1);
    check_same_bytes(record_pack(&record, &buf), sb_bytes(expected, sizeof expected - 1));
    sb_buf_finish(&buf);

    struct sb_record empty = {0};
    check_same_bytes(record_pack(&empty, &buf), sb_bytes("\x80", 1));
    sb_buf_finish(&buf);
    sb_list_finish(&list);
}

static void parts_are_written_and_read_apart(void **state)
{
    (void)state;
    struct sb_record record = {0};
    struct sb_record back = {0};
    struct sb_why why = {0};
    struct sb_buf header, text;

    sb_record_set_number(&record, SB_FIELD_KIND, 15);
    sb_record_set_text(&record, SB_FIELD_TEXT, "anteckning");
    sb_buf_init(&header, 64);
    sb_buf_init(&text, 64);
    sb_record_write(&record, SB_PARTS_HEADER, &header);
    sb_record_write(&record, SB_PARTS_TEXT, &text);
    check_same_bytes(sb_buf_bytes(&header), sb_bytes("\x81\x03\x0f", 3));

    assert_int_equal(sb_record_read(sb_buf_bytes(&header), SB_PARTS_HEADER, &back, &why),
                     SB_ERR_OK);
    assert_int_equal(sb_record_read(sb_buf_bytes(&text), SB_PARTS_TEXT, &back, &why), SB_ERR_OK);
    assert_int_equal(sb_record_number(&back, SB_FIELD_KIND), 15);
    check_same_bytes(sb_record_bytes(&back, SB_FIELD_TEXT), sb_bytes_str("anteckning"));

    /* Free text may not slip into the part that is never erased. */
    assert_int_equal(sb_record_read(sb_buf_bytes(&text), SB_PARTS_HEADER, &back, &why),
                     SB_ERR_VALUE);
    assert_non_null(strstr(why.text, "text"));
    sb_buf_finish(&header);
    sb_buf_finish(&text);
}

static void cut_off_anywhere_it_is_refused(void **state)
{
    (void)state;
    struct sb_record record = {0};
    struct sb_record back;
    struct sb_hash hash = sb_hash_one("event", sb_bytes_str("x"));
    struct sb_list_writer list;
    struct sb_buf buf;

    sb_list_init(&list);
    sample_fill(&record, &hash, &list);
    struct sb_bytes whole = record_pack(&record, &buf);
    for (size_t size = 0; size < whole.size; size++) {
        uint8_t *cut = malloc(size > 0 ? size : 1);
        assert_non_null(cut);
        memcpy(cut, whole.at, size);
        assert_int_equal(read_all(sb_bytes(cut, size), &back), SB_ERR_MALFORMED);
        free(cut);
    }
    sb_buf_add_byte(&buf, 0xc0);
    assert_int_equal(read_all(sb_buf_bytes(&buf), &back), SB_ERR_MALFORMED);
    sb_buf_finish(&buf);
    sb_list_finish(&list);
}

static void broken_encodings_are_refused(void **state)
{
    (void)state;
    struct sb_why why;

    assert_int_equal(REFUSAL("\x90", &why), SB_ERR_MALFORMED);                 /* no map */
    assert_int_equal(REFUSAL("\xdd\x0f\xff\xff\xff", &why), SB_ERR_MALFORMED); /* a lie */
    assert_int_equal(REFUSAL("\xdf\x0f\xff\xff\xff", &why), SB_ERR_MALFORMED);
    assert_int_equal(REFUSAL("\xde\x00\x01\x02\x01", &why), SB_ERR_MALFORMED); /* long map */
    assert_int_equal(REFUSAL("\x82\x03\x01\x02\x01", &why), SB_ERR_MALFORMED); /* descending */
    check_said(&why, "uppgift 2 efter uppgift 3", "field 2 after field 3");
    assert_int_equal(REFUSAL("\x82\x02\x01\x02\x01", &why), SB_ERR_MALFORMED); /* twice */
    assert_int_equal(REFUSAL("\x81\xcc\x02\x01", &why), SB_ERR_MALFORMED);     /* long key */
    assert_int_equal(REFUSAL("\x81\xa1"
                             "a\x01",
                             &why),
                     SB_ERR_MALFORMED);                                    /* text as key */
    assert_int_equal(REFUSAL("\x81\xff\x01", &why), SB_ERR_MALFORMED);     /* negative key */
    assert_int_equal(REFUSAL("\x81\x02\xcc\x01", &why), SB_ERR_MALFORMED); /* long value */
    assert_int_equal(REFUSAL("\x81\x02\xc3", &why), SB_ERR_MALFORMED);     /* bool for enum */
    assert_non_null(strstr(why.text, "realm"));
    assert_int_equal(REFUSAL("\x81\x2c\x01", &why), SB_ERR_MALFORMED); /* number for bool */
    assert_int_equal(REFUSAL("\x81\x2c\xc0", &why), SB_ERR_MALFORMED); /* nil for bool */
    assert_int_equal(REFUSAL("\x81\x05\xc4\x01"
                             "a",
                             &why),
                     SB_ERR_MALFORMED); /* bin for name */
    assert_int_equal(REFUSAL("\x81\x01\xa1"
                             "a",
                             &why),
                     SB_ERR_MALFORMED); /* str for bytes */
    assert_int_equal(REFUSAL("\x81\x22\xa1"
                             "a",
                             &why),
                     SB_ERR_MALFORMED); /* str for list */
    assert_int_equal(REFUSAL("\x81\x22\x91\xc4\x01"
                             "a",
                             &why),
                     SB_ERR_MALFORMED);
    assert_int_equal(REFUSAL("\x81\x22\x91\x91\xa1"
                             "a",
                             &why),
                     SB_ERR_MALFORMED);
    assert_int_equal(REFUSAL("\x81\x22\x91\xd9\x01"
                             "a",
                             &why),
                     SB_ERR_MALFORMED);
    assert_int_equal(REFUSAL("\x81\x22\xdc\x00\x01\xa1"
                             "a",
                             &why),
                     SB_ERR_MALFORMED);
}

static void broken_values_are_refused(void **state)
{
    (void)state;
    struct sb_why why;

    assert_int_equal(REFUSAL("\x81\x05\xa0", &why), SB_ERR_VALUE); /* the empty name */
    assert_int_equal(REFUSAL("\x81\x05\xa1"
                             "A",
                             &why),
                     SB_ERR_VALUE);
    check_said(&why, "uppgiften \"från\" är inget namn", "origin: not a name");
    assert_int_equal(REFUSAL("\x81\x40\xa2\xc3\x28", &why), SB_ERR_VALUE); /* no UTF-8 */
    assert_int_equal(REFUSAL("\x81\x40\xa1\x1b", &why), SB_ERR_VALUE);
    assert_int_equal(REFUSAL("\x81\x40\xa3\xe2\x80\xae", &why), SB_ERR_VALUE); /* bidi */
    assert_int_equal(REFUSAL("\x81\x22\x91\xa1\x1b", &why), SB_ERR_VALUE);     /* in a list */
    assert_int_equal(REFUSAL("\x81\x08\xc4\x1f"
                             "0123456789012345678901234567890",
                             &why),
                     SB_ERR_VALUE); /* a hash of 31 */
    assert_int_equal(REFUSAL("\x81\x08\xc4\x21"
                             "012345678901234567890123456789012",
                             &why),
                     SB_ERR_VALUE); /* of 33 */
    assert_int_equal(REFUSAL("\x81\x7c\xc4\x1f"
                             "0123456789012345678901234567890",
                             &why),
                     SB_ERR_VALUE); /* a key of 31 */
    assert_int_equal(REFUSAL("\x81\x01\xc4\x11"
                             "01234567890123456",
                             &why),
                     SB_ERR_TOO_LARGE); /* a nonce of 17 */
    assert_int_equal(REFUSAL("\x81\x02\xcf\x00\x00\x00\x01\x00\x00\x00\x00", &why),
                     SB_ERR_VALUE); /* no word has such a number */
}

static void unknown_words_and_fields_pass(void **state)
{
    (void)state;
    static const char bytes[] = "\x84"
                                "\x02\x09" /* a realm of a newer version */
                                "\x18\x82\x01\x91\xff\x02\xca\1\2\3\4" /* field 24: unknown */
                                "\x40\xa1t"                            /* TITLE */
                                "\xcd\x07\xd0\xd4\x01x";               /* field 2000: unknown */
    struct sb_record record;

    assert_int_equal(read_all(sb_bytes(bytes, sizeof bytes - 1), &record), SB_ERR_OK);
    assert_int_equal(sb_record_number(&record, SB_FIELD_REALM), 9);
    check_same_bytes(sb_record_bytes(&record, SB_FIELD_TITLE), sb_bytes_str("t"));

    /* Depth is bounded there too: 8 levels pass, 9 do not. */
    struct sb_why why;
    assert_int_equal(REFUSAL("\x81\x18\x91\x91\x91\x91\x91\x91\x91\x91\xc0", &why), SB_ERR_OK);
    assert_int_equal(REFUSAL("\x81\x18\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0", &why),
                     SB_ERR_MALFORMED);
    assert_int_equal(REFUSAL("\x81\x18\xc1", &why), SB_ERR_MALFORMED);
}

static void texts_have_their_limit(void **state)
{
    (void)state;
    char title[SB_TITLE_SIZE_MAX + 1];
    struct sb_record record = {0};
    struct sb_record back;
    struct sb_buf buf;

    memset(title, 'a', sizeof title);
    sb_record_set_bytes(&record, SB_FIELD_TITLE, sb_bytes(title, SB_TITLE_SIZE_MAX));
    assert_int_equal(read_all(record_pack(&record, &buf), &back), SB_ERR_OK);
    sb_buf_clear(&buf);

    sb_pack_map(&buf, 1);
    sb_pack_uint(&buf, SB_FIELD_TITLE);
    sb_pack_str(&buf, sb_bytes(title, SB_TITLE_SIZE_MAX + 1));
    assert_int_equal(read_all(sb_buf_bytes(&buf), &back), SB_ERR_TOO_LARGE);
    sb_buf_finish(&buf);
}

static void nothing_is_written_that_cannot_be_read(void **state)
{
    (void)state;
    char title[SB_TITLE_SIZE_MAX + 1];
    struct sb_record record = {0};
    struct sb_why why = {0};
    struct sb_buf buf;

    memset(title, 'a', sizeof title);
    static const struct {
        enum sb_field field;
        const char *text;
    } bad[] = {
        {SB_FIELD_TITLE, "a\x1b[2J"}, {SB_FIELD_ORIGIN, "Täby"},
        {SB_FIELD_REF, "no hash"},    {SB_FIELD_CURVE_KEY, "short"},
        {SB_FIELD_SEATS, "no list"},  {SB_FIELD_NONCE, "seventeen bytes!!"},
    };

    sb_buf_init(&buf, BUF_MAX);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        sb_record_clear(&record);
        sb_record_set_bytes(&record, bad[i].field, sb_bytes_str(bad[i].text));
        assert_int_equal(sb_record_unwritable(&record, &why), bad[i].field);
        sb_buf_clear(&buf);
        sb_record_write(&record, SB_PARTS_ALL, &buf);
        assert_true(buf.overflow);
        assert_int_equal(buf.size, 0);
    }
    sb_record_clear(&record);
    sb_record_set_bytes(&record, SB_FIELD_TITLE, sb_bytes(title, sizeof title));
    assert_int_equal(sb_record_unwritable(&record, &why), SB_FIELD_TITLE);
    check_said(&why, "har 201 byte, högst 200", "201 bytes, at most 200");
    sb_record_set_text(&record, SB_FIELD_TITLE, "kort");
    assert_int_equal(sb_record_unwritable(&record, &why), 0);
    sb_record_set_number(&record, SB_FIELD_LATE, 2); /* neither true nor false */
    assert_int_equal(sb_record_unwritable(&record, &why), SB_FIELD_LATE);

    /* A buffer too small shows the same way. */
    struct sb_buf small;
    sb_buf_init(&small, 5);
    sb_record_unset(&record, SB_FIELD_LATE);
    sb_record_write(&record, SB_PARTS_ALL, &small);
    assert_true(small.overflow);
    sb_buf_finish(&small);
    sb_buf_finish(&buf);
}

static void empty_is_none_where_there_is_no_empty_value(void **state)
{
    (void)state;
    struct sb_record record = {0};
    struct sb_name none = sb_name("");
    struct sb_buf buf;

    sb_record_set_text(&record, SB_FIELD_ORIGIN, "taby");
    sb_record_set_name(&record, SB_FIELD_ORIGIN, &none);
    assert_false(sb_record_has(&record, SB_FIELD_ORIGIN));
    sb_record_set_bytes(&record, SB_FIELD_REF, sb_bytes(NULL, 0));
    sb_record_set_bytes(&record, SB_FIELD_KEY_LIVE, sb_bytes(NULL, 0));
    assert_false(sb_record_has(&record, SB_FIELD_REF));
    assert_false(sb_record_has(&record, SB_FIELD_KEY_LIVE));

    /* A text, bytes and a list may be empty and are there. */
    sb_record_set_text(&record, SB_FIELD_TITLE, "");
    sb_record_set_bytes(&record, SB_FIELD_ORDER, sb_bytes(NULL, 0));
    sb_record_set_bytes(&record, SB_FIELD_SEATS, sb_bytes(NULL, 0));
    check_same_bytes(record_pack(&record, &buf), sb_bytes("\x83\x22\x90\x3c\xc4\x00\x40\xa0", 8));
    sb_buf_finish(&buf);
}

static void lists_hold_their_limit_and_not_one_more(void **state)
{
    (void)state;
    static const unsigned counts[] = {0, 1, 15, 16, SB_LIST_COUNT_MAX};
    struct sb_record record = {0};
    struct sb_record back;
    struct sb_list_writer list;
    struct sb_buf buf;
    char seat[SB_SEAT_SIZE_MAX + 1];

    memset(seat, 'x', sizeof seat);
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        sb_list_init(&list);
        for (unsigned k = 0; k < counts[i]; k++) {
            sb_list_add(&list, sb_bytes(seat, SB_SEAT_SIZE_MAX));
        }
        sb_record_set_bytes(&record, SB_FIELD_SEATS, sb_list_bytes(&list));
        assert_int_equal(read_all(record_pack(&record, &buf), &back), SB_ERR_OK);
        struct sb_list_reader reader = sb_list_read(sb_record_bytes(&back, SB_FIELD_SEATS));
        struct sb_bytes item;
        unsigned read = 0;
        while (sb_list_next(&reader, &item)) {
            assert_int_equal(item.size, SB_SEAT_SIZE_MAX);
            read++;
        }
        assert_int_equal(read, counts[i]);
        sb_buf_finish(&buf);

        if (counts[i] == SB_LIST_COUNT_MAX) {
            sb_list_add(&list, sb_bytes_str("one/more"));
            sb_record_set_bytes(&record, SB_FIELD_SEATS, sb_list_bytes(&list));
            assert_int_equal(sb_record_unwritable(&record, NULL), SB_FIELD_SEATS);
            assert_int_equal(sb_list_count(sb_list_bytes(&list)), 0); /* no list, not a part */
        }
        sb_list_finish(&list);
    }

    /* One item a byte too long. */
    sb_list_init(&list);
    sb_list_add(&list, sb_bytes(seat, SB_SEAT_SIZE_MAX + 1));
    sb_record_set_bytes(&record, SB_FIELD_SEATS, sb_list_bytes(&list));
    assert_int_equal(sb_record_unwritable(&record, NULL), SB_FIELD_SEATS);
    sb_list_finish(&list);
}

static void a_list_can_be_read_while_it_grows(void **state)
{
    (void)state;
    struct sb_list_writer list;

    sb_list_init(&list);
    for (unsigned i = 1; i <= 20; i++) {
        sb_list_add(&list, sb_bytes_str("taby"));
        assert_int_equal(sb_list_count(sb_list_bytes(&list)), i);
    }
    sb_list_finish(&list);
}

static void number_of_a_text(void)
{
    struct sb_record record = {0};
    (void)sb_record_number(&record, SB_FIELD_TITLE);
}

static void bytes_of_a_number(void)
{
    struct sb_record record = {0};
    (void)sb_record_bytes(&record, SB_FIELD_KIND);
}

static void name_of_a_text(void)
{
    struct sb_record record = {0};
    (void)sb_record_name(&record, SB_FIELD_TITLE);
}

static void text_of_a_number(void)
{
    struct sb_record record = {0};
    sb_record_set_text(&record, SB_FIELD_KIND, "4");
}

static void field_that_is_none(void)
{
    struct sb_record record = {0};
    (void)sb_record_has(&record, (enum sb_field)24);
}

static void the_wrong_getter_is_our_bug(void **state)
{
    (void)state;
    assert_true(check_aborts(number_of_a_text));
    assert_true(check_aborts(bytes_of_a_number));
    assert_true(check_aborts(name_of_a_text));
    assert_true(check_aborts(text_of_a_number));
    assert_true(check_aborts(field_that_is_none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_round_trips),
        cmocka_unit_test(the_encoding_is_as_written_down),
        cmocka_unit_test(parts_are_written_and_read_apart),
        cmocka_unit_test(cut_off_anywhere_it_is_refused),
        cmocka_unit_test(broken_encodings_are_refused),
        cmocka_unit_test(broken_values_are_refused),
        cmocka_unit_test(unknown_words_and_fields_pass),
        cmocka_unit_test(texts_have_their_limit),
        cmocka_unit_test(nothing_is_written_that_cannot_be_read),
        cmocka_unit_test(empty_is_none_where_there_is_no_empty_value),
        cmocka_unit_test(lists_hold_their_limit_and_not_one_more),
        cmocka_unit_test(a_list_can_be_read_while_it_grows),
        cmocka_unit_test(the_wrong_getter_is_our_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
