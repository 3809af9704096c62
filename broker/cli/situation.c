/* situation.c: see situation.h. */
#include "situation.h"

#include "run.h"
#include "view/sections.h"

static const enum sb_field sections[] = {SB_FIELD_HAPPENED,   SB_FIELD_CONSEQUENCES,
                                         SB_FIELD_MEASURES,   SB_FIELD_NEEDS,
                                         SB_FIELD_ASSESSMENT, SB_FIELD_MESSAGE};

/* All sections together may be larger than one field. */
static int file_fill(const struct sb_cli *cli, const char *path, struct sb_arguments *arguments)
{
    unsigned line = 0;
    char number[16];
    sb_buf_finish(&arguments->file);
    sb_buf_init(&arguments->file, SB_ORDER_SIZE_MAX);
    int exit = sb_arguments_file(cli, path, SB_ORDER_SIZE_MAX, arguments);
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    if (sb_sections_read(sb_buf_bytes(&arguments->file), &arguments->record, &line) == SB_ERR_OK) {
        return SB_EXIT_DONE;
    }
    (void)snprintf(number, sizeof number, "%u", line);
    const char *const values[] = {path, number};
    sb_cli_say(cli, SB_TEXT_SECTION_UNKNOWN, values, 2);
    return SB_EXIT_USAGE;
}

int sb_situation_run(struct sb_cli *cli, const struct sb_command *command,
                     const struct sb_parsed *parsed)
{
    struct sb_arguments arguments;
    const char *path = sb_parsed_value(parsed, "file");
    bool any = false;
    sb_arguments_init(&arguments);
    int exit = sb_arguments_fill(cli, parsed, &arguments);
    if (exit == SB_EXIT_DONE && path != NULL) {
        exit = file_fill(cli, path, &arguments);
    }
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        any = any || sb_record_has(&arguments.record, sections[i]);
    }
    if (exit == SB_EXIT_DONE && !any) {
        sb_cli_say_one(cli, SB_TEXT_NEEDS_SECTION, command->name);
        exit = SB_EXIT_USAGE;
    }
    if (exit == SB_EXIT_DONE) {
        exit = sb_run_send(cli, command, parsed, &arguments, false);
    }
    sb_arguments_finish(&arguments);
    return exit;
}
