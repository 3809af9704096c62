/* target_token.c: what an administrator pastes: any text, or a token around any bytes, with the
 * checksum that they need. What is taken is written as the same line. */
#include "fuzz.h"
#include "samband/hash.h"
#include "samband/keys.h"

#include <string.h>

#define CHECKSUM_SIZE 4

static void base64_add(struct sb_buf *buf, struct sb_bytes bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned bits = 0;
    uint32_t held = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        held = (held << 8 | bytes.at[i]) & 0xffffffu;
        for (bits += 8; bits >= 6; bits -= 6) {
            sb_buf_add_byte(buf, (uint8_t)digits[held >> (bits - 6) & 0x3f]);
        }
    }
    if (bits > 0) {
        sb_buf_add_byte(buf, (uint8_t)digits[held << (6 - bits) & 0x3f]);
    }
}

/* "samband1-", the bytes and their checksum. */
static void token_around(struct sb_bytes bytes, struct sb_buf *line)
{
    struct sb_buf packed;
    struct sb_hash hash = sb_hash_one("token", bytes);
    sb_buf_init(&packed, 4096);
    sb_buf_add(&packed, bytes);
    sb_buf_add(&packed, sb_bytes(hash.at, CHECKSUM_SIZE));
    sb_buf_add(line, sb_bytes_str("samband1-"));
    base64_add(line, sb_buf_bytes(&packed));
    sb_buf_finish(&packed);
}

static void read_it(struct sb_bytes text, bool exact)
{
    struct sb_token token;
    struct sb_why why = {0};
    struct sb_buf line;
    enum sb_err err = sb_token_read(text, &token, &why);
    fuzz_said(err, &why);
    if (err != SB_ERR_OK) {
        return;
    }
    SB_ASSERT(memchr(token.endpoint, '\0', sizeof token.endpoint) != NULL);
    sb_buf_init(&line, 4096);
    sb_token_write(&token, &line);
    SB_ASSERT(!exact || sb_bytes_equal(text, sb_buf_bytes(&line)));
    struct sb_token again;
    err = sb_token_read(sb_buf_bytes(&line), &again, &why);
    SB_ASSERT(err == SB_ERR_OK && again.expires == token.expires
              && strcmp(again.endpoint, token.endpoint) == 0
              && sb_name_equal(&again.org, &token.org));
    sb_buf_finish(&line);
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_input input = {.rest = bytes};
    struct sb_buf line;
    if (fuzz_byte(&input) % 2 == 0) {
        read_it(input.rest, false);
        return;
    }
    sb_buf_init(&line, 8192);
    token_around(fuzz_take(&input, 2048), &line);
    read_it(sb_buf_bytes(&line), true);
    sb_buf_finish(&line);
}
