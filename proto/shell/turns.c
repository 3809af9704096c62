/* turns.c: see turns.h. Decides nothing about what may be done when there is no room; the cores do.
 */
#include "samband/turns.h"

#include <string.h>

void sb_turns_init(struct sb_turns *turns, struct sb_store *store, struct sb_loop *loop,
                   const struct sb_turns_ops *ops, void *daemon)
{
    *turns = (struct sb_turns){
        .ops = ops, .daemon = daemon, .store = store, .loop = loop, .inputs = SB_TURN_INPUTS_MAX};
    sb_effects_init(&turns->effects);
    turns->effects.untraced = true;
}

void sb_turns_finish(struct sb_turns *turns)
{
    SB_ASSERT(turns->txn == NULL);
    sb_effects_finish(&turns->effects);
}

enum sb_err sb_turns_begin(struct sb_turns *turns, struct sb_why *why)
{
    SB_ASSERT(turns->txn == NULL);
    turns->asked_count = 0;
    turns->taken = 0;
    turns->txn = sb_store_begin(turns->store, why);
    return turns->txn != NULL ? SB_ERR_OK : SB_ERR_IO;
}

void sb_turns_abort(struct sb_turns *turns)
{
    sb_store_abort(turns->store, turns->txn);
    turns->txn = NULL;
}

bool sb_turns_next(struct sb_turns *turns, struct sb_loop_event *ret_event)
{
    if (turns->taken == turns->inputs || !sb_loop_next(turns->loop, ret_event)) {
        return false;
    }
    turns->taken++;
    return true;
}

/* What is no request is refused by nobody here: its sender has no id to wait for. */
bool sb_turns_hears(struct sb_turns *turns, const struct sb_loop_event *event)
{
    struct sb_request read;
    if (event->port != SB_PORT_CONTROL) {
        return !turns->full;
    }
    if (sb_request_read(event->bytes, &read, NULL) == SB_ERR_OK) {
        SB_ASSERT(turns->asked_count < SB_TURN_INPUTS_MAX);
        turns->asked[turns->asked_count].from = event->from;
        memcpy(turns->asked[turns->asked_count].id, read.id, SB_REQUEST_ID_SIZE);
        turns->asked_count++;
    }
    return true;
}

static void carry_out(struct sb_turns *turns, const struct sb_effect *effect)
{
    switch (effect->kind) {
    case SB_EFFECT_SEND:
        (void)sb_loop_send(turns->loop, SB_PORT_LINK, effect->to, effect->bytes);
        break;
    case SB_EFFECT_REPLY:
    case SB_EFFECT_ATTEMPT:
        (void)sb_loop_send(turns->loop, SB_PORT_CONTROL, effect->to, effect->bytes);
        break;
    case SB_EFFECT_REBUILD: turns->rebuild = true; break;
    case SB_EFFECT_LOG:
        sb_log_line(effect->level, "%.*s", (int)effect->bytes.size, (const char *)effect->bytes.at);
        break;
    case SB_EFFECT_DROP: /* the core no longer sends there; libzmq 4.3.4 cannot cut a peer */
    case SB_EFFECT_TRACE: break;
    }
}

static void forget(struct sb_turns *turns)
{
    sb_effects_clear(&turns->effects);
    turns->rebuild = false;
    turns->ops->forget(turns->daemon);
}

/* Whoever asked in this turn is refused. */
static void refuse(struct sb_turns *turns, const struct sb_why *why)
{
    char both[SB_WHY_BOTH_SIZE];
    struct sb_rows none;
    struct sb_buf reply;
    sb_why_both(why, both);
    sb_rows_init(&none);
    sb_buf_init(&reply, SB_FRAME_SIZE_MAX);
    for (unsigned i = 0; i < turns->asked_count; i++) {
        sb_buf_clear(&reply);
        sb_reply_write(turns->asked[i].id, SB_ERR_FULL, both, &none, 0, &reply);
        (void)sb_loop_send(turns->loop, SB_PORT_CONTROL, turns->asked[i].from,
                           sb_buf_bytes(&reply));
    }
    sb_buf_finish(&reply);
    sb_rows_finish(&none);
}

/* Fewer inputs may have room. Where one has none either, while the store by its level has some
 * left, it is tried again and again: told once an interval. */
