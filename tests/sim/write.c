/* write.c: passes every operation on to the store's transaction and notes what was written. */
#include "write.h"

#include <string.h>

#define ALERTS_SIZE_MAX 8192u /* of keys noted in a turn; the rest is looked at at intervals */

static_assert(SB_TABLE_COUNT <= 32, "a bit for each table");

uint64_t sim_mix(uint64_t hash, struct sb_bytes bytes)
{
    const uint64_t prime = 0x9e3779b97f4a7c15ull;
    size_t at = 0;
    hash ^= bytes.size * prime;
    for (; at + 8 <= bytes.size; at += 8) {
        hash = (hash ^ sb_be64_read(bytes.at + at)) * prime;
        hash ^= hash >> 29;
    }
    uint64_t rest = 0;
    for (; at < bytes.size; at++) {
        rest = rest << 8 | bytes.at[at];
    }
    hash = (hash ^ rest) * prime;
    return hash ^ hash >> 32;
}

static struct world_writes *writes_of(struct sb_txn *txn)
{
    return (struct world_writes *)(void *)txn;
}

static void note(struct world_writes *writes, enum sb_table table, struct sb_bytes key,
                 struct sb_bytes value)
{
    writes->tables |= 1u << (unsigned)table;
    writes->hash = sim_mix(sim_mix(writes->hash + (unsigned)table, key), value);
    if (table == SB_TABLE_TX) {
        writes->tx_lanes |= 1u << (key.at[0] & 31u);
    }
    if (table == SB_TABLE_ALERT && key.size < 256
        && writes->alerts.size + key.size < ALERTS_SIZE_MAX) {
        sb_buf_add_byte(&writes->alerts, (uint8_t)key.size);
        sb_buf_add(&writes->alerts, key);
    }
}

static bool on_get(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                   struct sb_bytes *ret)
{
    return sb_txn_get(writes_of(txn)->inner, table, key, ret);
}

static void on_put(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                   struct sb_bytes value)
{
    note(writes_of(txn), table, key, value);
    sb_txn_put(writes_of(txn)->inner, table, key, value);
}

static void on_del(struct sb_txn *txn, enum sb_table table, struct sb_bytes key)
{
    note(writes_of(txn), table, key, sb_bytes(NULL, 0));
    sb_txn_del(writes_of(txn)->inner, table, key);
}

static bool on_seek(struct sb_txn *txn, enum sb_table table, struct sb_bytes from,
                    struct sb_bytes *ret_key, struct sb_bytes *ret_value)
{
    return sb_txn_seek(writes_of(txn)->inner, table, from, ret_key, ret_value);
}

static const struct sb_txn_ops ops = {.get = on_get, .put = on_put, .del = on_del, .seek = on_seek};

void world_writes_init(struct world_writes *writes)
{
    *writes = (struct world_writes){.base = {.ops = &ops}};
    sb_buf_init(&writes->alerts, ALERTS_SIZE_MAX);
}

void world_writes_finish(struct world_writes *writes)
{
    sb_buf_finish(&writes->alerts);
}

struct sb_txn *world_txn_begin(struct world_writes *writes, struct sb_store *store)
{
    struct sb_why why = {0};
    writes->base = (struct sb_txn){.ops = &ops};
    writes->tables = writes->tx_lanes = 0;
    writes->hash = 0;
    sb_buf_clear(&writes->alerts);
    writes->inner = sb_store_begin(store, &why);
    SB_ASSERT(writes->inner != NULL);
    return &writes->base;
}

enum sb_err world_txn_commit(struct world_writes *writes, struct sb_store *store,
                             struct sb_why *why)
{
    writes->inner->damages += writes->base.damages;
    writes->inner->damage = writes->base.damage;
    return sb_store_commit(store, writes->inner, why);
}

void world_txn_abort(struct world_writes *writes, struct sb_store *store)
{
    sb_store_abort(store, writes->inner);
}
