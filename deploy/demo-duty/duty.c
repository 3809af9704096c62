/* duty.c: plays one duty officer who gets one message: the program that the demo gives to
 * samband-channel in the place of an SMS gateway. Reads the attempt from standard input, does what
 * the plan says, after the time that the plan says. Also an example of such a program. */
#include "plan.h"

#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#define JOINS_AFTER_START_MS 600000

static const char usage[] = "Usage: samband-demo-duty --plan FILE --log FILE [--seed N]\n"
                            "The demo's duty officers: a program for samband-channel.\n";

struct asked {
    const char *plan, *log;
    uint64_t seed;
};

static bool asked_read(int argc, char **argv, struct asked *asked)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--plan") == 0) {
            asked->plan = argv[i + 1];
        } else if (strcmp(argv[i], "--log") == 0) {
            asked->log = argv[i + 1];
        } else if (strcmp(argv[i], "--seed") == 0) {
            asked->seed = strtoull(argv[i + 1], NULL, 10);
        } else {
            return false;
        }
    }
    return argc % 2 == 1 && asked->plan != NULL && asked->log != NULL;
}

static const char *text_of(const json_t *attempt, const char *key)
{
    const char *text = json_string_value(json_object_get(attempt, key));
    return text == NULL ? "-" : text;
}

static uint64_t wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void wait_ms(unsigned ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL);
}

/* One line per message that reached a person: what the demo counts at its end. */
static bool log_add(const char *path, const json_t *attempt)
{
    FILE *file = fopen(path, "a");
    if (file == NULL) {
        return false;
    }
    bool good =
        fprintf(file, "%" PRIu64 " %s %s %s %s %s %s\n", wall_ms(), text_of(attempt, "seat"),
                text_of(attempt, "person"), text_of(attempt, "class"),
                json_is_true(json_object_get(attempt, "repeat")) ? "repeat" : "first",
                text_of(attempt, "event"), text_of(attempt, "attempt"))
        > 0;
    return fclose(file) == 0 && good;
}

static void say(const char *line)
{
    (void)puts(line);
    (void)fflush(stdout);
}

static void answer(const json_t *attempt, enum sb_plan_kind kind)
{
    if (strcmp(text_of(attempt, "class"), "convening") != 0) {
        const char *function = strchr(text_of(attempt, "seat"), '/');
        (void)printf("{\"ack\":\"%s\"}\n", function == NULL ? "tib" : function + 1);
    } else if (kind == SB_PLAN_AT) {
        json_int_t starts = json_integer_value(json_object_get(attempt, "starts"));
        uint64_t at = (starts > 0 ? (uint64_t)starts : wall_ms()) + JOINS_AFTER_START_MS;
        (void)printf("{\"answer\":\"at\",\"at\":%" PRIu64 "}\n", at);
    } else {
        (void)printf("{\"answer\":\"%s\"}\n", kind == SB_PLAN_NO ? "no" : "yes");
    }
    (void)fflush(stdout);
}

/* What is told for information only asks for no answer. */
static bool asks(const char *class)
{
    static const char *const told[] = {"recall", "correction", "end", "incident"};
    for (unsigned i = 0; i < sizeof told / sizeof *told; i++) {
        if (strcmp(class, told[i]) == 0) {
            return false;
        }
    }
    return true;
}

static int duty(const struct asked *asked, const json_t *attempt)
{
    struct sb_plan plan;
    const char *wrong = sb_plan_read(asked->plan, text_of(attempt, "person"),
                                     text_of(attempt, "class"), asked->seed, &plan);
    if (wrong == NULL && !log_add(asked->log, attempt)) {
        wrong = "the log cannot be written";
    }
    if (wrong == NULL && plan.kind == SB_PLAN_BROKEN) {
        wrong = "no such number";
    }
    if (wrong != NULL) {
        (void)fprintf(stderr, "%s\n", wrong);
        return 1;
    }
    if (plan.kind == SB_PLAN_SILENT || !asks(text_of(attempt, "class"))) {
        return 0;
    }
    wait_ms(plan.accepted_ms);
    say("{\"accepted\":true}");
    wait_ms(plan.opened_ms);
    say("{\"opened\":true}");
    wait_ms(plan.answered_ms);
    answer(attempt, plan.kind);
    return 0;
}

int main(int argc, char **argv)
{
    struct asked asked = {.seed = 1};
    if (!asked_read(argc, argv, &asked)) {
        (void)fputs(usage, stderr);
        return 2;
    }
    /* Nobody listens once the channel is gone; the demo kills one. */
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    json_error_t error;
    json_t *attempt = json_loadf(stdin, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
    if (!json_is_object(attempt)) {
        (void)fprintf(stderr, "no attempt on standard input: %s\n", error.text);
        json_decref(attempt);
        return 2;
    }
    int status = duty(&asked, attempt);
    json_decref(attempt);
    return status;
}
