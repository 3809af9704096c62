/* commands.h: the one table of verbs: name, aliases, help, what the words of the command line fill,
 * and who runs it. Parser, help and dispatch come from it. One file a verb: cmd_NAME.c. */
#ifndef SAMBAND_CLI_COMMANDS_H
#define SAMBAND_CLI_COMMANDS_H

#include "cli.h"
#include "view/rows.h"

struct sb_command;
typedef int sb_command_run(struct sb_cli *cli, const struct sb_command *command,
                           const struct sb_parsed *parsed);

enum sb_asks_word {
    SB_ASKS_NO_WORD,
    SB_ASKS_WORD_AFTER_PREVIEW, /* shows whom it reaches (verb preview), then asks for the word */
    SB_ASKS_WORD_AFTER_EVENT,   /* shows the event it is about, then asks */
    SB_ASKS_WORD                /* asks */
};

#define SB_ALIASES_MAX 3

struct sb_command {
    const char *name; /* one or two words: "call", "org list" */
    const char *alias[SB_ALIASES_MAX];
    enum sb_text brief, detail;
    enum sb_verb verb; /* what is sent; NOTHING: the verb runs here */
    enum sb_asks_word asks;
    const struct sb_option *options; /* NULL: only the common ones */
    const struct sb_operand *operands;
    const struct sb_column *columns; /* of the reply's rows; NULL: every field, a line each */
    sb_command_run *run;
};

/* X(file's object) in the order of the help. */
/* clang-format off */
#define SB_COMMANDS(X) \
    X(call) \
    X(inform) \
    X(activate) \
    X(end) \
    X(picture) \
    X(correct) \
    X(recall) \
    X(reached) \
    X(note) \
    X(status) \
    X(timeline) \
    X(show) \
    X(events) \
    X(inbox) \
    X(ack) \
    X(answer) \
    X(report) \
    X(mandate_list) \
    X(mandate_declare) \
    X(mandate_withdraw) \
    X(roster_who) \
    X(org_list) \
    X(org_load) \
    X(org_invite) \
    X(org_revoke) \
    X(org_replace) \
    X(forum_list) \
    X(forum_load) \
    X(operator_list) \
    X(operator_invite) \
    X(operator_revoke) \
    X(counters) \
    X(check) \
    X(verify) \
    X(join) \
    X(version)
/* clang-format on */

#define X(name) extern const struct sb_command sb_cmd_##name;
SB_COMMANDS(X)
#undef X

/* Options that every verb has. */
extern const struct sb_option sb_common_options[];

/* NULL past the last. */
const struct sb_command *sb_command_at(unsigned position);
/* The command that `words` begin with, its name or an alias; *ret_used: how many words that took.
 * NULL where there is none. */
const struct sb_command *sb_command_find(const char *const *words, unsigned count,
                                         unsigned *ret_used);

/* Runs for verbs that need nothing of their own (run.c). */
sb_command_run sb_run_read;  /* asks, shows rows by `columns` */
sb_command_run sb_run_write; /* previews, confirms, sends, shows what was made */

#endif
