/* cmd_join.c: `samband join TOKEN`: a person enrols. Keys are made here and never travel; the realm
 * is what the invitation says, so one key for each is made and the two that are not wanted are
 * thrown away. The same command again, after silence, asks with the same keys. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "commands.h"
#include "contact.h"
#include "profile.h"
#include "samband/keyfiles.h"
#include "samband/words.h"

#include <string.h>
#include <unistd.h>

static const struct sb_operand operands[] = {
    {SB_TEXT_VALUE_TOKEN, SB_TAKES_RAW, SB_FIELD_TOKEN, false},
    {0},
};

/* By enum sb_realm. */
static const char *const key_files[4] = {NULL, "sign-live", "sign-exercise", "sign-test"};
static const enum sb_field key_fields[4] = {0, SB_FIELD_KEY_LIVE, SB_FIELD_KEY_EXERCISE,
                                            SB_FIELD_KEY_TEST};

struct joining {
    char folder[SB_PATH_SIZE + 16]; /* keys wait here until they are certified */
    struct sb_token token;
    uint8_t curve[SB_KEY_SIZE];
    struct sb_public_key curve_public;
    uint8_t seed[4][SB_KEY_SIZE];
    struct sb_public_key sign[4];
    struct sb_buf cert_bytes;
    struct sb_cert cert;
};

/* Made at the first try, read at the next. */
static enum sb_err secret_keep(const char *folder, const char *name, uint8_t secret[SB_KEY_SIZE],
                               struct sb_why *why)
{
    struct sb_buf buf;
    if (!sb_keyfile_exists(folder, name)) {
        sb_keyfile_random(secret, SB_KEY_SIZE);
        return sb_keyfile_write(folder, name, sb_bytes(secret, SB_KEY_SIZE), why);
    }
    sb_buf_init(&buf, SB_KEY_SIZE);
    enum sb_err err = sb_keyfile_read(folder, name, SB_KEY_SIZE, &buf, why);
    if (err == SB_ERR_OK && buf.size != SB_KEY_SIZE) {
        err = sb_why_say(
            why, SB_ERR_CORRUPT, "nyckeln %s/%s är inte hel; ta bort den och ge kommandot igen",
            "the key %s/%s is not whole; remove it and give the command again", folder, name);
    }
    if (err == SB_ERR_OK) {
        memcpy(secret, buf.at, SB_KEY_SIZE);
    }
    if (buf.at != NULL) {
        explicit_bzero(buf.at, buf.room);
    }
    sb_buf_finish(&buf);
    return err;
}

static enum sb_err keys_make(struct joining *joining, struct sb_why *why)
{
    struct sb_signer signer;
    enum sb_err err = sb_profile_make(joining->folder, why);
    if (err == SB_ERR_OK) {
        err = secret_keep(joining->folder, "curve", joining->curve, why);
    }
    sb_curve_public(joining->curve, &joining->curve_public);
    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST && err == SB_ERR_OK; realm++) {
        err = secret_keep(joining->folder, key_files[realm], joining->seed[realm], why);
        sb_signer_make(joining->seed[realm], &signer);
        joining->sign[realm] = signer.public_key;
        sb_signer_wipe(&signer);
    }
    return err;
}

