/* complaint.c: what is told once an interval. It knows no peer and writes no log: whoever keeps it
 * does.
 */
#include "samband/complaint.h"

bool sb_complaint_due(struct sb_complaints *complaints, enum sb_err err, uint64_t mono_ms,
                      uint64_t *ret_untold)
{
    const uint32_t bit = 1u << ((unsigned)err % 32);

    if (mono_ms >= complaints->until_ms) {
        complaints->until_ms = mono_ms + SB_COMPLAIN_EVERY_MS;
        complaints->reasons = 0;
    }
    if ((complaints->reasons & bit) != 0) {
        complaints->untold++;
        return false;
    }
    complaints->reasons |= bit;
    *ret_untold = complaints->untold;
    complaints->untold = 0;
    return true;
}
