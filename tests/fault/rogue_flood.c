/* rogue_flood.c: an enrolled agent that asks for as much as it can: greets well, then sends one
 * kind of frame as fast as the transport takes them, reading only what helps it to go on. Every
 * frame is readable and bears the session, the entries chain: nothing here is refused for its form.
 */
#include "rogue.h"
#include "samband/cursor.h"
#include "samband/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#define GREETING_MS 20000
#define POOL_MAX    1024
#define AHEAD_MAX   16 /* frames beyond what is receipted, before they are sent again */
#define SOCKETS_MAX 400
#define BIG_TEXT    15000 /* four of them, with all around, stay within a body */
#define AT_ONCE     256   /* frames between two looks at what came */

struct flood;

struct flood_kind {
    const char *name;
    bool (*send)(struct flood *flood);
    unsigned pool;    /* entries of its own */
    unsigned a_frame; /* so many of them in one */
    bool big;
};

struct flood {
    struct sb_rogue *rogue;
    const struct flood_kind *kind;
    char file[512]; /* where the last session's number is kept */
    uint64_t session, last_session;
    uint64_t incarnation, seq, held; /* the entries last sent and last receipted, */
    struct sb_hash head, held_head;  /* and the chain after them */
    uint64_t sent;
    struct pooled {
        struct sb_buf packed; /* as it stands in a frame, with an empty own part */
        struct sb_hash id;
    } pool[POOL_MAX];
    struct sb_buf frame, entries;
    void *sockets[SOCKETS_MAX];
    unsigned socket_count;
};

/* --- frames --- */

/* The one stream that it sends in: where reports go, or where what only the broker issues would. */
static enum sb_urgency urgency_of(const struct flood *flood)
{
    return flood->kind->big ? SB_BULK : SB_URGENT;
}

static bool frame_send(struct flood *flood, const struct sb_frame *frame)
{
    sb_buf_clear(&flood->frame);
    sb_frame_write(frame, &flood->frame);
    struct sb_bytes bytes = sb_buf_bytes(&flood->frame);
    bool sent = zmq_send(flood->rogue->socket, bytes.at, bytes.size, ZMQ_DONTWAIT) >= 0;
    flood->sent += sent;
    return sent;
}

static void position_add(struct sb_buf *buf, const struct flood *flood, uint64_t seq)
{
    struct sb_position position = {.org = flood->rogue->config.org[0],
                                   .lane = sb_lane(SB_REALM_LIVE, urgency_of(flood)),
                                   .incarnation = flood->incarnation,
                                   .seq = seq};
    sb_pack_array(buf, 1);
    sb_position_pack(buf, &position);
}

/* Says that it sends an incarnation of its own, and holds what it never got. The session
 * is the last one, also of an earlier flood, as an honest agent's store would have it. */
static bool hello_send(struct flood *flood)
{
    struct sb_list_writer orgs;
    struct sb_buf sending, holding;
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_name_bytes(&flood->rogue->config.org[0]));
    sb_buf_init(&sending, SB_FRAME_SIZE_MAX);
    sb_buf_init(&holding, SB_FRAME_SIZE_MAX);
    flood->incarnation = 1 + sb_rogue_now().mono_ms;
    position_add(&sending, flood, 0);
    position_add(&holding, flood, 1000000);
    struct sb_frame hello = {.type = SB_FRAME_HELLO,
                             .minor = SB_PROTOCOL_MINOR,
                             .session = flood->last_session,
                             .orgs = sb_list_bytes(&orgs),
                             .sending = sb_buf_bytes(&sending),
                             .holding = sb_buf_bytes(&holding)};
    bool sent = frame_send(flood, &hello);
    sb_buf_finish(&holding);
    sb_buf_finish(&sending);
    sb_list_finish(&orgs);
    return sent;
}

static bool ping_send(struct flood *flood)
{
    struct sb_frame ping = {.type = SB_FRAME_PING, .session = flood->session};
    return frame_send(flood, &ping);
}

