/* cmd_org_replace.c: `samband org replace`. */
#include "cmd_shared.h"

const struct sb_command sb_cmd_org_replace = {
    .name = "org replace",
    .brief = SB_TEXT_ORG_REPLACE,
    .detail = SB_TEXT_ORG_REPLACE_MORE,
    .verb = SB_VERB_ORG_REPLACE,
    .asks = SB_ASKS_WORD,
    .operands = sb_agent_operand,
    .run = sb_run_write,
};
