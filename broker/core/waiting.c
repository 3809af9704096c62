/* waiting.c: rows of entries that wait. What they wait for, and what becomes of them, on_arrival.c
 * and recover.c know. */
#include "waiting.h"

#include "rows.h"

static struct sb_bytes waiting_key(char sort, const struct sb_hash *what, uint64_t index,
                                   struct sb_key *key)
{
    sb_key_init(key);
    sb_key_add_byte(key, (uint8_t)sort);
    if (what != NULL) {
        sb_key_add(key, sb_hash_bytes(what));
    }
    sb_key_add_be64(key, index);
    return sb_key_bytes(key);
}

static uint64_t key_index(struct sb_bytes key)
{
    SB_ASSERT(key.size > 8);
    return sb_be64_read(key.at + key.size - 8);
}

static void wait_put(struct sb_broker_turn *turn, uint64_t index, const struct sb_hash *what,
                     struct sb_bytes value)
{
    struct sb_key key;
    sb_txn_put(turn->txn, SB_TABLE_CASE, waiting_key('W', what, index, &key), value);
    sb_txn_count(turn->txn, "broker/waiting");
}

void sb_waiting_for_event(struct sb_broker_turn *turn, uint64_t index, const struct sb_hash *id)
{
    wait_put(turn, index, id, sb_bytes(NULL, 0));
}

void sb_waiting_for_audience(struct sb_broker_turn *turn, uint64_t index,
                             const struct sb_hash *digest)
{
    uint8_t since[8];
    uint64_t until = turn->now.mono_ms + SB_AUDIENCE_WAIT_MS;
    sb_be64_write(since, turn->now.wall_ms);
    wait_put(turn, index, digest, sb_bytes(since, sizeof since));
    if (until < turn->broker->waiting_ms) {
        turn->broker->waiting_ms = until;
    }
}

static struct sb_broker_walk walk_of(char sort, const struct sb_hash *what)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add_byte(&key, (uint8_t)sort);
    if (what != NULL) {
        sb_key_add(&key, sb_hash_bytes(what));
    }
    return sb_broker_walk(SB_TABLE_CASE, sb_key_bytes(&key));
}

/* The row's bytes end with the first put: it is named by a copy of its key. */
static void wake_row(struct sb_broker_turn *turn, struct sb_bytes key)
{
    struct sb_key waits;
    struct sb_key judged;
    sb_key_init(&waits);
    sb_key_add(&waits, key);
    uint64_t index = key_index(key);
    sb_txn_del(turn->txn, SB_TABLE_CASE, sb_key_bytes(&waits));
    sb_txn_put(turn->txn, SB_TABLE_CASE, waiting_key('J', NULL, index, &judged), sb_bytes(NULL, 0));
}

void sb_waiting_wake(struct sb_broker_turn *turn, const struct sb_hash *what)
{
    struct sb_broker_walk walk = walk_of('W', what);
    struct sb_bytes key;
    struct sb_bytes value;
    while (sb_broker_walk_next(&walk, turn->txn, &key, &value)) {
        wake_row(turn, key);
    }
}

bool sb_waiting_take(struct sb_broker_turn *turn, uint64_t *ret_index)
{
    struct sb_broker_walk walk = walk_of('J', NULL);
    struct sb_bytes key;
    struct sb_bytes value;
    struct sb_key taken;
    if (!sb_broker_walk_next(&walk, turn->txn, &key, &value)) {
        return false;
    }
    uint64_t index = key_index(key);
    sb_txn_del(turn->txn, SB_TABLE_CASE, waiting_key('J', NULL, index, &taken));
    *ret_index = index;
    return true;
}

bool sb_waiting_next(struct sb_broker_turn *turn, const struct sb_hash *digest, uint64_t *index)
{
    struct sb_key prefix;
    uint8_t from[8];
    struct sb_bytes key;
    struct sb_bytes value;
    sb_key_init(&prefix);
    sb_key_add_byte(&prefix, 'W');
    sb_key_add(&prefix, sb_hash_bytes(digest));
    sb_be64_write(from, *index);
    struct sb_broker_walk walk =
        sb_broker_walk_from(SB_TABLE_CASE, sb_key_bytes(&prefix), sb_bytes(from, sizeof from));
    if (!sb_broker_walk_next(&walk, turn->txn, &key, &value)) {
        return false;
    }
    *index = key_index(key);
    return true;
}

uint64_t sb_waiting_number(struct sb_txn *txn)
{
    struct sb_broker_walk walk = walk_of('W', NULL);
    struct sb_bytes key;
    struct sb_bytes value;
    uint64_t number = 0;
    while (sb_broker_walk_next(&walk, txn, &key, &value)) {
        number++;
    }
    return number;
}

/* A wall clock that was put back makes it wait no longer than from now. */
static uint64_t wait_left_ms(const struct sb_broker_turn *turn, struct sb_bytes since)
{
    uint64_t began = sb_be64_read(since.at);
    uint64_t waited = turn->now.wall_ms > began ? turn->now.wall_ms - began : 0;
    return waited < SB_AUDIENCE_WAIT_MS ? SB_AUDIENCE_WAIT_MS - waited : 0;
}

bool sb_waiting_overdue(struct sb_broker_turn *turn, uint64_t *ret_index)
{
    struct sb_broker_walk walk = walk_of('W', NULL);
    struct sb_bytes key;
    struct sb_bytes value;
    uint64_t soonest = SB_NEVER_MS;
    if (turn->now.mono_ms < turn->broker->waiting_ms) {
        return false;
    }
    while (sb_link_is_restored(turn->txn) && sb_broker_walk_next(&walk, turn->txn, &key, &value)) {
        uint64_t left = value.size == 8 ? wait_left_ms(turn, value) : SB_NEVER_MS;
        if (left == 0) {
            uint64_t index = key_index(key);
            struct sb_key done;
            sb_key_init(&done);
            sb_key_add(&done, key);
            sb_txn_del(turn->txn, SB_TABLE_CASE, sb_key_bytes(&done));
            *ret_index = index;
            return true;
        }
        soonest = left < soonest ? left : soonest;
    }
    turn->broker->waiting_ms = soonest == SB_NEVER_MS ? SB_NEVER_MS : turn->now.mono_ms + soonest;
    return false;
}
