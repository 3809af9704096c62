/* test_forums.c: forums.csv: its grammar, the county's six forums over its forty organisations, and
 * how a person's "to" becomes called functions. */
#include "../../broker/core/register.h"
#include "broker_agents.h"

#define HEADING "id,name,level,mode,seats\n"

static enum sb_err load(struct county *county, const char *csv)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_CSV, csv);
    return ask(county, &county->admin, "forum-load", &args);
}

static void rule_is(struct sb_rule_reader *reader, const char *category, const char *function,
                    const char *via, bool supports)
{
    struct sb_rule rule;
    struct sb_why why = {0};
    bool end = true;
    assert_int_equal(sb_rules_next(reader, &end, &rule, &why), SB_ERR_OK);
    assert_false(end);
    assert_string_equal(rule.category.text, category);
    assert_string_equal(rule.function.text, function);
    assert_string_equal(rule.via.text, via);
    assert_int_equal(rule.supports, supports);
}

static void test_grammar(void **state)
{
    (void)state;
    struct sb_rule rule;
    struct sb_why why = {0};
    bool end = false;
    struct sb_rule_reader reader = sb_rules_read(sb_bytes_str(
        "kommun:kommundirektor via tib,~kib;raddningstjanst:forbundsdirektor|raddningschef"));
    rule_is(&reader, "kommun", "kommundirektor", "tib", false);
    rule_is(&reader, "kommun", "kib", "", true);
    rule_is(&reader, "raddningstjanst", "forbundsdirektor", "", false);
    assert_int_equal(sb_rules_next(&reader, &end, &rule, &why), SB_ERR_OK);
    assert_true(end);
}

static void test_refused_rules(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at; /* where it went wrong */
    } rows[] = {
        {"", 0},
        {"kommun", 6},
        {"kommun:", 7},
        {"kommun:tib,", 11},
        {"kommun:tib;", 11},
        {"kommun:tib;region", 17},
        {"kommun:tib region", 10},
        {"kommun:tib via ", 15},
        {"kommun:tib|", 11},
        {"kommun:~", 8},
        {"kommun:Tib", 7},
        {"Kommun:tib", 0},
        {"kommun:tib,,kib", 11},
        {"kommun:tib:kib", 7},
        {"kommun:tib via vb via kib", 15},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sb_rule_reader reader = sb_rules_read(sb_bytes_str(rows[i].text));
        struct sb_rule rule;
        struct sb_why why = {0};
        bool end = false;
        enum sb_err err = SB_ERR_OK;
        while (err == SB_ERR_OK && !end) {
            err = sb_rules_next(&reader, &end, &rule, &why);
        }
        check_said(&why, "", "");
        if (err != SB_ERR_VALUE || reader.at != rows[i].at) {
            fail_msg("\"%s\": %s at %zu, expected value at %zu", rows[i].text, sb_err_name(err),
                     reader.at, rows[i].at);
        }
    }
}

static void test_real_forums(void **state)
{
    struct county *county = *state;
    static const struct {
        const char *forum;
        unsigned seats, level;
    } rows[] = {
        {"rr", 35, SB_LEVEL_OVERORDNAD_FORUM},   {"rcg", 39, SB_LEVEL_INRIKTANDE_FORUM},
        {"rif", 40, SB_LEVEL_INRIKTANDE_FORUM},  {"rsg", 39, SB_LEVEL_SAMORDNANDE_FORUM},
        {"rsf", 43, SB_LEVEL_SAMORDNANDE_FORUM}, {"lc", 10, SB_LEVEL_VERKSTALLANDE_FORUM},
    };
    struct sb_record none = {0};
    must(county, &county->viewer, "forum-list", &none);
    assert_int_equal(reply_rows(county), COUNT_OF(rows));
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct sb_record row;
        reply_row(county, i, &row);
        assert_true(row_says(&row, SB_FIELD_FORUM, rows[i].forum));
        assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), rows[i].seats);
        assert_int_equal(sb_record_number(&row, SB_FIELD_LEVEL), rows[i].level);
    }
}

