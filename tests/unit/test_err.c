/* test_err.c: the sentence of a refusal: whole, cut, and with hostile bytes in it; names of errors.
 */
#include "check.h"
#include "samband/bytes.h"
#include "samband/err.h"

#include <stdlib.h>
#include <string.h>

static void hands_back_the_error_and_writes_the_sentence(void **state)
{
    (void)state;
    struct sb_why why = {0};

    assert_int_equal(sb_why_set(&why, SB_ERR_VALUE, "%s: %d", "längd", 7), SB_ERR_VALUE);
    assert_string_equal(why.text, "längd: 7");
    assert_int_equal(sb_why_set(NULL, SB_ERR_FULL, "nobody reads"), SB_ERR_FULL);
}

static void cuts_a_long_sentence_between_characters(void **state)
{
    (void)state;
    char longest[SB_WHY_SIZE_MAX + 100];
    struct sb_why why = {0};

    /* One that just fits is whole. */
    memset(longest, 'a', sizeof longest);
    longest[SB_WHY_SIZE_MAX - 1] = '\0';
    (void)sb_why_set(&why, SB_ERR_VALUE, "%s", longest);
    assert_string_equal(why.text, longest);

    /* One byte more is cut; two-byte characters at either parity stay whole. */
    for (size_t lead = 0; lead < 2; lead++) {
        memset(longest, 'a', lead);
        for (size_t i = lead; i + 2 < sizeof longest; i += 2) {
            memcpy(longest + i, "å", 2);
        }
        longest[(sizeof longest - 1 - lead) / 2 * 2 + lead] = '\0';
        (void)sb_why_set(&why, SB_ERR_VALUE, "%s", longest);
        size_t size = strlen(why.text);
        assert_in_range(size, SB_WHY_SIZE_MAX - 3, SB_WHY_SIZE_MAX - 1);
        assert_memory_equal(why.text, longest, size - strlen("…"));
        assert_string_equal(why.text + size - strlen("…"), "…");
    }
}

static void quotes_hostile_bytes_harmlessly(void **state)
{
    (void)state;
    struct sb_why why = {0};

    (void)sb_why_set(&why, SB_ERR_VALUE, "%s", "a\nlevel=error\x1b[2J\x7f");
    assert_string_equal(why.text, "a?level=error?[2J?");
    (void)sb_why_set(&why, SB_ERR_VALUE, "fält %s", "\xff\xfe");
    assert_true(sb_bytes_is_text(sb_bytes_str(why.text)));
    (void)sb_why_set(&why, SB_ERR_VALUE, "%s", "x\xe2\x80\xaey");
    assert_true(sb_bytes_is_text(sb_bytes_str(why.text)));
}

static void knows_names_of_errors(void **state)
{
    (void)state;
    assert_string_equal(sb_err_name(SB_ERR_OK), "ok");
    assert_string_equal(sb_err_name(SB_ERR_NOT_FOUND), "not-found");
    assert_string_equal(sb_err_name(SB_ERR_CORRUPT), "corrupt");
    assert_string_equal(sb_err_name((enum sb_err)26), "?");
    assert_string_equal(sb_err_name((enum sb_err)65535), "?");
}

static void says_it_in_both_languages(void **state)
{
    struct sb_why why = {0};
    char both[SB_WHY_BOTH_SIZE];
    (void)state;
    assert_int_equal(
        sb_why_say(&why, SB_ERR_NOT_FOUND, "%s finns inte (%d)", "there is no %s (%d)", "rsf", 7),
        SB_ERR_NOT_FOUND);
    assert_string_equal(why.sv, "rsf finns inte (7)");
    assert_string_equal(why.text, "there is no rsf (7)");
    sb_why_both(&why, both);
    assert_string_equal(both, "rsf finns inte (7)\nthere is no rsf (7)");
    struct sb_why taken = {0};
    assert_int_equal(sb_why_take(&taken, SB_ERR_NOT_FOUND, sb_bytes_str(both)), SB_ERR_NOT_FOUND);
    assert_string_equal(taken.sv, why.sv);
    assert_string_equal(taken.text, why.text);
    (void)sb_why_take(&taken, SB_ERR_IO, sb_bytes_str("only English"));
    assert_string_equal(taken.sv, "");
    assert_string_equal(taken.text, "only English");
    (void)sb_why_take(&taken, SB_ERR_IO, (struct sb_bytes){0});
    assert_string_equal(taken.text, "");
    /* The sentence before may be quoted in the next. */
    (void)sb_why_say(&why, SB_ERR_VALUE, "rad 2: %s", "line 2: %s", why.text);
    assert_string_equal(why.sv, "rad 2: there is no rsf (7)");
    assert_string_equal(why.text, "line 2: there is no rsf (7)");
    (void)sb_why_set(&why, SB_ERR_IO, "only English");
    assert_string_equal(why.sv, "");
    sb_why_both(&why, both);
    assert_string_equal(both, "only English");
    assert_int_equal(sb_why_say(NULL, SB_ERR_IO, "a", "b"), SB_ERR_IO);
}

static void words_inside_follow_the_language(void **state)
{
    static const struct sb_phrase mark = {"ett kolon", "a colon"};
    struct sb_why inner = {0}, why = {0};
    (void)state;
    (void)sb_why_say(&inner, SB_ERR_VALUE, SB_SV " saknas på rad %d",
                     SB_EN " is missing on line %d", SB_PAIR(mark), 7);
    check_said(&inner, "ett kolon saknas på rad 7", "a colon is missing on line 7");
    (void)sb_why_say(&why, SB_ERR_VALUE, "fil %d: " SB_SV, "file %d: " SB_EN, 3,
                     SB_WHY_PAIR(inner));
    check_said(&why, "fil 3: ett kolon saknas på rad 7", "file 3: a colon is missing on line 7");
    struct sb_why passed = {0};
    assert_int_equal(sb_why_pass(&passed, SB_ERR_VALUE, &why), SB_ERR_VALUE);
    check_said(&passed, why.sv, why.text);
    assert_int_equal(sb_why_pass(NULL, SB_ERR_IO, &why), SB_ERR_IO);
    (void)sb_why_set(&inner, SB_ERR_IO, "only English");
    assert_string_equal(sb_why_sv(&inner), "only English"); /* rather than nothing */
}

/* Also from nothing; what lies there stays, what is new is zero. */
static void an_array_grows(void **state)
{
    (void)state;
    size_t room = 0;
    uint64_t *at = NULL;
    for (uint64_t i = 0; i < 100; i++) {
        at = sb_alloc_more(at, i, &room, sizeof *at);
        assert_true(room > i);
        assert_int_equal(at[i], 0);
        at[i] = i + 1;
    }
    for (uint64_t i = 0; i < 100; i++) {
        assert_int_equal(at[i], i + 1);
    }
    assert_ptr_equal(sb_alloc_more(at, 100, &room, sizeof *at), at);
    free(at);
}

static void cannot_be(void)
{
    SB_ASSERT(1 + 1 == 3);
}

static void our_bugs_end_the_process(void **state)
{
    (void)state;
    SB_ASSERT(1 + 1 == 2);
    assert_true(check_aborts(cannot_be));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_back_the_error_and_writes_the_sentence),
        cmocka_unit_test(cuts_a_long_sentence_between_characters),
        cmocka_unit_test(quotes_hostile_bytes_harmlessly),
        cmocka_unit_test(knows_names_of_errors),
        cmocka_unit_test(says_it_in_both_languages),
        cmocka_unit_test(words_inside_follow_the_language),
        cmocka_unit_test(an_array_grows),
        cmocka_unit_test(our_bugs_end_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
