/* test_complaint.c: what is told of what a peer does wrong: one of each reason an interval, and how
 * many were not. */
#include "check.h"
#include "samband/complaint.h"

static void one_of_each_reason_an_interval(void **state)
{
    (void)state;
    struct sb_complaints told = {0};
    uint64_t untold = 9;
    assert_true(sb_complaint_due(&told, SB_ERR_TOO_LARGE, 500, &untold));
    assert_int_equal(untold, 0);
    assert_false(sb_complaint_due(&told, SB_ERR_TOO_LARGE, 500, &untold));
    assert_true(sb_complaint_due(&told, SB_ERR_MALFORMED, 501, &untold));
    assert_int_equal(untold, 1);
    assert_false(sb_complaint_due(&told, SB_ERR_MALFORMED, 502, &untold));
    assert_false(sb_complaint_due(&told, SB_ERR_TOO_LARGE, 499 + SB_COMPLAIN_EVERY_MS, &untold));
    assert_true(sb_complaint_due(&told, SB_ERR_TOO_LARGE, 500 + SB_COMPLAIN_EVERY_MS, &untold));
    assert_int_equal(untold, 2);
    assert_true(sb_complaint_due(&told, SB_ERR_MALFORMED, 500 + SB_COMPLAIN_EVERY_MS, &untold));
    assert_int_equal(untold, 0);
}

/* Reasons of a newer peer are numbers like others. */
static void a_reason_past_the_list_is_told(void **state)
{
    (void)state;
    struct sb_complaints told = {0};
    uint64_t untold;
    assert_true(sb_complaint_due(&told, (enum sb_err)255, 0, &untold));
    assert_false(sb_complaint_due(&told, (enum sb_err)255, 0, &untold));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_each_reason_an_interval),
        cmocka_unit_test(a_reason_past_the_list_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
