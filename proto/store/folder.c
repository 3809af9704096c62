/* folder.c: the folder of an LMDB store. flock, not fcntl: a lock of fcntl is lost as soon as any
 * part of the process closes the file, and two openings in one process would not exclude each
 * other. */
#define _GNU_SOURCE
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FOLDER_PATH_MAX  4096
#define FOLDER_FULL_SIZE (1u << 20)

enum sb_err sb_folder_make(const char *path, struct sb_why *why)
{
    if (mkdir(path, 0700) == 0) {
        return SB_ERR_OK;
    }
    if (errno != EEXIST) {
        return sb_why_say(why, SB_ERR_IO,
                          "lagringens mapp %s kan inte skapas: %s; skapa mappen ovanför, eller ge "
                          "användaren rätt att skriva där",
                          "cannot make the store's folder %s: %s; make the folder above it, or "
                          "give this user the right to write there",
                          path, strerror(errno));
    }
    struct stat found;
    if (stat(path, &found) != 0 || !S_ISDIR(found.st_mode)) {
        return sb_why_say(why, SB_ERR_IO, "%s är ingen mapp; ange en annan sökväg för lagringen",
                          "%s is not a folder; give another path for the store", path);
    }
    return SB_ERR_OK;
}

/* Who holds the lock, as it wrote into the file; 0 where that cannot be told. */
static long lock_holder(int fd)
{
    char text[32];
    ssize_t size = pread(fd, text, sizeof text - 1, 0);
    if (size <= 0) {
        return 0;
    }
    text[size] = '\0';
    long pid = 0;
    for (const char *at = text; *at >= '0' && *at <= '9' && pid < 100000000; at++) {
        pid = pid * 10 + (*at - '0');
    }
    return pid;
}

static enum sb_err lock_refused(const char *path, int fd, struct sb_why *why)
{
    if (errno != EWOULDBLOCK) {
        return sb_why_say(why, SB_ERR_IO, "lagringen %s kan inte låsas: %s",
                          "cannot lock the store %s: %s", path, strerror(errno));
    }
    long pid = lock_holder(fd);
    if (pid == 0) {
        return sb_why_say(why, SB_ERR_BUSY,
                          "lagringen %s används av en annan process; stoppa den först, eller ge "
                          "denna en egen lagring",
                          "the store %s is used by another process; stop that one first, or give "
                          "this one a store of its own",
                          path);
    }
    return sb_why_say(why, SB_ERR_BUSY,
                      "lagringen %s används av process %ld (se den med: ps %ld); stoppa den först, "
                      "eller ge denna en egen lagring",
                      "the store %s is used by process %ld (see it with: ps %ld); stop that one "
                      "first, or give this one a store of its own",
                      path, pid, pid);
}

/* For the sentence of whoever is refused; that it could not be written harms nothing. */
static void lock_sign(int fd)
{
    char text[32];
    int size = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) == 0 && size > 0) {
        (void)!pwrite(fd, text, (size_t)size, 0);
    }
}

enum sb_err sb_folder_lock(const char *path, int *ret_fd, struct sb_why *why)
{
    char file[FOLDER_PATH_MAX];
    int size = snprintf(file, sizeof file, "%s/lock-file", path);
    if (size < 0 || (size_t)size >= sizeof file) {
        return sb_why_say(why, SB_ERR_IO, "lagringens sökväg är längre än %d byte",
                          "the path of the store is longer than %d bytes", FOLDER_PATH_MAX);
    }
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return sb_why_say(
            why, SB_ERR_IO,
            "%s kan inte öppnas: %s; mappen ska tillhöra den användare som programmet kör som",
            "cannot open %s: %s; the folder must belong to the user that this "
            "program runs as",
            file, strerror(errno));
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        enum sb_err err = lock_refused(path, fd, why);
        close(fd);
        return err;
    }
    lock_sign(fd);
    *ret_fd = fd;
    return SB_ERR_OK;
}

uint64_t sb_folder_free(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) == 0 ? (uint64_t)disk.f_bavail * disk.f_frsize : UINT64_MAX;
}

bool sb_folder_is_full(const char *path)
{
    return sb_folder_free(path) < FOLDER_FULL_SIZE;
}
