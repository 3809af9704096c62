/* seat_state.h: what is known of one called seat, as a row of the table SEAT (made when the first
 * thing is known) and as a struct to reckon with. All of it follows from the log and the receipts.
 * Private to broker/core. */
#ifndef SAMBAND_BROKER_SEAT_STATE_H
#define SAMBAND_BROKER_SEAT_STATE_H

#include "rows.h"
#include "samband/reach.h"

/* Times are wall clock, 0 = not yet. */
struct sb_seat_state {
    uint64_t rung;
    uint64_t stored_at; /* frozen when something first came up for the seat */
    uint64_t notified_at, opened_at;
    uint64_t acked_at; /* the first acknowledgement */
    /* What counts now, its mandate judged at that time; before anything was said, its person is
     * the one who is being tried. */
    struct sb_said stands;
    struct sb_said aside;                /* the newest of the other source (reach.h) */
    uint64_t step, step_at, left, tries; /* what the agent's engine does next */
    uint64_t reached_at;                 /* when the newest reach report was issued */
    uint64_t verdict;                    /* why the agent refused the entry */
};

void sb_seat_state_get(struct sb_txn *txn, const struct sb_hash *event, const struct sb_seat *seat,
                       struct sb_seat_state *ret_state);
void sb_seat_state_put(struct sb_txn *txn, const struct sb_hash *event, const struct sb_seat *seat,
                       const struct sb_seat_state *state);
/* Adds what is known to a row of the board. The state must outlive the row: it lends its names. */
void sb_seat_state_row(const struct sb_seat_state *state, struct sb_record *ret_row);

/* When TiB's newest entry is dated, 0: there is none. */
uint64_t sb_seat_state_entered(const struct sb_seat_state *state);

/* An acknowledgement, attendance or reached-otherwise. Which one stands is reach's rule. */
void sb_seat_state_answer(struct sb_seat_state *state, const struct sb_said *given);
/* A reach report: rungs only climb; the newest by `issued` says what the agent does next. */
void sb_seat_state_reach(struct sb_seat_state *state, const struct sb_record *report,
                         uint64_t issued);

/* The seat that `text` ("organisation/function", or an organisation that has one that is not only
 * supporting) means among SEATS. False where it is not called. */
bool sb_seats_find(struct sb_bytes seats, struct sb_bytes text, struct sb_seat *ret_seat);

#endif
