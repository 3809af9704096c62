/* on_reach.c: reach reports: how far an agent's engine got with a seat and what it does next. */
#include "on_arrival.h"

enum sb_err sb_reach_check(struct sb_arrival *arrival, struct sb_why *why)
{
    return sb_arrival_seat(arrival, why);
}

void sb_reach_apply(struct sb_arrival *arrival)
{
    struct sb_seat_state state;
    sb_arrival_state(arrival, &arrival->seat, &state);
    sb_seat_state_reach(&state, &arrival->event->event.fields,
                        sb_arrival_time(arrival, SB_FIELD_ISSUED));
    sb_seat_state_put(arrival->turn->txn, &arrival->about, &arrival->seat, &state);
}
