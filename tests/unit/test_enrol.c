/* test_enrol.c: who is let in: invitations, joining, keys, roles, revocation. */
#include "broker_agents.h"

static enum sb_err admitted(struct county *county, const struct sb_public_key *key,
                            struct sb_name *ret_user)
{
    struct sb_txn *txn = store_begin(county->store);
    enum sb_err err = sb_broker_admit(txn, key, county->now, ret_user);
    store_commit(county->store, txn);
    return err;
}

static int setup(void **state)
{
    int failed = county_setup(state);
    county_load(*state, "org-load",
                "id,name,category,kommunkod,fire_service,county_code,tib_number,switchboard,rakel,"
                "fallback\ntaby,Täby,kommun,,,,,,,\nsolna,Solna,kommun,,,,,,,\n");
    return failed;
}

static void invite_person(struct county *county, const char *name, enum sb_role role,
                          enum sb_realm realm)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_SUBJECT, name);
    sb_record_set_number(&args, SB_FIELD_ROLE, role);
    sb_record_set_number(&args, SB_FIELD_REALM, realm);
    must(county, &county->admin, "operator-invite", &args);
}

/* The certificate in the newest reply, checked up to the root. */
static struct sb_cert reply_cert(struct county *county)
{
    struct sb_record row;
    struct sb_cert cert = {.serial = 0};
    struct sb_why why = {0};
    reply_row(county, 0, &row);
    assert_int_equal(sb_cert_read(sb_record_bytes(&row, SB_FIELD_CERT),
                                  &county->authority.root.public_key, county->now.wall_ms, NULL,
                                  &cert, &why),
                     SB_ERR_OK);
    return cert;
}

static void test_agent_joins(void **state)
{
    struct county *county = *state;
    struct sb_token token;
    struct sb_record row;
    struct party party;
    struct sb_name user;
    party_keys(&party, 20);
    assert_int_equal(admitted(county, &party.curve, &user), SB_ERR_NOT_FOUND);
    invite(county, "taby", NULL);
    reply_row(county, 0, &row);
    assert_true(row_says(&row, SB_FIELD_AGENT, "taby-1"));
    assert_int_equal(sb_record_number(&row, SB_FIELD_VALID_TO),
                     county->now.wall_ms + SB_TOKEN_VALID_MS);
    struct sb_name once = token_user(county, &token);
    assert_string_equal(token.endpoint, "tcp://broker:2"); /* joining is a request */
    assert_memory_equal(token.root.at, county->authority.root.public_key.at, SB_KEY_SIZE);
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
    reply_row(county, 0, &row);
    assert_true(row_says(&row, SB_FIELD_ENDPOINT, "tcp://broker:1"));
    struct sb_cert cert = reply_cert(county);
    struct sb_name taby = sb_name("taby");
    struct sb_name solna = sb_name("solna");
    assert_string_equal(cert.subject.text, "taby-1");
    assert_int_equal(cert.role, SB_ROLE_AGENT);
    assert_true(sb_cert_serves(&cert, &taby));
    assert_false(sb_cert_serves(&cert, &solna));
    assert_true(cert.has_realm_key[SB_REALM_LIVE] && cert.has_realm_key[SB_REALM_TEST]);
    assert_int_equal(admitted(county, &party.curve, &user), SB_ERR_OK);
    assert_string_equal(user.text, "a:taby-1");
}

