/* stage.h: for targets in which the broker's core acts: a founded county with its real register and
 * forums, operators of each role, an agent of taby's that is a fake peer, and a turn that looks at
 * all that leaves it. The same beginning every time. */
#ifndef SAMBAND_TESTS_FUZZ_STAGE_H
#define SAMBAND_TESTS_FUZZ_STAGE_H

#include "broker_agents.h"
#include "fake.h"
#include "forge.h"
#include "fuzz.h"

#define STAGE_PEER 500 /* the fake agent's token at the broker */

struct stage {
    struct county *county;
    struct fake agent;
    bool greeted;
};

void stage_destroy(struct stage *stage);
struct stage *stage_new(void);

/* A request from `user`; its reply was read, and a refused one has changed nothing. */
enum sb_err stage_request(struct stage *stage, const struct sb_name *user, struct sb_bytes bytes);
/* The same, made of a verb and arguments and signed. */
enum sb_err stage_ask(struct stage *stage, const struct person *person, const char *verb,
                      const struct sb_record *args, struct sb_buf *ret_bytes);
/* What the fake agent has to say, and what the broker answers, until both are silent. */
void stage_exchange(struct stage *stage);
void stage_frame(struct stage *stage, const char *user, struct sb_bytes bytes);
void stage_tick(struct stage *stage, uint64_t ms);
/* The id of the event that is `back` before the newest. False where there is none. */
bool stage_event(struct stage *stage, unsigned back, struct sb_hash *ret_id);
/* No fault in the store, and every list can be read. */
void stage_end(struct stage *stage);

#endif
