/* profile.c: see profile.h. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "profile.h"

#include "samband/keyfiles.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* A blob of exactly `size` bytes. */
static enum sb_err exact_read(const char *folder, const char *name, uint8_t *at, size_t size,
                              struct sb_why *why)
{
    struct sb_buf buf;
    sb_buf_init(&buf, size);
    enum sb_err err = sb_keyfile_read(folder, name, size, &buf, why);
    if (err == SB_ERR_OK && buf.size != size) {
        err = sb_why_say(why, SB_ERR_CORRUPT,
                         "%s/%s har %zu byte, ska ha %zu; återställ filen från en säkerhetskopia, "
                         "eller be om en ny inbjudan",
                         "%s/%s has %zu bytes, %zu expected; restore the file from a backup, or "
                         "ask for a new invitation",
                         folder, name, buf.size, size);
    }
    if (err == SB_ERR_OK) {
        memcpy(at, buf.at, size);
    }
    if (buf.at != NULL) {
        explicit_bzero(buf.at, buf.room);
    }
    sb_buf_finish(&buf);
    return err;
}

bool sb_profile_endpoint(const char *folder, char ret_endpoint[200])
{
    struct sb_buf buf;
    struct sb_why why = {0};
    sb_buf_init(&buf, 199);
    bool there = sb_keyfile_exists(folder, "endpoint")
                 && sb_keyfile_read(folder, "endpoint", 199, &buf, &why) == SB_ERR_OK;
    if (there) {
        memcpy(ret_endpoint, buf.at, buf.size);
        ret_endpoint[buf.size] = '\0';
    }
    sb_buf_finish(&buf);
    return there;
}

void sb_profile_finish(struct sb_profile *profile)
{
    sb_signer_wipe(&profile->signer);
    explicit_bzero(profile->curve, sizeof profile->curve);
    sb_buf_finish(&profile->cert_bytes);
}

enum sb_err sb_profile_read(const char *folder, uint64_t now_ms, struct sb_profile *ret_profile,
                            struct sb_why *why)
{
    struct sb_profile *profile = ret_profile;
    uint8_t seed[SB_KEY_SIZE] = {0};
    *profile = (struct sb_profile){0};
    sb_buf_init(&profile->cert_bytes, SB_CERT_SIZE_MAX);
    if (!sb_keyfile_exists(folder, "curve")) {
        return sb_why_say(why, SB_ERR_NOT_FOUND, "det finns ingen profil i %s",
                          "there is no profile in %s", folder);
    }
    (void)sb_profile_endpoint(folder, profile->endpoint);
    enum sb_err err = exact_read(folder, "curve", profile->curve, SB_KEY_SIZE, why);
    if (err == SB_ERR_OK) {
        err = exact_read(folder, "server", profile->server.at, SB_KEY_SIZE, why);
    }
    if (err == SB_ERR_OK) {
        err = exact_read(folder, "root", profile->root.at, SB_KEY_SIZE, why);
    }
    if (err == SB_ERR_OK) {
        err = exact_read(folder, "sign", seed, SB_KEY_SIZE, why);
    }
    if (err == SB_ERR_OK) {
        sb_signer_make(seed, &profile->signer);
        explicit_bzero(seed, sizeof seed);
        err = sb_keyfile_read(folder, "cert", SB_CERT_SIZE_MAX, &profile->cert_bytes, why);
    }
    if (err == SB_ERR_OK) {
        err = sb_cert_read(sb_buf_bytes(&profile->cert_bytes), &profile->root, now_ms, NULL,
                           &profile->cert, why);
    }
    return err;
}

enum sb_err sb_profile_make(const char *folder, struct sb_why *why)
{
    char path[SB_PATH_SIZE];
    size_t size = strlen(folder);
    if (size == 0 || size >= sizeof path) {
        return sb_why_say(why, SB_ERR_VALUE,
                          "sökvägen %s är för lång; välj en kortare med --profile",
                          "the path %s is too long; choose a shorter one with --profile", folder);
    }
    memcpy(path, folder, size + 1);
    for (size_t i = 1; i <= size; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        char kept = path[i];
        path[i] = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            return sb_why_say(why, SB_ERR_IO, "mappen %s kan inte skapas: %s",
                              "the folder %s cannot be made: %s", path, strerror(errno));
        }
        path[i] = kept;
    }
    return SB_ERR_OK;
}
