/* alert.c: an alert's row, its walk by event and group, and the table of its moves. Whom to ring
 * and when is ring.c's. */
#include "alert.h"

#include "timer.h"

#include <stdio.h>
#include <string.h>

/* Group index rows lie in ALERT too: 'g' ‖ group ‖ event id. No event id begins so but by a
 * hash's chance, and then its rows still have other lengths. */
#define GROUP_MARK 'g'
/* And who has answered: 'p' ‖ event id ‖ seat ‖ 0 ‖ person. */
#define PERSON_MARK  'p'

#define ROW_SIZE_MAX 4096 /* names, times and numbers only */

#define TO(state)    (1u << SB_ALERT_##state)

/* From each state, where it may go. */
static const unsigned moves[] = {
    [SB_ALERT_HELD] = TO(RINGING) | TO(ANSWERED) | TO(RECALLED) | TO(SUPERSEDED),
    [SB_ALERT_RINGING] = TO(ANSWERED) | TO(EXHAUSTED) | TO(RECALLED) | TO(SUPERSEDED),
    [SB_ALERT_ANSWERED] = TO(RINGING) | TO(EXHAUSTED) | TO(RECALLED) | TO(SUPERSEDED),
    [SB_ALERT_EXHAUSTED] = TO(RINGING) | TO(ANSWERED) | TO(RECALLED) | TO(SUPERSEDED),
    [SB_ALERT_RECALLED] = 0,
    [SB_ALERT_SUPERSEDED] = TO(RECALLED),
};

/* Where somebody attends with mandate, whose answer it is. */
static bool attends(const struct sb_alert *alert)
{
    return alert->holds_mandate
           && (alert->answer == SB_ANSWER_YES || alert->answer == SB_ANSWER_AT);
}

bool sb_alert_may_move(enum sb_alert_state from, enum sb_alert_state to)
{
    return (unsigned)from < sizeof moves / sizeof moves[0]
           && (moves[from] & 1u << (unsigned)to) != 0;
}

void sb_alert_move(struct sb_alert *alert, enum sb_alert_state to)
{
    SB_ASSERT(sb_alert_may_move(alert->state, to));
    alert->state = to;
}

bool sb_alert_needs_mandate(const struct sb_alert *alert)
{
    return !alert->seat.supports && alert->level != 0;
}

enum sb_asks sb_alert_asks(const struct sb_alert *alert)
{
    const struct sb_kind_row *kind = sb_kind_find(alert->kind);

    return kind == NULL ? SB_ASKS_NOTHING : kind->asks;
}

static void alert_key(const struct sb_hash *id, const struct sb_seat *seat, struct sb_key *ret_key)
{
    char text[SB_SEAT_SIZE_MAX + 1];

    sb_seat_key(seat, text);
    sb_key_init(ret_key);
    sb_key_add(ret_key, sb_hash_bytes(id));
    sb_key_add(ret_key, sb_bytes_str(text));
}

void sb_alert_key(const struct sb_alert *alert, struct sb_key *ret_key)
{
    alert_key(&alert->id, &alert->seat, ret_key);
}

