/* on_receipt.c: the other end says what it holds. It is believed only where it names a position
 * that was sent to it in this session, with that position's chain head; anything else changes
 * nothing. */
#include "state.h"

#include <string.h>

static enum sb_err refuse_lie(const struct sb_link_turn *turn, const struct sb_frame *frame,
                              struct sb_why *why)
{
    sb_txn_count(turn->txn, "link/receipt-lie");
    return sb_why_set(why, SB_ERR_CHAIN,
                      "agent %s, %s, %s: a receipt for %llu, which was not sent like that",
                      turn->link->config.agent.text, frame->at.org.text,
                      sb_lane_name(frame->at.lane), (unsigned long long)frame->at.seq);
}

/* The sender's own mark at the receipt's sequence. After a rewind it may lie past what is in flight
 * again: then the log tells. */
static bool find_mark(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                      uint64_t seq, struct sb_chain_mark *ret_mark)
{
    if (seq == stream->acked.seq) {
        *ret_mark = stream->acked;
        return true;
    }
    if (seq <= stream->sent.seq) {
        *ret_mark = stream->mark[seq - stream->acked.seq - 1].after;
        SB_ASSERT(ret_mark->seq == seq);
        return true;
    }
    if (seq > stream->newest_seq) {
        return false;
    }
    *ret_mark = stream->sent;
    return sb_link_walk(turn, stream, seq, ret_mark);
}

static void drop_marks(struct sb_link_stream *stream, uint64_t seq)
{
    size_t done = 0;
    while (done < stream->mark_count && stream->mark[done].after.seq <= seq) {
        stream->flight_size -= stream->mark[done].size;
        done++;
    }
    stream->mark_count -= done;
    if (done > 0 && stream->mark_count > 0) {
        memmove(stream->mark, stream->mark + done, stream->mark_count * sizeof *stream->mark);
    }
}

static void advance(const struct sb_link_turn *turn, struct sb_link_stream *stream,
                    const struct sb_chain_mark *mark)
{
    struct sb_tx_row row;
    if (!sb_tx_row_get(turn->txn, &stream->name, &row)) {
        sb_txn_damage(turn->txn, "vad agenten %s har av %s, %s, saknas eller är skadat",
                      "what agent %s holds of %s, %s, is missing or damaged",
                      stream->name.agent.text, stream->name.org.text,
                      sb_lane_name(stream->name.lane));
        return;
    }
    SB_ASSERT(row.incarnation == stream->incarnation);
    sb_tx_row_advance(&row, mark, turn->now.wall_ms);
    sb_tx_row_put(turn->txn, &stream->name, &row);
    if (turn->link->config.end == SB_LINK_AGENT) { /* what was too much is taken after all */
        sb_txn_del(turn->txn, SB_TABLE_META, sb_bytes_str(SB_LINK_REFUSAL));
    }
    stream->acked = *mark;
    stream->progress_ms = turn->now.mono_ms;
    stream->resends = 0;
    drop_marks(stream, mark->seq);
    if (mark->seq > stream->sent.seq) {
        sb_link_rewind(stream);
    }
}

/* Nothing new is held although something is in flight: the receiver missed some and asks again. */
static void ask_again(const struct sb_link_turn *turn, struct sb_link_stream *stream)
{
    if (stream->mark_count > 0 && turn->now.mono_ms >= stream->rewound_ms + SB_REWIND_EVERY_MS) {
        sb_txn_count(turn->txn, "link/again");
        stream->rewound_ms = turn->now.mono_ms;
        sb_link_rewind(stream);
    }
}

enum sb_err sb_link_on_receipt(const struct sb_link_turn *turn, const struct sb_frame *frame,
                               struct sb_why *why)
{
    struct sb_link_stream *stream = sb_link_stream_find(turn->link, &frame->at.org, frame->at.lane);
    struct sb_chain_mark mark;
    if (stream == NULL || frame->at.incarnation != stream->incarnation) {
        return refuse_lie(turn, frame, why);
    }
    if (frame->at.seq < stream->acked.seq) {
        return SB_ERR_OK; /* an older one, overtaken */
    }
    if (!find_mark(turn, stream, frame->at.seq, &mark)
        || !sb_hash_equal(&mark.head, &frame->at.head)) {
        return refuse_lie(turn, frame, why);
    }
    if (mark.seq == stream->acked.seq) {
        ask_again(turn, stream);
    } else {
        advance(turn, stream, &mark);
    }
    return SB_ERR_OK;
}