/* Asked again after a time-out: the same answer. Other keys: somebody else has the token. */
static void test_used_token(void **state)
{
    struct county *county = *state;
    struct sb_token token;
    struct party party;
    struct party thief;
    struct sb_buf first;
    party_keys(&party, 20);
    party_keys(&thief, 30);
    invite(county, "taby", NULL);
    struct sb_name once = token_user(county, &token);
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
    struct sb_record row;
    reply_row(county, 0, &row);
    sb_buf_init(&first, SB_CERT_SIZE_MAX);
    sb_buf_add(&first, sb_record_bytes(&row, SB_FIELD_CERT));
    county_pass(county, SB_TOKEN_VALID_MS + 1); /* also when it has run out meanwhile */
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
    reply_row(county, 0, &row);
    check_same_bytes(sb_record_bytes(&row, SB_FIELD_CERT), sb_buf_bytes(&first));
    assert_int_equal(join(county, &once, &thief), SB_ERR_ALREADY);
    assert_non_null(strstr(county->why.text, "used already"));
    struct sb_name user;
    assert_int_equal(admitted(county, &thief.curve, &user), SB_ERR_NOT_FOUND);
    sb_buf_finish(&first);
}

static void test_expired_token(void **state)
{
    struct county *county = *state;
    struct sb_token token;
    struct party party;
    party_keys(&party, 20);
    invite(county, "taby", NULL);
    struct sb_name once = token_user(county, &token);
    county_pass(county, SB_TOKEN_VALID_MS);
    invite(county, "solna", NULL);
    struct sb_name other = token_user(county, &token);
    county_pass(county, 1);
    assert_int_equal(join(county, &once, &party), SB_ERR_EXPIRED);
    assert_non_null(strstr(county->why.text, "72 hours"));
    county_pass(county, SB_TOKEN_VALID_MS - 1); /* the last moment of the other */
    assert_int_equal(join(county, &other, &party), SB_ERR_OK);
}

/* A key that nobody made an invitation for; a user id that ZAP never gives. */
static void test_forged_token(void **state)
{
    struct county *county = *state;
    struct party party;
    struct sb_public_key key;
    uint8_t secret[SB_KEY_SIZE];
    struct sb_name user;
    memset(secret, 99, sizeof secret);
    sb_curve_public(secret, &key);
    party_keys(&party, 20);
    assert_int_equal(admitted(county, &key, &user), SB_ERR_NOT_FOUND);
    static const char *const users[] = {"e:00000000000000000000000000000000", "e:xyz", "e:0000"};
    for (size_t i = 0; i < COUNT_OF(users); i++) {
        struct sb_name forged = sb_name(users[i]);
        assert_int_equal(join(county, &forged, &party), SB_ERR_NOT_FOUND);
    }
    assert_int_equal(join(county, &county->admin.user, &party), SB_ERR_NOT_ALLOWED);
}

/* Whoever holds a token can join and nothing else. */
static void test_token_only_joins(void **state)
{
    struct county *county = *state;
    struct sb_token token;
    struct sb_record none = {0};
    invite(county, "taby", NULL);
    struct person holder = county->admin;
    holder.user = token_user(county, &token);
    assert_int_equal(ask(county, &holder, "events", &none), SB_ERR_NOT_ALLOWED);
    assert_int_equal(ask(county, &holder, "org-list", &none), SB_ERR_NOT_ALLOWED);
    struct sb_name agent = sb_name("a:taby-1");
    holder.user = agent;
    assert_int_equal(ask(county, &holder, "events", &none), SB_ERR_NOT_ALLOWED);
}

static void test_join_needs_all_keys(void **state)
{
    struct county *county = *state;
    static const enum sb_field keys[] = {SB_FIELD_CURVE_KEY, SB_FIELD_MACHINE_KEY,
                                         SB_FIELD_KEY_LIVE, SB_FIELD_KEY_EXERCISE,
                                         SB_FIELD_KEY_TEST};
    struct sb_token token;
    struct party party;
    party_keys(&party, 20);
    invite(county, "taby", NULL);
    struct sb_name once = token_user(county, &token);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct sb_record args;
        struct sb_buf bytes;
        join_args(&party, &args);
        sb_record_unset(&args, keys[i]);
        request_bytes(++county->requests, "join", &args, NULL, &bytes);
        assert_int_equal(county_send(county, &once, sb_buf_bytes(&bytes)), SB_ERR_MISSING);
        sb_buf_finish(&bytes);
    }
    assert_int_equal(join(county, &once, &party), SB_ERR_OK); /* a refusal uses nothing up */
}

