/* answer.c: what an answer does to a called seat's colour and to the escalation at the agent, as
 * one table that the broker's board and the agent's engine both read. It decides nothing else:
 * neither who is next nor when. (reach/README.md holds the table as people read it.) */
#include "samband/err.h"
#include "samband/reach.h"

#include <stddef.h>

/* The facts that a row may ask for, one bit each. */
enum {
    FACT_RECALLED = 1u << 0,
    FACT_OTHERWISE = 1u << 1,
    FACT_ACKNOWLEDGED = 1u << 2,
    FACT_MANDATE = 1u << 3,
    FACT_OVERDUE = 1u << 4,
    FACT_ANOTHER = 1u << 5,
    FACT_REFUSED = 1u << 6,
    FACT_DARK = 1u << 7,
    FACT_EXHAUSTED = 1u << 8,
    FACT_DEADLINE = 1u << 9,
    FACT_YES = 1u << 10,
    FACT_AT = 1u << 11,
    FACT_DEPUTY = 1u << 12,
    FACT_NO = 1u << 13,
    FACT_ASKS_ATTENDANCE = 1u << 14,
    FACT_ASKS_NOTHING = 1u << 15
};

/* A row fits where all its facts hold. */
struct answer_row {
    unsigned facts;
    struct sb_judgement judgement;
};

/* X(facts, colour, escalation, number to ring, star, Swedish, English). The order carries
 * meaning: what a person said stands above what a machine failed to do, so that an agent that went
 * dark after the answer takes nothing back. */
#define ANSWER_TABLE(X)                                                                           \
    X(FACT_RECALLED, GREEN, STOPS, false, false, "återkallad", "recalled")                        \
    X(FACT_OTHERWISE | FACT_NO, GREEN, STOPS, false, true, "nådd på annat sätt, deltar ej",       \
      "reached otherwise, does not attend")                                                       \
    X(FACT_OTHERWISE | FACT_MANDATE, GREEN, STOPS, false, true, "nådd på annat sätt, med mandat", \
      "reached otherwise, with mandate")                                                          \
    X(FACT_OTHERWISE, GREEN, STOPS, false, true, "nådd på annat sätt", "reached otherwise")       \
    X(FACT_YES | FACT_MANDATE, GREEN, STOPS, false, false, "deltar", "attends")                   \
    X(FACT_YES, AMBER, GOES_ON, false, false, "deltar, utan mandat", "attends without mandate")   \
    X(FACT_AT | FACT_MANDATE | FACT_OVERDUE, AMBER, STOPS, false, false, "skulle ha anslutit",    \
      "should have joined")                                                                       \
    X(FACT_AT | FACT_MANDATE, GREEN, STOPS, false, false, "ansluter", "joins later")              \
    X(FACT_AT, AMBER, GOES_ON, false, false, "ansluter, utan mandat",                             \
      "joins later without mandate")                                                              \
    X(FACT_DEPUTY, AMBER, DEPUTY, false, false, "väntar ersättare", "waits for the deputy")       \
    X(FACT_NO | FACT_MANDATE | FACT_ANOTHER, GREEN, STOPS, false, false, "nådd, annan deltar",    \
      "reached, another attends")                                                                 \
    X(FACT_NO | FACT_MANDATE, AMBER, DEPUTY, false, false, "nådd, deltar ej",                     \
      "reached, does not attend")                                                                 \
    X(FACT_NO, AMBER, AT_ONCE, false, false, "deltar ej, utan mandat",                            \
      "does not attend, without mandate")                                                         \
    X(FACT_ACKNOWLEDGED | FACT_MANDATE | FACT_ASKS_ATTENDANCE, AMBER, REMINDS, false, false,      \
      "väntar deltagande", "waits for attendance")                                                \
    X(FACT_ACKNOWLEDGED | FACT_MANDATE, GREEN, STOPS, false, false, "kvitterad", "acknowledged")  \
    X(FACT_ACKNOWLEDGED, AMBER, GOES_ON, false, false, "kvitterad utan mandat",                   \
      "acknowledged without mandate")                                                             \
    X(FACT_REFUSED, RED, STOPS, true, false, "avvisad av agenten", "refused by the agent")        \
    X(FACT_DARK, RED, GOES_ON, true, false, "okänt, agenten hörs inte",                           \
      "unknown, the agent is silent")                                                             \
    X(FACT_ASKS_NOTHING, GREEN, STOPS, false, false, "inget svar begärs", "no answer asked")      \
    X(FACT_EXHAUSTED, RED, STOPS, true, false, "ingen kvar att nå", "nobody left to try")         \
    X(FACT_DEADLINE, AMBER, GOES_ON, false, false, "inget svar i tid", "no answer in time")       \
    X(0, AMBER, GOES_ON, false, false, "väntar svar", "waits for an answer")

static const struct answer_row answer_table[] = {
#define X(wanted, hue, next, number, mark, swedish, english) \
    {.facts = (wanted),                                      \
     .judgement = {.colour = SB_COLOUR_##hue,                \
                   .escalation = SB_ESCALATION_##next,       \
                   .ring = (number),                         \
                   .star = (mark),                           \
                   .sv = (swedish),                          \
                   .en = (english)}},
    ANSWER_TABLE(X)
#undef X
};

static unsigned fact_if(bool holds, unsigned fact)
{
    return holds ? fact : 0u;
}

static unsigned facts_gather(const struct sb_seat_facts *facts)
{
    return fact_if(facts->recalled, FACT_RECALLED) | fact_if(facts->otherwise, FACT_OTHERWISE)
           | fact_if(facts->acknowledged, FACT_ACKNOWLEDGED) | fact_if(facts->mandate, FACT_MANDATE)
           | fact_if(facts->overdue, FACT_OVERDUE) | fact_if(facts->another_attends, FACT_ANOTHER)
           | fact_if(facts->refused, FACT_REFUSED) | fact_if(facts->dark, FACT_DARK)
           | fact_if(facts->exhausted, FACT_EXHAUSTED)
           | fact_if(facts->deadline_passed, FACT_DEADLINE)
           | fact_if(facts->answer == SB_ANSWER_YES, FACT_YES)
           | fact_if(facts->answer == SB_ANSWER_AT, FACT_AT)
           | fact_if(facts->answer == SB_ANSWER_DEPUTY, FACT_DEPUTY)
           | fact_if(facts->answer == SB_ANSWER_NO, FACT_NO)
           | fact_if(facts->asks == SB_ASKS_ATTENDANCE, FACT_ASKS_ATTENDANCE)
           | fact_if(facts->asks == SB_ASKS_NOTHING, FACT_ASKS_NOTHING);
}

struct sb_judgement sb_judge(const struct sb_seat_facts *facts)
{
    const unsigned holds = facts_gather(facts);
    const size_t count = sizeof answer_table / sizeof answer_table[0];

    for (size_t i = 0; i < count; i++) {
        const struct answer_row *row = &answer_table[i];

        if ((row->facts & ~holds) == 0) {
            return row->judgement;
        }
    }
    sb_assert_failed("the last row of the answer table fits everything", __FILE__, __LINE__);
}
