/* stores.c: stores that come back as what they were: an older backup, or a copy that runs instead
 * of the one that it was made of. What an operator must do then is done here, too: an agent's is
 * let in again by `org replace`, a broker's is put back by the command that marks it so. */
#include "turns.h"

#include <stdlib.h>
#include <string.h>

static struct sb_store **store_of(struct world *world, int end)
{
    return end < 0 ? &world->broker_store : &world->agent[end].store;
}

static struct sb_store **backup_of(struct world *world, int end)
{
    return end < 0 ? &world->broker_backup : &world->agent[end].backup;
}

void world_backup(struct world *world, int end)
{
    struct sb_store **backup = backup_of(world, end);
    sb_store_close(*backup);
    *backup = sb_store_copy_memory(*store_of(world, end));
}

/* What was noted of the store holds no more. */
static void begin_anew(struct world *world, int end)
{
    world->stores++;
    for (unsigned i = 0; i < world->agent_count; i++) {
        struct world_node *node = &world->agent[i];
        if (end < 0) { /* a session's number may come again */
            memset(node->sent, 0, sizeof node->sent);
        } else if (end == (int)i) { /* what it sends; to it, the session goes on */
            memset(node->sent[1], 0, sizeof node->sent[1]);
        }
    }
    world_streams_forget(world);
    world_promises_restored(world, end);
    if (end < 0) {
        for (unsigned i = 0; i < world->agent_count; i++) { /* what TiB let in may be forgotten */
            world->agent[i].stale = world->agent[i].restored;
        }
        world->broker_restored = true;
        world_silenced_destroy(world->silenced[WORLD_AGENTS_MAX]);
        world->silenced[WORLD_AGENTS_MAX] = NULL;
        world_restart_broker(world);
        return;
    }
    struct world_node *node = &world->agent[end];
    node->restored = true;
    node->stale = true;
    world_silenced_destroy(world->silenced[end]);
    world->silenced[end] = NULL;
    sb_buf_clear(&node->keys);
    world_restart_agent(world, (unsigned)end);
}

void world_restore(struct world *world, int end)
{
    if (*backup_of(world, end) == NULL) {
        return; /* nobody made one */
    }
    struct sb_store **store = store_of(world, end);
    sb_store_close(*store);
    *store = sb_store_copy_memory(*backup_of(world, end));
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(*store, &why);
    if (end < 0) {
        sb_broker_restored(txn, world_now(world));
    } else {
        sb_agent_restored(txn, world_now(world));
        world->agent[end].restored_wall_ms = WORLD_START_MS + world->now_ms;
        world->agent[end].restored_next = sb_log_next_index(txn);
    }
    const enum sb_err err = sb_store_commit(*store, txn, &why);
    SB_ASSERT(err == SB_ERR_OK);
    begin_anew(world, end);
}

void world_clone(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    if (node->backup == NULL) {
        world_backup(world, (int)agent);
    }
    struct sb_store *other = node->backup;
    node->backup = node->store;
    node->store = other;
    begin_anew(world, (int)agent);
}

void world_replace(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_why why = {0};
    sb_record_set_name(args, SB_FIELD_AGENT, &node->name);
    if (world_order(world, "org-replace", args, &why) == SB_ERR_OK) {
        node->stale = false;
    }
    free(args);
}
