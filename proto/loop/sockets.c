/* sockets.c: opens the sockets. Every setting here answers a defect or a default of libzmq 4.3.4
 * that README.md names; none is for taste. */
#define _GNU_SOURCE
#include "loop_inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SEND_MESSAGES        4096  /* twice a window of small entries: reaching it means a bug */
#define BACKLOG              4096  /* all agents may come at once */
#define BROKER_HANDSHAKE_MS  10000 /* an idle stranger is put out after this */
#define AGENT_HANDSHAKE_MS   15000 /* longer than the queue of a storm of reconnects */
#define DESCRIPTORS_WANTED   65536 /* as the unit gives; a flood of strangers is in the thousands */
#define CURVE_EXTRA_SIZE     33    /* what CURVE adds to a frame, and ZMQ_MAXMSGSIZE counts */
#define CONNECT_TIMEOUT_MS   5000
#define KEEPALIVE_IDLE_S     15
#define KEEPALIVE_INTERVAL_S 5
#define KEEPALIVE_COUNT      3
#define TCP_GIVE_UP_MS       30000

void sb_loop_port_close(struct sb_loop_port *port)
{
    if (port->has_held) {
        zmq_msg_close(&port->held);
    }
    sb_strangers_close(port);
    zsock_destroy(&port->socket);
    *port = (struct sb_loop_port){0};
}

static zsock_t *socket_new(int type)
{
    zsock_t *socket = zsock_new(type);
    SB_ASSERT(socket); /* out of memory or of file descriptors: the end, and a restart */
    zsock_set_linger(socket, 0);
    zsock_set_sndtimeo(socket, 0);
    zsock_set_rcvtimeo(socket, 0);
    zsock_set_sndhwm(socket, SEND_MESSAGES);
    zsock_set_rcvhwm(socket, SB_FRAMES_WAITING_MAX);
    zsock_set_maxmsgsize(socket, SB_FRAME_SIZE_HEARD_MAX + CURVE_EXTRA_SIZE);
    zsock_set_heartbeat_ivl(socket, 0);
    zsock_set_tcp_keepalive(socket, 1);
    zsock_set_tcp_keepalive_idle(socket, KEEPALIVE_IDLE_S);
    zsock_set_tcp_keepalive_intvl(socket, KEEPALIVE_INTERVAL_S);
    zsock_set_tcp_keepalive_cnt(socket, KEEPALIVE_COUNT);
    zsock_set_tcp_maxrt(socket, TCP_GIVE_UP_MS);
    return socket;
}

static zsock_t *router_new(void)
{
    zsock_t *socket = socket_new(ZMQ_ROUTER);
    zsock_set_router_mandatory(socket, 1);
    zsock_set_router_handover(socket, 0);
    zsock_set_backlog(socket, BACKLOG);
    zsock_set_handshake_ivl(socket, BROKER_HANDSHAKE_MS);
    return socket;
}

/* Without the domain and its enforcement CURVE would admit any key where ZAP is not there. */
static zsock_t *curve_router_new(const uint8_t secret[SB_KEY_SIZE])
{
    zsock_t *socket = router_new();
    zsock_set_zap_domain(socket, "samband");
    zsock_set_zap_enforce_domain(socket, 1);
    zsock_set_curve_server(socket, 1);
    zsock_set_curve_secretkey_bin(socket, secret);
    return socket;
}

static enum sb_err bind_refused(const char *endpoint, struct sb_why *why)
{
    int error = errno;
    if (error == EADDRINUSE) {
        const char *port = strrchr(endpoint, ':');
        return sb_why_say(why, SB_ERR_BUSY,
                          "%s används av en annan process; sök den med: ss -ltnp 'sport = %s', "
                          "stoppa den, eller ställ in en annan port",
                          "%s is in use by another process; find it with: ss -ltnp 'sport = %s', "
                          "stop it, or configure another port",
                          endpoint, port ? port : ":0");
    }
    if (error == EACCES) {
        return sb_why_say(why, SB_ERR_IO,
                          "användaren får inte lyssna på %s; portar under 1024 kräver en rättighet "
                          "(CAP_NET_BIND_SERVICE), eller ställ in en annan port",
                          "this user may not listen on %s; ports under 1024 need a right "
                          "(CAP_NET_BIND_SERVICE), or configure another port",
                          endpoint);
    }
    if (error == ENODEV || error == EADDRNOTAVAIL) {
        return sb_why_say(
            why, SB_ERR_VALUE,
            "datorn har ingen adress som i %s; se: ip address, eller skriv tcp://*:PORT för alla",
            "this machine has no address as in %s; see: ip address, or give "
            "tcp://*:PORT for all",
            endpoint);
    }
    return sb_why_say(
        why, SB_ERR_VALUE, "det går inte att lyssna på %s: %s; skriv tcp://ADRESS:PORT",
        "cannot listen on %s: %s; write tcp://ADDRESS:PORT", endpoint, zmq_strerror(error));
}

