/* run.c: see run.h. */
#include "run.h"

#include "confirm.h"
#include "contact.h"
#include "pending.h"
#include "view/board.h"

/* Broker and agent have verbs of their own: say where this one belongs, before asking. */
static int end_check(const struct sb_cli *cli, enum sb_verb verb)
{
    const struct sb_verb_row *row = sb_contact_verb(verb);
    unsigned here = cli->contact.is_agent ? SB_VERB_AT_A : SB_VERB_AT_B;
    if ((row->where & here) != 0) {
        return SB_EXIT_DONE;
    }
    sb_cli_say_one(cli, cli->contact.is_agent ? SB_TEXT_IS_OF_BROKER : SB_TEXT_IS_OF_AGENT,
                   row->text);
    return SB_EXIT_USAGE;
}

int sb_run_ask(struct sb_cli *cli, enum sb_verb verb, struct sb_record *args,
               struct sb_pages *pages)
{
    struct sb_answered answered;
    int exit = cli->contact.loop == NULL ? sb_contact_open(cli) : SB_EXIT_DONE;
    if (exit == SB_EXIT_DONE) {
        exit = end_check(cli, verb);
    }
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    enum sb_asked asked = sb_contact_read(&cli->contact, verb, args, pages, &answered);
    return sb_contact_judge(cli, asked, &answered);
}

void sb_run_band(const struct sb_cli *cli, const struct sb_pages *pages)
{
    const unsigned own = cli->contact.realm;
    sb_board_band(own != 0 ? own : sb_board_realm(pages), &cli->view);
}

int sb_run_read(struct sb_cli *cli, const struct sb_command *command,
                const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    struct sb_pages pages;
    sb_arguments_init(&arguments);
    sb_pages_init(&pages);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_ask(cli, command->verb, &arguments.record, &pages);
    }
    if (exit == SB_EXIT_DONE) {
        sb_run_band(cli, &pages);
        sb_rows_print(&pages, command->columns, SB_TEXT_EMPTY, &cli->view);
    }
    sb_pages_finish(&pages);
    sb_arguments_finish(&arguments);
    return exit;
}

/* What was made: a table, or every field a line each, so that a token is never cut. */
static void made_print(const struct sb_cli *cli, const struct sb_command *command,
                       const struct sb_pages *pages)
{
    struct sb_record row = {0};
    if (command->columns != NULL || cli->view.form == SB_FORM_JSON) {
        if (sb_pages_rows(pages) > 0 || cli->view.form == SB_FORM_JSON) {
            sb_rows_print(pages, command->columns, SB_TEXT_EMPTY, &cli->view);
        }
        return;
    }
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        sb_row_print(&row, &cli->view);
    }
}

int sb_run_send(struct sb_cli *cli, const struct sb_command *command,
                const struct sb_parsed *parsed, struct sb_arguments *arguments, bool picks)
{
    struct sb_pages pages;
    char id[2 * SB_HASH_SIZE + 1];
    int exit = sb_contact_open(cli);
    if (exit == SB_EXIT_DONE) {
        exit = end_check(cli, command->verb);
    }
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    if (picks) {
        exit = sb_confirm_event(cli, command, &arguments->record, id);
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_confirm(cli, command, &arguments->record);
    }
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    sb_pages_init(&pages);
    struct sb_hash what = sb_pending_what(cli, command->verb, &arguments->record, parsed);
    exit = sb_contact_write(cli, command->verb, &arguments->record, &what, &pages);
    if (exit == SB_EXIT_DONE) {
        if (cli->view.form == SB_FORM_TABLE) {
            sb_cli_say_one(cli, SB_TEXT_DONE, command->name);
        }
        if (sb_pages_rows(&pages) > 0) {
            sb_run_band(cli, &pages);
        }
        made_print(cli, command, &pages);
    }
    sb_pages_finish(&pages);
    return exit;
}

/* True where one of the verb's words may name an event. */
static bool takes_event(const struct sb_operand *operands)
{
    for (; operands != NULL && operands->name != SB_TEXT_NOTHING; operands++) {
        if (operands->takes == SB_TAKES_EVENT) {
            return true;
        }
    }
    return false;
}

int sb_run_write(struct sb_cli *cli, const struct sb_command *command,
                 const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    sb_arguments_init(&arguments);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    if (exit == SB_EXIT_DONE) {
        bool picks =
            takes_event(command->operands) && !sb_record_has(&arguments.record, SB_FIELD_FORUM);
        exit = sb_run_send(cli, command, parsed, &arguments, picks);
    }
    sb_arguments_finish(&arguments);
    return exit;
}