/* Connects with the invitation's one-time key and asks. Exit code; says why. */
static int ask(struct sb_cli *cli, struct joining *joining, struct sb_pages *pages)
{
    struct sb_contact *contact = &cli->contact;
    struct sb_record args = {0};
    struct sb_buf request;
    struct sb_answered answered;
    struct sb_name verb = sb_name(sb_contact_verb(SB_VERB_JOIN)->text);
    uint8_t id[SB_REQUEST_ID_SIZE];
    contact->loop = sb_loop_new();
    contact->wait_ms = SB_CONTROL_WAIT_MS;
    (void)snprintf(contact->endpoint, sizeof contact->endpoint, "%s", joining->token.endpoint);
    memcpy(contact->curve, joining->token.once_secret, sizeof contact->curve);
    contact->server = joining->token.broker;
    sb_record_set_bytes(&args, SB_FIELD_CURVE_KEY, sb_bytes(joining->curve_public.at, SB_KEY_SIZE));
    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST; realm++) {
        sb_record_set_bytes(&args, key_fields[realm],
                            sb_bytes(joining->sign[realm].at, SB_KEY_SIZE));
    }
    sb_keyfile_random(id, sizeof id);
    sb_buf_init(&request, SB_ORDER_SIZE_MAX);
    sb_request_write(id, &verb, &args, NULL, &request);
    enum sb_asked asked = sb_contact_ask(contact, id, sb_buf_bytes(&request), pages, &answered);
    sb_buf_finish(&request);
    if (asked == SB_ASKED_SILENT) {
        sb_cli_say_one(cli, SB_TEXT_JOIN_SILENT, contact->endpoint);
    }
    if (asked != SB_ASKED_ANSWERED) {
        return SB_EXIT_NO_CONTACT;
    }
    return sb_contact_judge(cli, asked, &answered);
}

/* The certificate must be the root's, for a person, and for the keys that were made here. */
static enum sb_err cert_take(const struct sb_cli *cli, struct joining *joining,
                             const struct sb_pages *pages, struct sb_why *why)
{
    struct sb_record row = {0};
    struct sb_pages_reader reader = sb_pages_read(pages);
    if (!sb_pages_next(&reader, &row)) {
        return sb_why_say(why, SB_ERR_MALFORMED,
                          "centralens svar innehåller inget certifikat; ge kommandot igen",
                          "the broker's answer holds no certificate; give the command again");
    }
    sb_buf_add(&joining->cert_bytes, sb_record_bytes(&row, SB_FIELD_CERT));
    enum sb_err err = sb_cert_read(sb_buf_bytes(&joining->cert_bytes), &joining->token.root,
                                   cli->view.now_ms, NULL, &joining->cert, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    const struct sb_cert *cert = &joining->cert;
    if (cert->role == SB_ROLE_AGENT) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED,
                          "inbjudan är en agents, %s, inte en persons; använd den med: "
                          "samband-agent join INBJUDAN",
                          "the invitation is an agent's, %s, not a person's; use it with: "
                          "samband-agent join TOKEN",
                          cert->subject.text);
    }
    if (cert->realm < SB_REALM_LIVE || cert->realm > SB_REALM_TEST
        || memcmp(cert->curve.at, joining->curve_public.at, SB_KEY_SIZE) != 0
        || !cert->has_realm_key[cert->realm]
        || memcmp(cert->realm_key[cert->realm].at, joining->sign[cert->realm].at, SB_KEY_SIZE)
               != 0) {
        return sb_why_say(
            why, SB_ERR_SIGNATURE,
            "certifikatet för %s gäller andra nycklar än våra; be om en ny inbjudan",
            "the certificate of %s is for other keys than ours; ask for a new invitation",
            cert->subject.text);
    }
    return SB_ERR_OK;
}

static enum sb_err profile_write(const char *folder, const struct joining *joining,
                                 struct sb_why *why)
{
    const struct sb_word *realm = sb_word_find(SB_FIELD_REALM, joining->cert.realm);
    SB_ASSERT(realm != NULL); /* cert_take looked */
    const struct {
        const char *name;
        struct sb_bytes bytes;
    } files[] = {
        {"realm", sb_bytes_str(realm->json)},
        {"sign", sb_bytes(joining->seed[joining->cert.realm], SB_KEY_SIZE)},
        {"server", sb_bytes(joining->token.broker.at, SB_KEY_SIZE)},
        {"root", sb_bytes(joining->token.root.at, SB_KEY_SIZE)},
        {"cert", sb_buf_bytes(&joining->cert_bytes)},
        {"endpoint", sb_bytes_str(joining->token.endpoint)},
        {"curve", sb_bytes(joining->curve, SB_KEY_SIZE)}, /* last: with it the profile is whole */
    };
    enum sb_err err = SB_ERR_OK;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && err == SB_ERR_OK; i++) {
        err = sb_keyfile_write(folder, files[i].name, files[i].bytes, why);
    }
    return err;
}

