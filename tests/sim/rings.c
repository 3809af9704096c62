/* rings.c: what must hold of alerts and attempts in the simulated county: nobody is rung for what
 * their agent knows to be over, no alert is without its timer or its attempt, and the centre's
 * board says of a seat what its agent says. Read from the stores; streams and receipts are
 * holds.c's. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define GROUP_SIZE 16

/* One event or alert group that is over: recalled, ended, or superseded at an organisation. */
struct over {
    struct sb_hash id;
    uint8_t group[GROUP_SIZE];
    bool has_group;
    struct sb_name org; /* "": at all */
    uint64_t realm;
};

struct world_silenced {
    struct over *at;
    size_t count, room;
    uint64_t next; /* first row of the log not looked at */
};

void world_silenced_destroy(struct world_silenced *silenced)
{
    if (silenced != NULL) {
        free(silenced->at);
        free(silenced);
    }
}

static bool event_find(struct sb_txn *txn, const struct sb_hash *id, struct sb_event *ret_event)
{
    struct sb_log_row row;
    uint64_t index;
    return sb_log_find(txn, id, NULL, &index) && sb_log_get(txn, index, &row)
           && sb_event_read(&row.sealed, ret_event, NULL) == SB_ERR_OK;
}

static void group_take(struct sb_txn *txn, const struct sb_event *event, struct over *over)
{
    struct sb_event about;
    struct sb_bytes group = sb_record_bytes(&event->fields, SB_FIELD_GROUP);
    if (group.size != GROUP_SIZE && event_find(txn, &over->id, &about)) {
        group = sb_record_bytes(&about.fields, SB_FIELD_GROUP);
    }
    over->has_group = group.size == GROUP_SIZE;
    if (over->has_group) {
        memcpy(over->group, group.at, GROUP_SIZE);
    }
}

static void over_add(struct world_silenced *silenced, const struct over *over)
{
    if (silenced->count == silenced->room) {
        silenced->room = silenced->room == 0 ? 16 : 2 * silenced->room;
        silenced->at = realloc(silenced->at, silenced->room * sizeof *silenced->at);
        SB_ASSERT(silenced->at != NULL);
    }
    silenced->at[silenced->count++] = *over;
}

static void row_look(struct sb_txn *txn, const struct sb_log_row *row,
                     struct world_silenced *silenced)
{
    struct sb_event event;
    struct over over = {0};
    if (row->verdict != SB_ERR_OK || row->stream_agent.text[0] == '\0'
        || sb_event_read(&row->sealed, &event, NULL) != SB_ERR_OK) {
        return;
    }
    over.realm = sb_record_number(&event.fields, SB_FIELD_REALM);
    if (event.kind->kind == SB_KIND_RECALL || event.kind->kind == SB_KIND_END) {
        if (sb_record_hash(&event.fields, SB_FIELD_REF, &over.id)) {
            group_take(txn, &event, &over);
            over_add(silenced, &over);
        }
    } else if (event.kind->rings && sb_record_hash(&event.fields, SB_FIELD_SUPERSEDES, &over.id)) {
        over.org = row->at.org;
        over_add(silenced, &over);
    }
}

static const struct world_silenced *silenced_look(struct world *world, unsigned agent,
                                                  struct sb_txn *txn)
{
    if (world->silenced[agent] == NULL) {
        world->silenced[agent] = sb_alloc(1, sizeof *world->silenced[agent]);
        world->silenced[agent]->next = 1;
    }
    struct world_silenced *silenced = world->silenced[agent];
    for (; silenced->next < sb_log_next_index(txn); silenced->next++) {
        struct sb_log_row row;
        if (sb_log_get(txn, silenced->next, &row)) {
            row_look(txn, &row, silenced);
        }
    }
    return silenced;
}

