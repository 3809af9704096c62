/* test_event_signed.c: who signed an event: keys, realms, roles and certificates that do not fit,
 * and headers that were signed well and say something that they should not. */
#include "event_world.h"
#include "samband/cursor.h"

static const struct sb_bytes no_bytes = {0};

static void test_wrong_realm_key(void **state)
{
    struct world *world = *state;
    /* The exercise key under a live event: the one mistake that the realms are there for. */
    assert_int_equal(
        seal_by(world, &world->broker.realm[SB_REALM_EXERCISE], sb_buf_bytes(&world->broker.cert)),
        SB_ERR_OK);
    assert_int_equal(pass(world), SB_ERR_SIGNATURE);
    /* And the machine's key, which the certificate has too. */
    assert_int_equal(seal_by(world, &world->broker.machine, sb_buf_bytes(&world->broker.cert)),
                     SB_ERR_OK);
    assert_int_equal(pass(world), SB_ERR_SIGNATURE);
}

static void test_realm_without_a_key(void **state)
{
    struct world *world = *state;
    struct party exercise_only;
    struct sb_record record = {0};
    struct sb_name subject = sb_name("broker");
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("lst-ab"));
    party_keys(&exercise_only, 30);
    party_record(&record, &exercise_only, SB_ROLE_BROKER, &subject, &orgs);
    sb_record_unset(&record, SB_FIELD_KEY_LIVE);
    sb_buf_init(&exercise_only.cert, SB_CERT_SIZE_MAX);
    sb_cert_write(&record, &world->authority.root, no_bytes, &exercise_only.cert);
    assert_int_equal(
        seal_by(world, &exercise_only.realm[SB_REALM_LIVE], sb_buf_bytes(&exercise_only.cert)),
        SB_ERR_OK);
    assert_int_equal(pass(world), SB_ERR_REALM);
    sb_list_finish(&orgs);
    party_finish(&exercise_only);
}

static void test_speaking_for_another(void **state)
{
    struct world *world = *state;
    world->origin = sb_name("solna");
    fields_convening(world);
    assert_int_equal(seal(world), SB_ERR_OK);
    assert_int_equal(pass(world), SB_ERR_NOT_ALLOWED);
    check_said(&world->why, "får inte tala för solna", "may not speak for solna");
}

static enum sb_err pass_note(struct world *world, const struct party *party, const char *origin)
{
    world->origin = sb_name(origin);
    fields_begin(world, SB_KIND_NOTE, SB_REALM_TEST);
    sb_record_set_text(&world->fields, SB_FIELD_TEXT, "Noterat");
    assert_int_equal(seal_by(world, &party->realm[SB_REALM_TEST], sb_buf_bytes(&party->cert)),
                     SB_ERR_OK);
    return pass(world);
}

static void test_kind_and_role(void **state)
{
    struct world *world = *state;
    /* An agent convenes nobody, though it signs well for its own organisation. */
    world->origin = sb_name("taby");
    fields_convening(world);
    assert_int_equal(
        seal_by(world, &world->agent.realm[SB_REALM_LIVE], sb_buf_bytes(&world->agent.cert)),
        SB_ERR_OK);
    assert_int_equal(pass(world), SB_ERR_NOT_ALLOWED);
    /* The broker sends no report of an agent. */
    world->origin = sb_name("lst-ab");
    fields_begin(world, SB_KIND_REPORT, SB_REALM_LIVE);
    sb_record_set_number(&world->fields, SB_FIELD_REVISION, 1);
    sb_record_set_number(&world->fields, SB_FIELD_VALID_AT, AUTHORITY_NOW_MS);
    assert_int_equal(seal(world), SB_ERR_OK);
    assert_int_equal(pass(world), SB_ERR_NOT_ALLOWED);
    /* A note may come from either. */
    assert_int_equal(pass_note(world, &world->broker, "lst-ab"), SB_ERR_OK);
    assert_int_equal(pass_note(world, &world->agent, "taby"), SB_ERR_OK);
}

