/* attempt.h: one try at one person over one channel: a row of ATTEMPT under its key
 * "4f2a91c0/taby/p7/sms/1" (event, organisation, person, channel, which try): no other
 * organisation's, also where a gateway serves several. The row commits before the try; one of
 * unknown outcome repeats under the same key, marked so. */
#ifndef SAMBAND_AGENT_ATTEMPT_H
#define SAMBAND_AGENT_ATTEMPT_H

#include "alert.h"

struct sb_attempt {
    char key[SB_ATTEMPT_SIZE_MAX + 1];
    struct sb_hash alert; /* the alerted event … */
    char text[SB_SEAT_SIZE_MAX + 1];
    struct sb_seat seat; /* … and the seat: together the alert */
    struct sb_hash told; /* the event that is told: the alerted one, or its recall … */
    unsigned kind;       /* and that one's kind */
    struct sb_name person;
    struct sb_name channel;
    uint64_t position; /* of the channel among the person's */
    uint64_t tries;    /* over this channel, this one included */
    enum sb_result result;
    bool sent; /* it may have reached somebody */
};

/* True where it rings, false where it only tells (a recall, a correction, an end). */
bool sb_attempt_rings(const struct sb_attempt *attempt);

bool sb_attempt_load(struct sb_txn *txn, const char *key, struct sb_attempt *ret_attempt);
/* A new row, and its request to the channel where one is open; else it waits for one. */
void sb_attempt_start(struct sb_turn *turn, const struct sb_attempt *wanted);
/* What waits for the channel goes; where it opened anew (`again`), also what was sent without a
 * known result. */
void sb_attempt_send_waiting(struct sb_turn *turn, bool again);
/* What the channel says. NOT_FOUND for a key that was never given out; a second result of the same
 * attempt changes nothing. */
enum sb_err sb_attempt_result(struct sb_turn *turn, const char *key, enum sb_result result,
                              struct sb_why *why) SB_MUST_CHECK;
/* The timer of a channel that said "try again". */
void sb_attempt_retry(struct sb_turn *turn, struct sb_bytes key);

/* The attempts for one event as it was alerted or told, in the order of their keys; `org` NULL: of
 * all organisations here, `person` NULL: everybody's. Begin with a walk `= {0}`. */
struct sb_attempt_walk {
    struct sb_key key;
};
struct sb_attempt_of {
    const struct sb_hash *told;
    const struct sb_name *org, *person;
};
bool sb_attempt_next(struct sb_txn *txn, const struct sb_attempt_of *of,
                     struct sb_attempt_walk *walk, struct sb_attempt *ret_attempt);
/* What was decided for this alert and has not gone out yet stays here. */
void sb_attempt_keep_back(struct sb_turn *turn, const struct sb_alert *alert);
/* Was this person rung for this alert? */
bool sb_attempt_rang(struct sb_txn *txn, const struct sb_alert *alert,
                     const struct sb_name *person);

#endif
