/* course.h: how a day or a story goes on: time runs and every step is looked at, channels and
 * people answer, and at its end all that went wrong ends and everything must come through. */
#ifndef SAMBAND_TESTS_COURSE_H
#define SAMBAND_TESTS_COURSE_H

#include "world.h"

/* Who is rung. Not `drawn`: every channel accepts at once, and people answer only where a line says
 * so. Else of a hundred attempts so many are not accepted, without an answer, answered "nej". */
struct course_people {
    bool drawn;
    unsigned silent, no, trouble;
    uint64_t random;
};

/* Their random numbers follow from the day's seed. */
void course_people_seed(struct course_people *people, uint64_t seed);
void course_attempt(struct course_people *people, struct world *world, unsigned agent,
                    const struct sb_record *attempt);
/* Runs on in virtual time. False where something does not hold: world->broken. */
bool course_run(struct world *world, uint64_t until_ms);
/* All that went wrong ends. Then it is calm for at least so long, until all that people and
 * channels say has been said; then everything must be through within two minutes. */
bool course_end(struct world *world, uint64_t quiet_ms);
/* Takes a cut for a violation: to see what is said of one, without one. False where it is one. */
bool course_false_alarm(struct world *world, const char *act);

#endif
