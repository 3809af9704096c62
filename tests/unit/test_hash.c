/* test_hash.c: the tagged hash against values computed by another implementation of BLAKE2b
 * (Python's hashlib), the sum against one of SipHash written from its paper, and the seeded stream.
 */
#include "check.h"
#include "samband/hash.h"

#include <string.h>

static void assert_hash_is(struct sb_hash hash, const char *hex)
{
    char text[2 * SB_HASH_SIZE + 1];

    sb_hex_write(sb_hash_bytes(&hash), text);
    assert_string_equal(text, hex);
}

static void matches_another_implementation(void **state)
{
    (void)state;
    const struct sb_bytes parts[] = {sb_bytes_str("abc"), sb_bytes_str("de")};

    assert_hash_is(sb_hash_parts("event", NULL, 0),
                   "562682b419d765a727bf92cd7e65b954a9cf7a772f6ed0583a5e3894b283c3d0");
    assert_hash_is(sb_hash_one("event", sb_bytes(NULL, 0)),
                   "860c1a5d46b41e9af50ef5a2a7dbdabd299d4088360ba767fd16f7bbba158716");
    assert_hash_is(sb_hash_parts("entry", parts, 2),
                   "e2d9c1cdd900fd196420c95d8354c007d3736af6d118784603c6941f6bd5dffa");
}

static void tells_tags_and_divisions_apart(void **state)
{
    (void)state;
    const struct sb_bytes one[] = {sb_bytes_str("ab"), sb_bytes_str("c")};
    const struct sb_bytes other[] = {sb_bytes_str("a"), sb_bytes_str("bc")};
    struct sb_hash a = sb_hash_parts("entry", one, 2);
    struct sb_hash b = sb_hash_parts("entry", other, 2);
    struct sb_hash c = sb_hash_parts("event", one, 2);
    struct sb_hash again = sb_hash_parts("entry", one, 2);

    assert_false(sb_hash_equal(&a, &b));
    assert_false(sb_hash_equal(&a, &c));
    assert_true(sb_hash_equal(&a, &again));
}

static void assert_sum_is(const char *name, const char *bytes, const char *hex)
{
    char text[2 * SB_SUM_SIZE + 1];
    uint8_t sum[SB_SUM_SIZE];

    sb_sum(sb_bytes_str(name), sb_bytes_str(bytes), sum);
    sb_hex_write(sb_bytes(sum, sizeof sum), text);
    assert_string_equal(text, hex);
}

static void sums_match_another_implementation(void **state)
{
    (void)state;
    assert_sum_is("case/one", "a record", "84b47611e8f06115");
    assert_sum_is("", "", "34c7c1b629c02efc");
}

static void reads_exactly_its_size(void **state)
{
    (void)state;
    uint8_t bytes[SB_HASH_SIZE + 1] = {0};
    struct sb_hash hash = sb_hash_one("event", sb_bytes(NULL, 0));
    struct sb_hash before = hash;

    assert_false(sb_hash_read(sb_bytes(bytes, SB_HASH_SIZE - 1), &hash));
    assert_false(sb_hash_read(sb_bytes(bytes, SB_HASH_SIZE + 1), &hash));
    assert_true(sb_hash_equal(&hash, &before));
    assert_false(sb_hash_is_zero(&hash));
    assert_true(sb_hash_read(sb_bytes(bytes, SB_HASH_SIZE), &hash));
    assert_true(sb_hash_is_zero(&hash));
    hash.at[SB_HASH_SIZE - 1] = 1;
    assert_false(sb_hash_is_zero(&hash));
}

static struct sb_entropy entropy_counting(void)
{
    struct sb_entropy entropy = {0};

    for (uint8_t i = 0; i < SB_HASH_SIZE; i++) {
        entropy.seed[i] = i;
    }
    return entropy;
}

static void draws_the_stream_of_its_seed(void **state)
{
    (void)state;
    struct sb_entropy entropy = entropy_counting();
    uint8_t at[40];
    char text[2 * sizeof at + 1];

    sb_entropy_take(&entropy, at, sizeof at);
    sb_hex_write(sb_bytes(at, sizeof at), text);
    assert_string_equal(text, "27d8169d8af6ba61c2b68f41e43920ba658a5a8c12f2365f44803aa8bb03bdb2"
                              "e846ec885b37f8f6");
    assert_int_equal(entropy.used, 2);

    /* Another draw never repeats a block; the same seed and order repeat the stream. */
    struct sb_entropy again = entropy_counting();
    assert_true(sb_entropy_u64(&again) == UINT64_C(0x27d8169d8af6ba61));
    assert_true(sb_entropy_u64(&again) == UINT64_C(0xe846ec885b37f8f6));

    struct sb_entropy other = entropy_counting();
    other.seed[31] ^= 1;
    assert_true(sb_entropy_u64(&other) != UINT64_C(0x27d8169d8af6ba61));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_another_implementation),
        cmocka_unit_test(tells_tags_and_divisions_apart),
        cmocka_unit_test(sums_match_another_implementation),
        cmocka_unit_test(reads_exactly_its_size),
        cmocka_unit_test(draws_the_stream_of_its_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
