/* value.c: see value.h. The two tables of types below are all that knows how a type looks. */
#include "view/value.h"

#include "samband/kinds.h"
#include "samband/words.h"
#include "view/safe.h"
#include "view/when.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* JSON numbers are exact to 2^53 in most readers; larger ones are written as text. */
#define JSON_EXACT_MAX 9007199254740992u

static void number_show(uint64_t number, char *ret, size_t size)
{
    (void)snprintf(ret, size, "%" PRIu64, number);
}

/* KIND is a number whose names stand in the table of kinds. */
static const char *kind_name(uint64_t number, enum sb_language language)
{
    const struct sb_kind_row *kind = number <= UINT32_MAX ? sb_kind_find((unsigned)number) : NULL;
    return kind == NULL ? NULL : sb_text_either(language, kind->sv, kind->en);
}

static void list_show(struct sb_bytes list, char *ret, size_t size)
{
    struct sb_list_reader reader = sb_list_read(list);
    struct sb_bytes item;
    struct sb_buf joined;
    sb_buf_init(&joined, SB_FRAME_SIZE_MAX);
    while (sb_list_next(&reader, &item)) {
        if (joined.size > 0) {
            sb_buf_add(&joined, sb_bytes_str(", "));
        }
        sb_buf_add(&joined, item);
    }
    sb_safe_copy(sb_buf_bytes(&joined), false, ret, size);
    sb_buf_finish(&joined);
}

static void hex_show(struct sb_bytes bytes, char *ret, size_t size)
{
    char text[SB_ID_SHOWN + 1];
    struct sb_bytes first = {bytes.at, bytes.size < SB_ID_SHOWN / 2 ? bytes.size : SB_ID_SHOWN / 2};
    sb_hex_write(first, text);
    (void)snprintf(ret, size, "%s", text);
}

static void word_show(enum sb_field field, uint64_t number, enum sb_language language, char *ret,
                      size_t size)
{
    const struct sb_word *word =
        number <= UINT32_MAX ? sb_word_find(field, (unsigned)number) : NULL;
    if (word == NULL) {
        number_show(number, ret, size);
    } else {
        (void)snprintf(ret, size, "%s", sb_text_either(language, word->sv, word->en));
    }
}

/* A refusal travels in both languages (sb_why_both): in a row's WHY, and in a verdict's TEXT. */
static struct sb_bytes in_language(const struct sb_record *row, enum sb_field field,
                                   enum sb_language language)
{
    const struct sb_bytes both = row->at[field].bytes;
    const bool refusal =
        field == SB_FIELD_WHY
        || (field == SB_FIELD_TEXT && sb_record_number(row, SB_FIELD_KIND) == SB_KIND_VERDICT);
    const uint8_t *feed = refusal && both.size > 0 ? memchr(both.at, '\n', both.size) : NULL;
    if (feed == NULL) {
        return both;
    }
    const size_t swedish = (size_t)(feed - both.at);
    return language == SB_LANGUAGE_EN ? sb_bytes(feed + 1, both.size - swedish - 1)
                                      : sb_bytes(both.at, swedish);
}

void sb_value_show(const struct sb_record *row, enum sb_field field, const struct sb_view *view,
                   bool lines, char *ret, size_t size)
{
    SB_ASSERT(size >= SB_WHEN_SIZE);
    const struct sb_field_row *known = sb_field_find(field);
    ret[0] = '\0';
    if (known == NULL || !sb_record_has(row, field)) {
        return;
    }
    const struct sb_value *value = &row->at[field];
    const char *kind = field == SB_FIELD_KIND ? kind_name(value->number, view->language) : NULL;
    char time[SB_WHEN_SIZE];
    switch (known->type) {
    case SB_TYPE_UINT:
        if (kind != NULL) {
            (void)snprintf(ret, size, "%s", kind);
        } else {
            number_show(value->number, ret, size);
        }
        return;
    case SB_TYPE_BOOL:
        (void)snprintf(ret, size, "%s",
                       sb_view_text(view, value->number != 0 ? SB_TEXT_YES : SB_TEXT_NO));
        return;
    case SB_TYPE_TIME:
        sb_when_local(value->number, view->now_ms, true, time);
        (void)snprintf(ret, size, "%s", time);
        return;
    case SB_TYPE_ENUM: word_show(field, value->number, view->language, ret, size); return;
    case SB_TYPE_NAME:
    case SB_TYPE_TEXT:
        sb_safe_copy(in_language(row, field, view->language), lines, ret, size);
        return;
    case SB_TYPE_BYTES:
    case SB_TYPE_HASH: hex_show(value->bytes, ret, size); return;
    case SB_TYPE_LIST: list_show(value->bytes, ret, size); return;
    }
}