static void full_begin(struct sb_turns *turns, const struct sb_why *why)
{
    const uint64_t now_ms = sb_loop_now(turns->loop).mono_ms;
    if (!turns->full && !turns->told_full
        && (turns->told_full_ms == 0 || now_ms >= turns->told_full_ms + SB_COMPLAIN_EVERY_MS)) {
        turns->told_full = true;
        turns->told_full_ms = now_ms;
        sb_log_line(SB_LEVEL_ERROR,
                    "store-full doing=\"answers from what it has, stores nothing\" why=%s",
                    sb_quoted(why->text).text);
    }
    turns->full = true;
    turns->inputs = turns->inputs > 1 ? turns->inputs / 2 : 1;
    turns->try_ms = now_ms + SB_FULL_TRY_EVERY_MS;
}

enum sb_err sb_turns_commit(struct sb_turns *turns, struct sb_why *why)
{
    const enum sb_err err = sb_store_commit(turns->store, turns->txn, why);
    turns->txn = NULL;
    if (err == SB_ERR_FULL) {
        forget(turns);
        refuse(turns, why);
        full_begin(turns, why);
        return SB_ERR_OK;
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    for (size_t i = 0; i < turns->effects.count; i++) {
        carry_out(turns, &turns->effects.at[i]);
    }
    sb_effects_clear(&turns->effects);
    return SB_ERR_OK;
}

/* Worse is told at once, better not more often than once an interval: a disk at the mark flickers.
 */
static void room_tell(struct sb_turns *turns)
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
    const struct sb_room *room = &turns->txn->room;
    const uint64_t now_ms = sb_loop_now(turns->loop).mono_ms;
    struct sb_why why = {0};
    if (room->level == turns->told
        || (room->level < turns->told && now_ms < turns->told_ms + SB_COMPLAIN_EVERY_MS)) {
        return;
    }
    turns->told = room->level;
    turns->told_ms = now_ms;
    sb_room_say(room, &why);
    sb_log_line(levels[room->level],
                "store-room left=%s used=%llu quota=%llu disk-free=%llu why=%s", names[room->level],
                (unsigned long long)room->used_bytes, (unsigned long long)room->quota_bytes,
                (unsigned long long)room->disk_free_bytes, sb_quoted(why.text).text);
}

enum sb_err sb_turns_end(struct sb_turns *turns, struct sb_why *why)
{
    if (sb_store_changed(turns->store, turns->txn)) {
        sb_loop_clock_save(turns->loop, turns->txn); /* an idle turn writes nothing */
    }
    room_tell(turns);
    const enum sb_err err = sb_turns_commit(turns, why);
    if (err == SB_ERR_OK && !turns->full && turns->taken == turns->inputs
        && turns->inputs < SB_TURN_INPUTS_MAX) {
        turns->inputs *= 2;
    }
    return err;
}

/* Is there room again? Enough for new work, or the next turn would be refused as this one was; and
 * a commit must be taken. */
static enum sb_err look(struct sb_turns *turns, struct sb_why *why)
{
    const enum sb_err err = sb_turns_begin(turns, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (turns->txn->room.level >= SB_ROOM_NONE) {
        sb_turns_abort(turns);
        turns->try_ms = sb_loop_now(turns->loop).mono_ms + SB_FULL_TRY_EVERY_MS;
        return SB_ERR_OK;
    }
    sb_loop_clock_save(turns->loop, turns->txn);
    turns->full = false;
    if (turns->told_full) {
        turns->told_full = false;
        sb_log_line(SB_LEVEL_NOTICE, "store-full-no-more doing=\"goes on\"");
    }
    return sb_turns_commit(turns, why);
}

/* Of what was decided in a turn that is undone, only what was said to who asked. */
static void carry_out_undone(struct sb_turns *turns)
{
    for (size_t i = 0; i < turns->effects.count; i++) {
        const struct sb_effect *effect = &turns->effects.at[i];
        if (effect->kind == SB_EFFECT_REPLY
            || (effect->kind == SB_EFFECT_LOG && turns->ops->logs_undone)) {
            carry_out(turns, effect);
        }
    }
}

enum sb_err sb_turns_run_full(struct sb_turns *turns, struct sb_why *why)
{
    struct sb_loop_event event;
    struct sb_entropy entropy;
    turns->txn->room.level = SB_ROOM_FULL;
    sb_loop_entropy(&entropy);
    for (unsigned n = 0; n < SB_TURN_INPUTS_MAX && sb_loop_next(turns->loop, &event); n++) {
        turns->ops->step(turns->daemon, &event, &entropy);
    }
    sb_turns_abort(turns);
    carry_out_undone(turns);
    forget(turns);
    if (sb_loop_now(turns->loop).mono_ms < turns->try_ms) {
        return SB_ERR_OK;
    }
    return look(turns, why);
}
