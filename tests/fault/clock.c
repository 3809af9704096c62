/* clock.c: libsb_clock.so, to be preloaded: the wall clock of one process, as far beside the true
 * one as the file that SB_CLOCK_FILE names says, in whole seconds, at every look. Nothing but the
 * wall clock moves: that is what an administrator or a time server does to a machine. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long beside_s(void)
{
    char text[32];
    const char *path = getenv("SB_CLOCK_FILE");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t size = read(fd, text, sizeof text - 1);
    (void)close(fd);
    text[size > 0 ? size : 0] = '\0';
    return strtol(text, NULL, 10);
}

/* The parameters are called what the system calls them. */
int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    int result = (int)syscall(SYS_clock_gettime, clock_id, tp);
    if (result == 0 && clock_id == CLOCK_REALTIME) {
        tp->tv_sec += beside_s();
    }
    return result;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
    struct timespec now;
    (void)tz;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    tv->tv_sec = now.tv_sec;
    tv->tv_usec = now.tv_nsec / 1000;
    return result;
}

time_t time(time_t *timer)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (timer != NULL) {
        *timer = now.tv_sec;
    }
    return now.tv_sec;
}
