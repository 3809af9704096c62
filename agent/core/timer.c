/* timer.c: the rows of TIMER: due time ‖ purpose ‖ owner's key → nothing. What a timer that is due
 * means is decided elsewhere. */
#include "timer.h"

#define OWNER_AT 9 /* after the time and the purpose */

static void timer_key(uint64_t due_ms, enum sb_timer purpose, struct sb_bytes owner,
                      struct sb_key *ret_key)
{
    sb_key_init(ret_key);
    sb_key_add_be64(ret_key, due_ms);
    sb_key_add_byte(ret_key, (uint8_t)purpose);
    sb_key_add(ret_key, owner);
}

void sb_timer_set(struct sb_txn *txn, uint64_t due_ms, enum sb_timer purpose, struct sb_bytes owner)
{
    struct sb_key key;

    timer_key(due_ms, purpose, owner, &key);
    sb_txn_put(txn, SB_TABLE_TIMER, sb_key_bytes(&key), sb_bytes(NULL, 0));
}

void sb_timer_drop(struct sb_txn *txn, uint64_t due_ms, enum sb_timer purpose,
                   struct sb_bytes owner)
{
    struct sb_key key;

    timer_key(due_ms, purpose, owner, &key);
    sb_txn_del(txn, SB_TABLE_TIMER, sb_key_bytes(&key));
}

bool sb_timer_next(struct sb_txn *txn, struct sb_key *from, uint64_t *ret_due_ms,
                   enum sb_timer *ret_purpose, struct sb_key *ret_owner)
{
    struct sb_bytes key, value;

    if (!sb_txn_seek(txn, SB_TABLE_TIMER, sb_key_bytes(from), &key, &value)) {
        return false;
    }
    SB_ASSERT(key.size > OWNER_AT);
    *ret_due_ms = sb_be64_read(key.at);
    *ret_purpose = (enum sb_timer)key.at[8];
    sb_key_init(ret_owner);
    sb_key_add(ret_owner, sb_bytes(key.at + OWNER_AT, key.size - OWNER_AT));
    sb_key_init(from);
    sb_key_add(from, key);
    return true;
}

static bool timer_first(struct sb_txn *txn, uint64_t from_ms, uint64_t *ret_due_ms,
                        enum sb_timer *ret_purpose, struct sb_key *ret_owner)
{
    struct sb_key from;

    sb_key_init(&from);
    sb_key_add_be64(&from, from_ms);
    return sb_timer_next(txn, &from, ret_due_ms, ret_purpose, ret_owner);
}

uint64_t sb_timer_first_ms(struct sb_txn *txn)
{
    enum sb_timer purpose;
    struct sb_key owner;
    uint64_t due_ms;

    return timer_first(txn, SB_TIMER_NOW_MS, &due_ms, &purpose, &owner) ? due_ms : SB_NEVER_MS;
}

bool sb_timer_take(struct sb_txn *txn, uint64_t now_ms, enum sb_timer *ret_purpose,
                   struct sb_key *ret_owner)
{
    uint64_t due_ms;

    SB_ASSERT(now_ms < SB_NEVER_MS);
    if ((!timer_first(txn, SB_TIMER_NOW_MS + 1, &due_ms, ret_purpose, ret_owner) || due_ms > now_ms)
        && (!timer_first(txn, SB_TIMER_NOW_MS, &due_ms, ret_purpose, ret_owner)
            || due_ms > now_ms)) {
        return false;
    }
    sb_timer_drop(txn, due_ms, *ret_purpose, sb_key_bytes(ret_owner));
    return true;
}
