/* contact.c: see contact.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "contact.h"

#include "pending.h"
#include "profile.h"
#include "samband/keyfiles.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RESEND_MS 2000
static_assert(SB_CONTROL_WAIT_MS > 2 * RESEND_MS, "a lost request goes again before the deadline");

/* A verb's rows are at most this many messages (a quarter of a gigabyte): more is refused. */
#define PAGES_MAX 1024

static const char local_scheme[] = "ipc://";

const struct sb_verb_row *sb_contact_verb(enum sb_verb verb)
{
    static const char *const names[SB_VERB_COUNT] = {
#define X(name, text, where, writes, role) [SB_VERB_##name] = (text),
        SB_VERBS(X)
#undef X
    };
    SB_ASSERT(verb > SB_VERB_NOTHING && verb < SB_VERB_COUNT);
    const struct sb_verb_row *row = sb_verb_find(names[verb]);
    SB_ASSERT(row != NULL);
    return row;
}

static int endpoint_find(struct sb_cli *cli)
{
    struct sb_contact *contact = &cli->contact;
    if (cli->endpoint != NULL) {
        if (strlen(cli->endpoint) >= sizeof contact->endpoint) {
            sb_cli_say_one(cli, SB_TEXT_ENDPOINT_UNREADABLE, cli->endpoint);
            return SB_EXIT_USAGE;
        }
        memcpy(contact->endpoint, cli->endpoint, strlen(cli->endpoint) + 1);
    } else if (!sb_profile_endpoint(cli->profile, contact->endpoint)) {
        sb_cli_say_one(cli, SB_TEXT_NO_PROFILE, cli->profile);
        return SB_EXIT_USAGE;
    }
    contact->is_agent = strncmp(contact->endpoint, local_scheme, sizeof local_scheme - 1) == 0;
    return SB_EXIT_DONE;
}

static int agent_open(struct sb_cli *cli)
{
    struct sb_contact *contact = &cli->contact;
    /* Without this look a wrong path would only show as silence, eight seconds later. */
    if (access(contact->endpoint + sizeof local_scheme - 1, F_OK) != 0) {
        sb_cli_say_one(cli, SB_TEXT_NO_AGENT, contact->endpoint);
        return SB_EXIT_NO_CONTACT;
    }
    return SB_EXIT_DONE;
}

static int broker_open(struct sb_cli *cli)
{
    struct sb_contact *contact = &cli->contact;
    struct sb_profile profile;
    struct sb_why why = {0};
    enum sb_err err = sb_profile_read(cli->profile, cli->view.now_ms, &profile, &why);
    if (err == SB_ERR_OK) {
        contact->signer = profile.signer;
        contact->realm = profile.cert.realm;
        memcpy(contact->curve, profile.curve, sizeof contact->curve);
        contact->server = profile.server;
    }
    sb_profile_finish(&profile);
    if (err == SB_ERR_NOT_FOUND) {
        sb_cli_say_one(cli, SB_TEXT_NO_PROFILE, cli->profile);
        return SB_EXIT_USAGE;
    }
    return err == SB_ERR_OK ? SB_EXIT_DONE : sb_cli_refuse(cli, err, &why);
}

int sb_contact_open(struct sb_cli *cli)
{
    int exit = endpoint_find(cli);
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    cli->contact.loop = sb_loop_new();
    cli->contact.wait_ms = SB_CONTROL_WAIT_MS;
    exit = cli->contact.is_agent ? agent_open(cli) : broker_open(cli);
    if (exit != SB_EXIT_DONE) {
        sb_contact_close(cli);
    }
    return exit;
}

void sb_contact_close(struct sb_cli *cli)
{
    if (cli->contact.loop != NULL) {
        sb_loop_destroy(cli->contact.loop);
    }
    cli->contact.loop = NULL;
    cli->contact.connected = false;
    explicit_bzero(cli->contact.curve, sizeof cli->contact.curve);
    sb_signer_wipe(&cli->contact.signer);
}

static enum sb_err contact_connect(struct sb_contact *contact, struct sb_why *why)
{
    if (contact->connected) {
        return SB_ERR_OK;
    }
    enum sb_err err = sb_loop_connect(contact->loop, SB_PORT_CONTROL, contact->endpoint,
                                      contact->is_agent ? NULL : contact->curve,
                                      contact->is_agent ? NULL : &contact->server, why);
    contact->connected = err == SB_ERR_OK;
    return err;
}

