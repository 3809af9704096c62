/* loop.h: the loop that the daemons share: sockets (CURVE), ZAP, clock, signals, randomness,
 * supervision. The only place with czmq.h. One thread. A turn: wait → take a bounded batch → the
 * daemon steps each → commit → carry out the effects. (peers' defects that decided the settings:
 * proto/loop/README.md) */
#ifndef SAMBAND_LOOP_H
#define SAMBAND_LOOP_H

#include "samband/clock.h"
#include "samband/effects.h"
#include "samband/hash.h"
#include "samband/keys.h"
#include "samband/txn.h"

struct sb_loop;

/* Which socket an input came from and goes to. */
enum sb_port {
    SB_PORT_LINK,    /* broker: ROUTER with CURVE; agent: DEALER with CURVE */
    SB_PORT_CONTROL, /* broker: ROUTER with CURVE; agent: ROUTER on ipc, 0600 */
    SB_PORT_COUNT
};

enum sb_loop_event_kind {
    SB_LOOP_MESSAGE, /* bytes from `from` on `port`, admitted as `user` */
    SB_LOOP_GONE,    /* a send to `from` found nobody (ROUTER_MANDATORY) */
    SB_LOOP_RELOAD,  /* SIGHUP */
    SB_LOOP_STOP     /* SIGTERM, SIGINT: finish the turn, close */
};

struct sb_loop_event {
    enum sb_loop_event_kind kind;
    enum sb_port port;
    uint64_t from; /* token of a peer on a ROUTER, never 0; stable while the connection lives, not
                      used again after it. On a DEALER 0: the peer is the one connected to */
    struct sb_name user;      /* CURVE: ZAP's User-Id; ipc: "uid:N"; on a DEALER "" */
    struct sb_public_key key; /* CURVE: the key that was admitted as `user`; else zero */
    struct sb_bytes bytes;    /* until the next sb_loop_next; at most SB_FRAME_SIZE_HEARD_MAX: who
                                 reads them refuses what is over its own limit, and can say so */
};

/* Answers ZAP's question inside the loop's thread, and only from sb_loop_wait, never between two
 * events of a turn: it may read through a transaction of its own or through one that has changed
 * nothing yet. False: not admitted (`retry` true: 300, the peer asks
 * again later; else 400, for ever). */
typedef bool sb_loop_admit(void *context, const struct sb_public_key *curve_key,
                           struct sb_name *ret_user, bool *ret_retry);

/* Sets up signals (TERM, INT and HUP become events, PIPE is ignored), srand from the kernel after
 * zsys_init, no core files with keys in them. Destroy puts signals and core files back. */
void sb_loop_destroy(struct sb_loop *loop);
struct sb_loop *sb_loop_new(void);

/* Who decides on the keys of both CURVE ports: before either is bound, and once. */
void sb_loop_admit_by(struct sb_loop *loop, sb_loop_admit *admit, void *context);
/* Binds a CURVE ROUTER with ZAP. BUSY where the port is in use, with the address and what to do.
 * Both ports may be bound so. One loop of a process may bind CURVE. */
enum sb_err sb_loop_bind_curve(struct sb_loop *loop, enum sb_port port, const char *endpoint,
                               const uint8_t secret[SB_KEY_SIZE], struct sb_why *why) SB_MUST_CHECK;
/* Binds a ROUTER on ipc://PATH with mode 0600; a live one there is BUSY, a dead one's file is
 * replaced. */
enum sb_err sb_loop_bind_local(struct sb_loop *loop, enum sb_port port, const char *path,
                               struct sb_why *why) SB_MUST_CHECK;
/* Connects a DEALER. Called again on the same port: destroys the old socket first (rebuild).
 * `secret` NULL: ipc without CURVE. */
enum sb_err sb_loop_connect(struct sb_loop *loop, enum sb_port port, const char *endpoint,
                            const uint8_t secret[SB_KEY_SIZE], const struct sb_public_key *server,
                            struct sb_why *why) SB_MUST_CHECK;

/* The address that a port is bound or connected to, with the real number where "*" was asked for;
 * "" where there is none. */
const char *sb_loop_endpoint(const struct sb_loop *loop, enum sb_port port);

/* Waits until something comes or `deadline_ms` (mono), at most SB_TICK_MAX_MS. Then take what is
 * there: next() gives one event at a time without waiting, false when none is left. */
void sb_loop_wait(struct sb_loop *loop, uint64_t deadline_ms);
bool sb_loop_next(struct sb_loop *loop, struct sb_loop_event *ret_event);
/* False: nobody there (token gone) or its queue is full; a GONE event follows for the first. Never
 * blocks. A DEALER on the link keeps the newest message that found no connection and sends it as
 * soon as there is one (true): a greeting need not wait for its next turn. */
bool sb_loop_send(struct sb_loop *loop, enum sb_port port, uint64_t to, struct sb_bytes bytes);
/* One file descriptor of the daemon's own (samband-channel's children): wait() wakes while it is
 * readable. -1: none. */
void sb_loop_watch(struct sb_loop *loop, int fd);

/* Messages since last asked that were dropped because they had more than one frame, no admitted
 * user, a byte too many for even a refusal or a routing id of the peer's own choice. For one log
 * line an interval. */
uint64_t sb_loop_dropped(struct sb_loop *loop);

/* Connections to the CURVE sockets since last asked whose handshake never came as far as a key, by
 * how it ended. Admission counts the rest. */
#define SB_ADDRESS_SIZE 64
struct sb_loop_strangers {
    uint64_t unfinished;      /* left, or was put out after ten seconds: silent, slow, cut off */
    uint64_t false_handshake; /* another mechanism than CURVE, or CURVE as nobody would send it */
    uint64_t foreign; /* nothing that ZeroMQ 3 says, or a frame of a size that it never has. Known
                         20 s later; hidden by as many as were admitted meanwhile, until they too
                         are 20 s old */
    /* The address of most connections (at least so many), admitted or not: libzmq does not say
     * which of them failed. "" where nobody came. */
    char from[SB_ADDRESS_SIZE];
    uint64_t from_connections;
};
void sb_loop_strangers(struct sb_loop *loop, struct sb_loop_strangers *ret_strangers);

/* Clock. The same during one turn: wait() reads it. mono continues over restarts: load after
 * opening the store and before the first turn, save inside every turn's transaction that changed
 * something (META "clock": boot id, boot time, mono, wall). */
struct sb_now sb_loop_now(struct sb_loop *loop);
void sb_loop_clock_load(struct sb_loop *loop, struct sb_txn *txn);
void sb_loop_clock_save(struct sb_loop *loop, struct sb_txn *txn);
void sb_loop_entropy(struct sb_entropy *ret_entropy); /* from the kernel */

/* sd_notify without the library: "READY=1", "WATCHDOG=1", "STATUS=…". Nothing where not supervised.
 */
void sb_loop_notify(const char *state);

/* One log line to stderr: "<6>event key=value …". Never a secret. */
void sb_log_line(enum sb_level level, const char *format, ...) SB_PRINTF(2, 3);

#endif
