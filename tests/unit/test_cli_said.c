/* test_cli_said.c: what the command line (broker/cli/view) makes of a refusal that travelled in
 * both languages, and of rows of several realms. */
#include "samband/cursor.h"
#include "samband/kinds.h"
#include "samband/words.h"
#include "unit/check.h"
#include "view/board.h"
#include "view/rows.h"
#include "view/story.h"
#include "view/value.h"

#include <locale.h>
#include <stdlib.h>

#define BOTH "posten är inte undertecknad\nthe event is not signed"

static void page_add(struct sb_pages *pages, const struct sb_record *row)
{
    struct sb_rows rows;
    struct sb_buf page;
    sb_rows_init(&rows);
    assert_true(sb_rows_add(&rows, row));
    sb_buf_init(&page, SB_FRAME_SIZE_MAX);
    sb_pack_array(&page, rows.count);
    sb_buf_add(&page, sb_buf_bytes(&rows.packed));
    sb_pages_add(pages, sb_buf_bytes(&page));
    sb_buf_finish(&page);
    sb_rows_finish(&rows);
}

static void verdict_make(struct sb_record *row)
{
    sb_record_clear(row);
    sb_record_set_number(row, SB_FIELD_KIND, SB_KIND_VERDICT);
    sb_record_set_number(row, SB_FIELD_REASON_CODE, SB_ERR_SIGNATURE);
    sb_record_set_text(row, SB_FIELD_ORIGIN, "taby");
    sb_record_set_text(row, SB_FIELD_TEXT, BOTH);
}

/* What `show` and the timeline print of the row. */
static void printed(const struct sb_record *row, enum sb_language language, char *ret, size_t size)
{
    char story[1024], *shown = NULL;
    size_t shown_size = 0;
    struct sb_view view = {.language = language, .form = SB_FORM_TABLE};
    view.out = open_memstream(&shown, &shown_size);
    assert_non_null(view.out);
    sb_row_print(row, &view);
    assert_int_equal(fclose(view.out), 0);
    sb_story_sentence(row, &view, story, sizeof story);
    (void)snprintf(ret, size, "%s%s", shown, story);
    free(shown);
}

static void a_verdict_speaks_the_readers_language(void **state)
{
    (void)state;
    struct sb_record row;
    char text[2048];
    verdict_make(&row);
    printed(&row, SB_LANGUAGE_SV, text, sizeof text);
    assert_non_null(strstr(text, "text: posten är inte undertecknad\n"));
    assert_non_null(strstr(text, "UTSLAG taby om "));
    assert_non_null(strstr(text, ", posten är inte undertecknad"));
    assert_null(strstr(text, "the event is not signed"));
    printed(&row, SB_LANGUAGE_EN, text, sizeof text);
    assert_non_null(strstr(text, "text: the event is not signed\n"));
    assert_non_null(strstr(text, ", the event is not signed"));
    assert_null(strstr(text, "undertecknad"));
}

static void other_texts_keep_their_lines(void **state)
{
    (void)state;
    struct sb_record row;
    char text[2048];
    verdict_make(&row);
    sb_record_set_number(&row, SB_FIELD_KIND, SB_KIND_NOTE);
    printed(&row, SB_LANGUAGE_SV, text, sizeof text);
    assert_non_null(strstr(text, "posten är inte undertecknad\nthe event is not signed"));
    /* One line: an end that knew no second language. */
    verdict_make(&row);
    sb_record_set_text(&row, SB_FIELD_TEXT, "bad signature");
    printed(&row, SB_LANGUAGE_SV, text, sizeof text);
    assert_non_null(strstr(text, "text: bad signature\n"));
}

static void programs_get_both(void **state)
{
    (void)state;
    struct sb_record row;
    verdict_make(&row);
    json_t *json = sb_value_json(&row);
    assert_string_equal(json_string_value(json_object_get(json, "text")), BOTH);
    json_decref(json);
}

static unsigned realm_of(const unsigned *realms, unsigned count)
{
    struct sb_pages pages;
    sb_pages_init(&pages);
    for (unsigned i = 0; i < count; i++) {
        struct sb_record row = {0};
        sb_record_set_number(&row, SB_FIELD_KIND, SB_KIND_ACK);
        if (realms[i] != 0) {
            sb_record_set_number(&row, SB_FIELD_REALM, realms[i]);
        }
        page_add(&pages, &row);
    }
    unsigned realm = sb_board_realm(&pages);
    sb_pages_finish(&pages);
    return realm;
}

static void a_band_stands_over_rows_of_one_realm_only(void **state)
{
    (void)state;
    enum {
        LIVE = SB_REALM_LIVE,
        EXERCISE = SB_REALM_EXERCISE,
        TEST = SB_REALM_TEST
    };
    assert_int_equal(realm_of((const unsigned[]){EXERCISE}, 1), EXERCISE);
    assert_int_equal(realm_of((const unsigned[]){TEST, TEST, TEST}, 3), TEST);
    assert_int_equal(realm_of((const unsigned[]){EXERCISE, LIVE}, 2), 0);
    assert_int_equal(realm_of((const unsigned[]){LIVE, EXERCISE, EXERCISE}, 3), 0);
    assert_int_equal(realm_of((const unsigned[]){EXERCISE, 0}, 2), 0);
    assert_int_equal(realm_of((const unsigned[]){0, EXERCISE}, 2), 0);
    assert_int_equal(realm_of((const unsigned[]){7}, 1), 0);
    assert_int_equal(realm_of(NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_speaks_the_readers_language),
        cmocka_unit_test(other_texts_keep_their_lines),
        cmocka_unit_test(programs_get_both),
        cmocka_unit_test(a_band_stands_over_rows_of_one_realm_only),
    };
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
        return 1;
    }
    return cmocka_run_group_tests_name("cli_said", tests, NULL, NULL);
}
