/* target_control.c: the control protocol's two messages on any bytes: requests, as a broker or an
 * agent gets them, and replies, as the command line does. What is taken can be walked to its last
 * row, and written again. */
#include "fuzz.h"
#include "samband/control.h"

#include <stdlib.h>
#include <string.h>

static void request_look(struct sb_bytes bytes)
{
    struct sb_request request;
    struct sb_why why = {0};
    struct sb_buf buf;
    enum sb_err err = sb_request_read(bytes, &request, &why);
    fuzz_said(err, &why);
    if (err != SB_ERR_OK) {
        SB_ASSERT(request.verb.text[0] == '\0' && request.args.size == 0
                  && request.signature.size == 0);
        return;
    }
    const struct sb_verb_row *row = sb_verb_find(request.verb.text);
    SB_ASSERT(row == NULL || strcmp(row->text, request.verb.text) == 0);
    SB_ASSERT(request.signature.size == 0 || request.signature.size == SB_SIGNATURE_SIZE);
    struct sb_record *args = sb_alloc(1, sizeof *args);
    if (sb_record_read(request.args, SB_PARTS_ALL, args, &why) == SB_ERR_OK) {
        struct sb_request again;
        sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
        sb_request_write(request.id, &request.verb, args, NULL, &buf);
        SB_ASSERT(!buf.overflow);
        err = sb_request_read(sb_buf_bytes(&buf), &again, &why);
        SB_ASSERT(err == SB_ERR_OK && sb_name_equal(&again.verb, &request.verb)
                  && memcmp(again.id, request.id, sizeof again.id) == 0);
        sb_buf_finish(&buf);
    }
    free(args);
}

static void reply_look(struct sb_bytes bytes)
{
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_why said = {0};
    enum sb_err err = sb_reply_read(bytes, &reply, &why);
    fuzz_said(err, &why);
    if (err != SB_ERR_OK) {
        return;
    }
    (void)sb_why_take(&said, reply.err, reply.why);
    struct sb_row_reader reader = sb_rows_read(reply.rows);
    struct sb_record *row = sb_alloc(1, sizeof *row);
    unsigned left = reader.left;
    while (sb_rows_next(&reader, row)) {
        SB_ASSERT(sb_record_unwritable(row, &why) == 0);
        sb_record_clear(row);
        left--;
    }
    SB_ASSERT(left == 0);
    free(row);
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_input input = {.rest = bytes};
    if (fuzz_byte(&input) % 2 == 0) {
        request_look(input.rest);
    } else {
        reply_look(input.rest);
    }
}
