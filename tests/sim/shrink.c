/* shrink.c: leaves out what a failing day can do without: halves of its steps first, then smaller
 * parts, then single ones. Other steps keep their seeds, so that most stay what they were. */
#include "shrink.h"

#include "prose.h"
#include "story.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DAY_SECONDS_MAX 60u /* of real time, for one that is played to make it smaller */

const char *shrink_rule_name(unsigned rule)
{
    return rule < WORLD_INVARIANT_COUNT ? world_invariant_name((enum world_invariant)rule)
                                        : "process-ended";
}

static uint64_t real_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* What a child plays. */
struct played {
    const struct plan *plan;
    FILE *story; /* NULL: nothing is written */
};

static void play_plan(const struct played *played, struct day *ret_day)
{
    day_play(played->plan, played->story == NULL ? DAY_NOTHING : DAY_STORY, played->story, ret_day);
}

/* A story that is none, or not as it says, breaks no invariant. */
static void play_story(const struct played *played, struct day *ret_day)
{
    struct story *story = story_new("the story");
    *ret_day = (struct day){.holds = true};
    if (story_read(story, played->story)) {
        story_play(story, played->plan->false_alarm, played->plan->asked, ret_day);
    }
    story_destroy(story);
}

/* False where it did not come whole in time. */
static bool day_read(int from, uint64_t until_ms, struct day *ret_day)
{
    size_t got = 0;
    while (got < sizeof *ret_day) {
        const uint64_t now = real_ms();
        struct pollfd ready = {.fd = from, .events = POLLIN};
        if (now >= until_ms || poll(&ready, 1, (int)(until_ms - now)) == 0) {
            return false;
        }
        const ssize_t more = read(from, (char *)ret_day + got, sizeof *ret_day - got);
        if (more == 0 || (more < 0 && errno != EINTR)) {
            return false;
        }
        got += more > 0 ? (size_t)more : 0;
    }
    return true;
}

/* Plays it in a child. */
static void apart(void (*play)(const struct played *played, struct day *ret_day),
                  const struct played *played, unsigned seconds, struct day *ret_day)
{
    int pipes[2];
    *ret_day = (struct day){.rule = SHRINK_DIED};
    (void)snprintf(ret_day->why, sizeof ret_day->why, "the process ended, or did not within %u s",
                   seconds);
    (void)fflush(stdout);
    if (pipe(pipes) != 0) {
        return;
    }
    const pid_t child = fork();
    struct day day;
    if (child == 0) {
        (void)close(pipes[0]);
        play(played, &day);
        if (played->story != NULL) {
            (void)fflush(played->story);
        }
        (void)fflush(stdout);
        const ssize_t written = write(pipes[1], &day, sizeof day);
        _exit(written == (ssize_t)sizeof day ? 0 : 1);
    }
    (void)close(pipes[1]);
    if (child > 0 && day_read(pipes[0], real_ms() + seconds * 1000ull, &day)) {
        *ret_day = day;
    }
    (void)close(pipes[0]);
    if (child > 0) {
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0);
    }
}

void shrink_play(const struct plan *plan, unsigned seconds, struct day *ret_day)
{
    const struct played played = {.plan = plan};
    apart(play_plan, &played, seconds, ret_day);
}

struct search {
    struct plan *plan;
    struct day *day;
    uint64_t until_ms;
};

/* Keeps `tried` where the same rule still breaks. */
static bool try_plan(struct search *search, const struct plan *tried)
{
    const uint64_t now = real_ms();
    struct day day;
    if (now >= search->until_ms) {
        return false;
    }
    uint64_t seconds = (search->until_ms - now) / 1000 + 1;
    shrink_play(tried, (unsigned)(seconds < DAY_SECONDS_MAX ? seconds : DAY_SECONDS_MAX), &day);
    const bool same = !day.holds && day.rule == search->day->rule;
    if (same) {
        *search->plan = *tried;
        *search->day = day;
    }
    return same;
}

static void ease(struct search *search)
{
    struct plan tried = *search->plan;
    plan_ease(&tried, "network");
    (void)try_plan(search, &tried);
    tried = *search->plan;
    plan_ease(&tried, "people");
    (void)try_plan(search, &tried);
}

