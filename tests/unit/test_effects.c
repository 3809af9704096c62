/* test_effects.c: the list keeps order and its own copies; a line stays one line. */
#include "check.h"
#include "samband/effects.h"

#include <string.h>

static void keeps_order_and_copies(void **state)
{
    (void)state;
    struct sb_effects effects;
    char bytes[] = "frame";

    sb_effects_init(&effects);
    for (uint64_t i = 0; i < 1000; i++) {
        sb_effects_add(&effects, SB_EFFECT_SEND, i, sb_bytes_str(bytes));
    }
    memset(bytes, 'x', sizeof bytes - 1);
    assert_int_equal(effects.count, 1000);
    for (uint64_t i = 0; i < 1000; i++) {
        assert_true(effects.at[i].to == i);
        assert_int_equal(effects.at[i].kind, SB_EFFECT_SEND);
        check_same_bytes(effects.at[i].bytes, sb_bytes_str("frame"));
    }
    sb_effects_clear(&effects);
    assert_int_equal(effects.count, 0);
    sb_effects_add(&effects, SB_EFFECT_REBUILD, 0, sb_bytes(NULL, 0));
    assert_int_equal(effects.count, 1);
    assert_int_equal(effects.at[0].bytes.size, 0);
    sb_effects_finish(&effects);
    sb_effects_finish(&effects); /* nothing left is no error */
}

static void formats_lines_of_any_length(void **state)
{
    (void)state;
    struct sb_effects effects;
    char longest[5001];

    memset(longest, 'a', 5000);
    longest[5000] = '\0';
    sb_effects_init(&effects);
    sb_effects_log(&effects, SB_LEVEL_WARNING, "peer=%s n=%d", "taby-1", 3);
    sb_effects_trace(&effects, "%s", longest);
    assert_int_equal(effects.at[0].kind, SB_EFFECT_LOG);
    assert_int_equal(effects.at[0].level, SB_LEVEL_WARNING);
    check_same_bytes(effects.at[0].bytes, sb_bytes_str("peer=taby-1 n=3"));
    assert_int_equal(effects.at[1].kind, SB_EFFECT_TRACE);
    check_same_bytes(effects.at[1].bytes, sb_bytes_str(longest));
    sb_effects_finish(&effects);
}

static void a_quoted_text_cannot_begin_a_line(void **state)
{
    (void)state;
    struct sb_effects effects;

    sb_effects_init(&effects);
    sb_effects_log(&effects, SB_LEVEL_INFO, "title=%s", "a\nlevel=error all=lost\r\x1b[2J å");
    check_same_bytes(effects.at[0].bytes, sb_bytes_str("title=a?level=error all=lost??[2J å"));
    sb_effects_finish(&effects);
}

/* What a key's value is, read as logfmt readers do. Hands back where it ends. */
static const char *value_read(const char *at, char *value)
{
    assert_int_equal(*at++, '"');
    while (*at != '"') {
        at += *at == '\\' ? 1 : 0;
        assert_int_not_equal(*at, '\0');
        *value++ = *at++;
    }
    *value = '\0';
    return at + 1;
}

static void a_quoted_text_ends_where_the_line_says(void **state)
{
    (void)state;
    static const struct {
        const char *text, *quoted;
    } rows[] = {
        {"", "\"\""},
        {"plain åäö", "\"plain åäö\""},
        {"no \"call\" here", "\"no \\\"call\\\" here\""},
        {"a\\", "\"a\\\\\""},
        {"\" level=error why=\"", "\"\\\" level=error why=\\\"\""},
        {"two\nlines\x1b", "\"two lines \""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(sb_quoted(rows[i].text).text, rows[i].quoted);
    }
}

/* However long it is: whole characters, a mark that there was more, and the end. */
static void a_long_text_is_cut_and_closed(void **state)
{
    (void)state;
    static const char *const parts[] = {"a", "\"", "\\", "å", "€", "𝄞"};
    char text[4 * SB_QUOTED_SIZE];
    char value[SB_QUOTED_SIZE];
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (size_t before = 0; before < 4; before++) {
            size_t size = before;
            memset(text, 'x', before);
            while (size + 5 < sizeof text) {
                memcpy(text + size, parts[i], strlen(parts[i]));
                size += strlen(parts[i]);
            }
            text[size] = '\0';
            struct sb_quoted quoted = sb_quoted(text);
            assert_true(sb_bytes_is_text(sb_bytes_str(quoted.text)));
            assert_int_equal(*value_read(quoted.text, value), '\0');
            assert_true(strlen(quoted.text) > SB_QUOTED_SIZE - 12);
            size_t shown = strlen(value) - strlen("…");
            assert_string_equal(value + shown, "…");
            assert_memory_equal(value, text, shown);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order_and_copies),
        cmocka_unit_test(formats_lines_of_any_length),
        cmocka_unit_test(a_quoted_text_cannot_begin_a_line),
        cmocka_unit_test(a_quoted_text_ends_where_the_line_says),
        cmocka_unit_test(a_long_text_is_cut_and_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
