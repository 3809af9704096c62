/* test_keyfiles.c: key files: modes, replacement, what a crash leaves, and files that are not
 * right. */
#include "check.h"
#include "samband/keyfiles.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM 64

struct place {
    char root[ROOM];
    char folder[2 * ROOM];
};

static int place_make(void **state)
{
    struct place *place = sb_alloc(1, sizeof *place);
    (void)snprintf(place->root, sizeof place->root, "keyfiles-XXXXXX");
    assert_non_null(mkdtemp(place->root));
    (void)snprintf(place->folder, sizeof place->folder, "%s/keys", place->root);
    *state = place;
    return 0;
}

/* The folder is flat: what stands in it, then it, then its parent. */
static int place_remove(void **state)
{
    struct place *place = *state;
    DIR *folder = opendir(place->folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    (void)rmdir(place->folder);
    (void)rmdir(place->root);
    free(place);
    return 0;
}

static void path_of(const struct place *place, const char *name, char path[4 * ROOM])
{
    (void)snprintf(path, 4 * ROOM, "%s/%s", place->folder, name);
}

static unsigned mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void put_text(const struct place *place, const char *name, const char *text, mode_t mode)
{
    char path[4 * ROOM];
    path_of(place, name, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
}

static enum sb_err read_name(const struct place *place, const char *name, struct sb_why *why)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_CERT_SIZE_MAX);
    enum sb_err err = sb_keyfile_read(place->folder, name, SB_CERT_SIZE_MAX, &buf, why);
    assert_true(err == SB_ERR_OK || buf.size == 0);
    sb_buf_finish(&buf);
    return err;
}

static void assert_holds(const struct place *place, const char *name, struct sb_bytes wanted)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_CERT_SIZE_MAX);
    assert_int_equal(sb_keyfile_read(place->folder, name, SB_CERT_SIZE_MAX, &buf, NULL), SB_ERR_OK);
    assert_true(sb_bytes_equal(sb_buf_bytes(&buf), wanted));
    sb_buf_finish(&buf);
}

static void test_write_and_read(void **state)
{
    const struct place *place = *state;
    uint8_t bytes[SB_CERT_SIZE_MAX];
    sb_keyfile_random(bytes, sizeof bytes);
    char path[4 * ROOM];
    path_of(place, "root", path);
    (void)umask(0);
    assert_false(sb_keyfile_exists(place->folder, "root"));
    assert_int_equal(sb_keyfile_write(place->folder, "root", sb_bytes(bytes, sizeof bytes), NULL),
                     SB_ERR_OK);
    assert_true(sb_keyfile_exists(place->folder, "root"));
    assert_int_equal(mode_of(place->folder), 0700);
    assert_int_equal(mode_of(path), 0600);
    assert_holds(place, "root", sb_bytes(bytes, sizeof bytes));
    /* Replaced by something shorter, with nothing of the old one after it. */
    assert_int_equal(sb_keyfile_write(place->folder, "root", sb_bytes(bytes, 1), NULL), SB_ERR_OK);
    assert_holds(place, "root", sb_bytes(bytes, 1));
}

static void test_crash_leaves_the_old_one(void **state)
{
    const struct place *place = *state;
    assert_int_equal(sb_keyfile_write(place->folder, "root", sb_bytes_str("old"), NULL), SB_ERR_OK);
    put_text(place, "root.tmp", "6e6", 0600); /* died in the middle of writing a new one */
    assert_holds(place, "root", sb_bytes_str("old"));
    assert_int_equal(sb_keyfile_write(place->folder, "root", sb_bytes_str("new"), NULL), SB_ERR_OK);
    assert_holds(place, "root", sb_bytes_str("new"));
    assert_false(sb_keyfile_exists(place->folder, "root.tmp"));
}

static void test_others_may_not_read(void **state)
{
    const struct place *place = *state;
    assert_int_equal(sb_keyfile_write(place->folder, "root", sb_bytes_str("key"), NULL), SB_ERR_OK);
    static const mode_t loose[] = {0640, 0604, 0620, 0602, 0610, 0601, 0666, 0777};
    char path[4 * ROOM];
    path_of(place, "root", path);
    for (unsigned i = 0; i < sizeof loose / sizeof loose[0]; i++) {
        struct sb_why why = {0};
        assert_int_equal(chmod(path, loose[i]), 0);
        assert_int_equal(read_name(place, "root", &why), SB_ERR_IO);
        check_said(&why, "kör chmod 600", "run chmod 600");
        check_said(&why, path, path);
    }
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(read_name(place, "root", NULL), SB_ERR_OK);
}

