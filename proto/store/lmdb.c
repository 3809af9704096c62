/* lmdb.c: the store on disk, and the only file with lmdb.h. One database: a table is the first byte
 * of the key, so that a commit writes few pages. A value is 8 bytes of checksum and the record,
 * because LMDB has no checksums of its own and a rotten bit must not become an order to wake
 * people: it is damage (txn.h). The first thing else that goes wrong is remembered in the
 * transaction too, whose commit then refuses; nothing half done reaches the disk. Does not migrate
 * or back up. */
#include "folder.h"
#include "room.h"
#include "samband/hash.h"
#include "store_ops.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmdb.h>

#define CHECKSUM_SIZE SB_SUM_SIZE
#define LMDB_KEY_MAX  511
#define LMDB_PATH_MAX 4096
#define META_PAGES    2
#define FREE_LIST     0 /* LMDB's own database of free pages */

struct lmdb_txn {
    struct sb_txn base; /* first */
    struct lmdb *lmdb;
    MDB_txn *txn;
    bool write;
    bool changed;
    enum sb_err sticky; /* the first thing that went wrong, but for damage */
    struct sb_why why;
};

struct lmdb {
    struct sb_store base; /* first */
    struct sb_store_limits limits;
    MDB_env *env;
    MDB_dbi dbi;
    int lock_fd;
    uint64_t used;      /* bytes in pages, as of the last commit */
    uint64_t file_size; /* 0: not asked yet */
    bool file_stuck;    /* it could not be made longer: only what was kept is left */
    uint8_t *scratch;
    struct lmdb_txn txn;
    char path[LMDB_PATH_MAX];
};

static struct lmdb_txn *txn_of(struct sb_txn *txn)
{
    return (struct lmdb_txn *)txn;
}

/* What a code of LMDB means to the caller. A full disk arrives as EIO too, when a write came out
 * short. */
static enum sb_err error_kind(const struct lmdb *lmdb, int code)
{
    if (code == MDB_MAP_FULL || code == MDB_TXN_FULL || code == ENOSPC || code == EDQUOT) {
        return SB_ERR_FULL;
    }
    if (code == EIO && sb_folder_is_full(lmdb->path)) {
        return SB_ERR_FULL;
    }
    if (code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_INVALID) {
        return SB_ERR_CORRUPT;
    }
    if (code == MDB_VERSION_MISMATCH) {
        return SB_ERR_VERSION;
    }
    return SB_ERR_IO;
}

static struct sb_phrase error_remedy(enum sb_err err)
{
    if (err == SB_ERR_FULL) {
        return (struct sb_phrase){"inget skrevs; gör plats på dess disk (se: df -h)",
                                  "nothing was written; make room on its disk (see: df -h)"};
    }
    if (err == SB_ERR_CORRUPT) {
        return (struct sb_phrase){"fortsätt inte med den: återställ den från en säkerhetskopia "
                                  "(samband verify räknar vad "
                                  "som är skadat)",
                                  "do not go on with it: restore it from a backup (samband verify "
                                  "counts what is damaged)"};
    }
    return (struct sb_phrase){
        "sök diskfel (se: dmesg) och starta sedan igen: det som sparats är tryggt",
        "look for disk errors (see: dmesg), then start again: what was committed is safe"};
}

static enum sb_err error_say(const struct lmdb *lmdb, int code, struct sb_phrase doing,
                             struct sb_why *why)
{
    enum sb_err err = error_kind(lmdb, code);
    const struct sb_phrase remedy = error_remedy(err);
    return sb_why_say(why, err, "lagringen %s: " SB_SV ": %s; " SB_SV,
                      "the store %s: " SB_EN ": %s; " SB_EN, lmdb->path, SB_PAIR(doing),
                      mdb_strerror(code), SB_PAIR(remedy));
}

static void txn_fail(struct lmdb_txn *txn, int code, struct sb_phrase doing)
{
    if (txn->sticky == SB_ERR_OK) {
        txn->sticky = error_say(txn->lmdb, code, doing, &txn->why);
    }
}

/* The record inside a stored value. `name` is the row's in the database, table and key: a page that
 * strayed is found as well. False, and damage, where its checksum does not fit. */
