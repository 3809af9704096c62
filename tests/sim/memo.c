/* memo.c: remembers signatures: which hold, and what was signed. In one process the same event is
 * signed, and then checked by the broker, by every agent that it reaches and by whoever verifies
 * their stores; a fuzz target's executions all begin alike. To check is a pure function of key,
 * message and signature, to sign one of secret key and message, so that once is enough. Linked in
 * place of libsodium's (--wrap): only in the simulator and in fuzz targets, never in a daemon. */
#include "samband/keys.h"

#include <string.h>

#define SECRET_SIZE sizeof((struct sb_signer *)0)->secret

#define MEMO_SIZE   16384u /* a power of two; a newer one takes an older one's place */

int __real_crypto_sign_verify_detached(const unsigned char *signature, const unsigned char *message,
                                       unsigned long long size, const unsigned char *key);
int __wrap_crypto_sign_verify_detached(const unsigned char *signature, const unsigned char *message,
                                       unsigned long long size, const unsigned char *key);
int __real_crypto_sign_detached(unsigned char *signature, unsigned long long *signature_size,
                                const unsigned char *message, unsigned long long size,
                                const unsigned char *secret);
int __wrap_crypto_sign_detached(unsigned char *signature, unsigned long long *signature_size,
                                const unsigned char *message, unsigned long long size,
                                const unsigned char *secret);

static struct sb_hash memo_of(const unsigned char *signature, const unsigned char *message,
                              unsigned long long size, const unsigned char *key)
{
    const struct sb_bytes parts[] = {sb_bytes(signature, SB_SIGNATURE_SIZE),
                                     sb_bytes(message, (size_t)size), sb_bytes(key, SB_KEY_SIZE)};
    return sb_hash_parts("memo", parts, 3);
}

struct memo_signed {
    struct sb_hash of; /* secret key and message */
    uint8_t signature[SB_SIGNATURE_SIZE];
};

/* The one state outside a struct, for the functions' form is libsodium's. It changes no answer. */
static struct sb_hash *memo_place(const struct sb_hash *of)
{
    static struct sb_hash held[MEMO_SIZE];
    return &held[sb_be64_read(of->at) % MEMO_SIZE];
}

static struct memo_signed *memo_signed_place(const struct sb_hash *of)
{
    static struct memo_signed made[MEMO_SIZE];
    return &made[sb_be64_read(of->at) % MEMO_SIZE];
}

int __wrap_crypto_sign_verify_detached(const unsigned char *signature, const unsigned char *message,
                                       unsigned long long size, const unsigned char *key)
{
    const struct sb_hash of = memo_of(signature, message, size, key);
    struct sb_hash *place = memo_place(&of);
    if (sb_hash_equal(place, &of)) {
        return 0;
    }
    const int result = __real_crypto_sign_verify_detached(signature, message, size, key);
    if (result == 0) {
        *place = of;
    }
    return result;
}

/* A secret key ends with its public half: what was just made also holds. */
int __wrap_crypto_sign_detached(unsigned char *signature, unsigned long long *signature_size,
                                const unsigned char *message, unsigned long long size,
                                const unsigned char *secret)
{
    const struct sb_bytes parts[] = {sb_bytes(message, (size_t)size),
                                     sb_bytes(secret, SECRET_SIZE)};
    const struct sb_hash of = sb_hash_parts("memo", parts, 2);
    struct memo_signed *made = memo_signed_place(&of);
    if (!sb_hash_equal(&made->of, &of)) {
        const int result =
            __real_crypto_sign_detached(made->signature, NULL, message, size, secret);
        made->of = result == 0 ? of : (struct sb_hash){{0}};
        if (result != 0) {
            return result;
        }
        const struct sb_hash holds =
            memo_of(made->signature, message, size, secret + SECRET_SIZE - SB_KEY_SIZE);
        *memo_place(&holds) = holds;
    }
    memcpy(signature, made->signature, SB_SIGNATURE_SIZE);
    if (signature_size != NULL) {
        *signature_size = SB_SIGNATURE_SIZE;
    }
    return 0;
}
