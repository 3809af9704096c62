/* cmd_note.c: `samband note`: a line in the log. */
#include "cmd_shared.h"

static const struct sb_option options[] = {SB_OPTION_EVENT, {0}};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_TEXT, SB_TAKES_TEXT, SB_FIELD_TEXT, false},
    {0},
};

const struct sb_command sb_cmd_note = {
    .name = "note",
    .alias = {"anteckna"},
    .brief = SB_TEXT_NOTE,
    .verb = SB_VERB_NOTE,
    .options = options,
    .operands = operands,
    .columns = sb_issued_columns,
    .run = sb_run_write,
};
