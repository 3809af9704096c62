/* roster_file.h: the organisation's roster.yaml into plain values (core/roster.h). */
#ifndef SAMBAND_AGENT_ROSTER_FILE_H
#define SAMBAND_AGENT_ROSTER_FILE_H

#include "roster.h"
#include "samband/err.h"

/* Owned by the caller, free(). NULL and `why` naming the file, and the person or function that is
 * wrong: unknown person in a function, a person twice, a step out of its range, more than limits.h
 * allows. */
struct sb_roster *sb_roster_file_load(const char *path, struct sb_why *why);

#endif
