/* copy.c: files and folders copied and synced. It overwrites nothing and decides nothing. */
#define _DEFAULT_SOURCE /* DT_ constants, O_NOFOLLOW */
#include "copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum sb_err copy_fail(const char *path, struct sb_phrase doing, struct sb_why *why)
{
    return sb_why_say(why, SB_ERR_IO,
                      "%s kan inte " SB_SV ": %s; se till att det finns plats (df "
                      "-h) och rätt att läsa och skriva där",
                      "%s cannot be " SB_EN ": %s; see that there is room (df -h) and the right to "
                      "read and write there",
                      path, SB_PAIR(doing), strerror(errno));
}

enum sb_err sb_copy_path(const char *folder, const char *name, char path[SB_COPY_PATH_SIZE],
                         struct sb_why *why)
{
    int size = snprintf(path, SB_COPY_PATH_SIZE, "%s/%s", folder, name);
    if (size > 0 && size < SB_COPY_PATH_SIZE) {
        return SB_ERR_OK;
    }
    return sb_why_say(why, SB_ERR_TOO_LARGE, "sökvägen %s är för lång; ange en kortare",
                      "the path %s is too long; give a shorter one", folder);
}

bool sb_copy_exists(const char *path)
{
    struct stat found;
    return lstat(path, &found) == 0;
}

bool sb_copy_is_empty(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return false;
    }
    bool empty = true;
    errno = 0;
    for (const struct dirent *entry = readdir(dir); entry != NULL && empty; entry = readdir(dir)) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    empty = empty && errno == 0; /* a folder that cannot be read through is not known to be empty */
    (void)closedir(dir);
    return empty;
}

enum sb_err sb_copy_folder_make(const char *path, struct sb_why *why)
{
    if (mkdir(path, 0700) == 0) {
        return SB_ERR_OK;
    }
    if (errno == EEXIST) {
        return sb_why_say(why, SB_ERR_ALREADY, "%s finns redan; inget ändrades",
                          "%s is there already; nothing was changed", path);
    }
    return copy_fail(path, (struct sb_phrase){"skapas", "made"}, why);
}

enum sb_err sb_copy_sync(const char *path, struct sb_why *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    enum sb_err err =
        good ? SB_ERR_OK : copy_fail(path, (struct sb_phrase){"sparas", "synced"}, why);
    if (fd >= 0) {
        (void)close(fd);
    }
    return err;
}

/* False with errno on the first thing that fails. */
static bool bytes_copy(int from, int to)
{
    char bytes[16384];
    ssize_t size;
    while ((size = read(from, bytes, sizeof bytes)) > 0) {
        for (ssize_t done = 0; done < size;) {
            ssize_t written = write(to, bytes + done, (size_t)(size - done));
            if (written <= 0) {
                return false;
            }
            done += written;
        }
    }
    return size == 0 && fsync(to) == 0;
}

enum sb_err sb_copy_file(const char *from, const char *to, struct sb_why *why)
{
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0) {
        return copy_fail(from, (struct sb_phrase){"läsas", "read"}, why);
    }
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = out >= 0 && bytes_copy(in, out);
    enum sb_err err =
        good ? SB_ERR_OK : copy_fail(to, (struct sb_phrase){"skrivas", "written"}, why);
    (void)close(in);
    if (out >= 0) {
        (void)close(out);
    }
    return err;
}

/* One entry of the outer folder, or (`deep`) of one in it. */
struct entry {
    char from[SB_COPY_PATH_SIZE], to[SB_COPY_PATH_SIZE];
    struct stat found;
};

static enum sb_err entry_find(const char *from, const char *to, const char *name,
                              struct entry *ret_entry, struct sb_why *why)
{
    enum sb_err err = sb_copy_path(from, name, ret_entry->from, why);
    if (err == SB_ERR_OK) {
        err = sb_copy_path(to, name, ret_entry->to, why);
    }
    if (err == SB_ERR_OK && lstat(ret_entry->from, &ret_entry->found) != 0) {
        err = copy_fail(ret_entry->from, (struct sb_phrase){"läsas", "read"}, why);
    }
    return err;
}

/* The folder's next entry, NULL at its end. An error in the middle is not its end: what is behind
 * it would be missing from a copy that is said to be whole. */
static enum sb_err entry_next(DIR *dir, const char *path, const struct dirent **ret_at,
                              struct sb_why *why)
{
    errno = 0;
    *ret_at = readdir(dir);
    return *ret_at != NULL || errno == 0
               ? SB_ERR_OK
               : copy_fail(path, (struct sb_phrase){"läsas", "read"}, why);
}

static enum sb_err flat_copy(const char *from, const char *to, struct sb_why *why)
{
    struct entry entry;
    const struct dirent *at;
    DIR *dir = opendir(from);
    if (dir == NULL) {
        return copy_fail(from, (struct sb_phrase){"läsas", "read"}, why);
    }
    enum sb_err err = entry_next(dir, from, &at, why);
    while (err == SB_ERR_OK && at != NULL) {
        err = entry_find(from, to, at->d_name, &entry, why);
        if (err == SB_ERR_OK && S_ISREG(entry.found.st_mode)) {
            err = sb_copy_file(entry.from, entry.to, why);
        }
        if (err == SB_ERR_OK) {
            err = entry_next(dir, from, &at, why);
        }
    }
    (void)closedir(dir);
    return err == SB_ERR_OK ? sb_copy_sync(to, why) : err;
}

static enum sb_err entry_copy(const struct entry *entry, struct sb_why *why)
{
    if (S_ISREG(entry->found.st_mode)) {
        return sb_copy_file(entry->from, entry->to, why);
    }
    if (!S_ISDIR(entry->found.st_mode)) {
        return SB_ERR_OK;
    }
    enum sb_err err = sb_copy_folder_make(entry->to, why);
    return err == SB_ERR_OK ? flat_copy(entry->from, entry->to, why) : err;
}

static bool is_left_out(const char *name, const char *const *but)
{
    bool out = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
    for (; !out && *but != NULL; but++) {
        out = strcmp(name, *but) == 0;
    }
    return out;
}

enum sb_err sb_copy_folder(const char *from, const char *to, const char *const *but,
                           struct sb_why *why)
{
    struct entry entry;
    const struct dirent *at;
    DIR *dir = opendir(from);
    if (dir == NULL) {
        return copy_fail(from, (struct sb_phrase){"läsas", "read"}, why);
    }
    enum sb_err err = entry_next(dir, from, &at, why);
    while (err == SB_ERR_OK && at != NULL) {
        if (!is_left_out(at->d_name, but)) {
            err = entry_find(from, to, at->d_name, &entry, why);
            err = err == SB_ERR_OK ? entry_copy(&entry, why) : err;
        }
        if (err == SB_ERR_OK) {
            err = entry_next(dir, from, &at, why);
        }
    }
    (void)closedir(dir);
    return err == SB_ERR_OK ? sb_copy_sync(to, why) : err;
}

enum sb_err sb_copy_rename(const char *from, const char *to, struct sb_why *why)
{
    char above[SB_COPY_PATH_SIZE];
    (void)snprintf(above, sizeof above, "%s", to);
    enum sb_err err = sb_copy_sync(from, why);
    if (err == SB_ERR_OK && rename(from, to) != 0) {
        err = copy_fail(to, (struct sb_phrase){"få sitt namn", "given its name"}, why);
    }
    return err == SB_ERR_OK ? sb_copy_sync(dirname(above), why) : err;
}
