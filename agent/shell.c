/* shell.c: the agent's loop. Inputs become steps of the core inside one transaction; effects leave
 * only after its commit. Decides nothing itself but when to connect anew. */
#include "shell.h"

#include "roster_file.h"
#include "samband/full.h"

#include <stdlib.h>

struct shell {
    const struct sb_agent_run *run;
    struct sb_loop *loop;
    struct sb_agent *core;
    struct sb_txn *txn;
    struct sb_effects effects;
    struct sb_full full;
    struct sb_roster *roster; /* the one in force, once it was read again */
    uint64_t deadline_ms;
    bool started, rebuild, rebuilt, reload, stop;
};

static enum sb_err shell_connect(struct shell *shell, struct sb_why *why)
{
    return sb_loop_connect(shell->loop, SB_PORT_LINK, shell->run->keys->endpoint,
                           shell->run->keys->curve_secret, &shell->run->keys->server, why);
}

/* The last good roster stays in force where the new one cannot be taken. */
static void shell_reload(struct shell *shell)
{
    struct sb_why why = {0};
    struct sb_roster *roster = sb_roster_file_load(shell->run->roster_path, &why);
    if (roster == NULL) {
        sb_log_line(SB_LEVEL_ERROR, "roster-refused kept=\"the last good one\" why=%s",
                    sb_quoted(why.text).text);
        return;
    }
    sb_agent_set_roster(shell->core, roster);
    free(shell->roster);
    shell->roster = roster;
    sb_log_line(SB_LEVEL_NOTICE, "roster-loaded people=%u functions=%u", roster->person_count,
                roster->function_count);
}

static void shell_step(struct shell *shell, const struct sb_loop_event *event,
                       struct sb_entropy *entropy)
{
    struct sb_agent_input input = {.from = event->from, .user = event->user, .bytes = event->bytes};
    switch (event->kind) {
    case SB_LOOP_MESSAGE:
        input.kind = event->port == SB_PORT_LINK ? SB_AGENT_FRAME : SB_AGENT_REQUEST;
        if (input.kind == SB_AGENT_REQUEST) {
            sb_full_asked(&shell->full, event->from, event->bytes);
        } else if (shell->full.now) {
            return; /* it is sent again */
        }
        break;
    case SB_LOOP_GONE:
        if (event->port != SB_PORT_CONTROL) {
            return;
        }
        input.kind = SB_AGENT_LEFT;
        break;
    case SB_LOOP_RELOAD: shell->reload = true; return;
    case SB_LOOP_STOP: shell->stop = true; return;
    }
    sb_agent_step(shell->core, shell->txn, &input, sb_loop_now(shell->loop), entropy,
                  &shell->effects);
}

static void shell_step_own(struct shell *shell, enum sb_agent_input_kind kind,
                           struct sb_entropy *entropy)
{
    struct sb_agent_input input = {.kind = kind};
    sb_agent_step(shell->core, shell->txn, &input, sb_loop_now(shell->loop), entropy,
                  &shell->effects);
}

static void shell_carry_out(struct shell *shell)
{
    for (size_t i = 0; i < shell->effects.count; i++) {
        const struct sb_effect *effect = &shell->effects.at[i];
        switch (effect->kind) {
        case SB_EFFECT_SEND: (void)sb_loop_send(shell->loop, SB_PORT_LINK, 0, effect->bytes); break;
        case SB_EFFECT_REPLY:
        case SB_EFFECT_ATTEMPT:
            (void)sb_loop_send(shell->loop, SB_PORT_CONTROL, effect->to, effect->bytes);
            break;
        case SB_EFFECT_REBUILD: shell->rebuild = true; break;
        case SB_EFFECT_LOG:
            sb_log_line(effect->level, "%.*s", (int)effect->bytes.size,
                        (const char *)effect->bytes.at);
            break;
        case SB_EFFECT_DROP: /* a broker's */
        case SB_EFFECT_TRACE: break;
        }
    }
    sb_effects_clear(&shell->effects);
}

/* What was decided in a turn that is not committed never was: the core begins anew, as after a
 * crash. */
