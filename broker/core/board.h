/* board.h: an event's board: every called seat as it stands now, judged by the answer table.
 * Private to broker/core. */
#ifndef SAMBAND_BROKER_BOARD_H
#define SAMBAND_BROKER_BOARD_H

#include "agents.h"
#include "command.h"
#include "register.h"
#include "seat_state.h"

struct sb_board_seat {
    struct sb_seat seat;
    struct sb_seat_state state;
    struct sb_contact contact;
    uint64_t proven_at; /* wall clock; 0 = not yet */
    struct sb_judgement judgement;
};

/* The board of one event; its seats worst first, then as called. */
struct sb_board {
    struct sb_hash id;
    struct sb_broker_event *event;
    struct sb_record head; /* borrowed from the transaction */
    struct sb_board_seat *seat;
    size_t count;
};
/* Of an event that sb_board_event() found. `only` "" : every organisation. Reads; the transaction
 * must not be written while it is used. CORRUPT as sb_command_load(), and then nothing to finish.
 */
enum sb_err sb_board_read(struct sb_command *command, const struct sb_hash *id,
                          const struct sb_name *only, struct sb_board *ret_board) SB_MUST_CHECK;
void sb_board_finish(struct sb_board *board);

/* The event with called seats that EVENT means, or the newest: an activation that rings as its
 * convening means that one, an incident its newest. */
enum sb_err sb_board_event(struct sb_command *command, struct sb_hash *ret_id) SB_MUST_CHECK;

#endif
