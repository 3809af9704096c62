/* strangers.c: counts the connections to a CURVE socket that never come as far as a key, from what
 * libzmq's monitor of the socket reports. It decides nothing about a connection: the monitor's word
 * comes late and names nobody.
 *
 * libzmq 4.3.4 sends a report by a call that waits while the monitor's queue is full, on the thread
 * that serves all connections. The loop may be away for as long as a disk takes, so a thread of its
 * own, which waits for nothing else, takes the reports and keeps sums. */
#define _GNU_SOURCE
#include "loop_inner.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define REPORTS_PER_LOOK 256  /* then the loop is looked after: it may want to end */
#define TICK_MS          1000 /* of the ages below */
/* Ticks after which a handshake has ended in some way: it may take ten seconds, and the thread that
 * ends it may be behind. */
#define SETTLED_TICKS  20
#define ADDRESSES_KEPT 16 /* an address of more than one connection in 17 is among them */

struct address {
    char text[SB_ADDRESS_SIZE];
    uint64_t connections; /* at least */
};

struct watcher {
    zsock_t *pipe, *monitor;
    uint64_t accepted[SETTLED_TICKS]; /* by tick, modulo; this tick's at `tick` */
    size_t tick;
    uint64_t ticked_ms;
    uint64_t settled; /* accepted before all of those */
    uint64_t ended;   /* handshakes of which libzmq said how they ended */
    uint64_t foreign; /* told so far */
    struct sb_loop_strangers untold;
    struct address address[ADDRESSES_KEPT];
};

/* One tick a look, and what is over two is not caught up on: after the process stood still nobody
 * is older than he was. */
static void ages_advance(struct watcher *watcher)
{
    const uint64_t now_ms = (uint64_t)zclock_mono();
    const uint64_t passed_ms = now_ms - watcher->ticked_ms;
    if (passed_ms < TICK_MS) {
        return;
    }
    watcher->ticked_ms = passed_ms < 2 * TICK_MS ? watcher->ticked_ms + TICK_MS : now_ms;
    watcher->tick = (watcher->tick + 1) % SETTLED_TICKS;
    watcher->settled += watcher->accepted[watcher->tick];
    watcher->accepted[watcher->tick] = 0;
}

/* Where there is no room for a new one, every one loses one: who comes often stays. */
static void address_count(struct watcher *watcher, int fd)
{
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    char text[SB_ADDRESS_SIZE];
    struct address *room = NULL;
    if (getpeername(fd, (struct sockaddr *)&peer, &size) != 0
        || getnameinfo((struct sockaddr *)&peer, size, text, sizeof text, NULL, 0, NI_NUMERICHOST)
               != 0) {
        return; /* gone already */
    }
    for (size_t i = 0; i < ADDRESSES_KEPT; i++) {
        struct address *address = &watcher->address[i];
        if (address->connections > 0 && strcmp(address->text, text) == 0) {
            address->connections++;
            return;
        }
        room = address->connections == 0 ? address : room;
    }
    if (room != NULL) {
        memcpy(room->text, text, sizeof text);
        room->connections = 1;
        return;
    }
    for (size_t i = 0; i < ADDRESSES_KEPT; i++) {
        watcher->address[i].connections--;
    }
}

static void report_count(struct watcher *watcher, unsigned event, unsigned value)
{
    switch (event) {
    case ZMQ_EVENT_ACCEPTED:
        watcher->accepted[watcher->tick]++;
        address_count(watcher, (int)value);
        break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: /* a key: ZAP counts it */ watcher->ended++; break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        watcher->ended++;
        watcher->untold.unfinished++;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        watcher->ended++;
        watcher->untold.false_handshake++;
        break;
    default: break;
    }
}

/* A report has two frames: what and a value, then our own address. */
static void reports_take(struct watcher *watcher)
{
    void *from = zsock_resolve(watcher->monitor);
    for (unsigned n = 0; n < REPORTS_PER_LOOK; n++) {
        uint8_t frame[6];
        uint8_t endpoint[SB_LOOP_ENDPOINT_SIZE_MAX];
        uint16_t event;
        uint32_t value;
        if (zmq_recv(from, frame, sizeof frame, ZMQ_DONTWAIT) != (int)sizeof frame) {
            return;
        }
        memcpy(&event, frame, sizeof event);
        memcpy(&value, frame + sizeof event, sizeof value);
        report_count(watcher, event, value);
        if (zsock_rcvmore(watcher->monitor)) {
            (void)zmq_recv(from, endpoint, sizeof endpoint, ZMQ_DONTWAIT);
        }
    }
}

