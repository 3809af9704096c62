/* cmd_operator_invite.c: `samband operator invite`: a token with which a person enrols (samband
 * join).
 */
#include "cmd_shared.h"
#include "run.h"

static const struct sb_option options[] = {
    {"role", SB_TAKES_WORD, SB_FIELD_ROLE, SB_TEXT_VALUE_WORD, SB_TEXT_OPTION_ROLE},
    {"realm", SB_TAKES_WORD, SB_FIELD_REALM, SB_TEXT_VALUE_WORD, SB_TEXT_OPTION_REALM},
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_SUBJECT, SB_TAKES_TEXT, SB_FIELD_SUBJECT, false},
    {0},
};

/* Neither has a default: who may do what, and in earnest or not, is said in so many words. */
static int invite_run(struct sb_cli *cli, const struct sb_command *command,
                      const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    sb_arguments_init(&arguments);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    bool whole = sb_record_has(&arguments.record, SB_FIELD_ROLE)
                 && sb_record_has(&arguments.record, SB_FIELD_REALM);
    if (exit == SB_EXIT_DONE && !whole) {
        sb_cli_say_one(cli, SB_TEXT_NEEDS_ROLE, "");
        exit = SB_EXIT_USAGE;
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_send(cli, command, parsed, &arguments, false);
    }
    sb_arguments_finish(&arguments);
    return exit;
}

const struct sb_command sb_cmd_operator_invite = {
    .name = "operator invite",
    .brief = SB_TEXT_OPERATOR_INVITE,
    .detail = SB_TEXT_INVITE_MORE,
    .verb = SB_VERB_OPERATOR_INVITE,
    .options = options,
    .operands = operands,
    .run = invite_run,
};
