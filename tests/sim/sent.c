/* sent.c: what leaves an end, looked at as it leaves: nothing is said that its store does not hold
 * by then, lanes go in their order, and no person's name or number goes to the centre. */
#include "../../proto/link/rows.h"
#include "turns.h"

#include <string.h>

void world_sent_begin(struct world *world)
{
    memset(world->sent_lane, 0, sizeof world->sent_lane);
}

static const char *who(const struct world *world, int from)
{
    return from < 0 ? "broker" : world->agent[from].name.text;
}

/* A position that the end says it holds is its row, as committed. */
static void held_look(struct world *world, int from, unsigned agent, struct sb_txn *txn,
                      const struct sb_position *said)
{
    const struct sb_stream_name name = {
        .agent = world->agent[agent].name, .org = said->org, .lane = said->lane};
    const struct sb_rx_row row = sb_rx_row_get(txn, &name);
    if (said->incarnation != row.incarnation || said->seq > row.seq
        || (said->seq == row.seq && !sb_hash_equal(&said->head, &row.head))) {
        (void)world_break(world, WORLD_DURABLE,
                          "%s: says that it holds %s %s %llu, stored are %llu", who(world, from),
                          said->org.text, sb_lane_name(said->lane), (unsigned long long)said->seq,
                          (unsigned long long)row.seq);
    }
}

static void positions_look(struct world *world, int from, unsigned agent, struct sb_txn *txn,
                           struct sb_bytes holding)
{
    struct sb_views views = sb_views_read(holding);
    struct sb_position position;
    while (sb_position_next(&views, &position)) {
        if (position.incarnation != 0) {
            held_look(world, from, agent, txn, &position);
        }
    }
}

/* What an entry takes of a window at most: seats of one organisation here are few. */
#define OWN_ROOM 1024u

static size_t entry_size(struct sb_txn *txn, uint64_t index)
{
    struct sb_log_row row;
    const bool found = sb_log_get(txn, index, &row);
    SB_ASSERT(found);
    return row.sealed.header.size + row.sealed.body.size + row.sealed.cert.size + OWN_ROOM;
}

static size_t window_of(const struct world *world, unsigned lane)
{
    const unsigned of_class = lane % 2 == SB_URGENT ? 0 : 1;
    const size_t usual = of_class == 0 ? SB_WINDOW_BYTES_URGENT : SB_WINDOW_BYTES_BULK;
    const size_t wanted = world->broker_config.window[of_class];
    return wanted > 0 ? wanted : usual;
}

static struct world_sent *sent_of(struct world *world, int from, unsigned agent,
                                  const struct sb_name *org, unsigned lane)
{
    struct world_node *node = &world->agent[agent];
    const bool first = sb_name_equal(&node->config.org[0], org);
    return &node->sent[from < 0 ? 0 : 1][first ? 0 : 1][lane];
}

/* What of a stream was never sent in this session, and how large the first of it is. */
struct unsent {
    uint64_t count;
    size_t first;
};

static struct unsent unsent(const struct world_sent *sent, const struct sb_stream_name *name,
                            uint64_t session, struct sb_txn *txn, size_t *flight)
{
    struct sb_tx_row row = {0};
    struct unsent left = {0};
    (void)sb_tx_row_get(txn, name, &row);
    uint64_t index = row.held.log_index;
    const bool begun = sent->session == session && sent->incarnation == row.incarnation;
    const uint64_t seq = begun && sent->seq > row.seq ? sent->seq : row.seq;
    for (uint64_t at = row.seq + 1;
         sb_log_lane_next(txn, name->lane, index + 1, &name->org, &index); at++) {
        if (at <= seq) {
            *flight += entry_size(txn, index);
        } else if (left.count++ == 0) {
            left.first = entry_size(txn, index);
        }
    }
    return left;
}

/* What goes before it has gone, or has no window. */
static void higher_look(struct world *world, int from, unsigned agent, struct sb_txn *txn,
                        const struct sb_frame *frame)
{
    const struct sb_agent_config *config = &world->agent[agent].config;
    size_t flight[2] = {0, 0}; /* urgent, bulk */
    for (unsigned lane = 0; lane < frame->at.lane; lane++) {
        size_t *of_class = &flight[lane % 2 == SB_URGENT ? 0 : 1];
        struct unsent left[WORLD_ORGS_MAX] = {{0}};
        for (unsigned i = 0; i < config->org_count; i++) {
            const struct sb_stream_name name = {
                .agent = world->agent[agent].name, .org = config->org[i], .lane = lane};
            left[i] = unsent(sent_of(world, from, agent, &config->org[i], lane), &name,
                             frame->session, txn, of_class);
        }
        for (unsigned i = 0; i < config->org_count; i++) {
            if (left[i].count > 0
                && (*of_class == 0 || *of_class + left[i].first <= window_of(world, lane))) {
                (void)world_break(world, WORLD_LANES,
                                  "%s: sends %s while %llu of %s have not been sent",
                                  who(world, from), sb_lane_name(frame->at.lane),
                                  (unsigned long long)left[i].count, sb_lane_name(lane));
            }
        }
    }
}

