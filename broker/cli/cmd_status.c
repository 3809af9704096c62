/* cmd_status.c: `samband status`: the board of one event, once or every second. */
#include "contact.h"
#include "run.h"
#include "view/board.h"
#include "watch.h"

static const struct sb_option options[] = {
    {"watch", SB_TAKES_FLAG, 0, SB_TEXT_NOTHING, SB_TEXT_OPTION_WATCH},
    {"org", SB_TAKES_TEXT, SB_FIELD_ORG, SB_TEXT_VALUE_ORG, SB_TEXT_OPTION_BOARD_ORG},
    {0},
};

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_EVENT, SB_TAKES_EVENT, SB_FIELD_EVENT, true},
    {0},
};

/* A filter that leaves nobody must not read as "nobody to reach". */
static int called_check(const struct sb_cli *cli, const struct sb_parsed *parsed,
                        const struct sb_pages *pages)
{
    const char *org = sb_parsed_value(parsed, "org");
    struct sb_board_counts counts;
    sb_board_count(pages, &counts);
    if (org == NULL || counts.orgs > 0) {
        return SB_EXIT_DONE;
    }
    sb_cli_say_one(cli, SB_TEXT_ORG_NOT_CALLED, org);
    return SB_EXIT_REFUSED;
}

static int status_run(struct sb_cli *cli, const struct sb_command *command,
                      const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    struct sb_pages pages;
    sb_arguments_init(&arguments);
    sb_pages_init(&pages);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    if (exit == SB_EXIT_DONE && sb_parsed_value(parsed, "watch") != NULL) {
        exit = sb_contact_open(cli);
        if (exit == SB_EXIT_DONE) {
            exit = sb_watch_run(cli, &arguments.record);
        }
    } else if (exit == SB_EXIT_DONE) {
        exit = sb_run_ask(cli, command->verb, &arguments.record, &pages);
        if (exit == SB_EXIT_DONE) {
            sb_board_print(&pages, &cli->view);
            exit = called_check(cli, parsed, &pages);
        }
    }
    sb_pages_finish(&pages);
    sb_arguments_finish(&arguments);
    return exit;
}

const struct sb_command sb_cmd_status = {
    .name = "status",
    .alias = {"läge", "lage"},
    .brief = SB_TEXT_STATUS,
    .detail = SB_TEXT_STATUS_MORE,
    .verb = SB_VERB_STATUS,
    .options = options,
    .operands = operands,
    .run = status_run,
};
