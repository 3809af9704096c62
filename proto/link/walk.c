/* walk.c: an outgoing stream as what it is: a pure filter of a lane of the log. The same walk
 * sends, sends again, and answers what the chain is at a sequence. It changes no row. */
#include "state.h"

bool sb_link_next(struct sb_link_shared *shared, struct sb_txn *txn,
                  const struct sb_link_stream *stream, uint64_t from)
{
    for (; sb_link_shared_read(shared, txn, stream->name.lane, from); from = shared->index + 1) {
        if (sb_list_has(shared->audience, sb_name_bytes(&stream->name.org))) {
            return true;
        }
    }
    return false;
}

/* Reads for itself: what the pumps share is from the turn before. */
bool sb_link_walk(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                  uint64_t seq, struct sb_chain_mark *mark)
{
    if (mark->seq >= seq) {
        return true;
    }
    struct sb_link_shared *shared = sb_link_shared_new();
    sb_link_shared_begin(shared, turn->txn);
    struct sb_chain_mark at = *mark;
    while (at.seq < seq && sb_link_next(shared, turn->txn, stream, at.log_index + 1)) {
        struct sb_buf own;
        sb_buf_init(&own, SB_OWN_SIZE_MAX);
        sb_link_shared_entry(shared, &stream->name.org, &at, &own);
        sb_buf_finish(&own);
    }
    sb_link_shared_tell(shared, turn);
    sb_link_shared_destroy(shared);
    bool whole = at.seq == seq;
    if (whole) {
        *mark = at;
    }
    return whole;
}

uint64_t sb_link_newest(const struct sb_link_turn *turn, const struct sb_link_stream *stream)
{
    uint64_t seq = stream->acked.seq;
    uint64_t index = stream->acked.log_index;
    while (sb_log_lane_next(turn->txn, stream->name.lane, index + 1, &stream->name.org, &index)) {
        seq++;
    }
    return seq;
}

void sb_link_rewind(struct sb_link_stream *stream)
{
    stream->sent = stream->acked;
    stream->next_index = stream->acked.log_index + 1;
    stream->mark_count = 0;
    stream->flight_size = 0;
}
