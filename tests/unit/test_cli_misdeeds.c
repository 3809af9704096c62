/* test_cli_misdeeds.c: what agents do that no agent should, and strangers, on the board: below it
 * in words, apart from the seats in JSON, and also where there is no board at all. */
#include "check.h"
#include "samband/control.h"
#include "samband/kinds.h"
#include "samband/words.h"
#include "view/board.h"
#include "view/value.h"

#include <stdlib.h>
#include <string.h>

#define NIGHT 1795396200000ull /* 2026-11-23 02:10:00 in Stockholm */

/* A page of one head row, if wanted, one misdeed, and strangers. */
static void board_make(struct sb_pages *pages, bool has_head)
{
    struct sb_rows rows;
    struct sb_buf buf;
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_record head = {0};
    struct sb_record row = {0};
    struct sb_hash id = {{0x4f}};
    uint8_t request[SB_REQUEST_ID_SIZE] = {1};
    sb_rows_init(&rows);
    sb_record_set_hash(&head, SB_FIELD_ID, &id);
    sb_record_set_number(&head, SB_FIELD_KIND, SB_KIND_INFORMATION);
    sb_record_set_number(&head, SB_FIELD_REALM, SB_REALM_LIVE);
    assert_true(!has_head || sb_rows_add(&rows, &head));
    sb_record_set_text(&row, SB_FIELD_AGENT, "taby-1");
    sb_record_set_number(&row, SB_FIELD_MISDEED, SB_MISDEED_FALSE_RECEIPT);
    sb_record_set_number(&row, SB_FIELD_NUMBER, 214);
    sb_record_set_number(&row, SB_FIELD_SINCE, NIGHT + 240000);
    sb_record_set_number(&row, SB_FIELD_LATEST_AT, NIGHT + 340000);
    sb_record_set_text(&row, SB_FIELD_WHY, "fel kvitto\na wrong receipt");
    assert_true(sb_rows_add(&rows, &row));
    sb_record_clear(&row);
    sb_record_set_number(&row, SB_FIELD_STRANGERS, 5020);
    sb_record_set_number(&row, SB_FIELD_SINCE, NIGHT + 240000);
    sb_record_set_number(&row, SB_FIELD_LATEST_AT, NIGHT + 340000);
    assert_true(sb_rows_add(&rows, &row));
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(request, SB_ERR_OK, "", &rows, 0, &buf);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&buf), &reply, &why), SB_ERR_OK);
    sb_pages_init(pages);
    sb_pages_add(pages, reply.rows);
    sb_buf_finish(&buf);
    sb_rows_finish(&rows);
}

/* To be freed. */
static char *printed(const struct sb_pages *pages, enum sb_form form, enum sb_language language)
{
    char *text = NULL;
    size_t size;
    struct sb_view view = {.language = language, .form = form, .now_ms = NIGHT + 600000};
    view.out = open_memstream(&text, &size);
    assert_non_null(view.out);
    sb_board_print(pages, &view);
    assert_int_equal(fclose(view.out), 0);
    return text;
}

static void has(const struct sb_pages *pages, enum sb_form form, enum sb_language language,
                const char *wanted)
{
    char *text = printed(pages, form, language);
    if (strstr(text, wanted) == NULL) {
        fail_msg("no \"%s\" in:\n%s", wanted, text);
    }
    free(text);
}

static void in_words(const struct sb_pages *pages)
{
    has(pages, SB_FORM_TABLE, SB_LANGUAGE_SV,
        "! agenten taby-1 kvitterar det den inte har fått: 214 gånger sedan 02:14, senast 02:15 "
        "(fel kvitto)");
    has(pages, SB_FORM_TABLE, SB_LANGUAGE_EN,
        "! the agent taby-1 receipts what it was not sent: 214 times since 02:14, latest 02:15 "
        "(a wrong receipt)");
    has(pages, SB_FORM_TABLE, SB_LANGUAGE_SV,
        "! 5020 anslutningar utan nyckel sedan 02:14, senast 02:15: de kommer inte in. Brokerns "
        "logg (strangers)");
    has(pages, SB_FORM_TABLE, SB_LANGUAGE_EN,
        "! 5020 connections without a key since 02:14, latest 02:15: they do not get in.");
    has(pages, SB_FORM_PLAIN, SB_LANGUAGE_SV, "5020");
    has(pages, SB_FORM_PLAIN, SB_LANGUAGE_SV, "kvitterar det den inte har fått");
}

static void test_on_a_board(void **state)
{
    (void)state;
    struct sb_pages pages;
    json_error_t error;
    board_make(&pages, true);
    in_words(&pages);
    char *text = printed(&pages, SB_FORM_JSON, SB_LANGUAGE_SV);
    json_t *json = json_loads(text, 0, &error);
    json_t *told = json_array_get(json_object_get(json, "misdeeds"), 0);
    assert_string_equal(json_string_value(json_object_get(told, "agent")), "taby-1");
    assert_string_equal(json_string_value(json_object_get(told, "misdeed")), "false-receipt");
    assert_int_equal(json_integer_value(json_object_get(told, "number")), 214);
    told = json_object_get(json, "strangers");
    assert_int_equal(json_integer_value(json_object_get(told, "strangers")), 5020);
    assert_int_equal(json_array_size(json_object_get(json, "seats")), 0);
    assert_true(json_is_object(json_object_get(json, "head")));
    json_decref(json);
    free(text);
    sb_pages_finish(&pages);
}

static void test_without_a_board(void **state)
{
    (void)state;
    struct sb_pages pages;
    board_make(&pages, false);
    has(&pages, SB_FORM_TABLE, SB_LANGUAGE_SV, "Inget pågår.");
    has(&pages, SB_FORM_JSON, SB_LANGUAGE_SV, "\"head\": null");
    in_words(&pages);
    sb_pages_finish(&pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_on_a_board),
        cmocka_unit_test(test_without_a_board),
    };
    (void)setenv("TZ", "Europe/Stockholm", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
