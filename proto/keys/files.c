/* files.c: one key or certificate a file, in hexadecimal, readable by its owner alone. Writing is
 * whole or not at all. It knows nothing of what the bytes are and never prints them. */
#include "samband/keyfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE_MAX 1024

struct path {
    char text[PATH_SIZE_MAX];
};

static bool name_is_good(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_.:-";
    size_t size = strlen(name);
    return size > 0 && size <= SB_KEYFILE_NAME_SIZE_MAX && name[0] != '.'
           && strspn(name, allowed) == size;
}

static enum sb_err path_make(const char *folder, const char *name, const char *suffix,
                             struct path *ret_path, struct sb_why *why)
{
    if (!name_is_good(name)) {
        return sb_why_say(why, SB_ERR_VALUE, "'%.80s' kan inte vara en nyckelfils namn",
                          "'%.80s' cannot be a key file's name", name);
    }
    int size = snprintf(ret_path->text, sizeof ret_path->text, "%s/%s%s", folder, name, suffix);
    if (size < 0 || (size_t)size >= sizeof ret_path->text) {
        return sb_why_say(why, SB_ERR_VALUE, "mappens sökväg är för lång: %.200s…",
                          "the folder's path is too long: %.200s…", folder);
    }
    return SB_ERR_OK;
}

static enum sb_err failed(const char *sv, const char *en, const char *path, struct sb_why *why)
{
    return sb_why_say(why, SB_ERR_IO, SB_SV " %s: %s", SB_EN " %s: %s", sv, en, path,
                      strerror(errno));
}

static bool write_all(int fd, const void *at, size_t size)
{
    const char *rest = at;
    while (size > 0) {
        ssize_t written = write(fd, rest, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        rest += written;
        size -= (size_t)written;
    }
    return true;
}

/* False with the first failure's errno. */
static bool close_keeping_errno(int fd, bool good)
{
    int kept = errno;
    bool closed = close(fd) == 0;
    if (!good) {
        errno = kept;
    }
    return good && closed;
}

static enum sb_err temporary_write(const char *path, struct sb_bytes text, struct sb_why *why)
{
    /* A crash may have left one: it was never a key. */
    if (unlink(path) != 0 && errno != ENOENT) {
        return failed("det går inte att ta bort", "cannot remove", path, why);
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return failed("det går inte att skapa", "cannot create", path, why);
    }
    bool good = write_all(fd, text.at, text.size) && fsync(fd) == 0;
    if (!close_keeping_errno(fd, good)) {
        enum sb_err err = failed("det går inte att skriva", "cannot write", path, why);
        (void)unlink(path);
        return err;
    }
    return SB_ERR_OK;
}

static enum sb_err folder_sync(const char *folder, struct sb_why *why)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return failed("det går inte att öppna", "cannot open", folder, why);
    }
    return close_keeping_errno(fd, fsync(fd) == 0)
               ? SB_ERR_OK
               : failed("det går inte att spara", "cannot sync", folder, why);
}

static void wipe(void *at, size_t size)
{
    volatile uint8_t *byte = at; /* volatile: the stores are not to be optimised away */
    while (size-- > 0) {
        *byte++ = 0;
    }
}

enum sb_err sb_keyfile_write(const char *folder, const char *name, struct sb_bytes bytes,
                             struct sb_why *why)
{
    struct path path, temporary;
    enum sb_err err = path_make(folder, name, "", &path, why);
    err = err == SB_ERR_OK ? path_make(folder, name, ".tmp", &temporary, why) : err;
    if (err != SB_ERR_OK) {
        return err;
    }
    if (bytes.size == 0) {
        return sb_why_say(why, SB_ERR_VALUE, "inget att skriva i %s", "nothing to write into %s",
                          path.text);
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return failed("det går inte att skapa mappen", "cannot make the folder", folder, why);
    }
    size_t size = 2 * bytes.size + 1;
    char *text = sb_alloc(size + 1, 1);
    sb_hex_write(bytes, text);
    text[size - 1] = '\n';
    err = temporary_write(temporary.text, sb_bytes(text, size), why);
    wipe(text, size);
    free(text);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (rename(temporary.text, path.text) != 0) {
        return failed("det går inte att ersätta", "cannot replace", path.text, why);
    }
    return folder_sync(folder, why);
}

