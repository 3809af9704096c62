/* complaint.h: what a peer does wrong is counted every time and told once an interval: it decides
 * how often it happens, and neither the log nor the answers may follow its pace. One per peer, or
 * one for all strangers; volatile. Pure. */
#ifndef SAMBAND_COMPLAINT_H
#define SAMBAND_COMPLAINT_H

#include "samband/err.h"

#include <stdint.h>

/* Start with {0}. */
struct sb_complaints {
    uint64_t until_ms; /* mono: end of the interval that is running; 0: none yet */
    uint32_t reasons;  /* told in it: a bit per enum sb_err */
    uint64_t untold;   /* since the last one that was told */
};

/* True where this one is to be told: the first of its reason in SB_COMPLAIN_EVERY_MS. Then
 * *ret_untold is how many, of whatever reason, were not told since the last one that was. */
bool sb_complaint_due(struct sb_complaints *complaints, enum sb_err err, uint64_t mono_ms,
                      uint64_t *ret_untold);

#endif
