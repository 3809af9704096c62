/* store_ops.h: what a store is to store.c, inside this folder and for its unit tests. A kind of
 * store begins its structure with struct sb_store and answers these operations; store.c checks the
 * rules that all of them share (one transaction at a time). */
#ifndef SAMBAND_STORE_OPS_H
#define SAMBAND_STORE_OPS_H

#include "samband/store.h"

#define SB_STORE_KEY_SIZE_MAX 500 /* txn.h's promise; LMDB's own limit is 511 */

struct sb_store_ops {
    void (*close)(struct sb_store *store);
    struct sb_txn *(*begin)(struct sb_store *store, bool write, struct sb_why *why);
    /* Frees the transaction on every path. */
    enum sb_err (*commit)(struct sb_store *store, struct sb_txn *txn, struct sb_why *why);
    void (*abort)(struct sb_store *store, struct sb_txn *txn);
    bool (*changed)(const struct sb_txn *txn);
    void (*set_quota)(struct sb_store *store, uint64_t bytes); /* NULL: it has none */
};

struct sb_store {
    const struct sb_store_ops *ops;
    struct sb_txn *open; /* the one transaction, or NULL */
};

/* Sizes that a test may make small. */
struct sb_store_limits {
    uint64_t map_bytes;
    uint64_t quota_bytes;
};

struct sb_store *sb_store_open_lmdb_limited(const char *path, bool read_only,
                                            const struct sb_store_limits *limits,
                                            enum sb_err *ret_err, struct sb_why *why);

#endif
