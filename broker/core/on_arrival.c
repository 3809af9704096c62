/* on_arrival.c: an entry that came up: it lies in the log and is receipted whatever it is; here it
 * is judged, and what it says becomes rows. A refused one goes back as a verdict. */
#include "on_arrival.h"

#include "agents.h"
#include "issue.h"
#include "misdeeds.h"
#include "peers.h"
#include "recover.h"
#include "share.h"
#include "waiting.h"

#include <stdio.h>

/* What it is about, and in which incident, was looked up before; there is no more to check. */
static enum sb_err nothing_check(struct sb_arrival *arrival, struct sb_why *why)
{
    (void)arrival;
    (void)why;
    return SB_ERR_OK;
}

static void note_apply(struct sb_arrival *arrival)
{
    (void)arrival;
}

static const struct arrival_kind {
    enum sb_kind kind;
    enum sb_err (*check)(struct sb_arrival *arrival, struct sb_why *why);
    void (*apply)(struct sb_arrival *arrival);
    bool shared; /* the organisation's other agent must know it too */
} kinds[] = {
    {SB_KIND_ACK, sb_answer_check, sb_answer_apply, true},
    {SB_KIND_ATTENDANCE, sb_answer_check, sb_answer_apply, true},
    {SB_KIND_REACH, sb_reach_check, sb_reach_apply, false},
    {SB_KIND_MANDATE, sb_mandate_check, sb_mandate_apply, true},
    {SB_KIND_VERDICT, sb_verdict_check, sb_verdict_apply, false},
    {SB_KIND_REPORT, nothing_check, sb_report_apply, true},
    {SB_KIND_NOTE, nothing_check, note_apply, false},
};

static const struct arrival_kind *kind_find(const struct sb_kind_row *row)
{
    for (size_t i = 0; row != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].kind == row->kind) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* Whether the envelope fits the stream that it came in. */
static enum sb_err envelope_check(const struct sb_broker_event *event, struct sb_why *why)
{
    struct sb_name origin = sb_record_name(&event->event.fields, SB_FIELD_ORIGIN);
    if (!sb_name_equal(&origin, &event->row.at.org)) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "posten är från %s men kom i strömmen från %s",
                          "an event of %s in the stream of %s", origin.text,
                          event->row.at.org.text);
    }
    unsigned lane = sb_lane((unsigned)sb_record_number(&event->event.fields, SB_FIELD_REALM),
                            event->event.kind->urgency);
    if (lane != event->row.at.lane) {
        return sb_why_say(why, SB_ERR_REALM, "posten hör till filen %s men kom i filen %s",
                          "an event of the lane %s in the lane %s", sb_lane_name(lane),
                          sb_lane_name(event->row.at.lane));
    }
    return SB_ERR_OK;
}

/* Signed by whom it says, as of when it came. An organisation may have two agents, and one hands on
 * what the other said: a signer that is not the sender must not be revoked. */
