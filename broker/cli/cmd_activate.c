/* cmd_activate.c: `samband activate`: activates a forum, without a meeting. */
#include "cmd_shared.h"

static const struct sb_option options[] = {
    {"reason", SB_TAKES_TEXT, SB_FIELD_REASON, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_REASON},
    SB_OPTION_ANSWER_BY,
    SB_OPTION_EVENT,
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_FORUM, SB_TAKES_TEXT, SB_FIELD_FORUM, false},
    {SB_TEXT_VALUE_TITLE, SB_TAKES_TEXT, SB_FIELD_TITLE, true},
    {0},
};

const struct sb_command sb_cmd_activate = {
    .name = "activate",
    .alias = {"aktivera"},
    .brief = SB_TEXT_ACTIVATE,
    .verb = SB_VERB_ACTIVATE,
    .asks = SB_ASKS_WORD_AFTER_PREVIEW,
    .options = options,
    .operands = operands,
    .columns = sb_made_columns,
    .run = sb_run_write,
};
