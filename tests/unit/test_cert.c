/* test_cert.c: certificates up to the root: each role's issuer, validity at its edges, forged and
 * damaged ones, and what is remembered of checked signatures. */
#include "authority.h"
#include "check.h"
#include "samband/cursor.h"

#include <stdlib.h>

static const struct sb_bytes no_bytes = {0};

struct world {
    struct authority authority;
    struct party agent;
    struct sb_name subject;
    struct sb_list_writer orgs;
    struct sb_record record; /* the agent's, to be changed by a test */
    struct sb_known *known;  /* NULL: nothing is remembered */
    struct sb_cert cert;     /* what check() read */
    struct sb_why why;
};

static int world_make(void **state)
{
    struct world *world = sb_alloc(1, sizeof *world);
    authority_init(&world->authority);
    party_keys(&world->agent, 10);
    party_enrol(&world->agent, &world->authority, SB_ROLE_AGENT, "taby-1", "taby");
    world->subject = sb_name("taby-1");
    sb_list_init(&world->orgs);
    sb_list_add(&world->orgs, sb_bytes_str("taby"));
    party_record(&world->record, &world->agent, SB_ROLE_AGENT, &world->subject, &world->orgs);
    *state = world;
    return 0;
}

static int world_drop(void **state)
{
    struct world *world = *state;
    sb_list_finish(&world->orgs);
    party_finish(&world->agent);
    authority_finish(&world->authority);
    free(world->known);
    free(world);
    return 0;
}

static enum sb_err check_at(struct world *world, struct sb_bytes cert, uint64_t when_ms)
{
    return sb_cert_read(cert, &world->authority.root.public_key, when_ms, world->known,
                        &world->cert, &world->why);
}

static enum sb_err check(struct world *world, struct sb_bytes cert)
{
    return check_at(world, cert, AUTHORITY_NOW_MS);
}

/* Writes `record` as signed by `issuer`, under `issuer_cert`, and checks it. */
static enum sb_err check_signed(struct world *world, const struct sb_record *record,
                                const struct sb_signer *issuer, struct sb_bytes issuer_cert)
{
    struct sb_buf buf;
    sb_buf_init(&buf, 2 * SB_CERT_SIZE_MAX);
    sb_cert_write(record, issuer, issuer_cert, &buf);
    assert_false(buf.overflow);
    enum sb_err err = check(world, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    return err;
}

static enum sb_err check_enrolled(struct world *world)
{
    return check_signed(world, &world->record, &world->authority.enrolment,
                        sb_buf_bytes(&world->authority.enrolment_cert));
}

static void test_agent(void **state)
{
    struct world *world = *state;
    struct sb_bytes bytes = sb_buf_bytes(&world->agent.cert);
    assert_int_equal(check(world, bytes), SB_ERR_OK);
    assert_string_equal(world->cert.subject.text, "taby-1");
    assert_int_equal(world->cert.role, SB_ROLE_AGENT);
    assert_int_equal(world->cert.realm, 0);
    assert_int_equal(world->cert.org_count, 1);
    assert_int_equal(world->cert.valid_from, AUTHORITY_FROM_MS);
    assert_int_equal(world->cert.valid_to, AUTHORITY_TO_MS);
    assert_int_equal(world->cert.serial, 1);
    assert_memory_equal(world->cert.machine.at, world->agent.machine.public_key.at, SB_KEY_SIZE);
    assert_memory_equal(world->cert.curve.at, world->agent.curve.at, SB_KEY_SIZE);
    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST; realm++) {
        assert_true(world->cert.has_realm_key[realm]);
        assert_memory_equal(world->cert.realm_key[realm].at,
                            world->agent.realm[realm].public_key.at, SB_KEY_SIZE);
    }
    assert_false(world->cert.has_realm_key[0]);
    struct sb_hash digest = sb_cert_digest(bytes);
    assert_true(sb_hash_equal(&digest, &world->cert.digest));
    assert_false(sb_hash_is_zero(&digest));
    struct sb_name taby = sb_name("taby"), solna = sb_name("solna");
    assert_true(sb_cert_serves(&world->cert, &taby));
    assert_false(sb_cert_serves(&world->cert, &solna));
}

