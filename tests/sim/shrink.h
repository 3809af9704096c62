/* shrink.h: a day played in a process of its own, so that one that aborts or never ends is a result
 * like another; and a failing day made small. */
#ifndef SAMBAND_TESTS_SHRINK_H
#define SAMBAND_TESTS_SHRINK_H

#include "plan.h"

#define SHRINK_DIED WORLD_INVARIANT_COUNT /* no invariant: the process ended, or never did */

const char *shrink_rule_name(unsigned rule);
/* Plays it in a child; SHRINK_DIED where that died, or did not end within `seconds`. */
void shrink_play(const struct plan *plan, unsigned seconds, struct day *ret_day);
/* Leaves out steps, and eases network and people, as long as the same rule breaks; at most so many
 * seconds. `day` becomes the small day's. */
void shrink(struct plan *plan, unsigned seconds, struct day *day);
/* What is left, as a story, and the command that plays it again. The story is read and played as
 * `play` would: where it does not fail in the same way, that is said, and it is not shown. */
void shrink_print(const struct plan *plan, const struct day *day);

#endif
