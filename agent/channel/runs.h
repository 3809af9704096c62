/* runs.h: the programs of all attempts: a queue, those that run, what they say, how they end. What
 * follows for the agent goes into the outbox; messages and sockets are channel.c's. */
#ifndef SAMBAND_CHANNEL_RUNS_H
#define SAMBAND_CHANNEL_RUNS_H

#include "job.h"
#include "outbox.h"
#include "samband/clock.h"
#include "settings.h"

struct sb_runs;

/* Ends every program (SIGTERM, after 2 s SIGKILL) and takes it away: none outlives us. */
void sb_runs_destroy(struct sb_runs *runs);
/* Borrows both. NULL and `why` where the system has no descriptor left. */
struct sb_runs *sb_runs_new(const struct sb_channel_settings *settings, struct sb_outbox *outbox,
                            struct sb_why *why);
/* Readable when a program has said something or has ended. */
int sb_runs_watch(const struct sb_runs *runs);

/* Takes the job over. One that waits, runs, or whose result is on its way is not added again. */
void sb_runs_add(struct sb_runs *runs, struct sb_job *job);
/* True, once, where attempts were dropped for a full queue and the queue is empty now: the agent is
 * to be asked for them again. */
bool sb_runs_take_starved(struct sb_runs *runs);
/* Once a turn: reads, ends and starts programs. */
void sb_runs_turn(struct sb_runs *runs, struct sb_now now);

#endif
