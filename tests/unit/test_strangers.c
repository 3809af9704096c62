/* test_strangers.c: who comes to a CURVE socket and never as far as a key is counted by how it
 * ended, with where most came from. Real sockets on this machine; every wait ends at a deadline.
 * What is known after twenty seconds is asked by a clock of the test's own. */
#define _GNU_SOURCE
#include "../../proto/loop/loop_inner.h"
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS  10000 /* a slow machine; every test ends in milliseconds otherwise */
#define TICK_MS      1000
#define KNOWN_TICKS  20 /* after so many it is known who was foreign */
#define SOME_MAX     64
#define ADDRESSES    40
#define OF_ONE       20
#define UNTAKEN      1200 /* two reports each: more than libzmq's queue for them holds */
#define GREETING     64
#define HELLO_SIZE   (2 + 200)
#define HELLO_BOX_AT (10 + 72)

static const uint8_t server_secret[SB_KEY_SIZE] = {8}, agent_secret[SB_KEY_SIZE] = {16},
                     stranger_secret[SB_KEY_SIZE] = {24}; /* the low three bits do not count */

/* The clock by which ages are counted stands still but where a test moves it: this is the program's
 * own in place of czmq's. */
static atomic_int_least64_t clock_ms;

int64_t zclock_mono(void)
{
    return atomic_load(&clock_ms);
}

struct world {
    struct sb_loop *server, *agent;
    struct sb_public_key server_key;
    unsigned refused;             /* handshakes */
    struct sb_loop_strangers sum; /* all that was told; from: of the newest answer that names one */
    int fd[SOME_MAX];
    unsigned fd_count;
};

/* Admits the one agent. */
static bool admit(void *context, const struct sb_public_key *curve_key, struct sb_name *ret_user,
                  bool *ret_retry)
{
    struct world *world = context;
    struct sb_public_key known;
    sb_curve_public(agent_secret, &known);
    *ret_retry = false;
    if (memcmp(known.at, curve_key->at, SB_KEY_SIZE) != 0) {
        world->refused++;
        return false;
    }
    *ret_user = sb_name("a:taby-1");
    return true;
}

static void bind_port(struct world *world, enum sb_port port)
{
    struct sb_why why = {0};
    assert_int_equal(
        sb_loop_bind_curve(world->server, port, "tcp://127.0.0.1:*", server_secret, &why),
        SB_ERR_OK);
}

static int setup(void **state)
{
    struct world *world = sb_alloc(1, sizeof *world);
    world->server = sb_loop_new();
    world->agent = sb_loop_new();
    sb_curve_public(server_secret, &world->server_key);
    sb_loop_admit_by(world->server, admit, world);
    bind_port(world, SB_PORT_LINK);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    for (unsigned i = 0; i < world->fd_count; i++) {
        close(world->fd[i]);
    }
    sb_loop_destroy(world->agent);
    sb_loop_destroy(world->server);
    free(world);
    return 0;
}

/* ---- who comes ---- */

/* A connection from an address of this machine; to be closed. */
static int stranger(const struct world *world, enum sb_port port, const char *from)
{
    const char *digits = strrchr(sb_loop_endpoint(world->server, port), ':') + 1;
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    struct sockaddr_in source = {.sin_family = AF_INET};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtoul(digits, NULL, 10)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(inet_pton(AF_INET, from, &source.sin_addr), 1);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&source, sizeof source), 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void say(int fd, const void *bytes, size_t size)
{
    assert_int_equal(send(fd, bytes, size, MSG_NOSIGNAL), size);
}

/* ZMTP's: signature, version, mechanism, as client. */
static void greet(int fd, const char *mechanism)
{
    uint8_t greeting[GREETING] = {0xff, [8] = 1, [9] = 0x7f, [10] = 3};
    /* What is left of it stays zeros. NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
    memcpy(greeting + 12, mechanism, strlen(mechanism));
    say(fd, greeting, sizeof greeting);
}

/* libzmq has taken the connection, and reported it: it speaks first. */
static void wait_taken(int fd)
{
    uint8_t first;
    assert_int_equal(recv(fd, &first, sizeof first, 0), 1);
}

static void wait_put_out(int fd)
{
    uint8_t heard[256];
    ssize_t size;
    do {
        size = recv(fd, heard, sizeof heard, 0);
    } while (size > 0);
    assert_true(size == 0 || errno == ECONNRESET);
}

/* What libzmq never says the end of; it is over when this returns. */
static void foreign_comes(const struct world *world)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: samband\r\n\r\n";
    int fd = stranger(world, SB_PORT_LINK, "127.0.0.1");
    say(fd, request, sizeof request - 1);
    wait_put_out(fd);
    close(fd);
}

