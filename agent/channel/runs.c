/* runs.c: one turn of all programs: those that have said something or have ended, then what may
 * start. Programs that have accepted may live on to report answers, so they do not count among
 * those that run at once. */
#include "runs.h"

#include "child.h"
#include "said.h"
#include "samband/loop.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define QUEUE_MAX    256 /* attempts that wait; what did not fit is asked for again */
#define CHILDREN_MAX 256 /* programs alive: one per person of the largest roster */
#define FACTS_MAX    16  /* of one program; more is a program in a loop */
#define REFUSED_MAX  16  /* lines of one program that are logged; the rest is only dropped */
#define LINES_A_TURN 64  /* of one program, before the others get their turn */
#define LAST_ROUNDS                                                                                \
    1200                   /* turns' worth of lines that a full pipe can hold, at two bytes a line \
                            */
#define KILL_AFTER_MS 2000 /* between SIGTERM and SIGKILL */
#define STOP_LOOK_MS  20   /* between two looks while stopping */
#define EX_RETRY      75   /* sysexits.h: EX_TEMPFAIL */

static_assert(CHILDREN_MAX >= SB_PEOPLE_MAX, "everyone of a roster can be rung at the same time");
static_assert(SB_OUTBOX_COUNT_MAX >= (QUEUE_MAX + CHILDREN_MAX) * (FACTS_MAX + 1),
              "the outbox holds what the programs of one outage of the agent can say");

struct sb_runs {
    const struct sb_channel_settings *settings;
    char *command[SB_COMMAND_WORDS_MAX + 1];
    struct sb_outbox *outbox;
    int watch; /* epoll over all pipes: the loop watches this one descriptor */
    struct sb_job queue[QUEUE_MAX];
    unsigned queue_first, queue_count;
    bool dropped;                         /* attempts that did not fit the queue */
    struct sb_child *child[CHILDREN_MAX]; /* in the order of starting */
    unsigned child_count;
    struct sb_now now; /* of this turn */
};

static void tell(struct sb_runs *runs, const char *verb, const struct sb_record *args)
{
    if (!sb_outbox_add(runs->outbox, verb, args)) {
        sb_log_line(SB_LEVEL_ERROR, "outbox-full verb=%s remedy=\"is the agent running?\"", verb);
    }
}

static void tell_result(struct sb_runs *runs, const char *attempt, enum sb_result result,
                        const char *why)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_ATTEMPT, attempt);
    sb_record_set_number(&args, SB_FIELD_RESULT, result);
    if (why[0] != '\0') {
        sb_record_set_text(&args, SB_FIELD_WHY, why);
    }
    tell(runs, "result", &args);
    const struct sb_word *word = sb_word_find(SB_FIELD_RESULT, result);
    sb_log_line(result == SB_RESULT_ACCEPTED ? SB_LEVEL_INFO : SB_LEVEL_WARNING,
                "attempt-%s attempt=%s why=%s", word->json, attempt, sb_quoted(why).text);
}

static void child_tell(struct sb_runs *runs, struct sb_child *child, enum sb_result result,
                       const char *why)
{
    if (!child->result_told) {
        child->result_told = true;
        child->accepted = result == SB_RESULT_ACCEPTED;
        tell_result(runs, child->job.attempt, result, why);
    }
}

/* A program in a loop must not fill the log either. */
static void line_refused(struct sb_child *child, const char *why)
{
    if (child->refused++ < REFUSED_MAX) {
        sb_log_line(SB_LEVEL_WARNING, "line-refused attempt=%s why=%s%s", child->job.attempt,
                    sb_quoted(why).text,
                    child->refused == REFUSED_MAX ? " more=\"not logged\"" : "");
    }
}

static void on_said(struct sb_runs *runs, struct sb_child *child, struct sb_bytes line)
{
    struct sb_why why = {0};
    struct sb_said said;
    if (sb_said_read(line, &said, &why) != SB_ERR_OK) {
        line_refused(child, why.text);
        return;
    }
    if (said.kind == SB_SAID_ACCEPTED) {
        child_tell(runs, child, SB_RESULT_ACCEPTED, "");
        return;
    }
    if (child->facts >= FACTS_MAX) {
        if (child->facts++ == FACTS_MAX) {
            sb_log_line(SB_LEVEL_WARNING,
                        "facts-refused attempt=%s why=\"more than %d of one run\"",
                        child->job.attempt, FACTS_MAX);
        }
        return;
    }
    child->facts++;
    struct sb_record args = {0};
    sb_said_write(&said, child->job.attempt, runs->now.wall_ms, &args);
    tell(runs, "fact", &args);
}

