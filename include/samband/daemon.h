/* daemon.h: what the main() of every daemon has in common: its options, and how it ends. What is
 * done in between is the daemon's own. Shell side: writes to stdout and stderr. */
#ifndef SAMBAND_DAEMON_H
#define SAMBAND_DAEMON_H

#include "samband/err.h"

/* How a daemon ends. DAMAGED: its store cannot be believed, and must be restored before it is
 * started again (a supervisor should not do that by itself); REFUSED: anything else that the
 * sentence tells. */
enum {
    SB_DAEMON_DONE,
    SB_DAEMON_REFUSED,
    SB_DAEMON_USAGE,
    SB_DAEMON_DAMAGED
};

struct sb_daemon {
    const char *name;
    const char *help; /* the whole of --help */
};

/* Reads --config FILE [--check-config], --help and --version. True: run with `*ret_config`, or only
 * check it. False: all is said, end with `*ret_exit`. */
bool sb_daemon_options(const struct sb_daemon *daemon, int argc, char **argv,
                       const char **ret_config, bool *ret_check, int *ret_exit);
/* How to call it: where somebody `asked` on stdout, and DONE, else on stderr, and USAGE. */
int sb_daemon_help(const struct sb_daemon *daemon, bool asked);
/* The last thing that a daemon says: the sentence in both languages on stderr, behind its name.
 * Hands back the exit status: DONE where there was no error. */
int sb_daemon_end(const struct sb_daemon *daemon, enum sb_err err, const struct sb_why *why);

#endif
