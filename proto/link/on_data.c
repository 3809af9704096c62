/* on_data.c: entries that come in. What follows in its chain is stored, whatever it says; whether
 * an event is accepted is a verdict beside it and never holds up the one behind. The receipt leaves
 * with the turn (pump.c). */
#include "state.h"

/* Where DATA is read: the row as it is, the chain as the frame continues it. */
struct intake {
    struct sb_link_stream *stream;
    struct sb_rx_row row;
    struct sb_hash head; /* chain head after the entry last read */
    uint64_t first_new;  /* of the run of new entries that is not traced yet; 0: none */
};

/* At an agent the organisation goes without saying; at the broker it does not. */
static void trace_run(const struct sb_link_turn *turn, struct intake *intake, uint64_t last)
{
    bool broker = turn->link->config.end == SB_LINK_BROKER;
    const char *org = broker ? intake->stream->name.org.text : "";
    const char *blank = broker ? " " : "";
    if (intake->first_new == 0) {
        return;
    }
    if (intake->first_new == last) {
        sb_effects_trace(turn->effects, "store %s%s%llu", org, blank, (unsigned long long)last);
    } else {
        sb_effects_trace(turn->effects, "store %s%s%llu..%llu", org, blank,
                         (unsigned long long)intake->first_new, (unsigned long long)last);
    }
    intake->first_new = 0;
}

/* The event is there already: the position is kept, so that the chain can be checked later. */
static void store_repeat(const struct sb_link_turn *turn, const struct intake *intake,
                         const struct sb_entry *entry, uint64_t index)
{
    struct sb_log_row known = {0};
    struct sb_why why;
    const uint64_t met = sb_txn_damages(turn->txn);
    bool found = sb_log_get(turn->txn, index, &known);
    (void)sb_txn_excuse(turn->txn, met, &why); /* what differs from a lost row is kept whole */
    struct sb_rx_repeat repeat = {
        .index = index,
        .own_differs = !found || !sb_bytes_equal(known.own, entry->own),
        .own = entry->own,
    };
    sb_rx_repeat_put(turn->txn, &intake->stream->name, &intake->row, &repeat);
}

static uint64_t store_new(const struct sb_link_turn *turn, const struct intake *intake,
                          const struct sb_entry *entry, const struct sb_hash *id)
{
    const struct sb_stream_name *name = &intake->stream->name;
    struct sb_event event = {0};
    struct sb_log_row row = {
        .accepted_at = turn->now.wall_ms,
        .sealed = entry->sealed,
        .own = entry->own,
        .stream_agent = name->agent,
        .at = {.org = name->org,
               .lane = name->lane,
               .incarnation = intake->row.incarnation,
               .seq = intake->row.seq,
               .head = intake->row.head},
        .verdict = sb_event_read(&entry->sealed, &event, NULL),
    };
    event.id = *id;
    return sb_log_append(turn->txn, &event, &row);
}

/* Where the event is in the log already: this organisation's, or, of what a broker made itself and
 * an agent gives back, its own. */
static bool find_held(const struct sb_link_turn *turn, const struct intake *intake,
                      const struct sb_hash *id, uint64_t *ret_index)
{
    const struct sb_name *issuer = &turn->link->config.issuer;
    struct sb_log_row row;
    struct sb_why why;
    if (sb_log_find(turn->txn, id, &intake->stream->name.org, ret_index)) {
        return true;
    }
    if (issuer->text[0] == '\0' || !sb_log_find(turn->txn, id, issuer, ret_index)) {
        return false;
    }
    const uint64_t met = sb_txn_damages(turn->txn);
    bool found = sb_log_get(turn->txn, *ret_index, &row);
    (void)sb_txn_excuse(turn->txn, met, &why); /* it was made here all the same */
    return !found || row.stream_agent.text[0] == '\0';
}

/* The entry that the stream waits for. */
static void take(const struct sb_link_turn *turn, struct intake *intake,
                 const struct sb_entry *entry, const struct sb_hash *id,
                 struct sb_arrivals *arrivals)
{
    intake->row.seq++;
    intake->row.head = intake->head;
    uint64_t index;
    if (find_held(turn, intake, id, &index)) {
        trace_run(turn, intake, intake->row.seq - 1);
        store_repeat(turn, intake, entry, index);
        sb_txn_count(turn->txn, "link/repeat");
        return;
    }
    if (intake->first_new == 0) {
        intake->first_new = intake->row.seq;
    }
    arrivals->index[arrivals->count++] = store_new(turn, intake, entry, id);
}

