/* event_world.h: for test_event.c and test_event_signed.c: a sealed convening of Länsstyrelsen's,
 * the keys behind it, and calls that read and check it. */
#ifndef EVENT_WORLD_H
#define EVENT_WORLD_H

#include "authority.h"
#include "check.h"

#include <stdlib.h>

/* A sealed convening of Länsstyrelsen's, and memory for changed copies of it. */
struct world {
    struct authority authority;
    struct party broker;
    struct party agent;
    struct sb_entropy entropy;
    struct sb_name origin, forum;
    struct sb_hash incident;
    struct sb_list_writer seats;
    struct sb_record fields;
    struct sb_buf buf;
    struct sb_sealed sealed;
    struct sb_event event;
    struct sb_why why;
};

static inline void fields_begin(struct world *world, enum sb_kind kind, enum sb_realm realm)
{
    sb_record_clear(&world->fields);
    sb_record_set_number(&world->fields, SB_FIELD_KIND, kind);
    sb_record_set_number(&world->fields, SB_FIELD_REALM, realm);
    sb_record_set_number(&world->fields, SB_FIELD_ISSUED, AUTHORITY_NOW_MS);
    sb_record_set_name(&world->fields, SB_FIELD_ORIGIN, &world->origin);
}

static inline void fields_convening(struct world *world)
{
    fields_begin(world, SB_KIND_CONVENING, SB_REALM_LIVE);
    sb_record_set_name(&world->fields, SB_FIELD_FORUM, &world->forum);
    sb_record_set_number(&world->fields, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_hash(&world->fields, SB_FIELD_INCIDENT, &world->incident);
    sb_record_set_number(&world->fields, SB_FIELD_ANSWER_BY, AUTHORITY_NOW_MS + 300000);
    sb_record_set_bytes(&world->fields, SB_FIELD_SEATS, sb_list_bytes(&world->seats));
    sb_record_set_text(&world->fields, SB_FIELD_TITLE, "Snöoväder");
}

static inline enum sb_err seal_by(struct world *world, const struct sb_signer *signer,
                                  struct sb_bytes cert)
{
    struct sb_seal_by by = {.signer = signer, .cert = cert};
    sb_buf_clear(&world->buf);
    return sb_event_seal(&world->fields, &by, &world->entropy, &world->buf, &world->sealed,
                         &world->why);
}

/* By the broker's key for the realm in `fields`. */
static inline enum sb_err seal(struct world *world)
{
    uint64_t realm = sb_record_number(&world->fields, SB_FIELD_REALM);
    return seal_by(world, &world->broker.realm[realm], sb_buf_bytes(&world->broker.cert));
}

static inline int world_make(void **state)
{
    struct world *world = sb_alloc(1, sizeof *world);
    authority_init(&world->authority);
    party_keys(&world->broker, 20);
    party_enrol(&world->broker, &world->authority, SB_ROLE_BROKER, "broker", "lst-ab");
    party_keys(&world->agent, 10);
    party_enrol(&world->agent, &world->authority, SB_ROLE_AGENT, "taby-1", "taby");
    world->origin = sb_name("lst-ab");
    world->forum = sb_name("rsf");
    world->incident.at[0] = 7;
    sb_list_init(&world->seats);
    sb_list_add(&world->seats, sb_bytes_str("taby/tib"));
    sb_list_add(&world->seats, sb_bytes_str("~taby/kib:tib"));
    sb_buf_init(&world->buf, SB_ENTRY_SIZE_MAX);
    fields_convening(world);
    assert_int_equal(seal(world), SB_ERR_OK);
    *state = world;
    return 0;
}

static inline int world_drop(void **state)
{
    struct world *world = *state;
    sb_buf_finish(&world->buf);
    sb_list_finish(&world->seats);
    party_finish(&world->agent);
    party_finish(&world->broker);
    authority_finish(&world->authority);
    free(world);
    return 0;
}

static inline enum sb_err read_it(struct world *world)
{
    return sb_event_read(&world->sealed, &world->event, &world->why);
}

static inline enum sb_err check_at(struct world *world, uint64_t when_ms)
{
    return sb_event_check_signature(&world->sealed, &world->event,
                                    &world->authority.root.public_key, when_ms, NULL, &world->why);
}

/* Reads, then checks; the first refusal. */
static inline enum sb_err pass(struct world *world)
{
    enum sb_err err = read_it(world);
    return err == SB_ERR_OK ? check_at(world, AUTHORITY_NOW_MS) : err;
}

#endif
