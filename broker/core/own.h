/* own.h: the broker's own events on their way into the log, with all that follows from them in
 * other rows: the one path for those that it makes (issue.c) and those that it gets back
 * (recover.c). Private to broker/core. */
#ifndef SAMBAND_BROKER_OWN_H
#define SAMBAND_BROKER_OWN_H

#include "cases.h"
#include "turn.h"

/* An event that is right: sealed here, or its signature checked. `row`: ACCEPTED_AT, sealed and
 * audience, not borrowed from the transaction. `recovered`: others that came after it may be here
 * already, and it takes its place before them. Hands back the log index. What it is about is in
 * the log, unless it is recovered and nobody had it. */
uint64_t sb_own_store(struct sb_broker_turn *turn, const struct sb_event *event,
                      struct sb_log_row *row, bool recovered);
/* What TiB entered of a seat, judged again once the mandate that it says is held is declared. */
void sb_own_reached_again(struct sb_broker_turn *turn, uint64_t index);

#endif
