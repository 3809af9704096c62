/* hash.h: the one hash of Samband, BLAKE2b-256 (RFC 7693) with a tag for what is hashed, so that
 * bytes of one meaning never pass for another (PROTOCOL.md, Hashes). Pure. */
#ifndef SAMBAND_HASH_H
#define SAMBAND_HASH_H

#include "samband/bytes.h"

#define SB_HASH_SIZE 32

struct sb_hash {
    uint8_t at[SB_HASH_SIZE];
};

/* hash(tag ‖ for each part: its size as 8 bytes big-endian ‖ its bytes). `tag` is an ASCII word:
 * "event", "facts", "text", "entry", "cert", "order", "audience", "cursors", "mandate". */
struct sb_hash sb_hash_parts(const char *tag, const struct sb_bytes *parts, size_t count);
struct sb_hash sb_hash_one(const char *tag, struct sb_bytes bytes);
struct sb_bytes sb_hash_bytes(const struct sb_hash *hash);
bool sb_hash_equal(const struct sb_hash *a, const struct sb_hash *b);
bool sb_hash_is_zero(const struct sb_hash *hash);
/* False unless exactly 32 bytes. */
bool sb_hash_read(struct sb_bytes bytes, struct sb_hash *ret_hash);

/* A sum that finds damage, and proves nothing: SipHash-2-4 (libsodium) of `bytes` under a key that
 * is made of `name`, so that bytes under another name have another sum. */
#define SB_SUM_SIZE 8
void sb_sum(struct sb_bytes name, struct sb_bytes bytes, uint8_t ret_sum[SB_SUM_SIZE]);

/* A stream of random-looking bytes from a seed: what a core uses where it needs randomness. The
 * shell fills the seed from the kernel once a turn, the simulator from its own seed. */
struct sb_entropy {
    uint8_t seed[SB_HASH_SIZE];
    uint64_t used;
};
void sb_entropy_take(struct sb_entropy *entropy, uint8_t *at, size_t size);
uint64_t sb_entropy_u64(struct sb_entropy *entropy);

#endif
