/* agent_keys.c: STATE/keys into the core's configuration. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "agent_keys.h"

#include "samband/keyfiles.h"

#include <stdio.h>
#include <string.h>

static const char *const realm_files[4] = {NULL, "live", "exercise", "test"};

static enum sb_err endpoint_load(const char *folder, char endpoint[200], struct sb_why *why)
{
    struct sb_buf buf;
    sb_buf_init(&buf, 199);
    enum sb_err err = sb_keyfile_read(folder, "endpoint", 199, &buf, why);
    if (err == SB_ERR_OK) {
        memcpy(endpoint, buf.at, buf.size);
        endpoint[buf.size] = '\0';
    }
    sb_buf_finish(&buf);
    return err;
}

static enum sb_err identity_load(const char *folder, uint64_t when_ms, struct sb_agent_keys *keys,
                                 struct sb_agent_config *config, struct sb_why *why)
{
    enum sb_err err = sb_keyfile_read(folder, "cert", SB_CERT_SIZE_MAX, &keys->cert, why);
    struct sb_cert cert;
    if (err == SB_ERR_OK) {
        config->cert = sb_buf_bytes(&keys->cert);
        err = sb_cert_read(config->cert, &config->root, when_ms, NULL, &cert, why);
    }
    if (err == SB_ERR_OK) {
        config->agent = cert.subject;
        config->org_count = cert.org_count;
        memcpy(config->org, cert.org, sizeof config->org);
    }
    return err;
}

enum sb_err sb_agent_keys_load(const char *state, uint64_t when_ms, struct sb_agent_keys *keys,
                               struct sb_agent_config *config, struct sb_why *why)
{
    char folder[512];
    sb_buf_init(&keys->cert, SB_CERT_SIZE_MAX);
    enum sb_err err = sb_keyfile_path(state, "keys", folder, why);
    if (err == SB_ERR_OK && !sb_keyfile_exists(folder, "cert")) {
        err = sb_why_say(why, SB_ERR_NOT_FOUND,
                         "%s innehåller ingen inskriven agent; be Länsstyrelsen om en inbjudan och "
                         "kör: samband-agent join TOKEN --state %s",
                         "%s holds no enrolled agent; ask Länsstyrelsen for an invitation and run: "
                         "samband-agent join TOKEN --state %s",
                         state, state);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read_exact(folder, "curve", keys->curve_secret, SB_KEY_SIZE, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read_exact(folder, "server", keys->server.at, SB_KEY_SIZE, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read_exact(folder, "root", config->root.at, SB_KEY_SIZE, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_read_signer(folder, "machine", &config->machine, why);
    }
    for (unsigned realm = 1; realm < 4 && err == SB_ERR_OK; realm++) {
        err = sb_keyfile_read_signer(folder, realm_files[realm], &config->realm[realm], why);
    }
    if (err == SB_ERR_OK) {
        err = endpoint_load(folder, keys->endpoint, why);
    }
    if (err == SB_ERR_OK) {
        err = identity_load(folder, when_ms, keys, config, why);
    }
    return err;
}

void sb_agent_keys_finish(struct sb_agent_keys *keys, struct sb_agent_config *config)
{
    explicit_bzero(keys->curve_secret, sizeof keys->curve_secret);
    sb_signer_wipe(&config->machine);
    for (unsigned realm = 1; realm < 4; realm++) {
        sb_signer_wipe(&config->realm[realm]);
    }
    sb_buf_finish(&keys->cert);
}
