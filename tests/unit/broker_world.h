/* broker_world.h: for units of broker/core: a founded broker on a memory store, operators of each
 * role, the county's real register and forums. A turn is a shell's: step, flush, commit, then the
 * effects. Agents: broker_agents.h. */
#ifndef BROKER_WORLD_H
#define BROKER_WORLD_H

#include "../../broker/core/core.h"
#include "authority.h"
#include "check.h"
#include "samband/control.h"
#include "samband/store.h"

#include <stdio.h>
#include <stdlib.h>

#define AGENTS_MAX 8
#define QUEUE_MAX  256
#define TEXTS_SIZE 65536

struct queue {
    struct sb_buf frame[QUEUE_MAX];
    unsigned count;
};

struct person {
    struct sb_name user; /* "o:tib" */
    struct sb_signer signer;
};

/* An agent: its own store and its end of the link, without a reach engine. */
struct agent_end {
    struct sb_name agent, org, user;
    struct party party;
    struct sb_store *store;
    struct sb_link *link;
    uint64_t token;
    struct queue inbox;
    unsigned arrived;        /* entries taken */
    struct sb_hash newest;   /* the event that came last */
    unsigned verdicts;       /* of the broker, about what was sent up */
    uint64_t verdict_reason; /* the newest one's */
    enum sb_err refused;     /* what the newest REFUSE frame said */
};

struct county {
    enum sb_room_level room; /* that its store has */
    struct authority authority;
    struct party party;
    struct sb_broker_config config;
    struct sb_store *store;
    struct sb_broker *broker;
    struct sb_now now;
    uint64_t seeds;
    struct person admin, tib, viewer, trainer;
    struct agent_end end[AGENTS_MAX];
    unsigned end_count;
    struct sb_buf reply, log, trace;
    struct sb_reply answer; /* the newest reply, read; its bytes are reply's */
    struct sb_why why;      /* the newest refusal's sentence */
    uint64_t requests;
    unsigned drops;
};

static inline struct sb_entropy county_entropy(struct county *county)
{
    struct sb_entropy entropy = {0};
    sb_be64_write(entropy.seed, ++county->seeds);
    return entropy;
}

static inline void queue_add(struct queue *queue, struct sb_bytes bytes)
{
    assert_true(queue->count < QUEUE_MAX);
    sb_buf_init(&queue->frame[queue->count], SB_FRAME_SIZE_MAX);
    sb_buf_add(&queue->frame[queue->count++], bytes);
}

static inline void queue_clear(struct queue *queue)
{
    for (unsigned i = 0; i < queue->count; i++) {
        sb_buf_finish(&queue->frame[i]);
    }
    queue->count = 0;
}

static inline struct sb_txn *store_begin(struct sb_store *store)
{
    struct sb_why why = {0};
    struct sb_txn *txn = sb_store_begin(store, &why);
    assert_non_null(txn);
    return txn;
}

static inline void store_commit(struct sb_store *store, struct sb_txn *txn)
{
    struct sb_why why = {0};
    assert_int_equal(sb_store_commit(store, txn, &why), SB_ERR_OK);
}

static inline void county_effect(struct county *county, const struct sb_effect *effect)
{
    static const uint8_t newline = '\n';
    struct sb_buf *text = effect->kind == SB_EFFECT_LOG ? &county->log : &county->trace;
    switch (effect->kind) {
    case SB_EFFECT_REPLY:
        sb_buf_clear(&county->reply);
        sb_buf_add(&county->reply, effect->bytes);
        break;
    case SB_EFFECT_SEND:
        for (unsigned i = 0; i < county->end_count; i++) {
            if (county->end[i].token == effect->to) {
                queue_add(&county->end[i].inbox, effect->bytes);
            }
        }
        break;
    case SB_EFFECT_LOG:
    case SB_EFFECT_TRACE:
        sb_buf_add(text, effect->bytes);
        sb_buf_add_byte(text, newline);
        break;
    case SB_EFFECT_DROP: county->drops++; break;
    case SB_EFFECT_ATTEMPT:
    case SB_EFFECT_REBUILD: fail_msg("an agent's effect from a broker");
    }
}

