/* test_cli_options.c: the command line taken apart (broker/cli/view/options.c) and reports as files
 * with headings (sections.c). */
#include "unit/check.h"
#include "view/options.h"
#include "view/sections.h"

#include <string.h>

static const struct sb_option own[] = {
    {"at", SB_TAKES_NEXT, SB_FIELD_STARTS, SB_TEXT_VALUE_TIME, SB_TEXT_OPTION_AT},
    {"join", SB_TAKES_LIST, SB_FIELD_JOIN, SB_TEXT_VALUE_WHERE, SB_TEXT_OPTION_JOIN},
    {0},
};
static const struct sb_option common[] = {
    {"json", SB_TAKES_FLAG, 0, SB_TEXT_NOTHING, SB_TEXT_OPTION_JSON},
    {"help", SB_TAKES_FLAG, 0, SB_TEXT_NOTHING, SB_TEXT_OPTION_HELP},
    {0},
};
/* [EVENT] ANSWER [TIME], as `answer` has it. */
static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_EVENT, SB_TAKES_EVENT, SB_FIELD_EVENT, true},
    {SB_TEXT_VALUE_ANSWER, SB_TAKES_RAW, SB_FIELD_ANSWER, false},
    {SB_TEXT_VALUE_TIME, SB_TAKES_NEXT, SB_FIELD_AT, true},
    {0},
};
/* [FORUM] TITLE, as `inform` has it. */
static const struct sb_operand titled[] = {
    {SB_TEXT_VALUE_FORUM, SB_TAKES_TEXT, SB_FIELD_FORUM, true},
    {SB_TEXT_VALUE_TITLE, SB_TAKES_TEXT, SB_FIELD_TITLE, false},
    {0},
};

static struct sb_usage_problem parse(const char *line, const struct sb_operand *places,
                                     struct sb_parsed *parsed, char *copy)
{
    static const unsigned words_max = 12;
    const char *words[12];
    unsigned count = 0;
    (void)snprintf(copy, 256, "%s", line);
    for (char *at = copy; *at != '\0' && count < words_max;) {
        words[count++] = at;
        at += strcspn(at, " ");
        if (*at == ' ') {
            *at++ = '\0';
        }
    }
    return sb_options_parse(words, count, own, common, places, parsed);
}

static void refused(const char *line, enum sb_usage usage, const char *word)
{
    struct sb_parsed parsed = {0};
    char copy[256];
    struct sb_usage_problem problem = parse(line, operands, &parsed, copy);
    assert_int_equal(problem.usage, usage);
    if (word != NULL) {
        assert_string_equal(problem.word, word);
    }
    assert_null(parsed.given);
}

static void answered(const char *line, const char *event, const char *answer, const char *at)
{
    struct sb_parsed parsed = {0};
    char copy[256];
    assert_int_equal(parse(line, operands, &parsed, copy).usage, SB_USAGE_FINE);
    const char *got[] = {sb_parsed_field(&parsed, SB_FIELD_EVENT),
                         sb_parsed_field(&parsed, SB_FIELD_ANSWER),
                         sb_parsed_field(&parsed, SB_FIELD_AT)};
    const char *expected[] = {event, answer, at};
    for (size_t i = 0; i < COUNT_OF(got); i++) {
        if (expected[i] == NULL) {
            assert_null(got[i]);
        } else {
            assert_string_equal(got[i], expected[i]);
        }
    }
    sb_parsed_finish(&parsed);
}

static void test_operands(void **state)
{
    (void)state;
    answered("yes", NULL, "yes", NULL);
    answered("4f3a yes", "4f3a", "yes", NULL);
    answered("at 03:20", NULL, "at", "03:20");
    answered("4F3A at 03:20", "4F3A", "at", "03:20");
    answered("4f3 yes", NULL, "4f3", "yes"); /* three digits are no event */
    refused("", SB_USAGE_MISSING, NULL);
    refused("4f3a yes 03:20 more", SB_USAGE_TOO_MUCH, "more");

    struct sb_parsed parsed = {0};
    char copy[256];
    assert_int_equal(parse("Vatten", titled, &parsed, copy).usage, SB_USAGE_FINE);
    assert_null(sb_parsed_field(&parsed, SB_FIELD_FORUM));
    assert_string_equal(sb_parsed_field(&parsed, SB_FIELD_TITLE), "Vatten");
    sb_parsed_finish(&parsed);
    assert_int_equal(parse("rsf Vatten", titled, &parsed, copy).usage, SB_USAGE_FINE);
    assert_string_equal(sb_parsed_field(&parsed, SB_FIELD_FORUM), "rsf");
    sb_parsed_finish(&parsed);
}

