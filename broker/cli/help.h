/* help.h: what --help prints, made from the table of verbs. */
#ifndef SAMBAND_CLI_HELP_H
#define SAMBAND_CLI_HELP_H

#include "commands.h"

void sb_help_all(const struct sb_cli *cli);
void sb_help_one(const struct sb_cli *cli, const struct sb_command *command);
/* "samband reached [HÄNDELSE] PLATS --via …": one line. */
void sb_help_usage(const struct sb_cli *cli, const struct sb_command *command, FILE *out);

#endif
