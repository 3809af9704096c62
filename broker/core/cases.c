/* cases.c: head rows and indexes of the broker's own events, timelines, versions. Writes what an
 * event says into rows; whether the event is right was decided before. */
#include "cases.h"

#define STORY_STEPS_MAX 8 /* an answer to a correction of … : nobody refers further back */

static struct sb_bytes case_key(char sort, const struct sb_hash *id, struct sb_key *key)
{
    sb_key_init(key);
    sb_key_add_byte(key, (uint8_t)sort);
    sb_key_add(key, sb_hash_bytes(id));
    return sb_key_bytes(key);
}

bool sb_case_get(struct sb_txn *txn, const struct sb_hash *id, struct sb_record *ret_head)
{
    struct sb_key key;
    return sb_broker_row_get(txn, SB_TABLE_CASE, case_key('E', id, &key), ret_head);
}

uint64_t sb_case_index(struct sb_txn *txn, const struct sb_hash *id)
{
    struct sb_record head;
    return sb_case_get(txn, id, &head) ? sb_record_number(&head, SB_FIELD_INDEX) : 0;
}

void sb_case_put(struct sb_txn *txn, const struct sb_hash *id, const struct sb_record *head)
{
    struct sb_key key;
    sb_broker_row_put(txn, SB_TABLE_CASE, case_key('E', id, &key), head);
}

void sb_case_mark(struct sb_txn *txn, const struct sb_hash *id, enum sb_field field,
                  uint64_t number)
{
    struct sb_record head;
    if (sb_case_get(txn, id, &head)) {
        sb_record_set_number(&head, field, number);
        sb_case_put(txn, id, &head);
    }
}

static void index_put(struct sb_txn *txn, const struct sb_key *key, const struct sb_event *event)
{
    sb_txn_put(txn, SB_TABLE_CASE, sb_key_bytes(key), sb_hash_bytes(&event->id));
}

static void newest_key(struct sb_key *key, unsigned realm, enum sb_kind kind)
{
    sb_key_init(key);
    sb_key_add_byte(key, 'N');
    sb_key_add_byte(key, (uint8_t)realm);
    sb_key_add_byte(key, (uint8_t)kind);
}

static void group_key(struct sb_key *key, struct sb_bytes group)
{
    sb_key_init(key);
    sb_key_add_byte(key, 'G');
    sb_key_add(key, group);
}

static const enum sb_field head_fields[] = {
    SB_FIELD_KIND,  SB_FIELD_FORUM,    SB_FIELD_LEVEL, SB_FIELD_MODE,   SB_FIELD_ANSWER_BY,
    SB_FIELD_GROUP, SB_FIELD_INCIDENT, SB_FIELD_REALM, SB_FIELD_STARTS, SB_FIELD_REVISION,
};

void sb_case_add(struct sb_txn *txn, const struct sb_event *event, uint64_t index, uint64_t order)
{
    struct sb_record head = {0};
    for (size_t i = 0; i < sizeof head_fields / sizeof head_fields[0]; i++) {
        head.at[head_fields[i]] = event->fields.at[head_fields[i]];
    }
    sb_record_set_number(&head, SB_FIELD_INDEX, index);
    sb_record_set_number(&head, SB_FIELD_TURN, order);
    sb_record_set_number(&head, SB_FIELD_NUMBER,
                         sb_list_count(sb_record_bytes(&event->fields, SB_FIELD_SEATS)));
    sb_case_put(txn, &event->id, &head);
    struct sb_key key;
    newest_key(&key, (unsigned)sb_record_number(&head, SB_FIELD_REALM), event->kind->kind);
    sb_key_add_be64(&key, ~order);
    sb_key_add_be64(&key, ~index);
    index_put(txn, &key, event);
    /* A recall names the group that it silences, but is not of it. */
    if (sb_record_has(&head, SB_FIELD_GROUP) && event->kind->kind != SB_KIND_RECALL) {
        group_key(&key, sb_record_bytes(&head, SB_FIELD_GROUP));
        sb_key_add_be64(&key, index);
        index_put(txn, &key, event);
    }
}

struct sb_broker_walk sb_case_newest(unsigned realm, enum sb_kind kind)
{
    struct sb_key key;
    newest_key(&key, realm, kind);
    return sb_broker_walk(SB_TABLE_CASE, sb_key_bytes(&key));
}

struct sb_broker_walk sb_case_group(struct sb_bytes group)
{
    struct sb_key key;
    group_key(&key, group);
    return sb_broker_walk(SB_TABLE_CASE, sb_key_bytes(&key));
}

bool sb_case_next(struct sb_broker_walk *walk, struct sb_txn *txn, struct sb_hash *ret_id,
                  struct sb_record *ret_head)
{
    struct sb_bytes key;
    struct sb_bytes value;
    while (sb_broker_walk_next(walk, txn, &key, &value) && sb_hash_read(value, ret_id)) {
        if (sb_case_get(txn, ret_id, ret_head)) {
            return true;
        }
        char id[2 * SB_HASH_SIZE + 1];
        sb_hex_write(sb_hash_bytes(ret_id), id);
        sb_txn_damage(txn, "huvudraden för posten %s saknas eller är skadad",
                      "the head row of the event %s is missing or damaged", id);
    }
    return false;
}

