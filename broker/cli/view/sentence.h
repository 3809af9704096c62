/* sentence.h: sentences made from a row's fields by a pattern of the table of texts: "{title}" is
 * the field of that JSON name as a person reads it; a part in [brackets] is left out unless every
 * field in it is set. */
#ifndef SAMBAND_CLI_SENTENCE_H
#define SAMBAND_CLI_SENTENCE_H

#include "view/value.h"

#define SB_SENTENCE_SIZE 2048

/* Always terminated; ends in "…" where it did not fit. Times are shown by hour and minute, with the
 * date where it is another day. */
void sb_sentence_write(const char *pattern, const struct sb_record *row, const struct sb_view *view,
                       char *ret, size_t size);

#endif