/* One transport key is one user's. */
static void test_key_of_another(void **state)
{
    struct county *county = *state;
    struct sb_token token;
    struct party party;
    party_keys(&party, 20);
    invite(county, "taby", NULL);
    struct sb_name once = token_user(county, &token);
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
    invite(county, "solna", NULL);
    struct sb_name second = token_user(county, &token);
    assert_int_equal(join(county, &second, &party), SB_ERR_ALREADY);
    struct sb_name user;
    assert_int_equal(admitted(county, &party.curve, &user), SB_ERR_OK);
    assert_string_equal(user.text, "a:taby-1");
}

/* Invited again: the new keys count, the old ones are out, and no session of theirs goes on. */
static void test_joining_again_replaces(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_token token;
    struct party renewed;
    struct sb_name user;
    party_keys(&renewed, 60);
    invite(county, "taby", NULL);
    struct sb_name once = token_user(county, &token);
    assert_int_equal(join(county, &once, &renewed), SB_ERR_OK);
    assert_int_equal(admitted(county, &taby->party.curve, &user), SB_ERR_NOT_FOUND);
    assert_int_equal(admitted(county, &renewed.curve, &user), SB_ERR_OK);
    assert_string_equal(user.text, "a:taby-1");
    assert_int_equal(county->drops, 1);
    /* A connection of before, which nothing ends, is the agent's no more. */
    struct sb_txn *txn = store_begin(county->store);
    assert_false(sb_broker_key_holds(txn, &taby->party.curve, &taby->user));
    assert_true(sb_broker_key_holds(txn, &renewed.curve, &taby->user));
    assert_false(sb_broker_key_holds(txn, &renewed.curve, &county->tib.user));
    sb_store_abort(county->store, txn);
    struct sb_broker_input input = {.kind = SB_BROKER_FRAME,
                                    .from = taby->token,
                                    .user = taby->user,
                                    .replaced = true,
                                    .bytes = sb_bytes_str("?")};
    county_turn(county, &input);
    county_settle(county);
    assert_int_equal(taby->refused, SB_ERR_REVOKED);
    assert_int_equal(counter(county, "broker/not-admitted"), 1);
    struct sb_buf order;
    struct sb_record none = {0};
    request_bytes(++county->requests, "events", &none, NULL, &order);
    input.kind = SB_BROKER_REQUEST;
    input.user = county->tib.user;
    input.bytes = sb_buf_bytes(&order);
    county_turn(county, &input);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&county->reply), &county->answer, &county->why),
                     SB_ERR_OK);
    assert_int_equal(county->answer.err, SB_ERR_REVOKED);
    sb_buf_finish(&order);
}

static void test_revoked_agent(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_name user;
    sb_record_set_text(&args, SB_FIELD_AGENT, "taby-1");
    must(county, &county->admin, "org-revoke", &args);
    assert_int_equal(admitted(county, &taby->party.curve, &user), SB_ERR_REVOKED);
    assert_int_equal(county->drops, 1);
    county_settle(county);
    assert_int_equal(taby->refused, SB_ERR_REVOKED);
    struct sb_record none = {0};
    must(county, &county->viewer, "org-list", &none);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_REVOKED), 1);
    sb_record_set_text(&args, SB_FIELD_AGENT, "nobody");
    assert_int_equal(ask(county, &county->admin, "org-revoke", &args), SB_ERR_NOT_FOUND);
    assert_int_equal(ask(county, &county->admin, "org-replace", &args), SB_ERR_NOT_FOUND);
}

