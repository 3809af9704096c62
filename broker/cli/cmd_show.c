/* cmd_show.c: `samband show`: one event with all its fields. */
#include "cmd_shared.h"
#include "confirm.h"
#include "contact.h"
#include "run.h"

static int show_run(struct sb_cli *cli, const struct sb_command *command,
                    const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    struct sb_pages pages;
    struct sb_record row = {0};
    char id[2 * SB_HASH_SIZE + 1];
    sb_arguments_init(&arguments);
    sb_pages_init(&pages);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    if (exit == SB_EXIT_DONE) {
        exit = sb_contact_open(cli);
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_confirm_event(cli, command, &arguments.record, id);
    }
    if (exit == SB_EXIT_DONE && !sb_record_has(&arguments.record, SB_FIELD_EVENT)) {
        sb_cli_say_one(cli, SB_TEXT_USAGE_MISSING, sb_view_text(&cli->view, SB_TEXT_VALUE_EVENT));
        exit = SB_EXIT_USAGE;
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_ask(cli, command->verb, &arguments.record, &pages);
    }
    if (exit == SB_EXIT_DONE && cli->view.form == SB_FORM_JSON) {
        sb_rows_print(&pages, command->columns, SB_TEXT_EMPTY, &cli->view);
    } else if (exit == SB_EXIT_DONE) {
        struct sb_pages_reader reader = sb_pages_read(&pages);
        sb_run_band(cli, &pages);
        while (sb_pages_next(&reader, &row)) {
            sb_row_print(&row, &cli->view);
        }
    }
    sb_pages_finish(&pages);
    sb_arguments_finish(&arguments);
    return exit;
}

const struct sb_command sb_cmd_show = {
    .name = "show",
    .alias = {"visa"},
    .brief = SB_TEXT_SHOW,
    .verb = SB_VERB_SHOW,
    .operands = sb_event_operand,
    .columns = sb_event_columns,
    .run = show_run,
};
