/* world.h: a small simulated county: the real broker core, real agent cores and the real link
 * between them, on a virtual clock, a virtual network and stores in memory. One thread, no
 * randomness but the seed's: the same seed gives the same history. Stories (story.c) and the swarm
 * (swarm.c) drive it. */
#ifndef SAMBAND_TESTS_WORLD_H
#define SAMBAND_TESTS_WORLD_H

#include "../../agent/core/core.h"
#include "../../broker/core/core.h"
#include "invariants.h"
#include "samband/control.h"
#include "samband/store.h"
#include "tally.h"
#include "write.h"

#define WORLD_AGENTS_MAX  16
#define WORLD_ARGS_MAX    4096
#define WORLD_ORGS_MAX    2 /* of one agent */
#define WORLD_ROGUES_MAX  64
#define WORLD_ROGUES_UP   6
#define WORLD_ROGUES_DOWN 6
/* Stands in every name and contact of a roster here, and must never stand in what leaves an agent.
 */
#define WORLD_SECRET   "hemlig"
#define WORLD_START_MS 1767225600000ull /* wall clock at virtual 0: 2026-01-01T00:00:00Z */

enum world_crash {
    WORLD_CRASH_NONE,
    WORLD_CRASH_BEFORE_COMMIT, /* the turn never was */
    WORLD_CRASH_AFTER_COMMIT   /* durable, but only `crash_effects` effects got out */
};

struct world_packet {
    uint64_t due_ms, order; /* order breaks ties: first sent, first there */
    unsigned to;            /* 0 the broker, else agent position + 1 */
    unsigned agent;         /* whose connection or channel */
    uint64_t connection;    /* of which life; a packet of an earlier one is lost … */
    bool arrives;           /* … unless it got through before the connection broke */
    bool channel;           /* from the agent's channel, not from the link */
    struct sb_bytes bytes;  /* owned */
};

/* What an end does not do for a while, whoever it is. */
struct world_state {
    uint64_t stopped_until_ms; /* neither reads nor does anything: SIGSTOP */
    uint64_t stalled_until_ms; /* nothing that others sent reaches it: it reads slowly */
    uint64_t full_until_ms;    /* no commit that writes: the disk is full */
    uint64_t down_until_ms;    /* not running: a supervisor starts it again then */
    enum world_crash crash;
    unsigned crash_effects;
    int64_t clock_ms; /* its wall clock goes wrong by that much */
};

/* What the centre's log held when a session was offered. */
#define WORLD_WELCOMES 8
struct world_welcome {
    uint64_t session, next_index;
};

/* How far a stream was sent, ever, in one session. */
struct world_sent {
    uint64_t session, incarnation, seq;
};

struct world_node {
    struct sb_name name; /* agent's; its organisation's is the same without "-1" */
    struct sb_store *store;
    struct sb_agent *core;
    struct sb_agent_config config;
    struct sb_roster roster;
    struct sb_buf cert;
    uint64_t connection;       /* grows at every (re)connection */
    uint64_t offline_until_ms; /* SB_NEVER_MS: cut until joined again */
    bool deaf, mute;           /* one-way: nothing reaches it, nothing that it sends arrives */
    bool started, rebuilt, off;
    struct sb_store *backup; /* NULL: none was made */
    bool restored, stale;    /* it is not the store that it was; the centre may refuse it */
    /* When it was put back, 0 never; and where what came after it begins. */
    uint64_t restored_wall_ms, restored_next;
    struct world_state state;
    uint64_t channel; /* of which life its samband-channel is */
    uint64_t attempts, repeats, tells;
    struct world_welcome welcome[WORLD_WELCOMES]; /* the newest that left for it */
    unsigned welcomes;
    struct world_sent sent[2][WORLD_ORGS_MAX][SB_LANE_COUNT]; /* down, up */
    uint64_t undrained_until_ms, undrained_index; /* what it must have before it rings earlier */
    struct sb_buf keys;                           /* the attempts that got out (over.c) */
};

struct world;
/* One line of what an actor did ("broker", "taby"): for stories and for the trace hash. */
typedef void world_trace(void *context, const char *actor, const char *line);
/* An attempt that left an agent: the listener plays the duty officer. */
typedef void world_attempt(void *context, struct world *world, unsigned agent,
                           const struct sb_record *attempt);

struct world_silenced; /* what an agent knows to be recalled, ended or superseded (rings.c) */
void world_silenced_destroy(struct world_silenced *silenced);
/* rogue.c: an entry of the `number`th sort, which must be refused or do nothing, in an agent's log
 * on its way up, or in the broker's on its way to that agent. */
