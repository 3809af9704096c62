/* watch.h: watches the receipts of an event arrive in the store of a running broker, from beside
 * it: what a reader of an LMDB environment sees is committed and synced, and the broker does
 * nothing for it. */
#ifndef BENCH_WATCH_H
#define BENCH_WATCH_H

#include "samband/link.h"
#include "samband/store.h"

#define WATCH_STREAMS_MAX 256

struct watch {
    struct sb_store *store;
    struct watched {
        struct sb_name agent, org;
    } streams[WATCH_STREAMS_MAX];
    size_t count;
    /* Of the event that is watched. */
    unsigned lane;
    uint64_t index;
    size_t held; /* the first so many are known to hold it: held once is held */
};

/* Opens the broker's store for reading. False and `why`, and there is nothing to close. */
bool watch_open(struct watch *watch, const char *store, struct sb_why *why);
void watch_close(struct watch *watch);

/* From now on this event, which the broker has answered for, and the agents enrolled by now. */
bool watch_event(struct watch *watch, const struct sb_hash *id, struct sb_why *why);
/* True once every stream holds it. A store that cannot be read shows nothing held. */
bool watch_all_hold(struct watch *watch);

#endif
