/* target_cert.c: certificates: any bytes, or records that the input gives, signed by the root, the
 * enrolment key or somebody else. Nothing passes but what the root, or whom it lets, has signed. */
#include "forge.h"
#include "fuzz.h"
#include "samband/cursor.h"
#include "samband/keys.h"

#include <stdlib.h>

enum {
    SIGN_ROOT,
    SIGN_ENROLMENT,
    SIGN_AGENT, /* whose machine key may sign proofs, and nothing else */
    SIGN_COUNT
};

static void cert_around(struct sb_bytes record, unsigned by, struct sb_bytes issuer,
                        struct sb_buf *buf)
{
    const struct forge_parties *parties = forge_parties();
    const struct sb_signer *signer = by == SIGN_ROOT        ? &parties->authority.root
                                     : by == SIGN_ENROLMENT ? &parties->authority.enrolment
                                                            : &parties->agent.machine;
    uint8_t signature[SB_SIGNATURE_SIZE];
    sb_sign(signer, "cert", record, signature);
    sb_pack_array(buf, 3);
    sb_pack_bin(buf, record);
    sb_pack_bin(buf, sb_bytes(signature, sizeof signature));
    if (issuer.size == 0) {
        sb_pack_nil(buf);
    } else {
        sb_pack_bin(buf, issuer);
    }
}

/* What was taken may be what its role says, and no more. */
static void cert_holds(const struct sb_cert *cert, unsigned by, bool with_issuer)
{
    SB_ASSERT(cert->subject.text[0] != '\0');
    SB_ASSERT(cert->valid_from <= AUTHORITY_NOW_MS && cert->valid_to > AUTHORITY_NOW_MS);
    SB_ASSERT(by != SIGN_AGENT || with_issuer);
    if (cert->role == SB_ROLE_BROKER || cert->role == SB_ROLE_ENROLMENT) {
        SB_ASSERT(by == SIGN_ROOT && !with_issuer);
    } else {
        SB_ASSERT(cert->role >= SB_ROLE_AGENT && cert->role <= SB_ROLE_ADMIN);
        SB_ASSERT(with_issuer);
    }
    SB_ASSERT(cert->org_count <= SB_ORGS_PER_AGENT_MAX);
    for (unsigned i = 0; i < cert->org_count; i++) {
        SB_ASSERT(sb_cert_serves(cert, &cert->org[i]));
    }
    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST; realm++) {
        SB_ASSERT(cert->role < SB_ROLE_VIEWER || !cert->has_realm_key[realm]
                  || realm == cert->realm);
    }
    SB_ASSERT(cert->role != SB_ROLE_EXERCISE_OPERATOR || cert->realm != SB_REALM_LIVE);
}

static enum sb_err cert_read(struct sb_bytes bytes, struct sb_cert *ret_cert)
{
    struct sb_known *known = sb_alloc(1, sizeof *known);
    const struct sb_public_key *root = &forge_parties()->authority.root.public_key;
    struct sb_why why = {0};
    enum sb_err err = sb_cert_read(bytes, root, AUTHORITY_NOW_MS, known, ret_cert, &why);
    fuzz_said(err, &why);
    /* What is remembered changes nothing. */
    SB_ASSERT(sb_cert_read(bytes, root, AUTHORITY_NOW_MS, known, ret_cert, NULL) == err);
    SB_ASSERT(sb_cert_read(bytes, root, AUTHORITY_NOW_MS, NULL, ret_cert, NULL) == err);
    (void)sb_cert_digest(bytes);
    free(known);
    return err;
}

/* [who, size, record, issuer's record]: the issuer's is signed by the root or somebody; without
 * one, or of the enrolment key's own. */
static void made_look(struct fuzz_input *input)
{
    unsigned how = fuzz_byte(input);
    unsigned by = how % SIGN_COUNT;
    struct sb_bytes record = fuzz_take(input, fuzz_u16(input));
    struct sb_buf issuer, cert;
    struct sb_cert read;
    sb_buf_init(&issuer, 2 * SB_CERT_SIZE_MAX);
    sb_buf_init(&cert, 4 * SB_CERT_SIZE_MAX);
    if ((how & 16) != 0) {
        sb_buf_add(&issuer, sb_buf_bytes(&forge_parties()->authority.enrolment_cert));
    } else if (input->rest.size > 0) {
        cert_around(fuzz_take(input, SB_CERT_SIZE_MAX), how / 4 % SIGN_COUNT, sb_bytes(NULL, 0),
                    &issuer);
    }
    cert_around(record, by, sb_buf_bytes(&issuer), &cert);
    if (cert_read(sb_buf_bytes(&cert), &read) == SB_ERR_OK) {
        cert_holds(&read, by, issuer.size > 0);
    }
    sb_buf_finish(&cert);
    sb_buf_finish(&issuer);
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_input input = {.rest = bytes};
    struct sb_cert read;
    if (fuzz_byte(&input) % 4 == 3) {
        (void)!cert_read(input.rest, &read);
    } else {
        made_look(&input);
    }
}
