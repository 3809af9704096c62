/* attempt.c: the rows of ATTEMPT, and what the channel's results mean for them. What an attempt
 * carries to the channel is attempt_send.c's; who is tried next is ring.c's. */
#include "attempt.h"

#include "attempt_send.h"
#include "ring.h"
#include "timer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_DIGITS  8  /* of the event's id, in the key */
#define NUMBER_DIGITS 10 /* of a uint32_t */
static_assert(EVENT_DIGITS + 3 * (1 + SB_NAME_SIZE_MAX) + 1 + NUMBER_DIGITS <= SB_ATTEMPT_SIZE_MAX,
              "every attempt has a key");

#define ROW_SIZE_MAX 1024

bool sb_attempt_rings(const struct sb_attempt *attempt)
{
    return sb_hash_equal(&attempt->told, &attempt->alert);
}

static struct sb_bytes key_bytes(const char *key)
{
    return sb_bytes_str(key);
}

bool sb_attempt_load(struct sb_txn *txn, const char *key, struct sb_attempt *ret_attempt)
{
    struct sb_attempt attempt = {0};
    struct sb_record row = {0};
    struct sb_bytes value;

    if (key[0] == '\0' || strlen(key) > SB_ATTEMPT_SIZE_MAX
        || !sb_txn_get(txn, SB_TABLE_ATTEMPT, key_bytes(key), &value)) {
        return false;
    }
    SB_ASSERT(sb_record_read(value, SB_PARTS_ALL, &row, NULL) == SB_ERR_OK);
    const struct sb_bytes text = sb_record_bytes(&row, SB_FIELD_SEAT);
    SB_ASSERT(sb_record_hash(&row, SB_FIELD_REF, &attempt.alert));
    SB_ASSERT(sb_record_hash(&row, SB_FIELD_ID, &attempt.told));
    SB_ASSERT(sb_seat_read(text, &attempt.seat));
    memcpy(attempt.key, key, strlen(key));
    memcpy(attempt.text, text.at, text.size);
    attempt.kind = (unsigned)sb_record_number(&row, SB_FIELD_KIND);
    attempt.person = sb_record_name(&row, SB_FIELD_PERSON);
    attempt.channel = sb_record_name(&row, SB_FIELD_CHANNEL);
    attempt.position = sb_record_number(&row, SB_FIELD_TURN);
    attempt.tries = sb_record_number(&row, SB_FIELD_TRIES);
    attempt.result = (enum sb_result)sb_record_number(&row, SB_FIELD_RESULT);
    attempt.sent = sb_record_number(&row, SB_FIELD_DONE) != 0;
    *ret_attempt = attempt;
    return true;
}

/* The attempt that a timer's row names. False where it is lost (lost.c). */
static bool attempt_named(struct sb_turn *turn, const char *key, struct sb_attempt *ret_attempt)
{
    const uint64_t met = sb_txn_damages(turn->txn);

    if (sb_attempt_load(turn->txn, key, ret_attempt)) {
        return true;
    }
    sb_agent_lost(turn, met, "attempt", key);
    return false;
}

