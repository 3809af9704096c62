/* cmd_shared.c: see cmd_shared.h. */
#include "cmd_shared.h"

const struct sb_column sb_made_columns[] = {
    {SB_FIELD_KIND, SB_TEXT_NOTHING, 12},
    {SB_FIELD_ID, SB_TEXT_NOTHING, 8},
    {SB_FIELD_INDEX, SB_TEXT_NOTHING, 6},
    {SB_FIELD_TITLE, SB_TEXT_NOTHING, 10},
    {0},
};

const struct sb_column sb_issued_columns[] = {
    {SB_FIELD_KIND, SB_TEXT_NOTHING, 12},
    {SB_FIELD_ID, SB_TEXT_NOTHING, 8},
    {0},
};

const struct sb_option sb_answer_options[] = {
    {"as", SB_TAKES_TEXT, SB_FIELD_FUNCTION, SB_TEXT_VALUE_FUNCTION, SB_TEXT_OPTION_AS},
    {"seat", SB_TAKES_TEXT, SB_FIELD_SEAT, SB_TEXT_VALUE_SEAT, SB_TEXT_OPTION_SEAT},
    {"person", SB_TAKES_TEXT, SB_FIELD_PERSON, SB_TEXT_VALUE_PERSON, SB_TEXT_OPTION_PERSON},
    SB_OPTION_FOR,
    {0},
};

const struct sb_column sb_answer_columns[] = {
    {SB_FIELD_KIND, SB_TEXT_NOTHING, 10},
    {SB_FIELD_ID, SB_TEXT_NOTHING, 8},
    {SB_FIELD_SEAT, SB_TEXT_NOTHING, 16},
    {SB_FIELD_MANDATE_STATE, SB_TEXT_NOTHING, 10},
    {SB_FIELD_NOTICE, SB_TEXT_NOTHING, 20}, /* late, or about what was recalled */
    {0},
};

const struct sb_operand sb_event_operand[] = {
    {SB_TEXT_VALUE_EVENT, SB_TAKES_EVENT, SB_FIELD_EVENT, true},
    {0},
};

const struct sb_operand sb_agent_operand[] = {
    {SB_TEXT_VALUE_AGENT, SB_TAKES_TEXT, SB_FIELD_AGENT, false},
    {0},
};

const struct sb_column sb_event_columns[] = {
    {SB_FIELD_ID, SB_TEXT_NOTHING, 8},
    {SB_FIELD_ACCEPTED_AT, SB_TEXT_NOTHING, 8},
    {SB_FIELD_REALM, SB_TEXT_NOTHING, 6}, /* an agent has all of them */
    {SB_FIELD_KIND, SB_TEXT_NOTHING, 10},
    {SB_FIELD_FORUM, SB_TEXT_NOTHING, 5},
    {SB_FIELD_ORIGIN, SB_TEXT_NOTHING, 8},
    {SB_FIELD_TITLE, SB_TEXT_NOTHING, 10},
    {0},
};
