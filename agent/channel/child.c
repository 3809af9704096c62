/* child.c: processes, pipes and signals. The input lies in a memory file, not in a pipe: it is
 * whole before the program starts and nobody ever waits to write it. */
#define _GNU_SOURCE /* memfd_create, pipe2, closefrom */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nothing of ours: a site's program must not depend on, or see, how the service was started. */
static char env_path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
static char env_lang[] = "LANG=C.UTF-8";
static char *const child_environment[] = {env_path, env_lang, NULL};

/* Of one program, before the others get their turn. */
#define READS_A_TURN_MAX 16

static void fd_close(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

/* A memory file with the job's line, at its beginning; -1 and errno. */
static int input_make(const struct sb_job *job)
{
    int fd = memfd_create("samband-attempt", MFD_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    size_t done = 0;
    while (done < job->json_size) {
        ssize_t written = write(fd, job->json + done, job->json_size - done);
        if (written < 0) {
            (void)close(fd);
            return -1;
        }
        done += (size_t)written;
    }
    (void)lseek(fd, 0, SEEK_SET);
    return fd;
}

/* A pipe whose read end does not wait. */
static bool pipe_make(int *ret_read, int *ret_write)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *ret_read = ends[0];
    *ret_write = ends[1];
    return true;
}

/* posix_spawn with the three descriptors; 0 or an errno. */
static int process_make(char *const *command, const int stdio[3], pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    for (int i = 0; i < 3; i++) {
        (void)posix_spawn_file_actions_adddup2(&actions, stdio[i], i);
    }
    (void)posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    (void)posix_spawnattr_setpgroup(&attributes, 0);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setsigdefault(&attributes, &all);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
                                                    | POSIX_SPAWN_SETSIGDEF);
    int failed =
        posix_spawn(ret_pid, command[0], &actions, &attributes, command, child_environment);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static void fd_watch(int watch, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    if (fd >= 0) {
        (void)epoll_ctl(watch, EPOLL_CTL_ADD, fd, &event); /* without it we look at each tick */
    }
}

struct sb_child *sb_child_start(struct sb_job *job, char *const *command, int watch,
                                uint64_t now_ms, struct sb_why *why)
{
    struct sb_child *child = sb_alloc(1, sizeof *child);
    child->out = child->err = child->gone = -1;
    child->started_ms = now_ms;
    int stdio[3] = {-1, -1, -1};
    int failed = 0;
    stdio[0] = input_make(job);
    if (stdio[0] < 0 || !pipe_make(&child->out, &stdio[1]) || !pipe_make(&child->err, &stdio[2])) {
        failed = errno;
    }
    if (failed == 0) {
        failed = process_make(command, stdio, &child->pid);
    }
    for (int i = 0; i < 3; i++) {
        fd_close(&stdio[i]);
    }
    if (failed != 0) {
        (void)sb_why_set(why, SB_ERR_IO, "%s cannot be started: %s", command[0],
                         strerrordesc_np(failed));
        child->pid = 0;
        sb_child_destroy(child);
        return NULL;
    }
    child->gone = pidfd_open(child->pid, 0);
    fd_watch(watch, child->out);
    fd_watch(watch, child->err);
    fd_watch(watch, child->gone);
    child->job = *job;
    *job = (struct sb_job){0};
    return child;
}

void sb_child_destroy(struct sb_child *child)
{
    if (child == NULL) {
        return;
    }
    SB_ASSERT(child->pid == 0);
    fd_close(&child->out);
    fd_close(&child->err);
    fd_close(&child->gone);
    sb_job_finish(&child->job);
    free(child);
}

static void in_drop(struct sb_child *child, size_t size)
{
    child->in_size -= size;
    memmove(child->in, child->in + size, child->in_size);
}

/* A whole line at the front of the buffer, empty ones and the rest of too long ones dropped. */
static bool line_take(struct sb_child *child, struct sb_bytes *ret_line)
{
    const char *end;
    while ((end = memchr(child->in, '\n', child->in_size)) != NULL) {
        size_t size = (size_t)(end - child->in);
        if (size > 0 && !child->skipping) {
            child->in_used = size + 1;
            *ret_line = sb_bytes(child->in, size);
            return true;
        }
        child->skipping = false;
        in_drop(child, size + 1);
    }
    return false;
}

bool sb_child_next_line(struct sb_child *child, struct sb_bytes *ret_line, bool *ret_too_long)
{
    *ret_too_long = false;
    in_drop(child, child->in_used);
    child->in_used = 0;
    for (unsigned reads = 0; reads < READS_A_TURN_MAX; reads++) {
        if (line_take(child, ret_line)) {
            return true;
        }
        if (child->in_size == sizeof child->in) {
            child->skipping = true;
            child->in_size = 0;
            *ret_too_long = true;
            return false;
        }
        if (child->out < 0) {
            return false;
        }
        ssize_t got =
            read(child->out, child->in + child->in_size, sizeof child->in - child->in_size);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return false;
        }
        if (got <= 0) {
            fd_close(&child->out); /* an unfinished line is not a line */
            return false;
        }
        child->in_size += (size_t)got;
    }
    return false; /* the rest waits for the next turn: one loud program must not stop the others */
}

static void complaint_add(struct sb_child *child, char byte)
{
    if (byte == '\n') {
        child->complaint_ended = true;
        return;
    }
    if (child->complaint_ended) {
        child->complaint_ended = false;
        child->complaint_size = 0;
    }
    if (child->complaint_size < SB_CHILD_COMPLAINT_MAX) {
        child->complaint[child->complaint_size++] = byte;
    }
}

void sb_child_listen(struct sb_child *child)
{
    for (unsigned reads = 0; reads < READS_A_TURN_MAX && child->err >= 0; reads++) {
        char chunk[512];
        ssize_t got = read(child->err, chunk, sizeof chunk);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (got <= 0) {
            fd_close(&child->err);
            return;
        }
        for (ssize_t i = 0; i < got; i++) {
            complaint_add(child, chunk[i]);
        }
    }
}

const char *sb_child_complaint(struct sb_child *child)
{
    child->complaint[child->complaint_size] = '\0';
    struct sb_bytes text = sb_bytes(child->complaint, child->complaint_size);
    for (size_t i = 0; !sb_bytes_is_text(text) && i < text.size; i++) {
        if (child->complaint[i] < ' ' || child->complaint[i] > '~') {
            child->complaint[i] = '?';
        }
    }
    return child->complaint;
}

bool sb_child_has_ended(const struct sb_child *child)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0
           && info.si_pid == child->pid;
}

int sb_child_take(struct sb_child *child)
{
    int status = 0;
    (void)kill(-child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
        /* asked again: the process is there, it is a zombie */
    }
    child->pid = 0;
    return status;
}

void sb_child_end(struct sb_child *child, uint64_t now_ms)
{
    (void)kill(-child->pid, child->ended_ms == 0 ? SIGTERM : SIGKILL);
    child->ended_ms = now_ms;
}
