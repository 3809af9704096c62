/* zap.c: the authentication handler that libzmq asks about every CURVE handshake (ZAP, RFC 27).
 * Without one, CURVE admits any key: the socket says ZAP_ENFORCE_DOMAIN, and this is bound before
 * it. The question comes over inproc, so its frames are libzmq's own; only the key in it is the
 * peer's. */
#include "loop_inner.h"

#include <string.h>

#define ZAP_ANSWERS_MAX 64

static const char zap_endpoint[] = "inproc://zeromq.zap.01";

enum sb_err sb_zap_open(struct sb_loop *loop, struct sb_why *why)
{
    if (loop->zap) {
        return SB_ERR_OK;
    }
    zsock_t *zap = zsock_new(ZMQ_REP);
    SB_ASSERT(zap);
    zsock_set_linger(zap, 0);
    if (zmq_bind(zsock_resolve(zap), zap_endpoint) != 0) {
        zsock_destroy(&zap);
        return sb_why_set(why, SB_ERR_BUSY,
                          "another loop of this process answers handshakes already");
    }
    loop->zap = zap;
    return SB_ERR_OK;
}

/* libzmq gives the name free some time after a close; by an unbind, at once. */
void sb_zap_close(struct sb_loop *loop)
{
    if (loop->zap) {
        (void)zmq_unbind(zsock_resolve(loop->zap), zap_endpoint);
    }
    zsock_destroy(&loop->zap);
}

static bool frame_is(zframe_t *frame, const char *text)
{
    return frame && zframe_streq(frame, text);
}

/* True, and the User-Id, where the key in the question is admitted. */
static bool zap_decide(struct sb_loop *loop, zmsg_t *question, char user_id[SB_USER_ID_SIZE],
                       bool *ret_retry)
{
    zframe_t *at[7] = {NULL}; /* version, request, domain, address, routing id, mechanism, key */
    at[0] = zmsg_first(question);
    for (size_t i = 1; i < 7 && at[i - 1]; i++) {
        at[i] = zmsg_next(question);
    }
    if (!frame_is(at[0], "1.0") || !frame_is(at[2], "samband") || !frame_is(at[5], "CURVE")) {
        return false;
    }
    if (!at[6] || zframe_size(at[6]) != SB_KEY_SIZE) {
        return false;
    }
    struct sb_public_key key;
    memcpy(key.at, zframe_data(at[6]), SB_KEY_SIZE);
    struct sb_name user = {0};
    if (!loop->admit(loop->admit_context, &key, &user, ret_retry) || user.text[0] == '\0') {
        return false;
    }
    sb_user_id_write(&user, &key, user_id);
    return true;
}

static void zap_reply(struct sb_loop *loop, zframe_t *request, const char *status, const char *text,
                      const char *user)
{
    zmsg_t *reply = zmsg_new();
    zmsg_addstr(reply, "1.0");
    zmsg_addmem(reply, request ? zframe_data(request) : NULL, request ? zframe_size(request) : 0);
    zmsg_addstr(reply, status);
    zmsg_addstr(reply, text);
    zmsg_addstr(reply, user);
    zmsg_addmem(reply, NULL, 0); /* no metadata of our own */
    if (zmsg_send(&reply, loop->zap) != 0) {
        zmsg_destroy(&reply); /* the handshake ended meanwhile */
    }
}

static bool zap_is_asked(struct sb_loop *loop)
{
    return (zsock_events(loop->zap) & ZMQ_POLLIN) != 0;
}

void sb_zap_answer(struct sb_loop *loop)
{
    for (int i = 0; i < ZAP_ANSWERS_MAX && zap_is_asked(loop); i++) {
        zmsg_t *question = zmsg_recv(loop->zap);
        if (!question) {
            return;
        }
        char user_id[SB_USER_ID_SIZE];
        bool retry = false;
        bool admitted = zap_decide(loop, question, user_id, &retry);
        zmsg_first(question);
        zframe_t *request = zmsg_next(question);
        if (admitted) {
            zap_reply(loop, request, "200", "OK", user_id);
        } else {
            zap_reply(loop, request, retry ? "300" : "400", retry ? "Try again" : "Not admitted",
                      "");
        }
        zmsg_destroy(&question);
    }
}
