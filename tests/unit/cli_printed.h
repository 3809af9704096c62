/* cli_printed.h: for the tests of what the command line shows: a view that prints into memory, and
 * pages of rows made by hand. */
#ifndef CLI_PRINTED_H
#define CLI_PRINTED_H

#include "samband/control.h"
#include "unit/check.h"
#include "view/board.h"
#include "view/safe.h"

#include <stdlib.h>
#include <string.h>

/* 2026-11-23 02:10:00 in Stockholm. */
#define NIGHT 1795396200000ull

struct printed {
    char *text;
    size_t size;
    struct sb_view view;
};

static inline void printed_begin(struct printed *printed, enum sb_form form, size_t width)
{
    *printed = (struct printed){0};
    printed->view = (struct sb_view){
        .language = SB_LANGUAGE_SV, .form = form, .width = width, .now_ms = NIGHT + 277000};
    printed->view.out = open_memstream(&printed->text, &printed->size);
    assert_non_null(printed->view.out);
}

static inline void printed_end(struct printed *printed)
{
    assert_int_equal(fclose(printed->view.out), 0);
}

static inline void has(const struct printed *printed, const char *text)
{
    if (strstr(printed->text, text) == NULL) {
        fail_msg("no \"%s\" in:\n%s", text, printed->text);
    }
}

static inline void has_not(const struct printed *printed, const char *text)
{
    if (strstr(printed->text, text) != NULL) {
        fail_msg("\"%s\" in:\n%s", text, printed->text);
    }
}

static inline void none_wider(const struct printed *printed, size_t width)
{
    char line[1024];
    const char *at = printed->text;
    while (*at != '\0') {
        size_t size = strcspn(at, "\n");
        (void)snprintf(line, sizeof line, "%.*s", (int)size, at);
        if (sb_safe_width(line) > width) {
            fail_msg("wider than %zu: %s", width, line);
        }
        at += at[size] == '\n' ? size + 1 : size;
    }
}

/* A record borrows: the text must be a literal. */
static inline void name_set(struct sb_record *row, enum sb_field field, const char *text)
{
    sb_record_set_bytes(row, field, sb_bytes_str(text));
}

static inline void row_page(struct sb_pages *pages, const struct sb_record *row)
{
    struct sb_rows rows;
    struct sb_buf buf;
    struct sb_reply reply;
    struct sb_why why = {0};
    uint8_t id[SB_REQUEST_ID_SIZE] = {1};
    sb_rows_init(&rows);
    assert_true(sb_rows_add(&rows, row));
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(id, SB_ERR_OK, "", &rows, 0, &buf);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&buf), &reply, &why), SB_ERR_OK);
    sb_pages_add(pages, reply.rows);
    sb_buf_finish(&buf);
    sb_rows_finish(&rows);
}

#endif
