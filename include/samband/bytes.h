/* bytes.h: bytes that are looked at (struct sb_bytes, borrowed), bytes that grow (struct sb_buf,
 * owned) and names. Nothing here knows what the bytes mean. */
#ifndef SAMBAND_BYTES_H
#define SAMBAND_BYTES_H

#include "samband/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed view. at may be NULL when size is 0. */
struct sb_bytes {
    const uint8_t *at;
    size_t size;
};

struct sb_bytes sb_bytes(const void *at, size_t size);
struct sb_bytes sb_bytes_str(const char *text); /* without the terminator */
bool sb_bytes_equal(struct sb_bytes a, struct sb_bytes b);
/* <0, 0, >0 in the order of unsigned bytes, the shorter first: LMDB's order of keys. */
int sb_bytes_compare(struct sb_bytes a, struct sb_bytes b);
bool sb_bytes_starts_with(struct sb_bytes whole, struct sb_bytes prefix);
/* True for well-formed UTF-8 without control characters other than \n and \t and without bidi
 * overrides. */
bool sb_bytes_is_text(struct sb_bytes bytes);

/* A growing buffer that never exceeds `max`. Adding past max sets `overflow` and adds nothing, so
 * that a writer checks once at its end. */
struct sb_buf {
    uint8_t *at;
    size_t size;
    size_t room;
    size_t max;
    bool overflow;
};

void sb_buf_init(struct sb_buf *buf, size_t max); /* allocates nothing yet */
void sb_buf_finish(struct sb_buf *buf); /* frees; the buffer may be used again after init */
void sb_buf_clear(struct sb_buf *buf);  /* keeps the memory */
void sb_buf_add(struct sb_buf *buf, struct sb_bytes bytes);
void sb_buf_add_byte(struct sb_buf *buf, uint8_t byte);
struct sb_bytes sb_buf_bytes(const struct sb_buf *buf);

uint64_t sb_be64_read(const uint8_t at[8]);
void sb_be64_write(uint8_t at[8], uint64_t number);

/* An identifier of the register: [a-z0-9_:-]{1,40}; text is always terminated, "" is none. */
struct sb_name {
    char text[SB_NAME_SIZE_MAX + 1];
};

/* False, and *ret_name untouched, where the bytes are not a name. */
bool sb_name_read(struct sb_bytes bytes, struct sb_name *ret_name);
struct sb_name
sb_name(const char *text); /* asserts that it is a name or "": for our own literals */
bool sb_name_equal(const struct sb_name *a, const struct sb_name *b);
struct sb_bytes sb_name_bytes(const struct sb_name *name);

/* Lower-case hexadecimal. `text` has room for 2 * size + 1. */
void sb_hex_write(struct sb_bytes bytes, char *text);
/* False unless `text` is exactly 2 * size hexadecimal digits. */
bool sb_hex_read(struct sb_bytes text, uint8_t *at, size_t size);

#endif
