/* faults.c: the table of what can go wrong, one row and one function each. When it happens is the
 * story's or the swarm's to say. */
#include "faults.h"

#include <string.h>

static struct world_state *state_of(struct world *world, int agent)
{
    return agent < 0 ? &world->broker_state : &world->agent[agent].state;
}

static void crash(struct world *world, int agent, uint64_t number)
{
    (void)number;
    if (agent < 0) {
        world->tally[WORLD_TALLY_KILLED]++;
        world_restart_broker(world);
    } else if (!world->agent[agent].off) {
        world->tally[WORLD_TALLY_KILLED]++;
        world_restart_agent(world, (unsigned)agent);
    }
}

static void crash_before_commit(struct world *world, int agent, uint64_t number)
{
    (void)number;
    state_of(world, agent)->crash = WORLD_CRASH_BEFORE_COMMIT;
}

static void crash_after_commit(struct world *world, int agent, uint64_t number)
{
    state_of(world, agent)->crash = WORLD_CRASH_AFTER_COMMIT;
    state_of(world, agent)->crash_effects = (unsigned)number;
}

static void cut(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world_cut(world, (unsigned)agent);
}

static void join(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world_join(world, (unsigned)agent);
}

static void drop(struct world *world, int agent, uint64_t number)
{
    world_drop(world, (unsigned)agent, number);
}

static void deaf(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world->agent[agent].deaf = true;
}

static void mute(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world->agent[agent].mute = true;
}

static void both_ways(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world->agent[agent].deaf = world->agent[agent].mute = false;
}

static void stop(struct world *world, int agent, uint64_t number)
{
    state_of(world, agent)->stopped_until_ms = world->now_ms + number;
    world->tally[WORLD_TALLY_STOPPED]++;
}

static void stall(struct world *world, int agent, uint64_t number)
{
    state_of(world, agent)->stalled_until_ms = world->now_ms + number;
    world->tally[WORLD_TALLY_STALLED]++;
}

static void full(struct world *world, int agent, uint64_t number)
{
    state_of(world, agent)->full_until_ms = world->now_ms + number;
}

static void clock_ahead(struct world *world, int agent, uint64_t number)
{
    state_of(world, agent)->clock_ms += (int64_t)number;
}

static void clock_back(struct world *world, int agent, uint64_t number)
{
    state_of(world, agent)->clock_ms -= (int64_t)number;
}

static void rogue(struct world *world, int agent, uint64_t number)
{
    world_rogue(world, (unsigned)agent, true, number);
}

static void rogue_centre(struct world *world, int agent, uint64_t number)
{
    world_rogue(world, (unsigned)agent, false, number);
}

static void channel(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world_channel_restart(world, (unsigned)agent);
}

static void backup(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world_backup(world, agent);
}

static void restore(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world_restore(world, agent);
}

static void rollback(struct world *world, int agent, uint64_t number)
{
    (void)agent;
    (void)number;
    world_rollback(world);
}

static void clone(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world_clone(world, (unsigned)agent);
}

static void replace(struct world *world, int agent, uint64_t number)
{
    (void)number;
    world_replace(world, (unsigned)agent);
}

#define CRASH   WORLD_FAMILY_CRASH
#define LINK    WORLD_FAMILY_LINK
#define PAUSE   WORLD_FAMILY_PAUSE
#define DISK    WORLD_FAMILY_DISK
#define CHANNEL WORLD_FAMILY_CHANNEL
#define ROGUE   WORLD_FAMILY_ROGUE
#define STORE   WORLD_FAMILY_STORE
#define CLOCK   WORLD_FAMILY_CLOCK
#define DAY_MS  86400000u
const struct world_fault world_faults[] = {
    {"crash", CRASH, true, true, 0, 2, crash, "kill -9 between two turns"},
    {"crash-before-commit", CRASH, true, true, 0, 3, crash_before_commit,
     "the next turn never was"},
    {"crash-after-commit", CRASH, true, true, 6, 4, crash_after_commit,
     "the next turn is durable, and only NUMBER of its effects get out"},
    {"cut", LINK, false, true, 0, 3, cut, "the network is gone, until join"},
    {"join", LINK, false, true, 0, 5, join, "the network is back"},
    {"drop", LINK, false, true, 4, 3, drop,
     "the connection breaks, NUMBER frames each way get through, another routing id"},
    {"deaf", LINK, false, true, 0, 1, deaf, "what is sent to it is lost"},
    {"mute", LINK, false, true, 0, 1, mute, "what it sends is lost"},
    {"both-ways", LINK, false, true, 0, 3, both_ways, "neither deaf nor mute any more"},
    {"stop", PAUSE, true, true, 30000, 2, stop, "SIGSTOP for NUMBER ms"},
    {"stall", PAUSE, true, true, 30000, 2, stall, "reads nothing for NUMBER ms"},
    {"full", DISK, true, true, 8000, 1, full, "no commit that writes for NUMBER ms"},
    {"rogue", ROGUE, false, true, WORLD_ROGUES_UP - 1, 1, rogue,
     "its log holds an entry of the NUMBERth sort that the centre must refuse"},
    {"rogue-centre", ROGUE, false, true, WORLD_ROGUES_DOWN - 1, 1, rogue_centre,
     "the centre's log holds one for it that it must refuse, or not act on"},
    {"backup", STORE, true, true, 0, 3, backup, "its store is copied"},
    {"restore", STORE, true, true, 0, 2, restore, "the copy is put back: what came since is gone"},
    {"rollback", STORE, true, false, 0, 1, rollback,
     "the broker's copy is put back by hand: nothing in it says so"},
    {"clone", STORE, false, true, 0, 1, clone,
     "the copy runs instead; the same once more changes them back"},
    {"replace", STORE, false, true, 0, 2, replace, "org replace: its store is let in again"},
    {"channel", CHANNEL, false, true, 0, 1, channel, "samband-channel is killed and started"},
    {"clock-ahead", CLOCK, true, true, DAY_MS, 0, clock_ahead,
     "its wall clock is put NUMBER ms forward; nobody's sense of what has passed is"},
    {"clock-back", CLOCK, true, true, DAY_MS, 0, clock_back, "… NUMBER ms back"},
};
const unsigned world_fault_count = sizeof world_faults / sizeof world_faults[0];

const struct world_fault *world_fault_find(const char *word)
{
    for (unsigned i = 0; i < world_fault_count; i++) {
        if (strcmp(world_faults[i].word, word) == 0) {
            return &world_faults[i];
        }
    }
    return NULL;
}

static void state_calm(struct world_state *state)
{
    *state = (struct world_state){.down_until_ms = state->down_until_ms};
}

void world_calm(struct world *world)
{
    state_calm(&world->broker_state);
    world_remark(world);
    for (unsigned i = 0; i < world->agent_count; i++) {
        struct world_node *node = &world->agent[i];
        state_calm(&node->state);
        node->deaf = node->mute = false;
        if (node->off) {
            world_on(world, i);
        }
        if (node->stale) {
            world_replace(world, i);
        }
        world_join(world, i);
    }
    world->loss = world->twice = world->overtakes = world->late = 0;
}
