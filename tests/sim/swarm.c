/* swarm.c: random days from seeds, in one process or several. A day that fails prints the command
 * that plays it again, and its smallest story. What a day is stands in plan.c and day.c.
 *
 *     swarm FIRST COUNT           those seeds; --jobs N: in so many processes (1)
 *     swarm --seconds N           goes on from a fresh seed for so long, on all cores
 *     swarm --replay SEED         plays one, and prints all that happens
 *     swarm --story SEED          plays one, and prints it as a story
 *     swarm --trace FIRST COUNT   only the seeds and their trace hashes, and what went wrong in
 * them
 *
 * --ask NAME asks one invariant alone, so that one can be seen to fail that another one sees
 * before it.
 */
#include "prose.h"
#include "shrink.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define JOBS_MAX          64u
#define DAYS_MANY         50u /* so many without a certain thing prove nothing of it */
#define SHRINK_SECONDS    30u
#define FAILURES_SHRUNK   3u /* more of one search are named only */
#define PROGRESS_EVERY_MS 10000u
#define DAY_SECONDS_MAX   120u
#define TURN_MS           200

struct options {
    uint64_t first, count;
    unsigned jobs, seconds, shrink_seconds;
    bool replay, trace, quiet, one; /* one: stops at the first that fails */
    bool story;                     /* of REPLAY: its lines alone */
    bool false_alarm;
    unsigned asked;   /* one invariant alone, as struct world's */
    struct plan plan; /* of REPLAY */
};

struct report {
    uint64_t seed;
    bool begins;
    struct day day;
};

struct worker {
    pid_t pid;
    int from;
    uint64_t next; /* seed that it begins with, or is at */
    uint64_t since_ms;
    bool done;
};

struct sums {
    uint64_t days, failed, shrunk;
    struct day all;
};

static uint64_t real_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool report_write(int to, const struct report *report)
{
    return write(to, report, sizeof *report) == (ssize_t)sizeof *report; /* under PIPE_BUF: whole */
}

static void worker_run(const struct options *options, uint64_t seed, uint64_t until_ms, int to)
{
    static_assert(sizeof(struct report) <= 4096, "one write, whole");
    struct plan *plan = sb_alloc(1, sizeof *plan);
    struct report *report = sb_alloc(1, sizeof *report);
    for (; seed - options->first < options->count && real_ms() < until_ms; seed += options->jobs) {
        report->seed = seed;
        report->begins = true;
        if (!report_write(to, report)) {
            break;
        }
        plan_make(seed, plan);
        plan->false_alarm = options->false_alarm;
        plan->asked = options->asked;
        day_play(plan, DAY_NOTHING, NULL, &report->day);
        report->begins = false;
        if (!report_write(to, report)) {
            break;
        }
    }
    free(plan);
    free(report);
}

static void worker_start(const struct options *options, uint64_t until_ms, struct worker *worker)
{
    int pipes[2];
    (void)fflush(stdout);
    worker->done = true;
    if (pipe(pipes) != 0) {
        return;
    }
    worker->pid = fork();
    if (worker->pid == 0) {
        (void)close(pipes[0]);
        worker_run(options, worker->next, until_ms, pipes[1]);
        exit(0);
    }
    (void)close(pipes[1]);
    worker->from = pipes[0];
    worker->done = worker->pid < 0;
    worker->since_ms = real_ms();
}

static void sums_add(struct sums *sums, const struct day *day)
{
    sums->days++;
    sums->failed += !day->holds;
    sums->all.turns += day->turns;
    sums->all.events += day->events;
    sums->all.crashes += day->crashes;
    sums->all.attempts += day->attempts;
    sums->all.repeats += day->repeats;
    for (unsigned i = 0; i < WORLD_TALLY_COUNT; i++) {
        sums->all.tally[i] += day->tally[i];
    }
}