/* False where it has said all that stands there now; else the rest waits for the next turn. */
static bool child_read(struct sb_runs *runs, struct sb_child *child)
{
    struct sb_bytes line;
    bool too_long;
    for (unsigned lines = 0; lines < LINES_A_TURN; lines++) {
        if (sb_child_next_line(child, &line, &too_long)) {
            on_said(runs, child, line);
        } else if (too_long) {
            line_refused(child, "longer than " SB_CHILD_LINE_TEXT " bytes");
        } else {
            return false;
        }
    }
    return true;
}

static void child_finish(struct sb_runs *runs, struct sb_child *child, int status)
{
    bool exited = WIFEXITED(status);
    if (exited && WEXITSTATUS(status) == 0) {
        child_tell(runs, child, SB_RESULT_ACCEPTED, "");
        return;
    }
    char why[SB_CHILD_COMPLAINT_MAX + 64];
    const char *complaint = sb_child_complaint(child);
    (void)snprintf(why, sizeof why, "%s %d%s%s", exited ? "exit status" : "ended by signal",
                   exited ? WEXITSTATUS(status) : WTERMSIG(status),
                   complaint[0] == '\0' ? "" : ": ", complaint);
    if (child->result_told) {
        sb_log_line(SB_LEVEL_INFO, "program-ended attempt=%s why=%s", child->job.attempt,
                    sb_quoted(why).text);
        return;
    }
    bool retry = exited && WEXITSTATUS(status) == EX_RETRY;
    child_tell(runs, child, retry ? SB_RESULT_RETRY : SB_RESULT_FAILED, why);
}

/* Its time for the result, then for later answers; then SIGTERM, then SIGKILL. */
static void child_watch_time(struct sb_runs *runs, struct sb_child *child)
{
    uint64_t now = runs->now.mono_ms;
    if (child->ended_ms != 0) {
        if (now >= child->ended_ms + KILL_AFTER_MS) {
            sb_child_end(child, now);
        }
        return;
    }
    uint64_t lived_ms = now - child->started_ms;
    uint64_t limit_ms = runs->settings->time_limit_seconds * 1000;
    uint64_t window_ms = runs->settings->answer_window_seconds * 1000;
    if (!child->result_told && lived_ms >= limit_ms) {
        char why[80];
        (void)snprintf(why, sizeof why, "no result within %" PRIu64 " s", limit_ms / 1000);
        child_tell(runs, child, SB_RESULT_FAILED, why);
        sb_child_end(child, now);
    } else if (lived_ms >= limit_ms + window_ms) {
        sb_child_end(child, now);
    }
}

/* False where it is gone. */
static bool child_turn(struct sb_runs *runs, struct sb_child *child)
{
    if (!sb_child_has_ended(child)) {
        (void)child_read(runs, child);
        sb_child_listen(child);
        child_watch_time(runs, child);
        return true;
    }
    int status = sb_child_take(child);
    /* What a pipe can hold is read; a descendant that fled its group and goes on writing is not
     * listened to. */
    for (unsigned rounds = 0; rounds < LAST_ROUNDS && child_read(runs, child); rounds++) {
        /* once more */
    }
    sb_child_listen(child);
    child_finish(runs, child, status);
    sb_child_destroy(child);
    return false;
}

static void children_turn(struct sb_runs *runs)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < runs->child_count; i++) {
        struct sb_child *child = runs->child[i];
        if (child_turn(runs, child)) {
            runs->child[kept++] = child;
        }
    }
    runs->child_count = kept;
}

/* True where another may start now. */
static bool room_make(struct sb_runs *runs)
{
    unsigned busy = 0;
    struct sb_child *oldest_accepted = NULL;
    for (unsigned i = 0; i < runs->child_count; i++) {
        struct sb_child *child = runs->child[i];
        if (!child->accepted) {
            busy++;
        } else if (oldest_accepted == NULL) {
            oldest_accepted = child;
        }
    }
    if (busy >= runs->settings->attempts_at_once) {
        return false;
    }
    if (runs->child_count < CHILDREN_MAX) {
        return true;
    }
    /* A new alarm goes before an old one's late answers. */
    if (oldest_accepted != NULL && oldest_accepted->ended_ms == 0) {
        sb_log_line(SB_LEVEL_WARNING, "program-ended attempt=%s why=\"%d others live\"",
                    oldest_accepted->job.attempt, CHILDREN_MAX - 1);
        sb_child_end(oldest_accepted, runs->now.mono_ms);
    }
    return false;
}

