/* test_kinds.c: the tables agree with each other: fields, vocabularies, kinds, lanes. */
#include "check.h"
#include "samband/err.h"
#include "samband/kinds.h"
#include "samband/words.h"

#include <string.h>

static void fields_are_found_by_number_and_name(void **state)
{
    (void)state;
    unsigned known = 0;

    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        const struct sb_field_row *row = sb_field_find(number);
        if (row == NULL) {
            continue;
        }
        known++;
        assert_int_equal(row->field, number);
        assert_ptr_equal(sb_field_find_json(row->json), row); /* so names are distinct */
        assert_true(row->json[0] != '\0' && row->sv[0] != '\0' && row->en[0] != '\0');
        if (row->type == SB_TYPE_TEXT || row->type == SB_TYPE_BYTES || row->type == SB_TYPE_LIST) {
            assert_true(row->limit > 0);
        }
    }
    assert_true(known > 100);
    assert_null(sb_field_find(0));
    assert_null(sb_field_find(24));
    assert_null(sb_field_find(SB_FIELD_COUNT));
    assert_null(sb_field_find(UINT32_MAX));
    assert_null(sb_field_find_json("Title"));
    assert_null(sb_field_find_json(""));
    assert_int_equal(sb_field_find_json("mandate")->field, SB_FIELD_MANDATE_STATE);
}

static void the_header_holds_no_free_text(void **state)
{
    (void)state;
    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        const struct sb_field_row *row = sb_field_find(number);
        if (row != NULL && row->part == SB_PART_HEADER) {
            assert_true(row->type != SB_TYPE_TEXT && row->type != SB_TYPE_LIST);
        }
    }
}

static void enums_and_only_they_have_words(void **state)
{
    (void)state;
    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        const struct sb_field_row *row = sb_field_find(number);
        unsigned count = 77;
        const struct sb_word *words = sb_words((enum sb_field)number, &count);
        if (row == NULL || row->type != SB_TYPE_ENUM) {
            assert_null(words);
            assert_int_equal(count, 0);
            continue;
        }
        assert_non_null(words);
        for (unsigned i = 0; i < count; i++) {
            assert_ptr_equal(sb_word_find(row->field, words[i].number), &words[i]);
            assert_ptr_equal(sb_word_find_text(row->field, words[i].json), &words[i]);
        }
    }
}

static void words_are_found_as_people_write_them(void **state)
{
    (void)state;
    assert_int_equal(sb_word_find_text(SB_FIELD_ANSWER, "ja")->number, SB_ANSWER_YES);
    assert_int_equal(sb_word_find_text(SB_FIELD_ANSWER, "Yes")->number, SB_ANSWER_YES);
    assert_int_equal(sb_word_find_text(SB_FIELD_ANSWER, "ERSÄTTARE")->number, SB_ANSWER_DEPUTY);
    assert_int_equal(sb_word_find_text(SB_FIELD_REALM, "skarpt")->number, SB_REALM_LIVE);
    assert_int_equal(sb_word_find_text(SB_FIELD_ERROR, "not-found")->number, SB_ERR_NOT_FOUND);
    assert_int_equal(sb_word_find_text(SB_FIELD_REASON_CODE, "signature")->number,
                     SB_ERR_SIGNATURE);
    assert_null(sb_word_find_text(SB_FIELD_ANSWER, ""));
    assert_null(sb_word_find_text(SB_FIELD_ANSWER, "j"));
    assert_null(sb_word_find_text(SB_FIELD_ANSWER, "jaa"));
    assert_null(sb_word_find_text(SB_FIELD_TITLE, "ja"));
    assert_null(sb_word_find(SB_FIELD_REALM, 0));
    assert_null(sb_word_find(SB_FIELD_REALM, 4));
    assert_null(sb_word_find(SB_FIELD_KIND, 1));
}

/* Every listed field can be in an event, once. */
static unsigned fields_check(const struct sb_kind_row *kind, const enum sb_field *fields)
{
    unsigned count = 0;

    while (count < SB_KIND_FIELDS_MAX && fields[count] != 0) {
        const struct sb_field_row *row = sb_field_find((unsigned)fields[count]);
        assert_non_null(row);
        if (row->part == SB_PART_LOCAL) {
            fail_msg("%s: %s is never in an event", kind->json, row->json);
        }
        for (unsigned i = 0; i < count; i++) {
            assert_int_not_equal(fields[i], fields[count]);
        }
        count++;
    }
    assert_true(count < SB_KIND_FIELDS_MAX); /* ended by 0 */
    return count;
}

