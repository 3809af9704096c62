/* rings.c: what must hold of the alerts in an agent's store: each has its timer and its reason to
 * be silent, and each called seat has one. What gets out is over.c's, what the centre thinks of
 * them boards.c's. */
#include "over.h"

#include <stdlib.h>
#include <string.h>

/* due ‖ 'a' ‖ the alert's key. */
static bool timer_is_there(struct sb_txn *own, uint64_t due, struct sb_bytes alert)
{
    struct sb_key key;
    struct sb_bytes value;
    sb_key_init(&key);
    sb_key_add_be64(&key, due);
    sb_key_add_byte(&key, 'a');
    sb_key_add(&key, alert);
    return sb_txn_get(own, SB_TABLE_TIMER, sb_key_bytes(&key), &value);
}

static bool alert_holds(struct sb_txn *own, struct sb_bytes key, const struct sb_record *row,
                        bool settled)
{
    uint64_t due = sb_record_number(row, SB_FIELD_DUE);
    uint64_t state = sb_record_number(row, SB_FIELD_STATE);
    /* What came back and had been notified stays open, and rings nobody by itself. */
    bool rests =
        state == SB_ALERT_RINGING && sb_record_number(row, SB_FIELD_STEP) == SB_STEP_STOPPED;
    bool needs = (state == SB_ALERT_HELD || state == SB_ALERT_RINGING) && !rests;
    bool may = needs || state == SB_ALERT_ANSWERED;
    return (due == SB_NEVER_MS ? !needs : may && timer_is_there(own, due, key))
           && !(settled && state == SB_ALERT_HELD);
}

/* DUE or RESULT of the row that a timer's owner names. False where there is none. */
static bool owner_says(struct sb_txn *own, enum sb_table table, struct sb_bytes owner,
                       enum sb_field field, uint64_t wanted)
{
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_bytes value;
    const bool says = sb_txn_get(own, table, owner, &value)
                      && sb_record_read(value, SB_PARTS_ALL, row, NULL) == SB_ERR_OK
                      && sb_record_has(row, field) && sb_record_number(row, field) == wanted;
    free(row);
    return says;
}

/* The other way about: what is due is an alert's next step, as its row says; or an attempt that is
 * to be tried again, or whose result is not known yet. Reports go in the turn that wants them. */
static bool timer_is_wanted(struct sb_txn *own, struct sb_bytes key)
{
    const struct sb_bytes owner = sb_bytes(key.at + 9, key.size - 9);
    const uint64_t due = sb_be64_read(key.at);
    switch (key.at[8]) {
    case 'a': return owner_says(own, SB_TABLE_ALERT, owner, SB_FIELD_DUE, due);
    case 't': return owner_says(own, SB_TABLE_ATTEMPT, owner, SB_FIELD_RESULT, SB_RESULT_RETRY);
    case 'w':
        return due == SB_NEVER_MS
               && owner_says(own, SB_TABLE_ATTEMPT, owner, SB_FIELD_RESULT, SB_RESULT_UNKNOWN);
    default: return false;
    }
}

static bool timers_wanted(struct sb_txn *own)
{
    struct sb_key from = {0};
    struct sb_bytes key, value;
    while (sb_txn_seek(own, SB_TABLE_TIMER, sb_key_bytes(&from), &key, &value)) {
        sb_key_init(&from);
        sb_key_add(&from, key);
        if (!timer_is_wanted(own, sb_key_bytes(&from))) {
            return false;
        }
        sb_key_add_byte(&from, 0);
    }
    return true;
}

bool sim_alerts_each(struct sb_txn *own,
                     bool (*holds)(struct sb_txn *own, struct sb_bytes key,
                                   const struct sb_record *row, void *with),
                     void *with)
{
    struct sb_key from = {0};
    struct sb_bytes key, value;
    struct sb_record row;
    while (sb_txn_seek(own, SB_TABLE_ALERT, sb_key_bytes(&from), &key, &value)) {
        sb_key_init(&from);
        sb_key_add(&from, key);
        if (value.size > 0) {
            sb_record_clear(&row);
            bool read = sb_record_read(value, SB_PARTS_ALL, &row, NULL) == SB_ERR_OK;
            if (!read || !holds(own, sb_key_bytes(&from), &row, with)) {
                return false;
            }
        }
        sb_key_add_byte(&from, 0);
    }
    return true;
}

static bool alert_visit(struct sb_txn *own, struct sb_bytes key, const struct sb_record *row,
                        void *with)
{
    return alert_holds(own, key, row, *(const bool *)with);
}

static bool is_alerted(struct sb_txn *own, const struct sb_hash *id, const struct sb_seat *seat)
{
    char text[SB_SEAT_SIZE_MAX + 1];
    struct sb_bytes value;
    struct sb_key key;
    sb_seat_key(seat, text);
    sb_key_init(&key);
    sb_key_add(&key, sb_hash_bytes(id));
    sb_key_add(&key, sb_bytes_str(text));
    return sb_txn_get(own, SB_TABLE_ALERT, sb_key_bytes(&key), &value);
}

