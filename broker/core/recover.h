/* recover.h: an event of the broker's own that an agent hands back, because this store was put back
 * and forgot it. Private to broker/core. */
#ifndef SAMBAND_BROKER_RECOVER_H
#define SAMBAND_BROKER_RECOVER_H

#include "on_arrival.h"

/* True where the broker itself made and signed it, whichever agent sent it. */
bool sb_recover_is_own(const struct sb_arrival *arrival);
/* Puts it, one of the broker's own that the log lacks, into the log again, with all that follows
 * from it; or lets it wait for what it needs. Its row as it came up gets its verdict. `late`: it
 * has waited SB_AUDIENCE_WAIT_MS for its audience. (PROTOCOL.md, Handing back) */
void sb_recover(struct sb_arrival *arrival, bool late);

#endif
