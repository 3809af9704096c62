/* child.h: one run of the site's program: started without a shell in a process group of its own,
 * with a clean environment, its standard input one line of JSON; its output read without waiting;
 * ended by its own group. What its lines mean is said.h's, what follows from them channel.c's. */
#ifndef SAMBAND_CHANNEL_CHILD_H
#define SAMBAND_CHANNEL_CHILD_H

#include "job.h"
#include "samband/clock.h"

#include <sys/types.h>

#define SB_CHILD_LINE_MAX      4096 /* bytes of one line of its output, without the end */
#define SB_CHILD_LINE_TEXT     "4096"
#define SB_CHILD_COMPLAINT_MAX 200 /* of its last line on standard error */

struct sb_child {
    struct sb_job job;             /* owned */
    pid_t pid;                     /* 0 once it was taken away */
    int out, err, gone;            /* read ends, and a descriptor of the process; -1 where closed */
    uint64_t started_ms, ended_ms; /* mono; ended: when it was asked to end, 0 where not */
    bool accepted;                 /* it said so early, or ended well */
    bool result_told;              /* the agent is told, or being told */
    unsigned facts;                /* lines that became facts */
    unsigned refused;              /* lines that were refused */
    char in[SB_CHILD_LINE_MAX + 1]; /* read and not handed out; a line with its end */
    size_t in_size, in_used;        /* used: of the line that was handed out last */
    bool skipping;                  /* the rest of a line that was too long */
    char complaint[SB_CHILD_COMPLAINT_MAX + 1];
    size_t complaint_size;
    bool complaint_ended; /* the next byte begins another line */
};

void sb_child_destroy(struct sb_child *child); /* closes; the process must be gone */

/* Takes the job over on success. `watch` is an epoll descriptor that its pipes are added to. NULL
 * and `why` where no process could be made. */
struct sb_child *sb_child_start(struct sb_job *job, char *const *command, int watch,
                                uint64_t now_ms, struct sb_why *why);

/* The next whole line of its output, without waiting; good until the next call. False where there
 * is none, or where a line was too long (*ret_too_long): its rest is skipped, the next call goes
 * on. */
bool sb_child_next_line(struct sb_child *child, struct sb_bytes *ret_line, bool *ret_too_long);
/* Reads what stands on standard error, keeps the last line that is not empty. */
void sb_child_listen(struct sb_child *child);
/* The last line of standard error as text that may go to the agent; "" where there was none. */
const char *sb_child_complaint(struct sb_child *child);

/* True once the process has ended. It stays a zombie, so that its group's number is not given to
 * another, until sb_child_take. */
bool sb_child_has_ended(const struct sb_child *child);
/* Ends what is left of its group, takes the process away, hands back its status as of waitpid. */
int sb_child_take(struct sb_child *child);
/* SIGTERM at first, SIGKILL where that was asked before. */
void sb_child_end(struct sb_child *child, uint64_t now_ms);

#endif