/* Of one row: each seat that it calls here has its alert, unless it is over. */
static bool row_is_alerted(struct sb_txn *own, const struct sb_log_row *row,
                           const struct world_silenced *silenced)
{
    struct sb_event event;
    if (row->verdict != SB_ERR_OK || row->stream_agent.text[0] == '\0'
        || sb_event_read(&row->sealed, &event, NULL) != SB_ERR_OK || !event.kind->rings) {
        return true;
    }
    struct sb_list_reader seats = sb_list_read(sb_record_bytes(&event.fields, SB_FIELD_SEATS));
    struct sb_bytes text;
    struct sb_seat seat;
    while (sb_list_next(&seats, &text) && sb_seat_read(text, &seat)) {
        if (!sb_name_equal(&seat.org, &row->at.org)) {
            continue;
        }
        if (!is_alerted(own, &event.id, &seat) && !world_is_over(silenced, &event, &seat)) {
            return false;
        }
    }
    return true;
}

static bool all_alerted(struct sb_txn *own, const struct world_silenced *silenced)
{
    for (uint64_t index = 1; index < sb_log_next_index(own); index++) {
        struct sb_log_row row;
        if (sb_log_get(own, index, &row) && !row_is_alerted(own, &row, silenced)) {
            return false;
        }
    }
    return true;
}

struct silent {
    const struct world_silenced *silenced;
};

/* Who is not rung any more was silenced by something of the alert's own realm. */
static bool silent_visit(struct sb_txn *own, struct sb_bytes key, const struct sb_record *row,
                         void *with)
{
    const struct silent *silent = with;
    const uint64_t state = sb_record_number(row, SB_FIELD_STATE);
    struct sb_event event;
    struct sb_hash id;
    struct sb_seat seat;
    if (state != SB_ALERT_RECALLED && state != SB_ALERT_SUPERSEDED) {
        return true;
    }
    return sb_hash_read(sb_bytes(key.at, SB_HASH_SIZE), &id) && sim_event_find(own, &id, &event)
           && sb_seat_read(sb_record_bytes(row, SB_FIELD_SEAT), &seat)
           && world_is_over(silent->silenced, &event, &seat);
}

static bool all_judged(struct sb_txn *own)
{
    uint64_t index = sb_txn_number(own, SB_TABLE_META, SB_LOG_JUDGED) + 1;
    for (; index < sb_log_next_index(own); index++) {
        struct sb_log_row row;
        if (!sb_log_get(own, index, &row) || row.stream_agent.text[0] != '\0') {
            return false;
        }
    }
    return true;
}

static bool none_waits(struct sb_txn *own)
{
    struct sb_key from;
    struct sb_bytes key, value;
    sb_key_init(&from);
    sb_key_add_be64(&from, SB_NEVER_MS);
    return !sb_txn_seek(own, SB_TABLE_TIMER, sb_key_bytes(&from), &key, &value);
}

/* Those that the newest turn wrote. */
static bool written_hold(struct world *world, struct sb_txn *own)
{
    struct sb_bytes rest = sb_buf_bytes(&world->writes.alerts);
    const bool settled = false;
    while (rest.size > 0) {
        const struct sb_bytes key = sb_bytes(rest.at + 1, rest.at[0]);
        struct sb_bytes value;
        struct sb_record row;
        rest = sb_bytes(key.at + key.size, rest.size - 1 - key.size);
        if (!sb_txn_get(own, SB_TABLE_ALERT, key, &value) || value.size == 0) {
            continue;
        }
        sb_record_clear(&row);
        if (sb_record_read(value, SB_PARTS_ALL, &row, NULL) != SB_ERR_OK
            || !alert_holds(own, key, &row, settled)) {
            return false;
        }
    }
    return true;
}

bool world_alerts_hold(struct world *world, unsigned agent, struct sb_txn *own, bool all,
                       bool settled)
{
    const char *name = world->agent[agent].name.text;
    const bool timers =
        all ? sim_alerts_each(own, alert_visit, &settled) : written_hold(world, own);
    if (!timers) {
        return world_break(world, WORLD_TIMERS,
                           "%s: an alert without its timer, or with one too many, or held for ever",
                           name);
    }
    if ((all || world_wrote(&world->writes, SB_TABLE_TIMER)) && !timers_wanted(own)) {
        return world_break(world, WORLD_TIMERS, "%s: a timer that no alert and no attempt names",
                           name);
    }
    if (settled && !all_judged(own)) {
        return world_break(world, WORLD_REFUSED, "%s: what came was never judged", name);
    }
    if (settled && !all_alerted(own, world_silenced_look(world, agent, own))) {
        return world_break(world, WORLD_CALLED, "%s: a called seat was never alerted", name);
    }
    struct silent silent = {settled ? world_silenced_look(world, agent, own) : NULL};
    if (settled && !sim_alerts_each(own, silent_visit, &silent)) {
        return world_break(world, WORLD_REALMS,
                           "%s: an alert is silenced, and nothing of its realm says why", name);
    }
    if (settled && !none_waits(own)) {
        return world_break(world, WORLD_KEYS, "%s: an attempt waits though the channel is there",
                           name);
    }
    return true;
}