/* Opens only what is a file of its owner's alone. */
static enum sb_err private_open(const char *path, int *ret_fd, size_t *ret_size, struct sb_why *why)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? sb_why_say(why, SB_ERR_NOT_FOUND, "filen %s finns inte",
                                            "there is no file %s", path)
                               : failed("det går inte att öppna", "cannot open", path, why);
    }
    struct stat status;
    enum sb_err err = SB_ERR_OK;
    if (fstat(fd, &status) != 0) {
        err = failed("det går inte att se på", "cannot look at", path, why);
    } else if (!S_ISREG(status.st_mode)) {
        err = sb_why_say(why, SB_ERR_IO, "%s är ingen vanlig fil", "%s is not a plain file", path);
    } else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        err = sb_why_say(why, SB_ERR_IO,
                         "%s kan läsas av andra än ägaren och används inte: kör chmod 600 %s, och "
                         "gör en ny nyckel om andra har varit på datorn",
                         "%s can be read by others than its owner, and is not used: run chmod 600 "
                         "%s, and make a new key if others have been on this machine",
                         path, path);
    }
    if (err != SB_ERR_OK) {
        (void)close(fd);
        return err;
    }
    *ret_fd = fd;
    *ret_size = status.st_size < 0 ? 0 : (size_t)status.st_size;
    return SB_ERR_OK;
}

static bool read_all(int fd, char *at, size_t size)
{
    while (size > 0) {
        ssize_t got = read(fd, at, size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? EIO : errno; /* shorter than fstat told: it changes under us */
            return false;
        }
        at += got;
        size -= (size_t)got;
    }
    return true;
}

/* Hexadecimal with at most one newline after it. */
static bool hex_decode(struct sb_bytes text, struct sb_buf *buf)
{
    if (text.size > 0 && text.at[text.size - 1] == '\n') {
        text.size--;
    }
    if (text.size == 0 || text.size % 2 != 0) {
        return false;
    }
    for (size_t i = 0; i < text.size; i += 2) {
        uint8_t byte;
        if (!sb_hex_read(sb_bytes(text.at + i, 2), &byte, 1)) {
            sb_buf_clear(buf);
            return false;
        }
        sb_buf_add_byte(buf, byte);
    }
    return true;
}

enum sb_err sb_keyfile_read(const char *folder, const char *name, size_t size_max,
                            struct sb_buf *buf, struct sb_why *why)
{
    SB_ASSERT(buf->size == 0);
    struct path path;
    int fd = -1;
    size_t size = 0;
    enum sb_err err = path_make(folder, name, "", &path, why);
    err = err == SB_ERR_OK ? private_open(path.text, &fd, &size, why) : err;
    if (err != SB_ERR_OK) {
        return err;
    }
    if (size > 2 * size_max + 1) {
        (void)close(fd);
        return sb_why_say(why, SB_ERR_TOO_LARGE, "%s har %zu byte; högst %zu är rätt",
                          "%s has %zu bytes; at most %zu are right", path.text, size,
                          2 * size_max + 1);
    }
    char *text = sb_alloc(size + 1, 1);
    if (!close_keeping_errno(fd, read_all(fd, text, size))) {
        err = failed("det går inte att läsa", "cannot read", path.text, why);
    } else if (!hex_decode(sb_bytes(text, size), buf)) {
        err = sb_why_say(why, SB_ERR_CORRUPT,
                         "%s är inte hel hexadecimal text: återställ den från en säkerhetskopia, "
                         "eller be om en ny inbjudan",
                         "%s is not whole hexadecimal: restore it from a backup, or enrol again",
                         path.text);
    } else if (buf->overflow || buf->size > size_max) {
        sb_buf_clear(buf);
        err = sb_why_say(why, SB_ERR_TOO_LARGE, "%s innehåller mer än %zu byte",
                         "%s holds more than %zu bytes", path.text, size_max);
    }
    wipe(text, size);
    free(text);
    return err;
}

bool sb_keyfile_exists(const char *folder, const char *name)
{
    struct path path;
    struct stat status;
    return path_make(folder, name, "", &path, NULL) == SB_ERR_OK && lstat(path.text, &status) == 0;
}

void sb_keyfile_random(uint8_t *at, size_t size)
{
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0) {
            SB_ASSERT(errno == EINTR);
            continue;
        }
        at += got;
        size -= (size_t)got;
    }
}
