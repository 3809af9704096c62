/* swarm.c: random days from seeds. Each day has a small county, random orders and answers, cuts,
 * and crashes before a commit, after it, and between any two of its effects; what must hold is
 * checked after every step for the link that it was about, and now and then for all; then the
 * faults end and everything must have arrived.
 *
 *     swarm FIRST_SEED COUNT      a day that fails prints the command that plays it again */
#include "orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS    120000u /* two minutes of faults */
#define QUIET_MS  120000u /* then calm: everything must be through by then */
#define SAID_MS   15000u  /* longer than until a channel is tried again */

#define DAYS_MANY 20

/* Taby's agent serves two; ekero's roster has nobody. */
static const char *const agents[] = {"taby+vallentuna", "solna", "nacka", "ekero", "salem"};
static const char *const orgs[] = {"taby", "vallentuna", "solna", "nacka", "ekero", "salem"};

struct day {
    unsigned silent, no; /* per cent of attempts */
};

/* Plays the duty officer: the channel's result, then perhaps an answer. */
static void day_attempt(void *context, struct world *world, unsigned agent,
                        const struct sb_record *attempt)
{
    const struct day *plan = context;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_bytes key = sb_record_bytes(attempt, SB_FIELD_ATTEMPT);
    sb_record_set_bytes(args, SB_FIELD_ATTEMPT, key);
    static const unsigned results[] = {SB_RESULT_ACCEPTED, SB_RESULT_ACCEPTED, SB_RESULT_ACCEPTED,
                                       SB_RESULT_RETRY, SB_RESULT_FAILED};
    unsigned result = results[world_random(world, 5)];
    sb_record_set_number(args, SB_FIELD_RESULT, result);
    world_local(world, agent, "result", args, 100 + world_random(world, 2000));
    if (result == SB_RESULT_ACCEPTED && world_random(world, 100) >= plan->silent) {
        sb_record_clear(args);
        sb_record_set_bytes(args, SB_FIELD_ATTEMPT, key);
        static const unsigned noes[] = {SB_ANSWER_NO, SB_ANSWER_NO, SB_ANSWER_DEPUTY};
        bool no = world_random(world, 100) < plan->no;
        sb_record_set_number(args, SB_FIELD_ANSWER,
                             no ? noes[world_random(world, 3)] : SB_ANSWER_YES);
        if (world_random(world, 5) == 0) { /* kvittens only */
            sb_record_unset(args, SB_FIELD_ANSWER);
            sb_record_set_text(args, SB_FIELD_FUNCTION, "tib");
        }
        world_local(world, agent, "fact", args, 2500 + world_random(world, 30000));
    }
    free(args);
}

static void day_fault(struct world *world)
{
    unsigned agent = (unsigned)world_random(world, world->agent_count);
    struct world_node *node = &world->agent[agent];
    switch (world_random(world, 10)) {
    case 0: node->crash = WORLD_CRASH_BEFORE_COMMIT; break;
    case 1:
        node->crash = WORLD_CRASH_AFTER_COMMIT;
        node->crash_effects = (unsigned)world_random(world, 4);
        break;
    case 2: world->broker_crash = WORLD_CRASH_BEFORE_COMMIT; break;
    case 3:
        world->broker_crash = WORLD_CRASH_AFTER_COMMIT;
        world->broker_crash_effects = (unsigned)world_random(world, 6);
        break;
    case 4: world_cut(world, agent); break;
    case 5: world_channel_restart(world, agent); break;
    case 6: sim_local(world, agent); break;
    case 7: node->deaf = !node->deaf; break;
    case 8: node->mute = !node->mute; break;
    default: world_join(world, agent); break;
    }
}

static bool people_speak(const struct world *world)
{
    for (size_t i = 0; i < world->packet_count; i++) {
        if (world->packets[i].channel) {
            return true;
        }
    }
    return false;
}

/* Calm, and on until all that people and channels say has been said, and told: one who answers
 * slowly holds up those behind. */
static void day_end(struct world *world)
{
    world_run(world, world->now_ms + QUIET_MS);
    bool speaks = true;
    while (speaks) {
        uint64_t before = world->requests;
        speaks = people_speak(world);
        world_run(world, world->now_ms + SAID_MS);
        speaks = speaks || world->requests != before || people_speak(world);
    }
}

static bool day_play(struct world *world, struct sb_why *why)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    uint64_t next_ms = 2000;
    bool holds = true;
    while (holds && world->now_ms < DAY_MS) {
        if (!world_step(world, next_ms)) {
            next_ms += 1 + world_random(world, 6000);
            if (world_random(world, 3) == 0) {
                sim_order(world, args);
            } else {
                day_fault(world);
            }
        }
        holds = world_holds(world, false, why);
    }
    free(args);
    for (unsigned i = 0; i < world->agent_count; i++) {
        world_join(world, i);
        world->agent[i].crash = WORLD_CRASH_NONE;
        world->agent[i].deaf = world->agent[i].mute = false;
    }
    world->broker_crash = WORLD_CRASH_NONE;
    world->loss = world->twice = world->overtakes = 0;
    if (holds) {
        day_end(world);
        holds = world_drained(world, why);
    }
    return holds;
}

