/* target_said.c: both inputs of samband-channel: a line of the site's program, and the attempt that
 * the agent sends. A line that is taken makes a fact that can be sent; an attempt that is taken
 * makes one line of JSON. */
#include "../../agent/channel/job.h"
#include "../../agent/channel/said.h"
#include "fuzz.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define NOW_MS 1767225600000ull
/* What a time may be: of this century and the next (agent/channel/said.c). */
#define TIME_MIN_MS 946684800000ull
#define TIME_MAX_MS 7258118400000ull

static void line_read(struct sb_bytes line)
{
    struct sb_said said;
    struct sb_why why = {0};
    enum sb_err err = sb_said_read(line, &said, &why);
    fuzz_said(err, &why);
    if (err != SB_ERR_OK || said.kind == SB_SAID_ACCEPTED) {
        return;
    }
    SB_ASSERT(said.at_ms == 0 || (said.at_ms >= TIME_MIN_MS && said.at_ms <= TIME_MAX_MS));
    SB_ASSERT(said.kind != SB_SAID_ACK || said.function.text[0] != '\0');
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_buf buf;
    sb_said_write(&said, "4711:taby/tib:p7:1", NOW_MS, args);
    sb_buf_init(&buf, SB_ORDER_SIZE_MAX);
    sb_record_write(args, SB_PARTS_ALL, &buf);
    SB_ASSERT(!buf.overflow);
    sb_buf_finish(&buf);
    free(args);
}

static void attempt_read(struct sb_bytes bytes)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_job job;
    struct sb_why why = {0};
    enum sb_err err = sb_record_read(bytes, SB_PARTS_ALL, args, &why);
    if (err == SB_ERR_OK) {
        err = sb_job_read(args, &job, &why);
        fuzz_said(err, &why);
    }
    if (err == SB_ERR_OK) {
        json_t *json = json_loadb(job.json, job.json_size, JSON_REJECT_DUPLICATES, NULL);
        SB_ASSERT(json != NULL && json_is_object(json));
        SB_ASSERT(memchr(job.json, '\n', job.json_size) == job.json + job.json_size - 1);
        json_decref(json);
        sb_job_finish(&job);
    }
    free(args);
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_input input = {.rest = bytes};
    if (fuzz_byte(&input) % 2 == 0) {
        line_read(input.rest);
    } else {
        attempt_read(input.rest);
    }
}
