/* concern.h: the alerts that an event concerns: its own, and where it is in an alert group, the
 * whole group's. */
#ifndef SAMBAND_AGENT_CONCERN_H
#define SAMBAND_AGENT_CONCERN_H

#include "alert.h"

struct sb_group {
    uint8_t at[SB_GROUP_SIZE];
    bool known;
};
/* The alert group that an event names in its header; known false where it names none. */
struct sb_group sb_group_of(const struct sb_record *fields);
/* The group of an event in the log. */
struct sb_group sb_group_find(struct sb_txn *txn, const struct sb_hash *id);
/* The same for what another event does to it: an event of another realm has none there. */
struct sb_group sb_group_within(struct sb_txn *txn, const struct sb_hash *id, unsigned realm);

/* Calls `visit` for each; it may change and save the alert. */
typedef void sb_concern_visit(struct sb_turn *turn, struct sb_alert *alert, void *with);
void sb_concern_each(struct sb_turn *turn, const struct sb_hash *id, const struct sb_group *group,
                     sb_concern_visit *visit, void *with);

/* Recalled before or after it was seen? By id and by group, each in its realm: what an exercise key
 * signed touches nothing live. */
bool sb_tomb_has(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                 const struct sb_group *group);
void sb_tomb_put(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                 const struct sb_group *group, const struct sb_hash *recall);
/* The same of an end, which may come to one organisation here before the call comes to another. */
bool sb_tomb_ended(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                   const struct sb_group *group);
void sb_tomb_put_ended(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                       const struct sb_group *group, const struct sb_hash *end);
/* The newest correction of an event, so that one which overtook its original counts. */
bool sb_tomb_correction(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                        struct sb_hash *ret_correction);
void sb_tomb_put_correction(struct sb_txn *txn, unsigned realm, const struct sb_hash *id,
                            const struct sb_hash *correction);
/* TiB's newest entry that a seat was reached otherwise, or the newest that somebody said at the
 * organisation's other agent, for the same reason. */
bool sb_tomb_reached(struct sb_txn *txn, const struct sb_alert *alert, bool by_tib,
                     struct sb_hash *ret_reached);
void sb_tomb_put_reached(struct sb_txn *txn, const struct sb_alert *alert, bool by_tib,
                         const struct sb_hash *reached);

/* The newest forgotten report that somebody was notified for a seat, where it came before the
 * alert. */
bool sb_tomb_notified(struct sb_txn *txn, const struct sb_alert *alert, struct sb_hash *ret_report);
void sb_tomb_put_notified(struct sb_txn *txn, const struct sb_alert *alert,
                          const struct sb_hash *report);

/* tell.c: those who were, or may have been, notified of this alert are told of the event `told`
 * about it, each once. `word` is the trace's. */
struct sb_told {
    struct sb_hash id;
    unsigned kind;
    unsigned realm; /* its alerts only */
    const char *word;
};
void sb_tell(struct sb_turn *turn, const struct sb_alert *alert, const struct sb_told *told);

#endif
