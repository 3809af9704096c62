/* cmd_org_list.c: `samband org list`: the register, with each organisation's agent. */
#include "cmd_shared.h"

/* The other numbers and the fall-back are in --plain and --json. */
static const struct sb_column columns[] = {
    {SB_FIELD_ORG, SB_TEXT_NOTHING, 10},        {SB_FIELD_NAME, SB_TEXT_NOTHING, 12},
    {SB_FIELD_AGENT, SB_TEXT_NOTHING, 8},       {SB_FIELD_HEARD_AT, SB_TEXT_NOTHING, 8},
    {SB_FIELD_DARK_SINCE, SB_TEXT_NOTHING, 8},  {SB_FIELD_REVOKED, SB_TEXT_NOTHING, 4},
    {SB_FIELD_TIB_NUMBER, SB_TEXT_NOTHING, 11}, {0},
};

const struct sb_command sb_cmd_org_list = {
    .name = "org list",
    .brief = SB_TEXT_ORG_LIST,
    .verb = SB_VERB_ORG_LIST,
    .columns = columns,
    .run = sb_run_read,
};
