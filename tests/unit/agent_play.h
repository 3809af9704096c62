/* agent_play.h: for units of the agent's core: what the channel, the duty officer and the broker
 * say and are told in the world of agent_world.h. */
#ifndef AGENT_PLAY_H
#define AGENT_PLAY_H

#include "agent_turns.h"

static inline void request_bytes(const uint8_t id[SB_REQUEST_ID_SIZE], const char *verb,
                                 const struct sb_record *args, struct sb_buf *buf)
{
    const struct sb_name name = sb_name(verb);

    sb_buf_init(buf, SB_ORDER_SIZE_MAX);
    sb_request_write(id, &name, args, NULL, buf);
    assert_false(buf->overflow);
}

static inline enum sb_err ask_again(struct world *world, uint64_t from, const uint8_t *id,
                                    const char *verb, const struct sb_record *args)
{
    struct sb_agent_input input = {.kind = SB_AGENT_REQUEST, .from = from};
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_buf buf;

    sb_buf_clear(&world->reply);
    request_bytes(id, verb, args, &buf);
    input.bytes = sb_buf_bytes(&buf);
    agent_turn(world, &input, 1, WHOLE);
    sb_buf_finish(&buf);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&world->reply), &reply, &why), SB_ERR_OK);
    assert_memory_equal(reply.id, id, SB_REQUEST_ID_SIZE);
    if (reply.err != SB_ERR_OK) {
        check_said_both(reply.why, "", "");
    }
    return reply.err;
}

static inline enum sb_err ask(struct world *world, uint64_t from, const char *verb,
                              const struct sb_record *args)
{
    uint8_t id[SB_REQUEST_ID_SIZE] = {0};

    id[0] = 0xee;
    id[1] = ++world->request_number;
    return ask_again(world, from, id, verb, args);
}

/* The row at `position` of the newest reply. False past the last. */
static inline bool row_at(struct world *world, unsigned position, struct sb_record *ret_row)
{
    struct sb_row_reader reader;
    struct sb_reply reply;
    struct sb_why why = {0};

    assert_int_equal(sb_reply_read(sb_buf_bytes(&world->reply), &reply, &why), SB_ERR_OK);
    reader = sb_rows_read(reply.rows);
    for (unsigned i = 0; i <= position; i++) {
        sb_record_clear(ret_row);
        if (!sb_rows_next(&reader, ret_row)) {
            return false;
        }
    }
    return true;
}

static inline void channel_open(struct world *world)
{
    const struct sb_record args = {0};

    assert_int_equal(ask(world, CHANNEL, "channel-open", &args), SB_ERR_OK);
}

static inline enum sb_err result(struct world *world, const char *key, enum sb_result how)
{
    struct sb_record args = {0};

    sb_record_set_text(&args, SB_FIELD_ATTEMPT, key);
    sb_record_set_number(&args, SB_FIELD_RESULT, (uint64_t)how);
    return ask(world, CHANNEL, "result", &args);
}

/* The person of an attempt answers by the channel; NOTHING acknowledges in `function`. */
static inline enum sb_err fact(struct world *world, const char *key, const char *function,
                               enum sb_answer answer)
{
    struct sb_record args = {0};

    sb_record_set_text(&args, SB_FIELD_ATTEMPT, key);
    if (function != NULL) {
        sb_record_set_text(&args, SB_FIELD_FUNCTION, function);
    }
    if (answer != SB_ANSWER_NOTHING) {
        sb_record_set_number(&args, SB_FIELD_ANSWER, (uint64_t)answer);
    }
    if (answer == SB_ANSWER_AT) {
        sb_record_set_number(&args, SB_FIELD_AT, world->now.wall_ms + 600000);
    }
    return ask(world, CHANNEL, "fact", &args);
}

static inline struct tried *tried_last(struct world *world)
{
    assert_true(world->tried_count > 0);
    return &world->tried[world->tried_count - 1];
}

/* What the broker publishes. */

static inline void fields_begin(struct world *world, struct sb_record *fields, enum sb_kind kind,
                                enum sb_realm realm, struct sb_name *origin)
{
    *origin = sb_name("lst-ab");
    sb_record_clear(fields);
    sb_record_set_number(fields, SB_FIELD_KIND, (uint64_t)kind);
    sb_record_set_number(fields, SB_FIELD_REALM, (uint64_t)realm);
    sb_record_set_number(fields, SB_FIELD_ISSUED, world->now.wall_ms);
    sb_record_set_name(fields, SB_FIELD_ORIGIN, origin);
}

static inline struct sb_hash publish_by(struct world *world, struct sb_record *fields,
                                        const struct party *party, unsigned org_count)
{
    const uint64_t realm = sb_record_number(fields, SB_FIELD_REALM);
    const struct sb_seal_by by = {.signer = &party->realm[realm],
                                  .cert = sb_buf_bytes(&party->cert)};
    struct sb_log_row row = {.accepted_at = world->now.wall_ms};
    struct sb_list_writer audience;
    struct sb_event event;
    struct sb_why why = {0};
    struct sb_buf buf;

    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    assert_int_equal(sb_event_seal(fields, &by, &world->entropy, &buf, &row.sealed, &why),
                     SB_ERR_OK);
    assert_int_equal(sb_event_read(&row.sealed, &event, &why), SB_ERR_OK);
    sb_list_init(&audience);
    for (unsigned i = 0; i < org_count; i++) {
        sb_list_add(&audience, sb_name_bytes(&world->orgs[i]));
    }
    row.audience = sb_list_bytes(&audience);
    struct sb_txn *txn = world_begin(world->broker_store);
    sb_log_append(txn, &event, &row);
    world_commit(world->broker_store, txn);
    sb_list_finish(&audience);
    sb_buf_finish(&buf);
    return event.id;
}

