/* cmd_version.c: `samband version`. */
#include "commands.h"
#include "samband/frame.h"
#include "view/value.h"

static int version_run(struct sb_cli *cli, const struct sb_command *command,
                       const struct sb_parsed *parsed)
{
    (void)command;
    (void)parsed;
    if (cli->view.form == SB_FORM_JSON) {
        sb_value_json_print(json_pack("{s:s, s:i, s:i}", "version", SB_VERSION, "control",
                                      SB_CONTROL_VERSION, "protocol", SB_PROTOCOL_MAJOR),
                            cli->view.out);
        return SB_EXIT_DONE;
    }
    (void)fprintf(cli->view.out, "samband\t%s\ncontrol\t%d\nprotocol\t%d.%d\n", SB_VERSION,
                  SB_CONTROL_VERSION, SB_PROTOCOL_MAJOR, SB_PROTOCOL_MINOR);
    return SB_EXIT_DONE;
}

const struct sb_command sb_cmd_version = {
    .name = "version",
    .brief = SB_TEXT_VERSION,
    .run = version_run,
};
