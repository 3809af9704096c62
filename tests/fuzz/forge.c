/* forge.c: seals what a fuzz target's input says, rightly or wrongly. Nothing here is checked: that
 * is what the targets are for. */
#include "forge.h"

#include "samband/cursor.h"

#include <stdlib.h>
#include <string.h>

const struct forge_parties *forge_parties(void)
{
    static struct forge_parties *parties;
    if (parties == NULL) {
        parties = sb_alloc(1, sizeof *parties);
        authority_init(&parties->authority);
        party_keys(&parties->broker, 10);
        party_enrol(&parties->broker, &parties->authority, SB_ROLE_BROKER, "lst-ab", "lst-ab");
        party_keys(&parties->agent, 20);
        party_enrol(&parties->agent, &parties->authority, SB_ROLE_AGENT, "taby-1", "taby");
        party_keys(&parties->other, 40);
        party_enrol(&parties->other, &parties->authority, SB_ROLE_AGENT, "solna-1", "solna");
    }
    return parties;
}

static const struct party *party_of(uint8_t how)
{
    const struct forge_parties *parties = forge_parties();
    return (how & FORGE_BY_OTHER) != 0   ? &parties->other
           : (how & FORGE_BY_AGENT) != 0 ? &parties->agent
                                         : &parties->broker;
}

static const uint8_t salt[16] = {'s', 'a', 'l', 't'};
static const uint8_t nonce[16] = {'n', 'o', 'n', 'c', 'e'};

static struct sb_hash part_hash(const char *tag, struct sb_bytes map)
{
    const struct sb_bytes parts[] = {sb_bytes(salt, sizeof salt), map};
    return sb_hash_parts(tag, parts, 2);
}

static void part_pack(struct sb_buf *body, struct sb_bytes map, bool erased)
{
    if (erased) {
        sb_pack_nil(body);
        return;
    }
    sb_pack_array(body, 2);
    sb_pack_bin(body, sb_bytes(salt, sizeof salt));
    sb_pack_bin(body, map);
}

static void defaults_set(struct sb_record *fields, uint8_t how)
{
    const char *origin = (how & FORGE_BY_OTHER) != 0   ? "solna"
                         : (how & FORGE_BY_AGENT) != 0 ? "taby"
                                                       : "lst-ab";
    if (!sb_record_has(fields, SB_FIELD_NONCE)) {
        sb_record_set_bytes(fields, SB_FIELD_NONCE, sb_bytes(nonce, sizeof nonce));
    }
    if (!sb_record_has(fields, SB_FIELD_REALM)) {
        sb_record_set_number(fields, SB_FIELD_REALM, SB_REALM_LIVE);
    }
    if (!sb_record_has(fields, SB_FIELD_ISSUED)) {
        sb_record_set_number(fields, SB_FIELD_ISSUED, AUTHORITY_NOW_MS);
    }
    if (!sb_record_has(fields, SB_FIELD_ORIGIN)) {
        sb_record_set_bytes(fields, SB_FIELD_ORIGIN, sb_bytes_str(origin));
    }
}

/* The header's bytes into `ret_header`; the realm whose key is to sign it is returned. `hashes`: of
 * facts, of text, and what it is about (zero: nothing). */
static uint64_t header_make(struct sb_bytes map, uint8_t how, const struct sb_hash hashes[3],
                            struct sb_buf *ret_header)
{
    struct sb_record *fields = sb_alloc(1, sizeof *fields);
    struct sb_hash signer = sb_cert_digest(sb_buf_bytes(&party_of(how)->cert));
    enum sb_err err = sb_record_read(map, SB_PARTS_HEADER, fields, NULL);
    uint64_t realm = sb_record_number(fields, SB_FIELD_REALM);
    if (err != SB_ERR_OK || (how & FORGE_RAW_HEADER) != 0) {
        sb_buf_add(ret_header, map);
    } else {
        defaults_set(fields, how);
        sb_record_set_hash(fields, SB_FIELD_FACTS_HASH, &hashes[0]);
        sb_record_set_hash(fields, SB_FIELD_TEXT_HASH, &hashes[1]);
        if (!sb_hash_is_zero(&hashes[2]) && !sb_record_has(fields, SB_FIELD_REF)) {
            sb_record_set_hash(fields, SB_FIELD_REF, &hashes[2]);
        }
        sb_record_set_hash(fields, SB_FIELD_SIGNER, &signer);
        sb_record_write(fields, SB_PARTS_HEADER, ret_header);
    }
    free(fields);
    return realm >= SB_REALM_LIVE && realm <= SB_REALM_TEST ? realm : SB_REALM_LIVE;
}

