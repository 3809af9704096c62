/* on_frame.c: a frame from an agent: is it let in, whose session is it, then the link's. */
#include "misdeeds.h"
#include "peers.h"
#include "rows.h"
#include "share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a refusal says about the agent; 0: nothing that a person need know. */
static unsigned misdeed_of(enum sb_frame_type type, enum sb_err err)
{
    static const struct {
        enum sb_frame_type type; /* 0: any */
        enum sb_err err;
        enum sb_misdeed misdeed;
    } rows[] = {
        {SB_FRAME_RECEIPT, SB_ERR_CHAIN, SB_MISDEED_FALSE_RECEIPT},
        {SB_FRAME_PROOF, SB_ERR_SIGNATURE, SB_MISDEED_FALSE_PROOF},
        {SB_FRAME_HELLO, SB_ERR_STALE, SB_MISDEED_STALE},
        {SB_FRAME_HELLO, SB_ERR_VALUE, SB_MISDEED_NOT_HELD},
        {0, SB_ERR_NOT_ALLOWED, SB_MISDEED_NOT_SERVED},
        {0, SB_ERR_MALFORMED, SB_MISDEED_UNREADABLE},
        {0, SB_ERR_TOO_LARGE, SB_MISDEED_UNREADABLE},
        {0, SB_ERR_VERSION, SB_MISDEED_UNREADABLE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].err == err && (rows[i].type == 0 || rows[i].type == type)) {
            return rows[i].misdeed;
        }
    }
    return 0;
}

/* A refusal costs the broker an answer, and is noted where it says something about the agent. */
static void refusal_note(struct sb_broker_turn *turn, struct sb_peer *peer, enum sb_frame_type type,
                         enum sb_err err, const struct sb_why *why)
{
    sb_share_spend(turn, peer, SB_WORK_REFUSED);
    unsigned misdeed = peer == NULL ? 0 : misdeed_of(type, err);
    if (misdeed != 0) {
        sb_misdeed_note(turn, &peer->agent, (enum sb_misdeed)misdeed, 1, why);
    }
}

/* The frame is refused as a whole: counted, logged once an interval, and the peer told. `peer`
 * NULL: it is nobody's. */
static void frame_refuse(struct sb_broker_turn *turn, const struct sb_broker_input *input,
                         struct sb_peer *peer, const char *counter, enum sb_err err,
                         const struct sb_why *why)
{
    struct sb_complaints *complaints = peer == NULL ? &turn->broker->strangers : &peer->complaints;
    uint64_t untold;
    sb_txn_count(turn->txn, counter);
    if (sb_complaint_due(complaints, err, turn->now.mono_ms, &untold)) {
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "frame-refused user=%s reason=%s untold=%llu why=%s", input->user.text,
                       sb_err_name(err), (unsigned long long)untold, sb_quoted(why->text).text);
    }
    sb_link_refuse(turn->effects, input->from, 0, err, why);
    refusal_note(turn, peer, 0, err, why);
}

/* The agent that ZAP named, as it is enrolled now: revocation holds from the next message on. */
static enum sb_err agent_admit(struct sb_broker_turn *turn, const struct sb_broker_input *input,
                               struct sb_name *ret_agent, struct sb_record *ret_row,
                               struct sb_why *why)
{
    if (!sb_broker_user_read(&input->user, "a:", ret_agent)) {
        return sb_why_say(
            why, SB_ERR_NOT_ALLOWED,
            "bara en inskriven agent talar på länken; be Länsstyrelsen om en inbjudan",
            "only an enrolled agent speaks on the link; ask for an invitation");
    }
    if (input->replaced) {
        return sb_why_say(why, SB_ERR_REVOKED,
                          "agenten %s har skrivits in på nytt med andra nycklar än denna "
                          "förbindelses; starta den med de nya",
                          "the agent %s has joined anew, with other keys than this connection's; "
                          "start it with the new ones",
                          ret_agent->text);
    }
    if (!sb_broker_row_get_name(turn->txn, SB_TABLE_AGENT, ret_agent, ret_row)) {
        return sb_why_say(why, SB_ERR_NOT_FOUND,
                          "det finns ingen agent %s; be Länsstyrelsen om en inbjudan",
                          "there is no agent %s; ask for an invitation", ret_agent->text);
    }
    if (sb_record_number(ret_row, SB_FIELD_REVOKED) != 0) {
        return sb_why_say(why, SB_ERR_REVOKED,
                          "agenten %s är spärrad; be Länsstyrelsen om en ny inbjudan",
                          "the agent %s is revoked; ask for a new invitation", ret_agent->text);
    }
    return SB_ERR_OK;
}

