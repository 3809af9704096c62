/* figures.c: see figures.h. */
#include "figures.h"

#include "samband/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t figures_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void figures_pause_us(uint64_t pause_us)
{
    struct timespec pause = {.tv_sec = (time_t)(pause_us / 1000000),
                             .tv_nsec = (long)(pause_us % 1000000) * 1000};
    (void)nanosleep(&pause, NULL);
}

void figures_add(struct figures *figures, uint64_t ns)
{
    if (figures->count == figures->room) {
        size_t room = figures->room == 0 ? 64 : 2 * figures->room;
        uint64_t *grown = sb_alloc(room, sizeof *grown);
        if (figures->count > 0) {
            memcpy(grown, figures->ns, figures->count * sizeof *grown);
        }
        free(figures->ns);
        figures->ns = grown;
        figures->room = room;
    }
    figures->ns[figures->count++] = ns;
}

void figures_finish(struct figures *figures)
{
    free(figures->ns);
    *figures = (struct figures){0};
}

static int ns_compare(const void *a, const void *b)
{
    uint64_t left, right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return left < right ? -1 : left > right;
}

uint64_t figures_percentile_ns(struct figures *figures, unsigned percent)
{
    if (figures->count == 0) {
        return 0;
    }
    qsort(figures->ns, figures->count, sizeof *figures->ns, ns_compare);
    size_t rank = (figures->count * percent + 99) / 100;
    return figures->ns[rank == 0 ? 0 : rank - 1];
}

void figures_print(struct figures *figures, const char *prefix)
{
    static const struct {
        const char *name;
        unsigned percent;
    } told[] = {{"p50", 50}, {"p95", 95}, {"p99", 99}, {"max", 100}};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        (void)printf("%s_%s_us=%llu\n", prefix, told[i].name,
                     (unsigned long long)(figures_percentile_ns(figures, told[i].percent) / 1000));
    }
}
