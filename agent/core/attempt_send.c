/* attempt_send.c: the request "attempt" to samband-channel: what the person is told. The one place
 * where contact data leaves the roster; it goes nowhere else, and not into the log. */
#include "attempt_send.h"

/* What the channel's program is told of the event. */
static const enum sb_field told_fields[] = {
    SB_FIELD_REALM, SB_FIELD_FORUM,  SB_FIELD_TITLE,     SB_FIELD_TEXT,
    SB_FIELD_JOIN,  SB_FIELD_STARTS, SB_FIELD_ANSWER_BY, SB_FIELD_LEVEL,
};

static void fields_take(const struct sb_record *from, struct sb_record *to)
{
    for (unsigned i = 0; i < sizeof told_fields / sizeof told_fields[0]; i++) {
        if (sb_record_has(from, told_fields[i])) {
            to->at[told_fields[i]] = from->at[told_fields[i]];
        }
    }
}

/* The event's own fields, or of one that is told: those of the alerted event with its own above
 * them, so that a recall says what is recalled. `event` is read into twice; the fields borrow from
 * the store, not from it. False where the event cannot be read. */
static bool content_take(struct sb_turn *turn, const struct sb_attempt *attempt,
                         struct sb_event *event, struct sb_record *args)
{
    if (!sb_agent_read_event(turn->txn, &attempt->alert, event)) {
        return false;
    }
    fields_take(&event->fields, args);
    if (sb_attempt_rings(attempt)) {
        return true;
    }
    if (!sb_agent_read_event(turn->txn, &attempt->told, event)) {
        return false;
    }
    fields_take(&event->fields, args);
    return true;
}

/* The same, where the store has the event: without it nobody is rung with nothing to say. */
static bool content_find(struct sb_turn *turn, const struct sb_attempt *attempt,
                         struct sb_event *event, struct sb_record *args)
{
    const uint64_t met = sb_txn_damages(turn->txn);
    const bool whole = content_take(turn, attempt, event, args);

    if (sb_txn_damages(turn->txn) != met) {
        sb_agent_lost(turn, met, "log", attempt->key);
        return false;
    }
    return whole;
}

/* Who is rung after a correction is told what is right now. */
static void correction_take(struct sb_turn *turn, const struct sb_attempt *attempt,
                            struct sb_event *event, struct sb_record *args)
{
    struct sb_alert alert;

    if (!sb_attempt_rings(attempt)
        || !sb_alert_find(turn->txn, &attempt->alert, &attempt->seat, &alert) || !alert.corrected
        || !sb_agent_read_event(turn->txn, &alert.correction, event)) {
        return;
    }
    fields_take(&event->fields, args);
}

static const struct sb_roster_channel *channel_find(const struct sb_roster_person *person,
                                                    const struct sb_attempt *attempt)
{
    if (attempt->position < person->channel_count
        && sb_name_equal(&person->channel[attempt->position].kind, &attempt->channel)) {
        return &person->channel[attempt->position];
    }
    return NULL;
}

static void args_add(const struct sb_attempt *attempt, const struct sb_roster_person *person,
                     const struct sb_roster_channel *channel, struct sb_record *args)
{
    sb_record_set_text(args, SB_FIELD_ATTEMPT, attempt->key);
    sb_record_set_hash(args, SB_FIELD_ID, &attempt->told);
    sb_record_set_number(args, SB_FIELD_KIND, attempt->kind);
    sb_record_set_text(args, SB_FIELD_SEAT, attempt->text);
    sb_record_set_name(args, SB_FIELD_PERSON, &attempt->person);
    sb_record_set_text(args, SB_FIELD_NAME, person->name);
    sb_record_set_name(args, SB_FIELD_CHANNEL, &attempt->channel);
    sb_record_set_text(args, SB_FIELD_CONTACT, channel->contact);
    if (attempt->sent) {
        sb_record_set_number(args, SB_FIELD_REPEAT, true);
    }
}

/* The largest event leaves no room for its own request: then the long fields stay behind, and the
 * person is told where they are. */
static void request_write(const uint8_t id[SB_REQUEST_ID_SIZE], struct sb_record *args,
                          struct sb_buf *buf)
{
    const struct sb_name verb = sb_name("attempt");

    sb_request_write(id, &verb, args, NULL, buf);
    if (!buf->overflow) {
        return;
    }
    sb_record_unset(args, SB_FIELD_TEXT);
    sb_record_unset(args, SB_FIELD_JOIN);
    sb_record_set_text(args, SB_FIELD_NOTICE, "too long for a channel: read it with samband show");
    sb_buf_clear(buf);
    sb_request_write(id, &verb, args, NULL, buf);
    SB_ASSERT(!buf->overflow);
}

static void effect_add(struct sb_turn *turn, struct sb_record *args)
{
    uint8_t id[SB_REQUEST_ID_SIZE];
    struct sb_buf buf;

    sb_entropy_take(turn->entropy, id, sizeof id);
    sb_buf_init(&buf, SB_ORDER_SIZE_MAX);
    request_write(id, args, &buf);
    sb_effects_add(turn->effects, SB_EFFECT_ATTEMPT, turn->agent->channel, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

static void mark_sent(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    struct sb_attempt sent = *attempt;

    if (attempt->sent) {
        sb_txn_count(turn->txn, "attempts/repeated");
        sb_effects_trace(turn->effects, "repeat %s", attempt->key);
        return;
    }
    sent.sent = true;
    sb_attempt_save(turn, &sent);
}

void sb_attempt_send(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    const struct sb_roster *roster = turn->agent->config.roster;
    const int person = sb_roster_find(roster, &attempt->person);
    const struct sb_roster_channel *channel =
        person < 0 ? NULL : channel_find(&roster->person[person], attempt);
    struct sb_record args = {0};
    struct sb_event event;

    if (channel == NULL || !content_find(turn, attempt, &event, &args)) {
        enum sb_err err = sb_attempt_result(turn, attempt->key, SB_RESULT_FAILED, NULL);
        SB_ASSERT(err == SB_ERR_OK);
        return;
    }
    correction_take(turn, attempt, &event, &args);
    args_add(attempt, &roster->person[person], channel, &args);
    effect_add(turn, &args);
    mark_sent(turn, attempt);
}
