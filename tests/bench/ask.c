/* ask.c: see ask.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "ask.h"

#include "samband/keyfiles.h"

#include <stdio.h>
#include <string.h>

static bool exact_read(const char *profile, const char *name, uint8_t at[SB_KEY_SIZE],
                       struct sb_why *why)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_KEY_SIZE);
    bool good = sb_keyfile_read(profile, name, SB_KEY_SIZE, &buf, why) == SB_ERR_OK
                && buf.size == SB_KEY_SIZE;
    if (good) {
        memcpy(at, buf.at, SB_KEY_SIZE);
    }
    sb_buf_finish(&buf);
    return good;
}

static bool endpoint_read(const char *profile, char endpoint[200], struct sb_why *why)
{
    struct sb_buf buf;
    sb_buf_init(&buf, 199);
    bool good = sb_keyfile_read(profile, "endpoint", 199, &buf, why) == SB_ERR_OK;
    if (good) {
        memcpy(endpoint, buf.at, buf.size);
        endpoint[buf.size] = '\0';
    }
    sb_buf_finish(&buf);
    return good;
}

bool asker_open(struct asker *asker, const char *profile, uint64_t wait_ms, struct sb_why *why)
{
    uint8_t curve[SB_KEY_SIZE] = {0};
    uint8_t seed[SB_KEY_SIZE] = {0};
    struct sb_public_key server;
    char endpoint[200];
    if (!exact_read(profile, "curve", curve, why) || !exact_read(profile, "sign", seed, why)
        || !exact_read(profile, "server", server.at, why)
        || !endpoint_read(profile, endpoint, why)) {
        return false;
    }
    sb_signer_make(seed, &asker->signer);
    asker->local = false;
    asker->wait_ms = wait_ms;
    asker->loop = sb_loop_new();
    bool good =
        sb_loop_connect(asker->loop, SB_PORT_CONTROL, endpoint, curve, &server, why) == SB_ERR_OK;
    explicit_bzero(curve, sizeof curve);
    explicit_bzero(seed, sizeof seed);
    if (!good) {
        asker_close(asker);
    }
    return good;
}

bool asker_open_local(struct asker *asker, const char *path, uint64_t wait_ms, struct sb_why *why)
{
    char endpoint[200];
    memset(asker, 0, sizeof *asker);
    asker->local = true;
    asker->wait_ms = wait_ms;
    if ((size_t)snprintf(endpoint, sizeof endpoint, "ipc://%s", path) >= sizeof endpoint) {
        (void)sb_why_set(why, SB_ERR_VALUE, "%s is too long", path);
        return false;
    }
    asker->loop = sb_loop_new();
    bool good =
        sb_loop_connect(asker->loop, SB_PORT_CONTROL, endpoint, NULL, NULL, why) == SB_ERR_OK;
    if (!good) {
        asker_close(asker);
    }
    return good;
}

void asker_close(struct asker *asker)
{
    sb_loop_destroy(asker->loop);
    sb_signer_wipe(&asker->signer);
}

void asked_init(struct asked *asked)
{
    sb_buf_init(&asked->rows, SB_FRAME_SIZE_MAX);
    asked->err = SB_ERR_NO_CONTACT;
}

void asked_finish(struct asked *asked)
{
    sb_buf_finish(&asked->rows);
}

/* True where the message answers the request `id`. */
static bool reply_take(struct sb_bytes bytes, const uint8_t id[SB_REQUEST_ID_SIZE],
                       struct asked *asked, struct sb_why *why)
{
    struct sb_reply reply;
    if (sb_reply_read(bytes, &reply, why) != SB_ERR_OK
        || memcmp(reply.id, id, SB_REQUEST_ID_SIZE) != 0) {
        return false;
    }
    asked->err = reply.err;
    sb_buf_add(&asked->rows, reply.rows);
    if (reply.err != SB_ERR_OK) {
        (void)sb_why_set(why, reply.err, "refused (%s): %.*s", sb_err_name(reply.err),
                         (int)reply.why.size, (const char *)reply.why.at);
    }
    return true;
}

bool asker_ask(struct asker *asker, const char *verb, const struct sb_record *args,
               struct asked *asked, struct sb_why *why)
{
    uint8_t id[SB_REQUEST_ID_SIZE];
    sb_keyfile_random(id, sizeof id);
    return asker_ask_as(asker, id, verb, args, asked, why);
}

bool asker_ask_as(struct asker *asker, const uint8_t id[SB_REQUEST_ID_SIZE], const char *verb,
                  const struct sb_record *args, struct asked *asked, struct sb_why *why)
{
    const struct sb_verb_row *row = sb_verb_find(verb);
    struct sb_name name = sb_name(verb);
    struct sb_buf request;
    bool sign = row != NULL && row->writes && !asker->local;
    sb_buf_init(&request, SB_ORDER_SIZE_MAX);
    sb_request_write(id, &name, args, sign ? &asker->signer : NULL, &request);
    SB_ASSERT(!request.overflow);
    sb_buf_clear(&asked->rows);
    asked->err = SB_ERR_NO_CONTACT;
    bool answered = false;
    bool stop = false;
    (void)sb_loop_send(asker->loop, SB_PORT_CONTROL, 0, sb_buf_bytes(&request));
    uint64_t end_ms = sb_loop_now(asker->loop).mono_ms + asker->wait_ms;
    while (!answered && !stop && sb_loop_now(asker->loop).mono_ms < end_ms) {
        struct sb_loop_event event;
        sb_loop_wait(asker->loop, end_ms);
        while (!answered && sb_loop_next(asker->loop, &event)) {
            stop = stop || event.kind == SB_LOOP_STOP;
            answered = event.kind == SB_LOOP_MESSAGE && reply_take(event.bytes, id, asked, why);
        }
    }
    sb_buf_finish(&request);
    if (!answered) {
        (void)sb_why_set(why, SB_ERR_NO_CONTACT, "\"%s\": no answer within %llu ms", verb,
                         (unsigned long long)asker->wait_ms);
    }
    return answered && asked->err == SB_ERR_OK;
}

bool asked_row(const struct asked *asked, struct sb_record *ret_row)
{
    struct sb_row_reader reader = sb_rows_read(sb_buf_bytes(&asked->rows));
    sb_record_clear(ret_row);
    return sb_rows_next(&reader, ret_row);
}
