/* test_cursor.c: the MessagePack reader against what the packer writes, against every longer form,
 * and against bytes that lie about their sizes. */
#include "check.h"
#include "samband/cursor.h"
#include "samband/err.h"

#include <stdlib.h>
#include <string.h>

#define BYTES(literal) sb_bytes((literal), sizeof(literal) - 1)

/* A copy of its own size on the heap, so that a sanitizer sees a read past its end. */
static uint8_t *exact_copy(struct sb_bytes bytes)
{
    uint8_t *copy = malloc(bytes.size > 0 ? bytes.size : 1);
    assert_non_null(copy);
    if (bytes.size > 0) {
        memcpy(copy, bytes.at, bytes.size);
    }
    return copy;
}

static void numbers_round_trip_at_every_edge(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        for (uint64_t step = 0; step < 3; step++) {
            uint64_t number = (UINT64_C(1) << bit) - 1 + step;
            struct sb_buf buf;
            sb_buf_init(&buf, 16);
            sb_pack_uint(&buf, number);
            struct sb_cursor cursor = sb_cursor(sb_buf_bytes(&buf));
            assert_true(sb_cursor_uint(&cursor) == number);
            assert_true(sb_cursor_done(&cursor));
            sb_buf_finish(&buf);
        }
    }
}

static void sizes_round_trip_at_every_edge(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 31, 32, 255, 256, 65535, 65536};
    uint8_t *bytes = sb_alloc(65536, 1);

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct sb_buf buf;
        sb_buf_init(&buf, 1 << 20);
        sb_pack_str(&buf, sb_bytes(bytes, sizes[i]));
        sb_pack_bin(&buf, sb_bytes(bytes, sizes[i]));
        struct sb_cursor cursor = sb_cursor(sb_buf_bytes(&buf));
        check_same_bytes(sb_cursor_str(&cursor, sizes[i]), sb_bytes(bytes, sizes[i]));
        check_same_bytes(sb_cursor_bin(&cursor, sizes[i]), sb_bytes(bytes, sizes[i]));
        assert_true(sb_cursor_done(&cursor));

        /* One below what is there is refused, for both. */
        if (sizes[i] > 0) {
            cursor = sb_cursor(sb_buf_bytes(&buf));
            sb_cursor_str(&cursor, sizes[i] - 1);
            assert_true(cursor.failed);
        }
        sb_buf_finish(&buf);
    }
    free(bytes);
}

static void counts_round_trip_at_every_edge(void **state)
{
    (void)state;
    static const unsigned counts[] = {0, 1, 15, 16, 65535, 65536};

    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct sb_buf buf;
        sb_buf_init(&buf, 1 << 20);
        sb_pack_array(&buf, counts[i]);
        sb_pack_map(&buf, counts[i]);
        for (unsigned k = 0; k < 2 * counts[i]; k++) {
            sb_pack_nil(&buf);
        }
        struct sb_cursor cursor = sb_cursor(sb_buf_bytes(&buf));
        assert_int_equal(sb_cursor_array(&cursor, counts[i]), counts[i]);
        assert_int_equal(sb_cursor_map(&cursor, counts[i]), counts[i]);
        assert_false(cursor.failed);
        for (unsigned k = 0; k < 2 * counts[i]; k++) {
            assert_true(sb_cursor_nil(&cursor));
        }
        assert_true(sb_cursor_done(&cursor));

        if (counts[i] > 0) {
            cursor = sb_cursor(sb_buf_bytes(&buf));
            assert_int_equal(sb_cursor_array(&cursor, counts[i] - 1), 0);
            assert_true(cursor.failed);
        }
        sb_buf_finish(&buf);
    }
}

