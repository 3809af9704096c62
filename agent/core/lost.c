/* lost.c: what another row names and the store cannot give any more: counted, logged, and done
 * without. One row of a rotten disk must not silence an organisation's whole agent, which a commit
 * that refuses would. What else hangs on it is decided where it was missed. */
#include "agent.h"

#include <stdio.h>

void sb_agent_lost(struct sb_turn *turn, uint64_t met, const char *what, const char *which)
{
    struct sb_why why = {0};
    char counter[32];

    (void)sb_txn_excuse(turn->txn, met, &why);
    (void)snprintf(counter, sizeof counter, "%s/lost", what);
    sb_txn_count(turn->txn, counter);
    sb_effects_log(turn->effects, SB_LEVEL_ERROR,
                   "store=damaged lost=%s which=%s why=%s remedy=\"samband verify; restore the "
                   "store from a backup\"",
                   what, which,
                   sb_quoted(why.text[0] == '\0' ? "there is no such row" : why.text).text);
}