/* Takes the socket. */
static void port_install(struct sb_loop_port *port, zsock_t *socket, bool is_router, bool is_curve)
{
    sb_loop_port_close(port);
    port->socket = socket;
    port->is_router = is_router;
    port->is_curve = is_curve;
    size_t size = sizeof port->endpoint;
    if (zmq_getsockopt(zsock_resolve(socket), ZMQ_LAST_ENDPOINT, port->endpoint, &size) != 0) {
        port->endpoint[0] = '\0';
    }
}

/* libzmq takes port 70000 and opens 4464, so the address is looked at here. */
static enum sb_err endpoint_check(const char *endpoint, struct sb_why *why)
{
    if (strncmp(endpoint, "ipc://", 6) == 0) {
        return SB_ERR_OK;
    }
    const char *port = strrchr(endpoint, ':');
    size_t digits = port ? strspn(port + 1, "0123456789") : 0;
    bool is_number = digits > 0 && digits <= 5 && port[1 + digits] == '\0'
                     && strtoul(port + 1, NULL, 10) <= UINT16_MAX;
    bool is_any = port && strcmp(port, ":*") == 0;
    if (strncmp(endpoint, "tcp://", 6) == 0 && (is_number || is_any)) {
        return SB_ERR_OK;
    }
    return sb_why_say(
        why, SB_ERR_VALUE, "%s är ingen adress; skriv tcp://ADRESS:PORT, porten högst 65535",
        "%s is not an address; write tcp://HOST:PORT, the port at most 65535", endpoint);
}

static void endpoint_family(zsock_t *socket, const char *endpoint)
{
    zsock_set_ipv6(socket, strchr(endpoint, '[') != NULL);
}

/* Where no more descriptors may be opened, libzmq 4.3.4 accepts nobody and spins, without a word.
 * Strangers that never speak hold theirs for BROKER_HANDSHAKE_MS, so as many as may be. */
static void descriptors_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    const rlim_t wanted = limit.rlim_max < DESCRIPTORS_WANTED ? limit.rlim_max : DESCRIPTORS_WANTED;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (wanted < DESCRIPTORS_WANTED) {
        sb_log_line(SB_LEVEL_WARNING,
                    "descriptors limit=%llu wanted=%d why=\"so many connections that never speak "
                    "keep agents out; raise it (systemd: LimitNOFILE, else: ulimit -Hn)\"",
                    (unsigned long long)wanted, DESCRIPTORS_WANTED);
    }
}

void sb_loop_admit_by(struct sb_loop *loop, sb_loop_admit *admit, void *context)
{
    SB_ASSERT(admit && !loop->admit);
    loop->admit = admit;
    loop->admit_context = context;
}