static inline void county_turn(struct county *county, const struct sb_broker_input *input)
{
    struct sb_effects effects;
    struct sb_entropy entropy = county_entropy(county);
    struct sb_txn *txn = store_begin(county->store);
    txn->room.level = county->room;
    sb_effects_init(&effects);
    sb_broker_step(county->broker, txn, input, county->now, &entropy, &effects);
    sb_broker_flush(county->broker, txn, county->now, &entropy, &effects);
    store_commit(county->store, txn);
    for (size_t i = 0; i < effects.count; i++) {
        county_effect(county, &effects.at[i]);
    }
    sb_effects_finish(&effects);
}

static inline void county_pass(struct county *county, uint64_t ms)
{
    struct sb_broker_input tick = {.kind = SB_BROKER_TICK};
    county->now.mono_ms += ms;
    county->now.wall_ms += ms;
    county_turn(county, &tick);
}

/* The process ends without a word and begins anew on the same store. */
static inline void county_restart(struct county *county)
{
    sb_broker_destroy(county->broker);
    county->broker = sb_broker_new(&county->config);
}

static inline bool said(const struct sb_buf *text, const char *what)
{
    size_t size = strlen(what);
    for (size_t i = 0; i + size <= text->size; i++) {
        if (memcmp(text->at + i, what, size) == 0) {
            return true;
        }
    }
    return false;
}

static inline uint64_t counter(struct county *county, const char *name)
{
    struct sb_txn *txn = store_begin(county->store);
    uint64_t number = sb_txn_number(txn, SB_TABLE_COUNTER, name);
    sb_store_abort(county->store, txn);
    return number;
}

static inline uint64_t log_size(struct county *county)
{
    struct sb_txn *txn = store_begin(county->store);
    uint64_t next = sb_log_next_index(txn);
    sb_store_abort(county->store, txn);
    return next - 1;
}

/* ---- requests ---- */

static inline void request_bytes(uint64_t id, const char *verb, const struct sb_record *args,
                                 const struct sb_signer *signer, struct sb_buf *ret_bytes)
{
    uint8_t bytes[SB_REQUEST_ID_SIZE] = {0};
    struct sb_name name = sb_name(verb);
    sb_be64_write(bytes, id);
    sb_buf_init(ret_bytes, SB_FRAME_SIZE_MAX);
    sb_request_write(bytes, &name, args, signer, ret_bytes);
}

static inline enum sb_err county_send(struct county *county, const struct sb_name *user,
                                      struct sb_bytes bytes)
{
    struct sb_broker_input input = {
        .kind = SB_BROKER_REQUEST, .from = 1, .user = *user, .bytes = bytes};
    sb_buf_clear(&county->reply);
    county_turn(county, &input);
    struct sb_why why = {0};
    assert_int_equal(sb_reply_read(sb_buf_bytes(&county->reply), &county->answer, &why), SB_ERR_OK);
    (void)sb_why_take(&county->why, county->answer.err, county->answer.why);
    if (county->answer.err != SB_ERR_OK) {
        check_said(&county->why, "", "");
    }
    return county->answer.err;
}

/* A signed request with a new id. */
static inline enum sb_err ask(struct county *county, const struct person *person, const char *verb,
                              const struct sb_record *args)
{
    struct sb_buf bytes;
    request_bytes(++county->requests, verb, args, &person->signer, &bytes);
    enum sb_err err = county_send(county, &person->user, sb_buf_bytes(&bytes));
    sb_buf_finish(&bytes);
    return err;
}

static inline void must(struct county *county, const struct person *person, const char *verb,
                        const struct sb_record *args)
{
    enum sb_err err = ask(county, person, verb, args);
    if (err != SB_ERR_OK) {
        fail_msg("%s: %s: %s", verb, sb_err_name(err), county->why.text);
    }
}

static inline unsigned reply_rows(const struct county *county)
{
    struct sb_row_reader reader = sb_rows_read(county->answer.rows);
    return reader.left;
}

/* A row of the newest reply; its bytes are good until the next request. */
static inline void reply_row(const struct county *county, unsigned position,
                             struct sb_record *ret_row)
{
    struct sb_row_reader reader = sb_rows_read(county->answer.rows);
    for (unsigned i = 0; i <= position; i++) {
        sb_record_clear(ret_row);
        assert_true(sb_rows_next(&reader, ret_row));
    }
}