void sb_attempt_save(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    struct sb_record row = {0};
    struct sb_buf buf;

    sb_record_set_hash(&row, SB_FIELD_REF, &attempt->alert);
    sb_record_set_hash(&row, SB_FIELD_ID, &attempt->told);
    sb_record_set_text(&row, SB_FIELD_SEAT, attempt->text);
    sb_record_set_number(&row, SB_FIELD_KIND, attempt->kind);
    sb_record_set_name(&row, SB_FIELD_PERSON, &attempt->person);
    sb_record_set_name(&row, SB_FIELD_CHANNEL, &attempt->channel);
    sb_record_set_number(&row, SB_FIELD_TURN, attempt->position);
    sb_record_set_number(&row, SB_FIELD_TRIES, attempt->tries);
    sb_record_set_number(&row, SB_FIELD_RESULT, (uint64_t)attempt->result);
    sb_record_set_number(&row, SB_FIELD_DONE, attempt->sent);
    sb_buf_init(&buf, ROW_SIZE_MAX);
    sb_record_write(&row, SB_PARTS_ALL, &buf);
    SB_ASSERT(!buf.overflow);
    sb_txn_put(turn->txn, SB_TABLE_ATTEMPT, key_bytes(attempt->key), sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

/* The first number that is free, so that a key is one attempt's for ever, also where one person is
 * called for two seats. */
static void key_make(struct sb_turn *turn, struct sb_attempt *attempt)
{
    char event[2 * SB_HASH_SIZE + 1];
    struct sb_bytes value;

    sb_hex_write(sb_hash_bytes(&attempt->told), event);
    for (uint32_t number = 1;; number++) {
        int size =
            snprintf(attempt->key, sizeof attempt->key, "%.*s/%s/%s/%s/%u", EVENT_DIGITS, event,
                     attempt->seat.org.text, attempt->person.text, attempt->channel.text, number);
        SB_ASSERT(size > 0 && (size_t)size < sizeof attempt->key);
        if (!sb_txn_get(turn->txn, SB_TABLE_ATTEMPT, key_bytes(attempt->key), &value)) {
            return;
        }
    }
}

void sb_attempt_start(struct sb_turn *turn, const struct sb_attempt *wanted)
{
    struct sb_attempt attempt = *wanted;

    key_make(turn, &attempt);
    attempt.result = SB_RESULT_UNKNOWN;
    attempt.sent = false;
    sb_attempt_save(turn, &attempt);
    sb_timer_set(turn->txn, SB_NEVER_MS, SB_TIMER_WAITING, key_bytes(attempt.key));
    sb_txn_count(turn->txn, "attempts/made");
    /* A channel that opened in this turn gets all that waits at the turn's end, this one too. */
    if (!sb_session_may_wake(turn)) {
        turn->agent->may_wait = true;
    } else if (turn->agent->channel_open && !turn->agent->channel_opened) {
        sb_attempt_send(turn, &attempt);
    }
}

/* No longer worth a person's sleep: its alert is settled, unless it tells just that, or that person
 * has answered while others are rung. */
static bool attempt_is_moot(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    struct sb_alert alert = {.id = attempt->alert, .seat = attempt->seat};
    struct sb_key key;

    sb_alert_key(&alert, &key);
    if (!sb_alert_named(turn, sb_key_bytes(&key), &alert)) {
        return true;
    }
    if (!sb_attempt_rings(attempt)) { /* of what is recalled, only the recall is told */
        return alert.state == SB_ALERT_RECALLED && attempt->kind != SB_KIND_RECALL;
    }
    switch (alert.state) {
    case SB_ALERT_RINGING:
    case SB_ALERT_EXHAUSTED: return sb_alert_has_answered(turn->txn, &alert, &attempt->person);
    case SB_ALERT_ANSWERED: /* a reminder to the one who acknowledged goes on */
        return alert.answer != SB_ANSWER_NOTHING
               || !sb_name_equal(&alert.reached_by, &attempt->person);
    case SB_ALERT_HELD:
    case SB_ALERT_RECALLED:
    case SB_ALERT_SUPERSEDED: return true;
    }
    return true;
}

static void attempt_settle(struct sb_turn *turn, const char *key)
{
    sb_timer_drop(turn->txn, SB_NEVER_MS, SB_TIMER_WAITING, key_bytes(key));
}

/* The keys of what waits, as they lie now: what is started while they go, goes by itself. */
struct waiting {
    char (*key)[SB_ATTEMPT_SIZE_MAX + 1];
    size_t count, room;
};

static void waiting_add(struct waiting *waiting, struct sb_bytes key)
{
    waiting->key =
        sb_alloc_more(waiting->key, waiting->count, &waiting->room, sizeof *waiting->key);
    SB_ASSERT(key.size <= SB_ATTEMPT_SIZE_MAX);
    memset(waiting->key[waiting->count], 0, sizeof waiting->key[0]);
    memcpy(waiting->key[waiting->count++], key.at, key.size);
}

static void waiting_find(struct sb_turn *turn, struct waiting *waiting)
{
    struct sb_key from, owner;
    enum sb_timer purpose;
    uint64_t due_ms;

    sb_key_init(&from);
    sb_key_add_be64(&from, SB_NEVER_MS);
    while (sb_timer_next(turn->txn, &from, &due_ms, &purpose, &owner)) {
        sb_key_add_byte(&from, 0);
        SB_ASSERT(purpose == SB_TIMER_WAITING);
        waiting_add(waiting, sb_key_bytes(&owner));
    }
}

void sb_attempt_send_waiting(struct sb_turn *turn, bool again)
{
    struct waiting waiting = {0};
    struct sb_attempt attempt;

    waiting_find(turn, &waiting);
    for (size_t i = 0; i < waiting.count; i++) {
        if (!attempt_named(turn, waiting.key[i], &attempt)) {
            attempt_settle(turn, waiting.key[i]);
            continue;
        }
        if (attempt.result != SB_RESULT_UNKNOWN) {
            continue; /* settled by the one before it */
        }
        if (attempt_is_moot(turn, &attempt)) {
            attempt_settle(turn, attempt.key);
        } else if (again || !attempt.sent) {
            sb_attempt_send(turn, &attempt);
        }
    }
    free(waiting.key);
}

/* The person's next channel, at once. False where there is none. */
static bool next_channel(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    const struct sb_roster *roster = turn->agent->config.roster;
    const int person = sb_roster_find(roster, &attempt->person);
    struct sb_attempt next = *attempt;

    if (person < 0 || attempt->position + 1 >= roster->person[person].channel_count) {
        return false;
    }
    next.position++;
    next.channel = roster->person[person].channel[next.position].kind;
    next.tries = 1;
    sb_attempt_start(turn, &next);
    return true;
}

static void on_accepted(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    if (sb_attempt_rings(attempt)) {
        sb_ring_notified(turn, attempt);
    }
}

static void on_failed(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    sb_txn_count(turn->txn, "attempts/failed");
    if (attempt_is_moot(turn, attempt) || next_channel(turn, attempt)) {
        return;
    }
    if (sb_attempt_rings(attempt)) {
        sb_ring_unreachable(turn, attempt);
    } else {
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "tell=failed person=%s attempt=%s remedy=\"tell the person yourself\"",
                       attempt->person.text, attempt->key);
    }
}

static void on_retry(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    if (attempt->tries >= SB_ATTEMPT_RETRY_MAX) {
        on_failed(turn, attempt);
        return;
    }
    sb_timer_set(turn->txn, turn->now.mono_ms + SB_ATTEMPT_RETRY_MS, SB_TIMER_RETRY,
                 key_bytes(attempt->key));
}

/* A channel that does not know how it ended has said nothing: the attempt stays as it was. */
static void on_unknown(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    sb_timer_set(turn->txn, SB_NEVER_MS, SB_TIMER_WAITING, key_bytes(attempt->key));
}

static void (*const result_actions[])(struct sb_turn *, const struct sb_attempt *) = {
    [SB_RESULT_UNKNOWN] = on_unknown,
    [SB_RESULT_ACCEPTED] = on_accepted,
    [SB_RESULT_RETRY] = on_retry,
    [SB_RESULT_FAILED] = on_failed,
};

enum sb_err sb_attempt_result(struct sb_turn *turn, const char *key, enum sb_result result,
                              struct sb_why *why)
{
    struct sb_attempt attempt;

    SB_ASSERT(result >= SB_RESULT_UNKNOWN && result <= SB_RESULT_FAILED);
    if (!sb_attempt_load(turn->txn, key, &attempt)) {
        return sb_why_say(why, SB_ERR_NOT_FOUND, "inget försök har nyckeln %.96s",
                          "no attempt has the key %.96s", key);
    }
    if (attempt.result != SB_RESULT_UNKNOWN) {
        return SB_ERR_OK;
    }
    attempt.result = result;
    attempt.sent = true;
    sb_attempt_save(turn, &attempt);
    attempt_settle(turn, attempt.key);
    result_actions[result](turn, &attempt);
    return SB_ERR_OK;
}

void sb_attempt_retry(struct sb_turn *turn, struct sb_bytes key)
{
    char text[SB_ATTEMPT_SIZE_MAX + 1] = {0};
    struct sb_attempt attempt;

    SB_ASSERT(key.size <= SB_ATTEMPT_SIZE_MAX);
    memcpy(text, key.at, key.size);
    if (attempt_named(turn, text, &attempt) && !attempt_is_moot(turn, &attempt)) {
        attempt.tries++;
        sb_attempt_start(turn, &attempt);
    }
}

/* How the keys begin that may fit: a person alone is told from others by the row. */
static void prefix_make(const struct sb_attempt_of *of, char prefix[SB_ATTEMPT_SIZE_MAX + 1])
{
    const bool both = of->org != NULL && of->person != NULL;
    char event[2 * SB_HASH_SIZE + 1];

    sb_hex_write(sb_hash_bytes(of->told), event);
    const int size = snprintf(prefix, SB_ATTEMPT_SIZE_MAX + 1, "%.*s/%s%s%s%s", EVENT_DIGITS, event,
                              of->org == NULL ? "" : of->org->text, of->org == NULL ? "" : "/",
                              both ? of->person->text : "", both ? "/" : "");
    SB_ASSERT(size > 0 && size <= SB_ATTEMPT_SIZE_MAX);
}

bool sb_attempt_next(struct sb_txn *txn, const struct sb_attempt_of *of,
                     struct sb_attempt_walk *walk, struct sb_attempt *ret_attempt)
{
    char prefix[SB_ATTEMPT_SIZE_MAX + 1];
    struct sb_bytes key, value;

    prefix_make(of, prefix);
    if (walk->key.size == 0) {
        sb_key_add(&walk->key, sb_bytes_str(prefix));
    }
    while (sb_txn_seek(txn, SB_TABLE_ATTEMPT, sb_key_bytes(&walk->key), &key, &value)
           && sb_bytes_starts_with(key, sb_bytes_str(prefix))) {
        sb_key_init(&walk->key);
        sb_key_add(&walk->key, key);
        sb_key_add_byte(&walk->key, 0); /* the next seek goes on behind it */
        SB_ASSERT(sb_attempt_load(txn, (const char *)walk->key.at, ret_attempt));
        if (sb_hash_equal(&ret_attempt->told, of->told)
            && (of->person == NULL || sb_name_equal(&ret_attempt->person, of->person))) {
            return true;
        }
    }
    return false;
}

static bool is_of_seat(const struct sb_attempt *attempt, const struct sb_alert *alert)
{
    return sb_name_equal(&attempt->seat.function, &alert->seat.function);
}

void sb_attempt_keep_back(struct sb_turn *turn, const struct sb_alert *alert)
{
    const struct sb_attempt_of of = {&alert->id, &alert->seat.org, NULL};
    struct sb_attempt_walk walk = {0};
    struct sb_attempt attempt;

    while (sb_attempt_next(turn->txn, &of, &walk, &attempt)) {
        if (is_of_seat(&attempt, alert) && !attempt.sent) {
            attempt_settle(turn, attempt.key);
        }
    }
}

bool sb_attempt_rang(struct sb_txn *txn, const struct sb_alert *alert, const struct sb_name *person)
{
    const struct sb_attempt_of of = {&alert->id, &alert->seat.org, person};
    struct sb_attempt_walk walk = {0};
    struct sb_attempt attempt;

    while (sb_attempt_next(txn, &of, &walk, &attempt)) {
        if (is_of_seat(&attempt, alert)) {
            return true;
        }
    }
    return false;
}