void world_rogue(struct world *world, unsigned agent, bool is_up, uint64_t number);
bool world_is_rogue(const struct world *world, const struct sb_hash *id);
bool world_rogues_refused(struct world *world, struct sb_txn *txn, const char *whose);
/* sent.c: before a turn's effects, and each frame as it leaves: from the broker where `from` is
 * -1. */
void world_sent_begin(struct world *world);
void world_sent_look(struct world *world, int from, unsigned agent, struct sb_bytes bytes);
/* Names and contacts go to the channel and to the local command line, and nowhere else. */
void world_secret_look(struct world *world, unsigned agent, const struct sb_effect *effect);
/* An attempt that got out: rings nobody for what its agent's store knows to be silenced. */
void world_attempt_look(struct world *world, unsigned agent, const struct sb_record *attempt);
void world_attempt_note(struct world *world, unsigned agent, const struct sb_record *attempt);
/* Every alert of an agent's store (of the newest turn's, where not `all`) has the timer that its
 * row promises, and none lies HELD where `settled`. */
bool world_alerts_hold(struct world *world, unsigned agent, struct sb_txn *own, bool all,
                       bool settled);
/* What the broker's board and an agent say of one seat agrees: after all is drained. */
bool world_boards_agree(struct world *world, unsigned agent, struct sb_txn *own,
                        struct sb_txn *broker);

#define WORLD_BROKER_END (-1) /* where an agent's position may stand */

/* promises.c: what was accepted, whatever became of the stores. */
struct world_promises;
void world_promises_destroy(struct world_promises *promises);
/* New rows of an end's log: the broker's where `end` is WORLD_BROKER_END. */
void world_promises_look(struct world *world, int end, struct sb_txn *txn);
/* A store was put back: what no other one holds is gone, and may be. */
void world_promises_restored(struct world *world, int end);
/* After all is drained: everything is with everyone whom it was for. */
bool world_promises_kept(struct world *world);

/* recalls.c, screens.c: after all is drained. `end`: an agent, or WORLD_BROKER_END. */
bool world_screen_holds(struct world *world, int end);
bool world_recalls_reach(struct world *world, struct sb_txn *txn);
/* rings.c: a WELCOME left for an agent; it was taken in, and is durable there. */
void world_welcome_left(struct world *world, unsigned agent, uint64_t session, uint64_t next_index);
void world_welcome_taken(struct world *world, unsigned agent, uint64_t session);

/* replay.c: after all is drained: what an end keeps follows from its log. */
bool world_broker_replays(struct world *world, struct sb_txn *kept);
bool world_agent_replays(struct world *world, unsigned agent, struct sb_txn *kept);

/* stores.c */
void world_backup(struct world *world, int end);
void world_restore(struct world *world, int end);
/* The broker's copy is put back without `restore`'s mark: a snapshot, rsync. */
void world_rollback(struct world *world);
/* `restore` marks it after all, where agents refuse it as one that was replaced. */
void world_remark(struct world *world);
/* The copy runs, and what ran is the backup: the same once more changes them back. */
void world_clone(struct world *world, unsigned agent);
/* TiB lets a store in that the centre refuses. */
void world_replace(struct world *world, unsigned agent);

struct world_streams; /* what was seen of every stream so far (holds.c) */
void world_streams_destroy(struct world_streams *streams);
void world_streams_forget(struct world *world);

