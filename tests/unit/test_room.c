/* test_room.c: how much room a store has left: at each mark and one step before it, and the file
 * that is kept longer than what lies in it. */
#define _GNU_SOURCE /* mkstemp */
#include "../../proto/store/room.h"
#include "check.h"
#include "samband/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUOTA 10000ull

static void marks(void **state)
{
    (void)state;
    static const struct {
        uint64_t used, disk_free;
        bool stuck;
        enum sb_room_level level;
        bool disk;
    } rows[] = {
        {0, SB_DISK_LOW_BYTES, false, SB_ROOM_ENOUGH, false},
        {7999, SB_DISK_LOW_BYTES, false, SB_ROOM_ENOUGH, false},
        {8000, UINT64_MAX, false, SB_ROOM_LOW, false},
        {9499, UINT64_MAX, false, SB_ROOM_LOW, false},
        {9500, UINT64_MAX, false, SB_ROOM_SCARCE, false},
        {9799, UINT64_MAX, false, SB_ROOM_SCARCE, false},
        {9800, UINT64_MAX, false, SB_ROOM_NONE, false},
        {20000, UINT64_MAX, false, SB_ROOM_NONE, false},
        {0, SB_DISK_LOW_BYTES - 1, false, SB_ROOM_LOW, true},
        {0, SB_DISK_SCARCE_BYTES, false, SB_ROOM_LOW, true},
        {0, SB_DISK_SCARCE_BYTES - 1, false, SB_ROOM_SCARCE, true},
        {0, 0, false, SB_ROOM_SCARCE, true},
        {0, UINT64_MAX, true, SB_ROOM_NONE, true},
        {9500, SB_DISK_LOW_BYTES - 1, false, SB_ROOM_SCARCE, false},
        {8000, 0, false, SB_ROOM_SCARCE, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct sb_room room =
            sb_room_judge(rows[i].used, QUOTA, rows[i].disk_free, rows[i].stuck);
        assert_int_equal(room.level, rows[i].level);
        assert_int_equal(room.disk, rows[i].disk);
    }
}

static void sentences(void **state)
{
    (void)state;
    struct sb_txn txn = {0};
    struct sb_why why = {0};
    txn.room = sb_room_judge(0, QUOTA, UINT64_MAX, false);
    sb_room_say(&txn.room, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(sb_room_refuse(&txn, false, &why), SB_ERR_OK);

    txn.room = sb_room_judge(1950ull << 20, 2048ull << 20, UINT64_MAX, false);
    sb_room_say(&txn.room, &why);
    check_said(&why, "använder 1950 av de 2048 MiB den får ha, och tar snart inte emot fler",
               "uses 1950 of the 2048 MiB it may have, and will soon take no more orders");
    assert_int_equal(sb_room_refuse(&txn, false, &why), SB_ERR_OK);

    txn.room = sb_room_judge(0, QUOTA, 0, true);
    assert_int_equal(sb_room_refuse(&txn, true, &why), SB_ERR_OK);
    assert_int_equal(sb_room_refuse(&txn, false, &why), SB_ERR_FULL);
    check_said(&why, "disk är full: inga nya uppdrag tas emot, bara svar och återkallelser (0 MiB",
               "disk is full: no new orders are taken, only answers and recalls (0 MiB");

    txn.room.level = SB_ROOM_FULL;
    assert_int_equal(sb_room_refuse(&txn, true, &why), SB_ERR_FULL);
    check_said(&why, "inget kan sparas", "nothing can be stored");
}

static void the_file_is_kept_ahead(void **state)
{
    (void)state;
    char path[] = "/tmp/sb-room-XXXXXX";
    struct stat found;
    uint64_t size = 0;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(sb_room_keep(fd, 0, &size), 0);
    assert_int_equal(size, SB_ROOM_STEP_BYTES);
    assert_int_equal(sb_room_keep(fd, SB_ROOM_STEP_BYTES - SB_ROOM_LEAST_BYTES, &size), 0);
    assert_int_equal(size, SB_ROOM_STEP_BYTES);
    assert_int_equal(sb_room_keep(fd, SB_ROOM_STEP_BYTES - SB_ROOM_LEAST_BYTES + 1, &size), 0);
    assert_int_equal(size, 2 * SB_ROOM_STEP_BYTES - SB_ROOM_LEAST_BYTES + 1);
    assert_int_equal(fstat(fd, &found), 0);
    assert_int_equal(found.st_size, size);
    /* A descriptor that nobody may write to fails with its reason, and nothing is taken for longer.
     */
    int closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(closed >= 0);
    const uint64_t stood = size;
    assert_int_equal(sb_room_keep(closed, size, &size), EBADF);
    assert_int_equal(size, stood);
    close(closed);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks),
        cmocka_unit_test(sentences),
        cmocka_unit_test(the_file_is_kept_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
