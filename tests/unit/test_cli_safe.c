/* test_cli_safe.c: text from outside made fit for a terminal (broker/cli/view/safe.c), and the
 * sentences' places (texts.c). */
#include "unit/check.h"
#include "view/safe.h"
#include "view/texts.h"

#include <string.h>

static void copied(const char *expected, const void *bytes, size_t size, bool lines)
{
    char text[256];
    sb_safe_copy(sb_bytes(bytes, size), lines, text, sizeof text);
    assert_string_equal(text, expected);
}

static void test_terminal_is_not_obeyed(void **state)
{
    (void)state;
    copied("\xEF\xBF\xBD[31mröd", "\033[31mröd", 9, false);
    copied("a\xEF\xBF\xBD", "a\x07", 2, false);
    copied("a\xEF\xBF\xBD"
           "b",
           "a\0b", 3, false);
    copied("\xEF\xBF\xBD"
           "31m",
           "\xC2\x9B"
           "31m",
           5, false);                                     /* CSI in one character */
    copied("\xEF\xBF\xBDmx", "\xE2\x80\xAEmx", 5, false); /* override of direction */
    copied("\xEF\xBF\xBD", "\xE2\x81\xA6", 3, false);     /* isolate */
    copied("a b c", "a\tb\nc", 5, false);
    copied("a b\nc", "a\tb\nc", 5, true);
    copied("a\xEF\xBF\xBD"
           "b",
           "a\rb", 3, true);
}

static void test_broken_utf8(void **state)
{
    (void)state;
    copied("\xEF\xBF\xBD", "\xC3", 1, false);                                 /* cut short */
    copied("\xEF\xBF\xBD\xEF\xBF\xBD", "\xC0\xAF", 2, false);                 /* overlong */
    copied("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "\xED\xA0\x80", 3, false); /* surrogate */
    copied("\xEF\xBF\xBDx", "\xFFx", 2, false);
}

static void test_copy_is_cut_visibly(void **state)
{
    (void)state;
    char text[8];
    sb_safe_copy(sb_bytes_str("åäö"), false, text, sizeof text);
    assert_string_equal(text, "åä…");
    sb_safe_copy(sb_bytes_str("abcd"), false, text, sizeof text);
    assert_string_equal(text, "abcd");
    sb_safe_copy(sb_bytes_str("abcde"), false, text, sizeof text);
    assert_string_equal(text, "abcd…");
}

static void test_width_and_fit(void **state)
{
    (void)state;
    char text[64];
    assert_int_equal(sb_safe_width("Österåker"), 9);
    assert_int_equal(sb_safe_width("e\xCC\x81"), 1);        /* combining accent */
    assert_int_equal(sb_safe_width("\xF0\x9F\x9A\xA8"), 2); /* an emoji */
    sb_safe_fit("Österåkers kommun", 12, text, sizeof text);
    assert_string_equal(text, "Österåkers …");
    sb_safe_fit("Österåker", 9, text, sizeof text);
    assert_string_equal(text, "Österåker");
    sb_safe_fit("Österåker", 8, text, sizeof text);
    assert_string_equal(text, "Österåk…");
    sb_safe_fit("\xF0\x9F\x9A\xA8\xF0\x9F\x9A\xA8", 3, text, sizeof text);
    assert_string_equal(text, "\xF0\x9F\x9A\xA8…");
    sb_safe_fit("abc", 0, text, sizeof text);
    assert_string_equal(text, "");
    sb_safe_upper("ändrad åäöéx", text, sizeof text);
    assert_string_equal(text, "ÄNDRAD ÅÄÖÉX");
}

static void test_language(void **state)
{
    (void)state;
    assert_int_equal(sb_language_choose(NULL, NULL, NULL), SB_LANGUAGE_SV);
    assert_int_equal(sb_language_choose(NULL, NULL, "en_GB.UTF-8"), SB_LANGUAGE_EN);
    assert_int_equal(sb_language_choose("sv_SE", NULL, "en_GB"), SB_LANGUAGE_SV);
    assert_int_equal(sb_language_choose("", "en", "sv_SE"), SB_LANGUAGE_EN);
    assert_int_equal(sb_language_choose("C", NULL, "en_GB"), SB_LANGUAGE_SV);
}

static void test_fill(void **state)
{
    (void)state;
    char text[16];
    const char *const values[] = {"ett", "två"};
    sb_text_fill("{2}-{1}{", values, 2, text, sizeof text);
    assert_string_equal(text, "två-ett{");
    sb_text_fill("{3}{x", values, 2, text, sizeof text);
    assert_string_equal(text, "{3}{x");
    sb_text_fill("{2}{2}{2}{2}", values, 2, text, sizeof text);
    assert_string_equal(text, "tvåtvåtvå…");
    sb_text_fill("123456789012345", values, 0, text, sizeof text);
    assert_string_equal(text, "123456789012345");
    sb_text_fill("1234567890123456", values, 0, text, sizeof text);
    assert_string_equal(text, "123456789012…");
}

/* Both languages have every sentence, with the same places. */
static void test_table_is_whole(void **state)
{
    (void)state;
    for (unsigned i = 1; i < SB_TEXT_COUNT; i++) {
        const char *sv = sb_text(SB_LANGUAGE_SV, i), *en = sb_text(SB_LANGUAGE_EN, i);
        assert_true(sv[0] != '\0' && en[0] != '\0');
        for (int place = '1'; place <= '9'; place++) {
            char mark[] = {'{', (char)place, '}', '\0'};
            assert_int_equal(strstr(sv, mark) != NULL, strstr(en, mark) != NULL);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terminal_is_not_obeyed),
        cmocka_unit_test(test_broken_utf8),
        cmocka_unit_test(test_copy_is_cut_visibly),
        cmocka_unit_test(test_width_and_fit),
        cmocka_unit_test(test_language),
        cmocka_unit_test(test_fill),
        cmocka_unit_test(test_table_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
