/* found.c: how a simulated county comes to be: broker, keys, register and agents, through the real
 * verbs. */
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>

static struct sb_signer signer_make(struct world *world)
{
    struct sb_entropy entropy = world_entropy(world);
    struct sb_signer signer;
    sb_signer_make(entropy.seed, &signer);
    return signer;
}

/* Root, broker's and enrolment certificate, as `samband-broker init` makes them. */
static void world_found(struct world *world)
{
    struct sb_broker_config *config = &world->broker_config;
    world->root = signer_make(world);
    config->org = sb_name("lst-ab");
    config->root = world->root.public_key;
    config->enrolment = signer_make(world);
    config->dark_after_ms = SB_SILENT_AFTER_MS;
    struct sb_record *record = sb_alloc(1, sizeof *record);
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("lst-ab"));
    sb_record_set_name(record, SB_FIELD_SUBJECT, &config->org);
    sb_record_set_number(record, SB_FIELD_ROLE, SB_ROLE_BROKER);
    sb_record_set_bytes(record, SB_FIELD_ORGS, sb_list_bytes(&orgs));
    static const enum sb_field realm_fields[] = {0, SB_FIELD_KEY_LIVE, SB_FIELD_KEY_EXERCISE,
                                                 SB_FIELD_KEY_TEST};
    for (unsigned realm = 1; realm < 4; realm++) {
        config->realm[realm] = signer_make(world);
        sb_record_set_bytes(record, realm_fields[realm],
                            sb_bytes(config->realm[realm].public_key.at, SB_KEY_SIZE));
    }
    sb_record_set_bytes(record, SB_FIELD_CURVE_KEY, sb_bytes(config->curve.at, SB_KEY_SIZE));
    sb_record_set_number(record, SB_FIELD_VALID_FROM, WORLD_START_MS - 1000);
    sb_record_set_number(record, SB_FIELD_VALID_TO, WORLD_START_MS + SB_CERT_VALID_MS);
    sb_record_set_number(record, SB_FIELD_SERIAL, 1);
    sb_buf_init(&world->broker_cert, SB_CERT_SIZE_MAX);
    sb_cert_write(record, &world->root, sb_bytes(NULL, 0), &world->broker_cert);
    sb_list_finish(&orgs);
    sb_record_clear(record);
    struct sb_name enrolment = sb_name("enrolment");
    sb_record_set_name(record, SB_FIELD_SUBJECT, &enrolment);
    sb_record_set_number(record, SB_FIELD_ROLE, SB_ROLE_ENROLMENT);
    sb_record_set_bytes(record, SB_FIELD_MACHINE_KEY,
                        sb_bytes(config->enrolment.public_key.at, SB_KEY_SIZE));
    sb_record_set_number(record, SB_FIELD_VALID_FROM, WORLD_START_MS - 1000);
    sb_record_set_number(record, SB_FIELD_VALID_TO, WORLD_START_MS + SB_CERT_VALID_MS);
    sb_record_set_number(record, SB_FIELD_SERIAL, 2);
    sb_buf_init(&world->enrolment_cert, SB_CERT_SIZE_MAX);
    sb_cert_write(record, &world->root, sb_bytes(NULL, 0), &world->enrolment_cert);
    config->cert = sb_buf_bytes(&world->broker_cert);
    config->enrolment_cert = sb_buf_bytes(&world->enrolment_cert);
    (void)snprintf(config->link_endpoint, sizeof config->link_endpoint, "tcp://127.0.0.1:1");
    (void)snprintf(config->control_endpoint, sizeof config->control_endpoint, "tcp://127.0.0.1:2");
    free(record);
}

