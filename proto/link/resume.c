/* resume.c: what a session starts from. The receiver believes an incarnation that the sender
 * announces, unless it closed it before; the sender goes on where the receiver's position is one of
 * its own, and otherwise opens a new incarnation and sends everything again. Greeting itself is
 * greet.c's and accept.c's. */
#include "samband/cursor.h"
#include "state.h"

void sb_link_stream_reset(const struct sb_link_turn *turn, struct sb_link_stream *stream)
{
    struct sb_tx_row row = {0};
    if (!sb_tx_row_get(turn->txn, &stream->name, &row)) {
        while (row.incarnation == 0) {
            row.incarnation = sb_entropy_u64(turn->entropy);
        }
        sb_tx_row_put(turn->txn, &stream->name, &row);
    }
    stream->incarnation = row.incarnation;
    stream->acked.seq = row.seq;
    stream->acked.head = row.head;
    stream->acked.log_index = row.held.log_index;
    stream->newest_seq = row.seq;
    stream->progress_ms = turn->now.mono_ms;
    stream->rewound_ms = 0;
    stream->resends = 0;
    stream->receipt_due = false;
    stream->held_seq = sb_rx_row_get(turn->txn, &stream->name).seq;
    sb_link_rewind(stream);
}

static bool adopt_one(const struct sb_link_turn *turn, struct sb_link_stream *stream,
                      uint64_t incarnation)
{
    struct sb_rx_row row = sb_rx_row_get(turn->txn, &stream->name);
    if (incarnation == 0 || row.incarnation == incarnation) {
        return true;
    }
    struct sb_rx_row closed;
    if (sb_rx_closed_get(turn->txn, &stream->name, incarnation, &closed)) {
        sb_txn_count(turn->txn, "link/incarnation-closed");
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "link-incarnation-closed agent=%s org=%s lane=%s held=%llu announced=%llu",
                       stream->name.agent.text, stream->name.org.text,
                       sb_lane_name(stream->name.lane), (unsigned long long)row.incarnation,
                       (unsigned long long)incarnation);
        return false;
    }
    if (row.seq > 0) {
        sb_txn_count(turn->txn, "link/incarnation-replaced");
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "link-incarnation-replaced agent=%s org=%s lane=%s held-seq=%llu",
                       stream->name.agent.text, stream->name.org.text,
                       sb_lane_name(stream->name.lane), (unsigned long long)row.seq);
    }
    sb_rx_row_replace(turn->txn, &stream->name, incarnation);
    return true;
}

bool sb_link_adopt(const struct sb_link_turn *turn, struct sb_bytes sending)
{
    bool believed = true;
    struct sb_views views = sb_views_read(sending);
    struct sb_position position;
    while (sb_position_next(&views, &position)) {
        struct sb_link_stream *stream =
            sb_link_stream_find(turn->link, &position.org, position.lane);
        if (stream == NULL) {
            continue;
        }
        believed = adopt_one(turn, stream, position.incarnation) && believed;
        stream->drain_seq = position.seq;
    }
    return believed;
}

/* Is what the receiver holds a position of this stream as the log has it? Moves `row` there: it may
 * hold more than the row knows, where a receipt was lost. */
static bool agrees(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                   const struct sb_position *held, struct sb_tx_row *row)
{
    if (held->incarnation == 0) {
        return row->seq == 0;
    }
    if (held->incarnation == row->replaces) {
        return true; /* nothing of the new one is receipted, and it learns of it now */
    }
    if (held->incarnation != row->incarnation || held->seq < row->seq) {
        return false;
    }
    struct sb_chain_mark mark = {
        .seq = row->seq, .head = row->head, .log_index = row->held.log_index};
    if (!sb_link_walk(turn, stream, held->seq, &mark) || !sb_hash_equal(&mark.head, &held->head)) {
        return false;
    }
    if (mark.seq > row->seq) {
        sb_tx_row_advance(row, &mark, turn->now.wall_ms);
        sb_tx_row_put(turn->txn, &stream->name, row);
    }
    return true;
}

/* `row` is the one before, of zeros where there was none. */
static void open_after(const struct sb_link_turn *turn, const struct sb_stream_name *name,
                       const struct sb_tx_row *row, uint64_t replaces)
{
    struct sb_tx_row opened = {.replaces = replaces};
    while (opened.incarnation == 0 || opened.incarnation == row->incarnation) {
        opened.incarnation = sb_entropy_u64(turn->entropy);
    }
    sb_tx_row_put(turn->txn, name, &opened);
    sb_txn_count(turn->txn, "link/incarnation");
}

void sb_link_open_anew(const struct sb_link_turn *turn, const struct sb_stream_name *name)
{
    struct sb_tx_row row = {0};
    (void)sb_tx_row_get(turn->txn, name, &row);
    open_after(turn, name, &row, 0);
}

void sb_link_replace(const struct sb_link_turn *turn, const struct sb_stream_name *name)
{
    struct sb_tx_row row = {0};
    (void)sb_tx_row_get(turn->txn, name, &row);
    open_after(turn, name, &row, row.replaces != 0 ? row.replaces : row.incarnation);
}

/* Two ends that disagree: whose store is the older? This one, where the other holds as much of this
 * incarnation as was receipted or more, but not what the log gives. A broker's also where the agent
 * has seen sessions that are not known here; an agent's where the broker, told an incarnation that
 * it once closed, still holds a later one. */
