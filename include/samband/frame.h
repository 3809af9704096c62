/* frame.h: the link's messages as plain structs, and their one encoding (PROTOCOL.md, Frames): a
 * MessagePack array [major version, type, …], one ZeroMQ frame each. Reading gives views into the
 * frame's bytes. Pure. */
#ifndef SAMBAND_FRAME_H
#define SAMBAND_FRAME_H

#include "samband/event.h"

#define SB_PROTOCOL_MAJOR 1
#define SB_PROTOCOL_MINOR 0

/* X(NAME, number) */
#define SB_FRAMES(X)                                                                        \
    X(HELLO, 1)   /* agent → broker: version, last session, cursors of both directions */ \
    X(WELCOME, 2) /* broker → agent: session, epoch, cursors of both directions */        \
    X(DATA, 3)    /* either way: entries of one stream */                                   \
    X(RECEIPT, 4) /* either way: I hold up to here, durably */                              \
    X(PROOF, 5)   /* agent → broker: signed cursors of all its streams */                 \
    X(PING, 6)    /* either way */                                                          \
    X(PONG, 7)    /* either way */                                                          \
    X(REFUSE, 8)  /* either way: error and sentence; the session ends */

enum sb_frame_type {
#define X(name, number) SB_FRAME_##name = (number),
    SB_FRAMES(X)
#undef X
};
const char *sb_frame_name(enum sb_frame_type type);

/* One stream's position, as both ends exchange it. Encoded [org, lane, incarnation, seq, head]. */
struct sb_position {
    struct sb_name org;
    unsigned lane;
    uint64_t incarnation; /* 0: I know of no stream */
    uint64_t seq;
    struct sb_hash head;
};

struct sb_entry {
    struct sb_sealed sealed;
    struct sb_bytes own;
};

struct sb_frame {
    enum sb_frame_type type;
    uint64_t minor;       /* HELLO, WELCOME */
    uint64_t session;     /* HELLO: last durable one; elsewhere the current one */
    uint64_t epoch;       /* HELLO: highest seen; WELCOME: the broker's */
    struct sb_bytes orgs; /* HELLO: list of organisations spoken for */
    struct sb_bytes
        sending; /* HELLO, WELCOME: positions of my outgoing streams: newest in the log */
    struct sb_bytes holding; /* HELLO, WELCOME, PROOF: positions of what I hold durably */
    struct sb_bytes known;   /* HELLO, WELCOME, optional: where my own streams stood, as far as I
                                know,   of which you may hold what I forgot; empty: none */
    struct sb_position at; /* DATA: seq of the first entry, head before it; RECEIPT: what I hold */
    struct sb_bytes entries;   /* DATA: encoded array, iterate below */
    uint64_t wall_ms;          /* PING, PONG, PROOF: the sender's wall clock */
    struct sb_bytes signature; /* PROOF */
    struct sb_bytes statement; /* PROOF: the bytes that are signed, made by
                                  sb_proof_statement_write; session, wall_ms and holding above are
                                  what reading found in them */
    enum sb_err err;           /* REFUSE */
    struct sb_bytes text;      /* REFUSE: sentence, as sb_why_both writes it */
};

/* Refuses MALFORMED, TOO_LARGE, VERSION (a newer major: `why` names both). */
enum sb_err sb_frame_read(struct sb_bytes bytes, struct sb_frame *ret_frame,
                          struct sb_why *why) SB_MUST_CHECK;
void sb_frame_write(const struct sb_frame *frame, struct sb_buf *buf);
/* Appends the statement that a PROOF's signature covers (tag "proof"): [session, wall_ms, holding].
 * `holding` is an encoded array of positions; empty bytes are an empty array. */
void sb_proof_statement_write(uint64_t session, uint64_t wall_ms, struct sb_bytes holding,
                              struct sb_buf *buf);

/* Positions and entries inside a frame: counted, bounded, views only. Both were checked by
 * sb_frame_read. */
struct sb_views {
    struct sb_bytes rest;
    unsigned left;
};
struct sb_views sb_views_read(struct sb_bytes encoded); /* of a `sending`, `holding` or `entries` */
bool sb_position_next(struct sb_views *views, struct sb_position *ret);
bool sb_entry_next(struct sb_views *views, struct sb_entry *ret);
/* Builders: an encoded array in a buffer: sb_pack_array(buf, n), then n times one of these. */
void sb_position_pack(struct sb_buf *buf, const struct sb_position *position);
/* All of it but the own part, which follows as bin. */
void sb_entry_pack_sealed(struct sb_buf *buf, const struct sb_sealed *sealed);

/* hash("entry", head before ‖ event id ‖ own part): the chain. */
struct sb_hash sb_chain_next(const struct sb_hash *head, const struct sb_hash *id,
                             struct sb_bytes own);

#endif
