/* test_envelope.c: who signed what an agent sends, in which lane it came, and what a mandate may
 * say. Other refusals of entries: test_arrival.c. */
#include "broker_board.h"

/* What a mandate says must be possible. */
static void test_refused_mandates(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record none = {0};
    struct sb_record fields = {0};
    end_mandate(county, taby, "tib", (enum sb_forum_level)9);
    assert_int_equal(taby->verdicts, 1);
    assert_int_equal(taby->verdict_reason, SB_ERR_VALUE);
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_MANDATE);
    sb_record_set_text(&fields, SB_FIELD_FUNCTION, "tib");
    sb_record_set_number(&fields, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_text(&fields, SB_FIELD_BASIS, "delegationsordning 12");
    sb_record_set_number(&fields, SB_FIELD_VALID_FROM, AUTHORITY_TO_MS);
    sb_record_set_number(&fields, SB_FIELD_VALID_TO, AUTHORITY_FROM_MS);
    end_issue(county, taby, &fields);
    assert_int_equal(taby->verdicts, 2);
    assert_int_equal(taby->verdict_reason, SB_ERR_VALUE);
    must(county, &county->viewer, "mandate-list", &none);
    assert_int_equal(reply_rows(county), 0);
}

/* Of two agents one hands on what the other signed: as long as that one is not revoked. */
static void test_signed_by_the_other_agent(void **state)
{
    struct county *county = *state;
    struct agent_end *one = end_join(county, "taby", "taby-1");
    struct agent_end *two = end_join(county, "taby", "taby-2");
    struct made made = {.signer = &two->party.realm[SB_REALM_LIVE],
                        .cert = sb_buf_bytes(&two->party.cert)};
    struct sb_record args = {0};
    for (unsigned revoked = 0; revoked < 2; revoked++) {
        struct sb_record fields = {0};
        sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
        sb_record_set_text(&fields, SB_FIELD_TEXT, "hej");
        end_issue_as(county, one, &fields, made);
        assert_int_equal(one->verdicts, revoked);
        sb_record_set_text(&args, SB_FIELD_AGENT, "taby-2");
        must(county, &county->admin, "org-revoke", &args);
    }
    assert_int_equal(one->verdicts, 1);
    assert_int_equal(one->verdict_reason, SB_ERR_REVOKED);
}

/* A note as a broken agent sends it: with a byte of its body spoilt, or in another lane. */
static void note_up(struct county *county, struct agent_end *end, bool spoilt)
{
    struct sb_record fields = {0};
    struct sb_log_row row = {.accepted_at = county->now.wall_ms};
    struct sb_event event = {0};
    struct sb_buf buf;
    struct sb_list_writer audience;
    struct sb_entropy entropy = county_entropy(county);
    struct sb_seal_by by = {.signer = &end->party.realm[SB_REALM_LIVE],
                            .cert = sb_buf_bytes(&end->party.cert)};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
    sb_record_set_number(&fields, SB_FIELD_REALM, SB_REALM_LIVE);
    sb_record_set_number(&fields, SB_FIELD_ISSUED, county->now.wall_ms);
    sb_record_set_name(&fields, SB_FIELD_ORIGIN, &end->org);
    sb_record_set_text(&fields, SB_FIELD_TEXT, "hej");
    sb_buf_init(&buf, SB_ENTRY_SIZE_MAX);
    assert_int_equal(sb_event_seal(&fields, &by, &entropy, &buf, &row.sealed, &county->why),
                     SB_ERR_OK);
    assert_int_equal(sb_event_read(&row.sealed, &event, &county->why), SB_ERR_OK);
    if (spoilt) {
        buf.at[row.sealed.body.at - buf.at + (long)row.sealed.body.size - 1] ^= 1;
    } else {
        row.at.lane = 1 - sb_lane(SB_REALM_LIVE, event.kind->urgency);
        event.kind = NULL; /* so that the lane is ours */
    }
    sb_list_init(&audience);
    sb_list_add(&audience, sb_name_bytes(&end->org));
    row.audience = sb_list_bytes(&audience);
    struct sb_txn *txn = store_begin(end->store);
    (void)sb_log_append(txn, &event, &row);
    store_commit(end->store, txn);
    sb_list_finish(&audience);
    sb_buf_finish(&buf);
    end_turn(county, end);
    county_settle(county);
}

/* Each refused by itself, and what comes behind it gets through. */
static void test_broken_notes(void **state)
{
    struct county *county = *state;
    struct agent_end *taby = end_join(county, "taby", NULL);
    struct sb_record fields = {0};
    note_up(county, taby, false);
    assert_int_equal(taby->verdicts, 1);
    assert_int_equal(taby->verdict_reason, SB_ERR_REALM);
    note_up(county, taby, true);
    assert_int_equal(taby->verdicts, 2);
    assert_int_equal(taby->verdict_reason, SB_ERR_HASH);
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
    sb_record_set_text(&fields, SB_FIELD_TEXT, "hej");
    end_issue(county, taby, &fields);
    assert_int_equal(taby->verdicts, 2);
    assert_int_equal(log_size(county), 5); /* three notes, two verdicts */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, county_teardown)
        T(test_refused_mandates),
        T(test_signed_by_the_other_agent),
        T(test_broken_notes),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
