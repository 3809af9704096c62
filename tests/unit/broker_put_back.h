/* broker_put_back.h: for the tests of a broker whose store was put back: the copy, putting it back,
 * and orders of TiB's whose events come back. */
#ifndef BROKER_PUT_BACK_H
#define BROKER_PUT_BACK_H

#include "broker_board.h"

static inline struct sb_store *backup(struct county *county)
{
    return sb_store_copy_memory(county->store);
}

/* The broker ends, and another begins upon the copy. */
static inline void put_back(struct county *county, struct sb_store *copy)
{
    sb_store_close(county->store);
    county->store = sb_store_copy_memory(copy);
    county_restart(county);
    for (unsigned i = 0; i < county->end_count; i++) {
        queue_clear(&county->end[i].inbox);
    }
    struct sb_txn *txn = store_begin(county->store);
    sb_broker_restored(txn, county->now);
    store_commit(county->store, txn);
}

static inline struct sb_hash about(struct county *county, const char *verb,
                                   const struct sb_hash *id, enum sb_field field, const char *text)
{
    char hex[2 * SB_HASH_SIZE + 1];
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash made;
    sb_hex_write(sb_hash_bytes(id), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    sb_record_set_text(&args, field, text);
    must(county, &county->tib, verb, &args);
    reply_row(county, 0, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &made));
    county_settle(county);
    return made;
}

static inline struct sb_hash incident_of(struct county *county, const struct sb_hash *id)
{
    struct sb_txn *txn = store_begin(county->store);
    struct sb_log_row row;
    struct sb_event event = {0};
    struct sb_hash incident;
    uint64_t index;
    assert_true(sb_log_find(txn, id, NULL, &index) && sb_log_get(txn, index, &row));
    assert_int_equal(sb_event_read(&row.sealed, &event, NULL), SB_ERR_OK);
    assert_true(sb_record_hash(&event.fields, SB_FIELD_INCIDENT, &incident));
    sb_store_abort(county->store, txn);
    return incident;
}

static inline struct sb_hash picture(struct county *county, const struct sb_hash *incident)
{
    char hex[2 * SB_HASH_SIZE + 1];
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash made;
    sb_hex_write(sb_hash_bytes(incident), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    sb_record_set_text(&args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "Snö");
    must(county, &county->tib, "picture", &args);
    reply_row(county, 0, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &made));
    county_settle(county);
    return made;
}

static inline void assert_sound(struct county *county)
{
    struct sb_verify_result result;
    struct sb_txn *txn = store_begin(county->store);
    sb_log_verify(txn, &county->config.root, &result);
    sb_store_abort(county->store, txn);
    if (result.faults > 0) {
        print_error("verify: %s\n", result.first_fault.text);
    }
    assert_int_equal(result.faults, 0);
    for (unsigned i = 0; i < county->end_count; i++) {
        txn = store_begin(county->end[i].store);
        sb_log_verify(txn, &county->config.root, &result);
        sb_store_abort(county->end[i].store, txn);
        assert_int_equal(result.faults, 0);
    }
}

#endif
