/* verb_ack.c: ack and answer, typed by a duty officer: one event for every seat here that is meant;
 * where it is not said who answers, for those that wait for one and the same person. Late answers
 * and answers to what was recalled are taken, and the reply says so. */
#include "answer.h"
#include "awaited.h"
#include "verbs.h"

#include <string.h>

/* What the request narrows the seats to. */
struct wanted {
    struct sb_asked *asked;
    struct sb_given given;
    struct sb_name org;              /* "": any */
    char seat[SB_SEAT_SIZE_MAX + 1]; /* "": any; "org/function" or "function" */
    bool by_function; /* only seats of given.function: --as names one that is called */
    bool by_awaited;  /* only seats that wait for given.person: the request names nobody */
    struct sb_awaited awaited;
    unsigned met;
    enum sb_err err;
};

static bool seat_fits(const struct wanted *wanted, const struct sb_alert *alert)
{
    const struct sb_name *awaits = sb_alert_awaits(alert);
    char key[SB_SEAT_SIZE_MAX + 1];

    sb_seat_key(&alert->seat, key);
    if (wanted->by_awaited && (awaits == NULL || !sb_name_equal(awaits, &wanted->given.person))) {
        return false;
    }
    if (wanted->org.text[0] != '\0' && !sb_name_equal(&wanted->org, &alert->seat.org)) {
        return false;
    }
    if (wanted->seat[0] != '\0' && strcmp(wanted->seat, key) != 0
        && strcmp(wanted->seat, alert->seat.function.text) != 0) {
        return false;
    }
    return !wanted->by_function || sb_name_equal(&wanted->given.function, &alert->seat.function);
}

static void seat_count(struct sb_turn *turn, struct sb_alert *alert, void *with)
{
    struct wanted *wanted = with;

    (void)turn;
    wanted->met += seat_fits(wanted, alert);
}

static unsigned seats_met(struct sb_turn *turn, const struct sb_hash *id,
                          const struct sb_group *group, struct wanted *wanted)
{
    wanted->met = 0;
    sb_concern_each(turn, id, group, seat_count, wanted);
    return wanted->met;
}

static void seat_await(struct sb_turn *turn, struct sb_alert *alert, void *with)
{
    struct wanted *wanted = with;

    if (seat_fits(wanted, alert)) {
        sb_awaited_add(turn, &wanted->awaited, alert);
    }
}

/* Who answers where the request does not say. */
static enum sb_err person_find(struct sb_turn *turn, const struct sb_hash *id,
                               const struct sb_group *group, struct wanted *wanted)
{
    wanted->awaited = (struct sb_awaited){.function = wanted->given.function};
    sb_concern_each(turn, id, group, seat_await, wanted);
    const enum sb_err err = sb_awaited_check(&wanted->awaited, &wanted->asked->why);
    if (err == SB_ERR_OK) {
        wanted->given.person = wanted->awaited.person;
        wanted->by_awaited = true;
    }
    return err;
}

/* What the person should know besides. */
static const struct {
    enum sb_alert_state state;
    const char *sv, *en;
} notices[] = {
    {SB_ALERT_RECALLED, "återkallad; svaret sparas", "recalled; the answer is kept"},
    {SB_ALERT_SUPERSEDED, "ersatt eller avslutad; svaret sparas",
     "superseded or ended; the answer is kept"},
};

void sb_verb_notice(const struct sb_turn *turn, const struct sb_alert *alert, struct sb_record *row)
{
    const char *sv = NULL;
    const char *en = NULL;

    if (alert->answer_by != 0 && turn->now.wall_ms > alert->answer_by) {
        sv = "efter fristen; svaret räknas";
        en = "after the deadline; the answer counts";
    }
    for (size_t i = 0; i < sizeof notices / sizeof notices[0]; i++) {
        if (alert->state == notices[i].state) {
            sv = notices[i].sv;
            en = notices[i].en;
        }
    }
    if (en != NULL) {
        sb_record_set_text(row, SB_FIELD_WORDING, sv);
        sb_record_set_text(row, SB_FIELD_NOTICE, en);
    }
}

