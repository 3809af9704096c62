/* confirm.h: what stands between a command and its effect: the preview, the realm's word, and the
 * choice of an event where none was named. Everything here is said on standard error. */
#ifndef SAMBAND_CLI_CONFIRM_H
#define SAMBAND_CLI_CONFIRM_H

#include "commands.h"

/* Shows what the command will do and asks for the realm's word (--yes in scripts). SB_EXIT_DONE: go
 * on; REFUSED where another word was given; USAGE where nobody can be asked. */
int sb_confirm(struct sb_cli *cli, const struct sb_command *command, struct sb_record *args);

/* Where the arguments name no event and somebody can be asked: offers the latest by number and
 * fills EVENT (`ret_id` holds the digits). Leaves it to the other end (its newest) otherwise. */
int sb_confirm_event(struct sb_cli *cli, const struct sb_command *command, struct sb_record *args,
                     char ret_id[2 * SB_HASH_SIZE + 1]);

/* A line from standard input without its end; false at end of input. Ctrl-C ends the process here:
 * nothing has been sent. */
bool sb_confirm_line(char *line, size_t size);

#endif
