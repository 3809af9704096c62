/* walk.c: an outgoing stream as what it is: a pure filter of a lane of the log. The same walk
 * sends, sends again, and answers what the chain is at a sequence. It changes no row. */
#include "state.h"

void sb_link_entry(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                   uint64_t index, struct sb_chain_mark *mark, struct sb_buf *packed)
{
    struct sb_log_row row;
    bool found = sb_log_get(turn->txn, index, &row);
    SB_ASSERT(found);
    struct sb_event event = {0};
    struct sb_buf own;
    sb_buf_init(&own, SB_OWN_SIZE_MAX);
    if (sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK) {
        sb_log_own_part(&event, &stream->name.org, &own);
    }
    struct sb_hash id = sb_hash_one("event", row.sealed.header);
    mark->head = sb_chain_next(&mark->head, &id, sb_buf_bytes(&own));
    mark->seq++;
    mark->log_index = index;
    if (packed != NULL) {
        struct sb_entry entry = {.sealed = row.sealed, .own = sb_buf_bytes(&own)};
        sb_entry_pack(packed, &entry);
    }
    sb_buf_finish(&own);
}

bool sb_link_walk(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                  uint64_t seq, struct sb_chain_mark *mark)
{
    struct sb_chain_mark at = *mark;
    while (at.seq < seq) {
        uint64_t index;
        if (!sb_log_lane_next(turn->txn, stream->name.lane, at.log_index + 1, &stream->name.org,
                              &index)) {
            return false;
        }
        sb_link_entry(turn, stream, index, &at, NULL);
    }
    *mark = at;
    return true;
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
