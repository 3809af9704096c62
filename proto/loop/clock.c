/* clock.c: the two clocks of a daemon. mono counts CLOCK_BOOTTIME, so that it also runs while the
 * machine sleeps, and continues over restarts from a mark in the store. Over a reboot only the wall
 * clock can tell how long it took; it may be wrong, so it adds at least nothing and at most
 * SB_CLOCK_BRIDGE_MAX_MS: no jump of the wall clock can fire every escalation, or hold one back for
 * more than the time that the reboot took. */
#define _GNU_SOURCE
#include "loop_inner.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLOCK_JUMP_MS 2000 /* less is a time server at work */

static const char clock_key[] = "clock";

static uint64_t clock_read_ms(clockid_t which)
{
    struct timespec time;
    SB_ASSERT(clock_gettime(which, &time) == 0 && time.tv_sec >= 0);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

/* All zero where the kernel does not tell: then every start counts as a reboot, which is safe. */
static void boot_id_read(char boot_id[SB_BOOT_ID_SIZE])
{
    memset(boot_id, 0, SB_BOOT_ID_SIZE);
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    char text[SB_BOOT_ID_SIZE];
    if (read(fd, text, sizeof text) == (ssize_t)sizeof text) {
        memcpy(boot_id, text, sizeof text);
    }
    close(fd);
}

/* By how much the wall clock was set between two readings; 0 where it just went on. */
static int64_t clock_jump_ms(const struct sb_now *before, const struct sb_now *now)
{
    const int64_t by =
        (int64_t)(now->wall_ms - before->wall_ms) - (int64_t)(now->mono_ms - before->mono_ms);
    return by >= CLOCK_JUMP_MS || by <= -CLOCK_JUMP_MS ? by : 0;
}

void sb_clock_refresh(struct sb_loop *loop)
{
    const struct sb_now before = loop->now;
    loop->now.mono_ms = clock_read_ms(CLOCK_BOOTTIME) + loop->mono_offset_ms;
    loop->now.wall_ms = clock_read_ms(CLOCK_REALTIME);
    const int64_t by = before.wall_ms == 0 ? 0 : clock_jump_ms(&before, &loop->now);
    if (by != 0) {
        sb_log_line(SB_LEVEL_WARNING, "clock-jumped by_s=%lld deadlines=\"not moved\"",
                    (long long)((by + (by > 0 ? 500 : -500)) / 1000));
    }
}

void sb_clock_begin(struct sb_loop *loop)
{
    boot_id_read(loop->boot_id);
    sb_clock_refresh(loop);
}

struct sb_now sb_loop_now(struct sb_loop *loop)
{
    return loop->now;
}

uint64_t sb_clock_bridge(const struct sb_clock_mark *saved, const struct sb_clock_mark *now)
{
    static const char unknown[SB_BOOT_ID_SIZE];
    bool same_boot = memcmp(saved->boot_id, now->boot_id, SB_BOOT_ID_SIZE) == 0
                     && memcmp(now->boot_id, unknown, SB_BOOT_ID_SIZE) != 0;
    if (same_boot) {
        return saved->mono_ms + (now->boot_ms > saved->boot_ms ? now->boot_ms - saved->boot_ms : 0);
    }
    uint64_t passed = now->wall_ms > saved->wall_ms ? now->wall_ms - saved->wall_ms : 0;
    return saved->mono_ms + (passed < SB_CLOCK_BRIDGE_MAX_MS ? passed : SB_CLOCK_BRIDGE_MAX_MS);
}

void sb_clock_mark_write(const struct sb_clock_mark *mark, uint8_t at[SB_CLOCK_MARK_SIZE])
{
    memcpy(at, mark->boot_id, SB_BOOT_ID_SIZE);
    sb_be64_write(at + SB_BOOT_ID_SIZE, mark->boot_ms);
    sb_be64_write(at + SB_BOOT_ID_SIZE + 8, mark->mono_ms);
    sb_be64_write(at + SB_BOOT_ID_SIZE + 16, mark->wall_ms);
}

bool sb_clock_mark_read(struct sb_bytes bytes, struct sb_clock_mark *ret_mark)
{
    if (bytes.size != SB_CLOCK_MARK_SIZE) {
        return false;
    }
    memcpy(ret_mark->boot_id, bytes.at, SB_BOOT_ID_SIZE);
    ret_mark->boot_ms = sb_be64_read(bytes.at + SB_BOOT_ID_SIZE);
    ret_mark->mono_ms = sb_be64_read(bytes.at + SB_BOOT_ID_SIZE + 8);
    ret_mark->wall_ms = sb_be64_read(bytes.at + SB_BOOT_ID_SIZE + 16);
    return true;
}

void sb_loop_clock_load(struct sb_loop *loop, struct sb_txn *txn)
{
    struct sb_bytes bytes;
    if (!sb_txn_get(txn, SB_TABLE_META, sb_bytes_str(clock_key), &bytes)) {
        return;
    }
    struct sb_clock_mark saved;
    if (!sb_clock_mark_read(bytes, &saved)) {
        sb_log_line(SB_LEVEL_WARNING, "clock-unreadable size=%zu; deadlines count from now",
                    bytes.size);
        return;
    }
    struct sb_clock_mark now = {.boot_ms = clock_read_ms(CLOCK_BOOTTIME),
                                .wall_ms = clock_read_ms(CLOCK_REALTIME)};
    memcpy(now.boot_id, loop->boot_id, SB_BOOT_ID_SIZE);
    loop->mono_offset_ms = sb_clock_bridge(&saved, &now) - now.boot_ms;
    loop->now.wall_ms = 0; /* mono is another one from here */
    sb_clock_refresh(loop);
}

void sb_loop_clock_save(struct sb_loop *loop, struct sb_txn *txn)
{
    struct sb_clock_mark mark = {.boot_ms = loop->now.mono_ms - loop->mono_offset_ms,
                                 .mono_ms = loop->now.mono_ms,
                                 .wall_ms = loop->now.wall_ms};
    memcpy(mark.boot_id, loop->boot_id, SB_BOOT_ID_SIZE);
    uint8_t bytes[SB_CLOCK_MARK_SIZE];
    sb_clock_mark_write(&mark, bytes);
    sb_txn_put(txn, SB_TABLE_META, sb_bytes_str(clock_key), sb_bytes(bytes, sizeof bytes));
}