static void test_not_there_and_not_a_file(void **state)
{
    const struct place *place = *state;
    assert_int_equal(read_name(place, "root", NULL), SB_ERR_NOT_FOUND);
    assert_int_equal(sb_keyfile_write(place->folder, "root", sb_bytes_str("key"), NULL), SB_ERR_OK);
    assert_int_equal(read_name(place, "other", NULL), SB_ERR_NOT_FOUND);
    char link_path[4 * ROOM], fifo_path[4 * ROOM];
    path_of(place, "link", link_path);
    path_of(place, "fifo", fifo_path);
    assert_int_equal(symlink("root", link_path), 0);
    assert_int_equal(read_name(place, "link", NULL), SB_ERR_IO);
    assert_int_equal(mkfifo(fifo_path, 0600), 0);
    assert_int_equal(read_name(place, "fifo", NULL),
                     SB_ERR_IO); /* and does not wait for a writer */
}

static void test_damaged(void **state)
{
    const struct place *place = *state;
    assert_int_equal(sb_keyfile_write(place->folder, "k", sb_bytes_str("key"), NULL), SB_ERR_OK);
    static const char *const bad[] = {"",       "\n", "6",        "6b657",
                                      "6b65 9", "zz", "6b65\n\n", "6b65\n6b"};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put_text(place, "k", bad[i], 0600);
        assert_int_equal(read_name(place, "k", NULL), SB_ERR_CORRUPT);
    }
    put_text(place, "k", "6b65", 0600); /* a newline that an editor took away is no damage */
    assert_holds(place, "k", sb_bytes_str("ke"));
}

static void test_too_large(void **state)
{
    const struct place *place = *state;
    struct sb_buf buf;
    sb_buf_init(&buf, SB_CERT_SIZE_MAX);
    assert_int_equal(sb_keyfile_write(place->folder, "k", sb_bytes_str("123"), NULL), SB_ERR_OK);
    assert_int_equal(sb_keyfile_read(place->folder, "k", 2, &buf, NULL), SB_ERR_TOO_LARGE);
    assert_int_equal(sb_keyfile_read(place->folder, "k", 3, &buf, NULL), SB_ERR_OK);
    sb_buf_clear(&buf);
    put_text(place, "k", "313233", 0600); /* no newline: one byte under the file's limit */
    assert_int_equal(sb_keyfile_read(place->folder, "k", 2, &buf, NULL), SB_ERR_TOO_LARGE);
    assert_int_equal(buf.size, 0);
    sb_buf_finish(&buf);
    sb_buf_init(&buf, 2); /* the caller has room for less than it asks for */
    assert_int_equal(sb_keyfile_read(place->folder, "k", 3, &buf, NULL), SB_ERR_TOO_LARGE);
    assert_int_equal(buf.size, 0);
    sb_buf_finish(&buf);
}

static void test_names(void **state)
{
    const struct place *place = *state;
    char longest[SB_KEYFILE_NAME_SIZE_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[SB_KEYFILE_NAME_SIZE_MAX + 1] = '\0';
    const char *bad[] = {"", ".", "..", ".hidden", "a/b", "../k", "K", "a b", longest};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(sb_keyfile_write(place->folder, bad[i], sb_bytes_str("x"), NULL),
                         SB_ERR_VALUE);
        assert_int_equal(read_name(place, bad[i], NULL), SB_ERR_VALUE);
        assert_false(sb_keyfile_exists(place->folder, bad[i]));
    }
    longest[SB_KEYFILE_NAME_SIZE_MAX] = '\0';
    assert_int_equal(sb_keyfile_write(place->folder, longest, sb_bytes_str("x"), NULL), SB_ERR_OK);
    assert_int_equal(sb_keyfile_write(place->folder, "o:tib-1.key", sb_bytes_str("x"), NULL),
                     SB_ERR_OK);
    assert_int_equal(sb_keyfile_write(place->folder, "k", (struct sb_bytes){0}, NULL),
                     SB_ERR_VALUE);
}

static void test_cannot_write(void **state)
{
    const struct place *place = *state;
    struct sb_why why = {0};
    char missing[4 * ROOM];
    (void)snprintf(missing, sizeof missing, "%s/no/keys", place->root);
    assert_int_equal(sb_keyfile_write(missing, "k", sb_bytes_str("x"), &why), SB_ERR_IO);
    assert_non_null(strstr(why.text, missing));
    char *deep = sb_alloc(1, 8192); /* a path longer than any */
    memset(deep, 'd', 8191);
    assert_int_equal(sb_keyfile_write(deep, "k", sb_bytes_str("x"), &why), SB_ERR_VALUE);
    check_said(&why, "sökväg är för lång", "path is too long");
    free(deep);
}

