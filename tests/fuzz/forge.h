/* forge.h: events that a fuzz target makes out of its input: the input gives the maps, this puts
 * hashes, certificate and signature around them, as a peer with keys of its own would. So the
 * input reaches what stands behind the seals. */
#ifndef SAMBAND_TESTS_FUZZ_FORGE_H
#define SAMBAND_TESTS_FUZZ_FORGE_H

#include "authority.h"
#include "fuzz.h"
#include "samband/event.h"

/* Who signs, from the same seeds in every process. Made once. */
struct forge_parties {
    struct authority authority;
    struct party broker; /* Länsstyrelsen's */
    struct party agent;  /* taby's */
    struct party other;  /* solna's agent */
};
const struct forge_parties *forge_parties(void);

/* First byte of what an event is made of: how. */
enum {
    FORGE_BY_AGENT = 1, /* else by the broker */
    FORGE_BY_OTHER = 2,
    FORGE_ERASE_FACTS = 4,
    FORGE_ERASE_TEXT = 8,
    FORGE_BAD_SIGNATURE = 16,
    FORGE_BAD_HASH = 32,
    FORGE_RAW_HEADER = 64,
    FORGE_RAW_BODY = 128
};

/* [how, size (2 bytes), header's map, size, facts' map, text's map]. What the header lacks of
 * NONCE, REALM, ISSUED and ORIGIN is added, and its hashes and SIGNER are set, unless RAW_HEADER or
 * the map cannot be read. RAW_BODY: facts are the whole body. Points into `buf`, which must be
 * empty. */
void forge_event(struct sb_bytes made_of, struct sb_buf *buf, struct sb_sealed *ret_sealed);
/* The same about another event: REF, where the header lacks it. */
void forge_event_about(struct sb_bytes made_of, const struct sb_hash *about, struct sb_buf *buf,
                       struct sb_sealed *ret_sealed);
/* The other way: what forge_event makes this event of. For seeds. */
void forge_parts(const struct sb_sealed *sealed, uint8_t how, struct sb_buf *buf);

#endif
