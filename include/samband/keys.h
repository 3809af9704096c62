/* keys.h: Ed25519 signing, certificates and enrolment tokens (PROTOCOL.md, Keys). Pure: keys come
 * in as bytes; files are keys/files.c's. Certificates are records: SUBJECT, ROLE, ORGS, REALM
 * (operators: their one realm), CURVE_KEY, MACHINE_KEY, KEY_LIVE, KEY_EXERCISE, KEY_TEST,
 * VALID_FROM, VALID_TO, SERIAL. MACHINE_KEY signs receipts' proofs; an enrolment certificate's
 * signs certificates. */
#ifndef SAMBAND_KEYS_H
#define SAMBAND_KEYS_H

#include "samband/clock.h"
#include "samband/record.h"
#include "samband/words.h"

#define SB_KEY_SIZE       32
#define SB_SIGNATURE_SIZE 64

struct sb_public_key {
    uint8_t at[SB_KEY_SIZE];
};

/* Holds a secret: wiped by sb_signer_wipe, never logged, never sent. */
struct sb_signer {
    uint8_t secret[64];
    struct sb_public_key public_key;
};

/* From 32 random bytes (or, in the simulator, seeded ones). */
void sb_signer_make(const uint8_t seed[32], struct sb_signer *ret_signer);
void sb_signer_wipe(struct sb_signer *signer);

/* Signs tag ‖ bytes; the tags: "event", "cert", "order", "proof". */
void sb_sign(const struct sb_signer *signer, const char *tag, struct sb_bytes bytes,
             uint8_t ret_signature[SB_SIGNATURE_SIZE]);
bool sb_signature_holds(const struct sb_public_key *key, const char *tag, struct sb_bytes bytes,
                        struct sb_bytes signature);

/* Writes the certificate's bytes: [record, signature, issuer's certificate or nil where the root
 * signed]. */
void sb_cert_write(const struct sb_record *record, const struct sb_signer *issuer,
                   struct sb_bytes issuer_cert, struct sb_buf *buf);

/* A certificate that was checked. */
struct sb_cert {
    struct sb_name subject;
    enum sb_role role;
    unsigned realm; /* operators; 0 otherwise */
    struct sb_name org[SB_ORGS_PER_AGENT_MAX];
    unsigned org_count;
    struct sb_public_key curve, machine, realm_key[4]; /* realm_key by enum sb_realm, 0 unused */
    bool has_realm_key[4];
    uint64_t valid_from, valid_to, serial;
    struct sb_hash digest; /* of the certificate's own record and signature */
};

/* Signatures of certificates that held: one is checked once, and not with every event that brings
 * it. Volatile; `= {0}` knows none. Known by the hash of key, content and signature, so nothing
 * else can pass for it; what changes with time (validity) is asked each time. */
struct sb_known {
    struct sb_hash at[SB_CERTS_KNOWN_MAX];
};

/* Reads and checks up to the root: at most two steps, root → enrolment or broker → subject; the
 * issuer's role allows what it signed (enrolment: agents and operators; root: broker and
 * enrolment); both valid at `when_ms` (wall clock). Refuses with MALFORMED, SIGNATURE, EXPIRED or
 * NOT_ALLOWED. `known` NULL: nothing is remembered. */
enum sb_err sb_cert_read(struct sb_bytes cert, const struct sb_public_key *root, uint64_t when_ms,
                         struct sb_known *known, struct sb_cert *ret_cert,
                         struct sb_why *why) SB_MUST_CHECK;
struct sb_hash sb_cert_digest(struct sb_bytes cert); /* zero where it is not one */
bool sb_cert_serves(const struct sb_cert *cert, const struct sb_name *org);

/* What an organisation's administrator is handed: "samband1-" and base64url without padding. */
struct sb_token {
    struct sb_public_key root;        /* whom to trust */
    struct sb_public_key broker;      /* broker's CURVE key */
    uint8_t once_secret[SB_KEY_SIZE]; /* one-time CURVE key */
    uint64_t expires;                 /* wall clock */
    struct sb_name org;               /* organisation, or operator for role operator */
    char endpoint[200];               /* of the control endpoint: joining is a request */
};
void sb_token_write(const struct sb_token *token, struct sb_buf *buf);
/* MALFORMED with a sentence that says to copy the whole line again, where the checksum in it does
 * not fit. */
enum sb_err sb_token_read(struct sb_bytes text, struct sb_token *ret_token,
                          struct sb_why *why) SB_MUST_CHECK;

/* CURVE25519 public key of a secret one, as libzmq makes it. */
void sb_curve_public(const uint8_t secret[SB_KEY_SIZE], struct sb_public_key *ret_key);
/* For papers and screens: "7f3a 91c2 …", 8 groups of 4 of the key's hash. Room for 40. */
void sb_fingerprint(const struct sb_public_key *key, char *text);

#endif
