/* test_cli_when.c: times as people type them (broker/cli/view/when.c), in the zone of Stockholm
 * given as a rule, so that the test needs no zone files. */
#include "unit/check.h"
#include "view/when.h"

#include <stdlib.h>
#include <string.h>

#define MINUTE 60000ull
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* 2026-11-23 02:10:00 in Stockholm. */
#define NIGHT 1795396200000ull
/* 2026-10-25 00:00 UTC = 02:00 summer time: the doubled hour begins. */
#define OCTOBER 1792886400000ull
/* 2026-03-29 00:30 UTC = 01:30: half an hour before the lost hour. */
#define MARCH 1774744200000ull

static uint64_t read_at(const char *text, uint64_t now, enum sb_when_side side)
{
    struct sb_when when = {0};
    assert_int_equal(sb_when_read(text, now, side, &when), SB_WHEN_READ);
    return when.at_ms;
}

static enum sb_when_result result_at(const char *text, uint64_t now, enum sb_when_side side)
{
    struct sb_when when = {7, 7};
    enum sb_when_result result = sb_when_read(text, now, side, &when);
    if (result != SB_WHEN_READ && result != SB_WHEN_DOUBLED) {
        assert_int_equal(when.at_ms, 7); /* untouched on refusal */
    }
    return result;
}

static void test_bare_is_the_next(void **state)
{
    (void)state;
    assert_int_equal(read_at("03:00", NIGHT, SB_WHEN_NEXT), NIGHT + 50 * MINUTE);
    assert_int_equal(read_at("3.00", NIGHT, SB_WHEN_NEXT), NIGHT + 50 * MINUTE);
    assert_int_equal(read_at("02:11", NIGHT, SB_WHEN_NEXT), NIGHT + MINUTE);
    assert_int_equal(read_at("02:10", NIGHT, SB_WHEN_NEXT), NIGHT + DAY); /* now is not next */
    assert_int_equal(read_at("02:09", NIGHT, SB_WHEN_NEXT), NIGHT + DAY - MINUTE);
    assert_int_equal(read_at("00:00", NIGHT, SB_WHEN_NEXT), NIGHT + 21 * HOUR + 50 * MINUTE);
}

static void test_bare_is_the_last(void **state)
{
    (void)state;
    assert_int_equal(read_at("02:10", NIGHT, SB_WHEN_LAST), NIGHT);
    assert_int_equal(read_at("02:00", NIGHT, SB_WHEN_LAST), NIGHT - 10 * MINUTE);
    assert_int_equal(read_at("02:11", NIGHT, SB_WHEN_LAST), NIGHT + MINUTE - DAY);
}

static void test_relative(void **state)
{
    (void)state;
    assert_int_equal(read_at("+20m", NIGHT, SB_WHEN_NEXT), NIGHT + 20 * MINUTE);
    assert_int_equal(read_at("+1h30m", NIGHT, SB_WHEN_NEXT), NIGHT + 90 * MINUTE);
    assert_int_equal(read_at("+2d", NIGHT, SB_WHEN_UNTIL), NIGHT + 2 * DAY);
    assert_int_equal(read_at("+366d", NIGHT, SB_WHEN_NEXT), NIGHT + 366 * DAY);
    assert_int_equal(read_at("-10m", NIGHT, SB_WHEN_LAST), NIGHT - 10 * MINUTE);
    assert_int_equal(result_at("+367d", NIGHT, SB_WHEN_NEXT), SB_WHEN_UNREADABLE);
    assert_int_equal(result_at("-10m", NIGHT, SB_WHEN_NEXT), SB_WHEN_WRONG_SIDE);
    assert_int_equal(result_at("+10m", NIGHT, SB_WHEN_LAST), SB_WHEN_WRONG_SIDE);
}

static void test_unreadable(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "3",
        "03",
        "24:00",
        "03:60",
        "03:000",
        "03:00x",
        " 03:00",
        "+",
        "+20",
        "+m",
        "+20m20m",
        "+5m1h",
        "+9999999m",
        "2026-13-01",
        "2026-02-29",
        "2026-00-10",
        "2026-11-23T",
        "2026-11-23T03",
        "2026-11-23T03:00+25:00",
        "2026-11-23T03:00Zx",
        "0000-01-01",
        "9999-12-31",
        "20261123T03",
        "imorgon 03:00",
        "２026-11-23",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_int_equal(result_at(texts[i], NIGHT, SB_WHEN_NEXT), SB_WHEN_UNREADABLE);
    }
}

static void test_dated(void **state)
{
    (void)state;
    assert_int_equal(read_at("2026-11-23T03:00", NIGHT, SB_WHEN_NEXT), NIGHT + 50 * MINUTE);
    assert_int_equal(read_at("2026-11-23 03:00", NIGHT, SB_WHEN_NEXT), NIGHT + 50 * MINUTE);
    assert_int_equal(read_at("2026-11-23T02:00Z", NIGHT, SB_WHEN_NEXT), NIGHT + 50 * MINUTE);
    assert_int_equal(read_at("2026-11-23T04:00+02:00", NIGHT, SB_WHEN_NEXT), NIGHT + 50 * MINUTE);
    assert_int_equal(read_at("2026-11-22T21:30-0430", NIGHT, SB_WHEN_NEXT), NIGHT + 50 * MINUTE);
    assert_int_equal(read_at("2028-02-29T00:00Z", NIGHT, SB_WHEN_NEXT), 1835395200000ull);
    /* A date is its beginning, and its end where "until" is asked for. */
    assert_int_equal(read_at("2026-11-23", NIGHT, SB_WHEN_NEXT), NIGHT - 130 * MINUTE);
    assert_int_equal(read_at("2026-11-23", NIGHT, SB_WHEN_UNTIL),
                     NIGHT - 130 * MINUTE + DAY - 1000);
}

