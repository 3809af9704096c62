/* cmd_mandate_withdraw.c: `samband mandate withdraw`: takes a declared mandate back. */
#include "cmd_shared.h"

static const struct sb_option options[] = {SB_OPTION_FOR, {0}};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_FUNCTION, SB_TAKES_TEXT, SB_FIELD_FUNCTION, false},
    {SB_TEXT_VALUE_LEVEL, SB_TAKES_WORD, SB_FIELD_LEVEL, false},
    {0},
};

const struct sb_command sb_cmd_mandate_withdraw = {
    .name = "mandate withdraw",
    .brief = SB_TEXT_MANDATE_WITHDRAW,
    .verb = SB_VERB_MANDATE_WITHDRAW,
    .options = options,
    .operands = operands,
    .columns = sb_issued_columns,
    .run = sb_run_write,
};
