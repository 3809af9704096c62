/* test_broker.c: what an operator's command becomes: events in the log, signed, ordered, once; and
 * who may give it. */
#include "broker_calls.h"

/* An event of the broker's log, read; `txn` stays open as long as it is used. */
static void logged(struct sb_txn *txn, uint64_t index, struct sb_log_row *ret_row,
                   struct sb_event *ret_event)
{
    struct sb_why why = {0};
    assert_true(sb_log_get(txn, index, ret_row));
    assert_int_equal(sb_event_read(&ret_row->sealed, ret_event, &why), SB_ERR_OK);
}

/* Three events of one alert group, to every organisation of the forum once, signed by the broker
 * and ordered by the operator. */
static void test_call(void **state)
{
    struct county *county = *state;
    struct sb_record args;
    struct sb_buf order;
    static const enum sb_kind kinds[] = {SB_KIND_INCIDENT, SB_KIND_ACTIVATION, SB_KIND_CONVENING};
    call_args(&args, "rsf", "Snöoväder");
    request_bytes(77, "call", &args, &county->tib.signer, &order);
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)), SB_ERR_OK);
    assert_int_equal(reply_rows(county), 3);
    assert_int_equal(log_size(county), 3);
    assert_true(said(&county->trace, "store 3 events live-urgent\n"));
    struct sb_txn *txn = store_begin(county->store);
    struct sb_hash incident = row_id(county, 0);
    struct sb_hash digest = sb_hash_one("order", sb_buf_bytes(&order));
    for (uint64_t i = 0; i < 3; i++) {
        struct sb_log_row row;
        struct sb_event event = {0};
        struct sb_hash hash;
        struct sb_why why = {0};
        logged(txn, i + 1, &row, &event);
        assert_int_equal(event.kind->kind, kinds[i]);
        assert_int_equal(sb_event_check_signature(&row.sealed, &event, &county->config.root,
                                                  row.accepted_at, NULL, &why),
                         SB_ERR_OK);
        assert_int_equal(sb_list_count(row.audience), 40);
        assert_int_equal(sb_record_number(&event.fields, SB_FIELD_AUDIENCE_COUNT), 40);
        struct sb_hash audience = sb_hash_one("audience", row.audience);
        assert_true(sb_record_hash(&event.fields, SB_FIELD_AUDIENCE_DIGEST, &hash));
        assert_true(sb_hash_equal(&hash, &audience));
        assert_true(sb_record_hash(&event.fields, SB_FIELD_ORDER_DIGEST, &hash));
        assert_true(sb_hash_equal(&hash, &digest));
        check_same_bytes(sb_record_bytes(&event.fields, SB_FIELD_ORDER), sb_buf_bytes(&order));
        assert_true(row_says(&event.fields, SB_FIELD_ISSUER_FUNCTION, "tib"));
        assert_int_equal(sb_record_bytes(&event.fields, SB_FIELD_GROUP).size, 16);
        if (i > 0) {
            assert_true(sb_record_hash(&event.fields, SB_FIELD_INCIDENT, &hash));
            assert_true(sb_hash_equal(&hash, &incident));
        }
        assert_int_equal(sb_list_count(sb_record_bytes(&event.fields, SB_FIELD_SEATS)),
                         i == 2 ? 43 : 0);
    }
    sb_store_abort(county->store, txn);
    sb_buf_finish(&order);
}

/* The same request id: the same reply, one event, whatever else happened in between. */
static void test_asked_again(void **state)
{
    struct county *county = *state;
    struct sb_record args;
    struct sb_buf order;
    struct sb_buf first;
    call_args(&args, "rsf", "Snöoväder");
    request_bytes(77, "call", &args, &county->tib.signer, &order);
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)), SB_ERR_OK);
    sb_buf_init(&first, SB_FRAME_SIZE_MAX);
    sb_buf_add(&first, sb_buf_bytes(&county->reply));
    county_restart(county);
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)), SB_ERR_OK);
    check_same_bytes(sb_buf_bytes(&county->reply), sb_buf_bytes(&first));
    assert_int_equal(log_size(county), 3);
    assert_int_equal(counter(county, "broker/asked-again"), 1);
    sb_buf_finish(&order);
    /* Another's request with that id is neither done nor told what the first one got. */
    request_bytes(77, "call", &args, &county->admin.signer, &order);
    assert_int_equal(county_send(county, &county->admin.user, sb_buf_bytes(&order)),
                     SB_ERR_ALREADY);
    assert_int_equal(log_size(county), 3);
    sb_buf_finish(&order);
    sb_buf_finish(&first);
}

