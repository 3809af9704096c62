/* loop.c: the loop itself: makes it, waits, hands out events one by one. What a socket is, is
 * sockets.c's; what a message is, messages.c's. */
#define _GNU_SOURCE
#include "loop_inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libzmq draws the spread of its reconnects from rand() and seeds it never, czmq seeds it with the
 * second of the start: without this all agents come back in step. */
static void spread_seed(void)
{
    struct sb_entropy entropy;
    sb_loop_entropy(&entropy);
    unsigned seed;
    memcpy(&seed, entropy.seed, sizeof seed);
    srand(seed);
}

struct sb_loop *sb_loop_new(void)
{
    struct sb_loop *loop = sb_alloc(1, sizeof *loop);
    sb_signals_begin(loop);
    zsys_handler_set(NULL);
    SB_ASSERT(zsys_init() != NULL);
    zsys_set_logstream(stderr);
    spread_seed();
    loop->watched_fd = -1;
    zmq_msg_init(&loop->current);
    sb_clock_begin(loop);
    return loop;
}

void sb_loop_destroy(struct sb_loop *loop)
{
    if (!loop) {
        return;
    }
    zmq_msg_close(&loop->current);
    for (size_t i = 0; i < SB_PORT_COUNT; i++) {
        sb_loop_port_close(&loop->ports[i]);
    }
    sb_zap_close(loop);
    sb_signals_end(loop);
    free(loop->gone);
    free(loop);
}

void sb_loop_watch(struct sb_loop *loop, int fd)
{
    loop->watched_fd = fd;
}

/* What zmq_poll looks at: signals (always the first), the daemon's own descriptor, ZAP, the
 * sockets. */
struct watch {
    zmq_pollitem_t items[3 + SB_PORT_COUNT];
    int count;
    int zap;                  /* index of it, -1 where there is none */
    int ports[SB_PORT_COUNT]; /* likewise */
};

static int watch_add(struct watch *watch, void *socket, int fd, short events)
{
    watch->items[watch->count] = (zmq_pollitem_t){.socket = socket, .fd = fd, .events = events};
    return watch->count++;
}

static void watch_fill(struct watch *watch, struct sb_loop *loop)
{
    *watch = (struct watch){.zap = -1};
    (void)watch_add(watch, NULL, loop->signal_fd, ZMQ_POLLIN);
    if (loop->watched_fd >= 0) {
        (void)watch_add(watch, NULL, loop->watched_fd, ZMQ_POLLIN);
    }
    if (loop->zap) {
        watch->zap = watch_add(watch, zsock_resolve(loop->zap), -1, ZMQ_POLLIN);
    }
    for (size_t i = 0; i < SB_PORT_COUNT; i++) {
        const struct sb_loop_port *port = &loop->ports[i];
        short events = port->has_held ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN;
        watch->ports[i] =
            port->socket ? watch_add(watch, zsock_resolve(port->socket), -1, events) : -1;
    }
}

/* Does the loop's own work; true where something is left for the daemon. */
static bool watch_serve(struct watch *watch, struct sb_loop *loop)
{
    bool for_daemon = false;
    loop->signal_waits = watch->items[0].revents != 0;
    for (int i = 0; i < watch->count; i++) {
        if (i != watch->zap && (watch->items[i].revents & ~ZMQ_POLLOUT) != 0) {
            for_daemon = true;
        }
    }
    if (watch->zap >= 0 && watch->items[watch->zap].revents != 0) {
        sb_zap_answer(loop);
    }
    for (size_t i = 0; i < SB_PORT_COUNT; i++) {
        if (watch->ports[i] >= 0 && (watch->items[watch->ports[i]].revents & ZMQ_POLLOUT) != 0) {
            sb_loop_held_send(&loop->ports[i]);
        }
    }
    return for_daemon;
}

void sb_loop_wait(struct sb_loop *loop, uint64_t deadline_ms)
{
    sb_clock_refresh(loop);
    uint64_t end = loop->now.mono_ms + SB_TICK_MAX_MS;
    if (deadline_ms < end) {
        end = deadline_ms;
    }
    if (loop->gone_taken < loop->gone_count) {
        end = 0;
    }
    bool for_daemon = false;
    do {
        uint64_t left = end > loop->now.mono_ms ? end - loop->now.mono_ms : 0;
        struct watch watch;
        watch_fill(&watch, loop);
        int ready = zmq_poll(watch.items, watch.count, (long)left);
        if (ready > 0) {
            for_daemon = watch_serve(&watch, loop);
        }
        sb_clock_refresh(loop);
    } while (!for_daemon && loop->now.mono_ms < end);
}

static bool gone_take(struct sb_loop *loop, struct sb_loop_event *ret_event)
{
    if (loop->gone_taken == loop->gone_count) {
        loop->gone_taken = loop->gone_count = 0;
        return false;
    }
    const struct sb_loop_gone *gone = &loop->gone[loop->gone_taken++];
    *ret_event = (struct sb_loop_event){.kind = SB_LOOP_GONE, .port = gone->port, .from = gone->to};
    return true;
}

bool sb_loop_next(struct sb_loop *loop, struct sb_loop_event *ret_event)
{
    return sb_signals_take(loop, ret_event) || gone_take(loop, ret_event)
           || sb_loop_message_take(loop, ret_event);
}
