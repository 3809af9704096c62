/* test_budget.c: what one agent may ask: at its limit, one past it, and what time gives back. */
#include "budget.h"
#include "check.h"
#include "samband/limits.h"

static void work_is_spent_and_worked_off(void **state)
{
    (void)state;
    struct sb_budget budget = {0};
    sb_budget_pass(&budget, 1000000);
    sb_budget_work(&budget, SB_WORK_MAX - 1);
    assert_true(sb_budget_has_work(&budget));
    sb_budget_work(&budget, 1);
    assert_false(sb_budget_has_work(&budget));
    sb_budget_pass(&budget, 1000000); /* no time has passed */
    assert_false(sb_budget_has_work(&budget));
    sb_budget_pass(&budget, 999999); /* nor does it run back */
    assert_false(sb_budget_has_work(&budget));
    sb_budget_pass(&budget, 1001000);
    sb_budget_work(&budget, SB_WORK_PER_SECOND - 1);
    assert_true(sb_budget_has_work(&budget));
    sb_budget_work(&budget, 1);
    assert_false(sb_budget_has_work(&budget));
}

/* A millisecond at a time gives back as much as all at once: nothing is rounded away. */
static void small_steps_add_up(void **state)
{
    (void)state;
    struct sb_budget budget = {0};
    sb_budget_pass(&budget, 1);
    sb_budget_work(&budget, SB_WORK_MAX + SB_WORK_PER_SECOND);
    sb_budget_keep(&budget, SB_KEPT_BYTES_MAX);
    for (uint64_t ms = 2; ms <= 1001; ms++) {
        assert_false(sb_budget_has_work(&budget));
        sb_budget_pass(&budget, ms);
    }
    assert_false(sb_budget_has_work(&budget)); /* exactly spent */
    assert_true(sb_budget_has_room(&budget));
    sb_budget_keep(&budget, SB_KEPT_BYTES_PER_HOUR / 3600 - 1);
    assert_true(sb_budget_has_room(&budget));
    sb_budget_keep(&budget, 1);
    assert_false(sb_budget_has_room(&budget));
}

/* Long silence gives back all and no more; a clock at its end overflows nothing. */
static void never_more_than_nothing_spent(void **state)
{
    (void)state;
    struct sb_budget budget = {0};
    sb_budget_work(&budget, SB_WORK_MAX);
    sb_budget_keep(&budget, SB_KEPT_BYTES_MAX);
    sb_budget_pass(&budget, UINT64_MAX);
    assert_int_equal(budget.work_milli, 0);
    assert_int_equal(budget.kept_milli, 0);
    assert_int_equal(budget.turn_work, SB_WORK_MAX); /* a turn is not time */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_spent_and_worked_off),
        cmocka_unit_test(small_steps_add_up),
        cmocka_unit_test(never_more_than_nothing_spent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