struct world {
    struct world_streams *streams;
    struct world_promises *promises;
    bool any_restored, broker_restored;
    bool broker_stale; /* its epoch is below one that agents may have seen … */
    uint64_t epoch;    /* … by a `restore` */
    struct sb_store *broker_backup;
    uint64_t now_ms, order;
    uint64_t random, secrets; /* what the network does, and what keys and nonces are made of */
    struct sb_signer root;
    struct sb_signer operator_key[SB_REALM_TEST + 1]; /* TiB's, by realm */
    struct sb_broker_config broker_config;
    struct sb_buf broker_cert, enrolment_cert;
    struct sb_store *broker_store;
    struct sb_broker *broker;
    struct world_state broker_state;
    struct world_node agent[WORLD_AGENTS_MAX];
    unsigned agent_count;
    struct world_packet *packets;
    size_t packet_count, packet_room;
    unsigned delay_min_ms, delay_max_ms;
    /* Of a thousand link frames: lost, there twice, there before one that went earlier, and later
     * by up to late_max_ms. */
    unsigned loss, twice, overtakes, late, late_max_ms;
    struct sb_buf reply; /* the newest control reply to the operator */
    world_trace *on_trace;
    world_attempt *on_attempt;
    void *context;
    uint64_t trace; /* of all that happened: frames, commits, effects, attempts, lines */
    struct world_silenced *silenced[WORLD_AGENTS_MAX + 1]; /* the last: the centre's */
    uint64_t turns, crashes;
    uint64_t same;                        /* turns at this instant */
    uint64_t tally[WORLD_TALLY_COUNT];    /* what went wrong, as often as it did */
    unsigned sent_lane[WORLD_AGENTS_MAX]; /* of the newest DATA of this turn to or from each */
    int moved;             /* agent whose link the newest step was about; -1: any may be */
    uint64_t effects;      /* carried out, of all actors */
    uint64_t crash_turn;   /* this one never was; 0: none */
    uint64_t crash_effect; /* its turn is durable, it and what follows never got out; 0: none */
    bool replied;          /* the newest local request was answered */
    unsigned asked;        /* 0: every invariant; else this one alone, counted from 1 */
    enum world_invariant broken_rule;
    struct sb_why broken;       /* the first that did not hold; "" none */
    struct world_writes writes; /* what the newest turn wrote */
    bool committed, is_full;    /* and whether it was, or there was no room */
    bool fenced;                /* the broker's turn is about a HELLO that it must refuse */
    uint64_t requests;
    struct sb_hash rogues[WORLD_ROGUES_MAX]; /* events that nobody should have issued … */
    bool rogue_fails[WORLD_ROGUES_MAX];      /* … and that must be refused */
    unsigned rogue_count;
    bool crossed_down; /* the centre's log holds what its core never stored */
};

/* `orgs`: names, or two with a + between for one agent; each gets an agent, a category of its own
 * and the people that the caller puts in its roster. */
struct world *world_new(uint64_t seed, const char *const *orgs, unsigned count);
void world_destroy(struct world *world);
uint64_t world_random(struct world *world, uint64_t below);
/* The next number of a stream of its own; `below` 0: any. */
uint64_t sim_random(uint64_t *state, uint64_t below);

/* A request by TiB, in a turn of its own. The reply is left in world->reply. Each field a name and
 * a text or number. */
enum sb_err world_order(struct world *world, const char *verb, const struct sb_record *args,
                        struct sb_why *why);
/* The same by the operator of a realm. */
enum sb_err world_order_in(struct world *world, enum sb_realm realm, const char *verb,
                           const struct sb_record *args, struct sb_why *why);
/* The same request once more, as after a time-out: one event. */
enum sb_err world_order_again(struct world *world, const char *verb, const struct sb_record *args,
                              struct sb_why *why);
/* The first row of the newest reply; false where it has none. */
bool world_reply_row(struct world *world, unsigned position, struct sb_record *ret_row);
/* A request at an agent's local socket, or from its channel. */
void world_local(struct world *world, unsigned agent, const char *verb,
                 const struct sb_record *args, uint64_t after_ms);

void world_run(struct world *world, uint64_t until_ms);
bool world_step(struct world *world,
                uint64_t until_ms); /* one turn; false when nothing is due until then */
/* samband-channel is killed and started anew: what it had not told is lost. */
void world_channel_restart(struct world *world, unsigned agent);
void world_cut(struct world *world, unsigned agent);
/* The connection breaks; of what is under way, the oldest `delivered` in each direction get
 * through. A new one, with another routing id, is there at once, and the agent does not know. */
void world_drop(struct world *world, unsigned agent, uint64_t delivered);
void world_join(struct world *world, unsigned agent);
void world_restart_broker(struct world *world); /* as after kill -9 */
void world_restart_agent(struct world *world, unsigned agent);
void world_off(struct world *world, unsigned agent); /* switched off until world_on */
void world_on(struct world *world, unsigned agent);
/* The links' windows from here on, in bytes: all ends begin anew. */
void world_windows(struct world *world, size_t urgent, size_t bulk);
int world_find(const struct world *world, const char *org);

/* An invariant does not hold: the first one is kept. False; true where another one alone is asked:
 * then all goes on as if this one held. */
bool world_break(struct world *world, enum world_invariant rule, const char *format, ...)
    SB_PRINTF(3, 4);
const char *world_invariant_name(enum world_invariant rule);
/* What struct world's `asked` is for that name; 0: none is called so. */
unsigned world_invariant_find(const char *name);

/* Everything that must hold after every step; false where it does not: world->broken. `thorough`
 * adds what costs: signatures and chains of every store. */
bool world_holds(struct world *world, bool thorough);
/* After faults have ended: nothing is left undelivered in either direction. */
bool world_drained(struct world *world, bool thorough);
/* The same as a question: nothing is broken where it is not so yet. */
bool world_is_drained(struct world *world);

#endif
