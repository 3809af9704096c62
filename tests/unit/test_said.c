/* test_said.c: which of what was said for a seat stands: pair by pair, and that the two ends agree
 * in whatever order what the agent's people say and what TiB enters meets there. */
#include "check.h"
#include "samband/reach.h"

#include <string.h>

#define VALID SB_MANDATE_VALID
#define NONE  SB_MANDATE_NONE

static bool said_equal(const struct sb_said *one, const struct sb_said *other)
{
    return one->given_at == other->given_at && one->answer == other->answer && one->at == other->at
           && one->mandate == other->mandate && one->late == other->late
           && sb_name_equal(&one->person, &other->person) && sb_name_equal(&one->via, &other->via);
}

static struct sb_said by(const char *person, uint64_t given_at, enum sb_answer answer,
                         enum sb_mandate_state mandate)
{
    return (struct sb_said){
        .given_at = given_at, .answer = answer, .mandate = mandate, .person = sb_name(person)};
}

static struct sb_said tib(uint64_t given_at, enum sb_answer answer, enum sb_mandate_state mandate)
{
    return (struct sb_said){
        .given_at = given_at, .answer = answer, .mandate = mandate, .via = sb_name("rakel")};
}

/* Of two, the first given at 1 and the second at 2: does the second stand? The person "" is TiB. */
static const struct {
    const char *what;
    struct {
        const char *person;
        enum sb_answer answer;
        enum sb_mandate_state mandate;
    } first, second;
    bool second_stands;
} pairs[] = {
    {"a later answer supersedes", {"p1", SB_ANSWER_YES, VALID}, {"p1", SB_ANSWER_NO, VALID}, true},
    {"so does another's", {"p1", SB_ANSWER_NO, VALID}, {"p2", SB_ANSWER_DEPUTY, NONE}, true},
    {"who attends goes on", {"p1", SB_ANSWER_YES, VALID}, {"p2", SB_ANSWER_NO, VALID}, false},
    {"also where another has no mandate",
     {"p1", SB_ANSWER_AT, VALID},
     {"p2", SB_ANSWER_YES, NONE},
     false},
    {"the newest of two who attend",
     {"p1", SB_ANSWER_YES, VALID},
     {"p2", SB_ANSWER_AT, VALID},
     true},
    {"no mandate, no standing", {"p1", SB_ANSWER_YES, NONE}, {"p2", SB_ANSWER_NO, NONE}, true},
    {"a kvittens takes no own answer back", {"p1", SB_ANSWER_NO, VALID}, {"p1", 0, VALID}, false},
    {"another's, after a nej", {"p1", SB_ANSWER_NO, VALID}, {"p2", 0, VALID}, true},
    {"also without mandate", {"p1", SB_ANSWER_NO, VALID}, {"p2", 0, NONE}, true},
    {"after ersättare", {"p1", SB_ANSWER_DEPUTY, VALID}, {"p2", 0, VALID}, true},
    {"it completes no ja", {"p1", SB_ANSWER_YES, NONE}, {"p2", 0, VALID}, false},
    {"the newest kvittens", {"p1", 0, VALID}, {"p2", 0, VALID}, true},
    {"one with mandate over one without", {"p1", 0, NONE}, {"p2", 0, VALID}, true},
    {"but not the other way", {"p1", 0, VALID}, {"p2", 0, NONE}, false},
    {"none needed counts as one", {"p1", 0, SB_MANDATE_NOT_NEEDED}, {"p2", 0, NONE}, false},
    {"undeclared counts as none", {"p1", 0, VALID}, {"p2", 0, SB_MANDATE_UNDECLARED}, false},
    {"an answer over a kvittens", {"p1", 0, VALID}, {"p2", SB_ANSWER_NO, NONE}, true},
    {"TiB over a nej", {"p1", SB_ANSWER_NO, VALID}, {"", 0, NONE}, true},
    {"TiB over ersättare", {"p1", SB_ANSWER_DEPUTY, VALID}, {"", 0, VALID}, true},
    {"TiB over a kvittens with mandate", {"p1", 0, VALID}, {"", 0, NONE}, true},
    {"TiB over a ja without mandate", {"p1", SB_ANSWER_YES, NONE}, {"", 0, NONE}, true},
    {"TiB not over who attends", {"p1", SB_ANSWER_YES, VALID}, {"", 0, VALID}, false},
    {"nor with a nej", {"p1", SB_ANSWER_YES, VALID}, {"", SB_ANSWER_NO, VALID}, false},
    {"TiB's newest entry", {"", SB_ANSWER_YES, VALID}, {"", SB_ANSWER_NO, NONE}, true},
    {"and where it says less", {"", SB_ANSWER_YES, VALID}, {"", 0, NONE}, true},
    {"the agent confirms", {"", SB_ANSWER_YES, VALID}, {"p1", SB_ANSWER_YES, VALID}, true},
    {"the agent's nej", {"", 0, VALID}, {"p1", SB_ANSWER_NO, VALID}, true},
    {"not over TiB's ja", {"", SB_ANSWER_YES, VALID}, {"p1", SB_ANSWER_NO, VALID}, false},
    {"a kvittens takes nothing of TiB's back", {"", 0, VALID}, {"p1", 0, VALID}, false},
    {"nor without mandate", {"", 0, NONE}, {"p1", 0, NONE}, false},
    {"but brings the mandate", {"", 0, NONE}, {"p1", 0, VALID}, true},
    {"no answer of TiB's", {"", SB_ANSWER_NO, NONE}, {"p1", 0, VALID}, false},
};

