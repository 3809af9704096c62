/* fields.c: the table of fields, laid out by number so that the codec finds a row at once. */
#include "samband/fields.h"

#include <stddef.h>
#include <string.h>

static const struct sb_field_row rows[SB_FIELD_COUNT] = {
#define X(name, number, part_of, type_of, at_most, json_name, swedish, english) \
    [number] = {.field = SB_FIELD_##name,                                       \
                .part = SB_PART_##part_of,                                      \
                .type = SB_TYPE_##type_of,                                      \
                .limit = (at_most),                                             \
                .json = (json_name),                                            \
                .sv = (swedish),                                                \
                .en = (english)},
    SB_FIELDS(X)
#undef X
};

const struct sb_field_row *sb_field_find(unsigned number)
{
    if (number >= SB_FIELD_COUNT || rows[number].json == NULL) {
        return NULL;
    }
    return &rows[number];
}

const struct sb_field_row *sb_field_find_json(const char *json)
{
    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        if (rows[number].json != NULL && strcmp(rows[number].json, json) == 0) {
            return &rows[number];
        }
    }
    return NULL;
}