static bool is_over(const struct world_silenced *silenced, const struct sb_event *event,
                    const struct sb_seat *seat)
{
    struct sb_bytes group = sb_record_bytes(&event->fields, SB_FIELD_GROUP);
    for (size_t i = 0; i < silenced->count; i++) {
        const struct over *over = &silenced->at[i];
        bool fits = sb_hash_equal(&over->id, &event->id)
                    || (over->has_group && group.size == GROUP_SIZE
                        && memcmp(over->group, group.at, GROUP_SIZE) == 0);
        if (fits && over->realm == sb_record_number(&event->fields, SB_FIELD_REALM)
            && (over->org.text[0] == '\0' || sb_name_equal(&over->org, &seat->org))) {
            return true;
        }
    }
    return false;
}

void world_attempt_look(struct world *world, unsigned agent, const struct sb_record *attempt)
{
    struct sb_why ignored = {0};
    struct sb_txn *txn = sb_store_begin(world->agent[agent].store, &ignored);
    const struct world_silenced *silenced = silenced_look(world, agent, txn);
    struct sb_event *event = sb_alloc(1, sizeof *event);
    struct sb_hash id;
    struct sb_seat seat;
    bool known = sb_record_hash(attempt, SB_FIELD_ID, &id) && event_find(txn, &id, event)
                 && sb_seat_read(sb_record_bytes(attempt, SB_FIELD_SEAT), &seat);
    SB_ASSERT(known);
    if (event->kind->rings && is_over(silenced, event, &seat)) {
        (void)world_break(
            world, WORLD_OVER, "%s: rings %s for what is recalled, ended or superseded",
            world->agent[agent].name.text, sb_record_name(attempt, SB_FIELD_PERSON).text);
    }
    free(event);
    sb_store_abort(world->agent[agent].store, txn);
}

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
    bool needs = state == SB_ALERT_HELD || state == SB_ALERT_RINGING;
    bool may = needs || state == SB_ALERT_ANSWERED;
    return (due == SB_NEVER_MS ? !needs : may && timer_is_there(own, due, key))
           && !(settled && state == SB_ALERT_HELD);
}

