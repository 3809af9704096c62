/* cmd_roster_who.c: `samband roster who`: who is tried for a function now, in order. */
#include "cmd_shared.h"

static const struct sb_option options[] = {SB_OPTION_FOR, {0}};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_FUNCTION, SB_TAKES_TEXT, SB_FIELD_FUNCTION, false},
    {0},
};

static const struct sb_column columns[] = {
    {SB_FIELD_PERSON, SB_TEXT_NOTHING, 8},
    {SB_FIELD_NAME, SB_TEXT_NOTHING, 10},
    {SB_FIELD_CHANNEL, SB_TEXT_NOTHING, 6},
    {0},
};

const struct sb_command sb_cmd_roster_who = {
    .name = "roster who",
    .alias = {"vem"},
    .brief = SB_TEXT_ROSTER_WHO,
    .verb = SB_VERB_WHO,
    .options = options,
    .operands = operands,
    .columns = columns,
    .run = sb_run_read,
};
