/* shell.c: the broker's loop. Inputs become steps of the core inside one transaction (turns.h).
 * Decides nothing itself. */
#include "shell.h"

#include "samband/turns.h"

#include <string.h>

struct shell {
    const struct sb_broker_run *run;
    struct sb_loop *loop;
    struct sb_broker *core;
    struct sb_turns turns; /* begun before the wait, so that ZAP's questions see its transaction */
    struct {
        uint64_t unknown, revoked; /* handshakes, by why ZAP refused them */
        uint64_t dropped;          /* messages that have not the form of one */
        struct sb_loop_strangers strangers;
    } turned_away; /* since it was last told and counted */
    uint64_t told_ms, asked_ms;
    bool stop;
};

static bool shell_admit(void *context, const struct sb_public_key *key, struct sb_name *ret_user,
                        bool *ret_retry)
{
    struct shell *shell = context;
    *ret_retry = false;
    enum sb_err err = sb_broker_admit(shell->turns.txn, key, sb_loop_now(shell->loop), ret_user);
    shell->turned_away.unknown += err == SB_ERR_NOT_FOUND;
    shell->turned_away.revoked += err == SB_ERR_REVOKED;
    if (err == SB_ERR_OK && !sb_broker_knock(shell->core, ret_user, sb_loop_now(shell->loop))) {
        *ret_retry = true;
        return false;
    }
    return err == SB_ERR_OK;
}

