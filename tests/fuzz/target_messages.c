/* target_messages.c: what the loop takes from a socket: messages of any number of frames and sizes,
 * from peers that name themselves or not, over ZeroMQ inside the process. Only a whole message of
 * one frame comes in, from a peer with a number; the rest is counted, and nothing is lost behind
 * it. */
#include "../../proto/loop/loop_inner.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEERS_MAX 4
#define SENDS_MAX 64

struct scene {
    struct sb_loop *loop;
    char endpoint[40]; /* one of its own: libzmq lets go of a name a little later */
    zsock_t *peer[PEERS_MAX];
    bool named[PEERS_MAX]; /* by itself: it is not heard */
    unsigned peers;
    unsigned wanted, sent, taken;
};

static void router_open(struct scene *scene)
{
    static unsigned scenes;
    struct sb_loop_port *port = &scene->loop->ports[SB_PORT_LINK];
    port->socket = zsock_new(ZMQ_ROUTER);
    SB_ASSERT(port->socket != NULL);
    port->is_router = true;
    zsock_set_router_mandatory(port->socket, 1);
    (void)snprintf(scene->endpoint, sizeof scene->endpoint, "inproc://fuzz-%u", scenes++);
    int bound = zsock_bind(port->socket, "%s", scene->endpoint);
    SB_ASSERT(bound >= 0);
}

/* [size, name]: a name that a peer gives itself; empty: none. */
static void peer_open(struct scene *scene, struct fuzz_input *input)
{
    struct sb_bytes name = fuzz_take(input, fuzz_byte(input) % 16);
    zsock_t *peer = zsock_new(ZMQ_DEALER);
    SB_ASSERT(peer != NULL);
    if (name.size > 0 && name.at[0] != 0) {
        (void)zmq_setsockopt(zsock_resolve(peer), ZMQ_ROUTING_ID, name.at, name.size);
        scene->named[scene->peers] = true;
    }
    zsock_set_linger(peer, 0);
    int connected = zsock_connect(peer, "%s", scene->endpoint);
    SB_ASSERT(connected == 0);
    scene->peer[scene->peers++] = peer;
}

/* Takes what has come in. */
static void take_all(struct scene *scene)
{
    struct sb_loop_event event;
    while (sb_loop_message_take(scene->loop, &event)) {
        SB_ASSERT(event.kind == SB_LOOP_MESSAGE && event.port == SB_PORT_LINK && event.from != 0);
        SB_ASSERT(event.bytes.size <= SB_FRAME_SIZE_HEARD_MAX);
        SB_ASSERT(strcmp(event.user.text, "local") == 0);
        scene->taken++;
        (void)sb_loop_send(scene->loop, SB_PORT_LINK, event.from, event.bytes);
    }
}

/* [peer, frames, and for each: how large, bytes] */
static void send_one(struct scene *scene, unsigned which, struct fuzz_input *input)
{
    static uint8_t large[SB_FRAME_SIZE_HEARD_MAX + 1];
    static const size_t sizes[] = {0, 1, SB_FRAME_SIZE_HEARD_MAX, SB_FRAME_SIZE_HEARD_MAX + 1};
    void *peer = zsock_resolve(scene->peer[which % scene->peers]);
    bool heard = !scene->named[which % scene->peers];
    unsigned frames = 1;
    if (fuzz_byte(input) % 8 >= 5) {
        frames += fuzz_byte(input) % 4u;
    }
    for (unsigned i = 0; i < frames; i++) {
        unsigned how = fuzz_byte(input);
        struct sb_bytes bytes = fuzz_take(input, how % 32);
        if (how >= 240) {
            bytes = sb_bytes(large, sizes[how % 4]);
        }
        int sent =
            zmq_send(peer, bytes.at, bytes.size, ZMQ_DONTWAIT | (i + 1 < frames ? ZMQ_SNDMORE : 0));
        SB_ASSERT(sent >= 0);
        heard = heard && bytes.size <= SB_FRAME_SIZE_HEARD_MAX;
    }
    scene->sent++;
    scene->wanted += heard && frames == 1 ? 1u : 0u;
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_input input = {.rest = bytes};
    struct scene scene = {.loop = sb_alloc(1, sizeof *scene.loop)};
    zmq_msg_init(&scene.loop->current);
    router_open(&scene);
    for (unsigned n = 0; n < SENDS_MAX && input.rest.size > 0; n++) {
        unsigned how = fuzz_byte(&input);
        if (scene.peers == 0 || (how % 8 == 7 && scene.peers < PEERS_MAX)) {
            peer_open(&scene, &input);
        }
        send_one(&scene, how / 8, &input);
        if (how % 4 == 0) {
            take_all(&scene);
        }
    }
    take_all(&scene);
    SB_ASSERT(scene.taken == scene.wanted);
    SB_ASSERT(sb_loop_dropped(scene.loop) + scene.taken <= scene.sent);
    for (unsigned i = 0; i < scene.peers; i++) {
        zsock_destroy(&scene.peer[i]);
    }
    sb_loop_port_close(&scene.loop->ports[SB_PORT_LINK]);
    zmq_msg_close(&scene.loop->current);
    free(scene.loop->gone);
    free(scene.loop);
}
