/* safe.c: see safe.h. The ranges of width cover what turns up in names here; an unknown script
 * counts as one column a character. */
#include "view/safe.h"

#include "samband/err.h"

#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
static const char ellipsis[] = "…";

/* Reads one character; 0 where the bytes are not well-formed UTF-8 (also overlong and surrogates).
 */
static size_t char_read(const uint8_t *at, size_t left, uint32_t *ret)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    if (size == 0 || at[0] > 0xF4 || size > left) {
        return 0;
    }
    uint32_t code = size == 1 ? at[0] : at[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0u) != 0x80u) {
            return 0;
        }
        code = (code << 6) | (at[i] & 0x3Fu);
    }
    if (code < smallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return 0;
    }
    *ret = code;
    return size;
}

struct range {
    uint32_t from, to;
};

static bool range_has(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].from && code <= ranges[i].to) {
            return true;
        }
    }
    return false;
}

/* Controls of both sets, marks and overrides of direction, line and paragraph separators. */
static bool char_is_obeyed(uint32_t code)
{
    static const struct range obeyed[] = {{0, 0x1F},        {0x7F, 0x9F},      {0x61C, 0x61C},
                                          {0x200E, 0x200F}, {0x2028, 0x202E},  {0x2066, 0x2069},
                                          {0xFEFF, 0xFEFF}, {0xE0000, 0xE007F}};
    return range_has(obeyed, sizeof obeyed / sizeof obeyed[0], code);
}

static size_t char_width(uint32_t code)
{
    static const struct range none[] = {{0x300, 0x36F},   {0x1AB0, 0x1AFF}, {0x200B, 0x200D},
                                        {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
    static const struct range two[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                                       {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
                                       {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (range_has(none, sizeof none / sizeof none[0], code)) {
        return 0;
    }
    return range_has(two, sizeof two / sizeof two[0], code) ? 2 : 1;
}

void sb_safe_copy(struct sb_bytes text, bool lines, char *ret, size_t size)
{
    SB_ASSERT(size >= sizeof ellipsis);
    size_t out = 0, room = size - sizeof ellipsis;
    for (size_t i = 0; i < text.size;) {
        uint32_t code = 0;
        size_t taken = char_read(text.at + i, text.size - i, &code);
        const void *piece = text.at + i;
        size_t piece_size = taken;
        if (taken > 0 && (code == '\t' || (code == '\n' && !lines))) {
            piece = " ";
            piece_size = 1;
        } else if (taken == 0 || (char_is_obeyed(code) && code != '\n')) {
            piece = replacement;
            piece_size = sizeof replacement - 1;
        }
        if (out + piece_size > room) {
            memcpy(ret + out, ellipsis, sizeof ellipsis);
            return;
        }
        memcpy(ret + out, piece, piece_size);
        out += piece_size;
        i += taken == 0 ? 1 : taken;
    }
    ret[out] = '\0';
}

size_t sb_safe_width(const char *text)
{
    struct sb_bytes bytes = sb_bytes_str(text);
    size_t width = 0;
    for (size_t i = 0; i < bytes.size;) {
        uint32_t code = 0;
        size_t taken = char_read(bytes.at + i, bytes.size - i, &code);
        width += taken == 0 ? 1 : char_width(code);
        i += taken == 0 ? 1 : taken;
    }
    return width;
}

void sb_safe_fit(const char *text, size_t width, char *ret, size_t size)
{
    SB_ASSERT(size >= sizeof ellipsis);
    struct sb_bytes bytes = sb_bytes_str(text);
    bool whole = sb_safe_width(text) <= width && bytes.size < size;
    size_t columns = whole ? width : width > 0 ? width - 1 : 0;
    size_t room = whole ? size - 1 : size - sizeof ellipsis;
    size_t used = 0, at = 0;
    while (at < bytes.size) {
        uint32_t code = 0;
        size_t taken = char_read(bytes.at + at, bytes.size - at, &code);
        size_t takes = taken == 0 ? 1 : char_width(code);
        taken = taken == 0 ? 1 : taken;
        if (used + takes > columns || at + taken > room) {
            break;
        }
        used += takes;
        at += taken;
    }
    memcpy(ret, text, at);
    if (whole || width == 0) {
        ret[at] = '\0';
    } else {
        memcpy(ret + at, ellipsis, sizeof ellipsis);
    }
}

void sb_safe_upper(const char *text, char *ret, size_t size)
{
    SB_ASSERT(size > 0);
    size_t i = 0;
    for (; text[i] != '\0' && i + 1 < size; i++) {
        unsigned char c = (unsigned char)text[i];
        bool latin = i > 0 && (unsigned char)text[i - 1] == 0xC3 && c >= 0xA0 && c <= 0xBE;
        bool small = c >= 'a' && c <= 'z';
        ret[i] = (char)(latin || small ? c - 0x20 : c);
    }
    ret[i] = '\0';
}