static void test_refused_forums(void **state)
{
    struct county *county = *state;
    static const struct {
        const char *csv;
        enum sb_err err;
        const char *why;
    } rows[] = {
        {HEADING, SB_ERR_VALUE, "no forum"},
        {"id,name\n", SB_ERR_MALFORMED, "line 1: 2 fields"},
        {HEADING "RSF,R,samordnande,aktiverat,k:tib\n", SB_ERR_VALUE, "line 2, column 1: id"},
        {HEADING "rsf,,samordnande,aktiverat,k:tib\n", SB_ERR_VALUE,
         "line 2, column 5: name: it must not be empty"},
        {HEADING "rsf,R,nivå,aktiverat,k:tib\n", SB_ERR_VALUE,
         "line 2, column 7: level: write overordnad, inriktande, samordnande or verkstallande"},
        {HEADING "rsf,R,samordnande,vilande,k:tib\n", SB_ERR_VALUE,
         "line 2, column 19: mode: write ordinarie or aktiverat"},
        {HEADING "rsf,R,samordnande,aktiverat,\"k:tib,\"\n", SB_ERR_VALUE,
         "line 2, column 29: seats, at character 7"},
        {HEADING "rsf,R,samordnande,aktiverat,k:tib,kib\n", SB_ERR_MALFORMED,
         "must stand in quotation marks"},
        {HEADING "a,A,samordnande,aktiverat,k:tib\na,B,samordnande,aktiverat,k:tib\n",
         SB_ERR_ALREADY, "line 3, column 1: a stands twice"},
    };
    struct sb_record none = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum sb_err err = load(county, rows[i].csv);
        if (err != rows[i].err || strstr(county->why.text, rows[i].why) == NULL) {
            fail_msg("row %zu: %s \"%s\" instead of %s \"%s\"", i, sb_err_name(err),
                     county->why.text, sb_err_name(rows[i].err), rows[i].why);
        }
        must(county, &county->viewer, "forum-list", &none);
        assert_int_equal(reply_rows(county), 6);
    }
    assert_int_equal(load(county, HEADING "rsf,R,nivå,aktiverat,k:tib\n"), SB_ERR_VALUE);
    check_said(
        &county->why,
        "rad 2, kolumn 7: level: skriv overordnad, inriktande, samordnande eller verkstallande",
        "line 2, column 7: level: write overordnad");
    assert_int_equal(load(county, HEADING "rsf,R,samordnande,aktiverat,\"k:tib,\"\n"),
                     SB_ERR_VALUE);
    check_said(&county->why, "rad 2, kolumn 29: seats, tecken 7: \"\" är inget namn på en funktion",
               "line 2, column 29: seats, at character 7: \"\" is no name of a function");
    assert_int_equal(load(county, HEADING "rsf,R,samordnande,aktiverat,k\n"), SB_ERR_VALUE);
    check_said(&county->why, "ett kolon väntas här", "a colon is expected here");
}

/* A category that no organisation has is no error; a forum that calls nobody cannot be called. */
static void test_unknown_category(void **state)
{
    struct county *county = *state;
    struct sb_record args = {0};
    assert_int_equal(load(county, HEADING "sim,Sjöfart,verkstallande,aktiverat,sjofart:vb\n"),
                     SB_ERR_OK);
    sb_record_set_text(&args, SB_FIELD_FORUM, "sim");
    sb_record_set_text(&args, SB_FIELD_TITLE, "Olja");
    assert_int_equal(ask(county, &county->tib, "call", &args), SB_ERR_NOT_FOUND);
    assert_non_null(strstr(county->why.text, "calls nobody"));
}

/* ---- TO ---- */

static enum sb_err preview(struct county *county, const char *forum, const char *a, const char *b)
{
    struct sb_record args = {0};
    struct sb_list_writer to;
    sb_list_init(&to);
    const char *items[] = {a, b};
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        if (items[i] != NULL) {
            sb_list_add(&to, sb_bytes_str(items[i]));
        }
    }
    if (to.count > 0) {
        sb_record_set_bytes(&args, SB_FIELD_TO, sb_list_bytes(&to));
    }
    if (forum != NULL) {
        sb_record_set_text(&args, SB_FIELD_FORUM, forum);
    }
    enum sb_err err = ask(county, &county->viewer, "preview", &args);
    sb_list_finish(&to);
    return err;
}

