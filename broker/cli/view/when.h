/* when.h: times as people type and read them, in the local zone (TZ). A bare "03:00" is the next
 * one (or the last, where a past time is asked for); "+20m" and "-10m" count from now; ISO 8601 is
 * taken with and without zone. The doubled hour in October and the lost one in March are refused,
 * never guessed. Reads no clock: now comes in. */
#ifndef SAMBAND_CLI_WHEN_H
#define SAMBAND_CLI_WHEN_H

#include "view/texts.h"

#include <stdbool.h>
#include <stdint.h>

enum sb_when_side {
    SB_WHEN_NEXT, /* a bare time is the next one */
    SB_WHEN_LAST, /* a bare time is the last one */
    SB_WHEN_UNTIL /* as NEXT, and a bare date is the end of that day */
};

enum sb_when_result {
    SB_WHEN_READ,
    SB_WHEN_UNREADABLE, /* no form that is known */
    SB_WHEN_DOUBLED,    /* that time exists twice: at_ms the first, other_ms the second */
    SB_WHEN_LOST,       /* that time does not exist: the clocks are put forward then */
    SB_WHEN_WRONG_SIDE  /* "-10m" where a future time is asked for, or "+10m" a past one */
};

struct sb_when {
    uint64_t at_ms;
    uint64_t other_ms;
};

enum sb_when_result sb_when_read(const char *text, uint64_t now_ms, enum sb_when_side side,
                                 struct sb_when *ret_when);

#define SB_WHEN_SIZE    48               /* room that every writer below needs */
#define SB_WHEN_LAST_MS 253402300799999u /* end of the year 9999; later ones are shown as "?" */

void sb_when_clock(uint64_t at_ms, char ret[SB_WHEN_SIZE]);   /* 03:00 */
void sb_when_seconds(uint64_t at_ms, char ret[SB_WHEN_SIZE]); /* 03:00:04 */
/* 03:00 on the day of `now_ms`, else 2026-11-23 03:00; `seconds` adds :04. */
void sb_when_local(uint64_t at_ms, uint64_t now_ms, bool seconds, char ret[SB_WHEN_SIZE]);
void sb_when_zoned(uint64_t at_ms, char ret[SB_WHEN_SIZE]); /* 2026-10-25T02:30+02:00 */
void sb_when_utc(uint64_t at_ms, char ret[SB_WHEN_SIZE]);   /* 2026-11-23T02:00:04.123Z */
/* "om 50 min", "för 2 h 5 min sedan", "nu". */
void sb_when_relative(uint64_t at_ms, uint64_t now_ms, enum sb_language language,
                      char ret[SB_WHEN_SIZE]);
/* 04:37, 1:04:37, 3 d 04 h: a length of time, for columns. */
void sb_when_length(uint64_t length_ms, char ret[SB_WHEN_SIZE]);

#endif
