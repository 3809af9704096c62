/* cmd_status.c: "status": the board of an event: a head row, then the called seats, worst first,
 * then what agents do that no agent should, and that many strangers came. Where nothing was ever
 * issued: how the organisations can be reached, in place of seats. */
#include "board.h"
#include "misdeeds.h"
#include "strangers.h"

static void head_row(const struct sb_board *board, struct sb_record *row)
{
    static const enum sb_field from_event[] = {SB_FIELD_KIND, SB_FIELD_TITLE, SB_FIELD_ISSUED,
                                               SB_FIELD_STARTS, SB_FIELD_JOIN};
    static const enum sb_field from_head[] = {
        SB_FIELD_FORUM,    SB_FIELD_LEVEL,    SB_FIELD_REALM,  SB_FIELD_ANSWER_BY,
        SB_FIELD_INCIDENT, SB_FIELD_RECALLED, SB_FIELD_NUMBER, SB_FIELD_TITLE,
        SB_FIELD_STARTS,   SB_FIELD_JOIN, /* as corrected */
    };
    for (size_t i = 0; i < sizeof from_event / sizeof from_event[0]; i++) {
        row->at[from_event[i]] = board->event->event.fields.at[from_event[i]];
    }
    for (size_t i = 0; i < sizeof from_head / sizeof from_head[0]; i++) {
        if (sb_record_has(&board->head, from_head[i])) {
            row->at[from_head[i]] = board->head.at[from_head[i]];
        }
    }
    sb_record_set_hash(row, SB_FIELD_ID, &board->id);
}

/* Which organisation it is, and how it can be reached. */
static void org_fields(const struct sb_command *command, const struct sb_name *id,
                       const struct sb_contact *contact, struct sb_record *row)
{
    struct sb_record org;
    sb_record_set_name(row, SB_FIELD_ORG, id);
    if (sb_broker_row_get_name(command->turn->txn, SB_TABLE_ORG, id, &org)) {
        row->at[SB_FIELD_NAME] = org.at[SB_FIELD_NAME];
    }
    sb_record_set_number(row, SB_FIELD_ENROLLED, contact->enrolled);
    if (contact->dark && contact->enrolled) {
        sb_record_set_number(row, SB_FIELD_DARK_SINCE, contact->dark_since);
    }
}

/* The number to ring, where there is one. The row borrows it from `ring`. */
static void ring_field(const struct sb_command *command, const struct sb_name *org,
                       char ring[SB_RING_SIZE_MAX], struct sb_record *row)
{
    sb_register_ring(command->turn->txn, org, ring);
    if (ring[0] != '\0') {
        sb_record_set_text(row, SB_FIELD_RING, ring);
    }
}

/* Adds one row; false where the reply is full. */
static bool seat_row(struct sb_command *command, const struct sb_board_seat *seat)
{
    char key[SB_SEAT_SIZE_MAX + 1];
    char ring[SB_RING_SIZE_MAX];
    struct sb_record row = {0};
    sb_seat_key(&seat->seat, key);
    sb_seat_state_row(&seat->state, &row);
    org_fields(command, &seat->seat.org, &seat->contact, &row);
    if (seat->judgement.ring) {
        ring_field(command, &seat->seat.org, ring, &row);
    }
    sb_record_set_text(&row, SB_FIELD_SEAT, key);
    sb_record_set_name(&row, SB_FIELD_FUNCTION, &seat->seat.function);
    sb_record_set_number(&row, SB_FIELD_COLOUR, seat->judgement.colour);
    sb_record_set_text(&row, SB_FIELD_WORDING, seat->judgement.sv);
    sb_record_set_text(&row, SB_FIELD_NOTICE, seat->judgement.en);
    if (seat->proven_at != 0) {
        sb_record_set_number(&row, SB_FIELD_PROVEN_AT, seat->proven_at);
    }
    if (seat->judgement.colour == SB_COLOUR_GREEN
        && seat->judgement.escalation == SB_ESCALATION_STOPS) {
        sb_record_unset(&row, SB_FIELD_STEP); /* what was planned before the answer */
        sb_record_unset(&row, SB_FIELD_STEP_AT);
    }
    return sb_rows_add(command->rows, &row);
}

