/* mandate.h: the mandates that the organisations here have declared to the centre: rows of MANDATE.
 * Who holds one is the roster's. */
#ifndef SAMBAND_AGENT_MANDATE_H
#define SAMBAND_AGENT_MANDATE_H

#include "alert.h"

struct sb_mandate_name {
    struct sb_name org, function;
    enum sb_forum_level level;
};

void sb_mandate_put(struct sb_turn *turn, const struct sb_mandate_name *name,
                    const struct sb_record *row);
/* False where none was ever declared. Borrowed until the next put. */
bool sb_mandate_find(struct sb_txn *txn, const struct sb_mandate_name *name,
                     struct sb_record *ret_row);
/* Who answers in which function for this alert, at that wall clock: by declaration and roster
 * together. */
enum sb_mandate_state sb_mandate_of(struct sb_turn *turn, const struct sb_alert *alert,
                                    const struct sb_name *person, const struct sb_name *function,
                                    uint64_t at_ms);
/* By declaration alone: of somebody whom the centre reached and the roster does not name. */
enum sb_mandate_state sb_mandate_declared(struct sb_turn *turn, const struct sb_alert *alert,
                                          const struct sb_name *function, uint64_t at_ms);

#endif
