/* cert.c: certificates: writing one, and checking one up to the root (PROTOCOL.md, Keys). The chain
 * is at most two long, so it is walked in two steps and never by recursion. Revocation is not seen
 * here: it is the register's. */
#include "samband/cursor.h"
#include "samband/keys.h"

#include <string.h>

void sb_cert_write(const struct sb_record *record, const struct sb_signer *issuer,
                   struct sb_bytes issuer_cert, struct sb_buf *buf)
{
    struct sb_buf packed;
    sb_buf_init(&packed, SB_CERT_SIZE_MAX);
    sb_record_write(record, SB_PARTS_ALL, &packed);
    uint8_t signature[SB_SIGNATURE_SIZE];
    sb_sign(issuer, "cert", sb_buf_bytes(&packed), signature);
    sb_pack_array(buf, 3);
    sb_pack_bin(buf, sb_buf_bytes(&packed));
    sb_pack_bin(buf, sb_bytes(signature, sizeof signature));
    if (issuer_cert.size == 0) {
        sb_pack_nil(buf);
    } else {
        sb_pack_bin(buf, issuer_cert);
    }
    buf->overflow = buf->overflow || packed.overflow;
    sb_buf_finish(&packed);
}

/* The three byte strings that a certificate is made of. */
struct parts {
    struct sb_bytes record;
    struct sb_bytes signature;
    struct sb_bytes issuer; /* empty: the root */
};

static bool parts_read(struct sb_bytes cert, struct parts *ret_parts)
{
    if (cert.size > SB_CERT_SIZE_MAX) {
        return false;
    }
    struct sb_cursor cursor = sb_cursor(cert);
    unsigned items = sb_cursor_array(&cursor, 3);
    struct parts parts = {.record = sb_cursor_bin(&cursor, SB_CERT_SIZE_MAX)};
    parts.signature = sb_cursor_bin(&cursor, SB_SIGNATURE_SIZE);
    if (!sb_cursor_nil(&cursor)) {
        parts.issuer = sb_cursor_bin(&cursor, SB_CERT_SIZE_MAX);
        if (parts.issuer.size == 0) {
            return false;
        }
    }
    if (items != 3 || !sb_cursor_done(&cursor) || parts.record.size == 0
        || parts.signature.size != SB_SIGNATURE_SIZE) {
        return false;
    }
    *ret_parts = parts;
    return true;
}

static struct sb_hash parts_digest(const struct parts *parts)
{
    const struct sb_bytes both[] = {parts->record, parts->signature};
    return sb_hash_parts("cert", both, sizeof both / sizeof both[0]);
}

struct sb_hash sb_cert_digest(struct sb_bytes cert)
{
    struct parts parts;
    return parts_read(cert, &parts) ? parts_digest(&parts) : (struct sb_hash){0};
}

/* Who signs a certificate of each role, and what it must hold besides SUBJECT and validity. */
static const struct role_rule {
    enum sb_role issuer; /* 0: nobody, there is no such certificate */
    enum sb_field needs[4];
} role_rules[] = {
    [SB_ROLE_BROKER] = {SB_ROLE_ROOT, {SB_FIELD_ORGS}},
    [SB_ROLE_ENROLMENT] = {SB_ROLE_ROOT, {SB_FIELD_MACHINE_KEY}},
    [SB_ROLE_AGENT] = {SB_ROLE_ENROLMENT,
                       {SB_FIELD_ORGS, SB_FIELD_CURVE_KEY, SB_FIELD_MACHINE_KEY}},
    [SB_ROLE_VIEWER] = {SB_ROLE_ENROLMENT, {SB_FIELD_CURVE_KEY, SB_FIELD_REALM}},
    [SB_ROLE_EXERCISE_OPERATOR] = {SB_ROLE_ENROLMENT, {SB_FIELD_CURVE_KEY, SB_FIELD_REALM}},
    [SB_ROLE_OPERATOR] = {SB_ROLE_ENROLMENT, {SB_FIELD_CURVE_KEY, SB_FIELD_REALM}},
    [SB_ROLE_ADMIN] = {SB_ROLE_ENROLMENT, {SB_FIELD_CURVE_KEY, SB_FIELD_REALM}},
};

