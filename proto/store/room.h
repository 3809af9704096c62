/* room.h: the file of a store is kept longer than what lies in it. Nothing here knows LMDB. */
#ifndef SAMBAND_ROOM_H
#define SAMBAND_ROOM_H

#include "samband/txn.h"

/* What is kept free is what answers and receipts go on in when the disk is full: some hundreds. */
#define SB_ROOM_STEP_BYTES  (2u << 20)
#define SB_ROOM_LEAST_BYTES (1u << 20)
/* Where fewer than SB_ROOM_LEAST_BYTES of the file's *size bytes lie behind the first `used`, makes
 * it longer, up to SB_ROOM_STEP_BYTES behind them, with zeros that are on the disk when this
 * returns. *size becomes the file's size. 0, or the errno of what stopped it: ENOSPC and EDQUOT
 * mean a full disk and harm nothing yet; after any other one nothing may be written. */
int sb_room_keep(int fd, uint64_t used, uint64_t *size);
/* What is left of the quota and of the disk; the shorter of the two speaks. `stuck`: the file could
 * not be made longer. */
struct sb_room sb_room_judge(uint64_t used, uint64_t quota, uint64_t disk_free, bool stuck);

#endif