/* The rows from `first` on, strangers last, `before` of which stand in the board before the first
 * of these. */
static void misdeed_rows(struct sb_command *command, uint64_t first, uint64_t before)
{
    bool full;
    uint64_t shown = sb_misdeeds_rows(command, first > before ? first - before : 0, &full);
    if (full || !sb_strangers_row(command)) {
        command->next = before + shown + 1;
    }
}

/* Whoever looks at a board is whom a store that is getting full concerns. */
static void head_room(const struct sb_command *command, struct sb_why *why, struct sb_record *row)
{
    sb_room_say(&command->turn->txn->room, why);
    if (why->text[0] != '\0') {
        sb_record_set_text(row, SB_FIELD_WORDING, sb_why_sv(why));
        sb_record_set_text(row, SB_FIELD_NOTICE, why->text);
    }
}

/* Adds one row; false where the reply is full. */
static bool org_row(struct sb_command *command, const struct sb_agents *agents,
                    const struct sb_name *org)
{
    const struct sb_contact contact = sb_agents_contact(agents, org);
    struct sb_record row = {0};
    char ring[SB_RING_SIZE_MAX];
    org_fields(command, org, &contact, &row);
    if (contact.dark) {
        ring_field(command, org, ring, &row);
    }
    return sb_rows_add(command->rows, &row);
}

/* No event calls anybody: a head without an event, and the organisations. */
static void quiet_board(struct sb_command *command)
{
    struct sb_register reg;
    struct sb_agents agents;
    struct sb_record head = {0};
    struct sb_why room_left = {0};
    const struct sb_name only = sb_record_name(command->args, SB_FIELD_ORG);
    const uint64_t offset = sb_record_number(command->args, SB_FIELD_OFFSET);
    sb_record_set_number(&head, SB_FIELD_REALM, command->realm);
    head_room(command, &room_left, &head);
    bool room = offset > 0 || sb_rows_add(command->rows, &head);
    SB_ASSERT(room); /* the first row always fits */
    sb_register_read(command->turn->txn, &reg);
    sb_agents_read(command->turn, &agents);
    const uint64_t first = offset > 0 ? offset - 1 : 0;
    for (uint64_t i = first; i < reg.count && command->next == 0; i++) {
        if ((only.text[0] == '\0' || sb_name_equal(&only, &reg.at[i].org))
            && !org_row(command, &agents, &reg.at[i].org)) {
            command->next = i + 1;
        }
    }
    if (command->next == 0) {
        misdeed_rows(command, first, reg.count);
    }
    sb_agents_finish(&agents);
    sb_register_finish(&reg);
}

enum sb_err sb_broker_status(struct sb_command *command)
{
    struct sb_hash id;
    enum sb_err err = sb_board_event(command, &id);
    if (err == SB_ERR_NOT_FOUND && !sb_record_has(command->args, SB_FIELD_EVENT)) {
        *command->why = (struct sb_why){0};
        quiet_board(command);
        return SB_ERR_OK;
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_board board;
    struct sb_name only = sb_record_name(command->args, SB_FIELD_ORG);
    uint64_t offset = sb_record_number(command->args, SB_FIELD_OFFSET);
    err = sb_board_read(command, &id, &only, &board);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_record head = {0};
    struct sb_why room_left = {0};
    head_row(&board, &head);
    head_room(command, &room_left, &head);
    bool room = offset > 0 || sb_rows_add(command->rows, &head);
    SB_ASSERT(room); /* the first row always fits */
    const uint64_t first = offset > 0 ? offset - 1 : 0;
    for (uint64_t i = first; i < board.count; i++) {
        if (!seat_row(command, &board.seat[i])) {
            command->next = i + 1;
            break;
        }
    }
    if (command->next == 0) {
        misdeed_rows(command, first, board.count);
    }
    sb_board_finish(&board);
    return SB_ERR_OK;
}
