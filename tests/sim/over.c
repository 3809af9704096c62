/* over.c: attempts as they get out: nobody is rung for what is over, as their agent's log says it,
 * or as the centre's said it when the session began; and none gets out twice as new. */
#include "over.h"

#include <stdio.h>
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
    uint64_t index;     /* of the row that says so */
    struct sb_bytes to; /* of a row of the centre's: its audience; owned */
};

struct world_silenced {
    struct over *at;
    size_t count, room;
    uint64_t next; /* first row of the log not looked at */
};

void world_silenced_destroy(struct world_silenced *silenced)
{
    if (silenced != NULL) {
        for (size_t i = 0; i < silenced->count; i++) {
            free((void *)(uintptr_t)silenced->at[i].to.at);
        }
        free(silenced->at);
        free(silenced);
    }
}

bool sim_event_find(struct sb_txn *txn, const struct sb_hash *id, struct sb_event *ret_event)
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
    if (group.size != GROUP_SIZE && sim_event_find(txn, &over->id, &about)) {
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

/* Of an agent's log what came, of the centre's what it made. */
static void row_look(struct sb_txn *txn, const struct sb_log_row *row, bool centre,
                     struct world_silenced *silenced)
{
    struct sb_event event;
    struct over over = {.index = row->index};
    if (row->verdict != SB_ERR_OK || (row->stream_agent.text[0] == '\0') != centre
        || sb_event_read(&row->sealed, &event, NULL) != SB_ERR_OK) {
        return;
    }
    over.realm = sb_record_number(&event.fields, SB_FIELD_REALM);
    if (event.kind->kind == SB_KIND_RECALL || event.kind->kind == SB_KIND_END) {
        if (sb_record_hash(&event.fields, SB_FIELD_REF, &over.id)) {
            group_take(txn, &event, &over);
            if (centre && row->audience.size > 0) {
                uint8_t *copy = sb_alloc(1, row->audience.size);
                memcpy(copy, row->audience.at, row->audience.size);
                over.to = sb_bytes(copy, row->audience.size);
            }
            over_add(silenced, &over);
        }
    } else if (!centre && event.kind->rings
               && sb_record_hash(&event.fields, SB_FIELD_SUPERSEDES, &over.id)) {
        over.org = row->at.org;
        over_add(silenced, &over);
    }
}

const struct world_silenced *world_silenced_look(struct world *world, unsigned agent,
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
            row_look(txn, &row, agent == WORLD_AGENTS_MAX, silenced);
        }
    }
    return silenced;
}

/* `before`: only by rows before that one. */
static bool is_over_before(const struct world_silenced *silenced, const struct sb_event *event,
                           const struct sb_seat *seat, uint64_t before)
{
    struct sb_bytes group = sb_record_bytes(&event->fields, SB_FIELD_GROUP);
    for (size_t i = 0; i < silenced->count; i++) {
        const struct over *over = &silenced->at[i];
        bool fits = sb_hash_equal(&over->id, &event->id)
                    || (over->has_group && group.size == GROUP_SIZE
                        && memcmp(over->group, group.at, GROUP_SIZE) == 0);
        fits = fits && over->index < before
               && (over->to.size == 0 || sb_list_has(over->to, sb_name_bytes(&seat->org)));
        if (fits && over->realm == sb_record_number(&event->fields, SB_FIELD_REALM)
            && (over->org.text[0] == '\0' || sb_name_equal(&over->org, &seat->org))) {
            return true;
        }
    }
    return false;
}

bool world_is_over(const struct world_silenced *silenced, const struct sb_event *event,
                   const struct sb_seat *seat)
{
    return is_over_before(silenced, event, seat, UINT64_MAX);
}

void world_welcome_left(struct world *world, unsigned agent, uint64_t session, uint64_t next_index)
{
    struct world_node *node = &world->agent[agent];
    node->welcome[node->welcomes++ % WORLD_WELCOMES] = (struct world_welcome){session, next_index};
}

void world_welcome_taken(struct world *world, unsigned agent, uint64_t session)
{
    struct world_node *node = &world->agent[agent];
    struct sb_why ignored = {0};
    struct sb_txn *txn = sb_store_begin(node->store, &ignored);
    const bool is_session = sb_txn_number(txn, SB_TABLE_META, "session") == session;
    sb_store_abort(node->store, txn);
    for (unsigned i = 0; i < WORLD_WELCOMES && is_session; i++) {
        if (node->welcome[i].session == session) {
            node->undrained_until_ms = world->now_ms + SB_DRAIN_MS;
            node->undrained_index = node->welcome[i].next_index;
            node->welcome[i].session = 0; /* what comes a second time begins nothing */
        }
    }
}