static void test_doubled_hour(void **state)
{
    (void)state;
    struct sb_when when = {0};
    uint64_t evening = OCTOBER - 4 * HOUR;
    assert_int_equal(sb_when_read("02:30", evening, SB_WHEN_NEXT, &when), SB_WHEN_DOUBLED);
    assert_int_equal(when.at_ms, OCTOBER + 30 * MINUTE);
    assert_int_equal(when.other_ms, OCTOBER + 90 * MINUTE);
    char first[SB_WHEN_SIZE], second[SB_WHEN_SIZE];
    sb_when_zoned(when.at_ms, first);
    sb_when_zoned(when.other_ms, second);
    assert_string_equal(first, "2026-10-25T02:30+02:00");
    assert_string_equal(second, "2026-10-25T02:30+01:00");
    /* What is offered instead is taken. */
    assert_int_equal(read_at(first, evening, SB_WHEN_NEXT), when.at_ms);
    assert_int_equal(read_at(second, evening, SB_WHEN_NEXT), when.other_ms);
    /* Between the two, the next is only one. */
    assert_int_equal(read_at("02:30", OCTOBER + 45 * MINUTE, SB_WHEN_NEXT), OCTOBER + 90 * MINUTE);
    assert_int_equal(read_at("02:30", OCTOBER + 45 * MINUTE, SB_WHEN_LAST), OCTOBER + 30 * MINUTE);
    /* After both, the last is either. */
    assert_int_equal(result_at("02:30", OCTOBER + 3 * HOUR, SB_WHEN_LAST), SB_WHEN_DOUBLED);
    assert_int_equal(result_at("2026-10-25T02:00", evening, SB_WHEN_NEXT), SB_WHEN_DOUBLED);
    /* The hours beside it are plain. */
    assert_int_equal(read_at("01:59", evening, SB_WHEN_NEXT), OCTOBER - MINUTE);
    assert_int_equal(read_at("03:00", evening, SB_WHEN_NEXT), OCTOBER + 2 * HOUR);
}

static void test_lost_hour(void **state)
{
    (void)state;
    assert_int_equal(result_at("02:30", MARCH, SB_WHEN_NEXT), SB_WHEN_LOST);
    assert_int_equal(result_at("2026-03-29T02:00", MARCH, SB_WHEN_NEXT), SB_WHEN_LOST);
    assert_int_equal(read_at("01:59", MARCH, SB_WHEN_NEXT), MARCH + 29 * MINUTE);
    assert_int_equal(read_at("03:00", MARCH, SB_WHEN_NEXT), MARCH + 30 * MINUTE);
}

static void shown(const char *expected, uint64_t at, uint64_t now, enum sb_language language)
{
    char text[SB_WHEN_SIZE];
    sb_when_relative(at, now, language, text);
    assert_string_equal(text, expected);
}

static void test_shown(void **state)
{
    (void)state;
    char text[SB_WHEN_SIZE];
    shown("om 50 min", NIGHT + 50 * MINUTE, NIGHT, SB_LANGUAGE_SV);
    shown("om 1 h 20 min", NIGHT + 80 * MINUTE, NIGHT, SB_LANGUAGE_SV);
    shown("in 2 h", NIGHT + 2 * HOUR, NIGHT, SB_LANGUAGE_EN);
    shown("om 23 s", NIGHT + 23000, NIGHT, SB_LANGUAGE_SV);
    shown("för 5 min sedan", NIGHT - 5 * MINUTE, NIGHT, SB_LANGUAGE_SV);
    shown("3 days ago", NIGHT - 3 * DAY, NIGHT, SB_LANGUAGE_EN);
    shown("nu", NIGHT, NIGHT, SB_LANGUAGE_SV);
    sb_when_local(NIGHT, NIGHT, false, text);
    assert_string_equal(text, "02:10");
    sb_when_local(NIGHT + DAY, NIGHT, true, text);
    assert_string_equal(text, "2026-11-24 02:10:00");
    sb_when_utc(NIGHT + 7, text);
    assert_string_equal(text, "2026-11-23T01:10:00.007Z");
    sb_when_length(277000, text);
    assert_string_equal(text, "04:37");
    sb_when_length(3600000, text);
    assert_string_equal(text, "1:00:00");
    sb_when_length(2 * DAY + 3 * HOUR, text);
    assert_string_equal(text, "2 d 03 h");
}

static void test_hostile_times(void **state)
{
    (void)state;
    char text[SB_WHEN_SIZE];
    sb_when_clock(UINT64_MAX, text);
    assert_string_equal(text, "?");
    sb_when_utc(SB_WHEN_LAST_MS + 1, text);
    assert_string_equal(text, "?");
    sb_when_utc(SB_WHEN_LAST_MS, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
    sb_when_relative(UINT64_MAX, NIGHT, SB_LANGUAGE_SV, text);
    assert_string_equal(text, "?");
    sb_when_length(UINT64_MAX, text);
    assert_true(strlen(text) < SB_WHEN_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bare_is_the_next),
        cmocka_unit_test(test_bare_is_the_last),
        cmocka_unit_test(test_relative),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_dated),
        cmocka_unit_test(test_doubled_hour),
        cmocka_unit_test(test_lost_hour),
        cmocka_unit_test(test_shown),
        cmocka_unit_test(test_hostile_times),
    };
    if (setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1) != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
