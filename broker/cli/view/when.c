/* when.c: reading times: see when.h. Showing them is when_show.c's. The zone's rules are the C
 * library's (mktime, localtime_r); this file only tries both readings of a local time and keeps
 * those that come back as the same clock time. */
#include "view/when.h"

#include "samband/err.h"

#include <string.h>
#include <time.h>

#define SECOND_MS   UINT64_C(1000)
#define MINUTE_MS   (60 * SECOND_MS)
#define HOUR_MS     (60 * MINUTE_MS)
#define DAY_MS      (24 * HOUR_MS)
#define RELATIVE_MS (366 * DAY_MS) /* longest "+…": longer ones are written as a date */

/* Digits from *at, at least `least` and at most `most` of them; false leaves *at. */
static bool digits_read(const char **at, unsigned least, unsigned most, unsigned *ret)
{
    unsigned number = 0, count = 0;
    const char *p = *at;
    while (count < most && *p >= '0' && *p <= '9') {
        number = number * 10 + (unsigned)(*p - '0');
        p++;
        count++;
    }
    if (count < least) {
        return false;
    }
    *at = p;
    *ret = number;
    return true;
}

static bool mark_read(const char **at, char mark)
{
    if (**at != mark) {
        return false;
    }
    (*at)++;
    return true;
}

