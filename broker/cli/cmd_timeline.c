/* cmd_timeline.c: `samband timeline`: an incident told event by event. */
#include "cmd_shared.h"
#include "run.h"
#include "view/story.h"

static const struct sb_option options[] = {
    {"org", SB_TAKES_RAW, 0, SB_TEXT_VALUE_ORG, SB_TEXT_OPTION_STORY_ORG},
    {"as-of", SB_TAKES_RAW, 0, SB_TEXT_VALUE_TIME, SB_TEXT_OPTION_AS_OF},
    {0},
};

static int timeline_run(struct sb_cli *cli, const struct sb_command *command,
                        const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    struct sb_pages pages;
    struct sb_story_only only = {.org = sb_parsed_value(parsed, "org")};
    const char *as_of = sb_parsed_value(parsed, "as-of");
    sb_arguments_init(&arguments);
    sb_pages_init(&pages);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    if (exit == SB_EXIT_DONE && as_of != NULL) {
        exit = sb_arguments_time(cli, as_of, SB_TAKES_LAST, &only.until_ms);
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_ask(cli, command->verb, &arguments.record, &pages);
    }
    if (exit == SB_EXIT_DONE) {
        sb_story_print(&pages, &only, &cli->view);
    }
    sb_pages_finish(&pages);
    sb_arguments_finish(&arguments);
    return exit;
}

const struct sb_command sb_cmd_timeline = {
    .name = "timeline",
    .alias = {"tidslinje"},
    .brief = SB_TEXT_TIMELINE,
    .verb = SB_VERB_TIMELINE,
    .options = options,
    .operands = sb_event_operand,
    .columns = sb_event_columns,
    .run = timeline_run,
};
