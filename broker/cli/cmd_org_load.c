/* cmd_org_load.c: `samband org load`: adds and changes orgs from a file; refuses the whole file
 * where a line is wrong. */
#include "cmd_shared.h"

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_PATH, SB_TAKES_FILE, SB_FIELD_CSV, false},
    {0},
};

const struct sb_command sb_cmd_org_load = {
    .name = "org load",
    .brief = SB_TEXT_ORG_LOAD,
    .detail = SB_TEXT_ORG_LOAD_MORE,
    .verb = SB_VERB_ORG_LOAD,
    .operands = operands,
    .run = sb_run_write,
};