static void agent_connects(struct world *world, const uint8_t *secret)
{
    struct sb_why why = {0};
    assert_int_equal(sb_loop_connect(world->agent, SB_PORT_LINK,
                                     sb_loop_endpoint(world->server, SB_PORT_LINK), secret,
                                     &world->server_key, &why),
                     SB_ERR_OK);
    assert_true(sb_loop_send(world->agent, SB_PORT_LINK, 0, sb_bytes_str("hello")));
}

static void agent_comes(struct world *world)
{
    uint64_t end = sb_loop_now(world->server).mono_ms + PATIENCE_MS;
    struct sb_loop_event event;
    agent_connects(world, agent_secret);
    while (!sb_loop_next(world->server, &event)) {
        assert_true(sb_loop_now(world->server).mono_ms < end);
        sb_loop_wait(world->agent, 0);
        sb_loop_wait(world->server, sb_loop_now(world->server).mono_ms + 5);
    }
    assert_string_equal(event.user.text, "a:taby-1");
}

/* ---- what is told ---- */

static void ask(struct world *world)
{
    struct sb_loop_strangers more;
    sb_loop_strangers(world->server, &more);
    world->sum.unfinished += more.unfinished;
    world->sum.false_handshake += more.false_handshake;
    world->sum.foreign += more.foreign;
    if (more.from[0] != '\0') {
        memcpy(world->sum.from, more.from, sizeof more.from);
        world->sum.from_connections = more.from_connections;
    }
}

/* Asks until so many were told of `count`, which is one of the sum's. */
static void until(struct world *world, const uint64_t *count, uint64_t wanted)
{
    uint64_t end = sb_loop_now(world->server).mono_ms + PATIENCE_MS;
    for (ask(world); *count < wanted; ask(world)) {
        assert_true(sb_loop_now(world->server).mono_ms < end);
        sb_loop_wait(world->server, sb_loop_now(world->server).mono_ms + 5);
    }
}

static void ticks_pass(struct world *world, unsigned ticks)
{
    for (unsigned i = 0; i < ticks; i++) {
        (void)atomic_fetch_add(&clock_ms, TICK_MS);
        ask(world);
    }
}

static void told_is(const struct world *world, uint64_t unfinished, uint64_t false_handshake,
                    uint64_t foreign)
{
    assert_int_equal(world->sum.unfinished, unfinished);
    assert_int_equal(world->sum.false_handshake, false_handshake);
    assert_int_equal(world->sum.foreign, foreign);
}

/* ---- tests ---- */

static void whoever_leaves_before_a_key_is_unfinished(void **state)
{
    struct world *world = *state;
    for (unsigned i = 0; i < 5; i++) {
        int fd = stranger(world, SB_PORT_LINK, "127.0.0.1");
        if (i >= 3) {
            greet(fd, "CURVE");
        }
        wait_taken(fd);
        close(fd);
    }
    until(world, &world->sum.unfinished, 5);
    ticks_pass(world, 2 * KNOWN_TICKS); /* told once, and not as foreign too */
    told_is(world, 5, 0, 0);
}

static void another_mechanism_or_a_box_of_no_key_is_false(void **state)
{
    struct world *world = *state;
    static const char *const others[] = {"NULL", "PLAIN"};
    uint8_t hello[HELLO_SIZE] = {4, 200, 5, 'H', 'E', 'L', 'L', 'O', 1, 0};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        int fd = stranger(world, SB_PORT_LINK, "127.0.0.1");
        greet(fd, others[i]);
        wait_put_out(fd);
        close(fd);
        until(world, &world->sum.false_handshake, i + 1);
    }
    memset(hello + HELLO_BOX_AT, 0x5a, sizeof hello - HELLO_BOX_AT);
    int fd = stranger(world, SB_PORT_LINK, "127.0.0.1");
    greet(fd, "CURVE");
    say(fd, hello, sizeof hello);
    until(world, &world->sum.false_handshake, 3);
    wait_put_out(fd);
    close(fd);
    ticks_pass(world, 2 * KNOWN_TICKS);
    told_is(world, 0, 3, 0);
}

static void whoever_speaks_no_zeromq_is_known_later(void **state)
{
    struct world *world = *state;
    foreign_comes(world);
    ask(world);
    ticks_pass(world, KNOWN_TICKS - 1);
    told_is(world, 0, 0, 0);
    foreign_comes(world);
    ticks_pass(world, 1);
    told_is(world, 0, 0, 1);
    ticks_pass(world, 2 * KNOWN_TICKS);
    told_is(world, 0, 0, 2);
}

/* A process that stood still an hour takes nobody for an hour older. */
static void a_clock_that_leaps_ages_nobody(void **state)
{
    struct world *world = *state;
    foreign_comes(world);
    ask(world);
    (void)atomic_fetch_add(&clock_ms, (int64_t)3600 * 1000);
    ask(world);
    ask(world);
    ticks_pass(world, KNOWN_TICKS - 2);
    told_is(world, 0, 0, 0);
    ticks_pass(world, 1);
    told_is(world, 0, 0, 1);
}

