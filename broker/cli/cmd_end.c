/* cmd_end.c: `samband end`: ends an activation, named by its id or by its forum. */
#include "cmd_shared.h"

static const struct sb_option options[] = {SB_OPTION_TEXT, SB_OPTION_FILE, {0}};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_EVENT, SB_TAKES_EVENT, SB_FIELD_EVENT, true},
    {SB_TEXT_VALUE_FORUM, SB_TAKES_TEXT, SB_FIELD_FORUM, true},
    {0},
};

const struct sb_command sb_cmd_end = {
    .name = "end",
    .alias = {"avsluta"},
    .brief = SB_TEXT_END,
    .detail = SB_TEXT_END_MORE,
    .verb = SB_VERB_END,
    .asks = SB_ASKS_WORD_AFTER_EVENT,
    .options = options,
    .operands = operands,
    .columns = sb_made_columns,
    .run = sb_run_write,
};