static void test_broker_and_enrolment(void **state)
{
    struct world *world = *state;
    struct party broker;
    party_keys(&broker, 20);
    party_enrol(&broker, &world->authority, SB_ROLE_BROKER, "broker", "lst-ab");
    assert_int_equal(check(world, sb_buf_bytes(&broker.cert)), SB_ERR_OK);
    assert_int_equal(world->cert.role, SB_ROLE_BROKER);
    party_finish(&broker);
    assert_int_equal(check(world, sb_buf_bytes(&world->authority.enrolment_cert)), SB_ERR_OK);
    assert_int_equal(world->cert.role, SB_ROLE_ENROLMENT);
}

static void test_validity_edges(void **state)
{
    struct world *world = *state;
    struct sb_bytes bytes = sb_buf_bytes(&world->agent.cert);
    assert_int_equal(check_at(world, bytes, AUTHORITY_FROM_MS - 1), SB_ERR_EXPIRED);
    check_said(&world->why, "kontrollera klockan", "check the clock");
    assert_int_equal(check_at(world, bytes, AUTHORITY_FROM_MS), SB_ERR_OK);
    assert_int_equal(check_at(world, bytes, AUTHORITY_TO_MS - 1), SB_ERR_OK);
    assert_int_equal(check_at(world, bytes, AUTHORITY_TO_MS), SB_ERR_EXPIRED);
    check_said(&world->why, "be om en ny inbjudan", "ask for a new invitation");
    assert_int_equal(check_at(world, bytes, UINT64_MAX), SB_ERR_EXPIRED);
    assert_int_equal(check_at(world, bytes, 0), SB_ERR_EXPIRED);
}

/* The subject's own time is not enough: the issuer's counts too. */
static void test_expired_issuer(void **state)
{
    struct world *world = *state;
    sb_record_set_number(&world->record, SB_FIELD_VALID_TO, UINT64_MAX);
    struct sb_buf buf;
    sb_buf_init(&buf, SB_CERT_SIZE_MAX);
    sb_cert_write(&world->record, &world->authority.enrolment,
                  sb_buf_bytes(&world->authority.enrolment_cert), &buf);
    assert_int_equal(check_at(world, sb_buf_bytes(&buf), AUTHORITY_TO_MS - 1), SB_ERR_OK);
    assert_int_equal(check_at(world, sb_buf_bytes(&buf), AUTHORITY_TO_MS), SB_ERR_EXPIRED);
    sb_buf_finish(&buf);
}

static void test_every_truncation(void **state)
{
    struct world *world = *state;
    struct sb_bytes whole = sb_buf_bytes(&world->agent.cert);
    for (size_t size = 0; size < whole.size; size++) {
        /* A copy of just that size, so that a read past it is seen. */
        uint8_t *copy = sb_alloc(size + 1, 1);
        memcpy(copy, whole.at, size);
        assert_int_equal(check(world, sb_bytes(copy, size)), SB_ERR_MALFORMED);
        struct sb_hash digest = sb_cert_digest(sb_bytes(copy, size));
        assert_true(sb_hash_is_zero(&digest));
        free(copy);
    }
    sb_buf_add_byte(&world->agent.cert, 0);
    assert_int_equal(check(world, sb_buf_bytes(&world->agent.cert)), SB_ERR_MALFORMED);
}

