/* target_frame.c: the frame scanner on any bytes. What it takes can be walked to its last position
 * and entry, and written again; what it refuses is refused with a sentence. */
#include "fuzz.h"
#include "samband/frame.h"

#include <stdlib.h>
#include <string.h>

/* Exactly as many as the array says: all of it was checked. */
static void positions_walk(struct sb_bytes encoded)
{
    struct sb_views views = sb_views_read(encoded);
    struct sb_position position;
    unsigned left = views.left;
    while (sb_position_next(&views, &position)) {
        SB_ASSERT(position.lane < SB_LANE_COUNT && position.org.text[0] != '\0');
        left--;
    }
    SB_ASSERT(left == 0);
}

static void entries_walk(struct sb_bytes encoded)
{
    struct sb_views views = sb_views_read(encoded);
    struct sb_entry entry;
    struct sb_hash head = {{0}};
    struct sb_event *event = sb_alloc(1, sizeof *event);
    unsigned left = views.left;
    SB_ASSERT(left > 0 && left <= SB_ENTRIES_PER_DATA_MAX);
    while (sb_entry_next(&views, &entry)) {
        struct sb_why why = {0};
        enum sb_err err = sb_event_read(&entry.sealed, event, &why);
        fuzz_said(err, &why);
        struct sb_hash id = sb_hash_one("event", entry.sealed.header);
        head = sb_chain_next(&head, &id, entry.own);
        left--;
    }
    SB_ASSERT(left == 0);
    free(event);
}

static void write_again(const struct sb_frame *frame, size_t size_max)
{
    struct sb_buf first, second;
    struct sb_frame again;
    struct sb_why why = {0};
    sb_buf_init(&first, SB_FRAME_SIZE_MAX);
    sb_buf_init(&second, SB_FRAME_SIZE_MAX);
    sb_frame_write(frame, &first);
    SB_ASSERT(!first.overflow && first.size <= size_max);
    enum sb_err err = sb_frame_read(sb_buf_bytes(&first), &again, &why);
    SB_ASSERT(err == SB_ERR_OK);
    sb_frame_write(&again, &second);
    SB_ASSERT(sb_bytes_equal(sb_buf_bytes(&first), sb_buf_bytes(&second)));
    sb_buf_finish(&second);
    sb_buf_finish(&first);
}

void fuzz_one(struct sb_bytes bytes)
{
    struct sb_frame frame;
    struct sb_why why = {0};
    enum sb_err err = sb_frame_read(bytes, &frame, &why);
    fuzz_said(err, &why);
    if (err != SB_ERR_OK) {
        return;
    }
    SB_ASSERT(strcmp(sb_frame_name(frame.type), "?") != 0);
    positions_walk(frame.sending);
    positions_walk(frame.holding);
    SB_ASSERT(frame.at.lane < SB_LANE_COUNT);
    if (frame.type == SB_FRAME_DATA) {
        entries_walk(frame.entries);
    }
    write_again(&frame, bytes.size);
}
