/* course.c: the course of a day and of a story. What happens in it is the plan's or the story's to
 * say. */
#include "course.h"

#include "faults.h"

#include <stdlib.h>
#include <string.h>

#define BOUND_MS 120000u /* by then after the last fault all is through, or it never will be */
#define LOOK_MS  4000u   /* between two looks whether it is */
#define SAID_MS  60000u  /* people and channels say all that they have to say within it */

void course_people_seed(struct course_people *people, uint64_t seed)
{
    people->random = (seed + 7) * 0x9e3779b97f4a7c15ull;
}

/* The channel's result. */
static unsigned result_tell(struct course_people *people, struct world *world, unsigned agent,
                            struct sb_bytes key)
{
    static const unsigned results[] = {SB_RESULT_RETRY, SB_RESULT_FAILED};
    unsigned result = SB_RESULT_ACCEPTED;
    uint64_t after_ms = 1;
    if (people->drawn) {
        const bool trouble = sim_random(&people->random, 100) < people->trouble;
        result = trouble ? results[sim_random(&people->random, 2)] : SB_RESULT_ACCEPTED;
        world->tally[WORLD_TALLY_TROUBLE] += trouble;
        after_ms = 1 + sim_random(&people->random, 2000);
    }
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_bytes(args, SB_FIELD_ATTEMPT, key);
    sb_record_set_number(args, SB_FIELD_RESULT, result);
    world_local(world, agent, "result", args, after_ms);
    free(args);
    return result;
}

/* The duty officer's answer, or that it came only. */
static void answer_tell(struct course_people *people, struct world *world, unsigned agent,
                        struct sb_bytes key)
{
    static const unsigned noes[] = {SB_ANSWER_NO, SB_ANSWER_NO, SB_ANSWER_DEPUTY};
    uint64_t *random = &people->random;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_bytes(args, SB_FIELD_ATTEMPT, key);
    const bool no = sim_random(random, 100) < people->no;
    world->tally[WORLD_TALLY_NO] += no;
    sb_record_set_number(args, SB_FIELD_ANSWER, no ? noes[sim_random(random, 3)] : SB_ANSWER_YES);
    if (sim_random(random, 5) == 0) { /* kvittens only */
        sb_record_unset(args, SB_FIELD_ANSWER);
        sb_record_set_text(args, SB_FIELD_FUNCTION, "tib");
    }
    world_local(world, agent, "fact", args, 2001 + sim_random(random, 30000));
    free(args);
}

void course_attempt(struct course_people *people, struct world *world, unsigned agent,
                    const struct sb_record *attempt)
{
    const struct sb_bytes key = sb_record_bytes(attempt, SB_FIELD_ATTEMPT);
    if (result_tell(people, world, agent, key) != SB_RESULT_ACCEPTED || !people->drawn) {
        return;
    }
    if (sim_random(&people->random, 100) < people->silent) {
        world->tally[WORLD_TALLY_SILENT]++;
    } else {
        answer_tell(people, world, agent, key);
    }
}

bool course_run(struct world *world, uint64_t until_ms)
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

bool course_end(struct world *world, uint64_t quiet_ms)
{
    world_calm(world);
    const uint64_t calm_ms = world->now_ms;
    bool holds = course_run(world, calm_ms + quiet_ms);
    while (holds && people_speak(world) && world->now_ms < calm_ms + SAID_MS) {
        holds = course_run(world, world->now_ms + LOOK_MS);
    }
    const uint64_t bound_ms = world->now_ms + BOUND_MS;
    while (holds && world->now_ms < bound_ms && !world_is_drained(world)) {
        holds = course_run(world, world->now_ms + LOOK_MS);
    }
    return holds && world_drained(world, true);
}

bool course_false_alarm(struct world *world, const char *act)
{
    return strncmp(act, "cut ", 4) != 0
           || world_break(world, WORLD_PROGRESS, "a cut, which was said to be a violation");
}
