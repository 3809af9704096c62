/* test_agent_restored.c: an agent whose store was put back to an older state: what it forgot comes
 * down again, its own answers and reports too, and it rings nobody who had been notified. */
#include "agent_world.h"
#include "alert.h"

static struct sb_hash call(struct world *world)
{
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    return id;
}

static struct sb_store *backup(struct world *world)
{
    return sb_store_copy_memory(world->agent_store);
}

/* What `samband org replace` does. */
static void org_replace(struct world *world)
{
    const struct sb_name agent = sb_name("taby-1");
    struct sb_txn *txn = world_begin(world->broker_store);
    struct sb_record row;
    struct sb_bytes value;
    struct sb_buf buf;

    assert_true(sb_txn_get(txn, SB_TABLE_AGENT, sb_name_bytes(&agent), &value));
    assert_int_equal(sb_record_read(value, SB_PARTS_ALL, &row, NULL), SB_ERR_OK);
    sb_record_set_number(&row, SB_FIELD_CONFIRMED, 0);
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_write(&row, SB_PARTS_ALL, &buf);
    sb_txn_put(txn, SB_TABLE_AGENT, sb_name_bytes(&agent), sb_buf_bytes(&buf));
    world_commit(world->broker_store, txn);
    sb_buf_finish(&buf);
}

/* By `restore`, which says so in the store, or by hand. Nobody has been tried since. */
static void put_back(struct world *world, struct sb_store *copy, bool by_hand)
{
    agent_stop(world);
    sb_store_close(world->agent_store);
    world->agent_store = copy;
    if (!by_hand) {
        struct sb_txn *txn = world_begin(copy);
        sb_agent_restored(txn, world->now);
        world_commit(copy, txn);
    }
    org_replace(world);
    world->tried_count = 0;
    agent_start(world);
    channel_open(world);
    advance(world, 4000);
}

static bool is_marked(struct world *world)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    const bool marked = sb_txn_number(txn, SB_TABLE_META, SB_LINK_RESTORED) != 0;

    sb_store_abort(world->agent_store, txn);
    return marked;
}

static struct sb_alert the_alert(struct world *world, const struct sb_hash *id)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_alert alert = {0};
    struct sb_seat seat;

    assert_true(sb_seat_read(sb_bytes_str("taby/tib"), &seat));
    assert_true(sb_alert_find(txn, id, &seat, &alert));
    sb_store_abort(world->agent_store, txn);
    return alert;
}

static void answers(struct world *world, const char *person, enum sb_answer given)
{
    struct sb_record args = {0};

    sb_record_set_text(&args, SB_FIELD_PERSON, person);
    sb_record_set_number(&args, SB_FIELD_ANSWER, (uint64_t)given);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    settle(world);
}

static void notified(struct world *world)
{
    assert_int_equal(result(world, tried_last(world)->key, SB_RESULT_ACCEPTED), SB_ERR_OK);
    settle(world);
}

static void who_was_notified_is_not_rung_again(void **state)
{
    for (unsigned by_hand = 0; by_hand <= 1; by_hand++) {
        struct world *world = *state;
        struct sb_store *copy = backup(world);
        const struct sb_hash id = call(world);
        struct sb_record report;

        assert_int_equal(world->tried_count, 1);
        notified(world);
        put_back(world, copy, by_hand != 0);
        assert_int_equal(world->tried_count, 0);
        advance(world, 10 * STEP_MS);
        assert_int_equal(world->tried_count, 0);
        assert_int_equal(the_alert(world, &id).state, SB_ALERT_EXHAUSTED); /* open */
        assert_true(the_alert(world, &id).notified_at != 0);
        assert_true(came_up(world, SB_KIND_REACH, &report) > 0);
        assert_int_equal(sb_record_number(&report, SB_FIELD_STEP), SB_STEP_EXHAUSTED);
        assert_false(is_marked(world));
        answers(world, "p7", SB_ANSWER_YES);
        assert_int_equal(the_alert(world, &id).state, SB_ALERT_ANSWERED);
        world->tried_count = 0;
    }
}

