/* disk.c: bench_disk FOLDER [PROCESSES [ROUNDS]]: what the disk under FOLDER does by itself: 4 KiB
 * written over and fdatasync, for two seconds (disk_…). And, where PROCESSES is given, what that
 * many do at once when each commits one event to a store of its own, from the signal to the last of
 * them (together_…): the rows of an arrival, but no message, no key and no decision. No bus on this
 * machine can hand that many durable copies over faster. */
#define _GNU_SOURCE
#include "figures.h"
#include "samband/store.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK_SIZE    4096
#define FILE_BLOCKS   256
#define ALONE_NS      2000000000u
#define PROCESSES_MAX 1000
#define PAUSE_US      100000 /* as after an event: the processes have slept meanwhile */
#define EVENT_SIZE    1600

static int file_make(const char *folder, unsigned long number)
{
    char path[4096];
    static const char block[BLOCK_SIZE];
    (void)snprintf(path, sizeof path, "%s/disk-%lu", folder, number);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (unsigned i = 0; fd >= 0 && i < FILE_BLOCKS; i++) {
        if (write(fd, block, sizeof block) != (ssize_t)sizeof block) {
            return -1;
        }
    }
    (void)unlink(path); /* the file goes with its descriptor */
    return fd >= 0 && fsync(fd) == 0 ? fd : -1;
}

static bool block_sync(int fd, uint64_t number)
{
    char block[BLOCK_SIZE];
    memset(block, (int)(number % 251), sizeof block);
    return pwrite(fd, block, sizeof block, (off_t)(number % FILE_BLOCKS) * BLOCK_SIZE)
               == (ssize_t)sizeof block
           && fdatasync(fd) == 0;
}

static bool alone(const char *folder)
{
    struct figures figures = {0};
    int fd = file_make(folder, 0);
    uint64_t began = figures_now_ns();
    uint64_t now = began;
    bool good = fd >= 0;
    for (uint64_t i = 0; good && now - began < ALONE_NS; i++) {
        uint64_t before = now;
        good = block_sync(fd, i);
        now = figures_now_ns();
        figures_add(&figures, now - before);
    }
    if (good) {
        (void)printf("disk_rate=%llu\n",
                     (unsigned long long)(figures.count * 1000000000u / (now - began)));
        figures_print(&figures, "disk");
    }
    figures_finish(&figures);
    if (fd >= 0) {
        (void)close(fd);
    }
    return good;
}

/* The rows that an agent writes for one event. */
static bool event_commit(struct sb_store *store, uint64_t number)
{
    static const uint8_t event[EVENT_SIZE];
    struct sb_why why = {0};
    uint8_t id[40];
    uint8_t name[8];
    struct sb_txn *txn = sb_store_begin(store, &why);
    if (txn == NULL) {
        return false;
    }
    memset(id, (int)(number * 37 % 251), sizeof id);
    sb_be64_write(name, number);
    sb_txn_put(txn, SB_TABLE_LOG, sb_bytes(name, sizeof name), sb_bytes(event, sizeof event));
    sb_txn_put(txn, SB_TABLE_ID, sb_bytes(id, sizeof id), sb_bytes(name, sizeof name));
    sb_txn_put(txn, SB_TABLE_META, sb_bytes_str("next"), sb_bytes(name, sizeof name));
    sb_txn_put(txn, SB_TABLE_RX, sb_bytes_str("stream"), sb_bytes(id, sizeof id));
    return sb_store_commit(store, txn, &why) == SB_ERR_OK;
}

/* A child: for every byte that comes one commit, then a byte back. Ends with the pipe. */
static void child_run(const char *folder, unsigned long number, int orders, int reports)
{
    char path[4096];
    enum sb_err err;
    struct sb_why why = {0};
    char order;
    (void)snprintf(path, sizeof path, "%s/alone-%lu", folder, number);
    struct sb_store *store = sb_store_open_lmdb(path, false, &err, &why);
    bool good = store != NULL && write(reports, "r", 1) == 1;
    for (uint64_t i = 1; good && read(orders, &order, 1) == 1; i++) {
        good = event_commit(store, i) && write(reports, "d", 1) == 1;
    }
    if (store != NULL) {
        sb_store_close(store);
    }
    _exit(good ? 0 : 1);
}

static bool reports_take(int reports, unsigned long count)
{
    char bytes[PROCESSES_MAX];
    unsigned long taken = 0;
    while (taken < count) {
        ssize_t size = read(reports, bytes, count - taken);
        if (size <= 0) {
            return false;
        }
        taken += (unsigned long)size;
    }
    return true;
}

static bool together_rounds(int orders, int reports, unsigned long count, unsigned long rounds)
{
    static const char go[PROCESSES_MAX];
    struct figures figures = {0};
    bool good = reports_take(reports, count);
    for (unsigned long i = 0; good && i < rounds; i++) {
        uint64_t began = figures_now_ns();
        good = write(orders, go, count) == (ssize_t)count && reports_take(reports, count);
        figures_add(&figures, figures_now_ns() - began);
        figures_pause_us(PAUSE_US);
    }
    if (good) {
        figures_print(&figures, "together");
    }
    figures_finish(&figures);
    return good;
}

static bool together(const char *folder, unsigned long count, unsigned long rounds)
{
    int orders[2];
    int reports[2];
    if (pipe2(orders, O_CLOEXEC) != 0 || pipe2(reports, O_CLOEXEC) != 0) {
        return false;
    }
    for (unsigned long i = 1; i <= count; i++) {
        (void)fflush(NULL);
        pid_t child = fork();
        if (child < 0) {
            return false;
        }
        if (child == 0) {
            (void)close(orders[1]);
            (void)close(reports[0]);
            child_run(folder, i, orders[0], reports[1]);
        }
    }
    (void)close(orders[0]);
    (void)close(reports[1]);
    bool good = together_rounds(orders[1], reports[0], count, rounds);
    (void)close(orders[1]);
    while (wait(NULL) > 0) {
    }
    (void)close(reports[0]);
    return good;
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 4) {
        (void)fputs("usage: bench_disk FOLDER [PROCESSES [ROUNDS]]\n", stderr);
        return 2;
    }
    unsigned long processes = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    unsigned long rounds = argc > 3 ? strtoul(argv[3], NULL, 10) : 100;
    bool good = processes <= PROCESSES_MAX && alone(argv[1])
                && (processes == 0 || together(argv[1], processes, rounds));
    if (!good) {
        perror("bench_disk");
        return 1;
    }
    return 0;
}
