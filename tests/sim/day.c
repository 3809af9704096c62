/* day.c: plays a planned day: its steps, the people who are rung, and the calm after it, in which
 * everything must arrive. What must hold is asked after every step of the world. */
#include "orders.h"
#include "plan.h"
#include "tell.h"
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct playing {
    const struct plan *plan;
    struct world *world;
    struct course_people people;
    enum day_print print;
    FILE *out;
};

static void on_attempt(void *context, struct world *world, unsigned agent,
                       const struct sb_record *attempt)
{
    struct playing *playing = context;
    course_attempt(&playing->people, world, agent, attempt);
}

static void on_trace(void *context, const char *actor, const char *line)
{
    const struct playing *playing = context;
    if (playing->print == DAY_ALL) {
        (void)fprintf(playing->out, "  > [%7llu] %s %s\n",
                      (unsigned long long)playing->world->now_ms, actor, line);
    }
}

static void step_do(struct playing *playing, unsigned at)
{
    const struct plan_step *step = &playing->plan->step[at];
    struct world *world = playing->world;
    uint64_t random = step->number | 1;
    char text[PLAN_TEXT_SIZE];
    plan_step_text(playing->plan, at, text);
    switch (step->kind) {
    case PLAN_ORDER: sim_order(world, &random, text); break;
    case PLAN_LOCAL: sim_local(world, (unsigned)step->agent, &random, text); break;
    case PLAN_FAULT: step->fault->act(world, step->agent, step->number); break;
    }
    if (playing->plan->false_alarm) {
        (void)course_false_alarm(world, text);
    }
    world_trace_add(world, "step", sb_bytes_str(text));
    if (playing->print != DAY_NOTHING) {
        (void)fprintf(playing->out, "  at %llums %s\n", (unsigned long long)world->now_ms, text);
    }
}

static void line_print(struct playing *playing, const char *before, const char *line)
{
    if (playing->print != DAY_NOTHING) {
        (void)fprintf(playing->out, "  %s%s\n", before, line);
    }
}

static void setup(void *context, const char *line)
{
    struct playing *playing = context;
    struct sb_why why = {0};
    line_print(playing, "", line);
    if (strncmp(line, "seed ", 5) != 0) { /* that one made the world */
        const enum tell told = tell_setup(playing->world, &playing->people, line, &why);
        SB_ASSERT(told == TELL_DONE);
    }
}

static void before(void *context, const char *line)
{
    struct playing *playing = context;
    struct sb_why why = {0};
    line_print(playing, "before ", line);
    const enum tell told = tell_act(playing->world, line, &why);
    SB_ASSERT(told == TELL_DONE);
}

static bool play(struct playing *playing, struct day *day)
{
    const struct plan *plan = playing->plan;
    struct world *world = playing->world;
    plan_head_say(plan, setup, playing);
    for (unsigned i = 0; i < sim_orgs_of(plan->agents); i++) {
        sim_mandate_say(sim_orgs[i], before, playing);
    }
    bool holds = true;
    for (unsigned i = 0; holds && i < plan->step_count; i++) {
        if (plan->step[i].left_out) {
            continue;
        }
        holds = course_run(world, plan->step[i].at_ms);
        if (holds) {
            step_do(playing, i);
            world->moved = -1;
            holds = world_holds(world, false);
            day->steps++;
        }
    }
    return holds && course_run(world, plan->day_ms) && course_end(world, plan->quiet_ms);
}

/* How much there is in the broker's log, and how often TiB reached a seat otherwise. */
static void events_count(struct world *world, struct day *day)
{
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(world->broker_store, &why);
    uint64_t end = sb_log_next_index(txn);
    for (uint64_t index = 1; index < end; index++) {
        struct sb_log_row row;
        struct sb_event event;
        world->tally[WORLD_TALLY_REACHED] +=
            sb_log_get(txn, index, &row) && sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK
            && event.kind->kind == SB_KIND_REACHED;
    }
    sb_store_abort(world->broker_store, txn);
    day->events = end - 1;
}

void day_play(const struct plan *plan, enum day_print print, FILE *out, struct day *ret_day)
{
    struct world *world = world_new(plan->seed, sim_agents, plan->agents);
    struct playing playing = {.plan = plan, .world = world, .print = print, .out = out};
    course_people_seed(&playing.people, plan->seed);
    struct day day = {.holds = false};
    world->asked = plan->asked;
    world->context = &playing;
    world->on_attempt = on_attempt;
    world->on_trace = on_trace;
    day.holds = play(&playing, &day);
    if (!day.holds) {
        SB_ASSERT(world->broken.text[0] != '\0');
        day.rule = world->broken_rule;
        (void)snprintf(day.why, sizeof day.why, "%s", world->broken.text);
    }
    events_count(world, &day);
    for (unsigned i = 0; i < world->agent_count; i++) {
        day.attempts += world->agent[i].attempts;
        day.repeats += world->agent[i].repeats;
    }
    if (print != DAY_NOTHING) {
        plan_end_print(plan, out);
    }
    day.at_ms = world->now_ms;
    day.trace = world->trace;
    day.turns = world->turns;
    day.crashes = world->crashes;
    memcpy(day.tally, world->tally, sizeof day.tally);
    world_destroy(world);
    *ret_day = day;
}
