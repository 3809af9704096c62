/* story.h: the timeline: one sentence an event, by a table from kind to sentence, with the time
 * since the first and the time of day. */
#ifndef SAMBAND_CLI_STORY_H
#define SAMBAND_CLI_STORY_H

#include "view/pages.h"
#include "view/view.h"

/* What is shown of the story; {0} is all. */
struct sb_story_only {
    const char *org;   /* only what this organisation issued or is about; NULL: all */
    uint64_t until_ms; /* only what was accepted by then; 0: all */
};

void sb_story_print(const struct sb_pages *pages, const struct sb_story_only *only,
                    const struct sb_view *view);

/* The sentence of one event. */
void sb_story_sentence(const struct sb_record *row, const struct sb_view *view, char *ret,
                       size_t size);

#endif