/* The "ersättare" comes back before the report that the deputy had been notified. */
static void a_deputy_who_was_notified_is_not_rung_again(void **state)
{
    struct world *world = *state;
    struct sb_store *copy = backup(world);

    call(world);
    notified(world);
    answers(world, "p7", SB_ANSWER_YES);
    answers(world, "p7", SB_ANSWER_DEPUTY);
    assert_int_equal(world->tried_count, 2);
    notified(world);
    put_back(world, copy, false);
    advance(world, 10 * STEP_MS);
    assert_int_equal(world->tried_count, 0);
}

static bool counted(struct world *world, const char *name, uint64_t number)
{
    struct sb_record none = {0};
    struct sb_record row;
    bool told = false;

    assert_int_equal(ask(world, OFFICER, "counters", &none), SB_ERR_OK);
    for (unsigned i = 0; row_at(world, i, &row); i++) {
        told = told
               || (sb_bytes_equal(sb_record_bytes(&row, SB_FIELD_COUNTER), sb_bytes_str(name))
                   && sb_record_number(&row, SB_FIELD_NUMBER) == number);
    }
    return told;
}

/* The centre was restored, and got back from here what it had forgotten; or this store was, and has
 * not caught up: counters say so. */
static void what_was_put_back_is_told(void **state)
{
    struct world *world = *state;
    struct sb_record handed = {0};
    struct sb_buf buf;
    struct sb_txn *txn = world_begin(world->agent_store);

    sb_record_set_number(&handed, SB_FIELD_NUMBER, 7);
    sb_record_set_number(&handed, SB_FIELD_AT, world->now.wall_ms);
    sb_buf_init(&buf, SB_ROW_SIZE_MAX);
    sb_record_write(&handed, SB_PARTS_ALL, &buf);
    sb_txn_put(txn, SB_TABLE_META, sb_bytes_str(SB_LINK_HANDED_BACK), sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    world_commit(world->agent_store, txn);
    assert_true(counted(world, SB_LINK_HANDED_BACK, 7));
    assert_false(counted(world, SB_LINK_RESTORED, world->now.wall_ms));
    agent_stop(world);
    txn = world_begin(world->agent_store);
    sb_agent_restored(txn, world->now);
    world_commit(world->agent_store, txn);
    agent_make(world);
    assert_true(counted(world, SB_LINK_RESTORED, world->now.wall_ms));
}

/* What calls may come down behind the report on it, for bulk goes after what is urgent. */
static void notified_though_the_report_comes_first(void **state)
{
    struct world *world = *state;
    const struct sb_hash incident = {{7}};
    const struct sb_name forum = sb_name("rsf");
    struct sb_store *copy = backup(world);
    struct sb_list_writer seats;
    struct sb_record fields;
    struct sb_name origin;

    sb_list_init(&seats);
    seats_add(&seats, "taby/tib");
    fields_begin(world, &fields, SB_KIND_PICTURE, SB_REALM_LIVE, &origin);
    sb_record_set_name(&fields, SB_FIELD_FORUM, &forum);
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    sb_record_set_number(&fields, SB_FIELD_REVISION, 1);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
    sb_record_set_text(&fields, SB_FIELD_HAPPENED, "Snö");
    const struct sb_hash id = publish_by(world, &fields, &world->broker_party, 1);
    sb_list_finish(&seats);
    settle(world);
    assert_int_equal(world->tried_count, 1);
    notified(world);
    put_back(world, copy, false);
    advance(world, 10 * STEP_MS);
    assert_int_equal(world->tried_count, 0);
    assert_true(the_alert(world, &id).notified_at != 0);
}

static void who_answered_has_answered(void **state)
{
    for (unsigned by_hand = 0; by_hand <= 1; by_hand++) {
        struct world *world = *state;
        struct sb_store *copy = backup(world);
        const struct sb_hash id = call(world);

        notified(world);
        answers(world, "p7", SB_ANSWER_YES);
        put_back(world, copy, by_hand != 0);
        assert_int_equal(world->tried_count, 0);
        assert_int_equal(the_alert(world, &id).state, SB_ALERT_ANSWERED);
        assert_string_equal(the_alert(world, &id).reached_by.text, "p7");
        world->tried_count = 0;
    }
}

static struct sb_hash picture(struct world *world)
{
    const struct sb_hash incident = {{7}};
    struct sb_list_writer seats;
    struct sb_record fields;
    struct sb_name origin;

    sb_list_init(&seats);
    sb_list_add(&seats, sb_bytes_str("taby/tib"));
    fields_begin(world, &fields, SB_KIND_PICTURE, SB_REALM_LIVE, &origin);
    sb_record_set_number(&fields, SB_FIELD_REVISION, 1);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    const struct sb_hash id = publish_by(world, &fields, &world->broker_party, 1);
    sb_list_finish(&seats);
    settle(world);
    return id;
}

/* Urgent overtakes bulk: the report is back before the picture that it is about. */
static void a_report_before_its_picture_counts(void **state)
{
    for (unsigned by_hand = 0; by_hand <= 1; by_hand++) {
        struct world *world = *state;
        struct sb_store *copy = backup(world);
        const struct sb_hash id = picture(world);

        assert_int_equal(world->tried_count, 1);
        notified(world);
        put_back(world, copy, by_hand != 0);
        advance(world, 10 * STEP_MS);
        assert_int_equal(world->tried_count, 0);
        assert_int_equal(the_alert(world, &id).state, SB_ALERT_EXHAUSTED); /* open */
        assert_true(the_alert(world, &id).notified_at != 0);
        assert_string_equal(the_alert(world, &id).person.text, "p7");
    }
}

/* Nobody knows whether the attempt got anywhere: it goes again. */
static void who_was_not_notified_is_rung(void **state)
{
    struct world *world = *state;
    struct sb_store *copy = backup(world);
    const struct sb_hash id = call(world);

    put_back(world, copy, false);
    assert_int_equal(world->tried_count, 1);
    assert_int_equal(the_alert(world, &id).state, SB_ALERT_RINGING);
}

static void what_was_recalled_rings_nobody(void **state)
{
    struct world *world = *state;
    struct sb_store *copy = backup(world);
    const struct sb_hash id = call(world);

    (void)publish_about(world, SB_KIND_RECALL, &id, 0);
    settle(world);
    put_back(world, copy, false);
    assert_int_equal(world->tried_count, 0);
}

/* The backup was made while it rang. Until the centre is heard, nobody is rung: it may be over. */
static void what_rang_then_waits_for_the_centre(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);
    struct sb_store *copy;

    notified(world);
    copy = backup(world);
    answers(world, "p7", SB_ANSWER_YES);
    world->cut = true;
    put_back(world, copy, false);
    advance(world, 10 * STEP_MS);
    assert_int_equal(world->tried_count, 0);
    assert_true(is_marked(world));
    world->cut = false;
    advance(world, SB_SILENT_AFTER_MS + 4000);
    assert_false(is_marked(world));
    assert_int_equal(world->tried_count, 0);
    assert_int_equal(the_alert(world, &id).state, SB_ALERT_ANSWERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
        T(who_was_notified_is_not_rung_again),
        T(who_answered_has_answered),
        T(who_was_not_notified_is_rung),
        T(what_was_recalled_rings_nobody),
        T(what_rang_then_waits_for_the_centre),
        T(what_was_put_back_is_told),
        T(a_deputy_who_was_notified_is_not_rung_again),
        T(notified_though_the_report_comes_first),
        T(a_report_before_its_picture_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
