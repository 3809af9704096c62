/* cmd_ack.c: `samband ack`: kvittens, in a function. */
#include "cmd_shared.h"

static const struct sb_option options[] = {
    {"as", SB_TAKES_TEXT, SB_FIELD_FUNCTION, SB_TEXT_VALUE_FUNCTION, SB_TEXT_OPTION_AS},
    {"seat", SB_TAKES_TEXT, SB_FIELD_SEAT, SB_TEXT_VALUE_SEAT, SB_TEXT_OPTION_SEAT},
    {"person", SB_TAKES_TEXT, SB_FIELD_PERSON, SB_TEXT_VALUE_PERSON, SB_TEXT_OPTION_PERSON},
    SB_OPTION_FOR,
    {0},
};

static const struct sb_column columns[] = {
    {SB_FIELD_KIND, SB_TEXT_NOTHING, 10},
    {SB_FIELD_ID, SB_TEXT_NOTHING, 8},
    {SB_FIELD_SEAT, SB_TEXT_NOTHING, 16},
    {SB_FIELD_MANDATE_STATE, SB_TEXT_NOTHING, 10},
    {SB_FIELD_NOTICE, SB_TEXT_NOTHING, 20}, /* late, or about what was recalled */
    {0},
};

const struct sb_command sb_cmd_ack = {
    .name = "ack",
    .alias = {"kvittera"},
    .brief = SB_TEXT_ACK,
    .detail = SB_TEXT_ACK_MORE,
    .verb = SB_VERB_ACK,
    .options = options,
    .operands = sb_event_operand,
    .columns = columns,
    .run = sb_run_write,
};
