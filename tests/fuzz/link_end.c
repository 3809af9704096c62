/* link_end.c: what must hold once the lies stop: the ends find together again, each holds what the
 * other has for it, and no store has a fault. */
#include "link_world.h"

#define ROUNDS_MAX 400
#define ROUND_MS   250

/* An administrator has looked: the agent's store is believed whatever it names, and so is the
 * broker's term. Number rows only; what streams hold stays as it is. */
static void trust_anew(struct play *play)
{
    struct pair *pair = play->pair;
    struct sb_txn *txn = begin(&pair->agent);
    uint64_t epoch = sb_txn_number(txn, SB_TABLE_META, "epoch");
    sb_store_abort(pair->agent.store, txn);
    put_agent_row(pair, agent_row_number(pair, SB_FIELD_SESSION), 0);
    pair->broker.config.epoch = epoch > 7 ? epoch : 7;
}

/* Everything of `from`'s own that an organisation is to have is receipted by the other end. */
static bool is_receipted(struct play *play, struct end *from)
{
    struct pair *pair = play->pair;
    bool all = true;
    struct sb_txn *txn = begin(from);
    for (unsigned lane = 0; lane < SB_LANE_COUNT; lane++) {
        for (unsigned org = 0; org < pair->org_count; org++) {
            struct sb_held there = {0};
            uint64_t index;
            uint64_t newest = 0;
            (void)sb_link_held(txn, &pair->agent.config.agent, &pair->orgs[org], lane, &there);
            while (sb_log_lane_next(txn, lane, newest + 1, &pair->orgs[org], &index)) {
                newest = index;
            }
            all = all && there.log_index >= newest;
        }
    }
    sb_store_abort(from->store, txn);
    return all;
}

static bool is_there(struct end *at, const struct sb_hash *id, const struct sb_name *org)
{
    uint64_t index;
    struct sb_txn *txn = begin(at);
    bool found = sb_log_find(txn, id, org, &index);
    sb_store_abort(at->store, txn);
    return found;
}

/* Once per organisation, at the other end. */
static void check_delivered(struct play *play, struct end *from)
{
    struct pair *pair = play->pair;
    struct sb_txn *txn = begin(from);
    uint64_t next = sb_log_next_index(txn);
    for (uint64_t index = 1; index < next; index++) {
        struct sb_log_row row;
        bool found = sb_log_get(txn, index, &row);
        SB_ASSERT(found);
        struct sb_hash id = sb_hash_one("event", row.sealed.header);
        for (unsigned org = 0; org < pair->org_count; org++) {
            if (sb_list_has(row.audience, sb_name_bytes(&pair->orgs[org]))) {
                SB_ASSERT(is_there(other(from), &id, &pair->orgs[org]));
            }
        }
    }
    sb_store_abort(from->store, txn);
}

static void check_sound(struct end *end)
{
    struct sb_verify_result result = verify(end);
    if (result.faults > 0) {
        (void)fprintf(stderr, "verify: %s\n", result.first_fault.text);
    }
    SB_ASSERT(result.faults == 0);
}

void play_end(struct play *play)
{
    struct pair *pair = play->pair;
    check_sound(&pair->broker);
    check_sound(&pair->agent);
    if (play->lied) {
        crash(&pair->broker);
        crash(&pair->agent);
        trust_anew(play);
    }
    if (play->lied || pair->agent.link == NULL) {
        play_open(play);
    }
    bool all = false;
    for (unsigned round = 0; round < ROUNDS_MAX && !all; round++) {
        play_turn(&pair->broker, WHOLE);
        play_turn(&pair->agent, WHOLE);
        advance(pair, ROUND_MS);
        all = pair->broker.inbox.count + pair->agent.inbox.count == 0 && pair->broker.link != NULL
              && sb_link_state(pair->broker.link) == SB_LINK_UP
              && sb_link_state(pair->agent.link) == SB_LINK_UP && is_receipted(play, &pair->broker)
              && is_receipted(play, &pair->agent);
    }
    SB_ASSERT(all);
    check_delivered(play, &pair->broker);
    check_delivered(play, &pair->agent);
    check_sound(&pair->broker);
    check_sound(&pair->agent);
}
