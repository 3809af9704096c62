/* found.c: how a simulated county comes to be: broker, keys, register and agents, through the real
 * verbs. */
#include "turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* An administrator of one realm, as `samband-broker init` enrols the first. */
static void world_operator(struct world *world, const char *name, enum sb_realm realm)
{
    static const enum sb_field realm_fields[] = {0, SB_FIELD_KEY_LIVE, SB_FIELD_KEY_EXERCISE,
                                                 SB_FIELD_KEY_TEST};
    struct sb_broker_config *config = &world->broker_config;
    struct sb_record *record = sb_alloc(1, sizeof *record);
    world->operator_key[realm] = signer_make(world);
    struct sb_signer transport = signer_make(world);
    struct sb_name tib = sb_name(name);
    sb_record_set_name(record, SB_FIELD_SUBJECT, &tib);
    sb_record_set_number(record, SB_FIELD_ROLE, SB_ROLE_ADMIN);
    sb_record_set_number(record, SB_FIELD_REALM, realm);
    sb_record_set_bytes(record, SB_FIELD_CURVE_KEY, sb_bytes(transport.public_key.at, SB_KEY_SIZE));
    sb_record_set_bytes(record, realm_fields[realm],
                        sb_bytes(world->operator_key[realm].public_key.at, SB_KEY_SIZE));
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(world->broker_store, &why);
    if (realm == SB_REALM_LIVE) {
        sb_broker_found(txn, config, world_now(world));
    }
    struct sb_buf cert;
    sb_buf_init(&cert, SB_CERT_SIZE_MAX);
    enum sb_err err = sb_broker_enrol_operator(txn, config, record, world_now(world), &cert, &why);
    sb_buf_finish(&cert);
    SB_ASSERT(err == SB_ERR_OK);
    err = sb_store_commit(world->broker_store, txn, &why);
    SB_ASSERT(err == SB_ERR_OK);
    free(record);
}

/* "taby+solna" → both; how many. */
static unsigned orgs_read(const char *orgs, struct sb_name *ret_orgs)
{
    size_t size = strcspn(orgs, "+");
    bool good = sb_name_read(sb_bytes(orgs, size), &ret_orgs[0]);
    SB_ASSERT(good);
    if (orgs[size] == '\0') {
        return 1;
    }
    good = sb_name_read(sb_bytes_str(orgs + size + 1), &ret_orgs[1]);
    SB_ASSERT(good);
    return WORLD_ORGS_MAX;
}

/* org invite → join, through the real verbs. */
static void world_enrol(struct world *world, unsigned agent, const char *orgs)
{
    struct world_node *node = &world->agent[agent];
    struct sb_why why = {0};
    struct sb_record *record = sb_alloc(1, sizeof *record);
    struct sb_list_writer served;
    sb_list_init(&served);
    node->config.org_count = orgs_read(orgs, node->config.org);
    for (unsigned i = 0; i < node->config.org_count; i++) {
        sb_list_add(&served, sb_name_bytes(&node->config.org[i]));
    }
    sb_record_set_name(record, SB_FIELD_ORG, &node->config.org[0]);
    sb_record_set_bytes(record, SB_FIELD_ORGS, sb_list_bytes(&served));
    enum sb_err err = world_order(world, "org-invite", record, &why);
    SB_ASSERT(err == SB_ERR_OK);
    sb_list_finish(&served);
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
    sb_buf_init(&node->keys, 8u << 20);
    sb_buf_add(&node->cert, sb_record_bytes(record, SB_FIELD_CERT));
    node->name = sb_record_name(record, SB_FIELD_AGENT);
    node->config.agent = node->name;
    node->config.cert = sb_buf_bytes(&node->cert);
    node->config.root = world->root.public_key;
    node->config.roster = &node->roster;
    node->store = sb_store_open_memory();
    node->core = sb_agent_new(&node->config);
    node->connection = 1;
    node->channel = CHANNEL_TOKEN;
    free(record);
}

struct world *world_new(uint64_t seed, const char *const *orgs, unsigned count)
{
    SB_ASSERT(count <= WORLD_AGENTS_MAX);
    struct world *world = sb_alloc(1, sizeof *world);
    world->random = seed * 0x9e3779b97f4a7c15ull + 0x1234567;
    world->secrets = world->random ^ 0x5851f42d4c957f2dull;
    world_writes_init(&world->writes);
    world->delay_min_ms = 1;
    world->delay_max_ms = 1;
    world->broker_store = sb_store_open_memory();
    sb_buf_init(&world->reply, SB_FRAME_SIZE_MAX);
    world_found(world);
    world_operator(world, "tib", SB_REALM_LIVE);
    world_operator(world, "tib-ovning", SB_REALM_EXERCISE);
    world_operator(world, "tib-prov", SB_REALM_TEST);
    world->broker = sb_broker_new(&world->broker_config);
    struct sb_buf csv;
    sb_buf_init(&csv, SB_TEXT_SIZE_MAX);
    sb_buf_add(&csv, sb_bytes_str("id,name,category,kommunkod,fire_service,county_code,tib_number,"
                                  "switchboard,rakel,fallback\n"));
    for (unsigned i = 0; i < count; i++) {
        struct sb_name served[WORLD_ORGS_MAX];
        unsigned served_count = orgs_read(orgs[i], served);
        for (unsigned j = 0; j < served_count; j++) {
            char line[400];
            (void)snprintf(line, sizeof line,
                           "%s,%s,%s,,,01,08-46500%03u,08-46501%03u,23700%02u,\n", served[j].text,
                           served[j].text, served[j].text, i, i, i);
            sb_buf_add(&csv, sb_bytes_str(line));
        }
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
        sb_store_close(world->agent[i].backup);
        sb_buf_finish(&world->agent[i].cert);
        sb_buf_finish(&world->agent[i].keys);
        world_silenced_destroy(world->silenced[i]);
    }
    for (size_t i = 0; i < world->packet_count; i++) {
        free((void *)(uintptr_t)world->packets[i].bytes.at);
    }
    free(world->packets);
    world_streams_destroy(world->streams);
    world_promises_destroy(world->promises);
    world_silenced_destroy(world->silenced[WORLD_AGENTS_MAX]);
    sb_store_close(world->broker_backup);
    world_writes_finish(&world->writes);
    sb_broker_destroy(world->broker);
    sb_store_close(world->broker_store);
    sb_buf_finish(&world->broker_cert);
    sb_buf_finish(&world->enrolment_cert);
    sb_buf_finish(&world->reply);
    free(world);
}