static struct sb_said said_of(const char *person, uint64_t at, enum sb_answer answer,
                              enum sb_mandate_state mandate)
{
    return person[0] == '\0' ? tib(at, answer, mandate) : by(person, at, answer, mandate);
}

/* Whichever of the two comes first, the same stands. */
static void pair_by_pair(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(pairs); i++) {
        struct sb_said first =
            said_of(pairs[i].first.person, 1, pairs[i].first.answer, pairs[i].first.mandate);
        const struct sb_said second =
            said_of(pairs[i].second.person, 2, pairs[i].second.answer, pairs[i].second.mandate);

        first.at = first.answer == SB_ANSWER_AT ? 2 : 0;
        if (sb_said_stands(&first, &second) != pairs[i].second_stands
            || sb_said_stands(&second, &first) == pairs[i].second_stands) {
            fail_msg("%s", pairs[i].what);
        }
    }
}

/* Who should have joined has not: TiB has asked, and knows. Nobody else does. */
static void overdue_gives_way_to_tib(void **state)
{
    (void)state;
    struct sb_said joins = by("p1", 1, SB_ANSWER_AT, VALID);
    joins.at = 10;
    struct sb_said in_time = tib(10, SB_ANSWER_NOTHING, NONE);
    struct sb_said after = tib(11, SB_ANSWER_NOTHING, NONE);
    struct sb_said another = by("p2", 11, SB_ANSWER_NO, VALID);

    assert_false(sb_said_stands(&joins, &in_time));
    assert_true(sb_said_stands(&joins, &after));
    assert_false(sb_said_stands(&joins, &another));
}

static void at_the_same_time(void **state)
{
    (void)state;
    const struct sb_said no = by("p1", 5, SB_ANSWER_NO, VALID);
    const struct sb_said yes = by("p1", 5, SB_ANSWER_YES, VALID);
    const struct sb_said entered = tib(5, SB_ANSWER_NOTHING, NONE);

    assert_true(sb_said_stands(&no, &yes)); /* the one that comes now */
    assert_true(sb_said_stands(&yes, &no));
    assert_true(sb_said_stands(&no, &entered)); /* TiB's, whichever came first */
    assert_false(sb_said_stands(&entered, &no));
    const struct sb_said again = tib(5, SB_ANSWER_YES, VALID);
    assert_true(sb_said_stands(&entered, &again));
    assert_true(sb_said_stands(&again, &entered));
}

/* What the people at an agent may say, one after the other, and what TiB may enter. */
static const struct {
    const char *person;
    enum sb_answer answer;
    enum sb_mandate_state mandate;
} letters[] =
    {
        {"p1", SB_ANSWER_NOTHING, VALID}, {"p1", SB_ANSWER_YES, VALID},
        {"p1", SB_ANSWER_NO, VALID},      {"p1", SB_ANSWER_NOTHING, NONE},
        {"p1", SB_ANSWER_YES, NONE},      {"p2", SB_ANSWER_NOTHING, VALID},
        {"p2", SB_ANSWER_YES, VALID},     {"p2", SB_ANSWER_NO, NONE},
        {"p2", SB_ANSWER_NOTHING, NONE},
},
  entries[] = {
      {"", SB_ANSWER_NOTHING, VALID},
      {"", SB_ANSWER_NOTHING, NONE},
      {"", SB_ANSWER_YES, VALID},
      {"", SB_ANSWER_NO, NONE},
};

#define SAID_COUNT    3 /* by the agent's people */
#define ENTERED_COUNT 2 /* by TiB */
#define ALL_COUNT     (SAID_COUNT + ENTERED_COUNT)

