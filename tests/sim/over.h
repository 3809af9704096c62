/* over.h: what the files that look at alerts share. */
#ifndef SAMBAND_TESTS_OVER_H
#define SAMBAND_TESTS_OVER_H

#include "world.h"

bool sim_event_find(struct sb_txn *txn, const struct sb_hash *id, struct sb_event *ret_event);
/* What is recalled, ended or superseded, as an end's log says. `agent` WORLD_AGENTS_MAX: the
 * centre. */
const struct world_silenced *world_silenced_look(struct world *world, unsigned agent,
                                                 struct sb_txn *txn);
bool world_is_over(const struct world_silenced *silenced, const struct sb_event *event,
                   const struct sb_seat *seat);
/* Calls for each alert's row until one says no. */
bool sim_alerts_each(struct sb_txn *own,
                     bool (*holds)(struct sb_txn *own, struct sb_bytes key,
                                   const struct sb_record *row, void *with),
                     void *with);

#endif
