/* rogue.c: an enrolled agent that misbehaves: sends one bad thing of a table over a real CURVE
 * connection and prints what the broker answers. Exit: 0 the thing was answered, or was one that
 * gets no answer and got none; 1 otherwise; 2 usage. */
#include "rogue.h"

#include "samband/control.h"
#include "samband/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zmq.h>

#define ANSWER_MS   20000 /* sanitizers, two processors and neighbours */
#define SILENCE_MS  1500  /* so long nothing may come where nothing should */
#define GREETING_MS 20000
#define KNOCKING_MS 1000 /* a stranger's handshake is refused much sooner, and never succeeds */
#define DEEP        64
#define STRANGE     "\xc1\xff\xff\xff"

static const uint8_t request_id[SB_REQUEST_ID_SIZE] = "a rogue's asking"; /* no end: 16 bytes */

struct sb_now sb_rogue_now(void)
{
    struct timespec mono, wall;
    (void)clock_gettime(CLOCK_MONOTONIC, &mono);
    (void)clock_gettime(CLOCK_REALTIME, &wall);
    return (struct sb_now){
        .mono_ms = (uint64_t)mono.tv_sec * 1000 + (uint64_t)mono.tv_nsec / 1000000,
        .wall_ms = (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000};
}

void sb_rogue_entropy(struct sb_entropy *ret_entropy)
{
    *ret_entropy = (struct sb_entropy){0};
    FILE *random = fopen("/dev/urandom", "rb");
    SB_ASSERT(random != NULL);
    SB_ASSERT(fread(ret_entropy->seed, 1, sizeof ret_entropy->seed, random) == SB_HASH_SIZE);
    (void)fclose(random);
}

bool sb_rogue_send(struct sb_rogue *rogue, struct sb_bytes bytes, int count)
{
    for (int i = 0; i < count; i++) {
        int flags = i + 1 < count ? ZMQ_SNDMORE : 0;
        if (zmq_send(rogue->socket, bytes.at, bytes.size, flags) < 0) {
            (void)fprintf(stderr, "rogue: cannot send: %s\n", zmq_strerror(zmq_errno()));
            return false;
        }
    }
    return true;
}

bool sb_rogue_take(struct sb_rogue *rogue, long wait_ms, struct sb_buf *buf)
{
    zmq_pollitem_t item = {.socket = rogue->socket, .events = ZMQ_POLLIN};
    zmq_msg_t message;
    if (zmq_poll(&item, 1, wait_ms) < 1) {
        return false;
    }
    zmq_msg_init(&message);
    bool taken = zmq_msg_recv(&message, rogue->socket, ZMQ_DONTWAIT) >= 0;
    if (taken) {
        sb_buf_clear(buf);
        sb_buf_add(buf, sb_bytes(zmq_msg_data(&message), zmq_msg_size(&message)));
    }
    zmq_msg_close(&message);
    return taken;
}

void sb_rogue_print_refusal(enum sb_err err, struct sb_bytes sentence)
{
    (void)printf("refused %s: %.*s\n", sb_err_name(err), (int)sentence.size,
                 (const char *)sentence.at);
    (void)fflush(stdout);
}

/* --- what is sent --- */

static void hello_write(const struct sb_rogue *rogue, const char *org, struct sb_buf *buf)
{
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    sb_list_add(&orgs, org == NULL ? sb_name_bytes(&rogue->config.org[0]) : sb_bytes_str(org));
    struct sb_frame hello = {
        .type = SB_FRAME_HELLO, .minor = SB_PROTOCOL_MINOR, .orgs = sb_list_bytes(&orgs)};
    sb_frame_write(&hello, buf);
    sb_list_finish(&orgs);
}

static void make_other_org(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    hello_write(rogue, argument, buf);
}

static void make_no_org(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)rogue;
    (void)argument;
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    struct sb_frame hello = {.type = SB_FRAME_HELLO, .orgs = sb_list_bytes(&orgs)};
    sb_frame_write(&hello, buf);
    sb_list_finish(&orgs);
}

static void make_strange(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)rogue;
    (void)argument;
    sb_buf_add(buf, sb_bytes(STRANGE, sizeof STRANGE - 1));
}

static void make_empty(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)rogue;
    (void)argument;
    (void)buf;
}

static void make_truncated(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)argument;
    hello_write(rogue, NULL, buf);
    buf->size -= 3;
}

static void make_trailing(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)argument;
    hello_write(rogue, NULL, buf);
    sb_buf_add_byte(buf, 0);
}