static bool session_has(const struct sb_session *session, const struct sb_name *org)
{
    for (unsigned i = 0; i < session->org_count; i++) {
        if (sb_name_equal(&session->org[i], org)) {
            return true;
        }
    }
    return false;
}

/* Fills the session with whom HELLO speaks for: each once, and all of them must be the agent's. */
static enum sb_err hello_orgs(const struct sb_frame *hello, const struct sb_cert *cert,
                              struct sb_session *session, struct sb_why *why)
{
    struct sb_list_reader reader = sb_list_read(hello->orgs);
    struct sb_bytes text;
    while (sb_list_next(&reader, &text)) {
        struct sb_name org;
        if (!sb_name_read(text, &org) || session->org_count == SB_ORGS_PER_AGENT_MAX) {
            return sb_why_say(why, SB_ERR_MALFORMED,
                              "agenten nämner ingen eller för många organisationer",
                              "HELLO names no or too many organisations");
        }
        if (session_has(session, &org)) {
            return sb_why_say(why, SB_ERR_MALFORMED, "agenten nämner organisationen %s två gånger",
                              "HELLO names the organisation %s twice", org.text);
        }
        if (!sb_cert_serves(cert, &org)) {
            return sb_why_say(
                why, SB_ERR_NOT_ALLOWED,
                "agenten %s tjänar inte %s; be Länsstyrelsen om en inbjudan som omfattar den",
                "the agent %s does not serve %s; invite it for that organisation too",
                cert->subject.text, org.text);
        }
        session->org[session->org_count++] = org;
    }
    if (session->org_count == 0) {
        return sb_why_say(why, SB_ERR_MALFORMED, "agenten talar inte för någon organisation",
                          "HELLO speaks for no organisation");
    }
    return SB_ERR_OK;
}

static void session_destroy(struct sb_session *session)
{
    sb_link_destroy(session->link);
    free(session);
}

/* What came up from an organisation stands in its agents' streams now, behind what those hold:
 * each must greet again. */
static void others_greet_again(struct sb_broker_turn *turn, const struct sb_session *session)
{
    for (size_t i = 0; sb_link_gave(session->link) && i < turn->broker->peer_count; i++) {
        struct sb_peer *peer = turn->broker->peer[i];
        bool shares = false;
        for (unsigned org = 0; peer->session != NULL && org < session->org_count; org++) {
            shares = shares || session_has(peer->session, &session->org[org]);
        }
        if (shares && peer->session != session) {
            sb_peer_close(peer);
        }
    }
}

/* HELLO was accepted: it replaces what the agent had. */
static void session_take(struct sb_broker_turn *turn, struct sb_peer *peer,
                         struct sb_session *session)
{
    if (peer->session != NULL && peer->session->from != session->from) {
        sb_effects_add(turn->effects, SB_EFFECT_DROP, peer->session->from, sb_bytes(NULL, 0));
    }
    sb_peer_close(peer);
    peer->session = session;
    others_greet_again(turn, session);
    struct sb_record row; /* read anew: accepting has changed it */
    bool found = sb_broker_row_get_name(turn->txn, SB_TABLE_AGENT, &peer->agent, &row);
    SB_ASSERT(found);
    sb_record_set_number(&row, SB_FIELD_HEARD_AT, turn->now.wall_ms);
    sb_broker_row_put_name(turn->txn, SB_TABLE_AGENT, &peer->agent, &row);
    sb_effects_log(turn->effects, SB_LEVEL_INFO, "agent-up agent=%s session=%llu organisations=%u",
                   peer->agent.text, (unsigned long long)sb_link_session(session->link),
                   session->org_count);
}

