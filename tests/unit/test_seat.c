/* test_seat.c: a called seat's text, at its limits and past them. */
#include "check.h"
#include "samband/event.h"

#include <stdio.h>
#include <string.h>

static bool reads(const char *text)
{
    struct sb_seat seat;
    return sb_seat_read(sb_bytes_str(text), &seat);
}

static void test_forms(void **state)
{
    (void)state;
    struct sb_seat seat;
    char key[SB_SEAT_SIZE_MAX + 1];
    assert_true(sb_seat_read(sb_bytes_str("taby/tib"), &seat));
    assert_string_equal(seat.org.text, "taby");
    assert_string_equal(seat.function.text, "tib");
    assert_string_equal(seat.via.text, "");
    assert_false(seat.supports);
    sb_seat_key(&seat, key);
    assert_string_equal(key, "taby/tib");

    assert_true(sb_seat_read(sb_bytes_str("~lst-ab/kib:tib"), &seat));
    assert_string_equal(seat.org.text, "lst-ab");
    assert_string_equal(seat.function.text, "kib");
    assert_string_equal(seat.via.text, "tib");
    assert_true(seat.supports);
    sb_seat_key(&seat, key);
    assert_string_equal(key, "lst-ab/kib");
}

/* An organisation's name may hold ':', a function's may not. */
static void test_colon(void **state)
{
    (void)state;
    struct sb_seat seat;
    assert_true(sb_seat_read(sb_bytes_str("o:taby/tib:rcb"), &seat));
    assert_string_equal(seat.org.text, "o:taby");
    assert_string_equal(seat.function.text, "tib");
    assert_string_equal(seat.via.text, "rcb");
    assert_false(reads("taby/tib:rcb:kib"));
    assert_false(reads("taby/:rcb"));
    assert_false(reads("taby/tib:"));
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",         "~",          "/",         "taby",       "taby/",    "/tib",
        "~/tib",    "~~taby/tib", "taby//tib", "taby/a/b",   "Taby/tib", "taby/TIB",
        "taby/t b", "taby /tib",  "täby/tib",  "taby/tib\n", "taby~/tib"};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (reads(bad[i])) {
            fail_msg("taken: '%s'", bad[i]);
        }
    }
    struct sb_seat untouched = {.supports = true};
    assert_false(sb_seat_read(sb_bytes("taby\0/tib", 9), &untouched));
    assert_true(untouched.supports);
    assert_string_equal(untouched.org.text, "");
}

static void test_longest(void **state)
{
    (void)state;
    char name[SB_NAME_SIZE_MAX + 2];
    memset(name, 'a', sizeof name);
    name[SB_NAME_SIZE_MAX] = '\0';
    char text[2 * SB_SEAT_SIZE_MAX];
    (void)snprintf(text, sizeof text, "~%s/%s:%s", name, name, name);
    struct sb_seat seat;
    char key[SB_SEAT_SIZE_MAX + 1];
    assert_true(sb_seat_read(sb_bytes_str(text), &seat));
    sb_seat_key(&seat, key);
    assert_int_equal(strlen(key), 2 * SB_NAME_SIZE_MAX + 1);
    (void)snprintf(text, sizeof text, "%sa/%s", name, name);
    assert_false(reads(text));
    (void)snprintf(text, sizeof text, "%s/%sa", name, name);
    assert_false(reads(text));
    (void)snprintf(text, sizeof text, "%s/%s:%sa", name, name, name);
    assert_false(reads(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_colon),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
