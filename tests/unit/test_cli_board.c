/* test_cli_board.c: the board, lists and the timeline (broker/cli/view) from rows made by hand:
 * what is counted, that 80 columns hold it, and that rows from outside cannot take the terminal. */
#include "samband/kinds.h"
#include "samband/words.h"
#include "unit/cli_printed.h"
#include "view/rows.h"
#include "view/story.h"
#include "view/value.h"

#include <locale.h>

static void head_add(struct sb_rows *rows, enum sb_realm realm, enum sb_kind kind)
{
    struct sb_record row = {0};
    struct sb_hash id = {{0x4f, 0x3a, 0x91, 0xc2}};
    sb_record_set_hash(&row, SB_FIELD_ID, &id);
    sb_record_set_number(&row, SB_FIELD_KIND, kind);
    sb_record_set_number(&row, SB_FIELD_REALM, realm);
    sb_record_set_text(&row, SB_FIELD_TITLE, "Snöoväder");
    name_set(&row, SB_FIELD_FORUM, "rsf");
    sb_record_set_number(&row, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_number(&row, SB_FIELD_ISSUED, NIGHT);
    sb_record_set_number(&row, SB_FIELD_ANSWER_BY, NIGHT + 300000);
    sb_record_set_number(&row, SB_FIELD_STARTS, NIGHT + 3000000);
    assert_true(sb_rows_add(rows, &row));
}

struct seat {
    const char *org, *name, *seat;
    enum sb_colour colour;
    uint64_t acked_at;
    enum sb_mandate_state mandate;
    enum sb_answer answer;
    uint64_t at;
    enum sb_step step;
    uint64_t step_at, dark_since;
    const char *ring, *via, *wording;
    bool late;
};

static void seat_add(struct sb_rows *rows, const struct seat *seat)
{
    struct sb_record row = {0};
    const struct {
        enum sb_field field;
        uint64_t number;
    } numbers[] = {{SB_FIELD_COLOUR, seat->colour},
                   {SB_FIELD_ACKED_AT, seat->acked_at},
                   {SB_FIELD_MANDATE_STATE, seat->mandate},
                   {SB_FIELD_ANSWER, seat->answer},
                   {SB_FIELD_AT, seat->at},
                   {SB_FIELD_STEP, seat->step},
                   {SB_FIELD_STEP_AT, seat->step_at},
                   {SB_FIELD_DARK_SINCE, seat->dark_since},
                   {SB_FIELD_LATE, seat->late ? 1 : 0},
                   {SB_FIELD_STORED_AT, seat->dark_since > 0 ? 0 : NIGHT + 1000}};
    name_set(&row, SB_FIELD_ORG, seat->org);
    sb_record_set_text(&row, SB_FIELD_NAME, seat->name);
    sb_record_set_text(&row, SB_FIELD_SEAT, seat->seat);
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        if (numbers[i].number > 0) {
            sb_record_set_number(&row, numbers[i].field, numbers[i].number);
        }
    }
    if (seat->ring != NULL) {
        sb_record_set_text(&row, SB_FIELD_RING, seat->ring);
    }
    if (seat->via != NULL) {
        name_set(&row, SB_FIELD_VIA, seat->via);
    }
    if (seat->wording != NULL) {
        sb_record_set_text(&row, SB_FIELD_WORDING, seat->wording);
    }
    assert_true(sb_rows_add(rows, &row));
}

