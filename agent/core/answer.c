/* answer.c: a person has acknowledged or answered: the event that says so goes up, the alert's row
 * takes it in, and escalation follows the answer table. Which of several answers stands is reach's
 * rule; all are kept as events. */
#include "answer.h"

#include "ring.h"

/* The function in which a person answers for a seat where they do not say: the seat's own, or that
 * by which it is reached where the person has only that. */
static struct sb_name answer_function(struct sb_turn *turn, const struct sb_alert *alert,
                                      const struct sb_name *person)
{
    const struct sb_roster *roster = turn->agent->config.roster;
    const struct sb_name nothing = {0};
    const struct sb_who who =
        sb_roster_who(roster, &alert->seat.org, &alert->seat.function, &nothing, turn->now);

    for (unsigned i = 0; i < who.count; i++) {
        if (sb_name_equal(&roster->person[who.person[i]].id, person)) {
            return alert->seat.function;
        }
    }
    return alert->seat.via.text[0] != '\0' ? alert->seat.via : alert->seat.function;
}

/* What the alerted event says of itself goes with the answer, so that it can be filed without it.
 */
static void context_take(const struct sb_event *event, struct sb_record *fields)
{
    static const enum sb_field taken[] = {SB_FIELD_INCIDENT, SB_FIELD_FORUM};

    for (unsigned i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (sb_record_has(&event->fields, taken[i])) {
            fields->at[taken[i]] = event->fields.at[taken[i]];
        }
    }
}

static enum sb_err event_send(struct sb_turn *turn, const struct sb_alert *alert,
                              const struct sb_given *given, struct sb_answered *answered,
                              struct sb_why *why)
{
    char seat[SB_SEAT_SIZE_MAX + 1];
    struct sb_record fields = {0};
    struct sb_event event;

    sb_seat_key(&alert->seat, seat);
    const uint64_t met = sb_txn_damages(turn->txn);
    if (sb_agent_read_event(turn->txn, &alert->id, &event)) {
        context_take(&event, &fields);
    } else if (sb_txn_damages(turn->txn) != met) {
        sb_agent_lost(turn, met, "log", seat); /* what a person says counts without the context */
    }
    sb_record_set_number(&fields, SB_FIELD_KIND, (uint64_t)answered->kind);
    sb_record_set_number(&fields, SB_FIELD_REALM, alert->realm);
    sb_record_set_hash(&fields, SB_FIELD_REF, &alert->id);
    sb_record_set_text(&fields, SB_FIELD_SEAT, seat);
    sb_record_set_name(&fields, SB_FIELD_ISSUER, &given->person);
    sb_record_set_name(&fields, SB_FIELD_ISSUER_FUNCTION, &given->function);
    sb_record_set_name(&fields, SB_FIELD_PERSON, &given->person);
    sb_record_set_name(&fields, SB_FIELD_FUNCTION, &given->function);
    sb_record_set_number(&fields, SB_FIELD_HOLDS_MANDATE, sb_mandate_counts(answered->mandate));
    sb_record_set_number(&fields, SB_FIELD_ANSWERED_AT, given->given_at);
    if (alert->level != 0) {
        sb_record_set_number(&fields, SB_FIELD_LEVEL, alert->level);
    }
    if (given->answer != SB_ANSWER_NOTHING) {
        sb_record_set_number(&fields, SB_FIELD_ANSWER, (uint64_t)given->answer);
    }
    if (given->at != 0) {
        sb_record_set_number(&fields, SB_FIELD_AT, given->at);
    }
    if (given->channel.text[0] != '\0') {
        sb_record_set_name(&fields, SB_FIELD_VIA, &given->channel);
    }
    return sb_agent_issue(turn, &alert->seat.org, &fields, &answered->id, why);
}

/* Sufficed before, does not now: the search goes on. Where it never stopped, it just goes on. */
static void go_on(struct sb_turn *turn, struct sb_alert *alert)
{
    if (alert->state == SB_ALERT_ANSWERED) {
        sb_ring_resume(turn, alert);
    } else {
        sb_alert_save(turn, alert);
    }
}

/* While the alert is held nobody is rung: its release will follow the answer. */
static void at_once(struct sb_turn *turn, struct sb_alert *alert)
{
    if (alert->state == SB_ALERT_HELD) {
        sb_alert_save(turn, alert);
    } else {
        sb_ring_next(turn, alert, false);
    }
}

static void deputy(struct sb_turn *turn, struct sb_alert *alert)
{
    if (alert->state == SB_ALERT_HELD) {
        sb_alert_save(turn, alert);
    } else {
        sb_ring_next(turn, alert, true);
    }
}

static void remind(struct sb_turn *turn, struct sb_alert *alert)
{
    sb_ring_stop(turn, alert, true);
}

static void stop(struct sb_turn *turn, struct sb_alert *alert)
{
    sb_ring_stop(turn, alert, false);
}

static void (*const escalations[])(struct sb_turn *, struct sb_alert *) = {
    [SB_ESCALATION_GOES_ON] = go_on, [SB_ESCALATION_AT_ONCE] = at_once,
    [SB_ESCALATION_DEPUTY] = deputy, [SB_ESCALATION_REMINDS] = remind,
    [SB_ESCALATION_STOPS] = stop,
};