static void data_look(struct world *world, int from, unsigned agent, struct sb_txn *txn,
                      const struct sb_frame *frame)
{
    struct sb_views views = sb_views_read(frame->entries);
    struct sb_entry entry;
    if (frame->at.lane < world->sent_lane[agent]) {
        (void)world_break(world, WORLD_LANES, "%s: %s goes after %s in one turn", who(world, from),
                          sb_lane_name(frame->at.lane), sb_lane_name(world->sent_lane[agent]));
    }
    world->sent_lane[agent] = frame->at.lane;
    higher_look(world, from, agent, txn, frame);
    struct world_sent *sent = sent_of(world, from, agent, &frame->at.org, frame->at.lane);
    const uint64_t last = frame->at.seq + views.left - 1;
    const bool goes_on =
        sent->session == frame->session && sent->incarnation == frame->at.incarnation;
    *sent = (struct world_sent){.session = frame->session,
                                .incarnation = frame->at.incarnation,
                                .seq = goes_on && sent->seq > last ? sent->seq : last};
    while (sb_entry_next(&views, &entry)) {
        const struct sb_hash id = sb_hash_one("event", entry.sealed.header);
        uint64_t index;
        if (!sb_log_find(txn, &id, NULL, &index)) {
            (void)world_break(world, WORLD_DURABLE, "%s: sends an entry that is not in its log",
                              who(world, from));
        }
    }
}

static void session_look(struct world *world, int from, unsigned agent, struct sb_txn *txn,
                         uint64_t session)
{
    struct sb_bytes value;
    struct sb_record row;
    uint64_t stored = 0;
    if (from >= 0) {
        stored = sb_txn_number(txn, SB_TABLE_META, "session");
    } else if (sb_txn_get(txn, SB_TABLE_AGENT, sb_name_bytes(&world->agent[agent].name), &value)
               && sb_row_read(value, &row)) {
        stored = sb_record_number(&row, SB_FIELD_SESSION);
    }
    if (session > stored) {
        (void)world_break(world, WORLD_DURABLE, "%s: names session %llu, stored is %llu",
                          who(world, from), (unsigned long long)session,
                          (unsigned long long)stored);
    }
}

void world_sent_look(struct world *world, int from, unsigned agent, struct sb_bytes bytes)
{
    struct sb_frame frame;
    struct sb_why why = {0};
    if (sb_frame_read(bytes, &frame, &why) != SB_ERR_OK) {
        (void)world_break(world, WORLD_DURABLE, "%s: sends a frame that cannot be read: %s",
                          who(world, from), why.text);
        return;
    }
    struct sb_store *store = from < 0 ? world->broker_store : world->agent[from].store;
    struct sb_txn *txn = sb_store_begin(store, &why);
    if (frame.type == SB_FRAME_WELCOME && world->fenced) {
        (void)world_break(world, WORLD_FENCED, "broker: lets a store of %s in that was left behind",
                          world->agent[agent].name.text);
    }
    if (frame.type == SB_FRAME_WELCOME) {
        world_welcome_left(world, agent, frame.session, sb_log_next_index(txn));
    }
    switch (frame.type) {
    case SB_FRAME_HELLO:
    case SB_FRAME_WELCOME:
        session_look(world, from, agent, txn, frame.session);
        positions_look(world, from, agent, txn, frame.holding);
        break;
    case SB_FRAME_DATA: data_look(world, from, agent, txn, &frame); break;
    case SB_FRAME_RECEIPT: held_look(world, from, agent, txn, &frame.at); break;
    case SB_FRAME_PROOF: positions_look(world, from, agent, txn, frame.holding); break;
    case SB_FRAME_PING:
    case SB_FRAME_PONG: session_look(world, from, agent, txn, frame.session); break;
    case SB_FRAME_REFUSE: break;
    }
    sb_store_abort(store, txn);
}

void world_secret_look(struct world *world, unsigned agent, const struct sb_effect *effect)
{
    const size_t size = strlen(WORLD_SECRET);
    if (effect->kind == SB_EFFECT_REPLY || effect->kind == SB_EFFECT_ATTEMPT) {
        return;
    }
    const uint8_t *at = effect->bytes.at;
    size_t left = effect->bytes.size;
    while (left >= size) {
        const uint8_t *next = memchr(at, WORLD_SECRET[0], left - size + 1);
        if (next == NULL) {
            return;
        }
        if (memcmp(next, WORLD_SECRET, size) == 0) {
            (void)world_break(world, WORLD_SECRET_KEPT,
                              "%s: a name or a contact left in an effect of kind %d",
                              world->agent[agent].name.text, (int)effect->kind);
            return;
        }
        left -= (size_t)(next + 1 - at);
        at = next + 1;
    }
}
