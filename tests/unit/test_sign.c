/* test_sign.c: signatures by tag, RFC 8032's own vectors for the key, the transport key as libzmq
 * makes it, fingerprints. */
#include "check.h"
#include "samband/keys.h"

#include <string.h>

#include <zmq.h>

static const char message[] = "Snöoväder";

static void signer_of(uint8_t number, struct sb_signer *ret_signer)
{
    uint8_t seed[32];
    memset(seed, number, sizeof seed);
    sb_signer_make(seed, ret_signer);
}

/* RFC 8032, 7.1, test 1: the public key of a known seed. */
static void test_known_seed(void **state)
{
    (void)state;
    uint8_t seed[32], wanted[32];
    assert_true(sb_hex_read(
        sb_bytes_str("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"), seed,
        sizeof seed));
    assert_true(sb_hex_read(
        sb_bytes_str("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"), wanted,
        sizeof wanted));
    struct sb_signer signer;
    sb_signer_make(seed, &signer);
    assert_memory_equal(signer.public_key.at, wanted, sizeof wanted);
}

static void test_sign_and_check(void **state)
{
    (void)state;
    struct sb_signer signer, other;
    signer_of(1, &signer);
    signer_of(2, &other);
    uint8_t signature[SB_SIGNATURE_SIZE];
    struct sb_bytes bytes = sb_bytes_str(message);
    struct sb_bytes signed_by = sb_bytes(signature, sizeof signature);
    sb_sign(&signer, "event", bytes, signature);
    assert_true(sb_signature_holds(&signer.public_key, "event", bytes, signed_by));
    assert_false(sb_signature_holds(&other.public_key, "event", bytes, signed_by));
    assert_false(sb_signature_holds(&signer.public_key, "order", bytes, signed_by));
    assert_false(sb_signature_holds(&signer.public_key, "even", bytes, signed_by));
    assert_false(sb_signature_holds(&signer.public_key, "event", sb_bytes(bytes.at, bytes.size - 1),
                                    signed_by));
    for (size_t size = 0; size < SB_SIGNATURE_SIZE; size++) {
        assert_false(
            sb_signature_holds(&signer.public_key, "event", bytes, sb_bytes(signature, size)));
    }
    for (size_t bit = 0; bit < 8 * sizeof signature; bit++) {
        signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_false(sb_signature_holds(&signer.public_key, "event", bytes, signed_by));
        signature[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    sb_sign(&signer, "event", (struct sb_bytes){0}, signature);
    assert_true(sb_signature_holds(&signer.public_key, "event", (struct sb_bytes){0}, signed_by));
}

/* The tag ends with a zero: a tag and bytes cannot be shifted into another tag and other bytes. */
static void test_tag_cannot_shift(void **state)
{
    (void)state;
    struct sb_signer signer;
    signer_of(3, &signer);
    uint8_t signature[SB_SIGNATURE_SIZE];
    sb_sign(&signer, "event", sb_bytes_str("x"), signature);
    assert_false(sb_signature_holds(&signer.public_key, "even", sb_bytes_str("tx"),
                                    sb_bytes(signature, sizeof signature)));
}

/* A key of small order would let one signature hold for everything. */
static void test_weak_key_is_refused(void **state)
{
    (void)state;
    struct sb_public_key weak = {{1}};
    uint8_t signature[SB_SIGNATURE_SIZE] = {1};
    assert_false(sb_signature_holds(&weak, "event", sb_bytes_str(message),
                                    sb_bytes(signature, sizeof signature)));
}

static void test_wipe(void **state)
{
    (void)state;
    struct sb_signer signer;
    const struct sb_signer nothing = {0};
    signer_of(4, &signer);
    sb_signer_wipe(&signer);
    assert_memory_equal(&signer, &nothing, sizeof nothing);
    sb_signer_wipe(NULL);
}

static void test_transport_key_is_libzmqs(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 16; round++) {
        char public_text[41], secret_text[41];
        uint8_t secret[SB_KEY_SIZE], wanted[SB_KEY_SIZE];
        assert_int_equal(zmq_curve_keypair(public_text, secret_text), 0);
        assert_non_null(zmq_z85_decode(secret, secret_text));
        assert_non_null(zmq_z85_decode(wanted, public_text));
        struct sb_public_key made;
        sb_curve_public(secret, &made);
        assert_memory_equal(made.at, wanted, sizeof wanted);
    }
    /* And for bytes that nobody clamped. */
    uint8_t raw[SB_KEY_SIZE];
    memset(raw, 0xff, sizeof raw);
    char raw_text[41], wanted_text[41], made_text[41];
    assert_non_null(zmq_z85_encode(raw_text, raw, sizeof raw));
    assert_int_equal(zmq_curve_public(wanted_text, raw_text), 0);
    struct sb_public_key made;
    sb_curve_public(raw, &made);
    assert_non_null(zmq_z85_encode(made_text, made.at, sizeof made.at));
    assert_string_equal(made_text, wanted_text);
}

static void test_fingerprint(void **state)
{
    (void)state;
    struct sb_signer one, two;
    signer_of(5, &one);
    signer_of(6, &two);
    char text[40], other[40];
    memset(text, '#', sizeof text);
    sb_fingerprint(&one.public_key, text);
    sb_fingerprint(&two.public_key, other);
    assert_int_equal(strlen(text), 39);
    assert_string_not_equal(text, other);
    for (unsigned i = 0; i < 39; i++) {
        bool space = i % 5 == 4;
        assert_true(space ? text[i] == ' ' : strchr("0123456789abcdef", text[i]) != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_seed),
        cmocka_unit_test(test_sign_and_check),
        cmocka_unit_test(test_tag_cannot_shift),
        cmocka_unit_test(test_weak_key_is_refused),
        cmocka_unit_test(test_wipe),
        cmocka_unit_test(test_transport_key_is_libzmqs),
        cmocka_unit_test(test_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