/* Plays both in the order of `mask`: a set bit takes the next of TiB's, or, backwards, the last. */
static struct sb_said played(const struct sb_said said[SAID_COUNT],
                             const struct sb_said entered[ENTERED_COUNT], unsigned mask,
                             bool backwards)
{
    struct sb_said stands = {0};
    struct sb_said aside = {0};
    unsigned taken = 0;

    for (unsigned i = 0; i < ALL_COUNT; i++, mask >>= 1) {
        const struct sb_said before = stands;
        const struct sb_said *next = said;
        if ((mask & 1u) != 0) {
            next = &entered[backwards ? ENTERED_COUNT - 1 - taken : taken];
            taken++;
        } else {
            said++;
        }
        const bool moved = sb_said_take(&stands, &aside, next);
        assert_true(moved || said_equal(&before, &stands));
    }
    return stands;
}

static bool is_order(unsigned mask)
{
    unsigned set = 0;

    for (unsigned i = 0; i < ALL_COUNT; i++) {
        set += mask >> i & 1u;
    }
    return set == ENTERED_COUNT;
}

/* The five, given at the times that the order `mask` gives them. */
static void times_give(struct sb_said said[SAID_COUNT], struct sb_said entered[ENTERED_COUNT],
                       unsigned mask)
{
    for (uint64_t at = 1; at <= ALL_COUNT; at++, mask >>= 1) {
        if ((mask & 1u) != 0) {
            (entered++)->given_at = at;
        } else {
            (said++)->given_at = at;
        }
    }
}

static void every_order_of_arrival(struct sb_said said[SAID_COUNT],
                                   struct sb_said entered[ENTERED_COUNT])
{
    for (unsigned times = 0; times < 1u << ALL_COUNT; times++) {
        if (!is_order(times)) {
            continue;
        }
        times_give(said, entered, times);
        const struct sb_said wanted = played(said, entered, times, false);
        for (unsigned mask = 0; mask < 1u << ALL_COUNT; mask++) {
            for (unsigned backwards = 0; is_order(mask) && backwards <= 1; backwards++) {
                const struct sb_said stands = played(said, entered, mask, backwards != 0);
                assert_true(said_equal(&stands, &wanted));
            }
        }
    }
}

/* What the agent's people say keeps its order, what TiB entered may come backwards, and the two
 * meet as the link lets them: every such order ends alike. */
static void both_ends_agree(void **state)
{
    struct sb_said said[SAID_COUNT];
    struct sb_said entered[ENTERED_COUNT];

    (void)state;
    for (unsigned i = 0; i < 9 * 9 * 9 * 4 * 4; i++) {
        unsigned rest = i;
        for (unsigned j = 0; j < SAID_COUNT; j++, rest /= COUNT_OF(letters)) {
            const unsigned at = rest % COUNT_OF(letters);
            said[j] = by(letters[at].person, 0, letters[at].answer, letters[at].mandate);
        }
        for (unsigned j = 0; j < ENTERED_COUNT; j++, rest /= COUNT_OF(entries)) {
            const unsigned at = rest % COUNT_OF(entries);
            entered[j] = tib(0, entries[at].answer, entries[at].mandate);
        }
        every_order_of_arrival(said, entered);
    }
}

static void a_row_keeps_both(void **state)
{
    (void)state;
    struct sb_said before = by("p7", 4, SB_ANSWER_AT, VALID);
    before.at = 99;
    before.late = true;
    const struct sb_said aside = tib(5, SB_ANSWER_NO, SB_MANDATE_UNDECLARED);
    const struct sb_said nothing = {0};
    struct sb_record row = {0};
    struct sb_said after;
    struct sb_buf buf;

    sb_said_write(&before, &row);
    sb_aside_write(&aside, &row, &buf);
    sb_said_read(&row, &after);
    assert_true(said_equal(&after, &before));
    sb_aside_read(&row, &after);
    assert_true(said_equal(&after, &aside));
    sb_buf_finish(&buf);
    sb_record_clear(&row);
    sb_aside_write(&nothing, &row, &buf);
    assert_false(sb_record_has(&row, SB_FIELD_ASIDE));
    sb_aside_read(&row, &after);
    assert_true(said_equal(&after, &nothing));
    sb_buf_finish(&buf);
}

/* The longest names fit the field. */
static void the_longest_names_fit(void **state)
{
    (void)state;
    struct sb_said aside = tib(UINT64_MAX, SB_ANSWER_AT, VALID);
    struct sb_record row = {0};
    struct sb_said after;
    struct sb_buf buf;

    memset(aside.via.text, 'v', SB_NAME_SIZE_MAX);
    memset(aside.person.text, 'p', SB_NAME_SIZE_MAX);
    aside.at = UINT64_MAX;
    aside.late = true;
    sb_aside_write(&aside, &row, &buf);
    sb_aside_read(&row, &after);
    assert_true(said_equal(&after, &aside));
    sb_buf_finish(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pair_by_pair),     cmocka_unit_test(overdue_gives_way_to_tib),
        cmocka_unit_test(at_the_same_time), cmocka_unit_test(both_ends_agree),
        cmocka_unit_test(a_row_keeps_both), cmocka_unit_test(the_longest_names_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
