/* txn.h: the one way in which cores and the link see durable state: an open transaction on ordered
 * tables.
 *
 * A core keeps nothing durable in memory. It reads and writes through the transaction that the
 * shell opened for this turn; the shell commits once, synced, and only then sends what the turn
 * decided. Dropping the transaction and the effects equals a crash before the commit. Two stores
 * stand behind it: LMDB (proto/store/lmdb.c) and memory (proto/store/memory.c, for the simulator
 * and units).
 *
 * Puts and deletes cannot fail here: a full or broken store is remembered in the transaction and
 * its commit refuses (store.h), so nothing half done is ever sent. Nor can gets say more than that
 * there is nothing: what they met is remembered too (below). */
#ifndef SAMBAND_TXN_H
#define SAMBAND_TXN_H

#include "samband/bytes.h"
#include "samband/err.h"

/* X(NAME, its name, what a key is → what a value is). Which end uses it stands in the comment. The
 * order is the rows' in the store: what every event moves lies side by side, and the log last. To
 * change it is another schema. */
#define SB_TABLES(X)                                                                                   \
    X(META, "meta")       /* both: name → bytes: schema, epoch, next index, session, clock */        \
    X(TX, "tx")           /* both: lane ‖ agent ‖ 0 ‖ organisation ‖ 0 → sender's row */     \
    X(RX, "rx")           /* both: the same → receiver's row */                                      \
    X(COUNTER, "counter") /* both: name of a counter → number: what was refused, and why */          \
    X(TIMER, "timer")     /* agent: due mono_ms ‖ purpose ‖ owner → nothing */                   \
    X(ALERT, "alert")     /* agent: group or event id ‖ seat → alert's state */                    \
    X(ATTEMPT, "attempt") /* agent: attempt key → person, channel, outcome */                        \
    X(TOMB, "tomb")       /* both: id of an event recalled before it was seen → recall's id */       \
    X(LANE, "lane") /* both: lane ‖ index → nothing: what the streams of a lane filter */          \
    X(CASE, "case") /* broker: a sort byte ‖ event id → the board's head row */                    \
    X(SEAT, "seat") /* broker: event id ‖ seat → the ladder, once something is known */            \
    X(REQUEST, "request") /* both: request id → reply already given */                               \
    X(AGENT, "agent")     /* broker: agent → organisations, certificate, sessions, last heard */     \
    X(CURVE, "curve")     /* broker: CURVE key → user id ("a:…", "o:…", "e:…") */              \
    X(ORG, "org")         /* broker: organisation → register row */                                  \
    X(FORUM, "forum")     /* broker: forum → forum row */                                            \
    X(MANDATE, "mandate") /* broker: organisation ‖ 0 ‖ function ‖ 0 ‖ level, realm → row */ \
    X(OPERATOR, "operator") /* broker: operator → certificate, role, realm */                        \
    X(TOKEN, "token")       /* broker: one-time key → organisation, expiry, what it became */        \
    X(CERT, "cert")         /* both: digest → certificate with its issuer's */                       \
    X(ID, "id")             /* both: event id ‖ organisation → index */                            \
    X(LOG, "log")           /* both: index → log row (link/log.h), in order of arrival */

enum sb_table {
#define X(name, text) SB_TABLE_##name,
    SB_TABLES(X)
#undef X
    SB_TABLE_COUNT
};

const char *sb_table_name(enum sb_table table);

struct sb_txn; /* a store's own; first member is the operations below */

struct sb_txn_ops {
    bool (*get)(struct sb_txn *txn, enum sb_table table, struct sb_bytes key, struct sb_bytes *ret);
    void (*put)(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                struct sb_bytes value);
    void (*del)(struct sb_txn *txn, enum sb_table table, struct sb_bytes key);
    bool (*seek)(struct sb_txn *txn, enum sb_table table, struct sb_bytes from,
                 struct sb_bytes *ret_key, struct sb_bytes *ret_value);
};