/* Leaves out `count` of the steps that are left, the `part`th such part. False where there is none.
 */
static bool leave_out(struct plan *plan, unsigned part, unsigned count)
{
    unsigned seen = 0;
    bool any = false;
    for (unsigned i = 0; i < plan->step_count; i++) {
        if (plan->step[i].left_out) {
            continue;
        }
        if (seen / count == part) {
            plan->step[i].left_out = true;
            any = true;
        }
        seen++;
    }
    return any;
}

static unsigned steps_left(const struct plan *plan)
{
    unsigned left = 0;
    for (unsigned i = 0; i < plan->step_count; i++) {
        left += !plan->step[i].left_out;
    }
    return left;
}

void shrink(struct plan *plan, unsigned seconds, struct day *day)
{
    struct search search = {plan, day, real_ms() + seconds * 1000ull};
    /* What came after it was not needed; of a process that ended nobody knows when. */
    for (unsigned i = 0; i < plan->step_count && day->rule != SHRINK_DIED; i++) {
        plan->step[i].left_out = plan->step[i].left_out || plan->step[i].at_ms > day->at_ms;
    }
    ease(&search);
    for (unsigned count = steps_left(plan); count > 0; count = count > 1 ? (count + 1) / 2 : 0) {
        unsigned part = 0;
        struct plan tried = *plan;
        while (leave_out(&tried, part, count) && real_ms() < search.until_ms) {
            part += try_plan(&search, &tried) ? 0 : 1;
            tried = *plan;
        }
        if (count == 1) {
            break;
        }
    }
    ease(&search);
}

static void only_print(const struct plan *plan)
{
    const char *comma = "";
    for (unsigned i = 0; i < plan->step_count; i++) {
        if (!plan->step[i].left_out) {
            (void)printf("%s%u", comma, i);
            comma = ",";
        }
    }
}

/* Where the day ended its process it wrote no end: it is the plan's. */
static void story_end(const struct plan *plan, const struct day *day, FILE *story)
{
    (void)fseek(story, 0, SEEK_END);
    if (day->rule == SHRINK_DIED) {
        plan_end_print(plan, story);
    }
    (void)fflush(story);
    rewind(story);
}

static void lines_print(FILE *story)
{
    char text[1024];
    rewind(story);
    while (fgets(text, sizeof text, story) != NULL) {
        (void)fputs(text, stdout);
    }
}

void shrink_print(const struct plan *plan, const struct day *day)
{
    (void)printf("  again: tests/sim/swarm --replay %llu --only ", (unsigned long long)plan->seed);
    only_print(plan);
    (void)printf("%s%s%s%s\n", plan->eased_network ? " --ease network" : "",
                 plan->eased_people ? " --ease people" : "", plan->asked != 0 ? " --ask " : "",
                 plan->asked != 0 ? shrink_rule_name(plan->asked - 1) : "");
    /* What the steps say is known when they are done. */
    FILE *story = tmpfile();
    if (story == NULL) {
        (void)printf("  no story: no file could be made for it\n");
        return;
    }
    (void)setvbuf(story, NULL, _IOLBF, 0); /* what is written stands there, whoever ends */
    const struct played played = {plan, story};
    struct day again, told;
    apart(play_plan, &played, DAY_SECONDS_MAX, &again);
    story_end(plan, &again, story);
    apart(play_story, &played, DAY_SECONDS_MAX, &told);
    if (told.holds || told.rule != day->rule) {
        prose(stdout, 4,
              "  no story: %u of %u steps are left, but told as a story %s; the command above "
              "plays them.",
              steps_left(plan), plan->step_count,
              told.holds ? "they break nothing" : "they break something else");
    } else {
        if (told.rule == SHRINK_DIED) {
            prose(stdout, 4, "  minimal story: %u of %u steps; played, its process ends, too: %s",
                  steps_left(plan), plan->step_count, told.why);
        } else {
            prose(stdout, 4, "  minimal story: %u of %u steps; played, it breaks %s at %llu ms: %s",
                  steps_left(plan), plan->step_count, shrink_rule_name(told.rule),
                  (unsigned long long)told.at_ms, told.why);
        }
        lines_print(story);
    }
    (void)fclose(story);
    (void)fflush(stdout);
}
