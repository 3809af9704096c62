/* turns.h: how the turns of a daemon begin and end, the same for broker and agent: one transaction
 * a turn, its effects leave after its commit, and what a daemon does whose store refuses a commit
 * because there is no room left. It does not end: the turn is undone as by a crash, whoever asked
 * in it is told, and from then on, until a commit is taken again, it answers from what it has and
 * writes nothing. Shell side. What a turn does in between is the daemon's own. */
#ifndef SAMBAND_TURNS_H
#define SAMBAND_TURNS_H

#include "samband/control.h"
#include "samband/effects.h"
#include "samband/loop.h"
#include "samband/store.h"

/* What only the daemon can do; `daemon` is the pointer that it gave. */
struct sb_turns_ops {
    /* One input becomes a step of the core, in turns->txn and turns->effects. */
    void (*step)(void *daemon, const struct sb_loop_event *event, struct sb_entropy *entropy);
    /* What was decided in a turn that is not committed never was: the core begins anew, as after a
     * crash. */
    void (*forget)(void *daemon);
    /* Log lines leave also where a turn while full is undone: its core writes none then that speak
     * of what was undone. */
    bool logs_undone;
};

struct sb_turns {
    const struct sb_turns_ops *ops;
    void *daemon;
    struct sb_store *store;    /* borrowed */
    struct sb_loop *loop;      /* borrowed */
    struct sb_txn *txn;        /* of the turn that is open; NULL between two */
    struct sb_effects effects; /* of the turn that is open */
    bool rebuild;              /* the core asked for REBUILD; whoever does it takes this back */

    bool full;       /* nothing may be written: the next turn is sb_turns_run_full's */
    uint64_t try_ms; /* mono: when that looks whether there is room again */
    bool told_full;  /* a log line said so, and none yet that it is over */
    uint64_t told_full_ms;
    unsigned inputs; /* what a turn takes at most: fewer where there was no room for that many */
    unsigned taken;  /* of it */
    enum sb_room_level told;
    uint64_t told_ms; /* mono */
    /* Control requests of this turn, for the refusal. */
    struct {
        uint64_t from;
        uint8_t id[SB_REQUEST_ID_SIZE];
    } asked[SB_TURN_INPUTS_MAX];
    unsigned asked_count;
};

/* Of caller's memory; `store`, `loop`, `ops` and `daemon` outlive it. Finish between two turns. */
void sb_turns_init(struct sb_turns *turns, struct sb_store *store, struct sb_loop *loop,
                   const struct sb_turns_ops *ops, void *daemon);
void sb_turns_finish(struct sb_turns *turns);

/* Opens the turn's transaction; IO where it cannot begin. Every turn that was begun ends in one of
 * commit, end, abort and run_full, once. */
enum sb_err sb_turns_begin(struct sb_turns *turns, struct sb_why *why) SB_MUST_CHECK;
/* The commit, then the effects. OK also where there is no room: then everybody who asked was
 * refused, the core was told to forget, and it is full. Any other error: nothing of this turn was
 * seen by anyone; end, a restart goes on from the last good state. */
enum sb_err sb_turns_commit(struct sb_turns *turns, struct sb_why *why) SB_MUST_CHECK;
/* The same for a turn that took inputs: the clock is saved with what changed, and one log line
 * tells where the room that is left became less, or enough again. */
enum sb_err sb_turns_end(struct sb_turns *turns, struct sb_why *why) SB_MUST_CHECK;
/* Undoes what was written; effects stay in the list. */
void sb_turns_abort(struct sb_turns *turns);

/* The turn's next input; false where there is none, or the turn has what it may take. */
bool sb_turns_next(struct sb_turns *turns, struct sb_loop_event *ret_event);
/* For every MESSAGE of a turn before its step. False: it is left out, for it would have to be
 * written; it is sent again. */
bool sb_turns_hears(struct sb_turns *turns, const struct sb_loop_event *event);

/* The rest of a turn while full, instead of all of the above: what is asked is answered from what
 * is there, then all is undone. From try_ms on it looks whether a commit is taken again. Errors as
 * of commit. */
enum sb_err sb_turns_run_full(struct sb_turns *turns, struct sb_why *why) SB_MUST_CHECK;

#endif