/* What was refused left nothing, and the same id may be sent again. */
static void test_refused_is_not_kept(void **state)
{
    struct county *county = *state;
    struct sb_record args;
    struct sb_buf order;
    call_args(&args, "ny", "Snöoväder");
    request_bytes(5, "call", &args, &county->tib.signer, &order);
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)),
                     SB_ERR_NOT_FOUND);
    assert_int_equal(log_size(county), 0);
    county_load(county, "forum-load",
                "id,name,level,mode,seats\nny,Ny,samordnande,aktiverat,kommun:tib\n");
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)), SB_ERR_OK);
    assert_int_equal(log_size(county), 3);
    sb_buf_finish(&order);
}

static void test_kept_replies_are_bounded(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_buf first;
    struct sb_buf second;
    sb_record_set_text(&args, SB_FIELD_TEXT, "x");
    request_bytes(1u << 20, "note", &args, &county->tib.signer, &first);
    request_bytes((1u << 20) + 1, "note", &args, &county->tib.signer, &second);
    /* Two were kept by loading the register and the forums. */
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&first)), SB_ERR_OK);
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&second)), SB_ERR_OK);
    struct sb_txn *txn = store_begin(county->store);
    sb_txn_set_number(txn, SB_TABLE_META, "requests", SB_REQUESTS_KEPT_MAX + 2);
    store_commit(county->store, txn);
    must(county, &county->tib, "note", &args); /* takes the place of the first */
    uint64_t before = log_size(county);
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&second)), SB_ERR_OK);
    assert_int_equal(log_size(county), before);
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&first)), SB_ERR_OK);
    assert_int_equal(log_size(county), before + 1);
    sb_buf_finish(&first);
    sb_buf_finish(&second);
}

/* ---- who may ---- */

static void test_signatures(void **state)
{
    struct county *county = *state;
    struct sb_record args;
    struct sb_buf order;
    call_args(&args, "rsf", "Snöoväder");
    request_bytes(1, "call", &args, NULL, &order); /* unsigned */
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)),
                     SB_ERR_SIGNATURE);
    sb_buf_finish(&order);
    request_bytes(2, "call", &args, &county->admin.signer, &order); /* another's */
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)),
                     SB_ERR_SIGNATURE);
    sb_buf_finish(&order);
    request_bytes(3, "call", &args, &county->tib.signer, &order); /* changed on its way */
    for (size_t i = 0; i + 4 < order.size; i++) {
        if (memcmp(order.at + i, "oväd", 4) == 0) {
            order.at[i] = 'O';
        }
    }
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)),
                     SB_ERR_SIGNATURE);
    sb_buf_finish(&order);
    assert_int_equal(log_size(county), 0);
    assert_int_equal(counter(county, "broker/refused/signature"), 3);
    assert_true(said(&county->log, "request-refused user=o:tib verb=call reason=signature"));
    struct sb_record none = {0};
    request_bytes(4, "events", &none, NULL, &order); /* reading needs none */
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)), SB_ERR_OK);
    sb_buf_finish(&order);
}

