/* orders.h: what people do on a random day of the simulated county. */
#ifndef SAMBAND_TESTS_ORDERS_H
#define SAMBAND_TESTS_ORDERS_H

#include "world.h"

/* Six people with functions tib and kib; nobody where not `staffed`. */
void sim_roster(struct sb_roster *roster, bool staffed);
/* The agent's organisations declare TiB's mandate. */
void sim_declare(struct world *world, unsigned agent);
/* TiB does something, in one of the realms: a refusal is an answer too, a recall of nothing, say.
 */
void sim_order(struct world *world, struct sb_record *args);
/* Somebody does something at an agent: a report, a note, an answer at the command line. */
void sim_local(struct world *world, unsigned agent);

#endif
