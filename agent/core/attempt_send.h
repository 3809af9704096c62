/* attempt_send.h: an attempt on its way to samband-channel. */
#ifndef SAMBAND_AGENT_ATTEMPT_SEND_H
#define SAMBAND_AGENT_ATTEMPT_SEND_H

#include "attempt.h"

/* Gives the attempt to the open channel, marked REPEAT where it was given before. Somebody who has
 * left the roster, or lost that channel, meanwhile: the attempt has failed. */
void sb_attempt_send(struct sb_turn *turn, const struct sb_attempt *attempt);
void sb_attempt_save(struct sb_turn *turn, const struct sb_attempt *attempt);

#endif
