/* sign.c: Ed25519 (RFC 8032) over a tag and bytes, the transport's public key, and a key's
 * fingerprint. Makes no key of itself: seeds come in. */
#include "samband/keys.h"

#include <sodium.h>
#include <string.h>

static_assert(SB_KEY_SIZE == crypto_sign_PUBLICKEYBYTES, "an Ed25519 public key");
static_assert(SB_KEY_SIZE == crypto_scalarmult_BYTES, "an X25519 public key");
static_assert(SB_SIGNATURE_SIZE == crypto_sign_BYTES, "an Ed25519 signature");
static_assert(sizeof((struct sb_signer *)0)->secret == crypto_sign_SECRETKEYBYTES,
              "an Ed25519 secret key with its public half");

/* Chooses the fast implementations; once is enough, more is free. Everything here also works
 * without, slower. */
static void sodium_prepare(void)
{
    SB_ASSERT(sodium_init() >= 0);
}

void sb_signer_make(const uint8_t seed[32], struct sb_signer *ret_signer)
{
    sodium_prepare();
    SB_ASSERT(crypto_sign_seed_keypair(ret_signer->public_key.at, ret_signer->secret, seed) == 0);
}

void sb_signer_wipe(struct sb_signer *signer)
{
    if (signer != NULL) {
        sodium_memzero(signer, sizeof *signer);
    }
}

/* tag ‖ 0 ‖ bytes: no tag is the beginning of another one with its zero. */
static void message_make(const char *tag, struct sb_bytes bytes, struct sb_buf *ret_message)
{
    struct sb_bytes word = sb_bytes_str(tag);
    sb_buf_init(ret_message, word.size + 1 + bytes.size);
    sb_buf_add(ret_message, word);
    sb_buf_add_byte(ret_message, 0);
    sb_buf_add(ret_message, bytes);
    SB_ASSERT(!ret_message->overflow);
}

void sb_sign(const struct sb_signer *signer, const char *tag, struct sb_bytes bytes,
             uint8_t ret_signature[SB_SIGNATURE_SIZE])
{
    struct sb_buf message;
    message_make(tag, bytes, &message);
    SB_ASSERT(crypto_sign_detached(ret_signature, NULL, message.at, message.size, signer->secret)
              == 0);
    sb_buf_finish(&message);
}

bool sb_signature_holds(const struct sb_public_key *key, const char *tag, struct sb_bytes bytes,
                        struct sb_bytes signature)
{
    if (signature.size != SB_SIGNATURE_SIZE) {
        return false;
    }
    struct sb_buf message;
    message_make(tag, bytes, &message);
    bool holds = crypto_sign_verify_detached(signature.at, message.at, message.size, key->at) == 0;
    sb_buf_finish(&message);
    return holds;
}

void sb_curve_public(const uint8_t secret[SB_KEY_SIZE], struct sb_public_key *ret_key)
{
    sodium_prepare();
    SB_ASSERT(crypto_scalarmult_base(ret_key->at, secret) == 0);
}

void sb_fingerprint(const struct sb_public_key *key, char *text)
{
    enum {
        GROUPS = 8,
        BYTES_PER_GROUP = 2
    };
    struct sb_hash hash = sb_hash_one("key", sb_bytes(key->at, sizeof key->at));
    for (unsigned group = 0; group < GROUPS; group++) {
        sb_hex_write(sb_bytes(hash.at + group * BYTES_PER_GROUP, BYTES_PER_GROUP), text);
        text += 2 * BYTES_PER_GROUP;
        *text++ = group + 1 < GROUPS ? ' ' : '\0';
    }
}