static void row_add(struct sb_turn *turn, const struct wanted *wanted, const struct sb_alert *alert,
                    const struct sb_answered *answered)
{
    char seat[SB_SEAT_SIZE_MAX + 1];
    struct sb_record out = {0};

    sb_seat_key(&alert->seat, seat);
    sb_record_set_hash(&out, SB_FIELD_ID, &answered->id);
    sb_record_set_number(&out, SB_FIELD_KIND, (uint64_t)answered->kind);
    sb_record_set_text(&out, SB_FIELD_SEAT, seat);
    sb_record_set_number(&out, SB_FIELD_REALM, alert->realm);
    sb_record_set_number(&out, SB_FIELD_MANDATE_STATE, (uint64_t)answered->mandate);
    sb_verb_notice(turn, alert, &out);
    sb_rows_add(&wanted->asked->rows, &out);
}

static void seat_answer(struct sb_turn *turn, struct sb_alert *alert, void *with)
{
    struct wanted *wanted = with;
    struct sb_answered answered;

    if (wanted->err != SB_ERR_OK || !seat_fits(wanted, alert)) {
        return;
    }
    wanted->err = sb_answer_take(turn, alert, &wanted->given, &answered, &wanted->asked->why);
    if (wanted->err == SB_ERR_OK) {
        row_add(turn, wanted, alert, &answered);
    }
}

static enum sb_err wanted_read(struct sb_turn *turn, struct sb_asked *asked, enum sb_answer answer,
                               struct wanted *wanted)
{
    const struct sb_bytes seat = sb_record_bytes(&asked->args, SB_FIELD_SEAT);

    *wanted = (struct wanted){.asked = asked, .given.answer = answer};
    if (sb_record_has(&asked->args, SB_FIELD_ORG)) {
        const enum sb_err err = sb_asked_org(turn, asked, &wanted->org);
        if (err != SB_ERR_OK) {
            return err;
        }
    }
    if (seat.size > 0) {
        memcpy(wanted->seat, seat.at, seat.size); /* the field's limit is its room */
    }
    wanted->given.person = sb_record_name(&asked->args, SB_FIELD_PERSON);
    wanted->given.function = sb_record_name(&asked->args, SB_FIELD_FUNCTION);
    wanted->given.at = sb_record_number(&asked->args, SB_FIELD_AT);
    if (wanted->given.person.text[0] != '\0'
        && sb_roster_find(turn->agent->config.roster, &wanted->given.person) < 0) {
        return sb_why_say(&asked->why, SB_ERR_NOT_FOUND, "%s finns inte i bemanningen",
                          "%s is not in the roster", wanted->given.person.text);
    }
    if (answer == SB_ANSWER_AT && wanted->given.at == 0) {
        return sb_why_say(&asked->why, SB_ERR_MISSING, "ansluter vilken tid? ange en tid",
                          "joins at which time? state at");
    }
    return SB_ERR_OK;
}

static enum sb_err give(struct sb_turn *turn, struct sb_asked *asked, enum sb_answer answer)
{
    struct wanted wanted;
    struct sb_hash id;
    enum sb_err err = wanted_read(turn, asked, answer, &wanted);

    if (err == SB_ERR_OK) {
        err = sb_asked_event(turn, asked, sb_event_alerts, &id);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    const struct sb_group group = sb_group_find(turn->txn, &id);
    wanted.by_function = wanted.given.function.text[0] != '\0' && wanted.seat[0] == '\0';
    if (seats_met(turn, &id, &group, &wanted) == 0 && wanted.by_function) {
        wanted.by_function = false; /* --as a function that is not called here: for all seats */
        seats_met(turn, &id, &group, &wanted);
    }
    if (wanted.met == 0) {
        return sb_why_say(
            &asked->why, SB_ERR_NOT_FOUND,
            "posten kallar ingen sådan funktion vid en organisation som agenten tjänar",
            "the event calls no such seat at an organisation that is served here");
    }
    if (wanted.given.person.text[0] == '\0') {
        err = person_find(turn, &id, &group, &wanted);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    sb_concern_each(turn, &id, &group, seat_answer, &wanted);
    return wanted.err;
}

enum sb_err sb_verb_ack(struct sb_turn *turn, struct sb_asked *asked)
{
    return give(turn, asked, SB_ANSWER_NOTHING);
}

enum sb_err sb_verb_answer(struct sb_turn *turn, struct sb_asked *asked)
{
    const uint64_t answer = sb_record_number(&asked->args, SB_FIELD_ANSWER);

    if (answer < SB_ANSWER_YES || answer > SB_ANSWER_NO) {
        return sb_why_say(&asked->why, SB_ERR_VALUE,
                          "svara ja, ansluter TID, ersättare eller nej; %llu är inget av dem",
                          "answer yes, at TIME, deputy or no; %llu is none of them",
                          (unsigned long long)answer);
    }
    return give(turn, asked, (enum sb_answer)answer);
}