/* True where the message is the reply that is waited for: others are late ones to requests given
 * up.
 */
static bool reply_take(struct sb_contact *contact, const struct sb_loop_event *event,
                       const uint8_t id[SB_REQUEST_ID_SIZE], struct sb_pages *pages,
                       struct sb_answered *ret_answered)
{
    struct sb_reply reply;
    struct sb_why why = {0};
    enum sb_err err = sb_reply_read(event->bytes, &reply, &why);
    contact->heard = true;
    if (err == SB_ERR_VERSION || err == SB_ERR_TOO_LARGE) { /* no other will come */
        *ret_answered = (struct sb_answered){.err = err, .why = why};
        return true;
    }
    if (err != SB_ERR_OK || memcmp(reply.id, id, SB_REQUEST_ID_SIZE) != 0) {
        return false;
    }
    *ret_answered = (struct sb_answered){.err = reply.err, .next = reply.next};
    (void)sb_why_take(&ret_answered->why, reply.err, reply.why);
    if (reply.err == SB_ERR_OK) {
        sb_pages_add(pages, reply.rows);
    }
    return true;
}

enum sb_asked sb_contact_ask(struct sb_contact *contact, const uint8_t id[SB_REQUEST_ID_SIZE],
                             struct sb_bytes request, struct sb_pages *pages,
                             struct sb_answered *ret_answered)
{
    struct sb_loop *loop = contact->loop;
    struct sb_loop_event event;
    *ret_answered = (struct sb_answered){0};
    ret_answered->err = contact_connect(contact, &ret_answered->why);
    if (ret_answered->err != SB_ERR_OK) {
        return SB_ASKED_ANSWERED;
    }
    uint64_t now = sb_loop_now(loop).mono_ms;
    uint64_t deadline = now + contact->wait_ms, resend = now;
    while (now < deadline) {
        if (now >= resend) {
            (void)sb_loop_send(loop, SB_PORT_CONTROL, 0, request);
            resend = now + RESEND_MS;
        }
        sb_loop_wait(loop, resend < deadline ? resend : deadline);
        while (sb_loop_next(loop, &event)) {
            if (event.kind == SB_LOOP_STOP || event.kind == SB_LOOP_RELOAD) {
                return SB_ASKED_STOPPED; /* Ctrl-C, or the terminal went away */
            }
            if (event.kind == SB_LOOP_MESSAGE
                && reply_take(contact, &event, id, pages, ret_answered)) {
                return SB_ASKED_ANSWERED;
            }
        }
        now = sb_loop_now(loop).mono_ms;
    }
    return SB_ASKED_SILENT;
}

/* Refuses what could not be encoded, with the field's own sentence. */
static bool request_write(struct sb_contact *contact, const uint8_t id[SB_REQUEST_ID_SIZE],
                          enum sb_verb verb, const struct sb_record *args, struct sb_buf *buf,
                          struct sb_answered *ret_answered)
{
    const struct sb_verb_row *row = sb_contact_verb(verb);
    struct sb_name name = sb_name(row->text);
    struct sb_why why = {0};
    if (sb_record_unwritable(args, &why) != 0) {
        *ret_answered = (struct sb_answered){.err = SB_ERR_USAGE, .why = why};
        return false;
    }
    sb_buf_init(buf, SB_ORDER_SIZE_MAX);
    sb_request_write(id, &name, args, row->writes && !contact->is_agent ? &contact->signer : NULL,
                     buf);
    if (!buf->overflow) {
        return true;
    }
    sb_buf_finish(buf);
    *ret_answered = (struct sb_answered){.err = SB_ERR_TOO_LARGE};
    (void)sb_why_say(&ret_answered->why, SB_ERR_TOO_LARGE,
                     "begäran blir mer än %d byte; korta texten eller dela upp den",
                     "the request would be more than %d bytes; shorten the text, or divide it",
                     SB_ORDER_SIZE_MAX);
    return false;
}

