/* cmd_org_revoke.c: `samband org revoke`. */
#include "cmd_shared.h"

const struct sb_command sb_cmd_org_revoke = {
    .name = "org revoke",
    .brief = SB_TEXT_ORG_REVOKE,
    .detail = SB_TEXT_ORG_REVOKE_MORE,
    .verb = SB_VERB_ORG_REVOKE,
    .asks = SB_ASKS_WORD,
    .operands = sb_agent_operand,
    .run = sb_run_write,
};
