/* cmd_recall.c: `samband recall`: takes an event back. Needs the word and nothing more: no reason,
 * no second person. */
#include "cmd_shared.h"

static const struct sb_option options[] = {
    {"reason", SB_TAKES_TEXT, SB_FIELD_REASON, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_REASON},
    {0},
};

const struct sb_command sb_cmd_recall = {
    .name = "recall",
    .alias = {"återkalla", "aterkalla"},
    .brief = SB_TEXT_RECALL,
    .detail = SB_TEXT_RECALL_MORE,
    .verb = SB_VERB_RECALL,
    .asks = SB_ASKS_WORD_AFTER_EVENT,
    .options = options,
    .operands = sb_event_operand,
    .columns = sb_made_columns,
    .run = sb_run_write,
};
