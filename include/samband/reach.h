/* reach.h: the rules of reach that both ends must judge alike: the answer table (what an answer
 * does to colour and escalation) and the mandate rule. Pure functions of values. (PROTOCOL.md,
 * Reach) */
#ifndef SAMBAND_REACH_H
#define SAMBAND_REACH_H

#include "samband/kinds.h"
#include "samband/words.h"

#include <stdbool.h>
#include <stdint.h>

/* What is known of one called seat. */
struct sb_seat_facts {
    enum sb_asks asks; /* of the event's kind */
    bool refused;      /* the agent's verdict */
    bool dark;         /* all agents of the organisation */
    bool recalled;
    bool acknowledged;     /* by a person, in any function */
    bool mandate;          /* that person's mandate for the level is valid, or none is needed */
    enum sb_answer answer; /* NOTHING until given */
    bool overdue;          /* AT whose time has passed without YES */
    bool another_attends;  /* at the organisation */
    bool otherwise;        /* reached by Rakel or phone, entered by TiB: "*" */
    bool deadline_passed;  /* answer-by */
    bool exhausted;        /* nobody is left to try */
};

/* What the engine at the agent does. */
enum sb_escalation {
    SB_ESCALATION_GOES_ON, /* the timer runs */
    SB_ESCALATION_AT_ONCE, /* next person or deputy now */
    SB_ESCALATION_DEPUTY,  /* the deputy now */
    SB_ESCALATION_REMINDS, /* stopped; attendance is reminded once half-way */
    SB_ESCALATION_STOPS
};

struct sb_judgement {
    enum sb_colour colour;
    enum sb_escalation escalation;
    bool ring;      /* show the number to ring */
    bool star;      /* reached otherwise */
    const char *sv; /* the words beside the colour; never NULL */
    const char *en;
};

/* One row of the answer table (a table in reach/answer.c, first row that fits). */
struct sb_judgement sb_judge(const struct sb_seat_facts *facts);

/* A declared mandate. */
struct sb_mandate {
    uint64_t valid_from, valid_to; /* wall clock */
    bool declared, withdrawn;
};
/* needed: false for a supporting seat or an event without a level. */
enum sb_mandate_state sb_mandate_judge(bool needed, const struct sb_mandate *mandate,
                                       uint64_t at_ms);

#endif
