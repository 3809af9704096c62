/* strangers.c: sb_strangers ENDPOINT KIND COUNT SECONDS: COUNT raw connections of somebody without
 * a key, all at once, who does not speak ZeroMQ as it should be, or not at all; ENDPOINT is
 * tcp://HOST:PORT or ipc://PATH. One that is put out comes again until the time is over. Tells
 * "connected N" once so many are open at the same time, and at the end "open N closed N refused N".
 * Exit 1 where fewer than COUNT were ever open together. No library of ours or of ZeroMQ's makes
 * these bytes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define STRANGERS_MAX 8192
#define BYTES_MAX     4096
#define DRIP_MS       20 /* between two bytes of one that is slow */

/* What one says, and how. */
struct speech {
    uint8_t bytes[BYTES_MAX];
    size_t size;
    bool drips; /* a byte at a time */
};

struct stranger {
    size_t said;
    uint64_t next_ms;
    bool connecting;
};

struct crowd {
    struct sockaddr_storage address;
    socklen_t address_size;
    struct speech speech;
    struct pollfd watched[STRANGERS_MAX];
    struct stranger stranger[STRANGERS_MAX];
    size_t count, open, most;
    uint64_t closed, refused;
};

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- what they say --- */

static void speech_add(struct speech *speech, const void *bytes, size_t size)
{
    memcpy(speech->bytes + speech->size, bytes, size);
    speech->size += size;
}

/* ZMTP's greeting: signature, version, mechanism, as client. */
static void greeting_add(struct speech *speech, uint8_t major, const char *mechanism)
{
    uint8_t greeting[64] = {0xff, [8] = 1, [9] = 0x7f, [10] = major};
    /* What is left of it stays zeros. NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
    memcpy(greeting + 12, mechanism, strlen(mechanism));
    speech_add(speech, greeting, sizeof greeting);
}

static void say_nothing(struct speech *speech)
{
    (void)speech;
}

static void say_garbage(struct speech *speech)
{
    for (size_t i = 0; i < BYTES_MAX; i++) {
        speech->bytes[i] = (uint8_t)rand(); /* NOLINT(cert-msc30-c): any garbage does */
    }
    speech->size = BYTES_MAX;
}

static void say_http(struct speech *speech)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: samband\r\n\r\n";
    speech_add(speech, request, sizeof request - 1);
}

static void say_greeting(struct speech *speech)
{
    greeting_add(speech, 3, "CURVE");
}

static void say_version_9(struct speech *speech)
{
    greeting_add(speech, 9, "CURVE");
}

/* ZMTP 1.0: an anonymous identity, then a message of one byte. */
static void say_version_1(struct speech *speech)
{
    static const uint8_t old[] = {0x01, 0x00, 0x02, 0x00, 0x41};
    speech_add(speech, old, sizeof old);
}

/* ZMTP 2.0: a greeting of twelve bytes, DEALER, no identity, then a message. */
static void say_version_2(struct speech *speech)
{
    static const uint8_t old[] = {0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 5, 0, 0, 0, 1, 0x41};
    speech_add(speech, old, sizeof old);
}

static void say_null(struct speech *speech)
{
    static const uint8_t ready[] = {4,   25,  5,   'R', 'E', 'A', 'D', 'Y', 11,  'S',
                                    'o', 'c', 'k', 'e', 't', '-', 'T', 'y', 'p', 'e',
                                    0,   0,   0,   6,   'D', 'E', 'A', 'L', 'E', 'R'};
    greeting_add(speech, 3, "NULL");
    speech_add(speech, ready, sizeof ready);
}

static void say_plain(struct speech *speech)
{
    static const uint8_t hello[] = {4, 14,  5,   'H', 'E', 'L', 'L', 'O',
                                    3, 't', 'i', 'b', 3,   't', 'i', 'b'};
    greeting_add(speech, 3, "PLAIN");
    speech_add(speech, hello, sizeof hello);
}

/* A CURVE HELLO of which the last bytes never come. */
static void say_half_hello(struct speech *speech)
{
    static const uint8_t head[] = {4, 200, 5, 'H', 'E', 'L', 'L', 'O', 1, 0};
    greeting_add(speech, 3, "CURVE");
    speech_add(speech, head, sizeof head);
    speech->size += 100;
}

/* A whole HELLO by a box that no key opens. */
static void say_false_hello(struct speech *speech)
{
    say_half_hello(speech);
    speech->size = 64 + 2 + 200;
    for (size_t i = 64 + 10 + 72; i < speech->size; i++) {
        speech->bytes[i] = (uint8_t)rand(); /* NOLINT(cert-msc30-c): any garbage does */
    }
}

/* A command of 2^63 bytes, or so it says. */
static void say_promise(struct speech *speech)
{
    static const uint8_t head[] = {6,    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 5,    'H',  'E',  'L',  'L',  'O'};
    greeting_add(speech, 3, "CURVE");
    speech_add(speech, head, sizeof head);
}

static void say_slowly(struct speech *speech)
{
    say_half_hello(speech);
    speech->drips = true;
}

static const struct kind {
    const char *name;
    void (*say)(struct speech *speech);
} kinds[] = {
    {"silent", say_nothing},
    {"garbage", say_garbage},
    {"http", say_http},
    {"greeting", say_greeting},
    {"version-9", say_version_9},
    {"version-1", say_version_1},
    {"version-2", say_version_2},
    {"null", say_null},
    {"plain", say_plain},
    {"half-hello", say_half_hello},
    {"false-hello", say_false_hello},
    {"promise", say_promise},
    {"slow", say_slowly},
};

