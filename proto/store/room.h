/* room.h: the file of a store is kept longer than what lies in it. Nothing here knows LMDB. */
#ifndef SAMBAND_ROOM_H
#define SAMBAND_ROOM_H

#include <stdint.h>

#define SB_ROOM_STEP_BYTES  (1u << 20)
#define SB_ROOM_LEAST_BYTES (1u << 18)
/* Where fewer than SB_ROOM_LEAST_BYTES of the file's `size` bytes lie behind the first `used`,
 * makes it SB_ROOM_STEP_BYTES longer, with zeros that are on the disk when this returns. Returns
 * the file's size; a disk that has no room left changes nothing but that. */
uint64_t sb_room_keep(int fd, uint64_t used, uint64_t size);

#endif