enum sb_err sb_loop_bind_curve(struct sb_loop *loop, enum sb_port port, const char *endpoint,
                               const uint8_t secret[SB_KEY_SIZE], struct sb_why *why)
{
    SB_ASSERT(loop->admit);
    enum sb_err err = endpoint_check(endpoint, why);
    if (err == SB_ERR_OK) {
        err = sb_zap_open(loop, why);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    if (port == SB_PORT_LINK) {
        descriptors_raise();
    }
    zsock_t *socket = curve_router_new(secret);
    endpoint_family(socket, endpoint);
    struct sb_loop_port watched = {.socket = socket};
    sb_strangers_open(&watched); /* before the first of them can come */
    if (zmq_bind(zsock_resolve(socket), endpoint) != 0) {
        err = bind_refused(endpoint, why);
        sb_loop_port_close(&watched);
        return err;
    }
    port_install(&loop->ports[port], socket, true, true);
    loop->ports[port].strangers = watched.strangers;
    loop->ports[port].monitor = watched.monitor;
    return SB_ERR_OK;
}

/* libzmq would silently take a path over from a live process, so look first. */
static enum sb_err local_path_free(const char *path, struct sb_why *why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof address.sun_path) {
        return sb_why_say(why, SB_ERR_VALUE,
                          "den lokala socketens sökväg har %zu byte, %s; den får ha 1 till %zu",
                          "the path of the local socket has %zu bytes, %s; it may have 1 to %zu",
                          size, path, sizeof address.sun_path - 1);
    }
    memcpy(address.sun_path, path, size + 1);
    struct stat found;
    if (lstat(path, &found) != 0) {
        return SB_ERR_OK; /* nothing there; that the folder is missing, bind tells */
    }
    if (!S_ISSOCK(found.st_mode)) {
        return sb_why_say(why, SB_ERR_VALUE,
                          "%s finns och är ingen socket; flytta den eller ställ in en annan sökväg",
                          "%s is there and is not a socket; move it away or configure another path",
                          path);
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SB_ASSERT(fd >= 0);
    int refused = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : errno;
    close(fd);
    if (refused == 0) {
        return sb_why_say(why, SB_ERR_BUSY,
                          "en annan process lyssnar på %s; sök den med: ss -lxp src %s, stoppa "
                          "den, eller ställ in en annan sökväg",
                          "another process listens on %s; find it with: ss -lxp src %s, stop it, "
                          "or configure another path",
                          path, path);
    }
    if (refused != ECONNREFUSED || unlink(path) != 0) {
        return sb_why_say(why, SB_ERR_IO, "den gamla socketen %s kan inte ersättas: %s",
                          "cannot replace the old socket %s: %s", path, strerror(errno));
    }
    return SB_ERR_OK;
}

enum sb_err sb_loop_bind_local(struct sb_loop *loop, enum sb_port port, const char *path,
                               struct sb_why *why)
{
    enum sb_err err = local_path_free(path, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    char endpoint[SB_LOOP_ENDPOINT_SIZE_MAX];
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s", path);
    zsock_t *socket = router_new();
    /* The mode must be right from the first moment, and a bind takes it from the mask. */
    mode_t before = umask(0177);
    int bound = zmq_bind(zsock_resolve(socket), endpoint);
    int error = errno;
    umask(before);
    if (bound != 0) {
        zsock_destroy(&socket);
        return sb_why_say(why, SB_ERR_IO,
                          "den lokala socketen %s kan inte skapas: %s; dess mapp ska finnas och "
                          "tillhöra den användare som programmet kör som",
                          "cannot make the local socket %s: %s; its folder must exist and belong "
                          "to the user that this program runs as",
                          path, zmq_strerror(error));
    }
    port_install(&loop->ports[port], socket, true, false);
    return SB_ERR_OK;
}

enum sb_err sb_loop_connect(struct sb_loop *loop, enum sb_port port, const char *endpoint,
                            const uint8_t secret[SB_KEY_SIZE], const struct sb_public_key *server,
                            struct sb_why *why)
{
    enum sb_err err = endpoint_check(endpoint, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    sb_loop_port_close(&loop->ports[port]);
    zsock_t *socket = socket_new(ZMQ_DEALER);
    /* On the link a frame of an old session must not reach the next broker; a control request may:
     * its id makes it the same request. */
    zsock_set_immediate(socket, port == SB_PORT_LINK);
    zsock_set_connect_timeout(socket, CONNECT_TIMEOUT_MS);
    zsock_set_handshake_ivl(socket, AGENT_HANDSHAKE_MS);
    zsock_set_reconnect_ivl(socket, SB_RECONNECT_MIN_MS);
    zsock_set_reconnect_ivl_max(socket, SB_RECONNECT_MAX_MS);
    if (secret) {
        struct sb_public_key own;
        sb_curve_public(secret, &own);
        zsock_set_curve_serverkey_bin(socket, server->at);
        zsock_set_curve_publickey_bin(socket, own.at);
        zsock_set_curve_secretkey_bin(socket, secret);
    }
    endpoint_family(socket, endpoint);
    if (zmq_connect(zsock_resolve(socket), endpoint) != 0) {
        int error = errno;
        zsock_destroy(&socket);
        return sb_why_say(
            why, SB_ERR_VALUE,
            "det går inte att ansluta till %s: %s; skriv tcp://ADRESS:PORT eller ipc://SÖKVÄG",
            "cannot connect to %s: %s; write tcp://HOST:PORT or ipc://PATH", endpoint,
            zmq_strerror(error));
    }
    port_install(&loop->ports[port], socket, false, secret != NULL);
    return SB_ERR_OK;
}

const char *sb_loop_endpoint(const struct sb_loop *loop, enum sb_port port)
{
    return loop->ports[port].endpoint;
}