static void alert_read(const struct sb_record *row, struct sb_alert *alert)
{
    struct sb_bytes text = sb_record_bytes(row, SB_FIELD_SEAT);
    struct sb_bytes group = sb_record_bytes(row, SB_FIELD_GROUP);

    SB_ASSERT(sb_record_hash(row, SB_FIELD_ID, &alert->id));
    SB_ASSERT(sb_seat_read(text, &alert->seat));
    memcpy(alert->text, text.at, text.size);
    alert->has_group = group.size == SB_GROUP_SIZE;
    if (alert->has_group) {
        memcpy(alert->group, group.at, SB_GROUP_SIZE);
    }
    alert->corrected = sb_record_hash(row, SB_FIELD_SUPERSEDES, &alert->correction);
    alert->realm = (unsigned)sb_record_number(row, SB_FIELD_REALM);
    alert->kind = (unsigned)sb_record_number(row, SB_FIELD_KIND);
    alert->level = (unsigned)sb_record_number(row, SB_FIELD_LEVEL);
    alert->state = (enum sb_alert_state)sb_record_number(row, SB_FIELD_STATE);
    alert->answer_by = sb_record_number(row, SB_FIELD_ANSWER_BY);
    alert->starts = sb_record_number(row, SB_FIELD_STARTS);
    alert->person = sb_record_name(row, SB_FIELD_PERSON);
    alert->reached_by = sb_record_name(row, SB_FIELD_REACHED_BY);
    alert->otherwise = sb_record_name(row, SB_FIELD_VIA);
    alert->answered_at = sb_record_number(row, SB_FIELD_ANSWERED_AT);
    sb_aside_read(row, &alert->aside);
    alert->turn = sb_record_number(row, SB_FIELD_TURN);
    alert->tries = sb_record_number(row, SB_FIELD_TRIES);
    alert->left = sb_record_number(row, SB_FIELD_LEFT);
    alert->step = (enum sb_step)sb_record_number(row, SB_FIELD_STEP);
    alert->due = sb_record_number(row, SB_FIELD_DUE);
    alert->notified_at = sb_record_number(row, SB_FIELD_NOTIFIED_AT);
    alert->opened_at = sb_record_number(row, SB_FIELD_OPENED_AT);
    alert->acked_at = sb_record_number(row, SB_FIELD_ACKED_AT);
    alert->at = sb_record_number(row, SB_FIELD_AT);
    alert->answer = (enum sb_answer)sb_record_number(row, SB_FIELD_ANSWER);
    alert->holds_mandate = sb_record_number(row, SB_FIELD_HOLDS_MANDATE) != 0;
    alert->reminded = sb_record_number(row, SB_FIELD_HALFWAY) != 0;
}

static void set_known(struct sb_record *row, enum sb_field field, uint64_t number)
{
    if (number != 0) {
        sb_record_set_number(row, field, number);
    }
}

static void alert_write(const struct sb_alert *alert, struct sb_record *row)
{
    sb_record_set_hash(row, SB_FIELD_ID, &alert->id);
    sb_record_set_text(row, SB_FIELD_SEAT, alert->text);
    if (alert->has_group) {
        sb_record_set_bytes(row, SB_FIELD_GROUP, sb_bytes(alert->group, SB_GROUP_SIZE));
    }
    if (alert->corrected) {
        sb_record_set_hash(row, SB_FIELD_SUPERSEDES, &alert->correction);
    }
    if (alert->person.text[0] != '\0') {
        sb_record_set_name(row, SB_FIELD_PERSON, &alert->person);
    }
    if (alert->reached_by.text[0] != '\0') {
        sb_record_set_name(row, SB_FIELD_REACHED_BY, &alert->reached_by);
    }
    if (alert->otherwise.text[0] != '\0') {
        sb_record_set_name(row, SB_FIELD_VIA, &alert->otherwise);
    }
    sb_record_set_number(row, SB_FIELD_STATE, (uint64_t)alert->state);
    sb_record_set_number(row, SB_FIELD_DUE, alert->due);
    sb_record_set_number(row, SB_FIELD_REALM, alert->realm);
    sb_record_set_number(row, SB_FIELD_KIND, alert->kind);
    set_known(row, SB_FIELD_LEVEL, alert->level);
    set_known(row, SB_FIELD_ANSWER_BY, alert->answer_by);
    set_known(row, SB_FIELD_STARTS, alert->starts);
    set_known(row, SB_FIELD_TURN, alert->turn);
    set_known(row, SB_FIELD_TRIES, alert->tries);
    set_known(row, SB_FIELD_LEFT, alert->left);
    set_known(row, SB_FIELD_STEP, (uint64_t)alert->step);
    set_known(row, SB_FIELD_NOTIFIED_AT, alert->notified_at);
    set_known(row, SB_FIELD_OPENED_AT, alert->opened_at);
    set_known(row, SB_FIELD_ACKED_AT, alert->acked_at);
    set_known(row, SB_FIELD_ANSWERED_AT, alert->answered_at);
    set_known(row, SB_FIELD_AT, alert->at);
    set_known(row, SB_FIELD_ANSWER, (uint64_t)alert->answer);
    set_known(row, SB_FIELD_HOLDS_MANDATE, alert->holds_mandate);
    set_known(row, SB_FIELD_HALFWAY, alert->reminded);
}

