/* main.c: samband-channel: runs a site's program for every attempt that the agent beside it makes,
 * so that the agent itself executes nothing foreign. Options and exit codes only. */
#include "channel.h"
#include "samband/loop.h"

#include <getopt.h>
#include <stdio.h>

static const char usage[] =
    "Usage: samband-channel --config FILE [--check-config]\n"
    "\n"
    "Runs the site's program once per attempt: the attempt as JSON on its standard input, exit 0\n"
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
    "Exit: 0 stopped as asked or FILE is good, 1 refused (the reason on stderr), 2 usage.\n";

#define OPTION_CHECK 256 /* past every character: it has no short form */

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"check-config", no_argument, NULL, OPTION_CHECK},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

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
    return sb_daemon_end("samband-channel", err, &why);
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    bool check_only = false;
    int option;
    while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
        switch (option) {
        case 'c': path = optarg; break;
        case OPTION_CHECK: check_only = true; break;
        case 'h': (void)fputs(usage, stdout); return SB_DAEMON_DONE;
        case 'V': (void)puts("samband-channel " SB_VERSION); return SB_DAEMON_DONE;
        default: (void)fputs(usage, stderr); return SB_DAEMON_USAGE;
        }
    }
    if (path == NULL || optind != argc) {
        (void)fputs(usage, stderr);
        return SB_DAEMON_USAGE;
    }
    return run(path, check_only);
}
