/* target_record.c: the codec of records and lists on any bytes, with any choice of parts. What is
 * read can be written, as the same bytes where every field is known, and reads as the same; its
 * lists and seats can be walked; a row of it fits a reply, or is replaced by one that does. */
#include "fuzz.h"
#include "samband/control.h"
#include "samband/cursor.h"
#include "samband/event.h"

#include <stdlib.h>
#include <string.h>

static void seat_look(struct sb_bytes text)
{
    struct sb_seat seat;
    struct sb_name org;
    char key[SB_SEAT_SIZE_MAX + 1];
    if (!sb_seat_read(text, &seat)) {
        return;
    }
    sb_seat_key(&seat, key);
    struct sb_seat again;
    bool good = sb_seat_read(sb_bytes_str(key), &again);
    SB_ASSERT(good && sb_name_equal(&again.org, &seat.org)
              && sb_name_equal(&again.function, &seat.function));
    good = sb_name_read(sb_name_bytes(&seat.org), &org);
    SB_ASSERT(good);
}

static void list_walk(struct sb_bytes list)
{
    struct sb_list_reader reader = sb_list_read(list);
    struct sb_bytes text;
    unsigned left = sb_list_count(list);
    while (sb_list_next(&reader, &text)) {
        SB_ASSERT(sb_bytes_is_text(text) && sb_list_has(list, text));
        seat_look(text);
        left--;
    }
    SB_ASSERT(left == 0);
}

static void same(const struct sb_record *a, const struct sb_record *b)
{
    for (unsigned i = 0; i < SB_FIELD_COUNT; i++) {
        SB_ASSERT(a->at[i].set == b->at[i].set);
        SB_ASSERT(a->at[i].number == b->at[i].number);
        SB_ASSERT(sb_bytes_equal(a->at[i].bytes, b->at[i].bytes));
    }
}

/* True where every field is one that this build knows: the others are stepped over. */
static bool all_known(const struct sb_record *record, struct sb_bytes bytes)
{
    struct sb_cursor cursor = sb_cursor(bytes);
    unsigned count = sb_cursor_map(&cursor, SB_FRAME_SIZE_MAX);
    for (unsigned i = 0; i < SB_FIELD_COUNT; i++) {
        count -= record->at[i].set ? 1u : 0u;
    }
    return count == 0;
}

/* What is signed has one encoding. */
static void write_again(const struct sb_record *record, struct sb_bytes bytes)
{
    struct sb_record *again = sb_alloc(1, sizeof *again);
    struct sb_why why = {0};
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX * 4);
    SB_ASSERT(sb_record_unwritable(record, &why) == 0);
    sb_record_write(record, SB_PARTS_ALL, &buf);
    SB_ASSERT(!buf.overflow && buf.size <= bytes.size);
    SB_ASSERT(!all_known(record, bytes) || sb_bytes_equal(sb_buf_bytes(&buf), bytes));
    enum sb_err err = sb_record_read(sb_buf_bytes(&buf), SB_PARTS_ALL, again, &why);
    SB_ASSERT(err == SB_ERR_OK);
    same(record, again);
    sb_buf_finish(&buf);
    free(again);
}

static void reply_with(const struct sb_record *record)
{
    static const uint8_t id[SB_REQUEST_ID_SIZE] = {1};
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_rows rows;
    struct sb_buf buf;
    sb_rows_init(&rows);
    bool room = sb_rows_add(&rows, record);
    SB_ASSERT(room);
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(id, SB_ERR_OK, "", &rows, 0, &buf);
    SB_ASSERT(!buf.overflow);
    enum sb_err err = sb_reply_read(sb_buf_bytes(&buf), &reply, &why);
    SB_ASSERT(err == SB_ERR_OK);
    sb_buf_finish(&buf);
    sb_rows_finish(&rows);
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_input input = {.rest = bytes};
    unsigned parts = fuzz_byte(&input) & SB_PARTS_ALL;
    struct sb_record *record = sb_alloc(1, sizeof *record);
    struct sb_why why = {0};
    enum sb_err err = sb_record_read(input.rest, parts, record, &why);
    fuzz_said(err, &why);
    if (err == SB_ERR_OK) {
        for (unsigned field = 1; field < SB_FIELD_COUNT; field++) {
            const struct sb_field_row *row = sb_field_find(field);
            if (row != NULL && row->type == SB_TYPE_LIST) {
                list_walk(sb_record_bytes(record, row->field));
            }
        }
        write_again(record, input.rest);
        reply_with(record);
    }
    free(record);
}
