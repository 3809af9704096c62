/* strangers.h: that many connections without a key came lately, for the board. Who they are is not
 * known here, nor how they were put out. Noted by sb_broker_note_strangers (core.h). Private to
 * broker/core. */
#ifndef SAMBAND_BROKER_STRANGERS_H
#define SAMBAND_BROKER_STRANGERS_H

#include "command.h"

/* The board's row, where many came in the last SB_STRANGERS_SHOWN_MS: STRANGERS SINCE LATEST_AT.
 * False: the reply has no room for it. */
bool sb_strangers_row(struct sb_command *command);

#endif
