/* test_roster.c: who is tried for a function, in which order, and who holds which mandate. */
#include "../../agent/core/roster.h"
#include "check.h"
#include "samband/err.h"

#include <stdlib.h>

struct world {
    struct sb_roster roster;
    struct sb_name taby, solna;
    struct sb_now now;
};

static unsigned person(struct sb_roster *roster, const char *id)
{
    roster->person[roster->person_count].id = sb_name(id);
    return roster->person_count++;
}

static struct sb_roster_function *function(struct sb_roster *roster, const char *org,
                                           const char *name)
{
    struct sb_roster_function *row = &roster->function[roster->function_count++];

    row->org = sb_name(org);
    row->function = sb_name(name);
    return row;
}

/* p0..p5; tib: p0 p1, deputy p2. kommundirektor: p3 p0, deputy p4. solna's own tib: p5. */
static int setup(void **state)
{
    struct world *world = sb_alloc(1, sizeof *world);
    static const char *const ids[] = {"p0", "p1", "p2", "p3", "p4", "p5"};
    struct sb_roster_function *row;

    for (unsigned i = 0; i < COUNT_OF(ids); i++) {
        assert_int_equal(person(&world->roster, ids[i]), i);
    }
    row = function(&world->roster, "", "tib");
    row->people[0] = 0;
    row->people[1] = 1;
    row->people_count = 2;
    row->deputies[0] = 2;
    row->deputy_count = 1;
    row->step_ms = 5000;
    row = function(&world->roster, "", "kommundirektor");
    row->people[0] = 3;
    row->people[1] = 0;
    row->people_count = 2;
    row->deputies[0] = 4;
    row->deputy_count = 1;
    row = function(&world->roster, "solna", "tib");
    row->people[0] = 5;
    row->people_count = 1;
    row->step_ms = 700;
    world->taby = sb_name("taby");
    world->solna = sb_name("solna");
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static struct sb_who who(struct world *world, const struct sb_name *org, const char *name,
                         const char *via)
{
    const struct sb_name wanted = sb_name(name);
    const struct sb_name by = sb_name(via);

    return sb_roster_who(&world->roster, org, &wanted, &by, world->now);
}

static void check_order(const struct sb_who *got, const unsigned *order, unsigned count,
                        unsigned first_deputy)
{
    assert_int_equal(got->count, count);
    assert_int_equal(got->first_deputy, first_deputy);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(got->person[i], order[i]);
    }
}

static void people_then_deputies(void **state)
{
    const struct sb_who got = who(*state, &((struct world *)*state)->taby, "tib", "");

    check_order(&got, (const unsigned[]){0, 1, 2}, 3, 2);
    assert_int_equal(got.step_ms, 5000);
}

static void an_organisations_own_row_stands_first(void **state)
{
    const struct sb_who got = who(*state, &((struct world *)*state)->solna, "tib", "");

    check_order(&got, (const unsigned[]){5}, 1, 1);
    assert_int_equal(got.step_ms, 700);
}

/* A duty of its own comes first; the way through another is the last. */
static void via_is_asked_last_and_nobody_twice(void **state)
{
    const struct sb_who got = who(*state, &((struct world *)*state)->taby, "kommundirektor", "tib");

    check_order(&got, (const unsigned[]){3, 0, 4, 1, 2}, 5, 2);
    assert_int_equal(got.step_ms, SB_STEP_DEFAULT_MS);
}

static void via_alone_is_enough(void **state)
{
    const struct sb_who got = who(*state, &((struct world *)*state)->taby, "chef", "tib");

    check_order(&got, (const unsigned[]){0, 1, 2}, 3, 2);
}

static void an_unknown_function_has_nobody(void **state)
{
    const struct sb_who got = who(*state, &((struct world *)*state)->taby, "chef", "");

    check_order(&got, NULL, 0, 0);
}

/* Two full functions fill the order exactly. */
static void full_functions(void **state)
{
    struct world *world = *state;
    struct sb_roster_function *first = function(&world->roster, "", "vb");
    struct sb_roster_function *second = function(&world->roster, "", "rcb");

    for (unsigned i = 0; i < SB_PER_FUNCTION_MAX; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "a%u", i);
        first->people[first->people_count++] = person(&world->roster, id);
        (void)snprintf(id, sizeof id, "b%u", i);
        second->people[second->people_count++] = person(&world->roster, id);
    }
    const struct sb_who got = who(world, &world->taby, "rcb", "vb");
    assert_int_equal(got.count, 2 * SB_PER_FUNCTION_MAX);
    assert_int_equal(got.person[0], second->people[0]);
    assert_int_equal(got.person[2 * SB_PER_FUNCTION_MAX - 1],
                     first->people[SB_PER_FUNCTION_MAX - 1]);
}

static void mandates(void **state)
{
    struct world *world = *state;
    struct sb_roster_person *p1 = &world->roster.person[1];
    const struct sb_name tib = sb_name("tib");
    const struct sb_name kib = sb_name("kib");

    p1->mandate[0].function = tib;
    p1->mandate[0].level = SB_LEVEL_SAMORDNANDE_FORUM;
    p1->mandate[1].level = SB_LEVEL_VERKSTALLANDE_FORUM;
    p1->mandate_count = 2;
    assert_true(sb_roster_holds_mandate(&world->roster, 1, &tib, SB_LEVEL_SAMORDNANDE_FORUM));
    assert_false(sb_roster_holds_mandate(&world->roster, 1, &kib, SB_LEVEL_SAMORDNANDE_FORUM));
    assert_true(sb_roster_holds_mandate(&world->roster, 1, &kib, SB_LEVEL_VERKSTALLANDE_FORUM));
    assert_false(sb_roster_holds_mandate(&world->roster, 1, &tib, SB_LEVEL_INRIKTANDE_FORUM));
    assert_false(sb_roster_holds_mandate(&world->roster, 0, &tib, SB_LEVEL_SAMORDNANDE_FORUM));
    assert_false(sb_roster_holds_mandate(&world->roster, world->roster.person_count, &tib,
                                         SB_LEVEL_SAMORDNANDE_FORUM));
}

static void found_by_pseudonym(void **state)
{
    struct world *world = *state;
    const struct sb_name p3 = sb_name("p3");
    const struct sb_name stranger = sb_name("p99");

    assert_int_equal(sb_roster_find(&world->roster, &p3), 3);
    assert_int_equal(sb_roster_find(&world->roster, &stranger), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(people_then_deputies, setup, teardown),
        cmocka_unit_test_setup_teardown(an_organisations_own_row_stands_first, setup, teardown),
        cmocka_unit_test_setup_teardown(via_is_asked_last_and_nobody_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(via_alone_is_enough, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unknown_function_has_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(full_functions, setup, teardown),
        cmocka_unit_test_setup_teardown(mandates, setup, teardown),
        cmocka_unit_test_setup_teardown(found_by_pseudonym, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