static bool record_open(struct lmdb_txn *txn, const MDB_val *name, const MDB_val *stored,
                        struct sb_bytes *ret)
{
    const struct sb_bytes named = sb_bytes(name->mv_data, name->mv_size);
    uint8_t sum[CHECKSUM_SIZE];
    if (stored->mv_size >= CHECKSUM_SIZE) {
        const uint8_t *at = stored->mv_data;
        struct sb_bytes value = sb_bytes(at + CHECKSUM_SIZE, stored->mv_size - CHECKSUM_SIZE);
        sb_sum(named, value, sum);
        if (memcmp(sum, at, CHECKSUM_SIZE) == 0) {
            *ret = value;
            return true;
        }
    }
    char hex[2 * 32 + 1];
    const size_t key_size = named.size - 1;
    const enum sb_table table = (enum sb_table)named.at[0];
    sb_hex_write(sb_bytes(named.at + 1, key_size < 32 ? key_size : 32), hex);
    sb_txn_damage(&txn->base, "posten %s i tabellen %s är skadad (kontrollsumman stämmer inte)",
                  "the record %s in table %s is damaged (its checksum does not fit)", hex,
                  sb_table_name(table));
    return false;
}

/* A row's name in the database. LMDB's functions take it as a pointer to void without const, and
 * never write through it. The copy also frees a key borrowed from a page that the call is about to
 * move. */
static MDB_val key_copy(enum sb_table table, struct sb_bytes key, uint8_t copy[LMDB_KEY_MAX])
{
    SB_ASSERT(key.size > 0 && key.size < LMDB_KEY_MAX);
    copy[0] = (uint8_t)table;
    memcpy(copy + 1, key.at, key.size);
    return (MDB_val){.mv_size = 1 + key.size, .mv_data = copy};
}

static void key_check(struct sb_bytes key)
{
    SB_ASSERT(key.size > 0 && key.size <= SB_STORE_KEY_SIZE_MAX);
}

static bool lmdb_get(struct sb_txn *base, enum sb_table table, struct sb_bytes key,
                     struct sb_bytes *ret)
{
    struct lmdb_txn *txn = txn_of(base);
    key_check(key);
    uint8_t copy[LMDB_KEY_MAX];
    MDB_val wanted = key_copy(table, key, copy), stored;
    int code = mdb_get(txn->txn, txn->lmdb->dbi, &wanted, &stored);
    if (code == 0) {
        return record_open(txn, &wanted, &stored, ret);
    }
    if (code != MDB_NOTFOUND) {
        txn_fail(txn, code, (struct sb_phrase){"vid läsning av en post", "reading a record"});
    }
    return false;
}

/* The log grows at its end, and lies last: told so, LMDB fills its pages instead of halving them.
 */
static_assert(SB_TABLE_LOG == SB_TABLE_COUNT - 1, "the log is the last of the tables");
static int record_put(struct lmdb_txn *txn, enum sb_table table, MDB_val *key, MDB_val *stored)
{
    MDB_dbi dbi = txn->lmdb->dbi;
    int code = MDB_KEYEXIST;
    if (table == SB_TABLE_LOG) {
        code = mdb_put(txn->txn, dbi, key, stored, MDB_APPEND);
    }
    return code == MDB_KEYEXIST ? mdb_put(txn->txn, dbi, key, stored, 0) : code;
}

static void lmdb_put(struct sb_txn *base, enum sb_table table, struct sb_bytes key,
                     struct sb_bytes value)
{
    struct lmdb_txn *txn = txn_of(base);
    struct lmdb *lmdb = txn->lmdb;
    key_check(key);
    SB_ASSERT(txn->write);
    txn->changed = true;
    if (txn->sticky != SB_ERR_OK) {
        return;
    }
    if (value.size > SB_ROW_SIZE_MAX) {
        txn->sticky = sb_why_say(&txn->why, SB_ERR_FULL,
                                 "en post är större än de %d byte den får ha; inget skrevs",
                                 "a record is larger than the %d bytes it may have; nothing was "
                                 "written",
                                 SB_ROW_SIZE_MAX);
        return;
    }
    uint8_t copy[LMDB_KEY_MAX];
    MDB_val name = key_copy(table, key, copy);
    sb_sum(sb_bytes(copy, name.mv_size), value, lmdb->scratch);
    if (value.size > 0) {
        memcpy(lmdb->scratch + CHECKSUM_SIZE, value.at, value.size);
    }
    MDB_val stored = {.mv_size = CHECKSUM_SIZE + value.size, .mv_data = lmdb->scratch};
    int code = record_put(txn, table, &name, &stored);
    if (code != 0) {
        txn_fail(txn, code, (struct sb_phrase){"vid skrivning av en post", "writing a record"});
    }
}

