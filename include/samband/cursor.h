/* cursor.h: reading and writing MessagePack, one value at a time. The reader has a sticky error:
 * read, read, read, then ask once. It checks every length against the bytes at hand and allocates
 * nothing. Only the shortest form of a number, size or count is read, so that a value has one
 * encoding; sb_cursor_any steps over any well-formed value. */
#ifndef SAMBAND_CURSOR_H
#define SAMBAND_CURSOR_H

#include "samband/bytes.h"

struct sb_cursor {
    struct sb_bytes rest;
    bool failed; /* sticky; after it every read gives 0 or empty */
};

struct sb_cursor sb_cursor(struct sb_bytes bytes);
uint64_t sb_cursor_uint(struct sb_cursor *cursor);
bool sb_cursor_bool(struct sb_cursor *cursor);
struct sb_bytes sb_cursor_str(struct sb_cursor *cursor, size_t size_max);
struct sb_bytes sb_cursor_bin(struct sb_cursor *cursor, size_t size_max);
/* At most count_max, and never more than the bytes left could hold. */
unsigned sb_cursor_array(struct sb_cursor *cursor, unsigned count_max);
unsigned sb_cursor_map(struct sb_cursor *cursor, unsigned count_max);
bool sb_cursor_nil(struct sb_cursor *cursor); /* true and past it, where the next value is nil */
/* Past one whole value of any type, at most SB_DEPTH_MAX deep; hands back its bytes. */
struct sb_bytes sb_cursor_any(struct sb_cursor *cursor);
/* True where nothing failed and nothing is left. */
bool sb_cursor_done(const struct sb_cursor *cursor);

/* Writing: shortest forms only (msgpack-c inside). */
void sb_pack_uint(struct sb_buf *buf, uint64_t number);
void sb_pack_bool(struct sb_buf *buf, bool value);
void sb_pack_str(struct sb_buf *buf, struct sb_bytes text);
void sb_pack_bin(struct sb_buf *buf, struct sb_bytes bytes);
void sb_pack_array(struct sb_buf *buf, unsigned count);
void sb_pack_map(struct sb_buf *buf, unsigned count);
void sb_pack_nil(struct sb_buf *buf);

#endif
