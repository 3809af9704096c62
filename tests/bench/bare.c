/* bare.c: bench_bare FOLDER AGENTS ROUNDS PART ASKS ANSWERS: what any bus on this machine has to do
 * at least, without one: a hub and AGENTS others, CURVE between them, no keys checked, no decision
 * made. The hub commits an event of 1.6 KB and sends it to all, each stores and commits it and
 * sends a receipt of 90 bytes, the hub commits receipts as they come. Once with a process and a
 * store on the disk for each (bare_processes_…), once with all in one process that keep their
 * copies in memory (bare_links_…). A round is run when one is asked for (beside.h), in turn with
 * Samband's: its figures are told as so many times these, for machines and their hours differ. */
#define _GNU_SOURCE
#include "beside.h"
#include "figures.h"
#include "samband/store.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <zmq.h>

#define AGENTS_MAX    1000
#define EVENT_SIZE    1600
#define RECEIPT_SIZE  90
#define WARM_UP       3
#define WAIT_MS       10000
#define ASKED_WAIT_MS 120000 /* a county of many may have to be founded first */
#define KEY_TEXT_SIZE 41

/* What an agent must know of the hub. */
struct place {
    char key[KEY_TEXT_SIZE];
    char endpoint[64];
};

struct hub {
    struct place place;
    char secret[KEY_TEXT_SIZE];
    void *socket;
    struct sb_store *store;
    unsigned long count;
    struct id {
        uint8_t at[8];
        size_t size;
    } peer[AGENTS_MAX];
};

static struct sb_txn *txn_begin(struct sb_store *store)
{
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(store, &why);
    SB_ASSERT(txn != NULL);
    return txn;
}

static void txn_commit(struct sb_store *store, struct sb_txn *txn)
{
    struct sb_why why = {0};
    const enum sb_err err = sb_store_commit(store, txn, &why);
    SB_ASSERT(err == SB_ERR_OK);
}

/* The rows that an agent, and the broker, write for one event. */
static void event_store(struct sb_store *store, struct sb_bytes event)
{
    struct sb_txn *txn = txn_begin(store);
    uint64_t number = sb_txn_number(txn, SB_TABLE_META, "next") + 1;
    uint8_t id[40];
    uint8_t name[8];
    memset(id, (int)(number * 37 % 251), sizeof id);
    sb_be64_write(name, number);
    sb_txn_put(txn, SB_TABLE_LOG, sb_bytes(name, sizeof name), event);
    sb_txn_put(txn, SB_TABLE_ID, sb_bytes(id, sizeof id), sb_bytes(name, sizeof name));
    sb_txn_put(txn, SB_TABLE_RX, sb_bytes_str("stream"), sb_bytes(id, sizeof id));
    sb_txn_set_number(txn, SB_TABLE_META, "next", number);
    txn_commit(store, txn);
}

static struct sb_store *store_open(const char *folder, unsigned long number)
{
    char path[4096];
    enum sb_err err;
    struct sb_why why = {0};
    (void)snprintf(path, sizeof path, "%s/bare-%lu", folder, number);
    struct sb_store *store = sb_store_open_lmdb(path, false, &err, &why);
    SB_ASSERT(store != NULL);
    return store;
}

static void curve_serve(const struct hub *hub)
{
    const int on = 1;
    int done = zmq_setsockopt(hub->socket, ZMQ_CURVE_SERVER, &on, sizeof on);
    done |= zmq_setsockopt(hub->socket, ZMQ_CURVE_SECRETKEY, hub->secret, KEY_TEXT_SIZE);
    SB_ASSERT(done == 0);
}

static void *agent_connect(void *context, const struct place *place)
{
    char key[KEY_TEXT_SIZE];
    char secret[KEY_TEXT_SIZE];
    void *socket = zmq_socket(context, ZMQ_DEALER);
    SB_ASSERT(socket != NULL);
    int done = zmq_curve_keypair(key, secret);
    done |= zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, place->key, KEY_TEXT_SIZE);
    done |= zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, key, KEY_TEXT_SIZE);
    done |= zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret, KEY_TEXT_SIZE);
    SB_ASSERT(done == 0 && zmq_connect(socket, place->endpoint) == 0);
    SB_ASSERT(zmq_send(socket, "r", 1, 0) == 1);
    return socket;
}

