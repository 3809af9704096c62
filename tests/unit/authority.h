/* authority.h: for tests: a root, an enrolment key and enrolled parties, all from fixed seeds, so
 * that every run makes the same bytes. Not a pattern for real keys. */
#ifndef AUTHORITY_H
#define AUTHORITY_H

#include "samband/event.h"

#include <string.h>

#define AUTHORITY_FROM_MS 1764547200000ull /* 2025-12-01 */
#define AUTHORITY_NOW_MS  1767225600000ull /* 2026-01-01 */
#define AUTHORITY_TO_MS   (AUTHORITY_FROM_MS + SB_CERT_VALID_MS)

struct authority {
    struct sb_signer root;
    struct sb_signer enrolment;
    struct sb_buf enrolment_cert;
};

struct party {
    struct sb_signer machine;
    struct sb_signer realm[4];
    struct sb_public_key curve;
    struct sb_buf cert;
    bool person; /* joins without a machine key */
};

static inline void signer_from(uint8_t number, struct sb_signer *ret_signer)
{
    uint8_t seed[32];
    memset(seed, number, sizeof seed);
    sb_signer_make(seed, ret_signer);
}

static inline void set_key(struct sb_record *record, enum sb_field field,
                           const struct sb_public_key *key)
{
    sb_record_set_bytes(record, field, sb_bytes(key->at, sizeof key->at));
}

/* Subject, role, validity and serial. `subject` must live as long as the record. */
static inline void cert_record_begin(struct sb_record *record, enum sb_role role,
                                     const struct sb_name *subject)
{
    sb_record_clear(record);
    sb_record_set_name(record, SB_FIELD_SUBJECT, subject);
    sb_record_set_number(record, SB_FIELD_ROLE, role);
    sb_record_set_number(record, SB_FIELD_VALID_FROM, AUTHORITY_FROM_MS);
    sb_record_set_number(record, SB_FIELD_VALID_TO, AUTHORITY_TO_MS);
    sb_record_set_number(record, SB_FIELD_SERIAL, 1);
}

static inline void authority_init(struct authority *authority)
{
    signer_from(1, &authority->root);
    signer_from(2, &authority->enrolment);
    struct sb_name subject = sb_name("enrolment");
    struct sb_record record = {0};
    cert_record_begin(&record, SB_ROLE_ENROLMENT, &subject);
    set_key(&record, SB_FIELD_MACHINE_KEY, &authority->enrolment.public_key);
    sb_buf_init(&authority->enrolment_cert, SB_CERT_SIZE_MAX);
    sb_cert_write(&record, &authority->root, (struct sb_bytes){0}, &authority->enrolment_cert);
}

static inline void authority_finish(struct authority *authority)
{
    sb_buf_finish(&authority->enrolment_cert);
}

/* Keys of a party from seed numbers first.. : machine, live, exercise, test; transport last. */
static inline void party_keys(struct party *party, uint8_t first)
{
    signer_from(first, &party->machine);
    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST; realm++) {
        signer_from((uint8_t)(first + realm), &party->realm[realm]);
    }
    uint8_t secret[SB_KEY_SIZE];
    memset(secret, first + 4, sizeof secret);
    sb_curve_public(secret, &party->curve);
}

/* The record of a broker's or agent's certificate, for one organisation; `list` and `subject` must
 * live as long as it. */
static inline void party_record(struct sb_record *record, const struct party *party,
                                enum sb_role role, const struct sb_name *subject,
                                struct sb_list_writer *list)
{
    cert_record_begin(record, role, subject);
    set_key(record, SB_FIELD_CURVE_KEY, &party->curve);
    set_key(record, SB_FIELD_MACHINE_KEY, &party->machine.public_key);
    set_key(record, SB_FIELD_KEY_LIVE, &party->realm[SB_REALM_LIVE].public_key);
    set_key(record, SB_FIELD_KEY_EXERCISE, &party->realm[SB_REALM_EXERCISE].public_key);
    set_key(record, SB_FIELD_KEY_TEST, &party->realm[SB_REALM_TEST].public_key);
    sb_record_set_bytes(record, SB_FIELD_ORGS, sb_list_bytes(list));
}

/* A broker's (signed by the root) or an agent's (by the enrolment key) certificate for `org`. */
static inline void party_enrol(struct party *party, const struct authority *authority,
                               enum sb_role role, const char *subject, const char *org)
{
    struct sb_name name = sb_name(subject);
    struct sb_list_writer list;
    sb_list_init(&list);
    sb_list_add(&list, sb_bytes_str(org));
    struct sb_record record = {0};
    party_record(&record, party, role, &name, &list);
    sb_buf_init(&party->cert, SB_CERT_SIZE_MAX);
    if (role == SB_ROLE_BROKER) {
        sb_cert_write(&record, &authority->root, (struct sb_bytes){0}, &party->cert);
    } else {
        sb_cert_write(&record, &authority->enrolment, sb_buf_bytes(&authority->enrolment_cert),
                      &party->cert);
    }
    sb_list_finish(&list);
}

static inline void party_finish(struct party *party)
{
    sb_buf_finish(&party->cert);
}

#endif
