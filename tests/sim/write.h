/* write.h: a transaction that notes what a turn writes, around a store's own: so that a step is
 * checked for what it moved, its commit goes into the trace hash, and a full disk refuses only who
 * writes. Decides nothing. */
#ifndef SAMBAND_TESTS_WRITE_H
#define SAMBAND_TESTS_WRITE_H

#include "samband/store.h"

struct world_writes {
    struct sb_txn base; /* first: what the core gets */
    struct sb_txn *inner;
    uint32_t tables;      /* a bit each that was written to */
    uint32_t tx_lanes;    /* of TX: a bit each lane */
    uint64_t hash;        /* of every put and del, in order */
    struct sb_buf alerts; /* keys of ALERT, each after its size as a byte; not all of very many */
};

void world_writes_init(struct world_writes *writes);
void world_writes_finish(struct world_writes *writes);
/* One at a time on each store, as sb_store_begin. */
struct sb_txn *world_txn_begin(struct world_writes *writes, struct sb_store *store);
enum sb_err world_txn_commit(struct world_writes *writes, struct sb_store *store,
                             struct sb_why *why) SB_MUST_CHECK;
void world_txn_abort(struct world_writes *writes, struct sb_store *store);
static inline bool world_wrote(const struct world_writes *writes, enum sb_table table)
{
    return (writes->tables & (1u << (unsigned)table)) != 0;
}

/* Adds bytes to a running hash; not one that withstands anybody. */
uint64_t sim_mix(uint64_t hash, struct sb_bytes bytes);

#endif