/* A HELLO with one item more, which a newer minor version might have, but far too deep. */
static void make_deep(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)argument;
    hello_write(rogue, NULL, buf);
    SB_ASSERT((buf->at[0] & 0xf0u) == 0x90u);
    buf->at[0]++;
    for (unsigned i = 0; i < DEEP; i++) {
        sb_pack_array(buf, 1);
    }
    sb_pack_nil(buf);
}

/* Five bytes that promise four thousand million entries. */
static void make_promising(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    static const uint8_t promise[] = {0xdd, 0xff, 0xff, 0xff, 0xff};
    (void)rogue;
    (void)argument;
    sb_buf_add(buf, sb_bytes(promise, sizeof promise));
}

static void make_newer(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)argument;
    hello_write(rogue, NULL, buf);
    SB_ASSERT(buf->at[1] == SB_PROTOCOL_MAJOR);
    buf->at[1] = SB_PROTOCOL_MAJOR + 1;
}

static void make_no_session(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)rogue;
    (void)argument;
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = 7};
    sb_frame_write(&ping, buf);
}

static void zeros_add(struct sb_buf *buf, size_t size)
{
    while (buf->size < size) {
        sb_buf_add_byte(buf, 0);
    }
}

/* One byte more than a frame may have. */
static void make_oversized(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)rogue;
    (void)argument;
    zeros_add(buf, SB_FRAME_SIZE_MAX + 1);
}

/* More than is taken in for a refusal. */
static void make_huge(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)rogue;
    (void)argument;
    zeros_add(buf, 4 * (size_t)SB_FRAME_SIZE_MAX);
}

/* A request whose id can be read, and far too much behind it. */
static void make_big_request(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)rogue;
    (void)argument;
    sb_request_write(request_id, &(struct sb_name){"counters"}, &(struct sb_record){0}, NULL, buf);
    zeros_add(buf, SB_FRAME_SIZE_MAX + 1);
}

static void make_hello(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf)
{
    (void)argument;
    hello_write(rogue, NULL, buf);
}

static const struct thing {
    const char *name;
    void (*make)(const struct sb_rogue *rogue, const char *argument, struct sb_buf *buf);
    int frames;
    bool answered;
    bool is_request; /* to a control endpoint, which is the argument */
} things[] = {
    {"other-org", make_other_org, 1, true, false},
    {"no-org", make_no_org, 1, true, false},
    {"strange", make_strange, 1, true, false},
    {"empty", make_empty, 1, true, false},
    {"truncated", make_truncated, 1, true, false},
    {"trailing", make_trailing, 1, true, false},
    {"deep", make_deep, 1, true, false},
    {"promising", make_promising, 1, true, false},
    {"newer", make_newer, 1, true, false},
    {"no-session", make_no_session, 1, true, false},
    {"oversized", make_oversized, 1, true,
     false}, /* argument "hello": greets over the same connection */
    {"huge", make_huge, 1, false, false},
    {"big-request", make_big_request, 1, true, true},
    {"huge-request", make_huge, 1, false, true},
    {"two-frames", make_hello, 2, false, false},
    /* The agent's own greeting: what is expected of it the test says. */
    {"hello", make_hello, 1, true, false},
    /* The same by a stranger, who has no answer to wait for. */
    {"knock", make_hello, 1, false, false},
};

static void reply_print(struct sb_bytes bytes)
{
    struct sb_reply reply;
    struct sb_why why = {0};
    if (sb_reply_read(bytes, &reply, &why) != SB_ERR_OK) {
        (void)printf("unreadable: %s\n", why.text);
    } else if (memcmp(reply.id, request_id, sizeof request_id) != 0) {
        (void)printf("answered another request\n");
    } else {
        sb_rogue_print_refusal(reply.err, reply.why);
    }
}

static void frame_print(struct sb_bytes bytes)
{
    struct sb_frame frame;
    struct sb_why why = {0};
    if (sb_frame_read(bytes, &frame, &why) != SB_ERR_OK) {
        (void)printf("unreadable: %s\n", why.text);
    } else if (frame.type == SB_FRAME_REFUSE) {
        sb_rogue_print_refusal(frame.err, frame.text);
    } else {
        (void)printf("answered %s\n", sb_frame_name(frame.type));
    }
}

