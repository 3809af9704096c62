/* latency.c: bench_latency --profile FOLDER --store FOLDER --orgs NUMBER [--rounds N] [--pause MS]
 * [--asks PIPE --answers PIPE] TO…: as an operator informs TO, and measures from the order to the
 * moment at which the receipts of all the organisations are durable at the broker. A round's end is
 * seen in the broker's store, in which a reader sees only what is committed and synced. With the
 * pipes each round comes after one of another program's (beside.h), and a pause. */
#define _DEFAULT_SOURCE /* getopt_long */
#include "ask.h"
#include "beside.h"
#include "figures.h"
#include "watch.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define WARM_UP_ROUNDS  3 /* not counted; the first waits for every agent to be connected */
#define WARM_UP_WAIT_MS 60000
#define ROUND_WAIT_MS   10000
#define ASK_WAIT_MS     5000
#define OTHER_WAIT_MS   15000
#define PROVEN_EVERY_US 100000

/* How often the store is looked at: by so much a figure may be too high, and never too low. */
#define LOOK_EVERY_US 100

struct bench {
    const char *profile, *store, *asks, *answers; /* the pipes: NULL for none */
    struct beside beside;
    unsigned long orgs, rounds, pause_ms;
    struct sb_list_writer to;
    struct asker asker;
    struct asked asked;
    struct watch watch;
    struct figures whole;     /* order → receipts of all durable */
    struct figures committed; /* order → the event durable at the broker and answered */
};

static bool inform(struct bench *bench, struct sb_hash *ret_id, struct sb_why *why)
{
    static const char text[] =
        "Kraftigt snöfall med drivbildning väntas i hela länet från klockan fyra. "
        "Kollektivtrafiken "
        "minskar turtätheten och hemtjänsten behöver framkomliga vägar. Se över bemanningen, och "
        "lämna egen lägesbild före klockan sex.";
    struct sb_record args = {0};
    struct sb_record row;
    sb_record_set_bytes(&args, SB_FIELD_TO, sb_list_bytes(&bench->to));
    sb_record_set_text(&args, SB_FIELD_TITLE, "Snöoväder över Stockholms län");
    sb_record_set_text(&args, SB_FIELD_TEXT, text);
    return asker_ask(&bench->asker, "inform", &args, &bench->asked, why)
           && asked_row(&bench->asked, &row) && sb_record_hash(&row, SB_FIELD_ID, ret_id);
}

/* One event; true where all hold it within the time. */
static bool round_run(struct bench *bench, uint64_t wait_ms, struct sb_why *why)
{
    struct sb_hash id;
    uint64_t began_ns = figures_now_ns();
    if (!inform(bench, &id, why)) {
        return false;
    }
    uint64_t committed_ns = figures_now_ns();
    if (!watch_event(&bench->watch, &id, why)) {
        return false;
    }
    while (!watch_all_hold(&bench->watch)) {
        if (figures_now_ns() - began_ns > wait_ms * 1000000) {
            (void)sb_why_set(why, SB_ERR_MISSING, "%zu of %lu receipts were durable within %llu ms",
                             bench->watch.held, bench->orgs, (unsigned long long)wait_ms);
            return false;
        }
        figures_pause_us(LOOK_EVERY_US);
    }
    uint64_t now_ns = figures_now_ns();
    if (bench->watch.count != bench->orgs) {
        (void)sb_why_set(why, SB_ERR_MISSING, "the broker has %zu agents' streams, not %lu",
                         bench->watch.count, bench->orgs);
        return false;
    }
    figures_add(&bench->whole, now_ns - began_ns);
    figures_add(&bench->committed, committed_ns - began_ns);
    return true;
}

/* The seats of the newest event on the board, and how many of them are stored, and proven. */
struct board {
    unsigned long seats, stored, proven;
};

static bool board_read(struct bench *bench, struct board *ret_board, struct sb_why *why)
{
    struct sb_record none = {0};
    struct sb_record row = {0};
    struct board board = {0};
    if (!asker_ask(&bench->asker, "status", &none, &bench->asked, why)) {
        return false;
    }
    struct sb_row_reader reader = sb_rows_read(sb_buf_bytes(&bench->asked.rows));
    while (sb_rows_next(&reader, &row)) {
        if (sb_record_has(&row, SB_FIELD_SEAT)) {
            board.seats++;
            board.stored += sb_record_number(&row, SB_FIELD_STORED_AT) != 0 ? 1u : 0u;
            board.proven += sb_record_number(&row, SB_FIELD_PROVEN_AT) != 0 ? 1u : 0u;
        }
        sb_record_clear(&row);
    }
    *ret_board = board;
    return true;
}

/* The board is another way to the same answer: every seat of the newest event is stored. Ends when
 * every one is proven too: then no agent has anything of the events left to do. */
