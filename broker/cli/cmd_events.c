/* cmd_events.c: `samband events`: the log, newest first. */
#include "cmd_shared.h"
#include "run.h"
#include "samband/kinds.h"

#include <string.h>
#include <strings.h>

static const struct sb_option options[] = {
    {"kind", SB_TAKES_RAW, 0, SB_TEXT_VALUE_KIND, SB_TEXT_OPTION_KIND},
    {0},
};

/* Names of kinds stand in the table of kinds, not among the words. */
static const struct sb_kind_row *kind_find(const char *name)
{
    for (unsigned i = 0; sb_kind_at(i) != NULL; i++) {
        const struct sb_kind_row *kind = sb_kind_at(i);
        if (strcasecmp(kind->json, name) == 0 || strcasecmp(kind->sv, name) == 0
            || strcasecmp(kind->en, name) == 0) {
            return kind;
        }
    }
    return NULL;
}

static int events_run(struct sb_cli *cli, const struct sb_command *command,
                      const struct sb_parsed *parsed)
{
    struct sb_record args = {0};
    struct sb_pages pages;
    const char *name = sb_parsed_value(parsed, "kind");
    const struct sb_kind_row *kind = name == NULL ? NULL : kind_find(name);
    if (name != NULL && kind == NULL) {
        sb_cli_say_one(cli, SB_TEXT_KIND_UNKNOWN, name);
        return SB_EXIT_USAGE;
    }
    if (kind != NULL) {
        sb_record_set_number(&args, SB_FIELD_KIND, kind->kind);
    }
    sb_pages_init(&pages);
    int exit = sb_run_ask(cli, command->verb, &args, &pages);
    if (exit == SB_EXIT_DONE) {
        sb_run_band(cli, &pages);
        sb_rows_print(&pages, command->columns, SB_TEXT_EMPTY, &cli->view);
    }
    sb_pages_finish(&pages);
    return exit;
}

const struct sb_command sb_cmd_events = {
    .name = "events",
    .alias = {"händelser", "handelser"},
    .brief = SB_TEXT_EVENTS,
    .verb = SB_VERB_EVENTS,
    .options = options,
    .columns = sb_event_columns,
    .run = events_run,
};
