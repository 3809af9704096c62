/* test_clock.c: mono never runs back and never jumps with the wall clock. */
#include "../../proto/loop/loop_inner.h"
#include "check.h"
#include "samband/store.h"

#include <string.h>

#define HOUR_MS (3600ull * 1000)

static struct sb_clock_mark mark(char boot, uint64_t boot_ms, uint64_t mono_ms, uint64_t wall_ms)
{
    struct sb_clock_mark mark = {.boot_ms = boot_ms, .mono_ms = mono_ms, .wall_ms = wall_ms};
    memset(mark.boot_id, boot, sizeof mark.boot_id);
    return mark;
}

/* Each row: what was saved at boot time 100 s, mono 1000 s, wall 50 h, and what the clocks say now.
 */
static void mono_continues(void **state)
{
    (void)state;
    static const struct {
        const char *story;
        char boot;
        uint64_t boot_ms, wall_ms, mono_ms;
    } rows[] = {
        {"started again at once", 'a', 100000, 50 * HOUR_MS, 1000000},
        {"started again after 5 s", 'a', 105000, 50 * HOUR_MS + 5000, 1005000},
        {"wall clock an hour ahead", 'a', 105000, 51 * HOUR_MS, 1005000},
        {"wall clock an hour behind", 'a', 105000, 49 * HOUR_MS, 1005000},
        {"machine taken back to a snapshot", 'a', 90000, 50 * HOUR_MS, 1000000},
        {"rebooted in a minute", 'b', 20000, 50 * HOUR_MS + 60000, 1060000},
        {"rebooted, wall clock an hour ahead", 'b', 20000, 51 * HOUR_MS, 1000000 + HOUR_MS},
        {"rebooted, wall clock an hour behind", 'b', 20000, 49 * HOUR_MS, 1000000},
        {"rebooted, wall clock at 1970", 'b', 20000, 0, 1000000},
        {"rebooted, off for exactly the cap", 'b', 20000, 74 * HOUR_MS, 1000000 + 24 * HOUR_MS},
        {"rebooted, off for longer", 'b', 20000, 74 * HOUR_MS + 1, 1000000 + 24 * HOUR_MS},
        {"rebooted, wall clock gone mad", 'b', 20000, UINT64_MAX, 1000000 + 24 * HOUR_MS},
    };
    struct sb_clock_mark saved = mark('a', 100000, 1000000, 50 * HOUR_MS);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sb_clock_mark now = mark(rows[i].boot, rows[i].boot_ms, 0, rows[i].wall_ms);
        if (sb_clock_bridge(&saved, &now) != rows[i].mono_ms) {
            fail_msg("%s: %llu", rows[i].story, (unsigned long long)sb_clock_bridge(&saved, &now));
        }
    }
}

/* Two unknown boots are not one boot: BOOTTIME would be compared with another machine's. */
static void unknown_boots_are_not_the_same(void **state)
{
    (void)state;
    struct sb_clock_mark saved = mark('\0', 100000, 1000000, HOUR_MS);
    struct sb_clock_mark now = mark('\0', 900000, 0, HOUR_MS + 1);
    assert_int_equal(sb_clock_bridge(&saved, &now), 1000001);
}

static void marks_survive_their_bytes(void **state)
{
    (void)state;
    struct sb_clock_mark there = mark('x', 1, UINT64_MAX, 3), back = {0};
    uint8_t bytes[SB_CLOCK_MARK_SIZE + 1] = {0};
    sb_clock_mark_write(&there, bytes);
    assert_true(sb_clock_mark_read(sb_bytes(bytes, SB_CLOCK_MARK_SIZE), &back));
    assert_memory_equal(&there, &back, sizeof there);
    assert_false(sb_clock_mark_read(sb_bytes(bytes, SB_CLOCK_MARK_SIZE - 1), &back));
    assert_false(sb_clock_mark_read(sb_bytes(bytes, SB_CLOCK_MARK_SIZE + 1), &back));
    assert_false(sb_clock_mark_read(sb_bytes(NULL, 0), &back));
}

/* A process that ends and starts again on this machine: mono goes on from where it was. */
static void a_restart_goes_on(void **state)
{
    (void)state;
    struct sb_store *store = sb_store_open_memory();
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(store, &why);
    struct sb_loop *loop = sb_loop_new();
    sb_loop_clock_load(loop, txn); /* nothing there yet */
    struct sb_now first = sb_loop_now(loop);
    assert_true(first.mono_ms > 0);
    assert_true(first.wall_ms > 1700000000000ull);
    sb_loop_clock_save(loop, txn);
    /* As if this store had run an hour longer than the machine. */
    struct sb_bytes bytes;
    struct sb_clock_mark saved;
    assert_true(sb_txn_get(txn, SB_TABLE_META, sb_bytes_str("clock"), &bytes));
    assert_true(sb_clock_mark_read(bytes, &saved));
    assert_int_equal(saved.mono_ms, first.mono_ms);
    saved.mono_ms += HOUR_MS;
    uint8_t at[SB_CLOCK_MARK_SIZE];
    sb_clock_mark_write(&saved, at);
    sb_txn_put(txn, SB_TABLE_META, sb_bytes_str("clock"), sb_bytes(at, sizeof at));
    sb_loop_destroy(loop);

    loop = sb_loop_new();
    sb_loop_clock_load(loop, txn);
    struct sb_now second = sb_loop_now(loop);
    assert_true(second.mono_ms >= first.mono_ms + HOUR_MS);
    assert_true(second.mono_ms < first.mono_ms + HOUR_MS + 60000);
    sb_loop_clock_save(loop, txn);
    assert_true(sb_txn_get(txn, SB_TABLE_META, sb_bytes_str("clock"), &bytes));
    assert_true(sb_clock_mark_read(bytes, &saved));
    assert_int_equal(saved.mono_ms, second.mono_ms);
    assert_true(saved.boot_ms < saved.mono_ms);
    sb_loop_destroy(loop);
    sb_store_abort(store, txn);
    sb_store_close(store);
}

static void now_stands_still_within_a_turn(void **state)
{
    (void)state;
    struct sb_loop *loop = sb_loop_new();
    struct sb_now before = sb_loop_now(loop);
    struct sb_loop_event event;
    for (int i = 0; i < 1000; i++) {
        assert_false(sb_loop_next(loop, &event));
    }
    struct sb_now same = sb_loop_now(loop);
    assert_int_equal(before.mono_ms, same.mono_ms);
    assert_int_equal(before.wall_ms, same.wall_ms);
    sb_loop_wait(loop, before.mono_ms + 2); /* the wait itself is what moves it */
    assert_true(sb_loop_now(loop).mono_ms >= before.mono_ms + 2);
    sb_loop_destroy(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mono_continues),
        cmocka_unit_test(unknown_boots_are_not_the_same),
        cmocka_unit_test(marks_survive_their_bytes),
        cmocka_unit_test(a_restart_goes_on),
        cmocka_unit_test(now_stands_still_within_a_turn),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
