/* cmd_counters.c: `samband counters`: what was counted since the store was made. */
#include "cmd_shared.h"

static const struct sb_column columns[] = {
    {SB_FIELD_COUNTER, SB_TEXT_NOTHING, 12},
    {SB_FIELD_NUMBER, SB_TEXT_NOTHING, 8},
    {0},
};

const struct sb_command sb_cmd_counters = {
    .name = "counters",
    .alias = {"räknare", "raknare"},
    .brief = SB_TEXT_COUNTERS,
    .verb = SB_VERB_COUNTERS,
    .columns = columns,
    .run = sb_run_read,
};
