/* turns.h: what the files of the simulated county share, and their users need not see. */
#ifndef SAMBAND_TESTS_TURNS_H
#define SAMBAND_TESTS_TURNS_H

#include "world.h"

#define OPERATOR_TOKEN 1u /* the one control client of the broker */
#define CHANNEL_TOKEN  8u /* an agent's samband-channel, its first life */

struct sb_now world_now(const struct world *world);
struct sb_entropy world_entropy(struct world *world);
void world_packet_add(struct world *world, struct world_packet packet, struct sb_bytes bytes,
                      uint64_t delay_ms);
/* One turn of the broker: step, commit, effects; crashes where that was planned. */
void world_broker_turn(struct world *world, const struct sb_broker_input *input);
/* A control request to the broker as `user`, signed where `signer` is given. */
enum sb_err world_ask(struct world *world, const char *user, const char *verb,
                      const struct sb_record *args, const struct sb_signer *signer,
                      struct sb_why *why);

#endif