static void truth_round_trips(void **state)
{
    (void)state;
    struct sb_buf buf;

    sb_buf_init(&buf, 8);
    sb_pack_bool(&buf, true);
    sb_pack_bool(&buf, false);
    struct sb_cursor cursor = sb_cursor(sb_buf_bytes(&buf));
    assert_true(sb_cursor_bool(&cursor));
    assert_false(sb_cursor_bool(&cursor));
    assert_true(sb_cursor_done(&cursor));
    sb_buf_finish(&buf);
}

/* What a reader makes of bytes. */
enum reads {
    READS_UINT,
    READS_BOOL,
    READS_STR,
    READS_BIN,
    READS_ARRAY,
    READS_MAP
};

static bool reader_refuses(enum reads reads, struct sb_bytes bytes)
{
    struct sb_cursor cursor = sb_cursor(bytes);

    switch (reads) {
    case READS_UINT: assert_int_equal(sb_cursor_uint(&cursor) != 0 && cursor.failed, 0); break;
    case READS_BOOL: sb_cursor_bool(&cursor); break;
    case READS_STR: sb_cursor_str(&cursor, SIZE_MAX); break;
    case READS_BIN: sb_cursor_bin(&cursor, SIZE_MAX); break;
    case READS_ARRAY: sb_cursor_array(&cursor, UINT32_MAX); break;
    case READS_MAP: sb_cursor_map(&cursor, UINT32_MAX); break;
    }
    return cursor.failed;
}

static void longer_forms_are_refused(void **state)
{
    (void)state;
    static const struct {
        enum reads reads;
        struct sb_bytes bytes;
    } cases[] = {
        {READS_UINT, {(const uint8_t *)"\xcc\x7f", 2}},
        {READS_UINT, {(const uint8_t *)"\xcd\x00\xff", 3}},
        {READS_UINT, {(const uint8_t *)"\xce\x00\x00\xff\xff", 5}},
        {READS_UINT, {(const uint8_t *)"\xcf\x00\x00\x00\x00\xff\xff\xff\xff", 9}},
        {READS_UINT, {(const uint8_t *)"\xd0\x01", 2}}, /* a signed form of 1 */
        {READS_UINT, {(const uint8_t *)"\xd3\x00\x00\x00\x01\x00\x00\x00\x00", 9}},
        {READS_STR, {(const uint8_t *)"\xd9\x01x", 3}},
        {READS_STR, {(const uint8_t *)"\xda\x00\x01x", 4}},
        {READS_STR, {(const uint8_t *)"\xdb\x00\x00\x00\x01x", 6}},
        {READS_BIN, {(const uint8_t *)"\xc5\x00\x01x", 4}},
        {READS_BIN, {(const uint8_t *)"\xc6\x00\x00\x00\x01x", 6}},
        {READS_ARRAY, {(const uint8_t *)"\xdc\x00\x01\xc0", 4}},
        {READS_ARRAY, {(const uint8_t *)"\xdd\x00\x00\x00\x01\xc0", 6}},
        {READS_MAP, {(const uint8_t *)"\xde\x00\x01\xc0\xc0", 5}},
        {READS_MAP, {(const uint8_t *)"\xdf\x00\x00\x00\x01\xc0\xc0", 7}},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (!reader_refuses(cases[i].reads, cases[i].bytes)) {
            fail_msg("longer form %zu passes", i);
        }
        /* Well formed nevertheless: stepping over it works. */
        struct sb_cursor cursor = sb_cursor(cases[i].bytes);
        check_same_bytes(sb_cursor_any(&cursor), cases[i].bytes);
        assert_true(sb_cursor_done(&cursor));
    }
}

