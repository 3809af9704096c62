/* job.h: one attempt as the site's program gets it: a JSON object made from the agent's request.
 * Pure but for memory. */
#ifndef SAMBAND_CHANNEL_JOB_H
#define SAMBAND_CHANNEL_JOB_H

#include "samband/record.h"

struct sb_job {
    char attempt[SB_ATTEMPT_SIZE_MAX + 1]; /* its key; the same again is the same attempt */
    char *json;                            /* owned; one line, ended by '\n' */
    size_t json_size;
};

/* MISSING where the request lacks what every attempt has. On success the caller owns the job. */
enum sb_err sb_job_read(const struct sb_record *args, struct sb_job *ret_job,
                        struct sb_why *why) SB_MUST_CHECK;
void sb_job_finish(struct sb_job *job);

#endif
