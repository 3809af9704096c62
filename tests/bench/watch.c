/* watch.c: see watch.h. */
#include "watch.h"

#include "samband/log.h"
#include "samband/record.h"

#include <string.h>

bool watch_open(struct watch *watch, const char *store, struct sb_why *why)
{
    enum sb_err err = SB_ERR_OK;
    *watch = (struct watch){.store = sb_store_open_lmdb(store, true, &err, why)};
    return watch->store != NULL;
}

void watch_close(struct watch *watch)
{
    sb_store_close(watch->store);
    watch->store = NULL;
}

/* One stream for each organisation that the agent speaks for. */
static void streams_add(struct watch *watch, const struct sb_name *agent, struct sb_bytes orgs)
{
    struct sb_list_reader reader = sb_list_read(orgs);
    struct sb_bytes text;
    while (watch->count < WATCH_STREAMS_MAX && sb_list_next(&reader, &text)) {
        struct watched *stream = &watch->streams[watch->count];
        stream->agent = *agent;
        watch->count += sb_name_read(text, &stream->org) ? 1u : 0u;
    }
}

static void streams_read(struct watch *watch, struct sb_txn *txn)
{
    struct sb_key from;
    struct sb_bytes key;
    struct sb_bytes value;
    watch->count = 0;
    sb_key_init(&from);
    sb_key_add_byte(&from, 0);
    while (sb_txn_seek(txn, SB_TABLE_AGENT, sb_key_bytes(&from), &key, &value)) {
        struct sb_name agent;
        struct sb_record row = {0};
        if (sb_name_read(key, &agent)
            && sb_record_read(value, SB_PARTS_ALL, &row, NULL) == SB_ERR_OK) {
            streams_add(watch, &agent, sb_record_bytes(&row, SB_FIELD_ORGS));
        }
        sb_key_init(&from);
        sb_key_add(&from, key);
        sb_key_add_byte(&from, 0);
    }
}

bool watch_event(struct watch *watch, const struct sb_hash *id, struct sb_why *why)
{
    struct sb_log_row row;
    struct sb_txn *txn = sb_store_begin_read(watch->store, why);
    if (txn == NULL) {
        return false;
    }
    bool found = sb_log_find(txn, id, NULL, &watch->index) && sb_log_get(txn, watch->index, &row);
    if (found) {
        watch->lane = row.at.lane;
        watch->held = 0;
        streams_read(watch, txn);
    } else {
        (void)sb_why_set(why, SB_ERR_MISSING, "the broker answered for an event it does not have");
    }
    sb_store_abort(watch->store, txn);
    return found;
}

bool watch_all_hold(struct watch *watch)
{
    struct sb_txn *txn = sb_store_begin_read(watch->store, NULL);
    bool holds = txn != NULL;
    while (holds && watch->held < watch->count) {
        const struct watched *stream = &watch->streams[watch->held];
        struct sb_held held;
        holds = sb_link_held(txn, &stream->agent, &stream->org, watch->lane, &held)
                && held.log_index >= watch->index;
        watch->held += holds ? 1u : 0u;
    }
    if (txn != NULL) {
        sb_store_abort(watch->store, txn);
    }
    return holds;
}
