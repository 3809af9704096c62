/* load.h: what "org-load" and "forum-load" have in common: a file of comma-separated values that is
 * read line by line and taken whole or not at all. Private to broker/core. */
#ifndef SAMBAND_BROKER_LOAD_H
#define SAMBAND_BROKER_LOAD_H

#include "command.h"
#include "csv.h"

/* Takes a line of `count` fields into the file; nothing is stored yet. */
typedef enum sb_err sb_load_line(void *file, const struct sb_csv *csv, struct sb_why *why);
/* All lines of CSV, whose heading must be `headings`. */
enum sb_err sb_load_read(struct sb_command *command, const char *const *headings, unsigned count,
                         sb_load_line *line, void *file) SB_MUST_CHECK;
/* The reply's row: how many were taken. */
void sb_load_tell(struct sb_command *command, uint64_t count);

#endif
