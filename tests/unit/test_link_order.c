/* test_link_order.c: what the link sends when: lanes, turns, windows and resending; and that
 * crashes and losses at any point leave everything there once. */
#include "linked.h"

static void test_lost_receipt_is_sent_again(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    end_turn(&pair->agent, WHOLE);
    assert_int_equal(lose(&pair->broker, SB_FRAME_RECEIPT), 1);
    settle(pair);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 0);
    run(pair, SB_RESEND_AFTER_MS);
    assert_int_equal(held(&pair->broker, 0, 0).log_index, 1);
    assert_int_equal(pair->agent.arrived_count, 1);
    assert_int_equal(counter(&pair->broker, "link/resend"), 1);
}

/* One less than the time: nothing goes again. */
static void test_resend_is_not_early(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(lose(&pair->agent, SB_FRAME_DATA), 1);
    assert_int_equal(sb_link_deadline_ms(pair->broker.link),
                     pair->now.mono_ms + SB_RESEND_AFTER_MS);
    advance(pair, SB_RESEND_AFTER_MS - 1);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(waiting(&pair->agent, SB_FRAME_DATA), 0);
    advance(pair, 1);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(waiting(&pair->agent, SB_FRAME_DATA), 1);
}

/* Crashes of either end at each of its turns, before the commit or before the send: afterwards
 * everything is there once. */
static void crash_at(unsigned org_count, bool at_broker, unsigned which, enum crash how)
{
    struct pair *pair = pair_new(org_count);
    struct end *victim = at_broker ? &pair->broker : &pair->agent;
    start_agent(pair);
    unsigned turns = 0;
    for (unsigned round = 0; round < 12; round++) {
        if (round % 3 == 0) {
            (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
            (void)publish(&pair->agent, SB_REALM_TEST, SB_BULK);
        }
        struct end *ends[] = {&pair->broker, &pair->agent};
        for (unsigned i = 0; i < 2; i++) {
            bool now = ends[i] == victim && turns++ == which;
            end_turn(ends[i], now ? how : WHOLE);
            if (now) {
                start_agent(pair); /* either its own new process, or its connection broke */
            }
        }
    }
    run(pair, 6000);
    assert_int_equal(pair->agent.arrived_count, 4 * org_count);
    assert_int_equal(pair->broker.arrived_count, 4);
    assert_int_equal(log_count(&pair->broker), 8);
    assert_int_equal(log_count(&pair->agent), 4 + 4 * org_count);
    assert_int_equal(counter(&pair->broker, "link/incarnation"), 0);
    assert_int_equal(counter(&pair->agent, "link/incarnation"), 0);
    assert_sound(&pair->broker);
    assert_sound(&pair->agent);
    pair_destroy(pair);
}

static void test_crash_anywhere(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 12; which++) {
        for (unsigned at_broker = 0; at_broker < 2; at_broker++) {
            crash_at(1, at_broker == 1, which, CRASH_BEFORE_COMMIT);
            crash_at(2, at_broker == 1, which, CRASH_BEFORE_SEND);
        }
    }
}

/* The lane of each DATA frame that waits at the agent, in order. */
static void assert_lanes(struct pair *pair, const char *lanes)
{
    char found[FRAMES_MAX] = "";
    unsigned count = 0;
    for (unsigned i = 0; i < pair->agent.inbox.count; i++) {
        struct sb_frame frame = frame_at(&pair->agent, i);
        if (frame.type == SB_FRAME_DATA) {
            found[count++] = (char)('0' + frame.at.lane);
        }
    }
    assert_string_equal(found, lanes);
}

static void test_lanes_in_priority(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    for (int realm = SB_REALM_TEST; realm >= SB_REALM_LIVE; realm--) {
        (void)publish(&pair->broker, (enum sb_realm)realm, SB_BULK);
        (void)publish(&pair->broker, (enum sb_realm)realm, SB_URGENT);
    }
    end_turn(&pair->broker, WHOLE);
    assert_lanes(pair, "001122334455");
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 12);
}

/* The organisations of an agent take turns: neither waits for the other's backlog. */
static void test_round_robin(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    for (unsigned i = 0; i < SB_ENTRIES_PER_DATA_MAX + 1; i++) {
        (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    }
    end_turn(&pair->broker, WHOLE);
    assert_lanes(pair, "0000");
    for (unsigned i = 0; i < 3; i++) {
        assert_true(sb_views_read(frame_at(&pair->agent, i).entries).left
                    <= SB_ENTRIES_PER_DATA_MAX);
    }
    assert_string_not_equal(frame_at(&pair->agent, 0).at.org.text,
                            frame_at(&pair->agent, 1).at.org.text);
    assert_int_equal(frame_at(&pair->agent, 2).at.seq, SB_ENTRIES_PER_DATA_MAX + 1);
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 2 * (SB_ENTRIES_PER_DATA_MAX + 1));
}

static size_t data_size(struct pair *pair)
{
    size_t size = 0;
    for (unsigned i = 0; i < pair->agent.inbox.count; i++) {
        struct sb_frame frame = frame_at(&pair->agent, i);
        size += frame.type == SB_FRAME_DATA ? frame.entries.size : 0;
    }
    return size;
}