static void test_roles(void **state)
{
    struct county *county = *state;
    struct sb_record args;
    static const char *const writing[] = {
        "call",       "inform",      "activate",        "end",
        "picture",    "correct",     "recall",          "reached",
        "note",       "org-load",    "forum-load",      "org-invite",
        "org-revoke", "org-replace", "operator-invite", "operator-revoke"};
    static const char *const admins[] = {"org-load",       "forum-load",  "org-invite",
                                         "org-revoke",     "org-replace", "operator-invite",
                                         "operator-revoke"};
    call_args(&args, "rsf", "Snöoväder");
    for (size_t i = 0; i < COUNT_OF(writing); i++) {
        assert_int_equal(ask(county, &county->viewer, writing[i], &args), SB_ERR_NOT_ALLOWED);
        check_said(&county->why, "; du är läsare i SKARPT; be någon som har rollen",
                   "; you are viewer in LIVE; ask somebody who has the role");
    }
    for (size_t i = 0; i < COUNT_OF(admins); i++) {
        assert_int_equal(ask(county, &county->tib, admins[i], &args), SB_ERR_NOT_ALLOWED);
        check_said(&county->why, "kräver rollen administratör; du är operatör (TiB) i SKARPT",
                   "needs the role administrator; you are operator in LIVE");
        assert_int_equal(ask(county, &county->trainer, admins[i], &args), SB_ERR_NOT_ALLOWED);
        check_said(&county->why, "du är övningsledare i ÖVNING; det görs bara i SKARPT",
                   "you are exercise operator in EXERCISE; that is done in LIVE only");
    }
    struct person nobody = county->tib;
    nobody.user = sb_name("o:nobody");
    assert_int_equal(ask(county, &nobody, "call", &args), SB_ERR_NOT_ALLOWED);
    assert_int_equal(log_size(county), 0);
}

/* The realm follows from who one is; realms do not see each other's events. */
static void test_exercise_operator(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash exercise = call(county, &county->trainer, "rsf");
    assert_true(said(&county->trace, "store 3 events exercise-urgent\n"));
    struct sb_txn *txn = store_begin(county->store);
    struct sb_log_row row;
    struct sb_event event = {0};
    logged(txn, 3, &row, &event);
    assert_int_equal(sb_record_number(&event.fields, SB_FIELD_REALM), SB_REALM_EXERCISE);
    sb_store_abort(county->store, txn);
    struct sb_hash shown;
    struct sb_record head = {0};
    must(county, &county->tib, "status", &args);
    reply_row(county, 0, &head);
    assert_false(sb_record_hash(&head, SB_FIELD_ID, &shown)); /* nothing is going on in live */
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&exercise, text));
    assert_int_equal(ask(county, &county->tib, "status", &args), SB_ERR_NOT_FOUND);
    check_said(&county->why, "hör till ÖVNING och du arbetar i SKARPT; byt till en profil",
               "is in the realm EXERCISE and you work in LIVE; use a profile");
    assert_int_equal(ask(county, &county->tib, "recall", &args), SB_ERR_NOT_FOUND);
    must(county, &county->trainer, "status", &args);
    struct sb_record none = {0};
    must(county, &county->tib, "events", &none);
    assert_int_equal(reply_rows(county), 0);
    must(county, &county->trainer, "events", &none);
    assert_int_equal(reply_rows(county), 3);
}

static void test_bad_requests(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_buf order;
    assert_int_equal(ask(county, &county->tib, "make-coffee", &none), SB_ERR_USAGE);
    assert_true(said(&county->log, "verb=make-coffee reason=usage why=\"the broker knows no verb "
                                   "\\\"make-coffee\\\"\"\n"));
    assert_int_equal(ask(county, &county->tib, "ack", &none), SB_ERR_USAGE); /* an agent's verb */
    request_bytes(9, "events", &none, NULL, &order);
    order.at[1] = 2; /* a version to come */
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&order)), SB_ERR_VERSION);
    check_said(&county->why, "version 2; denna sida talar 1", "version 2, this end speaks 1");
    sb_buf_finish(&order);
    static const uint8_t noise[] = {0xc1, 0xff, 0x00};
    assert_int_equal(county_send(county, &county->tib.user, sb_bytes(noise, sizeof noise)),
                     SB_ERR_MALFORMED);
    assert_int_equal(county_send(county, &county->tib.user, sb_bytes(NULL, 0)), SB_ERR_MALFORMED);
    assert_int_equal(counter(county, "broker/refused/malformed"), 2);
    assert_true(said(&county->log, "request-unreadable user=o:tib reason=malformed untold=0"));
    assert_false(said(&county->log, "untold=1")); /* the second of the reason in one interval */
}