/* The four strings one behind the other in `buf`. */
static void place(struct sb_buf *buf, const struct sb_bytes part[4], struct sb_sealed *ret_sealed)
{
    size_t at[4];
    for (unsigned i = 0; i < 4; i++) {
        at[i] = buf->size;
        sb_buf_add(buf, part[i]);
    }
    *ret_sealed = (struct sb_sealed){
        .header = sb_bytes(buf->at + at[0], part[0].size),
        .signature = sb_bytes(buf->at + at[1], part[1].size),
        .body = sb_bytes(buf->at + at[2], part[2].size),
        .cert = sb_bytes(buf->at + at[3], part[3].size),
    };
}

void forge_event(struct sb_bytes made_of, struct sb_buf *buf, struct sb_sealed *ret_sealed)
{
    const struct sb_hash nothing = {{0}};
    forge_event_about(made_of, &nothing, buf, ret_sealed);
}

void forge_event_about(struct sb_bytes made_of, const struct sb_hash *about, struct sb_buf *buf,
                       struct sb_sealed *ret_sealed)
{
    struct fuzz_input input = {.rest = made_of};
    uint8_t how = fuzz_byte(&input);
    struct sb_bytes header_map = fuzz_take(&input, fuzz_u16(&input));
    struct sb_bytes facts_map = fuzz_take(&input, fuzz_u16(&input));
    struct sb_hash hashes[3] = {part_hash("facts", facts_map), part_hash("text", input.rest),
                                *about};
    uint8_t signature[SB_SIGNATURE_SIZE];
    struct sb_buf header, body;
    sb_buf_init(&header, SB_ENTRY_SIZE_MAX);
    sb_buf_init(&body, SB_ENTRY_SIZE_MAX);
    hashes[0].at[0] ^= (how & FORGE_BAD_HASH) != 0 ? 1 : 0;
    uint64_t realm = header_make(header_map, how, hashes, &header);
    if ((how & FORGE_RAW_BODY) != 0) {
        sb_buf_add(&body, facts_map);
    } else {
        sb_pack_array(&body, 2);
        part_pack(&body, facts_map, (how & FORGE_ERASE_FACTS) != 0);
        part_pack(&body, input.rest, (how & FORGE_ERASE_TEXT) != 0);
    }
    sb_sign(&party_of(how)->realm[realm], "event", sb_buf_bytes(&header), signature);
    signature[0] ^= (how & FORGE_BAD_SIGNATURE) != 0 ? 1 : 0;
    const struct sb_bytes part[4] = {sb_buf_bytes(&header), sb_bytes(signature, sizeof signature),
                                     sb_buf_bytes(&body), sb_buf_bytes(&party_of(how)->cert)};
    place(buf, part, ret_sealed);
    sb_buf_finish(&header);
    sb_buf_finish(&body);
}

static void sized_add(struct sb_buf *buf, struct sb_bytes bytes)
{
    sb_buf_add_byte(buf, (uint8_t)(bytes.size >> 8));
    sb_buf_add_byte(buf, (uint8_t)(bytes.size & 0xff));
    sb_buf_add(buf, bytes);
}

void forge_parts(const struct sb_sealed *sealed, uint8_t how, struct sb_buf *buf)
{
    struct sb_event *event = sb_alloc(1, sizeof *event);
    struct sb_buf part;
    sb_buf_init(&part, SB_BODY_SIZE_MAX);
    enum sb_err err = sb_event_read(sealed, event, NULL);
    SB_ASSERT(err == SB_ERR_OK);
    sb_record_unset(&event->fields, SB_FIELD_FACTS_HASH);
    sb_record_unset(&event->fields, SB_FIELD_TEXT_HASH);
    sb_record_unset(&event->fields, SB_FIELD_SIGNER);
    sb_buf_add_byte(buf, how);
    sb_record_write(&event->fields, SB_PARTS_HEADER, &part);
    sized_add(buf, sb_buf_bytes(&part));
    sb_buf_clear(&part);
    sb_record_write(&event->fields, SB_PARTS_FACTS, &part);
    sized_add(buf, sb_buf_bytes(&part));
    sb_record_write(&event->fields, SB_PARTS_TEXT, buf);
    sb_buf_finish(&part);
    free(event);
}
