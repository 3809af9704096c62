/* secrets.c: key files whose meaning is known: seeds and transport keys. The file itself is
 * files.c's. */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "samband/keyfiles.h"

#include <stdio.h>
#include <string.h>

enum sb_err sb_keyfile_path(const char *folder, const char *name, char path[SB_PATH_SIZE],
                            struct sb_why *why)
{
    int size = snprintf(path, SB_PATH_SIZE, "%s/%s", folder, name);
    if (size < 0 || size >= SB_PATH_SIZE) {
        return sb_why_say(why, SB_ERR_TOO_LARGE, "mappens namn %s är för långt",
                          "the folder's name %s is too long", folder);
    }
    return SB_ERR_OK;
}

enum sb_err sb_keyfile_read_exact(const char *folder, const char *name, uint8_t *ret_at,
                                  size_t size, struct sb_why *why)
{
    struct sb_buf buf;
    sb_buf_init(&buf, size);
    enum sb_err err = sb_keyfile_read(folder, name, size, &buf, why);
    if (err == SB_ERR_OK && buf.size != size) {
        err = sb_why_say(
            why, SB_ERR_CORRUPT,
            "%s/%s innehåller inte %zu byte; återställ den från en säkerhetskopia, eller be om en "
            "ny inbjudan",
            "%s/%s does not hold %zu bytes; restore it from a backup, or ask for a new invitation",
            folder, name, size);
    }
    if (err == SB_ERR_OK) {
        memcpy(ret_at, buf.at, size);
        explicit_bzero(buf.at, buf.size);
    }
    sb_buf_finish(&buf);
    return err;
}

enum sb_err sb_keyfile_read_signer(const char *folder, const char *name,
                                   struct sb_signer *ret_signer, struct sb_why *why)
{
    uint8_t seed[SB_KEY_SIZE];
    enum sb_err err = sb_keyfile_read_exact(folder, name, seed, sizeof seed, why);
    if (err == SB_ERR_OK) {
        sb_signer_make(seed, ret_signer);
        explicit_bzero(seed, sizeof seed);
    }
    return err;
}

enum sb_err sb_keyfile_keep_secret(const char *folder, const char *name,
                                   uint8_t ret_secret[SB_KEY_SIZE], struct sb_why *why)
{
    if (sb_keyfile_exists(folder, name)) {
        return sb_keyfile_read_exact(folder, name, ret_secret, SB_KEY_SIZE, why);
    }
    sb_keyfile_random(ret_secret, SB_KEY_SIZE);
    return sb_keyfile_write(folder, name, sb_bytes(ret_secret, SB_KEY_SIZE), why);
}

enum sb_err sb_keyfile_keep_signer(const char *folder, const char *name,
                                   struct sb_signer *ret_signer, struct sb_why *why)
{
    uint8_t seed[SB_KEY_SIZE];
    enum sb_err err = sb_keyfile_keep_secret(folder, name, seed, why);
    if (err == SB_ERR_OK) {
        sb_signer_make(seed, ret_signer);
        explicit_bzero(seed, sizeof seed);
    }
    return err;
}
