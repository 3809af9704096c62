/* test_commands.c: the broker's verbs at their edges: what each refuses, what it takes from an
 * incident that runs, and lists that fill more than a page. What a call becomes: test_broker.c. */
#include "../../broker/core/issue.h"
#include "broker_calls.h"

static void event_arg(struct sb_record *args, const struct sb_hash *id,
                      char text[2 * SB_HASH_SIZE + 1])
{
    sb_record_set_text(args, SB_FIELD_EVENT, hex(id, text));
}

static enum sb_err load(struct county *county, const char *verb, const char *csv)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_CSV, csv);
    return ask(county, &county->admin, verb, &args);
}

static struct sb_hash information(struct county *county, struct sb_record *args)
{
    sb_record_set_text(args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(args, SB_FIELD_TITLE, "Halka");
    sb_record_set_text(args, SB_FIELD_TEXT, "Kör försiktigt.");
    must(county, &county->tib, "inform", args);
    return row_id(county, 0);
}

/* ---- an incident that runs ---- */

/* The incident of a call: activate and inform join it, a note about it lies in its story. */
static void test_in_a_running_incident(void **state)
{
    struct county *county = *state;
    struct sb_record args;
    char text[2 * SB_HASH_SIZE + 1];
    (void)call(county, &county->tib, "rsf");
    struct sb_hash incident = row_id(county, 0);
    call_args(&args, "rcg", "Snöoväder");
    event_arg(&args, &incident, text);
    must(county, &county->tib, "activate", &args);
    assert_int_equal(reply_rows(county), 1); /* no second incident */
    sb_record_clear(&args);
    event_arg(&args, &incident, text);
    (void)information(county, &args);
    sb_record_clear(&args);
    event_arg(&args, &incident, text);
    sb_record_set_text(&args, SB_FIELD_TEXT, "02:14 ringde SMHI");
    must(county, &county->tib, "note", &args);
    sb_record_unset(&args, SB_FIELD_TEXT);
    must(county, &county->viewer, "timeline", &args);
    assert_int_equal(reply_rows(county), 6); /* three of the call, and these */
}

/* Times that cannot be, and an event that belongs to no incident: nothing is made. */
static void test_refused_in_an_incident(void **state)
{
    static const char *const verbs[] = {"activate", "inform"};
    struct county *county = *state;
    struct sb_record args;
    char text[2 * SB_HASH_SIZE + 1];
    sb_record_clear(&args);
    struct sb_hash alone = information(county, &args);
    const uint64_t size = log_size(county);
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        call_args(&args, "rsf", "Halka");
        sb_record_set_text(&args, SB_FIELD_TEXT, "Kör försiktigt.");
        sb_record_set_number(&args, SB_FIELD_ANSWER_BY, county->now.wall_ms);
        assert_int_equal(ask(county, &county->tib, verbs[i], &args), SB_ERR_VALUE);
        sb_record_unset(&args, SB_FIELD_ANSWER_BY);
        event_arg(&args, &alone, text);
        assert_int_equal(ask(county, &county->tib, verbs[i], &args), SB_ERR_VALUE);
        check_said(&county->why, "hör inte till någon händelse", "belongs to no incident");
    }
    sb_record_clear(&args);
    sb_record_set_text(&args, SB_FIELD_TITLE, "Halka");
    assert_int_equal(ask(county, &county->tib, "activate", &args), SB_ERR_MISSING);
    assert_int_equal(log_size(county), size);
}

/* With the activation ended, nobody has said who gets the picture. */
static void test_picture_without_a_forum(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record args = {0};
    (void)call(county, &county->tib, "rsf");
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "Snö");
    must(county, &county->tib, "picture", &args);
    must(county, &county->tib, "end", &none);
    assert_int_equal(ask(county, &county->tib, "picture", &args), SB_ERR_MISSING);
    check_said(&county->why, "inget forum är aktiverat", "no forum is activated");
    sb_record_set_text(&args, SB_FIELD_FORUM, "rsf");
    must(county, &county->tib, "picture", &args);
}