static void test_preview(void **state)
{
    struct county *county = *state;
    struct sb_record row;
    (void)end_join(county, "taby", NULL);
    assert_int_equal(preview(county, "rsf", NULL, NULL), SB_ERR_OK);
    assert_int_equal(reply_rows(county), 43);
    assert_true(seat_row(county, "taby/tib", &row));
    assert_false(sb_record_has(&row, SB_FIELD_NOTICE));
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_UNDECLARED);
    assert_true(seat_row(county, "solna/tib", &row));
    assert_true(row_says(&row, SB_FIELD_NOTICE, "no agent enrolled"));
    assert_true(row_says(&row, SB_FIELD_RING, "08-46500421, Rakel 2370021"));
    assert_true(seat_row(county, "lst-ab/kib", &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_NOT_NEEDED);
    county_pass(county, county->config.dark_after_ms);
    assert_int_equal(preview(county, "rsf", NULL, NULL), SB_ERR_OK);
    assert_true(seat_row(county, "taby/tib", &row));
    assert_true(row_says(&row, SB_FIELD_NOTICE, "the agent is silent"));
    assert_true(sb_record_has(&row, SB_FIELD_DARK_SINCE));
}

static void test_to(void **state)
{
    struct county *county = *state;
    struct sb_record row;
    assert_int_equal(preview(county, NULL, "lc", "taby/kib"), SB_ERR_OK);
    assert_int_equal(reply_rows(county), 11);
    assert_true(seat_row(county, "taby/kib", &row));
    assert_int_equal(preview(county, NULL, "taby", "ssbf"), SB_ERR_OK); /* as the first
        coordinating forum that meets in an emergency calls them */
    assert_int_equal(reply_rows(county), 2);
    assert_true(seat_row(county, "taby/tib", &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_NOT_NEEDED);
    assert_true(seat_row(county, "ssbf/rcb", &row));
    assert_int_equal(preview(county, "rcg", "taby", NULL), SB_ERR_OK); /* as that forum does */
    assert_true(seat_row(county, "taby/kommundirektor", &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_UNDECLARED);
    assert_int_equal(preview(county, NULL, "storsthlm", "lc"), SB_ERR_OK);
    assert_int_equal(reply_rows(county), 11);
    assert_int_equal(preview(county, NULL, "rsf", "lc"), SB_ERR_OK);
    assert_int_equal(reply_rows(county), 50); /* three in the same function in both */
}

/* A function that the named forum has a seat for is called as it stands there. */
static void test_to_as_the_forum_has_it(void **state)
{
    struct county *county = *state;
    struct sb_record row;
    assert_int_equal(preview(county, "rsf", "lst-ab/kib", "taby/tib"), SB_ERR_OK);
    assert_int_equal(reply_rows(county), 2);
    assert_true(seat_row(county, "lst-ab/kib", &row)); /* supports there: needs no mandate */
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_NOT_NEEDED);
    assert_true(seat_row(county, "taby/tib", &row));
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_UNDECLARED);
    assert_int_equal(load(county, HEADING "sim,Sjöfart,verkstallande,aktiverat,sjofart:vb\n"),
                     SB_ERR_OK);
    assert_int_equal(preview(county, NULL, "sim", NULL), SB_ERR_NOT_FOUND);
    check_said(&county->why, "ingen kallas", "nobody is called");
}

static void test_refused_to(void **state)
{
    struct county *county = *state;
    static const char *const items[] = {"",     "nowhere",  "nowhere/tib", "taby/",
                                        "/tib", "taby tib", "taby/tib/x"};
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        assert_int_equal(preview(county, NULL, items[i], NULL), SB_ERR_NOT_FOUND);
        assert_non_null(strstr(county->why.text, items[i]));
    }
    assert_int_equal(preview(county, NULL, "taby/anna", NULL), SB_ERR_NOT_FOUND); /* a person */
    assert_non_null(strstr(county->why.text, "functions are called, not persons"));
    assert_int_equal(preview(county, "xyz", NULL, NULL), SB_ERR_NOT_FOUND);
    assert_int_equal(preview(county, "xyz", "taby", NULL), SB_ERR_NOT_FOUND);
    assert_int_equal(preview(county, NULL, NULL, NULL),
                     SB_ERR_NOT_FOUND); /* a picture of nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, county_setup_real, county_teardown)
        cmocka_unit_test(test_grammar),
        cmocka_unit_test(test_refused_rules),
        T(test_real_forums),
        T(test_refused_forums),
        T(test_unknown_category),
        T(test_preview),
        T(test_to),
        T(test_to_as_the_forum_has_it),
        T(test_refused_to),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
