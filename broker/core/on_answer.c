/* on_answer.c: acknowledgements and attendance: who said what, when, and whether the mandate that
 * the level needs was declared and valid then. Late ones are taken and marked, answers to what was
 * recalled are taken. */
#include "mandates.h"
#include "on_arrival.h"

enum sb_err sb_answer_check(struct sb_arrival *arrival, struct sb_why *why)
{
    const struct sb_record *fields = &arrival->event->event.fields;
    enum sb_err err = sb_arrival_seat(arrival, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    uint64_t answer = sb_record_number(fields, SB_FIELD_ANSWER);
    if (arrival->event->event.kind->kind != SB_KIND_ATTENDANCE) {
        return SB_ERR_OK;
    }
    if (answer > UINT16_MAX || sb_word_find(SB_FIELD_ANSWER, (unsigned)answer) == NULL) {
        return sb_why_say(why, SB_ERR_VALUE, "det finns inget svar %llu", "there is no answer %llu",
                          (unsigned long long)answer);
    }
    if (answer == SB_ANSWER_AT && !sb_record_has(fields, SB_FIELD_AT)) {
        return sb_why_say(why, SB_ERR_MISSING, "svaret \"ansluter\" saknar tid",
                          "an answer \"joins at\" without a time");
    }
    return SB_ERR_OK;
}

/* What the person holds at home and what the organisation declared must both say so. As of when the
 * organisation's clock says that it was given, however that stands to ours: that clock dated the
 * mandate too, and by it the agent has judged (PROTOCOL.md, Kinds). */
static enum sb_mandate_state answer_mandate(const struct sb_arrival *arrival)
{
    const struct sb_record *fields = &arrival->event->event.fields;
    const struct sb_record *called = &arrival->target->event.fields;
    struct sb_mandate_of of = {.org = arrival->seat.org,
                               .function = sb_record_name(fields, SB_FIELD_FUNCTION),
                               .level = (unsigned)sb_record_number(called, SB_FIELD_LEVEL),
                               .realm = (unsigned)sb_record_number(called, SB_FIELD_REALM),
                               .supports = arrival->seat.supports};
    const uint64_t given_at = sb_record_number(fields, SB_FIELD_ANSWERED_AT);
    enum sb_mandate_state state = sb_mandate_state_at(arrival->turn->txn, &of, given_at);
    if (state != SB_MANDATE_NOT_NEEDED && sb_record_number(fields, SB_FIELD_HOLDS_MANDATE) == 0) {
        return SB_MANDATE_NONE;
    }
    return state;
}

/* A time that is yet to come is of our own clock, which was ahead when it came: what comes now is
 * later all the same. TiB's the agent has as it is dated, and so it stays at both ends. */
static void not_ahead(const struct sb_arrival *arrival, struct sb_said *said)
{
    if (said->via.text[0] == '\0' && said->given_at > arrival->turn->now.wall_ms) {
        said->given_at = arrival->turn->now.wall_ms;
    }
}

void sb_answer_apply(struct sb_arrival *arrival)
{
    const struct sb_record *fields = &arrival->event->event.fields;
    uint64_t answer_by = sb_record_number(&arrival->target->event.fields, SB_FIELD_ANSWER_BY);
    struct sb_said given = {.given_at = sb_arrival_time(arrival, SB_FIELD_ANSWERED_AT),
                            .person = sb_record_name(fields, SB_FIELD_PERSON)};
    if (arrival->event->event.kind->kind == SB_KIND_ATTENDANCE) {
        given.answer = (enum sb_answer)sb_record_number(fields, SB_FIELD_ANSWER);
        given.at = sb_record_number(fields, SB_FIELD_AT);
    }
    given.late = answer_by != 0 && given.given_at > answer_by;
    given.mandate = answer_mandate(arrival);
    struct sb_seat_state state;
    sb_arrival_state(arrival, &arrival->seat, &state);
    not_ahead(arrival, &state.stands);
    not_ahead(arrival, &state.aside);
    sb_seat_state_answer(&state, &given);
    sb_seat_state_put(arrival->turn->txn, &arrival->about, &arrival->seat, &state);
}