/* Of reports that came in another order the newest version stands, and is what is cited. */
static void test_newest_report_is_cited(void **state)
{
    static const uint64_t revisions[] = {2, 1};
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_list_writer sources;
    char text[2 * SB_HASH_SIZE + 1];
    (void)call(county, &county->tib, "rsf");
    struct sb_hash incident = row_id(county, 0);
    county_settle(county);
    for (size_t i = 0; i < COUNT_OF(revisions); i++) {
        struct sb_record fields = {0};
        sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REPORT);
        sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
        sb_record_set_number(&fields, SB_FIELD_REVISION, revisions[i]);
        sb_record_set_number(&fields, SB_FIELD_VALID_AT, county->now.wall_ms);
        sb_record_set_text(&fields, SB_FIELD_HAPPENED, "Snö");
        end_issue(county, taby, &fields);
    }
    assert_int_equal(taby->verdicts, 0);
    sb_list_init(&sources);
    sb_list_add(&sources, sb_bytes_str("taby"));
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "Snö");
    sb_record_set_bytes(&args, SB_FIELD_SOURCES, sb_list_bytes(&sources));
    must(county, &county->tib, "picture", &args);
    sb_list_finish(&sources);
    struct sb_hash picture = row_id(county, 0);
    sb_record_clear(&args);
    event_arg(&args, &picture, text);
    must(county, &county->viewer, "show", &args);
    reply_row(county, 0, &row);
    assert_true(sb_list_has(sb_record_bytes(&row, SB_FIELD_SOURCES), sb_bytes_str("taby/2")));
}

/* ---- which board ---- */

/* The board of an incident is that of what was called in it. */
static void test_board_of_an_incident(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_hash convening = call(county, &county->tib, "rsf");
    struct sb_hash incident = row_id(county, 0);
    struct sb_hash activation = row_id(county, 1);
    const struct sb_hash *const ids[] = {&incident, &activation, &convening};
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        event_arg(&args, ids[i], text);
        must(county, &county->viewer, "status", &args);
        struct sb_hash of = row_id(county, 0);
        assert_true(sb_hash_equal(&of, &convening));
    }
}

/* What is of another kind than the verb can be about, and what has no board. */
static void test_wrong_kinds(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    char text[2 * SB_HASH_SIZE + 1];
    sb_record_set_text(&args, SB_FIELD_TEXT, "02:14 ringde SMHI");
    must(county, &county->tib, "note", &args);
    struct sb_hash note = row_id(county, 0);
    sb_record_clear(&args);
    event_arg(&args, &note, text);
    assert_int_equal(ask(county, &county->viewer, "status", &args), SB_ERR_VALUE);
    check_said(&county->why, "posten är av slaget anteckning; \"status\" behöver",
               "the event is a note; \"status\" needs");
    must(county, &county->viewer, "show", &args);
}

/* The newest event's row is lost: the board says so instead of taking another. */
static void test_board_of_a_lost_event(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_key key;
    (void)call(county, &county->tib, "rsf");
    sb_key_init(&key);
    sb_key_add_be64(&key, log_size(county));
    struct sb_txn *txn = store_begin(county->store);
    sb_txn_del(txn, SB_TABLE_LOG, sb_key_bytes(&key));
    store_commit(county->store, txn);
    assert_int_equal(ask(county, &county->viewer, "status", &none), SB_ERR_CORRUPT);
    check_said(&county->why, "lagring är skadad", "store is damaged");
}

/* ---- reached otherwise ---- */