/* The longest that the next shorter form would have held, behind each longer form's head. */
static void longer_forms_are_refused_at_their_edge(void **state)
{
    (void)state;
    static const struct {
        enum reads reads;
        struct sb_bytes head;
    } cases[] = {
        {READS_STR, {(const uint8_t *)"\xd9\x1f", 2}},
        {READS_STR, {(const uint8_t *)"\xda\x00\xff", 3}},
        {READS_STR, {(const uint8_t *)"\xdb\x00\x00\xff\xff", 5}},
        {READS_BIN, {(const uint8_t *)"\xc5\x00\xff", 3}},
        {READS_BIN, {(const uint8_t *)"\xc6\x00\x00\xff\xff", 5}},
        {READS_ARRAY, {(const uint8_t *)"\xdc\x00\x0f", 3}},
        {READS_ARRAY, {(const uint8_t *)"\xdd\x00\x00\xff\xff", 5}},
        {READS_MAP, {(const uint8_t *)"\xde\x00\x0f", 3}},
        {READS_MAP, {(const uint8_t *)"\xdf\x00\x00\xff\xff", 5}},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint8_t *bytes = sb_alloc(1 << 18, 1);
        memcpy(bytes, cases[i].head.at, cases[i].head.size);
        if (!reader_refuses(cases[i].reads, sb_bytes(bytes, 1 << 18))) {
            fail_msg("longer form %zu passes", i);
        }
        free(bytes);
    }
}

static void other_types_are_refused(void **state)
{
    (void)state;
    /* One value of each type, all complete. */
    static const struct {
        enum reads is;
        struct sb_bytes bytes;
    } values[] = {
        {READS_UINT, {(const uint8_t *)"\x07", 1}},  {READS_BOOL, {(const uint8_t *)"\xc3", 1}},
        {READS_STR, {(const uint8_t *)"\xa1x", 2}},  {READS_BIN, {(const uint8_t *)"\xc4\x01x", 3}},
        {READS_ARRAY, {(const uint8_t *)"\x90", 1}}, {READS_MAP, {(const uint8_t *)"\x80", 1}},
    };
    static const struct sb_bytes never[] = {
        {(const uint8_t *)"\xc0", 1},          {(const uint8_t *)"\xc1", 1},
        {(const uint8_t *)"\xff", 1},          {(const uint8_t *)"\xe0", 1},
        {(const uint8_t *)"\xca\0\0\0\0", 5},  {(const uint8_t *)"\xd4\x01x", 3},
        {(const uint8_t *)"\xc7\x01\x01x", 4}, {NULL, 0},
    };

    for (unsigned reads = READS_UINT; reads <= READS_MAP; reads++) {
        for (size_t i = 0; i < COUNT_OF(values); i++) {
            assert_int_equal(reader_refuses((enum reads)reads, values[i].bytes),
                             values[i].is != (enum reads)reads);
        }
        for (size_t i = 0; i < COUNT_OF(never); i++) {
            assert_true(reader_refuses((enum reads)reads, never[i]));
        }
    }
}

static void lies_about_sizes_are_refused(void **state)
{
    (void)state;
    assert_true(reader_refuses(READS_ARRAY, BYTES("\xdd\x0f\xff\xff\xff")));
    assert_true(reader_refuses(READS_ARRAY, BYTES("\xdd\xff\xff\xff\xff\xc0")));
    assert_true(reader_refuses(READS_MAP, BYTES("\xdf\xff\xff\xff\xff")));
    assert_true(reader_refuses(READS_MAP, BYTES("\x82\xc0\xc0\xc0")));
    assert_true(reader_refuses(READS_STR, BYTES("\xdb\xff\xff\xff\xffx")));
    assert_true(reader_refuses(READS_BIN, BYTES("\xc6\xff\xff\xff\xffx")));
    assert_true(reader_refuses(READS_STR, BYTES("\xa2x")));

    struct sb_cursor cursor = sb_cursor(BYTES("\xdd\x0f\xff\xff\xff"));
    assert_int_equal(sb_cursor_any(&cursor).size, 0);
    assert_true(cursor.failed);
    cursor = sb_cursor(BYTES("\xdf\xff\xff\xff\xff\xc0\xc0"));
    sb_cursor_any(&cursor);
    assert_true(cursor.failed);
}