static bool fields_have(const enum sb_field *fields, enum sb_field field)
{
    for (unsigned i = 0; fields[i] != 0; i++) {
        if (fields[i] == field) {
            return true;
        }
    }
    return false;
}

static void kinds_list_fields_that_events_can_have(void **state)
{
    (void)state;
    unsigned position = 0;
    const struct sb_kind_row *kind;

    while ((kind = sb_kind_at(position)) != NULL) {
        assert_ptr_equal(sb_kind_find((unsigned)kind->kind), kind);
        assert_true(fields_check(kind, kind->needs) > 0);
        unsigned may = fields_check(kind, kind->may);
        for (unsigned i = 0; i < may; i++) {
            assert_false(fields_have(kind->needs, kind->may[i]));
        }
        position++;
    }
    assert_int_equal(position, 16);
    assert_null(sb_kind_find(0));
    assert_null(sb_kind_find(17));
    assert_null(sb_kind_find(UINT32_MAX));
}

static void kinds_follow_the_design(void **state)
{
    (void)state;
    const struct sb_kind_row *convening = sb_kind_find(SB_KIND_CONVENING);
    const struct sb_kind_row *ack = sb_kind_find(SB_KIND_ACK);

    assert_int_equal(convening->asks, SB_ASKS_ATTENDANCE);
    assert_true(convening->rings);
    assert_int_equal(convening->urgency, SB_URGENT);
    assert_true(fields_have(convening->needs, SB_FIELD_SEATS));
    assert_true(fields_have(convening->needs, SB_FIELD_ANSWER_BY));
    assert_false(fields_have(sb_kind_find(SB_KIND_INFORMATION)->needs, SB_FIELD_ANSWER_BY));

    assert_int_equal(ack->by, SB_BY_AGENT);
    assert_true(fields_have(ack->needs, SB_FIELD_HOLDS_MANDATE));
    assert_true(fields_have(ack->needs, SB_FIELD_ANSWERED_AT));

    assert_int_equal(sb_kind_find(SB_KIND_REPORT)->urgency, SB_BULK);
    assert_int_equal(sb_kind_find(SB_KIND_PICTURE)->urgency, SB_BULK);
    assert_int_equal(sb_kind_find(SB_KIND_NOTE)->by, SB_BY_ANY);
    assert_false(sb_kind_find(SB_KIND_RECALL)->rings);
}

static void lane_of_no_realm(void)
{
    (void)sb_lane(0, SB_URGENT);
}

static void lane_of_an_unknown_realm(void)
{
    (void)sb_lane(4, SB_URGENT);
}

static void name_of_no_lane(void)
{
    (void)sb_lane_name(SB_LANE_COUNT);
}

static void lanes_are_in_strict_priority(void **state)
{
    (void)state;
    static const char *const names[SB_LANE_COUNT] = {
        "live-urgent", "live-bulk", "exercise-urgent", "exercise-bulk", "test-urgent", "test-bulk",
    };
    unsigned lane = 0;

    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST; realm++) {
        assert_int_equal(sb_lane(realm, SB_URGENT), lane);
        assert_string_equal(sb_lane_name(lane), names[lane]);
        lane++;
        assert_int_equal(sb_lane(realm, SB_BULK), lane);
        assert_string_equal(sb_lane_name(lane), names[lane]);
        lane++;
    }
    assert_true(check_aborts(lane_of_no_realm));
    assert_true(check_aborts(lane_of_an_unknown_realm));
    assert_true(check_aborts(name_of_no_lane));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_by_number_and_name),
        cmocka_unit_test(the_header_holds_no_free_text),
        cmocka_unit_test(enums_and_only_they_have_words),
        cmocka_unit_test(words_are_found_as_people_write_them),
        cmocka_unit_test(kinds_list_fields_that_events_can_have),
        cmocka_unit_test(kinds_follow_the_design),
        cmocka_unit_test(lanes_are_in_strict_priority),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
