/* join.c: enrolment with an invitation. Keys are made here and never travel; an earlier try's are
 * taken again, so that a lost answer costs nothing: the broker gives the same certificate for the
 * same keys. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "agent_keys.h"
#include "samband/control.h"
#include "samband/keyfiles.h"
#include "samband/loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ASK_EVERY_MS 2000
#define JOIN_WAIT_MS 15000

struct joining {
    char folder[512];
    struct sb_token token;
    struct sb_public_key curve, machine, realm[4];
    struct sb_buf request, cert;
    char link[200];
    char agent[SB_NAME_SIZE_MAX + 1];
    bool answered;
};

/* What an earlier try made is taken again. */
static enum sb_err signer_keep(const char *folder, const char *name, struct sb_public_key *ret_key,
                               struct sb_why *why)
{
    struct sb_signer signer = {0};
    enum sb_err err = sb_keyfile_keep_signer(folder, name, &signer, why);
    *ret_key = signer.public_key;
    sb_signer_wipe(&signer);
    return err;
}

static enum sb_err keys_make(struct joining *joining, struct sb_why *why)
{
    static const char *const realm_files[4] = {NULL, "live", "exercise", "test"};
    uint8_t secret[SB_KEY_SIZE] = {0};
    enum sb_err err = sb_keyfile_keep_secret(joining->folder, "curve", secret, why);
    sb_curve_public(secret, &joining->curve);
    explicit_bzero(secret, sizeof secret);
    if (err == SB_ERR_OK) {
        err = signer_keep(joining->folder, "machine", &joining->machine, why);
    }
    for (unsigned realm = 1; realm < 4 && err == SB_ERR_OK; realm++) {
        err = signer_keep(joining->folder, realm_files[realm], &joining->realm[realm], why);
    }
    return err;
}

static void request_make(struct joining *joining)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_bytes(args, SB_FIELD_CURVE_KEY, sb_bytes(joining->curve.at, SB_KEY_SIZE));
    sb_record_set_bytes(args, SB_FIELD_MACHINE_KEY, sb_bytes(joining->machine.at, SB_KEY_SIZE));
    sb_record_set_bytes(args, SB_FIELD_KEY_LIVE,
                        sb_bytes(joining->realm[SB_REALM_LIVE].at, SB_KEY_SIZE));
    sb_record_set_bytes(args, SB_FIELD_KEY_EXERCISE,
                        sb_bytes(joining->realm[SB_REALM_EXERCISE].at, SB_KEY_SIZE));
    sb_record_set_bytes(args, SB_FIELD_KEY_TEST,
                        sb_bytes(joining->realm[SB_REALM_TEST].at, SB_KEY_SIZE));
    uint8_t id[SB_REQUEST_ID_SIZE];
    sb_keyfile_random(id, sizeof id);
    struct sb_name verb = sb_name("join");
    sb_request_write(id, &verb, args, NULL, &joining->request);
    free(args);
}

