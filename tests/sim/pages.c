/* pages.c: one question to an end, page by page, as the programs ask it. What the rows say is the
 * asker's. */
#include "screens.h"

#include <stdlib.h>

#define PAGES_MAX 200u

static void request_write(const char *verb, const struct sb_hash *about, uint64_t offset,
                          struct sb_buf *buf)
{
    uint8_t id[SB_REQUEST_ID_SIZE] = {0};
    char hex[2 * SB_HASH_SIZE + 1];
    const struct sb_name name = sb_name(verb);
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_be64_write(id, ~offset);
    if (offset != 0) {
        sb_record_set_number(args, SB_FIELD_OFFSET, offset);
    }
    if (about != NULL) {
        sb_hex_write(sb_hash_bytes(about), hex);
        sb_record_set_text(args, SB_FIELD_EVENT, hex);
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

/* Hands one page's rows on; *ret_next: from where the next one is asked, 0 for none. */
static bool page_take(const struct screen *screen, const char *verb, struct sb_bytes bytes,
                      screen_row *take, void *with, uint64_t *ret_next)
{
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_record *row = sb_alloc(1, sizeof *row);
    bool holds = sb_reply_read(bytes, &reply, &why) == SB_ERR_OK && reply.err == SB_ERR_OK;
    if (!holds) {
        (void)world_break(screen->world, WORLD_SCREEN, "%s: does not say what there is: %s %s",
                          screen->whose, verb, why.text);
    }
    struct sb_row_reader rows = sb_rows_read(reply.rows);
    while (holds && sb_rows_next(&rows, row)) {
        holds = take(with, row);
        sb_record_clear(row);
    }
    *ret_next = holds ? reply.next : 0;
    free(row);
    return holds;
}

static void step(const struct screen *screen, struct sb_txn *txn, struct sb_bytes request,
                 struct sb_effects *effects)
{
    struct world *world = screen->world;
    struct sb_entropy entropy = {{2}, 0};
    if (screen->end < 0) {
        const struct sb_broker_input input = {.kind = SB_BROKER_REQUEST,
                                              .from = OPERATOR_TOKEN,
                                              .user = sb_name(screen->user),
                                              .bytes = request};
        sb_broker_step(world->broker, txn, &input, world_now(world), &entropy, effects);
    } else {
        const struct sb_agent_input input = {
            .kind = SB_AGENT_REQUEST, .from = 1, .user = sb_name(screen->user), .bytes = request};
        sb_agent_step(world->agent[screen->end].core, txn, &input, world_now(world), &entropy,
                      effects);
    }
}

bool screen_ask(const struct screen *screen, const char *verb, const struct sb_hash *about,
                screen_row *take, void *with)
{
    struct world *world = screen->world;
    struct sb_store *store =
        screen->end < 0 ? world->broker_store : world->agent[screen->end].store;
    struct sb_why why = {0};
    uint64_t next = 0;
    bool holds = true;
    for (unsigned i = 0; i < PAGES_MAX && holds && (i == 0 || next != 0); i++) {
        struct sb_effects effects;
        struct sb_buf request;
        sb_effects_init(&effects);
        request_write(verb, about, next, &request);
        struct sb_txn *txn = sb_store_begin(store, &why);
        step(screen, txn, sb_buf_bytes(&request), &effects);
        holds = page_take(screen, verb, reply_of(&effects), take, with, &next);
        sb_store_abort(store, txn);
        sb_effects_finish(&effects);
        sb_buf_finish(&request);
    }
    return holds;
}