static inline bool row_says(const struct sb_record *row, enum sb_field field, const char *text)
{
    return sb_bytes_equal(sb_record_bytes(row, field), sb_bytes_str(text));
}

/* The board's row of a seat; false where there is none. */
static inline bool seat_row(const struct county *county, const char *seat,
                            struct sb_record *ret_row)
{
    struct sb_row_reader reader = sb_rows_read(county->answer.rows);
    sb_record_clear(ret_row);
    while (sb_rows_next(&reader, ret_row)) {
        if (row_says(ret_row, SB_FIELD_SEAT, seat)) {
            return true;
        }
        sb_record_clear(ret_row);
    }
    return false;
}

/* ---- the county ---- */

static inline void county_load(struct county *county, const char *verb, const char *csv)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_CSV, csv);
    must(county, &county->admin, verb, &args);
}

/* deploy/register/NAME; to be freed. */
static inline char *deploy_file(const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/deploy/register/%s", SB_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = sb_alloc(1, SB_TEXT_SIZE_MAX + 1);
    size_t size = fread(text, 1, SB_TEXT_SIZE_MAX, file);
    assert_int_equal(fclose(file), 0);
    assert_true(size > 0 && size < SB_TEXT_SIZE_MAX);
    return text;
}

static inline void county_load_real(struct county *county)
{
    char *orgs = deploy_file("register.csv");
    char *forums = deploy_file("forums.csv");
    county_load(county, "org-load", orgs);
    county_load(county, "forum-load", forums);
    free(orgs);
    free(forums);
}

static inline void person_enrol(struct county *county, struct person *person, const char *name,
                                enum sb_role role, enum sb_realm realm)
{
    static const enum sb_field realm_keys[] = {0, SB_FIELD_KEY_LIVE, SB_FIELD_KEY_EXERCISE,
                                               SB_FIELD_KEY_TEST};
    struct sb_record wanted = {0};
    struct sb_name subject = sb_name(name);
    struct sb_why why = {0};
    struct sb_buf cert;
    char user[SB_NAME_SIZE_MAX + 8];
    (void)snprintf(user, sizeof user, "o:%s", name);
    person->user = sb_name(user);
    signer_from((uint8_t)(100 + county->seeds), &person->signer);
    county->seeds++;
    uint8_t curve[SB_KEY_SIZE];
    memset(curve, (int)(200 + county->seeds), sizeof curve);
    sb_record_set_name(&wanted, SB_FIELD_SUBJECT, &subject);
    sb_record_set_number(&wanted, SB_FIELD_ROLE, role);
    sb_record_set_number(&wanted, SB_FIELD_REALM, realm);
    sb_record_set_bytes(&wanted, SB_FIELD_CURVE_KEY, sb_bytes(curve, sizeof curve));
    set_key(&wanted, realm_keys[realm], &person->signer.public_key);
    sb_buf_init(&cert, SB_CERT_SIZE_MAX);
    struct sb_txn *txn = store_begin(county->store);
    assert_int_equal(
        sb_broker_enrol_operator(txn, &county->config, &wanted, county->now, &cert, &why),
        SB_ERR_OK);
    store_commit(county->store, txn);
    sb_buf_finish(&cert);
}

static inline void county_config(struct county *county)
{
    struct sb_broker_config *config = &county->config;
    config->org = sb_name("lst-ab");
    config->cert = sb_buf_bytes(&county->party.cert);
    config->enrolment = county->authority.enrolment;
    config->enrolment_cert = sb_buf_bytes(&county->authority.enrolment_cert);
    config->root = county->authority.root.public_key;
    config->curve = county->party.curve;
    config->dark_after_ms = SB_SILENT_AFTER_MS;
    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST; realm++) {
        config->realm[realm] = county->party.realm[realm];
    }
    (void)snprintf(config->link_endpoint, sizeof config->link_endpoint, "tcp://broker:1");
    (void)snprintf(config->control_endpoint, sizeof config->control_endpoint, "tcp://broker:2");
}

