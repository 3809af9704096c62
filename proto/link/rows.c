/* rows.c: reading and writing the rows of TX and RX. No decision is made here. */
#include "rows.h"

#include <string.h>

static_assert(SB_RECEIPT_RING * 16 <= 256, "a ring fits the fields RING_BUFFER and PROOF_RING");

bool sb_row_read(struct sb_bytes value, struct sb_record *ret_record)
{
    sb_record_clear(ret_record);
    return sb_record_read(value, SB_PARTS_ALL, ret_record, NULL) == SB_ERR_OK;
}

void sb_row_put(struct sb_txn *txn, enum sb_table table, const struct sb_key *key,
                const struct sb_record *record)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_write(record, SB_PARTS_ALL, &buf);
    SB_ASSERT(!buf.overflow);
    sb_txn_put(txn, table, sb_key_bytes(key), sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

/* The lane first: what one event moves at a broker lies side by side, and its commit writes few
 * pages.
 */
static struct sb_key stream_key(const struct sb_stream_name *name)
{
    struct sb_key key;
    sb_key_init(&key);
    sb_key_add_byte(&key, (uint8_t)name->lane);
    sb_key_add_name(&key, name->agent.text);
    sb_key_add_name(&key, name->org.text);
    return key;
}

static bool row_get(struct sb_txn *txn, enum sb_table table, const struct sb_key *key,
                    struct sb_record *ret_record)
{
    struct sb_bytes value;
    return sb_txn_get(txn, table, sb_key_bytes(key), &value) && sb_row_read(value, ret_record);
}

/* A ring's bytes: pairs of log index and wall clock, oldest first, unused ones left out. */
static size_t ring_write(const struct sb_held_at ring[SB_RECEIPT_RING], uint8_t *at)
{
    size_t size = 0;
    for (unsigned i = 0; i < SB_RECEIPT_RING && ring[i].log_index != 0; i++) {
        sb_be64_write(at + size, ring[i].log_index);
        sb_be64_write(at + size + 8, ring[i].wall_ms);
        size += 16;
    }
    return size;
}

static void ring_read(struct sb_bytes bytes, struct sb_held_at ring[SB_RECEIPT_RING])
{
    for (unsigned i = 0; i < SB_RECEIPT_RING && (i + 1) * 16 <= bytes.size; i++) {
        ring[i].log_index = sb_be64_read(bytes.at + (size_t)i * 16);
        ring[i].wall_ms = sb_be64_read(bytes.at + (size_t)i * 16 + 8);
    }
}

/* The newest at the end; the oldest goes where there is no room. */
static void ring_add(struct sb_held_at ring[SB_RECEIPT_RING], uint64_t log_index, uint64_t wall_ms)
{
    unsigned used = 0;
    while (used < SB_RECEIPT_RING && ring[used].log_index != 0) {
        used++;
    }
    if (used == SB_RECEIPT_RING) {
        memmove(&ring[0], &ring[1], (SB_RECEIPT_RING - 1) * sizeof ring[0]);
        used--;
    }
    ring[used] = (struct sb_held_at){.log_index = log_index, .wall_ms = wall_ms};
}

bool sb_tx_row_get(struct sb_txn *txn, const struct sb_stream_name *name, struct sb_tx_row *ret_row)
{
    struct sb_key key = stream_key(name);
    struct sb_record record;
    if (!row_get(txn, SB_TABLE_TX, &key, &record)) {
        return false;
    }
    struct sb_tx_row row = {
        .incarnation = sb_record_number(&record, SB_FIELD_INCARNATION),
        .replaces = sb_record_number(&record, SB_FIELD_REPLACES),
        .seq = sb_record_number(&record, SB_FIELD_SEQ),
        .held.log_index = sb_record_number(&record, SB_FIELD_LANE_INDEX),
        .held.proven_index = sb_record_number(&record, SB_FIELD_PROVEN),
    };
    (void)sb_record_hash(&record, SB_FIELD_HEAD, &row.head);
    ring_read(sb_record_bytes(&record, SB_FIELD_RING_BUFFER), row.held.ring);
    ring_read(sb_record_bytes(&record, SB_FIELD_PROOF_RING), row.held.proofs);
    *ret_row = row;
    return true;
}

void sb_tx_row_put(struct sb_txn *txn, const struct sb_stream_name *name,
                   const struct sb_tx_row *row)
{
    SB_ASSERT(row->incarnation != 0);
    uint8_t ring[SB_RECEIPT_RING * 16];
    uint8_t proofs[SB_RECEIPT_RING * 16];
    struct sb_record record = {0};
    sb_record_set_number(&record, SB_FIELD_INCARNATION, row->incarnation);
    sb_record_set_number(&record, SB_FIELD_SEQ, row->seq);
    sb_record_set_hash(&record, SB_FIELD_HEAD, &row->head);
    if (row->replaces != 0) {
        sb_record_set_number(&record, SB_FIELD_REPLACES, row->replaces);
    }
    sb_record_set_number(&record, SB_FIELD_LANE_INDEX, row->held.log_index);
    sb_record_set_number(&record, SB_FIELD_PROVEN, row->held.proven_index);
    sb_record_set_bytes(&record, SB_FIELD_RING_BUFFER,
                        sb_bytes(ring, ring_write(row->held.ring, ring)));
    sb_record_set_bytes(&record, SB_FIELD_PROOF_RING,
                        sb_bytes(proofs, ring_write(row->held.proofs, proofs)));
    struct sb_key key = stream_key(name);
    sb_row_put(txn, SB_TABLE_TX, &key, &record);
}

void sb_tx_row_advance(struct sb_tx_row *row, const struct sb_chain_mark *to, uint64_t wall_ms)
{
    ring_add(row->held.ring, to->log_index, wall_ms);
    row->held.log_index = to->log_index;
    row->replaces = 0;
    row->seq = to->seq;
    row->head = to->head;
}

void sb_tx_row_prove(struct sb_tx_row *row, uint64_t wall_ms)
{
    ring_add(row->held.proofs, row->held.log_index, wall_ms);
    row->held.proven_index = row->held.log_index;
}

bool sb_link_held(struct sb_txn *txn, const struct sb_name *agent, const struct sb_name *org,
                  unsigned lane, struct sb_held *ret_held)
{
    struct sb_stream_name name = {.agent = *agent, .org = *org, .lane = lane};
    struct sb_tx_row row;
    if (!sb_tx_row_get(txn, &name, &row)) {
        return false;
    }
    *ret_held = row.held;
    return true;
}

static struct sb_rx_row rx_row(const struct sb_record *record)
{
    struct sb_rx_row row = {
        .incarnation = sb_record_number(record, SB_FIELD_INCARNATION),
        .seq = sb_record_number(record, SB_FIELD_SEQ),
    };
    (void)sb_record_hash(record, SB_FIELD_HEAD, &row.head);
    return row;
}

static void rx_put(struct sb_txn *txn, const struct sb_key *key, const struct sb_rx_row *row)
{
    struct sb_record record = {0};
    sb_record_set_number(&record, SB_FIELD_INCARNATION, row->incarnation);
    sb_record_set_number(&record, SB_FIELD_SEQ, row->seq);
    sb_record_set_hash(&record, SB_FIELD_HEAD, &row->head);
    sb_row_put(txn, SB_TABLE_RX, key, &record);
}

struct sb_rx_row sb_rx_row_get(struct sb_txn *txn, const struct sb_stream_name *name)
{
    struct sb_key key = stream_key(name);
    struct sb_record record;
    if (!row_get(txn, SB_TABLE_RX, &key, &record)) {
        return (struct sb_rx_row){0};
    }
    return rx_row(&record);
}

void sb_rx_row_put(struct sb_txn *txn, const struct sb_stream_name *name,
                   const struct sb_rx_row *row)
{
    struct sb_key key = stream_key(name);
    rx_put(txn, &key, row);
}

/* An incarnation in which nothing came is not remembered: opened again, it would still be at its
 * beginning, and so a peer cannot fill the store by naming one incarnation after the other. */
void sb_rx_row_replace(struct sb_txn *txn, const struct sb_stream_name *name, uint64_t incarnation)
{
    struct sb_rx_row old = sb_rx_row_get(txn, name);
    if (old.seq > 0) {
        struct sb_key key = stream_key(name);
        sb_key_add_be64(&key, old.incarnation);
        rx_put(txn, &key, &old);
    }
    struct sb_rx_row opened = {.incarnation = incarnation};
    sb_rx_row_put(txn, name, &opened);
}

bool sb_rx_closed_get(struct sb_txn *txn, const struct sb_stream_name *name, uint64_t incarnation,
                      struct sb_rx_row *ret_row)
{
    struct sb_key key = stream_key(name);
    sb_key_add_be64(&key, incarnation);
    struct sb_record record;
    if (!row_get(txn, SB_TABLE_RX, &key, &record)) {
        return false;
    }
    *ret_row = rx_row(&record);
    return true;
}

void sb_rx_repeat_put(struct sb_txn *txn, const struct sb_stream_name *name,
                      const struct sb_rx_row *after, const struct sb_rx_repeat *repeat)
{
    struct sb_key key = stream_key(name);
    sb_key_add_be64(&key, after->incarnation);
    sb_key_add_be64(&key, after->seq);
    struct sb_record record = {0};
    sb_record_set_number(&record, SB_FIELD_INDEX, repeat->index);
    sb_record_set_hash(&record, SB_FIELD_HEAD, &after->head);
    if (repeat->own_differs) {
        sb_record_set_bytes(&record, SB_FIELD_OWN, repeat->own);
    }
    sb_row_put(txn, SB_TABLE_RX, &key, &record);
}

bool sb_rx_repeat_get(struct sb_txn *txn, const struct sb_stream_name *name, uint64_t incarnation,
                      uint64_t seq, struct sb_rx_repeat *ret_repeat)
{
    struct sb_key key = stream_key(name);
    sb_key_add_be64(&key, incarnation);
    sb_key_add_be64(&key, seq);
    struct sb_record record;
    if (!row_get(txn, SB_TABLE_RX, &key, &record)) {
        return false;
    }
    struct sb_rx_repeat repeat = {
        .index = sb_record_number(&record, SB_FIELD_INDEX),
        .own_differs = sb_record_has(&record, SB_FIELD_OWN),
        .own = sb_record_bytes(&record, SB_FIELD_OWN),
    };
    (void)sb_record_hash(&record, SB_FIELD_HEAD, &repeat.head);
    *ret_repeat = repeat;
    return true;
}

/* A name up to its 0, and the rest. */
static bool key_name(struct sb_bytes *rest, struct sb_name *ret_name)
{
    const uint8_t *end = rest->size > 0 ? memchr(rest->at, 0, rest->size) : NULL;
    if (end == NULL) {
        return false;
    }
    size_t size = (size_t)(end - rest->at);
    bool good = sb_name_read(sb_bytes(rest->at, size), ret_name);
    *rest = sb_bytes(end + 1, rest->size - size - 1);
    return good;
}

bool sb_rx_key_read(struct sb_bytes key, struct sb_stream_name *ret_name, uint64_t *ret_incarnation,
                    uint64_t *ret_seq)
{
    struct sb_stream_name name = {0};
    if (key.size == 0) {
        return false;
    }
    name.lane = key.at[0];
    key = sb_bytes(key.at + 1, key.size - 1);
    if (!key_name(&key, &name.agent) || !key_name(&key, &name.org)
        || (key.size != 0 && key.size != 8 && key.size != 16)) {
        return false;
    }
    *ret_name = name;
    *ret_incarnation = key.size >= 8 ? sb_be64_read(key.at) : 0;
    *ret_seq = key.size == 16 ? sb_be64_read(key.at + 8) : 0;
    return true;
}
