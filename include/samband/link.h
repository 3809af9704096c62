/* link.h: the link between a broker and an agent: two durable directions by one state machine, the
 * same at both ends. This file's object is one session's volatile half (what is in flight, when to
 * ping); everything durable is rows: TX (what the other end holds of my stream), RX (what I hold of
 * its). A crash forgets the object and loses nothing. Pure: frames in, effects out. (PROTOCOL.md,
 * Link)
 *
 *      idle ──open()/HELLO──▶ greeting ──WELCOME──▶ up ──silent, REFUSE, GONE──▶ down
 *
 * On every turn: on_frame() for each frame, then pump(), which sends what is durable and the
 * windows allow, highest lane first, then the shell commits, then the effects leave. Receipts are
 * made by pump() too, one per stream that moved, so that they leave only after the commit that they
 * speak of. After a turn that was not committed the object must be destroyed, as by a crash: it
 * believes that the turn happened. */
#ifndef SAMBAND_LINK_H
#define SAMBAND_LINK_H

#include "samband/effects.h"
#include "samband/frame.h"
#include "samband/log.h"

enum sb_link_end {
    SB_LINK_BROKER,
    SB_LINK_AGENT
};
enum sb_link_state {
    SB_LINK_IDLE,
    SB_LINK_GREETING,
    SB_LINK_UP,
    SB_LINK_DOWN
};

/* What the links of one turn share: an event for many is read, checked and packed once, not once
 * for each of them. */
struct sb_link_shared;
void sb_link_shared_destroy(struct sb_link_shared *shared);
struct sb_link_shared *sb_link_shared_new(void) SB_OWNED_BY(sb_link_shared_destroy);
/* Before the first pump of every turn; until after the last one nothing is appended to the log. */
void sb_link_shared_begin(struct sb_link_shared *shared, struct sb_txn *txn);

struct sb_link_config {
    enum sb_link_end end;
    struct sb_name agent;       /* the agent of this session, at both ends */
    uint64_t to;                /* where frames go: routing token; 0 at an agent */
    const struct sb_name *orgs; /* served organisations; borrowed for the link's life */
    unsigned org_count;
    const struct sb_signer *machine;         /* agent's end: signs proofs; NULL at the broker's */
    const struct sb_public_key *machine_key; /* broker's end: checks them; NULL at an agent's */
    uint64_t epoch;                          /* broker's end */
    struct sb_name issuer; /* broker's end: whose events it makes; a held one that comes up is a
                              repeat. "" : none */
    size_t window[2];      /* urgent, bulk: bytes in flight; 0: those of limits.h */
    struct sb_link_shared *shared; /* borrowed; NULL: the link reads for itself */
};

/* New entries that on_frame() stored in this call: log indexes, in order. Duplicates (an event
 * already held for that organisation) advance the stream and are not listed. */
struct sb_arrivals {
    uint64_t index[SB_ENTRIES_PER_DATA_MAX];
    unsigned count;
};

struct sb_link;
void sb_link_destroy(struct sb_link *link);
struct sb_link *sb_link_new(const struct sb_link_config *config) SB_OWNED_BY(sb_link_destroy);

/* A link, and what one turn gives it to work on. */
struct sb_link_turn {
    struct sb_link *link;
    struct sb_txn *txn;
    struct sb_now now;
    struct sb_entropy *entropy;
    struct sb_effects *effects;
};

/* Agent: begins a session (again): HELLO with the last durable session number and all positions. */
void sb_link_open(const struct sb_link_turn *turn);
/* Broker: answers a HELLO that was admitted: checks the session number (STALE → REFUSE: clone or
 * old backup), makes the next one durable in AGENT's row (fields SESSION, CONFIRMED), resumes every
 * stream (opens a new incarnation where the agent's position cannot be one of ours: an alarm in the
 * log), sends WELCOME. May be called again on the same link: the session starts anew. On a refusal
 * the REFUSE frame is among the effects and the link is as before. */
enum sb_err sb_link_accept(const struct sb_link_turn *turn, const struct sb_frame *hello,
                           struct sb_why *why) SB_MUST_CHECK;

/* A frame of this session (at an agent also WELCOME and REFUSE). DATA that follows in its chain is
 * always stored and will be receipted; a gap or a broken chain is dropped, counted (COUNTER
 * "link/chain" …) and asked again by the receipt of what is held. Refuses with the rule that the
 * frame broke; the link stays usable. */
