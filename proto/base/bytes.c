/* bytes.c: views of bytes, the growing buffer, names and hexadecimal. It allocates only in the
 * buffer, and knows nothing of what bytes mean. */
#include "samband/bytes.h"

#include "samband/err.h"

#include <stdlib.h>
#include <string.h>

#define BUF_ROOM_MIN 256 /* smaller steps than this only cost calls */

struct sb_bytes sb_bytes(const void *at, size_t size)
{
    return (struct sb_bytes){.at = at, .size = size};
}

struct sb_bytes sb_bytes_str(const char *text)
{
    SB_ASSERT(text != NULL);
    return sb_bytes(text, strlen(text));
}

/* memcmp must not be given NULL, which an empty view may hold. */
static int bytes_compare_first(struct sb_bytes a, struct sb_bytes b, size_t size)
{
    return size > 0 ? memcmp(a.at, b.at, size) : 0;
}

bool sb_bytes_equal(struct sb_bytes a, struct sb_bytes b)
{
    return a.size == b.size && bytes_compare_first(a, b, a.size) == 0;
}

int sb_bytes_compare(struct sb_bytes a, struct sb_bytes b)
{
    int order = bytes_compare_first(a, b, a.size < b.size ? a.size : b.size);

    if (order != 0) {
        return order;
    }
    return a.size < b.size ? -1 : a.size > b.size;
}

bool sb_bytes_starts_with(struct sb_bytes whole, struct sb_bytes prefix)
{
    return whole.size >= prefix.size && bytes_compare_first(whole, prefix, prefix.size) == 0;
}

/* Reads one well-formed UTF-8 character (Unicode 15, table 3-7) and returns its size, or 0. */
static size_t utf8_read(struct sb_bytes bytes, uint32_t *ret_character)
{
    /* What the first byte says: how many follow, and the smallest number that needs so many. */
    static const struct {
        uint8_t mask, lead;
        uint8_t size;
        uint32_t least;
    } forms[] = {
        {0x80, 0x00, 1, 0},
        {0xe0, 0xc0, 2, 0x80},
        {0xf0, 0xe0, 3, 0x800},
        {0xf8, 0xf0, 4, 0x10000},
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if ((bytes.at[0] & forms[i].mask) != forms[i].lead) {
            continue;
        }
        if (bytes.size < forms[i].size) {
            return 0;
        }
        uint32_t character = bytes.at[0] & (uint8_t)~forms[i].mask;
        for (size_t k = 1; k < forms[i].size; k++) {
            if ((bytes.at[k] & 0xc0) != 0x80) {
                return 0;
            }
            character = character << 6 | (bytes.at[k] & 0x3f);
        }
        bool surrogate = character >= 0xd800 && character <= 0xdfff;
        if (character < forms[i].least || character > 0x10ffff || surrogate) {
            return 0;
        }
        *ret_character = character;
        return forms[i].size;
    }
    return 0;
}

/* Controls move a terminal's cursor; bidi overrides make a screen show another text than the one
 * that was signed. Neither has a place in what an operator acts on. */
static bool character_is_hostile(uint32_t character)
{
    if (character == '\n' || character == '\t') {
        return false;
    }
    return character < 0x20 || (character >= 0x7f && character <= 0x9f)
           || (character >= 0x202a && character <= 0x202e)
           || (character >= 0x2066 && character <= 0x2069);
}

/* How many of the first bytes are printable ASCII: mostly all, and none needs a closer look. */
static size_t plain_size(struct sb_bytes bytes)
{
    size_t size = 0;
    while (size < bytes.size && bytes.at[size] >= 0x20 && bytes.at[size] < 0x7f) {
        size++;
    }
    return size;
}

bool sb_bytes_is_text(struct sb_bytes bytes)
{
    for (;;) {
        size_t plain = plain_size(bytes);
        if (plain == bytes.size) {
            return true;
        }
        bytes = sb_bytes(bytes.at + plain, bytes.size - plain);
        uint32_t character = 0;
        size_t size = utf8_read(bytes, &character);
        if (size == 0 || character_is_hostile(character)) {
            return false;
        }
        bytes = sb_bytes(bytes.at + size, bytes.size - size);
    }
}

