/* said.c: reads a program's lines. A line with a key too many, a wrong type or two facts is refused
 * whole: half an answer must not count as one. */
#include "said.h"

#include <jansson.h>
#include <string.h>

/* Unix time in milliseconds between 2000 and 2200: catches seconds given as milliseconds. */
#define TIME_MIN_MS 946684800000
#define TIME_MAX_MS 7258118400000

static bool time_take(const json_t *json, uint64_t *ret_ms)
{
    if (!json_is_integer(json) || json_integer_value(json) < TIME_MIN_MS
        || json_integer_value(json) > TIME_MAX_MS) {
        return false;
    }
    *ret_ms = (uint64_t)json_integer_value(json);
    return true;
}

static bool name_take(const json_t *json, struct sb_name *ret_name)
{
    const char *text = json_string_value(json);
    return text != NULL && sb_name_read(sb_bytes_str(text), ret_name);
}

static bool accepted_take(const json_t *object, struct sb_said *said)
{
    said->kind = SB_SAID_ACCEPTED;
    return json_object_size(object) == 1 && json_is_true(json_object_get(object, "accepted"));
}

static bool opened_take(const json_t *object, struct sb_said *said)
{
    const json_t *opened = json_object_get(object, "opened");
    said->kind = SB_SAID_OPENED;
    return json_object_size(object) == 1
           && (json_is_true(opened) || time_take(opened, &said->at_ms));
}

static bool ack_take(const json_t *object, struct sb_said *said)
{
    said->kind = SB_SAID_ACK;
    return json_object_size(object) == 1
           && name_take(json_object_get(object, "ack"), &said->function);
}

static bool answer_take(const json_t *object, struct sb_said *said)
{
    const char *text = json_string_value(json_object_get(object, "answer"));
    const struct sb_word *word = text == NULL ? NULL : sb_word_find_text(SB_FIELD_ANSWER, text);
    if (word == NULL) {
        return false;
    }
    said->kind = SB_SAID_ANSWER;
    said->answer = (enum sb_answer)word->number;
    size_t keys = 1;
    const json_t *function = json_object_get(object, "function");
    if (function != NULL) {
        keys++;
        if (!name_take(function, &said->function)) {
            return false;
        }
    }
    if (said->answer == SB_ANSWER_AT) {
        keys++;
        if (!time_take(json_object_get(object, "at"), &said->at_ms)) {
            return false;
        }
    }
    return json_object_size(object) == keys;
}

static const struct {
    const char *key;
    bool (*take)(const json_t *object, struct sb_said *said);
    const char *form;
} said_forms[] = {
    {"accepted", accepted_take, "{\"accepted\":true}"},
    {"opened", opened_take, "{\"opened\":true} or {\"opened\":TIME}"},
    {"ack", ack_take, "{\"ack\":\"FUNCTION\"}"},
    {"answer", answer_take,
     "{\"answer\":\"yes|deputy|no\"} or {\"answer\":\"at\",\"at\":TIME}, \"function\" may be "
     "added"},
};

enum sb_err sb_said_read(struct sb_bytes line, struct sb_said *ret_said, struct sb_why *why)
{
    json_error_t error;
    json_t *object = json_loadb((const char *)line.at, line.size, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL) {
        return sb_why_set(why, SB_ERR_MALFORMED, "a line of its output is not JSON (column %d: %s)",
                          error.column, error.text);
    }
    enum sb_err err = SB_ERR_OK;
    size_t at = 0;
    size_t count = sizeof said_forms / sizeof *said_forms;
    while (at < count && json_object_get(object, said_forms[at].key) == NULL) {
        at++;
    }
    struct sb_said said = {0};
    if (at == count) {
        err = sb_why_set(why, SB_ERR_VALUE,
                         "a line of its output has none of accepted, opened, ack, answer");
    } else if (!said_forms[at].take(object, &said)) {
        err = sb_why_set(why, SB_ERR_VALUE,
                         "a line of its output with \"%s\" is not %s (TIME: Unix time in ms)",
                         said_forms[at].key, said_forms[at].form);
    } else {
        *ret_said = said;
    }
    json_decref(object);
    return err;
}

void sb_said_write(const struct sb_said *said, const char *attempt, uint64_t now_ms,
                   struct sb_record *args)
{
    SB_ASSERT(said->kind != SB_SAID_ACCEPTED);
    sb_record_set_text(args, SB_FIELD_ATTEMPT, attempt);
    uint64_t given_ms = now_ms;
    if (said->kind == SB_SAID_OPENED) {
        sb_record_set_number(args, SB_FIELD_RUNG, SB_RUNG_OPENED);
        given_ms = said->at_ms != 0 ? said->at_ms : now_ms;
    }
    if (said->function.text[0] != '\0') {
        sb_record_set_name(args, SB_FIELD_FUNCTION, &said->function);
    }
    if (said->kind == SB_SAID_ANSWER) {
        sb_record_set_number(args, SB_FIELD_ANSWER, said->answer);
    }
    if (said->answer == SB_ANSWER_AT) {
        sb_record_set_number(args, SB_FIELD_AT, said->at_ms);
    }
    sb_record_set_number(args, SB_FIELD_GIVEN_AT, given_ms);
}
