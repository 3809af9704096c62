/* room.c: keeps the file of a store ahead of what is written into it, in steps. A commit that makes
 * its file longer must sync the inode as well: one write and one wait more, for every commit. Zeros
 * are written and not only allocated, for an extent that was never written is metadata once more
 * when it is. Where there is no room it says so, and what was kept is what is left. */
#define _GNU_SOURCE
#include "room.h"

#include <errno.h>
#include <unistd.h>

#define BLOCK_SIZE 65536

/* A write that came out short and a failed one without a reason both mean that no room is left. */
int sb_room_keep(int fd, uint64_t used, uint64_t *size)
{
    static const uint8_t zeros[BLOCK_SIZE];
    const uint64_t end = used + SB_ROOM_STEP_BYTES;
    int error = 0;
    if (*size >= used + SB_ROOM_LEAST_BYTES) {
        return 0;
    }
    if (*size < used) {
        *size = used; /* a large commit made the file longer itself: what it wrote is no room */
    }
    const uint64_t before = *size;
    while (*size < end && error == 0) {
        const uint64_t left = end - *size;
        const ssize_t written =
            pwrite(fd, zeros, left < BLOCK_SIZE ? (size_t)left : BLOCK_SIZE, (off_t)*size);
        if (written > 0) {
            *size += (uint64_t)written;
        } else if (written == 0 || errno != EINTR) {
            error = written == 0 ? ENOSPC : errno;
        }
    }
    /* The kernel tells of a failed write-back once: here, or the next commit would never hear it.
     */
    if (*size > before && fdatasync(fd) != 0) {
        return errno;
    }
    return error;
}

static enum sb_room_level quota_level(const struct sb_room *room)
{
    const uint64_t percent = room->used_bytes * 100 / room->quota_bytes;
    return percent >= SB_ROOM_NONE_PERCENT     ? SB_ROOM_NONE
           : percent >= SB_ROOM_SCARCE_PERCENT ? SB_ROOM_SCARCE
           : percent >= SB_ROOM_LOW_PERCENT    ? SB_ROOM_LOW
                                               : SB_ROOM_ENOUGH;
}

static enum sb_room_level disk_level(const struct sb_room *room, bool stuck)
{
    return stuck                                          ? SB_ROOM_NONE
           : room->disk_free_bytes < SB_DISK_SCARCE_BYTES ? SB_ROOM_SCARCE
           : room->disk_free_bytes < SB_DISK_LOW_BYTES    ? SB_ROOM_LOW
                                                          : SB_ROOM_ENOUGH;
}

struct sb_room sb_room_judge(uint64_t used, uint64_t quota, uint64_t disk_free, bool stuck)
{
    struct sb_room room = {.used_bytes = used, .quota_bytes = quota, .disk_free_bytes = disk_free};
    const enum sb_room_level of_quota = quota_level(&room), of_disk = disk_level(&room, stuck);
    room.disk = of_disk > of_quota;
    room.level = room.disk ? of_disk : of_quota;
    return room;
}