static void lmdb_del(struct sb_txn *base, enum sb_table table, struct sb_bytes key)
{
    struct lmdb_txn *txn = txn_of(base);
    key_check(key);
    SB_ASSERT(txn->write);
    if (txn->sticky != SB_ERR_OK) {
        return;
    }
    uint8_t copy[LMDB_KEY_MAX];
    MDB_val name = key_copy(table, key, copy);
    int code = mdb_del(txn->txn, txn->lmdb->dbi, &name, NULL);
    if (code == 0) {
        txn->changed = true;
    } else if (code != MDB_NOTFOUND) {
        txn_fail(txn, code, (struct sb_phrase){"vid borttagning av en post", "removing a record"});
    }
}

/* One look through a cursor of its own: a kept one would have to follow every put. */
static bool lmdb_seek(struct sb_txn *base, enum sb_table table, struct sb_bytes from,
                      struct sb_bytes *ret_key, struct sb_bytes *ret_value)
{
    struct lmdb_txn *txn = txn_of(base);
    uint8_t copy[LMDB_KEY_MAX];
    MDB_val key = key_copy(table, from, copy);
    MDB_cursor *cursor;
    int code = mdb_cursor_open(txn->txn, txn->lmdb->dbi, &cursor);
    if (code != 0) {
        txn_fail(txn, code, (struct sb_phrase){"vid läsning av en tabell", "reading a table"});
        return false;
    }
    MDB_val stored;
    code = mdb_cursor_get(cursor, &key, &stored, MDB_SET_RANGE);
    mdb_cursor_close(cursor);
    if (code != 0) {
        if (code != MDB_NOTFOUND) {
            txn_fail(txn, code, (struct sb_phrase){"vid läsning av en tabell", "reading a table"});
        }
        return false;
    }
    const uint8_t *name = key.mv_data;
    if (name[0] != (uint8_t)table) {
        return false; /* another table's */
    }
    struct sb_bytes found = sb_bytes(name + 1, key.mv_size - 1);
    if (!record_open(txn, &key, &stored, ret_value)) {
        return false;
    }
    *ret_key = found;
    return true;
}

static const struct sb_txn_ops lmdb_txn_ops = {
    .get = lmdb_get,
    .put = lmdb_put,
    .del = lmdb_del,
    .seek = lmdb_seek,
};

/* LMDB hands out pages from the file's beginning, and never looks behind the last of them. Returns
 * 0, or the errno of a disk that fails; a full one is no failure. */
static int room_keep(struct lmdb *lmdb)
{
    MDB_envinfo info;
    MDB_stat stat;
    int fd;
    struct stat found;
    if (mdb_env_info(lmdb->env, &info) != 0 || mdb_env_stat(lmdb->env, &stat) != 0
        || mdb_env_get_fd(lmdb->env, &fd) != 0) {
        return 0; /* who begins a transaction then hears of it */
    }
    if (lmdb->file_size == 0 && fstat(fd, &found) == 0) {
        lmdb->file_size = (uint64_t)found.st_size;
    }
    const int error = sb_room_keep(fd, (info.me_last_pgno + 1) * stat.ms_psize, &lmdb->file_size);
    lmdb->file_stuck = error != 0;
    return error == 0 || error_kind(lmdb, error) == SB_ERR_FULL ? 0 : error;
}

