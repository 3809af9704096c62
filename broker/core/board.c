/* board.c: what is known of every called seat, put together and judged. Changes nothing. */
#include "board.h"

#include <stdlib.h>
#include <string.h>

/* Attends, and can decide there: a supporting seat cannot stand in for one with a mandate. */
static bool seat_attends(const struct sb_board_seat *seat)
{
    return !seat->seat.supports && sb_said_attends(&seat->state.stands);
}

static bool another_attends(const struct sb_board *board, size_t position)
{
    for (size_t i = 0; i < board->count; i++) {
        if (i != position && seat_attends(&board->seat[i])
            && sb_name_equal(&board->seat[i].seat.org, &board->seat[position].seat.org)) {
            return true;
        }
    }
    return false;
}

static void seat_judge(const struct sb_board *board, size_t position, uint64_t now)
{
    struct sb_board_seat *seat = &board->seat[position];
    const struct sb_seat_state *state = &seat->state;
    const struct sb_said *stands = &state->stands;
    uint64_t answer_by = sb_record_number(&board->head, SB_FIELD_ANSWER_BY);
    struct sb_seat_facts facts = {.asks = board->event->event.kind->asks,
                                  .refused = state->verdict != 0,
                                  .dark = seat->contact.dark,
                                  .recalled =
                                      sb_record_number(&board->head, SB_FIELD_RECALLED) != 0,
                                  .acknowledged = state->acked_at != 0,
                                  .mandate = sb_mandate_counts(stands->mandate),
                                  .answer = stands->answer,
                                  .overdue = stands->answer == SB_ANSWER_AT && now > stands->at,
                                  .another_attends = another_attends(board, position),
                                  .otherwise = stands->via.text[0] != '\0',
                                  .deadline_passed = answer_by != 0 && now > answer_by,
                                  .exhausted = state->step == SB_STEP_EXHAUSTED};
    seat->judgement = sb_judge(&facts);
}

static void seat_read(struct sb_broker_turn *turn, const struct sb_agents *agents,
                      const struct sb_board *board, struct sb_board_seat *seat)
{
    const struct sb_log_row *row = &board->event->row;
    sb_seat_state_get(turn->txn, &board->id, &seat->seat, &seat->state);
    seat->contact = sb_agents_contact(agents, &seat->seat.org);
    struct sb_holding holding =
        sb_agents_holding(turn->txn, agents, &seat->seat.org, row->at.lane, row->index);
    if (holding.stored_at != 0
        && (seat->state.stored_at == 0 || holding.stored_at < seat->state.stored_at)) {
        seat->state.stored_at = holding.stored_at;
    }
    seat->proven_at = holding.proven_at;
    if (seat->state.stored_at != 0 && seat->state.rung < SB_RUNG_STORED) {
        seat->state.rung = SB_RUNG_STORED;
    }
}

/* Worst first; of equals, as they were called. */
static void board_sort(struct sb_board *board)
{
    struct sb_board_seat *sorted = sb_alloc(board->count + 1, sizeof *sorted);
    size_t at = 0;
    for (unsigned colour = SB_COLOUR_RED; colour <= SB_COLOUR_GREEN; colour++) {
        for (size_t i = 0; i < board->count; i++) {
            if ((unsigned)board->seat[i].judgement.colour == colour) {
                sorted[at++] = board->seat[i];
            }
        }
    }
    SB_ASSERT(at == board->count);
    free(board->seat);
    board->seat = sorted;
}

static void board_drop_others(struct sb_board *board, const struct sb_name *only)
{
    size_t kept = 0;
    for (size_t i = 0; i < board->count; i++) {
        if (only->text[0] == '\0' || sb_name_equal(&board->seat[i].seat.org, only)) {
            board->seat[kept++] = board->seat[i];
        }
    }
    board->count = kept;
}