/* Nothing of it is done, and the answer finds the one who asked. */
static void test_too_large_request(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_buf order, big;
    request_bytes(9, "events", &none, NULL, &order);
    sb_buf_init(&big, SB_FRAME_SIZE_HEARD_MAX);
    sb_buf_add(&big, sb_buf_bytes(&order));
    while (big.size <= SB_FRAME_SIZE_MAX) {
        sb_buf_add_byte(&big, 0);
    }
    assert_int_equal(county_send(county, &county->tib.user, sb_buf_bytes(&big)), SB_ERR_TOO_LARGE);
    assert_memory_equal(county->answer.id, order.at + 4, SB_REQUEST_ID_SIZE);
    assert_non_null(strstr(county->why.sv, "högst 32768"));
    assert_non_null(strstr(county->why.text, "at most 32768"));
    assert_int_equal(counter(county, "broker/refused/too-large"), 1);
    assert_true(said(&county->log, "request-unreadable user=o:tib reason=too-large"));
    assert_int_equal(ask(county, &county->tib, "events", &none), SB_ERR_OK);
    sb_buf_finish(&big);
    sb_buf_finish(&order);
}

static void test_refused_calls(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_MISSING);
    call_args(&args, "rsf", "");
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_MISSING);
    call_args(&args, "nope", "Snöoväder");
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_NOT_FOUND);
    call_args(&args, "rsf", "Snöoväder");
    sb_record_set_number(&args, SB_FIELD_ANSWER_BY, county->now.wall_ms);
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_ANSWER_BY, county->now.wall_ms + 1);
    sb_record_set_number(&args, SB_FIELD_STARTS, county->now.wall_ms - 3600001);
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_STARTS, county->now.wall_ms + 60000);
    sb_record_set_number(&args, SB_FIELD_ANSWER_BY, county->now.wall_ms + 60001);
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_ANSWER_BY, county->now.wall_ms + 60000);
    sb_record_set_number(&args, SB_FIELD_LENGTH, 0);
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_LENGTH, 20161);
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_LENGTH, 20160);
    sb_record_set_text(&args, SB_FIELD_TITLE, "två\nrader");
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
    sb_record_set_text(&args, SB_FIELD_TITLE, " \t ");
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_TITLE, "Snöoväder");
    sb_record_set_number(&args, SB_FIELD_STARTS, county->now.wall_ms - 3600000);
    sb_record_set_number(&args, SB_FIELD_SECRECY, 9);
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_SECRECY, SB_SECRECY_RESTRICTED);
    sb_record_set_text(&args, SB_FIELD_EVENT, "abcd");
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_NOT_FOUND);
    sb_record_set_text(&args, SB_FIELD_EVENT, "xyz");
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
    assert_int_equal(log_size(county), 0);
    sb_record_unset(&args, SB_FIELD_EVENT);
    must(county, &county->tib, "call", &args);
}

/* ---- what follows a call ---- */

static void test_second_forum_in_the_incident(void **state)
{
    struct county *county = *state;
    struct sb_record args;
    struct sb_record row;
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash convening = call(county, &county->tib, "rsf");
    call_args(&args, "rif", "Snöoväder");
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&convening, text)); /* any event of it */
    must(county, &county->tib, "call", &args);
    assert_int_equal(reply_rows(county), 2); /* no second incident */
    sb_record_unset(&args, SB_FIELD_EVENT);
    sb_record_unset(&args, SB_FIELD_TITLE);
    sb_record_set_text(&args, SB_FIELD_FORUM, "lc");
    must(county, &county->tib, "activate", &args);
    assert_int_equal(reply_rows(county), 2); /* its own incident, called as the forum */
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_INCIDENT);
    assert_true(row_says(&row, SB_FIELD_TITLE, "Ledningscentraler i samverkan"));
    struct sb_record none = {0};
    must(county, &county->tib, "status", &none); /* an activation by itself has its board */
    assert_int_equal(reply_rows(county), 11);
}

