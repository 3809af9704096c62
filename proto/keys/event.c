/* event.c: sealing an event, reading one, checking who signed it (PROTOCOL.md, Events). Nothing
 * here decides what an event means, and nothing is ever encoded again: what came is what is kept.
 */
#include "samband/event.h"

#include "samband/cursor.h"

#include <string.h>

#define SALT_SIZE  16
#define NONCE_SIZE 16

/* What every header has, whatever its kind. */
static const enum sb_field header_needs[] = {
    SB_FIELD_NONCE,  SB_FIELD_REALM,      SB_FIELD_KIND,      SB_FIELD_ISSUED,
    SB_FIELD_ORIGIN, SB_FIELD_FACTS_HASH, SB_FIELD_TEXT_HASH, SB_FIELD_SIGNER,
};

/* What sealing fills in and takes out again, since it points into the sealing's own memory. */
static const enum sb_field sealing_sets[] = {SB_FIELD_NONCE, SB_FIELD_FACTS_HASH,
                                             SB_FIELD_TEXT_HASH, SB_FIELD_SIGNER};

static const struct sb_kind_row *kind_of(const struct sb_record *fields)
{
    uint64_t number = sb_record_number(fields, SB_FIELD_KIND);
    return number > UINT16_MAX ? NULL : sb_kind_find((unsigned)number);
}

/* The first field that the kind needs and `fields` lacks, of those whose part is in `parts`. */
static enum sb_field missing_of(const struct sb_kind_row *kind, const struct sb_record *fields,
                                unsigned parts)
{
    for (unsigned i = 0; i < SB_KIND_FIELDS_MAX && kind->needs[i] != 0; i++) {
        const struct sb_field_row *row = sb_field_find((unsigned)kind->needs[i]);
        if ((parts & (1u << row->part)) != 0 && !sb_record_has(fields, row->field)) {
            return row->field;
        }
    }
    return (enum sb_field)0;
}

enum sb_field sb_event_missing(const struct sb_record *fields)
{
    const struct sb_kind_row *kind = kind_of(fields);
    return kind == NULL ? SB_FIELD_KIND : missing_of(kind, fields, SB_PARTS_ALL);
}

/* One part of the body as it stands in it. */
struct part {
    struct sb_bytes salt;
    struct sb_bytes map; /* empty: erased (a map is never empty bytes) */
};

static struct sb_hash part_hash(const char *tag, const struct part *part)
{
    const struct sb_bytes both[] = {part->salt, part->map};
    return sb_hash_parts(tag, both, sizeof both / sizeof both[0]);
}

static bool part_read(struct sb_cursor *cursor, struct part *ret_part)
{
    struct part part = {0};
    if (!sb_cursor_nil(cursor)) {
        unsigned items = sb_cursor_array(cursor, 2);
        part.salt = sb_cursor_bin(cursor, SALT_SIZE);
        part.map = sb_cursor_bin(cursor, SB_BODY_SIZE_MAX);
        if (items != 2 || part.salt.size != SALT_SIZE || part.map.size == 0) {
            return false;
        }
    }
    *ret_part = part;
    return !cursor->failed;
}

struct body {
    struct part facts;
    struct part text;
};

static enum sb_err body_read(struct sb_bytes bytes, struct body *ret_body, struct sb_why *why)
{
    if (bytes.size > SB_BODY_SIZE_MAX) {
        return sb_why_say(why, SB_ERR_TOO_LARGE, "postens innehåll har %zu byte; gränsen är %d",
                          "a body of %zu bytes; the limit is %d", bytes.size, SB_BODY_SIZE_MAX);
    }
    struct sb_cursor cursor = sb_cursor(bytes);
    struct body body;
    if (sb_cursor_array(&cursor, 2) != 2 || !part_read(&cursor, &body.facts)
        || !part_read(&cursor, &body.text) || !sb_cursor_done(&cursor)) {
        return sb_why_say(why, SB_ERR_MALFORMED,
                          "postens innehåll (%zu byte) saknar sina två delar",
                          "a body of %zu bytes without its two parts", bytes.size);
    }
    *ret_body = body;
    return SB_ERR_OK;
}