static enum sb_err reply_take(struct joining *joining, struct sb_bytes bytes, struct sb_why *why)
{
    struct sb_reply reply;
    enum sb_err err = sb_reply_read(bytes, &reply, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    joining->answered = true;
    if (reply.err != SB_ERR_OK) {
        return sb_why_take(why, reply.err, reply.why);
    }
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_row_reader rows = sb_rows_read(reply.rows);
    struct sb_bytes endpoint = {NULL, 0};
    if (sb_rows_next(&rows, row)) {
        sb_buf_add(&joining->cert, sb_record_bytes(row, SB_FIELD_CERT));
        endpoint = sb_record_bytes(row, SB_FIELD_ENDPOINT);
        struct sb_name agent = sb_record_name(row, SB_FIELD_AGENT);
        (void)snprintf(joining->agent, sizeof joining->agent, "%s", agent.text);
        (void)snprintf(joining->link, sizeof joining->link, "%.*s", (int)endpoint.size,
                       (const char *)endpoint.at);
    }
    free(row);
    if (joining->cert.size == 0 || endpoint.size == 0 || endpoint.size >= sizeof joining->link) {
        return sb_why_say(why, SB_ERR_MALFORMED, "centralens svar innehåller inget certifikat",
                          "the broker's answer holds no certificate");
    }
    return SB_ERR_OK;
}

/* Asks until an answer comes: asked again it is the same request, and makes nothing twice. */
static enum sb_err ask(struct joining *joining, struct sb_why *why)
{
    struct sb_loop *loop = sb_loop_new();
    enum sb_err err = sb_loop_connect(loop, SB_PORT_CONTROL, joining->token.endpoint,
                                      joining->token.once_secret, &joining->token.broker, why);
    uint64_t end_ms = sb_loop_now(loop).mono_ms + JOIN_WAIT_MS;
    uint64_t ask_ms = 0;
    bool stop = false;
    while (err == SB_ERR_OK && !joining->answered && !stop) {
        uint64_t now_ms = sb_loop_now(loop).mono_ms;
        if (now_ms >= end_ms) {
            err = sb_why_say(
                why, SB_ERR_NO_CONTACT,
                "inget svar från %s; går adressen att nå, och är inbjudan gjord av den centralen? "
                "En central svarar inte nycklar den inte känner",
                "no answer from %s; is the address reachable, and the invitation one that "
                "this broker made? A broker does not answer keys that it does not know",
                joining->token.endpoint);
            break;
        }
        if (now_ms >= ask_ms
            && sb_loop_send(loop, SB_PORT_CONTROL, 0, sb_buf_bytes(&joining->request))) {
            ask_ms = now_ms + ASK_EVERY_MS;
        }
        sb_loop_wait(loop, now_ms + 100);
        struct sb_loop_event event;
        while (err == SB_ERR_OK && !joining->answered && sb_loop_next(loop, &event)) {
            if (event.kind == SB_LOOP_MESSAGE) {
                err = reply_take(joining, event.bytes, why);
            }
            stop = event.kind == SB_LOOP_STOP;
        }
    }
    if (err == SB_ERR_OK && !joining->answered) {
        err = sb_why_say(why, SB_ERR_UNKNOWN_OUTCOME, "avbrutet; samma kommando igen är säkert",
                         "interrupted; the same command again is safe");
    }
    sb_loop_destroy(loop);
    return err;
}

static enum sb_err certificate_keep(struct joining *joining, struct sb_why *why)
{
    struct sb_cert cert;
    struct sb_now now;
    struct sb_loop *loop = sb_loop_new();
    now = sb_loop_now(loop);
    sb_loop_destroy(loop);
    enum sb_err err = sb_cert_read(sb_buf_bytes(&joining->cert), &joining->token.root, now.wall_ms,
                                   NULL, &cert, why);
    if (err == SB_ERR_OK && cert.role != SB_ROLE_AGENT) {
        err = sb_why_say(
            why, SB_ERR_NOT_ALLOWED,
            "detta är en persons inbjudan, %s, inte en agents; använd den med: samband join TOKEN",
            "this is the invitation of a person, %s, not of an agent; use it with: "
            "samband join TOKEN",
            cert.subject.text);
    }
    if (err == SB_ERR_OK && memcmp(cert.curve.at, joining->curve.at, SB_KEY_SIZE) != 0) {
        err = sb_why_say(why, SB_ERR_SIGNATURE, "certifikatet gäller en annan nyckel än vår",
                         "the certificate is for another key than ours");
    }
    const struct {
        const char *name;
        struct sb_bytes bytes;
    } files[] = {
        {"root", sb_bytes(joining->token.root.at, SB_KEY_SIZE)},
        {"server", sb_bytes(joining->token.broker.at, SB_KEY_SIZE)},
        {"endpoint", sb_bytes_str(joining->link)},
        {"cert", sb_buf_bytes(&joining->cert)}, /* last: with it the agent is enrolled */
    };
    for (size_t i = 0; i < sizeof files / sizeof *files && err == SB_ERR_OK; i++) {
        err = sb_keyfile_write(joining->folder, files[i].name, files[i].bytes, why);
    }
    return err;
}

/* The token brought the root along: only the paper, which came another way, tells whose it is. */
static void joined_say(const struct joining *joining)
{
    char fingerprint[64];
    sb_fingerprint(&joining->token.root, fingerprint);
    (void)printf("%s: inskriven. Rotens fingeravtryck (jämför med papperet): %s\n"
                 "%s: enrolled. Root's fingerprint (compare with the paper): %s\n",
                 joining->agent, fingerprint, joining->agent, fingerprint);
}

static enum sb_err joining_prepare(struct joining *joining, const char *token, const char *state,
                                   struct sb_why *why)
{
    enum sb_err err = sb_token_read(sb_bytes_str(token), &joining->token, why);
    if (err == SB_ERR_OK && mkdir(state, 0700) != 0 && errno != EEXIST) {
        err = sb_why_say(why, SB_ERR_IO, "mappen %s kan inte skapas: %s",
                         "the folder %s cannot be made: %s", state, strerror(errno));
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_path(state, "keys", joining->folder, why);
    }
    if (err == SB_ERR_OK && sb_keyfile_exists(joining->folder, "cert")) {
        err = sb_why_say(why, SB_ERR_ALREADY,
                         "%s innehåller redan en inskriven agent; välj en annan mapp med --state",
                         "%s holds an enrolled agent already; choose another folder with --state",
                         state);
    }
    return err;
}

enum sb_err sb_agent_join(const char *token, const char *state, struct sb_why *why)
{
    struct joining *joining = sb_alloc(1, sizeof *joining);
    sb_buf_init(&joining->request, SB_FRAME_SIZE_MAX);
    sb_buf_init(&joining->cert, SB_CERT_SIZE_MAX);
    enum sb_err err = joining_prepare(joining, token, state, why);
    if (err == SB_ERR_OK) {
        err = keys_make(joining, why);
    }
    if (err == SB_ERR_OK) {
        request_make(joining);
        err = ask(joining, why);
    }
    if (err == SB_ERR_OK) {
        err = certificate_keep(joining, why);
    }
    if (err == SB_ERR_OK) {
        joined_say(joining);
    }
    sb_buf_finish(&joining->request);
    sb_buf_finish(&joining->cert);
    explicit_bzero(joining, sizeof *joining);
    free(joining);
    return err;
}
