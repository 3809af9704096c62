/* arguments.h: the values of the command line as a request's arguments: reads times, words, lists
 * and files, and says in the person's language what cannot be taken. */
#ifndef SAMBAND_CLI_ARGUMENTS_H
#define SAMBAND_CLI_ARGUMENTS_H

#include "cli.h"

#define SB_ARGUMENTS_LISTS 4

struct sb_arguments {
    struct sb_record record; /* borrows from the words and from what is below */
    struct sb_list_writer list[SB_ARGUMENTS_LISTS];
    enum sb_field list_field[SB_ARGUMENTS_LISTS];
    unsigned list_count;
    struct sb_buf file; /* content of the one file that a verb may name */
};

void sb_arguments_init(struct sb_arguments *arguments);
void sb_arguments_finish(struct sb_arguments *arguments);

/* SB_EXIT_DONE, or SB_EXIT_USAGE after having said why. Echoes times that were read ("om 50 min").
 */
int sb_arguments_fill(const struct sb_cli *cli, const struct sb_parsed *parsed,
                      struct sb_arguments *arguments);

/* One more item of a list field. */
void sb_arguments_add(struct sb_arguments *arguments, enum sb_field field, struct sb_bytes item);

/* Reads a text file ("-": standard input) of at most `size_max` bytes into the arguments; carriage
 * returns and a byte order mark are left out. SB_EXIT_DONE or SB_EXIT_USAGE. */
int sb_arguments_file(const struct sb_cli *cli, const char *path, size_t size_max,
                      struct sb_arguments *arguments);

/* One time; SB_EXIT_USAGE after having said what to write instead. */
int sb_arguments_time(const struct sb_cli *cli, const char *text, enum sb_takes takes,
                      uint64_t *ret_ms);

#endif
