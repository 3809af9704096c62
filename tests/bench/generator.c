/* generator.c: bench_generator ROSTER|- STATE…: one process that is the agent of every STATE (a
 * folder that "samband-agent join" made): the agent's core over a store in memory, or with "-" only
 * its link, which stores, receipts and proves, and judges and rings nobody; one CURVE connection
 * each, all in one poll. So the broker does all that it does for real agents, and nobody waits for
 * their disks. On SIGTERM or SIGINT it reads from stdin how many events there were, and checks that
 * every store is sound and holds each of them once. */
#define _GNU_SOURCE
#include "agent_keys.h"
#include "copies.h"
#include "roster_file.h"
#include "samband/keyfiles.h"
#include "samband/store.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <zmq.h>

#define CONTEXT_SOCKETS 4096
#define NO_WAIT_MS      1000

struct voice {
    struct sb_agent_config config;
    struct sb_agent_keys keys;
    struct sb_store *store;
    struct sb_agent *core; /* NULL: the link alone */
    struct sb_link *link;  /* NULL: the core has its own */
    void *socket;
    struct sb_effects effects;
    uint64_t deadline_ms;
    bool rebuilt;
};

struct choir {
    void *context;
    bool links_only;
    struct sb_roster *roster;
    struct voice *voice;
    zmq_pollitem_t *item; /* one a voice, then the signals */
    size_t count;
};

