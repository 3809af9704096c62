/* concern.c: which alerts an event concerns, by id and by alert group, and the tombstones of what
 * was recalled. What is done to the alerts is the caller's. */
#include "concern.h"

#include <string.h>

struct sb_group sb_group_of(const struct sb_record *fields)
{
    const struct sb_bytes bytes = sb_record_bytes(fields, SB_FIELD_GROUP);
    struct sb_group group = {.known = bytes.size == SB_GROUP_SIZE};

    if (group.known) {
        memcpy(group.at, bytes.at, SB_GROUP_SIZE);
    }
    return group;
}

struct sb_group sb_group_find(struct sb_txn *txn, const struct sb_hash *id)
{
    struct sb_event event;

    if (!sb_agent_read_event(txn, id, &event)) {
        return (struct sb_group){0};
    }
    return sb_group_of(&event.fields);
}

static void event_each(struct sb_turn *turn, const struct sb_hash *id, sb_concern_visit *visit,
                       void *with)
{
    struct sb_alert_walk walk = {0};
    struct sb_alert alert;

    while (sb_alert_next(turn->txn, id, &walk, &alert)) {
        visit(turn, &alert, with);
    }
}

void sb_concern_each(struct sb_turn *turn, const struct sb_hash *id, const struct sb_group *group,
                     sb_concern_visit *visit, void *with)
{
    struct sb_alert_walk walk = {0};
    struct sb_hash member;

    event_each(turn, id, visit, with);
    while (group->known && sb_alert_group_next(turn->txn, group->at, &walk, &member)) {
        if (!sb_hash_equal(&member, id)) {
            event_each(turn, &member, visit, with);
        }
    }
}

bool sb_tomb_has(struct sb_txn *txn, const struct sb_hash *id, const struct sb_group *group)
{
    struct sb_bytes value;

    return sb_txn_get(txn, SB_TABLE_TOMB, sb_hash_bytes(id), &value)
           || (group->known
               && sb_txn_get(txn, SB_TABLE_TOMB, sb_bytes(group->at, SB_GROUP_SIZE), &value));
}

void sb_tomb_put(struct sb_txn *txn, const struct sb_hash *id, const struct sb_group *group,
                 const struct sb_hash *recall)
{
    sb_txn_put(txn, SB_TABLE_TOMB, sb_hash_bytes(id), sb_hash_bytes(recall));
    if (group->known) {
        sb_txn_put(txn, SB_TABLE_TOMB, sb_bytes(group->at, SB_GROUP_SIZE), sb_hash_bytes(recall));
    }
}