/* One event in, its receipt out. False where there was none. */
static bool agent_turn(void *socket, struct sb_store *store)
{
    static const uint8_t receipt[RECEIPT_SIZE];
    uint8_t event[EVENT_SIZE];
    const int size = zmq_recv(socket, event, sizeof event, ZMQ_DONTWAIT);
    if (size < 0) {
        return false;
    }
    event_store(store, sb_bytes(event, (size_t)size));
    (void)zmq_send(socket, receipt, sizeof receipt, 0);
    return true;
}

/* Agents until somebody ends them: `count` in this process, with stores in memory where there is no
 * folder. */
static void agents_run(const struct place *place, const char *folder, unsigned long first,
                       unsigned long count)
{
    void *context = zmq_ctx_new();
    struct sb_store **store = sb_alloc(count, sizeof *store);
    zmq_pollitem_t *item = sb_alloc(count, sizeof *item);
    for (unsigned long i = 0; i < count; i++) {
        store[i] = folder != NULL ? store_open(folder, first + i) : sb_store_open_memory();
        item[i] = (zmq_pollitem_t){.socket = agent_connect(context, place), .events = ZMQ_POLLIN};
    }
    while (zmq_poll(item, (int)count, ASKED_WAIT_MS) > 0) {
        for (unsigned long i = 0; i < count; i++) {
            while (item[i].revents != 0 && agent_turn(item[i].socket, store[i])) {
            }
        }
    }
    _exit(0);
}

/* Started before the hub has any thread: a fork takes along whatever lock a thread holds just then.
 * It is told where the hub is through the pipe. */
static pid_t agents_start(int places, const char *folder, unsigned long first, unsigned long count)
{
    struct place place;
    (void)fflush(NULL);
    const pid_t parent = getpid();
    const pid_t child = fork();
    SB_ASSERT(child >= 0);
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent && read(places, &place, sizeof place) == (ssize_t)sizeof place) {
            agents_run(&place, folder, first, count);
        }
        _exit(1);
    }
    return child;
}

/* The next message's sender and what it sent; false after WAIT_MS. */
static bool hub_take(struct hub *hub, bool wait, struct id *ret_from)
{
    uint8_t body[RECEIPT_SIZE];
    zmq_pollitem_t item = {.socket = hub->socket, .events = ZMQ_POLLIN};
    if (wait && zmq_poll(&item, 1, WAIT_MS) <= 0) {
        return false;
    }
    const int size = zmq_recv(hub->socket, ret_from->at, sizeof ret_from->at, ZMQ_DONTWAIT);
    if (size < 0) {
        return false;
    }
    ret_from->size = (size_t)size;
    return zmq_recv(hub->socket, body, sizeof body, 0) >= 0;
}

/* One event to all, until every receipt is durable. */
static bool hub_round(struct hub *hub)
{
    static const uint8_t event[EVENT_SIZE];
    event_store(hub->store, sb_bytes(event, sizeof event));
    for (unsigned long i = 0; i < hub->count; i++) {
        (void)zmq_send(hub->socket, hub->peer[i].at, hub->peer[i].size, ZMQ_SNDMORE);
        (void)zmq_send(hub->socket, event, sizeof event, 0);
    }
    for (unsigned long taken = 0; taken < hub->count;) {
        struct id from;
        bool more = hub_take(hub, true, &from);
        if (!more) {
            return false;
        }
        struct sb_txn *txn = txn_begin(hub->store);
        for (; more; more = hub_take(hub, false, &from)) {
            uint8_t row[200] = {(uint8_t)taken++};
            sb_txn_put(txn, SB_TABLE_TX, sb_bytes(from.at, from.size), sb_bytes(row, sizeof row));
        }
        txn_commit(hub->store, txn);
    }
    return true;
}

