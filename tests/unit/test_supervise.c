/* test_supervise.c: signals as events, randomness, what the supervisor and the log are told. */
#define _GNU_SOURCE
#include "check.h"
#include "samband/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static void signals_become_events(void **state)
{
    (void)state;
    struct sb_loop *loop = sb_loop_new();
    static const struct {
        int signal;
        enum sb_loop_event_kind kind;
    } rows[] = {{SIGHUP, SB_LOOP_RELOAD}, {SIGTERM, SB_LOOP_STOP}, {SIGINT, SB_LOOP_STOP}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)raise(rows[i].signal);
        sb_loop_wait(loop, SB_NEVER_MS);
        struct sb_loop_event event;
        assert_true(sb_loop_next(loop, &event));
        assert_int_equal(event.kind, rows[i].kind);
        assert_false(sb_loop_next(loop, &event));
    }
    (void)raise(SIGPIPE); /* ignored: the process goes on */
    sb_loop_destroy(loop);
}

static void signals_are_put_back(void **state)
{
    (void)state;
    sigset_t before, during, after;
    sigprocmask(SIG_SETMASK, NULL, &before);
    struct sb_loop *loop = sb_loop_new();
    sigprocmask(SIG_SETMASK, NULL, &during);
    assert_true(sigismember(&during, SIGTERM));
    sb_loop_destroy(loop);
    sigprocmask(SIG_SETMASK, NULL, &after);
    for (int signal = 1; signal <= 64;
         signal++) { /* the kernel's; the rest of the type is unused */
        assert_int_equal(sigismember(&after, signal), sigismember(&before, signal));
    }
}

static void a_watched_descriptor_wakes(void **state)
{
    (void)state;
    struct sb_loop *loop = sb_loop_new();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    uint64_t before = sb_loop_now(loop).mono_ms;
    sb_loop_watch(loop, ends[0]);
    sb_loop_wait(loop, SB_NEVER_MS);
    assert_true(sb_loop_now(loop).mono_ms < before + SB_TICK_MAX_MS);
    sb_loop_watch(loop, -1);
    uint64_t deadline = sb_loop_now(loop).mono_ms + 20;
    sb_loop_wait(loop, deadline);
    assert_true(sb_loop_now(loop).mono_ms >= deadline);
    sb_loop_destroy(loop);
    close(ends[0]);
    close(ends[1]);
}

static void every_process_draws_its_own_numbers(void **state)
{
    (void)state;
    struct sb_loop *loop = sb_loop_new();
    int first = rand(); /* NOLINT(cert-msc30-c): libzmq uses it */
    sb_loop_destroy(loop);
    loop = sb_loop_new();
    assert_int_not_equal(first, rand()); /* NOLINT(cert-msc30-c) */
    sb_loop_destroy(loop);
    struct sb_entropy a = {.used = 7}, b;
    sb_loop_entropy(&a);
    sb_loop_entropy(&b);
    assert_int_equal(a.used, 0);
    assert_memory_not_equal(a.seed, b.seed, sizeof a.seed);
}

static void the_supervisor_is_told(void **state)
{
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    sb_loop_notify("READY=1"); /* nobody to tell: nothing happens */
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t size = sizeof address;
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(sa_family_t)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    char name[120];
    (void)snprintf(name, sizeof name, "@%.*s", (int)(size - sizeof(sa_family_t) - 1),
                   address.sun_path + 1);
    setenv("NOTIFY_SOCKET", name, 1);
    sb_loop_notify("READY=1");
    char got[32] = "";
    assert_int_equal(recv(fd, got, sizeof got - 1, MSG_DONTWAIT), 7);
    assert_string_equal(got, "READY=1");
    unsetenv("NOTIFY_SOCKET");
    close(fd);
}

/* What sb_log_line writes where stderr is a pipe. */
static size_t logged(char *line, size_t room, const char *text)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int before = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    sb_log_line(SB_LEVEL_WARNING, "refused text=%s", text);
    dup2(before, STDERR_FILENO);
    close(before);
    close(ends[1]);
    ssize_t size = read(ends[0], line, room - 1);
    close(ends[0]);
    assert_true(size > 0);
    line[size] = '\0';
    return (size_t)size;
}

static void a_log_line_is_one_line(void **state)
{
    (void)state;
    char line[8192], text[4096];
    (void)logged(line, sizeof line, "plain åäö");
    assert_string_equal(line, "<4>refused text=plain åäö\n");
    (void)logged(line, sizeof line, "two\nlines \x1b[31mred");
    assert_string_equal(line, "<4>refused text=two lines  [31mred\n");
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    size_t size = logged(line, sizeof line, text);
    assert_true(size <= 2048);
    assert_string_equal(line + size - 4, "…\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_become_events),
        cmocka_unit_test(signals_are_put_back),
        cmocka_unit_test(a_watched_descriptor_wakes),
        cmocka_unit_test(every_process_draws_its_own_numbers),
        cmocka_unit_test(the_supervisor_is_told),
        cmocka_unit_test(a_log_line_is_one_line),
    };
    return cmocka_run_group_tests_name("supervise", tests, NULL, NULL);
}
