/* test_token.c: an enrolment token's round trip, and every way in which a pasted line goes wrong.
 */
#include "check.h"
#include "samband/keys.h"

#include <string.h>

static struct sb_token example(void)
{
    struct sb_token token = {.expires = 1767225600000ull, .org = sb_name("taby")};
    memset(token.root.at, 1, sizeof token.root.at);
    memset(token.broker.at, 2, sizeof token.broker.at);
    memset(token.once_secret, 3, sizeof token.once_secret);
    memcpy(token.endpoint, "tcp://samband.lst-ab.se:5710", 29);
    return token;
}

static void text_of(const struct sb_token *token, struct sb_buf *buf)
{
    sb_buf_init(buf, 1000);
    sb_token_write(token, buf);
    assert_false(buf->overflow);
}

static enum sb_err read_text(struct sb_bytes text)
{
    struct sb_token token;
    return sb_token_read(text, &token, NULL);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct sb_token token = example(), got;
    struct sb_buf buf;
    text_of(&token, &buf);
    assert_true(sb_bytes_starts_with(sb_buf_bytes(&buf), sb_bytes_str("samband1-")));
    assert_null(memchr(buf.at, '=', buf.size));
    assert_null(memchr(buf.at, '/', buf.size));
    assert_null(memchr(buf.at, '+', buf.size));
    assert_int_equal(sb_token_read(sb_buf_bytes(&buf), &got, NULL), SB_ERR_OK);
    assert_memory_equal(&got, &token, sizeof token);
    sb_buf_finish(&buf);
}

static void test_longest(void **state)
{
    (void)state;
    struct sb_token token = example(), got;
    memset(token.endpoint, 'e', sizeof token.endpoint - 1);
    memset(token.org.text, 'o', SB_NAME_SIZE_MAX);
    token.expires = UINT64_MAX;
    struct sb_buf buf;
    text_of(&token, &buf);
    assert_int_equal(sb_token_read(sb_buf_bytes(&buf), &got, NULL), SB_ERR_OK);
    assert_memory_equal(&got, &token, sizeof token);
    sb_buf_finish(&buf);
}

static void test_pasted_with_space(void **state)
{
    (void)state;
    struct sb_token token = example(), got;
    struct sb_buf buf, pasted;
    text_of(&token, &buf);
    sb_buf_init(&pasted, 2000);
    sb_buf_add(&pasted, sb_bytes_str(" \t\r\n"));
    sb_buf_add(&pasted, sb_buf_bytes(&buf));
    sb_buf_add(&pasted, sb_bytes_str("\r\n "));
    assert_int_equal(sb_token_read(sb_buf_bytes(&pasted), &got, NULL), SB_ERR_OK);
    assert_string_equal(got.org.text, "taby");
    sb_buf_finish(&pasted);
    sb_buf_finish(&buf);
}

static void test_cut_and_longer(void **state)
{
    (void)state;
    struct sb_token token = example();
    struct sb_buf buf;
    text_of(&token, &buf);
    for (size_t size = 0; size < buf.size; size++) {
        assert_int_equal(read_text(sb_bytes(buf.at, size)), SB_ERR_MALFORMED);
    }
    sb_buf_add_byte(&buf, 'A');
    assert_int_equal(read_text(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
    sb_buf_finish(&buf);
}

static void test_one_wrong_character(void **state)
{
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_ =+/\x80";
    struct sb_token token = example();
    struct sb_buf buf;
    text_of(&token, &buf);
    for (size_t at = 0; at < buf.size; at++) {
        uint8_t right = buf.at[at];
        for (const char *wrong = alphabet; *wrong != '\0'; wrong++) {
            bool trimmed_away = at + 1 == buf.size && *wrong == ' ';
            if ((uint8_t)*wrong == right || trimmed_away) {
                continue;
            }
            buf.at[at] = (uint8_t)*wrong;
            assert_int_equal(read_text(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
        }
        buf.at[at] = right;
    }
    assert_int_equal(read_text(sb_buf_bytes(&buf)), SB_ERR_OK);
    sb_buf_finish(&buf);
}

static void test_sentence_tells_the_remedy(void **state)
{
    (void)state;
    struct sb_why why = {0};
    struct sb_token token = example(), before = example();
    assert_int_equal(sb_token_read(sb_bytes_str("samband1-AAAA"), &token, &why), SB_ERR_MALFORMED);
    check_said(&why, "kopiera hela raden igen", "copy the whole line again");
    assert_memory_equal(&token, &before, sizeof token);
}

static void test_oversize(void **state)
{
    (void)state;
    static const uint8_t prefix[] = {'s', 'a', 'm', 'b', 'a', 'n', 'd', '1', '-'};
    uint8_t text[4096];
    memset(text, 'A', sizeof text);
    memcpy(text, prefix, sizeof prefix);
    for (size_t size = 900; size <= sizeof text; size += 1) {
        assert_int_equal(read_text(sb_bytes(text, size)), SB_ERR_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_pasted_with_space),
        cmocka_unit_test(test_cut_and_longer),
        cmocka_unit_test(test_one_wrong_character),
        cmocka_unit_test(test_sentence_tells_the_remedy),
        cmocka_unit_test(test_oversize),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
