/* test_restored_order.c: a broker whose store was put back gets back what is older than what it
 * made since: it lies behind that in the log, and the newer stands all the same. */
#include "broker_put_back.h"

/* What TiB entered before the store was put back comes back behind what was entered since, and
 * stands behind it. */
static void test_an_older_entry_of_tibs_comes_back(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record row;
    end_mandate(county, taby, "tib", SB_LEVEL_SAMORDNANDE_FORUM);
    (void)call(county);
    struct sb_store *copy = backup(county);
    county_pass(county, 1000);
    reached(county, false, SB_ANSWER_NO);
    put_back(county, copy);
    county_pass(county, 1000);
    reached(county, true, SB_ANSWER_YES);
    const uint64_t answered_at = county->now.wall_ms;
    county_pass(county, 1000);
    end_greet_back(county, taby);
    assert_int_equal(counter(county, "broker/recovered"), 1);
    board(county, "taby/tib", &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWER), SB_ANSWER_YES);
    assert_int_equal(sb_record_number(&row, SB_FIELD_MANDATE_STATE), SB_MANDATE_VALID);
    assert_int_equal(sb_record_number(&row, SB_FIELD_ANSWERED_AT), answered_at);
    assert_sound(county);
    sb_store_close(copy);
}

/* The board of an incident is that of the newest event in it, and a picture replaces the newest
 * one, whichever came back last. */
static void test_an_older_picture_comes_back(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash id;
    char hex[2 * SB_HASH_SIZE + 1];
    struct sb_hash convening = call(county);
    struct sb_hash incident = incident_of(county, &convening);
    struct sb_store *copy = backup(county);
    county_pass(county, 1000);
    (void)picture(county, &incident);
    put_back(county, copy);
    county_pass(county, 1000);
    struct sb_hash newer = picture(county, &incident);
    county_pass(county, 1000);
    end_greet_back(county, taby);
    assert_int_equal(counter(county, "broker/recovered"), 1);
    struct sb_hash next = picture(county, &incident);
    sb_hex_write(sb_hash_bytes(&next), hex);
    sb_record_set_text(&args, SB_FIELD_EVENT, hex);
    must(county, &county->viewer, "show", &args);
    reply_row(county, 0, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_SUPERSEDES, &id) && sb_hash_equal(&id, &newer));
    assert_sound(county);
    sb_store_close(copy);
}

/* What is ordered after something came back is newer than that, also where the clock was put back
 * in between. */
static void test_what_came_back_was_dated_ahead(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record none = {0};
    struct sb_record row;
    struct sb_hash id;
    struct sb_store *copy = backup(county);
    county->now.wall_ms += 60000;
    (void)call(county);
    county->now.wall_ms -= 60000;
    put_back(county, copy);
    end_greet_back(county, taby);
    assert_int_equal(counter(county, "broker/recovered"), 3);
    struct sb_hash newer = call(county);
    must(county, &county->viewer, "status", &none);
    reply_row(county, 0, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &id) && sb_hash_equal(&id, &newer));
    assert_sound(county);
    sb_store_close(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_an_older_entry_of_tibs_comes_back),
        T(test_an_older_picture_comes_back),
        T(test_what_came_back_was_dated_ahead),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
