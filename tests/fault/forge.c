/* forge.c: rewrites an invitation as a forger would who knows its form: whole, with a right
 * checksum, and one thing in it changed. Usage: forge TOKEN root|once|expired; prints the token. */
#include "samband/keys.h"

#include <stdio.h>
#include <string.h>

static void change_root(struct sb_token *token)
{
    token->root.at[0] ^= 0xff;
}

static void change_once(struct sb_token *token)
{
    token->once_secret[5] ^= 0xff;
}

static void change_expires(struct sb_token *token)
{
    token->expires = 1;
}

static const struct {
    const char *name;
    void (*change)(struct sb_token *token);
} changes[] = {{"root", change_root}, {"once", change_once}, {"expired", change_expires}};

int main(int argc, char **argv)
{
    struct sb_token token;
    struct sb_why why = {0};
    struct sb_buf text;
    if (argc != 3 || sb_token_read(sb_bytes_str(argv[1]), &token, &why) != SB_ERR_OK) {
        (void)fprintf(stderr, "Usage: forge TOKEN root|once|expired\n%s\n", why.text);
        return 2;
    }
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (strcmp(changes[i].name, argv[2]) == 0) {
            changes[i].change(&token);
        }
    }
    sb_buf_init(&text, 1000);
    sb_token_write(&token, &text);
    (void)printf("%.*s\n", (int)text.size, (const char *)text.at);
    sb_buf_finish(&text);
    return 0;
}
