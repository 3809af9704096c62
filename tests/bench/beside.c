/* beside.c: see beside.h. */
#include "beside.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

/* For reading and writing: so neither waits for the other to open it, nor sees an end. */
bool beside_open(struct beside *beside, const char *asks, const char *answers)
{
    beside->asks = open(asks, O_RDWR | O_CLOEXEC);
    beside->answers = open(answers, O_RDWR | O_CLOEXEC);
    return beside->asks >= 0 && beside->answers >= 0;
}

void beside_close(struct beside *beside)
{
    (void)close(beside->asks);
    (void)close(beside->answers);
}

static bool byte_take(int from, int wait_ms)
{
    struct pollfd item = {.fd = from, .events = POLLIN};
    char byte;
    return poll(&item, 1, wait_ms) > 0 && read(from, &byte, 1) == 1;
}

bool beside_ask(const struct beside *beside, int wait_ms)
{
    return write(beside->asks, "?", 1) == 1 && byte_take(beside->answers, wait_ms);
}

bool beside_asked(const struct beside *beside, int wait_ms)
{
    return byte_take(beside->asks, wait_ms);
}

bool beside_answer(const struct beside *beside)
{
    return write(beside->answers, ".", 1) == 1;
}
