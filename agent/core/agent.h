/* agent.h: what the files of the agent's core share: the agent's volatile half and the tools of one
 * turn. Inside agent/core only; others include core.h. */
#ifndef SAMBAND_AGENT_AGENT_H
#define SAMBAND_AGENT_AGENT_H

#include "core.h"
#include "samband/complaint.h"
#include "samband/control.h"
#include "samband/event.h"

/* Nothing here is missed after a crash. */
struct sb_agent {
    struct sb_agent_config config;
    struct sb_link *link;
    struct sb_known known; /* certificates whose signatures were checked */
    uint64_t judge_ms; /* when what was stored and not judged yet will be; SB_NEVER_MS: nothing */
    uint64_t channel;  /* the client that is samband-channel, while channel_open */
    bool channel_open;
    bool channel_opened;         /* opened in this turn: what waits for it goes at the turn's end */
    bool restored;               /* the store was put back, and has not caught up yet */
    bool may_hold;               /* alerts may lie HELD in the store */
    bool may_wait;               /* attempts may lie unsent though the channel is open */
    struct sb_complaints centre; /* bad frames of the broker */
    struct sb_complaints local;  /* what came over the local socket and is no request */
};

/* One turn's tools: every function that decides gets them and holds nothing back. */
struct sb_turn {
    struct sb_agent *agent;
    struct sb_txn *txn;
    struct sb_now now;
    struct sb_entropy *entropy;
    struct sb_effects *effects;
};

/* True where the organisation is one that the agent serves. */
bool sb_agent_serves(const struct sb_agent *agent, const struct sb_name *org);

/* issue.c: seals `fields` (KIND, REALM and the kind's own set) as an event of `org`, puts it into
 * the log and on its way up. FULL, TOO_LARGE or VALUE where it cannot be sealed, CORRUPT where
 * damage was met that nobody excused; nothing is written then. */
enum sb_err sb_agent_issue(struct sb_turn *turn, const struct sb_name *org,
                           struct sb_record *fields, struct sb_hash *ret_id,
                           struct sb_why *why) SB_MUST_CHECK;

/* lost.c: a row that another one names is not there, or damaged (txn.h): counted as WHAT/lost
 * ("log", "alert", "attempt") and logged; the turn goes on without it. `met`: sb_txn_damages()
 * before it was looked for. */
void sb_agent_lost(struct sb_turn *turn, uint64_t met, const char *what, const char *which);

/* arrive.c: the link has stored something: it is judged SB_JUDGE_AFTER_MS later, so that the
 * receipt does not wait for signatures, rings and reports, and what comes in one go (a call's three
 * events, a recall close behind) is judged in one. */
void sb_agent_arrived(struct sb_turn *turn);
/* Judges what was stored since the last time, at most SB_JUDGED_PER_TURN_MAX of it; the accepted
 * are acted on, the refused get a verdict, and neither holds up what comes after. */
void sb_agent_judge(struct sb_turn *turn);
/* All of it: before a request is answered. */
void sb_agent_judge_all(struct sb_turn *turn);

/* session.c: the link's life from the agent's side. */
void sb_session_start(struct sb_turn *turn);
void sb_session_frame(struct sb_turn *turn, struct sb_bytes bytes);
void sb_session_rebuilt(struct sb_turn *turn);
struct sb_link_turn sb_session_turn(const struct sb_turn *turn); /* what the link works on */
uint64_t sb_session_deadline_ms(const struct sb_agent *agent);
/* False at the start, and after each WELCOME, until the link has drained, or SB_DRAIN_MS; and while
 * something lies there unjudged: what is due waits, for it may have been recalled meanwhile. */
bool sb_session_may_wake(const struct sb_turn *turn);

/* A store that was put back: once all that was to come has come and is judged, it is as any. */
void sb_session_caught_up(struct sb_turn *turn);

/* request.c: one request of the control protocol, answered with one reply. */
void sb_agent_requested(struct sb_turn *turn, uint64_t from, const struct sb_name *user,
                        struct sb_bytes bytes);

/* What a row of the log says, read. False where it cannot be read (a kind that this build does not
 * know is readable: its header is). `row` may be NULL. Borrowed until the next put. */
bool sb_agent_read_row(struct sb_txn *txn, uint64_t index, struct sb_log_row *row,
                       struct sb_event *ret_event);
/* The same by id, whichever organisation's. */
bool sb_agent_read_event(struct sb_txn *txn, const struct sb_hash *id, struct sb_event *ret_event);

/* The seats of `org` that an event calls are added to `called`: those of its signed list. `own`,
 * the sender's own part, which is empty where it would be too large (log.h), says it only where
 * that list was erased. */
void sb_agent_called(const struct sb_event *event, const struct sb_name *org, struct sb_bytes own,
                     struct sb_list_writer *called);

/* wall clock of a moment on the monotonic clock. */
static inline uint64_t sb_turn_wall(const struct sb_turn *turn, uint64_t mono_ms)
{
    return mono_ms >= turn->now.mono_ms ? turn->now.wall_ms + (mono_ms - turn->now.mono_ms)
                                        : turn->now.wall_ms;
}

#endif
