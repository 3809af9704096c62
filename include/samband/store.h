/* store.h: a store is an environment of tables with transactions. Two of them: LMDB, for the
 * daemons, and memory, for the simulator and units. A value carries a checksum in LMDB; a record
 * that fails it is damage, upon which the transaction refuses to commit with CORRUPT (txn.h). Shell
 * side: opens files, may block on the disk. */
#ifndef SAMBAND_STORE_H
#define SAMBAND_STORE_H

#include "samband/err.h"
#include "samband/txn.h"

#define SB_STORE_SCHEMA 1

struct sb_store;

void sb_store_close(struct sb_store *store); /* NULL is fine */

/* Opens (makes) the environment in the folder `path` (made, 0700, where missing). NULL and `why`
 * on: another process has it open (BUSY: flock on path/lock-file), a newer schema (VERSION), no
 * right, no room (IO). `read_only`: for verify beside a running daemon; takes no lock, makes
 * nothing. */
struct sb_store *sb_store_open_lmdb(const char *path, bool read_only, enum sb_err *ret_err,
                                    struct sb_why *why);
/* Most that the store may use, from now on; SB_STORE_QUOTA_MIB where it was never said. A memory
 * store has no end. */
void sb_store_set_quota(struct sb_store *store, uint64_t bytes);
/* Copies the environment, as one read transaction of this LMDB store sees it, into the folder
 * `path`, which is there and empty; synced. Beside a running daemon too: it waits for nobody, and
 * holds back only the use of pages that are freed meanwhile. */
enum sb_err sb_store_copy_lmdb(struct sb_store *store, const char *path,
                               struct sb_why *why) SB_MUST_CHECK;
struct sb_store *sb_store_open_memory(void);
/* The simulator's crash and restore: a copy of everything committed. Memory store only. */
struct sb_store *sb_store_copy_memory(const struct sb_store *store);

/* One transaction at a time. Write transactions see their own puts. NULL where it cannot begin
 * (`why`). */
struct sb_txn *sb_store_begin(struct sb_store *store, struct sb_why *why);
struct sb_txn *sb_store_begin_read(struct sb_store *store, struct sb_why *why);
/* Ends the transaction either way. On any error but FULL the process must stop and start anew: the
 * caller does. FULL: nothing was written, and the store goes on. A commit without a put costs no
 * sync. */
enum sb_err sb_store_commit(struct sb_store *store, struct sb_txn *txn,
                            struct sb_why *why) SB_MUST_CHECK;
void sb_store_abort(struct sb_store *store, struct sb_txn *txn);
/* True after a put or del in this write transaction. The shell adds its clock's row only then, so
 * that an idle turn costs no sync. */
bool sb_store_changed(const struct sb_store *store, const struct sb_txn *txn);

#endif
