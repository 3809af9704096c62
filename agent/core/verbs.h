/* verbs.h: one request of the control protocol while it is answered, and the verbs that an agent
 * knows (proto/CONTROL.md, Agent). A verb checks everything before it writes anything. */
#ifndef SAMBAND_AGENT_VERBS_H
#define SAMBAND_AGENT_VERBS_H

#include "agent.h"
#include "concern.h"

struct sb_asked {
    uint64_t from;
    struct sb_name user;
    struct sb_record args;
    struct sb_rows rows;
    uint64_t next; /* OFFSET to go on with; 0: this is all */
    struct sb_why why;
};

typedef enum sb_err sb_verb_fn(struct sb_turn *turn, struct sb_asked *asked);

sb_verb_fn sb_verb_inbox, sb_verb_show, sb_verb_timeline, sb_verb_events, sb_verb_counters,
    sb_verb_status, sb_verb_ack, sb_verb_answer, sb_verb_report, sb_verb_note,
    sb_verb_mandate_declare, sb_verb_mandate_withdraw, sb_verb_who, sb_verb_channel_open,
    sb_verb_result, sb_verb_fact;

/* verb_ack.c: what whoever answered should know besides (late, recalled): WORDING in Swedish,
 * NOTICE in English. */
void sb_verb_notice(const struct sb_turn *turn, const struct sb_alert *alert,
                    struct sb_record *row);

/* find_event.c: what a request means. */

/* The newest accepted event for which `fits` says yes. False where there is none. */
typedef bool sb_event_fits(struct sb_txn *txn, const struct sb_log_row *row,
                           const struct sb_event *event);
bool sb_event_newest(struct sb_txn *txn, sb_event_fits *fits, struct sb_hash *ret_id);
/* EVENT where it is given, else the newest that fits. */
enum sb_err sb_asked_event(struct sb_turn *turn, struct sb_asked *asked, sb_event_fits *fits,
                           struct sb_hash *ret_id) SB_MUST_CHECK;
/* The same, read: `ret_event` borrows from the transaction. NOT_FOUND also where the store cannot
 * give it. */
enum sb_err sb_asked_event_read(struct sb_turn *turn, struct sb_asked *asked, sb_event_fits *fits,
                                struct sb_hash *ret_id, struct sb_event *ret_event) SB_MUST_CHECK;
/* ORG where it is given and served, else the agent's first. */
enum sb_err sb_asked_org(struct sb_turn *turn, struct sb_asked *asked,
                         struct sb_name *ret_org) SB_MUST_CHECK;
bool sb_event_is_incident(struct sb_txn *txn, const struct sb_log_row *row,
                          const struct sb_event *event);
/* It calls somebody here, and was not recalled. */
bool sb_event_alerts(struct sb_txn *txn, const struct sb_log_row *row,
                     const struct sb_event *event);
/* The incident that an event belongs to; the event itself where it is one or belongs to none. */
struct sb_hash sb_event_root(struct sb_txn *txn, const struct sb_event *event);
bool sb_event_recalled(struct sb_txn *txn, const struct sb_event *event);

/* The newest report or picture of an organisation about an incident: for versions. */
struct sb_version {
    struct sb_hash newest;
    uint64_t revision; /* 0: there is none */
};
struct sb_version sb_report_version(struct sb_txn *txn, const struct sb_name *org,
                                    const struct sb_hash *incident);

/* readable.c: an event as a row for people: what its header, facts and text say, without what only
 * machines need. Borrowed from the transaction. */
void sb_readable(struct sb_txn *txn, const struct sb_log_row *row, const struct sb_event *event,
                 struct sb_record *ret_row);
/* Adds the own seats that it calls as TO, where there are any. The row lends `called`, which the
 * caller finishes after it. */
void sb_readable_to(const struct sb_log_row *row, const struct sb_event *event,
                    struct sb_record *out, struct sb_list_writer *called);
/* In a list: where damage (txn.h) was met since there were `met`, a row that says so stands for the
 * event, and all others are told. False where the reply is full. */
bool sb_damage_tell(struct sb_turn *turn, struct sb_asked *asked, uint64_t index, uint64_t met);

#endif
