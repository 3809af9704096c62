/* effects.c: the list of what a turn wants done. It owns copies of all bytes; it carries out
 * nothing. */
#include "samband/effects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_USUAL 256 /* bytes: nearly every line is formatted once */

void sb_effects_init(struct sb_effects *effects)
{
    *effects = (struct sb_effects){0};
}

void sb_effects_clear(struct sb_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        /* The list made these bytes itself; readers only borrow them, hence const outside. */
        void *owned = NULL;
        memcpy(&owned, &effects->at[i].bytes.at, sizeof owned);
        free(owned);
    }
    effects->count = 0;
}

void sb_effects_finish(struct sb_effects *effects)
{
    sb_effects_clear(effects);
    free(effects->at);
    *effects = (struct sb_effects){0};
}

/* Takes `at`, which came from malloc. */
static void effects_take(struct sb_effects *effects, enum sb_effect_kind kind, enum sb_level level,
                         uint64_t to, struct sb_bytes owned)
{
    effects->at = sb_alloc_more(effects->at, effects->count, &effects->room, sizeof *effects->at);
    effects->at[effects->count++] =
        (struct sb_effect){.kind = kind, .level = level, .to = to, .bytes = owned};
}

void sb_effects_add(struct sb_effects *effects, enum sb_effect_kind kind, uint64_t to,
                    struct sb_bytes bytes)
{
    uint8_t *copy = NULL;

    if (bytes.size > 0) {
        copy = sb_alloc(bytes.size, 1);
        memcpy(copy, bytes.at, bytes.size);
    }
    effects_take(effects, kind, SB_LEVEL_INFO, to, sb_bytes(copy, bytes.size));
}

/* A line may quote foreign text: whatever would begin another line or steer a terminal becomes a
 * question mark, so that one effect is one line. */
static void line_make_one(char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f) {
            text[i] = '?';
        }
    }
}

struct sb_quoted sb_quoted(const char *text)
{
    static const char cut[] = "…\"";
    struct sb_quoted quoted = {"\""};
    size_t size = 1;
    size_t whole = 1; /* up to here nothing is a character's half */
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c & 0xc0) != 0x80) {
            whole = size;
        }
        if (size + 2 + sizeof cut > sizeof quoted.text) {
            memcpy(quoted.text + whole, cut, sizeof cut);
            return quoted;
        }
        if (c == '"' || c == '\\') {
            quoted.text[size++] = '\\';
        }
        quoted.text[size++] = (char)(c < 0x20 || c == 0x7f ? ' ' : c);
    }
    quoted.text[size] = '"';
    return quoted;
}

static void effects_line(struct sb_effects *effects, enum sb_effect_kind kind, enum sb_level level,
                         const char *format, va_list args) SB_PRINTF(4, 0);

static void effects_line(struct sb_effects *effects, enum sb_effect_kind kind, enum sb_level level,
                         const char *format, va_list args)
{
    char usual[LINE_USUAL];
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(usual, sizeof usual, format, args);
    SB_ASSERT(size >= 0);

    char *text = sb_alloc((size_t)size + 1, 1);
    if ((size_t)size < sizeof usual) {
        memcpy(text, usual, (size_t)size + 1);
    } else {
        int written = vsnprintf(text, (size_t)size + 1, format, again);
        SB_ASSERT(written == size);
    }
    va_end(again);
    line_make_one(text, (size_t)size);
    effects_take(effects, kind, level, 0, sb_bytes(text, (size_t)size));
}

void sb_effects_log(struct sb_effects *effects, enum sb_level level, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    effects_line(effects, SB_EFFECT_LOG, level, format, args);
    va_end(args);
}

void sb_effects_trace(struct sb_effects *effects, const char *format, ...)
{
    va_list args;

    if (effects->untraced) {
        return;
    }
    va_start(args, format);
    effects_line(effects, SB_EFFECT_TRACE, SB_LEVEL_INFO, format, args);
    va_end(args);
}
