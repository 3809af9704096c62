/* ask.c: requests in the simulated county: TiB's to the broker, people's and channels' to an agent.
 */
#include "turns.h"

#include <string.h>

static void request_id(struct world *world, uint8_t id[SB_REQUEST_ID_SIZE])
{
    sb_be64_write(id, ++world->requests);
    sb_be64_write(id + 8, 0x5a5a);
}

/* A control request to the broker as `user`, signed where `signer` is given. */
enum sb_err world_ask(struct world *world, const char *user, const char *verb,
                      const struct sb_record *args, const struct sb_signer *signer,
                      struct sb_why *why)
{
    uint8_t id[SB_REQUEST_ID_SIZE];
    request_id(world, id);
    struct sb_name name = sb_name(verb);
    struct sb_buf bytes;
    sb_buf_init(&bytes, SB_FRAME_SIZE_MAX);
    sb_request_write(id, &name, args, signer, &bytes);
    struct sb_broker_input input = {.kind = SB_BROKER_REQUEST,
                                    .from = OPERATOR_TOKEN,
                                    .user = sb_name(user),
                                    .bytes = sb_buf_bytes(&bytes)};
    sb_buf_clear(&world->reply);
    world_broker_turn(world, &input);
    sb_buf_finish(&bytes);
    if (world->reply.size == 0) {
        return sb_why_set(why, SB_ERR_UNKNOWN_OUTCOME, "%s: no reply, the broker crashed", verb);
    }
    struct sb_reply reply;
    enum sb_err err = sb_reply_read(sb_buf_bytes(&world->reply), &reply, why);
    if (err == SB_ERR_OK && reply.err != SB_ERR_OK) {
        err = sb_why_set(why, reply.err, "%s: %.*s", verb, (int)reply.why.size,
                         (const char *)reply.why.at);
    }
    return err;
}

enum sb_err world_order(struct world *world, const char *verb, const struct sb_record *args,
                        struct sb_why *why)
{
    return world_order_in(world, SB_REALM_LIVE, verb, args, why);
}

enum sb_err world_order_in(struct world *world, enum sb_realm realm, const char *verb,
                           const struct sb_record *args, struct sb_why *why)
{
    static const char *const users[] = {"", "o:tib", "o:tib-ovning", "o:tib-prov"};
    return world_ask(world, users[realm], verb, args, &world->operator_key[realm], why);
}

enum sb_err world_order_again(struct world *world, const char *verb, const struct sb_record *args,
                              struct sb_why *why)
{
    world->requests--; /* the id is the number's */
    return world_order(world, verb, args, why);
}

bool world_reply_row(struct world *world, unsigned position, struct sb_record *ret_row)
{
    struct sb_reply reply;
    struct sb_why why = {0};
    if (world->reply.size == 0
        || sb_reply_read(sb_buf_bytes(&world->reply), &reply, &why) != SB_ERR_OK) {
        return false;
    }
    struct sb_row_reader rows = sb_rows_read(reply.rows);
    for (unsigned i = 0; sb_rows_next(&rows, ret_row); i++) {
        if (i == position) {
            return true;
        }
    }
    return false;
}

void world_local(struct world *world, unsigned agent, const char *verb,
                 const struct sb_record *args, uint64_t after_ms)
{
    uint8_t id[SB_REQUEST_ID_SIZE];
    request_id(world, id);
    struct sb_name name = sb_name(verb);
    struct sb_buf bytes;
    sb_buf_init(&bytes, SB_FRAME_SIZE_MAX);
    sb_request_write(id, &name, args, NULL, &bytes);
    world_packet_add(world, (struct world_packet){.to = agent + 1, .agent = agent, .channel = true},
                     sb_buf_bytes(&bytes), after_ms);
    sb_buf_finish(&bytes);
}
