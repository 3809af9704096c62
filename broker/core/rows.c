/* rows.c: records in tables, walks, events out of the log. */
#include "rows.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

void sb_broker_row_read(struct sb_bytes value, struct sb_record *ret_record)
{
    sb_record_clear(ret_record);
    struct sb_why why = {0};
    /* We wrote it, and the store checked that it is what was written: it can be read. */
    enum sb_err err = sb_record_read(value, SB_PARTS_ALL, ret_record, &why);
    SB_ASSERT(err == SB_ERR_OK);
}

bool sb_broker_row_get(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                       struct sb_record *ret_record)
{
    struct sb_bytes value;
    if (!sb_txn_get(txn, table, key, &value)) {
        sb_record_clear(ret_record);
        return false;
    }
    sb_broker_row_read(value, ret_record);
    return true;
}

bool sb_broker_row_get_name(struct sb_txn *txn, enum sb_table table, const struct sb_name *key,
                            struct sb_record *ret_record)
{
    return sb_broker_row_get(txn, table, sb_name_bytes(key), ret_record);
}

void sb_broker_row_put(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                       const struct sb_record *record)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_write(record, SB_PARTS_ALL, &buf);
    SB_ASSERT(!buf.overflow);
    sb_txn_put(txn, table, key, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

void sb_broker_row_put_name(struct sb_txn *txn, enum sb_table table, const struct sb_name *key,
                            const struct sb_record *record)
{
    sb_broker_row_put(txn, table, sb_name_bytes(key), record);
}

struct sb_broker_walk sb_broker_walk_from(enum sb_table table, struct sb_bytes prefix,
                                          struct sb_bytes rest)
{
    SB_ASSERT(prefix.size <= SB_BROKER_WALK_PREFIX_MAX);
    struct sb_broker_walk walk = {.table = table, .prefix_size = prefix.size};
    if (prefix.size > 0) {
        memcpy(walk.prefix, prefix.at, prefix.size);
    }
    sb_key_init(&walk.from);
    sb_key_add(&walk.from, prefix);
    sb_key_add(&walk.from, rest);
    if (walk.from.size == 0) {
        sb_key_add_byte(&walk.from, 0); /* keys have one byte at least */
    }
    return walk;
}

struct sb_broker_walk sb_broker_walk(enum sb_table table, struct sb_bytes prefix)
{
    return sb_broker_walk_from(table, prefix, sb_bytes(NULL, 0));
}

bool sb_broker_walk_next(struct sb_broker_walk *walk, struct sb_txn *txn, struct sb_bytes *ret_key,
                         struct sb_bytes *ret_value)
{
    struct sb_bytes key;
    struct sb_bytes value;
    if (!sb_txn_seek(txn, walk->table, sb_key_bytes(&walk->from), &key, &value)
        || !sb_bytes_starts_with(key, sb_bytes(walk->prefix, walk->prefix_size))) {
        return false;
    }
    sb_key_init(&walk->from);
    sb_key_add(&walk->from, key);
    sb_key_add_byte(&walk->from, 0);
    *ret_key = key;
    *ret_value = value;
    return true;
}

/* Moves a view into the copy; the copy was allocated at its full size, so that views stay good. */
static struct sb_bytes bytes_copy(struct sb_buf *into, struct sb_bytes bytes)
{
    if (bytes.size == 0) {
        return sb_bytes(NULL, 0);
    }
    size_t at = into->size;
    sb_buf_add(into, bytes);
    SB_ASSERT(!into->overflow);
    return sb_bytes(into->at + at, bytes.size);
}

static void loaded_copy(struct sb_broker_event *loaded, const struct sb_log_row *row)
{
    const struct sb_bytes *sources[] = {&row->sealed.header, &row->sealed.signature,
                                        &row->sealed.body,   &row->sealed.cert,
                                        &row->audience,      &row->own};
    struct sb_bytes *targets[] = {&loaded->row.sealed.header, &loaded->row.sealed.signature,
                                  &loaded->row.sealed.body,   &loaded->row.sealed.cert,
                                  &loaded->row.audience,      &loaded->row.own};
    size_t size = 0;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        size += sources[i]->size;
    }
    loaded->row = *row;
    sb_buf_init(&loaded->bytes, size + 1);
    loaded->bytes.at = sb_alloc(1, size + 1);
    loaded->bytes.room = size + 1;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        *targets[i] = bytes_copy(&loaded->bytes, *sources[i]);
    }
}

struct sb_broker_event *sb_broker_event_find(struct sb_txn *txn, uint64_t index)
{
    struct sb_log_row row;
    if (!sb_log_get(txn, index, &row)) {
        return NULL;
    }
    struct sb_broker_event *loaded = sb_alloc(1, sizeof *loaded);
    loaded_copy(loaded, &row);
    loaded->read = sb_event_read(&loaded->row.sealed, &loaded->event, &loaded->read_why);
    /* The id is the header's hash, also where the rest cannot be read. */
    loaded->event.id = sb_hash_one("event", loaded->row.sealed.header);
    return loaded;
}

struct sb_broker_event *sb_broker_event_find_id(struct sb_txn *txn, const struct sb_hash *id)
{
    uint64_t index = sb_case_index(txn, id);
    return index != 0 || sb_log_find(txn, id, NULL, &index) ? sb_broker_event_find(txn, index)
                                                            : NULL;
}

void sb_broker_event_destroy(struct sb_broker_event *loaded)
{
    if (loaded != NULL) {
        sb_buf_finish(&loaded->bytes);
        free(loaded);
    }
}