static const enum sb_field realm_fields[4] = {
    [SB_REALM_LIVE] = SB_FIELD_KEY_LIVE,
    [SB_REALM_EXERCISE] = SB_FIELD_KEY_EXERCISE,
    [SB_REALM_TEST] = SB_FIELD_KEY_TEST,
};

static bool key_read(const struct sb_record *record, enum sb_field field,
                     struct sb_public_key *ret_key)
{
    struct sb_bytes bytes = sb_record_bytes(record, field);
    if (bytes.size != sizeof ret_key->at) {
        return false;
    }
    memcpy(ret_key->at, bytes.at, sizeof ret_key->at);
    return true;
}

static enum sb_err missing(enum sb_field field, struct sb_why *why)
{
    return sb_why_say(why, SB_ERR_MALFORMED, "certifikatet saknar en giltig uppgift \"" SB_SV "\"",
                      "a certificate without a valid " SB_EN,
                      SB_FIELD_PAIR(sb_field_find((unsigned)field)));
}

static enum sb_err keys_read(const struct sb_record *record, struct sb_cert *cert,
                             struct sb_why *why)
{
    if (sb_record_has(record, SB_FIELD_CURVE_KEY)
        && !key_read(record, SB_FIELD_CURVE_KEY, &cert->curve)) {
        return missing(SB_FIELD_CURVE_KEY, why);
    }
    if (sb_record_has(record, SB_FIELD_MACHINE_KEY)
        && !key_read(record, SB_FIELD_MACHINE_KEY, &cert->machine)) {
        return missing(SB_FIELD_MACHINE_KEY, why);
    }
    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST; realm++) {
        if (!sb_record_has(record, realm_fields[realm])) {
            continue;
        }
        if (!key_read(record, realm_fields[realm], &cert->realm_key[realm])) {
            return missing(realm_fields[realm], why);
        }
        cert->has_realm_key[realm] = true;
    }
    return SB_ERR_OK;
}

static enum sb_err orgs_read(const struct sb_record *record, struct sb_cert *cert,
                             struct sb_why *why)
{
    struct sb_list_reader reader = sb_list_read(sb_record_bytes(record, SB_FIELD_ORGS));
    struct sb_bytes text;
    while (sb_list_next(&reader, &text)) {
        if (cert->org_count == SB_ORGS_PER_AGENT_MAX) {
            return sb_why_say(
                why, SB_ERR_MALFORMED, "certifikatet gäller fler än %d organisationer",
                "a certificate for more than %d organisations", SB_ORGS_PER_AGENT_MAX);
        }
        if (!sb_name_read(text, &cert->org[cert->org_count])) {
            return missing(SB_FIELD_ORGS, why);
        }
        cert->org_count++;
    }
    return SB_ERR_OK;
}

/* An operator works in one realm, which follows from who one is (domain model, Three realms). */
static enum sb_err realm_check(const struct sb_record *record, struct sb_cert *cert,
                               struct sb_why *why)
{
    if (!sb_record_has(record, SB_FIELD_REALM)) {
        return SB_ERR_OK;
    }
    uint64_t realm = sb_record_number(record, SB_FIELD_REALM);
    if (realm < SB_REALM_LIVE || realm > SB_REALM_TEST) {
        return missing(SB_FIELD_REALM, why);
    }
    cert->realm = (unsigned)realm;
    for (unsigned other = SB_REALM_LIVE; other <= SB_REALM_TEST; other++) {
        if (other != realm && cert->has_realm_key[other]) {
            return sb_why_say(why, SB_ERR_NOT_ALLOWED,
                              "certifikatet för %s innehåller en nyckel för en annan typ (SKARPT, "
                              "ÖVNING eller PROV) än sin egen",
                              "the certificate of %s holds a key of another realm than its own",
                              cert->subject.text);
        }
    }
    if (cert->role == SB_ROLE_EXERCISE_OPERATOR && realm == SB_REALM_LIVE) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "%s är övningsledare och kan inte ha SKARPT",
                          "%s is an exercise operator and cannot have the live realm",
                          cert->subject.text);
    }
    return SB_ERR_OK;
}