static void a_failure_sticks(void **state)
{
    (void)state;
    struct sb_cursor cursor = sb_cursor(BYTES("\xc3\x01\x02\xa1x"));

    assert_int_equal(sb_cursor_uint(&cursor), 0);
    assert_true(cursor.failed);
    assert_int_equal(sb_cursor_uint(&cursor), 0);
    assert_false(sb_cursor_bool(&cursor));
    assert_int_equal(sb_cursor_str(&cursor, 10).size, 0);
    assert_int_equal(sb_cursor_bin(&cursor, 10).size, 0);
    assert_int_equal(sb_cursor_array(&cursor, 10), 0);
    assert_int_equal(sb_cursor_map(&cursor, 10), 0);
    assert_false(sb_cursor_nil(&cursor));
    assert_int_equal(sb_cursor_any(&cursor).size, 0);
    assert_true(cursor.failed);
    assert_false(sb_cursor_done(&cursor));
}

static void nil_is_asked_not_demanded(void **state)
{
    (void)state;
    struct sb_cursor cursor = sb_cursor(BYTES("\xc0\x05"));

    assert_true(sb_cursor_nil(&cursor));
    assert_false(sb_cursor_nil(&cursor));
    assert_int_equal(sb_cursor_uint(&cursor), 5);
    assert_false(sb_cursor_nil(&cursor));
    assert_true(sb_cursor_done(&cursor));
}

static void steps_over_any_value_to_its_depth(void **state)
{
    (void)state;
    static const struct sb_bytes values[] = {
        {(const uint8_t *)"\x00", 1},
        {(const uint8_t *)"\x7f", 1},
        {(const uint8_t *)"\xe0", 1},
        {(const uint8_t *)"\xff", 1},
        {(const uint8_t *)"\xc0", 1},
        {(const uint8_t *)"\xc2", 1},
        {(const uint8_t *)"\xa3"
                          "abc",
         4},
        {(const uint8_t *)"\xc4\x02"
                          "ab",
         4},
        {(const uint8_t *)"\xca\1\2\3\4", 5},
        {(const uint8_t *)"\xcb\1\2\3\4\5\6\7\x08", 9},
        {(const uint8_t *)"\xd0\x80", 2},
        {(const uint8_t *)"\xd1\x80\0", 3},
        {(const uint8_t *)"\xd2\x80\0\0\0", 5},
        {(const uint8_t *)"\xd3\x80\0\0\0\0\0\0\0", 9},
        {(const uint8_t *)"\xd4\1a", 3},
        {(const uint8_t *)"\xd5\1ab", 4},
        {(const uint8_t *)"\xd6\1abcd", 6},
        {(const uint8_t *)"\xd7\1abcdefgh", 10},
        {(const uint8_t *)"\xd8\1abcdefghabcdefgh", 18},
        {(const uint8_t *)"\xc7\2\1ab", 5},
        {(const uint8_t *)"\xc8\0\2\1ab", 6},
        {(const uint8_t *)"\xc9\0\0\0\2\1ab", 8},
        {(const uint8_t *)"\x82\1\x92\2\3\4\x80", 7},
    };

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        uint8_t with_more[32];
        memcpy(with_more, values[i].at, values[i].size);
        with_more[values[i].size] = 0x05;
        struct sb_cursor cursor = sb_cursor(sb_bytes(with_more, values[i].size + 1));
        check_same_bytes(sb_cursor_any(&cursor), values[i]);
        assert_int_equal(sb_cursor_uint(&cursor), 5);
        assert_true(sb_cursor_done(&cursor));

        for (size_t size = 0; size < values[i].size; size++) {
            uint8_t *cut = exact_copy(sb_bytes(values[i].at, size));
            cursor = sb_cursor(sb_bytes(cut, size));
            sb_cursor_any(&cursor);
            assert_true(cursor.failed);
            free(cut);
        }
    }
}

