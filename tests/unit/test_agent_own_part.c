/* test_agent_own_part.c: whom an event calls here: those of its signed list, whatever the sender's
 * own part says, also where that is empty for want of room. */
#include "agent_world.h"
#include "entry.h"
#include "samband/cursor.h"

/* Seats of taby whose list is SB_OWN_SIZE_MAX bytes, or `past` more: taby's TiB last, the others
 * with nobody in the roster. */
static void seats_make(unsigned past, char text[2 * SB_OWN_SIZE_MAX])
{
    static const char v[] = "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv";
    size_t at = 0;

    /* 3 of the list, 126 of 2 + 62, two of 2 + 56, 1 + 8 of TiB's own. */
    for (unsigned i = 0; i < 128; i++) {
        const unsigned via = i < 126 ? 30 : i == 126 ? 24 : 24 + past;
        at += (size_t)snprintf(text + at, 2 * SB_OWN_SIZE_MAX - at, "~taby/%s%03u:%.*s,",
                               "ffffffffffffffffffffff", i, (int)via, v);
    }
    (void)snprintf(text + at, 2 * SB_OWN_SIZE_MAX - at, "taby/tib");
}

static size_t newest_own_size(struct world *world)
{
    struct sb_txn *txn = world_begin(world->agent_store);
    struct sb_log_row row;
    size_t size = SIZE_MAX;

    for (uint64_t index = 1; index < sb_log_next_index(txn); index++) {
        assert_true(sb_log_get(txn, index, &row));
        size = row.stream_agent.text[0] == '\0' ? size : row.own.size;
    }
    sb_store_abort(world->agent_store, txn);
    return size;
}

/* More seats of one organisation than an own part holds: the signed list calls them all the same,
 * at the limit, one byte past it and far past it. */
static void an_own_part_too_large_rings_all_the_same(void **state)
{
    static const unsigned pasts[] = {0, 1, 16};
    struct world *world = *state;
    struct sb_record args = {0}, row;
    static char seats[2 * SB_OWN_SIZE_MAX];

    for (unsigned i = 0; i < COUNT_OF(pasts); i++) {
        seats_make(pasts[i], seats);
        const unsigned before = world->tried_count;
        world->logs[0] = world->traces[0] = '\0'; /* a line for each seat that has nobody */
        convene(world, &(struct convening){.seats = seats});
        settle(world);
        assert_int_equal(newest_own_size(world), pasts[i] == 0 ? SB_OWN_SIZE_MAX : 0);
        assert_int_equal(agent_counter(world, "alerts/made"), 129 * (i + 1));
        assert_int_equal(world->tried_count, before + 1);
        assert_string_equal(tried_last(world)->seat, "taby/tib");
        assert_int_equal(ask(world, OFFICER, "inbox", &args), SB_ERR_OK);
        assert_true(row_at(world, 0, &row));
        assert_int_equal(sb_list_count(sb_record_bytes(&row, SB_FIELD_TO)), 129);
    }
}

/* The sender adds `seat`, which the signed event does not call. */
static void forged(struct world *world, const char *seat)
{
    struct sb_list_writer added;
    struct sb_frame frame = {0};
    struct sb_entry entry;
    struct sb_record args = {0};
    struct sb_record verdict;
    struct sb_buf entries;

    convene(world, &(struct convening){.seats = "taby/tib"});
    broker_turn(world);
    struct sb_buf *last = &world->to_agent.frame[world->to_agent.count - 1];
    assert_int_equal(sb_frame_read(sb_buf_bytes(last), &frame, NULL), SB_ERR_OK);
    assert_int_equal(frame.type, SB_FRAME_DATA);
    struct sb_views views = sb_views_read(frame.entries);
    assert_true(sb_entry_next(&views, &entry));
    sb_list_init(&added);
    sb_list_add(&added, sb_bytes_str(seat));
    entry.own = sb_list_bytes(&added);
    sb_buf_init(&entries, SB_FRAME_SIZE_MAX);
    sb_pack_array(&entries, 1);
    entry_pack(&entries, &entry);
    frame.entries = sb_buf_bytes(&entries);
    struct sb_buf sent;
    sb_buf_init(&sent, SB_FRAME_SIZE_MAX);
    sb_frame_write(&frame, &sent);
    sb_buf_finish(last);
    *last = sent;
    agent_frames(world, WHOLE);
    judging_turn(world, WHOLE);
    assert_int_equal(world->tried_count, 0);
    assert_int_equal(agent_counter(world, "refused/value"), 1);
    queue_clear(&world->to_broker); /* which would refuse the receipt: its chain is another */
    sb_record_set_number(&args, SB_FIELD_KIND, SB_KIND_VERDICT);
    assert_int_equal(ask(world, OFFICER, "events", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &verdict));
    assert_int_equal(sb_record_number(&verdict, SB_FIELD_REASON_CODE), SB_ERR_VALUE);
    sb_list_finish(&added);
    sb_buf_finish(&entries);
}

static void a_forged_own_part_is_refused(void **state)
{
    forged(*state, "taby/vb");
}

static void an_own_part_of_another_is_refused(void **state)
{
    forged(*state, "solna/tib");
}

/* What another organisation's agent signed is not for here, whoever sends it. */
static void what_another_organisation_says_is_refused(void **state)
{
    struct world *world = *state;
    struct sb_record fields;
    struct sb_name origin;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    fields_begin(world, &fields, SB_KIND_ACK, SB_REALM_LIVE, &origin);
    sb_record_set_hash(&fields, SB_FIELD_REF, &id);
    sb_record_set_text(&fields, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_text(&fields, SB_FIELD_FUNCTION, "tib");
    sb_record_set_text(&fields, SB_FIELD_PERSON, "p7");
    sb_record_set_number(&fields, SB_FIELD_HOLDS_MANDATE, true);
    sb_record_set_number(&fields, SB_FIELD_ANSWERED_AT, world->now.wall_ms);
    publish_by(world, &fields, &world->stranger, 1);
    settle(world);
    assert_int_equal(agent_counter(world, "refused/not-allowed"), 1);
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2); /* the search goes on */
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(an_own_part_too_large_rings_all_the_same),
        T(a_forged_own_part_is_refused),
        T(an_own_part_of_another_is_refused),
        T(what_another_organisation_says_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
