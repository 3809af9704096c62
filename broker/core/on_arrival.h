/* on_arrival.h: what came up from an organisation, one function for each kind to check and to apply
 * it. Private to broker/core. */
#ifndef SAMBAND_BROKER_ON_ARRIVAL_H
#define SAMBAND_BROKER_ON_ARRIVAL_H

#include "cases.h"
#include "seat_state.h"
#include "turn.h"

/* An entry of an agent's stream, in the log already. */
struct sb_arrival {
    struct sb_broker_turn *turn;
    const struct sb_broker_event *event;
    struct sb_hash about;           /* REF */
    struct sb_broker_event *target; /* the event that it is about; NULL where it names none */
    struct sb_seat seat;            /* the called seat that it is about, where it names one */
    struct sb_hash missing;         /* refused for want of this event; else zero */
};

/* on_answer.c, on_reach.c, on_mandate.c, on_verdict.c, on_report.c. A check changes nothing; apply
 * cannot fail. */
enum sb_err sb_answer_check(struct sb_arrival *arrival, struct sb_why *why) SB_MUST_CHECK;
void sb_answer_apply(struct sb_arrival *arrival);
enum sb_err sb_reach_check(struct sb_arrival *arrival, struct sb_why *why) SB_MUST_CHECK;
void sb_reach_apply(struct sb_arrival *arrival);
enum sb_err sb_mandate_check(struct sb_arrival *arrival, struct sb_why *why) SB_MUST_CHECK;
void sb_mandate_apply(struct sb_arrival *arrival);
enum sb_err sb_verdict_check(struct sb_arrival *arrival, struct sb_why *why) SB_MUST_CHECK;
void sb_verdict_apply(struct sb_arrival *arrival);
void sb_report_apply(struct sb_arrival *arrival);

/* The seat that the arrival names must be called by what it is about, at the organisation itself.
 */
enum sb_err sb_arrival_seat(struct sb_arrival *arrival, struct sb_why *why) SB_MUST_CHECK;
/* A time that the sender's clock gave, but never later than the entry came: what a clock that is
 * ahead says is counted (broker/clock-ahead) and taken as said on arrival. */
uint64_t sb_arrival_time(const struct sb_arrival *arrival, enum sb_field field);
/* The seat's state, with the time at which the sender's receipt came frozen into it. */
void sb_arrival_state(struct sb_arrival *arrival, const struct sb_seat *seat,
                      struct sb_seat_state *ret_state);

#endif
