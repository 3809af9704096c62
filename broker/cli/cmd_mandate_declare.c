/* cmd_mandate_declare.c: `samband mandate declare`: the organisation declares a function's mandate.
 */
#include "cmd_shared.h"
#include "run.h"

static const struct sb_option options[] = {
    {"basis", SB_TAKES_TEXT, SB_FIELD_BASIS, SB_TEXT_VALUE_TEXT, SB_TEXT_OPTION_BASIS},
    {"until", SB_TAKES_UNTIL, SB_FIELD_VALID_TO, SB_TEXT_VALUE_DATE, SB_TEXT_OPTION_UNTIL},
    {"from", SB_TAKES_NEXT, SB_FIELD_VALID_FROM, SB_TEXT_VALUE_DATE, SB_TEXT_OPTION_FROM},
    SB_OPTION_FOR,
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_FUNCTION, SB_TAKES_TEXT, SB_FIELD_FUNCTION, false},
    {SB_TEXT_VALUE_LEVEL, SB_TAKES_WORD, SB_FIELD_LEVEL, false},
    {0},
};

static int declare_run(struct sb_cli *cli, const struct sb_command *command,
                       const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    sb_arguments_init(&arguments);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    bool whole = sb_record_has(&arguments.record, SB_FIELD_BASIS)
                 && sb_record_has(&arguments.record, SB_FIELD_VALID_TO);
    if (exit == SB_EXIT_DONE && !whole) {
        sb_cli_say_one(cli, SB_TEXT_NEEDS_BASIS, "");
        exit = SB_EXIT_USAGE;
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_send(cli, command, parsed, &arguments, false);
    }
    sb_arguments_finish(&arguments);
    return exit;
}

const struct sb_command sb_cmd_mandate_declare = {
    .name = "mandate declare",
    .brief = SB_TEXT_MANDATE_DECLARE,
    .detail = SB_TEXT_MANDATE_DECLARE_MORE,
    .verb = SB_VERB_MANDATE_DECLARE,
    .options = options,
    .operands = operands,
    .columns = sb_issued_columns,
    .run = declare_run,
};
