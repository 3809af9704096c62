/* cmd_org_invite.c: `samband org invite`: a token with which an organisation's agent enrols. */
#include "cmd_shared.h"

static const struct sb_option options[] = {
    {"agent", SB_TAKES_TEXT, SB_FIELD_AGENT, SB_TEXT_VALUE_AGENT, SB_TEXT_OPTION_AGENT},
    {"serves", SB_TAKES_COMMAS, SB_FIELD_ORGS, SB_TEXT_VALUE_ORGS, SB_TEXT_OPTION_SERVES},
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_ORG, SB_TAKES_TEXT, SB_FIELD_ORG, false},
    {0},
};

const struct sb_command sb_cmd_org_invite = {
    .name = "org invite",
    .brief = SB_TEXT_ORG_INVITE,
    .detail = SB_TEXT_INVITE_MORE,
    .verb = SB_VERB_ORG_INVITE,
    .options = options,
    .operands = operands,
    .run = sb_run_write,
};
