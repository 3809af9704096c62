/* token.c: an enrolment token as one line of text: "samband1-" and base64url of a small array with
 * a checksum after it. The checksum finds a line that was cut or mistyped; it proves nothing. */
#include "samband/cursor.h"
#include "samband/keys.h"

#include <sodium.h>
#include <string.h>

#define CHECKSUM_SIZE   4
#define TOKEN_BYTES_MAX 512  /* three keys, a time, a name, an endpoint: 360 at most */
#define TOKEN_TEXT_MAX  1000 /* as the field TOKEN */
#define ENDPOINT_ROOM   (sizeof((struct sb_token *)0)->endpoint)

static const char token_prefix[] = "samband1-";

static void checksum_make(struct sb_bytes bytes, uint8_t ret_checksum[CHECKSUM_SIZE])
{
    struct sb_hash hash = sb_hash_one("token", bytes);
    memcpy(ret_checksum, hash.at, CHECKSUM_SIZE);
}

void sb_token_write(const struct sb_token *token, struct sb_buf *buf)
{
    struct sb_buf packed;
    sb_buf_init(&packed, TOKEN_BYTES_MAX);
    sb_pack_array(&packed, 6);
    sb_pack_bin(&packed, sb_bytes(token->root.at, sizeof token->root.at));
    sb_pack_bin(&packed, sb_bytes(token->broker.at, sizeof token->broker.at));
    sb_pack_bin(&packed, sb_bytes(token->once_secret, sizeof token->once_secret));
    sb_pack_uint(&packed, token->expires);
    sb_pack_str(&packed, sb_name_bytes(&token->org));
    sb_pack_str(&packed, sb_bytes_str(token->endpoint));
    uint8_t checksum[CHECKSUM_SIZE];
    checksum_make(sb_buf_bytes(&packed), checksum);
    sb_buf_add(&packed, sb_bytes(checksum, sizeof checksum));
    SB_ASSERT(!packed.overflow);

    char text[sodium_base64_ENCODED_LEN(TOKEN_BYTES_MAX, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    sodium_bin2base64(text, sizeof text, packed.at, packed.size,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sb_buf_add(buf, sb_bytes_str(token_prefix));
    sb_buf_add(buf, sb_bytes_str(text));
    sodium_memzero(text, sizeof text);
    sodium_memzero(packed.at, packed.size);
    sb_buf_finish(&packed);
}

/* People paste a line with what stands around it. */
static struct sb_bytes trimmed(struct sb_bytes text)
{
    while (text.size > 0 && strchr(" \t\r\n", text.at[0]) != NULL && text.at[0] != 0) {
        text.at++;
        text.size--;
    }
    while (text.size > 0 && text.at[text.size - 1] != 0
           && strchr(" \t\r\n", text.at[text.size - 1]) != NULL) {
        text.size--;
    }
    return text;
}

static bool key_take(struct sb_cursor *cursor, uint8_t ret_key[SB_KEY_SIZE])
{
    struct sb_bytes key = sb_cursor_bin(cursor, SB_KEY_SIZE);
    if (key.size != SB_KEY_SIZE) {
        return false;
    }
    memcpy(ret_key, key.at, SB_KEY_SIZE);
    return true;
}

/* The array and the checksum after it. */
static bool content_read(struct sb_bytes bytes, struct sb_token *ret_token)
{
    if (bytes.size <= CHECKSUM_SIZE) {
        return false;
    }
    struct sb_bytes packed = sb_bytes(bytes.at, bytes.size - CHECKSUM_SIZE);
    uint8_t checksum[CHECKSUM_SIZE];
    checksum_make(packed, checksum);
    if (memcmp(checksum, packed.at + packed.size, CHECKSUM_SIZE) != 0) {
        return false;
    }
    struct sb_cursor cursor = sb_cursor(packed);
    struct sb_token token = {0};
    bool good = sb_cursor_array(&cursor, 6) == 6 && key_take(&cursor, token.root.at)
                && key_take(&cursor, token.broker.at) && key_take(&cursor, token.once_secret);
    token.expires = sb_cursor_uint(&cursor);
    struct sb_bytes org = sb_cursor_str(&cursor, SB_NAME_SIZE_MAX);
    struct sb_bytes endpoint = sb_cursor_str(&cursor, ENDPOINT_ROOM - 1);
    good = good && sb_cursor_done(&cursor) && sb_name_read(org, &token.org) && endpoint.size > 0
           && sb_bytes_is_text(endpoint);
    if (good) {
        memcpy(token.endpoint, endpoint.at, endpoint.size);
        *ret_token = token;
    }
    sodium_memzero(&token, sizeof token);
    return good;
}

enum sb_err sb_token_read(struct sb_bytes text, struct sb_token *ret_token, struct sb_why *why)
{
    text = trimmed(text);
    struct sb_bytes prefix = sb_bytes_str(token_prefix);
    uint8_t bytes[TOKEN_BYTES_MAX];
    size_t size = 0;
    bool good = text.size <= TOKEN_TEXT_MAX && sb_bytes_starts_with(text, prefix)
                && sodium_base642bin(bytes, sizeof bytes, (const char *)text.at + prefix.size,
                                     text.size - prefix.size, NULL, &size, NULL,
                                     sodium_base64_VARIANT_URLSAFE_NO_PADDING)
                       == 0
                && content_read(sb_bytes(bytes, size), ret_token);
    sodium_memzero(bytes, sizeof bytes);
    if (!good) {
        return sb_why_say(why, SB_ERR_MALFORMED,
                          "detta är ingen hel inbjudan (den börjar med \"%s\"): kopiera hela raden "
                          "igen, eller be om en ny",
                          "this is not a whole invitation (it begins with \"%s\"): copy the whole "
                          "line again, or ask for a new one",
                          token_prefix);
    }
    return SB_ERR_OK;
}