/* --- the crowd --- */

static bool address_read(const char *endpoint, struct crowd *crowd)
{
    struct sockaddr_un *local = (struct sockaddr_un *)&crowd->address;
    struct sockaddr_in *in = (struct sockaddr_in *)&crowd->address;
    char host[64];
    char port_text[6];
    if (strncmp(endpoint, "ipc://", 6) == 0 && strlen(endpoint + 6) < sizeof local->sun_path) {
        local->sun_family = AF_UNIX;
        memcpy(local->sun_path, endpoint + 6, strlen(endpoint + 6) + 1);
        crowd->address_size = sizeof *local;
        return true;
    }
    if (sscanf(endpoint, "tcp://%63[0-9.]:%5[0-9]", host, port_text) != 2) {
        return false;
    }
    const unsigned long port = strtoul(port_text, NULL, 10);
    if (port > UINT16_MAX) {
        return false;
    }
    in->sin_family = AF_INET;
    in->sin_port = htons((uint16_t)port);
    crowd->address_size = sizeof *in;
    return inet_pton(AF_INET, host, &in->sin_addr) == 1;
}

static void stranger_come(struct crowd *crowd, size_t i)
{
    int fd = socket(crowd->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    crowd->watched[i] = (struct pollfd){.fd = -1};
    crowd->stranger[i] = (struct stranger){.connecting = true, .next_ms = now_ms() + 200};
    if (fd < 0) {
        return;
    }
    if (connect(fd, (const struct sockaddr *)&crowd->address, crowd->address_size) != 0
        && errno != EINPROGRESS) {
        crowd->refused++;
        close(fd);
        return;
    }
    crowd->watched[i] = (struct pollfd){.fd = fd, .events = POLLIN | POLLOUT};
}

static void stranger_go(struct crowd *crowd, size_t i)
{
    close(crowd->watched[i].fd);
    if (crowd->stranger[i].connecting) {
        crowd->refused++;
    } else {
        crowd->closed++;
        crowd->open--;
    }
    crowd->watched[i].fd = -1;
    crowd->stranger[i] = (struct stranger){.connecting = true, .next_ms = now_ms() + 200};
}

static void stranger_speak(struct crowd *crowd, size_t i)
{
    struct stranger *stranger = &crowd->stranger[i];
    const struct speech *speech = &crowd->speech;
    size_t left = speech->size - stranger->said;
    if (left > 0 && (!speech->drips || now_ms() >= stranger->next_ms)) {
        ssize_t size = send(crowd->watched[i].fd, speech->bytes + stranger->said,
                            speech->drips ? 1 : left, MSG_NOSIGNAL);
        stranger->said += size > 0 ? (size_t)size : 0;
        stranger->next_ms = now_ms() + DRIP_MS;
    }
    crowd->watched[i].events =
        (short)(speech->drips || stranger->said == speech->size ? POLLIN : POLLIN | POLLOUT);
}

static void stranger_look(struct crowd *crowd, size_t i)
{
    uint8_t heard[512];
    struct pollfd *watched = &crowd->watched[i];
    if (watched->fd < 0) {
        if (now_ms() >= crowd->stranger[i].next_ms) {
            stranger_come(crowd, i);
        }
        return;
    }
    bool gone = (watched->revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    if (!gone && crowd->stranger[i].connecting && (watched->revents & POLLOUT) != 0) {
        crowd->stranger[i].connecting = false;
        crowd->open++;
    }
    if (!gone && (watched->revents & POLLIN) != 0) {
        ssize_t size = recv(watched->fd, heard, sizeof heard, 0);
        gone = size == 0 || (size < 0 && errno != EAGAIN);
    }
    if (gone) {
        stranger_go(crowd, i);
    } else if (!crowd->stranger[i].connecting) {
        stranger_speak(crowd, i);
    }
}

static void crowd_run(struct crowd *crowd, uint64_t end_ms)
{
    bool told = false;
    for (size_t i = 0; i < crowd->count; i++) {
        stranger_come(crowd, i);
    }
    while (now_ms() < end_ms) {
        (void)poll(crowd->watched, crowd->count, DRIP_MS);
        for (size_t i = 0; i < crowd->count; i++) {
            stranger_look(crowd, i);
        }
        crowd->most = crowd->open > crowd->most ? crowd->open : crowd->most;
        if (!told && crowd->most == crowd->count) {
            told = true;
            (void)printf("connected %zu\n", crowd->most);
            (void)fflush(stdout);
        }
    }
}

static const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static struct crowd crowd;
    const struct kind *kind = argc == 5 ? kind_find(argv[2]) : NULL;
    if (kind == NULL || !address_read(argv[1], &crowd)) {
        (void)fputs("usage: sb_strangers ENDPOINT KIND COUNT SECONDS\n", stderr);
        return 2;
    }
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    crowd.count = strtoul(argv[3], NULL, 10);
    if (crowd.count == 0 || crowd.count > STRANGERS_MAX) {
        (void)fprintf(stderr, "sb_strangers: 1 to %d\n", STRANGERS_MAX);
        return 2;
    }
    kind->say(&crowd.speech);
    crowd_run(&crowd, now_ms() + 1000 * strtoull(argv[4], NULL, 10));
    (void)printf("most %zu open %zu closed %llu refused %llu\n", crowd.most, crowd.open,
                 (unsigned long long)crowd.closed, (unsigned long long)crowd.refused);
    return crowd.most == crowd.count ? 0 : 1;
}