static bool board_check(struct bench *bench, unsigned long *ret_seats, struct sb_why *why)
{
    struct board board = {0};
    uint64_t began_ns = figures_now_ns();
    if (!board_read(bench, &board, why)) {
        return false;
    }
    if (board.seats < bench->orgs || board.stored < board.seats) {
        (void)sb_why_set(why, SB_ERR_MISSING, "the board shows a seat that is not stored");
        return false;
    }
    while (board.proven < board.seats) {
        if (figures_now_ns() - began_ns > ROUND_WAIT_MS * 1000000ull) {
            (void)sb_why_set(why, SB_ERR_MISSING, "%lu of %lu seats were proven within %d ms",
                             board.proven, board.seats, ROUND_WAIT_MS);
            return false;
        }
        figures_pause_us(PROVEN_EVERY_US);
        if (!board_read(bench, &board, why)) {
            return false;
        }
    }
    *ret_seats = board.seats;
    return true;
}

static bool warm_up(struct bench *bench, struct sb_why *why)
{
    for (unsigned i = 0; i < WARM_UP_ROUNDS; i++) {
        if (!round_run(bench, WARM_UP_WAIT_MS, why)) {
            return false;
        }
        figures_pause_us(1000 * bench->pause_ms);
    }
    figures_finish(&bench->whole);
    figures_finish(&bench->committed);
    return true;
}

static bool other_round(struct bench *bench, struct sb_why *why)
{
    if (bench->asks == NULL) {
        return true;
    }
    if (!beside_ask(&bench->beside, OTHER_WAIT_MS)) {
        (void)sb_why_set(why, SB_ERR_MISSING, "the other program's round did not end in %d ms",
                         OTHER_WAIT_MS);
        return false;
    }
    figures_pause_us(1000 * bench->pause_ms);
    return true;
}

static bool measure(struct bench *bench, struct sb_why *why)
{
    for (unsigned long i = 0; i < bench->rounds; i++) {
        if (!other_round(bench, why) || !round_run(bench, ROUND_WAIT_MS, why)) {
            return false;
        }
        figures_pause_us(1000 * bench->pause_ms);
    }
    return true;
}

static bool bench_run(struct bench *bench, struct sb_why *why)
{
    unsigned long seats = 0;
    if (bench->asks != NULL && !beside_open(&bench->beside, bench->asks, bench->answers)) {
        (void)sb_why_set(why, SB_ERR_IO, "the pipes cannot be opened");
        return false;
    }
    if (!asker_open(&bench->asker, bench->profile, ASK_WAIT_MS, why)) {
        return false;
    }
    if (!watch_open(&bench->watch, bench->store, why)) {
        asker_close(&bench->asker);
        return false;
    }
    asked_init(&bench->asked);
    bool good = warm_up(bench, why) && measure(bench, why) && board_check(bench, &seats, why);
    if (good) {
        figures_print(&bench->whole, "whole");
        figures_print(&bench->committed, "committed");
        (void)printf("rounds=%lu\norganisations=%lu\nseats=%lu\nevents=%lu\nwarm_up=%d\n",
                     bench->rounds, bench->orgs, seats, bench->rounds + WARM_UP_ROUNDS,
                     WARM_UP_ROUNDS);
    }
    asked_finish(&bench->asked);
    watch_close(&bench->watch);
    asker_close(&bench->asker);
    figures_finish(&bench->whole);
    figures_finish(&bench->committed);
    if (bench->asks != NULL) {
        beside_close(&bench->beside);
    }
    return good;
}

static bool options_read(int argc, char **argv, struct bench *bench)
{
    static const struct option options[] = {
        {"profile", required_argument, NULL, 'p'}, {"store", required_argument, NULL, 's'},
        {"orgs", required_argument, NULL, 'o'},    {"rounds", required_argument, NULL, 'r'},
        {"pause", required_argument, NULL, 'w'},   {"asks", required_argument, NULL, 'a'},
        {"answers", required_argument, NULL, 'b'}, {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'p': bench->profile = optarg; break;
        case 's': bench->store = optarg; break;
        case 'o': bench->orgs = strtoul(optarg, NULL, 10); break;
        case 'r': bench->rounds = strtoul(optarg, NULL, 10); break;
        case 'w': bench->pause_ms = strtoul(optarg, NULL, 10); break;
        case 'a': bench->asks = optarg; break;
        case 'b': bench->answers = optarg; break;
        default: return false;
        }
    }
    for (int i = optind; i < argc; i++) {
        sb_list_add(&bench->to, sb_bytes_str(argv[i]));
    }
    return bench->profile != NULL && bench->store != NULL && bench->orgs > 0 && bench->to.count > 0
           && (bench->asks == NULL) == (bench->answers == NULL);
}

int main(int argc, char **argv)
{
    struct bench bench = {.rounds = 300, .pause_ms = 300};
    struct sb_why why = {0};
    sb_list_init(&bench.to);
    if (!options_read(argc, argv, &bench)) {
        (void)fputs("usage: bench_latency --profile FOLDER --store FOLDER --orgs NUMBER "
                    "[--rounds N] [--pause MS] [--asks PIPE --answers PIPE] TO…\n",
                    stderr);
        return 2;
    }
    bool good = bench_run(&bench, &why);
    sb_list_finish(&bench.to);
    if (!good) {
        (void)fprintf(stderr, "bench_latency: %s\n", why.text);
        return 1;
    }
    return 0;
}
