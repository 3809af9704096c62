/* loop_inner.h: what the files of this folder share. Nobody outside includes it, but its unit test.
 */
#ifndef SAMBAND_LOOP_INNER_H
#define SAMBAND_LOOP_INNER_H

#include "samband/loop.h"

#include <signal.h>

#include <czmq.h>

#define SB_BOOT_ID_SIZE           36
#define SB_LOOP_ENDPOINT_SIZE_MAX 256

/* One socket. `held`: a DEALER's newest message that found no connection. */
struct sb_loop_port {
    zsock_t *socket; /* NULL: not bound, not connected */
    bool is_router;
    bool is_curve;
    bool has_held;
    zmq_msg_t held;
    char endpoint[SB_LOOP_ENDPOINT_SIZE_MAX];
    zactor_t *strangers; /* a bound CURVE socket's; reads `monitor`, which is its alone */
    zsock_t *monitor;
};

struct sb_loop_gone {
    enum sb_port port;
    uint64_t to;
};

struct sb_loop {
    struct sb_loop_port ports[SB_PORT_COUNT];
    enum sb_port next_port; /* the two take turns */
    zsock_t *zap;
    sb_loop_admit *admit;
    void *admit_context;
    uint64_t dropped;

    int signal_fd;
    bool signal_waits; /* wait() saw one; saves a read(2) per event */
    sigset_t signals_before;
    struct sigaction pipe_before;
    int dumpable_before;
    int watched_fd; /* -1: none */

    zmq_msg_t current; /* what the last event's bytes point into */
    struct sb_loop_gone *gone;
    size_t gone_count, gone_taken, gone_room;

    char
        boot_id[SB_BOOT_ID_SIZE]; /* read once: every turn that changes something saves the clock */
    uint64_t mono_offset_ms;      /* added to BOOTTIME, modulo 2^64 */
    struct sb_now now;
};

/* sockets.c */
void sb_loop_port_close(struct sb_loop_port *port);

/* zap.c: makes the handler, once per loop; answers what has been asked, at most 64 questions. */
enum sb_err sb_zap_open(struct sb_loop *loop, struct sb_why *why) SB_MUST_CHECK;
void sb_zap_close(struct sb_loop *loop);
void sb_zap_answer(struct sb_loop *loop);

/* strangers.c: begins to watch a bound CURVE socket; ends it, before the socket is closed. */
void sb_strangers_open(struct sb_loop_port *port);
void sb_strangers_close(struct sb_loop_port *port);

/* messages.c */
/* The User-Id that ZAP gives a connection, and that every message of it bears: "NAME KEY", the key
 * in hexadecimal digits. A name may get other keys while the connection lives. */
#define SB_USER_ID_SIZE (SB_NAME_SIZE_MAX + 1 + 2 * SB_KEY_SIZE + 1)
void sb_user_id_write(const struct sb_name *user, const struct sb_public_key *key,
                      char user_id[SB_USER_ID_SIZE]);
bool sb_loop_message_take(struct sb_loop *loop, struct sb_loop_event *ret_event);
void sb_loop_held_send(struct sb_loop_port *port);

/* signals.c */
void sb_signals_begin(struct sb_loop *loop);
void sb_signals_end(struct sb_loop *loop);
bool sb_signals_take(struct sb_loop *loop, struct sb_loop_event *ret_event);

/* clock.c. A mark is what META "clock" keeps. */
#define SB_CLOCK_MARK_SIZE (SB_BOOT_ID_SIZE + 3 * 8)

struct sb_clock_mark {
    char boot_id[SB_BOOT_ID_SIZE];
    uint64_t boot_ms; /* CLOCK_BOOTTIME */
    uint64_t mono_ms;
    uint64_t wall_ms;
};

void sb_clock_begin(struct sb_loop *loop); /* once */
/* Reads both clocks; says in the log where the wall clock was set meanwhile. */
void sb_clock_refresh(struct sb_loop *loop);
/* Where mono stands now, given what was saved. `now->mono_ms` is not looked at. */
uint64_t sb_clock_bridge(const struct sb_clock_mark *saved, const struct sb_clock_mark *now);
void sb_clock_mark_write(const struct sb_clock_mark *mark, uint8_t at[SB_CLOCK_MARK_SIZE]);
bool sb_clock_mark_read(struct sb_bytes bytes, struct sb_clock_mark *ret_mark);

#endif