struct sb_hash sb_story_of(struct sb_txn *txn, const struct sb_event *event)
{
    struct sb_hash story = event->id;
    struct sb_hash about = {0};
    if (event->kind != NULL && event->kind->kind == SB_KIND_INCIDENT) {
        return story;
    }
    if (sb_record_hash(&event->fields, SB_FIELD_INCIDENT, &story)
        || !sb_record_hash(&event->fields, SB_FIELD_REF, &about)) {
        return story;
    }
    for (unsigned step = 0; step < STORY_STEPS_MAX; step++) {
        uint64_t index = 0;
        struct sb_log_row row;
        struct sb_event referred = {0};
        struct sb_why why = {0};
        if (!sb_log_find(txn, &about, NULL, &index) || !sb_log_get(txn, index, &row)
            || sb_event_read(&row.sealed, &referred, &why) != SB_ERR_OK) {
            break;
        }
        story = about;
        if (sb_record_hash(&referred.fields, SB_FIELD_INCIDENT, &story)
            || !sb_record_hash(&referred.fields, SB_FIELD_REF, &about)) {
            break;
        }
    }
    return story;
}

void sb_story_add(struct sb_txn *txn, const struct sb_event *event, uint64_t index)
{
    /* Where what it is about cannot be read, that is where it is told. */
    const uint64_t met = sb_txn_damages(txn);
    struct sb_hash story = sb_story_of(txn, event);
    struct sb_why why = {0};
    (void)sb_txn_excuse(txn, met, &why);
    struct sb_key key;
    (void)case_key('T', &story, &key);
    sb_key_add_be64(&key, index);
    sb_txn_put(txn, SB_TABLE_CASE, sb_key_bytes(&key), sb_bytes(NULL, 0));
}

struct sb_broker_walk sb_story_walk(const struct sb_hash *story, uint64_t from_index)
{
    struct sb_key key;
    (void)case_key('T', story, &key);
    uint8_t from[8];
    sb_be64_write(from, from_index);
    return sb_broker_walk_from(SB_TABLE_CASE, sb_key_bytes(&key), sb_bytes(from, sizeof from));
}

bool sb_story_next(struct sb_broker_walk *walk, struct sb_txn *txn, uint64_t *ret_index)
{
    struct sb_bytes key;
    struct sb_bytes value;
    if (!sb_broker_walk_next(walk, txn, &key, &value) || key.size < 8) {
        return false;
    }
    *ret_index = sb_be64_read(key.at + key.size - 8);
    return true;
}

static struct sb_bytes version_key(unsigned realm, const struct sb_hash *incident,
                                   const struct sb_name *org, struct sb_key *key)
{
    sb_key_init(key);
    sb_key_add_byte(key, org == NULL ? 'P' : 'L');
    sb_key_add_byte(key, (uint8_t)realm);
    sb_key_add(key, sb_hash_bytes(incident));
    if (org != NULL) {
        sb_key_add(key, sb_name_bytes(org));
    }
    return sb_key_bytes(key);
}

bool sb_version_get(struct sb_txn *txn, unsigned realm, const struct sb_hash *incident,
                    const struct sb_name *org, struct sb_record *ret_row)
{
    struct sb_key key;
    return sb_broker_row_get(txn, SB_TABLE_CASE, version_key(realm, incident, org, &key), ret_row);
}

/* Whose store was put back may number one version twice. */
static bool version_is_newer(const struct sb_record *row, uint64_t revision, uint64_t issued)
{
    uint64_t has = sb_record_number(row, SB_FIELD_REVISION);
    return has > revision || (has == revision && sb_record_number(row, SB_FIELD_ISSUED) > issued);
}

void sb_version_add(struct sb_txn *txn, const struct sb_event *event, const struct sb_name *org)
{
    struct sb_hash incident = {0}; /* zero: about no incident */
    (void)sb_record_hash(&event->fields, SB_FIELD_INCIDENT, &incident);
    unsigned realm = (unsigned)sb_record_number(&event->fields, SB_FIELD_REALM);
    uint64_t revision = sb_record_number(&event->fields, SB_FIELD_REVISION);
    uint64_t issued = sb_record_number(&event->fields, SB_FIELD_ISSUED);
    struct sb_record row;
    if (sb_version_get(txn, realm, &incident, org, &row)
        && version_is_newer(&row, revision, issued)) {
        return; /* an older version came late: the newer one stands */
    }
    sb_record_clear(&row);
    sb_record_set_hash(&row, SB_FIELD_ID, &event->id);
    sb_record_set_number(&row, SB_FIELD_REVISION, revision);
    sb_record_set_number(&row, SB_FIELD_ISSUED, issued);
    struct sb_key key;
    sb_broker_row_put(txn, SB_TABLE_CASE, version_key(realm, &incident, org, &key), &row);
}
