/* invite.h: a token for somebody who is to join. Private to broker/core. */
#ifndef SAMBAND_BROKER_INVITE_H
#define SAMBAND_BROKER_INVITE_H

#include "command.h"

/* Makes the one-time key with its rows, and the reply's row: TOKEN and VALID_TO beside what `row`
 * (ROLE, and ORG ORGS AGENT or SUBJECT REALM) promises. `name` stands in the token for people. */
void sb_invite(struct sb_command *command, struct sb_record *row, const struct sb_name *name);

#endif
