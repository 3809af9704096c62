/* plan.h: a day of the simulated county, drawn from a seed before it begins: how large it is, what
 * the network is like, and the list of what people do and what goes wrong. Steps have their own
 * seeds, so that one can be left out and the others stay what they were. */
#ifndef SAMBAND_TESTS_PLAN_H
#define SAMBAND_TESTS_PLAN_H

#include "course.h"
#include "faults.h"

#include <stdio.h>

#define PLAN_STEPS_MAX 160u
#define PLAN_TEXT_SIZE 200u

enum plan_kind {
    PLAN_ORDER, /* TiB's */
    PLAN_LOCAL, /* somebody's at an organisation */
    PLAN_FAULT
};

struct plan_step {
    uint64_t at_ms;
    enum plan_kind kind;
    const struct world_fault *fault; /* of FAULT */
    int agent;                       /* of LOCAL and FAULT; -1 the broker */
    uint64_t number;                 /* of FAULT its number, else a seed */
    bool left_out;
};

struct plan {
    uint64_t seed;
    unsigned agents;
    uint64_t day_ms, quiet_ms;
    unsigned silent, no, trouble; /* per cent of attempts: no answer, "nej", not accepted */
    size_t window[2];             /* of the links: urgent, bulk; 0 the usual */
    unsigned delay_max_ms, loss, twice, overtakes, late, late_max_ms;
    struct plan_step step[PLAN_STEPS_MAX];
    unsigned step_count;
    bool eased_network, eased_people;
    bool false_alarm; /* the first cut is taken for a violation: to see a story made small */
    unsigned asked;   /* one invariant alone, as struct world's */
};

/* "network": every frame arrives, in order, at once. "people": every attempt is accepted and nobody
 * answers, as in a story. False: there is no such ease. */
bool plan_ease(struct plan *plan, const char *what);
void plan_make(uint64_t seed, struct plan *ret_plan);
/* How a story says the step; what it cannot say is a remark. */
void plan_step_text(const struct plan *plan, unsigned at, char text[PLAN_TEXT_SIZE]);
/* The lines of a story that come before its steps, and the two after them. */
void plan_head_say(const struct plan *plan, void (*line)(void *context, const char *text),
                   void *context);
void plan_end_print(const struct plan *plan, FILE *out);

struct day {
    bool holds;
    enum world_invariant rule;
    char why[SB_WHY_SIZE_MAX + 1];
    uint64_t at_ms, trace, turns, crashes, events, attempts, repeats;
    uint64_t tally[WORLD_TALLY_COUNT];
    unsigned steps; /* that were done */
};
enum day_print {
    DAY_NOTHING,
    DAY_STORY, /* as a story, each line when it is done */
    DAY_ALL    /* and every line that is traced */
};
void day_play(const struct plan *plan, enum day_print print, FILE *out, struct day *ret_day);

#endif
