/* control.c: requests, replies and rows of the control protocol (proto/CONTROL.md), and the table
 * of verbs. What a verb does, and who may ask it, is the cores'. */
#include "samband/control.h"

#include "samband/cursor.h"
#include "samband/event.h"

#include <inttypes.h>
#include <string.h>

#define REQUEST_ELEMENTS 5
#define REPLY_ELEMENTS   6
#define ELEMENTS_MAX     16 /* of a newer version, before its number is known */

/* Room for all of a reply but its rows: heads, id, numbers and the sentence. */
#define REPLY_FRAME_SIZE (SB_WHY_BOTH_SIZE + 64)
#define ROWS_SIZE_MAX    (SB_FRAME_SIZE_MAX - REPLY_FRAME_SIZE)
#define ROWS_COUNT_MAX   SB_FRAME_SIZE_MAX /* a row is at least one byte */

/* Past the array's head, the version and the id. The id is handed back wherever it can be read, so
 * that even a refusal finds the one who asked. */
static enum sb_err message_begin(struct sb_cursor *cursor, unsigned elements,
                                 uint8_t ret_id[SB_REQUEST_ID_SIZE], struct sb_why *why)
{
    unsigned count = sb_cursor_array(cursor, ELEMENTS_MAX);
    uint64_t version = sb_cursor_uint(cursor);
    bool versioned = !cursor->failed;
    struct sb_bytes id = sb_cursor_bin(cursor, SB_REQUEST_ID_SIZE);

    if (id.size == SB_REQUEST_ID_SIZE) {
        memcpy(ret_id, id.at, SB_REQUEST_ID_SIZE);
    }
    if (versioned && version != SB_CONTROL_VERSION) {
        return sb_why_say(why, SB_ERR_VERSION,
                          "styrprotokollets version %" PRIu64
                          "; denna sida talar %d: använd program av samma utgåva",
                          "control protocol version %" PRIu64
                          ", this end speaks %d: use programs of the same release",
                          version, SB_CONTROL_VERSION);
    }
    if (count != elements || id.size != SB_REQUEST_ID_SIZE) {
        return sb_why_say(why, SB_ERR_MALFORMED, "inget meddelande i styrprotokollet",
                          "not a message of the control protocol");
    }
    return SB_ERR_OK;
}

enum sb_err sb_request_read(struct sb_bytes bytes, struct sb_request *ret_request,
                            struct sb_why *why)
{
    struct sb_cursor cursor = sb_cursor(bytes);
    struct sb_request request = {0};

    *ret_request = request;
    enum sb_err err = message_begin(&cursor, REQUEST_ELEMENTS, request.id, why);
    memcpy(ret_request->id, request.id, sizeof request.id);
    if (err != SB_ERR_VERSION && bytes.size > SB_ORDER_SIZE_MAX) {
        return sb_why_say(
            why, SB_ERR_TOO_LARGE,
            "en begäran på %zu byte, högst %d är tillåtna; korta texten eller dela upp "
            "den",
            "a request of %zu bytes, at most %d are allowed; shorten the text, or "
            "divide it",
            bytes.size, SB_ORDER_SIZE_MAX);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_bytes verb = sb_cursor_str(&cursor, SB_NAME_SIZE_MAX);
    struct sb_cursor args = cursor;
    request.args = sb_cursor_any(&cursor);
    const uint8_t *end = cursor.rest.at;
    request.signature = sb_cursor_bin(&cursor, SB_SIGNATURE_SIZE);
    sb_cursor_map(&args, SB_FRAME_SIZE_MAX);
    if (!sb_cursor_done(&cursor) || args.failed) {
        return sb_why_say(why, SB_ERR_MALFORMED, "ingen begäran i styrprotokollet",
                          "not a request of the control protocol");
    }
    if (!sb_name_read(verb, &request.verb)) {
        return sb_why_say(why, SB_ERR_MALFORMED, "kommandot är inget namn",
                          "the verb is not a name");
    }
    if (request.signature.size != 0 && request.signature.size != SB_SIGNATURE_SIZE) {
        return sb_why_say(why, SB_ERR_MALFORMED, "signaturen har %zu byte; den har %d eller ingen",
                          "a signature of %zu bytes, it has %d or none", request.signature.size,
                          SB_SIGNATURE_SIZE);
    }
    /* The head of an array of five is one byte. */
    request.signed_part = sb_bytes(bytes.at + 1, (size_t)(end - (bytes.at + 1)));
    *ret_request = request;
    return SB_ERR_OK;
}

void sb_request_write(const uint8_t id[SB_REQUEST_ID_SIZE], const struct sb_name *verb,
                      const struct sb_record *args, const struct sb_signer *signer,
                      struct sb_buf *buf)
{
    uint8_t signature[SB_SIGNATURE_SIZE];

