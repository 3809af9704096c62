/* cmd_correct.c: `samband correct`: a correction to all who got the original. */
#include "cmd_shared.h"
#include "run.h"

static const struct sb_option options[] = {
    SB_OPTION_TEXT,
    SB_OPTION_FILE,
    {"title", SB_TAKES_TEXT, SB_FIELD_TITLE, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_TITLE},
    {"at", SB_TAKES_NEXT, SB_FIELD_STARTS, SB_TEXT_VALUE_TIME, SB_TEXT_OPTION_AT},
    {"join", SB_TAKES_LIST, SB_FIELD_JOIN, SB_TEXT_VALUE_WHERE, SB_TEXT_OPTION_JOIN},
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_EVENT, SB_TAKES_EVENT, SB_FIELD_EVENT, true},
    {SB_TEXT_VALUE_TEXT, SB_TAKES_TEXT, SB_FIELD_TEXT, true},
    {0},
};

static int correct_run(struct sb_cli *cli, const struct sb_command *command,
                       const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    sb_arguments_init(&arguments);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    if (exit == SB_EXIT_DONE && !sb_record_has(&arguments.record, SB_FIELD_TEXT)) {
        sb_cli_say_one(cli, SB_TEXT_NEEDS_TEXT, "");
        exit = SB_EXIT_USAGE;
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_send(cli, command, parsed, &arguments, true);
    }
    sb_arguments_finish(&arguments);
    return exit;
}

const struct sb_command sb_cmd_correct = {
    .name = "correct",
    .alias = {"rätta", "ratta"},
    .brief = SB_TEXT_CORRECT,
    .verb = SB_VERB_CORRECT,
    .asks = SB_ASKS_WORD_AFTER_EVENT,
    .options = options,
    .operands = operands,
    .columns = sb_made_columns,
    .run = correct_run,
};
