/* convene.h: what call, inform, activate, picture and preview share: the forum, who is called, the
 * incident, the times. Private to broker/core. */
#ifndef SAMBAND_BROKER_CONVENE_H
#define SAMBAND_BROKER_CONVENE_H

#include "issue.h"

#define SB_FORUM_TITLE_SIZE_MAX 121

/* A standing forum of the store. */
struct sb_forum {
    struct sb_name forum; /* "" : none */
    char name[SB_FORUM_TITLE_SIZE_MAX];
    unsigned level, mode;
};

/* NOT_FOUND where the store has no such forum. */
enum sb_err sb_forum_find(struct sb_txn *txn, const struct sb_name *id, struct sb_forum *ret_forum,
                          struct sb_why *why) SB_MUST_CHECK;
/* All its seats now. Refuses a forum that calls nobody. */
enum sb_err sb_forum_seats(struct sb_txn *txn, const struct sb_forum *forum,
                           struct sb_called *called, struct sb_why *why) SB_MUST_CHECK;

/* TO (forums, organisations, organisation/function) or else FORUM. The forum gives the level:
 * FORUM, or the only forum in TO; ret_forum->forum "" where there is none. */
enum sb_err sb_command_called(struct sb_command *command, struct sb_called *called,
                              struct sb_forum *ret_forum) SB_MUST_CHECK;
/* FORUM and all its seats. */
enum sb_err sb_command_forum(struct sb_command *command, struct sb_called *called,
                             struct sb_forum *ret_forum) SB_MUST_CHECK;
/* The incident that EVENT is or belongs to; *ret_has false where EVENT is left out. A recalled
 * incident is refused. */
enum sb_err sb_command_incident(struct sb_command *command, struct sb_hash *ret_incident,
                                bool *ret_has) SB_MUST_CHECK;
/* Sets ANSWER_BY (SB_ANSWER_BY_DEFAULT_MS from now where left out) and SECRECY (open). Refuses a
 * time to answer by, or a start, that has passed. */
enum sb_err sb_command_times(struct sb_command *command, struct sb_record *fields) SB_MUST_CHECK;
/* Sets FORUM and LEVEL. */
void sb_forum_set(const struct sb_forum *forum, struct sb_record *fields);

#endif
