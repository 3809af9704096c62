/* list.c: lists of texts as an encoded array, built from front to back and read by position.
 * Whether a list may stand in a field is value.c's to say. */
#include "samband/cursor.h"
#include "samband/record.h"

/* The head of the array is written last, right before the items, in the shortest of its forms: 3
 * bytes hold the longest that SB_LIST_COUNT_MAX can need. */
#define LIST_HEAD_SIZE 3
static_assert(SB_LIST_COUNT_MAX <= 0xffff, "an array's head of 3 bytes counts to 65535");

/* The longest text that any list field allows is 200 bytes, and its head 2. */
#define LIST_SIZE_MAX   ((size_t)SB_LIST_COUNT_MAX * 256)

#define BYTE_NEVER_USED 0xc1

void sb_list_init(struct sb_list_writer *writer)
{
    static const uint8_t head[LIST_HEAD_SIZE];

    *writer = (struct sb_list_writer){0};
    sb_buf_init(&writer->items, LIST_SIZE_MAX);
    sb_buf_add(&writer->items, sb_bytes(head, sizeof head));
}

void sb_list_add(struct sb_list_writer *writer, struct sb_bytes text)
{
    if (writer->count == SB_LIST_COUNT_MAX) {
        writer->items.overflow = true;
        return;
    }
    sb_pack_str(&writer->items, text);
    writer->count++;
}

struct sb_bytes sb_list_bytes(struct sb_list_writer *writer)
{
    uint8_t *at = writer->items.at;
    size_t skip = 0;

    if (writer->items.overflow) {
        /* No list at all: a record that is given this refuses to be written, so that a list cut
         * short can never pass for the whole. */
        at[0] = BYTE_NEVER_USED;
        return sb_bytes(at, 1);
    }
    if (writer->count < 16) {
        skip = LIST_HEAD_SIZE - 1;
        at[skip] = (uint8_t)(0x90 | writer->count);
    } else {
        at[0] = 0xdc;
        at[1] = (uint8_t)(writer->count >> 8);
        at[2] = (uint8_t)(writer->count & 0xff);
    }
    return sb_bytes(at + skip, writer->items.size - skip);
}

void sb_list_finish(struct sb_list_writer *writer)
{
    sb_buf_finish(&writer->items);
    writer->count = 0;
}

struct sb_list_reader sb_list_read(struct sb_bytes list)
{
    struct sb_cursor cursor = sb_cursor(list);
    unsigned count = list.size > 0 ? sb_cursor_array(&cursor, SB_LIST_COUNT_MAX) : 0;

    return (struct sb_list_reader){.rest = cursor.rest, .left = count};
}

bool sb_list_next(struct sb_list_reader *reader, struct sb_bytes *ret_text)
{
    if (reader->left == 0) {
        return false;
    }
    struct sb_cursor cursor = sb_cursor(reader->rest);
    struct sb_bytes text = sb_cursor_str(&cursor, SIZE_MAX);
    if (cursor.failed) {
        reader->left = 0;
        return false;
    }
    reader->left--;
    reader->rest = cursor.rest;
    *ret_text = text;
    return true;
}

unsigned sb_list_count(struct sb_bytes list)
{
    return sb_list_read(list).left;
}

bool sb_list_has(struct sb_bytes list, struct sb_bytes text)
{
    struct sb_list_reader reader = sb_list_read(list);
    struct sb_bytes item;

    while (sb_list_next(&reader, &item)) {
        if (sb_bytes_equal(item, text)) {
            return true;
        }
    }
    return false;
}
