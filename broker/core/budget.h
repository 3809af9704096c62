/* budget.h: how much one agent may ask of the broker: work at once and lastingly, and bytes in the
 * store. What is spent is worked off by time. Volatile, pure, knows no agent. (PROTOCOL.md, What an
 * agent may ask) Private to broker/core. */
#ifndef SAMBAND_BROKER_BUDGET_H
#define SAMBAND_BROKER_BUDGET_H

#include "samband/bytes.h"

/* Start with {0}: nothing spent. */
struct sb_budget {
    uint64_t at_ms;      /* mono: worked off up to here */
    uint64_t work_milli; /* spent, in thousandths */
    uint64_t kept_milli; /* bytes spent, in thousandths */
    unsigned turn_work;  /* spent since the turn began, which whoever keeps it sets to 0 */
};

/* Works off what time allows. Before any of the others in a turn. */
void sb_budget_pass(struct sb_budget *budget, uint64_t mono_ms);
/* False where as much is spent as may be: nothing more is done for it now. */
bool sb_budget_has_work(const struct sb_budget *budget);
bool sb_budget_has_room(const struct sb_budget *budget);
/* It was done, whatever was left: one frame may overdraw. `work` as SB_WORK_… counts it. */
void sb_budget_work(struct sb_budget *budget, unsigned work);
void sb_budget_keep(struct sb_budget *budget, uint64_t bytes);

#endif
