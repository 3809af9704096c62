/* room.h: the file of a store is kept longer than what lies in it. Nothing here knows LMDB. */
#ifndef SAMBAND_ROOM_H
#define SAMBAND_ROOM_H

#include "samband/txn.h"

/* Where fewer than SB_ROOM_LEAST_BYTES of the file's *size bytes lie behind the first `used`, makes
 * it longer, up to SB_ROOM_STEP_BYTES behind them, with zeros that are on the disk when this
 * returns. *size becomes the file's size. 0, or the errno of what stopped it: ENOSPC and EDQUOT
 * mean a full disk and harm nothing yet; after any other one nothing may be written. `fd`: open for
 * writing, borrowed. */
int sb_room_keep(int fd, uint64_t used, uint64_t *size);
/* What is left of `quota` (not 0) and of the disk, in bytes; the shorter of the two speaks.
 * `stuck`: the file could not be made longer. */
struct sb_room sb_room_judge(uint64_t used, uint64_t quota, uint64_t disk_free, bool stuck);

#endif
