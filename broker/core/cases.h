/* cases.h: what the broker remembers of its own events beside the log, so that a command or a board
 * finds them at once: one head row an event, and indexes. All of it follows from the log. Private
 * to broker/core.
 *
 *      'E' ‖ event id                  head row: KIND FORUM LEVEL MODE ANSWER_BY GROUP INCIDENT
 *                                      INDEX REALM STARTS REVISION NUMBER (seats) TURN (its order:
 *                                      when it was issued, never before the one before); later
 *                                      RECALLED, DONE (ended), TITLE STARTS JOIN (corrected)
 *      'N' ‖ realm ‖ kind ‖ ~order ‖ ~index     id: of each kind the newest first
 *      'G' ‖ alert group ‖ index       id
 *      'T' ‖ story ‖ index             nothing: the timeline (a story is an incident, or an event
 *                                      outside any)
 *      'P' ‖ realm ‖ incident          ID REVISION of its newest picture
 *      'L' ‖ realm ‖ incident ‖ organisation    the same of the organisation's newest report
 */
#ifndef SAMBAND_BROKER_CASES_H
#define SAMBAND_BROKER_CASES_H

#include "rows.h"

/* False where the event is not one of the broker's own. Borrowed from the transaction. */
bool sb_case_get(struct sb_txn *txn, const struct sb_hash *id, struct sb_record *ret_head);
void sb_case_put(struct sb_txn *txn, const struct sb_hash *id, const struct sb_record *head);
/* Where it lies in the log; 0 where it is not one of the broker's own. A copy that an agent handed
 * back may lie before it. */
uint64_t sb_case_index(struct sb_txn *txn, const struct sb_hash *id);
/* Sets one number of a head row that is there. */
void sb_case_mark(struct sb_txn *txn, const struct sb_hash *id, enum sb_field field,
                  uint64_t number);

/* After an event of the broker's was stored: head row and indexes. */
void sb_case_add(struct sb_txn *txn, const struct sb_event *event, uint64_t index, uint64_t order);

struct sb_broker_walk sb_case_newest(unsigned realm, enum sb_kind kind);
struct sb_broker_walk sb_case_group(struct sb_bytes group);
/* The next id of one of the two walks, and its head row, borrowed from the transaction. One whose
 * head row is gone is damage (txn.h), and passed over. */
bool sb_case_next(struct sb_broker_walk *walk, struct sb_txn *txn, struct sb_hash *ret_id,
                  struct sb_record *ret_head);

/* Puts an accepted event into the timeline of its story: its incident's, or that of the event that
 * it is about, or its own. */
void sb_story_add(struct sb_txn *txn, const struct sb_event *event, uint64_t index);
struct sb_hash sb_story_of(struct sb_txn *txn, const struct sb_event *event);
struct sb_broker_walk sb_story_walk(const struct sb_hash *story, uint64_t from_index);
bool sb_story_next(struct sb_broker_walk *walk, struct sb_txn *txn, uint64_t *ret_index);

/* The newest version of a picture or report. `org` NULL: the picture. False: there is none. */
bool sb_version_get(struct sb_txn *txn, unsigned realm, const struct sb_hash *incident,
                    const struct sb_name *org, struct sb_record *ret_row);
void sb_version_add(struct sb_txn *txn, const struct sb_event *event, const struct sb_name *org);

#endif
