/* over.c: attempts as they get out: nobody is rung for what is over, as their agent's log says it,
 * or as the centre's said it when the session began; and none gets out twice as new. */
#include "over.h"

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
    struct sb_key key;
    char text[SB_SEAT_SIZE_MAX + 1];
    sb_seat_key(seat, text);
    sb_key_init(&key);
    sb_key_add(&key, sb_hash_bytes(&event->id));
    sb_key_add(&key, sb_bytes_str(text));
    struct sb_txn *txn = sb_store_begin(world->broker_store, &ignored);
    if (since != 0 && !world->broker_restored
        && sb_txn_get(txn, SB_TABLE_SEAT, sb_key_bytes(&key), &value)
        && sb_record_read(value, SB_PARTS_ALL, row, NULL) == SB_ERR_OK) {
        const uint64_t notified = sb_record_number(row, SB_FIELD_NOTIFIED_AT);
        if (notified != 0 && notified < since) {
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
            world, WORLD_OVER, "%s: rings %s for what is recalled, ended or superseded",
            world->agent[agent].name.text, sb_record_name(attempt, SB_FIELD_PERSON).text);
    }
    if (event->kind->rings) {
        drained_look(world, agent, event, &seat);
        recovered_look(world, agent, txn, event, &seat);
    }
    free(event);
    sb_store_abort(world->agent[agent].store, txn);
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