/* The whole group is silenced, for everybody; the incident goes on. */
static void test_recall(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record args = {0};
    struct sb_record row;
    char text[2 * SB_HASH_SIZE + 1];
    assert_int_equal(ask(county, &county->tib, "recall", &none), SB_ERR_NOT_FOUND);
    struct sb_hash convening = call(county, &county->tib, "rsf");
    struct sb_hash activation = row_id(county, 1);
    struct sb_hash incident = row_id(county, 0);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&activation, text));
    must(county, &county->tib, "recall", &args);
    assert_true(said(&county->trace, "store 1 event live-urgent\n"));
    struct sb_txn *txn = store_begin(county->store);
    struct sb_log_row stored;
    struct sb_event event = {0};
    logged(txn, 4, &stored, &event);
    assert_int_equal(sb_list_count(stored.audience), 40);
    sb_store_abort(county->store, txn);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&convening, text));
    must(county, &county->tib, "status", &args);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_RECALLED), 1);
    assert_int_equal(ask(county, &county->tib, "recall", &args), SB_ERR_ALREADY);
    assert_int_equal(ask(county, &county->tib, "end", &none), SB_ERR_NOT_FOUND);
    call_args(&args, "rif", "Snöoväder");
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&incident, text));
    must(county, &county->tib, "call", &args);
    sb_record_clear(&args);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&incident, text));
    must(county, &county->tib, "recall", &args); /* and then it does not */
    call_args(&args, "rif", "Snöoväder");
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&incident, text));
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_VALUE);
}

/* Corrections by the dozen, then a recall: nothing counts them as the group's. */
static void test_correct(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_record none = {0};
    struct sb_record row;
    struct sb_hash convening = call(county, &county->tib, "rsf");
    struct sb_hash incident = row_id(county, 0);
    sb_record_set_text(&args, SB_FIELD_TEXT, "Ny tid.");
    for (uint64_t i = 1; i <= 20; i++) {
        sb_record_set_number(&args, SB_FIELD_STARTS, county->now.wall_ms + i);
        must(county, &county->tib, "correct", &args);
    }
    must(county, &county->tib, "status", &none);
    reply_row(county, 0, &row);
    struct sb_hash shown = row_id(county, 0);
    assert_true(sb_hash_equal(&shown, &convening));
    assert_int_equal(sb_record_number(&row, SB_FIELD_STARTS), county->now.wall_ms + 20);
    assert_true(row_says(&row, SB_FIELD_TITLE, "Snöoväder"));
    must(county, &county->tib, "recall", &none);
    /* What was recalled stays so; the incident that it was part of goes on. */
    char text[2 * SB_HASH_SIZE + 1];
    uint64_t size = log_size(county);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&convening, text));
    assert_int_equal(ask(county, &county->tib, "correct", &args), SB_ERR_VALUE);
    assert_non_null(strstr(county->why.sv, "återkallad"));
    assert_non_null(strstr(county->why.text, "was recalled"));
    assert_int_equal(log_size(county), size);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&incident, text));
    must(county, &county->tib, "correct", &args);
    sb_record_clear(&args);
    assert_int_equal(ask(county, &county->tib, "correct", &args), SB_ERR_MISSING);
}

static void test_end(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_record row;
    char text[2 * SB_HASH_SIZE + 1];
    call(county, &county->tib, "rsf");
    struct sb_hash activation = row_id(county, 1);
    call(county, &county->tib, "rif");
    sb_record_set_text(&args, SB_FIELD_FORUM, "rsf");
    must(county, &county->tib, "end", &args);
    reply_row(county, 0, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_END);
    assert_int_equal(ask(county, &county->tib, "end", &args), SB_ERR_NOT_FOUND);
    sb_record_clear(&args);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex(&activation, text));
    assert_int_equal(ask(county, &county->tib, "end", &args), SB_ERR_ALREADY);
    sb_record_clear(&args);
    must(county, &county->tib, "end", &args); /* the other one */
    assert_int_equal(ask(county, &county->tib, "end", &args), SB_ERR_NOT_FOUND);
}

