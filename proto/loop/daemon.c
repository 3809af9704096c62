/* daemon.c: the options that every daemon has, and the last thing that it says. */
#define _DEFAULT_SOURCE /* getopt_long */
#include "samband/daemon.h"

#include <getopt.h>
#include <stdio.h>

#define OPTION_CHECK 256 /* past every character: it has no short form */

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"check-config", no_argument, NULL, OPTION_CHECK},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static bool ends(int *ret_exit, int status)
{
    *ret_exit = status;
    return false;
}

bool sb_daemon_options(const struct sb_daemon *daemon, int argc, char **argv,
                       const char **ret_config, bool *ret_check, int *ret_exit)
{
    int option;
    *ret_config = NULL;
    *ret_check = false;
    while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
        switch (option) {
        case 'c': *ret_config = optarg; break;
        case OPTION_CHECK: *ret_check = true; break;
        case 'h': return ends(ret_exit, sb_daemon_help(daemon, true));
        case 'V':
            (void)printf("%s " SB_VERSION "\n", daemon->name);
            return ends(ret_exit, SB_DAEMON_DONE);
        default: return ends(ret_exit, sb_daemon_help(daemon, false));
        }
    }
    return (*ret_config != NULL && optind == argc) || ends(ret_exit, sb_daemon_help(daemon, false));
}

int sb_daemon_help(const struct sb_daemon *daemon, bool asked)
{
    (void)fputs(daemon->help, asked ? stdout : stderr);
    return asked ? SB_DAEMON_DONE : SB_DAEMON_USAGE;
}

int sb_daemon_end(const struct sb_daemon *daemon, enum sb_err err, const struct sb_why *why)
{
    if (err == SB_ERR_OK) {
        return SB_DAEMON_DONE;
    }
    char both[SB_WHY_BOTH_SIZE];
    sb_why_both(why, both);
    (void)fprintf(stderr, "%s: %s\n", daemon->name, both);
    return err == SB_ERR_CORRUPT ? SB_DAEMON_DAMAGED : SB_DAEMON_REFUSED;
}
