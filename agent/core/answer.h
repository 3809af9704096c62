/* answer.h: a person's acknowledgement or answer for one alert. */
#ifndef SAMBAND_AGENT_ANSWER_H
#define SAMBAND_AGENT_ANSWER_H

#include "mandate.h"

struct sb_given {
    struct sb_name person;
    struct sb_name function; /* in which capacity; "": the person's own for this seat */
    enum sb_answer answer;   /* NOTHING: an acknowledgement */
    uint64_t at;             /* of ansluter; 0 where not stated */
    struct sb_name channel;  /* over which it came; "": typed here */
    uint64_t given_at;       /* wall clock; of a person 0, or later than now: now */
};

struct sb_answered {
    struct sb_hash id; /* of the event that went up */
    enum sb_kind kind;
    enum sb_mandate_state mandate;
};

/* Puts the event on its way up and lets escalation follow the answer table. Taken in every state of
 * the alert, late and recalled too. VALUE, MISSING, …: refused, nothing happened. */
enum sb_err sb_answer_take(struct sb_turn *turn, struct sb_alert *alert,
                           const struct sb_given *given, struct sb_answered *ret_answered,
                           struct sb_why *why) SB_MUST_CHECK;

/* What TiB entered for the seat, as the broker's board takes it: `given` names no person, its
 * channel is the way, its time the broker's. Or what a person, who is named, said at the
 * organisation's other agent. No event goes up. */
void sb_answer_elsewhere(struct sb_turn *turn, struct sb_alert *alert, const struct sb_given *given,
                         bool holds_mandate);

#endif
