/* test_bytes.c: views, the bounded buffer, what counts as text and as a name, hexadecimal. */
#include "check.h"
#include "samband/bytes.h"
#include "samband/err.h"

#include <string.h>

static void compares_as_a_store_orders_keys(void **state)
{
    (void)state;
    struct sb_bytes none = sb_bytes(NULL, 0);
    struct sb_bytes a = sb_bytes_str("a");
    struct sb_bytes ab = sb_bytes_str("ab");
    struct sb_bytes high = sb_bytes("\xff", 1);

    assert_int_equal(sb_bytes_compare(none, none), 0);
    assert_true(sb_bytes_compare(none, a) < 0);
    assert_true(sb_bytes_compare(a, ab) < 0);
    assert_true(sb_bytes_compare(ab, a) > 0);
    assert_true(sb_bytes_compare(ab, high) < 0); /* unsigned */
    assert_int_equal(sb_bytes_compare(ab, sb_bytes_str("ab")), 0);

    assert_true(sb_bytes_equal(none, sb_bytes_str("")));
    assert_false(sb_bytes_equal(a, ab));
    assert_true(sb_bytes_starts_with(ab, a));
    assert_true(sb_bytes_starts_with(ab, none));
    assert_false(sb_bytes_starts_with(a, ab));
    assert_false(sb_bytes_starts_with(ab, sb_bytes_str("b")));
}

static void text_is_plain_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",
        "Snöoväder",
        "två rader\n\toch tabb",
        "\x7e",
        "\xc2\xa0", /* U+00A0, first past C1 */
        "\xdf\xbf",
        "\xe0\xa0\x80", /* ends and beginnings of each size */
        "\xed\x9f\xbf",
        "\xee\x80\x80", /* around the surrogates */
        "\xef\xbf\xbf",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
        "\xe2\x80\xa9",
        "\xe2\x80\xaf", /* U+2029 and U+202F, around the overrides */
        "\xe2\x81\xa5",
        "\xe2\x81\xaa", /* U+2065 and U+206A, around the isolates */
    };
    static const char *const bad[] = {
        "\x01",
        "\r",
        "\x1b[2J",
        "\x7f",
        "a\x08",
        "\xc2\x80",
        "\xc2\x9f", /* C1 */
        "\xe2\x80\xaa",
        "\xe2\x80\xae", /* bidi overrides */
        "\xe2\x81\xa6",
        "\xe2\x81\xa9", /* bidi isolates */
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf", /* alone, overlong */
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf", /* surrogates */
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "\xff",
        "\xfe",
        "\xc3",
        "\xe2\x80",
        "\xf0\x9f\x98", /* cut off */
        "\xc3(",
        "\xe2(\xa1",
        "\xf0\x28\x8c\xbc",
    };

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        if (!sb_bytes_is_text(sb_bytes_str(good[i]))) {
            fail_msg("good text %zu is refused", i);
        }
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (sb_bytes_is_text(sb_bytes_str(bad[i]))) {
            fail_msg("bad text %zu passes", i);
        }
    }
    assert_false(sb_bytes_is_text(sb_bytes("a\0b", 3)));
}

static void text_never_reads_past_its_end(void **state)
{
    (void)state;
    /* The next character would complete it, were it looked at. */
    static const char whole[] = "\xf0\x9f\x98\x80";

    for (size_t size = 1; size < 4; size++) {
        assert_false(sb_bytes_is_text(sb_bytes(whole, size)));
    }
    assert_true(sb_bytes_is_text(sb_bytes(whole, 4)));
}

static void buffer_holds_its_max_and_not_one_more(void **state)
{
    (void)state;
    uint8_t bytes[300];
    struct sb_buf buf;

    memset(bytes, 'x', sizeof bytes);
    sb_buf_init(&buf, 300);
    assert_null(buf.at);
    sb_buf_add(&buf, sb_bytes(bytes, 299));
    sb_buf_add_byte(&buf, 'y');
    assert_false(buf.overflow);
    assert_int_equal(sb_buf_bytes(&buf).size, 300);
    assert_int_equal(buf.at[299], 'y');

    sb_buf_add_byte(&buf, 'z');
    assert_true(buf.overflow);
    assert_int_equal(buf.size, 300);

    sb_buf_clear(&buf);
    assert_false(buf.overflow);
    assert_int_equal(buf.size, 0);
    sb_buf_finish(&buf);
    assert_null(buf.at);
}

