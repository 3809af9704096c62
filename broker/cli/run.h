/* run.h: the two ways in which verbs run: read and show, or confirm and write. Verbs with something
 * of their own use the parts. */
#ifndef SAMBAND_CLI_RUN_H
#define SAMBAND_CLI_RUN_H

#include "arguments.h"
#include "commands.h"

/* Opens the connection where it is not open, asks, and hands back all rows; says why not. `pages`
 * must be empty. */
int sb_run_ask(struct sb_cli *cli, enum sb_verb verb, struct sb_record *args,
               struct sb_pages *pages);

/* The band of the realm that one works in; at an agent, of the one that all rows are of: no
 * exercise screen may look live. */
void sb_run_band(const struct sb_cli *cli, const struct sb_pages *pages);

/* Finds the event where none is named (`picks`), confirms, sends, shows what was made. */
int sb_run_send(struct sb_cli *cli, const struct sb_command *command,
                const struct sb_parsed *parsed, struct sb_arguments *arguments, bool picks);

#endif
