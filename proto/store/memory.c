/* memory.c: a store in memory, for the simulator and for units. Per table one array of rows in the
 * order of keys; a write transaction changes it in place and notes what was there before, so that
 * an abort (the simulator's crash before the commit) puts everything back. Keeps nothing on disk
 * and is not for daemons: an insert in the middle moves the rows behind it. */
#include "store_ops.h"

#include <stdlib.h>
#include <string.h>

struct row {
    size_t key_size;
    size_t value_size;
    uint8_t bytes[]; /* key, then value */
};

struct table {
    struct row **at;
    size_t count;
    size_t room;
};

/* What a put or del replaced. `row` is the former row, or, where there was none, one with the key
 * alone. */
struct undo {
    enum sb_table table;
    bool was_absent;
    struct row *row;
};

struct memory_txn {
    struct sb_txn base; /* first */
    struct memory *memory;
    bool write;
    struct undo *undo;
    size_t undo_count;
    size_t undo_room;
    enum sb_err sticky; /* FULL where a value was larger than a row may be */
};

struct memory {
    struct sb_store base; /* first */
    struct table tables[SB_TABLE_COUNT];
    struct memory_txn txn;
};

static struct row *row_new(struct sb_bytes key, struct sb_bytes value)
{
    struct row *row = sb_alloc(1, sizeof *row + key.size + value.size);
    row->key_size = key.size;
    row->value_size = value.size;
    if (key.size > 0) {
        memcpy(row->bytes, key.at, key.size);
    }
    if (value.size > 0) {
        memcpy(row->bytes + key.size, value.at, value.size);
    }
    return row;
}

static struct sb_bytes row_key(const struct row *row)
{
    return sb_bytes(row->bytes, row->key_size);
}

static struct sb_bytes row_value(const struct row *row)
{
    return sb_bytes(row->bytes + row->key_size, row->value_size);
}