enum sb_asked sb_contact_read(struct sb_contact *contact, enum sb_verb verb, struct sb_record *args,
                              struct sb_pages *pages, struct sb_answered *ret_answered)
{
    enum sb_asked asked = SB_ASKED_ANSWERED;
    *ret_answered = (struct sb_answered){0};
    do {
        uint8_t id[SB_REQUEST_ID_SIZE];
        struct sb_buf request;
        sb_keyfile_random(id, sizeof id);
        if (ret_answered->next > 0) {
            sb_record_set_number(args, SB_FIELD_OFFSET, ret_answered->next);
        }
        if (!request_write(contact, id, verb, args, &request, ret_answered)) {
            return SB_ASKED_ANSWERED;
        }
        asked = sb_contact_ask(contact, id, sb_buf_bytes(&request), pages, ret_answered);
        sb_buf_finish(&request);
    } while (asked == SB_ASKED_ANSWERED && ret_answered->err == SB_ERR_OK && ret_answered->next > 0
             && pages->count < PAGES_MAX);
    return asked;
}

int sb_contact_judge(const struct sb_cli *cli, enum sb_asked asked,
                     const struct sb_answered *answered)
{
    switch (asked) {
    case SB_ASKED_ANSWERED:
        return answered->err == SB_ERR_OK ? SB_EXIT_DONE
                                          : sb_cli_refuse(cli, answered->err, &answered->why);
    case SB_ASKED_SILENT:
        sb_cli_say_one(cli, cli->contact.is_agent ? SB_TEXT_NO_AGENT : SB_TEXT_NO_BROKER,
                       cli->contact.endpoint);
        return SB_EXIT_NO_CONTACT;
    case SB_ASKED_STOPPED: return SB_EXIT_NO_CONTACT;
    }
    return SB_EXIT_NO_CONTACT;
}

/* Asks something harmless first, so that "no contact, nothing was sent" can be told from "sent, and
 * then silence". Any answer will do. */
static int contact_prove(struct sb_cli *cli)
{
    if (cli->contact.heard) {
        return SB_EXIT_DONE;
    }
    struct sb_record args = {0};
    struct sb_pages pages;
    struct sb_answered answered;
    uint8_t id[SB_REQUEST_ID_SIZE];
    struct sb_buf request;
    sb_pages_init(&pages);
    sb_keyfile_random(id, sizeof id);
    SB_ASSERT(request_write(&cli->contact, id, SB_VERB_COUNTERS, &args, &request, &answered));
    enum sb_asked asked =
        sb_contact_ask(&cli->contact, id, sb_buf_bytes(&request), &pages, &answered);
    sb_buf_finish(&request);
    sb_pages_finish(&pages);
    return cli->contact.heard ? SB_EXIT_DONE : sb_contact_judge(cli, asked, &answered);
}

int sb_contact_write(struct sb_cli *cli, enum sb_verb verb, const struct sb_record *args,
                     const struct sb_hash *what, struct sb_pages *pages)
{
    struct sb_answered answered = {0};
    struct sb_pending pending;
    struct sb_why why = {0};
    int exit = contact_prove(cli);
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    sb_pending_init(&pending);
    if (!sb_pending_find(cli, what, &pending)) {
        struct sb_buf request;
        sb_keyfile_random(pending.id, sizeof pending.id);
        if (!request_write(&cli->contact, pending.id, verb, args, &request, &answered)) {
            return sb_cli_refuse(cli, answered.err, &answered.why);
        }
        sb_buf_add(&pending.request, sb_buf_bytes(&request));
        sb_buf_finish(&request);
        enum sb_err err = sb_pending_store(cli, what, &pending, &why);
        if (err != SB_ERR_OK) {
            sb_pending_finish(&pending);
            return sb_cli_refuse(cli, err, &why);
        }
    }
    enum sb_asked asked =
        sb_contact_ask(&cli->contact, pending.id, sb_buf_bytes(&pending.request), pages, &answered);
    sb_pending_finish(&pending);
    if (asked != SB_ASKED_ANSWERED) {
        sb_cli_say_one(cli, SB_TEXT_OUTCOME_UNKNOWN, cli->contact.endpoint);
        return SB_EXIT_UNKNOWN;
    }
    sb_pending_remove(cli, what);
    return sb_contact_judge(cli, asked, &answered);
}
