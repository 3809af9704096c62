/* figures.h: times of one kind, and what is told of them. */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <stddef.h>
#include <stdint.h>

/* CLOCK_MONOTONIC. */
uint64_t figures_now_ns(void);
void figures_pause_us(uint64_t pause_us);

struct figures {
    uint64_t *ns;
    size_t count, room;
};
void figures_add(struct figures *figures, uint64_t ns);
void figures_finish(struct figures *figures);
/* Nearest rank: the smallest time that at least `percent` of them do not exceed. 0 where there are
 * none. Sorts. */
uint64_t figures_percentile_ns(struct figures *figures, unsigned percent);
/* One line each on stdout: PREFIX_p50_us=…, p95, p99, max. */
void figures_print(struct figures *figures, const char *prefix);

#endif