static void queue_start(struct sb_runs *runs)
{
    while (runs->queue_count > 0 && room_make(runs)) {
        struct sb_job job = runs->queue[runs->queue_first];
        runs->queue_first = (runs->queue_first + 1) % QUEUE_MAX;
        runs->queue_count--;
        struct sb_why why = {0};
        struct sb_child *child =
            sb_child_start(&job, runs->command, runs->watch, runs->now.mono_ms, &why);
        if (child == NULL) {
            /* No memory or no process to be had may pass; a program that is missing may be put
             * back: the agent tries again, a bounded number of times. */
            tell_result(runs, job.attempt, SB_RESULT_RETRY, why.text);
            sb_job_finish(&job);
        } else {
            runs->child[runs->child_count++] = child;
        }
    }
}

/* True where the attempt is known here: it waits, runs, or its result is on its way. */
static bool attempt_is_known(struct sb_runs *runs, const char *attempt)
{
    for (unsigned i = 0; i < runs->queue_count; i++) {
        unsigned at = (runs->queue_first + i) % QUEUE_MAX;
        if (strcmp(runs->queue[at].attempt, attempt) == 0) {
            return true;
        }
    }
    if (sb_outbox_has_result(runs->outbox, attempt)) {
        return true;
    }
    for (unsigned i = 0; i < runs->child_count; i++) {
        struct sb_child *child = runs->child[i];
        if (strcmp(child->job.attempt, attempt) != 0) {
            continue;
        }
        if (child->accepted) { /* the agent had the result and lost it: it lives, so tell again */
            tell_result(runs, attempt, SB_RESULT_ACCEPTED, "");
        }
        return true;
    }
    return false;
}

void sb_runs_add(struct sb_runs *runs, struct sb_job *job)
{
    if (!attempt_is_known(runs, job->attempt)) {
        if (runs->queue_count < QUEUE_MAX) {
            runs->queue[(runs->queue_first + runs->queue_count++) % QUEUE_MAX] = *job;
            *job = (struct sb_job){0};
        } else {
            sb_log_line(SB_LEVEL_ERROR, "queue-full attempt=%s remedy=\"raise attempts-at-once\"",
                        job->attempt);
            runs->dropped = true;
        }
    }
    sb_job_finish(job);
}

bool sb_runs_take_starved(struct sb_runs *runs)
{
    bool starved = runs->dropped && runs->queue_count == 0;
    runs->dropped = runs->dropped && !starved;
    return starved;
}

void sb_runs_turn(struct sb_runs *runs, struct sb_now now)
{
    runs->now = now;
    children_turn(runs);
    queue_start(runs);
}

/* Every program is asked to end, given a moment, ended, and taken away: none outlives us. */
static void children_stop(struct sb_runs *runs)
{
    for (unsigned i = 0; i < runs->child_count; i++) {
        sb_child_end(runs->child[i], runs->now.mono_ms);
    }
    unsigned waits = KILL_AFTER_MS / STOP_LOOK_MS;
    for (unsigned i = 0; i < runs->child_count; i++) {
        struct sb_child *child = runs->child[i];
        while (!sb_child_has_ended(child) && waits > 0) {
            (void)poll(NULL, 0, STOP_LOOK_MS);
            waits--;
        }
        (void)sb_child_take(child); /* kills first */
        sb_child_destroy(child);
    }
    runs->child_count = 0;
}

void sb_runs_destroy(struct sb_runs *runs)
{
    if (runs == NULL) {
        return;
    }
    children_stop(runs);
    while (runs->queue_count > 0) {
        sb_job_finish(&runs->queue[(runs->queue_first + --runs->queue_count) % QUEUE_MAX]);
    }
    (void)close(runs->watch);
    free(runs);
}

struct sb_runs *sb_runs_new(const struct sb_channel_settings *settings, struct sb_outbox *outbox,
                            struct sb_why *why)
{
    int watch = epoll_create1(EPOLL_CLOEXEC);
    if (watch < 0) {
        (void)sb_why_say(why, SB_ERR_IO, "ingen epoll-deskriptor; är för många filer öppna?",
                         "no epoll descriptor; are too many files open?");
        return NULL;
    }
    struct sb_runs *runs = sb_alloc(1, sizeof *runs);
    runs->settings = settings;
    runs->outbox = outbox;
    runs->watch = watch;
    memcpy(runs->command, settings->command, settings->command_count * sizeof *runs->command);
    return runs;
}

int sb_runs_watch(const struct sb_runs *runs)
{
    return runs->watch;
}
