/* record.c: records in memory and their one encoding. It knows fields by their rows only; what a
 * kind of event or a verb needs stands elsewhere. Lists are list.c's, rules for values value.c's.
 */
#include "samband/record.h"

#include "samband/cursor.h"
#include "value.h"

#include <inttypes.h>

/* Fields of one map: all that there can ever be, and as many again of a newer version's. */
#define RECORD_COUNT_MAX (2 * SB_FIELD_COUNT)

static const struct sb_field_row *row_get(enum sb_field field)
{
    const struct sb_field_row *row = sb_field_find((unsigned)field);

    SB_ASSERT(row != NULL);
    return row;
}

void sb_record_clear(struct sb_record *record)
{
    *record = (struct sb_record){0};
}

bool sb_record_has(const struct sb_record *record, enum sb_field field)
{
    row_get(field);
    return record->at[field].set;
}

uint64_t sb_record_number(const struct sb_record *record, enum sb_field field)
{
    SB_ASSERT(sb_type_is_number(row_get(field)->type));
    return record->at[field].set ? record->at[field].number : 0;
}

struct sb_bytes sb_record_bytes(const struct sb_record *record, enum sb_field field)
{
    SB_ASSERT(!sb_type_is_number(row_get(field)->type));
    return record->at[field].set ? record->at[field].bytes : sb_bytes(NULL, 0);
}

struct sb_name sb_record_name(const struct sb_record *record, enum sb_field field)
{
    struct sb_name name = {0};

    SB_ASSERT(row_get(field)->type == SB_TYPE_NAME);
    if (record->at[field].set) {
        SB_ASSERT(sb_name_read(record->at[field].bytes, &name));
    }
    return name;
}

bool sb_record_hash(const struct sb_record *record, enum sb_field field, struct sb_hash *ret)
{
    SB_ASSERT(row_get(field)->type == SB_TYPE_HASH);
    return record->at[field].set && sb_hash_read(record->at[field].bytes, ret);
}

void sb_record_set_number(struct sb_record *record, enum sb_field field, uint64_t number)
{
    SB_ASSERT(sb_type_is_number(row_get(field)->type));
    record->at[field] = (struct sb_value){.set = true, .number = number};
}

void sb_record_set_bytes(struct sb_record *record, enum sb_field field, struct sb_bytes bytes)
{
    const struct sb_field_row *row = row_get(field);

    SB_ASSERT(!sb_type_is_number(row->type));
    bool set = bytes.size > 0 || !sb_field_empty_is_none(row);
    record->at[field] = (struct sb_value){.set = set, .bytes = bytes};
}

void sb_record_set_name(struct sb_record *record, enum sb_field field, const struct sb_name *name)
{
    SB_ASSERT(row_get(field)->type == SB_TYPE_NAME);
    sb_record_set_bytes(record, field, sb_name_bytes(name));
}

void sb_record_set_hash(struct sb_record *record, enum sb_field field, const struct sb_hash *hash)
{
    SB_ASSERT(row_get(field)->type == SB_TYPE_HASH);
    sb_record_set_bytes(record, field, sb_hash_bytes(hash));
}

void sb_record_set_text(struct sb_record *record, enum sb_field field, const char *text)
{
    enum sb_type type = row_get(field)->type;

    SB_ASSERT(type == SB_TYPE_TEXT || type == SB_TYPE_NAME);
    sb_record_set_bytes(record, field, sb_bytes_str(text));
}

void sb_record_unset(struct sb_record *record, enum sb_field field)
{
    row_get(field);
    record->at[field] = (struct sb_value){0};
}

static void value_write(const struct sb_field_row *row, const struct sb_value *value,
                        struct sb_buf *buf)
{
    switch (row->type) {
    case SB_TYPE_UINT:
    case SB_TYPE_TIME:
    case SB_TYPE_ENUM: sb_pack_uint(buf, value->number); break;
    case SB_TYPE_BOOL: sb_pack_bool(buf, value->number != 0); break;
    case SB_TYPE_NAME:
    case SB_TYPE_TEXT: sb_pack_str(buf, value->bytes); break;
    case SB_TYPE_BYTES:
    case SB_TYPE_HASH: sb_pack_bin(buf, value->bytes); break;
    case SB_TYPE_LIST:
        if (value->bytes.size > 0) {
            sb_buf_add(buf, value->bytes);
        } else {
            sb_pack_array(buf, 0);
        }
        break;
    }
}

static bool value_is_in(const struct sb_record *record, unsigned number, unsigned parts)
{
    if (!record->at[number].set) { /* nearly all of them: a record has a few fields of hundreds */
        return false;
    }
    const struct sb_field_row *row = sb_field_find(number);
    return row != NULL && (parts & 1u << row->part) != 0;
}