static void shell_forget(struct shell *shell)
{
    sb_effects_clear(&shell->effects);
    sb_agent_destroy(shell->core);
    shell->core = sb_agent_new(shell->run->config);
    if (shell->roster != NULL) {
        sb_agent_set_roster(shell->core, shell->roster);
    }
    shell->started = shell->rebuild = shell->rebuilt = false;
    shell->deadline_ms = 0;
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

/* Of what was decided in a turn that is undone, only what was said to who asked. */
static void shell_reply(struct shell *shell)
{
    for (size_t i = 0; i < shell->effects.count; i++) {
        const struct sb_effect *effect = &shell->effects.at[i];
        if (effect->kind == SB_EFFECT_REPLY) {
            (void)sb_loop_send(shell->loop, SB_PORT_CONTROL, effect->to, effect->bytes);
        }
    }
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
    shell_reply(shell);
    shell_forget(shell);
    if (sb_loop_now(shell->loop).mono_ms < shell->full.try_ms) {
        return SB_ERR_OK;
    }
    return shell_look(shell, why);
}

/* One turn. Its inputs are bounded; what is left waits for the next. */
static enum sb_err shell_turn(struct shell *shell, struct sb_why *why)
{
    sb_loop_wait(shell->loop, shell->full.now ? shell->full.try_ms : shell->deadline_ms);
    shell->txn = sb_store_begin(shell->run->store, why);
    if (shell->txn == NULL) {
        return SB_ERR_IO;
    }
    sb_full_begin(&shell->full);
    if (shell->full.now) {
        return shell_turn_full(shell, why);
    }
    struct sb_entropy entropy;
    sb_loop_entropy(&entropy);
    if (!shell->started) {
        shell_step_own(shell, SB_AGENT_START, &entropy);
        shell->started = true;
    }
    if (shell->rebuilt) {
        shell_step_own(shell, SB_AGENT_REBUILT, &entropy);
        shell->rebuilt = false;
    }
    struct sb_loop_event event;
    for (unsigned n = 0; n < SB_TURN_INPUTS_MAX && sb_loop_next(shell->loop, &event); n++) {
        shell_step(shell, &event, &entropy);
    }
    shell_step_own(shell, SB_AGENT_TICK, &entropy);
    sb_agent_flush(shell->core, shell->txn, sb_loop_now(shell->loop), &entropy, &shell->effects);
    shell->deadline_ms = sb_agent_deadline_ms(shell->core, shell->txn);
    if (sb_store_changed(shell->run->store, shell->txn)) {
        sb_loop_clock_save(shell->loop, shell->txn); /* an idle turn writes nothing */
    }
    sb_full_tell(&shell->full, &shell->txn->room, sb_loop_now(shell->loop));
    return shell_commit(shell, why);
}

static enum sb_err shell_between(struct shell *shell, struct sb_why *why)
{
    if (shell->reload) {
        shell->reload = false;
        shell_reload(shell);
    }
    if (!shell->rebuild) {
        return SB_ERR_OK;
    }
    shell->rebuild = false;
    shell->rebuilt = true;
    shell->deadline_ms = 0;
    sb_log_line(SB_LEVEL_WARNING, "centre-silent action=\"connecting anew\"");
    return shell_connect(shell, why);
}

/* A store belongs to the organisations of its agent, which it gets with the first start; an agent
 * that joins anew, under whatever name, goes on with it. With another organisation's, people would
 * be rung for calls that were never theirs, and the centre could not tell. */
static enum sb_err shell_own(struct shell *shell, struct sb_why *why)
{
    static const char owner[] = "owner";
    const struct sb_agent_config *config = shell->run->config;
    struct sb_bytes found = {0};
    struct sb_list_writer orgs;
    const bool owned = sb_txn_get(shell->txn, SB_TABLE_META, sb_bytes_str(owner), &found);
    bool own = !owned;
    sb_list_init(&orgs);
    for (unsigned i = 0; i < config->org_count; i++) {
        sb_list_add(&orgs, sb_name_bytes(&config->org[i]));
        own = own || sb_list_has(found, sb_name_bytes(&config->org[i]));
    }
    if (!own) {
        struct sb_list_reader reader = sb_list_read(found);
        struct sb_bytes first = {0};
        (void)sb_list_next(&reader, &first);
        (void)sb_why_say(
            why, SB_ERR_CONFIG,
            "lagringen hör till %.*s, inte till %s (agenten %s); lägg tillbaka agentens egen "
            "lagring ur säkerhetskopia, eller börja om med en ny inbjudan i en tom mapp",
            "the store is one of %.*s, not of %s (agent %s); put the agent's own store back from a "
            "backup, or begin anew with a new invitation in an empty folder",
            (int)first.size, (const char *)first.at, config->org[0].text, config->agent.text);
    } else if (!owned || !sb_bytes_equal(found, sb_list_bytes(&orgs))) {
        sb_txn_put(shell->txn, SB_TABLE_META, sb_bytes_str(owner), sb_list_bytes(&orgs));
    }
    sb_list_finish(&orgs);
    return own ? SB_ERR_OK : SB_ERR_CONFIG;
}

static enum sb_err shell_open(struct shell *shell, struct sb_why *why)
{
    shell->txn = sb_store_begin(shell->run->store, why);
    if (shell->txn == NULL) {
        return SB_ERR_IO;
    }
    if (shell_own(shell, why) != SB_ERR_OK) {
        sb_store_abort(shell->run->store, shell->txn);
        return SB_ERR_CONFIG;
    }
    sb_loop_clock_load(shell->loop, shell->txn);
    sb_loop_clock_save(shell->loop, shell->txn);
    enum sb_err err = shell_commit(shell, why);
    if (err == SB_ERR_OK) {
        err = sb_loop_bind_local(shell->loop, SB_PORT_CONTROL, shell->run->control, why);
    }
    if (err == SB_ERR_OK) {
        err = shell_connect(shell, why);
    }
    return err;
}

enum sb_err sb_agent_run(const struct sb_agent_run *run, struct sb_why *why)
{
    struct shell shell = {.run = run, .loop = sb_loop_new(), .core = sb_agent_new(run->config)};
    sb_effects_init(&shell.effects);
    enum sb_err err = shell_open(&shell, why);
    if (err == SB_ERR_OK) {
        sb_log_line(SB_LEVEL_NOTICE, "agent-started agent=%s broker=%s control=%s",
                    run->config->agent.text, run->keys->endpoint, run->control);
        sb_loop_notify("READY=1");
    }
    while (err == SB_ERR_OK && !shell.stop) {
        err = shell_turn(&shell, why);
        if (err == SB_ERR_OK) {
            err = shell_between(&shell, why);
        }
        sb_loop_notify("WATCHDOG=1");
    }
    sb_loop_notify("STOPPING=1");
    sb_effects_finish(&shell.effects);
    sb_agent_destroy(shell.core);
    free(shell.roster);
    sb_loop_destroy(shell.loop);
    return err;
}