/* How much there is in the broker's log, and how often TiB reached a seat otherwise. */
static uint64_t world_events(struct world *world, uint64_t *ret_reached)
{
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(world->broker_store, &why);
    uint64_t end = sb_log_next_index(txn);
    *ret_reached = 0;
    for (uint64_t index = 1; index < end; index++) {
        struct sb_log_row row;
        struct sb_event event;
        *ret_reached += sb_log_get(txn, index, &row)
                        && sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK
                        && event.kind->kind == SB_KIND_REACHED;
    }
    sb_store_abort(world->broker_store, txn);
    return end - 1;
}

/* *reached grows by how often a seat was reached otherwise. */
static bool day(uint64_t seed, uint64_t *reached)
{
    unsigned count = 2 + (unsigned)(seed % 4);
    struct world *world = world_new(seed, agents, count);
    struct day plan = {.silent = (unsigned)world_random(world, 60),
                       .no = (unsigned)world_random(world, 40)};
    world->context = &plan;
    world->on_attempt = day_attempt;
    world->delay_max_ms = 1 + (unsigned)world_random(world, 400);
    /* Each kind of fault on some days only: what hides behind another is found as well. */
    world->loss = world_random(world, 3) == 0 ? (unsigned)world_random(world, 100) : 0;
    world->twice = world_random(world, 3) == 0 ? (unsigned)world_random(world, 100) : 0;
    world->overtakes = world_random(world, 3) == 0 ? (unsigned)world_random(world, 100) : 0;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    char csv[512];
    int at = snprintf(csv, sizeof csv,
                      "id,name,level,mode,seats\nrsf,Samordnande forum,samordnande,"
                      "aktiverat,\"");
    for (unsigned i = 0; i < count; i++) {
        sim_roster(&world->agent[i].roster, strcmp(agents[i], "ekero") != 0);
    }
    for (unsigned i = 0; i <= count; i++) {
        at += snprintf(csv + at, sizeof csv - (size_t)at, "%s%s:tib%s", i == 0 ? "" : ";", orgs[i],
                       i % 2 == 0 ? ",~kib" : ",kommundirektor via tib");
    }
    (void)snprintf(csv + at, sizeof csv - (size_t)at, "\"\n");
    sb_record_set_text(args, SB_FIELD_CSV, csv);
    struct sb_why why = {0};
    enum sb_err err = world_order(world, "forum-load", args, &why);
    free(args);
    for (unsigned i = 0; i < count; i++) {
        sim_declare(world, i);
    }
    bool holds = err == SB_ERR_OK && day_play(world, &why);
    char hash[2 * SB_HASH_SIZE + 1];
    sb_hex_write(sb_hash_bytes(&world->trace_hash), hash);
    if (!holds) {
        (void)printf("seed %llu FAILED at %llu ms: %s\n  again: swarm %llu 1\n",
                     (unsigned long long)seed, (unsigned long long)world->now_ms, why.text,
                     (unsigned long long)seed);
    } else {
        uint64_t attempts = 0;
        uint64_t repeats = 0;
        uint64_t marked;
        uint64_t events = world_events(world, &marked);
        *reached += marked;
        for (unsigned i = 0; i < world->agent_count; i++) {
            attempts += world->agent[i].attempts;
            repeats += world->agent[i].repeats;
        }
        (void)printf(
            "seed %llu events %llu turns %llu crashes %llu attempts %llu repeats %llu reached %llu "
            "trace %.16s\n",
            (unsigned long long)seed, (unsigned long long)events, (unsigned long long)world->turns,
            (unsigned long long)world->crashes, (unsigned long long)attempts,
            (unsigned long long)repeats, (unsigned long long)marked, hash);
    }
    world_destroy(world);
    return holds;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: swarm FIRST_SEED COUNT\n");
        return 2;
    }
    uint64_t first = strtoull(argv[1], NULL, 10);
    uint64_t count = strtoull(argv[2], NULL, 10);
    uint64_t failed = 0;
    uint64_t reached = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        failed += day(seed, &reached) ? 0 : 1;
    }
    (void)printf("%llu passed, %llu failed; %llu times a seat was reached otherwise\n",
                 (unsigned long long)(count - failed), (unsigned long long)failed,
                 (unsigned long long)reached);
    /* So many days without one prove nothing of it: then the orders are wrong. */
    return failed == 0 && (count < DAYS_MANY || reached > 0) ? 0 : 1;
}