/* An operator's key signs orders, never events. */
static void test_operator_issues_nothing(void **state)
{
    struct world *world = *state;
    struct party operator;
    struct sb_record record = {0};
    struct sb_name subject = sb_name("o:tib");
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("lst-ab"));
    party_keys(&operator, 40);
    party_record(&record, &operator, SB_ROLE_OPERATOR, &subject, &orgs);
    sb_record_set_number(&record, SB_FIELD_REALM, SB_REALM_TEST);
    sb_record_unset(&record, SB_FIELD_KEY_LIVE);
    sb_record_unset(&record, SB_FIELD_KEY_EXERCISE);
    sb_buf_init(&operator.cert, SB_CERT_SIZE_MAX);
    sb_cert_write(&record, &world->authority.enrolment,
                  sb_buf_bytes(&world->authority.enrolment_cert), &operator.cert);
    assert_int_equal(pass_note(world, &operator, "lst-ab"), SB_ERR_NOT_ALLOWED);
    sb_list_finish(&orgs);
    party_finish(&operator);
}

static void test_another_certificate(void **state)
{
    struct world *world = *state;
    world->sealed.cert = sb_buf_bytes(&world->agent.cert);
    assert_int_equal(pass(world), SB_ERR_SIGNATURE);
    world->sealed.cert = no_bytes;
    assert_int_equal(pass(world), SB_ERR_MALFORMED);
}

static void test_expired_certificate(void **state)
{
    struct world *world = *state;
    assert_int_equal(read_it(world), SB_ERR_OK);
    assert_int_equal(check_at(world, AUTHORITY_TO_MS - 1), SB_ERR_OK);
    assert_int_equal(check_at(world, AUTHORITY_TO_MS), SB_ERR_EXPIRED);
}

static void test_other_root(void **state)
{
    struct world *world = *state;
    struct sb_signer other;
    signer_from(99, &other);
    assert_int_equal(read_it(world), SB_ERR_OK);
    assert_int_equal(sb_event_check_signature(&world->sealed, &world->event, &other.public_key,
                                              AUTHORITY_NOW_MS, NULL, NULL),
                     SB_ERR_SIGNATURE);
}

/* Seals by hand what sealing would never make: a header from `fields`, empty parts. */
static void forge(struct world *world, const uint8_t *nonce, size_t nonce_size)
{
    static const uint8_t salt[16] = {0};
    const uint8_t empty_map[] = {0x80};
    const struct sb_bytes parts[] = {sb_bytes(salt, sizeof salt),
                                     sb_bytes(empty_map, sizeof empty_map)};
    struct sb_hash facts = sb_hash_parts("facts", parts, 2);
    struct sb_hash text = sb_hash_parts("text", parts, 2);
    struct sb_hash signer = sb_cert_digest(sb_buf_bytes(&world->broker.cert));
    sb_record_set_bytes(&world->fields, SB_FIELD_NONCE, sb_bytes(nonce, nonce_size));
    sb_record_set_hash(&world->fields, SB_FIELD_FACTS_HASH, &facts);
    sb_record_set_hash(&world->fields, SB_FIELD_TEXT_HASH, &text);
    sb_record_set_hash(&world->fields, SB_FIELD_SIGNER, &signer);
    struct sb_buf header;
    sb_buf_init(&header, SB_HEADER_SIZE_MAX);
    sb_record_write(&world->fields, SB_PARTS_HEADER, &header);
    assert_false(header.overflow);
    uint8_t signature[SB_SIGNATURE_SIZE];
    sb_sign(&world->broker.realm[SB_REALM_LIVE], "event", sb_buf_bytes(&header), signature);
    sb_buf_clear(&world->buf);
    sb_buf_add(&world->buf, sb_buf_bytes(&header));
    sb_buf_add(&world->buf, sb_bytes(signature, sizeof signature));
    sb_pack_array(&world->buf, 2);
    for (unsigned i = 0; i < 2; i++) {
        sb_pack_array(&world->buf, 2);
        sb_pack_bin(&world->buf, parts[0]);
        sb_pack_bin(&world->buf, parts[1]);
    }
    const uint8_t *at = world->buf.at;
    world->sealed.header = sb_bytes(at, header.size);
    world->sealed.signature = sb_bytes(at + header.size, SB_SIGNATURE_SIZE);
    world->sealed.body = sb_bytes(at + header.size + SB_SIGNATURE_SIZE,
                                  world->buf.size - header.size - SB_SIGNATURE_SIZE);
    world->sealed.cert = sb_buf_bytes(&world->broker.cert);
    sb_buf_finish(&header);
}