static enum sb_err signer_check(struct sb_broker_turn *turn, const struct sb_broker_event *event,
                                struct sb_why *why)
{
    enum sb_err err =
        sb_event_check_signature(&event->row.sealed, &event->event, &turn->config->root,
                                 event->row.accepted_at, &turn->broker->known, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_cert cert;
    struct sb_record row;
    err = sb_cert_read(event->row.sealed.cert, &turn->config->root, event->row.accepted_at,
                       &turn->broker->known, &cert, why);
    if (err != SB_ERR_OK || sb_name_equal(&cert.subject, &event->row.stream_agent)) {
        return err;
    }
    if (cert.role == SB_ROLE_AGENT
        && sb_broker_row_get_name(turn->txn, SB_TABLE_AGENT, &cert.subject, &row)
        && sb_record_number(&row, SB_FIELD_REVOKED) != 0) {
        return sb_why_say(
            why, SB_ERR_REVOKED,
            "posten är undertecknad av %s, som är spärrad; be Länsstyrelsen om en ny inbjudan",
            "the event was signed by %s, which is revoked; ask for a new invitation",
            cert.subject.text);
    }
    return SB_ERR_OK;
}

/* INCIDENT puts an event into the incident's timeline: it must be one, and of the event's realm. */
static enum sb_err incident_check(struct sb_arrival *arrival, struct sb_why *why)
{
    const struct sb_record *fields = &arrival->event->event.fields;
    struct sb_hash incident;
    struct sb_record head;
    if (!sb_record_hash(fields, SB_FIELD_INCIDENT, &incident)) {
        return SB_ERR_OK;
    }
    if (!sb_case_get(arrival->turn->txn, &incident, &head)
        || sb_record_number(&head, SB_FIELD_KIND) != SB_KIND_INCIDENT) {
        arrival->missing = incident;
        return sb_why_say(why, SB_ERR_NOT_FOUND, "händelsen som posten hör till finns inte",
                          "there is no such incident");
    }
    if (sb_record_number(&head, SB_FIELD_REALM) != sb_record_number(fields, SB_FIELD_REALM)) {
        return sb_why_say(why, SB_ERR_REALM,
                          "händelsen är av en annan typ (SKARPT, ÖVNING eller PROV) än posten",
                          "the incident is in another realm");
    }
    return SB_ERR_OK;
}

/* What the event is about must be known, accepted, and of its realm. */
static enum sb_err about_check(struct sb_arrival *arrival, struct sb_why *why)
{
    const struct sb_record *fields = &arrival->event->event.fields;
    if (!sb_record_hash(fields, SB_FIELD_REF, &arrival->about)) {
        return SB_ERR_OK;
    }
    char id[2 * SB_HASH_SIZE + 1];
    sb_hex_write(sb_hash_bytes(&arrival->about), id);
    arrival->target = sb_broker_event_find_id(arrival->turn->txn, &arrival->about);
    if (arrival->target == NULL || arrival->target->row.verdict != SB_ERR_OK
        || arrival->target->read != SB_ERR_OK) {
        arrival->missing = arrival->about;
        return sb_why_say(why, SB_ERR_NOT_FOUND, "posten %.12s, som detta skulle gälla, finns inte",
                          "there is no event %.12s to be about", id);
    }
    if (sb_record_number(fields, SB_FIELD_REALM)
        != sb_record_number(&arrival->target->event.fields, SB_FIELD_REALM)) {
        return sb_why_say(why, SB_ERR_REALM,
                          "posten %.12s är av en annan typ (SKARPT, ÖVNING eller PROV)",
                          "the event %.12s is in another realm", id);
    }
    return SB_ERR_OK;
}

enum sb_err sb_arrival_seat(struct sb_arrival *arrival, struct sb_why *why)
{
    const struct sb_record *fields = &arrival->event->event.fields;
    struct sb_bytes text = sb_record_bytes(fields, SB_FIELD_SEAT);
    if (arrival->target == NULL) {
        return sb_why_say(why, SB_ERR_NOT_FOUND, "det framgår inte vilken post detta gäller",
                          "it does not say which event it is about");
    }
    struct sb_bytes seats = sb_record_bytes(&arrival->target->event.fields, SB_FIELD_SEATS);
    if (!sb_seats_find(seats, text, &arrival->seat)) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "%.*s är inte kallad av den posten",
                          "%.*s is not called by that event", (int)text.size,
                          (const char *)text.at);
    }
    if (!sb_name_equal(&arrival->seat.org, &arrival->event->row.at.org)) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "%s kan inte svara för %s",
                          "%s cannot answer for %s", arrival->event->row.at.org.text,
                          arrival->seat.org.text);
    }
    return SB_ERR_OK;
}

uint64_t sb_arrival_time(const struct sb_arrival *arrival, enum sb_field field)
{
    uint64_t said = sb_record_number(&arrival->event->event.fields, field);
    uint64_t came = arrival->event->row.accepted_at;
    if (said <= came) {
        return said;
    }
    sb_txn_count(arrival->turn->txn, "broker/clock-ahead");
    return came;
}

void sb_arrival_state(struct sb_arrival *arrival, const struct sb_seat *seat,
                      struct sb_seat_state *ret_state)
{
    const struct sb_log_row *target = &arrival->target->row;
    sb_seat_state_get(arrival->turn->txn, &arrival->about, seat, ret_state);
    if (ret_state->stored_at == 0) {
        ret_state->stored_at =
            sb_agent_holding(arrival->turn->txn, &arrival->event->row.stream_agent, &seat->org,
                             target->at.lane, target->index)
                .stored_at;
    }
}