static bool is_older(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                     const struct sb_position *held, const struct sb_tx_row *row)
{
    if (turn->link->config.end == SB_LINK_BROKER && turn->link->behind) {
        return true;
    }
    if (held->incarnation == 0 || row->incarnation == 0) {
        return false;
    }
    if (turn->link->config.end == SB_LINK_AGENT && row->incarnation != stream->announced) {
        return false; /* opened since: what is held answers an earlier HELLO */
    }
    return held->incarnation == row->incarnation ? held->seq >= row->seq
                                                 : turn->link->config.end == SB_LINK_AGENT;
}

/* Remembers where the stream stood: what the other end holds beyond is asked back. Once that was so
 * of one stream, it may be so with each. */
static void ask_back(const struct sb_link_turn *turn, struct sb_link_stream *stream,
                     const struct sb_position *held, const struct sb_tx_row *row)
{
    bool older = is_older(turn, stream, held, row);
    if (older && !sb_link_is_restored(turn->txn)) {
        sb_txn_set_number(turn->txn, SB_TABLE_META, SB_LINK_RESTORED, turn->now.wall_ms);
    }
    stream->forgot = older || (held->seq > 0 && sb_link_is_restored(turn->txn));
    stream->known = (struct sb_position){.org = stream->name.org,
                                         .lane = stream->name.lane,
                                         .incarnation = row->incarnation,
                                         .seq = row->seq,
                                         .head = row->head};
}

static bool resume_one(const struct sb_link_turn *turn, struct sb_link_stream *stream,
                       const struct sb_position *held)
{
    struct sb_tx_row row = {0};
    bool known = sb_tx_row_get(turn->txn, &stream->name, &row);
    bool agreed = known ? agrees(turn, stream, held, &row) : held->incarnation == 0;
    if (!agreed) {
        sb_link_open_anew(turn, &stream->name);
        ask_back(turn, stream, held, &row);
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "link-incarnation agent=%s org=%s lane=%s held-seq=%llu receipted-seq=%llu "
                       "why=\"the other end's position is not one of this stream: a store was "
                       "restored\"",
                       stream->name.agent.text, stream->name.org.text,
                       sb_lane_name(stream->name.lane), (unsigned long long)held->seq,
                       (unsigned long long)row.seq);
    }
    sb_link_stream_reset(turn, stream);
    return !agreed;
}

unsigned sb_link_resume(const struct sb_link_turn *turn, struct sb_bytes holding)
{
    struct sb_link *link = turn->link;
    unsigned opened = 0;
    for (unsigned i = 0; i < link->stream_count; i++) {
        link->stream[i].resumed = !link->stream[i].spoken;
        link->stream[i].forgot = link->stream[i].forgot && link->config.end == SB_LINK_AGENT;
    }
    struct sb_views views = sb_views_read(holding);
    struct sb_position position;
    while (sb_position_next(&views, &position)) {
        struct sb_link_stream *stream = sb_link_stream_find(link, &position.org, position.lane);
        if (stream != NULL && !stream->resumed) {
            stream->resumed = true;
            opened += resume_one(turn, stream, &position) ? 1u : 0u;
        }
    }
    struct sb_position nothing = {0};
    for (unsigned i = 0; i < link->stream_count; i++) {
        if (!link->stream[i].resumed) {
            opened += resume_one(turn, &link->stream[i], &nothing) ? 1u : 0u;
        }
    }
    return opened;
}

static struct sb_position position_of(const struct sb_link_turn *turn,
                                      const struct sb_link_stream *stream, enum sb_link_list list)
{
    struct sb_position position = {.org = stream->name.org, .lane = stream->name.lane};
    if (list == SB_LINK_HOLDING || list == SB_LINK_PROVING) {
        struct sb_rx_row row = sb_rx_row_get(turn->txn, &stream->name);
        position.incarnation = row.incarnation;
        position.seq = row.seq;
        position.head = row.head;
        return position;
    }
    if (list == SB_LINK_KNOWN && stream->forgot) {
        return stream->known;
    }
    position.incarnation = stream->incarnation;
    position.seq = stream->acked.seq;
    position.head = stream->acked.head;
    if (list == SB_LINK_NEWEST) {
        position.head = (struct sb_hash){0};
        position.seq =
            stream->name.lane % 2 == SB_URGENT ? sb_link_newest(turn, stream) : stream->acked.seq;
    }
    return position;
}

/* Whether a list has this stream. An agent that was put back asks for all of them, again and again
 * until it has drained: of which streams the broker holds more it cannot know before. */
static bool is_listed(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                      enum sb_link_list list, uint64_t seq)
{
    bool asked =
        turn->link->config.end == SB_LINK_AGENT ? sb_link_is_restored(turn->txn) : stream->forgot;
    return stream->spoken && (list != SB_LINK_PROVING || seq > 0)
           && (list != SB_LINK_KNOWN || asked);
}

void sb_link_positions(const struct sb_link_turn *turn, enum sb_link_list list, struct sb_buf *buf)
{
    struct sb_buf packed;
    sb_buf_init(&packed, SB_FRAME_SIZE_MAX);
    unsigned count = 0;
    for (unsigned i = 0; i < turn->link->stream_count; i++) {
        struct sb_position position = position_of(turn, &turn->link->stream[i], list);
        if (is_listed(turn, &turn->link->stream[i], list, position.seq)) {
            sb_position_pack(&packed, &position);
            count++;
        }
    }
    if (count > 0 || list != SB_LINK_KNOWN) {
        sb_pack_array(buf, count);
        sb_buf_add(buf, sb_buf_bytes(&packed));
    }
    sb_buf_finish(&packed);
}