/* How much room a store has left, as it was when the transaction began. A core takes no new work
 * from NONE on; FULL is a shell's word for a store that refused a commit: nothing may be written.
 */
enum sb_room_level {
    SB_ROOM_ENOUGH,
    SB_ROOM_LOW,
    SB_ROOM_SCARCE,
    SB_ROOM_NONE,
    SB_ROOM_FULL
};
struct sb_room {
    enum sb_room_level level;
    bool disk; /* it is the disk that is short, not the quota */
    uint64_t used_bytes, quota_bytes, disk_free_bytes;
};

struct sb_txn {
    const struct sb_txn_ops *ops;
    uint64_t damages;     /* that are not excused */
    struct sb_why damage; /* the first of them */
    struct sb_room room;
};

/* What get and seek hand back is borrowed and good until the next put or del of this
 * transaction: copy what must outlive one. Keys are 1..500 bytes. False = there is none. */
bool sb_txn_get(struct sb_txn *txn, enum sb_table table, struct sb_bytes key, struct sb_bytes *ret);
void sb_txn_put(struct sb_txn *txn, enum sb_table table, struct sb_bytes key,
                struct sb_bytes value);
void sb_txn_del(struct sb_txn *txn, enum sb_table table, struct sb_bytes key);
/* The first record whose key is >= from. To go on after key k, seek k ‖ 0x00. */
bool sb_txn_seek(struct sb_txn *txn, enum sb_table table, struct sb_bytes from,
                 struct sb_bytes *ret_key, struct sb_bytes *ret_value);

/* Damage. A record that cannot be believed reads as if there were none: a store says so where a
 * checksum does not fit, and whoever finds nothing where another row says that there is something.
 * What is decided upon it may be wrong, so the commit then refuses with CORRUPT, unless whoever
 * read it says that it knows, and has decided nothing but to do without.
 *
 *      uint64_t met = sb_txn_damages(txn);
 *      … read …
 *      if (sb_txn_excuse(txn, met, &why)) … refuse, or leave out, what could not be read
 */
void sb_txn_damage(struct sb_txn *txn, const char *sv, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* How much was met so far and is not excused. */
uint64_t sb_txn_damages(const struct sb_txn *txn);
/* True where there is more than `met`; that is excused, and `why` says what it was (of more than
 * one, the first). */
bool sb_txn_excuse(struct sb_txn *txn, uint64_t met, struct sb_why *why);

/* Among counters: the row, with WHY, that tells of it where it is not enough. */
#define SB_ROOM_COUNTER "room"
/* What a person must know of the room that is left, with what to do; `why` is untouched where there
 * is enough. */
void sb_room_say(const struct sb_room *room, struct sb_why *why);
/* OK, or FULL and the sentence from NONE on; `reserved`: work that what is left is kept for, which
 * only FULL refuses. */
enum sb_err sb_room_refuse(const struct sb_txn *txn, bool reserved,
                           struct sb_why *why) SB_MUST_CHECK;

/* A key under construction: parts joined, names ended by 0 so that no name is another's prefix. */
struct sb_key {
    uint8_t at[512];
    size_t size;
};
void sb_key_init(struct sb_key *key);
void sb_key_add(struct sb_key *key, struct sb_bytes part);
void sb_key_add_name(struct sb_key *key, const char *name); /* and the 0 */
void sb_key_add_be64(struct sb_key *key, uint64_t number);
void sb_key_add_byte(struct sb_key *key, uint8_t byte);
struct sb_bytes sb_key_bytes(const struct sb_key *key);

/* Numbers in META and COUNTER: 8 bytes big-endian, 0 where absent. */
uint64_t sb_txn_number(struct sb_txn *txn, enum sb_table table, const char *name);
void sb_txn_set_number(struct sb_txn *txn, enum sb_table table, const char *name, uint64_t number);
void sb_txn_count(struct sb_txn *txn, const char *name); /* COUNTER[name] += 1 */
/* += more; 0 changes nothing, and costs no commit. */
void sb_txn_count_more(struct sb_txn *txn, const char *name, uint64_t more);

#endif