static int thing_send(struct sb_rogue *rogue, const struct thing *thing, const char *argument)
{
    struct sb_buf buf;
    sb_buf_init(&buf, 8 * (size_t)SB_FRAME_SIZE_MAX);
    thing->make(rogue, argument, &buf);
    bool came = sb_rogue_send(rogue, sb_buf_bytes(&buf), thing->frames)
                && sb_rogue_take(rogue, thing->answered ? ANSWER_MS : SILENCE_MS, &buf);
    if (!came) {
        (void)printf("silence\n");
    } else if (thing->is_request) {
        reply_print(sb_buf_bytes(&buf));
    } else {
        frame_print(sb_buf_bytes(&buf));
    }
    sb_buf_finish(&buf);
    return came == thing->answered ? 0 : 1;
}

/* --- the connection --- */

static bool rogue_connect(struct sb_rogue *rogue, const char *endpoint, bool knocks)
{
    struct sb_public_key own;
    int linger = knocks ? 0 : 2000; /* what was sent leaves before the process does */
    int send_ms = knocks ? KNOCKING_MS : GREETING_MS; /* sending waits for the handshake */
    int immediate = 1;
    sb_curve_public(rogue->keys.curve_secret, &own);
    rogue->context = zmq_ctx_new();
    rogue->socket = zmq_socket(rogue->context, ZMQ_DEALER);
    void *socket = rogue->socket;
    if (zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger) != 0
        || zmq_setsockopt(socket, ZMQ_SNDTIMEO, &send_ms, sizeof send_ms) != 0
        || zmq_setsockopt(socket, ZMQ_IMMEDIATE, &immediate, sizeof immediate) != 0) {
        return false;
    }
    if (strncmp(endpoint, "ipc://", 6) == 0) { /* a local socket knows no keys */
        return zmq_connect(socket, endpoint) == 0;
    }
    return zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, rogue->keys.server.at, SB_KEY_SIZE) == 0
           && zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, own.at, SB_KEY_SIZE) == 0
           && zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, rogue->keys.curve_secret, SB_KEY_SIZE)
                  == 0
           && zmq_connect(socket, endpoint) == 0;
}

static const struct thing *thing_find(const char *name)
{
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        if (strcmp(things[i].name, name) == 0) {
            return &things[i];
        }
    }
    return NULL;
}

static int rogue_run(struct sb_rogue *rogue, const struct thing *thing, int argc, char **argv)
{
    const char *argument = argc > 3 ? argv[3] : NULL;
    if (strcmp(argv[2], "flood") == 0) {
        return sb_rogue_flood(rogue, argv[1], argv[3], argv[4]);
    }
    if (thing == NULL) {
        return sb_rogue_session(rogue, argv + 3, argc - 3);
    }
    const struct thing *hello = thing_find("hello");
    int exit = thing_send(rogue, thing, argument);
    if (exit == 0 && hello != NULL && argument != NULL && strcmp(argument, hello->name) == 0) {
        exit = thing_send(rogue, hello, NULL);
    }
    return exit;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fputs("Usage: rogue STATE-OF-AN-AGENT THING [ARGUMENT…]\n"
                    "       rogue STATE-OF-AN-AGENT session EVENT…\n"
                    "       rogue STATE-OF-AN-AGENT flood KIND SECONDS\n",
                    stderr);
        return 2;
    }
    const struct thing *thing = thing_find(argv[2]);
    bool floods = strcmp(argv[2], "flood") == 0 && argc == 5;
    if (thing == NULL ? !floods && (strcmp(argv[2], "session") != 0 || argc == 3)
                      : thing->is_request && argc == 3) {
        (void)fprintf(stderr, "rogue: there is no thing %s, or it lacks its argument\n", argv[2]);
        return 2;
    }
    struct sb_rogue *rogue = sb_alloc(1, sizeof *rogue);
    struct sb_why why = {0};
    int exit = 1;
    enum sb_err err =
        sb_agent_keys_load(argv[1], sb_rogue_now().wall_ms, &rogue->keys, &rogue->config, &why);
    if (err != SB_ERR_OK) {
        (void)fprintf(stderr, "rogue: %s\n", why.text);
    } else if (!rogue_connect(rogue,
                              thing != NULL && thing->is_request ? argv[3] : rogue->keys.endpoint,
                              strcmp(argv[2], "knock") == 0)) {
        (void)fprintf(stderr, "rogue: cannot connect\n");
    } else {
        exit = rogue_run(rogue, thing, argc, argv);
    }
    if (rogue->socket != NULL) {
        (void)zmq_close(rogue->socket);
        (void)zmq_ctx_term(rogue->context);
    }
    sb_agent_keys_finish(&rogue->keys, &rogue->config);
    free(rogue);
    return exit;
}