static uint64_t clock_ms(clockid_t which)
{
    struct timespec now;
    (void)clock_gettime(which, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static struct sb_now now_read(void)
{
    return (struct sb_now){.mono_ms = clock_ms(CLOCK_BOOTTIME),
                           .wall_ms = clock_ms(CLOCK_REALTIME)};
}

/* As the loop's own sockets on the link (proto/loop/sockets.c), as far as it matters here. */
static void voice_connect(struct choir *choir, struct voice *voice)
{
    const int linger = 0;
    const int immediate = 1;
    const int queue = 4096;
    struct sb_public_key own;
    if (voice->socket != NULL) {
        (void)zmq_close(voice->socket);
    }
    voice->socket = zmq_socket(choir->context, ZMQ_DEALER);
    SB_ASSERT(voice->socket != NULL);
    sb_curve_public(voice->keys.curve_secret, &own);
    const struct {
        int option;
        const void *value;
        size_t size;
    } options[] = {
        {ZMQ_LINGER, &linger, sizeof linger},
        {ZMQ_IMMEDIATE, &immediate, sizeof immediate},
        {ZMQ_SNDHWM, &queue, sizeof queue},
        {ZMQ_RCVHWM, &queue, sizeof queue},
        {ZMQ_CURVE_SERVERKEY, voice->keys.server.at, SB_KEY_SIZE},
        {ZMQ_CURVE_PUBLICKEY, own.at, SB_KEY_SIZE},
        {ZMQ_CURVE_SECRETKEY, voice->keys.curve_secret, SB_KEY_SIZE},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        SB_ASSERT(
            zmq_setsockopt(voice->socket, options[i].option, options[i].value, options[i].size)
            == 0);
    }
    SB_ASSERT(zmq_connect(voice->socket, voice->keys.endpoint) == 0);
    choir->item[voice - choir->voice] =
        (zmq_pollitem_t){.socket = voice->socket, .events = ZMQ_POLLIN};
}

/* Effects but those of the link have nobody here to go to: there is no channel and no operator. A
 * greeting that finds no connection yet is made again by the core. */
static void voice_carry_out(struct choir *choir, struct voice *voice)
{
    bool rebuild = false;
    for (size_t i = 0; i < voice->effects.count; i++) {
        const struct sb_effect *effect = &voice->effects.at[i];
        if (effect->kind == SB_EFFECT_SEND) {
            (void)zmq_send(voice->socket, effect->bytes.at, effect->bytes.size, ZMQ_DONTWAIT);
        }
        rebuild = rebuild || effect->kind == SB_EFFECT_REBUILD;
    }
    sb_effects_clear(&voice->effects);
    if (rebuild) {
        voice_connect(choir, voice);
        voice->rebuilt = true;
        voice->deadline_ms = 0;
    }
}

/* What a turn's steps need. */
struct turn {
    struct sb_txn *txn;
    struct sb_now now;
    struct sb_entropy entropy;
};

static struct sb_link_turn link_turn_of(struct voice *voice, struct turn *turn)
{
    return (struct sb_link_turn){voice->link, turn->txn, turn->now, &turn->entropy,
                                 &voice->effects};
}

static void core_input(struct voice *voice, struct turn *turn, enum sb_agent_input_kind kind,
                       struct sb_bytes bytes)
{
    struct sb_agent_input input = {.kind = kind, .bytes = bytes};
    sb_agent_step(voice->core, turn->txn, &input, turn->now, &turn->entropy, &voice->effects);
}

/* What a frame brought is stored and will be receipted; nobody judges it. */
static void link_input(struct voice *voice, struct turn *turn, struct sb_bytes bytes)
{
    const struct sb_link_turn link = link_turn_of(voice, turn);
    struct sb_arrivals arrivals = {.count = 0};
    struct sb_why why = {0};
    struct sb_frame frame;
    enum sb_err err = sb_frame_read(bytes, &frame, &why);
    if (err == SB_ERR_OK) {
        err = sb_link_on_frame(&link, &frame, &arrivals, &why);
    }
    if (err != SB_ERR_OK) {
        (void)fprintf(stderr, "bench_generator: %s: %s\n", voice->config.agent.text, why.text);
    }
}

static void voice_frames(struct voice *voice, struct turn *turn)
{
    zmq_msg_t frame;
    (void)zmq_msg_init(&frame);
    for (unsigned n = 0;
         n < SB_TURN_INPUTS_MAX && zmq_msg_recv(&frame, voice->socket, ZMQ_DONTWAIT) >= 0; n++) {
        struct sb_bytes bytes = sb_bytes(zmq_msg_data(&frame), zmq_msg_size(&frame));
        if (voice->core != NULL) {
            core_input(voice, turn, SB_AGENT_FRAME, bytes);
        } else {
            link_input(voice, turn, bytes);
        }
    }
    (void)zmq_msg_close(&frame);
}

static void core_turn(struct voice *voice, struct turn *turn, bool first)
{
    if (first || voice->rebuilt) {
        core_input(voice, turn, first ? SB_AGENT_START : SB_AGENT_REBUILT, sb_bytes(NULL, 0));
    }
    voice_frames(voice, turn);
    sb_agent_flush(voice->core, turn->txn, turn->now, &turn->entropy, &voice->effects);
    voice->deadline_ms = sb_agent_deadline_ms(voice->core, turn->txn);
}

static void link_turn(struct voice *voice, struct turn *turn, bool first)
{
    const struct sb_link_turn link = link_turn_of(voice, turn);
    if (first || voice->rebuilt) {
        sb_link_open(&link);
    }
    voice_frames(voice, turn);
    sb_link_pump(&link);
    voice->deadline_ms = sb_link_deadline_ms(voice->link);
}

/* One turn, as agent/shell.c's. `first`: the start. */
static void voice_turn(struct choir *choir, struct voice *voice, bool first)
{
    struct sb_why why = {0};
    struct turn turn = {.txn = sb_store_begin(voice->store, &why), .now = now_read()};
    SB_ASSERT(turn.txn != NULL);
    sb_keyfile_random(turn.entropy.seed, sizeof turn.entropy.seed);
    if (voice->core != NULL) {
        core_turn(voice, &turn, first);
    } else {
        link_turn(voice, &turn, first);
    }
    voice->rebuilt = false;
    SB_ASSERT(sb_store_commit(voice->store, turn.txn, &why) == SB_ERR_OK);
    voice_carry_out(choir, voice);
}

static long wait_ms(const struct choir *choir, uint64_t now_ms)
{
    uint64_t soonest = now_ms + NO_WAIT_MS;
    for (size_t i = 0; i < choir->count; i++) {
        if (choir->voice[i].deadline_ms < soonest) {
            soonest = choir->voice[i].deadline_ms;
        }
    }
    return soonest > now_ms ? (long)(soonest - now_ms) : 0;
}

static void choir_run(struct choir *choir)
{
    const zmq_pollitem_t *signals = &choir->item[choir->count];
    for (size_t i = 0; i < choir->count; i++) {
        voice_turn(choir, &choir->voice[i], true);
    }
    while (signals->revents == 0) {
        int ready =
            zmq_poll(choir->item, (int)choir->count + 1, wait_ms(choir, clock_ms(CLOCK_BOOTTIME)));
        SB_ASSERT(ready >= 0 || errno == EINTR);
        uint64_t now_ms = clock_ms(CLOCK_BOOTTIME);
        for (size_t i = 0; i < choir->count; i++) {
            if (choir->item[i].revents != 0 || choir->voice[i].deadline_ms <= now_ms) {
                voice_turn(choir, &choir->voice[i], false);
            }
        }
    }
}

static bool voice_open(struct choir *choir, struct voice *voice, const char *state,
                       struct sb_why *why)
{
    voice->config.roster = choir->roster;
    if (sb_agent_keys_load(state, clock_ms(CLOCK_REALTIME), &voice->keys, &voice->config, why)
        != SB_ERR_OK) {
        return false;
    }
    voice->store = sb_store_open_memory();
    if (choir->links_only) {
        struct sb_link_config link = {.end = SB_LINK_AGENT,
                                      .agent = voice->config.agent,
                                      .orgs = voice->config.org,
                                      .org_count = voice->config.org_count,
                                      .machine = &voice->config.machine};
        voice->link = sb_link_new(&link);
    } else {
        voice->core = sb_agent_new(&voice->config);
    }
    sb_effects_init(&voice->effects);
    voice->effects.untraced = true; /* as a daemon */
    voice_connect(choir, voice);
    return true;
}

static void voice_close(struct voice *voice)
{
    if (voice->socket != NULL) {
        (void)zmq_close(voice->socket);
        sb_effects_finish(&voice->effects);
        sb_agent_destroy(voice->core);
        sb_link_destroy(voice->link);
        sb_store_close(voice->store);
    }
    sb_agent_keys_finish(&voice->keys, &voice->config);
}

static int signals_open(void)
{
    sigset_t ours;
    (void)sigemptyset(&ours);
    (void)sigaddset(&ours, SIGTERM);
    (void)sigaddset(&ours, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &ours, NULL);
    return signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC);
}

static bool stores_check(struct choir *choir, unsigned long events)
{
    bool good = true;
    for (size_t i = 0; i < choir->count; i++) {
        struct voice *voice = &choir->voice[i];
        struct sb_why why = {0};
        if (!copies_check(voice->store, &voice->config.root, events, &why)) {
            (void)fprintf(stderr, "bench_generator: %s: %s\n", voice->config.agent.text, why.text);
            good = false;
        }
    }
    return good;
}

/* The number of events is asked for on stdin at the end: only who sent them knows it. */
static int choir_end(struct choir *choir)
{
    char line[32] = "";
    if (fgets(line, sizeof line, stdin) == NULL) {
        (void)fputs("bench_generator: no number of events on stdin\n", stderr);
        return 1;
    }
    bool good = stores_check(choir, strtoul(line, NULL, 10));
    if (good) {
        (void)printf("stores=%zu\n", choir->count);
    }
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct sb_why why = {0};
    if (argc < 3) {
        (void)fputs("usage: bench_generator ROSTER|- STATE… <EVENTS\n", stderr);
        return 2;
    }
    struct choir choir = {.count = (size_t)argc - 2, .links_only = strcmp(argv[1], "-") == 0};
    choir.voice = sb_alloc(choir.count, sizeof *choir.voice);
    choir.item = sb_alloc(choir.count + 1, sizeof *choir.item);
    choir.item[choir.count] = (zmq_pollitem_t){.fd = signals_open(), .events = ZMQ_POLLIN};
    choir.roster = choir.links_only ? NULL : sb_roster_file_load(argv[1], &why);
    choir.context = zmq_ctx_new();
    (void)zmq_ctx_set(choir.context, ZMQ_MAX_SOCKETS, CONTEXT_SOCKETS);
    bool good = choir.links_only || choir.roster != NULL;
    for (size_t i = 0; good && i < choir.count; i++) {
        good = voice_open(&choir, &choir.voice[i], argv[i + 2], &why);
    }
    int exit = 1;
    if (good) {
        choir_run(&choir);
        exit = choir_end(&choir);
    } else {
        (void)fprintf(stderr, "bench_generator: %s\n", why.text);
    }
    for (size_t i = 0; i < choir.count; i++) {
        voice_close(&choir.voice[i]);
    }
    (void)zmq_ctx_term(choir.context);
    free(choir.roster);
    free(choir.item);
    free(choir.voice);
    return exit;
}
