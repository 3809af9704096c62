/* messages.c: takes messages from the sockets and puts them in. Who a message comes from is told by
 * libzmq and ZAP, never by the message. Judges no content.
 *
 * A peer's token is the number that the ROUTER gave it, plus one. libzmq counts these numbers up
 * for as long as the socket lives and writes them as five bytes, the first zero; a peer that names
 * itself otherwise is not heard, so no table of names has to be kept, or can be filled by peers. */
#include "loop_inner.h"

#include <errno.h>
#include <string.h>

#define ROUTING_ID_SIZE   5
#define DROPS_AT_ONCE_MAX 256 /* a flood of them must not hold up the turn */
#define GONE_MAX          65536

static bool token_read(zmq_msg_t *frame, uint64_t *ret_token)
{
    const uint8_t *at = zmq_msg_data(frame);
    if (zmq_msg_size(frame) != ROUTING_ID_SIZE || at[0] != 0) {
        return false;
    }
    *ret_token = 1 + ((uint64_t)at[1] << 24 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 8 | at[4]);
    return true;
}

/* False where no peer can have this token. */
static bool token_write(uint64_t token, uint8_t at[ROUTING_ID_SIZE])
{
    if (token == 0 || token - 1 > UINT32_MAX) {
        return false;
    }
    uint32_t number = (uint32_t)(token - 1);
    at[0] = 0;
    for (unsigned i = 0; i < 4; i++) {
        at[1 + i] = (uint8_t)(number >> (24 - 8 * i));
    }
    return true;
}

/* "localhost:uid:gid:pid" is how libzmq writes a local peer's credentials (SO_PEERCRED). */
static struct sb_name local_user(zmq_msg_t *frame)
{
    struct sb_name user;
    const char *address = zmq_msg_gets(frame, "Peer-Address");
    const char *uid = address ? strchr(address, ':') : NULL;
    size_t digits = uid ? strspn(uid + 1, "0123456789") : 0;
    if (digits == 0 || digits > 10) {
        return sb_name("local");
    }
    (void)snprintf(user.text, sizeof user.text, "uid:%.*s", (int)digits, uid + 1);
    return user;
}

void sb_user_id_write(const struct sb_name *user, const struct sb_public_key *key,
                      char user_id[SB_USER_ID_SIZE])
{
    char digits[2 * SB_KEY_SIZE + 1];
    sb_hex_write(sb_bytes(key->at, sizeof key->at), digits);
    (void)snprintf(user_id, SB_USER_ID_SIZE, "%s %s", user->text, digits);
}

static bool user_id_read(const char *user_id, struct sb_name *ret_user,
                         struct sb_public_key *ret_key)
{
    const char *blank = user_id ? strchr(user_id, ' ') : NULL;
    return blank && sb_name_read(sb_bytes(user_id, (size_t)(blank - user_id)), ret_user)
           && sb_hex_read(sb_bytes_str(blank + 1), ret_key->at, sizeof ret_key->at);
}

/* Who sent the frame. User-Id must be read from the payload: 4.3.4 loses it on the first frame. */
static bool user_read(const struct sb_loop_port *port, zmq_msg_t *frame, struct sb_name *ret_user,
                      struct sb_public_key *ret_key)
{
    if (!port->is_router) {
        *ret_user = (struct sb_name){0};
        return true;
    }
    if (!port->is_curve) {
        *ret_user = local_user(frame);
        return true;
    }
    return user_id_read(zmq_msg_gets(frame, "User-Id"), ret_user, ret_key);
}

static bool frame_take(void *socket, zmq_msg_t *frame)
{
    int taken;
    do {
        taken = zmq_msg_recv(frame, socket, ZMQ_DONTWAIT);
    } while (taken < 0 && errno == EINTR);
    return taken >= 0;
}

/* Reads the rest of a message that has too many frames. They have all arrived: libzmq hands out
 * whole messages only. */
static void frames_skip(void *socket, zmq_msg_t *frame)
{
    bool more = zmq_msg_more(frame);
    while (more) {
        more = frame_take(socket, frame) && zmq_msg_more(frame);
    }
}

enum taken {
    TAKEN_NONE,
    TAKEN_DROPPED,
    TAKEN_MESSAGE
};

