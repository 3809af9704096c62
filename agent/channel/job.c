/* job.c: the attempt's fields into JSON. Which of them, and under which key, is one table; how a
 * value looks follows from the field's type. Times are Unix time in milliseconds, as everywhere. */
#include "job.h"

#include "samband/kinds.h"
#include "samband/words.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    enum sb_field field;
    const char *key; /* NULL: the field's own name */
    bool needed;
} job_fields[] = {
    {SB_FIELD_ATTEMPT, NULL, true}, {SB_FIELD_ID, "event", true},
    {SB_FIELD_REALM, NULL, true},   {SB_FIELD_KIND, "class", true},
    {SB_FIELD_FORUM, NULL, false},  {SB_FIELD_TITLE, NULL, false},
    {SB_FIELD_TEXT, NULL, false},   {SB_FIELD_SEAT, NULL, true},
    {SB_FIELD_PERSON, NULL, true},  {SB_FIELD_NAME, NULL, false},
    {SB_FIELD_CHANNEL, NULL, true}, {SB_FIELD_CONTACT, NULL, true},
    {SB_FIELD_STARTS, NULL, false}, {SB_FIELD_ANSWER_BY, NULL, false},
    {SB_FIELD_JOIN, NULL, false},   {SB_FIELD_NOTICE, NULL, false},
    {SB_FIELD_REPEAT, NULL, false},
};

static json_t *text_json(struct sb_bytes text)
{
    return json_stringn((const char *)text.at, text.size);
}

static json_t *hex_json(struct sb_bytes bytes)
{
    char *text = sb_alloc(2 * bytes.size + 1, 1);
    sb_hex_write(bytes, text);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *list_json(struct sb_bytes list)
{
    json_t *json = json_array();
    struct sb_list_reader reader = sb_list_read(list);
    struct sb_bytes item;
    while (sb_list_next(&reader, &item)) {
        (void)json_array_append_new(json, text_json(item));
    }
    return json;
}

/* A word that this build does not know goes out as its number: the program is told all the same. */
static json_t *word_json(const char *word, uint64_t number)
{
    return word == NULL ? json_integer((json_int_t)number) : json_string(word);
}

static json_t *value_json(const struct sb_record *args, enum sb_field field)
{
    if (field == SB_FIELD_KIND) {
        uint64_t number = sb_record_number(args, field);
        const struct sb_kind_row *kind = sb_kind_find((unsigned)number);
        return word_json(kind == NULL ? NULL : kind->json, number);
    }
    switch (sb_field_find(field)->type) {
    case SB_TYPE_UINT:
    case SB_TYPE_TIME: return json_integer((json_int_t)sb_record_number(args, field));
    case SB_TYPE_BOOL: return json_boolean(sb_record_number(args, field) != 0);
    case SB_TYPE_ENUM: {
        uint64_t number = sb_record_number(args, field);
        const struct sb_word *word = sb_word_find(field, (unsigned)number);
        return word_json(word == NULL ? NULL : word->json, number);
    }
    case SB_TYPE_NAME:
    case SB_TYPE_TEXT: return text_json(sb_record_bytes(args, field));
    case SB_TYPE_BYTES:
    case SB_TYPE_HASH: return hex_json(sb_record_bytes(args, field));
    case SB_TYPE_LIST: return list_json(sb_record_bytes(args, field));
    }
    return NULL;
}

enum sb_err sb_job_read(const struct sb_record *args, struct sb_job *ret_job, struct sb_why *why)
{
    json_t *json = json_object();
    for (size_t i = 0; i < sizeof job_fields / sizeof *job_fields; i++) {
        enum sb_field field = job_fields[i].field;
        const char *key = job_fields[i].key;
        if (sb_record_has(args, field)) {
            key = key == NULL ? sb_field_find(field)->json : key;
            (void)json_object_set_new(json, key, value_json(args, field));
        } else if (job_fields[i].needed) {
            json_decref(json);
            return sb_why_set(why, SB_ERR_MISSING, "the agent's attempt lacks %s",
                              sb_field_find(field)->json);
        }
    }
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    SB_ASSERT(text != NULL); /* all texts were checked as UTF-8 when the record was read */
    struct sb_bytes attempt = sb_record_bytes(args, SB_FIELD_ATTEMPT);
    SB_ASSERT(attempt.size <= SB_ATTEMPT_SIZE_MAX);
    struct sb_job job = {.json_size = strlen(text) + 1};
    memcpy(job.attempt, attempt.at, attempt.size);
    job.json = sb_alloc(job.json_size, 1);
    memcpy(job.json, text, job.json_size - 1);
    job.json[job.json_size - 1] =
        '\n'; /* in the place of the terminator: it is a line, not a C string */
    free(text);
    *ret_job = job;
    return SB_ERR_OK;
}

void sb_job_finish(struct sb_job *job)
{
    free(job->json);
    job->json = NULL;
}
