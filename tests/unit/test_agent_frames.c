/* test_agent_frames.c: frames that the agent cannot take: rubbish, too large, of a newer version.
 * Each is counted, told once an interval, and changes nothing. */
#include "agent_world.h"

static void rubbish_is_counted_and_logged_once(void **state)
{
    struct world *world = *state;
    const struct sb_agent_input input[2] = {
        {.kind = SB_AGENT_FRAME, .bytes = sb_bytes_str("rubbish")},
        {.kind = SB_AGENT_FRAME, .bytes = {NULL, 0}},
    };

    agent_turn(world, input, 2, WHOLE);
    assert_int_equal(agent_counter(world, "link/bad-frame"), 2);
    const char *first = strstr(world->logs, "frame=refused");
    assert_non_null(first);
    assert_null(strstr(first + 1, "frame=refused"));
}

/* A false or broken centre: its operator is told, once an interval, and the agent greets again;
 * what comes after that is taken. */
static void too_large_frames_are_refused(void **state)
{
    struct world *world = *state;
    uint8_t *big = sb_alloc(1, SB_FRAME_SIZE_MAX + 1);
    const struct sb_agent_input input[2] = {
        {.kind = SB_AGENT_FRAME, .bytes = sb_bytes(big, SB_FRAME_SIZE_MAX + 1)},
        {.kind = SB_AGENT_FRAME, .bytes = sb_bytes(big, SB_FRAME_SIZE_MAX + 1)},
    };
    struct sb_frame frame;
    unsigned refusals = 0;

    settle(world);
    assert_int_equal(world->to_broker.count, 0);
    agent_turn(world, input, 2, WHOLE);
    assert_int_equal(agent_counter(world, "link/too-large"), 2);
    for (unsigned i = 0; i < world->to_broker.count; i++) {
        assert_int_equal(sb_frame_read(sb_buf_bytes(&world->to_broker.frame[i]), &frame, NULL),
                         SB_ERR_OK);
        refusals += frame.type == SB_FRAME_REFUSE && frame.err == SB_ERR_TOO_LARGE;
    }
    assert_int_equal(refusals, 1);
    const char *first = strstr(world->logs, "frame=refused error=too-large");
    assert_non_null(first);
    assert_null(strstr(first + 1, "frame=refused error=too-large"));
    advance(world, SB_HELLO_EVERY_MS);
    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(world->tried_count, 1);
    free(big);
}

/* Two ends of different versions would answer each other for ever. */
static void a_frame_of_a_newer_version_is_not_answered(void **state)
{
    struct world *world = *state;
    const struct sb_agent_input input = {.kind = SB_AGENT_FRAME,
                                         .bytes = sb_bytes_str("\x95\x02\x08\x07\x03\xa0")};

    settle(world);
    agent_turn(world, &input, 1, WHOLE);
    assert_int_equal(agent_counter(world, "link/bad-frame"), 1);
    assert_non_null(strstr(world->logs, "frame=refused error=version"));
    assert_int_equal(world->to_broker.count, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(rubbish_is_counted_and_logged_once),
        T(too_large_frames_are_refused),
        T(a_frame_of_a_newer_version_is_not_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
