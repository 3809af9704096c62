/* idle.c: bench_idle SECONDS PID…: what processes take that have nothing to do: memory, and the CPU
 * over a window. Worst and mean over the processes. Root reads smaps_rollup; another user reads the
 * same numbers from status, which the kernel keeps less exactly (memory_from says which). */
#define _DEFAULT_SOURCE
#include "figures.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESSES_MAX 1000

struct use {
    unsigned long rss_kb, anonymous_kb;
    unsigned long long ticks;
};

static FILE *proc_open(const char *pid, const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%.20s/%.20s", pid, name);
    return fopen(path, "r");
}

/* The two numbers, by their names in the file, in kB. */
static bool memory_from(const char *pid, const char *file_name, const char *rss_name,
                        const char *anonymous_name, struct use *use)
{
    FILE *file = proc_open(pid, file_name);
    char line[256];
    bool has_rss = false;
    bool has_anonymous = false;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        size_t size = colon == NULL ? 0 : (size_t)(colon - line);
        if (size == strlen(rss_name) && strncmp(line, rss_name, size) == 0) {
            use->rss_kb = strtoul(colon + 1, NULL, 10);
            has_rss = true;
        } else if (size == strlen(anonymous_name) && strncmp(line, anonymous_name, size) == 0) {
            use->anonymous_kb = strtoul(colon + 1, NULL, 10);
            has_anonymous = true;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return has_rss && has_anonymous;
}

/* utime + stime: fields 14 and 15, counted after the name, which may hold anything. */
static bool ticks_read(const char *pid, unsigned long long *ret_ticks)
{
    FILE *file = proc_open(pid, "stat");
    char line[1024] = "";
    bool read = file != NULL && fgets(line, sizeof line, file) != NULL;
    if (file != NULL) {
        (void)fclose(file);
    }
    char *at = read ? strrchr(line, ')') : NULL;
    for (unsigned field = 2; at != NULL && field < 14; field++) {
        at = strchr(at + 1, ' ');
    }
    if (at == NULL) {
        return false;
    }
    unsigned long long user = strtoull(at, &at, 10);
    *ret_ticks = user + strtoull(at, NULL, 10);
    return true;
}

struct sums {
    unsigned long rss_max, anonymous_max;
    unsigned long long rss_sum, anonymous_sum, ticks_max, ticks_sum;
};

static void sums_add(struct sums *sums, const struct use *use, unsigned long long ticks)
{
    sums->rss_max = use->rss_kb > sums->rss_max ? use->rss_kb : sums->rss_max;
    sums->anonymous_max =
        use->anonymous_kb > sums->anonymous_max ? use->anonymous_kb : sums->anonymous_max;
    sums->ticks_max = ticks > sums->ticks_max ? ticks : sums->ticks_max;
    sums->rss_sum += use->rss_kb;
    sums->anonymous_sum += use->anonymous_kb;
    sums->ticks_sum += ticks;
}

static void sums_print(const struct sums *sums, unsigned count, double seconds)
{
    double percent_per_tick = 100.0 / (double)sysconf(_SC_CLK_TCK) / seconds;
    (void)printf("processes=%u\nrss_max_kb=%lu\nrss_mean_kb=%llu\nanonymous_max_kb=%lu\n"
                 "anonymous_mean_kb=%llu\ncpu_max_percent=%.3f\ncpu_mean_percent=%.4f\n",
                 count, sums->rss_max, sums->rss_sum / count, sums->anonymous_max,
                 sums->anonymous_sum / count, (double)sums->ticks_max * percent_per_tick,
                 (double)sums->ticks_sum * percent_per_tick / count);
}

int main(int argc, char **argv)
{
    unsigned long long before[PROCESSES_MAX] = {0};
    if (argc < 3 || argc > PROCESSES_MAX + 2) {
        (void)fputs("usage: bench_idle SECONDS PID…\n", stderr);
        return 2;
    }
    unsigned count = (unsigned)argc - 2;
    char **pids = argv + 2;
    bool good = true;
    uint64_t began = figures_now_ns();
    for (unsigned i = 0; i < count; i++) {
        good = ticks_read(pids[i], &before[i]) && good;
    }
    figures_pause_us(strtoul(argv[1], NULL, 10) * 1000000);
    double seconds = (double)(figures_now_ns() - began) / 1e9;
    struct sums sums = {0};
    bool rollup = memory_from(pids[0], "smaps_rollup", "Rss", "Anonymous", &(struct use){0});
    for (unsigned i = 0; good && i < count; i++) {
        struct use use = {0};
        good = ticks_read(pids[i], &use.ticks)
               && (rollup ? memory_from(pids[i], "smaps_rollup", "Rss", "Anonymous", &use)
                          : memory_from(pids[i], "status", "VmRSS", "RssAnon", &use));
        sums_add(&sums, &use, use.ticks - before[i]);
    }
    if (!good) {
        (void)fputs("bench_idle: a process has gone, or /proc cannot be read\n", stderr);
        return 1;
    }
    (void)printf("memory_from=%s\nseconds=%.1f\n", rollup ? "smaps_rollup" : "status", seconds);
    sums_print(&sums, count, seconds);
    return 0;
}
