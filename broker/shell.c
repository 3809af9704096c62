/* shell.c: the broker's loop. Inputs become steps of the core inside one transaction; effects leave
 * only after its commit. Decides nothing itself. */
#include "shell.h"

#include "samband/full.h"

#include <string.h>

struct shell {
    const struct sb_broker_run *run;
    struct sb_loop *loop;
    struct sb_broker *core;
    struct sb_txn *txn; /* open from before the wait, so that ZAP's questions see it too */
    struct sb_effects effects;
    struct sb_full full;
    struct {
        uint64_t unknown, revoked; /* handshakes, by why ZAP refused them */
        uint64_t dropped;          /* messages that have not the form of one */
    } turned_away;                 /* since it was last told and counted */
    uint64_t told_ms;
    bool stop;
};

static bool shell_admit(void *context, const struct sb_public_key *key, struct sb_name *ret_user,
                        bool *ret_retry)
{
    struct shell *shell = context;
    *ret_retry = false;
    enum sb_err err = sb_broker_admit(shell->txn, key, sb_loop_now(shell->loop), ret_user);
    shell->turned_away.unknown += err == SB_ERR_NOT_FOUND;
    shell->turned_away.revoked += err == SB_ERR_REVOKED;
    if (err == SB_ERR_OK && !sb_broker_knock(shell->core, ret_user, sb_loop_now(shell->loop))) {
        *ret_retry = true;
        return false;
    }
    return err == SB_ERR_OK;
}

static void shell_step(struct shell *shell, const struct sb_loop_event *event,
                       struct sb_entropy *entropy)
{
    struct sb_broker_input input = {
        .from = event->from, .user = event->user, .bytes = event->bytes};
    switch (event->kind) {
    case SB_LOOP_MESSAGE:
        input.kind = event->port == SB_PORT_LINK ? SB_BROKER_FRAME : SB_BROKER_REQUEST;
        if (input.kind == SB_BROKER_REQUEST) {
            sb_full_asked(&shell->full, event->from, event->bytes);
        } else if (shell->full.now) {
            return; /* it is sent again */
        }
        if (!sb_broker_hears(shell->core, &input, sb_loop_now(shell->loop))) {
            return;
        }
        input.replaced = !sb_broker_key_holds(shell->txn, &event->key, &event->user);
        break;
    case SB_LOOP_GONE:
        if (event->port != SB_PORT_LINK) {
            return;
        }
        input.kind = SB_BROKER_GONE;
        break;
    case SB_LOOP_RELOAD: return; /* everything that may change while running changes by command */
    case SB_LOOP_STOP: shell->stop = true; return;
    }
    sb_broker_step(shell->core, shell->txn, &input, sb_loop_now(shell->loop), entropy,
                   &shell->effects);
}

static void shell_carry_out(struct shell *shell)
{
    for (size_t i = 0; i < shell->effects.count; i++) {
        const struct sb_effect *effect = &shell->effects.at[i];
        switch (effect->kind) {
        case SB_EFFECT_SEND:
            (void)sb_loop_send(shell->loop, SB_PORT_LINK, effect->to, effect->bytes);
            break;
        case SB_EFFECT_REPLY:
            (void)sb_loop_send(shell->loop, SB_PORT_CONTROL, effect->to, effect->bytes);
            break;
        case SB_EFFECT_LOG:
            sb_log_line(effect->level, "%.*s", (int)effect->bytes.size,
                        (const char *)effect->bytes.at);
            break;
        case SB_EFFECT_DROP:    /* the core no longer sends there; libzmq 4.3.4 cannot cut a peer */
        case SB_EFFECT_ATTEMPT: /* an agent's */
        case SB_EFFECT_REBUILD:
        case SB_EFFECT_TRACE: break;
        }
    }
    sb_effects_clear(&shell->effects);
}

static void count_add(struct shell *shell, const char *counter, uint64_t more)
{
    if (more != 0) {
        uint64_t before = sb_txn_number(shell->txn, SB_TABLE_COUNTER, counter);
        sb_txn_set_number(shell->txn, SB_TABLE_COUNTER, counter, before + more);
    }
}

/* What never reaches the core is told and counted once an interval: strangers decide how often it
 * happens, and neither the log nor the disk may follow their pace. */
static void shell_tell_turned_away(struct shell *shell, struct sb_now now)
{
    shell->turned_away.dropped += sb_loop_dropped(shell->loop);
    uint64_t handshakes = shell->turned_away.unknown + shell->turned_away.revoked;
    if ((handshakes == 0 && shell->turned_away.dropped == 0)
        || now.mono_ms < shell->told_ms + SB_COMPLAIN_EVERY_MS) {
        return;
    }
    count_add(shell, "broker/handshake/not-found", shell->turned_away.unknown);
    count_add(shell, "broker/handshake/revoked", shell->turned_away.revoked);
    count_add(shell, "broker/dropped", shell->turned_away.dropped);
    if (handshakes != 0) {
        sb_effects_log(&shell->effects, SB_LEVEL_WARNING,
                       "handshakes-refused count=%llu reason=\"key not enrolled\" revoked=%llu",
                       (unsigned long long)handshakes,
                       (unsigned long long)shell->turned_away.revoked);
    }
    if (shell->turned_away.dropped != 0) {
        sb_effects_log(
            &shell->effects, SB_LEVEL_WARNING,
            "messages-dropped count=%llu reason=\"more than one part, or a name of its own\"",
            (unsigned long long)shell->turned_away.dropped);
    }
    memset(&shell->turned_away, 0, sizeof shell->turned_away);
    shell->told_ms = now.mono_ms;
}

/* What was decided in a turn that is not committed never was. */
static void shell_forget(struct shell *shell)
{
    sb_effects_clear(&shell->effects);
    sb_broker_destroy(shell->core);
    shell->core = sb_broker_new(shell->run->config);
}

