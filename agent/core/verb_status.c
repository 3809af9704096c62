/* verb_status.c: the own seats of one event: who is being tried, what comes next, who answered.
 * Where nothing has called anybody: whether that is known. */
#include "verbs.h"

static const enum sb_field head_fields[] = {
    SB_FIELD_KIND,   SB_FIELD_TITLE,     SB_FIELD_FORUM,  SB_FIELD_LEVEL, SB_FIELD_REALM,
    SB_FIELD_ISSUED, SB_FIELD_ANSWER_BY, SB_FIELD_STARTS, SB_FIELD_JOIN,  SB_FIELD_INCIDENT,
};

struct seats {
    struct sb_asked *asked;
    uint64_t count;
    bool add; /* false: only count */
};

static void number_add(struct sb_record *out, enum sb_field field, uint64_t number)
{
    if (number != 0) {
        sb_record_set_number(out, field, number);
    }
}

static void seat_fill(struct sb_turn *turn, const struct sb_alert *alert, struct sb_record *out)
{
    const struct sb_name *person =
        alert->reached_by.text[0] != '\0' ? &alert->reached_by : &alert->person;

    sb_record_set_name(out, SB_FIELD_ORG, &alert->seat.org);
    sb_record_set_name(out, SB_FIELD_FUNCTION, &alert->seat.function);
    sb_record_set_number(out, SB_FIELD_STATE, (uint64_t)alert->state);
    sb_record_set_number(out, SB_FIELD_LEFT, alert->left);
    sb_record_set_number(out, SB_FIELD_TRIES, alert->tries);
    number_add(out, SB_FIELD_STEP, (uint64_t)alert->step);
    number_add(out, SB_FIELD_STEP_AT,
               alert->due == SB_NEVER_MS ? 0 : sb_turn_wall(turn, alert->due));
    if (person->text[0] != '\0') {
        sb_record_set_name(out, SB_FIELD_PERSON, person);
    }
    number_add(out, SB_FIELD_NOTIFIED_AT, alert->notified_at);
    number_add(out, SB_FIELD_OPENED_AT, alert->opened_at);
    number_add(out, SB_FIELD_ACKED_AT, alert->acked_at);
    number_add(out, SB_FIELD_ANSWER, (uint64_t)alert->answer);
    number_add(out, SB_FIELD_AT, alert->at);
    if (alert->acked_at != 0) {
        sb_record_set_number(out, SB_FIELD_HOLDS_MANDATE, alert->holds_mandate);
    }
}

static void seat_add(struct sb_turn *turn, struct sb_alert *alert, void *with)
{
    struct seats *seats = with;
    const struct sb_judgement judgement = sb_alert_judge(turn, alert);
    char seat[SB_SEAT_SIZE_MAX + 1];
    struct sb_record out = {0};

    seats->count++;
    if (!seats->add) {
        return;
    }
    seat_fill(turn, alert, &out);
    sb_seat_key(&alert->seat, seat);
    sb_record_set_text(&out, SB_FIELD_SEAT, seat);
    sb_record_set_number(&out, SB_FIELD_COLOUR, (uint64_t)judgement.colour);
    sb_record_set_text(&out, SB_FIELD_WORDING, judgement.sv);
    sb_record_set_text(&out, SB_FIELD_NOTICE, judgement.en);
    sb_rows_add(&seats->asked->rows, &out);
}

/* What is wrong here itself, if anything: the head borrows it from `why`. */
static void head_notice(struct sb_turn *turn, struct sb_why *why, struct sb_record *head)
{
    sb_room_say(&turn->txn->room, why);
    if (why->text[0] != '\0') {
        sb_record_set_text(head, SB_FIELD_WORDING, sb_why_sv(why));
        sb_record_set_text(head, SB_FIELD_NOTICE, why->text);
    }
}

/* Nothing has called anybody here. Without a session nobody here knows whether that is all. */
static void quiet_board(struct sb_turn *turn, struct sb_asked *asked)
{
    const struct sb_link *link = turn->agent->link;
    struct sb_record head = {0};
    struct sb_why room = {0};

    head_notice(turn, &room, &head);
    if (link == NULL || sb_link_state(link) != SB_LINK_UP) {
        sb_record_set_text(
            &head, SB_FIELD_WORDING,
            "INGEN FÖRBINDELSE med centralen: det som pågår syns inte här. Ring TiB; "
            "samband check säger mer.");
        sb_record_set_text(&head, SB_FIELD_NOTICE,
                           "NO CONNECTION to the broker: what is going on does not show here. Ring "
                           "TiB; samband check tells more.");
    }
    if (sb_record_has(&head, SB_FIELD_NOTICE)) {
        sb_rows_add(&asked->rows, &head);
    }
}

enum sb_err sb_verb_status(struct sb_turn *turn, struct sb_asked *asked)
{
    struct seats seats = {.asked = asked};
    struct sb_record head = {0};
    struct sb_event event;
    struct sb_hash id;
    const enum sb_err err = sb_asked_event_read(turn, asked, sb_event_alerts, &id, &event);

    if (err == SB_ERR_NOT_FOUND && !sb_record_has(&asked->args, SB_FIELD_EVENT)) {
        asked->why = (struct sb_why){0};
        quiet_board(turn, asked);
        return SB_ERR_OK;
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    const struct sb_group group = sb_group_of(&event.fields);
    sb_concern_each(turn, &id, &group, seat_add, &seats);
    for (unsigned i = 0; i < sizeof head_fields / sizeof head_fields[0]; i++) {
        if (sb_record_has(&event.fields, head_fields[i])) {
            head.at[head_fields[i]] = event.fields.at[head_fields[i]];
        }
    }
    sb_record_set_hash(&head, SB_FIELD_ID, &id);
    sb_record_set_number(&head, SB_FIELD_NUMBER, seats.count);
    struct sb_why room = {0};
    head_notice(turn, &room, &head);
    if (sb_event_recalled(turn->txn, &event)) {
        sb_record_set_number(&head, SB_FIELD_RECALLED, true);
    }
    sb_rows_add(&asked->rows, &head);
    seats.add = true;
    sb_concern_each(turn, &id, &group, seat_add, &seats);
    return SB_ERR_OK;
}
