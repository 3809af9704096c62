/* store.c: the rules that both stores share: one transaction at a time, and it ends exactly once.
 * Knows nothing of how records are kept. */
#include "store_ops.h"

void sb_store_close(struct sb_store *store)
{
    if (!store) {
        return;
    }
    if (store->open) {
        sb_store_abort(store, store->open);
    }
    store->ops->close(store);
}

void sb_store_set_quota(struct sb_store *store, uint64_t bytes)
{
    if (store->ops->set_quota != NULL) {
        store->ops->set_quota(store, bytes);
    }
}

static struct sb_txn *store_begin(struct sb_store *store, bool write, struct sb_why *why)
{
    SB_ASSERT(!store->open);
    store->open = store->ops->begin(store, write, why);
    return store->open;
}

struct sb_txn *sb_store_begin(struct sb_store *store, struct sb_why *why)
{
    return store_begin(store, true, why);
}

struct sb_txn *sb_store_begin_read(struct sb_store *store, struct sb_why *why)
{
    return store_begin(store, false, why);
}

enum sb_err sb_store_commit(struct sb_store *store, struct sb_txn *txn, struct sb_why *why)
{
    SB_ASSERT(txn && store->open == txn);
    store->open = NULL;
    return store->ops->commit(store, txn, why);
}

void sb_store_abort(struct sb_store *store, struct sb_txn *txn)
{
    SB_ASSERT(txn && store->open == txn);
    store->open = NULL;
    store->ops->abort(store, txn);
}

bool sb_store_changed(const struct sb_store *store, const struct sb_txn *txn)
{
    SB_ASSERT(txn && store->open == txn);
    return store->ops->changed(txn);
}