/* The commit of a turn, and what it means when there is no room. */
static enum sb_err shell_commit(struct shell *shell, struct sb_why *why)
{
    enum sb_err err = sb_store_commit(shell->run->store, shell->txn, why);
    shell->txn = NULL;
    if (err == SB_ERR_FULL) {
        shell_forget(shell);
        sb_full_enter(&shell->full, shell->loop, why);
        return SB_ERR_OK;
    }
    if (err != SB_ERR_OK) {
        return err; /* nothing of this turn was seen by anyone: a restart goes on from the last good
                       state */
    }
    shell_carry_out(shell);
    return SB_ERR_OK;
}

/* Is there room again? Enough for new work, or the next turn would be refused as this one was; and
 * a commit must be taken. */
static enum sb_err shell_look(struct shell *shell, struct sb_why *why)
{
    shell->txn = sb_store_begin(shell->run->store, why);
    if (shell->txn == NULL) {
        return SB_ERR_IO;
    }
    if (shell->txn->room.level >= SB_ROOM_NONE) {
        sb_store_abort(shell->run->store, shell->txn);
        shell->txn = NULL;
        shell->full.try_ms = sb_loop_now(shell->loop).mono_ms + SB_FULL_TRY_EVERY_MS;
        return SB_ERR_OK;
    }
    sb_loop_clock_save(shell->loop, shell->txn);
    sb_full_begin(&shell->full);
    sb_full_leave(&shell->full);
    return shell_commit(shell, why);
}

/* A turn while the store is full: what is asked is answered from what is there, then all is undone.
 * Now and then it looks whether a commit is taken again. */
static enum sb_err shell_turn_full(struct shell *shell, struct sb_why *why)
{
    struct sb_loop_event event;
    struct sb_entropy entropy;
    shell->txn->room.level = SB_ROOM_FULL;
    sb_loop_entropy(&entropy);
    for (unsigned n = 0; n < SB_TURN_INPUTS_MAX && sb_loop_next(shell->loop, &event); n++) {
        shell_step(shell, &event, &entropy);
    }
    sb_store_abort(shell->run->store, shell->txn);
    shell->txn = NULL;
    shell_carry_out(shell);
    shell_forget(shell);
    if (sb_loop_now(shell->loop).mono_ms < shell->full.try_ms) {
        return SB_ERR_OK;
    }
    return shell_look(shell, why);
}

/* One turn. Its inputs are bounded; what is left waits for the next. */
static enum sb_err shell_turn(struct shell *shell, struct sb_why *why)
{
    shell->txn = sb_store_begin(shell->run->store, why);
    if (shell->txn == NULL) {
        return SB_ERR_IO;
    }
    sb_full_begin(&shell->full);
    if (shell->full.now) {
        sb_loop_wait(shell->loop, shell->full.try_ms);
        return shell_turn_full(shell, why);
    }
    sb_loop_wait(shell->loop, sb_broker_deadline_ms(shell->core));
    struct sb_now now = sb_loop_now(shell->loop);
    struct sb_entropy entropy;
    sb_loop_entropy(&entropy);
    struct sb_loop_event event;
    for (unsigned n = 0; n < SB_TURN_INPUTS_MAX && !sb_broker_turn_is_full(shell->core)
                         && sb_loop_next(shell->loop, &event);
         n++) {
        shell_step(shell, &event, &entropy);
    }
    shell_tell_turned_away(shell, now);
    struct sb_broker_input tick = {.kind = SB_BROKER_TICK};
    sb_broker_step(shell->core, shell->txn, &tick, now, &entropy, &shell->effects);
    sb_broker_flush(shell->core, shell->txn, now, &entropy, &shell->effects);
    if (sb_store_changed(shell->run->store, shell->txn)) {
        sb_loop_clock_save(shell->loop, shell->txn); /* an idle turn writes nothing */
    }
    sb_full_tell(&shell->full, &shell->txn->room, now);
    return shell_commit(shell, why);
}

static enum sb_err shell_open(struct shell *shell, struct sb_why *why)
{
    shell->txn = sb_store_begin(shell->run->store, why);
    if (shell->txn == NULL) {
        return SB_ERR_IO;
    }
    sb_loop_clock_load(shell->loop, shell->txn);
    sb_loop_clock_save(shell->loop, shell->txn);
    enum sb_err err = shell_commit(shell, why);
    if (err == SB_ERR_OK) {
        err = sb_loop_bind_curve(shell->loop, SB_PORT_CONTROL, shell->run->control,
                                 shell->run->curve_secret, shell_admit, shell, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_loop_bind_curve(shell->loop, SB_PORT_LINK, shell->run->link,
                                 shell->run->curve_secret, shell_admit, shell, why);
    }
    return err;
}

enum sb_err sb_broker_run(const struct sb_broker_run *run, struct sb_why *why)
{
    struct shell shell = {.run = run, .loop = sb_loop_new(), .core = sb_broker_new(run->config)};
    sb_effects_init(&shell.effects);
    enum sb_err err = shell_open(&shell, why);
    if (err == SB_ERR_OK) {
        sb_log_line(SB_LEVEL_NOTICE, "broker-started organisation=%s link=%s control=%s",
                    run->config->org.text, run->link, run->control);
        sb_loop_notify("READY=1");
    }
    while (err == SB_ERR_OK && !shell.stop) {
        err = shell_turn(&shell, why);
        sb_loop_notify("WATCHDOG=1");
    }
    sb_loop_notify("STOPPING=1");
    sb_effects_finish(&shell.effects);
    sb_broker_destroy(shell.core);
    sb_loop_destroy(shell.loop);
    return err;
}