    sb_pack_array(buf, REQUEST_ELEMENTS);
    size_t begin = buf->size;
    sb_pack_uint(buf, SB_CONTROL_VERSION);
    sb_pack_bin(buf, sb_bytes(id, SB_REQUEST_ID_SIZE));
    sb_pack_str(buf, sb_name_bytes(verb));
    sb_record_write(args, SB_PARTS_ALL, buf);
    if (signer == NULL || buf->overflow) {
        sb_pack_bin(buf, sb_bytes(NULL, 0));
        return;
    }
    sb_sign(signer, "order", sb_bytes(buf->at + begin, buf->size - begin), signature);
    sb_pack_bin(buf, sb_bytes(signature, sizeof signature));
}

/* Every row is read once here, so that whoever walks them later meets no surprise. */
static enum sb_err rows_check(struct sb_bytes rows, struct sb_why *why)
{
    struct sb_cursor cursor = sb_cursor(rows);
    unsigned count = sb_cursor_array(&cursor, ROWS_COUNT_MAX);
    struct sb_record record;

    for (unsigned i = 0; i < count; i++) {
        sb_record_clear(&record);
        enum sb_err err = sb_record_read(sb_cursor_any(&cursor), SB_PARTS_ALL, &record, why);
        if (err != SB_ERR_OK) {
            return err;
        }
    }
    return sb_cursor_done(&cursor)
               ? SB_ERR_OK
               : sb_why_say(why, SB_ERR_MALFORMED, "svarets rader är ingen lista",
                            "the reply's rows are not a list");
}

enum sb_err sb_reply_read(struct sb_bytes bytes, struct sb_reply *ret_reply, struct sb_why *why)
{
    struct sb_cursor cursor = sb_cursor(bytes);
    struct sb_reply reply = {0};

    enum sb_err err = message_begin(&cursor, REPLY_ELEMENTS, reply.id, why);
    if (err != SB_ERR_VERSION && bytes.size > SB_FRAME_SIZE_MAX) {
        return sb_why_say(
            why, SB_ERR_TOO_LARGE,
            "ett svar på %zu byte, högst %d är tillåtna; är det en central eller agent "
            "av samma utgåva?",
            "a reply of %zu bytes, at most %d are allowed; is it a broker or agent of "
            "the same release?",
            bytes.size, SB_FRAME_SIZE_MAX);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    uint64_t number = sb_cursor_uint(&cursor);
    reply.why = sb_cursor_str(&cursor, SB_WHY_BOTH_SIZE);
    reply.rows = sb_cursor_any(&cursor);
    reply.next = sb_cursor_uint(&cursor);
    if (!sb_cursor_done(&cursor) || number > UINT16_MAX || !sb_bytes_is_text(reply.why)) {
        return sb_why_say(why, SB_ERR_MALFORMED, "inget svar i styrprotokollet",
                          "not a reply of the control protocol");
    }
    reply.err = (enum sb_err)number;
    err = rows_check(reply.rows, why);
    if (err == SB_ERR_OK) {
        *ret_reply = reply;
    }
    return err;
}

void sb_rows_init(struct sb_rows *rows)
{
    *rows = (struct sb_rows){0};
    sb_buf_init(&rows->packed, ROWS_SIZE_MAX);
}

void sb_rows_finish(struct sb_rows *rows)
{
    sb_buf_finish(&rows->packed);
    rows->count = 0;
}

static bool rows_try(struct sb_rows *rows, const struct sb_record *record)
{
    size_t before = rows->packed.size;

    sb_record_write(record, SB_PARTS_ALL, &rows->packed);
    if (rows->packed.overflow) {
        rows->packed.size = before;
        rows->packed.overflow = false;
        return false;
    }
    rows->count++;
    return true;
}

bool sb_rows_add(struct sb_rows *rows, const struct sb_record *record)
{
    if (rows_try(rows, record)) {
        return true;
    }
    struct sb_why why = {0};
    enum sb_field bad = sb_record_unwritable(record, &why);
    if (bad == 0 && rows->count > 0) {
        return false;
    }
    /* No reply will ever hold this row: asking for the rest would ask for it for ever. A row that
     * says so stands in its place, so that the person sees it and the rows after it. */
    struct sb_record instead = {0};
    enum sb_err err = SB_ERR_VALUE;
    char both[SB_WHY_BOTH_SIZE];
    if (bad == 0) {
        err = sb_why_say(&why, SB_ERR_TOO_LARGE, "raden är för stor för ett svar",
                         "this row is too large for a reply");
    }
    sb_record_set_number(&instead, SB_FIELD_ERROR, (uint64_t)err);
    sb_why_both(&why, both);
    sb_record_set_text(&instead, SB_FIELD_WHY, both);
    if (bad != SB_FIELD_ID) {
        instead.at[SB_FIELD_ID] = record->at[SB_FIELD_ID];
    }
    return rows_try(rows, &instead);
}

bool sb_rows_add_counter(struct sb_rows *rows, struct sb_bytes name, uint64_t number)
{
    struct sb_record row = {0};
    sb_record_set_bytes(&row, SB_FIELD_COUNTER, name);
    sb_record_set_number(&row, SB_FIELD_NUMBER, number);
    return sb_rows_add(rows, &row);
}

bool sb_rows_add_room(struct sb_rows *rows, const struct sb_room *room)
{
    struct sb_record row = {0};
    struct sb_why why = {0};
    char both[SB_WHY_BOTH_SIZE];
    if (room->level == SB_ROOM_ENOUGH) {
        return true;
    }
    sb_room_say(room, &why);
    sb_why_both(&why, both);
    sb_record_set_text(&row, SB_FIELD_COUNTER, SB_ROOM_COUNTER);
    sb_record_set_number(&row, SB_FIELD_NUMBER, room->level);
    sb_record_set_text(&row, SB_FIELD_WHY, both);
    return sb_rows_add(rows, &row);
}

void sb_reply_write(const uint8_t id[SB_REQUEST_ID_SIZE], enum sb_err err, const char *why,
                    const struct sb_rows *rows, uint64_t next, struct sb_buf *buf)
{
    struct sb_bytes sentence = sb_bytes_str(why != NULL ? why : "");

    SB_ASSERT(sentence.size < SB_WHY_BOTH_SIZE);
    sb_pack_array(buf, REPLY_ELEMENTS);
    sb_pack_uint(buf, SB_CONTROL_VERSION);
    sb_pack_bin(buf, sb_bytes(id, SB_REQUEST_ID_SIZE));
    sb_pack_uint(buf, (uint64_t)err);
    sb_pack_str(buf, sentence);
    sb_pack_array(buf, rows != NULL ? rows->count : 0);
    if (rows != NULL) {
        sb_buf_add(buf, sb_buf_bytes(&rows->packed));
    }
    sb_pack_uint(buf, next);
}

struct sb_row_reader sb_rows_read(struct sb_bytes rows)
{
    struct sb_cursor cursor = sb_cursor(rows);
    unsigned count = rows.size > 0 ? sb_cursor_array(&cursor, ROWS_COUNT_MAX) : 0;