static const uint8_t zeros[17] = {0};

static void test_kind_unknown_here(void **state)
{
    struct world *world = *state;
    static const uint64_t numbers[] = {17, 4711, 70000, UINT64_MAX, 0};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        fields_begin(world, SB_KIND_NOTE, SB_REALM_LIVE);
        sb_record_set_number(&world->fields, SB_FIELD_KIND, numbers[i]);
        forge(world, zeros, 16);
        assert_int_equal(read_it(world), SB_ERR_UNKNOWN_KIND);
        assert_null(world->event.kind);
        assert_int_equal(sb_record_number(&world->event.fields, SB_FIELD_KIND), numbers[i]);
        struct sb_hash id = sb_hash_one("event", world->sealed.header);
        assert_true(sb_hash_equal(&id, &world->event.id));
        assert_int_equal(check_at(world, AUTHORITY_NOW_MS), SB_ERR_OK);
    }
}

static void test_header_lacks_something(void **state)
{
    struct world *world = *state;
    static const enum sb_field needed[] = {SB_FIELD_REALM, SB_FIELD_KIND, SB_FIELD_ISSUED,
                                           SB_FIELD_ORIGIN};
    for (unsigned i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        fields_begin(world, SB_KIND_INCIDENT, SB_REALM_LIVE);
        sb_record_unset(&world->fields, needed[i]);
        forge(world, zeros, 16);
        assert_int_equal(read_it(world), SB_ERR_MISSING);
        assert_non_null(strstr(world->why.text, sb_field_find((unsigned)needed[i])->json));
    }
}

static void test_kinds_field_lacks(void **state)
{
    struct world *world = *state;
    fields_begin(world, SB_KIND_NOTE, SB_REALM_LIVE);
    assert_int_equal(sb_event_missing(&world->fields), SB_FIELD_TEXT);
    forge(world, zeros, 16);
    assert_int_equal(read_it(world), SB_ERR_MISSING);
    check_said(&world->why, "saknar uppgiften \"text\"", "is without text");
}

static void test_nonce_size(void **state)
{
    struct world *world = *state;
    for (size_t size = 1; size < 16; size++) {
        fields_begin(world, SB_KIND_NOTE, SB_REALM_LIVE);
        forge(world, zeros, size);
        assert_int_not_equal(read_it(world), SB_ERR_OK);
    }
}

static void test_realm_that_is_none(void **state)
{
    struct world *world = *state;
    static const uint64_t realms[] = {0, 4, 200};
    for (unsigned i = 0; i < sizeof realms / sizeof realms[0]; i++) {
        fields_begin(world, SB_KIND_NOTE, SB_REALM_LIVE);
        sb_record_set_number(&world->fields, SB_FIELD_REALM, realms[i]);
        forge(world, zeros, 16);
        assert_int_equal(read_it(world), SB_ERR_REALM);
    }
}

static void test_content_in_the_header(void **state)
{
    struct world *world = *state;
    struct sb_buf header;
    struct sb_record all = {0};
    assert_int_equal(read_it(world), SB_ERR_OK);
    all = world->event.fields;
    sb_buf_init(&header, SB_HEADER_SIZE_MAX);
    sb_record_write(&all, SB_PARTS_HEADER | SB_PARTS_TEXT, &header);
    world->sealed.header = sb_buf_bytes(&header);
    assert_int_equal(read_it(world), SB_ERR_VALUE);
    sb_buf_finish(&header);
}

int main(void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_make, world_drop)
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_wrong_realm_key),         IN_WORLD(test_realm_without_a_key),
        IN_WORLD(test_speaking_for_another),    IN_WORLD(test_kind_and_role),
        IN_WORLD(test_operator_issues_nothing), IN_WORLD(test_another_certificate),
        IN_WORLD(test_expired_certificate),     IN_WORLD(test_other_root),
        IN_WORLD(test_kind_unknown_here),       IN_WORLD(test_header_lacks_something),
        IN_WORLD(test_kinds_field_lacks),       IN_WORLD(test_nonce_size),
        IN_WORLD(test_realm_that_is_none),      IN_WORLD(test_content_in_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
