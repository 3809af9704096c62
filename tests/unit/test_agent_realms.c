/* test_agent_realms.c: at an agent, what an exercise says of something live does nothing to it, and
 * nothing to the exercise either. */
#include "agent_world.h"

static struct sb_hash call(struct world *world)
{
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    assert_int_equal(world->tried_count, 1);
    return id;
}

static void publish_exercise(struct world *world, enum sb_kind kind, const struct sb_hash *about)
{
    struct sb_record fields;
    struct sb_name origin;

    fields_begin(world, &fields, kind, SB_REALM_EXERCISE, &origin);
    sb_record_set_hash(&fields, SB_FIELD_REF, about);
    sb_record_set_text(&fields, SB_FIELD_TEXT, "Övning");
    publish_by(world, &fields, &world->broker_party, 1);
    settle(world);
}

static void an_exercise_touches_nothing_live(void **state)
{
    struct world *world = *state;
    const struct sb_hash id = call(world);

    publish_exercise(world, SB_KIND_RECALL, &id);
    publish_exercise(world, SB_KIND_END, &id);
    publish_exercise(world, SB_KIND_CORRECTION, &id);
    assert_int_equal(world->tried_count, 1);
    advance(world, STEP_MS);
    assert_int_equal(world->tried_count, 2); /* it goes on to p8 */
    assert_string_equal(world->tried[1].text, "");
    struct sb_record args = {0}, row;
    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
    assert_true(row_at(world, 0, &row));
    assert_false(sb_record_has(&row, SB_FIELD_RECALLED));
}

/* Nor does it find there what it then takes for its own. */
static void an_exercise_ends_no_group_of_something_live(void **state)
{
    static const uint8_t group[16] = {9};
    struct world *world = *state;
    struct convening called = {.seats = "taby/tib", .group = group};
    const struct sb_hash id = convene(world, &called);

    settle(world);
    publish_exercise(world, SB_KIND_RECALL, &id);
    publish_exercise(world, SB_KIND_END, &id);
    assert_int_equal(world->tried_count, 1);
    called.realm = SB_REALM_EXERCISE;
    convene(world, &called);
    settle(world);
    assert_int_equal(world->tried_count, 2);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(an_exercise_touches_nothing_live),
        T(an_exercise_ends_no_group_of_something_live),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
