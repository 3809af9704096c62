/* cmd_forum_list.c: `samband forum list`. */
#include "cmd_shared.h"

static const struct sb_column columns[] = {
    {SB_FIELD_FORUM, SB_TEXT_NOTHING, 6},
    {SB_FIELD_NAME, SB_TEXT_NOTHING, 12},
    {SB_FIELD_LEVEL, SB_TEXT_NOTHING, 10},
    {SB_FIELD_MODE, SB_TEXT_NOTHING, 10},
    {SB_FIELD_NUMBER, SB_TEXT_NOTHING, 5},
    {SB_FIELD_SEAT_RULES, SB_TEXT_NOTHING, 10},
    {0},
};

const struct sb_command sb_cmd_forum_list = {
    .name = "forum list",
    .brief = SB_TEXT_FORUM_LIST,
    .verb = SB_VERB_FORUM_LIST,
    .columns = columns,
    .run = sb_run_read,
};
