/* peers.h: the agents as this process sees them: sessions, and who is dark since when. Volatile;
 * made anew from the table AGENT at start. Private to broker/core. */
#ifndef SAMBAND_BROKER_PEERS_H
#define SAMBAND_BROKER_PEERS_H

#include "turn.h"

/* Once a process, before anything else: every enrolled agent is listened for from now on. */
void sb_peers_start(struct sb_broker_turn *turn);
void sb_peers_destroy(struct sb_broker *broker);

/* NULL where there is none. */
struct sb_peer *sb_peer_find(const struct sb_broker *broker, const struct sb_name *agent);
/* The one of that name, made where there is none (a new agent is listened for from `now`). */
struct sb_peer *sb_peer_get(struct sb_broker *broker, const struct sb_name *agent,
                            struct sb_now now);

/* A frame came: notes the time, and in the log that a dark one is back. */
void sb_peer_heard(struct sb_broker_turn *turn, struct sb_peer *peer);
/* Ends its session, if any; nothing is sent. */
void sb_peer_close(struct sb_peer *peer);
/* The peer behind `from` can no longer be reached. */
void sb_peers_gone(struct sb_broker *broker, uint64_t from);
/* Marks those dark that were not heard for dark_after_ms. */
void sb_peers_watch(struct sb_broker_turn *turn);
uint64_t sb_peers_deadline_ms(const struct sb_broker *broker);

#endif