/* Where a folder stands instead of the file, or of what a crash left. */
static void test_a_folder_in_the_way(void **state)
{
    static const char *const in_the_way[] = {"k", "k.tmp"};
    static const char *const said[] = {"cannot replace", "cannot remove"};
    const struct place *place = *state;
    assert_int_equal(sb_keyfile_write(place->folder, "other", sb_bytes_str("x"), NULL), SB_ERR_OK);
    for (unsigned i = 0; i < sizeof said / sizeof said[0]; i++) {
        struct sb_why why = {0};
        char path[4 * ROOM];
        path_of(place, in_the_way[i], path);
        assert_int_equal(mkdir(path, 0700), 0);
        assert_int_equal(sb_keyfile_write(place->folder, "k", sb_bytes_str("x"), &why), SB_ERR_IO);
        assert_non_null(strstr(why.text, said[i]));
        assert_int_equal(rmdir(path), 0);
        (void)unlink(path);
        path_of(place, "k.tmp", path);
        (void)unlink(path);
    }
}

static void test_secrets(void **state)
{
    const struct place *place = *state;
    uint8_t made[SB_KEY_SIZE] = {0};
    uint8_t again[SB_KEY_SIZE] = {0};
    struct sb_signer signer;
    struct sb_signer direct;
    struct sb_why why = {0};
    assert_int_equal(sb_keyfile_keep_secret(place->folder, "live", made, &why), SB_ERR_OK);
    assert_int_equal(sb_keyfile_keep_secret(place->folder, "live", again, &why), SB_ERR_OK);
    assert_memory_equal(made, again, sizeof made); /* made once */
    memset(again, 0, sizeof again);
    assert_int_equal(sb_keyfile_read_exact(place->folder, "live", again, sizeof again, &why),
                     SB_ERR_OK);
    assert_memory_equal(made, again, sizeof made);
    assert_int_equal(sb_keyfile_read_signer(place->folder, "live", &signer, &why), SB_ERR_OK);
    sb_signer_make(made, &direct);
    assert_memory_equal(signer.public_key.at, direct.public_key.at, SB_KEY_SIZE);
    assert_int_equal(sb_keyfile_keep_signer(place->folder, "live", &signer, &why), SB_ERR_OK);
    assert_memory_equal(signer.public_key.at, direct.public_key.at, SB_KEY_SIZE);
    assert_int_equal(sb_keyfile_write(place->folder, "short", sb_bytes(made, 31), &why), SB_ERR_OK);
    assert_int_equal(sb_keyfile_read_signer(place->folder, "short", &signer, &why), SB_ERR_CORRUPT);
    assert_int_equal(sb_keyfile_keep_signer(place->folder, "short", &signer, &why), SB_ERR_CORRUPT);
    check_said(&why, "innehåller inte 32 byte", "does not hold 32 bytes");
}

static void test_path(void **state)
{
    char long_name[SB_PATH_SIZE];
    char path[SB_PATH_SIZE] = "kept";
    (void)state;
    memset(long_name, 'x', sizeof long_name);
    long_name[SB_PATH_SIZE - 3] = '\0'; /* with "/" and "a" one too many */
    assert_int_equal(sb_keyfile_path("state", "keys", path, NULL), SB_ERR_OK);
    assert_string_equal(path, "state/keys");
    assert_int_equal(sb_keyfile_path(long_name, "aa", path, NULL), SB_ERR_TOO_LARGE);
    assert_int_equal(sb_keyfile_path(long_name, "a", path, NULL), SB_ERR_OK);
}

static void test_random_differs(void **state)
{
    (void)state;
    uint8_t one[600] = {0}, two[600] = {0};
    sb_keyfile_random(one, sizeof one);
    sb_keyfile_random(two, sizeof two);
    assert_memory_not_equal(one, two, sizeof one);
    assert_memory_not_equal(one + 568, two + 568, 32);
}

int main(void)
{
#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, place_make, place_remove)
    const struct CMUnitTest tests[] = {
        IN_PLACE(test_write_and_read),
        IN_PLACE(test_crash_leaves_the_old_one),
        IN_PLACE(test_others_may_not_read),
        IN_PLACE(test_not_there_and_not_a_file),
        IN_PLACE(test_damaged),
        IN_PLACE(test_too_large),
        IN_PLACE(test_names),
        IN_PLACE(test_cannot_write),
        IN_PLACE(test_a_folder_in_the_way),
        IN_PLACE(test_secrets),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_random_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