static void buffer_adds_nothing_after_an_overflow(void **state)
{
    (void)state;
    struct sb_buf buf;

    sb_buf_init(&buf, 10);
    sb_buf_add(&buf, sb_bytes_str("12345"));
    sb_buf_add(&buf, sb_bytes_str("123456"));
    sb_buf_add(&buf, sb_bytes_str("1")); /* would fit, and would be a lie */
    assert_true(buf.overflow);
    assert_int_equal(buf.size, 5);
    sb_buf_finish(&buf);
}

static void buffer_refuses_sizes_that_wrap(void **state)
{
    (void)state;
    struct sb_buf buf;

    sb_buf_init(&buf, 16);
    sb_buf_add_byte(&buf, 1);
    sb_buf_add(&buf, sb_bytes("", SIZE_MAX));
    assert_true(buf.overflow);
    assert_int_equal(buf.size, 1);
    sb_buf_finish(&buf);
}

static void numbers_are_big_endian(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    uint8_t written[8];

    sb_be64_write(written, UINT64_C(0x0123456789abcdef));
    check_same_bytes(sb_bytes(written, 8), sb_bytes(bytes, 8));
    assert_true(sb_be64_read(bytes) == UINT64_C(0x0123456789abcdef));
}

static void names_have_their_characters_and_limit(void **state)
{
    (void)state;
    char longest[SB_NAME_SIZE_MAX + 1];
    struct sb_name name = {.text = "before"};

    memset(longest, 'a', sizeof longest);
    assert_true(sb_name_read(sb_bytes(longest, SB_NAME_SIZE_MAX), &name));
    assert_int_equal(strlen(name.text), SB_NAME_SIZE_MAX);
    name = sb_name("o:kib_2-a");
    assert_string_equal(name.text, "o:kib_2-a");
    check_same_bytes(sb_name_bytes(&name), sb_bytes_str("o:kib_2-a"));

    assert_false(sb_name_read(sb_bytes(longest, SB_NAME_SIZE_MAX + 1), &name));
    static const char *const bad[] = {"", "A", "å", "a b", "a/b", "a.b", "~a", "a\n"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(sb_name_read(sb_bytes_str(bad[i]), &name));
    }
    assert_false(sb_name_read(sb_bytes("a\0", 2), &name));
    assert_string_equal(name.text, "o:kib_2-a"); /* untouched */

    struct sb_name none = sb_name("");
    assert_false(sb_name_equal(&name, &none));
    assert_int_equal(sb_name_bytes(&none).size, 0);
}

static void name_of_a_bad_literal(void)
{
    sb_name("Not A Name");
}

static void bad_literals_are_our_bug(void **state)
{
    (void)state;
    assert_true(check_aborts(name_of_a_bad_literal));
}

static void hexadecimal_round_trips(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x00, 0x9a, 0xff, 0x0f};
    char text[9];
    uint8_t back[4] = {0};

    sb_hex_write(sb_bytes(bytes, 4), text);
    assert_string_equal(text, "009aff0f");
    assert_true(sb_hex_read(sb_bytes_str("009AfF0f"), back, 4));
    assert_memory_equal(back, bytes, 4);

    static const char *const bad[] = {"",         "009aff0",  "009aff0f0", "009aff0f00",
                                      "009aff0g", "009aff0 ", "0x9aff0f",  "009aff0@",
                                      "009aff0`", "009aff0/", "009aff0:"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(sb_hex_read(sb_bytes_str(bad[i]), back, 4));
    }
    assert_memory_equal(back, bytes, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_as_a_store_orders_keys),
        cmocka_unit_test(text_is_plain_utf8),
        cmocka_unit_test(text_never_reads_past_its_end),
        cmocka_unit_test(buffer_holds_its_max_and_not_one_more),
        cmocka_unit_test(buffer_adds_nothing_after_an_overflow),
        cmocka_unit_test(buffer_refuses_sizes_that_wrap),
        cmocka_unit_test(numbers_are_big_endian),
        cmocka_unit_test(names_have_their_characters_and_limit),
        cmocka_unit_test(bad_literals_are_our_bug),
        cmocka_unit_test(hexadecimal_round_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
