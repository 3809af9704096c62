/* pages.h: the rows of a reply, which may have come in several messages, read as one list as often
 * as wanted. Owns copies of the encoded rows. */
#ifndef SAMBAND_CLI_PAGES_H
#define SAMBAND_CLI_PAGES_H

#include "samband/control.h"

struct sb_pages {
    struct sb_buf *page;
    unsigned count;
};

void sb_pages_init(struct sb_pages *pages);
void sb_pages_finish(struct sb_pages *pages);
void sb_pages_add(struct sb_pages *pages, struct sb_bytes rows); /* an encoded array of maps */

struct sb_pages_reader {
    const struct sb_pages *pages;
    unsigned next;
    struct sb_row_reader rows;
};
struct sb_pages_reader sb_pages_read(const struct sb_pages *pages);
/* The next row; its bytes are good as long as the pages. False at the end. */
bool sb_pages_next(struct sb_pages_reader *reader, struct sb_record *ret_record);
unsigned sb_pages_rows(const struct sb_pages *pages); /* how many there are */

#endif
