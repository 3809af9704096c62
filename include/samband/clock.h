/* clock.h: what "now" is to a core. A core never reads a clock; the shell reads both once a turn.
 * mono_ms only grows, also over a restart and a reboot (the shell bridges, loop/clock.c): every
 * deadline and timer is in it. wall_ms is what people read and what events carry; it may jump. */
#ifndef SAMBAND_CLOCK_H
#define SAMBAND_CLOCK_H

#include <stdint.h>

struct sb_now {
    uint64_t mono_ms;
    uint64_t wall_ms; /* Unix time, UTC, in milliseconds */
};

#define SB_NEVER_MS UINT64_MAX

#endif
