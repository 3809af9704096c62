/* disk.c: bench_disk FOLDER: what the disk under FOLDER does by itself: 4 KiB written over and
 * fdatasync, for two seconds (disk_…). */
#define _GNU_SOURCE
#include "figures.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_SIZE  4096
#define FILE_BLOCKS 256
#define ALONE_NS    2000000000u

static int file_make(const char *folder)
{
    char path[4096];
    static const char block[BLOCK_SIZE];
    (void)snprintf(path, sizeof path, "%s/disk-alone", folder);
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
    int fd = file_make(folder);
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

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fputs("usage: bench_disk FOLDER\n", stderr);
        return 2;
    }
    if (!alone(argv[1])) {
        perror("bench_disk");
        return 1;
    }
    return 0;
}
