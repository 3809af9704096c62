/* channel.c: one turn after the other: messages of the agent, then the programs (runs.c), then what
 * is to be told. */
#include "channel.h"

#include "runs.h"
#include "samband/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_EVERY_MS  5000  /* "here I am": a restarted agent learns it by this */
#define SILENT_MS      15000 /* no reply to three of them */
#define REFUSED_LOG_MS 10000 /* refused messages are logged once in this time */

struct channel {
    const struct sb_channel_settings *settings;
    struct sb_loop *loop;
    struct sb_outbox outbox;
    struct sb_runs *runs;
    struct sb_now now;
    uint64_t opened_ms, heard_ms, refused_ms;
    unsigned refused;
    bool silent, stop;
};

static void on_refused(struct channel *channel, const struct sb_why *why)
{
    channel->refused++;
    if (channel->refused_ms != 0 && channel->now.mono_ms < channel->refused_ms + REFUSED_LOG_MS) {
        return;
    }
    channel->refused_ms = channel->now.mono_ms;
    sb_log_line(SB_LEVEL_WARNING, "message-refused count=%u why=%s", channel->refused,
                sb_quoted(why->text).text);
}

static void on_attempt(struct channel *channel, const struct sb_request *request)
{
    struct sb_why why = {0};
    struct sb_record args = {0};
    struct sb_job job;
    if (sb_record_read(request->args, SB_PARTS_ALL, &args, &why) != SB_ERR_OK
        || sb_job_read(&args, &job, &why) != SB_ERR_OK) {
        on_refused(channel, &why);
        return;
    }
    sb_runs_add(channel->runs, &job);
}

static void on_reply(struct channel *channel, const struct sb_reply *reply)
{
    channel->heard_ms = channel->now.mono_ms;
    if (channel->silent) {
        channel->silent = false;
        sb_log_line(SB_LEVEL_NOTICE, "agent-heard control=%s", channel->settings->control);
    }
    struct sb_letter *letter = sb_outbox_take(&channel->outbox, reply->id);
    if (reply->err != SB_ERR_OK) {
        struct sb_why why = {0};
        enum sb_err err = sb_why_take(&why, reply->err, reply->why);
        sb_log_line(SB_LEVEL_WARNING, "agent-refused error=%s attempt=%s why=%s", sb_err_name(err),
                    letter == NULL ? "-" : letter->attempt, sb_quoted(why.text).text);
    }
    sb_letter_destroy(letter);
}

static void on_message(struct channel *channel, struct sb_bytes bytes)
{
    struct sb_why why = {0};
    struct sb_request request;
    struct sb_reply reply;
    if (sb_reply_read(bytes, &reply, &why) == SB_ERR_OK) {
        on_reply(channel, &reply);
    } else if (sb_request_read(bytes, &request, &why) != SB_ERR_OK) {
        on_refused(channel, &why);
    } else if (strcmp(request.verb.text, "attempt") == 0) {
        on_attempt(channel, &request);
    } else {
        (void)sb_why_set(&why, SB_ERR_NOT_ALLOWED, "the agent asked a channel for \"%s\"",
                         request.verb.text);
        on_refused(channel, &why);
    }
}

static enum sb_err channel_connect(struct channel *channel, struct sb_why *why)
{
    char endpoint[128];
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s", channel->settings->control);
    return sb_loop_connect(channel->loop, SB_PORT_CONTROL, endpoint, NULL, NULL, why);
}

static void channel_open(struct channel *channel)
{
    struct sb_record nothing = {0};
    struct sb_name verb = sb_name("channel-open");
    uint8_t id[SB_REQUEST_ID_SIZE];
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_entropy_take(&channel->outbox.entropy, id, sizeof id);
    sb_request_write(id, &verb, &nothing, NULL, &buf);
    (void)sb_loop_send(channel->loop, SB_PORT_CONTROL, 0, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    channel->opened_ms = channel->now.mono_ms;
}

/* An agent that is away is waited for; ZeroMQ connects anew by itself, and after a long silence we
 * make sure of it. To the agent a new connection is a new channel, which gets all attempts without
 * a known result. */
static enum sb_err agent_greet(struct channel *channel, struct sb_why *why)
{
    uint64_t now = channel->now.mono_ms;
    if (!channel->silent && now >= channel->heard_ms + SILENT_MS) {
        channel->silent = true;
        sb_log_line(SB_LEVEL_WARNING,
                    "agent-silent control=%s remedy=\"is samband-agent running?\"",
                    channel->settings->control);
        enum sb_err err = channel_connect(channel, why);
        if (err != SB_ERR_OK) {
            return err;
        }
        channel->opened_ms = 0;
    }
    if (channel->opened_ms == 0 || now >= channel->opened_ms + OPEN_EVERY_MS) {
        channel_open(channel);
    }
    return SB_ERR_OK;
}

static enum sb_err channel_turn(struct channel *channel, struct sb_why *why)
{
    if (channel->opened_ms != 0) { /* the greeting does not wait */
        sb_loop_wait(channel->loop, channel->now.mono_ms + SB_TICK_MAX_MS);
    }
    channel->now = sb_loop_now(channel->loop);
    struct sb_loop_event event;
    for (unsigned n = 0; n < SB_TURN_INPUTS_MAX && sb_loop_next(channel->loop, &event); n++) {
        if (event.kind == SB_LOOP_MESSAGE) {
            on_message(channel, event.bytes);
        } else if (event.kind == SB_LOOP_STOP) {
            channel->stop = true;
        }
    }
    sb_runs_turn(channel->runs, channel->now);
    enum sb_err err = SB_ERR_OK;
    if (sb_runs_take_starved(channel->runs)) {
        err = channel_connect(channel, why); /* a new channel gets what did not fit the queue */
        channel->opened_ms = 0;
    }
    if (err == SB_ERR_OK) {
        err = agent_greet(channel, why);
    }
    struct sb_letter *letter;
    while ((letter = sb_outbox_due(&channel->outbox, channel->now.mono_ms)) != NULL) {
        (void)sb_loop_send(channel->loop, SB_PORT_CONTROL, 0, sb_buf_bytes(&letter->bytes));
    }
    return err;
}

static enum sb_err channel_begin(struct channel *channel, struct sb_why *why)
{
    channel->now = sb_loop_now(channel->loop);
    channel->heard_ms = channel->now.mono_ms;
    channel->runs = sb_runs_new(channel->settings, &channel->outbox, why);
    if (channel->runs == NULL) {
        return SB_ERR_IO;
    }
    sb_loop_watch(channel->loop, sb_runs_watch(channel->runs));
    enum sb_err err = channel_connect(channel, why);
    if (err == SB_ERR_OK) {
        sb_log_line(SB_LEVEL_NOTICE, "channel-started control=%s command=%s",
                    channel->settings->control, channel->settings->command[0]);
        sb_loop_notify("READY=1");
    }
    return err;
}

enum sb_err sb_channel_run(const struct sb_channel_settings *settings, struct sb_why *why)
{
    struct channel *channel = sb_alloc(1, sizeof *channel);
    channel->settings = settings;
    channel->loop = sb_loop_new();
    sb_outbox_init(&channel->outbox);
    sb_loop_entropy(&channel->outbox.entropy);
    enum sb_err err = channel_begin(channel, why);
    while (err == SB_ERR_OK && !channel->stop) {
        err = channel_turn(channel, why);
        sb_loop_notify("WATCHDOG=1");
    }
    sb_loop_notify("STOPPING=1");
    sb_runs_destroy(channel->runs);
    sb_outbox_finish(&channel->outbox);
    sb_loop_destroy(channel->loop);
    free(channel);
    return err;
}