static void test_options(void **state)
{
    (void)state;
    struct sb_parsed parsed = {0};
    char copy[256];
    struct sb_usage_problem problem =
        parse("--json yes --at=03:00 --join a --join b", operands, &parsed, copy);
    assert_int_equal(problem.usage, SB_USAGE_FINE);
    assert_int_equal(parsed.count, 5);
    assert_string_equal(sb_parsed_value(&parsed, "at"), "03:00");
    assert_string_equal(sb_parsed_value(&parsed, "json"), "json");
    assert_null(sb_parsed_value(&parsed, "help"));
    sb_parsed_finish(&parsed);
    assert_int_equal(parse("-- --at", operands, &parsed, copy).usage, SB_USAGE_FINE);
    assert_string_equal(sb_parsed_field(&parsed, SB_FIELD_ANSWER), "--at");
    sb_parsed_finish(&parsed);
    /* Help needs nothing else to be in place. */
    assert_int_equal(parse("--help", operands, &parsed, copy).usage, SB_USAGE_FINE);
    sb_parsed_finish(&parsed);
    assert_int_equal(parse("-h", operands, &parsed, copy).usage, SB_USAGE_FINE);
    assert_non_null(sb_parsed_value(&parsed, "help"));
    sb_parsed_finish(&parsed);
}

static void test_options_refused(void **state)
{
    (void)state;
    refused("yes --a 03:00", SB_USAGE_UNKNOWN_OPTION, "--a"); /* no abbreviations */
    refused("yes --at", SB_USAGE_NEEDS_VALUE, "--at");
    refused("yes --json=1", SB_USAGE_TAKES_NO_VALUE, "--json=1");
    refused("yes --at 1 --at 2", SB_USAGE_TWICE, "--at");
}

static void test_event_digits(void **state)
{
    (void)state;
    char digits[66];
    memset(digits, 'a', sizeof digits);
    digits[65] = '\0';
    assert_false(sb_options_is_event(digits));
    digits[64] = '\0';
    assert_true(sb_options_is_event(digits));
    assert_true(sb_options_is_event("beef"));
    assert_false(sb_options_is_event("bee"));
    assert_false(sb_options_is_event("rsf1"));
    assert_false(sb_options_is_event(""));
}

static void sectioned(const char *text, enum sb_err err, unsigned line)
{
    struct sb_record record = {0};
    unsigned found = 0;
    assert_int_equal(sb_sections_read(sb_bytes_str(text), &record, &found), err);
    assert_int_equal(found, line);
}

static void test_sections(void **state)
{
    (void)state;
    struct sb_record record = {0};
    unsigned line = 0;
    const char *text = "\n# Händelsen\n\nSnö.\nMer snö.\n\n## bedömning\nLugnt\n#needs\n";
    assert_int_equal(sb_sections_read(sb_bytes_str(text), &record, &line), SB_ERR_OK);
    assert_true(sb_bytes_equal(sb_record_bytes(&record, SB_FIELD_HAPPENED),
                               sb_bytes_str("Snö.\nMer snö.")));
    assert_true(
        sb_bytes_equal(sb_record_bytes(&record, SB_FIELD_ASSESSMENT), sb_bytes_str("Lugnt")));
    sectioned("", SB_ERR_OK, 0);
    sectioned("Snö\n", SB_ERR_VALUE, 1);
    sectioned("# händelsen\nx\n# Väder\n", SB_ERR_VALUE, 3);
    sectioned("# händelsen\nx\n# happened\n", SB_ERR_VALUE, 3);
    sectioned("#", SB_ERR_VALUE, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operands),        cmocka_unit_test(test_options),
        cmocka_unit_test(test_options_refused), cmocka_unit_test(test_event_digits),
        cmocka_unit_test(test_sections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
