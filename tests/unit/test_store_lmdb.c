/* test_store_lmdb.c: what only the store on disk has: the lock, the schema, the checksum, the
 * quota, a reader in another process. */
#define _GNU_SOURCE
#include "store_fixture.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void assert_only_key(struct sb_txn *txn, enum sb_table table, const char *expected)
{
    struct sb_bytes key, value;
    struct sb_key past;
    assert_true(sb_txn_seek(txn, table, sb_bytes(NULL, 0), &key, &value));
    assert_true(sb_bytes_equal(key, sb_bytes_str(expected)));
    sb_key_init(&past);
    sb_key_add_name(&past, expected);
    assert_false(sb_txn_seek(txn, table, sb_key_bytes(&past), &key, &value));
}

/* There is a row of the log before `end`, and none there. */
static void assert_log_ends(struct sb_txn *txn, uint64_t end)
{
    struct sb_bytes value;
    for (uint64_t index = end - 1; index <= end; index++) {
        uint8_t key[8];
        sb_be64_write(key, index);
        assert_int_equal(sb_txn_get(txn, SB_TABLE_LOG, sb_bytes(key, 8), &value), index < end);
    }
}

static void commits_survive_reopening(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    put(txn, SB_TABLE_ALERT, "a", "1");
    commit(fixture, txn);
    txn = begin(fixture);
    put(txn, SB_TABLE_ALERT, "b", "1");
    reopen(fixture); /* closing aborts what is open */
    txn = begin(fixture);
    assert_only_key(txn, SB_TABLE_ALERT, "a");
    assert_int_equal(sb_txn_number(txn, SB_TABLE_META, "schema"), SB_STORE_SCHEMA);
    commit(fixture, txn);
    struct stat found;
    assert_int_equal(stat(fixture->path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0700);
}

static void the_folder_is_made_private(void **state)
{
    struct fixture *fixture = *state;
    char inside[80];
    (void)snprintf(inside, sizeof inside, "%s/new", fixture->path);
    enum sb_err err = SB_ERR_OK;
    struct sb_why why = {0};
    struct sb_store *store = sb_store_open_lmdb(inside, false, &err, &why);
    assert_non_null(store);
    sb_store_close(store);
    struct stat found;
    assert_int_equal(stat(inside, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0700);
    (void)snprintf(inside, sizeof inside, "%s/no/such", fixture->path);
    assert_null(sb_store_open_lmdb(inside, false, &err, &why));
    assert_int_equal(err, SB_ERR_IO);
    check_said(&why, "skapa mappen ovanför", "make the folder above it");
    (void)snprintf(inside, sizeof inside, "%s/data.mdb", fixture->path);
    assert_null(sb_store_open_lmdb(inside, false, &err, &why));
    check_said(&why, "är ingen mapp", "is not a folder");
}

static void a_second_process_is_told_who_has_it(void **state)
{
    struct fixture *fixture = *state;
    enum sb_err err = SB_ERR_OK;
    struct sb_why why = {0};
    assert_null(sb_store_open_lmdb(fixture->path, false, &err, &why));
    assert_int_equal(err, SB_ERR_BUSY);
    char expected[SB_WHY_SIZE_MAX];
    (void)snprintf(
        expected, sizeof expected,
        "the store %s is used by process %ld (see it with: ps %ld); stop that one first, or "
        "give this one a store of its own",
        fixture->path, (long)getpid(), (long)getpid());
    assert_string_equal(why.text, expected);
    check_said(&why, "stoppa den först, eller ge denna en egen lagring", fixture->path);
    reopen(fixture); /* the refused one took nothing with it */
}

static void a_newer_schema_is_left_alone(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    sb_txn_set_number(txn, SB_TABLE_META, "schema", SB_STORE_SCHEMA + 1);
    commit(fixture, txn);
    sb_store_close(fixture->store);
    enum sb_err err = SB_ERR_OK;
    struct sb_why why = {0};
    fixture->store = sb_store_open_lmdb(fixture->path, false, &err, &why);
    assert_null(fixture->store);
    assert_int_equal(err, SB_ERR_VERSION);
    check_said(&why, "har schema 2 och detta program känner till och med 1",
               "has schema 2 and this program knows up to 1");
}

/* Flips one bit of `needle` in the data file, which no store has open. */
static void file_damage(const struct fixture *fixture, const char *needle)
{
    char file[96];
    (void)snprintf(file, sizeof file, "%s/data.mdb", fixture->path);
    int fd = open(file, O_RDWR);
    assert_true(fd >= 0);
    struct stat found;
    assert_int_equal(fstat(fd, &found), 0);
    uint8_t *at = mmap(NULL, (size_t)found.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(at != MAP_FAILED);
    unsigned flipped = 0;
    uint8_t *hit = at;
    size_t size = (size_t)found.st_size;
    while ((hit = memmem(hit, size - (size_t)(hit - at), needle, strlen(needle)))) {
        hit[3] ^= 1;
        flipped++;
    }
    assert_true(flipped > 0);
    munmap(at, size);
    close(fd);
}

static void a_rotten_bit_is_found(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    put(txn, SB_TABLE_CASE, "k", "the-value-that-rots");
    put(txn, SB_TABLE_CASE, "l", "sound");
    commit(fixture, txn);
    sb_store_close(fixture->store);
    file_damage(fixture, "the-value-that-rots");
    fixture_open(fixture);
    txn = begin(fixture);
    assert_value(txn, SB_TABLE_CASE, "k", NULL);
    assert_value(txn, SB_TABLE_CASE, "l", "sound");
    put(txn, SB_TABLE_CASE, "m", "1");
    struct sb_why why = {0};
    assert_int_equal(sb_store_commit(fixture->store, txn, &why), SB_ERR_CORRUPT);
    char expected[SB_WHY_SIZE_MAX];
    (void)snprintf(
        expected, sizeof expected,
        "the store %s: the record 6b in table case is damaged (its checksum does not fit); "
        "do not go on with it: restore it from a backup (samband verify counts what is damaged)",
        fixture->path);
    assert_string_equal(why.text, expected);
    check_said(&why, "är skadad (kontrollsumman stämmer inte); fortsätt inte med den",
               fixture->path);
    txn = sb_store_begin_read(fixture->store, &why);
    assert_value(txn, SB_TABLE_CASE, "m", NULL);
    struct sb_bytes key, value;
    assert_false(sb_txn_seek(txn, SB_TABLE_CASE, sb_bytes_str("a"), &key, &value));
    assert_int_equal(sb_store_commit(fixture->store, txn, &why), SB_ERR_CORRUPT);
    /* Whoever knows that it cannot be read may go on without it. */
    txn = begin(fixture);
    put(txn, SB_TABLE_CASE, "before", "1");
    assert_value(txn, SB_TABLE_CASE, "k", NULL);
    assert_true(sb_txn_excuse(txn, 0, &why));
    put(txn, SB_TABLE_CASE, "after", "1");
    commit(fixture, txn);
    txn = begin(fixture);
    assert_value(txn, SB_TABLE_CASE, "before", "1");
    assert_value(txn, SB_TABLE_CASE, "after", "1");
    commit(fixture, txn);
}

/* In the child: reads beside the open writer. LMDB forbids a second opening in one process. */
static int read_beside(const char *path)
{
    enum sb_err err = SB_ERR_OK;
    struct sb_why why = {0};
    struct sb_store *store = sb_store_open_lmdb(path, true, &err, &why);
    if (!store) {
        return 1;
    }
    struct sb_txn *txn = sb_store_begin_read(store, &why);
    struct sb_bytes value;
    bool right = txn && sb_txn_get(txn, SB_TABLE_ORG, sb_bytes_str("a"), &value)
                 && sb_bytes_equal(value, sb_bytes_str("committed"));
    right = right && sb_store_commit(store, txn, &why) == SB_ERR_OK;
    sb_store_close(store);
    return right ? 0 : 2;
}

/* As this was started: under valgrind /proc/self/exe is valgrind. */
static const char *program;

static void a_reader_works_beside_the_writer(void **state)
{
    struct fixture *fixture = *state;
    struct sb_txn *txn = begin(fixture);
    put(txn, SB_TABLE_ORG, "a", "committed");
    commit(fixture, txn);
    txn = begin(fixture);
    put(txn, SB_TABLE_ORG, "a", "not yet");
    /* A new process image, not a fork that shares our environment: LMDB allows nothing else. */
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, "--read-beside", fixture->path, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    commit(fixture, txn);
}

static void reading_makes_nothing(void **state)
{
    struct fixture *fixture = *state;
    char inside[80];
    (void)snprintf(inside, sizeof inside, "%s/empty", fixture->path);
    assert_int_equal(mkdir(inside, 0700), 0);
    enum sb_err err = SB_ERR_OK;
    struct sb_why why = {0};
    assert_null(sb_store_open_lmdb(inside, true, &err, &why));
    assert_int_equal(err, SB_ERR_NOT_FOUND);
    assert_int_equal(rmdir(inside), 0);
}

static void limited_open(struct fixture *fixture, uint64_t map, uint64_t quota)
{
    sb_store_close(fixture->store);
    const struct sb_store_limits limits = {.map_bytes = map, .quota_bytes = quota};
    enum sb_err err = SB_ERR_OK;
    struct sb_why why = {0};
    fixture->store = sb_store_open_lmdb_limited(fixture->path, false, &limits, &err, &why);
    assert_non_null(fixture->store);
}

/* Puts rows of 1 KiB, ten a transaction, until a commit refuses; hands back the number of rows. */
static unsigned fill(struct fixture *fixture, struct sb_why *why)
{
    uint8_t row[1024] = {0};
    for (unsigned rows = 0; rows < 10000; rows += 10) {
        struct sb_txn *txn = begin(fixture);
        for (unsigned i = 0; i < 10; i++) {
            uint8_t key[8];
            sb_be64_write(key, rows + i);
            sb_txn_put(txn, SB_TABLE_LOG, sb_bytes(key, 8), sb_bytes(row, sizeof row));
        }
        enum sb_err err = sb_store_commit(fixture->store, txn, why);
        if (err != SB_ERR_OK) {
            assert_int_equal(err, SB_ERR_FULL);
            return rows;
        }
    }
    fail_msg("never full");
    return 0;
}

static void rows_remove(struct fixture *fixture, unsigned from, unsigned to)
{
    struct sb_txn *txn = begin(fixture);
    for (unsigned row = from; row < to; row++) {
        uint8_t key[8];
        sb_be64_write(key, row);
        sb_txn_del(txn, SB_TABLE_LOG, sb_bytes(key, 8));
    }
    commit(fixture, txn);
}

static void the_quota_refuses_growth_and_lets_go(void **state)
{
    struct fixture *fixture = *state;
    limited_open(fixture, 64u << 20, 1u << 20);
    struct sb_why why = {0};
    unsigned rows = fill(fixture, &why);
    check_said(&why, "av de 1048576 den får ha; inget skrevs",
               "of the 1048576 it may have; nothing was written");
    /* Nothing of the refused ten stays, what is there can be read and removed, then there is room.
     */
    struct sb_txn *txn = begin(fixture);
    assert_log_ends(txn, rows);
    commit(fixture, txn);
    /* Over the quota that a smaller setting gives, removing still works. */
    limited_open(fixture, 64u << 20, 64u << 10);
    rows_remove(fixture, 0, 100);
    txn = begin(fixture);
    put(txn, SB_TABLE_META, "small", "fits in its page");
    commit(fixture, txn);
}

static void a_full_map_is_full_and_not_broken(void **state)
{
    struct fixture *fixture = *state;
    limited_open(fixture, 1u << 20, 64u << 20);
    struct sb_why why = {0};
    unsigned rows = fill(fixture, &why);
    assert_true(rows > 100);
    check_said(&why, "MDB_MAP_FULL", "MDB_MAP_FULL");
    check_said(&why, "inget skrevs", "nothing was written");
    reopen(fixture);
    struct sb_txn *txn = begin(fixture);
    assert_log_ends(txn, rows);
    commit(fixture, txn);
}

/* A commit that changed nothing leaves the file as it was: no new page, no new number. */
static void an_idle_commit_writes_nothing(void **state)
{
    struct fixture *fixture = *state;
    char file[96];
    (void)snprintf(file, sizeof file, "%s/data.mdb", fixture->path);
    uint8_t before[8192] = {0}, after[8192] = {0};
    for (int round = 0; round < 2; round++) {
        int fd = open(file, O_RDONLY);
        assert_true(fd >= 0);
        assert_int_equal(read(fd, round ? after : before, sizeof before), sizeof before);
        close(fd);
        struct sb_txn *txn = begin(fixture);
        assert_value(txn, SB_TABLE_META, "none", NULL);
        sb_txn_del(txn, SB_TABLE_META, sb_bytes_str("none"));
        assert_false(sb_store_changed(fixture->store, txn));
        commit(fixture, txn);
    }
    assert_memory_equal(before, after, sizeof before);
}

#define LMDB(test) cmocka_unit_test_setup_teardown(test, setup_lmdb, teardown)

/* One commit that is larger than the room that was made for it grows the file by itself; room that
 * is made after it must begin behind it. */
static void a_commit_larger_than_the_room_stays(void **state)
{
    enum {
        ROWS = 64,
        SIZE = 65536
    };
    struct fixture *fixture = *state;
    uint8_t *large = sb_alloc(1, SIZE);
    for (unsigned round = 0; round < 3; round++) {
        struct sb_txn *txn = begin(fixture);
        for (unsigned i = 0; i < ROWS; i++) {
            uint8_t key[2] = {(uint8_t)(round + 1), (uint8_t)i};
            memset(large, (int)(1 + i), SIZE);
            sb_txn_put(txn, SB_TABLE_ALERT, sb_bytes(key, 2), sb_bytes(large, SIZE));
        }
        commit(fixture, txn);
    }
    reopen(fixture);
    struct sb_txn *txn = begin(fixture);
    for (unsigned i = 0; i < 3 * ROWS; i++) {
        uint8_t key[2] = {(uint8_t)(i / ROWS + 1), (uint8_t)(i % ROWS)};
        struct sb_bytes found;
        memset(large, (int)(1 + i % ROWS), SIZE);
        assert_true(sb_txn_get(txn, SB_TABLE_ALERT, sb_bytes(key, 2), &found));
        assert_true(sb_bytes_equal(found, sb_bytes(large, SIZE)));
    }
    commit(fixture, txn);
    free(large);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--read-beside") == 0) {
        return read_beside(argv[2]);
    }
    program = argv[0];
    const struct CMUnitTest tests[] = {
        LMDB(commits_survive_reopening),
        LMDB(the_folder_is_made_private),
        LMDB(a_second_process_is_told_who_has_it),
        LMDB(a_newer_schema_is_left_alone),
        LMDB(a_rotten_bit_is_found),
        LMDB(a_reader_works_beside_the_writer),
        LMDB(reading_makes_nothing),
        LMDB(the_quota_refuses_growth_and_lets_go),
        LMDB(a_full_map_is_full_and_not_broken),
        LMDB(an_idle_commit_writes_nothing),
        LMDB(a_commit_larger_than_the_room_stays),
    };
    return cmocka_run_group_tests_name("store on disk", tests, NULL, NULL);
}
