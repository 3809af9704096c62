/* cmd_forum_load.c: `samband forum load`: adds and changes forums from a file; refuses the whole
 * file where a line is wrong. */
#include "cmd_shared.h"

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_PATH, SB_TAKES_FILE, SB_FIELD_CSV, false},
    {0},
};

const struct sb_command sb_cmd_forum_load = {
    .name = "forum load",
    .brief = SB_TEXT_FORUM_LOAD,
    .detail = SB_TEXT_FORUM_LOAD_MORE,
    .verb = SB_VERB_FORUM_LOAD,
    .operands = operands,
    .run = sb_run_write,
};
