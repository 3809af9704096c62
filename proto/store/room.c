/* room.c: keeps the file of a store ahead of what is written into it, in steps. A commit that makes
 * its file longer must sync the inode as well: one write and one wait more, for every commit. Zeros
 * are written and not only allocated, for an extent that was never written is metadata once more
 * when it is. Where there is no room, the commit itself finds that out and says so. */
#define _GNU_SOURCE
#include "room.h"

#include <errno.h>
#include <unistd.h>

#define BLOCK_SIZE 65536

uint64_t sb_room_keep(int fd, uint64_t used, uint64_t size)
{
    static const uint8_t zeros[BLOCK_SIZE];
    const uint64_t end = used + SB_ROOM_STEP_BYTES;
    if (size >= used + SB_ROOM_LEAST_BYTES) {
        return size;
    }
    if (size < used) {
        size = used; /* a large commit made the file longer itself: what it wrote is no room */
    }
    while (size < end) {
        const uint64_t left = end - size;
        const ssize_t written =
            pwrite(fd, zeros, left < BLOCK_SIZE ? (size_t)left : BLOCK_SIZE, (off_t)size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            break;
        }
        size += (uint64_t)written;
    }
    (void)fdatasync(fd);
    return size;
}
