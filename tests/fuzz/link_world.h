/* link_world.h: for target_link.c: the two ends (linked.h), played with what the input says. Where
 * linked.h expects frames to be good, this does not. */
#ifndef SAMBAND_TESTS_FUZZ_LINK_WORLD_H
#define SAMBAND_TESTS_FUZZ_LINK_WORLD_H

#include "../../proto/link/rows.h"
#include "forge.h"
#include "fuzz.h"
#include "linked.h"

struct play {
    struct pair *pair;
    struct sb_store *kept[2]; /* of the broker, of the agent; NULL: none */
    unsigned published;
    bool lied; /* frames were made up or changed, or a store came back */
};

/* The same beginning every time: two empty stores, no session. */
void play_destroy(struct play *play);
struct play *play_new(void);

/* Into an inbox; lost where it is full. */
void play_send(struct end *to, struct sb_bytes bytes);
/* As linked.h's turn(), but frames may be anything, and what a refused one changes is looked at.
 * What arrives is judged in the same turn, as the cores do. */
void play_turn(struct end *end, enum crash how);
void play_open(struct play *play); /* the agent greets */

/* A frame to `to`, of the type, session, positions and entries that the input chooses: near to what
 * would be right. */
void play_forge_frame(struct play *play, struct end *to, struct fuzz_input *input);
/* One entry to `to` that follows in a stream's chain, with an event that the input makes. */
void play_forge_entry(struct play *play, struct end *to, struct fuzz_input *input);

/* No more lies: a new session, until nothing is under way; then what must hold. */
void play_end(struct play *play);

#endif
