/* texts.c: looking up and filling the sentences of texts.h. What they say is not here. */
#include "view/texts.h"

#include "samband/bytes.h"
#include "samband/err.h"

#include <string.h>
#include <strings.h>

struct text_row {
    const char *sv;
    const char *en;
};

static const struct text_row rows[SB_TEXT_COUNT] = {{"", ""},
#define X(name, sv, en) {sv, en},
                                                    SB_TEXTS_SAID(X) SB_TEXTS_HELP(X)
                                                        SB_TEXTS_OPTIONS(X)
#undef X
};

enum sb_language sb_language_choose(const char *lc_all, const char *lc_messages, const char *lang)
{
    const char *const asked[] = {lc_all, lc_messages, lang};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        if (asked[i] == NULL || asked[i][0] == '\0') {
            continue;
        }
        return strncasecmp(asked[i], "en", 2) == 0 ? SB_LANGUAGE_EN : SB_LANGUAGE_SV;
    }
    return SB_LANGUAGE_SV;
}

const char *sb_text_either(enum sb_language language, const char *sv, const char *en)
{
    return language == SB_LANGUAGE_EN ? en : sv;
}

const char *sb_text(enum sb_language language, enum sb_text text)
{
    SB_ASSERT(text < SB_TEXT_COUNT);
    return sb_text_either(language, rows[text].sv, rows[text].en);
}

/* Where a text of `size` bytes may be cut so that its last character is whole. */
static size_t whole_characters(const char *text, size_t size)
{
    size_t lead = size;
    while (lead > 0 && ((unsigned char)text[lead - 1] & 0xC0u) == 0x80u) {
        lead--;
    }
    if (lead == 0) {
        return size;
    }
    unsigned char first = (unsigned char)text[lead - 1];
    size_t needs = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return lead - 1 + needs <= size ? size : lead - 1;
}

/* Appends a piece and hands back the new end, or `room` (which counts the terminator)
 * where it was cut: nothing more is added then. */
static size_t text_append(char *ret, size_t at, size_t room, struct sb_bytes piece)
{
    static const char more[] = "…";
    if (at + piece.size < room) {
        memcpy(ret + at, piece.at, piece.size);
        ret[at + piece.size] = '\0';
        return at + piece.size;
    }
    size_t keep = room > sizeof more ? room - sizeof more : 0;
    if (keep > at) {
        memcpy(ret + at, piece.at, keep - at);
    }
    keep = whole_characters(ret, keep);
    if (room >= sizeof more) {
        memcpy(ret + keep, more, sizeof more);
    } else {
        ret[0] = '\0';
    }
    return room;
}

void sb_text_fill(const char *pattern, const char *const *values, unsigned count, char *ret,
                  size_t size)
{
    SB_ASSERT(size > 0);
    size_t at = 0;
    ret[0] = '\0';
    while (*pattern != '\0' && at < size) {
        size_t plain = strcspn(pattern, "{");
        if (plain > 0) {
            at = text_append(ret, at, size, sb_bytes(pattern, plain));
            pattern += plain;
            continue;
        }
        unsigned place = (unsigned)(unsigned char)pattern[1] - '0';
        if (place >= 1 && place <= count && pattern[2] == '}') {
            at = text_append(ret, at, size, sb_bytes_str(values[place - 1]));
            pattern += 3;
        } else {
            at = text_append(ret, at, size, sb_bytes(pattern, 1));
            pattern++;
        }
    }
}