static enum sb_err header_read(struct sb_bytes header, struct sb_record *fields, struct sb_why *why)
{
    if (header.size > SB_HEADER_SIZE_MAX) {
        return sb_why_say(why, SB_ERR_TOO_LARGE, "postens huvud har %zu byte; gränsen är %d",
                          "a header of %zu bytes; the limit is %d", header.size,
                          SB_HEADER_SIZE_MAX);
    }
    enum sb_err err = sb_record_read(header, SB_PARTS_HEADER, fields, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    for (unsigned i = 0; i < sizeof header_needs / sizeof header_needs[0]; i++) {
        if (!sb_record_has(fields, header_needs[i])) {
            return sb_why_say(why, SB_ERR_MISSING, "postens huvud saknar uppgiften \"" SB_SV "\"",
                              "an event's header without " SB_EN,
                              SB_FIELD_PAIR(sb_field_find((unsigned)header_needs[i])));
        }
    }
    if (sb_record_bytes(fields, SB_FIELD_NONCE).size != NONCE_SIZE) {
        return sb_why_say(why, SB_ERR_MALFORMED, "postens engångstal har inte %d byte",
                          "an event's nonce that is not %d bytes", NONCE_SIZE);
    }
    uint64_t realm = sb_record_number(fields, SB_FIELD_REALM);
    if (realm < SB_REALM_LIVE || realm > SB_REALM_TEST) {
        return sb_why_say(why, SB_ERR_REALM,
                          "posten är av den okända typen %llu (inte SKARPT, ÖVNING eller PROV)",
                          "an event of the unknown realm %llu", (unsigned long long)realm);
    }
    return SB_ERR_OK;
}

/* True for an erased part, and for one that the header's hash is of. */
static bool part_fits(const struct sb_record *fields, enum sb_field field, const char *tag,
                      const struct part *part)
{
    struct sb_hash told;
    if (part->map.size == 0) {
        return true;
    }
    struct sb_hash hash = part_hash(tag, part);
    return sb_record_hash(fields, field, &told) && sb_hash_equal(&told, &hash);
}

/* The body's fields, once its hashes fit. */
static enum sb_err content_read(const struct body *body, struct sb_event *event, struct sb_why *why)
{
    unsigned parts = SB_PARTS_HEADER;
    enum sb_err err = SB_ERR_OK;
    if (!event->facts_erased) {
        parts |= SB_PARTS_FACTS;
        err = sb_record_read(body->facts.map, SB_PARTS_FACTS, &event->fields, why);
    }
    if (err == SB_ERR_OK && !event->text_erased) {
        parts |= SB_PARTS_TEXT;
        err = sb_record_read(body->text.map, SB_PARTS_TEXT, &event->fields, why);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    enum sb_field lacks = missing_of(event->kind, &event->fields, parts);
    if (lacks != 0) {
        return sb_why_say(why, SB_ERR_MISSING, "posten (" SB_SV ") saknar uppgiften \"" SB_SV "\"",
                          "the event (" SB_EN ") is without " SB_EN, event->kind->sv,
                          event->kind->en, SB_FIELD_PAIR(sb_field_find((unsigned)lacks)));
    }
    return SB_ERR_OK;
}

enum sb_err sb_event_read(const struct sb_sealed *sealed, struct sb_event *ret_event,
                          struct sb_why *why)
{
    if (sealed->signature.size != SB_SIGNATURE_SIZE || sealed->cert.size > SB_CERT_SIZE_MAX) {
        return sb_why_say(why, SB_ERR_MALFORMED,
                          "postens signatur eller certifikat har fel storlek",
                          "an event whose signature or certificate has the wrong size");
    }
    struct sb_event event = {0};
    struct body body = {0};
    enum sb_err err = header_read(sealed->header, &event.fields, why);
    err = err == SB_ERR_OK ? body_read(sealed->body, &body, why) : err;
    if (err != SB_ERR_OK) {
        return err;
    }
    if (!part_fits(&event.fields, SB_FIELD_FACTS_HASH, "facts", &body.facts)
        || !part_fits(&event.fields, SB_FIELD_TEXT_HASH, "text", &body.text)) {
        return sb_why_say(why, SB_ERR_HASH, "postens innehåll är inte det som dess huvud anger",
                          "an event whose content is not what its header names");
    }
    event.id = sb_hash_one("event", sealed->header);
    event.facts_erased = body.facts.map.size == 0;
    event.text_erased = body.text.map.size == 0;
    event.kind = kind_of(&event.fields);
    if (event.kind == NULL) {
        *ret_event = event;
        return sb_why_say(why, SB_ERR_UNKNOWN_KIND,
                          "posten är av slaget %llu, som denna version inte känner; uppgradera",
                          "an event of the kind %llu, which this version does not know; upgrade",
                          (unsigned long long)sb_record_number(&event.fields, SB_FIELD_KIND));
    }
    err = content_read(&body, &event, why);
    if (err == SB_ERR_OK) {
        *ret_event = event;
    }
    return err;
}

static bool role_may_issue(enum sb_role role, const struct sb_kind_row *kind)
{
    enum sb_issued_by by = kind == NULL ? SB_BY_ANY : kind->by;
    switch (by) {
    case SB_BY_BROKER: return role == SB_ROLE_BROKER;
    case SB_BY_AGENT: return role == SB_ROLE_AGENT;
    case SB_BY_ANY: return role == SB_ROLE_BROKER || role == SB_ROLE_AGENT;
    }
    return false;
}

enum sb_err sb_event_check_signature(const struct sb_sealed *sealed, const struct sb_event *event,
                                     const struct sb_public_key *root, uint64_t when_ms,
                                     struct sb_known *known, struct sb_why *why)
{
    struct sb_cert cert;
    enum sb_err err = sb_cert_read(sealed->cert, root, when_ms, known, &cert, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_hash signer;
    if (!sb_record_hash(&event->fields, SB_FIELD_SIGNER, &signer)
        || !sb_hash_equal(&signer, &cert.digest)) {
        return sb_why_say(
            why, SB_ERR_SIGNATURE,
            "posten anger en annan undertecknare än certifikatet som följer med den (%s)",
            "the event names another signer than the certificate with it (%s)", cert.subject.text);
    }
    if (!role_may_issue(cert.role, event->kind)) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "%s får inte utfärda poster av detta slag",
                          "%s may not issue this kind of event", cert.subject.text);
    }
    struct sb_name origin = sb_record_name(&event->fields, SB_FIELD_ORIGIN);
    if (!sb_cert_serves(&cert, &origin)) {
        return sb_why_say(why, SB_ERR_NOT_ALLOWED, "%s får inte tala för %s",
                          "%s may not speak for %s", cert.subject.text, origin.text);
    }
    uint64_t realm = sb_record_number(&event->fields, SB_FIELD_REALM);
    if (realm < SB_REALM_LIVE || realm > SB_REALM_TEST || !cert.has_realm_key[realm]) {
        return sb_why_say(why, SB_ERR_REALM,
                          "%s har ingen nyckel för postens typ (SKARPT, ÖVNING eller PROV)",
                          "%s has no key for the event's realm", cert.subject.text);
    }
    if (!sb_signature_holds(&cert.realm_key[realm], "event", sealed->header, sealed->signature)) {
        return sb_why_say(why, SB_ERR_SIGNATURE,
                          "posten är inte undertecknad med den nyckel som %s har för dess typ "
                          "(SKARPT, ÖVNING eller PROV)",
                          "the event is not signed by the key of %s for its realm",
                          cert.subject.text);
    }
    return SB_ERR_OK;
}

/* What sealing makes besides the bytes; the record borrows from it. */
struct seal {
    uint8_t nonce[NONCE_SIZE];
    uint8_t facts_salt[SALT_SIZE];
    uint8_t text_salt[SALT_SIZE];
    struct sb_hash facts_hash;
    struct sb_hash text_hash;
    struct sb_hash signer;
    uint8_t signature[SB_SIGNATURE_SIZE];
    struct sb_buf facts, text, header, body;
};

static void seal_init(struct seal *seal, struct sb_entropy *entropy, struct sb_bytes cert)
{
    *seal = (struct seal){.signer = sb_cert_digest(cert)};
    sb_entropy_take(entropy, seal->nonce, sizeof seal->nonce);
    sb_entropy_take(entropy, seal->facts_salt, sizeof seal->facts_salt);
    sb_entropy_take(entropy, seal->text_salt, sizeof seal->text_salt);
    sb_buf_init(&seal->facts, SB_BODY_SIZE_MAX);
    sb_buf_init(&seal->text, SB_BODY_SIZE_MAX);
    sb_buf_init(&seal->header, SB_HEADER_SIZE_MAX);
    sb_buf_init(&seal->body, SB_BODY_SIZE_MAX);
}

static void seal_finish(struct seal *seal)
{
    sb_buf_finish(&seal->facts);
    sb_buf_finish(&seal->text);
    sb_buf_finish(&seal->header);
    sb_buf_finish(&seal->body);
}

static void seal_body(struct seal *seal, const struct sb_record *fields)
{
    sb_record_write(fields, SB_PARTS_FACTS, &seal->facts);
    sb_record_write(fields, SB_PARTS_TEXT, &seal->text);
    struct part facts = {sb_bytes(seal->facts_salt, SALT_SIZE), sb_buf_bytes(&seal->facts)};
    struct part text = {sb_bytes(seal->text_salt, SALT_SIZE), sb_buf_bytes(&seal->text)};
    seal->facts_hash = part_hash("facts", &facts);
    seal->text_hash = part_hash("text", &text);
    sb_pack_array(&seal->body, 2);
    sb_pack_array(&seal->body, 2);
    sb_pack_bin(&seal->body, facts.salt);
    sb_pack_bin(&seal->body, facts.map);
    sb_pack_array(&seal->body, 2);
    sb_pack_bin(&seal->body, text.salt);
    sb_pack_bin(&seal->body, text.map);
}

static void seal_header(struct seal *seal, struct sb_record *fields, const struct sb_signer *signer)
{
    sb_record_set_bytes(fields, SB_FIELD_NONCE, sb_bytes(seal->nonce, NONCE_SIZE));
    sb_record_set_hash(fields, SB_FIELD_FACTS_HASH, &seal->facts_hash);
    sb_record_set_hash(fields, SB_FIELD_TEXT_HASH, &seal->text_hash);
    sb_record_set_hash(fields, SB_FIELD_SIGNER, &seal->signer);
    sb_record_write(fields, SB_PARTS_HEADER, &seal->header);
    for (unsigned i = 0; i < sizeof sealing_sets / sizeof sealing_sets[0]; i++) {
        sb_record_unset(fields, sealing_sets[i]);
    }
    sb_sign(signer, "event", sb_buf_bytes(&seal->header), seal->signature);
}

/* Puts the four strings one after the other into `buf` and points at them there. */
static void seal_place(const struct seal *seal, struct sb_bytes cert, struct sb_buf *buf,
                       struct sb_sealed *ret_sealed)
{
    sb_buf_add(buf, sb_buf_bytes(&seal->header));
    sb_buf_add(buf, sb_bytes(seal->signature, sizeof seal->signature));
    sb_buf_add(buf, sb_buf_bytes(&seal->body));
    sb_buf_add(buf, cert);
    const uint8_t *at = buf->at;
    if (buf->overflow) {
        return;
    }
    ret_sealed->header = sb_bytes(at, seal->header.size);
    at += seal->header.size;
    ret_sealed->signature = sb_bytes(at, SB_SIGNATURE_SIZE);
    at += SB_SIGNATURE_SIZE;
    ret_sealed->body = sb_bytes(at, seal->body.size);
    at += seal->body.size;
    ret_sealed->cert = sb_bytes(at, cert.size);
}

/* Why it did not fit: a value that its field cannot hold, or too much in all. */
static enum sb_err seal_refuse(const struct sb_record *fields, struct sb_why *why)
{
    if (sb_record_unwritable(fields, why) != 0) {
        return SB_ERR_VALUE;
    }
    return sb_why_say(why, SB_ERR_TOO_LARGE,
                      "posten ryms inte (innehållet har plats för %d byte): korta texterna",
                      "the event does not fit (its content has room for %d bytes): shorten its "
                      "texts",
                      SB_BODY_SIZE_MAX);
}

enum sb_err sb_event_seal(struct sb_record *fields, const struct sb_seal_by *by,
                          struct sb_entropy *entropy, struct sb_buf *buf,
                          struct sb_sealed *ret_sealed, struct sb_why *why)
{
    SB_ASSERT(buf->size == 0);
    SB_ASSERT(sb_event_missing(fields) == 0);
    SB_ASSERT(sb_record_has(fields, SB_FIELD_ISSUED) && sb_record_has(fields, SB_FIELD_ORIGIN));
    uint64_t realm = sb_record_number(fields, SB_FIELD_REALM);
    SB_ASSERT(realm >= SB_REALM_LIVE && realm <= SB_REALM_TEST);
    for (unsigned i = 0; i < sizeof sealing_sets / sizeof sealing_sets[0]; i++) {
        SB_ASSERT(!sb_record_has(fields, sealing_sets[i]));
    }
    struct seal seal;
    struct sb_sealed sealed = {0};
    seal_init(&seal, entropy, by->cert);
    seal_body(&seal, fields);
    seal_header(&seal, fields, by->signer);
    seal_place(&seal, by->cert, buf, &sealed);
    bool fits = !seal.facts.overflow && !seal.text.overflow && !seal.body.overflow
                && !seal.header.overflow && !buf->overflow && by->cert.size <= SB_CERT_SIZE_MAX;
    seal_finish(&seal);
    if (!fits) {
        sb_buf_clear(buf);
        return seal_refuse(fields, why);
    }
    *ret_sealed = sealed;
    return SB_ERR_OK;
}