static void failure_tell(const struct options *options, struct sums *sums, uint64_t seed,
                         const struct day *day)
{
    prose(stdout, 4, "seed %llu FAILED %s at %llu ms: %s", (unsigned long long)seed,
          shrink_rule_name(day->rule), (unsigned long long)day->at_ms, day->why);
    (void)printf("  again: tests/sim/swarm --replay %llu%s%s\n", (unsigned long long)seed,
                 options->asked != 0 ? " --ask " : "",
                 options->asked != 0 ? shrink_rule_name(options->asked - 1) : "");
    if (options->shrink_seconds == 0 || sums->shrunk == FAILURES_SHRUNK) {
        return;
    }
    sums->shrunk++;
    struct plan *plan = sb_alloc(1, sizeof *plan);
    struct day small;
    plan_make(seed, plan);
    plan->false_alarm = options->false_alarm;
    plan->asked = options->asked;
    shrink_play(plan, options->shrink_seconds, &small);
    if (small.holds) {
        (void)printf("  it does not fail when it is played alone\n");
    } else {
        shrink(plan, options->shrink_seconds, &small);
        shrink_print(plan, &small);
    }
    free(plan);
}

static void day_tell(const struct options *options, struct sums *sums, uint64_t seed,
                     const struct day *day)
{
    sums_add(sums, day);
    if (!day->holds) {
        failure_tell(options, sums, seed, day);
    } else if (options->trace) {
        (void)printf("%llu %016llx\n", (unsigned long long)seed, (unsigned long long)day->trace);
    } else if (!options->quiet) {
        prose(stdout, 4,
              "seed %llu trace %016llx: steps %u, events %llu, turns %llu, crashes %llu, attempts "
              "%llu, repeats %llu",
              (unsigned long long)seed, (unsigned long long)day->trace, day->steps,
              (unsigned long long)day->events, (unsigned long long)day->turns,
              (unsigned long long)day->crashes, (unsigned long long)day->attempts,
              (unsigned long long)day->repeats);
    }
}

/* Who died says so by the end of its pipe: the day that it was at has failed, the next one goes on
 * in another process. */
static void worker_ended(const struct options *options, struct sums *sums, uint64_t until_ms,
                         struct worker *worker)
{
    int status = 0;
    (void)close(worker->from);
    (void)kill(worker->pid, SIGKILL);
    (void)waitpid(worker->pid, &status, 0);
    worker->done = true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return;
    }
    struct day day = {.rule = SHRINK_DIED};
    (void)snprintf(day.why, sizeof day.why, "the process ended with status %d, or not in %u s",
                   status, DAY_SECONDS_MAX);
    day_tell(options, sums, worker->next, &day);
    worker->next += options->jobs;
    if (worker->next - options->first < options->count) {
        worker_start(options, until_ms, worker);
    }
}

static void worker_hear(const struct options *options, struct sums *sums, uint64_t until_ms,
                        struct worker *worker)
{
    struct report report = {0};
    size_t got = 0;
    while (got < sizeof report) {
        const ssize_t more = read(worker->from, (char *)&report + got, sizeof report - got);
        if (more <= 0 && errno != EINTR) {
            worker_ended(options, sums, until_ms, worker);
            return;
        }
        got += more > 0 ? (size_t)more : 0;
    }
    worker->since_ms = real_ms();
    if (report.begins) {
        worker->next = report.seed;
    } else {
        worker->next = report.seed + options->jobs;
        day_tell(options, sums, report.seed, &report.day);
    }
}

/* False where all are done. */
static bool workers_hear(const struct options *options, struct sums *sums, uint64_t until_ms,
                         struct worker *workers)
{
    struct pollfd ready[JOBS_MAX];
    bool any = false;
    for (unsigned i = 0; i < options->jobs; i++) {
        ready[i] = (struct pollfd){.fd = workers[i].done ? -1 : workers[i].from, .events = POLLIN};
        any = any || !workers[i].done;
    }
    (void)poll(ready, options->jobs, TURN_MS);
    for (unsigned i = 0; i < options->jobs; i++) {
        if (workers[i].done) {
            continue;
        }
        if (ready[i].revents != 0) {
            errno = 0;
            worker_hear(options, sums, until_ms, &workers[i]);
        } else if (real_ms() > workers[i].since_ms + DAY_SECONDS_MAX * 1000ull) {
            (void)kill(workers[i].pid, SIGKILL);
        }
    }
    return any;
}

