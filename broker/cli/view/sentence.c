/* sentence.c: see sentence.h. */
#include "view/sentence.h"

#include "view/safe.h"
#include "view/when.h"

#include <string.h>

/* The field named between { and }; NULL where there is none of that name. */
static const struct sb_field_row *place_find(const char *name, size_t size)
{
    char json[40];
    if (size >= sizeof json) {
        return NULL;
    }
    memcpy(json, name, size);
    json[size] = '\0';
    return sb_field_find_json(json);
}

/* Writes [pattern, end) to `buf`; false where a field in it is not set. Asserts on a field that the
 * table of fields lacks: the patterns are ours. */
static bool part_write(const char *pattern, const char *end, const struct sb_record *row,
                       const struct sb_view *view, struct sb_buf *buf)
{
    bool whole = true;
    while (pattern < end) {
        const char *open = memchr(pattern, '{', (size_t)(end - pattern));
        if (open == NULL) {
            open = end;
        }
        sb_buf_add(buf, sb_bytes(pattern, (size_t)(open - pattern)));
        if (open == end) {
            break;
        }
        const char *close = memchr(open, '}', (size_t)(end - open));
        SB_ASSERT(close != NULL);
        const struct sb_field_row *field = place_find(open + 1, (size_t)(close - open - 1));
        SB_ASSERT(field != NULL);
        char text[SB_VALUE_SIZE];
        sb_value_show(row, field->field, view, false, text, sizeof text);
        if (field->type == SB_TYPE_TIME && sb_record_has(row, field->field)) {
            sb_when_local(sb_record_number(row, field->field), view->now_ms, false, text);
        }
        whole = whole && text[0] != '\0';
        sb_buf_add(buf, sb_bytes_str(text));
        pattern = close + 1;
    }
    return whole;
}

void sb_sentence_write(const char *pattern, const struct sb_record *row, const struct sb_view *view,
                       char *ret, size_t size)
{
    struct sb_buf whole, part;
    const char *end = pattern + strlen(pattern);
    sb_buf_init(&whole, (size_t)SB_VALUE_SIZE * 16);
    sb_buf_init(&part, (size_t)SB_VALUE_SIZE * 16);
    while (pattern < end) {
        const char *open = memchr(pattern, '[', (size_t)(end - pattern));
        if (open == NULL) {
            open = end;
        }
        (void)part_write(pattern, open, row, view, &whole);
        if (open == end) {
            break;
        }
        const char *close = memchr(open, ']', (size_t)(end - open));
        SB_ASSERT(close != NULL);
        sb_buf_clear(&part);
        if (part_write(open + 1, close, row, view, &part)) {
            sb_buf_add(&whole, sb_buf_bytes(&part));
        }
        pattern = close + 1;
    }
    sb_safe_copy(sb_buf_bytes(&whole), false, ret, size);
    sb_buf_finish(&whole);
    sb_buf_finish(&part);
}
