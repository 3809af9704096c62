/* state.h: one session's volatile half, shared by the files of this folder: one file a frame type
 * or a duty. Everything here may be lost at any instant; what must not be is in rows.h. */
#ifndef SAMBAND_LINK_STATE_H
#define SAMBAND_LINK_STATE_H

#include "rows.h"
#include "samband/link.h"

/* An entry that was sent and is not receipted. */
struct sb_link_mark {
    struct sb_chain_mark after;
    size_t size; /* bytes of the entry in its frame: what it takes of the window */
};

/* Both directions between the agent and the broker for one organisation and lane. */
struct sb_link_stream {
    struct sb_stream_name name;
    bool spoken; /* both ends named the organisation in this session */

    /* Outgoing. acked is the TX row's position; the marks follow it without a gap up to `sent`. */
    uint64_t incarnation;
    struct sb_chain_mark acked, sent;
    uint64_t newest_seq; /* highest that was ever sent in this session */
    uint64_t next_index; /* from here the lane's filter is searched for the next entry */
    struct sb_link_mark *mark;
    size_t mark_count, mark_room;
    size_t flight_size;   /* sum of the marks' sizes */
    uint64_t progress_ms; /* mono: last receipt that moved it, or first entry in flight */
    uint64_t rewound_ms;  /* mono: when the other end's question last made us send again */
    unsigned resends;     /* in a row, without progress */
    bool resumed;         /* within a handshake: the other end's list named it */
    bool forgot; /* it begins anew, and this end may have forgotten what it sent after `known` */
    struct sb_position known;
    uint64_t announced; /* agent: the incarnation that the last HELLO named */

    /* Incoming. */
    bool receipt_due;
    uint64_t held_seq;  /* RX row's sequence, to know when the stream is drained */
    uint64_t drain_seq; /* what WELCOME announced */
};

struct sb_link {
    struct sb_link_config config;
    struct sb_link_shared *own_shared; /* where the configuration has none */
    enum sb_link_state state;
    uint64_t session;
    bool confirmed;        /* broker: a frame of this session came, and AGENT's row says so */
    bool behind;           /* broker: this agent has seen sessions that are not known here */
    bool gave;             /* broker: within this handshake the agent got back what it forgot */
    uint64_t heard_ms;     /* mono: last frame */
    uint64_t ping_at_ms;   /* mono: next ping is due */
    uint64_t greeting_ms;  /* mono: since when a WELCOME is waited for */
    uint64_t hello_ms;     /* mono: last HELLO */
    uint64_t hello_at_ms;  /* mono: next HELLO is due; SB_NEVER_MS: none */
    bool greeted;          /* agent: opened before */
    bool drained;          /* agent */
    uint64_t drain_at_ms;  /* mono: drained at the latest */
    uint64_t receipt_ms;   /* mono: last receipt sent */
    uint64_t unproven_ms;  /* mono: first receipt that no proof covers; SB_NEVER_MS: all proven */
    unsigned opened;       /* broker: by the HELLO */
    unsigned turn;         /* which organisation is served first: round robin */
    unsigned stream_count; /* SB_LANE_COUNT * org_count, lane by lane */
    struct sb_link_stream *stream;
};

/* link.c */
/* NULL where this link serves no such organisation in this session. */
struct sb_link_stream *sb_link_stream_find(const struct sb_link *link, const struct sb_name *org,
                                           unsigned lane);
void sb_link_send(const struct sb_link_turn *turn, const struct sb_frame *frame);
/* The session is over on this side: nothing is sent any more. */
void sb_link_go_down(struct sb_link *link);

/* resume.c: what the two ends agree on when a session begins */
/* Reads what both rows hold and forgets what was in flight. Makes the TX row of a new stream. */
void sb_link_stream_reset(const struct sb_link_turn *turn, struct sb_link_stream *stream);
/* As receiver: the other end announced the positions `sending`. Opens what is new. False where one
 * names an incarnation that was closed here before: it is not believed again. */
bool sb_link_adopt(const struct sb_link_turn *turn, struct sb_bytes sending);
/* As sender: the other end holds the positions `holding`. Goes on there, stream by stream, or opens
 * a new incarnation; hands back how many were opened. */
unsigned sb_link_resume(const struct sb_link_turn *turn, struct sb_bytes holding);
/* As sender: a new incarnation, from the beginning of the log: the ends do not agree. */
void sb_link_open_anew(const struct sb_link_turn *turn, const struct sb_stream_name *name);
/* The same, though they may well agree: who holds the one before goes on without an alarm. */
void sb_link_replace(const struct sb_link_turn *turn, const struct sb_stream_name *name);
/* Positions of all streams of the session, as `sending` or `holding`. */
enum sb_link_list {
    SB_LINK_RECEIPTED, /* outgoing: what the other end is known to hold */
    SB_LINK_NEWEST,    /* outgoing: what there is to come in the urgent lanes */
    SB_LINK_HOLDING,   /* incoming: what is held */
    SB_LINK_KNOWN,     /* outgoing: where streams stood of which this end may have forgotten some */
    SB_LINK_PROVING    /* incoming: what is held, streams in which nothing came left out */
};
void sb_link_positions(const struct sb_link_turn *turn, enum sb_link_list list, struct sb_buf *buf);