static void workers_end(const struct options *options, struct worker *workers)
{
    for (unsigned i = 0; i < options->jobs; i++) {
        if (!workers[i].done) {
            (void)kill(workers[i].pid, SIGKILL);
            (void)waitpid(workers[i].pid, NULL, 0);
        }
    }
}

/* How often each thing went wrong. False where so many days had not a single one of some. */
static bool tallies_tell(const struct options *options, const struct sums *sums)
{
    static const char *const names[] = {
#define X(name, text) (text),
        WORLD_TALLIES(X)
#undef X
    };
    bool all = true;
    for (unsigned i = 0; i < WORLD_TALLY_COUNT; i++) {
        const bool any = sums->all.tally[i] > 0;
        all = all && any;
        if (options->trace) {
            (void)printf("# %s %llu\n", names[i], (unsigned long long)sums->all.tally[i]);
        } else if (!any && sums->days >= DAYS_MANY) {
            (void)printf("so many days without \"%s\" prove nothing of it\n", names[i]);
        }
    }
    return all || sums->days < DAYS_MANY;
}

static int search(const struct options *options)
{
    struct worker workers[JOBS_MAX] = {0};
    struct sums sums = {0};
    const uint64_t begin_ms = real_ms();
    const uint64_t until_ms =
        options->seconds == 0 ? UINT64_MAX : begin_ms + options->seconds * 1000ull;
    uint64_t told_ms = begin_ms;
    for (unsigned i = 0; i < options->jobs; i++) {
        workers[i].next = options->first + i;
        workers[i].done = i >= options->count;
        if (!workers[i].done) {
            worker_start(options, until_ms, &workers[i]);
        }
    }
    while (workers_hear(options, &sums, until_ms, workers)) {
        if (options->one && sums.failed > 0) {
            workers_end(options, workers);
            break;
        }
        if (options->seconds > 0 && real_ms() >= told_ms + PROGRESS_EVERY_MS) {
            told_ms = real_ms();
            (void)printf("%llu s: %llu days, %llu failed\n",
                         (unsigned long long)((told_ms - begin_ms) / 1000),
                         (unsigned long long)sums.days, (unsigned long long)sums.failed);
            (void)fflush(stdout);
        }
    }
    if (!options->trace) {
        prose(stdout, 4,
              "%llu passed, %llu failed; %llu turns, %llu events, %llu crashes, %llu attempts",
              (unsigned long long)(sums.days - sums.failed), (unsigned long long)sums.failed,
              (unsigned long long)sums.all.turns, (unsigned long long)sums.all.events,
              (unsigned long long)sums.all.crashes, (unsigned long long)sums.all.attempts);
    }
    const bool proves = tallies_tell(options, &sums);
    return sums.failed == 0 && sums.days > 0 && proves ? 0 : 1;
}

static int replay(const struct options *options)
{
    struct day day;
    if (options->story) {
        day_play(&options->plan, DAY_STORY, stdout, &day);
        (void)printf("# trace %016llx\n", (unsigned long long)day.trace);
        return day.holds ? 0 : 1;
    }
    day_play(&options->plan, DAY_ALL, stdout, &day);
    prose(stdout, 4, "seed %llu: %s%s%s, trace %016llx", (unsigned long long)options->first,
          day.holds ? "holds" : shrink_rule_name(day.rule), day.holds ? "" : ": ",
          day.holds ? "" : day.why, (unsigned long long)day.trace);
    return day.holds ? 0 : 1;
}

static int usage(void)
{
    (void)fprintf(stderr,
                  "usage: swarm FIRST COUNT [--jobs N] [--shrink SECONDS] [--quiet] [--one]\n"
                  "             [--ask INVARIANT]\n"
                  "       swarm --seconds N [--jobs N] [--shrink SECONDS] [--from SEED]\n"
                  "       swarm --replay SEED [--only STEP,…] [--ease network|people]\n"
                  "       swarm --story SEED [--only STEP,…] [--ease network|people]\n"
                  "       swarm --trace FIRST COUNT\n");
    return 2;
}

