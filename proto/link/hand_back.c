/* hand_back.c: the other end came back with an older store. What it sent after the position that it
 * still knows is given the organisation as audience, and so stands in the own streams, where it
 * came in the log: it gets it as any other entry. Which stream is asked for, it says (resume.c);
 * what is made of an entry is the cores'. */
#include "state.h"

#include <stdio.h>
#include <stdlib.h>

#define GAVE_NAME_SIZE (SB_NAME_SIZE_MAX + 16)

/* One stream of the other end's, as far as that knows it. */
struct asked {
    struct sb_link_stream *stream; /* NULL: not asked for */
    struct sb_position known;
    bool rooted;     /* the position is one that was held here */
    uint64_t *again; /* rows that came before, and once more up to the position; in order */
    size_t again_count;
    uint64_t given; /* that much is its, of which … */
    uint64_t fresh; /* … so much was not in the own stream before */
};

static int index_compare(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right ? 1 : 0;
}

/* Entries up to the position that were repeats: their rows came in another incarnation. */
static void again_read(const struct sb_link_turn *turn, struct asked *asked)
{
    struct sb_rx_repeat repeat;
    const struct sb_position *known = &asked->known;
    struct sb_rx_row row = sb_rx_row_get(turn->txn, &asked->stream->name);
    if (row.incarnation != known->incarnation
        && !sb_rx_closed_get(turn->txn, &asked->stream->name, known->incarnation, &row)) {
        return;
    }
    if (known->seq > row.seq) {
        return;
    }
    asked->again = sb_alloc(known->seq + 1, sizeof *asked->again);
    for (uint64_t seq = 1; seq <= known->seq; seq++) {
        if (!sb_rx_repeat_get(turn->txn, &asked->stream->name, known->incarnation, seq, &repeat)) {
            continue;
        }
        asked->again[asked->again_count++] = repeat.index;
        asked->rooted =
            asked->rooted || (seq == known->seq && sb_hash_equal(&repeat.head, &known->head));
    }
    qsort(asked->again, asked->again_count, sizeof *asked->again, index_compare);
}

static bool is_known(const struct asked *asked, const struct sb_log_row *row)
{
    if (!asked->rooted) {
        return false;
    }
    if (row->at.incarnation == asked->known.incarnation) {
        return row->at.seq <= asked->known.seq;
    }
    return asked->again_count > 0
           && bsearch(&row->index, asked->again, asked->again_count, sizeof *asked->again,
                      index_compare)
                  != NULL;
}

/* A row that lies behind one of `asked`, or is the position itself. NULL: nobody asks for it. */
static struct asked *asked_find(const struct sb_link_turn *turn, struct asked *asked,
                                const struct sb_log_row *row)
{
    const struct sb_link_stream *stream =
        row->stream_agent.text[0] == '\0'
            ? NULL
            : sb_link_stream_find(turn->link, &row->at.org, row->at.lane);
    struct asked *found = stream == NULL ? NULL : &asked[stream - turn->link->stream];
    return found != NULL && found->stream != NULL ? found : NULL;
}

/* A row that the store lost is nobody's here: `samband verify` finds it. NULL: nobody asks for it.
 */
static struct asked *row_read(const struct sb_link_turn *turn, struct asked *asked, uint64_t index,
                              struct sb_log_row *ret_row)
{
    struct sb_why why;
    const uint64_t met = sb_txn_damages(turn->txn);
    bool found = sb_log_get(turn->txn, index, ret_row);
    (void)sb_txn_excuse(turn->txn, met, &why);
    return found ? asked_find(turn, asked, ret_row) : NULL;
}

/* Calls nothing back: whether each position was ever one of ours. */
static void root(const struct sb_link_turn *turn, struct asked *asked, uint64_t index)
{
    struct sb_log_row row;
    struct asked *of = row_read(turn, asked, index, &row);
    if (of != NULL && row.at.incarnation == of->known.incarnation && row.at.seq == of->known.seq
        && sb_hash_equal(&row.at.head, &of->known.head)) {
        of->rooted = true;
    }
}

/* What was refused here is nobody's. */
static void give(const struct sb_link_turn *turn, struct asked *asked, uint64_t index)
{
    struct sb_log_row row;
    struct asked *of = row_read(turn, asked, index, &row);
    if (of == NULL || row.verdict != SB_ERR_OK || is_known(of, &row)) {
        return;
    }
    of->given++;
    if (row.audience.size > 0) {
        return; /* it was handed on before, and lies in the stream */
    }
    of->fresh++;
    struct sb_list_writer audience;
    sb_list_init(&audience);
    sb_list_add(&audience, sb_name_bytes(&of->stream->name.org));
    sb_log_hand_on(turn->txn, index, sb_list_bytes(&audience));
    sb_list_finish(&audience);
}

bool sb_link_handed_back(struct sb_txn *txn, struct sb_record *ret_record)
{
    struct sb_bytes value;
    return sb_txn_get(txn, SB_TABLE_META, sb_bytes_str(SB_LINK_HANDED_BACK), &value)
           && sb_row_read(value, ret_record);
}

static void remember(const struct sb_link_turn *turn, uint64_t given)
{
    struct sb_record record = {0};
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add(&key, sb_bytes_str(SB_LINK_HANDED_BACK));
    sb_record_set_number(&record, SB_FIELD_NUMBER, given);
    sb_record_set_number(&record, SB_FIELD_AT, turn->now.wall_ms);
    sb_row_put(turn->txn, SB_TABLE_META, &key, &record);
}

