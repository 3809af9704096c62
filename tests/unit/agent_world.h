/* agent_world.h: for units of the agent's core: the world that a test begins in: keys from fixed
 * seeds, a roster, an agent that runs with its link up, its channel open and its mandate declared.
 */
#ifndef AGENT_WORLD_H
#define AGENT_WORLD_H

#include "agent_play.h"

static inline unsigned person_add(struct sb_roster *roster, const char *id, bool mandate)
{
    struct sb_roster_person *person = &roster->person[roster->person_count];

    person->id = sb_name(id);
    (void)snprintf(person->name, sizeof person->name, "Namn %s", id);
    person->channel[0].kind = sb_name("sms");
    (void)snprintf(person->channel[0].contact, sizeof person->channel[0].contact, "070-%s", id);
    person->channel_count = 1;
    if (mandate) {
        person->mandate[0].level = SB_LEVEL_SAMORDNANDE_FORUM;
        person->mandate_count = 1;
    }
    return roster->person_count++;
}

/* taby's TiB: p7, then p8, deputy d9; p8 holds no mandate. solna's: p7 too. */
static inline void roster_fill(struct sb_roster *roster)
{
    struct sb_roster_function *tib = &roster->function[0];

    memset(roster, 0, sizeof *roster);
    tib->function = sb_name("tib");
    tib->step_ms = STEP_MS;
    tib->people[0] = person_add(roster, "p7", true);
    tib->people[1] = person_add(roster, "p8", false);
    tib->people_count = 2;
    tib->deputies[0] = person_add(roster, "d9", true);
    tib->deputy_count = 1;
    roster->function_count = 1;
}

static inline void agent_enrol(struct world *world)
{
    const struct sb_name subject = sb_name("taby-1");
    struct sb_list_writer list;
    struct sb_record record = {0};

    party_keys(&world->agent_party, 20);
    sb_list_init(&list);
    sb_list_add(&list, sb_bytes_str("taby"));
    sb_list_add(&list, sb_bytes_str("solna"));
    party_record(&record, &world->agent_party, SB_ROLE_AGENT, &subject, &list);
    sb_buf_init(&world->agent_party.cert, SB_CERT_SIZE_MAX);
    sb_cert_write(&record, &world->authority.enrolment,
                  sb_buf_bytes(&world->authority.enrolment_cert), &world->agent_party.cert);
    sb_list_finish(&list);
}

/* The broker's link lets in only an agent that is enrolled. */
static inline void broker_enrols(struct world *world)
{
    struct sb_record row = {0};
    struct sb_buf buf;

    sb_record_set_number(&row, SB_FIELD_SESSION, 0);
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_write(&row, SB_PARTS_ALL, &buf);
    struct sb_txn *txn = world_begin(world->broker_store);
    sb_txn_put(txn, SB_TABLE_AGENT, sb_bytes_str("taby-1"), sb_buf_bytes(&buf));
    world_commit(world->broker_store, txn);
    sb_buf_finish(&buf);
}

/* The agent runs, its link is up, its channel is open. */
static inline int world_setup(void **state)
{
    struct world *world = sb_alloc(1, sizeof *world);

    authority_init(&world->authority);
    party_keys(&world->broker_party, 10);
    party_enrol(&world->broker_party, &world->authority, SB_ROLE_BROKER, "lst-ab", "lst-ab");
    party_keys(&world->stranger, 40);
    party_enrol(&world->stranger, &world->authority, SB_ROLE_AGENT, "lund-1", "lst-ab");
    world->orgs[0] = sb_name("taby");
    world->orgs[1] = sb_name("solna");
    agent_enrol(world);
    roster_fill(&world->roster);
    world->now = (struct sb_now){.mono_ms = 1000000, .wall_ms = AUTHORITY_NOW_MS};
    memset(world->entropy.seed, 5, sizeof world->entropy.seed);
    world->broker_store = sb_store_open_memory();
    world->agent_store = sb_store_open_memory();
    sb_buf_init(&world->reply, SB_FRAME_SIZE_MAX);
    broker_enrols(world);
    agent_start(world);
    channel_open(world);
    declare_mandate(world, "tib");
    settle(world);
    *state = world;
    return 0;
}

static inline int world_teardown(void **state)
{
    struct world *world = *state;

    sb_agent_destroy(world->agent);
    sb_link_destroy(world->broker_link);
    sb_store_close(world->broker_store);
    sb_store_close(world->agent_store);
    queue_clear(&world->to_agent);
    queue_clear(&world->to_broker);
    sb_buf_finish(&world->reply);
    party_finish(&world->broker_party);
    party_finish(&world->agent_party);
    party_finish(&world->stranger);
    authority_finish(&world->authority);
    free(world);
    return 0;
}

#endif
