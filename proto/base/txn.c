/* txn.c: what every store's transaction has in common: the call through its operations, keys, and
 * numbers; and what damage was met. It checks what we ask, never what is stored: a store checks its
 * own records. */
#include "samband/txn.h"

#include <stdio.h>
#include <string.h>

#define KEY_SIZE_MAX 500 /* LMDB's default limit is 511 */

const char *sb_table_name(enum sb_table table)
{
    static const char *const names[SB_TABLE_COUNT] = {
#define X(name, text) [SB_TABLE_##name] = (text),
        SB_TABLES(X)
#undef X
    };

    SB_ASSERT((unsigned)table < SB_TABLE_COUNT);
    return names[table];
}

static void key_check(enum sb_table table, struct sb_bytes key)
{
    SB_ASSERT((unsigned)table < SB_TABLE_COUNT);
    SB_ASSERT(key.size >= 1 && key.size <= KEY_SIZE_MAX);
}

bool sb_txn_get(struct sb_txn *txn, enum sb_table table, struct sb_bytes key, struct sb_bytes *ret)
{
    key_check(table, key);
    return txn->ops->get(txn, table, key, ret);
}

void sb_txn_put(struct sb_txn *txn, enum sb_table table, struct sb_bytes key, struct sb_bytes value)
{
    key_check(table, key);
    txn->ops->put(txn, table, key, value);
}

void sb_txn_del(struct sb_txn *txn, enum sb_table table, struct sb_bytes key)
{
    key_check(table, key);
    txn->ops->del(txn, table, key);
}

/* The empty key is the table's beginning, which LMDB cannot be asked for: every key is after the
 * byte 0 or is it. */
bool sb_txn_seek(struct sb_txn *txn, enum sb_table table, struct sb_bytes from,
                 struct sb_bytes *ret_key, struct sb_bytes *ret_value)
{
    static const uint8_t first = 0;

    if (from.size == 0) {
        from = sb_bytes(&first, 1);
    }
    /* One byte longer than a key may be: "after k" is k with a 0. */
    SB_ASSERT(table < SB_TABLE_COUNT && from.size <= KEY_SIZE_MAX + 1);
    return txn->ops->seek(txn, table, from, ret_key, ret_value);
}

void sb_txn_damage(struct sb_txn *txn, const char *sv, const char *en, ...)
{
    if (txn->damages++ == 0) {
        va_list args;
        va_start(args, en);
        (void)sb_why_vsay(&txn->damage, SB_ERR_CORRUPT, sv, en, args);
        va_end(args);
    }
}

uint64_t sb_txn_damages(const struct sb_txn *txn)
{
    return txn->damages;
}

bool sb_txn_excuse(struct sb_txn *txn, uint64_t met, struct sb_why *why)
{
    SB_ASSERT(met <= txn->damages);
    if (met == txn->damages) {
        return false;
    }
    *why = txn->damage;
    txn->damages = met;
    return true;
}

#define MIB(bytes) ((unsigned long long)(bytes) >> 20)

static void room_say_disk(const struct sb_room *room, struct sb_why *why)
{
    static const struct sb_phrase states[] = {
        [SB_ROOM_LOW] = {"börjar bli full", "is getting full"},
        [SB_ROOM_SCARCE] = {"är nästan full", "is nearly full"},
        [SB_ROOM_NONE] = {"är full: inga nya uppdrag tas emot, bara svar och återkallelser",
                          "is full: no new orders are taken, only answers and recalls"},
        [SB_ROOM_FULL] = {"är full: inget kan sparas, allt som sparats finns kvar",
                          "is full: nothing can be stored, all that was stored is there"},
    };
    (void)sb_why_say(why, SB_ERR_FULL,
                     "lagringens disk " SB_SV " (%llu MiB kvar); gör plats på den (se: df -h)",
                     "the store's disk " SB_EN " (%llu MiB left); make room on it (see: df -h)",
                     SB_PAIR(states[room->level]), MIB(room->disk_free_bytes));
}

static void room_say_quota(const struct sb_room *room, struct sb_why *why)
{
    static const struct sb_phrase states[] = {
        [SB_ROOM_LOW] = {"", ""},
        [SB_ROOM_SCARCE] = {", och tar snart inte emot fler uppdrag",
                            ", and will soon take no more orders"},
        [SB_ROOM_NONE] = {": inga nya uppdrag tas emot, bara svar och återkallelser",
                          ": no new orders are taken, only answers and recalls"},
        [SB_ROOM_FULL] = {": inget kan sparas, allt som sparats finns kvar",
                          ": nothing can be stored, all that was stored is there"},
    };
    (void)sb_why_say(why, SB_ERR_FULL,
                     "lagringen använder %llu av de %llu MiB den får ha" SB_SV
                     "; höj quota-mebibytes i inställningarna och starta om",
                     "the store uses %llu of the %llu MiB it may have" SB_EN
                     "; raise quota-mebibytes in the settings and start it again",
                     MIB(room->used_bytes), MIB(room->quota_bytes), SB_PAIR(states[room->level]));
}

void sb_room_say(const struct sb_room *room, struct sb_why *why)
{
    if (room->level == SB_ROOM_ENOUGH) {
        return;
    }
    if (room->disk) {
        room_say_disk(room, why);
    } else {
        room_say_quota(room, why);
    }
}

enum sb_err sb_room_refuse(const struct sb_txn *txn, bool reserved, struct sb_why *why)
{
    if (txn->room.level < (reserved ? SB_ROOM_FULL : SB_ROOM_NONE)) {
        return SB_ERR_OK;
    }
    sb_room_say(&txn->room, why);
    return SB_ERR_FULL;
}

void sb_key_init(struct sb_key *key)
{
    key->size = 0;
}

void sb_key_add(struct sb_key *key, struct sb_bytes part)
{
    SB_ASSERT(part.size <= sizeof key->at - key->size);
    if (part.size > 0) {
        memcpy(key->at + key->size, part.at, part.size);
        key->size += part.size;
    }
}

void sb_key_add_name(struct sb_key *key, const char *name)
{
    sb_key_add(key, sb_bytes_str(name));
    sb_key_add_byte(key, 0);
}

void sb_key_add_be64(struct sb_key *key, uint64_t number)
{
    uint8_t at[8];

    sb_be64_write(at, number);
    sb_key_add(key, sb_bytes(at, sizeof at));
}

void sb_key_add_byte(struct sb_key *key, uint8_t byte)
{
    sb_key_add(key, sb_bytes(&byte, 1));
}

struct sb_bytes sb_key_bytes(const struct sb_key *key)
{
    return sb_bytes(key->at, key->size);
}

uint64_t sb_txn_number(struct sb_txn *txn, enum sb_table table, const char *name)
{
    struct sb_bytes value;

    if (!sb_txn_get(txn, table, sb_bytes_str(name), &value)) {
        return 0;
    }
    SB_ASSERT(value.size == 8);
    return sb_be64_read(value.at);
}

void sb_txn_set_number(struct sb_txn *txn, enum sb_table table, const char *name, uint64_t number)
{
    uint8_t at[8];

    sb_be64_write(at, number);
    sb_txn_put(txn, table, sb_bytes_str(name), sb_bytes(at, sizeof at));
}

void sb_txn_count_more(struct sb_txn *txn, const char *name, uint64_t more)
{
    if (more != 0) {
        uint64_t before = sb_txn_number(txn, SB_TABLE_COUNTER, name);
        sb_txn_set_number(txn, SB_TABLE_COUNTER, name, before + more);
    }
}

void sb_txn_count(struct sb_txn *txn, const char *name)
{
    sb_txn_count_more(txn, name, 1);
}
