/* ask.h: an operator of the bench and of the fault tests: opens a profile that "samband-broker
 * init" or an enrolment made, asks one verb at a time and waits for its reply. Not for production
 * code. */
#ifndef BENCH_ASK_H
#define BENCH_ASK_H

#include "samband/control.h"
#include "samband/loop.h"

struct asker {
    struct sb_loop *loop;
    struct sb_signer signer;
    bool local; /* an agent's socket: nothing is signed */
    uint64_t wait_ms;
};

/* It waits `wait_ms` for each answer. False and `why`, and the asker needs no closing. */
bool asker_open(struct asker *asker, const char *profile, uint64_t wait_ms, struct sb_why *why);
/* The same for a duty officer, over an agent's own control socket. */
bool asker_open_local(struct asker *asker, const char *path, uint64_t wait_ms, struct sb_why *why);
void asker_close(struct asker *asker);

/* A reply whose rows were copied out. */
struct asked {
    enum sb_err err;
    struct sb_buf rows;
};
void asked_init(struct asked *asked);
void asked_finish(struct asked *asked);

/* Asks and waits. False and `why` on silence and on a refusal; then asked->err tells them apart
 * (NO_CONTACT: silence). `asked` is emptied first. */
bool asker_ask(struct asker *asker, const char *verb, const struct sb_record *args,
               struct asked *asked, struct sb_why *why);
/* The same under an id of the caller's: after a silence it may be asked again under the same one.
 */
bool asker_ask_as(struct asker *asker, const uint8_t id[SB_REQUEST_ID_SIZE], const char *verb,
                  const struct sb_record *args, struct asked *asked, struct sb_why *why);
/* The first row; false where there is none. Borrowed from `asked`. */
bool asked_row(const struct asked *asked, struct sb_record *ret_row);

#endif