static void test_picture_versions(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_log_row row;
    struct sb_event event = {0};
    struct sb_hash hash;
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "Snö.");
    assert_int_equal(ask(county, &county->tib, "picture", &args), SB_ERR_NOT_FOUND);
    call(county, &county->tib, "rsf");
    sb_record_clear(&args);
    assert_int_equal(ask(county, &county->tib, "picture", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "Snö.");
    must(county, &county->tib, "picture", &args);
    struct sb_hash first = row_id(county, 0);
    must(county, &county->tib, "picture", &args);
    assert_true(said(&county->trace, "store 1 event live-bulk\n"));
    struct sb_txn *txn = store_begin(county->store);
    logged(txn, 5, &row, &event);
    assert_int_equal(sb_record_number(&event.fields, SB_FIELD_REVISION), 2);
    assert_true(sb_record_hash(&event.fields, SB_FIELD_SUPERSEDES, &hash));
    assert_true(sb_hash_equal(&hash, &first));
    assert_true(row_says(&event.fields, SB_FIELD_FORUM, "rsf"));
    assert_int_equal(sb_list_count(sb_record_bytes(&event.fields, SB_FIELD_SEATS)), 43);
    sb_store_abort(county->store, txn);
    struct sb_list_writer sources;
    sb_list_init(&sources);
    sb_list_add(&sources, sb_bytes_str("SMHI 02:00"));
    sb_list_add(&sources, sb_bytes_str("taby"));
    sb_record_set_bytes(&args, SB_FIELD_SOURCES, sb_list_bytes(&sources));
    assert_int_equal(ask(county, &county->tib, "picture", &args), SB_ERR_NOT_FOUND);
    assert_non_null(strstr(county->why.text, "taby has sent no report"));
    sb_list_finish(&sources);
}

/* A source binds to the version of the report that there was. */
static void test_sources(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record fields = {0};
    struct sb_record args = {0};
    call(county, &county->tib, "rsf");
    struct sb_hash incident = row_id(county, 0);
    county_settle(county);
    for (uint64_t revision = 1; revision <= 2; revision++) {
        sb_record_clear(&fields);
        sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REPORT);
        sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
        sb_record_set_number(&fields, SB_FIELD_REVISION, revision);
        sb_record_set_number(&fields, SB_FIELD_VALID_AT, county->now.wall_ms);
        end_issue(county, taby, &fields);
    }
    assert_int_equal(taby->verdicts, 0);
    static const struct {
        const char *source, *kept;
    } rows[] = {{"taby", "taby/2"}, {"taby/1", "taby/1"}, {"SMHI", "SMHI"},  {"taby/3", NULL},
                {"taby/0", NULL},   {"taby/", NULL},      {"taby/1x", NULL}, {"solna", NULL}};
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "Snö.");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sb_list_writer sources;
        sb_list_init(&sources);
        sb_list_add(&sources, sb_bytes_str(rows[i].source));
        sb_record_set_bytes(&args, SB_FIELD_SOURCES, sb_list_bytes(&sources));
        enum sb_err err = ask(county, &county->tib, "picture", &args);
        sb_list_finish(&sources);
        assert_int_equal(err, rows[i].kept == NULL ? SB_ERR_NOT_FOUND : SB_ERR_OK);
        if (rows[i].kept != NULL) {
            struct sb_log_row row;
            struct sb_event event = {0};
            struct sb_bytes text;
            struct sb_txn *txn = store_begin(county->store);
            logged(txn, sb_log_next_index(txn) - 1, &row, &event);
            struct sb_list_reader reader =
                sb_list_read(sb_record_bytes(&event.fields, SB_FIELD_SOURCES));
            assert_true(sb_list_next(&reader, &text));
            check_same_bytes(text, sb_bytes_str(rows[i].kept));
            sb_store_abort(county->store, txn);
        }
    }
    sb_record_clear(&fields); /* about an incident that there is not */
    incident.at[0] ^= 1;
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REPORT);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
    sb_record_set_number(&fields, SB_FIELD_REVISION, 1);
    sb_record_set_number(&fields, SB_FIELD_VALID_AT, county->now.wall_ms);
    end_issue(county, taby, &fields);
    assert_int_equal(taby->verdicts, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, county_setup_real, county_teardown)
        T(test_call),
        T(test_asked_again),
        T(test_refused_is_not_kept),
        T(test_kept_replies_are_bounded),
        T(test_signatures),
        T(test_roles),
        T(test_exercise_operator),
        T(test_bad_requests),
        T(test_too_large_request),
        T(test_refused_calls),
        T(test_second_forum_in_the_incident),
        T(test_recall),
        T(test_correct),
        T(test_end),
        T(test_picture_versions),
        T(test_sources),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
