/* send.c: DATA. Lanes in strict priority, organisations in turn, as much as the windows allow. What
 * an entry is stands in shared.c. */
#include "samband/cursor.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

/* Array header, position and frame around the entries. */
#define DATA_ROOM (SB_FRAME_SIZE_MAX - 512)

static_assert(SB_ENTRY_SIZE_MAX <= DATA_ROOM, "any entry goes alone into a frame");

/* One DATA frame in the making. */
struct batch {
    struct sb_buf entries;
    unsigned count;
    uint64_t first_seq;
    struct sb_hash head; /* before the first */
};

/* What is in flight in a lane and in those of its class that go before it: bytes of a lower lane
 * never hold up a higher one, whatever became of their receipts. */
static size_t flight_size(const struct sb_link *link, unsigned lane)
{
    size_t size = 0;
    for (unsigned i = 0; i < link->stream_count; i++) {
        const struct sb_link_stream *stream = &link->stream[i];
        if (stream->name.lane <= lane && stream->name.lane % 2 == lane % 2) {
            size += stream->flight_size;
        }
    }
    return size;
}

static size_t window_size(const struct sb_link *link, unsigned lane)
{
    const size_t wanted = link->config.window[lane % 2 == SB_URGENT ? 0 : 1];
    if (wanted > 0) {
        return wanted;
    }
    return lane % 2 == SB_URGENT ? SB_WINDOW_BYTES_URGENT : SB_WINDOW_BYTES_BULK;
}

static void mark_add(struct sb_link_stream *stream, const struct sb_link_mark *mark)
{
    stream->mark =
        sb_alloc_more(stream->mark, stream->mark_count, &stream->mark_room, sizeof *stream->mark);
    stream->mark[stream->mark_count++] = *mark;
    stream->flight_size += mark->size;
}

static struct sb_link_shared *shared_of(const struct sb_link *link)
{
    return link->config.shared != NULL ? link->config.shared : link->own_shared;
}

static bool batch_has_room(const struct sb_link *link, const struct batch *batch, unsigned lane,
                           size_t size)
{
    size_t flight = flight_size(link, lane);
    return batch->entries.size + size <= DATA_ROOM
           && (flight == 0 || flight + size <= window_size(link, lane));
}

/* Adds the stream's next entry to the batch. False where there is none, or no room for it in the
 * frame or the window. */
static bool batch_add(const struct sb_link_turn *turn, struct sb_link_stream *stream,
                      struct batch *batch)
{
    struct sb_link_shared *shared = shared_of(turn->link);
    if (!sb_link_next(shared, turn->txn, stream, stream->next_index)) {
        stream->next_index = shared->log_end;
        return false;
    }
    stream->next_index = shared->index;
    struct sb_link_mark mark = {.after = stream->sent};
    struct sb_buf own;
    sb_buf_init(&own, SB_OWN_SIZE_MAX);
    sb_link_shared_entry(shared, &stream->name.org, &mark.after, &own);
    struct sb_buf own_packed;
    sb_buf_init(&own_packed, SB_OWN_SIZE_MAX + 8);
    sb_pack_bin(&own_packed, sb_buf_bytes(&own));
    mark.size = shared->packed.size + own_packed.size;
    bool fits = batch_has_room(turn->link, batch, stream->name.lane, mark.size);
    if (fits) {
        sb_buf_add(&batch->entries, sb_buf_bytes(&shared->packed));
        sb_buf_add(&batch->entries, sb_buf_bytes(&own_packed));
        batch->count++;
        if (stream->mark_count == 0) {
            stream->progress_ms = turn->now.mono_ms;
        }
        mark_add(stream, &mark);
        stream->sent = mark.after;
        stream->next_index = shared->index + 1;
    }
    sb_buf_finish(&own_packed);
    sb_buf_finish(&own);
    return fits;
}

static void batch_send(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                       const struct batch *batch)
{
    struct sb_buf entries;
    sb_buf_init(&entries, SB_FRAME_SIZE_MAX);
    sb_pack_array(&entries, batch->count);
    sb_buf_add(&entries, sb_buf_bytes(&batch->entries));
    struct sb_frame data = {
        .type = SB_FRAME_DATA,
        .session = turn->link->session,
        .at = {.org = stream->name.org,
               .lane = stream->name.lane,
               .incarnation = stream->incarnation,
               .seq = batch->first_seq,
               .head = batch->head},
        .entries = sb_buf_bytes(&entries),
    };
    sb_link_send(turn, &data);
    sb_buf_finish(&entries);
    unsigned long long first = batch->first_seq;
    unsigned long long last = stream->sent.seq;
    if (first == last) {
        sb_effects_trace(turn->effects, "send %s %llu", stream->name.org.text, last);
    } else {
        sb_effects_trace(turn->effects, "send %s %llu..%llu", stream->name.org.text, first, last);
    }
}

/* One DATA frame of the stream; false where it had nothing to send or no room. */
static bool send_one(const struct sb_link_turn *turn, struct sb_link_stream *stream)
{
    if (!stream->spoken || stream->next_index >= shared_of(turn->link)->log_end) {
        return false;
    }
    struct batch batch = {.first_seq = stream->sent.seq + 1, .head = stream->sent.head};
    sb_buf_init(&batch.entries, SB_FRAME_SIZE_MAX);
    while (batch.count < SB_ENTRIES_PER_DATA_MAX && batch_add(turn, stream, &batch)) {
    }
    if (batch.count > 0) {
        batch_send(turn, stream, &batch);
        if (stream->sent.seq > stream->newest_seq) {
            stream->newest_seq = stream->sent.seq;
        }
    }
    sb_buf_finish(&batch.entries);
    return batch.count > 0;
}

void sb_link_send_data(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    unsigned orgs = link->config.org_count;
    if (link->config.shared == NULL) {
        sb_link_shared_begin(link->own_shared, turn->txn);
    }
    for (unsigned lane = 0; lane < SB_LANE_COUNT; lane++) {
        bool sent = true;
        while (sent) {
            sent = false;
            for (unsigned i = 0; i < orgs; i++) {
                unsigned org = (link->turn + i) % orgs;
                sent = send_one(turn, &link->stream[lane * orgs + org]) || sent;
            }
        }
    }
    sb_link_shared_tell(shared_of(link), turn);
    link->turn = orgs > 0 ? (link->turn + 1) % orgs : 0;
}
