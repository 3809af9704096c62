/* turns.h: what the files of the simulated county share, and their users need not see. */
#ifndef SAMBAND_TESTS_TURNS_H
#define SAMBAND_TESTS_TURNS_H

#include "world.h"

#define OPERATOR_TOKEN 1u /* the one control client of the broker */
#define CHANNEL_TOKEN  8u /* an agent's samband-channel, its first life */

struct sb_now world_now(const struct world *world);
/* The same by the clocks of one end. */
struct sb_now world_now_at(const struct world *world, int end);
struct sb_entropy world_entropy(struct world *world);

/* net.c: the network. */
void world_packet_add(struct world *world, struct world_packet packet, struct sb_bytes bytes,
                      uint64_t delay_ms);
/* A link frame: lost, doubled, late or overtaking as the network is today. `agent`'s connection as
 * it is now; to the broker where `up`. */
void world_frame_add(struct world *world, unsigned agent, bool up, struct sb_bytes bytes);
/* When a packet can be taken in: its own time, or when its end is up again. */
uint64_t world_packet_due_ms(const struct world *world, const struct world_packet *packet);
/* Hands it to its end, in a turn. */
void world_packet_deliver(struct world *world, size_t position);
bool world_agent_online(const struct world *world, unsigned agent);
/* Routing tokens: the agent's position and its connection's number. */
uint64_t world_token_of(const struct world *world, unsigned agent);

/* turns.c: one turn: step, commit, effects; crashes where that was planned. */
void world_broker_turn(struct world *world, const struct sb_broker_input *input);
void world_agent_turn(struct world *world, unsigned agent, const struct sb_agent_input *input);
void world_trace_line(struct world *world, const char *actor, struct sb_bytes line);
void world_trace_add(struct world *world, const char *what, struct sb_bytes bytes);

/* A control request to the broker as `user`, signed where `signer` is given. */
enum sb_err world_ask(struct world *world, const char *user, const char *verb,
                      const struct sb_record *args, const struct sb_signer *signer,
                      struct sb_why *why);

#endif
