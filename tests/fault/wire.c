/* wire.c: sb_wire NAMESPACE NAMESPACE: a wire between two network namespaces (ip netns) that is as
 * bad as it is told to be: a TUN device "wire" in each, and every packet that enters one leaves the
 * other, late, twice or never, and so also overtaken. It stands in for netem, which not every
 * kernel has. A line on stdin says how bad from now on: LOSS DELAY-FROM DELAY-TO TWICE: percent,
 * ms, ms, percent; it begins with 0 0 0 0. It is answered with a line that repeats it and tells how
 * many packets have been lost, late, doubled and overtaken up to then. It looks into no packet.
 * Ends with stdin, or by a signal. */
#define _GNU_SOURCE /* setns */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PACKET_MAX   2048
#define UNDERWAY_MAX 8192 /* past it a packet is lost, as on any wire */

struct packet {
    uint64_t due_us;
    int to; /* which end */
    size_t size;
    uint8_t bytes[PACKET_MAX];
};

struct wire {
    int end[2];
    unsigned loss, delay_from_ms, delay_to_ms, twice;
    unsigned long lost, late, doubled, overtaken; /* packets since it began */
    uint64_t latest_due_us[2];                    /* of those underway to that end */
    struct packet *underway[UNDERWAY_MAX];
    size_t count;
};

static uint64_t now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* The device lives in the namespace, its descriptor works from everywhere. */
static int end_open(const char *namespace)
{
    char path[256];
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    (void)snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
    (void)snprintf(request.ifr_name, sizeof request.ifr_name, "wire");
    int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    int there = open(path, O_RDONLY | O_CLOEXEC);
    int tun = -1;
    if (home >= 0 && there >= 0 && setns(there, CLONE_NEWNET) == 0) {
        tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
        if (tun >= 0 && ioctl(tun, TUNSETIFF, &request) != 0) {
            close(tun);
            tun = -1;
        }
        if (setns(home, CLONE_NEWNET) != 0) {
            tun = -1;
        }
    }
    if (tun < 0) {
        (void)fprintf(stderr, "sb_wire: no end in %s: %s\n", namespace, strerror(errno));
    }
    if (home >= 0) {
        close(home);
    }
    if (there >= 0) {
        close(there);
    }
    return tun;
}

static bool happens(unsigned percent)
{
    return (unsigned)(rand() % 100) < percent; /* NOLINT(cert-msc30-c): a seed names it */
}

static void packet_send(struct wire *wire, int to, const uint8_t *bytes, size_t size)
{
    if (wire->delay_to_ms == 0) {
        (void)!write(wire->end[to], bytes, size);
        return;
    }
    struct packet *packet = wire->count < UNDERWAY_MAX ? malloc(sizeof *packet) : NULL;
    if (packet == NULL) {
        wire->lost++;
        return;
    }
    unsigned span = wire->delay_to_ms - wire->delay_from_ms + 1;
    const unsigned within = (unsigned)rand() % span; /* NOLINT(cert-msc30-c): as above */
    packet->due_us = now_us() + 1000ull * (wire->delay_from_ms + within);
    wire->late++;
    if (packet->due_us < wire->latest_due_us[to]) {
        wire->overtaken++;
    } else {
        wire->latest_due_us[to] = packet->due_us;
    }
    packet->to = to;
    packet->size = size;
    memcpy(packet->bytes, bytes, size);
    wire->underway[wire->count++] = packet;
}

static void end_read(struct wire *wire, int from)
{
    uint8_t bytes[PACKET_MAX];
    for (;;) {
        ssize_t size = read(wire->end[from], bytes, sizeof bytes);
        if (size <= 0) {
            return;
        }
        if (happens(wire->loss)) {
            wire->lost++;
            continue;
        }
        packet_send(wire, 1 - from, bytes, (size_t)size);
        if (happens(wire->twice)) {
            wire->doubled++;
            packet_send(wire, 1 - from, bytes, (size_t)size);
        }
    }
}

/* Lets those arrive whose time has come; returns ms until the next, -1 where there is none. */
static int arrive(struct wire *wire)
{
    uint64_t now = now_us(), next = UINT64_MAX;
    size_t kept = 0;
    for (size_t i = 0; i < wire->count; i++) {
        struct packet *packet = wire->underway[i];
        if (packet->due_us <= now) {
            (void)!write(wire->end[packet->to], packet->bytes, packet->size);
            free(packet);
        } else {
            next = packet->due_us < next ? packet->due_us : next;
            wire->underway[kept++] = packet;
        }
    }
    wire->count = kept;
    return next == UINT64_MAX ? -1 : (int)((next - now + 999) / 1000);
}

static bool order_read(struct wire *wire)
{
    char line[128];
    unsigned long word[4] = {0}; /* loss, from, to, twice */
    unsigned words = 0;
    ssize_t size = read(STDIN_FILENO, line, sizeof line - 1);
    if (size <= 0) {
        return false;
    }
    line[size] = '\0';
    for (char *at = line, *end = NULL; words < 4; words++, at = end) {
        word[words] = strtoul(at, &end, 10);
        if (end == at || word[words] > UINT32_MAX) {
            break;
        }
    }
    if (words == 4 && word[1] <= word[2]) {
        wire->loss = (unsigned)word[0];
        wire->delay_from_ms = (unsigned)word[1];
        wire->delay_to_ms = (unsigned)word[2];
        wire->twice = (unsigned)word[3];
        (void)printf(
            "loss=%lu%% delay=%lu..%lu ms twice=%lu%%; until now lost %lu late %lu doubled %lu "
            "overtaken %lu\n",
            word[0], word[1], word[2], word[3], wire->lost, wire->late, wire->doubled,
            wire->overtaken);
        (void)fflush(stdout);
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct wire wire;
    if (argc != 3) {
        (void)fputs("usage: sb_wire NAMESPACE NAMESPACE\n", stderr);
        return 2;
    }
    srand((unsigned)now_us());
    for (int i = 0; i < 2; i++) {
        wire.end[i] = end_open(argv[1 + i]);
        if (wire.end[i] < 0) {
            return 1;
        }
    }
    (void)printf("up\n");
    (void)fflush(stdout);
    struct pollfd watched[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                               {.fd = wire.end[0], .events = POLLIN},
                               {.fd = wire.end[1], .events = POLLIN}};
    for (bool goes_on = true; goes_on;) {
        if (poll(watched, 3, arrive(&wire)) > 0) {
            end_read(&wire, 0);
            end_read(&wire, 1);
            goes_on = watched[0].revents == 0 || order_read(&wire);
        }
    }
    for (size_t i = 0; i < wire.count; i++) {
        free(wire.underway[i]);
    }
    return 0;
}
