/* full.c: see full.h. Decides nothing about what may be done when; the shells do. */
#include "samband/full.h"

#include <string.h>

void sb_full_begin(struct sb_full *full)
{
    full->asked_count = 0;
}

/* What is no request is refused by nobody here: its sender has no id to wait for. */
void sb_full_asked(struct sb_full *full, uint64_t from, struct sb_bytes request)
{
    struct sb_request read;
    if (sb_request_read(request, &read, NULL) == SB_ERR_OK) {
        SB_ASSERT(full->asked_count < SB_TURN_INPUTS_MAX);
        full->asked[full->asked_count].from = from;
        memcpy(full->asked[full->asked_count].id, read.id, SB_REQUEST_ID_SIZE);
        full->asked_count++;
    }
}

void sb_full_enter(struct sb_full *full, struct sb_loop *loop, const struct sb_why *why)
{
    char both[SB_WHY_BOTH_SIZE];
    struct sb_rows none;
    struct sb_buf reply;
    sb_why_both(why, both);
    sb_rows_init(&none);
    sb_buf_init(&reply, SB_FRAME_SIZE_MAX);
    for (unsigned i = 0; i < full->asked_count; i++) {
        sb_buf_clear(&reply);
        sb_reply_write(full->asked[i].id, SB_ERR_FULL, both, &none, 0, &reply);
        (void)sb_loop_send(loop, SB_PORT_CONTROL, full->asked[i].from, sb_buf_bytes(&reply));
    }
    sb_buf_finish(&reply);
    sb_rows_finish(&none);
    if (!full->now) {
        sb_log_line(SB_LEVEL_ERROR,
                    "store-full doing=\"answers from what it has, stores nothing\" why=%s",
                    sb_quoted(why->text).text);
    }
    full->now = true;
    full->try_ms = sb_loop_now(loop).mono_ms + SB_FULL_TRY_EVERY_MS;
}

void sb_full_leave(struct sb_full *full)
{
    full->now = false;
    sb_log_line(SB_LEVEL_NOTICE, "store-full-no-more doing=\"goes on\"");
}

/* Worse is told at once, better not more often than once an interval: a disk at the mark flickers.
 */
void sb_full_tell(struct sb_full *full, const struct sb_room *room, struct sb_now now)
{
    static const char *const names[] = {
        [SB_ROOM_ENOUGH] = "enough", [SB_ROOM_LOW] = "low",   [SB_ROOM_SCARCE] = "scarce",
        [SB_ROOM_NONE] = "none",     [SB_ROOM_FULL] = "full",
    };
    static const enum sb_level levels[] = {
        [SB_ROOM_ENOUGH] = SB_LEVEL_NOTICE, [SB_ROOM_LOW] = SB_LEVEL_WARNING,
        [SB_ROOM_SCARCE] = SB_LEVEL_ERROR,  [SB_ROOM_NONE] = SB_LEVEL_ERROR,
        [SB_ROOM_FULL] = SB_LEVEL_ERROR,
    };
    struct sb_why why = {0};
    if (room->level == full->told
        || (room->level < full->told && now.mono_ms < full->told_ms + SB_COMPLAIN_EVERY_MS)) {
        return;
    }
    full->told = room->level;
    full->told_ms = now.mono_ms;
    sb_room_say(room, &why);
    sb_log_line(levels[room->level],
                "store-room left=%s used=%llu quota=%llu disk-free=%llu why=%s", names[room->level],
                (unsigned long long)room->used_bytes, (unsigned long long)room->quota_bytes,
                (unsigned long long)room->disk_free_bytes, sb_quoted(why.text).text);
}
