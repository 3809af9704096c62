/* log.h: the log that both ends keep: every event that is known, in order of arrival, as it came.
 * The broker's holds all of them; an agent's, what it received and what it issued. Rows are never
 * changed but for the verdict, the audience of what is handed on, and erasure. Tables LOG, LANE,
 * ID, CERT, and the next index in META. Pure (through a transaction). */
#ifndef SAMBAND_LOG_H
#define SAMBAND_LOG_H

#include "samband/clock.h"
#include "samband/frame.h"
#include "samband/txn.h"

struct sb_log_row {
    uint64_t index;
    uint64_t accepted_at;    /* wall clock of this end when the row was made */
    struct sb_sealed sealed; /* cert too: looked up by the digest that the header's SIGNER names */
    struct sb_bytes
        audience;        /* encoded list of organisations whose streams carry it; empty: none */
    struct sb_bytes own; /* of a received row; empty otherwise */
    /* Where it came from; stream_agent "" for an event that was made here. */
    struct sb_name stream_agent;
    struct sb_position
        at;              /* organisation, lane, incarnation, sequence; head = chain head after it */
    enum sb_err verdict; /* OK accepted, or not judged yet; else why it was refused */
};

/* In META, of an agent's store alone: the index up to which all that came was judged. A broker
 * judges in the turn that stores. */
#define SB_LOG_JUDGED "judged"

/* Appends, fills row->index, indexes by id and organisation (that of the stream, or the origin for
 * an event made here), and, where there is an audience, into the lane: row->at.lane, which is
 * filled in for an event made here. The certificate is kept once, by its digest;
 * one of that digest with another issuer's in it stays with its row. `event` is row->sealed, read.
 * The row's bytes must not be borrowed from the transaction. */
uint64_t sb_log_append(struct sb_txn *txn, const struct sb_event *event, struct sb_log_row *row);
/* False, and damage (txn.h), where there is no such row. Borrowed like sb_txn_get's: until the next
 * put. */
bool sb_log_get(struct sb_txn *txn, uint64_t index, struct sb_log_row *ret_row);
void sb_log_set_verdict(struct sb_txn *txn, uint64_t index, enum sb_err verdict);
/* Hands a received row on: gives it the audience that it came without. What a stream has passed is
 * never changed: in the turn that stored it and before anything of that turn is sent, or in one
 * that opens a new incarnation of every stream that gets it. */
void sb_log_hand_on(struct sb_txn *txn, uint64_t index, struct sb_bytes audience);
/* The row of an event; `org` NULL: the first with that id, whichever organisation. */
bool sb_log_find(struct sb_txn *txn, const struct sb_hash *id, const struct sb_name *org,
                 uint64_t *ret_index);
/* By the first 4..64 hexadecimal digits, as people type it: NOT_FOUND, or VALUE where two fit,
 * which the sentence names. */
enum sb_err sb_log_find_prefix(struct sb_txn *txn, struct sb_bytes hex, struct sb_hash *ret_id,
                               struct sb_why *why) SB_MUST_CHECK;
/* The first row of a lane at or after `from` whose audience has `org`. One that cannot be read has
 * none: it is passed over, as the link does when it sends. */
bool sb_log_lane_next(struct sb_txn *txn, unsigned lane, uint64_t from, const struct sb_name *org,
                      uint64_t *ret_index);
/* The same, whosever it is. */
bool sb_log_lane_first(struct sb_txn *txn, unsigned lane, uint64_t from, uint64_t *ret_index);
uint64_t sb_log_next_index(struct sb_txn *txn); /* one past the newest; the first row is 1 */

/* The called seats of an event that are well formed, read once for all whose own part is asked for.
 * Borrows the event's bytes; `= {0}` has none. */
struct sb_log_seats {
    struct sb_log_seat {
        struct sb_name org;
        struct sb_bytes text;
    } * at;
    size_t count, room;
};
void sb_log_seats_read(struct sb_log_seats *seats, const struct sb_event *event);
void sb_log_seats_finish(struct sb_log_seats *seats);

/* The own part of an event for one organisation: encoded list of the called seats that are its.
 * Pure function of the event, so that sender, resender and verifier agree. Empty bytes where none
 * is called, or where the list is larger than SB_OWN_SIZE_MAX: whom to alert the body's SEATS say.
 */
void sb_log_own_part(const struct sb_log_seats *seats, const struct sb_name *org,
                     struct sb_buf *buf);

/* Offline check of a whole store (either end's): every row's id, hashes and signature, every
 * received stream's chain without a gap, every event once per organisation. What an agent has
 * not judged yet it may still refuse: its signature is no fault, but counted as refused. */
struct sb_verify_result {
    uint64_t rows, signatures, streams, entries, erased, refused;
    uint64_t faults; /* 0 = sound */
    struct sb_why first_fault;
};
void sb_log_verify(struct sb_txn *txn, const struct sb_public_key *root,
                   struct sb_verify_result *ret_result);

#endif