static void test_every_bit(void **state)
{
    struct world *world = *state;
    struct sb_buf *buf = &world->agent.cert;
    for (size_t bit = 0; bit < 8 * buf->size; bit++) {
        buf->at[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_int_not_equal(check(world, sb_buf_bytes(buf)), SB_ERR_OK);
        buf->at[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    assert_int_equal(check(world, sb_buf_bytes(buf)), SB_ERR_OK);
}

static void test_forged_issuer(void **state)
{
    struct world *world = *state;
    /* An own "enrolment" under an own root. */
    struct authority forger = {0};
    signer_from(101, &forger.root);
    signer_from(102, &forger.enrolment);
    struct sb_name subject = sb_name("enrolment");
    struct sb_record record = {0};
    cert_record_begin(&record, SB_ROLE_ENROLMENT, &subject);
    set_key(&record, SB_FIELD_MACHINE_KEY, &forger.enrolment.public_key);
    sb_buf_init(&forger.enrolment_cert, SB_CERT_SIZE_MAX);
    sb_cert_write(&record, &forger.root, no_bytes, &forger.enrolment_cert);
    assert_int_equal(check_signed(world, &world->record, &forger.enrolment,
                                  sb_buf_bytes(&forger.enrolment_cert)),
                     SB_ERR_SIGNATURE);
    /* The true enrolment certificate, another key. */
    assert_int_equal(check_signed(world, &world->record, &forger.enrolment,
                                  sb_buf_bytes(&world->authority.enrolment_cert)),
                     SB_ERR_SIGNATURE);
    /* Somebody else signs as the root. */
    assert_int_equal(check_signed(world, &record, &forger.root, no_bytes), SB_ERR_SIGNATURE);
    authority_finish(&forger);
}

static void test_issuer_without_the_right(void **state)
{
    struct world *world = *state;
    /* An agent signs another agent. */
    assert_int_equal(check_signed(world, &world->record, &world->agent.machine,
                                  sb_buf_bytes(&world->agent.cert)),
                     SB_ERR_NOT_ALLOWED);
    /* The broker signs an agent. */
    struct party broker;
    party_keys(&broker, 20);
    party_enrol(&broker, &world->authority, SB_ROLE_BROKER, "broker", "lst-ab");
    assert_int_equal(
        check_signed(world, &world->record, &broker.machine, sb_buf_bytes(&broker.cert)),
        SB_ERR_NOT_ALLOWED);
    party_finish(&broker);
    /* The root signs an agent itself. */
    assert_int_equal(check_signed(world, &world->record, &world->authority.root, no_bytes),
                     SB_ERR_NOT_ALLOWED);
    /* The enrolment key makes a broker, and another enrolment key. */
    sb_record_set_number(&world->record, SB_FIELD_ROLE, SB_ROLE_BROKER);
    assert_int_equal(check_enrolled(world), SB_ERR_NOT_ALLOWED);
    sb_record_set_number(&world->record, SB_FIELD_ROLE, SB_ROLE_ENROLMENT);
    assert_int_equal(check_enrolled(world), SB_ERR_NOT_ALLOWED);
}

static void test_roles_that_are_none(void **state)
{
    struct world *world = *state;
    static const uint64_t none[] = {0, SB_ROLE_ROOT, SB_ROLE_ADMIN + 1, 255};
    for (unsigned i = 0; i < sizeof none / sizeof none[0]; i++) {
        sb_record_set_number(&world->record, SB_FIELD_ROLE, none[i]);
        assert_int_equal(check_enrolled(world), SB_ERR_MALFORMED);
        assert_int_equal(check_signed(world, &world->record, &world->authority.root, no_bytes),
                         SB_ERR_MALFORMED);
    }
}

static void test_too_deep(void **state)
{
    struct world *world = *state;
    assert_int_equal(check_enrolled(world), SB_ERR_OK);
    /* enrolment ← enrolment ← root would be three. */
    struct authority third = world->authority;
    struct sb_name subject = sb_name("enrolment");
    struct sb_record record = {0};
    cert_record_begin(&record, SB_ROLE_ENROLMENT, &subject);
    set_key(&record, SB_FIELD_MACHINE_KEY, &third.enrolment.public_key);
    sb_buf_init(&third.enrolment_cert, SB_CERT_SIZE_MAX);
    sb_cert_write(&record, &world->authority.enrolment,
                  sb_buf_bytes(&world->authority.enrolment_cert), &third.enrolment_cert);
    assert_int_equal(
        check_signed(world, &world->record, &third.enrolment, sb_buf_bytes(&third.enrolment_cert)),
        SB_ERR_NOT_ALLOWED);
    authority_finish(&third);
}

static void test_missing_fields(void **state)
{
    struct world *world = *state;
    static const enum sb_field needed[] = {SB_FIELD_SUBJECT,    SB_FIELD_ROLE, SB_FIELD_VALID_FROM,
                                           SB_FIELD_VALID_TO,   SB_FIELD_ORGS, SB_FIELD_CURVE_KEY,
                                           SB_FIELD_MACHINE_KEY};
    for (unsigned i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        struct sb_value kept = world->record.at[needed[i]];
        sb_record_unset(&world->record, needed[i]);
        assert_int_equal(check_enrolled(world), SB_ERR_MALFORMED);
        assert_non_null(strstr(world->why.text, sb_field_find((unsigned)needed[i])->json));
        world->record.at[needed[i]] = kept;
    }
    assert_int_equal(check_enrolled(world), SB_ERR_OK);
}

static void test_organisations_at_the_limit(void **state)
{
    struct world *world = *state;
    for (unsigned count = 1; count < SB_ORGS_PER_AGENT_MAX; count++) {
        char name[8] = {'k', 'o', 'm', '-', (char)('a' + count / 26), (char)('a' + count % 26), 0};
        sb_list_add(&world->orgs, sb_bytes_str(name));
    }
    sb_record_set_bytes(&world->record, SB_FIELD_ORGS, sb_list_bytes(&world->orgs));
    assert_int_equal(check_enrolled(world), SB_ERR_OK);
    assert_int_equal(world->cert.org_count, SB_ORGS_PER_AGENT_MAX);
    struct sb_name last = sb_name("kom-bf");
    assert_true(sb_cert_serves(&world->cert, &last));
    sb_list_add(&world->orgs, sb_bytes_str("one-more"));
    sb_record_set_bytes(&world->record, SB_FIELD_ORGS, sb_list_bytes(&world->orgs));
    assert_int_equal(check_enrolled(world), SB_ERR_MALFORMED);
}

static void test_organisation_that_is_no_name(void **state)
{
    struct world *world = *state;
    sb_list_add(&world->orgs, sb_bytes_str("Täby"));
    sb_record_set_bytes(&world->record, SB_FIELD_ORGS, sb_list_bytes(&world->orgs));
    assert_int_equal(check_enrolled(world), SB_ERR_MALFORMED);
    struct sb_list_writer nobody;
    sb_list_init(&nobody);
    sb_record_set_bytes(&world->record, SB_FIELD_ORGS, sb_list_bytes(&nobody));
    assert_int_equal(check_enrolled(world), SB_ERR_MALFORMED);
    sb_list_finish(&nobody);
}

static void operator_record(struct world *world, enum sb_role role, uint64_t realm)
{
    world->subject = sb_name("o:tib");
    cert_record_begin(&world->record, role, &world->subject);
    set_key(&world->record, SB_FIELD_CURVE_KEY, &world->agent.curve);
    sb_record_set_number(&world->record, SB_FIELD_REALM, realm);
}

static void test_operators_have_one_realm(void **state)
{
    struct world *world = *state;
    const struct sb_public_key *key = &world->agent.realm[SB_REALM_LIVE].public_key;
    operator_record(world, SB_ROLE_OPERATOR, SB_REALM_LIVE);
    set_key(&world->record, SB_FIELD_KEY_LIVE, key);
    assert_int_equal(check_enrolled(world), SB_ERR_OK);
    assert_int_equal(world->cert.realm, SB_REALM_LIVE);
    assert_true(world->cert.has_realm_key[SB_REALM_LIVE]);
    assert_false(world->cert.has_realm_key[SB_REALM_EXERCISE]);

    set_key(&world->record, SB_FIELD_KEY_EXERCISE, key);
    assert_int_equal(check_enrolled(world), SB_ERR_NOT_ALLOWED);

    operator_record(world, SB_ROLE_VIEWER, SB_REALM_TEST);
    assert_int_equal(check_enrolled(world), SB_ERR_OK);
    sb_record_unset(&world->record, SB_FIELD_REALM);
    assert_int_equal(check_enrolled(world), SB_ERR_MALFORMED);
    static const uint64_t none[] = {0, 4, 255};
    for (unsigned i = 0; i < sizeof none / sizeof none[0]; i++) {
        operator_record(world, SB_ROLE_ADMIN, none[i]);
        assert_int_equal(check_enrolled(world), SB_ERR_MALFORMED);
    }
}

static void test_exercise_operator_is_never_live(void **state)
{
    struct world *world = *state;
    operator_record(world, SB_ROLE_EXERCISE_OPERATOR, SB_REALM_LIVE);
    assert_int_equal(check_enrolled(world), SB_ERR_NOT_ALLOWED);
    operator_record(world, SB_ROLE_EXERCISE_OPERATOR, SB_REALM_EXERCISE);
    assert_int_equal(check_enrolled(world), SB_ERR_OK);
}

/* An agent's certificate of exactly `size` bytes: what the names leave over is filled with text, in
 * its own record and in its issuer's. */
static enum sb_err check_of_size(struct world *world, size_t size)
{
    char text[SB_CERT_SIZE_MAX];
    memset(text, 'a', sizeof text);
    struct sb_name subject = sb_name("enrolment");
    struct sb_record record = {0};
    struct sb_buf issuer, buf;
    cert_record_begin(&record, SB_ROLE_ENROLMENT, &subject);
    set_key(&record, SB_FIELD_MACHINE_KEY, &world->authority.enrolment.public_key);
    sb_record_set_bytes(&record, SB_FIELD_TEXT, sb_bytes(text, 2000));
    sb_buf_init(&issuer, SB_CERT_SIZE_MAX);
    sb_cert_write(&record, &world->authority.root, no_bytes, &issuer);
    size_t text_size = 1000;
    for (unsigned round = 0; round < 2; round++) {
        sb_record_set_bytes(&world->record, SB_FIELD_TEXT, sb_bytes(text, text_size));
        sb_buf_init(&buf, 2 * SB_CERT_SIZE_MAX);
        sb_cert_write(&world->record, &world->authority.enrolment, sb_buf_bytes(&issuer), &buf);
        if (round == 0) {
            text_size += size - buf.size;
            sb_buf_finish(&buf);
        }
    }
    assert_int_equal(buf.size, size);
    enum sb_err err = check(world, sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    sb_buf_finish(&issuer);
    return err;
}

static void test_size_limit(void **state)
{
    struct world *world = *state;
    assert_int_equal(check_of_size(world, SB_CERT_SIZE_MAX), SB_ERR_OK);
    assert_int_equal(check_of_size(world, SB_CERT_SIZE_MAX + 1), SB_ERR_MALFORMED);
}

static void test_refusal_touches_nothing(void **state)
{
    struct world *world = *state;
    struct sb_cert before;
    memset(&world->cert, 0x5a, sizeof world->cert);
    before = world->cert;
    assert_int_equal(check_at(world, sb_buf_bytes(&world->agent.cert), AUTHORITY_TO_MS),
                     SB_ERR_EXPIRED);
    assert_memory_equal(&world->cert, &before, sizeof before);
}

/* Of the agent's certificate and of its issuer's. */
static void remember(struct world *world)
{
    world->known = sb_alloc(1, sizeof *world->known);
    assert_int_equal(check(world, sb_buf_bytes(&world->agent.cert)), SB_ERR_OK);
}

static unsigned remembered(const struct world *world)
{
    unsigned count = 0;
    for (unsigned i = 0; i < SB_CERTS_KNOWN_MAX; i++) {
        count += !sb_hash_is_zero(&world->known->at[i]);
    }
    return count;
}

static struct sb_bytes signature_of(struct sb_bytes cert, struct sb_bytes *ret_record)
{
    struct sb_cursor cursor = sb_cursor(cert);
    assert_int_equal(sb_cursor_array(&cursor, 3), 3);
    *ret_record = sb_cursor_bin(&cursor, SB_CERT_SIZE_MAX);
    return sb_cursor_bin(&cursor, SB_SIGNATURE_SIZE);
}

/* The content of one under the signature of another. */
static enum sb_err check_mixed(struct world *world, struct sb_bytes content, struct sb_bytes signer)
{
    struct sb_bytes record, ignored;
    (void)signature_of(content, &record);
    struct sb_buf mixed;
    sb_buf_init(&mixed, SB_CERT_SIZE_MAX);
    sb_pack_array(&mixed, 3);
    sb_pack_bin(&mixed, record);
    sb_pack_bin(&mixed, signature_of(signer, &ignored));
    sb_pack_bin(&mixed, sb_buf_bytes(&world->authority.enrolment_cert));
    enum sb_err err = check(world, sb_buf_bytes(&mixed));
    sb_buf_finish(&mixed);
    return err;
}

static void test_known_signature_is_no_others(void **state)
{
    struct world *world = *state;
    struct sb_bytes mine = sb_buf_bytes(&world->agent.cert);
    struct party other;
    struct sb_signer root;
    remember(world);
    assert_int_equal(remembered(world), 2);
    party_keys(&other, 30);
    party_enrol(&other, &world->authority, SB_ROLE_AGENT, "solna-1", "solna");
    assert_int_equal(check(world, sb_buf_bytes(&other.cert)), SB_ERR_OK);
    assert_int_equal(remembered(world), 3); /* one issuer */
    assert_int_equal(check_mixed(world, mine, mine), SB_ERR_OK);
    assert_int_equal(check_mixed(world, mine, sb_buf_bytes(&other.cert)), SB_ERR_SIGNATURE);
    assert_int_equal(check_mixed(world, sb_buf_bytes(&other.cert), mine), SB_ERR_SIGNATURE);
    assert_int_equal(remembered(world), 3);
    party_finish(&other);
    test_every_bit(state); /* its own content, signature and issuer */
    assert_int_equal(remembered(world), 3);
    signer_from(99, &root);
    assert_int_equal(sb_cert_read(mine, &root.public_key, AUTHORITY_NOW_MS, world->known,
                                  &world->cert, &world->why),
                     SB_ERR_SIGNATURE);
}

static void test_known_is_asked_for_validity(void **state)
{
    struct world *world = *state;
    remember(world);
    test_validity_edges(state);
    test_expired_issuer(state);
}

static void test_known_is_asked_for_rights(void **state)
{
    struct world *world = *state;
    remember(world);
    for (unsigned again = 0; again < 2; again++) { /* these signatures hold */
        test_issuer_without_the_right(state);
        party_record(&world->record, &world->agent, SB_ROLE_AGENT, &world->subject, &world->orgs);
    }
}

static void test_forged_is_never_remembered(void **state)
{
    struct world *world = *state;
    struct sb_signer forger;
    signer_from(101, &forger);
    remember(world);
    struct sb_known before = *world->known;
    for (unsigned again = 0; again < 2; again++) {
        assert_int_equal(check_signed(world, &world->record, &forger,
                                      sb_buf_bytes(&world->authority.enrolment_cert)),
                         SB_ERR_SIGNATURE);
        test_forged_issuer(state);
        assert_memory_equal(world->known, &before, sizeof before);
    }
}

/* More than there is room for push each other out, and hold all the same. */
static void test_known_is_full(void **state)
{
    struct world *world = *state;
    remember(world);
    for (unsigned again = 0; again < 2; again++) {
        for (unsigned i = 1; i <= 2 * SB_CERTS_KNOWN_MAX; i++) {
            sb_record_set_number(&world->record, SB_FIELD_SERIAL, i);
            assert_int_equal(check_enrolled(world), SB_ERR_OK);
            assert_int_equal(world->cert.serial, i);
        }
    }
    assert_true(remembered(world) > SB_CERTS_KNOWN_MAX / 2);
}

int main(void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_make, world_drop)
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_agent),
        IN_WORLD(test_broker_and_enrolment),
        IN_WORLD(test_validity_edges),
        IN_WORLD(test_expired_issuer),
        IN_WORLD(test_every_truncation),
        IN_WORLD(test_every_bit),
        IN_WORLD(test_forged_issuer),
        IN_WORLD(test_issuer_without_the_right),
        IN_WORLD(test_roles_that_are_none),
        IN_WORLD(test_too_deep),
        IN_WORLD(test_missing_fields),
        IN_WORLD(test_organisations_at_the_limit),
        IN_WORLD(test_organisation_that_is_no_name),
        IN_WORLD(test_operators_have_one_realm),
        IN_WORLD(test_exercise_operator_is_never_live),
        IN_WORLD(test_size_limit),
        IN_WORLD(test_refusal_touches_nothing),
        IN_WORLD(test_known_signature_is_no_others),
        IN_WORLD(test_known_is_asked_for_validity),
        IN_WORLD(test_known_is_asked_for_rights),
        IN_WORLD(test_forged_is_never_remembered),
        IN_WORLD(test_known_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