/* Who was accepted long ago, and of whose handshake libzmq never said anything, broke off before
 * there was one. Whoever came since and succeeded hides as many, until those are as old. */
static void answer(struct watcher *watcher)
{
    if (watcher->settled > watcher->ended + watcher->foreign) {
        watcher->untold.foreign = watcher->settled - watcher->ended - watcher->foreign;
        watcher->foreign += watcher->untold.foreign;
    }
    for (size_t i = 0; i < ADDRESSES_KEPT; i++) {
        const struct address *address = &watcher->address[i];
        if (address->connections > watcher->untold.from_connections) {
            watcher->untold.from_connections = address->connections;
            memcpy(watcher->untold.from, address->text, sizeof address->text);
        }
    }
    (void)zmq_send(zsock_resolve(watcher->pipe), &watcher->untold, sizeof watcher->untold, 0);
    memset(&watcher->untold, 0, sizeof watcher->untold);
    memset(watcher->address, 0, sizeof watcher->address);
}

/* The thread. Its pipe says one byte to ask it; more is czmq's word to end. */
static void watch_run(zsock_t *pipe, void *monitor)
{
    struct watcher *watcher = sb_alloc(1, sizeof *watcher);
    watcher->pipe = pipe;
    watcher->monitor = monitor;
    watcher->ticked_ms = (uint64_t)zclock_mono();
    (void)zsock_signal(pipe, 0);
    for (;;) {
        zmq_pollitem_t items[] = {{.socket = zsock_resolve(pipe), .events = ZMQ_POLLIN},
                                  {.socket = zsock_resolve(monitor), .events = ZMQ_POLLIN}};
        (void)zmq_poll(items, 2, TICK_MS);
        ages_advance(watcher);
        reports_take(watcher);
        char asked[8];
        if ((items[0].revents & ZMQ_POLLIN) == 0) {
            continue;
        }
        if (zmq_recv(zsock_resolve(pipe), asked, sizeof asked, ZMQ_DONTWAIT) != 1) {
            break;
        }
        answer(watcher);
    }
    free(watcher);
}

void sb_strangers_open(struct sb_loop_port *port)
{
    char endpoint[64];
    (void)snprintf(endpoint, sizeof endpoint, "inproc://strangers-%p", (void *)port->socket);
    SB_ASSERT(zmq_socket_monitor(zsock_resolve(port->socket), endpoint,
                                 ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED
                                     | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
                                     | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
                                     | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL)
              == 0);
    port->monitor = zsock_new(ZMQ_PAIR);
    SB_ASSERT(port->monitor);
    zsock_set_linger(port->monitor, 0);
    SB_ASSERT(zmq_connect(zsock_resolve(port->monitor), endpoint) == 0);
    port->strangers = zactor_new(watch_run, port->monitor);
    SB_ASSERT(port->strangers);
}

/* The reports end first: one that nobody takes would hold libzmq's thread for ever. */
void sb_strangers_close(struct sb_loop_port *port)
{
    if (port->strangers) {
        (void)zmq_socket_monitor(zsock_resolve(port->socket), NULL, 0);
        zactor_destroy(&port->strangers);
        zsock_destroy(&port->monitor);
    }
}

void sb_loop_strangers(struct sb_loop *loop, struct sb_loop_strangers *ret_strangers)
{
    memset(ret_strangers, 0, sizeof *ret_strangers);
    for (size_t i = 0; i < SB_PORT_COUNT; i++) {
        struct sb_loop_strangers of_port;
        void *thread = loop->ports[i].strangers ? zsock_resolve(loop->ports[i].strangers) : NULL;
        if (thread == NULL) {
            continue;
        }
        SB_ASSERT(zmq_send(thread, "?", 1, 0) == 1);
        SB_ASSERT(zmq_recv(thread, &of_port, sizeof of_port, 0) == (int)sizeof of_port);
        ret_strangers->unfinished += of_port.unfinished;
        ret_strangers->false_handshake += of_port.false_handshake;
        ret_strangers->foreign += of_port.foreign;
        if (of_port.from_connections > ret_strangers->from_connections) {
            ret_strangers->from_connections = of_port.from_connections;
            memcpy(ret_strangers->from, of_port.from, sizeof of_port.from);
        }
    }
}