static const struct seat seats[] = {
    {.org = "norrtalje",
     .name = "Norrtälje kommun",
     .seat = "norrtalje/tib",
     .colour = SB_COLOUR_RED,
     .dark_since = NIGHT - 372000,
     .ring = "08-46500400",
     .wording = "agenten mörk",
     .mandate = SB_MANDATE_NONE},
    {.org = "polisen",
     .name = "Polisregion Stockholm",
     .seat = "polisen/vb",
     .colour = SB_COLOUR_AMBER,
     .step = SB_STEP_DEPUTY,
     .step_at = NIGHT + 300000,
     .mandate = SB_MANDATE_UNDECLARED,
     .wording = "inget svar än"},
    {.org = "solna",
     .name = "Solna stad",
     .seat = "solna/kommundirektor",
     .colour = SB_COLOUR_GREEN,
     .acked_at = NIGHT + 60000,
     .mandate = SB_MANDATE_VALID,
     .answer = SB_ANSWER_AT,
     .at = NIGHT + 4200000,
     .step = SB_STEP_STOPPED,
     .wording = "deltar"},
    {.org = "solna",
     .name = "Solna stad",
     .seat = "solna/kib",
     .colour = SB_COLOUR_GREEN,
     .acked_at = NIGHT + 70000,
     .mandate = SB_MANDATE_NOT_NEEDED,
     .answer = SB_ANSWER_YES,
     .wording = "deltar",
     .late = true},
    {.org = "varmdo",
     .name = "Värmdö kommun",
     .seat = "varmdo/tib",
     .colour = SB_COLOUR_GREEN,
     .acked_at = NIGHT + 80000,
     .mandate = SB_MANDATE_VALID,
     .answer = SB_ANSWER_DEPUTY,
     .via = "rakel",
     .wording = "deltar"},
};

/* The board in two pages, as a long one comes. */
static void board_make(struct sb_pages *pages, enum sb_realm realm)
{
    struct sb_rows rows;
    sb_pages_init(pages);
    sb_rows_init(&rows);
    head_add(&rows, realm, SB_KIND_CONVENING);
    seat_add(&rows, &seats[0]);
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_buf buf;
    uint8_t id[SB_REQUEST_ID_SIZE] = {1};
    for (unsigned page = 0; page < 2; page++) {
        sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
        sb_reply_write(id, SB_ERR_OK, "", &rows, 0, &buf);
        assert_int_equal(sb_reply_read(sb_buf_bytes(&buf), &reply, &why), SB_ERR_OK);
        sb_pages_add(pages, reply.rows);
        sb_buf_finish(&buf);
        sb_rows_finish(&rows);
        sb_rows_init(&rows);
        for (size_t i = 1; page == 0 && i < COUNT_OF(seats); i++) {
            seat_add(&rows, &seats[i]);
        }
    }
    sb_rows_finish(&rows);
}

static void test_counts(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct sb_board_counts counts;
    board_make(&pages, SB_REALM_LIVE);
    sb_board_count(&pages, &counts);
    assert_int_equal(sb_pages_rows(&pages), 6);
    assert_int_equal(counts.called, 5);
    assert_int_equal(counts.reached, 3);
    assert_int_equal(counts.mandate_needed, 4);
    assert_int_equal(counts.mandated, 2);
    assert_int_equal(counts.answer[SB_ANSWER_YES], 1);
    assert_int_equal(counts.answer[SB_ANSWER_AT], 1);
    assert_int_equal(counts.answer[SB_ANSWER_DEPUTY], 1);
    assert_int_equal(counts.answer[SB_ANSWER_NO], 0);
    assert_int_equal(counts.answer[SB_ANSWER_NOTHING], 2);
    assert_int_equal(counts.orgs, 4);
    assert_int_equal(counts.orgs_dark, 1);
    assert_int_equal(counts.next_step_at, NIGHT + 300000);
    sb_pages_finish(&pages);
}