static void follow(struct sb_turn *turn, struct sb_alert *alert)
{
    if (alert->state == SB_ALERT_RECALLED || alert->state == SB_ALERT_SUPERSEDED) {
        sb_alert_save(turn, alert);
        return;
    }
    const struct sb_judgement judgement = sb_alert_judge(turn, alert);
    escalations[judgement.escalation](turn, alert);
}

static void trace(struct sb_turn *turn, const struct sb_given *given)
{
    const struct sb_word *word = sb_word_find(SB_FIELD_ANSWER, (unsigned)given->answer);

    sb_effects_trace(turn->effects, "answer %s %s", given->person.text,
                     word == NULL ? "ack" : word->json);
}

/* What stands, as the row has it. */
static struct sb_said standing(const struct sb_alert *alert)
{
    return (struct sb_said){
        .given_at = alert->answered_at,
        .answer = alert->answer,
        .at = alert->at,
        .mandate = alert->holds_mandate ? SB_MANDATE_VALID : SB_MANDATE_NONE,
        .person = alert->reached_by,
        .via = alert->otherwise,
    };
}

/* A time that is yet to come is of our own clock, which was ahead: what is said now is later all
 * the same, as for the broker, who took it as said when it came. TiB's is the broker's. */
static void not_ahead(const struct sb_turn *turn, struct sb_said *said)
{
    if (said->via.text[0] == '\0' && said->given_at > turn->now.wall_ms) {
        said->given_at = turn->now.wall_ms;
    }
}

static void stand(struct sb_alert *alert, const struct sb_said *said)
{
    alert->answered_at = said->given_at;
    alert->answer = said->answer;
    alert->at = said->at;
    alert->holds_mandate = sb_mandate_counts(said->mandate);
    alert->reached_by = said->person;
    alert->otherwise = said->via;
}

/* The row takes it in, and escalation follows. */
static void settle(struct sb_turn *turn, struct sb_alert *alert, const struct sb_said *given)
{
    struct sb_said stands = standing(alert);

    not_ahead(turn, &stands);
    not_ahead(turn, &alert->aside);
    const bool moved = sb_said_take(&stands, &alert->aside, given);
    stand(alert, &stands);
    if (alert->acked_at == 0 || given->given_at < alert->acked_at) {
        alert->acked_at = given->given_at;
    }
    if (moved) {
        follow(turn, alert);
    } else {
        sb_alert_save(turn, alert);
    }
}

/* When an answer was given, as the centre is told. What is typed now is never told as older than
 * what stands of our own: after a clock that was put back the centre would let the older word
 * stand. */
static uint64_t given_at(const struct sb_turn *turn, const struct sb_alert *alert,
                         const struct sb_given *given)
{
    const uint64_t now = turn->now.wall_ms;

    if (given->given_at != 0) {
        return given->given_at > now ? now : given->given_at;
    }
    return alert->otherwise.text[0] == '\0' && alert->answered_at > now ? alert->answered_at : now;
}

void sb_answer_elsewhere(struct sb_turn *turn, struct sb_alert *alert, const struct sb_given *given,
                         bool holds_mandate)
{
    char seat[SB_SEAT_SIZE_MAX + 1];
    const enum sb_mandate_state state =
        sb_mandate_declared(turn, alert, &given->function, given->given_at);
    const struct sb_said said = {
        .given_at = given->given_at,
        .answer = given->answer,
        .at = given->at,
        .mandate = state == SB_MANDATE_VALID && !holds_mandate ? SB_MANDATE_NONE : state,
        .person = given->person,
        .via = given->person.text[0] == '\0' ? given->channel : sb_name(""),
    };

    sb_seat_key(&alert->seat, seat);
    if (given->person.text[0] == '\0') {
        sb_effects_trace(turn->effects, "reached %s via %s", seat, given->channel.text);
    } else {
        trace(turn, given);
        sb_effects_log(turn->effects, SB_LEVEL_INFO, "answered=elsewhere seat=%s person=%s", seat,
                       given->person.text);
        sb_alert_set_answered(turn, alert, &given->person);
    }
    settle(turn, alert, &said);
}

enum sb_err sb_answer_take(struct sb_turn *turn, struct sb_alert *alert,
                           const struct sb_given *given, struct sb_answered *ret_answered,
                           struct sb_why *why)
{
    struct sb_given taken = *given;
    struct sb_answered answered = {.kind = given->answer == SB_ANSWER_NOTHING ? SB_KIND_ACK
                                                                              : SB_KIND_ATTENDANCE};

    if (taken.function.text[0] == '\0') {
        taken.function = answer_function(turn, alert, &taken.person);
    }
    taken.given_at = given_at(turn, alert, given);
    answered.mandate = sb_mandate_of(turn, alert, &taken.person, &taken.function, taken.given_at);
    const struct sb_said said = {
        .given_at = taken.given_at,
        .answer = taken.answer,
        .at = taken.at,
        .mandate = answered.mandate,
        .person = taken.person,
    };
    const enum sb_err err = event_send(turn, alert, &taken, &answered, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    trace(turn, &taken);
    sb_alert_set_answered(turn, alert, &taken.person);
    settle(turn, alert, &said);
    *ret_answered = answered;
    return SB_ERR_OK;
}
