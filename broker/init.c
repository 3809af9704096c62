/* init.c: founds a broker. The root key is made here, signs the broker's and the enrolment
 * certificate, and is then only a file to be carried away: nothing else ever reads it.
 *
 * The broker's certificate is the last file that is written: with it the broker is whole, and
 * without it the daemon does not start. Where init was cut off before that, the same command again
 * begins anew with the keys that are there, and completes it. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "init.h"

#include "samband/keyfiles.h"
#include "samband/store.h"
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct founding {
    const struct sb_init_wanted *wanted;
    char keys[512], root_folder[512], store[512], settings[512];
    struct sb_signer root;
    struct sb_broker_config config;
    uint8_t curve_secret[SB_KEY_SIZE];
    struct sb_buf cert, enrolment_cert;
    struct sb_name operator_name;
    struct sb_store *opened;
    uint64_t now_ms;
};

static uint64_t wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static enum sb_err folder_make(const char *path, struct sb_why *why)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return sb_why_say(why, SB_ERR_IO, "mappen %s kan inte skapas: %s",
                          "the folder %s cannot be made: %s", path, strerror(errno));
    }
    return SB_ERR_OK;
}

/* What an earlier try made is taken again, so that what it wrote elsewhere (a profile) is known. */
static enum sb_err keys_make(struct founding *founding, struct sb_why *why)
{
    static const char *const realm_files[4] = {NULL, "live", "exercise", "test"};
    enum sb_err err =
        sb_keyfile_keep_signer(founding->root_folder, "root-secret", &founding->root, why);
    for (unsigned realm = 1; realm < 4 && err == SB_ERR_OK; realm++) {
        err = sb_keyfile_keep_signer(founding->keys, realm_files[realm],
                                     &founding->config.realm[realm], why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_keep_signer(founding->keys, "enrolment", &founding->config.enrolment, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_keep_secret(founding->keys, "curve", founding->curve_secret, why);
    }
    if (err == SB_ERR_OK) {
        sb_curve_public(founding->curve_secret, &founding->config.curve);
        founding->config.root = founding->root.public_key;
        err = sb_keyfile_write(founding->keys, "root",
                               sb_bytes(founding->config.root.at, SB_KEY_SIZE), why);
    }
    return err;
}

static void validity_set(struct sb_record *record, uint64_t now_ms, uint64_t serial)
{
    sb_record_set_number(record, SB_FIELD_VALID_FROM, now_ms - 60000); /* clocks differ a little */
    sb_record_set_number(record, SB_FIELD_VALID_TO, now_ms + SB_CERT_VALID_MS);
    sb_record_set_number(record, SB_FIELD_SERIAL, serial);
}

static void key_set(struct sb_record *record, enum sb_field field, const struct sb_public_key *key)
{
    sb_record_set_bytes(record, field, sb_bytes(key->at, SB_KEY_SIZE));
}

static enum sb_err certs_make(struct founding *founding, struct sb_why *why)
{
    struct sb_broker_config *config = &founding->config;
    struct sb_record *record = sb_alloc(1, sizeof *record);
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_name_bytes(&config->org));
    sb_record_set_name(record, SB_FIELD_SUBJECT, &config->org);
    sb_record_set_number(record, SB_FIELD_ROLE, SB_ROLE_BROKER);
    sb_record_set_bytes(record, SB_FIELD_ORGS, sb_list_bytes(&orgs));
    key_set(record, SB_FIELD_CURVE_KEY, &config->curve);
    key_set(record, SB_FIELD_KEY_LIVE, &config->realm[SB_REALM_LIVE].public_key);
    key_set(record, SB_FIELD_KEY_EXERCISE, &config->realm[SB_REALM_EXERCISE].public_key);
    key_set(record, SB_FIELD_KEY_TEST, &config->realm[SB_REALM_TEST].public_key);
    validity_set(record, founding->now_ms, 1);
    sb_cert_write(record, &founding->root, sb_bytes(NULL, 0), &founding->cert);
    sb_list_finish(&orgs);

    sb_record_clear(record);
    struct sb_name enrolment = sb_name("enrolment");
    sb_record_set_name(record, SB_FIELD_SUBJECT, &enrolment);
    sb_record_set_number(record, SB_FIELD_ROLE, SB_ROLE_ENROLMENT);
    key_set(record, SB_FIELD_MACHINE_KEY, &config->enrolment.public_key);
    validity_set(record, founding->now_ms, 2);
    sb_cert_write(record, &founding->root, sb_bytes(NULL, 0), &founding->enrolment_cert);
    free(record);
    config->cert = sb_buf_bytes(&founding->cert);
    config->enrolment_cert = sb_buf_bytes(&founding->enrolment_cert);
    return sb_keyfile_write(founding->keys, "enrolment-cert", config->enrolment_cert, why);
}

static enum sb_err profile_write(struct founding *founding, const uint8_t transport[SB_KEY_SIZE],
                                 const uint8_t sign[SB_KEY_SIZE], struct sb_bytes cert,
                                 struct sb_why *why)
{
    const struct {
        const char *name;
        struct sb_bytes bytes;
    } files[] = {
        {"curve", sb_bytes(transport, SB_KEY_SIZE)},
        {"sign", sb_bytes(sign, SB_KEY_SIZE)},
        {"server", sb_bytes(founding->config.curve.at, SB_KEY_SIZE)},
        {"root", sb_bytes(founding->config.root.at, SB_KEY_SIZE)},
        {"endpoint", sb_bytes_str(founding->wanted->control)},
        {"realm", sb_bytes_str("live")},
        {"cert", cert},
    };
    enum sb_err err = folder_make(founding->wanted->profile, why);
    for (size_t i = 0; i < sizeof files / sizeof *files && err == SB_ERR_OK; i++) {
        err = sb_keyfile_write(founding->wanted->profile, files[i].name, files[i].bytes, why);
    }
    return err;
}

static enum sb_err operator_make(struct founding *founding, struct sb_why *why)
{
    struct sb_store *store = founding->opened;
    uint8_t transport[SB_KEY_SIZE];
    uint8_t sign[SB_KEY_SIZE];
    sb_keyfile_random(transport, sizeof transport);
    sb_keyfile_random(sign, sizeof sign);
    struct sb_public_key transport_key;
    sb_curve_public(transport, &transport_key);
    struct sb_signer signer;
    sb_signer_make(sign, &signer);
    struct sb_record *record = sb_alloc(1, sizeof *record);
    sb_record_set_name(record, SB_FIELD_SUBJECT, &founding->operator_name);
    sb_record_set_number(record, SB_FIELD_ROLE, SB_ROLE_ADMIN);
    sb_record_set_number(record, SB_FIELD_REALM, SB_REALM_LIVE);
    key_set(record, SB_FIELD_CURVE_KEY, &transport_key);
    key_set(record, SB_FIELD_KEY_LIVE, &signer.public_key);
    struct sb_now now = {.mono_ms = 1, .wall_ms = founding->now_ms};
    struct sb_buf cert;
    sb_buf_init(&cert, SB_CERT_SIZE_MAX);
    enum sb_err err = SB_ERR_IO;
    struct sb_txn *txn = sb_store_begin(store, why);
    if (txn != NULL) {
        sb_broker_found(txn, &founding->config, now);
        err = sb_broker_enrol_operator(txn, &founding->config, record, now, &cert, why);
        if (err == SB_ERR_OK) {
            err = sb_store_commit(store, txn, why);
        } else {
            sb_store_abort(store, txn);
        }
    }
    if (err == SB_ERR_OK) {
        err = profile_write(founding, transport, sign, sb_buf_bytes(&cert), why);
    }
    sb_buf_finish(&cert);
    free(record);
    sb_signer_wipe(&signer);
    explicit_bzero(transport, sizeof transport);
    explicit_bzero(sign, sizeof sign);
    return err;
}

/* The broker is whole: who ran the same command again, since its end was not seen, is told the rest
 * too. */
static enum sb_err already(const struct founding *founding, struct sb_why *why)
{
    struct sb_public_key root = {{0}};
    char fingerprint[64];
    enum sb_err err = sb_keyfile_read_exact(founding->keys, "root", root.at, sizeof root.at, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    sb_fingerprint(&root, fingerprint);
    return sb_why_say(
        why, SB_ERR_ALREADY,
        "%s innehåller redan en central (rotnyckelns fingeravtryck %s); starta den med "
        "samband-broker --config %s, eller välj en annan mapp med --state",
        "%s holds a broker already (root key fingerprint %s); start it with "
        "samband-broker --config %s, or choose another folder with --state",
        founding->wanted->state, fingerprint, founding->settings);
}

/* Somebody's profile is never written over; that of an earlier try, which has the same root, is. */
static enum sb_err profile_check(const struct founding *founding, struct sb_why *why)
{
    const char *profile = founding->wanted->profile;
    struct sb_public_key here = {{0}}, there = {{1}};
    if (!sb_keyfile_exists(profile, "cert")) {
        return SB_ERR_OK;
    }
    bool known =
        sb_keyfile_read_exact(founding->keys, "root", here.at, sizeof here.at, NULL) == SB_ERR_OK
        && sb_keyfile_read_exact(profile, "root", there.at, sizeof there.at, NULL) == SB_ERR_OK;
    if (known && memcmp(here.at, there.at, sizeof here.at) == 0) {
        return SB_ERR_OK;
    }
    return sb_why_say(why, SB_ERR_ALREADY,
                      "%s innehåller redan en profil; välj en annan mapp med --profile",
                      "%s holds a profile already; choose another folder with --profile", profile);
}

/* Keys may be lost while the store is in use: that is no founding cut off, and nothing is touched.
 */
static enum sb_err store_check(struct founding *founding, struct sb_why *why)
{
    enum sb_err err = SB_ERR_OK;
    founding->opened = sb_store_open_lmdb(founding->store, false, &err, why);
    if (founding->opened == NULL) {
        return err;
    }
    struct sb_txn *txn = sb_store_begin_read(founding->opened, why);
    if (txn == NULL) {
        return SB_ERR_IO;
    }
    bool unused = sb_broker_is_unused(txn);
    sb_store_abort(founding->opened, txn);
    return unused
               ? SB_ERR_OK
               : sb_why_say(why, SB_ERR_ALREADY,
                            "%s är lagret till en central i bruk, men %s/cert saknas; lägg "
                            "tillbaka mappen keys från säkerhetskopian, eller välj en annan mapp "
                            "med --state",
                            "%s is the store of a broker in use, but %s/cert is missing; put the "
                            "keys folder back from the backup, or choose another folder with "
                            "--state",
                            founding->store, founding->keys);
}

/* All that can be refused is refused before the first key. */
static enum sb_err founding_prepare(struct founding *founding, struct sb_why *why)
{
    const char *state = founding->wanted->state;
    if (!sb_name_read(sb_bytes_str(founding->wanted->org), &founding->config.org)) {
        return sb_why_say(why, SB_ERR_VALUE,
                          "\"%s\" är ingen organisation; använd a-z, 0-9 och '-'",
                          "\"%s\" is no organisation; use a-z, 0-9 and '-'", founding->wanted->org);
    }
    if (!sb_name_read(sb_bytes_str(founding->wanted->operator_name), &founding->operator_name)) {
        return sb_why_say(why, SB_ERR_VALUE,
                          "\"%s\" är inget namn på en operatör; använd a-z, 0-9 och '-'",
                          "\"%s\" is no name for an operator; use a-z, 0-9 and '-'",
                          founding->wanted->operator_name);
    }
    const struct {
        const char *name;
        char *path;
    } paths[] = {{"keys", founding->keys},
                 {"root", founding->root_folder},
                 {"store", founding->store},
                 {"broker.yaml", founding->settings}};
    enum sb_err err = folder_make(state, why);
    for (size_t i = 0; i < sizeof paths / sizeof *paths && err == SB_ERR_OK; i++) {
        err = sb_keyfile_path(state, paths[i].name, paths[i].path, why);
    }
    if (err == SB_ERR_OK && sb_keyfile_exists(founding->keys, "cert")) {
        return already(founding, why);
    }
    if (err == SB_ERR_OK) {
        err = profile_check(founding, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_broker_settings_may_write(founding->settings, why);
    }
    return err == SB_ERR_OK ? store_check(founding, why) : err;
}

static enum sb_err settings_write(const struct founding *founding, struct sb_why *why)
{
    const struct sb_init_wanted *wanted = founding->wanted;
    struct sb_broker_settings settings = {0};
    char state[512], link[256], control[256];
    (void)snprintf(state, sizeof state, "%s", wanted->state);
    (void)snprintf(link, sizeof link, "%s", wanted->link);
    (void)snprintf(control, sizeof control, "%s", wanted->control);
    settings.state = state;
    settings.link = link;
    settings.control = control;
    return sb_broker_settings_write(founding->settings, &settings, why);
}

static void founded_say(const struct founding *founding)
{
    char fingerprint[64];
    sb_fingerprint(&founding->config.root, fingerprint);
    (void)printf("%s\n"
                 "Rotnyckelns fingeravtryck: %s\n"
                 "Flytta %s till förvaring utan nät; den behövs inte i drift.\n\n"
                 "Root key fingerprint: %s\n"
                 "Move %s to offline storage; the running broker never needs it.\n"
                 "Settings: %s\n",
                 founding->wanted->state, fingerprint, founding->root_folder, fingerprint,
                 founding->root_folder, founding->settings);
}

enum sb_err sb_broker_init(const struct sb_init_wanted *wanted, struct sb_why *why)
{
    struct founding *founding = sb_alloc(1, sizeof *founding);
    founding->wanted = wanted;
    founding->now_ms = wall_ms();
    sb_buf_init(&founding->cert, SB_CERT_SIZE_MAX);
    sb_buf_init(&founding->enrolment_cert, SB_CERT_SIZE_MAX);
    enum sb_err err = founding_prepare(founding, why);
    if (err == SB_ERR_OK) {
        err = keys_make(founding, why);
    }
    if (err == SB_ERR_OK) {
        err = certs_make(founding, why);
    }
    if (err == SB_ERR_OK) {
        err = operator_make(founding, why);
    }
    sb_store_close(founding->opened);
    if (err == SB_ERR_OK) {
        err = settings_write(founding, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_write(founding->keys, "cert", founding->config.cert, why);
    }
    if (err == SB_ERR_OK) {
        founded_say(founding);
    }
    sb_signer_wipe(&founding->root);
    sb_buf_finish(&founding->cert);
    sb_buf_finish(&founding->enrolment_cert);
    explicit_bzero(founding, sizeof *founding);
    free(founding);
    return err;
}