/* The rule for the number in ROLE, or NULL where there is no such certificate. */
static const struct role_rule *rule_find(uint64_t role)
{
    bool known = role < sizeof role_rules / sizeof role_rules[0] && role_rules[role].issuer != 0;
    return known ? &role_rules[role] : NULL;
}

/* What the record says, without asking who signed it. */
static enum sb_err content_read(struct sb_bytes bytes, struct sb_cert *ret_cert, struct sb_why *why)
{
    struct sb_record record = {0};
    struct sb_why inner = {0};
    enum sb_err err = sb_record_read(bytes, SB_PARTS_ALL, &record, &inner);
    if (err != SB_ERR_OK) {
        return sb_why_say(why, SB_ERR_MALFORMED, "certifikatet kan inte läsas (" SB_SV ")",
                          "a certificate that cannot be read (" SB_EN ")", SB_WHY_PAIR(inner));
    }
    const struct role_rule *rule = rule_find(sb_record_number(&record, SB_FIELD_ROLE));
    if (rule == NULL) {
        return missing(SB_FIELD_ROLE, why);
    }
    static const enum sb_field always[] = {SB_FIELD_SUBJECT, SB_FIELD_VALID_FROM,
                                           SB_FIELD_VALID_TO};
    for (unsigned i = 0; i < sizeof always / sizeof always[0]; i++) {
        if (!sb_record_has(&record, always[i])) {
            return missing(always[i], why);
        }
    }
    for (unsigned i = 0; i < sizeof rule->needs / sizeof rule->needs[0] && rule->needs[i] != 0;
         i++) {
        if (!sb_record_has(&record, rule->needs[i])) {
            return missing(rule->needs[i], why);
        }
    }
    struct sb_cert cert = {
        .subject = sb_record_name(&record, SB_FIELD_SUBJECT),
        .role = (enum sb_role)(unsigned)sb_record_number(&record, SB_FIELD_ROLE),
        .valid_from = sb_record_number(&record, SB_FIELD_VALID_FROM),
        .valid_to = sb_record_number(&record, SB_FIELD_VALID_TO),
        .serial = sb_record_number(&record, SB_FIELD_SERIAL),
    };
    err = keys_read(&record, &cert, why);
    err = err == SB_ERR_OK ? orgs_read(&record, &cert, why) : err;
    err = err == SB_ERR_OK ? realm_check(&record, &cert, why) : err;
    if (err == SB_ERR_OK && sb_record_has(&record, SB_FIELD_ORGS) && cert.org_count == 0) {
        err = missing(SB_FIELD_ORGS, why);
    }
    if (err == SB_ERR_OK) {
        *ret_cert = cert;
    }
    return err;
}

static enum sb_err validity_check(const struct sb_cert *cert, uint64_t when_ms, struct sb_why *why)
{
    const unsigned long long hour_ms = 3600ull * 1000;
    /* A clock that is behind must not make alarms of a centre that was founded, or of a person who
     * was enrolled, today unbelievable: nothing is gained by whoever signs ahead of the time. */
    if (when_ms < cert->valid_from && cert->valid_from - when_ms > SB_CERT_EARLY_MS) {
        return sb_why_say(why, SB_ERR_EXPIRED,
                          "certifikatet för %s gäller först om %llu h: kontrollera klockan",
                          "the certificate of %s is not valid for another %llu h: check the clock",
                          cert->subject.text, (cert->valid_from - when_ms) / hour_ms + 1);
    }
    if (when_ms >= cert->valid_to) {
        return sb_why_say(why, SB_ERR_EXPIRED,
                          "certifikatet för %s gick ut för %llu h sedan: be om en ny inbjudan",
                          "the certificate of %s ended %llu h ago: it must be enrolled again, ask "
                          "for a new invitation",
                          cert->subject.text, (when_ms - cert->valid_to) / hour_ms);
    }
    return SB_ERR_OK;
}