/* Sends its own refusals where the session is not let in; the link sends those of its own. */
static void on_hello(struct sb_broker_turn *turn, const struct sb_broker_input *input,
                     struct sb_peer *peer, const struct sb_record *row,
                     const struct sb_frame *frame)
{
    struct sb_why why = {0};
    struct sb_cert cert;
    enum sb_err err = sb_cert_read(sb_record_bytes(row, SB_FIELD_CERT), &turn->config->root,
                                   turn->now.wall_ms, &turn->broker->known, &cert, &why);
    if (err != SB_ERR_OK) {
        frame_refuse(turn, input, peer, "broker/certificate", err, &why);
        return;
    }
    struct sb_session *session = sb_alloc(1, sizeof *session);
    session->from = input->from;
    err = hello_orgs(frame, &cert, session, &why);
    if (err != SB_ERR_OK) {
        frame_refuse(turn, input, peer,
                     err == SB_ERR_NOT_ALLOWED ? "broker/not-served" : "broker/malformed", err,
                     &why);
        free(session);
        return;
    }
    session->machine_key = cert.machine;
    struct sb_link_config config = {.end = SB_LINK_BROKER,
                                    .agent = peer->agent,
                                    .to = input->from,
                                    .orgs = session->org,
                                    .org_count = session->org_count,
                                    .machine_key = &session->machine_key,
                                    .shared = turn->broker->shared,
                                    .issuer = turn->config->org,
                                    .window = {turn->config->window[0], turn->config->window[1]},
                                    .epoch = sb_txn_number(turn->txn, SB_TABLE_META, "epoch")};
    session->link = sb_link_new(&config);
    /* Not after `org replace` or joining anew: then another store was let in on purpose. */
    const bool believed = sb_record_number(row, SB_FIELD_CONFIRMED) != 0;
    const struct sb_link_turn link = sb_broker_link_turn(turn, session);
    err = sb_link_accept(&link, frame, &why);
    if (err != SB_ERR_OK) {
        sb_txn_count(turn->txn, "broker/hello-refused");
        uint64_t untold;
        if (sb_complaint_due(&peer->complaints, err, turn->now.mono_ms, &untold)) {
            sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                           "hello-refused agent=%s reason=%s untold=%llu why=%s", peer->agent.text,
                           sb_err_name(err), (unsigned long long)untold, sb_quoted(why.text).text);
        }
        session_destroy(session);
        refusal_note(turn, peer, SB_FRAME_HELLO, err, &why);
        return;
    }
    if (sb_link_opened(session->link) > 0 && believed) {
        (void)sb_why_say(
            &why, SB_ERR_STALE,
            "%u av dess strömmar börjar om; är lagret återställt från en säkerhetskopia?",
            "%u of its streams begin anew; was its store restored from a backup?",
            sb_link_opened(session->link));
        sb_misdeed_note(turn, &peer->agent, SB_MISDEED_NOT_HELD, 1, &why);
    }
    session_take(turn, peer, session);
}

/* The agent greets again. A refusal is never answered, or two ends would go on for ever; but what
 * it says is for the operator here, session or not. */
static void session_unknown(struct sb_broker_turn *turn, uint64_t from, struct sb_peer *peer,
                            const struct sb_frame *frame, const struct sb_why *why)
{
    uint64_t untold;
    if (frame->type != SB_FRAME_REFUSE) {
        sb_link_refuse(turn->effects, from, frame->session, SB_ERR_SESSION, why);
    } else if (sb_complaint_due(&peer->complaints, frame->err, turn->now.mono_ms, &untold)) {
        struct sb_why said = {0};
        (void)sb_why_take(&said, frame->err, frame->text);
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "link-refused agent=%s error=%s untold=%llu why=%s", peer->agent.text,
                       sb_err_name(frame->err), (unsigned long long)untold,
                       sb_quoted(said.text).text);
    }
}

