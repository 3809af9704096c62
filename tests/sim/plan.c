/* plan.c: draws a day from a seed. The ranges are the swarm's, and stand in tests/sim/README.md.
 * Playing it is day.c's. */
#include "plan.h"

#include "orders.h"
#include "tell.h"

#include <stdio.h>
#include <string.h>

/* Small days find most, for there are many of them; a few large ones find what needs a crowd. */
static const struct size {
    unsigned of_hundred, agents_min, agents_max, steps_min, steps_max;
    unsigned gap_max_ms; /* between two steps */
    uint64_t quiet_ms;   /* after them, at least */
} sizes[] = {
    {62, 1, 2, 4, 14, 3000, 8000},
    {30, 2, 4, 10, 36, 4000, 20000},
    {8, 3, 5, 30, 90, 5000, 60000},
};

static const struct size *size_draw(uint64_t *random)
{
    uint64_t at = sim_random(random, 100);
    const struct size *size = sizes;
    while (at >= size->of_hundred) {
        at -= size->of_hundred;
        size++;
    }
    return size;
}

static unsigned between(uint64_t *random, unsigned low, unsigned high)
{
    return low + (unsigned)sim_random(random, (uint64_t)high - low + 1);
}

/* On one day in `of` up to `max`, else nothing. */
static unsigned sometimes(uint64_t *random, unsigned of, unsigned max)
{
    const bool today = sim_random(random, of) == 0;
    const unsigned much = (unsigned)sim_random(random, (uint64_t)max + 1);
    return today ? much : 0;
}

static void network_draw(uint64_t *random, struct plan *plan)
{
    static const unsigned delays[] = {1, 30, 400, 2500};
    plan->delay_max_ms = 1 + (unsigned)sim_random(random, delays[sim_random(random, 4)]);
    plan->loss = sometimes(random, 3, 150);
    plan->twice = sometimes(random, 3, 150);
    plan->overtakes = sometimes(random, 3, 300);
    plan->late = sometimes(random, 4, 100);
    plan->late_max_ms = 1 + (unsigned)sim_random(random, 8000);
}

/* So small on a fourth of the days that a few long texts fill them. A random stream of its own. */
static void windows_draw(uint64_t seed, struct plan *plan)
{
    uint64_t random = (seed + 5) * 0x9e3779b97f4a7c15ull;
    if (sim_random(&random, 4) == 0) {
        plan->window[0] = 4096 + (size_t)sim_random(&random, 40000);
        plan->window[1] = 4096 + (size_t)sim_random(&random, 40000);
    }
}

/* Weighted within the families of this day. */
static const struct world_fault *fault_draw(uint64_t *random, unsigned families)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < world_fault_count; i++) {
        sum += (families & (1u << world_faults[i].family)) != 0 ? world_faults[i].weight : 0;
    }
    if (sum == 0) {
        return NULL;
    }
    uint64_t at = sim_random(random, sum);
    for (unsigned i = 0; i < world_fault_count; i++) {
        const unsigned weight =
            (families & (1u << world_faults[i].family)) != 0 ? world_faults[i].weight : 0;
        if (at < weight) {
            return &world_faults[i];
        }
        at -= weight;
    }
    return NULL;
}

static void fault_fill(uint64_t *random, const struct plan *plan, struct plan_step *step)
{
    const struct world_fault *fault = step->fault;
    const bool broker = fault->at_broker && (!fault->at_agent || sim_random(random, 3) == 0);
    const uint64_t agent = sim_random(random, plan->agents);
    step->agent = broker ? WORLD_BROKER_END : (int)agent;
    step->number = fault->number_max == 0 ? 0 : sim_random(random, fault->number_max + 1);
}

/* In its place by time. */
static void step_insert(struct plan *plan, const struct world_fault *fault, int end, uint64_t at_ms)
{
    unsigned at = plan->step_count;
    if (plan->step_count == PLAN_STEPS_MAX) {
        return;
    }
    while (at > 0 && plan->step[at - 1].at_ms > at_ms) {
        plan->step[at] = plan->step[at - 1];
        at--;
    }
    plan->step[at] =
        (struct plan_step){.at_ms = at_ms, .kind = PLAN_FAULT, .fault = fault, .agent = end};
    plan->step_count++;
}

/* When something of TiB's goes out, from a random step on; what rings then goes on for a minute. */
static uint64_t order_ms(uint64_t *random, const struct plan *plan)
{
    const unsigned from = (unsigned)sim_random(random, plan->step_count);
    for (unsigned i = 0; i < plan->step_count; i++) {
        const struct plan_step *step = &plan->step[(from + i) % plan->step_count];
        if (step->kind == PLAN_ORDER) {
            return step->at_ms;
        }
    }
    return plan->step[from].at_ms;
}

/* A store that is copied early, and comes back while something rings: once to three times a day. A
 * random stream of its own: days that have no such faults stay what they are. */
static void stores_draw(uint64_t seed, struct plan *plan)
{
    static const char *const of_agent[] = {"restore", "restore", "clone"};
    static const char *const of_broker[] = {"restore", "rollback"};
    uint64_t random = (seed + 3) * 0x9e3779b97f4a7c15ull;
    for (uint64_t times = 1 + sim_random(&random, 3); times > 0; times--) {
        const bool broker = sim_random(&random, 3) == 0;
        const int end = broker ? WORLD_BROKER_END : (int)sim_random(&random, plan->agents);
        const uint64_t back_ms = order_ms(&random, plan) + sim_random(&random, 6000);
        const char *word =
            broker ? of_broker[sim_random(&random, 2)] : of_agent[sim_random(&random, 3)];
        step_insert(plan, world_fault_find("backup"), end, sim_random(&random, back_ms));
        step_insert(plan, world_fault_find(word), end, back_ms);
        if (!broker && sim_random(&random, 3) != 0) {
            step_insert(plan, world_fault_find("replace"), end,
                        back_ms + sim_random(&random, 8000));
        }
    }
}

