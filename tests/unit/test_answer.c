/* test_answer.c: the answer table of one-convening.md, row by row, and what stands between rows. */
#include "check.h"
#include "samband/reach.h"

#define ATT SB_ASKS_ATTENDANCE
#define ACK SB_ASKS_ACK

struct expected {
    const char *row; /* as the table's first column has it */
    struct sb_seat_facts facts;
    enum sb_colour colour;
    enum sb_escalation escalation;
    bool ring, star;
};

#define ACKED .acknowledged = true

static const struct expected rows[] = {
    {"none before answer-by", {.asks = ATT}, SB_COLOUR_AMBER, SB_ESCALATION_GOES_ON, false, false},
    {"none, answer-by passed",
     {.asks = ATT, .deadline_passed = true},
     SB_COLOUR_AMBER,
     SB_ESCALATION_GOES_ON,
     false,
     false},
    {"none, nobody left",
     {.asks = ATT, .deadline_passed = true, .exhausted = true},
     SB_COLOUR_RED,
     SB_ESCALATION_STOPS,
     true,
     false},
    {"kvittens with mandate, information",
     {.asks = ACK, ACKED, .mandate = true},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     false},
    {"kvittens with mandate, convening",
     {.asks = ATT, ACKED, .mandate = true},
     SB_COLOUR_AMBER,
     SB_ESCALATION_REMINDS,
     false,
     false},
    {"kvittens without mandate",
     {.asks = ATT, ACKED},
     SB_COLOUR_AMBER,
     SB_ESCALATION_GOES_ON,
     false,
     false},
    {"kvittens without mandate, information",
     {.asks = ACK, ACKED},
     SB_COLOUR_AMBER,
     SB_ESCALATION_GOES_ON,
     false,
     false},
    {"ja with mandate",
     {.asks = ATT, ACKED, .mandate = true, .answer = SB_ANSWER_YES},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     false},
    {"ansluter kl with mandate",
     {.asks = ATT, ACKED, .mandate = true, .answer = SB_ANSWER_AT},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     false},
    {"ansluter kl, overdue",
     {.asks = ATT, ACKED, .mandate = true, .answer = SB_ANSWER_AT, .overdue = true},
     SB_COLOUR_AMBER,
     SB_ESCALATION_STOPS,
     false,
     false},
    {"ja without mandate",
     {.asks = ATT, ACKED, .answer = SB_ANSWER_YES},
     SB_COLOUR_AMBER,
     SB_ESCALATION_GOES_ON,
     false,
     false},
    {"ansluter kl without mandate",
     {.asks = ATT, ACKED, .answer = SB_ANSWER_AT},
     SB_COLOUR_AMBER,
     SB_ESCALATION_GOES_ON,
     false,
     false},
    {"ersättare",
     {.asks = ATT, ACKED, .answer = SB_ANSWER_DEPUTY},
     SB_COLOUR_AMBER,
     SB_ESCALATION_DEPUTY,
     false,
     false},
    {"ersättare with mandate",
     {.asks = ATT, ACKED, .mandate = true, .answer = SB_ANSWER_DEPUTY},
     SB_COLOUR_AMBER,
     SB_ESCALATION_DEPUTY,
     false,
     false},
    {"nej with mandate",
     {.asks = ATT, ACKED, .mandate = true, .answer = SB_ANSWER_NO},
     SB_COLOUR_AMBER,
     SB_ESCALATION_DEPUTY,
     false,
     false},
    {"nej with mandate, another attends",
     {.asks = ATT, ACKED, .mandate = true, .answer = SB_ANSWER_NO, .another_attends = true},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     false},
    {"nej without mandate",
     {.asks = ATT, ACKED, .answer = SB_ANSWER_NO},
     SB_COLOUR_AMBER,
     SB_ESCALATION_AT_ONCE,
     false,
     false},
    {"nej without mandate, another attends",
     {.asks = ATT, ACKED, .answer = SB_ANSWER_NO, .another_attends = true},
     SB_COLOUR_AMBER,
     SB_ESCALATION_AT_ONCE,
     false,
     false},
    {"reached otherwise",
     {.asks = ATT, .otherwise = true},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     true},
    {"reached otherwise with mandate",
     {.asks = ATT, .otherwise = true, ACKED, .mandate = true, .answer = SB_ANSWER_YES},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     true},
    {"reached otherwise where the agent is dark",
     {.asks = ATT, .otherwise = true, .dark = true},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     true},
    {"refused by the agent",
     {.asks = ATT, .refused = true},
     SB_COLOUR_RED,
     SB_ESCALATION_STOPS,
     true,
     false},
    {"agent dark", {.asks = ATT, .dark = true}, SB_COLOUR_RED, SB_ESCALATION_GOES_ON, true, false},
    {"agent dark after ja with mandate",
     {.asks = ATT, ACKED, .mandate = true, .answer = SB_ANSWER_YES, .dark = true},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     false},
    {"recalled",
     {.asks = ATT, .recalled = true, .exhausted = true},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     false},
    {"late kvittens with mandate",
     {.asks = ACK, ACKED, .mandate = true, .deadline_passed = true, .exhausted = true},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     false},
    {"nothing asked",
     {.asks = SB_ASKS_NOTHING},
     SB_COLOUR_GREEN,
     SB_ESCALATION_STOPS,
     false,
     false},
};

static void the_table(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const struct sb_judgement judgement = sb_judge(&rows[i].facts);

        if (judgement.colour != rows[i].colour || judgement.escalation != rows[i].escalation
            || judgement.ring != rows[i].ring || judgement.star != rows[i].star) {
            fail_msg("%s: colour %d, escalation %d, ring %d, star %d", rows[i].row,
                     (int)judgement.colour, (int)judgement.escalation, judgement.ring,
                     judgement.star);
        }
    }
}

/* Every set of facts is judged, has words in both languages, and only red rings. */
static void every_set_of_facts(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 1u << 10; bits++) {
        for (unsigned answer = 0; answer <= SB_ANSWER_NO; answer++) {
            for (unsigned asks = SB_ASKS_NOTHING; asks <= SB_ASKS_ATTENDANCE; asks++) {
                const struct sb_seat_facts facts = {
                    .asks = (enum sb_asks)asks,
                    .answer = (enum sb_answer)answer,
                    .refused = bits & 1,
                    .dark = bits & 2,
                    .recalled = bits & 4,
                    .acknowledged = bits & 8,
                    .mandate = bits & 16,
                    .overdue = bits & 32,
                    .another_attends = bits & 64,
                    .otherwise = bits & 128,
                    .deadline_passed = bits & 256,
                    .exhausted = bits & 512,
                };
                const struct sb_judgement judgement = sb_judge(&facts);

                assert_non_null(judgement.sv);
                assert_non_null(judgement.en);
                assert_true(judgement.colour >= SB_COLOUR_RED
                            && judgement.colour <= SB_COLOUR_GREEN);
                assert_int_equal(judgement.ring, judgement.colour == SB_COLOUR_RED);
                assert_true(!judgement.star || facts.otherwise);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(every_set_of_facts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
