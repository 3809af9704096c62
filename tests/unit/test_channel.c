/* test_channel.c: samband-channel as a whole process, between an agent that this file plays and
 * shell scripts in the place of the site's program. Waits for real processes, by polling the
 * socket with a deadline. */
#define _GNU_SOURCE /* nftw */
#include "samband/control.h"
#include "samband/kinds.h"
#include "samband/loop.h"
#include "samband/words.h"
#include "unit/check.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define WAIT_MS 20000 /* a loaded machine with sanitizers; met in milliseconds otherwise */

struct bench {
    char folder[64], program[512];
    struct sb_loop *loop;
    pid_t channel;
    uint64_t peer; /* the channel, once it has greeted */
    struct sb_entropy entropy;
    bool mute; /* results and facts get no reply */
    /* The last request that was not a greeting. */
    uint8_t id[SB_REQUEST_ID_SIZE];
    struct sb_name verb;
    uint8_t args[2048];
    struct sb_record record;
};

static void file_write(const struct bench *bench, const char *name, const char *text, mode_t mode)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

static size_t file_read(const struct bench *bench, const char *name, char *text, size_t room)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    FILE *file = fopen(path, "r");
    size_t size = file == NULL ? 0 : fread(text, 1, room - 1, file);
    text[size] = '\0';
    if (file != NULL) {
        (void)fclose(file);
    }
    return size;
}

/* Programs and tests lie in one folder of the build. */
static void program_find(struct bench *bench)
{
    char own[400];
    ssize_t size = readlink("/proc/self/exe", own, sizeof own - 1);
    assert_true(size > 0);
    own[size] = '\0';
    *strrchr(own, '/') = '\0';
    (void)snprintf(bench->program, sizeof bench->program, "%s/samband-channel", own);
    assert_int_equal(access(bench->program, X_OK), 0);
}

