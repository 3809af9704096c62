/* screens.c: when all is drained, what people see: an agent's `inbox` and the centre's `events`,
 * asked as the programs ask. Each event is there once, at an agent of two once for each
 * organisation that it was for, and what came is there at all. */
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 4096u
#define PAGES_MAX 200u

struct screen {
    struct world *world;
    const char *whose;
    bool centre;
    struct sb_hash shown[SHOWN_MAX];
    unsigned count;
};

static struct sb_hash shown_as(const struct sb_hash *id, const struct sb_name *org)
{
    const struct sb_bytes parts[] = {sb_hash_bytes(id), sb_name_bytes(org)};
    return sb_hash_parts("shown", parts, 2);
}

static bool is_shown(const struct screen *screen, const struct sb_hash *id)
{
    for (unsigned i = 0; i < screen->count; i++) {
        if (sb_hash_equal(&screen->shown[i], id)) {
            return true;
        }
    }
    return false;
}

/* Takes one page's rows in; *ret_next: from where the next one is asked, 0 for none. */
static bool page_take(struct screen *screen, struct sb_bytes bytes, uint64_t *ret_next)
{
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_record *row = sb_alloc(1, sizeof *row);
    bool holds = sb_reply_read(bytes, &reply, &why) == SB_ERR_OK && reply.err == SB_ERR_OK;
    struct sb_row_reader rows = sb_rows_read(reply.rows);
    struct sb_hash id;
    while (holds && sb_rows_next(&rows, row)) {
        /* At the centre an event is there once, whoever sent it. */
        const struct sb_name org = screen->centre ? sb_name("") : sb_record_name(row, SB_FIELD_ORG);
        if (sb_record_hash(row, SB_FIELD_ID, &id) && screen->count < SHOWN_MAX) {
            id = shown_as(&id, &org);
            holds = !is_shown(screen, &id)
                    || world_break(screen->world, WORLD_SCREEN, "%s: shows one event twice",
                                   screen->whose);
            screen->shown[screen->count++] = id;
        }
        sb_record_clear(row);
    }
    *ret_next = reply.next;
    free(row);
    return holds
           || world_break(screen->world, WORLD_SCREEN, "%s: does not say what there is: %s",
                          screen->whose, why.text);
}

static void request_write(const char *verb, uint64_t offset, uint64_t number, struct sb_buf *buf)
{
    uint8_t id[SB_REQUEST_ID_SIZE] = {0};
    const struct sb_name name = sb_name(verb);
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_be64_write(id, ~number);
    if (offset != 0) {
        sb_record_set_number(args, SB_FIELD_OFFSET, offset);
    }
    sb_buf_init(buf, SB_FRAME_SIZE_MAX);
    sb_request_write(id, &name, args, NULL, buf);
    free(args);
}

/* The answer among the effects; empty where there is none. */
static struct sb_bytes reply_of(const struct sb_effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->at[i].kind == SB_EFFECT_REPLY) {
            return effects->at[i].bytes;
        }
    }
    return sb_bytes(NULL, 0);
}

/* One question, in a turn that is not committed. */
static bool page_ask(struct screen *screen, int end, const char *user, uint64_t offset,
                     uint64_t *ret_next)
{
    struct world *world = screen->world;
    struct sb_store *store = end < 0 ? world->broker_store : world->agent[end].store;
    struct sb_entropy entropy = {{2}, 0};
    struct sb_effects effects;
    struct sb_why why = {0};
    struct sb_buf request;
    sb_effects_init(&effects);
    request_write(end < 0 ? "events" : "inbox", offset, offset, &request);
    struct sb_txn *txn = sb_store_begin(store, &why);
    if (end < 0) {
        const struct sb_broker_input input = {.kind = SB_BROKER_REQUEST,
                                              .from = OPERATOR_TOKEN,
                                              .user = sb_name(user),
                                              .bytes = sb_buf_bytes(&request)};
        sb_broker_step(world->broker, txn, &input, world_now(world), &entropy, &effects);
    } else {
        const struct sb_agent_input input = {.kind = SB_AGENT_REQUEST,
                                             .from = 1,
                                             .user = sb_name("local"),
                                             .bytes = sb_buf_bytes(&request)};
        sb_agent_step(world->agent[end].core, txn, &input, world_now(world), &entropy, &effects);
    }
    const bool holds = page_take(screen, reply_of(&effects), ret_next);
    sb_store_abort(store, txn);
    sb_effects_finish(&effects);
    sb_buf_finish(&request);
    return holds;
}

/* What the centre sent and was accepted here stands on the screen. */
static bool all_shown(const struct screen *screen, struct sb_txn *own)
{
    const struct sb_name *centre = &screen->world->broker_config.org;
    for (uint64_t index = 1; index < sb_log_next_index(own); index++) {
        struct sb_log_row row;
        struct sb_event event;
        if (!sb_log_get(own, index, &row) || row.stream_agent.text[0] == '\0'
            || row.verdict != SB_ERR_OK || sb_event_read(&row.sealed, &event, NULL) != SB_ERR_OK) {
            continue;
        }
        const struct sb_name origin = sb_record_name(&event.fields, SB_FIELD_ORIGIN);
        const struct sb_hash as = shown_as(&event.id, &row.at.org);
        if (sb_name_equal(&origin, centre) && !is_shown(screen, &as)) {
            return world_break(screen->world, WORLD_SCREEN, "%s: does not show row %llu",
                               screen->whose, (unsigned long long)index);
        }
    }
    return true;
}

/* What is in the centre's log, and was not refused as a copy that came back, stands there. */
static bool all_listed(const struct screen *screen, struct sb_txn *txn)
{
    const struct sb_name nobody = sb_name("");
    for (uint64_t index = 1; index < sb_log_next_index(txn); index++) {
        struct sb_log_row row;
        struct sb_event event;
        if (!sb_log_get(txn, index, &row) || row.verdict == SB_ERR_ALREADY
            || sb_event_read(&row.sealed, &event, NULL) != SB_ERR_OK) {
            continue;
        }
        const struct sb_hash as = shown_as(&event.id, &nobody);
        if (!is_shown(screen, &as)) {
            return world_break(screen->world, WORLD_SCREEN, "%s: does not list row %llu",
                               screen->whose, (unsigned long long)index);
        }
    }
    return true;
}

/* All pages of one user's list. */
static bool pages_ask(struct screen *screen, int end, const char *user)
{
    uint64_t next = 0;
    bool holds = true;
    for (unsigned i = 0; i < PAGES_MAX && holds && (i == 0 || next != 0); i++) {
        holds = page_ask(screen, end, user, next, &next);
    }
    return holds;
}

bool world_screen_holds(struct world *world, int end)
{
    struct screen *screen = sb_alloc(1, sizeof *screen);
    struct sb_why why = {0};
    static const char *const operators[] = {"o:tib", "o:tib-ovning", "o:tib-prov"};
    bool holds = true;
    screen->world = world;
    screen->centre = end < 0;
    screen->whose = end < 0 ? "broker" : world->agent[end].name.text;
    for (unsigned i = 0; i < (end < 0 ? 3 : 1) && holds; i++) { /* each sees one realm */
        holds = pages_ask(screen, end, end < 0 ? operators[i] : "local");
    }
    if (holds && screen->count < SHOWN_MAX) {
        struct sb_store *store = end < 0 ? world->broker_store : world->agent[end].store;
        struct sb_txn *txn = sb_store_begin(store, &why);
        holds = end < 0 ? all_listed(screen, txn) : all_shown(screen, txn);
        sb_store_abort(store, txn);
    }
    free(screen);
    return holds;
}