/* Calls for each alert's row until one says no. */
static bool alerts_each(struct sb_txn *own,
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
        if (!is_alerted(own, &event.id, &seat) && !is_over(silenced, &event, &seat)) {
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
    return sb_hash_read(sb_bytes(key.at, SB_HASH_SIZE), &id) && event_find(own, &id, &event)
           && sb_seat_read(sb_record_bytes(row, SB_FIELD_SEAT), &seat)
           && is_over(silent->silenced, &event, &seat);
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
    const bool timers = all ? alerts_each(own, alert_visit, &settled) : written_hold(world, own);
    if (!timers) {
        return world_break(world, WORLD_TIMERS,
                           "%s: an alert without its timer, or with one too many, or held for ever",
                           name);
    }
    if (settled && !all_judged(own)) {
        return world_break(world, WORLD_REFUSED, "%s: what came was never judged", name);
    }
    if (settled && !all_alerted(own, silenced_look(world, agent, own))) {
        return world_break(world, WORLD_CALLED, "%s: a called seat was never alerted", name);
    }
    struct silent silent = {settled ? silenced_look(world, agent, own) : NULL};
    if (settled && !alerts_each(own, silent_visit, &silent)) {
        return world_break(world, WORLD_REALMS,
                           "%s: an alert is silenced, and nothing of its realm says why", name);
    }
    if (settled && !none_waits(own)) {
        return world_break(world, WORLD_KEYS, "%s: an attempt waits though the channel is there",
                           name);
    }
    return true;
}

struct both {
    struct world *world;
    unsigned agent;
    struct sb_txn *broker;
};

/* What one end's row says of a seat: who said what, over which way, and whether it counts. */
struct said {
    uint64_t answer;
    bool acked, mandate;
    bool undeclared; /* the centre had heard of no mandate then, whatever there was */
    struct sb_name person, via;
};

static bool said_equal(const struct said *here, const struct said *there)
{
    return here->answer == there->answer && here->acked == there->acked
           && (here->mandate == there->mandate || there->undeclared)
           && sb_name_equal(&here->person, &there->person)
           && sb_name_equal(&here->via, &there->via);
}

static struct said said_here(const struct sb_record *row)
{
    return (struct said){
        .answer = sb_record_number(row, SB_FIELD_ANSWER),
        .acked = sb_record_has(row, SB_FIELD_ACKED_AT),
        .mandate = sb_record_number(row, SB_FIELD_HOLDS_MANDATE) != 0,
        .person = sb_record_name(row, SB_FIELD_REACHED_BY),
        .via = sb_record_name(row, SB_FIELD_VIA),
    };
}

/* Before anybody answered, PERSON is who is being tried. */
static struct said said_there(const struct sb_record *row)
{
    const uint64_t mandate = sb_record_number(row, SB_FIELD_MANDATE_STATE);
    const bool acked = sb_record_has(row, SB_FIELD_ACKED_AT);
    return (struct said){
        .answer = sb_record_number(row, SB_FIELD_ANSWER),
        .acked = acked,
        .mandate = mandate == SB_MANDATE_VALID || mandate == SB_MANDATE_NOT_NEEDED,
        .person = acked ? sb_record_name(row, SB_FIELD_PERSON) : sb_name(""),
        .via = sb_record_name(row, SB_FIELD_VIA),
        .undeclared = mandate == SB_MANDATE_UNDECLARED,
    };
}

/* The rows of both ends have one key. */
static bool board_visit(struct sb_txn *own, struct sb_bytes key, const struct sb_record *row,
                        void *with)
{
    const struct both *both = with;
    struct sb_record *seat = sb_alloc(1, sizeof *seat);
    struct sb_bytes value;
    (void)own;
    if (sb_txn_get(both->broker, SB_TABLE_SEAT, key, &value)) {
        enum sb_err err = sb_record_read(value, SB_PARTS_ALL, seat, NULL);
        SB_ASSERT(err == SB_ERR_OK);
    }
    const struct said here = said_here(row);
    const struct said there = said_there(seat);
    const bool agree = said_equal(&here, &there);
    if (!agree) {
        struct sb_bytes text = sb_record_bytes(row, SB_FIELD_SEAT);
        (void)world_break(
            both->world, WORLD_BOARDS,
            "%s %02x%02x %.*s: here answer %llu mandate %d by \"%s\" via \"%s\", on the board "
            "answer %llu mandate %d by \"%s\" via \"%s\"",
            both->world->agent[both->agent].name.text, key.at[0], key.at[1], (int)text.size,
            (const char *)text.at, (unsigned long long)here.answer, here.mandate, here.person.text,
            here.via.text, (unsigned long long)there.answer, there.mandate, there.person.text,
            there.via.text);
    }
    free(seat);
    return agree;
}

bool world_boards_agree(struct world *world, unsigned agent, struct sb_txn *own,
                        struct sb_txn *broker)
{
    struct both both = {world, agent, broker};
    return alerts_each(own, board_visit, &both);
}

/* At least once to a channel, under one key, and marked where it is a repeat: a key that got out
 * before must not get out again as new. */
void world_attempt_note(struct world *world, unsigned agent, const struct sb_record *attempt)
{
    struct world_node *node = &world->agent[agent];
    struct sb_hash key = sb_hash_one("attempt", sb_record_bytes(attempt, SB_FIELD_ATTEMPT));
    for (size_t i = 0; i < node->keys.size; i += SB_HASH_SIZE) {
        if (memcmp(node->keys.at + i, key.at, SB_HASH_SIZE) != 0) {
            continue;
        }
        if (sb_record_number(attempt, SB_FIELD_REPEAT) == 0) {
            struct sb_bytes text = sb_record_bytes(attempt, SB_FIELD_ATTEMPT);
            (void)world_break(world, WORLD_KEYS,
                              "%s: attempt %.*s got out twice and is not marked as a repeat",
                              node->name.text, (int)text.size, (const char *)text.at);
        }
        return;
    }
    sb_buf_add(&node->keys, sb_hash_bytes(&key));
}