    return (struct sb_row_reader){.rest = cursor.rest, .left = count};
}

bool sb_rows_next(struct sb_row_reader *reader, struct sb_record *ret_record)
{
    if (reader->left == 0) {
        return false;
    }
    struct sb_cursor cursor = sb_cursor(reader->rest);
    struct sb_bytes row = sb_cursor_any(&cursor);

    sb_record_clear(ret_record);
    reader->rest = cursor.rest;
    reader->left--;
    if (sb_record_read(row, SB_PARTS_ALL, ret_record, NULL) != SB_ERR_OK) {
        reader->left = 0;
        return false;
    }
    return true;
}

/* Salts, sums and names of keys are of no use to a reader, and an order is as long as its event. */
static const enum sb_field machine_fields[] = {
    SB_FIELD_NONCE, SB_FIELD_FACTS_HASH,   SB_FIELD_TEXT_HASH,       SB_FIELD_SIGNER,
    SB_FIELD_ORDER, SB_FIELD_ORDER_DIGEST, SB_FIELD_AUDIENCE_DIGEST,
};

void sb_row_of_event(const struct sb_event *event, uint64_t index, uint64_t accepted_at,
                     enum sb_err verdict, struct sb_record *ret_row)
{
    *ret_row = event->fields;
    for (size_t i = 0; i < sizeof machine_fields / sizeof machine_fields[0]; i++) {
        sb_record_unset(ret_row, machine_fields[i]);
    }
    sb_record_set_hash(ret_row, SB_FIELD_ID, &event->id);
    sb_record_set_number(ret_row, SB_FIELD_INDEX, index);
    sb_record_set_number(ret_row, SB_FIELD_ACCEPTED_AT, accepted_at);
    if (verdict != SB_ERR_OK) {
        sb_record_set_number(ret_row, SB_FIELD_VERDICT, verdict);
    }
}

void sb_row_drop_texts(struct sb_record *row)
{
    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        const struct sb_field_row *field = sb_field_find(number);
        if (field != NULL && field->part == SB_PART_TEXT && field->field != SB_FIELD_TITLE) {
            sb_record_unset(row, field->field);
        }
    }
}

void sb_row_of_damage(uint64_t index, struct sb_record *ret_row)
{
    sb_record_clear(ret_row);
    sb_record_set_number(ret_row, SB_FIELD_INDEX, index);
    sb_record_set_number(ret_row, SB_FIELD_VERDICT, SB_ERR_CORRUPT);
    sb_record_set_text(ret_row, SB_FIELD_WORDING,
                       "kan inte läsas, lagringen är skadad: kör samband verify, återställ den ur "
                       "säkerhetskopia");
    sb_record_set_text(ret_row, SB_FIELD_NOTICE,
                       "cannot be read, the store is damaged: run samband verify, restore it from "
                       "a backup");
}

/* The letters of the table's column `where`. */
enum {
    B = SB_VERB_AT_B,
    A = SB_VERB_AT_A,
    C = SB_VERB_AT_C
};

const struct sb_verb_row *sb_verb_find(const char *text)
{
    static const struct sb_verb_row rows[] = {
#define X(name, word, at, does_write, role_needed) \
    {.verb = SB_VERB_##name,                       \
     .text = (word),                               \
     .where = (at),                                \
     .writes = (does_write),                       \
     .role = SB_ROLE_##role_needed},
        SB_VERBS(X)
#undef X
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].text, text) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}
