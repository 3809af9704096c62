/* test_mandate.c: the rule by which both ends judge a mandate, at its limits. */
#include "check.h"
#include "samband/reach.h"

#define FROM 1000
#define TO   2000

static const struct {
    const char *what;
    bool needed;
    struct sb_mandate mandate;
    uint64_t at_ms;
    enum sb_mandate_state state;
} cases[] = {
    {"first moment", true, {FROM, TO, true, false}, FROM, SB_MANDATE_VALID},
    {"just before", true, {FROM, TO, true, false}, FROM - 1, SB_MANDATE_NONE},
    {"last moment", true, {FROM, TO, true, false}, TO, SB_MANDATE_VALID},
    {"just after", true, {FROM, TO, true, false}, TO + 1, SB_MANDATE_ENDED},
    {"withdrawn while valid", true, {FROM, TO, true, true}, FROM, SB_MANDATE_ENDED},
    {"never declared", true, {FROM, TO, false, false}, FROM, SB_MANDATE_UNDECLARED},
    {"withdrawn says nothing undeclared",
     true,
     {FROM, TO, false, true},
     FROM,
     SB_MANDATE_UNDECLARED},
    {"not needed, not declared", false, {0, 0, false, false}, FROM, SB_MANDATE_NOT_NEEDED},
    {"not needed, ended", false, {FROM, TO, true, true}, TO + 1, SB_MANDATE_NOT_NEEDED},
    {"all of time", true, {0, UINT64_MAX, true, false}, UINT64_MAX, SB_MANDATE_VALID},
    {"ends before it begins", true, {TO, FROM, true, false}, TO, SB_MANDATE_ENDED},
};

static void the_rule(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(cases); i++) {
        const enum sb_mandate_state judged =
            sb_mandate_judge(cases[i].needed, &cases[i].mandate, cases[i].at_ms);

        if (judged != cases[i].state) {
            fail_msg("%s: %d", cases[i].what, (int)judged);
        }
    }
}

static void no_row_is_no_mandate(void **state)
{
    (void)state;
    assert_int_equal(sb_mandate_judge(true, NULL, FROM), SB_MANDATE_UNDECLARED);
    assert_int_equal(sb_mandate_judge(false, NULL, FROM), SB_MANDATE_NOT_NEEDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rule),
        cmocka_unit_test(no_row_is_no_mandate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