bool sb_alert_load(struct sb_txn *txn, struct sb_bytes key, struct sb_alert *ret_alert)
{
    struct sb_record row = {0};
    struct sb_alert alert = {0};
    struct sb_bytes value;

    if (!sb_txn_get(txn, SB_TABLE_ALERT, key, &value) || value.size == 0) {
        return false;
    }
    SB_ASSERT(sb_record_read(value, SB_PARTS_ALL, &row, NULL) == SB_ERR_OK);
    alert_read(&row, &alert);
    *ret_alert = alert;
    return true;
}

bool sb_alert_find(struct sb_txn *txn, const struct sb_hash *id, const struct sb_seat *seat,
                   struct sb_alert *ret_alert)
{
    struct sb_key key;

    alert_key(id, seat, &key);
    return sb_alert_load(txn, sb_key_bytes(&key), ret_alert);
}

bool sb_alert_named(struct sb_turn *turn, struct sb_bytes key, struct sb_alert *ret_alert)
{
    char id[2 * SB_HASH_SIZE + 1];
    char which[24 + SB_SEAT_SIZE_MAX];
    const uint64_t met = sb_txn_damages(turn->txn);

    if (sb_alert_load(turn->txn, key, ret_alert)) {
        return true;
    }
    SB_ASSERT(key.size > SB_HASH_SIZE);
    sb_hex_write(sb_bytes(key.at, SB_HASH_SIZE), id);
    (void)snprintf(which, sizeof which, "%.12s/%.*s", id, (int)(key.size - SB_HASH_SIZE),
                   (const char *)key.at + SB_HASH_SIZE);
    sb_agent_lost(turn, met, "alert", which);
    return false;
}

/* The timer moves with the row: what the stored row says goes, what the new one says comes. */
static void timer_follow(struct sb_turn *turn, const struct sb_alert *alert, struct sb_bytes key)
{
    struct sb_alert before;

    if (sb_alert_load(turn->txn, key, &before) && before.due != SB_NEVER_MS
        && before.due != alert->due) {
        sb_timer_drop(turn->txn, before.due, SB_TIMER_ALERT, key);
    }
    if (alert->due != SB_NEVER_MS) {
        SB_ASSERT(alert->due != SB_TIMER_NOW_MS);
        sb_timer_set(turn->txn, alert->due, SB_TIMER_ALERT, key);
    }
}

static void group_index(struct sb_turn *turn, const struct sb_alert *alert)
{
    struct sb_bytes value;
    struct sb_key key;

    sb_key_init(&key);
    sb_key_add_byte(&key, GROUP_MARK);
    sb_key_add(&key, sb_bytes(alert->group, SB_GROUP_SIZE));
    sb_key_add(&key, sb_hash_bytes(&alert->id));
    if (!sb_txn_get(turn->txn, SB_TABLE_ALERT, sb_key_bytes(&key), &value)) {
        sb_txn_put(turn->txn, SB_TABLE_ALERT, sb_key_bytes(&key), sb_bytes(NULL, 0));
    }
}

