/* day.c: plays a planned day: its steps, the people who are rung, and the calm after it, in which
 * everything must arrive. What must hold is asked after every step of the world. */
#include "orders.h"
#include "plan.h"
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOUND_MS 120000u /* by then after the last fault all is through, or it never will be */
#define LOOK_MS  4000u   /* between two looks whether it is */
#define SAID_MS  60000u  /* people and channels say all that they have to say within it */

struct playing {
    const struct plan *plan;
    struct world *world;
    uint64_t people; /* what they answer */
    enum day_print print;
};

/* Plays the duty officer: the channel's result, then perhaps an answer. */
static void on_attempt(void *context, struct world *world, unsigned agent,
                       const struct sb_record *attempt)
{
    static const unsigned results[] = {SB_RESULT_RETRY, SB_RESULT_FAILED};
    static const unsigned noes[] = {SB_ANSWER_NO, SB_ANSWER_NO, SB_ANSWER_DEPUTY};
    struct playing *playing = context;
    const struct plan *plan = playing->plan;
    uint64_t *random = &playing->people;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_bytes key = sb_record_bytes(attempt, SB_FIELD_ATTEMPT);
    sb_record_set_bytes(args, SB_FIELD_ATTEMPT, key);
    const bool trouble = sim_random(random, 100) < plan->trouble;
    const unsigned result = trouble ? results[sim_random(random, 2)] : SB_RESULT_ACCEPTED;
    sb_record_set_number(args, SB_FIELD_RESULT, result);
    world_local(world, agent, "result", args, 1 + sim_random(random, 2000));
    if (result == SB_RESULT_ACCEPTED && sim_random(random, 100) >= plan->silent) {
        sb_record_clear(args);
        sb_record_set_bytes(args, SB_FIELD_ATTEMPT, key);
        const bool no = sim_random(random, 100) < plan->no;
        sb_record_set_number(args, SB_FIELD_ANSWER,
                             no ? noes[sim_random(random, 3)] : SB_ANSWER_YES);
        if (sim_random(random, 5) == 0) { /* kvittens only */
            sb_record_unset(args, SB_FIELD_ANSWER);
            sb_record_set_text(args, SB_FIELD_FUNCTION, "tib");
        }
        world_local(world, agent, "fact", args, 2001 + sim_random(random, 30000));
    }
    free(args);
}

static void on_trace(void *context, const char *actor, const char *line)
{
    const struct playing *playing = context;
    if (playing->print == DAY_ALL) {
        (void)printf("  > [%7llu] %s %s\n", (unsigned long long)playing->world->now_ms, actor,
                     line);
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
    if (playing->plan->false_alarm && step->kind == PLAN_FAULT
        && strcmp(step->fault->word, "cut") == 0) {
        (void)world_break(world, WORLD_PROGRESS, "a cut, which was said to be a violation");
    }
    world_trace_add(world, "step", sb_bytes_str(text));
    if (playing->print != DAY_NOTHING) {
        (void)printf("  at %llums %s\n", (unsigned long long)world->now_ms, text);
    }
}

/* Runs on; every step is looked at. False where something does not hold. */
static bool run_on(struct world *world, uint64_t until_ms)
{
    bool holds = true;
    while (holds && world_step(world, until_ms)) {
        holds = world_holds(world, false);
    }
    return holds && world_holds(world, false);
}

static bool people_speak(const struct world *world)
{
    for (size_t i = 0; i < world->packet_count; i++) {
        if (world->packets[i].channel) {
            return true;
        }
    }
    return false;
}

/* Calm, until all that people and channels say has been said, or a minute of it; then everything
 * must be through within the bound. */
static bool end_play(struct playing *playing)
{
    struct world *world = playing->world;
    world_calm(world);
    const uint64_t calm_ms = world->now_ms;
    uint64_t until = calm_ms + playing->plan->quiet_ms;
    bool holds = run_on(world, until);
    while (holds && people_speak(world) && world->now_ms < calm_ms + SAID_MS) {
        holds = run_on(world, world->now_ms + LOOK_MS);
    }
    until = world->now_ms + BOUND_MS;
    while (holds && world->now_ms < until && !world_is_drained(world)) {
        holds = run_on(world, world->now_ms + LOOK_MS);
    }
    return holds && world_drained(world, true);
}

static bool forum_load(struct world *world)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_why why = {0};
    char csv[512];
    int at = snprintf(csv, sizeof csv,
                      "id,name,level,mode,seats\nrsf,Samordnande forum,samordnande,aktiverat,\"");
    for (unsigned i = 0; i < sim_orgs_of(world->agent_count); i++) {
        at += snprintf(csv + at, sizeof csv - (size_t)at, "%s%s:tib%s", i == 0 ? "" : ";",
                       sim_orgs[i], i % 2 == 0 ? ",~kib" : ",kommundirektor via tib");
    }
    (void)snprintf(csv + at, sizeof csv - (size_t)at, "\"\n");
    sb_record_set_text(args, SB_FIELD_CSV, csv);
    const enum sb_err err = world_order(world, "forum-load", args, &why);
    free(args);
    return err == SB_ERR_OK;
}

static bool play(struct playing *playing, struct day *day)
{
    const struct plan *plan = playing->plan;
    struct world *world = playing->world;
    for (unsigned i = 0; i < plan->agents; i++) {
        sim_roster(&world->agent[i].roster, strcmp(sim_agents[i], "ekero") != 0);
    }
    bool holds = forum_load(world);
    SB_ASSERT(holds);
    for (unsigned i = 0; i < plan->agents; i++) {
        sim_declare(world, i);
    }
    for (unsigned i = 0; holds && i < plan->step_count; i++) {
        if (plan->step[i].left_out) {
            continue;
        }
        holds = run_on(world, plan->step[i].at_ms);
        if (holds) {
            step_do(playing, i);
            world->moved = -1;
            holds = world_holds(world, false);
            day->steps++;
        }
    }
    return holds && run_on(world, plan->day_ms) && end_play(playing);
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
        day->reached += sb_log_get(txn, index, &row)
                        && sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK
                        && event.kind->kind == SB_KIND_REACHED;
    }
    sb_store_abort(world->broker_store, txn);
    day->events = end - 1;
}

void day_play(const struct plan *plan, enum day_print print, struct day *ret_day)
{
    struct world *world = world_new(plan->seed, sim_agents, plan->agents);
    struct playing playing = {.plan = plan,
                              .world = world,
                              .people = (plan->seed + 7) * 0x9e3779b97f4a7c15ull,
                              .print = print};
    struct day day = {.holds = false};
    if (plan->window[0] > 0) {
        world_windows(world, plan->window[0], plan->window[1]);
    }
    world->context = &playing;
    world->on_attempt = on_attempt;
    world->on_trace = on_trace;
    world->delay_max_ms = plan->delay_max_ms;
    world->loss = plan->loss;
    world->twice = plan->twice;
    world->overtakes = plan->overtakes;
    world->late = plan->late;
    world->late_max_ms = plan->late_max_ms;
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
    day.at_ms = world->now_ms;
    day.trace = world->trace;
    day.turns = world->turns;
    day.crashes = world->crashes;
    day.full = world->full;
    day.stores = world->stores;
    day.rogues = world->rogue_count;
    world_destroy(world);
    *ret_day = day;
}
