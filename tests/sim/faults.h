/* faults.h: what can go wrong in the simulated county, by the word with which a story says it:
 * `at 5s WORD broker|ORG [NUMBER]`. The swarm draws from the same table. */
#ifndef SAMBAND_TESTS_FAULTS_H
#define SAMBAND_TESTS_FAULTS_H

#include "world.h"

/* A day has each family or has it not: what hides behind another is found as well. */
enum world_family {
    WORLD_FAMILY_CRASH,
    WORLD_FAMILY_LINK,
    WORLD_FAMILY_PAUSE,
    WORLD_FAMILY_DISK,
    WORLD_FAMILY_CHANNEL,
    WORLD_FAMILY_ROGUE,
    WORLD_FAMILY_STORE,
    WORLD_FAMILY_COUNT,                     /* what a day of the swarm may have */
    WORLD_FAMILY_CLOCK = WORLD_FAMILY_COUNT /* in stories only */
};

struct world_fault {
    const char *word;
    enum world_family family;
    bool at_broker, at_agent;
    uint64_t number_max; /* 0: it has no number */
    unsigned weight;     /* in the swarm, within its family */
    void (*act)(struct world *world, int agent, uint64_t number);
    const char *what;
};

extern const struct world_fault world_faults[];
extern const unsigned world_fault_count;

/* NULL where no fault is called so. */
const struct world_fault *world_fault_find(const char *word);
/* All faults end: connected, running, with room, and nothing is planned any more. */
void world_calm(struct world *world);

#endif
