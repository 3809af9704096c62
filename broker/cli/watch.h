/* watch.h: the board redrawn every second on the terminal's other screen, until q or Ctrl-C. */
#ifndef SAMBAND_CLI_WATCH_H
#define SAMBAND_CLI_WATCH_H

#include "cli.h"

/* The connection must be open. USAGE where there is no terminal. */
int sb_watch_run(struct sb_cli *cli, struct sb_record *args);

#endif
