/* target_keyfile.c: a key file with any content, and any name for one. What is read is written and
 * read as the same; a name never leads out of the folder. */
#include "fuzz.h"
#include "samband/keyfiles.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOB_SIZE_MAX 4096

static char folder[64]; /* of this process; goes with it */

static void folder_remove(void)
{
    char path[128];
    static const char *const names[] = {"given", "again"};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

static void folder_make(void)
{
    if (folder[0] == '\0') {
        (void)snprintf(folder, sizeof folder, "%s/samband-fuzz-XXXXXX",
                       access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        const char *made = mkdtemp(folder);
        SB_ASSERT(made != NULL);
        int failed = atexit(folder_remove);
        SB_ASSERT(failed == 0);
    }
}

static void given_write(struct sb_bytes bytes, unsigned mode)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/given", folder);
    (void)unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    SB_ASSERT(fd >= 0);
    ssize_t written = bytes.size == 0 ? 0 : write(fd, bytes.at, bytes.size);
    SB_ASSERT(written == (ssize_t)bytes.size);
    (void)close(fd);
}

static void read_it(size_t size_max)
{
    struct sb_buf first, second;
    struct sb_why why = {0};
    sb_buf_init(&first, BLOB_SIZE_MAX);
    sb_buf_init(&second, BLOB_SIZE_MAX);
    enum sb_err err = sb_keyfile_read(folder, "given", size_max, &first, &why);
    fuzz_said(err, &why);
    SB_ASSERT(err == SB_ERR_OK || first.size == 0);
    if (err == SB_ERR_OK && first.size > 0) {
        SB_ASSERT(first.size <= size_max);
        err = sb_keyfile_write(folder, "again", sb_buf_bytes(&first), &why);
        SB_ASSERT(err == SB_ERR_OK);
        err = sb_keyfile_read(folder, "again", size_max, &second, &why);
        SB_ASSERT(err == SB_ERR_OK && sb_bytes_equal(sb_buf_bytes(&first), sb_buf_bytes(&second)));
    }
    sb_buf_finish(&second);
    sb_buf_finish(&first);
}

static void read_exact(void)
{
    uint8_t secret[SB_KEY_SIZE];
    struct sb_signer signer;
    struct sb_why why = {0};
    enum sb_err err = sb_keyfile_read_exact(folder, "given", secret, sizeof secret, &why);
    fuzz_said(err, &why);
    SB_ASSERT(sb_keyfile_read_signer(folder, "given", &signer, &why) == err);
    sb_signer_wipe(&signer);
}

static void name_look(struct sb_bytes bytes)
{
    char name[256] = "";
    char path[SB_PATH_SIZE];
    struct sb_why why = {0};
    size_t size = bytes.size < sizeof name ? bytes.size : sizeof name - 1;
    if (size > 0) {
        memcpy(name, bytes.at, size);
    }
    if (sb_keyfile_exists(folder, name)) {
        SB_ASSERT(strcmp(name, "given") == 0 || strcmp(name, "again") == 0);
    }
    if (strcmp(name, "given") == 0 || strcmp(name, "again") == 0) {
        return;
    }
    struct sb_buf buf;
    sb_buf_init(&buf, BLOB_SIZE_MAX);
    enum sb_err err = sb_keyfile_read(folder, name, BLOB_SIZE_MAX, &buf, &why);
    SB_ASSERT(err == SB_ERR_VALUE || err == SB_ERR_NOT_FOUND);
    SB_ASSERT(err == SB_ERR_VALUE || strchr(name, '/') == NULL);
    (void)!sb_keyfile_path(folder, name, path, &why);
    sb_buf_finish(&buf);
}

void fuzz_one(struct sb_bytes bytes)
{
    static const unsigned modes[] = {0600, 0400, 0644, 0660};
    struct fuzz_input input = {.rest = bytes};
    unsigned how = fuzz_byte(&input);
    size_t size_max = how % 3 == 0 ? SB_KEY_SIZE : how % 3 == 1 ? 1 : BLOB_SIZE_MAX;
    folder_make();
    name_look(fuzz_take(&input, fuzz_byte(&input)));
    given_write(input.rest, modes[how / 16 % 16 == 15 ? how / 4 % 4 : 0]);
    read_it(size_max);
    read_exact();
}
