/* greet.c: the agent's side of the handshake: HELLO, WELCOME, and what a REFUSE means. Which
 * position is whose is resume.c's. */
#include "state.h"

#include <string.h>

static void greet(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    if (link->state != SB_LINK_GREETING) {
        link->state = SB_LINK_GREETING;
        link->greeting_ms = turn->now.mono_ms;
    }
}

void sb_link_hello(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    greet(turn);
    link->hello_ms = turn->now.mono_ms;
    link->hello_at_ms = turn->now.mono_ms + SB_HELLO_EVERY_MS;

    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    for (unsigned i = 0; i < link->config.org_count; i++) {
        sb_list_add(&orgs, sb_name_bytes(&link->config.orgs[i]));
    }
    struct sb_buf sending;
    struct sb_buf holding;
    struct sb_buf known;
    sb_buf_init(&sending, SB_FRAME_SIZE_MAX);
    sb_buf_init(&holding, SB_FRAME_SIZE_MAX);
    sb_buf_init(&known, SB_FRAME_SIZE_MAX);
    sb_link_positions(turn, SB_LINK_RECEIPTED, &sending);
    sb_link_positions(turn, SB_LINK_HOLDING, &holding);
    sb_link_positions(turn, SB_LINK_KNOWN, &known);
    for (unsigned i = 0; i < link->stream_count; i++) {
        link->stream[i].announced = link->stream[i].incarnation;
    }
    struct sb_frame hello = {
        .type = SB_FRAME_HELLO,
        .minor = SB_PROTOCOL_MINOR,
        .session = sb_txn_number(turn->txn, SB_TABLE_META, "session"),
        .epoch = sb_txn_number(turn->txn, SB_TABLE_META, "epoch"),
        .orgs = sb_list_bytes(&orgs),
        .sending = sb_buf_bytes(&sending),
        .holding = sb_buf_bytes(&holding),
        .known = sb_buf_bytes(&known),
    };
    sb_link_send(turn, &hello);
    sb_buf_finish(&known);
    sb_buf_finish(&holding);
    sb_buf_finish(&sending);
    sb_list_finish(&orgs);
}

void sb_link_greet_again(const struct sb_link_turn *turn)
{
    uint64_t at = turn->link->hello_ms + SB_HELLO_EVERY_MS;
    if (turn->now.mono_ms >= at) {
        sb_link_hello(turn);
        return;
    }
    greet(turn);
    turn->link->hello_at_ms = at;
}

void sb_link_open(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    SB_ASSERT(link->config.end == SB_LINK_AGENT);
    for (unsigned i = 0; i < link->stream_count; i++) {
        sb_link_stream_reset(turn, &link->stream[i]);
    }
    if (!link->greeted) {
        link->greeted = true;
        link->drained = false;
        link->drain_at_ms = turn->now.mono_ms + SB_DRAIN_MS;
    }
    link->state = SB_LINK_IDLE; /* so that the time of greeting begins anew */
    sb_link_hello(turn);
}

bool sb_link_holds_all(const struct sb_link *link)
{
    for (unsigned i = 0; i < link->stream_count; i++) {
        const struct sb_link_stream *stream = &link->stream[i];
        if (stream->name.lane % 2 == SB_URGENT && stream->held_seq < stream->drain_seq) {
            return false;
        }
    }
    return true;
}

void sb_link_check_drained(struct sb_link *link)
{
    link->drained = link->drained || sb_link_holds_all(link);
}

/* Down, and not again before the other end's operator can have done something about it. */
static void wait_long(const struct sb_link_turn *turn)
{
    sb_link_go_down(turn->link);
    turn->link->hello_at_ms = turn->now.mono_ms + SB_SILENT_AFTER_MS;
}

/* An agent's last refusal stays until a session begins, or something is receipted, so that a person
 * can be told why there is none. `both`: as sb_why_both writes it. */
static void refusal_keep(const struct sb_link_turn *turn, enum sb_err err, struct sb_bytes both)
{
    struct sb_record record = {0};
    struct sb_key key;
    sb_record_set_number(&record, SB_FIELD_ERROR, (uint64_t)err);
    sb_record_set_bytes(&record, SB_FIELD_WHY, both);
    sb_key_init(&key);
    sb_key_add(&key, sb_bytes_str(SB_LINK_REFUSAL));
    sb_row_put(turn->txn, SB_TABLE_META, &key, &record);
}

bool sb_link_refusal(struct sb_txn *txn, struct sb_record *ret_record)
{
    struct sb_bytes value;
    return sb_txn_get(txn, SB_TABLE_META, sb_bytes_str(SB_LINK_REFUSAL), &value)
           && sb_row_read(value, ret_record);
}

void sb_link_reject(const struct sb_link_turn *turn, enum sb_err err, const struct sb_why *why)
{
    struct sb_link *link = turn->link;
    SB_ASSERT(link->config.end == SB_LINK_AGENT);
    sb_link_refuse(turn->effects, link->config.to, sb_link_session(link), err, why);
    if (link->state == SB_LINK_UP) {
        sb_link_greet_again(turn); /* not after a pause: what is wrong may be one frame only */
    }
}