static void test_refused_invitations(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    assert_int_equal(ask(county, &county->admin, "org-invite", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_ORG, "nowhere");
    assert_int_equal(ask(county, &county->admin, "org-invite", &args), SB_ERR_NOT_FOUND);
    sb_record_set_text(&args, SB_FIELD_ORG, "taby");
    struct sb_list_writer orgs;
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("nowhere"));
    sb_record_set_bytes(&args, SB_FIELD_ORGS, sb_list_bytes(&orgs));
    assert_int_equal(ask(county, &county->admin, "org-invite", &args), SB_ERR_NOT_FOUND);
    sb_list_finish(&orgs);
    sb_record_unset(&args, SB_FIELD_ORGS);
    /* 38 characters leave room for "a:". */
    sb_record_set_text(&args, SB_FIELD_AGENT, "a23456789012345678901234567890123456789");
    assert_int_equal(ask(county, &county->admin, "org-invite", &args), SB_ERR_VALUE);
    sb_record_set_text(&args, SB_FIELD_AGENT, "a2345678901234567890123456789012345678");
    assert_int_equal(ask(county, &county->admin, "org-invite", &args), SB_ERR_OK);
}

/* One agent for several organisations: ORG is among them, nobody twice. */
static void test_agent_of_several(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_token token;
    struct party party;
    struct sb_list_writer orgs;
    party_keys(&party, 20);
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("solna"));
    sb_list_add(&orgs, sb_bytes_str("taby"));
    sb_record_set_text(&args, SB_FIELD_ORG, "taby");
    sb_record_set_bytes(&args, SB_FIELD_ORGS, sb_list_bytes(&orgs));
    must(county, &county->admin, "org-invite", &args);
    sb_list_finish(&orgs);
    struct sb_name once = token_user(county, &token);
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
    struct sb_cert cert = reply_cert(county);
    assert_int_equal(cert.org_count, 2);
}

static void test_operator_joins(void **state)
{
    struct county *county = *state;
    struct sb_token token;
    struct sb_record row;
    struct party party;
    party_keys(&party, 40);
    invite_person(county, "eva", SB_ROLE_OPERATOR, SB_REALM_TEST);
    struct sb_name once = token_user(county, &token);
    party.person = false; /* an agent with a person's invitation uses nothing up */
    assert_int_equal(join(county, &once, &party), SB_ERR_NOT_ALLOWED);
    party.person = true;
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
    reply_row(county, 0, &row);
    assert_true(row_says(&row, SB_FIELD_SUBJECT, "eva"));
    struct sb_cert cert = reply_cert(county);
    assert_int_equal(cert.realm, SB_REALM_TEST);
    assert_true(cert.has_realm_key[SB_REALM_TEST]);
    assert_false(cert.has_realm_key[SB_REALM_LIVE]); /* whatever was sent */
    struct person eva = {.user = sb_name("o:eva"), .signer = party.realm[SB_REALM_TEST]};
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_TEXT, "Provlarm");
    must(county, &eva, "note", &args);
    assert_true(said(&county->trace, "store 1 event test-bulk"));
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
    party_keys(&party, 50);
    party.person = true;
    assert_int_equal(join(county, &once, &party), SB_ERR_ALREADY);
}

