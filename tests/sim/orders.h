/* orders.h: what people do on a random day of the simulated county, said as a story says it and
 * done as it is said (tell.h). */
#ifndef SAMBAND_TESTS_ORDERS_H
#define SAMBAND_TESTS_ORDERS_H

#include "world.h"

#define SIM_AGENTS     5
#define SIM_SAID_SIZE  200
#define SIM_TEXT_TIMES 600 /* of a sentence: almost as long as a text may be */

extern const char *const sim_agents[SIM_AGENTS];
extern const char *const sim_orgs[SIM_AGENTS + 1];
/* The first organisation of an agent, and how many the first `agents` serve. */
const char *sim_org(int agent);
unsigned sim_orgs_of(unsigned agents);

/* The lines of an agent's roster: six people with functions tib and kib; without functions where
 * not `staffed`. */
typedef void sim_line(void *context, const char *line);
void sim_roster_say(const char *agent, bool staffed, sim_line *line, void *context);
/* "taby mandate tib samordnande": as every organisation declares it. */
void sim_mandate_say(const char *org, sim_line *line, void *context);
/* TiB does something, in one of the realms: a refusal is an answer too, a recall of nothing, say.
 * `said`: as a story says it. */
void sim_order(struct world *world, uint64_t *random, char said[SIM_SAID_SIZE]);
/* Somebody does something at an agent: a report, a note, an answer at the command line. */
void sim_local(struct world *world, unsigned agent, uint64_t *random, char said[SIM_SAID_SIZE]);

#endif