/* Days from 1970-01-01 (H. Hinnant's algorithm, proleptic Gregorian). */
static int64_t days_of(int year, unsigned month, unsigned day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = y / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* One reading of a local time: with or without summer time. False where that reading is another
 * clock time. */
static bool local_try(const struct tm *wanted, int is_summer, uint64_t *ret_ms)
{
    struct tm tried = *wanted, back;
    tried.tm_isdst = is_summer;
    time_t seconds = mktime(&tried);
    if (seconds < 0 || localtime_r(&seconds, &back) == NULL) {
        return false;
    }
    if (back.tm_min != wanted->tm_min || back.tm_hour != wanted->tm_hour
        || back.tm_mday != wanted->tm_mday || back.tm_mon != wanted->tm_mon
        || back.tm_year != wanted->tm_year) {
        return false;
    }
    *ret_ms = (uint64_t)seconds * SECOND_MS;
    return true;
}

static enum sb_when_result local_read(const struct tm *wanted, struct sb_when *ret)
{
    uint64_t summer = 0, winter = 0;
    bool in_summer = local_try(wanted, 1, &summer);
    bool in_winter = local_try(wanted, 0, &winter);
    if (!in_summer && !in_winter) {
        return SB_WHEN_LOST;
    }
    ret->at_ms = in_summer ? summer : winter;
    ret->other_ms = ret->at_ms;
    if (!in_summer || !in_winter || summer == winter) {
        return SB_WHEN_READ;
    }
    ret->at_ms = summer < winter ? summer : winter;
    ret->other_ms = summer < winter ? winter : summer;
    return SB_WHEN_DOUBLED;
}

/* The day `days` from that of now, at noon first so that no change of clocks moves the date. */
static struct tm day_near(uint64_t now_ms, int days)
{
    struct tm day = {0};
    time_t seconds = (time_t)(now_ms / SECOND_MS);
    SB_ASSERT(localtime_r(&seconds, &day) != NULL); /* this machine's own clock */
    day.tm_hour = 12;
    day.tm_min = 0;
    day.tm_sec = 0;
    day.tm_mday += days;
    day.tm_isdst = -1;
    (void)mktime(&day);
    return day;
}

/* Keeps of a doubled time what is on the wanted side: at half past two of the first time round, the
 * next 02:30 is only the second. */
static enum sb_when_result side_keep(enum sb_when_result result, uint64_t now_ms, bool next,
                                     struct sb_when *when)
{
    if (result != SB_WHEN_DOUBLED) {
        return result;
    }
    if (next && when->at_ms <= now_ms && when->other_ms > now_ms) {
        when->at_ms = when->other_ms;
        return SB_WHEN_READ;
    }
    if (!next && when->other_ms > now_ms && when->at_ms <= now_ms) {
        return SB_WHEN_READ;
    }
    return result;
}

static bool clock_read(const char **at, unsigned *ret_hour, unsigned *ret_minute,
                       unsigned *ret_second)
{
    const char *p = *at;
    unsigned hour = 0, minute = 0, second = 0;
    if (!digits_read(&p, 1, 2, &hour) || (!mark_read(&p, ':') && !mark_read(&p, '.'))
        || !digits_read(&p, 2, 2, &minute)) {
        return false;
    }
    if (mark_read(&p, ':') && !digits_read(&p, 2, 2, &second)) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *at = p;
    *ret_hour = hour;
    *ret_minute = minute;
    *ret_second = second;
    return true;
}

/* "03:00": today's where that is on the wanted side, else tomorrow's or yesterday's. */
static enum sb_when_result bare_read(const char *text, uint64_t now_ms, bool next,
                                     struct sb_when *ret)
{
    unsigned hour = 0, minute = 0, second = 0;
    if (!clock_read(&text, &hour, &minute, &second) || *text != '\0') {
        return SB_WHEN_UNREADABLE;
    }
    enum sb_when_result result = SB_WHEN_LOST;
    for (int i = 0; i < 2; i++) {
        struct tm day = day_near(now_ms, next ? i : -i);
        day.tm_hour = (int)hour;
        day.tm_min = (int)minute;
        day.tm_sec = (int)second;
        struct sb_when when = {0};
        result = local_read(&day, &when);
        if (result == SB_WHEN_LOST) {
            return result;
        }
        bool there = next ? when.other_ms > now_ms : when.at_ms <= now_ms;
        if (!there) {
            continue;
        }
        result = side_keep(result, now_ms, next, &when);
        *ret = when;
        return result;
    }
    return result == SB_WHEN_READ ? SB_WHEN_UNREADABLE : result;
}

/* After the sign: "20m", "1h30m", "45s", "2d". */
static bool span_read(const char *text, uint64_t *ret_ms)
{
    static const struct {
        char mark;
        uint64_t ms;
    } units[] = {{'d', DAY_MS}, {'h', HOUR_MS}, {'m', MINUTE_MS}, {'s', SECOND_MS}};
    uint64_t sum = 0;
    size_t unit = 0;
    if (*text == '\0') {
        return false;
    }
    while (*text != '\0') {
        unsigned number = 0;
        if (!digits_read(&text, 1, 6, &number)) {
            return false;
        }
        while (unit < 4 && units[unit].mark != *text) {
            unit++;
        }
        if (unit == 4) {
            return false;
        }
        sum += number * units[unit].ms;
        unit++;
        text++;
    }
    *ret_ms = sum;
    return sum <= RELATIVE_MS;
}

static enum sb_when_result relative_read(const char *text, uint64_t now_ms, bool next,
                                         struct sb_when *ret)
{
    bool ahead = text[0] == '+';
    uint64_t span = 0;
    if (!span_read(text + 1, &span) || (!ahead && span > now_ms)) {
        return SB_WHEN_UNREADABLE;
    }
    if (ahead != next && span > 0) {
        return SB_WHEN_WRONG_SIDE;
    }
    ret->at_ms = ret->other_ms = ahead ? now_ms + span : now_ms - span;
    return SB_WHEN_READ;
}

struct iso {
    struct tm tm;
    bool has_clock;
    bool has_zone;
    int zone_minutes;
};

static bool zone_read(const char **at, struct iso *iso)
{
    if (mark_read(at, 'Z')) {
        iso->has_zone = true;
        return true;
    }
    if (**at != '+' && **at != '-') {
        return true;
    }
    int sign = **at == '+' ? 1 : -1;
    unsigned hours = 0, minutes = 0;
    (*at)++;
    if (!digits_read(at, 2, 2, &hours)) {
        return false;
    }
    (void)mark_read(at, ':');
    if (!digits_read(at, 2, 2, &minutes) || hours > 14 || minutes > 59) {
        return false;
    }
    iso->has_zone = true;
    iso->zone_minutes = sign * (int)(hours * 60 + minutes);
    return true;
}

static unsigned month_days(unsigned year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool iso_read(const char *text, struct iso *iso)
{
    unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0;
    if (!digits_read(&text, 4, 4, &year) || !mark_read(&text, '-')
        || !digits_read(&text, 2, 2, &month) || !mark_read(&text, '-')
        || !digits_read(&text, 2, 2, &day)) {
        return false;
    }
    if (year < 1970 || year > 2999 || month < 1 || month > 12 || day < 1
        || day > month_days(year, month)) {
        return false;
    }
    if (mark_read(&text, 'T') || mark_read(&text, ' ')) {
        if (!clock_read(&text, &hour, &minute, &second)) {
            return false;
        }
        if (mark_read(&text, '.') && !digits_read(&text, 1, 9, &fraction)) {
            return false;
        }
        iso->has_clock = true;
        if (!zone_read(&text, iso)) {
            return false;
        }
    }
    iso->tm.tm_year = (int)year - 1900;
    iso->tm.tm_mon = (int)month - 1;
    iso->tm.tm_mday = (int)day;
    iso->tm.tm_hour = (int)hour;
    iso->tm.tm_min = (int)minute;
    iso->tm.tm_sec = (int)second;
    return *text == '\0';
}

static enum sb_when_result dated_read(const char *text, enum sb_when_side side, struct sb_when *ret)
{
    struct iso iso = {0};
    if (!iso_read(text, &iso)) {
        return SB_WHEN_UNREADABLE;
    }
    if (!iso.has_clock && side == SB_WHEN_UNTIL) {
        iso.tm.tm_hour = 23;
        iso.tm.tm_min = 59;
        iso.tm.tm_sec = 59;
    }
    if (!iso.has_zone) {
        return local_read(&iso.tm, ret);
    }
    int64_t days =
        days_of(iso.tm.tm_year + 1900, (unsigned)iso.tm.tm_mon + 1, (unsigned)iso.tm.tm_mday);
    int64_t minutes = days * 1440 + iso.tm.tm_hour * 60 + iso.tm.tm_min - iso.zone_minutes;
    if (minutes < 0) {
        return SB_WHEN_UNREADABLE;
    }
    ret->at_ms = (uint64_t)minutes * MINUTE_MS + (uint64_t)iso.tm.tm_sec * SECOND_MS;
    ret->other_ms = ret->at_ms;
    return SB_WHEN_READ;
}

enum sb_when_result sb_when_read(const char *text, uint64_t now_ms, enum sb_when_side side,
                                 struct sb_when *ret_when)
{
    bool next = side != SB_WHEN_LAST;
    struct sb_when when = {0};
    enum sb_when_result result = SB_WHEN_UNREADABLE;
    if (text[0] == '+' || text[0] == '-') {
        result = relative_read(text, now_ms, next, &when);
    } else if (strlen(text) >= 10) {
        result = dated_read(text, side, &when);
    } else {
        result = bare_read(text, now_ms, next, &when);
    }
    if (result == SB_WHEN_READ || result == SB_WHEN_DOUBLED) {
        *ret_when = when;
    }
    return result;
}
