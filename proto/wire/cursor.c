/* cursor.c: reading MessagePack without trust. Every length is compared with the bytes at hand
 * before anything is believed; nothing is allocated, nothing recurses. Only what Samband writes is
 * read (uint, bool, nil, str, bin, array, map, each in its shortest form); any other value can be
 * stepped over, so that a newer peer's field does no harm. */
#include "samband/cursor.h"

#include "samband/err.h"

/* The first bytes of the format (MessagePack specification, "Formats"). */
enum {
    BYTE_FIXMAP = 0x80,
    BYTE_FIXARRAY = 0x90,
    BYTE_FIXSTR = 0xa0,
    BYTE_NIL = 0xc0,
    BYTE_FALSE = 0xc2,
    BYTE_TRUE = 0xc3,
    BYTE_BIN8 = 0xc4,
    BYTE_UINT8 = 0xcc,
    BYTE_STR8 = 0xd9,
    BYTE_ARRAY16 = 0xdc,
    BYTE_MAP16 = 0xde,
    BYTE_NEGATIVE_FIXINT = 0xe0
};

struct sb_cursor sb_cursor(struct sb_bytes bytes)
{
    return (struct sb_cursor){.rest = bytes};
}

static void cursor_fail(struct sb_cursor *cursor)
{
    *cursor = (struct sb_cursor){.failed = true};
}

/* The next `size` bytes, or empty and failed. */
static struct sb_bytes cursor_take(struct sb_cursor *cursor, uint64_t size)
{
    if (cursor->failed || size > cursor->rest.size) {
        cursor_fail(cursor);
        return sb_bytes(NULL, 0);
    }
    struct sb_bytes taken = sb_bytes(cursor->rest.at, (size_t)size);
    cursor->rest.at += taken.size;
    cursor->rest.size -= taken.size;
    return taken;
}

static uint8_t cursor_byte(struct sb_cursor *cursor)
{
    struct sb_bytes byte = cursor_take(cursor, 1);

    return byte.size == 1 ? byte.at[0] : 0;
}

/* A big-endian number of 1, 2, 4 or 8 bytes. */
static uint64_t cursor_number(struct sb_cursor *cursor, unsigned width)
{
    struct sb_bytes bytes = cursor_take(cursor, width);
    uint64_t number = 0;

    for (size_t i = 0; i < bytes.size; i++) {
        number = number << 8 | bytes.at[i];
    }
    return number;
}

/* The same, refused where a narrower form would have held it: what is signed has one encoding. */
static uint64_t cursor_number_shortest(struct sb_cursor *cursor, unsigned width, uint64_t least)
{
    uint64_t number = cursor_number(cursor, width);

    if (number < least) {
        cursor_fail(cursor);
        return 0;
    }
    return number;
}

uint64_t sb_cursor_uint(struct sb_cursor *cursor)
{
    static const uint64_t least[] = {0x80, 0x100, 0x10000, 0x100000000};
    unsigned first = cursor_byte(cursor);

    if (first < BYTE_FIXMAP) {
        return first;
    }
    if (first >= BYTE_UINT8 && first < BYTE_UINT8 + 4) {
        unsigned form = first - BYTE_UINT8;
        return cursor_number_shortest(cursor, 1u << form, least[form]);
    }
    cursor_fail(cursor);
    return 0;
}

bool sb_cursor_bool(struct sb_cursor *cursor)
{
    uint8_t first = cursor_byte(cursor);

    if (first != BYTE_FALSE && first != BYTE_TRUE) {
        cursor_fail(cursor);
        return false;
    }
    return first == BYTE_TRUE;
}

static struct sb_bytes cursor_sized(struct sb_cursor *cursor, uint64_t size, size_t size_max)
{
    if (size > size_max) {
        cursor_fail(cursor);
        return sb_bytes(NULL, 0);
    }
    return cursor_take(cursor, size);
}

struct sb_bytes sb_cursor_str(struct sb_cursor *cursor, size_t size_max)
{
    static const uint64_t least[] = {32, 0x100, 0x10000};
    unsigned first = cursor_byte(cursor);

    if (first >= BYTE_FIXSTR && first < BYTE_NIL) {
        return cursor_sized(cursor, first - BYTE_FIXSTR, size_max);
    }
    if (first >= BYTE_STR8 && first < BYTE_STR8 + 3) {
        unsigned form = first - BYTE_STR8;
        uint64_t size = cursor_number_shortest(cursor, 1u << form, least[form]);
        return cursor_sized(cursor, size, size_max);
    }
    cursor_fail(cursor);
    return sb_bytes(NULL, 0);
}

struct sb_bytes sb_cursor_bin(struct sb_cursor *cursor, size_t size_max)
{
    static const uint64_t least[] = {0, 0x100, 0x10000};
    unsigned first = cursor_byte(cursor);

    if (first >= BYTE_BIN8 && first < BYTE_BIN8 + 3) {
        unsigned form = first - BYTE_BIN8;
        uint64_t size = cursor_number_shortest(cursor, 1u << form, least[form]);
        return cursor_sized(cursor, size, size_max);
    }
    cursor_fail(cursor);
    return sb_bytes(NULL, 0);
}

/* Counts of arrays and maps: 4 bits in the first byte, or 2 or 4 bytes after it. A count that the
 * bytes left cannot hold is a lie, whatever the limit. */