enum sb_err sb_board_read(struct sb_command *command, const struct sb_hash *id,
                          const struct sb_name *only, struct sb_board *ret_board)
{
    struct sb_broker_turn *turn = command->turn;
    struct sb_agents agents;
    struct sb_board *board = ret_board;
    memset(board, 0, sizeof *board);
    board->id = *id;
    enum sb_err err = sb_command_load(command, id, &board->event);
    if (err != SB_ERR_OK) {
        return err;
    }
    bool found = sb_case_get(turn->txn, id, &board->head);
    SB_ASSERT(found && board->event->event.kind != NULL);
    struct sb_bytes seats = sb_record_bytes(&board->event->event.fields, SB_FIELD_SEATS);
    board->seat = sb_alloc(sb_list_count(seats) + 1, sizeof *board->seat);
    sb_agents_read(turn, &agents);
    struct sb_list_reader reader = sb_list_read(seats);
    struct sb_bytes text;
    while (sb_list_next(&reader, &text)) {
        struct sb_board_seat *seat = &board->seat[board->count];
        bool read = sb_seat_read(text, &seat->seat);
        SB_ASSERT(read); /* we wrote it */
        seat_read(turn, &agents, board, seat);
        board->count++;
    }
    for (size_t i = 0; i < board->count; i++) {
        seat_judge(board, i, turn->now.wall_ms);
    }
    sb_agents_finish(&agents);
    board_drop_others(board, only);
    board_sort(board);
    return SB_ERR_OK;
}

void sb_board_finish(struct sb_board *board)
{
    sb_broker_event_destroy(board->event);
    free(board->seat);
}

static bool head_calls(const struct sb_record *head)
{
    return sb_record_number(head, SB_FIELD_NUMBER) > 0;
}

/* The event of its alert group that has seats. */
static bool board_of_group(struct sb_command *command, const struct sb_record *head,
                           struct sb_hash *ret_id)
{
    if (!sb_record_has(head, SB_FIELD_GROUP)) {
        return false;
    }
    struct sb_broker_walk walk = sb_case_group(sb_record_bytes(head, SB_FIELD_GROUP));
    struct sb_hash id;
    struct sb_record member;
    while (sb_case_next(&walk, command->turn->txn, &id, &member)) {
        if (head_calls(&member)) {
            *ret_id = id;
            return true;
        }
    }
    return false;
}

/* The newest event with seats in an incident. */
static bool board_of_incident(struct sb_command *command, const struct sb_hash *incident,
                              struct sb_hash *ret_id)
{
    static const enum sb_kind kinds[] = {SB_KIND_INFORMATION, SB_KIND_ACTIVATION, SB_KIND_CONVENING,
                                         SB_KIND_PICTURE};
    uint64_t newest = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct sb_broker_walk walk = sb_case_newest(command->realm, kinds[i]);
        struct sb_hash id;
        struct sb_record head;
        while (sb_case_next(&walk, command->turn->txn, &id, &head)) {
            struct sb_hash of;
            if (head_calls(&head) && sb_record_hash(&head, SB_FIELD_INCIDENT, &of)
                && sb_hash_equal(&of, incident)
                && sb_record_number(&head, SB_FIELD_INDEX) > newest) {
                newest = sb_record_number(&head, SB_FIELD_INDEX);
                *ret_id = id;
            }
        }
    }
    return newest != 0;
}

enum sb_err sb_board_event(struct sb_command *command, struct sb_hash *ret_id)
{
    static const struct sb_meant meant = {
        .kinds = SB_KIND_BIT(INFORMATION) | SB_KIND_BIT(INCIDENT) | SB_KIND_BIT(ACTIVATION)
                 | SB_KIND_BIT(CONVENING) | SB_KIND_BIT(PICTURE),
        .what = {"information, kallelse, aktivering, händelse eller lägesbild",
                 "information, convening, activation, incident or picture"}};
    struct sb_record head;
    struct sb_hash id;
    enum sb_err err = sb_command_event(command, &meant, &id);
    if (err != SB_ERR_OK) {
        return err;
    }
    bool found = sb_case_get(command->turn->txn, &id, &head);
    SB_ASSERT(found);
    if (head_calls(&head) || board_of_group(command, &head, &id)
        || board_of_incident(command, &id, &id)) {
        *ret_id = id;
        return SB_ERR_OK;
    }
    return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                      "posten kallar ingen och har därför ingen tavla",
                      "the event calls nobody, so it has no board");
}
