/* cmd_operator_list.c: `samband operator list`. */
#include "cmd_shared.h"

static const struct sb_column columns[] = {
    {SB_FIELD_SUBJECT, SB_TEXT_NOTHING, 10}, {SB_FIELD_ROLE, SB_TEXT_NOTHING, 10},
    {SB_FIELD_REALM, SB_TEXT_NOTHING, 6},    {SB_FIELD_VALID_TO, SB_TEXT_NOTHING, 10},
    {SB_FIELD_REVOKED, SB_TEXT_NOTHING, 3},  {0},
};

const struct sb_command sb_cmd_operator_list = {
    .name = "operator list",
    .brief = SB_TEXT_OPERATOR_LIST,
    .verb = SB_VERB_OPERATOR_LIST,
    .columns = columns,
    .run = sb_run_read,
};
