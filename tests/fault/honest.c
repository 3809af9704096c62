/* honest.c: sb_honest --profile FOLDER --store FOLDER --rogue-agent NAME --rogue PID [--blocks N]
 * [--events N] TO…: informs TO again and again, in blocks while the process PID, an agent gone
 * rogue, runs and in blocks while it is stopped, in turns, and tells what each took from the order
 * until the receipts of all but the rogue were durable at the broker. The same minutes of the same
 * machine: only so do the two compare. Decides nothing about the figures. */
#define _DEFAULT_SOURCE /* getopt_long, kill */
#include "ask.h"
#include "figures.h"
#include "watch.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define EVENT_WAIT_MS 30000
#define LOOK_EVERY_US 200
#define BETWEEN_US    15000
#define SETTLE_US     250000 /* a block begins when the other's end is over */

struct bench {
    const char *profile, *store;
    struct sb_name rogue_agent;
    pid_t rogue;
    unsigned long blocks, events;
    struct sb_list_writer to;
    struct asker asker;
    struct asked asked;
    struct watch watch;
    struct figures quiet, loaded;
};

/* The rogue receipts what it likes. */
static void rogue_leave_out(struct bench *bench)
{
    size_t kept = 0;
    for (size_t i = 0; i < bench->watch.count; i++) {
        if (!sb_name_equal(&bench->watch.streams[i].agent, &bench->rogue_agent)) {
            bench->watch.streams[kept++] = bench->watch.streams[i];
        }
    }
    bench->watch.count = kept;
}

static bool event_run(struct bench *bench, struct figures *figures, struct sb_why *why)
{
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash id;
    sb_record_set_bytes(&args, SB_FIELD_TO, sb_list_bytes(&bench->to));
    sb_record_set_text(&args, SB_FIELD_TITLE, "Snöoväder");
    sb_record_set_text(&args, SB_FIELD_TEXT, "Kraftigt snöfall");
    uint64_t began_ns = figures_now_ns();
    if (!asker_ask(&bench->asker, "inform", &args, &bench->asked, why)
        || !asked_row(&bench->asked, &row) || !sb_record_hash(&row, SB_FIELD_ID, &id)
        || !watch_event(&bench->watch, &id, why)) {
        return false;
    }
    rogue_leave_out(bench);
    if (bench->watch.count == 0) {
        (void)sb_why_set(why, SB_ERR_MISSING, "there is no honest agent");
        return false;
    }
    while (!watch_all_hold(&bench->watch)) {
        if (figures_now_ns() - began_ns > EVENT_WAIT_MS * 1000000ull) {
            (void)sb_why_set(why, SB_ERR_MISSING, "%zu of %zu honest agents had it in %d ms",
                             bench->watch.held, bench->watch.count, EVENT_WAIT_MS);
            return false;
        }
        figures_pause_us(LOOK_EVERY_US);
    }
    figures_add(figures, figures_now_ns() - began_ns);
    return true;
}

static bool block_run(struct bench *bench, bool loaded, struct sb_why *why)
{
    struct figures *figures = loaded ? &bench->loaded : &bench->quiet;
    if (kill(bench->rogue, loaded ? SIGCONT : SIGSTOP) != 0) {
        (void)sb_why_set(why, SB_ERR_MISSING, "the rogue is not there any more");
        return false;
    }
    figures_pause_us(SETTLE_US);
    for (unsigned long i = 0; i < bench->events; i++) {
        if (!event_run(bench, figures, why)) {
            return false;
        }
        figures_pause_us(BETWEEN_US);
    }
    return true;
}

static bool blocks_run(struct bench *bench, struct sb_why *why)
{
    struct figures warm_up = {0};
    bool good = event_run(bench, &warm_up, why);
    figures_finish(&warm_up);
    for (unsigned long i = 0; good && i < bench->blocks; i++) {
        good = block_run(bench, i % 2 == 0, why) && block_run(bench, i % 2 != 0, why);
    }
    (void)kill(bench->rogue, SIGCONT);
    return good;
}

static bool bench_run(struct bench *bench, struct sb_why *why)
{
    if (!asker_open(&bench->asker, bench->profile, EVENT_WAIT_MS, why)) {
        return false;
    }
    bool good = watch_open(&bench->watch, bench->store, why);
    if (good) {
        asked_init(&bench->asked);
        good = blocks_run(bench, why);
        asked_finish(&bench->asked);
        watch_close(&bench->watch);
    }
    asker_close(&bench->asker);
    if (good) { /* one line a time, so that blocks of many runs can be put together */
        const struct figures *both[] = {&bench->quiet, &bench->loaded};
        for (size_t which = 0; which < 2; which++) {
            for (size_t i = 0; i < both[which]->count; i++) {
                (void)printf("%s %llu\n", which == 0 ? "quiet" : "loaded",
                             (unsigned long long)(both[which]->ns[i] / 1000));
            }
        }
    }
    figures_finish(&bench->quiet);
    figures_finish(&bench->loaded);
    return good;
}

static bool options_read(int argc, char **argv, struct bench *bench)
{
    static const struct option options[] = {{"profile", required_argument, NULL, 'p'},
                                            {"store", required_argument, NULL, 's'},
                                            {"rogue", required_argument, NULL, 'r'},
                                            {"rogue-agent", required_argument, NULL, 'a'},
                                            {"blocks", required_argument, NULL, 'b'},
                                            {"events", required_argument, NULL, 'e'},
                                            {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'p': bench->profile = optarg; break;
        case 's': bench->store = optarg; break;
        case 'r': bench->rogue = (pid_t)strtol(optarg, NULL, 10); break;
        case 'a': bench->rogue_agent = sb_name(optarg); break;
        case 'b': bench->blocks = strtoul(optarg, NULL, 10); break;
        case 'e': bench->events = strtoul(optarg, NULL, 10); break;
        default: return false;
        }
    }
    for (int i = optind; i < argc; i++) {
        sb_list_add(&bench->to, sb_bytes_str(argv[i]));
    }
    return bench->profile != NULL && bench->store != NULL && bench->rogue > 1
           && bench->to.count > 0;
}

int main(int argc, char **argv)
{
    struct bench *bench = sb_alloc(1, sizeof *bench);
    struct sb_why why = {0};
    bench->blocks = 2;
    bench->events = 10;
    sb_list_init(&bench->to);
    bool used = options_read(argc, argv, bench);
    bool good = used && bench_run(bench, &why);
    if (!used) {
        (void)fputs("usage: sb_honest --profile FOLDER --store FOLDER --rogue-agent NAME --rogue "
                    "PID [--blocks N] [--events N] TO…\n",
                    stderr);
    } else if (!good) {
        (void)fprintf(stderr, "sb_honest: %s\n", why.text);
    }
    sb_list_finish(&bench->to);
    free(bench);
    return !used ? 2 : good ? 0 : 1;
}
