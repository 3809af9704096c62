/* alert.h: one alert: one event, one called seat here. A row of ALERT, its timer, and its one state
 * machine (agent/README.md):
 *
 *   HELD ──drained──▶ RINGING ──answer that suffices──▶ ANSWERED
 *                        │  ▲                             │ "nej", deputy, or a weaker answer
 *                        │  └─────────────────────────────┘
 *                        ├──nobody left──▶ EXHAUSTED ──late answer──▶ ANSWERED
 *   any of them ──recall──▶ RECALLED;  HELD, RINGING, ANSWERED, EXHAUSTED ──newer version, end──▶
 *   SUPERSEDED (the answer stays in the row)
 */
#ifndef SAMBAND_AGENT_ALERT_H
#define SAMBAND_AGENT_ALERT_H

#include "agent.h"
#include "samband/reach.h"

#define SB_GROUP_SIZE 16

struct sb_alert {
    struct sb_hash id;
    char text[SB_SEAT_SIZE_MAX + 1]; /* the seat as it was called: "~org/function:via" */
    struct sb_seat seat;             /* the same, read */
    uint8_t group[SB_GROUP_SIZE];
    bool has_group;
    unsigned realm, kind;
    unsigned level; /* 0: the event has none */
    enum sb_alert_state state;
    uint64_t answer_by, starts; /* 0 where none; a correction moves them */
    bool corrected;
    struct sb_hash correction; /* the newest one, where corrected */
    struct sb_name person;     /* being tried */
    struct sb_name reached_by; /* whose answer stands; "" until somebody answered here */
    struct sb_name otherwise;  /* how TiB reached the seat, where that stands: "rakel"; else "" */
    uint64_t answered_at;      /* when what stands was given; 0: nothing was said */
    struct sb_said aside;      /* the newest of the other source (reach.h) */
    uint64_t turn, tries, left;
    enum sb_step step; /* what comes next … */
    uint64_t due;      /* … and when, mono_ms; SB_NEVER_MS: no timer */
    uint64_t notified_at, opened_at, acked_at, at; /* wall clock; 0: not yet */
    enum sb_answer answer;
    bool holds_mandate;
    bool reminded;
};

/* Where a person's mandate decides: the seat does not only support, and the event has a level. */
bool sb_alert_needs_mandate(const struct sb_alert *alert);
/* What the event asks of a called seat. */
enum sb_asks sb_alert_asks(const struct sb_alert *alert);

void sb_alert_key(const struct sb_alert *alert, struct sb_key *ret_key);
bool sb_alert_load(struct sb_txn *txn, struct sb_bytes key, struct sb_alert *ret_alert);
bool sb_alert_find(struct sb_txn *txn, const struct sb_hash *id, const struct sb_seat *seat,
                   struct sb_alert *ret_alert);
/* The alert that a timer's or an attempt's row names. False where it is lost (lost.c). */
bool sb_alert_named(struct sb_turn *turn, struct sb_bytes key, struct sb_alert *ret_alert);
void sb_alert_save(struct sb_turn *turn, const struct sb_alert *alert);

/* The alerts of one event, one after the other: begin with `= {0}`. */
struct sb_alert_walk {
    struct sb_key key; /* of the last one handed out */
};
bool sb_alert_next(struct sb_txn *txn, const struct sb_hash *id, struct sb_alert_walk *walk,
                   struct sb_alert *ret_alert);
/* The events of one alert group that were alerted here, one after the other. */
bool sb_alert_group_next(struct sb_txn *txn, const uint8_t group[SB_GROUP_SIZE],
                         struct sb_alert_walk *walk, struct sb_hash *ret_id);

/* Who has answered for this alert, over whatever way, is not rung for it any more. */
void sb_alert_set_answered(struct sb_turn *turn, const struct sb_alert *alert,
                           const struct sb_name *person);
bool sb_alert_has_answered(struct sb_txn *txn, const struct sb_alert *alert,
                           const struct sb_name *person);

/* The one place where an alert changes its state; asserts that the move is in the table. */
bool sb_alert_may_move(enum sb_alert_state from, enum sb_alert_state to);
void sb_alert_move(struct sb_alert *alert, enum sb_alert_state to);

/* on_reached.c: TiB's entry that came before the alert was made. */
void sb_reached_before(struct sb_turn *turn, struct sb_alert *alert);
/* on_reach.c: a report, made before the store was put back, that somebody had been notified. */
void sb_notified_before(struct sb_turn *turn, struct sb_alert *alert);

/* Answer table, as far as this end knows the facts. */
struct sb_judgement sb_alert_judge(struct sb_turn *turn, const struct sb_alert *alert);

#endif
