/* recalls.c: a recall goes to everyone to whom what it takes back went, and stands behind it in the
 * centre's log. Read from the centre's log, after all is drained. */
#include "turns.h"

/* One that is recalled: its row, where it is the centre's own. */
static bool original_holds(struct world *world, struct sb_txn *txn, const struct sb_log_row *recall,
                           const struct sb_hash *id)
{
    struct sb_log_row row;
    uint64_t index;
    if (!sb_log_find(txn, id, &world->broker_config.org, &index) || !sb_log_get(txn, index, &row)) {
        return true; /* it was lost with the store that held it */
    }
    if (index > recall->index && !world->broker_restored) {
        return world_break(world, WORLD_RECALLS, "row %llu is recalled by row %llu, before it",
                           (unsigned long long)index, (unsigned long long)recall->index);
    }
    struct sb_list_reader reader = sb_list_read(row.audience);
    struct sb_bytes org;
    while (sb_list_next(&reader, &org)) {
        if (!sb_list_has(recall->audience, org)) {
            return world_break(world, WORLD_RECALLS,
                               "row %llu went to %.*s, its recall, row %llu, does not",
                               (unsigned long long)index, (int)org.size, (const char *)org.at,
                               (unsigned long long)recall->index);
        }
    }
    return true;
}

/* Every event of the alert group that a recall names. */
static bool group_holds(struct world *world, struct sb_txn *txn, const struct sb_log_row *recall,
                        struct sb_bytes group)
{
    for (uint64_t index = 1; index < recall->index && group.size > 0; index++) {
        struct sb_log_row row;
        struct sb_event event;
        if (sb_log_get(txn, index, &row) && row.stream_agent.text[0] == '\0'
            && sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK
            && event.kind->kind != SB_KIND_RECALL
            && sb_bytes_equal(sb_record_bytes(&event.fields, SB_FIELD_GROUP), group)
            && !original_holds(world, txn, recall, &event.id)) {
            return false;
        }
    }
    return true;
}

bool world_recalls_reach(struct world *world, struct sb_txn *txn)
{
    const uint64_t end = sb_log_next_index(txn);
    for (uint64_t index = 1; index < end; index++) {
        struct sb_log_row row;
        struct sb_event event;
        struct sb_hash about;
        if (!sb_log_get(txn, index, &row) || row.stream_agent.text[0] != '\0'
            || row.verdict != SB_ERR_OK || sb_event_read(&row.sealed, &event, NULL) != SB_ERR_OK
            || event.kind->kind != SB_KIND_RECALL || world_is_rogue(world, &event.id)
            || !sb_record_hash(&event.fields, SB_FIELD_REF, &about)) {
            continue;
        }
        if (!original_holds(world, txn, &row, &about)
            || !group_holds(world, txn, &row, sb_record_bytes(&event.fields, SB_FIELD_GROUP))) {
            return false;
        }
    }
    return true;
}
