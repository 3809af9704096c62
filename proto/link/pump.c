/* pump.c: what a link does at the end of a turn and when time has passed: receipts, DATA, pings,
 * proofs, and what follows from silence. The order is the protocol's: what the other end waits for
 * first, what has priority next. */
#include "state.h"

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A receipt speaks of the row as this turn's commit leaves it. */
static void send_receipts(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    for (unsigned i = 0; i < link->stream_count; i++) {
        struct sb_link_stream *stream = &link->stream[i];
        if (!stream->receipt_due) {
            continue;
        }
        stream->receipt_due = false;
        struct sb_rx_row row = sb_rx_row_get(turn->txn, &stream->name);
        struct sb_frame receipt = {
            .type = SB_FRAME_RECEIPT,
            .session = link->session,
            .at = {.org = stream->name.org,
                   .lane = stream->name.lane,
                   .incarnation = row.incarnation,
                   .seq = row.seq,
                   .head = row.head},
        };
        sb_link_send(turn, &receipt);
        if (link->config.end == SB_LINK_AGENT) {
            link->receipt_ms = turn->now.mono_ms;
            link->unproven_ms = earlier(link->unproven_ms, turn->now.mono_ms);
        }
    }
}

static bool is_overdue(const struct sb_link_stream *stream, struct sb_now now)
{
    return stream->mark_count > 0 && now.mono_ms >= stream->progress_ms + SB_RESEND_AFTER_MS;
}

/* False where a stream did not move however often it was sent again: the two ends do not agree on
 * it, and only a handshake can settle that. */
static bool rewind_overdue(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    for (unsigned i = 0; i < link->stream_count; i++) {
        struct sb_link_stream *stream = &link->stream[i];
        if (!is_overdue(stream, turn->now)) {
            continue;
        }
        sb_txn_count(turn->txn, "link/resend");
        if (stream->resends == SB_RESENDS_MAX) {
            sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                           "link-stuck agent=%s org=%s lane=%s seq=%llu", stream->name.agent.text,
                           stream->name.org.text, sb_lane_name(stream->name.lane),
                           (unsigned long long)stream->acked.seq);
            return false;
        }
        stream->resends++;
        sb_link_rewind(stream);
    }
    return true;
}

/* An agent greets again at once; a broker lets the agent's next frame be refused, after which the
 * agent does. */
static void renew(const struct sb_link_turn *turn)
{
    sb_link_go_down(turn->link);
    if (turn->link->config.end == SB_LINK_AGENT) {
        sb_link_greet_again(turn);
    }
}

static void send_ping(const struct sb_link_turn *turn)
{
    struct sb_frame ping = {
        .type = SB_FRAME_PING,
        .session = turn->link->session,
        .wall_ms = turn->now.wall_ms,
    };
    sb_link_send(turn, &ping);
    turn->link->ping_at_ms = turn->now.mono_ms + SB_PING_EVERY_MS;
}

static void go_silent(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    sb_txn_count(turn->txn, "link/silent");
    sb_link_go_down(link);
    if (link->config.end == SB_LINK_AGENT) {
        link->hello_at_ms = turn->now.mono_ms + SB_SILENT_AFTER_MS; /* should nobody open() it */
        sb_effects_add(turn->effects, SB_EFFECT_REBUILD, 0, sb_bytes(NULL, 0));
    }
}

static void pump_up(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    uint64_t now = turn->now.mono_ms;
    if (now >= link->heard_ms + SB_SILENT_AFTER_MS) {
        go_silent(turn);
        return;
    }
    send_receipts(turn);
    if (!rewind_overdue(turn)) {
        renew(turn);
        return;
    }
    sb_link_send_data(turn);
    if (now >= link->ping_at_ms) {
        send_ping(turn);
    }
    if (now >= sb_link_proof_at_ms(link)) {
        sb_link_prove(turn);
    }
}

/* HELLOs go on while the socket is rebuilt: whichever gets through first is answered. */
static void pump_greeting(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    if (turn->now.mono_ms >= link->greeting_ms + SB_SILENT_AFTER_MS) {
        link->greeting_ms = turn->now.mono_ms;
        sb_txn_count(turn->txn, "link/silent");
        sb_effects_add(turn->effects, SB_EFFECT_REBUILD, 0, sb_bytes(NULL, 0));
    }
    if (turn->now.mono_ms >= link->hello_at_ms) {
        sb_link_hello(turn);
    }
}

void sb_link_pump(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    link->drained = sb_link_drained(link, turn->now);
    switch (link->state) {
    case SB_LINK_IDLE: return;
    case SB_LINK_GREETING: pump_greeting(turn); return;
    case SB_LINK_UP: pump_up(turn); return;
    case SB_LINK_DOWN:
        if (turn->now.mono_ms >= link->hello_at_ms) {
            sb_link_open(turn);
        }
        return;
    }
}

uint64_t sb_link_deadline_ms(const struct sb_link *link)
{
    if (link->state == SB_LINK_GREETING) {
        return earlier(link->hello_at_ms, link->greeting_ms + SB_SILENT_AFTER_MS);
    }
    if (link->state != SB_LINK_UP) {
        return link->hello_at_ms;
    }
    uint64_t at = earlier(link->ping_at_ms, link->heard_ms + SB_SILENT_AFTER_MS);
    at = earlier(at, sb_link_proof_at_ms(link));
    for (unsigned i = 0; i < link->stream_count; i++) {
        const struct sb_link_stream *stream = &link->stream[i];
        if (stream->mark_count > 0) {
            at = earlier(at, stream->progress_ms + SB_RESEND_AFTER_MS);
        }
    }
    return at;
}