enum sb_err sb_link_on_frame(const struct sb_link_turn *turn, const struct sb_frame *frame,
                             struct sb_arrivals *ret_arrivals, struct sb_why *why) SB_MUST_CHECK;

/* A store was put back: META "restored" is the wall clock of when, or of when the link found out.
 * Such an end tells the other what it knew of its streams, and gets back what came after it
 * (PROTOCOL.md, Handing back). A broker keeps the mark; an agent's core takes it away once it has
 * caught up. */
#define SB_LINK_RESTORED "restored"
bool sb_link_is_restored(struct sb_txn *txn);
/* What a broker's `counters` tell of it: one row with how many events it got back, and one with how
 * many agents have not been heard since, each of which may hold more. */
#define SB_LINK_PUT_BACK         "put-back"
#define SB_LINK_PUT_BACK_UNHEARD "put-back/unheard"
/* Agent: the session is up, and everything that WELCOME announced in the urgent lanes is held. */
bool sb_link_caught_up(const struct sb_link *link);
/* Broker, after sb_link_accept(): rows behind what other agents of these organisations hold got an
 * audience. Their streams begin anew; their sessions must be ended. */
bool sb_link_gave(const struct sb_link *link);

/* Agent: what was handed back to a broker that had forgotten it: NUMBER, AT (the last time), as
 * META "handed-back" keeps it. False where nothing ever was. */
#define SB_LINK_HANDED_BACK "handed-back"
bool sb_link_handed_back(struct sb_txn *txn, struct sb_record *ret_record);

/* A REFUSE frame to a peer, also one that has no link: a frame of an unknown session is answered
 * with SESSION and that frame's session number (0 where it has none), and the agent greets again.
 */
void sb_link_refuse(struct sb_effects *effects, uint64_t to, uint64_t session, enum sb_err err,
                    const struct sb_why *why);

/* Agent: the refusal that stands between it and a session, as META "refusal" keeps it: ERROR, and
 * WHY in both languages. False where there is none. */
#define SB_LINK_REFUSAL "refusal"
bool sb_link_refusal(struct sb_txn *txn, struct sb_record *ret_record);

/* Agent: a frame of the broker could not be read at all. Tells it why by a REFUSE, which ends the
 * session there, and greets again. */
void sb_link_reject(const struct sb_link_turn *turn, enum sb_err err, const struct sb_why *why);

/* Sends receipts that are due, then DATA by lane priority within the windows, then pings, resends
 * and proofs by time. Call once at the end of every turn and when the deadline passes. */
void sb_link_pump(const struct sb_link_turn *turn);
uint64_t sb_link_deadline_ms(const struct sb_link *link); /* mono_ms of the next pump by time */

enum sb_link_state sb_link_state(const struct sb_link *link);
uint64_t sb_link_session(const struct sb_link *link); /* 0 unless up */
/* Broker: streams that begin anew because the agent does not hold what it had receipted. Not those
 * where it is the broker that forgot. */
unsigned sb_link_opened(const struct sb_link *link);
/* Agent: true once everything that WELCOME announced in the urgent lanes is held, or SB_DRAIN_MS
 * after it. */
bool sb_link_drained(const struct sb_link *link, struct sb_now now);
uint64_t sb_link_drain_deadline_ms(const struct sb_link *link); /* SB_NEVER_MS once drained */

/* What the other end holds of my stream: a view for the board and for `verify`. */
struct sb_held_at {
    uint64_t log_index, wall_ms;
};
struct sb_held {
    uint64_t log_index; /* newest log index that it has receipted; 0: nothing */
    uint64_t proven_index;
    /* When which index was first receipted, and first proven; oldest first, 0 unused. */
    struct sb_held_at ring[SB_RECEIPT_RING], proofs[SB_RECEIPT_RING];
};
bool sb_link_held(struct sb_txn *txn, const struct sb_name *agent, const struct sb_name *org,
                  unsigned lane, struct sb_held *ret_held);

/* Session row of an agent at the broker, shared with the broker's core: AGENT[agent] is a record
 * with ORGS, CERT, SESSION, CONFIRMED, HEARD_AT, REVOKED. At the agent META "session", "epoch" and
 * "refusal".
 */

#endif
