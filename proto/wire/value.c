/* value.c: what a field's value may be, type by type. It looks at values only; how they are encoded
 * is record.c's. */
#include "value.h"

#include "samband/cursor.h"

#include <inttypes.h>

#define KEY_BYTES 32 /* every field of type BYTES with this limit is a key: exactly so long */

bool sb_type_is_number(enum sb_type type)
{
    return type == SB_TYPE_UINT || type == SB_TYPE_BOOL || type == SB_TYPE_TIME
           || type == SB_TYPE_ENUM;
}

bool sb_field_empty_is_none(const struct sb_field_row *row)
{
    return row->type == SB_TYPE_NAME || row->type == SB_TYPE_HASH
           || (row->type == SB_TYPE_BYTES && row->limit == KEY_BYTES);
}

static enum sb_err refuse_size(const struct sb_field_row *row, size_t size, size_t limit,
                               struct sb_why *why)
{
    return sb_why_say(
        why, SB_ERR_TOO_LARGE, "uppgiften \"" SB_SV "\" har %zu byte, högst %zu är tillåtna",
        SB_EN ": %zu bytes, at most %zu are allowed", SB_FIELD_PAIR(row), size, limit);
}

static enum sb_err refuse_text(const struct sb_field_row *row, struct sb_why *why)
{
    return sb_why_say(why, SB_ERR_VALUE,
                      "uppgiften \"" SB_SV
                      "\" är inte ren UTF-8-text (styrtecken och riktningstecken tas inte emot)",
                      SB_EN ": not plain UTF-8 text (control or direction characters are refused)",
                      SB_FIELD_PAIR(row));
}

static enum sb_err check_text(const struct sb_field_row *row, struct sb_bytes bytes,
                              struct sb_why *why)
{
    size_t limit = row->limit > 0 ? row->limit : SB_TEXT_SIZE_MAX;

    if (bytes.size > limit) {
        return refuse_size(row, bytes.size, limit, why);
    }
    return sb_bytes_is_text(bytes) ? SB_ERR_OK : refuse_text(row, why);
}

static enum sb_err check_name(const struct sb_field_row *row, struct sb_bytes bytes,
                              struct sb_why *why)
{
    struct sb_name name;

    if (!sb_name_read(bytes, &name)) {
        return sb_why_say(why, SB_ERR_VALUE,
                          "uppgiften \"" SB_SV
                          "\" är inget namn (1 till %d av a-z, 0-9, '_', ':' och '-')",
                          SB_EN ": not a name (1 to %d of a-z, 0-9, '_', ':' and '-')",
                          SB_FIELD_PAIR(row), SB_NAME_SIZE_MAX);
    }
    return SB_ERR_OK;
}

static enum sb_err check_exact(const struct sb_field_row *row, struct sb_bytes bytes, size_t size,
                               struct sb_why *why)
{
    if (bytes.size != size) {
        return sb_why_say(
            why, SB_ERR_VALUE, "uppgiften \"" SB_SV "\" har %zu byte, den ska ha exakt %zu",
            SB_EN ": %zu bytes, it must be exactly %zu", SB_FIELD_PAIR(row), bytes.size, size);
    }
    return SB_ERR_OK;
}

static enum sb_err check_bytes(const struct sb_field_row *row, struct sb_bytes bytes,
                               struct sb_why *why)
{
    if (row->limit == KEY_BYTES) {
        return check_exact(row, bytes, KEY_BYTES, why);
    }
    return bytes.size > row->limit ? refuse_size(row, bytes.size, row->limit, why) : SB_ERR_OK;
}

static enum sb_err check_list(const struct sb_field_row *row, struct sb_bytes bytes,
                              struct sb_why *why)
{
    struct sb_cursor cursor = sb_cursor(bytes);
    unsigned count = bytes.size > 0 ? sb_cursor_array(&cursor, SB_LIST_COUNT_MAX) : 0;

    for (unsigned i = 0; i < count && !cursor.failed; i++) {
        struct sb_bytes text = sb_cursor_str(&cursor, row->limit);
        if (!sb_bytes_is_text(text)) {
            return refuse_text(row, why);
        }
    }
    if (!sb_cursor_done(&cursor)) {
        return sb_why_say(why, SB_ERR_MALFORMED,
                          "uppgiften \"" SB_SV
                          "\" är ingen lista på högst %d texter om högst %u byte",
                          SB_EN ": not a list of at most %d texts of at most %u bytes",
                          SB_FIELD_PAIR(row), SB_LIST_COUNT_MAX, row->limit);
    }
    return SB_ERR_OK;
}

enum sb_err sb_value_check(const struct sb_field_row *row, const struct sb_value *value,
                           struct sb_why *why)
{
    switch (row->type) {
    case SB_TYPE_UINT:
    case SB_TYPE_TIME: return SB_ERR_OK;
    case SB_TYPE_ENUM:
        /* An unknown word is no error, but a word is a small number: it must fit an unsigned. */
        return value->number <= UINT32_MAX
                   ? SB_ERR_OK
                   : sb_why_say(why, SB_ERR_VALUE,
                                "uppgiften \"" SB_SV "\": %" PRIu64 " är inget ords nummer",
                                SB_EN ": %" PRIu64 " can be no word's number", SB_FIELD_PAIR(row),
                                value->number);
    case SB_TYPE_BOOL:
        return value->number <= 1
                   ? SB_ERR_OK
                   : sb_why_say(why, SB_ERR_VALUE, "uppgiften \"" SB_SV "\" är varken ja eller nej",
                                SB_EN ": neither true nor false", SB_FIELD_PAIR(row));
    case SB_TYPE_NAME: return check_name(row, value->bytes, why);
    case SB_TYPE_TEXT: return check_text(row, value->bytes, why);
    case SB_TYPE_BYTES: return check_bytes(row, value->bytes, why);
    case SB_TYPE_HASH: return check_exact(row, value->bytes, SB_HASH_SIZE, why);
    case SB_TYPE_LIST: return check_list(row, value->bytes, why);
    }
    return SB_ERR_VALUE;
}

enum sb_field sb_record_unwritable(const struct sb_record *record, struct sb_why *why)
{
    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        const struct sb_field_row *row = sb_field_find(number);
        const struct sb_value *value = &record->at[number];
        if (value->set && (row == NULL || sb_value_check(row, value, why) != SB_ERR_OK)) {
            return (enum sb_field)number;
        }
    }
    return (enum sb_field)0;
}