/* One round, as often as somebody asks for one. */
static bool hub_serve(struct hub *hub, unsigned long rounds, const struct beside *beside,
                      struct figures *figures)
{
    for (unsigned long i = 0; i < rounds; i++) {
        if (!beside_asked(beside, ASKED_WAIT_MS)) {
            return false;
        }
        const uint64_t began = figures_now_ns();
        if (!hub_round(hub)) {
            return false;
        }
        figures_add(figures, figures_now_ns() - began);
        if (!beside_answer(beside)) {
            return false;
        }
    }
    return true;
}

static bool hub_run(struct hub *hub, unsigned long rounds, const struct beside *beside,
                    const char *prefix)
{
    struct figures figures = {0};
    bool good = true;
    for (unsigned long i = 0; good && i < hub->count; i++) {
        good = hub_take(hub, true, &hub->peer[i]);
    }
    for (unsigned i = 0; good && i < WARM_UP; i++) {
        good = hub_round(hub);
    }
    good = good && hub_serve(hub, rounds, beside, &figures);
    if (good) {
        figures_print(&figures, prefix);
    }
    figures_finish(&figures);
    return good;
}

static void hub_open(struct hub *hub, void *context, unsigned long agents)
{
    size_t size = sizeof hub->place.endpoint;
    hub->count = agents;
    hub->socket = zmq_socket(context, ZMQ_ROUTER);
    SB_ASSERT(hub->socket != NULL && zmq_curve_keypair(hub->place.key, hub->secret) == 0);
    curve_serve(hub);
    SB_ASSERT(zmq_bind(hub->socket, "tcp://127.0.0.1:*") == 0);
    SB_ASSERT(zmq_getsockopt(hub->socket, ZMQ_LAST_ENDPOINT, hub->place.endpoint, &size) == 0);
}

static bool measure(const char *folder, bool processes, unsigned long agents, unsigned long rounds,
                    const struct beside *beside)
{
    pid_t child[AGENTS_MAX];
    const unsigned long children = processes ? agents : 1;
    struct hub *hub = sb_alloc(1, sizeof *hub);
    int places[2];
    SB_ASSERT(pipe2(places, O_CLOEXEC) == 0);
    for (unsigned long i = 0; i < children; i++) {
        child[i] = processes ? agents_start(places[0], folder, i + 1, 1)
                             : agents_start(places[0], NULL, 1, agents);
    }
    void *context = zmq_ctx_new();
    hub_open(hub, context, agents);
    const struct place place = hub->place;
    for (unsigned long i = 0; i < children; i++) { /* each takes one: they fit in at once */
        SB_ASSERT(write(places[1], &place, sizeof place) == (ssize_t)sizeof place);
    }
    hub->store = store_open(folder, processes ? 0 : agents + 1);
    const bool good = hub_run(hub, rounds, beside, processes ? "bare_processes" : "bare_links");
    for (unsigned long i = 0; i < children; i++) {
        (void)kill(child[i], SIGKILL);
        (void)waitpid(child[i], NULL, 0);
    }
    (void)close(places[0]);
    (void)close(places[1]);
    sb_store_close(hub->store);
    (void)zmq_close(hub->socket);
    (void)zmq_ctx_term(context);
    free(hub);
    return good;
}

int main(int argc, char **argv)
{
    struct beside beside;
    unsigned long agents = argc == 7 ? strtoul(argv[2], NULL, 10) : 0;
    unsigned long rounds = argc == 7 ? strtoul(argv[3], NULL, 10) : 0;
    const bool processes = argc == 7 && strcmp(argv[4], "processes") == 0;
    if (agents == 0 || agents > AGENTS_MAX || rounds == 0
        || (!processes && strcmp(argv[4], "links") != 0)) {
        (void)fputs("usage: bench_bare FOLDER AGENTS ROUNDS processes|links ASKS ANSWERS\n",
                    stderr);
        return 2;
    }
    if (!beside_open(&beside, argv[5], argv[6])) {
        (void)fputs("bench_bare: the pipes cannot be opened\n", stderr);
        return 1;
    }
    const bool good = measure(argv[1], processes, agents, rounds, &beside);
    beside_close(&beside);
    if (!good) {
        (void)fprintf(
            stderr,
            "bench_bare: a receipt did not come within %d ms, or nobody asked for a round "
            "within %d\n",
            WAIT_MS, ASKED_WAIT_MS);
        return 1;
    }
    return 0;
}