static enum sb_err refuse_epoch(const struct sb_link_turn *turn, const struct sb_frame *welcome,
                                uint64_t seen, struct sb_why *why)
{
    struct sb_why sentence = {0};
    enum sb_err err = sb_why_say(
        &sentence, SB_ERR_STALE,
        "centralens epok är %llu, men %s har sett %llu: en annan central har tagit över, eller så "
        "är dess lagring en gammal kopia; larma driften hos Länsstyrelsen",
        "this broker's term of authority is %llu, but %s has seen %llu: another broker "
        "took over, or this one's store is an old copy; stop it, or restore it with a "
        "new term",
        (unsigned long long)welcome->epoch, turn->link->config.agent.text,
        (unsigned long long)seen);
    sb_txn_count(turn->txn, "link/epoch");
    sb_effects_log(turn->effects, SB_LEVEL_ERROR, "link-epoch agent=%s epoch=%llu seen=%llu",
                   turn->link->config.agent.text, (unsigned long long)welcome->epoch,
                   (unsigned long long)seen);
    sb_link_refuse(turn->effects, turn->link->config.to, welcome->session, err, &sentence);
    char both[SB_WHY_BOTH_SIZE];
    sb_why_both(&sentence, both);
    refusal_keep(turn, err, sb_bytes_str(both));
    wait_long(turn);
    return sb_why_pass(why, err, &sentence);
}

static void begin_session(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    sb_txn_del(turn->txn, SB_TABLE_META, sb_bytes_str(SB_LINK_REFUSAL));
    link->state = SB_LINK_UP;
    link->hello_at_ms = SB_NEVER_MS;
    link->heard_ms = turn->now.mono_ms;
    link->ping_at_ms = turn->now.mono_ms; /* at once: it confirms the session */
    link->receipt_ms = turn->now.mono_ms;
    link->unproven_ms = turn->now.mono_ms; /* a crash may have come between receipt and proof */
    link->drained = false;
    link->drain_at_ms = turn->now.mono_ms + SB_DRAIN_MS;
    sb_link_check_drained(link);
}

enum sb_err sb_link_on_welcome(const struct sb_link_turn *turn, const struct sb_frame *frame,
                               struct sb_why *why)
{
    struct sb_link *link = turn->link;
    uint64_t last = sb_txn_number(turn->txn, SB_TABLE_META, "session");
    uint64_t seen = sb_txn_number(turn->txn, SB_TABLE_META, "epoch");
    if ((link->state != SB_LINK_GREETING && link->state != SB_LINK_UP) || frame->session <= last
        || frame->session <= link->session || frame->session > SB_SESSION_OFFERED_MAX) {
        sb_txn_count(turn->txn, "link/session");
        return sb_why_set(why, SB_ERR_SESSION, "a WELCOME to session %llu; the last one was %llu",
                          (unsigned long long)frame->session, (unsigned long long)last);
    }
    if (frame->epoch < seen) {
        return refuse_epoch(turn, frame, seen, why);
    }
    sb_txn_set_number(turn->txn, SB_TABLE_META, "session", sb_link_durable(frame->session));
    if (frame->epoch > seen) {
        sb_txn_set_number(turn->txn, SB_TABLE_META, "epoch", frame->epoch);
    }
    link->session = frame->session;
    bool believed = sb_link_adopt(turn, frame->sending);
    unsigned opened = sb_link_resume(turn, frame->holding);
    opened += sb_link_hand_back(turn, frame->known);
    if (opened > 0 || !believed) {
        /* The broker must learn the new incarnations, or open one itself, before anything flows. */
        sb_link_greet_again(turn);
        return SB_ERR_OK;
    }
    begin_session(turn);
    return SB_ERR_OK;
}

enum sb_err sb_link_on_refuse(const struct sb_link_turn *turn, const struct sb_frame *frame,
                              struct sb_why *why)
{
    struct sb_link *link = turn->link;
    bool greeting = link->state == SB_LINK_GREETING;
    bool about_us = frame->session == 0 || frame->session == sb_link_session(link)
                    || (greeting && link->config.end == SB_LINK_AGENT);
    if ((link->state != SB_LINK_UP && !greeting) || !about_us) {
        sb_txn_count(turn->txn, "link/session");
        return sb_why_set(why, SB_ERR_SESSION, "a REFUSE of session %llu, which is over",
                          (unsigned long long)frame->session);
    }
    sb_txn_count(turn->txn, "link/refused");
    if (frame->err == SB_ERR_SESSION && link->config.end == SB_LINK_AGENT) {
        if (!greeting) {
            sb_link_greet_again(turn);
        }
        return SB_ERR_OK;
    }
    struct sb_why heard = {0};
    (void)sb_why_take(&heard, frame->err, frame->text);
    sb_effects_log(turn->effects, SB_LEVEL_WARNING, "link-refused agent=%s error=%s why=%s",
                   link->config.agent.text, sb_err_name(frame->err), sb_quoted(heard.text).text);
    if (link->config.end == SB_LINK_AGENT) {
        refusal_keep(turn, frame->err, frame->text);
        if (frame->err != SB_ERR_FULL) { /* FULL is about what was sent, which will go again */
            wait_long(turn);
        }
    } else {
        sb_link_go_down(link);
    }
    return SB_ERR_OK;
}