static bool number_read(const char *text, uint64_t *ret_number)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long number = text == NULL ? 0 : strtoull(text, &end, 10);
    if (text == NULL || end == text || *end != '\0' || errno != 0 || text[0] == '-') {
        return false;
    }
    *ret_number = number;
    return true;
}

/* "3,7,9": all others are left out. */
static bool only_read(const char *list, struct plan *plan)
{
    for (unsigned i = 0; i < plan->step_count; i++) {
        plan->step[i].left_out = true;
    }
    while (list != NULL && *list != '\0') {
        char *end = NULL;
        const unsigned long step = strtoul(list, &end, 10);
        if (end == list || step >= plan->step_count) {
            return false;
        }
        plan->step[step].left_out = false;
        list = *end == ',' ? end + 1 : end;
    }
    return list != NULL;
}

/* One option with its value. False: there is no such. */
static bool option_read(const char *name, const char *value, struct options *options)
{
    uint64_t number = 0;
    const bool is_number = number_read(value, &number);
    if (strcmp(name, "--only") == 0) {
        return options->replay && only_read(value, &options->plan);
    }
    if (strcmp(name, "--ease") == 0) {
        return options->replay && value != NULL && plan_ease(&options->plan, value);
    }
    if (strcmp(name, "--ask") == 0) {
        options->asked = world_invariant_find(value);
        return options->asked != 0;
    }
    if (!is_number) {
        return false;
    }
    if (strcmp(name, "--replay") == 0 || strcmp(name, "--story") == 0) {
        options->replay = true;
        options->story = strcmp(name, "--story") == 0;
        options->first = number;
        plan_make(number, &options->plan);
    } else if (strcmp(name, "--seconds") == 0 && number > 0 && number < 1000000) {
        options->seconds = (unsigned)number;
    } else if (strcmp(name, "--jobs") == 0 && number > 0 && number <= JOBS_MAX) {
        options->jobs = (unsigned)number;
    } else if (strcmp(name, "--shrink") == 0 && number < 100000) {
        options->shrink_seconds = (unsigned)number;
    } else if (strcmp(name, "--from") == 0) {
        options->first = number;
    } else {
        return false;
    }
    return true;
}

static bool options_read(int argc, char **argv, struct options *options)
{
    unsigned numbers = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--trace") == 0) {
            options->trace = true;
        } else if (strcmp(argv[i], "--false-alarm") == 0) {
            options->false_alarm = true;
        } else if (strcmp(argv[i], "--one") == 0) {
            options->one = true;
        } else if (strcmp(argv[i], "--quiet") == 0) {
            options->quiet = true;
        } else if (argv[i][0] == '-') {
            if (i + 1 == argc || !option_read(argv[i], argv[i + 1], options)) {
                return false;
            }
            i++;
        } else if (numbers > 1
                   || !number_read(argv[i], numbers == 0 ? &options->first : &options->count)) {
            return false;
        } else {
            numbers++;
        }
    }
    return numbers == 2 || (numbers == 0 && (options->replay || options->seconds > 0));
}

int main(int argc, char **argv)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct options *options = sb_alloc(1, sizeof *options);
    *options = (struct options){.shrink_seconds = SHRINK_SECONDS};
    /* A range that nobody searched yet: 10,000 a second of the calendar is more than any machine.
     */
    options->first = (uint64_t)time(NULL) * 10000;
    int code;
    if (!options_read(argc, argv, options)) {
        code = usage();
    } else if (options->replay) {
        options->plan.asked = options->asked;
        code = replay(options);
    } else {
        if (options->seconds > 0) {
            options->count = UINT64_MAX;
            options->quiet = true;
            (void)printf("from seed %llu\n", (unsigned long long)options->first);
        }
        if (options->jobs == 0) {
            options->jobs = options->seconds == 0 || cores < 1 ? 1
                            : cores > (long)JOBS_MAX           ? JOBS_MAX
                                                               : (unsigned)cores;
        }
        code = search(options);
    }
    free(options);
    return code;
}