static inline int county_setup(void **state)
{
    struct county *county = sb_alloc(1, sizeof *county);
    authority_init(&county->authority);
    party_keys(&county->party, 10);
    party_enrol(&county->party, &county->authority, SB_ROLE_BROKER, "lst-ab", "lst-ab");
    county_config(county);
    county->now = (struct sb_now){.mono_ms = 1000, .wall_ms = AUTHORITY_NOW_MS};
    county->store = sb_store_open_memory();
    sb_buf_init(&county->reply, SB_FRAME_SIZE_MAX);
    sb_buf_init(&county->log, TEXTS_SIZE);
    sb_buf_init(&county->trace, TEXTS_SIZE);
    struct sb_txn *txn = store_begin(county->store);
    sb_broker_found(txn, &county->config, county->now);
    store_commit(county->store, txn);
    person_enrol(county, &county->admin, "chef", SB_ROLE_ADMIN, SB_REALM_LIVE);
    person_enrol(county, &county->tib, "tib", SB_ROLE_OPERATOR, SB_REALM_LIVE);
    person_enrol(county, &county->viewer, "gast", SB_ROLE_VIEWER, SB_REALM_LIVE);
    person_enrol(county, &county->trainer, "ovning", SB_ROLE_EXERCISE_OPERATOR, SB_REALM_EXERCISE);
    county->broker = sb_broker_new(&county->config);
    *state = county;
    return 0;
}

/* With the real register and forums. */
static inline int county_setup_real(void **state)
{
    int failed = county_setup(state);
    county_load_real(*state);
    return failed;
}

static inline int county_teardown(void **state)
{
    struct county *county = *state;
    for (unsigned i = 0; i < county->end_count; i++) {
        sb_link_destroy(county->end[i].link);
        sb_store_close(county->end[i].store);
        queue_clear(&county->end[i].inbox);
        party_finish(&county->end[i].party);
    }
    sb_broker_destroy(county->broker);
    sb_store_close(county->store);
    sb_buf_finish(&county->reply);
    sb_buf_finish(&county->log);
    sb_buf_finish(&county->trace);
    party_finish(&county->party);
    authority_finish(&county->authority);
    free(county);
    return 0;
}

/* ---- enrolment ---- */

/* What a token that was just made (the newest reply) admits as. */
static inline struct sb_name token_user(struct county *county, struct sb_token *ret_token)
{
    struct sb_record row;
    struct sb_public_key once;
    struct sb_name user = {{0}};
    reply_row(county, 0, &row);
    assert_int_equal(sb_token_read(sb_record_bytes(&row, SB_FIELD_TOKEN), ret_token, &county->why),
                     SB_ERR_OK);
    sb_curve_public(ret_token->once_secret, &once);
    struct sb_txn *txn = store_begin(county->store);
    assert_int_equal(sb_broker_admit(txn, &once, county->now, &user), SB_ERR_OK);
    sb_store_abort(county->store, txn);
    return user;
}

static inline void join_args(const struct party *party, struct sb_record *ret_args)
{
    sb_record_clear(ret_args);
    set_key(ret_args, SB_FIELD_CURVE_KEY, &party->curve);
    if (!party->person) {
        set_key(ret_args, SB_FIELD_MACHINE_KEY, &party->machine.public_key);
    }
    set_key(ret_args, SB_FIELD_KEY_LIVE, &party->realm[SB_REALM_LIVE].public_key);
    set_key(ret_args, SB_FIELD_KEY_EXERCISE, &party->realm[SB_REALM_EXERCISE].public_key);
    set_key(ret_args, SB_FIELD_KEY_TEST, &party->realm[SB_REALM_TEST].public_key);
}

static inline enum sb_err join(struct county *county, const struct sb_name *user,
                               const struct party *party)
{
    struct sb_record args;
    struct sb_buf bytes;
    join_args(party, &args);
    request_bytes(++county->requests, "join", &args, NULL, &bytes);
    enum sb_err err = county_send(county, user, sb_buf_bytes(&bytes));
    sb_buf_finish(&bytes);
    return err;
}

static inline void invite(struct county *county, const char *org, const char *agent)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_ORG, org);
    if (agent != NULL) {
        sb_record_set_text(&args, SB_FIELD_AGENT, agent);
    }
    must(county, &county->admin, "org-invite", &args);
}

#endif
