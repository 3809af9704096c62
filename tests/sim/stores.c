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
    for (unsigned i = 0; i < world->agent_count; i++) {
        struct world_node *node = &world->agent[i];
        if (end < 0) { /* a session's number may be offered again; who was in one goes on */
            memset(node->sent[0], 0, sizeof node->sent[0]);
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

/* What the agent's log gets from now on came after it was put back. */
static void since_note(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(node->store, &why);
    node->restored_wall_ms = WORLD_START_MS + world->now_ms;
    node->restored_next = sb_log_next_index(txn);
    sb_store_abort(node->store, txn);
}

/* What `restore` says of a store in the store. */
static void mark(struct world *world, int end)
{
    struct sb_store *store = *store_of(world, end);
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(store, &why);
    if (end < 0) {
        sb_broker_restored(txn, world_now(world));
        world->epoch = sb_txn_number(txn, SB_TABLE_META, "epoch");
        world->broker_stale = false;
    } else {
        sb_agent_restored(txn, world_now(world));
    }
    const enum sb_err err = sb_store_commit(store, txn, &why);
    SB_ASSERT(err == SB_ERR_OK);
    if (end >= 0) {
        since_note(world, (unsigned)end);
    }
}

static void put_back(struct world *world, int end)
{
    struct sb_store **store = store_of(world, end);
    sb_store_close(*store);
    *store = sb_store_copy_memory(*backup_of(world, end));
}

void world_restore(struct world *world, int end)
{
    if (*backup_of(world, end) == NULL) {
        return; /* nobody made one */
    }
    world->tally[end < 0 ? WORLD_TALLY_RESTORED_BROKER : WORLD_TALLY_RESTORED_AGENT]++;
    put_back(world, end);
    mark(world, end);
    begin_anew(world, end);
}

/* Agents that saw a later epoch refuse it until it is marked. */
void world_rollback(struct world *world)
{
    struct sb_why why = {0};
    if (world->broker_backup == NULL) {
        return;
    }
    world->tally[WORLD_TALLY_ROLLED_BACK]++;
    put_back(world, WORLD_BROKER_END);
    struct sb_txn *txn = sb_store_begin(world->broker_store, &why);
    world->broker_stale = sb_txn_number(txn, SB_TABLE_META, "epoch") < world->epoch;
    sb_store_abort(world->broker_store, txn);
    begin_anew(world, WORLD_BROKER_END);
}

void world_remark(struct world *world)
{
    if (world->broker_stale) {
        mark(world, WORLD_BROKER_END);
        begin_anew(world, WORLD_BROKER_END);
    }
}

void world_clone(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    if (node->backup == NULL) {
        world_backup(world, (int)agent);
    }
    world->tally[WORLD_TALLY_CLONED]++;
    struct sb_store *other = node->backup;
    node->backup = node->store;
    node->store = other;
    since_note(world, agent);
    begin_anew(world, (int)agent);
}

/* Whoever asks for it has stopped the other copy, and asks again where that one was heard after it:
 * here, what earlier lives had under way is gone. */
static void earlier_lives_end(struct world *world, unsigned agent)
{
    for (size_t i = 0; i < world->packet_count; i++) {
        struct world_packet *packet = &world->packets[i];
        if (packet->agent == agent && packet->connection != world->agent[agent].connection) {
            packet->arrives = false;
        }
    }
}

void world_replace(struct world *world, unsigned agent)
{
    struct world_node *node = &world->agent[agent];
    earlier_lives_end(world, agent);
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_why why = {0};
    sb_record_set_name(args, SB_FIELD_AGENT, &node->name);
    if (world_order(world, "org-replace", args, &why) == SB_ERR_OK) {
        node->stale = false;
        world->tally[WORLD_TALLY_REPLACED]++;
    }
    free(args);
}