/* Bulk in flight stays within its window; an urgent event published then goes at once. */
static void test_windows(void **state)
{
    static char text[12000];
    struct pair *pair = *state;
    memset(text, 'x', sizeof text - 1);
    connect(pair);
    for (unsigned i = 0; i < 40; i++) {
        (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_BULK, text, 1);
    }
    end_turn(&pair->broker, WHOLE);
    size_t bulk = data_size(pair);
    assert_true(bulk <= SB_WINDOW_BYTES_BULK + 64 && bulk > SB_WINDOW_BYTES_BULK - 2 * sizeof text);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(data_size(pair), bulk);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    (void)publish(&pair->broker, SB_REALM_TEST, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    assert_true(data_size(pair) > bulk);
    queue_clear(&pair->agent.inbox);
    (void)publish_to(&pair->broker, SB_REALM_EXERCISE, SB_BULK, text, 1);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(data_size(pair), 0);
    run(pair, SB_RESEND_AFTER_MS + 100);
    assert_int_equal(pair->agent.arrived_count, 43);
    assert_sound(&pair->agent);
}

/* A stuck lower lane never closes the window of a higher one. */
static void test_lower_lane_takes_no_window(void **state)
{
    static char text[12000];
    struct pair *pair = *state;
    memset(text, 'x', sizeof text - 1);
    connect(pair);
    for (unsigned i = 0; i < 40; i++) {
        (void)publish_to(&pair->broker, SB_REALM_TEST, SB_BULK, text, 1);
    }
    end_turn(&pair->broker, WHOLE);
    queue_clear(&pair->agent.inbox);
    (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_BULK, text, 1);
    end_turn(&pair->broker, WHOLE);
    assert_lanes(pair, "1");
}

/* The largest events go through the smallest window and, many at once, through several frames. */
static void test_largest_entries(void **state)
{
    static char text[SB_TEXT_SIZE_MAX + 1];
    struct pair *pair = *state;
    memset(text, 'x', SB_TEXT_SIZE_MAX);
    connect(pair);
    for (unsigned i = 0; i < 20; i++) {
        (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_BULK, text, 1);
        (void)publish_to(&pair->broker, SB_REALM_LIVE, SB_URGENT, text, 1);
    }
    end_turn(&pair->broker, WHOLE);
    assert_lanes(pair, "001");
    settle(pair);
    assert_int_equal(pair->agent.arrived_count, 40);
}

/* What a session goes over again is asked no more often than SB_REWIND_EVERY_MS. */
static void test_asking_again_is_bounded(void **state)
{
    struct pair *pair = *state;
    connect(pair);
    (void)publish(&pair->broker, SB_REALM_LIVE, SB_URGENT);
    end_turn(&pair->broker, WHOLE);
    struct sb_frame data = frame_at(&pair->agent, 0);
    struct sb_frame ask = {.type = SB_FRAME_RECEIPT, .session = data.session, .at = data.at};
    ask.at.seq = 0;
    ask.at.head = (struct sb_hash){0};
    for (unsigned i = 0; i < 10; i++) {
        forge(&pair->broker, &ask);
        end_turn(&pair->broker, WHOLE);
    }
    assert_int_equal(waiting(&pair->agent, SB_FRAME_DATA), 2);
    advance(pair, SB_REWIND_EVERY_MS);
    forge(&pair->broker, &ask);
    end_turn(&pair->broker, WHOLE);
    assert_int_equal(waiting(&pair->agent, SB_FRAME_DATA), 3);
}

/* Random losses, crashes and restarts from seeds: all is there once in the end. */
static void storm(uint8_t seed)
{
    struct pair *pair = pair_new(2);
    pair->entropy.seed[1] = seed;
    struct sb_entropy dice = {.seed = {seed, 99}};
    start_agent(pair);
    for (unsigned i = 0; i < 150; i++) {
        struct end *end = sb_entropy_u64(&dice) % 2 == 0 ? &pair->broker : &pair->agent;
        uint64_t what = sb_entropy_u64(&dice) % 16;
        if (what < 3) {
            (void)publish(end, (enum sb_realm)(1 + sb_entropy_u64(&dice) % 3),
                          (enum sb_urgency)(sb_entropy_u64(&dice) % 2));
        } else if (what == 3) {
            (void)lose(end, SB_FRAME_DATA);
        } else if (what == 4) {
            (void)lose(end, SB_FRAME_RECEIPT);
        } else if (what == 5) {
            end_turn(end, sb_entropy_u64(&dice) % 2 == 0 ? CRASH_BEFORE_COMMIT : CRASH_BEFORE_SEND);
            start_agent(pair);
        } else if (what == 6) {
            advance(pair, sb_entropy_u64(&dice) % 5000);
        } else {
            end_turn(end, WHOLE);
        }
        if (pair->agent.link == NULL) {
            start_agent(pair);
        }
    }
    if (sb_link_state(pair->agent.link) == SB_LINK_DOWN) {
        start_agent(pair);
    }
    run(pair, 30000);
    uint64_t made_up = log_count(&pair->broker) - pair->broker.arrived_count;
    uint64_t made_down = log_count(&pair->agent) - pair->agent.arrived_count;
    assert_int_equal(pair->agent.arrived_count, 2 * made_up);
    assert_int_equal(pair->broker.arrived_count, made_down);
    assert_int_equal(counter(&pair->broker, "link/incarnation"), 0);
    assert_int_equal(counter(&pair->agent, "link/incarnation"), 0);
    assert_sound(&pair->broker);
    assert_sound(&pair->agent);
    pair_destroy(pair);
}

static void test_storms(void **state)
{
    (void)state;
    for (uint8_t seed = 0; seed < 40; seed++) {
        storm(seed);
    }
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, pair_make, pair_end)
#define TWO(test) cmocka_unit_test_setup_teardown(test, pair_make_two, pair_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(test_lost_receipt_is_sent_again),
        ONE(test_resend_is_not_early),
        cmocka_unit_test(test_crash_anywhere),
        TWO(test_lanes_in_priority),
        TWO(test_round_robin),
        ONE(test_windows),
        ONE(test_lower_lane_takes_no_window),
        ONE(test_largest_entries),
        ONE(test_asking_again_is_bounded),
        cmocka_unit_test(test_storms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
