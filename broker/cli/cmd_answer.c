/* cmd_answer.c: `samband answer`: deltagande: yes, at TIME, deputy, no. */
#include "cmd_shared.h"
#include "run.h"
#include "samband/words.h"

#include <string.h>
#include <strings.h>

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_EVENT, SB_TAKES_EVENT, SB_FIELD_EVENT, true},
    {SB_TEXT_VALUE_ANSWER, SB_TAKES_RAW, SB_FIELD_ANSWER, false},
    {SB_TEXT_VALUE_TIME, SB_TAKES_NEXT, SB_FIELD_AT, true},
    {0},
};

/* What people type besides the vocabulary: small letters with dots or without, and short forms. */
static const struct {
    const char *typed;
    enum sb_answer answer;
} also[] = {
    {"ersättare", SB_ANSWER_DEPUTY},
    {"ersattare", SB_ANSWER_DEPUTY},
    {"ers", SB_ANSWER_DEPUTY},
    {"ansluter", SB_ANSWER_AT},
    {"kl", SB_ANSWER_AT},
    {"j", SB_ANSWER_YES},
    {"n", SB_ANSWER_NO},
    {"e", SB_ANSWER_DEPUTY},
};

static enum sb_answer answer_find(const char *typed)
{
    const struct sb_word *word = sb_word_find_text(SB_FIELD_ANSWER, typed);
    if (word != NULL) {
        return (enum sb_answer)word->number;
    }
    for (size_t i = 0; i < sizeof also / sizeof also[0]; i++) {
        if (strcasecmp(also[i].typed, typed) == 0) {
            return also[i].answer;
        }
    }
    return SB_ANSWER_NOTHING;
}

static int answer_run(struct sb_cli *cli, const struct sb_command *command,
                      const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    const char *typed = sb_parsed_field(parsed, SB_FIELD_ANSWER);
    enum sb_answer answer = answer_find(typed);
    if (answer == SB_ANSWER_NOTHING) {
        sb_cli_say_one(cli, SB_TEXT_ANSWER_UNKNOWN, typed);
        return SB_EXIT_USAGE;
    }
    sb_arguments_init(&arguments);
    sb_record_set_number(&arguments.record, SB_FIELD_ANSWER, answer);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    bool at = sb_record_has(&arguments.record, SB_FIELD_AT);
    if (exit == SB_EXIT_DONE && at != (answer == SB_ANSWER_AT)) {
        sb_cli_say_one(cli, at ? SB_TEXT_ANSWER_TIME_ODD : SB_TEXT_ANSWER_NEEDS_TIME, typed);
        exit = SB_EXIT_USAGE;
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_send(cli, command, parsed, &arguments, true);
    }
    sb_arguments_finish(&arguments);
    return exit;
}

const struct sb_command sb_cmd_answer = {
    .name = "answer",
    .alias = {"svara"},
    .brief = SB_TEXT_ANSWER,
    .detail = SB_TEXT_ANSWER_MORE,
    .verb = SB_VERB_ANSWER,
    .options = sb_answer_options,
    .operands = operands,
    .columns = sb_answer_columns,
    .run = answer_run,
};
