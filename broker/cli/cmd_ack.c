/* cmd_ack.c: `samband ack`: kvittens, in a function. */
#include "cmd_shared.h"

const struct sb_command sb_cmd_ack = {
    .name = "ack",
    .alias = {"kvittera"},
    .brief = SB_TEXT_ACK,
    .detail = SB_TEXT_ACK_MORE,
    .verb = SB_VERB_ACK,
    .options = sb_answer_options,
    .operands = sb_event_operand,
    .columns = sb_answer_columns,
    .run = sb_run_write,
};
