/* main.c: samband-channel: runs a site's program for every attempt that the agent beside it makes,
 * so that the agent itself executes nothing foreign. Options and exit codes only. */
#include "channel.h"
#include "samband/daemon.h"

#include <stdio.h>

static const struct sb_daemon daemon = {
    .name = "samband-channel",
    .help =
        "Usage: samband-channel --config FILE [--check-config]\n"
        "\n"
        "Runs the site's program once per attempt: the attempt as JSON on its standard input, exit "
        "0\n"
        "accepted, 75 try again, anything else failed; lines of JSON on its standard output report "
        "what\n"
        "the person did. How to write one: agent/channel/README.md.\n"
        "\n"
        "  -c, --config FILE   what to connect to and what to run (example: "
        "deploy/config/channel.yaml)\n"
        "      --check-config  read FILE, say what is wrong with it, run nothing\n"
        "  -h, --help          this text\n"
        "  -V, --version       the version\n"
        "\n"
        "Exit: 0 stopped as asked or FILE is good, 1 refused (the reason on stderr), 2 usage.\n"};

static int run(const char *path, bool check_only)
{
    struct sb_why why = {0};
    struct sb_channel_settings *settings = sb_channel_settings_load(path, &why);
    enum sb_err err = settings == NULL ? SB_ERR_CONFIG : SB_ERR_OK;
    if (err == SB_ERR_OK && check_only) {
        (void)printf("%s: ok\n", path);
    } else if (err == SB_ERR_OK) {
        err = sb_channel_run(settings, &why);
    }
    sb_channel_settings_free(settings);
    return sb_daemon_end(&daemon, err, &why);
}

int main(int argc, char **argv)
{
    const char *path;
    bool check;
    int exit;
    return sb_daemon_options(&daemon, argc, argv, &path, &check, &exit) ? run(path, check) : exit;
}