static void test_refused_reached(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    struct sb_record row;
    (void)call(county, &county->tib, "rsf");
    const uint64_t size = log_size(county);
    sb_record_set_text(&args, SB_FIELD_VIA, "phone");
    assert_int_equal(ask(county, &county->tib, "reached", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO + 1);
    assert_int_equal(ask(county, &county->tib, "reached", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_AT);
    assert_int_equal(ask(county, &county->tib, "reached", &args), SB_ERR_MISSING);
    check_said(&county->why, "behöver en tid", "needs a time");
    sb_record_set_number(&args, SB_FIELD_AT, county->now.wall_ms + 60000);
    sb_record_set_text(&args, SB_FIELD_SEAT, "Täby/");
    assert_int_equal(ask(county, &county->tib, "reached", &args), SB_ERR_NOT_FOUND);
    assert_int_equal(log_size(county), size);
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby"); /* its seat, in another function */
    sb_record_set_text(&args, SB_FIELD_FUNCTION, "kommundirektor");
    must(county, &county->tib, "reached", &args);
    struct sb_record none = {0};
    must(county, &county->viewer, "events", &none);
    reply_row(county, 0, &row);
    assert_true(row_says(&row, SB_FIELD_FUNCTION, "kommundirektor"));
    assert_true(row_says(&row, SB_FIELD_SEAT, "taby/tib"));
}

/* ---- administration ---- */

static void test_refused_administration(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record args = {0};
    struct sb_list_writer orgs;
    assert_int_equal(ask(county, &county->admin, "org-revoke", &none), SB_ERR_MISSING);
    assert_int_equal(ask(county, &county->admin, "operator-revoke", &none), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_ORG, "taby");
    sb_list_init(&orgs);
    sb_list_add(&orgs, sb_bytes_str("Täby!"));
    sb_record_set_bytes(&args, SB_FIELD_ORGS, sb_list_bytes(&orgs));
    assert_int_equal(ask(county, &county->admin, "org-invite", &args), SB_ERR_VALUE);
    check_said(&county->why, "är ingen organisation", "is no organisation");
    sb_list_finish(&orgs);
    sb_record_clear(&args);
    sb_record_set_number(&args, SB_FIELD_ROLE, SB_ROLE_VIEWER);
    sb_record_set_number(&args, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_text(&args, SB_FIELD_SUBJECT, "a23456789012345678901234567890123456789");
    assert_int_equal(ask(county, &county->admin, "operator-invite", &args), SB_ERR_VALUE);
    check_said(&county->why, "1 till 38 tecken", "1 to 38 characters");
}

/* As many organisations as an agent can serve, and one more; more than a certificate has room for.
 */
static void test_agent_of_many(void **state)
{
    struct county *county = *state;
    struct sb_record none = {0};
    struct sb_record args = {0};
    must(county, &county->viewer, "org-list", &none);
    for (unsigned count = SB_ORGS_PER_AGENT_MAX; count <= SB_ORGS_PER_AGENT_MAX + 1; count++) {
        struct sb_list_writer orgs;
        struct sb_record row;
        struct sb_name first = {{0}};
        sb_list_init(&orgs);
        for (unsigned i = 0; i < count; i++) {
            must(county, &county->viewer, "org-list", &none);
            reply_row(county, i, &row);
            first = i == 0 ? sb_record_name(&row, SB_FIELD_ORG) : first;
            sb_list_add(&orgs, sb_record_bytes(&row, SB_FIELD_ORG));
        }
        sb_record_set_name(&args, SB_FIELD_ORG, &first);
        sb_record_set_bytes(&args, SB_FIELD_ORGS, sb_list_bytes(&orgs));
        assert_int_equal(ask(county, &county->admin, "org-invite", &args),
                         count <= SB_ORGS_PER_AGENT_MAX ? SB_ERR_OK : SB_ERR_TOO_LARGE);
        sb_list_finish(&orgs);
    }
    check_said(&county->why, "högst 32 organisationer", "at most 32 organisations");
}

/* Who joins says another name than the invitation's. */
static void test_join_under_another_name(void **state)
{
    struct county *county = *state;
    struct sb_token token;
    struct party party;
    struct sb_record args;
    struct sb_buf bytes;
    party_keys(&party, 20);
    invite(county, "taby", NULL);
    struct sb_name once = token_user(county, &token);
    join_args(&party, &args);
    sb_record_set_text(&args, SB_FIELD_SUBJECT, "solna-1");
    request_bytes(++county->requests, "join", &args, NULL, &bytes);
    assert_int_equal(county_send(county, &once, sb_buf_bytes(&bytes)), SB_ERR_NOT_ALLOWED);
    check_said(&county->why, "inbjudan gäller taby-1, inte solna-1",
               "the invitation is for taby-1, not for solna-1");
    sb_buf_finish(&bytes);
    assert_int_equal(join(county, &once, &party), SB_ERR_OK);
}

/* ---- files ---- */

#define ORGS \
    "id,name,category,kommunkod,fire_service,county_code,tib_number,switchboard,rakel,fallback\n"
#define FORUMS "id,name,level,mode,seats\n"

/* As many lines as a register holds, and one more: all or nothing. */
static void test_files_at_their_limits(void **state)
{
    struct county *county = *state;
    char *csv = sb_alloc(1, SB_TEXT_SIZE_MAX);
    assert_int_equal(load(county, "org-load", ""), SB_ERR_MISSING);
    assert_int_equal(load(county, "org-load", "\xef\xbb\xbf\n"), SB_ERR_MALFORMED);
    check_said(&county->why, "filen är tom", "the file is empty");
    for (unsigned count = SB_FORUMS_MAX; count <= SB_FORUMS_MAX + 1; count++) {
        size_t size = (size_t)snprintf(csv, SB_TEXT_SIZE_MAX, "%s", FORUMS);
        for (unsigned i = 0; i < count; i++) {
            size += (size_t)snprintf(csv + size, SB_TEXT_SIZE_MAX - size,
                                     "f%u,F,samordnande,ordinarie,k:tib\n", i);
        }
        assert_true(size < SB_TEXT_SIZE_MAX);
        assert_int_equal(load(county, "forum-load", csv), SB_ERR_TOO_LARGE);
    }
    check_said(&county->why, "rad 258: fler än 256 forum", "line 258: more than 256 forums");
    size_t size = (size_t)snprintf(csv, SB_TEXT_SIZE_MAX, "%s", ORGS);
    for (unsigned i = 0; i <= SB_ORGS_MAX; i++) {
        static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
        size += (size_t)snprintf(csv + size, SB_TEXT_SIZE_MAX - size, "%c%c,O,k,,,,,,,\n",
                                 digits[i / 36], digits[i % 36]);
    }
    assert_true(size < SB_TEXT_SIZE_MAX);
    assert_int_equal(load(county, "org-load", csv), SB_ERR_TOO_LARGE);
    check_said(&county->why, "rad 1026: fler än 1024", "line 1026: more than 1024");
    size = (size_t)snprintf(csv, SB_TEXT_SIZE_MAX, "%s", FORUMS "f,");
    memset(csv + size, 'x', SB_TITLE_SIZE_MAX + 1);
    size += SB_TITLE_SIZE_MAX + 1;
    (void)snprintf(csv + size, SB_TEXT_SIZE_MAX - size, ",samordnande,ordinarie,k:tib\n");
    assert_int_equal(load(county, "forum-load", csv), SB_ERR_VALUE);
    assert_non_null(strstr(county->why.text, "line 2: "));
    assert_non_null(strstr(county->why.sv, "rad 2: "));
    free(csv);
}

/* ---- more than a page ---- */

static void put(struct sb_txn *txn, enum sb_table table, const char *key,
                const struct sb_record *row)
{
    struct sb_buf packed;
    sb_buf_init(&packed, SB_ROW_SIZE_MAX);
    sb_record_write(row, SB_PARTS_ALL, &packed);
    sb_txn_put(txn, table, sb_bytes_str(key), sb_buf_bytes(&packed));
    sb_buf_finish(&packed);
}

/* Reads all pages; how many rows they have. */
static unsigned pages_read(struct county *county, const char *verb, unsigned *ret_pages)
{
    struct sb_record args = {0};
    unsigned rows = 0;
    *ret_pages = 0;
    do {
        must(county, &county->viewer, verb, &args);
        rows += reply_rows(county);
        sb_record_set_number(&args, SB_FIELD_OFFSET, county->answer.next);
        assert_true(++*ret_pages < 100);
    } while (county->answer.next != 0);
    return rows;
}

static void mandates_put(struct sb_txn *txn, unsigned count)
{
    char basis[SB_TITLE_SIZE_MAX];
    memset(basis, 'b', sizeof basis);
    for (unsigned i = 0; i < count; i++) {
        char key[32];
        struct sb_record row = {0};
        (void)snprintf(key, sizeof key, "mandate-%05u", i);
        sb_record_set_text(&row, SB_FIELD_ORG, "taby");
        sb_record_set_text(&row, SB_FIELD_FUNCTION, "tib");
        sb_record_set_number(&row, SB_FIELD_REALM, SB_REALM_LIVE);
        sb_record_set_number(&row, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
        sb_record_set_bytes(&row, SB_FIELD_BASIS, sb_bytes((const uint8_t *)basis, sizeof basis));
        sb_record_set_number(&row, SB_FIELD_VALID_FROM, AUTHORITY_FROM_MS);
        sb_record_set_number(&row, SB_FIELD_VALID_TO, AUTHORITY_TO_MS);
        put(txn, SB_TABLE_MANDATE, key, &row);
    }
}

/* Each once, none left out, and nothing after the last page. */
static void test_lists_in_pages(void **state)
{
    enum {
        MANY = 12000
    };
    struct county *county = *state;
    unsigned pages;
    const unsigned operators = pages_read(county, "operator-list", &pages);
    assert_int_equal(pages, 1);
    const unsigned counters = pages_read(county, "counters", &pages);
    struct sb_txn *txn = store_begin(county->store);
    mandates_put(txn, MANY / 6);
    for (unsigned i = 0; i < MANY; i++) {
        char name[SB_NAME_SIZE_MAX + 1];
        struct sb_record row = {0};
        (void)snprintf(name, sizeof name, "beredskap-med-langt-namn-%05u", i);
        sb_record_set_text(&row, SB_FIELD_SUBJECT, name);
        sb_record_set_number(&row, SB_FIELD_ROLE, SB_ROLE_VIEWER);
        put(txn, SB_TABLE_OPERATOR, name, &row);
        sb_txn_set_number(txn, SB_TABLE_COUNTER, name, i);
    }
    store_commit(county->store, txn);
    assert_int_equal(pages_read(county, "operator-list", &pages), operators + MANY);
    assert_true(pages > 1);
    assert_int_equal(pages_read(county, "counters", &pages), counters + MANY);
    assert_true(pages > 1);
    assert_int_equal(pages_read(county, "mandate-list", &pages), MANY / 6);
    assert_true(pages > 1);
}

/* Forums with long names of seats fill more than a page, in their order. */
static void test_forums_in_pages(void **state)
{
    struct county *county = *state;
    struct sb_txn *txn = store_begin(county->store);
    char *rules = sb_alloc(1, 8192);
    unsigned pages;
    size_t size = 0;
    for (unsigned i = 0; i < 140; i++) {
        size += (size_t)snprintf(rules + size, 8192 - size, "%sfunktion%u", i == 0 ? "k:" : ",", i);
    }
    for (unsigned i = 0; i < 200; i++) {
        char name[32];
        struct sb_record row = {0};
        (void)snprintf(name, sizeof name, "forum-%03u", 199 - i);
        sb_record_set_text(&row, SB_FIELD_FORUM, name);
        sb_record_set_text(&row, SB_FIELD_NAME, name);
        sb_record_set_text(&row, SB_FIELD_SEAT_RULES, rules);
        sb_record_set_number(&row, SB_FIELD_TURN, 1000 + i / 2); /* two of a turn: by name */
        put(txn, SB_TABLE_FORUM, name, &row);
    }
    store_commit(county->store, txn);
    free(rules);
    assert_int_equal(pages_read(county, "forum-list", &pages), 206);
    assert_true(pages > 1);
    struct sb_record args = {0};
    struct sb_record row;
    sb_record_set_number(&args, SB_FIELD_OFFSET, 6);
    must(county, &county->viewer, "forum-list", &args);
    reply_row(county, 0, &row);
    assert_true(row_says(&row, SB_FIELD_FORUM, "forum-198"));
    reply_row(county, 1, &row);
    assert_true(row_says(&row, SB_FIELD_FORUM, "forum-199"));
    reply_row(county, 2, &row);
    assert_true(row_says(&row, SB_FIELD_FORUM, "forum-196"));
}

/* A thousand organisations, each called: board and preview fill more than a page. */
static void test_seats_in_pages(void **state)
{
    struct county *county = *state;
    char *csv = sb_alloc(1, SB_TEXT_SIZE_MAX);
    struct sb_record args;
    char name[121];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    unsigned loaded = 0;
    while (loaded < 960) {
        size_t size = (size_t)snprintf(csv, SB_TEXT_SIZE_MAX, "%s", ORGS);
        for (unsigned i = 0; i < 80; i++) {
            size += (size_t)snprintf(csv + size, SB_TEXT_SIZE_MAX - size, "o%u,%s,skola,,,,1,,,\n",
                                     loaded++, name);
        }
        assert_int_equal(load(county, "org-load", csv), SB_ERR_OK);
    }
    size_t size = (size_t)snprintf(csv, SB_TEXT_SIZE_MAX, "%s", ORGS);
    for (unsigned i = 0; i < 100; i++) { /* with these there would be more than a register holds */
        size += (size_t)snprintf(csv + size, SB_TEXT_SIZE_MAX - size, "p%u,P,skola,,,,,,,\n", i);
    }
    assert_int_equal(load(county, "org-load", csv), SB_ERR_TOO_LARGE);
    free(csv);
    assert_int_equal(
        load(county, "forum-load", FORUMS "skolor,Skolor,samordnande,aktiverat,\"skola:tib,vb\"\n"),
        SB_ERR_OK);
    call_args(&args, "skolor", "Läsk");
    must(county, &county->tib, "call", &args);
    static const char *const verbs[] = {"status", "preview"};
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        unsigned rows = 0, pages = 0;
        sb_record_clear(&args);
        sb_record_set_text(&args, SB_FIELD_FORUM, "skolor");
        do {
            must(county, &county->viewer, verbs[i], &args);
            rows += reply_rows(county);
            sb_record_set_number(&args, SB_FIELD_OFFSET, county->answer.next);
            assert_true(++pages < 100);
        } while (county->answer.next != 0);
        assert_int_equal(rows, 2 * 960 + (i == 0 ? 1 : 0)); /* the board has a head */
        assert_true(pages > 1);
    }
}

/* After a restart each agent of many is waited for, and said to be dark when it does not come. */
static void test_many_agents_go_dark(void **state)
{
    enum {
        MANY = 150
    };
    struct county *county = *state;
    struct sb_txn *txn = store_begin(county->store);
    for (unsigned i = 0; i < MANY; i++) {
        char name[32];
        struct sb_record row = {0};
        (void)snprintf(name, sizeof name, "agent-%03u", (i * 7) % MANY); /* in no order */
        sb_record_set_text(&row, SB_FIELD_AGENT, name);
        put(txn, SB_TABLE_AGENT, name, &row);
    }
    store_commit(county->store, txn);
    county_restart(county);
    county_pass(county, 1);
    assert_false(said(&county->log, "agent-dark"));
    county_pass(county, county->config.dark_after_ms);
    for (unsigned i = 0; i < MANY; i++) {
        char line[48];
        (void)snprintf(line, sizeof line, "agent-dark agent=agent-%03u ", i);
        assert_true(said(&county->log, line));
    }
}

/* A filter that fits nothing looks at so many events and says where to go on. */
static void test_events_looked_at(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_TEXT, "rad");
    for (unsigned i = 0; i < 4100; i++) {
        must(county, &county->tib, "note", &args);
    }
    sb_record_clear(&args);
    sb_record_set_number(&args, SB_FIELD_KIND, SB_KIND_CONVENING);
    must(county, &county->viewer, "events", &args);
    assert_int_equal(reply_rows(county), 0);
    assert_int_equal(county->answer.next, 4);
    sb_record_set_number(&args, SB_FIELD_OFFSET, 4);
    must(county, &county->viewer, "events", &args);
    assert_int_equal(county->answer.next, 0);
}

/* Destructors take NULL. */
static void test_nothing_is_destroyed(void **state)
{
    (void)state;
    sb_broker_destroy(NULL);
    sb_issue_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, county_setup_real, county_teardown)
        T(test_in_a_running_incident),   T(test_refused_in_an_incident),
        T(test_picture_without_a_forum), T(test_newest_report_is_cited),
        T(test_board_of_an_incident),    T(test_wrong_kinds),
        T(test_board_of_a_lost_event),   T(test_refused_reached),
        T(test_refused_administration),  T(test_agent_of_many),
        T(test_join_under_another_name), T(test_files_at_their_limits),
        T(test_lists_in_pages),          T(test_forums_in_pages),
        T(test_seats_in_pages),          T(test_many_agents_go_dark),
        T(test_events_looked_at),        cmocka_unit_test(test_nothing_is_destroyed),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