/* The first administrator, as `samband-broker init` enrols one. */
static void world_operator(struct world *world)
{
    struct sb_broker_config *config = &world->broker_config;
    struct sb_record *record = sb_alloc(1, sizeof *record);
    world->operator_key = signer_make(world);
    struct sb_signer transport = signer_make(world);
    struct sb_name tib = sb_name("tib");
    sb_record_set_name(record, SB_FIELD_SUBJECT, &tib);
    sb_record_set_number(record, SB_FIELD_ROLE, SB_ROLE_ADMIN);
    sb_record_set_number(record, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_bytes(record, SB_FIELD_CURVE_KEY, sb_bytes(transport.public_key.at, SB_KEY_SIZE));
    sb_record_set_bytes(record, SB_FIELD_KEY_LIVE,
                        sb_bytes(world->operator_key.public_key.at, SB_KEY_SIZE));
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(world->broker_store, &why);
    sb_broker_found(txn, config, world_now(world));
    sb_buf_init(&world->operator_cert, SB_CERT_SIZE_MAX);
    enum sb_err err = sb_broker_enrol_operator(txn, config, record, world_now(world),
                                               &world->operator_cert, &why);
    SB_ASSERT(err == SB_ERR_OK);
    err = sb_store_commit(world->broker_store, txn, &why);
    SB_ASSERT(err == SB_ERR_OK);
    free(record);
}

/* org invite → join, through the real verbs. */
static void world_enrol(struct world *world, unsigned agent, const char *org)
{
    struct world_node *node = &world->agent[agent];
    struct sb_why why = {0};
    struct sb_record *record = sb_alloc(1, sizeof *record);
    struct sb_name name = sb_name(org);
    sb_record_set_name(record, SB_FIELD_ORG, &name);
    enum sb_err err = world_order(world, "org-invite", record, &why);
    SB_ASSERT(err == SB_ERR_OK);
    sb_record_clear(record);
    bool has = world_reply_row(world, 0, record);
    SB_ASSERT(has);
    struct sb_token token;
    err = sb_token_read(sb_record_bytes(record, SB_FIELD_TOKEN), &token, &why);
    SB_ASSERT(err == SB_ERR_OK);
    struct sb_public_key once;
    sb_curve_public(token.once_secret, &once);
    struct sb_txn *txn = sb_store_begin(world->broker_store, &why);
    struct sb_name user = {0};
    err = sb_broker_admit(txn, &once, world_now(world), &user);
    SB_ASSERT(err == SB_ERR_OK);
    sb_store_abort(world->broker_store, txn);
    sb_record_clear(record);
    struct sb_signer transport = signer_make(world);
    node->config.machine = signer_make(world);
    sb_record_set_bytes(record, SB_FIELD_CURVE_KEY, sb_bytes(transport.public_key.at, SB_KEY_SIZE));
    sb_record_set_bytes(record, SB_FIELD_MACHINE_KEY,
                        sb_bytes(node->config.machine.public_key.at, SB_KEY_SIZE));
    static const enum sb_field realm_fields[] = {0, SB_FIELD_KEY_LIVE, SB_FIELD_KEY_EXERCISE,
                                                 SB_FIELD_KEY_TEST};
    for (unsigned realm = 1; realm < 4; realm++) {
        node->config.realm[realm] = signer_make(world);
        sb_record_set_bytes(record, realm_fields[realm],
                            sb_bytes(node->config.realm[realm].public_key.at, SB_KEY_SIZE));
    }
    err = world_ask(world, user.text, "join", record, NULL, &why);
    SB_ASSERT(err == SB_ERR_OK);
    sb_record_clear(record);
    has = world_reply_row(world, 0, record);
    SB_ASSERT(has);
    sb_buf_init(&node->cert, SB_CERT_SIZE_MAX);
    sb_buf_init(&node->keys, 1u << 20);
    sb_buf_add(&node->cert, sb_record_bytes(record, SB_FIELD_CERT));
    node->name = sb_record_name(record, SB_FIELD_AGENT);
    node->config.agent = node->name;
    node->config.org[0] = name;
    node->config.org_count = 1;
    node->config.cert = sb_buf_bytes(&node->cert);
    node->config.root = world->root.public_key;
    node->config.roster = &node->roster;
    node->store = sb_store_open_memory();
    node->core = sb_agent_new(&node->config);
    node->connection = 1;
    free(record);
}

struct world *world_new(uint64_t seed, const char *const *orgs, unsigned count)
{
    SB_ASSERT(count <= WORLD_AGENTS_MAX);
    struct world *world = sb_alloc(1, sizeof *world);
    world->random = seed * 0x9e3779b97f4a7c15ull + 0x1234567;
    world->delay_min_ms = 1;
    world->delay_max_ms = 1;
    world->broker_store = sb_store_open_memory();
    sb_buf_init(&world->reply, SB_FRAME_SIZE_MAX);
    world_found(world);
    world_operator(world);
    world->broker = sb_broker_new(&world->broker_config);
    struct sb_buf csv;
    sb_buf_init(&csv, SB_TEXT_SIZE_MAX);
    sb_buf_add(&csv, sb_bytes_str("id,name,category,kommunkod,fire_service,county_code,tib_number,"
                                  "switchboard,rakel,fallback\n"));
    for (unsigned i = 0; i < count; i++) {
        char line[200];
        (void)snprintf(line, sizeof line, "%s,%s,%s,,,01,08-46500%03u,08-46501%03u,23700%02u,\n",
                       orgs[i], orgs[i], orgs[i], i, i, i);
        sb_buf_add(&csv, sb_bytes_str(line));
    }
    struct sb_record *record = sb_alloc(1, sizeof *record);
    sb_record_set_bytes(record, SB_FIELD_CSV, sb_buf_bytes(&csv));
    struct sb_why why = {0};
    enum sb_err err = world_order(world, "org-load", record, &why);
    if (err != SB_ERR_OK) {
        (void)fprintf(stderr, "org-load: %s\n", why.text);
    }
    SB_ASSERT(err == SB_ERR_OK);
    sb_buf_finish(&csv);
    free(record);
    for (unsigned i = 0; i < count; i++) {
        world_enrol(world, i, orgs[i]);
        world->agent_count = i + 1;
    }
    return world;
}

void world_destroy(struct world *world)
{
    for (unsigned i = 0; i < world->agent_count; i++) {
        sb_agent_destroy(world->agent[i].core);
        sb_store_close(world->agent[i].store);
        sb_buf_finish(&world->agent[i].cert);
        sb_buf_finish(&world->agent[i].keys);
    }
    for (size_t i = 0; i < world->packet_count; i++) {
        free((void *)(uintptr_t)world->packets[i].bytes.at);
    }
    free(world->packets);
    world_streams_destroy(world->streams);
    sb_broker_destroy(world->broker);
    sb_store_close(world->broker_store);
    sb_buf_finish(&world->broker_cert);
    sb_buf_finish(&world->enrolment_cert);
    sb_buf_finish(&world->operator_cert);
    sb_buf_finish(&world->reply);
    free(world);
}
