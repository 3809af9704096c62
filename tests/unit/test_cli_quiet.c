/* test_cli_quiet.c: the board where nothing calls anybody: that it says so, whom no alarm would
 * reach, and what is wrong at the other end, in each form. */
#include "samband/words.h"
#include "unit/cli_printed.h"
#include "view/value.h"

#include <locale.h>

static void org_page(struct sb_pages *pages, const char *name, bool enrolled, uint64_t dark_since,
                     const char *ring)
{
    struct sb_record row = {0};
    name_set(&row, SB_FIELD_ORG, name);
    sb_record_set_text(&row, SB_FIELD_NAME, name);
    sb_record_set_number(&row, SB_FIELD_ENROLLED, enrolled);
    if (dark_since != 0) {
        sb_record_set_number(&row, SB_FIELD_DARK_SINCE, dark_since);
    }
    if (ring != NULL) {
        sb_record_set_text(&row, SB_FIELD_RING, ring);
    }
    row_page(pages, &row);
}

/* Nothing calls anybody: so it says, and whom no alarm would reach. */
static void test_quiet(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    struct sb_record head = {0};
    json_error_t error;
    sb_pages_init(&pages);
    sb_record_set_number(&head, SB_FIELD_REALM, SB_REALM_EXERCISE);
    row_page(&pages, &head);
    org_page(&pages, "solna", true, 0, NULL);
    org_page(&pages, "norrtalje", true, NIGHT - 372000, "08-46500400, Rakel 2370014");
    org_page(&pages, "raddningstjanst-storstockholm", false, 0, NULL);
    printed_begin(&printed, SB_FORM_TABLE, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    none_wider(&printed, 80);
    has(&printed, " ÖVNING · ÖVNING ·");
    has(&printed, "\nInget pågår.\nAGENT 1/3 (2 mörka)\n");
    has(&printed, "norrtalje");
    has(&printed, "mörk sen 02:03");
    has(&printed, "08-46500400, Rakel 2370014");
    has(&printed, "ingen inskriven");
    has_not(&printed, "solna");
    free(printed.text);
    printed_begin(&printed, SB_FORM_JSON, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    json_t *json = json_loads(printed.text, JSON_REJECT_DUPLICATES, &error);
    assert_true(json_is_null(json_object_get(json, "head")));
    assert_int_equal(json_array_size(json_object_get(json, "seats")), 0);
    assert_int_equal(json_array_size(json_object_get(json, "misdeeds")), 0);
    assert_true(json_is_null(json_object_get(json, "strangers")));
    json_t *orgs = json_object_get(json, "orgs");
    assert_int_equal(json_array_size(orgs), 3);
    assert_true(json_is_true(json_object_get(json_array_get(orgs, 1), "enrolled")));
    json_decref(json);
    free(printed.text);
    printed_begin(&printed, SB_FORM_PLAIN, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    has(&printed, "Inget pågår.\n");
    has(&printed, "norrtalje\tmörk sedan\t02:03:48\n");
    free(printed.text);
    sb_pages_finish(&pages);
}

/* What is wrong at the other end stands also there, whole; and in JSON. */
static void test_quiet_with_a_notice(void **state)
{
    (void)state;
    struct sb_pages pages;
    struct printed printed;
    struct sb_record head = {0};
    sb_pages_init(&pages);
    sb_record_set_text(&head, SB_FIELD_WORDING, "INGEN FÖRBINDELSE med centralen");
    sb_record_set_text(&head, SB_FIELD_NOTICE, "NO CONNECTION to the broker");
    row_page(&pages, &head);
    printed_begin(&printed, SB_FORM_TABLE, 20);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    assert_string_equal(printed.text, "Inget pågår.\nINGEN FÖRBINDELSE med centralen\n");
    free(printed.text);
    printed_begin(&printed, SB_FORM_JSON, 80);
    sb_board_print(&pages, &printed.view);
    printed_end(&printed);
    has(&printed, "\"notice\": \"NO CONNECTION to the broker\"");
    free(printed.text);
    sb_pages_finish(&pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_quiet_with_a_notice),
    };
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL
        || setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1) != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
