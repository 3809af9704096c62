/* shell.c: the agent's loop. Inputs become steps of the core inside one transaction (turns.h).
 * Decides nothing itself but when to connect anew. */
#include "shell.h"

#include "roster_file.h"
#include "samband/turns.h"

#include <stdlib.h>

struct shell {
    const struct sb_agent_run *run;
    struct sb_loop *loop;
    struct sb_agent *core;
    struct sb_turns turns;
    struct sb_roster *roster; /* the one in force, once it was read again */
    uint64_t deadline_ms;
    bool started, rebuilt, reload, stop;
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

static void shell_step(void *daemon, const struct sb_loop_event *event, struct sb_entropy *entropy)
{
    struct shell *shell = daemon;
    struct sb_agent_input input = {.from = event->from, .user = event->user, .bytes = event->bytes};
    switch (event->kind) {
    case SB_LOOP_MESSAGE:
        if (!sb_turns_hears(&shell->turns, event)) {
            return;
        }
        input.kind = event->port == SB_PORT_LINK ? SB_AGENT_FRAME : SB_AGENT_REQUEST;
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
    sb_agent_step(shell->core, shell->turns.txn, &input, sb_loop_now(shell->loop), entropy,
                  &shell->turns.effects);
}

static void shell_step_own(struct shell *shell, enum sb_agent_input_kind kind,
                           struct sb_entropy *entropy)
{
    struct sb_agent_input input = {.kind = kind};
    sb_agent_step(shell->core, shell->turns.txn, &input, sb_loop_now(shell->loop), entropy,
                  &shell->turns.effects);
}

static void shell_forget(void *daemon)
{
    struct shell *shell = daemon;
    sb_agent_destroy(shell->core);
    shell->core = sb_agent_new(shell->run->config);
    if (shell->roster != NULL) {
        sb_agent_set_roster(shell->core, shell->roster);
    }
    shell->started = shell->rebuilt = false;
    shell->deadline_ms = 0;
}

static const struct sb_turns_ops turns_ops = {.step = shell_step, .forget = shell_forget};

/* One turn. Its inputs are bounded; what is left waits for the next. */
static enum sb_err shell_turn(struct shell *shell, struct sb_why *why)
{
    struct sb_turns *turns = &shell->turns;
    sb_loop_wait(shell->loop, turns->full ? turns->try_ms : shell->deadline_ms);
    const enum sb_err err = sb_turns_begin(turns, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (turns->full) {
        return sb_turns_run_full(turns, why);
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
    while (sb_turns_next(turns, &event)) {
        shell_step(shell, &event, &entropy);
    }
    shell_step_own(shell, SB_AGENT_TICK, &entropy);
    sb_agent_flush(shell->core, turns->txn, sb_loop_now(shell->loop), &entropy, &turns->effects);
    shell->deadline_ms = sb_agent_deadline_ms(shell->core, turns->txn);
    return sb_turns_end(turns, why);
}

static enum sb_err shell_between(struct shell *shell, struct sb_why *why)
{
    if (shell->reload) {
        shell->reload = false;
        shell_reload(shell);
    }
    if (!shell->turns.rebuild) {
        return SB_ERR_OK;
    }
    shell->turns.rebuild = false;
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
    const bool owned = sb_txn_get(shell->turns.txn, SB_TABLE_META, sb_bytes_str(owner), &found);
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
        sb_txn_put(shell->turns.txn, SB_TABLE_META, sb_bytes_str(owner), sb_list_bytes(&orgs));
    }
    sb_list_finish(&orgs);
    return own ? SB_ERR_OK : SB_ERR_CONFIG;
}

static enum sb_err shell_open(struct shell *shell, struct sb_why *why)
{
    struct sb_turns *turns = &shell->turns;
    enum sb_err err = sb_turns_begin(turns, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (shell_own(shell, why) != SB_ERR_OK) {
        sb_turns_abort(turns);
        return SB_ERR_CONFIG;
    }
    sb_loop_clock_load(shell->loop, turns->txn);
    sb_loop_clock_save(shell->loop, turns->txn);
    err = sb_turns_commit(turns, why);
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
    sb_turns_init(&shell.turns, run->store, shell.loop, &turns_ops, &shell);
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
    sb_turns_finish(&shell.turns);
    sb_agent_destroy(shell.core);
    free(shell.roster);
    sb_loop_destroy(shell.loop);
    return err;
}
