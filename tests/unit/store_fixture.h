/* store_fixture.h: for units of stores: one opened in memory or in a folder of its own, which goes
 * with it. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include "../../proto/store/store_ops.h"
#include "check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    bool on_disk;
    char path[64];
    struct sb_store *store;
};

static inline int remove_entry(const char *path, const struct stat *found, int type,
                               struct FTW *where)
{
    (void)found, (void)type, (void)where;
    return remove(path);
}

static inline void fixture_open(struct fixture *fixture)
{
    enum sb_err err = SB_ERR_OK;
    struct sb_why why = {0};
    fixture->store = sb_store_open_lmdb(fixture->path, false, &err, &why);
    if (!fixture->store) {
        fail_msg("open: %s", why.text);
    }
}

static inline void reopen(struct fixture *fixture)
{
    sb_store_close(fixture->store);
    fixture_open(fixture);
}

static inline int setup_memory(void **state)
{
    struct fixture *fixture = sb_alloc(1, sizeof *fixture);
    fixture->store = sb_store_open_memory();
    *state = fixture;
    return 0;
}

static inline int setup_lmdb(void **state)
{
    struct fixture *fixture = sb_alloc(1, sizeof *fixture);
    fixture->on_disk = true;
    (void)snprintf(fixture->path, sizeof fixture->path, "/tmp/samband-store-XXXXXX");
    assert_non_null(mkdtemp(fixture->path));
    fixture_open(fixture);
    *state = fixture;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    sb_store_close(fixture->store);
    if (fixture->on_disk) {
        nftw(fixture->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    }
    free(fixture);
    return 0;
}

static inline struct sb_txn *begin(struct fixture *fixture)
{
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(fixture->store, &why);
    assert_non_null(txn);
    return txn;
}

static inline void commit(struct fixture *fixture, struct sb_txn *txn)
{
    struct sb_why why = {0};
    enum sb_err err = sb_store_commit(fixture->store, txn, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(err, SB_ERR_OK);
}

static inline void put(struct sb_txn *txn, enum sb_table table, const char *key, const char *value)
{
    sb_txn_put(txn, table, sb_bytes_str(key), sb_bytes_str(value));
}

static inline void assert_value(struct sb_txn *txn, enum sb_table table, const char *key,
                                const char *value)
{
    struct sb_bytes found;
    bool there = sb_txn_get(txn, table, sb_bytes_str(key), &found);
    assert_int_equal(there, value != NULL);
    if (value) {
        assert_true(sb_bytes_equal(found, sb_bytes_str(value)));
    }
}

#endif