/* shared.c */
/* The log row that was read last. What is in it points into its own memory. */
struct sb_link_shared {
    uint64_t log_end;                  /* one past the newest row */
    uint64_t none_from[SB_LANE_COUNT]; /* at or after it the lane has no row, up to log_end */
    unsigned lane;
    uint64_t from, index; /* `index` is the lane's first row at or after `from`; 0: none was read */
    struct sb_buf bytes;
    struct sb_sealed sealed;
    struct sb_bytes audience;
    struct sb_log_seats seats; /* none where it is not readable */
    struct sb_hash id;
    struct sb_buf packed;            /* the entry as it stands in a frame, but for its own part */
    uint64_t lost_index, told_index; /* the row that was last passed over; which was told */
    struct sb_why lost_why;
};
/* Reads the lane's first row at or after `from`, whosever it is; those that the store cannot give
 * are passed over. False where there is none. */
bool sb_link_shared_read(struct sb_link_shared *shared, struct sb_txn *txn, unsigned lane,
                         uint64_t from);
/* Moves `mark` over the entry that the row makes in an organisation's stream. `own` must be empty
 * and gets the entry's own part. */
void sb_link_shared_entry(const struct sb_link_shared *shared, const struct sb_name *org,
                          struct sb_chain_mark *mark, struct sb_buf *own);

/* Rows were put into a lane before its end: what was found out about it holds no more. */
void sb_link_shared_forget(struct sb_link_shared *shared);
/* Tells of a row that was passed over, once. */
void sb_link_shared_tell(struct sb_link_shared *shared, const struct sb_link_turn *turn);

/* hand_back.c: what the other end forgot it gets back */
/* `known`: the other end's positions. Gives what came after them an audience, and opens an
 * incarnation of each own stream that carries something new by that; hands back how many it opened.
 */
unsigned sb_link_hand_back(const struct sb_link_turn *turn, struct sb_bytes known);

/* walk.c: the outgoing stream as a function of the log */
/* The stream's first row at or after `from` is read into `shared`; false where there is none. */
bool sb_link_next(struct sb_link_shared *shared, struct sb_txn *txn,
                  const struct sb_link_stream *stream, uint64_t from);
/* From `mark` over the lane's filter up to `seq`. False where the log ends first. */
bool sb_link_walk(const struct sb_link_turn *turn, const struct sb_link_stream *stream,
                  uint64_t seq, struct sb_chain_mark *mark);
/* The sequence of the newest entry in the log. */
uint64_t sb_link_newest(const struct sb_link_turn *turn, const struct sb_link_stream *stream);
/* Back to what is receipted: everything after it is sent again. */
void sb_link_rewind(struct sb_link_stream *stream);

/* greet.c: the agent's side of the handshake */
void sb_link_hello(const struct sb_link_turn *turn);
/* HELLO now, or SB_HELLO_EVERY_MS after the last one: no peer can make an agent greet faster. */
void sb_link_greet_again(const struct sb_link_turn *turn);
enum sb_err sb_link_on_welcome(const struct sb_link_turn *turn, const struct sb_frame *frame,
                               struct sb_why *why);
enum sb_err sb_link_on_refuse(const struct sb_link_turn *turn, const struct sb_frame *frame,
                              struct sb_why *why);
void sb_link_check_drained(struct sb_link *link);
bool sb_link_holds_all(const struct sb_link *link);

/* accept.c: the broker's */
/* What a store remembers of a session's number: at most SB_SESSION_MAX. */
uint64_t sb_link_durable(uint64_t session);
/* A frame of the session came: the agent has made its number durable. */
void sb_link_confirm(const struct sb_link_turn *turn);

/* on_data.c, on_receipt.c, proof.c, send.c */
enum sb_err sb_link_on_data(const struct sb_link_turn *turn, const struct sb_frame *frame,
                            struct sb_arrivals *arrivals, struct sb_why *why);
enum sb_err sb_link_on_receipt(const struct sb_link_turn *turn, const struct sb_frame *frame,
                               struct sb_why *why);
enum sb_err sb_link_on_proof(const struct sb_link_turn *turn, const struct sb_frame *frame,
                             struct sb_why *why);
uint64_t sb_link_proof_at_ms(const struct sb_link *link); /* SB_NEVER_MS where none is due */
void sb_link_prove(const struct sb_link_turn *turn);
/* DATA of every stream that has something to send and a window for it. */
void sb_link_send_data(const struct sb_link_turn *turn);

#endif
