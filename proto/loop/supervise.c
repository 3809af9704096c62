/* supervise.c: what a daemon says to its supervisor and its log, and the kernel's randomness. */
#define _GNU_SOURCE
#include "samband/loop.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LOG_LINE_SIZE_MAX 2048

void sb_loop_entropy(struct sb_entropy *ret_entropy)
{
    ret_entropy->used = 0;
    size_t have = 0;
    while (have < sizeof ret_entropy->seed) {
        ssize_t got = getrandom(ret_entropy->seed + have, sizeof ret_entropy->seed - have, 0);
        SB_ASSERT(got >= 0 || errno == EINTR);
        have += got > 0 ? (size_t)got : 0;
    }
}

/* The protocol of sd_notify(3): one datagram to the socket that the environment names; a leading @
 * is an abstract address. */
void sb_loop_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = path ? strlen(path) : 0;
    if (size < 2 || size >= sizeof address.sun_path) {
        return;
    }
    memcpy(address.sun_path, path, size);
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return;
    }
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    /* A supervisor that does not listen is not our trouble: its watchdog judges us. */
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, length);
    close(fd);
}

/* A text from outside must not make a second line, or colour the terminal. */
static void line_clean(char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
            text[i] = ' ';
        }
    }
}

void sb_log_line(enum sb_level level, const char *format, ...)
{
    char line[LOG_LINE_SIZE_MAX];
    int head;
    if (isatty(STDERR_FILENO)) {
        time_t now = time(NULL);
        struct tm local;
        (void)localtime_r(&now, &local);
        head = snprintf(line, sizeof line, "%02d:%02d:%02d ", local.tm_hour, local.tm_min,
                        local.tm_sec);
    } else {
        head = snprintf(line, sizeof line, "<%d>", (int)level);
    }
    SB_ASSERT(head > 0 && head < 32);
    va_list arguments;
    va_start(arguments, format);
    size_t room = sizeof line - (size_t)head - 1; /* one for the end of the line */
    int body = vsnprintf(line + head, room, format, arguments);
    va_end(arguments);
    size_t size = body < 0 ? 0 : (size_t)body;
    if (size >= room) {
        static const char cut[] = "…";
        size = room - 1;
        memcpy(line + (size_t)head + size - (sizeof cut - 1), cut, sizeof cut - 1);
    }
    line_clean(line + head, size);
    size += (size_t)head;
    line[size++] = '\n';
    /* One write, so that lines of several processes on one pipe do not mix. */
    (void)!write(STDERR_FILENO, line, size);
}