static void depth_has_its_limit(void **state)
{
    (void)state;
    uint8_t nested[SB_DEPTH_MAX + 2];

    memset(nested, 0x91, sizeof nested);
    nested[SB_DEPTH_MAX] = 0xc0;
    struct sb_cursor cursor = sb_cursor(sb_bytes(nested, SB_DEPTH_MAX + 1));
    assert_int_equal(sb_cursor_any(&cursor).size, SB_DEPTH_MAX + 1);
    assert_true(sb_cursor_done(&cursor));

    nested[SB_DEPTH_MAX] = 0x91;
    nested[SB_DEPTH_MAX + 1] = 0xc0;
    cursor = sb_cursor(sb_bytes(nested, SB_DEPTH_MAX + 2));
    sb_cursor_any(&cursor);
    assert_true(cursor.failed);

    /* Far past it, and never ending. */
    uint8_t *deep = sb_alloc(100000, 1);
    memset(deep, 0x91, 100000);
    cursor = sb_cursor(sb_bytes(deep, 100000));
    sb_cursor_any(&cursor);
    assert_true(cursor.failed);
    memset(deep, 0x81, 100000);
    cursor = sb_cursor(sb_bytes(deep, 100000));
    sb_cursor_any(&cursor);
    assert_true(cursor.failed);
    free(deep);
}

static void packer_stops_at_the_buffers_end(void **state)
{
    (void)state;
    struct sb_buf buf;

    sb_buf_init(&buf, 6);
    sb_pack_str(&buf, sb_bytes_str("abcde"));
    assert_false(buf.overflow);
    sb_buf_clear(&buf);
    sb_pack_str(&buf, sb_bytes_str("abcdef"));
    assert_true(buf.overflow);
    sb_pack_uint(&buf, 1); /* still no abort, still nothing */
    assert_true(buf.overflow);
    sb_buf_finish(&buf);
}

/* Any bytes: whatever is asked of them, the reader stays inside and either takes or fails. */
static void random_bytes_do_no_harm(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20000; seed++) {
        struct check_seeded seeded = {seed * UINT64_C(0x9e3779b97f4a7c15)};
        uint8_t bytes[24];
        size_t size = (size_t)check_below(&seeded, sizeof bytes + 1);
        for (size_t i = 0; i < size; i++) {
            /* Mostly first bytes that claim something. */
            uint64_t drawn = check_next(&seeded);
            bytes[i] = (uint8_t)((drawn & 0x100) != 0 ? 0xc0 | (drawn & 0x1f) : drawn & 0xff);
        }
        uint8_t *copy = exact_copy(sb_bytes(bytes, size));
        struct sb_cursor cursor = sb_cursor(sb_bytes(copy, size));
        while (!cursor.failed && cursor.rest.size > 0) {
            size_t before = cursor.rest.size;
            size_t taken = sb_cursor_any(&cursor).size;
            assert_true(cursor.failed || taken == before - cursor.rest.size);
        }
        for (unsigned reads = READS_UINT; reads <= READS_MAP; reads++) {
            (void)reader_refuses((enum reads)reads, sb_bytes(copy, size));
        }
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_round_trip_at_every_edge),
        cmocka_unit_test(sizes_round_trip_at_every_edge),
        cmocka_unit_test(counts_round_trip_at_every_edge),
        cmocka_unit_test(truth_round_trips),
        cmocka_unit_test(longer_forms_are_refused),
        cmocka_unit_test(longer_forms_are_refused_at_their_edge),
        cmocka_unit_test(other_types_are_refused),
        cmocka_unit_test(lies_about_sizes_are_refused),
        cmocka_unit_test(a_failure_sticks),
        cmocka_unit_test(nil_is_asked_not_demanded),
        cmocka_unit_test(steps_over_any_value_to_its_depth),
        cmocka_unit_test(depth_has_its_limit),
        cmocka_unit_test(packer_stops_at_the_buffers_end),
        cmocka_unit_test(random_bytes_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