void sb_record_write(const struct sb_record *record, unsigned parts, struct sb_buf *buf)
{
    unsigned in[SB_FIELD_COUNT];
    unsigned count = 0;

    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        if (!value_is_in(record, number, parts)) {
            continue;
        }
        in[count++] = number;
        if (sb_value_check(sb_field_find(number), &record->at[number], NULL) != SB_ERR_OK) {
            buf->overflow = true;
        }
    }
    sb_pack_map(buf, count);
    for (unsigned i = 0; i < count && !buf->overflow; i++) {
        sb_pack_uint(buf, in[i]);
        value_write(sb_field_find(in[i]), &record->at[in[i]], buf);
    }
}

/* Reads with the widest limits: whether the value is too large is its rule's to say, in words. */
static struct sb_value value_read(const struct sb_field_row *row, struct sb_cursor *cursor)
{
    struct sb_value value = {.set = true};

    switch (row->type) {
    case SB_TYPE_UINT:
    case SB_TYPE_TIME:
    case SB_TYPE_ENUM: value.number = sb_cursor_uint(cursor); break;
    case SB_TYPE_BOOL: value.number = sb_cursor_bool(cursor); break;
    case SB_TYPE_NAME:
    case SB_TYPE_TEXT: value.bytes = sb_cursor_str(cursor, SIZE_MAX); break;
    case SB_TYPE_BYTES:
    case SB_TYPE_HASH: value.bytes = sb_cursor_bin(cursor, SIZE_MAX); break;
    case SB_TYPE_LIST: value.bytes = sb_cursor_any(cursor); break;
    }
    return value;
}

static enum sb_err field_read(uint64_t number, unsigned parts, struct sb_cursor *cursor,
                              struct sb_record *record, struct sb_why *why)
{
    const struct sb_field_row *row =
        number < SB_FIELD_COUNT ? sb_field_find((unsigned)number) : NULL;

    if (row == NULL) {
        sb_cursor_any(cursor);
        return cursor->failed
                   ? sb_why_say(why, SB_ERR_MALFORMED,
                                "uppgift %" PRIu64 ": värdet kan inte läsas förbi",
                                "field %" PRIu64 ": its value cannot be stepped over", number)
                   : SB_ERR_OK;
    }
    if ((parts & 1u << row->part) == 0) {
        return sb_why_say(why, SB_ERR_VALUE, "uppgiften \"" SB_SV "\" hör inte hemma här",
                          SB_EN ": this field has no place here", SB_FIELD_PAIR(row));
    }
    struct sb_value value = value_read(row, cursor);
    if (cursor->failed) {
        return sb_why_say(why, SB_ERR_MALFORMED,
                          "uppgiften \"" SB_SV "\" är avhuggen eller av fel sort",
                          SB_EN ": cut off, or not of its type", SB_FIELD_PAIR(row));
    }
    enum sb_err err = sb_value_check(row, &value, why);
    if (err == SB_ERR_OK) {
        record->at[number] = value;
    }
    return err;
}

enum sb_err sb_record_read(struct sb_bytes bytes, unsigned parts, struct sb_record *record,
                           struct sb_why *why)
{
    struct sb_cursor cursor = sb_cursor(bytes);
    unsigned count = sb_cursor_map(&cursor, RECORD_COUNT_MAX);
    uint64_t before = 0;

    if (cursor.failed) {
        return sb_why_say(why, SB_ERR_MALFORMED, "ingen samling av högst %d uppgifter",
                          "not a map of at most %d fields", RECORD_COUNT_MAX);
    }
    for (unsigned i = 0; i < count; i++) {
        uint64_t number = sb_cursor_uint(&cursor);
        if (cursor.failed) {
            return sb_why_say(why, SB_ERR_MALFORMED, "uppgift %u av %u har inget nummer",
                              "field %u of %u has no number", i + 1, count);
        }
        if (i > 0 && number <= before) {
            return sb_why_say(why, SB_ERR_MALFORMED,
                              "uppgift %" PRIu64 " efter uppgift %" PRIu64
                              ": numren ska stiga, vart och ett en gång",
                              "field %" PRIu64 " after field %" PRIu64
                              ": numbers must ascend, each once",
                              number, before);
        }
        before = number;
        enum sb_err err = field_read(number, parts, &cursor, record, why);
        if (err != SB_ERR_OK) {
            return err;
        }
    }
    if (!sb_cursor_done(&cursor)) {
        return sb_why_say(why, SB_ERR_MALFORMED, "%zu byte efter den sista uppgiften",
                          "%zu bytes after the last field", cursor.rest.size);
    }
    return SB_ERR_OK;
}
