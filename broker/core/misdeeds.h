/* misdeeds.h: what an agent did that no agent should: per agent and kind of it one row with how
 * often, since when and the last sentence, for the board. It punishes nobody; what is refused is
 * decided elsewhere. Private to broker/core. */
#ifndef SAMBAND_BROKER_MISDEEDS_H
#define SAMBAND_BROKER_MISDEEDS_H

#include "command.h"
#include "samband/words.h"

/* META "misdeed/AGENT/KIND", a record: AGENT MISDEED NUMBER SINCE LATEST_AT WHY. Counted anew where
 * the last one is older than SB_MISDEED_SHOWN_MS. `times`: of this kind, since it was last noted.
 * (PROTOCOL.md, What an agent may ask) */
void sb_misdeed_note(struct sb_broker_turn *turn, const struct sb_name *agent,
                     enum sb_misdeed misdeed, uint64_t times, const struct sb_why *why);
/* An administrator has dealt with it: it joined anew, or another store takes over. */
void sb_misdeeds_forget(struct sb_txn *txn, const struct sb_name *agent);

/* One row of the board for each that is not forgotten, by agent, from the `from`th on. Returns how
 * many of them stand in the reply now, counted from the first; *ret_full where not all did fit. */
uint64_t sb_misdeeds_rows(struct sb_command *command, uint64_t from, bool *ret_full);

#endif
