/* cmd_picture.c: `samband picture publish`: a new version of the common situation picture. */
#include "cmd_shared.h"
#include "situation.h"

static const struct sb_option options[] = {
    SB_OPTIONS_SECTIONS,
    {"message", SB_TAKES_TEXT, SB_FIELD_MESSAGE, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_MESSAGE},
    {"title", SB_TAKES_TEXT, SB_FIELD_TITLE, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_TITLE},
    {"forum", SB_TAKES_TEXT, SB_FIELD_FORUM, SB_TEXT_VALUE_FORUM, SB_TEXT_OPTION_FORUM},
    {"source", SB_TAKES_LIST, SB_FIELD_SOURCES, SB_TEXT_VALUE_WHERE, SB_TEXT_OPTION_SOURCES},
    {0},
};

const struct sb_command sb_cmd_picture = {
    .name = "picture publish",
    .alias = {"picture", "lägesbild", "lagesbild"},
    .brief = SB_TEXT_PICTURE,
    .detail = SB_TEXT_PICTURE_MORE,
    .verb = SB_VERB_PICTURE,
    .asks = SB_ASKS_WORD_AFTER_PREVIEW,
    .options = options,
    .operands = sb_event_operand,
    .columns = sb_made_columns,
    .run = sb_situation_run,
};