static struct sb_txn *lmdb_begin(struct sb_store *store, bool write, struct sb_why *why)
{
    struct lmdb *lmdb = (struct lmdb *)store;
    SB_ASSERT(!write || lmdb->lock_fd >= 0);
    MDB_txn *opened;
    int code = write ? room_keep(lmdb) : 0;
    if (code == 0) {
        code = mdb_txn_begin(lmdb->env, NULL, write ? 0 : MDB_RDONLY, &opened);
    }
    if (code != 0) {
        (void)error_say(
            lmdb, code,
            (struct sb_phrase){"när en transaktion skulle börja", "beginning a transaction"}, why);
        return NULL;
    }
    lmdb->txn =
        (struct lmdb_txn){.base.ops = &lmdb_txn_ops, .lmdb = lmdb, .txn = opened, .write = write};
    if (write) {
        lmdb->txn.base.room = sb_room_judge(lmdb->used, lmdb->limits.quota_bytes,
                                            sb_folder_free(lmdb->path), lmdb->file_stuck);
    }
    return &lmdb->txn.base;
}

static void lmdb_abort(struct sb_store *store, struct sb_txn *base)
{
    (void)store;
    mdb_txn_abort(txn_of(base)->txn);
}

/* Pages in use by the rows and the list of free pages; those on that list are not counted. */
static int pages_count(const struct lmdb *lmdb, MDB_txn *txn, uint64_t *ret_bytes)
{
    const MDB_dbi counted[] = {FREE_LIST, lmdb->dbi};
    uint64_t pages = META_PAGES;
    unsigned page_size = 0;
    for (unsigned i = 0; i < sizeof counted / sizeof counted[0]; i++) {
        MDB_stat stat;
        int code = mdb_stat(txn, counted[i], &stat);
        if (code != 0) {
            return code;
        }
        pages += stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
        page_size = stat.ms_psize;
    }
    *ret_bytes = pages * page_size;
    return 0;
}

/* Refuses growth above the quota. Removing goes on above it: that is how room is made. */
static void quota_check(struct lmdb_txn *txn, uint64_t *ret_used)
{
    struct lmdb *lmdb = txn->lmdb;
    int code = pages_count(lmdb, txn->txn, ret_used);
    if (code != 0) {
        txn_fail(txn, code, (struct sb_phrase){"vid räkning av sidor", "counting pages"});
    } else if (*ret_used > lmdb->limits.quota_bytes && *ret_used > lmdb->used) {
        txn->sticky =
            sb_why_say(&txn->why, SB_ERR_FULL,
                       "lagringen %s skulle använda %llu byte av de %llu den får ha; inget skrevs",
                       "the store %s would use %llu bytes of the %llu it may have; "
                       "nothing was written",
                       lmdb->path, (unsigned long long)*ret_used,
                       (unsigned long long)lmdb->limits.quota_bytes);
    }
}

/* Whatever else went wrong may have come from what could not be believed. */
static void damage_check(struct lmdb_txn *txn)
{
    if (sb_txn_damages(&txn->base) > 0) {
        const struct sb_phrase remedy = error_remedy(SB_ERR_CORRUPT);
        txn->sticky = sb_why_say(&txn->why, SB_ERR_CORRUPT, "lagringen %s: " SB_SV "; " SB_SV,
                                 "the store %s: " SB_EN "; " SB_EN, txn->lmdb->path,
                                 SB_WHY_PAIR(txn->base.damage), SB_PAIR(remedy));
    }
}

static enum sb_err lmdb_commit(struct sb_store *store, struct sb_txn *base, struct sb_why *why)
{
    struct lmdb *lmdb = (struct lmdb *)store;
    struct lmdb_txn *txn = txn_of(base);
    uint64_t used = lmdb->used;
    damage_check(txn);
    if (txn->changed && txn->sticky == SB_ERR_OK) {
        quota_check(txn, &used);
    }
    if (txn->sticky != SB_ERR_OK || !txn->changed) {
        mdb_txn_abort(txn->txn);
        return txn->sticky == SB_ERR_OK ? SB_ERR_OK : sb_why_pass(why, txn->sticky, &txn->why);
    }
    int code = mdb_txn_commit(txn->txn);
    if (code != 0) {
        return error_say(lmdb, code, (struct sb_phrase){"vid sparande", "committing"}, why);
    }
    lmdb->used = used;
    return SB_ERR_OK;
}

