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

struct sb_group sb_group_within(struct sb_txn *txn, const struct sb_hash *id, unsigned realm)
{
    struct sb_event event;

    if (!sb_agent_read_event(txn, id, &event)
        || sb_record_number(&event.fields, SB_FIELD_REALM) != realm) {
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

#define RECALL_MARK     'r'
#define END_MARK        'e'
#define CORRECTION_MARK 'c'
#define REACHED_MARK    'o' /* TiB's entry */
#define ANSWERED_MARK   'a' /* somebody's at the organisation's other agent */
#define NOTIFIED_MARK   'n' /* a forgotten reach report */

/* Mark ‖ realm ‖ id, group, or alert's key. */
static bool tomb_get(struct sb_txn *txn, uint8_t mark, unsigned realm, struct sb_bytes about,
                     struct sb_bytes *ret_value)
{
    struct sb_key key;

    sb_key_init(&key);
    sb_key_add_byte(&key, mark);
    sb_key_add_byte(&key, (uint8_t)realm);
    sb_key_add(&key, about);
    return sb_txn_get(txn, SB_TABLE_TOMB, sb_key_bytes(&key), ret_value);
}

static void tomb_set(struct sb_txn *txn, uint8_t mark, unsigned realm, struct sb_bytes about,
                     const struct sb_hash *value)
{
    struct sb_key key;

    sb_key_init(&key);
    sb_key_add_byte(&key, mark);
    sb_key_add_byte(&key, (uint8_t)realm);
    sb_key_add(&key, about);
    sb_txn_put(txn, SB_TABLE_TOMB, sb_key_bytes(&key), sb_hash_bytes(value));
}

static bool is_over(struct sb_txn *txn, uint8_t mark, unsigned realm, const struct sb_hash *id,
                    const struct sb_group *group)
{
    struct sb_bytes value;

    return tomb_get(txn, mark, realm, sb_hash_bytes(id), &value)
           || (group->known
               && tomb_get(txn, mark, realm, sb_bytes(group->at, SB_GROUP_SIZE), &value));
}

static void over_set(struct sb_txn *txn, uint8_t mark, unsigned realm, const struct sb_hash *id,
                     const struct sb_group *group, const struct sb_hash *by)
{
    tomb_set(txn, mark, realm, sb_hash_bytes(id), by);
    if (group->known) {
        tomb_set(txn, mark, realm, sb_bytes(group->at, SB_GROUP_SIZE), by);
    }
}

bool sb_tomb_has(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                 const struct sb_group *group)
{
    return is_over(txn, RECALL_MARK, realm, id, group);
}

void sb_tomb_put(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                 const struct sb_group *group, const struct sb_hash *recall)
{
    over_set(txn, RECALL_MARK, realm, id, group, recall);
}

bool sb_tomb_ended(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                   const struct sb_group *group)
{
    return is_over(txn, END_MARK, realm, id, group);
}

void sb_tomb_put_ended(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                       const struct sb_group *group, const struct sb_hash *end)
{
    over_set(txn, END_MARK, realm, id, group, end);
}

bool sb_tomb_correction(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                        struct sb_hash *ret_correction)
{
    struct sb_bytes value;

    return tomb_get(txn, CORRECTION_MARK, realm, sb_hash_bytes(id), &value)
           && sb_hash_read(value, ret_correction);
}

void sb_tomb_put_correction(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                            const struct sb_hash *correction)
{
    tomb_set(txn, CORRECTION_MARK, realm, sb_hash_bytes(id), correction);
}

bool sb_tomb_reached(struct sb_txn *txn, const struct sb_alert *alert, bool by_tib,
                     struct sb_hash *ret_reached)
{
    struct sb_bytes value;
    struct sb_key key;

    sb_alert_key(alert, &key);
    return tomb_get(txn, by_tib ? REACHED_MARK : ANSWERED_MARK, alert->realm, sb_key_bytes(&key),
                    &value)
           && sb_hash_read(value, ret_reached);
}

bool sb_tomb_notified(struct sb_txn *txn, const struct sb_alert *alert, struct sb_hash *ret_report)
{
    struct sb_bytes value;
    struct sb_key key;

    sb_alert_key(alert, &key);
    return tomb_get(txn, NOTIFIED_MARK, alert->realm, sb_key_bytes(&key), &value)
           && sb_hash_read(value, ret_report);
}

void sb_tomb_put_notified(struct sb_txn *txn, const struct sb_alert *alert,
                          const struct sb_hash *report)
{
    struct sb_key key;

    sb_alert_key(alert, &key);
    tomb_set(txn, NOTIFIED_MARK, alert->realm, sb_key_bytes(&key), report);
}

void sb_tomb_put_reached(struct sb_txn *txn, const struct sb_alert *alert, bool by_tib,
                         const struct sb_hash *reached)
{
    struct sb_key key;

    sb_alert_key(alert, &key);
    tomb_set(txn, by_tib ? REACHED_MARK : ANSWERED_MARK, alert->realm, sb_key_bytes(&key), reached);
}
