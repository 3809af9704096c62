/* hash.c: BLAKE2b-256 over tagged, sized parts, the seeded stream of bytes made from it, and the
 * short sum that finds damage. The one place besides proto/keys that knows libsodium. It holds no
 * secret but what the caller hands in. */
#include "samband/hash.h"

#include "samband/err.h"

#include <sodium.h>
#include <string.h>

static_assert(SB_HASH_SIZE >= crypto_generichash_BYTES_MIN, "BLAKE2b can be this short");
static_assert(SB_HASH_SIZE <= crypto_generichash_BYTES_MAX, "BLAKE2b can be this long");

static void state_add(crypto_generichash_state *state, struct sb_bytes bytes)
{
    if (bytes.size > 0) {
        SB_ASSERT(crypto_generichash_update(state, bytes.at, bytes.size) == 0);
    }
}

struct sb_hash sb_hash_parts(const char *tag, const struct sb_bytes *parts, size_t count)
{
    crypto_generichash_state state;
    struct sb_hash hash;

    SB_ASSERT(crypto_generichash_init(&state, NULL, 0, SB_HASH_SIZE) == 0);
    state_add(&state, sb_bytes_str(tag));
    for (size_t i = 0; i < count; i++) {
        uint8_t size[8];
        sb_be64_write(size, parts[i].size);
        state_add(&state, sb_bytes(size, sizeof size));
        state_add(&state, parts[i]);
    }
    SB_ASSERT(crypto_generichash_final(&state, hash.at, SB_HASH_SIZE) == 0);
    return hash;
}

struct sb_hash sb_hash_one(const char *tag, struct sb_bytes bytes)
{
    return sb_hash_parts(tag, &bytes, 1);
}

struct sb_bytes sb_hash_bytes(const struct sb_hash *hash)
{
    return sb_bytes(hash->at, SB_HASH_SIZE);
}

bool sb_hash_equal(const struct sb_hash *a, const struct sb_hash *b)
{
    return memcmp(a->at, b->at, SB_HASH_SIZE) == 0;
}

bool sb_hash_is_zero(const struct sb_hash *hash)
{
    static const struct sb_hash zero;

    return sb_hash_equal(hash, &zero);
}

bool sb_hash_read(struct sb_bytes bytes, struct sb_hash *ret_hash)
{
    if (bytes.size != SB_HASH_SIZE) {
        return false;
    }
    memcpy(ret_hash->at, bytes.at, SB_HASH_SIZE);
    return true;
}

static_assert(crypto_shorthash_siphash24_BYTES == SB_SUM_SIZE, "a sum is a SipHash");
static_assert(crypto_shorthash_siphashx24_BYTES == crypto_shorthash_siphash24_KEYBYTES,
              "the name's is the key of the other");

void sb_sum(struct sb_bytes name, struct sb_bytes bytes, uint8_t ret_sum[SB_SUM_SIZE])
{
    static const uint8_t anybody[crypto_shorthash_siphashx24_KEYBYTES];
    uint8_t key[crypto_shorthash_siphashx24_BYTES];

    SB_ASSERT(crypto_shorthash_siphashx24(key, name.at, name.size, anybody) == 0);
    SB_ASSERT(crypto_shorthash_siphash24(ret_sum, bytes.at, bytes.size, key) == 0);
}

/* Each call begins a new block, so that what is drawn depends only on the seed and on the order of
 * the draws, never on what was left over from the one before. */
void sb_entropy_take(struct sb_entropy *entropy, uint8_t *at, size_t size)
{
    while (size > 0) {
        uint8_t counter[8];
        sb_be64_write(counter, entropy->used++);
        const struct sb_bytes parts[] = {
            sb_bytes(entropy->seed, sizeof entropy->seed),
            sb_bytes(counter, sizeof counter),
        };
        struct sb_hash block = sb_hash_parts("entropy", parts, 2);
        size_t now = size < SB_HASH_SIZE ? size : SB_HASH_SIZE;
        memcpy(at, block.at, now);
        at += now;
        size -= now;
    }
}

uint64_t sb_entropy_u64(struct sb_entropy *entropy)
{
    uint8_t at[8];

    sb_entropy_take(entropy, at, sizeof at);
    return sb_be64_read(at);
}
