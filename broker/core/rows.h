/* rows.h: rows of the broker's tables as records, walks over a range of keys, and events loaded out
 * of the log. Knows keys and encodings, decides nothing. Private to broker/core. */
#ifndef SAMBAND_BROKER_ROWS_H
#define SAMBAND_BROKER_ROWS_H

#include "samband/log.h"

/* A row as record. The record's bytes are borrowed from the transaction: until the next put. False,
 * and the record empty, where there is no row. */
bool sb_broker_row_get(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                       struct sb_record *ret_record);
bool sb_broker_row_get_name(struct sb_txn *txn, enum sb_table table, const struct sb_name *key,
                            struct sb_record *ret_record);
/* The record may hold bytes borrowed from this same row: they are encoded before they are put. */
void sb_broker_row_put(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                       const struct sb_record *record);
void sb_broker_row_put_name(struct sb_txn *txn, enum sb_table table, const struct sb_name *key,
                            const struct sb_record *record);
/* A value that a walk handed out, as record. */
void sb_broker_row_read(struct sb_bytes value, struct sb_record *ret_record);

/* All keys that begin with `prefix` (at most SB_BROKER_WALK_PREFIX_MAX bytes), in order. Rows may
 * be put and deleted between two steps. */
#define SB_BROKER_WALK_PREFIX_MAX 64
struct sb_broker_walk {
    enum sb_table table;
    uint8_t prefix[SB_BROKER_WALK_PREFIX_MAX];
    size_t prefix_size;
    struct sb_key from;
};
struct sb_broker_walk sb_broker_walk(enum sb_table table, struct sb_bytes prefix);
/* Begins at prefix ‖ `rest` instead. */
struct sb_broker_walk sb_broker_walk_from(enum sb_table table, struct sb_bytes prefix,
                                          struct sb_bytes rest);
/* False past the last one. Key and value borrowed like sb_txn_seek's. */
bool sb_broker_walk_next(struct sb_broker_walk *walk, struct sb_txn *txn, struct sb_bytes *ret_key,
                         struct sb_bytes *ret_value);

/* An event of the log with its bytes copied, so that it outlives the puts that follow from it. */
struct sb_broker_event {
    struct sb_buf bytes;
    struct sb_log_row row; /* its bytes are the copy's */
    struct sb_event event; /* whatever could be read */
    enum sb_err read;      /* OK, or why the event could not be read */
    struct sb_why read_why;
};
void sb_broker_event_destroy(struct sb_broker_event *loaded);
/* NULL, and damage (txn.h), where the log has no such row; to be destroyed with the above. */
struct sb_broker_event *sb_broker_event_find(struct sb_txn *txn, uint64_t index);
/* NULL also where no event has that id. */
struct sb_broker_event *sb_broker_event_find_id(struct sb_txn *txn, const struct sb_hash *id);

#endif