static void tell(const struct sb_link_turn *turn, const struct asked *asked)
{
    const struct sb_stream_name *name = &asked->stream->name;
    bool broker = turn->link->config.end == SB_LINK_BROKER;
    sb_txn_count(turn->txn, "link/handed-back");
    sb_effects_log(turn->effects, broker ? SB_LEVEL_WARNING : SB_LEVEL_ERROR,
                   "link-handed-back agent=%s org=%s lane=%s entries=%llu known-seq=%llu "
                   "why=\"the %s was restored to an older state; it gets back what it forgot\"",
                   name->agent.text, name->org.text, sb_lane_name(name->lane),
                   (unsigned long long)asked->given, (unsigned long long)asked->known.seq,
                   broker ? "agent" : "broker");
    sb_effects_trace(turn->effects, "hand back %llu %s", (unsigned long long)asked->given,
                     sb_lane_name(name->lane));
}

/* What the other agents of the organisation hold does not fit the log any more. */
static void others_open_anew(const struct sb_link_turn *turn, const struct sb_link_stream *stream)
{
    struct sb_key from;
    struct sb_bytes key;
    struct sb_bytes value;
    struct sb_stream_name name;
    uint64_t incarnation;
    uint64_t seq;
    sb_key_init(&from);
    sb_key_add_byte(&from, (uint8_t)stream->name.lane);
    while (sb_txn_seek(turn->txn, SB_TABLE_TX, sb_key_bytes(&from), &key, &value)
           && sb_rx_key_read(key, &name, &incarnation, &seq) && name.lane == stream->name.lane) {
        sb_key_init(&from);
        sb_key_add(&from, key);
        sb_key_add_byte(&from, 0);
        if (sb_name_equal(&name.org, &stream->name.org)
            && !sb_name_equal(&name.agent, &stream->name.agent)) {
            sb_link_replace(turn, &name);
        }
    }
}

static void open_anew(const struct sb_link_turn *turn, struct sb_link_stream *stream)
{
    sb_link_open_anew(turn, &stream->name);
    sb_link_stream_reset(turn, stream);
    if (turn->link->config.end == SB_LINK_BROKER) {
        others_open_anew(turn, stream);
    }
}

/* A broker gives an organisation all that ever came up from it, whatever the agent still has, and
 * remembers how far: its log is long, and a peer that asks again costs what came since. */
static void gave_name(const struct sb_link_stream *stream, char name[GAVE_NAME_SIZE])
{
    (void)snprintf(name, GAVE_NAME_SIZE, "gave/%u/%s", stream->name.lane, stream->name.org.text);
}

static uint64_t gave_from(const struct sb_link_turn *turn, const struct sb_link_stream *stream)
{
    char name[GAVE_NAME_SIZE];
    gave_name(stream, name);
    return sb_txn_number(turn->txn, SB_TABLE_META, name) + 1;
}

static void gave_put(const struct sb_link_turn *turn, const struct asked *asked, uint64_t end)
{
    char name[GAVE_NAME_SIZE];
    for (unsigned i = 0; i < turn->link->stream_count; i++) {
        if (asked[i].stream != NULL) {
            gave_name(asked[i].stream, name);
            sb_txn_set_number(turn->txn, SB_TABLE_META, name, end - 1);
        }
    }
}

bool sb_link_is_restored(struct sb_txn *txn)
{
    return sb_txn_number(txn, SB_TABLE_META, SB_LINK_RESTORED) != 0;
}

/* What is asked for, stream by stream; hands back the first row that may be. */
static uint64_t asked_read(const struct sb_link_turn *turn, struct sb_bytes known,
                           struct asked *asked)
{
    const bool broker = turn->link->config.end == SB_LINK_BROKER;
    uint64_t first = UINT64_MAX; /* none */
    struct sb_views views = sb_views_read(known);
    struct sb_position position;
    while (sb_position_next(&views, &position)) {
        struct sb_link_stream *stream =
            sb_link_stream_find(turn->link, &position.org, position.lane);
        if (stream == NULL || asked[stream - turn->link->stream].stream != NULL) {
            continue;
        }
        struct asked *of = &asked[stream - turn->link->stream];
        uint64_t from = broker ? gave_from(turn, stream) : 1;
        of->stream = stream;
        of->known = position;
        first = from < first ? from : first;
        if (!broker) {
            of->rooted = position.seq == 0;
            again_read(turn, of);
        }
    }
    return first;
}

static unsigned given_take(const struct sb_link_turn *turn, struct asked *asked)
{
    struct sb_link *link = turn->link;
    unsigned opened = 0;
    uint64_t given = 0;
    for (unsigned i = 0; i < link->stream_count; i++) {
        if (asked[i].fresh > 0) {
            opened++;
            open_anew(turn, asked[i].stream);
        }
        if (asked[i].given > 0) {
            given += asked[i].given;
            tell(turn, &asked[i]);
        }
        free(asked[i].again);
    }
    if (given > 0 && link->config.end == SB_LINK_AGENT) {
        remember(turn, given);
    }
    if (opened > 0) {
        sb_link_shared_forget(link->own_shared != NULL ? link->own_shared : link->config.shared);
    }
    return opened;
}

unsigned sb_link_hand_back(const struct sb_link_turn *turn, struct sb_bytes known)
{
    if (known.size == 0) {
        return 0;
    }
    struct asked *asked = sb_alloc(turn->link->stream_count + 1u, sizeof *asked);
    const bool broker = turn->link->config.end == SB_LINK_BROKER;
    const uint64_t end = sb_log_next_index(turn->txn);
    uint64_t from = asked_read(turn, known, asked);
    for (uint64_t index = from; !broker && index < end; index++) {
        root(turn, asked, index);
    }
    for (uint64_t index = from; index < end; index++) {
        give(turn, asked, index);
    }
    if (broker) {
        gave_put(turn, asked, end);
    }
    unsigned opened = given_take(turn, asked);
    free(asked);
    return opened;
}