static void on_session_frame(struct sb_broker_turn *turn, struct sb_peer *peer,
                             const struct sb_frame *frame)
{
    struct sb_why why = {0};
    struct sb_arrivals arrivals = {.count = 0};
    if (frame->type == SB_FRAME_DATA && !sb_share_keeps(turn, peer)) {
        return;
    }
    const struct sb_link_turn link = sb_broker_link_turn(turn, peer->session);
    enum sb_err err = sb_link_on_frame(&link, frame, &arrivals, &why);
    uint64_t untold;
    if (err != SB_ERR_OK && sb_complaint_due(&peer->complaints, err, turn->now.mono_ms, &untold)) {
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "frame-refused agent=%s frame=%s reason=%s untold=%llu why=%s",
                       peer->agent.text, sb_frame_name(frame->type), sb_err_name(err),
                       (unsigned long long)untold, sb_quoted(why.text).text);
    }
    if (err == SB_ERR_SESSION) {
        session_unknown(turn, peer->session->from, peer, frame, &why);
    }
    if (err != SB_ERR_OK) {
        refusal_note(turn, peer, frame->type, err, &why);
    }
    if (frame->type == SB_FRAME_DATA && (err == SB_ERR_OK || arrivals.count > 0)) {
        sb_budget_keep(&peer->share.budget,
                       frame->entries.size + (uint64_t)arrivals.count * SB_KEPT_BESIDE);
    }
    for (unsigned i = 0; i < arrivals.count; i++) {
        sb_broker_on_arrival(turn, arrivals.index[i]);
    }
}

/* What reading it costs; what is refused of it costs more. */
static unsigned frame_work(const struct sb_frame *frame)
{
    if (frame->type == SB_FRAME_HELLO) {
        return SB_WORK_HELLO;
    }
    unsigned entries = frame->type == SB_FRAME_DATA ? sb_views_read(frame->entries).left : 0;
    return entries > 1 ? entries : 1;
}

void sb_broker_on_frame(struct sb_broker_turn *turn, const struct sb_broker_input *input)
{
    struct sb_why why = {0};
    struct sb_name agent = {{0}};
    struct sb_record row;
    struct sb_frame frame;
    enum sb_err err = agent_admit(turn, input, &agent, &row, &why);
    if (err != SB_ERR_OK && !sb_share_admits(turn, NULL)) {
        return;
    }
    if (err != SB_ERR_OK) {
        frame_refuse(turn, input, NULL, "broker/not-admitted", err, &why);
        sb_peers_gone(turn->broker, input->from);
        sb_effects_add(turn->effects, SB_EFFECT_DROP, input->from, sb_bytes(NULL, 0));
        return;
    }
    struct sb_peer *peer = sb_peer_get(turn->broker, &agent, turn->now);
    sb_peer_heard(turn, peer);
    if (!sb_share_admits(turn, peer)) {
        return;
    }
    err = sb_frame_read(input->bytes, &frame, &why);
    sb_share_spend(turn, peer, err == SB_ERR_OK ? frame_work(&frame) : 1);
    if (err != SB_ERR_OK) {
        frame_refuse(turn, input, peer,
                     err == SB_ERR_TOO_LARGE ? "broker/too-large" : "broker/malformed", err, &why);
    } else if (frame.type == SB_FRAME_HELLO) {
        on_hello(turn, input, peer, &row, &frame);
    } else if (peer->session == NULL || peer->session->from != input->from) {
        sb_txn_count(turn->txn, "broker/session");
        (void)sb_why_set(&why, SB_ERR_SESSION, "no session of %s is known here; greet again",
                         agent.text);
        sb_share_spend(turn, peer, SB_WORK_REFUSED);
        session_unknown(turn, input->from, peer, &frame, &why);
    } else {
        on_session_frame(turn, peer, &frame);
    }
}