/* For what it was not sent. */
static bool receipt_send(struct flood *flood)
{
    struct sb_frame receipt = {.type = SB_FRAME_RECEIPT,
                               .session = flood->session,
                               .at = {.org = flood->rogue->config.org[0],
                                      .incarnation = flood->incarnation,
                                      .seq = 1000000 + flood->sent}};
    return frame_send(flood, &receipt);
}

/* Of what it holds, signed by nobody. */
static bool proof_send(struct flood *flood)
{
    static const uint8_t signature[SB_SIGNATURE_SIZE];
    struct sb_buf statement;
    sb_buf_init(&statement, SB_FRAME_SIZE_MAX);
    sb_proof_statement_write(flood->session, sb_rogue_now().wall_ms, sb_bytes(NULL, 0), &statement);
    struct sb_frame proof = {.type = SB_FRAME_PROOF,
                             .statement = sb_buf_bytes(&statement),
                             .signature = sb_bytes(signature, sizeof signature)};
    bool sent = frame_send(flood, &proof);
    sb_buf_finish(&statement);
    return sent;
}

static bool oversized_send(struct flood *flood)
{
    static const uint8_t zeros[SB_FRAME_SIZE_MAX + 1];
    bool sent = zmq_send(flood->rogue->socket, zeros, sizeof zeros, ZMQ_DONTWAIT) >= 0;
    flood->sent += sent;
    return sent;
}

/* The next of the pool, and after its end the same again: the chain goes on. Never far from what
 * the broker holds: what it drops is missing in the chain, and what follows costs it nothing. */
static bool data_send(struct flood *flood)
{
    const struct flood_kind *kind = flood->kind;
    if (flood->seq >= flood->held + AHEAD_MAX * kind->a_frame) {
        flood->seq = flood->held;
        flood->head = flood->held_head;
    }
    struct sb_hash head = flood->head;
    struct sb_frame data = {.type = SB_FRAME_DATA,
                            .session = flood->session,
                            .at = {.org = flood->rogue->config.org[0],
                                   .lane = sb_lane(SB_REALM_LIVE, urgency_of(flood)),
                                   .incarnation = flood->incarnation,
                                   .seq = flood->seq + 1,
                                   .head = flood->head}};
    sb_buf_clear(&flood->entries);
    sb_pack_array(&flood->entries, kind->a_frame);
    for (unsigned i = 0; i < kind->a_frame; i++) {
        const struct pooled *pooled = &flood->pool[(flood->seq + i) % kind->pool];
        sb_buf_add(&flood->entries, sb_buf_bytes(&pooled->packed));
        head = sb_chain_next(&head, &pooled->id, sb_bytes(NULL, 0));
    }
    data.entries = sb_buf_bytes(&flood->entries);
    if (!frame_send(flood, &data)) {
        return false;
    }
    flood->seq += kind->a_frame;
    flood->head = head;
    return true;
}

/* One connection more, with its own keys, until there are many. */
static bool connect_send(struct flood *flood)
{
    if (flood->socket_count == SOCKETS_MAX) {
        return false;
    }
    struct sb_public_key own;
    sb_curve_public(flood->rogue->keys.curve_secret, &own);
    void *socket = zmq_socket(flood->rogue->context, ZMQ_DEALER);
    if (socket == NULL) {
        return false;
    }
    int linger = 0;
    bool done =
        zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger) == 0
        && zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, flood->rogue->keys.server.at, SB_KEY_SIZE)
               == 0
        && zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, own.at, SB_KEY_SIZE) == 0
        && zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, flood->rogue->keys.curve_secret, SB_KEY_SIZE)
               == 0
        && zmq_connect(socket, flood->rogue->keys.endpoint) == 0;
    flood->sockets[flood->socket_count++] = socket;
    flood->sent += done;
    return done;
}