static void test_operators(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record args = {0};
    struct sb_record row;
    must(county, &county->viewer, "operator-list", &none);
    assert_int_equal(reply_rows(county), 4);
    sb_record_set_text(&args, SB_FIELD_SUBJECT, "eva");
    sb_record_set_number(&args, SB_FIELD_ROLE, SB_ROLE_EXERCISE_OPERATOR);
    sb_record_set_number(&args, SB_FIELD_REALM, SB_REALM_LIVE);
    assert_int_equal(ask(county, &county->admin, "operator-invite", &args), SB_ERR_REALM);
    sb_record_set_number(&args, SB_FIELD_ROLE, SB_ROLE_AGENT);
    assert_int_equal(ask(county, &county->admin, "operator-invite", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_ROLE, SB_ROLE_OPERATOR);
    sb_record_set_number(&args, SB_FIELD_REALM, 4);
    assert_int_equal(ask(county, &county->admin, "operator-invite", &args), SB_ERR_VALUE);
    sb_record_set_text(&args, SB_FIELD_SUBJECT, "tib");
    must(county, &county->admin, "operator-revoke", &args);
    assert_int_equal(ask(county, &county->tib, "events", &none), SB_ERR_REVOKED);
    must(county, &county->viewer, "operator-list", &none);
    reply_row(county, 3, &row);
    assert_true(row_says(&row, SB_FIELD_SUBJECT, "tib"));
    assert_int_equal(sb_record_number(&row, SB_FIELD_REVOKED), 1);
    sb_record_set_text(&args, SB_FIELD_SUBJECT, "chef");
    assert_int_equal(ask(county, &county->admin, "operator-revoke", &args), SB_ERR_NOT_ALLOWED);
    sb_record_set_text(&args, SB_FIELD_SUBJECT, "nobody");
    assert_int_equal(ask(county, &county->admin, "operator-revoke", &args), SB_ERR_NOT_FOUND);
}

/* The register, keys and operators are the same for all realms: an exercise administers nothing,
 * or its administrator could make a live operator. */
static void test_exercise_administers_nothing(void **state)
{
    struct county *county = *state;
    struct person person;
    struct sb_record args = {0};
    struct sb_record none = {0};
    person_enrol(county, &person, "lek", SB_ROLE_ADMIN, SB_REALM_EXERCISE);
    sb_record_set_text(&args, SB_FIELD_SUBJECT, "mallory");
    sb_record_set_number(&args, SB_FIELD_ROLE, SB_ROLE_ADMIN);
    sb_record_set_number(&args, SB_FIELD_REALM, SB_REALM_LIVE);
    assert_int_equal(ask(county, &person, "operator-invite", &args), SB_ERR_NOT_ALLOWED);
    sb_record_clear(&args);
    sb_record_set_text(&args, SB_FIELD_ORG, "taby");
    assert_int_equal(ask(county, &person, "org-invite", &args), SB_ERR_NOT_ALLOWED);
    must(county, &person, "events", &none);
}

/* Agents of one organisation stand on one page: where they do not fit, all of them on the next. */
static void test_list_of_many_agents(void **state)
{
    struct county *county = *state;
    struct sb_record row;
    struct sb_record args = {0};
    unsigned listed = 0;
    struct sb_txn *txn = store_begin(county->store);
    for (unsigned i = 0; i < 6000; i++) {
        char agent[SB_NAME_SIZE_MAX];
        struct sb_list_writer orgs;
        (void)snprintf(agent, sizeof agent, "agent-with-a-long-name-%04u", i);
        sb_list_init(&orgs);
        sb_list_add(&orgs, sb_bytes_str(i % 2 == 0 ? "taby" : "solna"));
        sb_record_clear(&row);
        sb_record_set_text(&row, SB_FIELD_AGENT, agent);
        sb_record_set_bytes(&row, SB_FIELD_ORGS, sb_list_bytes(&orgs));
        struct sb_buf packed;
        sb_buf_init(&packed, SB_ROW_SIZE_MAX);
        sb_record_write(&row, SB_PARTS_ALL, &packed);
        sb_txn_put(txn, SB_TABLE_AGENT, sb_bytes_str(agent), sb_buf_bytes(&packed));
        sb_buf_finish(&packed);
        sb_list_finish(&orgs);
    }
    store_commit(county->store, txn);
    for (unsigned page = 0; page < 2; page++) {
        must(county, &county->viewer, "org-list", &args);
        listed += reply_rows(county);
        sb_record_set_number(&args, SB_FIELD_OFFSET, county->answer.next);
    }
    assert_int_equal(listed, 6000);
    assert_int_equal(county->answer.next, 0);
}

/* What `init` asks for is held to the same rules as an invitation. */
static void test_founding_administrator_is_checked(void **state)
{
    struct county *county = *state;
    struct sb_record wanted = {0};
    struct sb_why why = {0};
    struct sb_buf cert;
    struct sb_txn *txn = store_begin(county->store);
    sb_buf_init(&cert, SB_CERT_SIZE_MAX);
    sb_record_set_text(&wanted, SB_FIELD_SUBJECT, "first");
    sb_record_set_number(&wanted, SB_FIELD_ROLE, SB_ROLE_AGENT);
    sb_record_set_number(&wanted, SB_FIELD_REALM, SB_REALM_LIVE);
    assert_int_equal(
        sb_broker_enrol_operator(txn, &county->config, &wanted, county->now, &cert, &why),
        SB_ERR_VALUE);
    sb_record_set_number(&wanted, SB_FIELD_ROLE, SB_ROLE_ADMIN);
    assert_int_equal(
        sb_broker_enrol_operator(txn, &county->config, &wanted, county->now, &cert, &why),
        SB_ERR_MISSING);
    assert_int_equal(cert.size, 0);
    sb_store_abort(county->store, txn);
    sb_buf_finish(&cert);
}

static void test_expired_certificate(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    must(county, &county->viewer, "events", &none);
    county->now.wall_ms += SB_CERT_VALID_MS + 1;
    assert_int_equal(ask(county, &county->viewer, "events", &none), SB_ERR_EXPIRED);
}

/* Founding again forgets the administrator of the one that was cut off; a store in use is none. */
static void test_founded_again(void **state)
{
    struct county *county = *state;
    struct sb_store *store = sb_store_open_memory();
    struct sb_record wanted = {0};
    struct sb_buf cert;
    struct sb_why why = {0};
    struct sb_name user;
    sb_buf_init(&cert, SB_CERT_SIZE_MAX);
    sb_record_set_text(&wanted, SB_FIELD_SUBJECT, "first");
    sb_record_set_number(&wanted, SB_FIELD_ROLE, SB_ROLE_ADMIN);
    sb_record_set_number(&wanted, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_bytes(&wanted, SB_FIELD_CURVE_KEY, sb_bytes(county->party.curve.at, SB_KEY_SIZE));
    sb_record_set_bytes(&wanted, SB_FIELD_KEY_LIVE,
                        sb_bytes(county->party.realm[SB_REALM_LIVE].public_key.at, SB_KEY_SIZE));
    struct sb_txn *txn = store_begin(store);
    assert_true(sb_broker_is_unused(txn));
    sb_broker_found(txn, &county->config, county->now);
    assert_int_equal(
        sb_broker_enrol_operator(txn, &county->config, &wanted, county->now, &cert, &why),
        SB_ERR_OK);
    assert_int_equal(sb_broker_admit(txn, &county->party.curve, county->now, &user), SB_ERR_OK);
    assert_true(sb_broker_is_unused(txn));
    sb_broker_found(txn, &county->config, county->now);
    assert_int_equal(sb_broker_admit(txn, &county->party.curve, county->now, &user),
                     SB_ERR_NOT_FOUND);
    store_commit(store, txn);
    sb_store_close(store);
    sb_buf_finish(&cert);
    txn = store_begin(county->store); /* where a register was loaded */
    assert_false(sb_broker_is_unused(txn));
    sb_store_abort(county->store, txn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_agent_joins),         T(test_used_token),
        T(test_expired_token),       T(test_forged_token),
        T(test_token_only_joins),    T(test_join_needs_all_keys),
        T(test_key_of_another),      T(test_joining_again_replaces),
        T(test_revoked_agent),       T(test_refused_invitations),
        T(test_agent_of_several),    T(test_operator_joins),
        T(test_operators),           T(test_exercise_administers_nothing),
        T(test_list_of_many_agents), T(test_founding_administrator_is_checked),
        T(test_expired_certificate), T(test_founded_again),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