/* Index of the first row whose key is >= key. */
static size_t table_find(const struct table *table, struct sb_bytes key)
{
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sb_bytes_compare(row_key(table->at[middle]), key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool table_has(const struct table *table, size_t index, struct sb_bytes key)
{
    return index < table->count && sb_bytes_equal(row_key(table->at[index]), key);
}

/* Puts `row` (taken) in; hands back the row it replaced, or NULL. */
static struct row *memory_set(struct memory *memory, enum sb_table which, struct row *row)
{
    struct table *table = &memory->tables[which];
    size_t index = table_find(table, row_key(row));
    if (table_has(table, index, row_key(row))) {
        struct row *old = table->at[index];
        table->at[index] = row;
        return old;
    }
    table->at = sb_alloc_more(table->at, table->count, &table->room, sizeof *table->at);
    memmove(&table->at[index + 1], &table->at[index], (table->count - index) * sizeof *table->at);
    table->at[index] = row;
    table->count++;
    return NULL;
}

/* Takes the row of `key` out and hands it back, or NULL. */
static struct row *memory_unset(struct memory *memory, enum sb_table which, struct sb_bytes key)
{
    struct table *table = &memory->tables[which];
    size_t index = table_find(table, key);
    if (!table_has(table, index, key)) {
        return NULL;
    }
    struct row *old = table->at[index];
    table->count--;
    memmove(&table->at[index], &table->at[index + 1], (table->count - index) * sizeof *table->at);
    return old;
}

static struct memory_txn *txn_of(struct sb_txn *txn)
{
    return (struct memory_txn *)txn;
}

static void txn_note(struct memory_txn *txn, enum sb_table table, bool was_absent, struct row *row)
{
    txn->undo = sb_alloc_more(txn->undo, txn->undo_count, &txn->undo_room, sizeof *txn->undo);
    txn->undo[txn->undo_count++] =
        (struct undo){.table = table, .was_absent = was_absent, .row = row};
}

static void key_check(struct sb_bytes key)
{
    SB_ASSERT(key.size > 0 && key.size <= SB_STORE_KEY_SIZE_MAX);
}

static bool memory_get(struct sb_txn *base, enum sb_table which, struct sb_bytes key,
                       struct sb_bytes *ret)
{
    key_check(key);
    const struct table *table = &txn_of(base)->memory->tables[which];
    size_t index = table_find(table, key);
    if (!table_has(table, index, key)) {
        return false;
    }
    *ret = row_value(table->at[index]);
    return true;
}

/* The former row lives on in the undo list until the transaction ends, so key and value may be
 * borrowed from this very table. */
static void memory_put(struct sb_txn *base, enum sb_table which, struct sb_bytes key,
                       struct sb_bytes value)
{
    struct memory_txn *txn = txn_of(base);
    key_check(key);
    SB_ASSERT(txn->write);
    if (value.size > SB_ROW_SIZE_MAX) {
        txn->sticky = SB_ERR_FULL;
        return;
    }
    struct row *old = memory_set(txn->memory, which, row_new(key, value));
    if (old) {
        txn_note(txn, which, false, old);
    } else {
        txn_note(txn, which, true, row_new(key, sb_bytes(NULL, 0)));
    }
}

static void memory_del(struct sb_txn *base, enum sb_table which, struct sb_bytes key)
{
    struct memory_txn *txn = txn_of(base);
    key_check(key);
    SB_ASSERT(txn->write);
    struct row *old = memory_unset(txn->memory, which, key);
    if (old) {
        txn_note(txn, which, false, old);
    }
}

static bool memory_row(const struct table *table, size_t index, struct sb_bytes *ret_key,
                       struct sb_bytes *ret_value)
{
    if (index >= table->count) {
        return false;
    }
    *ret_key = row_key(table->at[index]);
    *ret_value = row_value(table->at[index]);
    return true;
}

static bool memory_seek(struct sb_txn *base, enum sb_table which, struct sb_bytes from,
                        struct sb_bytes *ret_key, struct sb_bytes *ret_value)
{
    const struct table *table = &txn_of(base)->memory->tables[which];
    return memory_row(table, table_find(table, from), ret_key, ret_value);
}

static const struct sb_txn_ops memory_txn_ops = {
    .get = memory_get,
    .put = memory_put,
    .del = memory_del,
    .seek = memory_seek,
};

static struct sb_txn *memory_begin(struct sb_store *store, bool write, struct sb_why *why)
{
    (void)why; /* memory is always there */
    struct memory *memory = (struct memory *)store;
    memory->txn.base = (struct sb_txn){.ops = &memory_txn_ops};
    memory->txn.memory = memory;
    memory->txn.write = write;
    memory->txn.sticky = SB_ERR_OK;
    SB_ASSERT(memory->txn.undo_count == 0);
    return &memory->txn.base;
}

/* Newest first: each step meets exactly the table that it once left. */
static void memory_abort(struct sb_store *store, struct sb_txn *base)
{
    struct memory *memory = (struct memory *)store;
    struct memory_txn *txn = txn_of(base);
    while (txn->undo_count > 0) {
        struct undo undo = txn->undo[--txn->undo_count];
        if (undo.was_absent) {
            free(memory_unset(memory, undo.table, row_key(undo.row)));
            free(undo.row);
        } else {
            free(memory_set(memory, undo.table, undo.row));
        }
    }
}

static enum sb_err memory_commit(struct sb_store *store, struct sb_txn *base, struct sb_why *why)
{
    struct memory_txn *txn = txn_of(base);
    if (sb_txn_damages(base) > 0) {
        memory_abort(store, base);
        return sb_why_pass(why, SB_ERR_CORRUPT, &base->damage);
    }
    if (txn->sticky != SB_ERR_OK) {
        memory_abort(store, base);
        return sb_why_set(why, SB_ERR_FULL, "a record is larger than the %d bytes it may have",
                          SB_ROW_SIZE_MAX);
    }
    for (size_t i = 0; i < txn->undo_count; i++) {
        free(txn->undo[i].row);
    }
    txn->undo_count = 0;
    return SB_ERR_OK;
}

static bool memory_changed(const struct sb_txn *base)
{
    return ((const struct memory_txn *)base)->undo_count > 0;
}

static void memory_close(struct sb_store *store)
{
    struct memory *memory = (struct memory *)store;
    for (size_t i = 0; i < SB_TABLE_COUNT; i++) {
        for (size_t j = 0; j < memory->tables[i].count; j++) {
            free(memory->tables[i].at[j]);
        }
        free(memory->tables[i].at);
    }
    free(memory->txn.undo);
    free(memory);
}

static const struct sb_store_ops memory_ops = {
    .close = memory_close,
    .begin = memory_begin,
    .commit = memory_commit,
    .abort = memory_abort,
    .changed = memory_changed,
};

struct sb_store *sb_store_open_memory(void)
{
    struct memory *memory = sb_alloc(1, sizeof *memory);
    memory->base.ops = &memory_ops;
    return &memory->base;
}

struct sb_store *sb_store_copy_memory(const struct sb_store *store)
{
    SB_ASSERT(store->ops == &memory_ops);
    const struct memory *from = (const struct memory *)store;
    struct memory *to = sb_alloc(1, sizeof *to);
    to->base.ops = &memory_ops;
    for (size_t i = 0; i < SB_TABLE_COUNT; i++) {
        const struct table *table = &from->tables[i];
        to->tables[i].count = to->tables[i].room = table->count;
        if (table->count == 0) {
            continue;
        }
        to->tables[i].at = sb_alloc(table->count, sizeof *table->at);
        for (size_t j = 0; j < table->count; j++) {
            to->tables[i].at[j] = row_new(row_key(table->at[j]), row_value(table->at[j]));
        }
    }
    /* What an open transaction did is taken back in the copy, newest first. */
    for (size_t i = from->txn.undo_count; i-- > 0;) {
        const struct undo *undo = &from->txn.undo[i];
        if (undo->was_absent) {
            free(memory_unset(to, undo->table, row_key(undo->row)));
        } else {
            free(memory_set(to, undo->table, row_new(row_key(undo->row), row_value(undo->row))));
        }
    }
    return &to->base;
}
