/* rogue.h: what the parts of the rogue agent share: an enrolled agent's keys, a CURVE socket of its
 * own (it must be able to send what the loop never would) and a deadline. */
#ifndef SAMBAND_TESTS_ROGUE_H
#define SAMBAND_TESTS_ROGUE_H

#include "agent_keys.h"

struct sb_rogue {
    struct sb_agent_config config;
    struct sb_agent_keys keys;
    void *context, *socket;
    uint64_t deadline_ms; /* mono: when waiting ends and the run has failed */
};

struct sb_now sb_rogue_now(void);
void sb_rogue_entropy(struct sb_entropy *ret_entropy);
/* One message of `count` frames, each with these bytes. */
bool sb_rogue_send(struct sb_rogue *rogue, struct sb_bytes bytes, int count);
/* True, and the message in `buf`, where one came within `wait_ms`. */
bool sb_rogue_take(struct sb_rogue *rogue, long wait_ms, struct sb_buf *buf);
/* "refused not-allowed: the sentence", one line. */
void sb_rogue_print_refusal(enum sb_err err, struct sb_bytes sentence);

/* rogue_events.c: plays a whole session with the real link over a log of its own making. Each word
 * is an event of its table, NAME or NAME=EVENT:SEAT. Prints "up", a line per verdict that came back
 * and "receipted N". Ends well once every event is receipted and every bad one has its verdict. */
int sb_rogue_session(struct sb_rogue *rogue, char **words, int count);

/* rogue_flood.c: floods for so many seconds with one kind of its table, telling twice a second how
 * many frames (or connections) it has got rid of. */
int sb_rogue_flood(struct sb_rogue *rogue, const char *state, const char *name,
                   const char *seconds);

#endif