void plan_make(uint64_t seed, struct plan *ret_plan)
{
    uint64_t random = (seed + 1) * 0xd1342543de82ef95ull;
    (void)sim_random(&random, 0);
    const struct size *size = size_draw(&random);
    struct plan *plan = ret_plan;
    memset(plan, 0, sizeof *plan);
    plan->seed = seed;
    plan->agents = between(&random, size->agents_min, size->agents_max);
    plan->quiet_ms = size->quiet_ms;
    plan->silent = (unsigned)sim_random(&random, 80);
    plan->no = (unsigned)sim_random(&random, 50);
    plan->trouble = (unsigned)sim_random(&random, 50);
    network_draw(&random, plan);
    windows_draw(seed, plan);
    unsigned families = (unsigned)sim_random(&random, 1u << WORLD_FAMILY_COUNT);
    if (sim_random(&random, 2) == 0) { /* what was put back is compared less sharply */
        families &= ~(1u << WORLD_FAMILY_STORE);
    }
    plan->step_count = between(&random, size->steps_min, size->steps_max);
    uint64_t at_ms = 1000;
    for (unsigned i = 0; i < plan->step_count; i++) {
        struct plan_step *step = &plan->step[i];
        const uint64_t what = sim_random(&random, 100);
        /* In bursts now and then: what is close together is what races. */
        at_ms += sim_random(&random, 4) == 0 ? sim_random(&random, 20)
                                             : sim_random(&random, size->gap_max_ms);
        step->at_ms = at_ms;
        step->fault = fault_draw(&random, families);
        step->agent = (int)sim_random(&random, plan->agents);
        step->number = sim_random(&random, 0);
        step->kind = what < 45 || step->fault == NULL ? PLAN_ORDER : PLAN_FAULT;
        if (what >= 88) {
            step->kind = PLAN_LOCAL;
        } else if (step->kind == PLAN_FAULT) {
            fault_fill(&random, plan, step);
        }
    }
    if ((families & (1u << WORLD_FAMILY_STORE)) != 0) {
        stores_draw(seed, plan);
    }
    plan->day_ms = plan->step[plan->step_count - 1].at_ms + 1000;
}

bool plan_ease(struct plan *plan, const char *what)
{
    if (strcmp(what, "network") == 0) {
        plan->eased_network = true;
        plan->delay_max_ms = 1;
        plan->window[0] = plan->window[1] = 0;
        plan->loss = plan->twice = plan->overtakes = plan->late = 0;
        return true;
    }
    if (strcmp(what, "people") == 0) {
        plan->eased_people = true;
        plan->silent = 100;
        plan->trouble = 0;
        return true;
    }
    return false;
}

void plan_step_text(const struct plan *plan, unsigned at, char text[PLAN_TEXT_SIZE])
{
    const struct plan_step *step = &plan->step[at];
    const char *org = step->agent < 0 ? "broker" : sim_org(step->agent);
    if (step->kind == PLAN_FAULT && step->fault->number_max > 0) {
        (void)snprintf(text, PLAN_TEXT_SIZE, "%s %s %llu", step->fault->word, org,
                       (unsigned long long)step->number);
    } else if (step->kind == PLAN_FAULT) {
        (void)snprintf(text, PLAN_TEXT_SIZE, "%s %s", step->fault->word, org);
    } else {
        (void)snprintf(text, PLAN_TEXT_SIZE, "%s",
                       step->kind == PLAN_ORDER ? "tib …" : "somebody …");
    }
}

void plan_head_say(const struct plan *plan, void (*line)(void *context, const char *text),
                   void *context)
{
    char text[TELL_LINE_SIZE];
    (void)snprintf(text, sizeof text, "seed %llu", (unsigned long long)plan->seed);
    line(context, text);
    (void)snprintf(
        text, sizeof text,
        "network delay %u loss %u twice %u overtakes %u late %u late-by %u urgent %u bulk %u",
        plan->delay_max_ms, plan->loss, plan->twice, plan->overtakes, plan->late, plan->late_max_ms,
        (unsigned)plan->window[0], (unsigned)plan->window[1]);
    line(context, text);
    (void)snprintf(text, sizeof text, "people silent %u no %u trouble %u", plan->silent, plan->no,
                   plan->trouble);
    line(context, text);
    for (unsigned i = 0; i < plan->agents; i++) {
        sim_roster_say(sim_agents[i], strcmp(sim_agents[i], "ekero") != 0, line, context);
    }
    int at = snprintf(text, sizeof text, "broker with forum rsf level samordnande seats");
    for (unsigned i = 0; i < sim_orgs_of(plan->agents); i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " \"%s/tib,%s\"", sim_orgs[i],
                       i % 2 == 0 ? "~kib" : "kommundirektor via tib");
    }
    line(context, text);
}

void plan_end_print(const struct plan *plan, FILE *out)
{
    (void)fprintf(out, "  until %llums\n  calm %llums\n", (unsigned long long)plan->day_ms,
                  (unsigned long long)plan->quiet_ms);
}
