/* hand_back.c: the agent's side of a broker that came back with an older store. What came down
 * after the position that the broker still knows is given the organisation as audience, and so
 * stands in the own streams, where it came in the log: the broker gets it as any other entry. Which
 * stream is asked for, the broker says (resume.c); what it makes of an entry is its core's. */
#include "state.h"

#include <stdlib.h>

/* One stream of the broker's, as far as it knows it. */
struct asked {
    struct sb_link_stream *stream; /* NULL: not asked for */
    struct sb_position known;
    bool rooted;     /* the position is one that was held here */
    uint64_t *again; /* rows that came before, and once more up to the position; in order */
    size_t again_count;
    uint64_t given;
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

/* Calls nothing back: whether each position was ever one of ours. */
static void root(const struct sb_link_turn *turn, struct asked *asked, uint64_t index)
{
    struct sb_log_row row;
    struct sb_why why;
    const uint64_t met = sb_txn_damages(turn->txn);
    bool found = sb_log_get(turn->txn, index, &row);
    (void)sb_txn_excuse(turn->txn, met, &why);
    struct asked *of = found ? asked_find(turn, asked, &row) : NULL;
    if (of != NULL && row.at.incarnation == of->known.incarnation && row.at.seq == of->known.seq
        && sb_hash_equal(&row.at.head, &of->known.head)) {
        of->rooted = true;
    }
}

/* A row that the store lost is `samband verify`'s to find; what was refused here is nobody's. */
static void give(const struct sb_link_turn *turn, struct asked *asked, uint64_t index)
{
    struct sb_log_row row;
    struct sb_why why;
    const uint64_t met = sb_txn_damages(turn->txn);
    bool found = sb_log_get(turn->txn, index, &row);
    (void)sb_txn_excuse(turn->txn, met, &why);
    struct asked *of = found ? asked_find(turn, asked, &row) : NULL;
    if (of == NULL || row.verdict != SB_ERR_OK || is_known(of, &row)) {
        return;
    }
    of->given++;
    if (row.audience.size > 0) {
        return; /* to an earlier restored one */
    }
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
    sb_txn_count(turn->txn, "link/handed-back");
    sb_effects_log(turn->effects, SB_LEVEL_ERROR,
                   "link-handed-back agent=%s org=%s lane=%s entries=%llu known-seq=%llu "
                   "why=\"the broker was restored to an older state; it gets back what it forgot\"",
                   name->agent.text, name->org.text, sb_lane_name(name->lane),
                   (unsigned long long)asked->given, (unsigned long long)asked->known.seq);
    sb_effects_trace(turn->effects, "hand back %llu %s", (unsigned long long)asked->given,
                     sb_lane_name(name->lane));
}

/* What is asked for, stream by stream. False where nothing is. */
static bool asked_read(const struct sb_link_turn *turn, struct sb_bytes known, struct asked *asked)
{
    bool any = false;
    struct sb_views views = sb_views_read(known);
    struct sb_position position;
    while (sb_position_next(&views, &position)) {
        struct sb_link_stream *stream =
            sb_link_stream_find(turn->link, &position.org, position.lane);
        if (stream == NULL || asked[stream - turn->link->stream].stream != NULL) {
            continue;
        }
        struct asked *of = &asked[stream - turn->link->stream];
        of->stream = stream;
        of->known = position;
        of->rooted = position.seq == 0;
        again_read(turn, of);
        any = true;
    }
    return any;
}

unsigned sb_link_hand_back(const struct sb_link_turn *turn, struct sb_bytes known)
{
    struct sb_link *link = turn->link;
    struct asked *asked = sb_alloc(link->stream_count + 1u, sizeof *asked);
    const uint64_t end = sb_log_next_index(turn->txn);
    unsigned opened = 0;
    uint64_t given = 0;
    bool any = known.size > 0 && asked_read(turn, known, asked);
    for (uint64_t index = 1; any && index < end; index++) {
        root(turn, asked, index);
    }
    for (uint64_t index = 1; any && index < end; index++) {
        give(turn, asked, index);
    }
    for (unsigned i = 0; i < link->stream_count; i++) {
        if (asked[i].given > 0) {
            given += asked[i].given;
            opened++;
            sb_link_open_anew(turn, asked[i].stream);
            sb_link_stream_reset(turn, asked[i].stream);
            tell(turn, &asked[i]);
        }
        free(asked[i].again);
    }
    if (given > 0) {
        remember(turn, given);
        sb_link_shared_forget(link->own_shared);
    }
    free(asked);
    return opened;
}