/* What was over at the centre when it announced what there is to come rings nobody until that has
 * come, or two seconds. */
static void drained_look(struct world *world, unsigned agent, const struct sb_event *event,
                         const struct sb_seat *seat)
{
    const struct world_node *node = &world->agent[agent];
    struct sb_why ignored = {0};
    if (world->now_ms >= node->undrained_until_ms || world->broker_restored) {
        return;
    }
    struct sb_txn *txn = sb_store_begin(world->broker_store, &ignored);
    const struct world_silenced *over = world_silenced_look(world, WORLD_AGENTS_MAX, txn);
    sb_store_abort(world->broker_store, txn);
    if (is_over_before(over, event, seat, node->undrained_index)) {
        (void)world_break(world, WORLD_BEFORE_DRAINED,
                          "%s: rings for what was over before its session began", node->name.text);
    }
}

static struct sb_key alert_key(const struct sb_hash *id, const char *seat)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add(&key, sb_hash_bytes(id));
    sb_key_add(&key, sb_bytes_str(seat));
    return key;
}

/* Who acknowledged is reminded once of the answer: that is another thing than ringing. */
static bool is_reminder(struct sb_txn *own, const struct sb_hash *id, const char *seat)
{
    const struct sb_key key = alert_key(id, seat);
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_bytes value;
    const bool is = sb_txn_get(own, SB_TABLE_ALERT, sb_key_bytes(&key), &value)
                    && sb_record_read(value, SB_PARTS_ALL, row, NULL) == SB_ERR_OK
                    && sb_record_number(row, SB_FIELD_STATE) == SB_ALERT_ANSWERED;
    free(row);
    return is;
}

/* Somebody has said something of the alert since the store was put back: it goes on from there. */
static bool said_since(struct sb_txn *own, uint64_t next, const struct sb_event *event,
                       const char *seat)
{
    for (; next < sb_log_next_index(own); next++) {
        struct sb_log_row row;
        struct sb_event said;
        struct sb_hash about;
        if (sb_log_get(own, next, &row) && row.stream_agent.text[0] == '\0'
            && sb_event_read(&row.sealed, &said, NULL) == SB_ERR_OK
            && (said.kind->kind == SB_KIND_ACK || said.kind->kind == SB_KIND_ATTENDANCE)
            && sb_record_hash(&said.fields, SB_FIELD_REF, &about)
            && sb_hash_equal(&about, &event->id)
            && sb_bytes_equal(sb_record_bytes(&said.fields, SB_FIELD_SEAT), sb_bytes_str(seat))) {
            return true;
        }
    }
    return false;
}

/* What came again is not rung again where the centre knew, when the store was put back, that
 * somebody had been notified. */
static void recovered_look(struct world *world, unsigned agent, struct sb_txn *own,
                           const struct sb_event *event, const struct sb_seat *seat)
{
    uint64_t index;
    if (!sb_log_find(own, &event->id, &seat->org, &index)
        || index < world->agent[agent].restored_next) {
        return; /* it was there, and goes on */
    }
    const uint64_t since = world->agent[agent].restored_wall_ms;
    struct sb_why ignored = {0};
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_bytes value;
    char text[SB_SEAT_SIZE_MAX + 1];
    sb_seat_key(seat, text);
    const struct sb_key key = alert_key(&event->id, text);
    struct sb_txn *txn = sb_store_begin(world->broker_store, &ignored);
    if (since != 0 && !world->broker_restored
        && sb_txn_get(txn, SB_TABLE_SEAT, sb_key_bytes(&key), &value)
        && sb_record_read(value, SB_PARTS_ALL, row, NULL) == SB_ERR_OK) {
        const uint64_t notified = sb_record_number(row, SB_FIELD_NOTIFIED_AT);
        if (notified != 0 && notified < since && !is_reminder(own, &event->id, text)
            && !said_since(own, world->agent[agent].restored_next, event, text)) {
            (void)world_break(world, WORLD_RECOVERED,
                              "%s: rings again for %s, who had been notified",
                              world->agent[agent].name.text, text);
        }
    }
    sb_store_abort(world->broker_store, txn);
    free(row);
}