void sb_alert_save(struct sb_turn *turn, const struct sb_alert *alert)
{
    struct sb_record row = {0};
    struct sb_buf buf, aside;
    struct sb_key key;

    sb_alert_key(alert, &key);
    timer_follow(turn, alert, sb_key_bytes(&key));
    if (alert->has_group) {
        group_index(turn, alert);
    }
    alert_write(alert, &row);
    sb_aside_write(&alert->aside, &row, &aside);
    sb_buf_init(&buf, ROW_SIZE_MAX);
    sb_record_write(&row, SB_PARTS_ALL, &buf);
    SB_ASSERT(!buf.overflow);
    sb_txn_put(turn->txn, SB_TABLE_ALERT, sb_key_bytes(&key), sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    sb_buf_finish(&aside);
}

/* The key after the walk's last one that begins with `prefix`. */
static bool walk_on(struct sb_txn *txn, struct sb_bytes prefix, struct sb_alert_walk *walk)
{
    struct sb_bytes key, value;

    if (walk->key.size == 0) {
        sb_key_add(&walk->key, prefix);
    } else {
        sb_key_add_byte(&walk->key, 0);
    }
    if (!sb_txn_seek(txn, SB_TABLE_ALERT, sb_key_bytes(&walk->key), &key, &value)
        || !sb_bytes_starts_with(key, prefix)) {
        return false;
    }
    sb_key_init(&walk->key);
    sb_key_add(&walk->key, key);
    return true;
}

bool sb_alert_next(struct sb_txn *txn, const struct sb_hash *id, struct sb_alert_walk *walk,
                   struct sb_alert *ret_alert)
{
    return walk_on(txn, sb_hash_bytes(id), walk)
           && sb_alert_load(txn, sb_key_bytes(&walk->key), ret_alert);
}

bool sb_alert_group_next(struct sb_txn *txn, const uint8_t group[SB_GROUP_SIZE],
                         struct sb_alert_walk *walk, struct sb_hash *ret_id)
{
    struct sb_key prefix;

    sb_key_init(&prefix);
    sb_key_add_byte(&prefix, GROUP_MARK);
    sb_key_add(&prefix, sb_bytes(group, SB_GROUP_SIZE));
    return walk_on(txn, sb_key_bytes(&prefix), walk)
           && sb_hash_read(sb_bytes(walk->key.at + prefix.size, walk->key.size - prefix.size),
                           ret_id);
}

static void answered_key(const struct sb_alert *alert, const struct sb_name *person,
                         struct sb_key *ret_key)
{
    struct sb_key key;

    sb_alert_key(alert, &key);
    sb_key_init(ret_key);
    sb_key_add_byte(ret_key, PERSON_MARK);
    sb_key_add(ret_key, sb_key_bytes(&key));
    sb_key_add_byte(ret_key, 0);
    sb_key_add(ret_key, sb_name_bytes(person));
}

void sb_alert_set_answered(struct sb_turn *turn, const struct sb_alert *alert,
                           const struct sb_name *person)
{
    struct sb_key key;

    answered_key(alert, person, &key);
    sb_txn_put(turn->txn, SB_TABLE_ALERT, sb_key_bytes(&key), sb_bytes(NULL, 0));
}

bool sb_alert_has_answered(struct sb_txn *txn, const struct sb_alert *alert,
                           const struct sb_name *person)
{
    struct sb_bytes value;
    struct sb_key key;

    answered_key(alert, person, &key);
    return sb_txn_get(txn, SB_TABLE_ALERT, sb_key_bytes(&key), &value);
}

/* At another seat of the same organisation. A seat that only supports stands in for nobody. */
static bool another_attends(struct sb_turn *turn, const struct sb_alert *alert)
{
    struct sb_alert_walk walk = {0};
    struct sb_alert other;

    while (sb_alert_next(turn->txn, &alert->id, &walk, &other)) {
        if (!other.seat.supports && sb_name_equal(&other.seat.org, &alert->seat.org)
            && !sb_name_equal(&other.seat.function, &alert->seat.function) && attends(&other)) {
            return true;
        }
    }
    return false;
}

struct sb_judgement sb_alert_judge(struct sb_turn *turn, const struct sb_alert *alert)
{
    const uint64_t now = turn->now.wall_ms;
    const struct sb_seat_facts facts = {
        .asks = sb_alert_asks(alert),
        .recalled = alert->state == SB_ALERT_RECALLED,
        .otherwise = alert->otherwise.text[0] != '\0',
        .acknowledged = alert->acked_at != 0,
        .mandate = alert->holds_mandate,
        .answer = alert->answer,
        .overdue = alert->answer == SB_ANSWER_AT && alert->at != 0 && alert->at < now,
        .another_attends = alert->answer == SB_ANSWER_NO && another_attends(turn, alert),
        .deadline_passed = alert->answer_by != 0 && alert->answer_by < now,
        .exhausted = alert->state == SB_ALERT_EXHAUSTED,
    };

    return sb_judge(&facts);
}