static int bench_make(void **state)
{
    struct bench *bench = sb_alloc(1, sizeof *bench);
    memcpy(bench->folder, "/tmp/samband-channel.XXXXXX", sizeof "/tmp/samband-channel.XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    program_find(bench);
    bench->loop = sb_loop_new();
    sb_loop_entropy(&bench->entropy);
    char path[128];
    struct sb_why why = {0};
    (void)snprintf(path, sizeof path, "%s/control", bench->folder);
    assert_int_equal(sb_loop_bind_local(bench->loop, SB_PORT_CONTROL, path, &why), SB_ERR_OK);
    *state = bench;
    return 0;
}

static int file_remove(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int channel_stop(struct bench *bench)
{
    int status = 0;
    if (bench->channel != 0) {
        (void)kill(bench->channel, SIGTERM);
        assert_int_equal(waitpid(bench->channel, &status, 0), bench->channel);
        bench->channel = 0;
    }
    return status;
}

static int bench_clear(void **state)
{
    struct bench *bench = *state;
    int status = channel_stop(bench);
    sb_loop_destroy(bench->loop);
    (void)nftw(bench->folder, file_remove, 8, FTW_DEPTH | FTW_PHYS);
    free(bench);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static void on_request(struct bench *bench, const struct sb_loop_event *event, bool *ret_told)
{
    struct sb_why why = {0};
    struct sb_request request;
    assert_int_equal(sb_request_read(event->bytes, &request, &why), SB_ERR_OK);
    bench->peer = event->from;
    bool greeting = strcmp(request.verb.text, "channel-open") == 0;
    if (!greeting) {
        memcpy(bench->id, request.id, sizeof bench->id);
        bench->verb = request.verb;
        assert_true(request.args.size <= sizeof bench->args);
        memcpy(bench->args, request.args.at, request.args.size);
        sb_record_clear(&bench->record);
        assert_int_equal(sb_record_read(sb_bytes(bench->args, request.args.size), SB_PARTS_ALL,
                                        &bench->record, &why),
                         SB_ERR_OK);
        *ret_told = true;
    }
    if (greeting || !bench->mute) {
        struct sb_buf buf;
        sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
        sb_reply_write(request.id, SB_ERR_OK, "", NULL, 0, &buf);
        assert_true(sb_loop_send(bench->loop, SB_PORT_CONTROL, event->from, sb_buf_bytes(&buf)));
        sb_buf_finish(&buf);
    }
}

/* The next result or fact stands in the bench; false where none came in the time. */
static bool told_within(struct bench *bench, uint64_t limit_ms)
{
    uint64_t until_ms = sb_loop_now(bench->loop).mono_ms + limit_ms;
    bool told = false;
    while (!told && sb_loop_now(bench->loop).mono_ms < until_ms) {
        struct sb_loop_event event;
        /* One at a time: what else is there comes with the next call. */
        if (!sb_loop_next(bench->loop, &event)) {
            sb_loop_wait(bench->loop, until_ms);
        } else if (event.kind == SB_LOOP_MESSAGE) {
            on_request(bench, &event, &told);
        }
    }
    return told;
}

static void channel_start(struct bench *bench, const char *script, const char *settings)
{
    char yaml[512];
    (void)snprintf(yaml, sizeof yaml, "control: %s/control\ncommand: [/bin/sh, %s/program, %s]\n%s",
                   bench->folder, bench->folder, bench->folder, settings);
    file_write(bench, "channel.yaml", yaml, 0600);
    file_write(bench, "program", script, 0700);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/channel.yaml", bench->folder);
    bench->channel = fork();
    assert_int_not_equal(bench->channel, -1);
    if (bench->channel == 0) {
        sigset_t none;
        (void)sigemptyset(&none);
        (void)sigprocmask(SIG_SETMASK, &none, NULL); /* our loop has blocked some */
        (void)execl(bench->program, bench->program, "--config", path, (char *)NULL);
        _exit(127);
    }
    uint64_t until_ms = sb_loop_now(bench->loop).mono_ms + WAIT_MS;
    while (bench->peer == 0 && sb_loop_now(bench->loop).mono_ms < until_ms) {
        assert_false(told_within(bench, 20));
    }
    assert_int_not_equal(bench->peer, 0);
}

static void attempt_send(struct bench *bench, const char *attempt)
{
    static const uint8_t event_id[SB_HASH_SIZE] = {0xab, 0xcd};
    struct sb_record args = {0};
    struct sb_name verb = sb_name("attempt");
    struct sb_name person = sb_name("p7");
    struct sb_name sms = sb_name("sms");
    struct sb_list_writer join;
    sb_list_init(&join);
    sb_list_add(&join, sb_bytes_str("tel:08-46500400"));
    sb_record_set_text(&args, SB_FIELD_ATTEMPT, attempt);
    sb_record_set_bytes(&args, SB_FIELD_ID, sb_bytes(event_id, sizeof event_id));
    sb_record_set_number(&args, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_number(&args, SB_FIELD_KIND, SB_KIND_CONVENING);
    sb_record_set_text(&args, SB_FIELD_TITLE, "Snö\"oväder\"");
    sb_record_set_number(&args, SB_FIELD_STARTS, 1790000000000);
    sb_record_set_bytes(&args, SB_FIELD_JOIN, sb_list_bytes(&join));
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_name(&args, SB_FIELD_PERSON, &person);
    sb_record_set_name(&args, SB_FIELD_CHANNEL, &sms);
    sb_record_set_text(&args, SB_FIELD_CONTACT, "070-1740605");
    sb_record_set_number(&args, SB_FIELD_REPEAT, 1);
    uint8_t id[SB_REQUEST_ID_SIZE];
    sb_entropy_take(&bench->entropy, id, sizeof id);
    struct sb_buf buf;
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_request_write(id, &verb, &args, NULL, &buf);
    assert_true(sb_loop_send(bench->loop, SB_PORT_CONTROL, bench->peer, sb_buf_bytes(&buf)));
    sb_buf_finish(&buf);
    sb_list_finish(&join);
}

static void expect_result(struct bench *bench, const char *attempt, enum sb_result result)
{
    assert_true(told_within(bench, WAIT_MS));
    assert_string_equal(bench->verb.text, "result");
    check_same_bytes(sb_record_bytes(&bench->record, SB_FIELD_ATTEMPT), sb_bytes_str(attempt));
    assert_int_equal(sb_record_number(&bench->record, SB_FIELD_RESULT), result);
}

static void expect_why(struct bench *bench, const char *why)
{
    check_same_bytes(sb_record_bytes(&bench->record, SB_FIELD_WHY), sb_bytes_str(why));
}

static void expect_fact(struct bench *bench, enum sb_field field, uint64_t number)
{
    assert_true(told_within(bench, WAIT_MS));
    assert_string_equal(bench->verb.text, "fact");
    check_same_bytes(sb_record_bytes(&bench->record, SB_FIELD_ATTEMPT), sb_bytes_str("a1"));
    assert_true(sb_record_has(&bench->record, SB_FIELD_GIVEN_AT));
    if (field == SB_FIELD_FUNCTION) {
        assert_string_equal(sb_record_name(&bench->record, field).text, "tib");
    } else {
        assert_int_equal(sb_record_number(&bench->record, field), number);
    }
}

static void test_program_gets_the_attempt(void **state)
{
    struct bench *bench = *state;
    static const uint8_t
        big[SB_FRAME_SIZE_MAX + 1]; /* refused, and what comes behind it is taken */
    channel_start(bench, "cat >\"$1/got\"\nenv >\"$1/env\"\necho $# >\"$1/count\"\n", "");
    assert_true(sb_loop_send(bench->loop, SB_PORT_CONTROL, bench->peer, sb_bytes(big, sizeof big)));
    attempt_send(bench, "a1");
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
    assert_false(sb_record_has(&bench->record, SB_FIELD_WHY));
    char text[1024];
    (void)file_read(bench, "got", text, sizeof text);
    assert_string_equal(
        text, "{\"attempt\":\"a1\",\"event\":"
              "\"abcd000000000000000000000000000000000000000000000000000000000000\","
              "\"realm\":\"live\",\"class\":\"convening\",\"title\":\"Snö\\\"oväder\\\"\","
              "\"seat\":\"taby/tib\",\"person\":\"p7\",\"channel\":\"sms\","
              "\"contact\":\"070-1740605\",\"starts\":1790000000000,"
              "\"join\":[\"tel:08-46500400\"],\"repeat\":true}\n");
    (void)file_read(bench, "env", text, sizeof text);
    assert_non_null(strstr(text, "PATH=/usr/local/bin:/usr/bin:/bin\n"));
    assert_null(strstr(text, "HOME=")); /* nothing of the service's own environment */
    (void)file_read(bench, "count", text, sizeof text);
    assert_string_equal(text, "1\n"); /* nothing of the attempt in the arguments */
}

static void test_exit_status_is_the_result(void **state)
{
    struct bench *bench = *state;
    channel_start(bench,
                  "case $(cat) in\n"
                  "*again*) echo busy >&2; exit 75;;\n"
                  "*fails*) printf 'one\\ngateway says \\377no\\n\\n' >&2; exit 3;;\n"
                  "*dies*) kill -9 $$;;\n"
                  "esac\n",
                  "");
    attempt_send(bench, "again");
    expect_result(bench, "again", SB_RESULT_RETRY);
    expect_why(bench, "exit status 75: busy");
    char longest[SB_ATTEMPT_SIZE_MAX + 1] = "fails"; /* a key of every name's full length */
    memset(longest + 5, 'x', sizeof longest - 6);
    attempt_send(bench, longest);
    expect_result(bench, longest, SB_RESULT_FAILED);
    expect_why(bench, "exit status 3: gateway says ?no");
    attempt_send(bench, "dies");
    expect_result(bench, "dies", SB_RESULT_FAILED);
    expect_why(bench, "ended by signal 9");
}

static void test_lines_are_facts(void **state)
{
    struct bench *bench = *state;
    channel_start(bench,
                  "echo '{\"opened\":true}'\n"
                  "echo '{\"ack\":\"tib\"}'\n"
                  "echo '{\"answer\":\"at\",\"at\":1790000000001}'\n"
                  "echo '{\"answer\":\"no\",\"function\":\"tib\"}'\n",
                  "");
    attempt_send(bench, "a1");
    expect_fact(bench, SB_FIELD_RUNG, SB_RUNG_OPENED);
    expect_fact(bench, SB_FIELD_FUNCTION, 0);
    expect_fact(bench, SB_FIELD_AT, 1790000000001);
    assert_int_equal(sb_record_number(&bench->record, SB_FIELD_ANSWER), SB_ANSWER_AT);
    expect_fact(bench, SB_FIELD_ANSWER, SB_ANSWER_NO);
    assert_string_equal(sb_record_name(&bench->record, SB_FIELD_FUNCTION).text, "tib");
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
}

/* Each of these is refused whole; only the last line counts. */
static void test_wrong_lines_are_refused(void **state)
{
    struct bench *bench = *state;
    channel_start(bench,
                  "echo hello\n"
                  "echo '[]'\n"
                  "echo '{}'\n"
                  "echo '{\"answer\":\"maybe\"}'\n"
                  "echo '{\"answer\":\"yes\",\"at\":1790000000001}'\n"
                  "echo '{\"answer\":\"at\"}'\n"
                  "echo '{\"answer\":\"at\",\"at\":1790000000}'\n"
                  "echo '{\"answer\":\"yes\",\"answer\":\"no\"}'\n"
                  "echo '{\"answer\":\"yes\",\"ack\":\"tib\"}'\n"
                  "echo '{\"ack\":\"Not A Name\"}'\n"
                  "echo '{\"opened\":false}'\n"
                  "echo '{\"accepted\":\"yes\"}'\n"
                  "echo '{\"answer\":\"yes\"} x'\n"
                  "printf '{\"answer\":\"yes\",\"x\":\"%05000d\"}\\n' 0\n"
                  "printf '\\n\\n{\"answer\":\"deputy\"}\\n'\n"
                  "printf '{\"answer\":\"yes\"}'\n",
                  "");
    attempt_send(bench, "a1");
    expect_fact(bench, SB_FIELD_ANSWER, SB_ANSWER_DEPUTY);
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
}

/* A line of exactly the limit is taken, one byte more is not. */
static void test_line_at_the_limit(void **state)
{
    struct bench *bench = *state;
    channel_start(bench,
                  "printf '{\"answer\":\"yes\"}%4081s\\n' ''\n" /* 16 + 4081 = 4097 */
                  "printf '{\"answer\":\"no\"}%4081s\\n' ''\n", /* 15 + 4081 = 4096 */
                  "");
    attempt_send(bench, "a1");
    expect_fact(bench, SB_FIELD_ANSWER, SB_ANSWER_NO);
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
}

static void test_more_facts_than_a_person_can_give(void **state)
{
    struct bench *bench = *state;
    channel_start(bench, "for i in $(seq 40); do echo '{\"opened\":true}'; done\n", "");
    attempt_send(bench, "a1");
    for (unsigned i = 0; i < 16; i++) {
        expect_fact(bench, SB_FIELD_RUNG, SB_RUNG_OPENED);
    }
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
}

/* A zombie does not live: nobody may be there to take it away. */
static bool process_lives(pid_t pid)
{
    char path[64];
    char text[256] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return false;
    }
    bool read = fgets(text, sizeof text, file) != NULL;
    (void)fclose(file);
    const char *name_end = strrchr(text, ')');
    return read && name_end != NULL && strncmp(name_end, ") Z", 3) != 0;
}

/* The result is told while the program lives; it waits for a file, then answers; what it left
 * running in its group does not outlive the channel. */
static void test_accepted_early_answers_later(void **state)
{
    struct bench *bench = *state;
    channel_start(bench,
                  "echo '{\"accepted\":true}'\n"
                  "until [ -e \"$1/go\" ]; do sleep 0.02; done\n"
                  "sleep 1000 &\n"
                  "echo $! >\"$1/pid\"\n"
                  "echo '{\"answer\":\"yes\"}'\n"
                  "wait\n",
                  "");
    attempt_send(bench, "a1");
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
    attempt_send(bench,
                 "a1"); /* the agent lost it: it is told again, the program is not run again */
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
    file_write(bench, "go", "", 0600);
    expect_fact(bench, SB_FIELD_ANSWER, SB_ANSWER_YES);
    char text[64];
    (void)file_read(bench, "pid", text, sizeof text);
    pid_t left_behind = (pid_t)strtoul(text, NULL, 10);
    assert_true(process_lives(left_behind));
    int status = channel_stop(bench);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    uint64_t until_ms = sb_loop_now(bench->loop).mono_ms + WAIT_MS;
    while (process_lives(left_behind) && sb_loop_now(bench->loop).mono_ms < until_ms) {
        sb_loop_wait(bench->loop, sb_loop_now(bench->loop).mono_ms + 20);
    }
    assert_false(process_lives(left_behind));
}

static void test_same_attempt_runs_once(void **state)
{
    struct bench *bench = *state;
    channel_start(bench, "echo run >>\"$1/runs\"\nuntil [ -e \"$1/go\" ]; do sleep 0.02; done\n",
                  "");
    attempt_send(bench, "a1");
    attempt_send(bench, "a1");
    attempt_send(bench, "a1");
    assert_false(told_within(bench, 200));
    file_write(bench, "go", "", 0600);
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
    assert_false(told_within(bench, 200));
    char text[64];
    (void)file_read(bench, "runs", text, sizeof text);
    assert_string_equal(text, "run\n");
}

/* Without a reply the same request comes again, with the same id; after one it does not. */
static void test_result_is_repeated_until_replied(void **state)
{
    struct bench *bench = *state;
    bench->mute = true;
    channel_start(bench, "exit 0\n", "");
    attempt_send(bench, "a1");
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
    uint8_t id[SB_REQUEST_ID_SIZE];
    memcpy(id, bench->id, sizeof id);
    bench->mute = false;
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
    assert_memory_equal(bench->id, id, sizeof id);
    assert_false(told_within(bench, 2500));
}

static void test_time_limit(void **state)
{
    struct bench *bench = *state;
    channel_start(bench, "sleep 1000\n", "time-limit-seconds: 1\n");
    attempt_send(bench, "a1");
    expect_result(bench, "a1", SB_RESULT_FAILED);
    expect_why(bench, "no result within 1 s");
    assert_false(told_within(bench, 1500)); /* its end by a signal is no second result */
}

/* Programs that write without end, in lines and without: the others go on, and their time comes. */
static void test_floods_stop_nobody(void **state)
{
    struct bench *bench = *state;
    channel_start(bench,
                  "case $(cat) in\n*a1*) exec yes;;\n*a2*) exec tr '\\0' x </dev/zero;;\nesac\n",
                  "time-limit-seconds: 2\n");
    attempt_send(bench, "a1");
    attempt_send(bench, "a2");
    assert_false(told_within(bench, 500));
    attempt_send(bench, "a3");
    expect_result(bench, "a3", SB_RESULT_ACCEPTED);
    expect_result(bench, "a1", SB_RESULT_FAILED);
    expect_result(bench, "a2", SB_RESULT_FAILED);
}

static void test_one_at_a_time(void **state)
{
    struct bench *bench = *state;
    channel_start(bench,
                  "read -r line\n"
                  "echo begin >>\"$1/order\"\nsleep 0.1\necho end >>\"$1/order\"\n",
                  "attempts-at-once: 1\n");
    attempt_send(bench, "a1");
    attempt_send(bench, "a2");
    attempt_send(bench, "a3");
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
    expect_result(bench, "a2", SB_RESULT_ACCEPTED);
    expect_result(bench, "a3", SB_RESULT_ACCEPTED);
    char text[128];
    (void)file_read(bench, "order", text, sizeof text);
    assert_string_equal(text, "begin\nend\nbegin\nend\nbegin\nend\n");
}

static void test_program_that_went_away(void **state)
{
    struct bench *bench = *state;
    /* The interpreter stays: what cannot be started is the script, by its exit status. */
    channel_start(bench, "exit 0\n", "");
    char path[128];
    (void)snprintf(path, sizeof path, "%s/program", bench->folder);
    assert_int_equal(unlink(path), 0);
    attempt_send(bench, "a1");
    expect_result(bench, "a1", SB_RESULT_FAILED);
    assert_true(sb_record_has(&bench->record, SB_FIELD_WHY));
}

static void test_hostile_bytes_change_nothing(void **state)
{
    struct bench *bench = *state;
    channel_start(bench, "exit 0\n", "");
    static const char *const frames[] = {"",
                                         "x",
                                         "\x95\x01\xc4",
                                         "\xdd\xff\xff\xff\xff",
                                         "\x96\x01\xc4\x10"
                                         "0123456789abcdef\x00\xa0\x90\x00",
                                         "\x95\x02\xc4\x10"
                                         "0123456789abcdef\xa7"
                                         "attempt\x80\x00"};
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        (void)sb_loop_send(bench->loop, SB_PORT_CONTROL, bench->peer, sb_bytes_str(frames[i]));
    }
    attempt_send(bench, "a1");
    expect_result(bench, "a1", SB_RESULT_ACCEPTED);
}

/* Runs the program with --check-config on a file; hands back what it says on stderr. */
static int check_config(struct bench *bench, const char *yaml, char *said, size_t room)
{
    file_write(bench, "bad.yaml", yaml, 0600);
    char path[128];
    (void)snprintf(path, sizeof path, "%s/bad.yaml", bench->folder);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_int_not_equal(pid, -1);
    if (pid == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(STDOUT_FILENO);
        (void)execl(bench->program, bench->program, "--check-config", "--config", path,
                    (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    size_t size = 0;
    ssize_t got;
    while (size < room - 1 && (got = read(ends[0], said + size, room - 1 - size)) > 0) {
        size += (size_t)got;
    }
    said[size] = '\0';
    (void)close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WEXITSTATUS(status);
}

static void test_wrong_settings(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *yaml, *says;
    } wrong[] = {
        {"control: /c\ncommand: [/bin/sh]\nattempts-at-onec: 3\n", "bad.yaml:3:"},
        {"control: /c\n", "command"},
        {"control: /c\ncommand: []\n", "bad.yaml"},
        {"control: /c\ncommand: [sh]\n", "whole path"},
        {"control: /c\ncommand: [/no/such/program]\n", "cannot be run"},
        {"control: /c\ncommand: [/bin/sh]\nattempts-at-once: 65\n", "it may be 1 to 64"},
        {"control: /c\ncommand: [/bin/sh]\ntime-limit-seconds: 301\n", "it may be 1 to 300"},
    };
    char said[1024];
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_int_equal(check_config(bench, wrong[i].yaml, said, sizeof said), 1);
        if (strstr(said, wrong[i].says) == NULL) {
            fail_msg("it says \"%s\", which lacks \"%s\"", said, wrong[i].says);
        }
    }
    assert_int_equal(check_config(bench,
                                  "control: /c\ncommand: [/bin/sh]\nattempts-at-once: 64\n"
                                  "time-limit-seconds: 300\nanswer-window-seconds: 86400\n",
                                  said, sizeof said),
                     0);
    assert_string_equal(said, "");
}

int main(void)
{
#define CHANNEL_TEST(name) cmocka_unit_test_setup_teardown(name, bench_make, bench_clear)
    const struct CMUnitTest tests[] = {
        CHANNEL_TEST(test_program_gets_the_attempt),
        CHANNEL_TEST(test_exit_status_is_the_result),
        CHANNEL_TEST(test_lines_are_facts),
        CHANNEL_TEST(test_wrong_lines_are_refused),
        CHANNEL_TEST(test_line_at_the_limit),
        CHANNEL_TEST(test_more_facts_than_a_person_can_give),
        CHANNEL_TEST(test_accepted_early_answers_later),
        CHANNEL_TEST(test_same_attempt_runs_once),
        CHANNEL_TEST(test_result_is_repeated_until_replied),
        CHANNEL_TEST(test_time_limit),
        CHANNEL_TEST(test_floods_stop_nobody),
        CHANNEL_TEST(test_one_at_a_time),
        CHANNEL_TEST(test_program_that_went_away),
        CHANNEL_TEST(test_hostile_bytes_change_nothing),
        CHANNEL_TEST(test_wrong_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
