/* beside.h: two measuring programs that take turns, a round each, so that both meet the same hours
 * of a shared machine. One asks and waits, the other serves; over two named pipes. */
#ifndef BENCH_BESIDE_H
#define BENCH_BESIDE_H

#include <stdbool.h>

struct beside {
    int asks, answers;
};

/* Opens both pipes, whoever comes first. False where that cannot be. */
bool beside_open(struct beside *beside, const char *asks, const char *answers);
void beside_close(struct beside *beside);
/* The other program's round, from its beginning to its end. False where it did not end in time. */
bool beside_ask(const struct beside *beside, int wait_ms);
/* Waits until a round is asked for; false where nobody asked. */
bool beside_asked(const struct beside *beside, int wait_ms);
bool beside_answer(const struct beside *beside);

#endif
