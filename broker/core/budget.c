/* budget.c: see budget.h. Thousandths, so that a flow of a few bytes a millisecond is not rounded
 * to none. */
#include "budget.h"

#include "samband/limits.h"

#define HOUR_S 3600

static uint64_t less(uint64_t spent, uint64_t elapsed_ms, uint64_t per_second)
{
    const uint64_t free_after_ms = spent / per_second + 1;
    return elapsed_ms >= free_after_ms ? 0 : spent - elapsed_ms * per_second;
}

void sb_budget_pass(struct sb_budget *budget, uint64_t mono_ms)
{
    if (mono_ms <= budget->at_ms) {
        return;
    }
    const uint64_t elapsed_ms = mono_ms - budget->at_ms;
    budget->work_milli = less(budget->work_milli, elapsed_ms, SB_WORK_PER_SECOND);
    budget->kept_milli = less(budget->kept_milli, elapsed_ms, SB_KEPT_BYTES_PER_HOUR / HOUR_S);
    budget->at_ms = mono_ms;
}

bool sb_budget_has_work(const struct sb_budget *budget)
{
    return budget->work_milli < SB_WORK_MAX * 1000ull;
}

bool sb_budget_has_room(const struct sb_budget *budget)
{
    return budget->kept_milli < SB_KEPT_BYTES_MAX * 1000ull;
}

void sb_budget_work(struct sb_budget *budget, unsigned work)
{
    budget->work_milli += work * 1000ull;
    budget->turn_work += work;
}

void sb_budget_keep(struct sb_budget *budget, uint64_t bytes)
{
    budget->kept_milli += bytes * 1000ull;
}
