/* proxy.c: a wire between a client and a broker that can lose answers: forwards TCP both ways and,
 * of each connection, lets only the first N messages of the broker through, after the handshake.
 * What is in a message it cannot read (CURVE). Usage: proxy PORT TO-PORT N; N "all": loses none.
 * Prints "ready" once it listens. */
#include "samband/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 16
#define GREETING_SIZE   64    /* ZMTP 3: before the first frame */
#define FLAG_LONG       0x02u /* eight bytes of size instead of one */
#define FLAG_COMMAND    0x04u /* the handshake's frames */
#define CHUNK           65536

/* Where in the broker's stream of frames the next byte stands. */
struct framing {
    uint64_t skip; /* bytes left of the greeting, or of a frame's body */
    uint8_t head[9];
    unsigned head_size;
    unsigned long messages; /* begun */
};

struct connection {
    int client, server; /* -1: none */
    struct framing framing;
    bool dumb; /* the broker's words are read and thrown away */
};

/* How many of the bytes belong to what may pass; sets `dumb` at the first that may not. */
static size_t framing_pass(struct connection *connection, const uint8_t *at, size_t size,
                           unsigned long limit)
{
    struct framing *framing = &connection->framing;
    size_t i = 0;
    while (i < size) {
        if (framing->skip > 0) {
            uint64_t step = framing->skip < size - i ? framing->skip : size - i;
            framing->skip -= step;
            i += (size_t)step;
            continue;
        }
        bool starts_message = framing->head_size == 0 && (at[i] & FLAG_COMMAND) == 0;
        if (starts_message && framing->messages == limit) {
            connection->dumb = true;
            return i;
        }
        framing->messages += starts_message;
        framing->head[framing->head_size++] = at[i++];
        unsigned wanted = (framing->head[0] & FLAG_LONG) != 0 ? 9 : 2;
        if (framing->head_size == wanted) {
            for (unsigned k = 1; k < wanted; k++) {
                framing->skip = framing->skip << 8 | framing->head[k];
            }
            framing->head_size = 0;
        }
    }
    return size;
}

static bool all_write(int fd, const uint8_t *at, size_t size)
{
    while (size > 0) {
        ssize_t written = send(fd, at, size, MSG_NOSIGNAL);
        if (written <= 0) {
            return false;
        }
        at += written;
        size -= (size_t)written;
    }
    return true;
}

static void connection_close(struct connection *connection)
{
    (void)close(connection->client);
    (void)close(connection->server);
    *connection = (struct connection){.client = -1, .server = -1};
}

static void forward(struct connection *connection, bool to_client, unsigned long limit)
{
    static const size_t room = CHUNK;
    uint8_t *bytes = sb_alloc(1, room);
    ssize_t size = recv(to_client ? connection->server : connection->client, bytes, room, 0);
    bool good = size > 0;
    if (good && !to_client) {
        good = all_write(connection->server, bytes, (size_t)size);
    } else if (good && !connection->dumb) {
        size_t pass = framing_pass(connection, bytes, (size_t)size, limit);
        good = all_write(connection->client, bytes, pass);
    }
    free(bytes);
    if (!good) {
        connection_close(connection);
    }
}

static struct sockaddr_in address_of(const char *port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void close_opened(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
}

static void connection_accept(int listener, const char *port, struct connection *connections)
{
    int client = accept(listener, NULL, NULL);
    struct sockaddr_in address = address_of(port);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    size_t i = 0;
    while (i < CONNECTIONS_MAX && connections[i].client >= 0) {
        i++;
    }
    if (client < 0 || server < 0 || i == CONNECTIONS_MAX
        || connect(server, (const struct sockaddr *)&address, sizeof address) != 0) {
        close_opened(client);
        close_opened(server);
        return;
    }
    connections[i] =
        (struct connection){.client = client, .server = server, .framing.skip = GREETING_SIZE};
}

static void serve(int listener, const char *port, unsigned long limit)
{
    struct connection connections[CONNECTIONS_MAX];
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        connections[i] = (struct connection){.client = -1, .server = -1};
    }
    for (;;) {
        struct pollfd polled[2 * CONNECTIONS_MAX + 1];
        for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
            polled[2 * i] = (struct pollfd){.fd = connections[i].client, .events = POLLIN};
            polled[2 * i + 1] = (struct pollfd){.fd = connections[i].server, .events = POLLIN};
        }
        polled[2 * CONNECTIONS_MAX] = (struct pollfd){.fd = listener, .events = POLLIN};
        if (poll(polled, 2 * CONNECTIONS_MAX + 1, -1) < 0) {
            continue;
        }
        for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
            if (connections[i].client >= 0 && polled[2 * i].revents != 0) {
                forward(&connections[i], false, limit);
            }
            if (connections[i].client >= 0 && polled[2 * i + 1].revents != 0) {
                forward(&connections[i], true, limit);
            }
        }
        if (polled[2 * CONNECTIONS_MAX].revents != 0) {
            connection_accept(listener, port, connections);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fputs("Usage: proxy PORT TO-PORT N|all\n", stderr);
        return 2;
    }
    unsigned long limit = strcmp(argv[3], "all") == 0 ? ~0ul : strtoul(argv[3], NULL, 10);
    struct sockaddr_in address = address_of(argv[1]);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int yes = 1;
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0
        || listen(listener, CONNECTIONS_MAX) != 0) {
        (void)fprintf(stderr, "proxy: %s: %s\n", argv[1], strerror(errno));
        close_opened(listener);
        return 1;
    }
    (void)puts("ready");
    (void)fflush(stdout);
    serve(listener, argv[2], limit);
    close_opened(listener);
    return 0;
}