/* A convening of the samordnande forum that calls `seats` (a string with commas between). */
struct convening {
    const char *seats;
    const uint8_t *group; /* 16 bytes; NULL: none */
    enum sb_realm realm;  /* 0: live */
    unsigned org_count;   /* 0: one */
    const struct party *by;
    uint64_t answer_after_ms; /* 0: five minutes */
};

static inline void seats_add(struct sb_list_writer *list, const char *seats)
{
    while (*seats != '\0') {
        const size_t size = strcspn(seats, ",");
        sb_list_add(list, sb_bytes(seats, size));
        seats += size + (seats[size] == ',');
    }
}

static inline struct sb_hash convene(struct world *world, const struct convening *convening)
{
    const struct sb_hash incident = {{7}};
    const struct sb_name forum = sb_name("rsf");
    struct sb_list_writer seats;
    struct sb_record fields;
    struct sb_name origin;

    sb_list_init(&seats);
    seats_add(&seats, convening->seats);
    fields_begin(world, &fields, SB_KIND_CONVENING,
                 convening->realm == 0 ? SB_REALM_LIVE : convening->realm, &origin);
    sb_record_set_name(&fields, SB_FIELD_FORUM, &forum);
    sb_record_set_number(&fields, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    sb_record_set_text(&fields, SB_FIELD_TITLE, "Snöoväder");
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
    sb_record_set_number(
        &fields, SB_FIELD_ANSWER_BY,
        world->now.wall_ms
            + (convening->answer_after_ms == 0 ? 300000 : convening->answer_after_ms));
    sb_record_set_number(&fields, SB_FIELD_STARTS, world->now.wall_ms + 3 * 3600000);
    if (convening->group != NULL) {
        sb_record_set_bytes(&fields, SB_FIELD_GROUP, sb_bytes(convening->group, 16));
    }
    struct sb_hash id =
        publish_by(world, &fields, convening->by == NULL ? &world->broker_party : convening->by,
                   convening->org_count == 0 ? 1 : convening->org_count);
    sb_list_finish(&seats);
    return id;
}

/* A recall, correction or end about `about`. */
static inline struct sb_hash publish_about(struct world *world, enum sb_kind kind,
                                           const struct sb_hash *about, uint64_t starts)
{
    struct sb_record fields;
    struct sb_name origin;

    fields_begin(world, &fields, kind, SB_REALM_LIVE, &origin);
    sb_record_set_hash(&fields, SB_FIELD_REF, about);
    if (kind == SB_KIND_CORRECTION) {
        sb_record_set_text(&fields, SB_FIELD_TEXT, "Fel tid");
    }
    if (starts != 0) {
        sb_record_set_number(&fields, SB_FIELD_STARTS, starts);
    }
    return publish_by(world, &fields, &world->broker_party, 1);
}

/* What came up to the broker: how many of a kind, and the newest of them. */
static inline unsigned came_up(struct world *world, enum sb_kind kind, struct sb_record *ret_last)
{
    struct sb_txn *txn = world_begin(world->broker_store);
    static struct sb_buf copy; /* the newest one's bytes, for the caller's look */
    unsigned count = 0;

    for (uint64_t index = 1; index < sb_log_next_index(txn); index++) {
        struct sb_log_row row;
        struct sb_event event;

        assert_true(sb_log_get(txn, index, &row));
        if (row.stream_agent.text[0] == '\0'
            || sb_event_read(&row.sealed, &event, NULL) != SB_ERR_OK || event.kind->kind != kind) {
            continue;
        }
        assert_int_equal(sb_event_check_signature(&row.sealed, &event,
                                                  &world->authority.root.public_key,
                                                  row.accepted_at, NULL, NULL),
                         SB_ERR_OK);
        count++;
        if (ret_last != NULL) {
            sb_buf_finish(&copy);
            sb_buf_init(&copy, SB_ROW_SIZE_MAX);
            sb_record_write(&event.fields, SB_PARTS_ALL, &copy);
        }
    }
    sb_store_abort(world->broker_store, txn);
    if (ret_last != NULL) {
        sb_record_clear(ret_last);
        if (count > 0) {
            assert_int_equal(sb_record_read(sb_buf_bytes(&copy), SB_PARTS_ALL, ret_last, NULL),
                             SB_ERR_OK);
        }
    }
    return count;
}

static inline uint64_t agent_counter(struct world *world, const char *name)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    const uint64_t number = sb_txn_number(txn, SB_TABLE_COUNTER, name);

    sb_store_abort(world->agent_store, txn);
    return number;
}

/* The agent declares that its TiB has the mandate for the samordnande level. */
static inline void declare_mandate(struct world *world, const char *function)
{
    struct sb_record args = {0};

    sb_record_set_text(&args, SB_FIELD_FUNCTION, function);
    sb_record_set_number(&args, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_text(&args, SB_FIELD_BASIS, "KS 2025-11");
    sb_record_set_number(&args, SB_FIELD_VALID_TO, world->now.wall_ms + 86400000);
    assert_int_equal(ask(world, OFFICER, "mandate-declare", &args), SB_ERR_OK);
}

#endif
