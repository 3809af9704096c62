/* broker_keys.c: STATE/keys into the core's configuration. Secrets stay in it; they are wiped at
 * the end. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "broker_keys.h"

#include "samband/keyfiles.h"

#include <stdio.h>
#include <string.h>

static const char *const realm_files[4] = {NULL, "live", "exercise", "test"};

enum sb_err sb_broker_keys_load(const char *state, uint64_t when_ms, struct sb_broker_keys *keys,
                                struct sb_broker_config *config, struct sb_why *why)
{
    char folder[512];
    enum sb_err err = sb_keyfile_path(state, "keys", folder, why);
    sb_buf_init(&keys->cert, SB_CERT_SIZE_MAX);
    sb_buf_init(&keys->enrolment_cert, SB_CERT_SIZE_MAX);
    if (err == SB_ERR_OK && !sb_keyfile_exists(folder, "cert")) {
        err = sb_why_say(
            why, SB_ERR_NOT_FOUND,
            "%s innehåller ingen central; gör en med: samband-broker init --state %s …",
            "%s holds no broker; make one with: samband-broker init --state %s …", state, state);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read_exact(folder, "curve", keys->curve_secret, SB_KEY_SIZE, why);
    }
    for (unsigned realm = 1; realm < 4 && err == SB_ERR_OK; realm++) {
        err = sb_keyfile_read_signer(folder, realm_files[realm], &config->realm[realm], why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read_signer(folder, "enrolment", &config->enrolment, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read_exact(folder, "root", config->root.at, SB_KEY_SIZE, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read(folder, "cert", SB_CERT_SIZE_MAX, &keys->cert, why);
    }
    if (err == SB_ERR_OK) {
        err =
            sb_keyfile_read(folder, "enrolment-cert", SB_CERT_SIZE_MAX, &keys->enrolment_cert, why);
    }
    struct sb_cert cert;
    if (err == SB_ERR_OK) {
        config->cert = sb_buf_bytes(&keys->cert);
        config->enrolment_cert = sb_buf_bytes(&keys->enrolment_cert);
        err = sb_cert_read(config->cert, &config->root, when_ms, NULL, &cert, why);
    }
    if (err == SB_ERR_OK) {
        config->org = cert.subject;
        sb_curve_public(keys->curve_secret, &config->curve);
    }
    return err;
}

void sb_broker_keys_finish(struct sb_broker_keys *keys, struct sb_broker_config *config)
{
    explicit_bzero(keys->curve_secret, sizeof keys->curve_secret);
    for (unsigned realm = 1; realm < 4; realm++) {
        sb_signer_wipe(&config->realm[realm]);
    }
    sb_signer_wipe(&config->enrolment);
    sb_buf_finish(&keys->cert);
    sb_buf_finish(&keys->enrolment_cert);
}
