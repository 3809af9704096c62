/* sections.c: see sections.h. */
#include "view/sections.h"

#include <string.h>
#include <strings.h>

static bool name_is(struct sb_bytes heading, const char *name)
{
    return strlen(name) == heading.size
           && strncasecmp((const char *)heading.at, name, heading.size) == 0;
}

/* 0 where the heading names no text field. */
static enum sb_field heading_find(struct sb_bytes heading)
{
    for (unsigned i = 0; i < SB_FIELD_COUNT; i++) {
        const struct sb_field_row *field = sb_field_find(i);
        if (field == NULL || field->part != SB_PART_TEXT || heading.size == 0) {
            continue;
        }
        if (name_is(heading, field->json) || name_is(heading, field->sv)
            || name_is(heading, field->en)) {
            return field->field;
        }
    }
    return (enum sb_field)0;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t';
}

static struct sb_bytes trimmed(struct sb_bytes text)
{
    while (text.size > 0 && is_blank(text.at[0])) {
        text = sb_bytes(text.at + 1, text.size - 1);
    }
    while (text.size > 0 && is_blank(text.at[text.size - 1])) {
        text.size--;
    }
    return text;
}

static struct sb_bytes line_take(struct sb_bytes *rest)
{
    const uint8_t *end = memchr(rest->at, '\n', rest->size);
    size_t size = end == NULL ? rest->size : (size_t)(end - rest->at) + 1;
    struct sb_bytes line = sb_bytes(rest->at, size);
    *rest = sb_bytes(rest->at + size, rest->size - size);
    return line;
}

enum sb_err sb_sections_read(struct sb_bytes text, struct sb_record *record, unsigned *ret_line)
{
    enum sb_field field = (enum sb_field)0;
    struct sb_bytes section = {0};
    struct sb_bytes rest = text;
    for (unsigned number = 1; rest.size > 0; number++) {
        struct sb_bytes line = line_take(&rest);
        if (line.at[0] == '#') {
            while (line.size > 0 && line.at[0] == '#') {
                line = sb_bytes(line.at + 1, line.size - 1);
            }
            field = heading_find(trimmed(line));
            section = sb_bytes(rest.at, 0);
            if (field == (enum sb_field)0 || sb_record_has(record, field)) {
                *ret_line = number;
                return SB_ERR_VALUE;
            }
            sb_record_set_bytes(record, field, section);
        } else if (field != (enum sb_field)0) {
            section.size += line.size;
            sb_record_set_bytes(record, field, trimmed(section));
        } else if (trimmed(line).size > 0) {
            *ret_line = number;
            return SB_ERR_VALUE;
        }
    }
    return SB_ERR_OK;
}
