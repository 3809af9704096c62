/* watch.c: stands between a transaction and its user. One transaction at a time. */
#include "watch.h"

static const struct sb_txn_ops *watched; /* the store's own */
static watch_may *may_change;
static unsigned changes;

static void watch_note(enum sb_table table, struct sb_bytes key)
{
    changes += may_change(table, key) ? 0u : 1u;
}

static void watch_put(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                      struct sb_bytes value)
{
    watch_note(table, key);
    watched->put(txn, table, key, value);
}

static void watch_del(struct sb_txn *txn, enum sb_table table, struct sb_bytes key)
{
    watch_note(table, key);
    watched->del(txn, table, key);
}

static bool watch_get(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                      struct sb_bytes *ret)
{
    return watched->get(txn, table, key, ret);
}

static bool watch_seek(struct sb_txn *txn, enum sb_table table, struct sb_bytes from,
                       struct sb_bytes *ret_key, struct sb_bytes *ret_value)
{
    return watched->seek(txn, table, from, ret_key, ret_value);
}

void watch_begin(struct sb_txn *txn, watch_may *may)
{
    static const struct sb_txn_ops watching = {
        .get = watch_get, .put = watch_put, .del = watch_del, .seek = watch_seek};
    watched = txn->ops;
    may_change = may;
    changes = 0;
    txn->ops = &watching;
}

unsigned watch_changes(void)
{
    unsigned count = changes;
    changes = 0;
    return count;
}

void watch_end(struct sb_txn *txn)
{
    txn->ops = watched;
}