/* Where it is accepted, *ret_kind says how to apply it. */
static enum sb_err arrival_check(struct sb_arrival *arrival, const struct arrival_kind **ret_kind,
                                 struct sb_why *why)
{
    const struct sb_broker_event *event = arrival->event;
    if (event->read != SB_ERR_OK) {
        *why = event->read_why;
        return event->read;
    }
    enum sb_err err = envelope_check(event, why);
    if (err == SB_ERR_OK) {
        err = signer_check(arrival->turn, event, why);
    }
    SB_ASSERT(event->event.kind != NULL); /* what was read has a kind */
    const struct arrival_kind *kind = kind_find(event->event.kind);
    if (err == SB_ERR_OK && kind == NULL) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "en agent sänder inte poster av slaget " SB_SV,
                          "an agent does not send a " SB_EN, SB_PAIR(*event->event.kind));
    }
    if (err == SB_ERR_OK) {
        err = incident_check(arrival, why);
    }
    if (err == SB_ERR_OK) {
        err = about_check(arrival, why);
    }
    if (err == SB_ERR_OK) {
        *ret_kind = kind;
        err = kind->check(arrival, why);
    }
    return err;
}

/* The realm of the lane: the header of what was refused may not be readable. */
static unsigned lane_realm(unsigned lane)
{
    return SB_REALM_LIVE + lane / 2;
}

static void verdict_send(struct sb_arrival *arrival, enum sb_err err, const struct sb_why *why)
{
    const struct sb_log_row *row = &arrival->event->row;
    struct sb_issuer issuer = {.realm = lane_realm(row->at.lane)};
    struct sb_issue *issue = sb_issue_new(arrival->turn, &issuer);
    struct sb_record fields = {0};
    struct sb_why ignored = {0};
    char both[SB_WHY_BOTH_SIZE];
    sb_why_both(why, both);
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_VERDICT);
    sb_record_set_hash(&fields, SB_FIELD_REF, &arrival->event->event.id);
    sb_record_set_number(&fields, SB_FIELD_REASON_CODE, err);
    sb_record_set_text(&fields, SB_FIELD_TEXT, both);
    sb_issue_to_org(issue, &row->at.org);
    /* The sentence may quote bytes of the peer that are no text; the reason alone always fits. */
    if (sb_issue_draft(issue, &fields, &ignored) != SB_ERR_OK) {
        sb_record_unset(&fields, SB_FIELD_TEXT);
        enum sb_err again = sb_issue_draft(issue, &fields, &ignored);
        SB_ASSERT(again == SB_ERR_OK);
    }
    sb_issue_store(issue);
    sb_issue_destroy(issue);
}

/* Only what an agent that works cannot say: not what came too late, or is about something unknown.
 */
static bool is_misdeed(enum sb_err err)
{
    static const enum sb_err reasons[] = {SB_ERR_MALFORMED, SB_ERR_MISSING,     SB_ERR_VALUE,
                                          SB_ERR_SIGNATURE, SB_ERR_HASH,        SB_ERR_REALM,
                                          SB_ERR_REVOKED,   SB_ERR_NOT_ALLOWED, SB_ERR_TOO_LARGE};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i] == err) {
            return true;
        }
    }
    return false;
}

/* The log line comes once an interval, the row for the board each time. */
static void refused_by_note(struct sb_arrival *arrival, enum sb_err err, const struct sb_why *why)
{
    const struct sb_broker_event *event = arrival->event;
    struct sb_broker_turn *turn = arrival->turn;
    struct sb_peer *peer = sb_peer_get(turn->broker, &event->row.stream_agent, turn->now);
    uint64_t untold;
    char id[2 * SB_HASH_SIZE + 1];
    sb_hex_write(sb_hash_bytes(&event->event.id), id);
    sb_share_spend(turn, peer, SB_WORK_REFUSED);
    if (is_misdeed(err)) {
        sb_misdeed_note(turn, &peer->agent, SB_MISDEED_NOT_ALLOWED, 1, why);
    }
    if (sb_complaint_due(&peer->complaints, err, turn->now.mono_ms, &untold)) {
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "entry-refused agent=%s organisation=%s id=%.12s index=%llu reason=%s "
                       "untold=%llu why=%s",
                       peer->agent.text, event->row.at.org.text, id,
                       (unsigned long long)event->row.index, sb_err_name(err),
                       (unsigned long long)untold, sb_quoted(why->text).text);
    }
}

/* A verdict is never about a verdict: two ends that disagree would go on for ever. */
static void arrival_refuse(struct sb_arrival *arrival, enum sb_err err, const struct sb_why *why)
{
    const struct sb_broker_event *event = arrival->event;
    char counter[64];
    sb_log_set_verdict(arrival->turn->txn, event->row.index, err);
    (void)snprintf(counter, sizeof counter, "broker/entry/%s", sb_err_name(err));
    sb_txn_count(arrival->turn->txn, counter);
    refused_by_note(arrival, err, why);
    if (event->event.kind == NULL || event->event.kind->kind != SB_KIND_VERDICT) {
        verdict_send(arrival, err, why);
    }
}