static const struct flood_kind kinds[] = {
    {"pings", ping_send, 0, 0, false},
    {"hellos", hello_send, 0, 0, false},
    {"receipts", receipt_send, 0, 0, false},
    {"proofs", proof_send, 0, 0, false},
    {"oversized", oversized_send, 0, 0, false},
    {"refused", data_send, POOL_MAX, SB_ENTRIES_PER_DATA_MAX, false},
    {"big", data_send, 64, 3, true},
    {"connections", connect_send, 0, 0, false},
};

static const struct flood_kind *kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* --- the entries --- */

/* Big ones are reports, which are taken; small ones what only the broker may issue. */
static void event_fill(const struct flood *flood, unsigned number, char *text,
                       struct sb_record *fields)
{
    static const uint8_t nobody[] = {0x90}; /* an empty list */
    sb_record_set_number(fields, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_number(fields, SB_FIELD_ISSUED, sb_rogue_now().wall_ms);
    sb_record_set_name(fields, SB_FIELD_ORIGIN, &flood->rogue->config.org[0]);
    sb_record_set_number(fields, SB_FIELD_KIND,
                         flood->kind->big ? SB_KIND_REPORT : SB_KIND_INFORMATION);
    if (flood->kind->big) {
        sb_record_set_number(fields, SB_FIELD_REVISION, 1 + number);
        sb_record_set_number(fields, SB_FIELD_VALID_AT, sb_rogue_now().wall_ms);
        sb_record_set_text(fields, SB_FIELD_HAPPENED, text);
        sb_record_set_text(fields, SB_FIELD_CONSEQUENCES, text);
        sb_record_set_text(fields, SB_FIELD_MEASURES, text);
        sb_record_set_text(fields, SB_FIELD_NEEDS, text);
    } else {
        sb_record_set_text(fields, SB_FIELD_TITLE, "false");
        sb_record_set_text(fields, SB_FIELD_TEXT, "false");
        sb_record_set_bytes(fields, SB_FIELD_SEATS, sb_bytes(nobody, sizeof nobody));
    }
}

static void pool_fill(struct flood *flood)
{
    struct sb_record *fields = sb_alloc(1, sizeof *fields);
    char *text = sb_alloc(1, BIG_TEXT + 1);
    memset(text, 'x', BIG_TEXT);
    struct sb_entropy entropy;
    sb_rogue_entropy(&entropy);
    for (unsigned i = 0; i < flood->kind->pool; i++) {
        struct pooled *pooled = &flood->pool[i];
        struct sb_seal_by by = {.signer = &flood->rogue->config.realm[SB_REALM_LIVE],
                                .cert = flood->rogue->config.cert};
        struct sb_sealed sealed;
        struct sb_buf buf;
        struct sb_why why = {0};
        sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
        sb_record_clear(fields);
        event_fill(flood, i, text, fields);
        if (sb_event_seal(fields, &by, &entropy, &buf, &sealed, &why) != SB_ERR_OK) {
            (void)fprintf(stderr, "rogue: %s\n", why.text);
            abort();
        }
        pooled->id = sb_hash_one("event", sealed.header);
        sb_buf_init(&pooled->packed, SB_ENTRY_SIZE_MAX + 64);
        sb_entry_pack_sealed(&pooled->packed, &sealed);
        sb_pack_bin(&pooled->packed, sb_bytes(NULL, 0));
        sb_buf_finish(&buf);
    }
    free(text);
    free(fields);
}

/* --- what comes --- */

static void receipt_take(struct flood *flood, const struct sb_frame *frame)
{
    if (frame->at.incarnation == flood->incarnation) {
        flood->held = frame->at.seq;
        flood->held_head = frame->at.head;
    }
}

static void session_read(struct flood *flood, const char *state)
{
    (void)snprintf(flood->file, sizeof flood->file, "%s/rogue-session", state);
    FILE *file = fopen(flood->file, "r");
    char line[32] = "";
    if (file != NULL) {
        (void)!fgets(line, sizeof line, file);
        (void)fclose(file);
    }
    flood->last_session = strtoull(line, NULL, 10); /* 0 where there was none */
}

static void session_keep(struct flood *flood)
{
    FILE *file = fopen(flood->file, "w");
    flood->last_session = flood->session;
    if (file != NULL) {
        (void)fprintf(file, "%llu\n", (unsigned long long)flood->session);
        (void)fclose(file);
    }
}

static void frame_take(struct flood *flood, struct sb_bytes bytes)
{
    struct sb_frame frame;
    struct sb_why why;
    if (sb_frame_read(bytes, &frame, &why) != SB_ERR_OK) {
        return;
    }
    if (frame.type == SB_FRAME_WELCOME) {
        flood->session = frame.session;
        session_keep(flood);
        flood->seq = flood->held = 0;
        flood->head = flood->held_head = (struct sb_hash){{0}};
    } else if (frame.type == SB_FRAME_RECEIPT) {
        receipt_take(flood, &frame);
    } else if (frame.type == SB_FRAME_REFUSE && frame.err == SB_ERR_SESSION) {
        (void)hello_send(flood);
    }
}

/* As a session that an honest agent would have: it greets, and is welcome. */
static bool greet(struct flood *flood, struct sb_buf *buf)
{
    uint64_t end_ms = sb_rogue_now().mono_ms + GREETING_MS;
    while (flood->session == 0 && sb_rogue_now().mono_ms < end_ms) {
        if (hello_send(flood) && sb_rogue_take(flood->rogue, SB_HELLO_EVERY_MS, buf)) {
            frame_take(flood, sb_buf_bytes(buf));
        }
    }
    return flood->session != 0;
}

static void flood_run(struct flood *flood, struct sb_buf *buf, uint64_t seconds)
{
    uint64_t told_ms = sb_rogue_now().mono_ms;
    const uint64_t end_ms = told_ms + seconds * 1000;
    (void)printf("flooding\n");
    while (sb_rogue_now().mono_ms < end_ms) {
        bool taken = true;
        for (unsigned i = 0; i < AT_ONCE && taken; i++) {
            taken = flood->kind->send(flood);
        }
        while (sb_rogue_take(flood->rogue, taken ? 0 : 1, buf)) {
            frame_take(flood, sb_buf_bytes(buf));
        }
        if (sb_rogue_now().mono_ms >= told_ms + 500) {
            told_ms = sb_rogue_now().mono_ms;
            (void)printf("sent %llu\n", (unsigned long long)flood->sent);
            (void)fflush(stdout);
        }
    }
}

int sb_rogue_flood(struct sb_rogue *rogue, const char *state, const char *name, const char *seconds)
{
    const struct flood_kind *kind = kind_find(name);
    int linger = 0;
    if (kind == NULL) {
        (void)fprintf(stderr, "rogue: there is no flood %s\n", name);
        return 2;
    }
    (void)zmq_setsockopt(rogue->socket, ZMQ_LINGER, &linger, sizeof linger);
    struct flood *flood = sb_alloc(1, sizeof *flood);
    struct sb_buf buf;
    flood->rogue = rogue;
    flood->kind = kind;
    session_read(flood, state);
    sb_buf_init(&flood->frame, SB_FRAME_SIZE_MAX);
    sb_buf_init(&flood->entries, SB_FRAME_SIZE_MAX);
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX + 1);
    pool_fill(flood);
    bool greeted = greet(flood, &buf);
    if (greeted) {
        flood_run(flood, &buf, strtoull(seconds, NULL, 10));
    }
    for (unsigned i = 0; i < flood->socket_count; i++) {
        (void)zmq_close(flood->sockets[i]);
    }
    for (unsigned i = 0; i < kind->pool; i++) {
        sb_buf_finish(&flood->pool[i].packed);
    }
    sb_buf_finish(&buf);
    sb_buf_finish(&flood->entries);
    sb_buf_finish(&flood->frame);
    free(flood);
    return greeted ? 0 : 1;
}