/* Who signs the next certificate down. */
struct issuer {
    enum sb_role role;
    const struct sb_public_key *key;
    uint64_t when_ms;
    struct sb_known *known;
};

static bool signature_check(const struct parts *parts, const struct issuer *by)
{
    const struct sb_bytes named[] = {sb_bytes(by->key->at, SB_KEY_SIZE), parts->record,
                                     parts->signature};
    if (by->known == NULL) {
        return sb_signature_holds(by->key, "cert", parts->record, parts->signature);
    }
    const struct sb_hash name = sb_hash_parts("cert", named, sizeof named / sizeof named[0]);
    struct sb_hash *slot = &by->known->at[sb_be64_read(name.at) % SB_CERTS_KNOWN_MAX];
    if (sb_hash_equal(slot, &name)) {
        return true;
    }
    const bool holds = sb_signature_holds(by->key, "cert", parts->record, parts->signature);
    if (holds) {
        *slot = name;
    }
    return holds;
}

/* One step down the chain: content, signature by `by`, that `by` may sign such a one, validity. */
static enum sb_err step_check(const struct parts *parts, const struct issuer *by,
                              struct sb_cert *ret_cert, struct sb_why *why)
{
    struct sb_cert cert = {0};
    enum sb_err err = content_read(parts->record, &cert, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (!signature_check(parts, by)) {
        return sb_why_say(why, SB_ERR_SIGNATURE,
                          "certifikatet för %s är inte undertecknat av den som ska göra det",
                          "the certificate of %s was not signed by whom it should be",
                          cert.subject.text);
    }
    if (role_rules[cert.role].issuer != by->role) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED,
                          "certifikatet för %s är undertecknat med en nyckel som inte får göra det",
                          "the certificate of %s was signed by a key that may not sign such a one",
                          cert.subject.text);
    }
    err = validity_check(&cert, by->when_ms, why);
    if (err == SB_ERR_OK) {
        cert.digest = parts_digest(parts);
        *ret_cert = cert;
    }
    return err;
}

enum sb_err sb_cert_read(struct sb_bytes cert, const struct sb_public_key *root, uint64_t when_ms,
                         struct sb_known *known, struct sb_cert *ret_cert, struct sb_why *why)
{
    struct parts own, above;
    if (!parts_read(cert, &own)) {
        return sb_why_say(why, SB_ERR_MALFORMED, "%zu byte som inte är något certifikat",
                          "%zu bytes that are no certificate", cert.size);
    }
    struct issuer by = {.role = SB_ROLE_ROOT, .key = root, .when_ms = when_ms, .known = known};
    if (own.issuer.size == 0) {
        return step_check(&own, &by, ret_cert, why);
    }
    if (!parts_read(own.issuer, &above)) {
        return sb_why_say(why, SB_ERR_MALFORMED, "certifikatets utfärdare har inget certifikat",
                          "a certificate whose issuer's is none");
    }
    if (above.issuer.size > 0) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "certifikatet ligger för långt från roten",
                          "a certificate too far from the root");
    }
    struct sb_cert issuer = {0};
    enum sb_err err = step_check(&above, &by, &issuer, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    by.role = issuer.role;
    by.key = &issuer.machine;
    return step_check(&own, &by, ret_cert, why);
}

bool sb_cert_serves(const struct sb_cert *cert, const struct sb_name *org)
{
    for (unsigned i = 0; i < cert->org_count; i++) {
        if (sb_name_equal(&cert->org[i], org)) {
            return true;
        }
    }
    return false;
}