/* Down the streams of all agents of the organisation, that of the sender too: a stream is a pure
 * filter, and what an agent holds already it recognises. */
static void hand_on(struct sb_arrival *arrival)
{
    const struct sb_log_row *row = &arrival->event->row;
    if (sb_agents_number(arrival->turn->txn, &row->at.org) < 2) {
        return;
    }
    struct sb_list_writer audience;
    sb_list_init(&audience);
    sb_list_add(&audience, sb_name_bytes(&row->at.org));
    sb_log_hand_on(arrival->turn->txn, row->index, sb_list_bytes(&audience));
    sb_list_finish(&audience);
}

/* What it is about may be on its way back: it waits, and is not refused. The organisation's other
 * agent gets it now or never, for what a stream has passed is never changed. */
static bool arrival_wait(struct sb_arrival *arrival, bool again)
{
    const struct sb_broker_event *event = arrival->event;
    if (sb_hash_is_zero(&arrival->missing) || !sb_link_is_restored(arrival->turn->txn)) {
        return false;
    }
    sb_log_set_verdict(arrival->turn->txn, event->row.index, SB_ERR_NOT_FOUND);
    sb_waiting_for_event(arrival->turn, event->row.index, &arrival->missing);
    const struct arrival_kind *kind = kind_find(event->event.kind);
    if (!again && kind != NULL && kind->shared) {
        hand_on(arrival);
    }
    return true;
}

static void arrival_accept(struct sb_arrival *arrival, const struct arrival_kind *kind, bool again)
{
    struct sb_broker_turn *turn = arrival->turn;
    SB_ASSERT(kind != NULL);
    sb_story_add(turn->txn, &arrival->event->event, arrival->event->row.index);
    kind->apply(arrival);
    if (again) {
        sb_log_set_verdict(turn->txn, arrival->event->row.index, SB_ERR_OK);
    } else if (kind->shared) {
        hand_on(arrival);
    }
    if (sb_link_is_restored(turn->txn)) {
        sb_waiting_wake(turn, &arrival->event->event.id);
    }
}

static void arrival_judge(struct sb_arrival *arrival, bool again)
{
    struct sb_why why = {0};
    struct sb_why damage = {0};
    const struct arrival_kind *kind = NULL;
    const uint64_t met = sb_txn_damages(arrival->turn->txn);
    enum sb_err err = arrival_check(arrival, &kind, &why);
    if (sb_txn_excuse(arrival->turn->txn, met, &damage)) {
        err = sb_why_say(&why, SB_ERR_CORRUPT,
                         "centralens lagring är skadad (" SB_SV "), så detta kan inte bedömas",
                         "the broker's store is damaged (" SB_EN "), so this cannot be judged",
                         SB_WHY_PAIR(damage));
        arrival->missing = (struct sb_hash){0};
    }
    if (err == SB_ERR_OK) {
        arrival_accept(arrival, kind, again);
    } else if (!arrival_wait(arrival, again)) {
        arrival_refuse(arrival, err, &why);
    }
}

/* `again`: it waited. `late`: and will wait no longer. */
static void arrive(struct sb_broker_turn *turn, uint64_t index, bool again, bool late)
{
    struct sb_broker_event *event = sb_broker_event_find(turn->txn, index);
    if (event == NULL && again) {
        return; /* damage, which the commit tells */
    }
    SB_ASSERT(event != NULL); /* the link has just stored it */
    struct sb_arrival arrival = {.turn = turn, .event = event};
    if (sb_recover_is_own(&arrival)) {
        sb_recover(&arrival, late);
    } else {
        arrival_judge(&arrival, again);
    }
    sb_broker_event_destroy(arrival.target);
    sb_broker_event_destroy(event);
}

void sb_broker_on_arrival(struct sb_broker_turn *turn, uint64_t index)
{
    arrive(turn, index, false, false);
}

/* What is accepted may be what others waited for. */
void sb_broker_on_waiting(struct sb_broker_turn *turn)
{
    uint64_t index;
    bool more = sb_link_is_restored(turn->txn);
    if (!more) {
        turn->broker->waiting_ms = SB_NEVER_MS;
    }
    while (more) {
        while (sb_waiting_take(turn, &index)) {
            arrive(turn, index, true, false);
        }
        more = sb_waiting_overdue(turn, &index);
        if (more) {
            arrive(turn, index, true, true);
        }
    }
}
