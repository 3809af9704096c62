/* story.h: a story (tests/scenario/NAME.scn), read and played in the simulated county. What each
 * line does is tell.h's; here is when, and what the actors traced meanwhile. */
#ifndef SAMBAND_TESTS_STORY_H
#define SAMBAND_TESTS_STORY_H

#include "plan.h"

struct story;

struct story *story_new(const char *name);
void story_destroy(struct story *story);
/* False where a line is too long, or there are too many. */
bool story_read(struct story *story, FILE *file);
/* `holds` is false where an invariant breaks; nothing after that is played. Everything else that is
 * not as the story says is told on stdout. `asked`: one invariant alone, as struct world's. */
void story_play(struct story *story, bool false_alarm, unsigned asked, struct day *ret_day);
/* The traced lines against the story's, one by one. A story without any, and without `expect`, says
 * nothing of them: it is held against the invariants alone. */
void story_compare(struct story *story);
void story_print(const struct story *story);
/* Whether anything was not as the story says. */
bool story_failed(const struct story *story);

#endif
