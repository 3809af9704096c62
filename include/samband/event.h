/* event.h: one immutable event: header, signature, body in two salted parts, signer's certificate.
 * id = hash("event", header). The received bytes are what is stored and passed on; nothing is
 * re-encoded. Pure. (PROTOCOL.md, Events) */
#ifndef SAMBAND_EVENT_H
#define SAMBAND_EVENT_H

#include "samband/keys.h"
#include "samband/kinds.h"
#include "samband/record.h"

/* The four byte strings that travel and lie together. Borrowed. */
struct sb_sealed {
    struct sb_bytes header;
    struct sb_bytes signature;
    struct sb_bytes body; /* [[salt, facts] or nil, [salt, text] or nil] */
    struct sb_bytes cert; /* signer's, with its issuer's */
};

struct sb_event {
    struct sb_hash id;
    const struct sb_kind_row *kind; /* NULL: unknown here, kept opaque */
    bool facts_erased, text_erased;
    struct sb_record
        fields; /* header's, facts' and text's together; bytes borrowed from the sealed form */
};

/* Reads and checks form: sizes, header's fields, kind's required fields, realm, both hashes against
 * the body (a nil part is erased, not refused). Not the signature. On UNKNOWN_KIND the header's
 * fields and the id are there all the same. */
enum sb_err sb_event_read(const struct sb_sealed *sealed, struct sb_event *ret_event,
                          struct sb_why *why) SB_MUST_CHECK;

/* Checks signature and certificate as of `when_ms`: the certificate leads to the root, serves the
 * origin organisation, has the realm's key, and that key signed the header; the kind may be issued
 * by that role. */
enum sb_err sb_event_check_signature(const struct sb_sealed *sealed, const struct sb_event *event,
                                     const struct sb_public_key *root, uint64_t when_ms,
                                     struct sb_known *known, struct sb_why *why) SB_MUST_CHECK;

/* Seals what `fields` holds: NONCE, both salts from entropy, hashes, SIGNER and AUDIENCE_* must not
 * be set by the caller but AUDIENCE_COUNT and AUDIENCE_DIGEST, where there is an audience; KIND,
 * REALM, ISSUED, ORIGIN must be. Appends to `buf`, which must be empty; *ret_sealed points into it.
 * Asserts on a kind's missing field (the caller validates orders with sb_event_missing first).
 * VALUE or TOO_LARGE where it does not fit. */
struct sb_seal_by {
    const struct sb_signer *signer; /* the realm's key */
    struct sb_bytes cert;
};
enum sb_err sb_event_seal(struct sb_record *fields, const struct sb_seal_by *by,
                          struct sb_entropy *entropy, struct sb_buf *buf,
                          struct sb_sealed *ret_sealed, struct sb_why *why) SB_MUST_CHECK;

/* The first required field that `fields` lacks for its KIND, or 0. */
enum sb_field sb_event_missing(const struct sb_record *fields);

/* One called seat, as it stands in SEATS: "[~]organisation/function[:via]". '~': called, needs no
 * mandate. */
struct sb_seat {
    struct sb_name org;
    struct sb_name function;
    struct sb_name via; /* "" where none */
    bool supports;
};
bool sb_seat_read(struct sb_bytes text, struct sb_seat *ret_seat);
/* "organisation/function", the seat's key everywhere; terminated, room for SB_SEAT_SIZE_MAX + 1. */
void sb_seat_key(const struct sb_seat *seat, char *text);

#endif