/* What only the enrolment needed: also the keys of the other two realms. */
static void waiting_remove(const struct joining *joining)
{
    static const char *const names[] = {"curve", "sign-live", "sign-exercise", "sign-test"};
    char path[SB_PATH_SIZE + 64];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", joining->folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(joining->folder);
}

static int joined_say(const struct sb_cli *cli, const struct joining *joining)
{
    char fingerprint[64];
    const struct sb_word *realm = sb_word_find(SB_FIELD_REALM, joining->cert.realm);
    const struct sb_word *role = sb_word_find(SB_FIELD_ROLE, joining->cert.role);
    sb_fingerprint(&joining->token.root, fingerprint);
    const char *const values[] = {
        joining->cert.subject.text,
        role == NULL ? "?" : sb_text_either(cli->view.language, role->sv, role->en),
        realm == NULL ? "?" : sb_text_either(cli->view.language, realm->sv, realm->en),
        cli->profile, fingerprint};
    sb_cli_say(cli, SB_TEXT_JOINED, values, 5);
    return SB_EXIT_DONE;
}

static int token_take(const struct sb_cli *cli, const char *text, struct joining *joining)
{
    char line[1024] = "";
    struct sb_why why = {0};
    if (strcmp(text, "-") == 0) {
        if (fgets(line, sizeof line, stdin) == NULL) {
            line[0] = '\0';
        }
        line[strcspn(line, "\r\n")] = '\0';
        text = line;
    }
    enum sb_err err = sb_token_read(sb_bytes_str(text), &joining->token, &why);
    explicit_bzero(line, sizeof line);
    if (err == SB_ERR_OK && joining->token.expires <= cli->view.now_ms) {
        err = SB_ERR_EXPIRED;
    }
    return err == SB_ERR_OK ? SB_EXIT_DONE : sb_cli_refuse(cli, err, &why);
}

static int join_run(struct sb_cli *cli, const struct sb_command *command,
                    const struct sb_parsed *parsed)
{
    (void)command;
    struct joining joining = {0};
    struct sb_pages pages;
    struct sb_why why = {0};
    if (sb_keyfile_exists(cli->profile, "curve")) {
        sb_cli_say_one(cli, SB_TEXT_JOIN_ALREADY, cli->profile);
        return SB_EXIT_REFUSED;
    }
    int exit = token_take(cli, sb_parsed_field(parsed, SB_FIELD_TOKEN), &joining);
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    sb_pages_init(&pages);
    sb_buf_init(&joining.cert_bytes, SB_CERT_SIZE_MAX);
    (void)snprintf(joining.folder, sizeof joining.folder, "%s/joining", cli->profile);
    enum sb_err err = keys_make(&joining, &why);
    exit = err == SB_ERR_OK ? ask(cli, &joining, &pages) : sb_cli_refuse(cli, err, &why);
    if (exit == SB_EXIT_DONE) {
        err = cert_take(cli, &joining, &pages, &why);
        if (err == SB_ERR_OK) {
            err = profile_write(cli->profile, &joining, &why);
        }
        exit = err == SB_ERR_OK ? joined_say(cli, &joining) : sb_cli_refuse(cli, err, &why);
    }
    if (exit == SB_EXIT_DONE) {
        waiting_remove(&joining);
    }
    sb_pages_finish(&pages);
    sb_buf_finish(&joining.cert_bytes);
    explicit_bzero(&joining, sizeof joining);
    return exit;
}

const struct sb_command sb_cmd_join = {
    .name = "join",
    .alias = {"anslut"},
    .brief = SB_TEXT_JOIN,
    .detail = SB_TEXT_JOIN_MORE,
    .operands = operands,
    .run = join_run,
};
