/* mandate.c: the one rule by which both ends judge a declared mandate: declared by the organisation
 * and valid at the time of the answer, or it counts as none. Who declared it, and which person
 * holds it at home, is not known here. */
#include "samband/reach.h"

#include <stddef.h>

enum mandate_rule {
    RULE_NOT_NEEDED,
    RULE_NOT_DECLARED,
    RULE_WITHDRAWN,
    RULE_NOT_YET,
    RULE_PAST,
    RULE_COUNT
};

/* In order: the first rule that holds gives the state; where none does, the mandate is valid. */
static const enum sb_mandate_state state_of_rule[RULE_COUNT] = {
    [RULE_NOT_NEEDED] = SB_MANDATE_NOT_NEEDED,
    [RULE_NOT_DECLARED] = SB_MANDATE_UNDECLARED,
    [RULE_WITHDRAWN] = SB_MANDATE_ENDED,
    [RULE_NOT_YET] = SB_MANDATE_NONE,
    [RULE_PAST] = SB_MANDATE_ENDED,
};

enum sb_mandate_state sb_mandate_judge(bool needed, const struct sb_mandate *mandate,
                                       uint64_t at_ms)
{
    const bool declared = mandate != NULL && mandate->declared;
    /* valid_to is "till och med": that very millisecond still counts. */
    const bool holds[RULE_COUNT] = {
        [RULE_NOT_NEEDED] = !needed,
        [RULE_NOT_DECLARED] = !declared,
        [RULE_WITHDRAWN] = declared && mandate->withdrawn,
        [RULE_NOT_YET] = declared && at_ms < mandate->valid_from,
        [RULE_PAST] = declared && at_ms > mandate->valid_to,
    };

    for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
        if (holds[rule]) {
            return state_of_rule[rule];
        }
    }
    return SB_MANDATE_VALID;
}
