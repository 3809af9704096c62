/* cmd_reached.c: `samband reached`: a person who was reached outside the system. */
#include "cmd_shared.h"

static const struct sb_option options[] = {
    {"via", SB_TAKES_TEXT, SB_FIELD_VIA, SB_TEXT_VALUE_VIA, SB_TEXT_OPTION_VIA},
    {"code", SB_TAKES_TEXT, SB_FIELD_CODE, SB_TEXT_VALUE_CODE, SB_TEXT_OPTION_CODE},
    {"as", SB_TAKES_TEXT, SB_FIELD_FUNCTION, SB_TEXT_VALUE_FUNCTION, SB_TEXT_OPTION_AS},
    {"mandate", SB_TAKES_FLAG, SB_FIELD_HOLDS_MANDATE, SB_TEXT_NOTHING, SB_TEXT_OPTION_MANDATE},
    {"answer", SB_TAKES_WORD, SB_FIELD_ANSWER, SB_TEXT_VALUE_WORD, SB_TEXT_OPTION_ANSWER},
    {"at", SB_TAKES_NEXT, SB_FIELD_AT, SB_TEXT_VALUE_TIME, SB_TEXT_OPTION_JOINS_AT},
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_EVENT, SB_TAKES_EVENT, SB_FIELD_EVENT, true},
    {SB_TEXT_VALUE_SEAT, SB_TAKES_TEXT, SB_FIELD_SEAT, false},
    {0},
};

const struct sb_command sb_cmd_reached = {
    .name = "reached",
    .alias = {"nådd", "nadd"},
    .brief = SB_TEXT_REACHED,
    .detail = SB_TEXT_REACHED_MORE,
    .verb = SB_VERB_REACHED,
    .options = options,
    .operands = operands,
    .columns = sb_made_columns,
    .run = sb_run_write,
};
