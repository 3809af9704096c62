/* cmd_inform.c: `samband inform`: information without a meeting; acknowledgement asked. */
#include "cmd_shared.h"
#include "run.h"

static const struct sb_option options[] = {
    {"to", SB_TAKES_COMMAS, SB_FIELD_TO, SB_TEXT_VALUE_TO, SB_TEXT_OPTION_TO},
    SB_OPTION_TEXT,
    SB_OPTION_FILE,
    SB_OPTION_ANSWER_BY,
    SB_OPTION_EVENT,
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_FORUM, SB_TAKES_TEXT, SB_FIELD_FORUM, true},
    {SB_TEXT_VALUE_TITLE, SB_TAKES_TEXT, SB_FIELD_TITLE, false},
    {0},
};

/* A forum named without --to is whom it goes to. */
static int inform_run(struct sb_cli *cli, const struct sb_command *command,
                      const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    sb_arguments_init(&arguments);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    bool to = sb_record_has(&arguments.record, SB_FIELD_TO);
    if (exit == SB_EXIT_DONE && !to && sb_record_has(&arguments.record, SB_FIELD_FORUM)) {
        sb_arguments_add(&arguments, SB_FIELD_TO,
                         sb_record_bytes(&arguments.record, SB_FIELD_FORUM));
        to = true;
    }
    bool text = sb_record_has(&arguments.record, SB_FIELD_TEXT);
    if (exit == SB_EXIT_DONE && (!to || !text)) {
        sb_cli_say_one(cli, to ? SB_TEXT_NEEDS_TEXT : SB_TEXT_NEEDS_TO, "");
        exit = SB_EXIT_USAGE;
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_send(cli, command, parsed, &arguments, false);
    }
    sb_arguments_finish(&arguments);
    return exit;
}

const struct sb_command sb_cmd_inform = {
    .name = "inform",
    .alias = {"informera"},
    .brief = SB_TEXT_INFORM,
    .detail = SB_TEXT_INFORM_MORE,
    .verb = SB_VERB_INFORM,
    .asks = SB_ASKS_WORD_AFTER_PREVIEW,
    .options = options,
    .operands = operands,
    .columns = sb_made_columns,
    .run = inform_run,
};