static void shell_step(void *daemon, const struct sb_loop_event *event, struct sb_entropy *entropy)
{
    struct shell *shell = daemon;
    struct sb_broker_input input = {
        .from = event->from, .user = event->user, .bytes = event->bytes};
    switch (event->kind) {
    case SB_LOOP_MESSAGE:
        input.kind = event->port == SB_PORT_LINK ? SB_BROKER_FRAME : SB_BROKER_REQUEST;
        if (!sb_turns_hears(&shell->turns, event)
            || !sb_broker_hears(shell->core, &input, sb_loop_now(shell->loop))) {
            return;
        }
        input.replaced = !sb_broker_key_holds(shell->turns.txn, &event->key, &event->user);
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
    sb_broker_step(shell->core, shell->turns.txn, &input, sb_loop_now(shell->loop), entropy,
                   &shell->turns.effects);
}

static uint64_t strangers_count(const struct sb_loop_strangers *strangers)
{
    return strangers->unfinished + strangers->false_handshake + strangers->foreign;
}

/* The address told is that of the second in which most came. */
static void shell_ask_strangers(struct shell *shell, struct sb_now now)
{
    struct sb_loop_strangers *sum = &shell->turned_away.strangers;
    struct sb_loop_strangers more;
    if (now.mono_ms < shell->asked_ms + SB_TICK_MAX_MS) {
        return;
    }
    shell->asked_ms = now.mono_ms;
    sb_loop_strangers(shell->loop, &more);
    sum->unfinished += more.unfinished;
    sum->false_handshake += more.false_handshake;
    sum->foreign += more.foreign;
    if (more.from_connections > sum->from_connections) {
        sum->from_connections = more.from_connections;
        memcpy(sum->from, more.from, sizeof more.from);
    }
}

static void shell_tell_strangers(struct shell *shell, struct sb_now now)
{
    const struct sb_loop_strangers *strangers = &shell->turned_away.strangers;
    struct sb_txn *txn = shell->turns.txn;
    if (strangers_count(strangers) == 0) {
        return;
    }
    sb_txn_count_more(txn, "broker/stranger/unfinished", strangers->unfinished);
    sb_txn_count_more(txn, "broker/stranger/false-handshake", strangers->false_handshake);
    sb_txn_count_more(txn, "broker/stranger/foreign", strangers->foreign);
    sb_broker_note_strangers(txn, strangers_count(strangers), now);
    sb_effects_log(&shell->turns.effects, SB_LEVEL_WARNING,
                   "strangers unfinished=%llu false-handshake=%llu foreign=%llu "
                   "busiest-address=%s connections-in-a-second=%llu",
                   (unsigned long long)strangers->unfinished,
                   (unsigned long long)strangers->false_handshake,
                   (unsigned long long)strangers->foreign, sb_quoted(strangers->from).text,
                   (unsigned long long)strangers->from_connections);
}

/* What never reaches the core is told and counted once an interval: strangers decide how often it
 * happens, and neither the log nor the disk may follow their pace. */
static void shell_tell_turned_away(struct shell *shell, struct sb_now now)
{
    shell_ask_strangers(shell, now);
    shell->turned_away.dropped += sb_loop_dropped(shell->loop);
    uint64_t handshakes = shell->turned_away.unknown + shell->turned_away.revoked;
    if ((handshakes == 0 && shell->turned_away.dropped == 0
         && strangers_count(&shell->turned_away.strangers) == 0)
        || now.mono_ms < shell->told_ms + SB_COMPLAIN_EVERY_MS) {
        return;
    }
    shell_tell_strangers(shell, now);
    sb_txn_count_more(shell->turns.txn, "broker/handshake/not-found", shell->turned_away.unknown);
    sb_txn_count_more(shell->turns.txn, "broker/handshake/revoked", shell->turned_away.revoked);
    sb_txn_count_more(shell->turns.txn, "broker/dropped", shell->turned_away.dropped);
    if (handshakes != 0) {
        sb_effects_log(&shell->turns.effects, SB_LEVEL_WARNING,
                       "handshakes-refused count=%llu reason=\"key not enrolled\" revoked=%llu",
                       (unsigned long long)handshakes,
                       (unsigned long long)shell->turned_away.revoked);
    }
    if (shell->turned_away.dropped != 0) {
        sb_effects_log(
            &shell->turns.effects, SB_LEVEL_WARNING,
            "messages-dropped count=%llu reason=\"more than one part, or a name of its own\"",
            (unsigned long long)shell->turned_away.dropped);
    }
    memset(&shell->turned_away, 0, sizeof shell->turned_away);
    shell->told_ms = now.mono_ms;
}

static void shell_forget(void *daemon)
{
    struct shell *shell = daemon;
    sb_broker_destroy(shell->core);
    shell->core = sb_broker_new(shell->run->config);
}

static const struct sb_turns_ops turns_ops = {
    .step = shell_step, .forget = shell_forget, .logs_undone = true};

/* One turn. Its inputs are bounded; what is left waits for the next. */
static enum sb_err shell_turn(struct shell *shell, struct sb_why *why)
{
    struct sb_turns *turns = &shell->turns;
    const enum sb_err err = sb_turns_begin(turns, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (turns->full) {
        sb_loop_wait(shell->loop, turns->try_ms);
        return sb_turns_run_full(turns, why);
    }
    sb_loop_wait(shell->loop, sb_broker_deadline_ms(shell->core));
    struct sb_now now = sb_loop_now(shell->loop);
    struct sb_entropy entropy;
    sb_loop_entropy(&entropy);
    struct sb_loop_event event;
    while (!sb_broker_turn_is_full(shell->core) && sb_turns_next(turns, &event)) {
        shell_step(shell, &event, &entropy);
    }
    shell_tell_turned_away(shell, now);
    struct sb_broker_input tick = {.kind = SB_BROKER_TICK};
    sb_broker_step(shell->core, turns->txn, &tick, now, &entropy, &turns->effects);
    sb_broker_flush(shell->core, turns->txn, now, &entropy, &turns->effects);
    return sb_turns_end(turns, why);
}

static enum sb_err shell_open(struct shell *shell, struct sb_why *why)
{
    struct sb_turns *turns = &shell->turns;
    enum sb_err err = sb_turns_begin(turns, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    sb_loop_clock_load(shell->loop, turns->txn);
    sb_loop_clock_save(shell->loop, turns->txn);
    err = sb_turns_commit(turns, why);
    if (err == SB_ERR_OK) {
        sb_loop_admit_by(shell->loop, shell_admit, shell);
        err = sb_loop_bind_curve(shell->loop, SB_PORT_CONTROL, shell->run->control,
                                 shell->run->curve_secret, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_loop_bind_curve(shell->loop, SB_PORT_LINK, shell->run->link,
                                 shell->run->curve_secret, why);
    }
    return err;
}

enum sb_err sb_broker_run(const struct sb_broker_run *run, struct sb_why *why)
{
    struct shell shell = {.run = run, .loop = sb_loop_new(), .core = sb_broker_new(run->config)};
    sb_turns_init(&shell.turns, run->store, shell.loop, &turns_ops, &shell);
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
    sb_turns_finish(&shell.turns);
    sb_broker_destroy(shell.core);
    sb_loop_destroy(shell.loop);
    return err;
}
