/* recover.h: an event of the broker's own that an agent hands back, because this store was put back
 * and forgot it. Private to broker/core. */
#ifndef SAMBAND_BROKER_RECOVER_H
#define SAMBAND_BROKER_RECOVER_H

#include "on_arrival.h"

/* True where the broker itself made and signed it, whichever agent sent it. */
bool sb_recover_is_own(const struct sb_arrival *arrival);
/* Puts it into the log again, with all that follows from it; or lets it wait for what it needs.
 * `late`: it has waited long enough for its audience. */
void sb_recover(struct sb_arrival *arrival, bool late);

#endif
