/* full.h: a daemon whose store refuses a commit because there is no room left. It does not end: the
 * turn is undone as by a crash, whoever asked in it is told, and from then on, until a commit is
 * taken again, it answers from what it has and writes nothing. Shell side; the same for broker and
 * agent. */
#ifndef SAMBAND_FULL_H
#define SAMBAND_FULL_H

#include "samband/control.h"
#include "samband/loop.h"

struct sb_full {
    bool now;        /* nothing may be written */
    uint64_t try_ms; /* mono: when to look whether there is room again */
    enum sb_room_level told;
    uint64_t told_ms;
    /* Requests of this turn, for the refusal. */
    struct {
        uint64_t from;
        uint8_t id[SB_REQUEST_ID_SIZE];
    } asked[SB_TURN_INPUTS_MAX];
    unsigned asked_count;
};

/* At the beginning of a turn, and for every control request in it. */
void sb_full_begin(struct sb_full *full);
void sb_full_asked(struct sb_full *full, uint64_t from, struct sb_bytes request);
/* The commit refused with FULL: all of them are refused over `loop`, and it is full now. */
void sb_full_enter(struct sb_full *full, struct sb_loop *loop, const struct sb_why *why);
/* There is room again. */
void sb_full_leave(struct sb_full *full);
/* One line where the room that is left became less, or enough again. */
void sb_full_tell(struct sb_full *full, const struct sb_room *room, struct sb_now now);

#endif
