/* cmd_inbox.c: `samband inbox`: what has come to this agent. */
#include "cmd_shared.h"

static const struct sb_column columns[] = {
    {SB_FIELD_ID, SB_TEXT_NOTHING, 8},       {SB_FIELD_ACCEPTED_AT, SB_TEXT_NOTHING, 8},
    {SB_FIELD_REALM, SB_TEXT_NOTHING, 6},    {SB_FIELD_KIND, SB_TEXT_NOTHING, 8},
    {SB_FIELD_TITLE, SB_TEXT_NOTHING, 10},   {SB_FIELD_STATE, SB_TEXT_NOTHING, 8},
    {SB_FIELD_ACKED_AT, SB_TEXT_NOTHING, 8}, {SB_FIELD_ANSWER, SB_TEXT_NOTHING, 4},
    {SB_FIELD_RECALLED, SB_TEXT_NOTHING, 3}, {0},
};

const struct sb_command sb_cmd_inbox = {
    .name = "inbox",
    .alias = {"inkorg"},
    .brief = SB_TEXT_INBOX,
    .verb = SB_VERB_INBOX,
    .columns = columns,
    .run = sb_run_read,
};
