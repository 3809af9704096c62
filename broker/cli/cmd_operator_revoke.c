/* cmd_operator_revoke.c: `samband operator revoke`. */
#include "cmd_shared.h"

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_SUBJECT, SB_TAKES_TEXT, SB_FIELD_SUBJECT, false},
    {0},
};

const struct sb_command sb_cmd_operator_revoke = {
    .name = "operator revoke",
    .brief = SB_TEXT_OPERATOR_REVOKE,
    .verb = SB_VERB_OPERATOR_REVOKE,
    .asks = SB_ASKS_WORD,
    .operands = operands,
    .run = sb_run_write,
};