const char *sb_value_name(enum sb_field field, enum sb_language language)
{
    const struct sb_field_row *known = sb_field_find(field);
    return known == NULL ? "?" : sb_text_either(language, known->sv, known->en);
}

void sb_value_id(const struct sb_record *row, char *ret)
{
    char text[SB_WHEN_SIZE];
    hex_show(sb_record_bytes(row, SB_FIELD_ID), text, sizeof text);
    (void)snprintf(ret, SB_ID_SHOWN + 1, "%.8s", text);
}

bool sb_value_is_damage(const struct sb_record *row)
{
    return sb_record_number(row, SB_FIELD_VERDICT) == SB_ERR_CORRUPT
           && !sb_record_has(row, SB_FIELD_ID);
}

static json_t *json_text(struct sb_bytes text)
{
    const char *at = text.size == 0 ? "" : (const char *)text.at;
    json_t *json = json_stringn(at, text.size);
    return json != NULL ? json : json_string("?"); /* no UTF-8: a row of the other end's fault */
}

static json_t *json_number(uint64_t number)
{
    char text[24];
    if (number <= JSON_EXACT_MAX) {
        return json_integer((json_int_t)number);
    }
    number_show(number, text, sizeof text);
    return json_string(text);
}

static json_t *json_hex(struct sb_bytes bytes)
{
    char *text = sb_alloc(2 * bytes.size + 1, 1);
    sb_hex_write(bytes, text);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *json_list(struct sb_bytes list)
{
    json_t *array = json_array();
    struct sb_list_reader reader = sb_list_read(list);
    struct sb_bytes item;
    while (sb_list_next(&reader, &item)) {
        (void)json_array_append_new(array, json_text(item));
    }
    return array;
}

static json_t *json_word(enum sb_field field, uint64_t number)
{
    const struct sb_word *word =
        number <= UINT32_MAX ? sb_word_find(field, (unsigned)number) : NULL;
    return word == NULL ? json_number(number) : json_string(word->json);
}

static json_t *json_value(const struct sb_field_row *known, const struct sb_value *value)
{
    const struct sb_kind_row *kind = NULL;
    char time[SB_WHEN_SIZE];
    switch (known->type) {
    case SB_TYPE_UINT:
        if (known->field == SB_FIELD_KIND && value->number <= UINT32_MAX) {
            kind = sb_kind_find((unsigned)value->number);
        }
        return kind != NULL ? json_string(kind->json) : json_number(value->number);
    case SB_TYPE_BOOL: return json_boolean(value->number != 0);
    case SB_TYPE_TIME: sb_when_utc(value->number, time); return json_string(time);
    case SB_TYPE_ENUM: return json_word(known->field, value->number);
    case SB_TYPE_NAME:
    case SB_TYPE_TEXT: return json_text(value->bytes);
    case SB_TYPE_BYTES:
    case SB_TYPE_HASH: return json_hex(value->bytes);
    case SB_TYPE_LIST: return json_list(value->bytes);
    }
    return json_null();
}

json_t *sb_value_json(const struct sb_record *row)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < SB_FIELD_COUNT; i++) {
        const struct sb_field_row *known = sb_field_find(i);
        if (known != NULL && row->at[i].set) {
            (void)json_object_set_new(object, known->json, json_value(known, &row->at[i]));
        }
    }
    return object;
}

void sb_value_json_print(json_t *json, FILE *out)
{
    (void)json_dumpf(json, out, JSON_INDENT(2));
    (void)fputc('\n', out);
    json_decref(json);
}
