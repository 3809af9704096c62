/* cmd_report.c: `samband report`: the organisation's own situation report, at its agent. */
#include "cmd_shared.h"
#include "situation.h"

static const struct sb_option options[] = {
    SB_OPTIONS_SECTIONS,
    {"source", SB_TAKES_TEXT, SB_FIELD_SOURCE, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_SOURCE},
    {"next-report", SB_TAKES_NEXT, SB_FIELD_NEXT_REPORT, SB_TEXT_VALUE_TIME,
     SB_TEXT_OPTION_NEXT_REPORT},
    SB_OPTION_FOR,
    {0},
};

const struct sb_command sb_cmd_report = {
    .name = "report",
    .alias = {"rapportera"},
    .brief = SB_TEXT_REPORT,
    .detail = SB_TEXT_PICTURE_MORE,
    .verb = SB_VERB_REPORT,
    .options = options,
    .operands = sb_event_operand,
    .columns = sb_issued_columns,
    .run = sb_situation_run,
};