/* One message of one port into loop->current. */
static enum taken port_take(struct sb_loop *loop, enum sb_port which,
                            struct sb_loop_event *ret_event)
{
    struct sb_loop_port *port = &loop->ports[which];
    if (!port->socket) {
        return TAKEN_NONE;
    }
    void *socket = zsock_resolve(port->socket);
    zmq_msg_t *frame = &loop->current;
    uint64_t from = 0;
    if (!frame_take(socket, frame)) {
        return TAKEN_NONE;
    }
    bool wanted = true;
    if (port->is_router) {
        wanted = token_read(frame, &from) && zmq_msg_more(frame);
        if (zmq_msg_more(frame) && !frame_take(socket, frame)) {
            wanted = false;
        }
    }
    struct sb_name user;
    struct sb_public_key key = {{0}};
    wanted = wanted && !zmq_msg_more(frame) && zmq_msg_size(frame) <= SB_FRAME_SIZE_HEARD_MAX
             && user_read(port, frame, &user, &key);
    if (!wanted) {
        frames_skip(socket, frame);
        return TAKEN_DROPPED;
    }
    *ret_event = (struct sb_loop_event){
        .kind = SB_LOOP_MESSAGE,
        .port = which,
        .from = from,
        .user = user,
        .key = key,
        .bytes = sb_bytes(zmq_msg_data(frame), zmq_msg_size(frame)),
    };
    return TAKEN_MESSAGE;
}

bool sb_loop_message_take(struct sb_loop *loop, struct sb_loop_event *ret_event)
{
    unsigned silent = 0, drops = 0;
    while (silent < SB_PORT_COUNT && drops < DROPS_AT_ONCE_MAX) {
        enum sb_port which = loop->next_port;
        loop->next_port = which == SB_PORT_LINK ? SB_PORT_CONTROL : SB_PORT_LINK;
        enum taken taken = port_take(loop, which, ret_event);
        if (taken == TAKEN_MESSAGE) {
            return true;
        }
        if (taken == TAKEN_DROPPED) {
            loop->dropped++;
            drops++;
            silent = 0;
        } else {
            silent++;
        }
    }
    return false;
}

uint64_t sb_loop_dropped(struct sb_loop *loop)
{
    uint64_t dropped = loop->dropped;
    loop->dropped = 0;
    return dropped;
}

static bool frame_send(struct sb_loop_port *port, struct sb_bytes bytes, int flags)
{
    int sent;
    do {
        sent = zmq_send(zsock_resolve(port->socket), bytes.at, bytes.size, ZMQ_DONTWAIT | flags);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

/* Past the bound a GONE is lost; the peer's silence tells the same a little later. */
static void gone_add(struct sb_loop *loop, enum sb_port port, uint64_t to)
{
    if (loop->gone_count >= GONE_MAX) {
        return;
    }
    loop->gone = sb_alloc_more(loop->gone, loop->gone_count, &loop->gone_room, sizeof *loop->gone);
    loop->gone[loop->gone_count++] = (struct sb_loop_gone){.port = port, .to = to};
}

static bool router_send(struct sb_loop *loop, enum sb_port which, uint64_t to,
                        struct sb_bytes bytes)
{
    struct sb_loop_port *port = &loop->ports[which];
    uint8_t id[ROUTING_ID_SIZE];
    if (!token_write(to, id)) {
        gone_add(loop, which, to);
        return false;
    }
    if (!frame_send(port, sb_bytes(id, sizeof id), ZMQ_SNDMORE)) {
        if (errno == EHOSTUNREACH) {
            gone_add(loop, which, to);
        }
        return false;
    }
    return frame_send(port, bytes, 0);
}

void sb_loop_held_send(struct sb_loop_port *port)
{
    if (!port->has_held) {
        return;
    }
    struct sb_bytes bytes = sb_bytes(zmq_msg_data(&port->held), zmq_msg_size(&port->held));
    if (!frame_send(port, bytes, 0) && errno == EAGAIN) {
        return;
    }
    zmq_msg_close(&port->held);
    port->has_held = false;
}

/* Keeps the newest only: older ones belong to a greeting that was never heard. */
static void held_set(struct sb_loop_port *port, struct sb_bytes bytes)
{
    if (port->has_held) {
        zmq_msg_close(&port->held);
    }
    port->has_held = zmq_msg_init_size(&port->held, bytes.size) == 0;
    SB_ASSERT(port->has_held);
    if (bytes.size > 0) {
        memcpy(zmq_msg_data(&port->held), bytes.at, bytes.size);
    }
}

static bool dealer_send(struct sb_loop *loop, enum sb_port which, struct sb_bytes bytes)
{
    struct sb_loop_port *port = &loop->ports[which];
    sb_loop_held_send(port);
    if (!port->has_held && frame_send(port, bytes, 0)) {
        return true;
    }
    if (which != SB_PORT_LINK) {
        return false;
    }
    held_set(port, bytes);
    return true;
}

bool sb_loop_send(struct sb_loop *loop, enum sb_port port, uint64_t to, struct sb_bytes bytes)
{
    if (!loop->ports[port].socket) {
        return false;
    }
    return loop->ports[port].is_router ? router_send(loop, port, to, bytes)
                                       : dealer_send(loop, port, bytes);
}