void world_attempt_look(struct world *world, unsigned agent, const struct sb_record *attempt)
{
    struct sb_why ignored = {0};
    struct sb_txn *txn = sb_store_begin(world->agent[agent].store, &ignored);
    const struct world_silenced *silenced = world_silenced_look(world, agent, txn);
    struct sb_event *event = sb_alloc(1, sizeof *event);
    struct sb_hash id;
    struct sb_seat seat;
    bool known = sb_record_hash(attempt, SB_FIELD_ID, &id) && sim_event_find(txn, &id, event)
                 && sb_seat_read(sb_record_bytes(attempt, SB_FIELD_SEAT), &seat);
    SB_ASSERT(known);
    if (event->kind->rings && world_is_over(silenced, event, &seat)) {
        (void)world_break(
            world, WORLD_OVER, "%s: rings %s of %s for a%s that is recalled, ended or superseded",
            world->agent[agent].name.text, sb_record_name(attempt, SB_FIELD_PERSON).text,
            seat.org.text, sb_record_has(attempt, SB_FIELD_REPEAT) ? " repeat of what" : " call");
    }
    if (event->kind->rings) {
        drained_look(world, agent, event, &seat);
        recovered_look(world, agent, txn, event, &seat);
    }
    free(event);
    sb_store_abort(world->agent[agent].store, txn);
}

/* An attempt that got out: its key, and who is rung over what for which event. */
struct rung {
    struct sb_hash key, who;
    char text[SB_ATTEMPT_SIZE_MAX + 1];
};

static struct sb_hash who_of(const struct sb_record *attempt)
{
    static const enum sb_field fields[] = {SB_FIELD_SEAT, SB_FIELD_PERSON, SB_FIELD_CHANNEL};
    struct sb_bytes parts[4];
    struct sb_hash id = {0};
    (void)sb_record_hash(attempt, SB_FIELD_ID, &id);
    parts[0] = sb_hash_bytes(&id);
    for (unsigned i = 0; i < 3; i++) {
        parts[i + 1] = sb_record_bytes(attempt, fields[i]);
    }
    return sb_hash_parts("who", parts, 4);
}

/* As the agent's store says: the one before has a result, or this one reminds. */
static bool may_ring(struct world *world, unsigned agent, const char *key,
                     const struct sb_record *attempt)
{
    struct sb_why ignored = {0};
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_txn *txn = sb_store_begin(world->agent[agent].store, &ignored);
    char text[SB_SEAT_SIZE_MAX + 1];
    struct sb_bytes value;
    struct sb_hash id = {0};
    struct sb_seat seat;
    const bool has = sb_txn_get(txn, SB_TABLE_ATTEMPT, sb_bytes_str(key), &value)
                     && sb_record_read(value, SB_PARTS_ALL, row, NULL) == SB_ERR_OK
                     && sb_record_number(row, SB_FIELD_RESULT) != SB_RESULT_UNKNOWN;
    const bool known = sb_record_hash(attempt, SB_FIELD_ID, &id)
                       && sb_seat_read(sb_record_bytes(attempt, SB_FIELD_SEAT), &seat);
    SB_ASSERT(known);
    sb_seat_key(&seat, text);
    const bool may = has || is_reminder(txn, &id, text);
    sb_store_abort(world->agent[agent].store, txn);
    free(row);
    return may;
}

/* At least once to a channel, under one key, and marked where it is a repeat: a key that got out
 * before must not get out again as new, and while it has no result nobody is rung for the same
 * over the same channel under another. */
void world_attempt_note(struct world *world, unsigned agent, const struct sb_record *attempt)
{
    struct world_node *node = &world->agent[agent];
    const struct sb_bytes text = sb_record_bytes(attempt, SB_FIELD_ATTEMPT);
    struct rung rung = {.key = sb_hash_one("attempt", text), .who = who_of(attempt)};
    (void)snprintf(rung.text, sizeof rung.text, "%.*s", (int)text.size, (const char *)text.at);
    for (size_t i = 0; i + sizeof rung <= node->keys.size; i += sizeof rung) {
        struct rung before;
        memcpy(&before, node->keys.at + i, sizeof before);
        if (sb_hash_equal(&before.key, &rung.key)) {
            if (sb_record_number(attempt, SB_FIELD_REPEAT) == 0) {
                (void)world_break(world, WORLD_KEYS,
                                  "%s: attempt %s got out twice and is not marked as a repeat",
                                  node->name.text, rung.text);
            }
            return;
        }
        if (sb_hash_equal(&before.who, &rung.who)
            && !may_ring(world, agent, before.text, attempt)) {
            (void)world_break(world, WORLD_KEYS,
                              "%s: attempt %s has no result, and the same goes out as %s",
                              node->name.text, before.text, rung.text);
        }
    }
    sb_buf_add(&node->keys, sb_bytes(&rung, sizeof rung));
    SB_ASSERT(!node->keys.overflow);
}
