/* rows.h: the durable half of a stream, as rows of TX and RX. What both ends agree on stands here
 * and nowhere else; the session (state.h) only remembers what is in flight. Nothing here sends or
 * decides.
 *
 *      TX  lane ‖ agent ‖ 0 ‖ organisation ‖ 0                        what the other end holds
 *      RX  lane ‖ agent ‖ 0 ‖ organisation ‖ 0                        what is held of its stream
 *      RX  … ‖ incarnation                                            a closed incarnation's end
 *      RX  … ‖ incarnation ‖ sequence                                 a repeat: an entry whose
 * event was held already */
#ifndef SAMBAND_LINK_ROWS_H
#define SAMBAND_LINK_ROWS_H

#include "samband/link.h"

/* One direction between an agent and its broker, whichever end asks. */
struct sb_stream_name {
    struct sb_name agent, org;
    unsigned lane;
};

/* A point in a stream as its sender knows it. */
struct sb_chain_mark {
    uint64_t seq;
    struct sb_hash head; /* chain head after seq; zero at seq 0 */
    uint64_t log_index;  /* of the entry seq; 0 at seq 0 */
};

struct sb_tx_row {
    uint64_t incarnation; /* never 0 in a stored row */
    /* The incarnation that this end left for this one of its own accord, and that the other end
     * holds rightly until something of this one is receipted; 0: none */
    uint64_t replaces;
    uint64_t seq;
    struct sb_hash head;
    struct sb_held held; /* log_index is that of seq */
};

struct sb_rx_row {
    uint64_t incarnation, seq;
    struct sb_hash head;
};

/* A repeat: the event of this entry was held before, under `index`. */
struct sb_rx_repeat {
    uint64_t index;
    struct sb_hash head; /* after the entry */
    bool own_differs;    /* the entry's own part is not that of the row `index`, but: */
    struct sb_bytes own; /* borrowed from the transaction */
};

/* False where there is none; a row that cannot be read counts as none. */
bool sb_tx_row_get(struct sb_txn *txn, const struct sb_stream_name *name,
                   struct sb_tx_row *ret_row);
void sb_tx_row_put(struct sb_txn *txn, const struct sb_stream_name *name,
                   const struct sb_tx_row *row);
/* The other end holds up to `to`: moves the row and remembers when. */
void sb_tx_row_advance(struct sb_tx_row *row, const struct sb_chain_mark *to, uint64_t wall_ms);
/* All that is receipted is proven now. */
void sb_tx_row_prove(struct sb_tx_row *row, uint64_t wall_ms);

/* A stream that is not known is the row of zeros. */
struct sb_rx_row sb_rx_row_get(struct sb_txn *txn, const struct sb_stream_name *name);
void sb_rx_row_put(struct sb_txn *txn, const struct sb_stream_name *name,
                   const struct sb_rx_row *row);
/* Closes the incarnation that the row holds, for ever if anything was received in it, and opens
 * `incarnation` at sequence 0. */
void sb_rx_row_replace(struct sb_txn *txn, const struct sb_stream_name *name, uint64_t incarnation);
/* The end of a closed incarnation; false where it was never closed. */
bool sb_rx_closed_get(struct sb_txn *txn, const struct sb_stream_name *name, uint64_t incarnation,
                      struct sb_rx_row *ret_row);

/* `after` is the position of the entry. */
void sb_rx_repeat_put(struct sb_txn *txn, const struct sb_stream_name *name,
                      const struct sb_rx_row *after, const struct sb_rx_repeat *repeat);
bool sb_rx_repeat_get(struct sb_txn *txn, const struct sb_stream_name *name, uint64_t incarnation,
                      uint64_t seq, struct sb_rx_repeat *ret_repeat);

/* What a key of RX names. `seq` 0: a row; `incarnation` 0 as well: the current one. False where it
 * is no such key. */
bool sb_rx_key_read(struct sb_bytes key, struct sb_stream_name *ret_name, uint64_t *ret_incarnation,
                    uint64_t *ret_seq);

/* Reads a record of LOCAL fields; false where the bytes are not one (a damaged store). */
bool sb_row_read(struct sb_bytes value, struct sb_record *ret_record);
/* Writes a record of LOCAL fields under a key. Asserts that it fits: rows are ours. */
void sb_row_put(struct sb_txn *txn, enum sb_table table, const struct sb_key *key,
                const struct sb_record *record);

#endif
