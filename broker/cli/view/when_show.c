/* when_show.c: times as people read them: see when.h. A time past the year 9999, which only a
 * broken or hostile other end can send, is shown as "?". */
#include "view/when.h"

#include <stdio.h>
#include <time.h>

#define SECOND_MS UINT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)

static bool local_of(uint64_t at_ms, struct tm *ret)
{
    time_t seconds = (time_t)(at_ms / SECOND_MS);
    return at_ms <= SB_WHEN_LAST_MS && localtime_r(&seconds, ret) != NULL;
}

static void unknown_write(char ret[SB_WHEN_SIZE])
{
    ret[0] = '?';
    ret[1] = '\0';
}

void sb_when_clock(uint64_t at_ms, char ret[SB_WHEN_SIZE])
{
    struct tm tm;
    if (!local_of(at_ms, &tm)) {
        unknown_write(ret);
    } else {
        (void)strftime(ret, SB_WHEN_SIZE, "%H:%M", &tm);
    }
}

void sb_when_seconds(uint64_t at_ms, char ret[SB_WHEN_SIZE])
{
    struct tm tm;
    if (!local_of(at_ms, &tm)) {
        unknown_write(ret);
    } else {
        (void)strftime(ret, SB_WHEN_SIZE, "%H:%M:%S", &tm);
    }
}

void sb_when_local(uint64_t at_ms, uint64_t now_ms, bool seconds, char ret[SB_WHEN_SIZE])
{
    struct tm tm, now;
    size_t date = 0;
    if (!local_of(at_ms, &tm) || !local_of(now_ms, &now)) {
        unknown_write(ret);
        return;
    }
    if (tm.tm_yday != now.tm_yday || tm.tm_year != now.tm_year) {
        date = strftime(ret, SB_WHEN_SIZE, "%Y-%m-%d ", &tm);
    }
    if (seconds) {
        (void)strftime(ret + date, SB_WHEN_SIZE - date, "%H:%M:%S", &tm);
    } else {
        (void)strftime(ret + date, SB_WHEN_SIZE - date, "%H:%M", &tm);
    }
}

void sb_when_zoned(uint64_t at_ms, char ret[SB_WHEN_SIZE])
{
    struct tm tm;
    char zone[16];
    if (!local_of(at_ms, &tm)) {
        unknown_write(ret);
        return;
    }
    size_t size = strftime(ret, SB_WHEN_SIZE, "%Y-%m-%dT%H:%M", &tm);
    size_t zone_size = strftime(zone, sizeof zone, "%z", &tm); /* +0200 */
    if (zone_size == 5) {
        (void)snprintf(ret + size, SB_WHEN_SIZE - size, "%.3s:%.2s", zone, zone + 3);
    }
}

void sb_when_utc(uint64_t at_ms, char ret[SB_WHEN_SIZE])
{
    struct tm tm;
    time_t seconds = (time_t)(at_ms / SECOND_MS);
    if (at_ms > SB_WHEN_LAST_MS || gmtime_r(&seconds, &tm) == NULL) {
        unknown_write(ret);
        return;
    }
    size_t size = strftime(ret, SB_WHEN_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(ret + size, SB_WHEN_SIZE - size, ".%03uZ", (unsigned)(at_ms % SECOND_MS));
}

void sb_when_relative(uint64_t at_ms, uint64_t now_ms, enum sb_language language,
                      char ret[SB_WHEN_SIZE])
{
    bool ahead = at_ms >= now_ms;
    uint64_t span = ahead ? at_ms - now_ms : now_ms - at_ms;
    if (at_ms > SB_WHEN_LAST_MS) {
        unknown_write(ret);
        return;
    }
    unsigned long long minutes = (span + MINUTE_MS / 2) / MINUTE_MS;
    char length[32];
    if (span < SECOND_MS) {
        (void)snprintf(ret, SB_WHEN_SIZE, "%s", sb_text(language, SB_TEXT_NOW));
        return;
    }
    if (span < 2 * MINUTE_MS) {
        (void)snprintf(length, sizeof length, "%llu s", (unsigned long long)(span / SECOND_MS));
    } else if (minutes < 60) {
        (void)snprintf(length, sizeof length, "%llu min", minutes);
    } else if (minutes < 1440 && minutes % 60 == 0) {
        (void)snprintf(length, sizeof length, "%llu h", minutes / 60);
    } else if (minutes < 1440) {
        (void)snprintf(length, sizeof length, "%llu h %llu min", minutes / 60, minutes % 60);
    } else {
        (void)snprintf(length, sizeof length, "%llu %s", minutes / 1440,
                       sb_text(language, minutes < 2880 ? SB_TEXT_DAY : SB_TEXT_DAYS));
    }
    const char *const values[] = {length};
    sb_text_fill(sb_text(language, ahead ? SB_TEXT_AHEAD : SB_TEXT_AGO), values, 1, ret,
                 SB_WHEN_SIZE);
}

void sb_when_length(uint64_t length_ms, char ret[SB_WHEN_SIZE])
{
    unsigned long long seconds = length_ms / SECOND_MS;
    if (seconds < 3600) {
        (void)snprintf(ret, SB_WHEN_SIZE, "%02llu:%02llu", seconds / 60, seconds % 60);
    } else if (seconds < 86400) {
        (void)snprintf(ret, SB_WHEN_SIZE, "%llu:%02llu:%02llu", seconds / 3600, seconds / 60 % 60,
                       seconds % 60);
    } else {
        (void)snprintf(ret, SB_WHEN_SIZE, "%llu d %02llu h", seconds / 86400, seconds / 3600 % 24);
    }
}