void sb_buf_init(struct sb_buf *buf, size_t max)
{
    *buf = (struct sb_buf){.max = max};
}

void sb_buf_finish(struct sb_buf *buf)
{
    free(buf->at);
    *buf = (struct sb_buf){0};
}

void sb_buf_clear(struct sb_buf *buf)
{
    buf->size = 0;
    buf->overflow = false;
}

static void buf_grow(struct sb_buf *buf, size_t needed)
{
    size_t room = buf->room < BUF_ROOM_MIN ? BUF_ROOM_MIN : buf->room;

    while (room < needed) {
        room = room > buf->max / 2 ? buf->max : room * 2;
    }
    if (room > buf->max) {
        room = buf->max;
    }
    uint8_t *at = realloc(buf->at, room);
    SB_ASSERT(at != NULL);
    buf->at = at;
    buf->room = room;
}

void sb_buf_add(struct sb_buf *buf, struct sb_bytes bytes)
{
    if (buf->overflow || bytes.size > buf->max - buf->size) {
        buf->overflow = true;
        return;
    }
    if (bytes.size == 0) {
        return;
    }
    if (buf->room - buf->size < bytes.size) {
        buf_grow(buf, buf->size + bytes.size);
    }
    memcpy(buf->at + buf->size, bytes.at, bytes.size);
    buf->size += bytes.size;
}

void sb_buf_add_byte(struct sb_buf *buf, uint8_t byte)
{
    sb_buf_add(buf, sb_bytes(&byte, 1));
}

struct sb_bytes sb_buf_bytes(const struct sb_buf *buf)
{
    return sb_bytes(buf->at, buf->size);
}

/* Both written out: the compiler makes one instruction of it, of a loop it does not. */
void sb_be64_write(uint8_t at[8], uint64_t number)
{
    at[0] = (uint8_t)(number >> 56);
    at[1] = (uint8_t)(number >> 48);
    at[2] = (uint8_t)(number >> 40);
    at[3] = (uint8_t)(number >> 32);
    at[4] = (uint8_t)(number >> 24);
    at[5] = (uint8_t)(number >> 16);
    at[6] = (uint8_t)(number >> 8);
    at[7] = (uint8_t)number;
}

uint64_t sb_be64_read(const uint8_t at[8])
{
    return (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40
           | (uint64_t)at[3] << 32 | (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16
           | (uint64_t)at[6] << 8 | at[7];
}

static bool name_has(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '-';
}

bool sb_name_read(struct sb_bytes bytes, struct sb_name *ret_name)
{
    if (bytes.size < 1 || bytes.size > SB_NAME_SIZE_MAX) {
        return false;
    }
    for (size_t i = 0; i < bytes.size; i++) {
        if (!name_has(bytes.at[i])) {
            return false;
        }
    }
    *ret_name = (struct sb_name){0};
    memcpy(ret_name->text, bytes.at, bytes.size);
    return true;
}

struct sb_name sb_name(const char *text)
{
    struct sb_name name = {0};

    SB_ASSERT(text[0] == '\0' || sb_name_read(sb_bytes_str(text), &name));
    return name;
}

bool sb_name_equal(const struct sb_name *a, const struct sb_name *b)
{
    return strcmp(a->text, b->text) == 0;
}

struct sb_bytes sb_name_bytes(const struct sb_name *name)
{
    return sb_bytes_str(name->text);
}

void sb_hex_write(struct sb_bytes bytes, char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes.size; i++) {
        text[2 * i] = digits[bytes.at[i] >> 4];
        text[2 * i + 1] = digits[bytes.at[i] & 0x0f];
    }
    text[2 * bytes.size] = '\0';
}

/* 0..15, or 16 for what is no digit. */
static unsigned hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - (unsigned)'0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - (unsigned)'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - (unsigned)'A' + 10;
    }
    return 16;
}

bool sb_hex_read(struct sb_bytes text, uint8_t *at, size_t size)
{
    if (text.size % 2 != 0 || text.size / 2 != size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        unsigned high = hex_digit(text.at[2 * i]);
        unsigned low = hex_digit(text.at[2 * i + 1]);
        if (high > 15 || low > 15) {
            return false;
        }
        at[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
