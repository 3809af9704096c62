/* target_register.c: register.csv and forums.csv as any text, loaded by an administrator. What is
 * refused names a line and changes nothing; what is taken can be listed, and whom a forum calls. */
#include "fuzz.h"
#include "stage.h"

static void rows_list(struct stage *stage, const char *verb)
{
    const struct sb_record nothing = {0};
    struct sb_buf bytes;
    uint64_t rows = 0;
    enum sb_err err = stage_ask(stage, &stage->county->admin, verb, &nothing, &bytes);
    SB_ASSERT(err == SB_ERR_OK);
    rows += reply_rows(stage->county);
    SB_ASSERT(rows > 0);
    sb_buf_finish(&bytes);
}

/* Who would be called: every forum's rules on the register as it is now. */
static void preview(struct stage *stage, const char *forum)
{
    struct sb_record args = {0};
    struct sb_buf bytes;
    sb_record_set_text(&args, SB_FIELD_FORUM, forum);
    (void)!stage_ask(stage, &stage->county->tib, "preview", &args, &bytes);
    sb_buf_finish(&bytes);
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_input input = {.rest = bytes};
    struct stage *stage = stage_new();
    struct sb_record args = {0};
    struct sb_buf request;
    unsigned which = fuzz_byte(&input) % 2;
    struct sb_bytes csv = fuzz_take(&input, SB_TEXT_SIZE_MAX);
    sb_record_set_bytes(&args, SB_FIELD_CSV, csv);
    if (!sb_bytes_is_text(csv)) {
        sb_record_unset(&args, SB_FIELD_CSV); /* no client could send it */
    }
    enum sb_err err = stage_ask(stage, &stage->county->admin,
                                which == 0 ? "org-load" : "forum-load", &args, &request);
    sb_buf_finish(&request);
    if (err == SB_ERR_OK) {
        rows_list(stage, "org-list");
        rows_list(stage, "forum-list");
        preview(stage, "rsf");
        preview(stage, "rr");
    }
    stage_destroy(stage);
}