static bool lmdb_changed(const struct sb_txn *base)
{
    return ((const struct lmdb_txn *)base)->changed;
}

static void lmdb_set_quota(struct sb_store *store, uint64_t bytes)
{
    SB_ASSERT(bytes > 0);
    ((struct lmdb *)store)->limits.quota_bytes = bytes;
}

/* The lock goes last: until then nobody else may open the environment. */
static void lmdb_close(struct sb_store *store)
{
    struct lmdb *lmdb = (struct lmdb *)store;
    if (lmdb->env) {
        mdb_env_close(lmdb->env);
    }
    if (lmdb->lock_fd >= 0) {
        close(lmdb->lock_fd);
    }
    free(lmdb->scratch);
    free(lmdb);
}

static const struct sb_store_ops lmdb_ops = {
    .close = lmdb_close,
    .begin = lmdb_begin,
    .commit = lmdb_commit,
    .abort = lmdb_abort,
    .changed = lmdb_changed,
    .set_quota = lmdb_set_quota,
};

/* The schema is looked at before anything is written, so that a newer store stays untouched. */
static enum sb_err tables_open(struct lmdb *lmdb, struct lmdb_txn *txn, struct sb_why *why)
{
    bool read_only = !txn->write;
    int code = mdb_dbi_open(txn->txn, NULL, 0, &lmdb->dbi);
    if (code == 0) {
        code = pages_count(lmdb, txn->txn, &lmdb->used);
    }
    if (code != 0) {
        return error_say(lmdb, code,
                         (struct sb_phrase){"när dess tabeller öppnades", "opening its tables"},
                         why);
    }
    uint64_t schema = sb_txn_number(&txn->base, SB_TABLE_META, "schema");
    if (schema > SB_STORE_SCHEMA) {
        return sb_why_say(why, SB_ERR_VERSION,
                          "lagringen %s har schema %llu och detta program känner till och med %d; "
                          "starta den version som skrev den, eller en nyare; inget ändrades",
                          "the store %s has schema %llu and this program knows up to %d; start the "
                          "version that wrote it, or a newer one; nothing was changed",
                          lmdb->path, (unsigned long long)schema, SB_STORE_SCHEMA);
    }
    damage_check(txn);
    if (schema == 0 && read_only && txn->sticky == SB_ERR_OK) {
        return sb_why_say(why, SB_ERR_NOT_FOUND, "%s innehåller ingen lagring för detta program",
                          "%s holds no store of this program", lmdb->path);
    }
    if (!read_only && schema < SB_STORE_SCHEMA) {
        sb_txn_set_number(&txn->base, SB_TABLE_META, "schema", SB_STORE_SCHEMA);
    }
    return SB_ERR_OK;
}

static enum sb_err tables_prepare(struct lmdb *lmdb, bool read_only, struct sb_why *why)
{
    struct sb_txn *base = lmdb_begin(&lmdb->base, !read_only, why);
    if (!base) {
        return SB_ERR_IO;
    }
    enum sb_err err = tables_open(lmdb, txn_of(base), why);
    if (err == SB_ERR_OK && txn_of(base)->sticky != SB_ERR_OK) {
        err = sb_why_pass(why, txn_of(base)->sticky, &txn_of(base)->why);
    }
    if (err != SB_ERR_OK) {
        mdb_txn_abort(txn_of(base)->txn);
        return err;
    }
    /* Not lmdb_commit: the handle of the database lives on only through a commit, also without a
     * put. */
    int code = mdb_txn_commit(txn_of(base)->txn);
    return code == 0
               ? SB_ERR_OK
               : error_say(lmdb, code,
                           (struct sb_phrase){"när dess tabeller öppnades", "opening its tables"},
                           why);
}

/* Sync stays on and WRITEMAP off: with it a full disk is a SIGBUS. NOTLS because a reader belongs
 * to its transaction, not to a thread. */
