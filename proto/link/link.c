/* link.c: the object, its dispatch by frame type and what is due by time. What a frame does stands
 * in the file of its type; nothing durable is decided here. */
#include "state.h"

#include <stdlib.h>

void sb_link_destroy(struct sb_link *link)
{
    if (link == NULL) {
        return;
    }
    for (unsigned i = 0; i < link->stream_count; i++) {
        free(link->stream[i].mark);
    }
    sb_link_shared_destroy(link->own_shared);
    free(link->stream);
    free(link);
}

struct sb_link *sb_link_new(const struct sb_link_config *config)
{
    SB_ASSERT(config->org_count <= SB_ORGS_PER_AGENT_MAX);
    SB_ASSERT(config->end == SB_LINK_BROKER || config->machine != NULL);
    SB_ASSERT(config->end == SB_LINK_AGENT || config->machine_key != NULL);
    struct sb_link *link = sb_alloc(1, sizeof *link);
    link->config = *config;
    link->own_shared = config->shared == NULL ? sb_link_shared_new() : NULL;
    link->drained = true;
    link->drain_at_ms = SB_NEVER_MS;
    link->unproven_ms = SB_NEVER_MS;
    link->hello_at_ms = SB_NEVER_MS;
    link->stream_count = SB_LANE_COUNT * config->org_count;
    link->stream = sb_alloc(link->stream_count + 1u, sizeof *link->stream);
    for (unsigned i = 0; i < link->stream_count; i++) {
        link->stream[i].name.agent = config->agent;
        link->stream[i].name.org = config->orgs[i % config->org_count];
        link->stream[i].name.lane = i / config->org_count;
        link->stream[i].spoken = config->end == SB_LINK_AGENT;
    }
    return link;
}

struct sb_link_stream *sb_link_stream_find(const struct sb_link *link, const struct sb_name *org,
                                           unsigned lane)
{
    for (unsigned i = 0; lane < SB_LANE_COUNT && i < link->config.org_count; i++) {
        struct sb_link_stream *stream = &link->stream[lane * link->config.org_count + i];
        if (stream->spoken && sb_name_equal(&stream->name.org, org)) {
            return stream;
        }
    }
    return NULL;
}

static void send_frame(struct sb_effects *effects, uint64_t to, const struct sb_frame *frame)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_frame_write(frame, &buf);
    SB_ASSERT(!buf.overflow);
    sb_effects_add(effects, SB_EFFECT_SEND, to, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

void sb_link_send(const struct sb_link_turn *turn, const struct sb_frame *frame)
{
    send_frame(turn->effects, turn->link->config.to, frame);
}

void sb_link_refuse(struct sb_effects *effects, uint64_t to, uint64_t session, enum sb_err err,
                    const struct sb_why *why)
{
    char both[SB_WHY_BOTH_SIZE];
    sb_why_both(why, both);
    struct sb_bytes text = sb_bytes_str(both);
    struct sb_frame frame = {
        .type = SB_FRAME_REFUSE,
        .session = session,
        .err = err,
        .text = sb_bytes_is_text(text) ? text : sb_bytes_str(sb_err_name(err)),
    };
    send_frame(effects, to, &frame);
}

void sb_link_go_down(struct sb_link *link)
{
    link->state = SB_LINK_DOWN;
    link->hello_at_ms = SB_NEVER_MS;
}

static enum sb_err on_ping(const struct sb_link_turn *turn, const struct sb_frame *frame)
{
    struct sb_frame pong = {
        .type = SB_FRAME_PONG,
        .session = frame->session,
        .wall_ms = turn->now.wall_ms,
    };
    sb_link_send(turn, &pong);
    return SB_ERR_OK;
}

/* Frames that only a running session may get. */
static enum sb_err on_session_frame(const struct sb_link_turn *turn, const struct sb_frame *frame,
                                    struct sb_arrivals *arrivals, struct sb_why *why)
{
    struct sb_link *link = turn->link;
    if (link->state != SB_LINK_UP || frame->session != link->session) {
        sb_txn_count(turn->txn, "link/session");
        return sb_why_set(why, SB_ERR_SESSION,
                          "a %s frame of session %llu; the session here is %llu",
                          sb_frame_name(frame->type), (unsigned long long)frame->session,
                          (unsigned long long)sb_link_session(link));
    }
    link->heard_ms = turn->now.mono_ms;
    sb_link_confirm(turn);
    switch (frame->type) {
    case SB_FRAME_DATA: return sb_link_on_data(turn, frame, arrivals, why);
    case SB_FRAME_RECEIPT: return sb_link_on_receipt(turn, frame, why);
    case SB_FRAME_PROOF: return sb_link_on_proof(turn, frame, why);
    case SB_FRAME_PING: return on_ping(turn, frame);
    case SB_FRAME_PONG: return SB_ERR_OK;
    case SB_FRAME_HELLO:
    case SB_FRAME_WELCOME:
    case SB_FRAME_REFUSE: break;
    }
    return sb_why_set(why, SB_ERR_MALFORMED, "a %s frame inside a session",
                      sb_frame_name(frame->type));
}

enum sb_err sb_link_on_frame(const struct sb_link_turn *turn, const struct sb_frame *frame,
                             struct sb_arrivals *ret_arrivals, struct sb_why *why)
{
    ret_arrivals->count = 0;
    if (frame->type == SB_FRAME_REFUSE) {
        return sb_link_on_refuse(turn, frame, why);
    }
    if (frame->type == SB_FRAME_WELCOME && turn->link->config.end == SB_LINK_AGENT) {
        return sb_link_on_welcome(turn, frame, why);
    }
    return on_session_frame(turn, frame, ret_arrivals, why);
}

enum sb_link_state sb_link_state(const struct sb_link *link)
{
    return link->state;
}

uint64_t sb_link_session(const struct sb_link *link)
{
    return link->state == SB_LINK_UP ? link->session : 0;
}

unsigned sb_link_opened(const struct sb_link *link)
{
    return link->opened;
}

bool sb_link_drained(const struct sb_link *link, struct sb_now now)
{
    return link->drained || now.mono_ms >= link->drain_at_ms;
}

bool sb_link_caught_up(const struct sb_link *link)
{
    return link->state == SB_LINK_UP && sb_link_holds_all(link);
}

bool sb_link_gave(const struct sb_link *link)
{
    return link->gave;
}

uint64_t sb_link_drain_deadline_ms(const struct sb_link *link)
{
    return link->drained ? SB_NEVER_MS : link->drain_at_ms;
}
