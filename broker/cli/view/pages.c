/* pages.c: see pages.h. */
#include "view/pages.h"

#include <stdlib.h>
#include <string.h>

void sb_pages_init(struct sb_pages *pages)
{
    *pages = (struct sb_pages){0};
}

void sb_pages_finish(struct sb_pages *pages)
{
    for (unsigned i = 0; i < pages->count; i++) {
        sb_buf_finish(&pages->page[i]);
    }
    free(pages->page);
    sb_pages_init(pages);
}

void sb_pages_add(struct sb_pages *pages, struct sb_bytes rows)
{
    struct sb_buf *grown = sb_alloc(pages->count + 1, sizeof *grown);
    if (pages->count > 0) {
        memcpy(grown, pages->page, pages->count * sizeof *grown);
    }
    free(pages->page);
    pages->page = grown;
    sb_buf_init(&grown[pages->count], SB_FRAME_SIZE_MAX);
    sb_buf_add(&grown[pages->count], rows);
    SB_ASSERT(!grown[pages->count].overflow); /* it came out of one message */
    pages->count++;
}

struct sb_pages_reader sb_pages_read(const struct sb_pages *pages)
{
    return (struct sb_pages_reader){.pages = pages};
}

bool sb_pages_next(struct sb_pages_reader *reader, struct sb_record *ret_record)
{
    for (;;) {
        if (reader->next > 0) {
            sb_record_clear(ret_record);
            if (sb_rows_next(&reader->rows, ret_record)) {
                return true;
            }
        }
        if (reader->next == reader->pages->count) {
            return false;
        }
        reader->rows = sb_rows_read(sb_buf_bytes(&reader->pages->page[reader->next]));
        reader->next++;
    }
}

unsigned sb_pages_rows(const struct sb_pages *pages)
{
    struct sb_record row = {0};
    unsigned count = 0;
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        count++;
    }
    return count;
}