static enum sb_err env_open(struct lmdb *lmdb, bool read_only, struct sb_why *why)
{
    int code = mdb_env_create(&lmdb->env);
    if (code == 0) {
        code = mdb_env_set_mapsize(lmdb->env, lmdb->limits.map_bytes);
    }
    if (code == 0) {
        code = mdb_env_open(lmdb->env, lmdb->path, MDB_NOTLS | (read_only ? MDB_RDONLY : 0u), 0600);
    }
    /* A reader that was killed left its slot, which would keep every page from being used again. */
    int dead;
    if (code == 0) {
        code = mdb_reader_check(lmdb->env, &dead);
    }
    return code == 0
               ? SB_ERR_OK
               : error_say(lmdb, code, (struct sb_phrase){"när den öppnades", "opening it"}, why);
}

static enum sb_err folder_open(struct lmdb *lmdb, bool read_only, struct sb_why *why)
{
    if (read_only) {
        struct stat found;
        char file[LMDB_PATH_MAX + 16];
        (void)snprintf(file, sizeof file, "%s/data.mdb", lmdb->path);
        return stat(file, &found) == 0
                   ? SB_ERR_OK
                   : sb_why_say(why, SB_ERR_NOT_FOUND, "det finns ingen lagring i %s (%s)",
                                "there is no store in %s (%s)", lmdb->path, strerror(errno));
    }
    enum sb_err err = sb_folder_make(lmdb->path, why);
    return err == SB_ERR_OK ? sb_folder_lock(lmdb->path, &lmdb->lock_fd, why) : err;
}

struct sb_store *sb_store_open_lmdb_limited(const char *path, bool read_only,
                                            const struct sb_store_limits *limits,
                                            enum sb_err *ret_err, struct sb_why *why)
{
    size_t size = strlen(path);
    if (size == 0 || size >= LMDB_PATH_MAX) {
        *ret_err = sb_why_say(why, SB_ERR_VALUE, "lagringens sökväg har %zu byte; ange 1 till %d",
                              "the path of the store has %zu bytes; give 1 to %d", size,
                              LMDB_PATH_MAX - 1);
        return NULL;
    }
    struct lmdb *lmdb = sb_alloc(1, sizeof *lmdb);
    lmdb->base.ops = &lmdb_ops;
    lmdb->limits = *limits;
    lmdb->lock_fd = -1;
    lmdb->scratch = sb_alloc(1, CHECKSUM_SIZE + SB_ROW_SIZE_MAX);
    memcpy(lmdb->path, path, size + 1);
    enum sb_err err = folder_open(lmdb, read_only, why);
    if (err == SB_ERR_OK) {
        err = env_open(lmdb, read_only, why);
    }
    if (err == SB_ERR_OK) {
        err = tables_prepare(lmdb, read_only, why);
    }
    if (err == SB_ERR_OK) {
        return &lmdb->base;
    }
    lmdb_close(&lmdb->base);
    *ret_err = err;
    return NULL;
}

struct sb_store *sb_store_open_lmdb(const char *path, bool read_only, enum sb_err *ret_err,
                                    struct sb_why *why)
{
    const struct sb_store_limits limits = {.map_bytes = SB_STORE_MAP_BYTES,
                                           .quota_bytes = (uint64_t)SB_STORE_QUOTA_MIB << 20};
    return sb_store_open_lmdb_limited(path, read_only, &limits, ret_err, why);
}

/* Only what is in use: the copy is as small as it can be, and every page of it was looked at. */
enum sb_err sb_store_copy_lmdb(struct sb_store *store, const char *path, struct sb_why *why)
{
    struct lmdb *lmdb = (struct lmdb *)store;
    char file[LMDB_PATH_MAX + 16];
    SB_ASSERT(store->ops == &lmdb_ops);
    int code = mdb_env_copy2(lmdb->env, path, MDB_CP_COMPACT);
    if (code != 0) {
        return error_say(lmdb, code, (struct sb_phrase){"vid kopiering", "copying it"}, why);
    }
    (void)snprintf(file, sizeof file, "%s/data.mdb", path);
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    bool synced = fd >= 0 && fchmod(fd, 0600) == 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return synced ? SB_ERR_OK
                  : sb_why_say(why, SB_ERR_IO, "%s kan inte sparas: %s; gör plats (se: df -h)",
                               "cannot sync %s: %s; make room (see: df -h)", file, strerror(errno));
}
