/* seat_state.c: one called seat's row, and what each answer and report does to it. Which answer
 * stands, colour and words are reach's. */
#include "seat_state.h"

#include <stddef.h>
#include <string.h>

#define NUMBER(field, member)                                    \
    {                                                            \
        SB_FIELD_##field, offsetof(struct sb_seat_state, member) \
    }

/* The row's own numbers; what was said are reach's fields. GIVEN_AT is the newest report's time. */
static const struct state_number {
    enum sb_field field;
    size_t offset;
} numbers[] = {
    NUMBER(RUNG, rung),           NUMBER(STORED_AT, stored_at), NUMBER(NOTIFIED_AT, notified_at),
    NUMBER(OPENED_AT, opened_at), NUMBER(ACKED_AT, acked_at),   NUMBER(STEP, step),
    NUMBER(STEP_AT, step_at),     NUMBER(LEFT, left),           NUMBER(TRIES, tries),
    NUMBER(GIVEN_AT, reached_at), NUMBER(VERDICT, verdict),
};
#define NUMBER_COUNT (sizeof numbers / sizeof numbers[0])

static uint64_t number_get(const struct sb_seat_state *state, const struct state_number *number)
{
    uint64_t value = 0;
    memcpy(&value, (const char *)state + number->offset, sizeof value);
    return value;
}

static void number_set(struct sb_seat_state *state, const struct state_number *number,
                       uint64_t value)
{
    memcpy((char *)state + number->offset, &value, sizeof value);
}

static struct sb_bytes state_key(const struct sb_hash *event, const struct sb_seat *seat,
                                 struct sb_key *key)
{
    char text[SB_SEAT_SIZE_MAX + 1];
    sb_seat_key(seat, text);
    sb_key_init(key);
    sb_key_add(key, sb_hash_bytes(event));
    sb_key_add(key, sb_bytes_str(text));
    return sb_key_bytes(key);
}

void sb_seat_state_get(struct sb_txn *txn, const struct sb_hash *event, const struct sb_seat *seat,
                       struct sb_seat_state *ret_state)
{
    struct sb_key key;
    struct sb_record row;
    struct sb_seat_state state = {.rung = SB_RUNG_QUEUED};
    if (sb_broker_row_get(txn, SB_TABLE_SEAT, state_key(event, seat, &key), &row)) {
        for (size_t i = 0; i < NUMBER_COUNT; i++) {
            number_set(&state, &numbers[i], sb_record_number(&row, numbers[i].field));
        }
        sb_said_read(&row, &state.stands);
        sb_aside_read(&row, &state.aside);
    }
    *ret_state = state;
}

static void state_write(const struct sb_seat_state *state, struct sb_record *row)
{
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        uint64_t value = number_get(state, &numbers[i]);
        if (value != 0) {
            sb_record_set_number(row, numbers[i].field, value);
        }
    }
    sb_said_write(&state->stands, row);
}

void sb_seat_state_put(struct sb_txn *txn, const struct sb_hash *event, const struct sb_seat *seat,
                       const struct sb_seat_state *state)
{
    struct sb_key key;
    struct sb_record row = {0};
    struct sb_buf aside;
    state_write(state, &row);
    sb_aside_write(&state->aside, &row, &aside);
    sb_broker_row_put(txn, SB_TABLE_SEAT, state_key(event, seat, &key), &row);
    sb_buf_finish(&aside);
}

void sb_seat_state_row(const struct sb_seat_state *state, struct sb_record *ret_row)
{
    state_write(state, ret_row);
    sb_record_unset(ret_row, SB_FIELD_GIVEN_AT);
    if (state->reached_at != 0) { /* none left and none tried are known, too */
        sb_record_set_number(ret_row, SB_FIELD_LEFT, state->left);
        sb_record_set_number(ret_row, SB_FIELD_TRIES, state->tries);
    }
}

uint64_t sb_seat_state_entered(const struct sb_seat_state *state)
{
    const struct sb_said *entered =
        state->stands.via.text[0] != '\0' ? &state->stands : &state->aside;
    return entered->via.text[0] != '\0' ? entered->given_at : 0;
}

void sb_seat_state_answer(struct sb_seat_state *state, const struct sb_said *given)
{
    (void)sb_said_take(&state->stands, &state->aside, given);
    if (state->acked_at == 0 || given->given_at < state->acked_at) {
        state->acked_at = given->given_at;
    }
    uint64_t rung = given->mandate == SB_MANDATE_VALID ? SB_RUNG_MANDATED : SB_RUNG_ACKNOWLEDGED;
    state->rung = rung > state->rung ? rung : state->rung;
}

static void time_first(uint64_t *time, uint64_t at)
{
    if (*time == 0 || at < *time) {
        *time = at;
    }
}

void sb_seat_state_reach(struct sb_seat_state *state, const struct sb_record *report,
                         uint64_t issued)
{
    uint64_t rung = sb_record_number(report, SB_FIELD_RUNG);
    if (rung == SB_RUNG_NOTIFIED) {
        time_first(&state->notified_at, issued);
    }
    if (rung == SB_RUNG_OPENED) {
        time_first(&state->opened_at, issued);
    }
    /* Acknowledged and mandated are what persons say; a report cannot claim them. */
    if (rung > state->rung && rung <= SB_RUNG_OPENED) {
        state->rung = rung;
    }
    if (issued < state->reached_at) {
        return;
    }
    state->reached_at = issued;
    state->step = sb_record_number(report, SB_FIELD_STEP);
    state->step_at = sb_record_number(report, SB_FIELD_STEP_AT);
    state->left = sb_record_number(report, SB_FIELD_LEFT);
    state->tries = sb_record_number(report, SB_FIELD_TRIES);
    if (state->acked_at == 0 && sb_record_has(report, SB_FIELD_PERSON)) {
        state->stands.person = sb_record_name(report, SB_FIELD_PERSON);
    }
}

bool sb_seats_find(struct sb_bytes seats, struct sb_bytes text, struct sb_seat *ret_seat)
{
    struct sb_seat wanted;
    struct sb_name org;
    bool exact = sb_seat_read(text, &wanted);
    if (!exact && (text.size == 0 || !sb_name_read(text, &org))) {
        return false;
    }
    struct sb_list_reader reader = sb_list_read(seats);
    struct sb_bytes item;
    while (sb_list_next(&reader, &item)) {
        struct sb_seat seat;
        if (!sb_seat_read(item, &seat)) {
            continue;
        }
        bool fits = exact ? sb_name_equal(&seat.org, &wanted.org)
                                && sb_name_equal(&seat.function, &wanted.function)
                          : sb_name_equal(&seat.org, &org) && !seat.supports;
        if (fits) {
            *ret_seat = seat;
            return true;
        }
    }
    return false;
}