static void whoever_was_admitted_meanwhile_hides_one(void **state)
{
    struct world *world = *state;
    foreign_comes(world);
    ask(world);
    ticks_pass(world, 5);
    agent_comes(world);
    ask(world);
    ticks_pass(world, KNOWN_TICKS - 1);
    told_is(world, 0, 0, 0);
    ticks_pass(world, 1);
    told_is(world, 0, 0, 1);
}

/* Also one that is refused: ZAP counts it. Its handshake has ended before the next one's. */
static void keys_are_no_strangers(void **state)
{
    struct world *world = *state;
    uint64_t end = sb_loop_now(world->server).mono_ms + PATIENCE_MS;
    agent_connects(world, stranger_secret);
    while (world->refused == 0) {
        assert_true(sb_loop_now(world->server).mono_ms < end);
        sb_loop_wait(world->server, sb_loop_now(world->server).mono_ms + 5);
    }
    agent_comes(world);
    ask(world);
    assert_string_equal(world->sum.from, "127.0.0.1"); /* admitted or not */
    ticks_pass(world, 2 * KNOWN_TICKS);
    told_is(world, 0, 0, 0);
}

static void stays(struct world *world, enum sb_port port, const char *from)
{
    int fd = stranger(world, port, from);
    assert_true(world->fd_count < SOME_MAX);
    world->fd[world->fd_count++] = fd;
    wait_taken(fd);
}

static void the_busiest_address_is_named(void **state)
{
    struct world *world = *state;
    for (unsigned i = 0; i < ADDRESSES; i++) {
        char from[16];
        (void)snprintf(from, sizeof from, "127.0.1.%u", i + 1);
        stays(world, SB_PORT_LINK, from);
        if (i % 2 == 0) {
            stays(world, SB_PORT_LINK, "127.0.0.9");
        }
    }
    ask(world);
    assert_string_equal(world->sum.from, "127.0.0.9");
    assert_in_range(world->sum.from_connections, OF_ONE - (ADDRESSES + OF_ONE) / 17, OF_ONE);
    ask(world); /* since it was asked last: nobody */
    struct sb_loop_strangers more;
    sb_loop_strangers(world->server, &more);
    assert_string_equal(more.from, "");
    assert_int_equal(more.from_connections, 0);
    stays(world, SB_PORT_LINK, "127.0.0.7");
    ask(world);
    assert_string_equal(world->sum.from, "127.0.0.7");
    assert_int_equal(world->sum.from_connections, 1);
}

static void both_ports_count(void **state)
{
    struct world *world = *state;
    bind_port(world, SB_PORT_CONTROL);
    stays(world, SB_PORT_LINK, "127.0.0.2");
    for (unsigned i = 0; i < 3; i++) {
        stays(world, SB_PORT_CONTROL, "127.0.0.3");
    }
    ask(world);
    assert_string_equal(world->sum.from, "127.0.0.3");
    assert_int_equal(world->sum.from_connections, 3);
    for (unsigned i = 0; i < world->fd_count; i++) {
        close(world->fd[i]);
    }
    world->fd_count = 0;
    until(world, &world->sum.unfinished, 4);
    told_is(world, 4, 0, 0);
}

/* libzmq's thread would wait in a report that nobody takes, and serve nobody. */
static void many_come_while_the_loop_is_away(void **state)
{
    struct world *world = *state;
    for (unsigned i = 0; i < UNTAKEN; i++) {
        int fd = stranger(world, SB_PORT_LINK, "127.0.0.1");
        wait_taken(fd);
        close(fd);
    }
    agent_comes(world);
    until(world, &world->sum.unfinished, UNTAKEN);
    told_is(world, UNTAKEN, 0, 0);
}

/* Local sockets have no strangers, and a loop without any has none either. */
static void without_a_curve_socket_there_are_none(void **state)
{
    struct world *world = *state;
    struct sb_loop_strangers none;
    sb_loop_strangers(world->agent, &none);
    assert_int_equal(none.unfinished + none.false_handshake + none.foreign, 0);
    assert_string_equal(none.from, "");
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(whoever_leaves_before_a_key_is_unfinished),
        T(another_mechanism_or_a_box_of_no_key_is_false),
        T(whoever_speaks_no_zeromq_is_known_later),
        T(a_clock_that_leaps_ages_nobody),
        T(whoever_was_admitted_meanwhile_hides_one),
        T(keys_are_no_strangers),
        T(the_busiest_address_is_named),
        T(both_ports_count),
        T(many_come_while_the_loop_is_away),
        T(without_a_curve_socket_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
