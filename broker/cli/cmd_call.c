/* cmd_call.c: `samband call`: incident, activation and convening as one alert. */
#include "cmd_shared.h"

static const struct sb_option options[] = {
    {"at", SB_TAKES_NEXT, SB_FIELD_STARTS, SB_TEXT_VALUE_TIME, SB_TEXT_OPTION_AT},
    {"length", SB_TAKES_NUMBER, SB_FIELD_LENGTH, SB_TEXT_VALUE_MINUTES, SB_TEXT_OPTION_LENGTH},
    {"join", SB_TAKES_LIST, SB_FIELD_JOIN, SB_TEXT_VALUE_WHERE, SB_TEXT_OPTION_JOIN},
    {"agenda", SB_TAKES_TEXT, SB_FIELD_AGENDA, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_AGENDA},
    SB_OPTION_TEXT,
    SB_OPTION_FILE,
    SB_OPTION_ANSWER_BY,
    {"secrecy", SB_TAKES_WORD, SB_FIELD_SECRECY, SB_TEXT_VALUE_WORD, SB_TEXT_OPTION_SECRECY},
    SB_OPTION_EVENT,
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_FORUM, SB_TAKES_TEXT, SB_FIELD_FORUM, false},
    {SB_TEXT_VALUE_TITLE, SB_TAKES_TEXT, SB_FIELD_TITLE, false},
    {0},
};

const struct sb_command sb_cmd_call = {
    .name = "call",
    .alias = {"kalla"},
    .brief = SB_TEXT_CALL,
    .detail = SB_TEXT_CALL_MORE,
    .verb = SB_VERB_CALL,
    .asks = SB_ASKS_WORD_AFTER_PREVIEW,
    .options = options,
    .operands = operands,
    .columns = sb_made_columns,
    .run = sb_run_write,
};