static enum sb_err refuse_chain(const struct intake *intake, const struct sb_frame *frame,
                                const char *what, struct sb_why *why)
{
    const struct sb_stream_name *name = &intake->stream->name;
    intake->stream->receipt_due = true;
    return sb_why_set(why, SB_ERR_CHAIN,
                      "agent %s, %s, %s: entries from %llu %s what is held (%llu); it is asked for "
                      "again",
                      name->agent.text, name->org.text, sb_lane_name(name->lane),
                      (unsigned long long)frame->at.seq, what, (unsigned long long)intake->row.seq);
}

/* Reads every entry: those held already only continue the chain. False where it breaks. */
static bool take_entries(const struct sb_link_turn *turn, struct intake *intake,
                         const struct sb_frame *frame, struct sb_arrivals *arrivals)
{
    struct sb_views views = sb_views_read(frame->entries);
    struct sb_entry entry;
    uint64_t seq = frame->at.seq - 1; /* of the entry last read */
    for (;;) {
        if (seq == intake->row.seq && !sb_hash_equal(&intake->head, &intake->row.head)) {
            return false;
        }
        if (arrivals->count == SB_ENTRIES_PER_DATA_MAX || !sb_entry_next(&views, &entry)) {
            return true;
        }
        struct sb_hash id = sb_hash_one("event", entry.sealed.header);
        intake->head = sb_chain_next(&intake->head, &id, entry.own);
        seq++;
        if (seq > intake->row.seq) {
            take(turn, intake, &entry, &id, arrivals);
        }
    }
}

static struct sb_link_stream *find_stream(const struct sb_link_turn *turn,
                                          const struct sb_frame *frame, struct sb_why *why)
{
    struct sb_link_stream *stream = sb_link_stream_find(turn->link, &frame->at.org, frame->at.lane);
    if (stream == NULL) {
        sb_txn_count(turn->txn, "link/org");
        (void)sb_why_set(why, SB_ERR_NOT_ALLOWED, "agent %s does not speak for %s",
                         turn->link->config.agent.text, frame->at.org.text);
    }
    return stream;
}

enum sb_err sb_link_on_data(const struct sb_link_turn *turn, const struct sb_frame *frame,
                            struct sb_arrivals *arrivals, struct sb_why *why)
{
    struct intake intake = {.stream = find_stream(turn, frame, why), .head = frame->at.head};
    if (intake.stream == NULL) {
        return SB_ERR_NOT_ALLOWED;
    }
    intake.row = sb_rx_row_get(turn->txn, &intake.stream->name);
    if (frame->at.incarnation == 0 || frame->at.incarnation != intake.row.incarnation) {
        sb_txn_count(turn->txn, "link/incarnation-unknown");
        return sb_why_set(
            why, SB_ERR_STALE, "agent %s, %s, %s: entries of an incarnation that was not announced",
            turn->link->config.agent.text, frame->at.org.text, sb_lane_name(frame->at.lane));
    }
    if (frame->at.seq == 0 || frame->at.seq > intake.row.seq + 1) {
        sb_txn_count(turn->txn, "link/gap");
        return refuse_chain(&intake, frame, "do not follow on", why);
    }
    uint64_t held = intake.row.seq;
    bool whole = take_entries(turn, &intake, frame, arrivals);
    if (intake.row.seq > held) {
        trace_run(turn, &intake, intake.row.seq);
        sb_rx_row_put(turn->txn, &intake.stream->name, &intake.row);
        intake.stream->held_seq = intake.row.seq;
        if (!turn->link->drained) {
            sb_link_check_drained(turn->link);
        }
    }
    intake.stream->receipt_due = true;
    if (!whole) {
        sb_txn_count(turn->txn, "link/chain");
        return refuse_chain(&intake, frame, "do not chain on to", why);
    }
    return SB_ERR_OK;
}