static unsigned cursor_count(struct sb_cursor *cursor, unsigned fixed, unsigned wide,
                             unsigned values_each, unsigned count_max)
{
    static const uint64_t least[] = {16, 0x10000};
    unsigned first = cursor_byte(cursor);
    uint64_t count = 0;

    if (cursor->failed) {
        return 0;
    }
    if (first >= fixed && first < fixed + 16) {
        count = first - fixed;
    } else if (first == wide || first == wide + 1) {
        unsigned form = first - wide;
        count = cursor_number_shortest(cursor, 2u << form, least[form]);
    } else {
        cursor_fail(cursor);
    }
    if (count > count_max || count * values_each > cursor->rest.size) {
        cursor_fail(cursor);
        return 0;
    }
    return (unsigned)count;
}

unsigned sb_cursor_array(struct sb_cursor *cursor, unsigned count_max)
{
    return cursor_count(cursor, BYTE_FIXARRAY, BYTE_ARRAY16, 1, count_max);
}

unsigned sb_cursor_map(struct sb_cursor *cursor, unsigned count_max)
{
    return cursor_count(cursor, BYTE_FIXMAP, BYTE_MAP16, 2, count_max);
}

bool sb_cursor_nil(struct sb_cursor *cursor)
{
    if (cursor->failed || cursor->rest.size == 0 || cursor->rest.at[0] != BYTE_NIL) {
        return false;
    }
    cursor_byte(cursor);
    return true;
}

/* How a value goes on after its first byte, for 0xc0 to 0xdf; the others say it in their bits. */
struct form {
    uint8_t width;  /* of the number that follows: a size or a count */
    uint8_t extra;  /* bytes besides */
    uint8_t values; /* 0: the number is a size in bytes; else values for each counted item */
    bool known;
};

static const struct form forms[32] = {
    [0x00] = {.known = true}, /* nil; 0xc1 is never used */
    [0x02] = {.known = true}, /* false, true */
    [0x03] = {.known = true},
    [0x04] = {.known = true, .width = 1}, /* bin */
    [0x05] = {.known = true, .width = 2},
    [0x06] = {.known = true, .width = 4},
    [0x07] = {.known = true, .width = 1, .extra = 1}, /* ext: a type besides */
    [0x08] = {.known = true, .width = 2, .extra = 1},
    [0x09] = {.known = true, .width = 4, .extra = 1},
    [0x0a] = {.known = true, .extra = 4}, /* floats */
    [0x0b] = {.known = true, .extra = 8},
    [0x0c] = {.known = true, .extra = 1}, /* uint */
    [0x0d] = {.known = true, .extra = 2},
    [0x0e] = {.known = true, .extra = 4},
    [0x0f] = {.known = true, .extra = 8},
    [0x10] = {.known = true, .extra = 1}, /* int */
    [0x11] = {.known = true, .extra = 2},
    [0x12] = {.known = true, .extra = 4},
    [0x13] = {.known = true, .extra = 8},
    [0x14] = {.known = true, .extra = 2}, /* fixext: the type and 1, 2, 4, 8, 16 */
    [0x15] = {.known = true, .extra = 3},
    [0x16] = {.known = true, .extra = 5},
    [0x17] = {.known = true, .extra = 9},
    [0x18] = {.known = true, .extra = 17},
    [0x19] = {.known = true, .width = 1}, /* str */
    [0x1a] = {.known = true, .width = 2},
    [0x1b] = {.known = true, .width = 4},
    [0x1c] = {.known = true, .width = 2, .values = 1}, /* array */
    [0x1d] = {.known = true, .width = 4, .values = 1},
    [0x1e] = {.known = true, .width = 2, .values = 2}, /* map */
    [0x1f] = {.known = true, .width = 4, .values = 2},
};

/* Past one scalar, or past the head of an array or map: then *ret_container, and the number of
 * values that it holds. */
static uint64_t cursor_step(struct sb_cursor *cursor, bool *ret_container)
{
    unsigned first = cursor_byte(cursor);

    *ret_container = false;
    if (first < BYTE_FIXMAP || first >= BYTE_NEGATIVE_FIXINT) {
        return 0;
    }
    if (first < BYTE_FIXSTR) {
        *ret_container = true;
        return first < BYTE_FIXARRAY ? 2u * (first - BYTE_FIXMAP) : first - BYTE_FIXARRAY;
    }
    if (first < BYTE_NIL) {
        cursor_take(cursor, first - BYTE_FIXSTR);
        return 0;
    }
    const struct form *form = &forms[first - BYTE_NIL];
    if (!form->known) {
        cursor_fail(cursor);
        return 0;
    }
    uint64_t number = form->width > 0 ? cursor_number(cursor, form->width) : 0;
    if (form->values > 0) {
        *ret_container = true;
        return number * form->values;
    }
    cursor_take(cursor, number + form->extra);
    return 0;
}

struct sb_bytes sb_cursor_any(struct sb_cursor *cursor)
{
    struct sb_bytes before = cursor->rest;
    uint64_t left[SB_DEPTH_MAX + 1]; /* values still to come, by depth; [0] is the value itself */
    unsigned depth = 0;

    left[0] = 1;
    for (;;) {
        while (depth > 0 && left[depth] == 0) {
            depth--;
        }
        if (left[depth] == 0) {
            break;
        }
        left[depth]--;
        bool container = false;
        uint64_t values = cursor_step(cursor, &container);
        if (cursor->failed || values > cursor->rest.size || (container && depth == SB_DEPTH_MAX)) {
            cursor_fail(cursor);
            return sb_bytes(NULL, 0);
        }
        if (container) {
            left[++depth] = values;
        }
    }
    return sb_bytes(before.at, before.size - cursor->rest.size);
}

bool sb_cursor_done(const struct sb_cursor *cursor)
{
    return !cursor->failed && cursor->rest.size == 0;
}