static void test_board_80(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    board_make(&pages, SB_REALM_LIVE);
    printed_begin(&printed, SB_FORM_TABLE, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    none_wider(&printed, 80);
    has(&printed, "SKARPT  kallelse «Snöoväder»  4f3a91c2  02:10  +04:37");
    has(&printed, "start 03:00 (om 45 min)");
    has(&printed, "svar senast 02:15 (om 23 s)");
    has(&printed, "NÅDD 3/5   MED MANDAT 2/4   AGENT 3/4 (1 mörka)");
    has(&printed, "SVAR ja 1  ansluter 1  ersättare 1  nej 0  inget 2   NÄSTA STEG om 00:23");
    has(&printed, "R! Norrtälje k…");
    has(&printed, "ring 08-46500400");
    has(&printed, "ersättare 00:23");
    has(&printed, "kl 03:20");
    has(&printed, "G* Värmdö");
    has(&printed, "02:11+");
    has(&printed, "+ efter fristen");
    has(&printed, "ej anm");
    has_not(&printed, "\033");
    free(printed.text);
    sb_pages_finish(&pages);
}

static void test_board_wide_and_piped(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    board_make(&pages, SB_REALM_EXERCISE);
    printed_begin(&printed, SB_FORM_TABLE, 160);
    printed.view.colour = true;
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    has(&printed, "ÖVNING ·");
    has(&printed, "\033[7m");
    has(&printed, "Polisregion Stockholm");
    has(&printed, "RÖD");
    has(&printed, "inget svar än");
    has_not(&printed, "SKARPT");
    free(printed.text);
    /* No terminal: nothing is cut. */
    printed_begin(&printed, SB_FORM_TABLE, 0);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    has(&printed, "Polisregion Stockholm");
    has(&printed, "kommundirektor");
    free(printed.text);
    sb_pages_finish(&pages);
}

static void test_board_json(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    json_error_t error;
    board_make(&pages, SB_REALM_LIVE);
    printed_begin(&printed, SB_FORM_JSON, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    json_t *json = json_loads(printed.text, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(json);
    json_t *head = json_object_get(json, "head");
    assert_string_equal(json_string_value(json_object_get(head, "kind")), "convening");
    assert_string_equal(json_string_value(json_object_get(head, "realm")), "live");
    assert_string_equal(json_string_value(json_object_get(head, "issued")),
                        "2026-11-23T01:10:00.000Z");
    assert_int_equal(strlen(json_string_value(json_object_get(head, "id"))), 64);
    json_t *array = json_object_get(json, "seats");
    assert_int_equal(json_array_size(array), 5);
    json_t *first = json_array_get(array, 0);
    assert_string_equal(json_string_value(json_object_get(first, "colour")), "red");
    assert_string_equal(json_string_value(json_object_get(first, "mandate")), "none");
    assert_null(json_object_get(first, "answer")); /* unknown is not there */
    assert_true(json_is_true(json_object_get(json_array_get(array, 3), "late")));
    json_decref(json);
    free(printed.text);
    sb_pages_finish(&pages);
}

static void test_board_plain(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    board_make(&pages, SB_REALM_LIVE);
    printed_begin(&printed, SB_FORM_PLAIN, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    has(&printed, "rubrik\tSnöoväder\n");
    has(&printed, "norrtalje/tib\tmörk sedan\t02:03:48\n");
    has(&printed, "solna/kommundirektor\tkvitterad\t02:11:00\n");
    free(printed.text);
    sb_pages_finish(&pages);
}

static void test_empty(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    sb_pages_init(&pages);
    printed_begin(&printed, SB_FORM_TABLE, 80);
    sb_board_print(&pages, &printed.view);
    sb_story_print(&pages, &(struct sb_story_only){0}, &printed.view);
    printed_end(&printed);
    assert_string_equal(printed.text, "Inget pågår.\ninget att visa\n");
    free(printed.text);
}

/* Words of a newer version, and times that no calendar has, are shown as what they are. */
static void test_unknown_values(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    struct sb_record row = {0};
    sb_pages_init(&pages);
    sb_record_set_text(&row, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_number(&row, SB_FIELD_COLOUR, 99);
    sb_record_set_number(&row, SB_FIELD_ANSWER, 77);
    sb_record_set_number(&row, SB_FIELD_MANDATE_STATE, 55);
    sb_record_set_number(&row, SB_FIELD_STEP, 44);
    sb_record_set_number(&row, SB_FIELD_ACKED_AT, UINT64_MAX);
    sb_record_set_number(&row, SB_FIELD_STEP_AT, UINT64_MAX);
    row_page(&pages, &row);
    printed_begin(&printed, SB_FORM_TABLE, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    has(&printed, "taby");
    has(&printed, "77");
    none_wider(&printed, 80);
    free(printed.text);
    printed_begin(&printed, SB_FORM_JSON, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    has(&printed, "\"colour\": 99");
    free(printed.text);
    sb_pages_finish(&pages);
}

static void test_list(void **state)
{
    (void)state;
    static const struct sb_column columns[] = {
        {SB_FIELD_ORG, SB_TEXT_NOTHING, 8},
        {SB_FIELD_NAME, SB_TEXT_NOTHING, 10},
        {SB_FIELD_SWITCHBOARD, SB_TEXT_NOTHING, 11},
        {0},
    };
    struct sb_pages pages;
    struct printed printed;
    struct sb_record row = {0};
    sb_pages_init(&pages);
    name_set(&row, SB_FIELD_ORG, "upplands-vasby");
    sb_record_set_text(&row, SB_FIELD_NAME, "Upplands Väsby kommun med ett mycket långt namn till");
    sb_record_set_text(&row, SB_FIELD_SWITCHBOARD, "08-46500451");
    row_page(&pages, &row);
    printed_begin(&printed, SB_FORM_TABLE, 40);
    sb_rows_print(&pages, columns, SB_TEXT_EMPTY, &printed.view);
    printed_end(&printed);
    none_wider(&printed, 40);
    has(&printed, "ORGANISAT");
    has(&printed, "VÄXEL");
    has(&printed, "08-46500451");
    has(&printed, "…");
    free(printed.text);
    printed_begin(&printed, SB_FORM_PLAIN, 40);
    sb_rows_print(&pages, columns, SB_TEXT_EMPTY, &printed.view);
    printed_end(&printed);
    has(&printed, "upplands-vasby\tväxel\t08-46500451\n");
    free(printed.text);
    sb_pages_finish(&pages);
}

static void told(const struct sb_record *row, enum sb_language language, const char *expected)
{
    char text[2048];
    struct sb_view view = {.language = language, .now_ms = NIGHT};
    sb_story_sentence(row, &view, text, sizeof text);
    assert_string_equal(text, expected);
}

static void test_sentences(void **state)
{
    (void)state;
    struct sb_record row = {0};
    sb_record_set_number(&row, SB_FIELD_KIND, SB_KIND_CONVENING);
    name_set(&row, SB_FIELD_FORUM, "rsf");
    told(&row, SB_LANGUAGE_SV, "KALL   rsf kallat");
    sb_record_set_text(&row, SB_FIELD_TITLE, "Snöoväder");
    sb_record_set_number(&row, SB_FIELD_STARTS, NIGHT + 3000000);
    sb_record_set_number(&row, SB_FIELD_AUDIENCE_COUNT, 40);
    told(&row, SB_LANGUAGE_SV, "KALL   rsf kallat: «Snöoväder», start 03:00, 40 organisationer");
    sb_record_set_number(&row, SB_FIELD_VERDICT, SB_ERR_SIGNATURE);
    told(&row, SB_LANGUAGE_EN,
         "CALL   rsf convened: \"Snöoväder\", start 03:00, 40 organisations - REFUSED: bad "
         "signature");

    sb_record_clear(&row);
    sb_record_set_number(&row, SB_FIELD_KIND, SB_KIND_ATTENDANCE);
    sb_record_set_text(&row, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_number(&row, SB_FIELD_ANSWER, SB_ANSWER_AT);
    sb_record_set_number(&row, SB_FIELD_AT, NIGHT + 4200000);
    told(&row, SB_LANGUAGE_SV, "SVAR   taby/tib: ANSLUTER KL 03:20");

    sb_record_clear(&row);
    sb_record_set_number(&row, SB_FIELD_KIND, 4711);
    name_set(&row, SB_FIELD_ORIGIN, "taby");
    told(&row, SB_LANGUAGE_SV, "OKÄNT  slag 4711 från taby");
}

/* Every kind's pattern names only fields that exist: an unknown one would abort. */
static void test_sentence_of_every_kind(void **state)
{
    (void)state;
    char text[2048];
    struct sb_view view = {.now_ms = NIGHT};
    for (unsigned language = 0; language < 2; language++) {
        view.language = language == 0 ? SB_LANGUAGE_SV : SB_LANGUAGE_EN;
        for (unsigned i = 0; sb_kind_at(i) != NULL; i++) {
            struct sb_record row = {0};
            sb_record_set_number(&row, SB_FIELD_KIND, sb_kind_at(i)->kind);
            sb_record_set_number(&row, SB_FIELD_WITHDRAWN, 1);
            sb_record_set_number(&row, SB_FIELD_VERDICT, SB_ERR_CHAIN);
            sb_story_sentence(&row, &view, text, sizeof text);
            assert_true(strlen(text) > 0);
            assert_null(strchr(text, '{'));
        }
    }
}

static void test_timeline(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    struct sb_hash id = {{0x11, 0x22, 0x33, 0x44}};
    struct sb_record row = {0};
    sb_pages_init(&pages);
    for (unsigned i = 0; i < 3; i++) {
        static const char *const orgs[] = {"lst-ab", "taby", "solna"};
        sb_record_clear(&row);
        sb_record_set_hash(&row, SB_FIELD_ID, &id);
        sb_record_set_number(&row, SB_FIELD_KIND, SB_KIND_NOTE);
        name_set(&row, SB_FIELD_ORIGIN, orgs[i]);
        sb_record_set_text(&row, SB_FIELD_TEXT, i == 0 ? "02:14 ringde SMHI" : "svar");
        sb_record_set_number(&row, SB_FIELD_ACCEPTED_AT, NIGHT + i * 61000);
        row_page(&pages, &row);
    }
    printed_begin(&printed, SB_FORM_TABLE, 80);
    sb_story_print(&pages, &(struct sb_story_only){0}, &printed.view);
    printed_end(&printed);
    has(&printed, "+00:00  02:10:00  11223344  ANT    02:14 ringde SMHI\n");
    has(&printed, "+02:02  02:12:02  11223344  ANT    svar\n");
    free(printed.text);
    /* Time since the first event also where the first is not shown. */
    printed_begin(&printed, SB_FORM_TABLE, 80);
    sb_story_print(&pages, &(struct sb_story_only){.org = "taby"}, &printed.view);
    printed_end(&printed);
    assert_string_equal(printed.text, "+01:01  02:11:01  11223344  ANT    svar\n");
    free(printed.text);
    printed_begin(&printed, SB_FORM_TABLE, 80);
    sb_story_print(&pages, &(struct sb_story_only){.until_ms = NIGHT}, &printed.view);
    printed_end(&printed);
    has_not(&printed, "svar");
    free(printed.text);
    sb_pages_finish(&pages);
}

/* An event that the other end cannot read: in its place stands why, in the reader's language. */
static void test_damage(void **state)
{
    static const struct sb_column columns[] = {
        {SB_FIELD_ID, SB_TEXT_NOTHING, 8}, {SB_FIELD_TITLE, SB_TEXT_NOTHING, 10}, {0}};
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    struct sb_hash id = {{0x11, 0x22, 0x33, 0x44}};
    struct sb_record row = {0};
    sb_pages_init(&pages);
    sb_row_of_damage(7, &row);
    row_page(&pages, &row);
    told(
        &row, SB_LANGUAGE_EN,
        "DAMAGE row 7: cannot be read, the store is damaged: run samband verify, restore it from a "
        "backup");
    /* An entry that was refused for damage is an event like others. */
    sb_record_clear(&row);
    sb_record_set_hash(&row, SB_FIELD_ID, &id);
    sb_record_set_number(&row, SB_FIELD_KIND, SB_KIND_INFORMATION);
    sb_record_set_number(&row, SB_FIELD_VERDICT, SB_ERR_CORRUPT);
    sb_record_set_number(&row, SB_FIELD_ACCEPTED_AT, NIGHT);
    sb_record_set_text(&row, SB_FIELD_TITLE, "Snöoväder");
    row_page(&pages, &row);
    printed_begin(&printed, SB_FORM_TABLE, 120);
    sb_rows_print(&pages, columns, SB_TEXT_EMPTY, &printed.view);
    printed_end(&printed);
    has(&printed, "kan inte läsas, lagringen är skadad");
    has(&printed, "Snöoväder");
    free(printed.text);
    printed_begin(&printed, SB_FORM_TABLE, 120);
    sb_story_print(&pages, &(struct sb_story_only){.org = "taby"}, &printed.view);
    printed_end(&printed);
    has(&printed, "+?  ?  ?  SKADAD rad 7: kan inte läsas");
    has_not(&printed, "Snöoväder");
    free(printed.text);
    sb_pages_finish(&pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_board_80),
        cmocka_unit_test(test_board_wide_and_piped),
        cmocka_unit_test(test_board_json),
        cmocka_unit_test(test_board_plain),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_unknown_values),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_sentence_of_every_kind),
        cmocka_unit_test(test_timeline),
        cmocka_unit_test(test_damage),
    };
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
        return 1;
    }
    if (setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1) != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
