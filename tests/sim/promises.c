/* promises.c: what was ever accepted, remembered outside of all stores: every event that an end
 * made and committed. In the end it is with everyone whom it was for; it may be gone only where
 * each store that held it was put back to an older state. Which store that was is stores.c's. */
#include "turns.h"

#include <stdlib.h>
#include <string.h>

struct promise {
    struct sb_hash id;
    int maker;          /* agent's position; -1 the broker */
    struct sb_name org; /* whose it is, in the maker's log */
    uint32_t to;        /* of the broker's: a bit for each organisation with an agent here */
    bool lost;          /* no store that was left had it */
};

struct world_promises {
    struct promise *at;
    size_t count, room;
    uint64_t next[WORLD_AGENTS_MAX + 1]; /* first row not looked at: the broker's, each agent's */
};

void world_promises_destroy(struct world_promises *promises)
{
    if (promises != NULL) {
        free(promises->at);
        free(promises);
    }
}

static struct sb_store *store_of(const struct world *world, int end)
{
    return end < 0 ? world->broker_store : world->agent[end].store;
}

static const struct sb_name *org_of(const struct world *world, unsigned bit)
{
    return &world->agent[bit / WORLD_ORGS_MAX].config.org[bit % WORLD_ORGS_MAX];
}

static bool has(const struct world *world, int end, const struct sb_hash *id,
                const struct sb_name *org)
{
    struct sb_why why = {0};
    struct sb_store *store = store_of(world, end);
    struct sb_txn *txn = sb_store_begin(store, &why);
    uint64_t index;
    const bool found = sb_log_find(txn, id, org, &index);
    sb_store_abort(store, txn);
    return found;
}

static uint32_t audience_bits(const struct world *world, struct sb_bytes audience)
{
    uint32_t bits = 0;
    for (unsigned bit = 0; bit < world->agent_count * WORLD_ORGS_MAX; bit++) {
        if (org_of(world, bit)->text[0] != '\0'
            && sb_list_has(audience, sb_name_bytes(org_of(world, bit)))) {
            bits |= 1u << bit;
        }
    }
    return bits;
}

static void promise_add(struct world_promises *promises, const struct promise *promise)
{
    if (promises->count == promises->room) {
        promises->room = promises->room == 0 ? 64 : 2 * promises->room;
        promises->at = realloc(promises->at, promises->room * sizeof *promises->at);
        SB_ASSERT(promises->at != NULL);
    }
    promises->at[promises->count++] = *promise;
}

static bool is_known(const struct world_promises *promises, const struct sb_hash *id)
{
    for (size_t i = 0; i < promises->count; i++) {
        if (sb_hash_equal(&promises->at[i].id, id)) {
            return true;
        }
    }
    return false;
}

void world_promises_look(struct world *world, int end, struct sb_txn *txn)
{
    static_assert(WORLD_AGENTS_MAX * WORLD_ORGS_MAX <= 32, "a bit for each organisation");
    if (world->promises == NULL) {
        world->promises = sb_alloc(1, sizeof *world->promises);
    }
    uint64_t *next = &world->promises->next[end + 1];
    *next = *next == 0 ? 1 : *next;
    for (const uint64_t stop = sb_log_next_index(txn); *next < stop; (*next)++) {
        struct sb_log_row row;
        struct sb_event event;
        if (!sb_log_get(txn, *next, &row) || row.stream_agent.text[0] != '\0'
            || row.verdict != SB_ERR_OK || sb_event_read(&row.sealed, &event, NULL) != SB_ERR_OK
            || world_is_rogue(world, &event.id)) {
            continue;
        }
        const struct promise promise = {.id = event.id,
                                        .maker = end,
                                        .org = sb_record_name(&event.fields, SB_FIELD_ORIGIN),
                                        .to = end < 0 ? audience_bits(world, row.audience) : 0};
        if (!world->any_restored || !is_known(world->promises, &event.id)) {
            promise_add(world->promises, &promise);
        }
    }
}

/* Any end that is left. */
static bool is_anywhere(const struct world *world, const struct promise *promise)
{
    if (has(world, promise->maker, &promise->id, &promise->org)) {
        return true;
    }
    for (unsigned bit = 0; bit < world->agent_count * WORLD_ORGS_MAX; bit++) {
        if ((promise->to & (1u << bit)) != 0
            && has(world, (int)(bit / WORLD_ORGS_MAX), &promise->id, org_of(world, bit))) {
            return true;
        }
    }
    return promise->maker >= 0 && has(world, WORLD_BROKER_END, &promise->id, &promise->org);
}

void world_promises_restored(struct world *world, int end)
{
    world->any_restored = true;
    if (world->promises == NULL) {
        return;
    }
    world->promises->next[end + 1] = 1;
    for (size_t i = 0; i < world->promises->count; i++) {
        struct promise *promise = &world->promises->at[i];
        promise->lost = promise->lost || !is_anywhere(world, promise);
    }
}

static bool is_kept(struct world *world, const struct promise *promise)
{
    if (!is_anywhere(world, promise)) {
        return promise->lost
               || world_break(world, WORLD_ACCEPTED, "an event of %s that was accepted is nowhere",
                              promise->org.text);
    }
    if (promise->maker >= 0) {
        /* An agent that was put back may lack what it once said; the centre may not. */
        return has(world, WORLD_BROKER_END, &promise->id, &promise->org)
               || world_break(world, WORLD_ACCEPTED,
                              "an event of %s that was accepted is not at the centre",
                              promise->org.text);
    }
    if (!has(world, WORLD_BROKER_END, &promise->id, &promise->org)) {
        return world_break(world, WORLD_ACCEPTED,
                           "the centre has not got back an event that an agent holds");
    }
    for (unsigned bit = 0; bit < world->agent_count * WORLD_ORGS_MAX; bit++) {
        if ((promise->to & (1u << bit)) != 0
            && !has(world, (int)(bit / WORLD_ORGS_MAX), &promise->id, org_of(world, bit))) {
            return world_break(world, WORLD_ACCEPTED,
                               "an event that was accepted has not come to %s",
                               org_of(world, bit)->text);
        }
    }
    return true;
}

bool world_promises_kept(struct world *world)
{
    bool kept = true;
    for (size_t i = 0; world->promises != NULL && i < world->promises->count && kept; i++) {
        kept = is_kept(world, &world->promises->at[i]);
    }
    return kept;
}
