/* cmd_mandate_list.c: `samband mandate list`: which mandates organisations have declared. */
#include "cmd_shared.h"

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_ORG, SB_TAKES_TEXT, SB_FIELD_ORG, true},
    {0},
};

static const struct sb_column columns[] = {
    {SB_FIELD_ORG, SB_TEXT_NOTHING, 10},        {SB_FIELD_FUNCTION, SB_TEXT_NOTHING, 8},
    {SB_FIELD_LEVEL, SB_TEXT_NOTHING, 8},       {SB_FIELD_MANDATE_STATE, SB_TEXT_NOTHING, 10},
    {SB_FIELD_VALID_TO, SB_TEXT_NOTHING, 10},   {SB_FIELD_BASIS, SB_TEXT_NOTHING, 8},
    {SB_FIELD_VALID_FROM, SB_TEXT_NOTHING, 10}, {0},
};

const struct sb_command sb_cmd_mandate_list = {
    .name = "mandate list",
    .alias = {"mandat"},
    .brief = SB_TEXT_MANDATE_LIST,
    .verb = SB_VERB_MANDATE_LIST,
    .operands = operands,
    .columns = columns,
    .run = sb_run_read,
};
