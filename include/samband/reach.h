/* reach.h: the rules of reach that both ends must judge alike: the answer table (what an answer
 * does to colour and escalation), which of several answers stands, and the mandate rule. Pure
 * functions of values. (reach/README.md) */
#ifndef SAMBAND_REACH_H
#define SAMBAND_REACH_H

#include "samband/kinds.h"
#include "samband/record.h"
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

/* What was said for one called seat: by somebody there, through the agent, or by TiB, who reached
 * somebody over Rakel or phone. */
struct sb_said {
    uint64_t given_at;     /* wall clock; 0: nothing was said */
    enum sb_answer answer; /* NOTHING: an acknowledgement, or reached and no more */
    uint64_t at;           /* of ansluter; 0 where not stated */
    enum sb_mandate_state mandate;
    bool late;             /* after answer-by */
    struct sb_name person; /* "" where TiB entered it */
    struct sb_name via;    /* "rakel", "phone": TiB entered it; "": it came through the agent */
};
bool sb_mandate_counts(enum sb_mandate_state state); /* valid, or none needed */
/* True for ja and ansluter, with mandate. */
bool sb_said_attends(const struct sb_said *said);
/* True where `given` stands once both are known, whichever came first; of two at the same time the
 * one that comes now, but where one is TiB's, that one. */
bool sb_said_stands(const struct sb_said *said, const struct sb_said *given);
/* Takes what was given into a seat's two places: what stands, and the newest from the other of the
 * two sources (the agent, TiB), which would stand if that were not there. True where what stands
 * is another now. What the agent's people say and what TiB enters may meet in another order at
 * either end, and what TiB entered may come in any: the result is the same. */
bool sb_said_take(struct sb_said *stands, struct sb_said *aside, const struct sb_said *given);
/* As fields of a row: ANSWERED_AT ANSWER AT MANDATE_STATE LATE PERSON VIA, those that are known.
 * The row borrows the names. */
void sb_said_write(const struct sb_said *said, struct sb_record *row);
void sb_said_read(const struct sb_record *row, struct sb_said *ret_said);
/* The row's field ASIDE, left out where nothing was said: it lends `buf`, which the caller finishes
 * after the row is written. */
void sb_aside_write(const struct sb_said *aside, struct sb_record *row, struct sb_buf *buf);
void sb_aside_read(const struct sb_record *row, struct sb_said *ret_aside);

/* A declared mandate. */
struct sb_mandate {
    uint64_t valid_from, valid_to; /* wall clock */
    bool declared, withdrawn;
};
/* needed: false for a supporting seat or an event without a level. at_ms: when the answer was
 * given, by the organisation's clock, as valid_from and valid_to are; both included, and no
 * tolerance: people choose them. */
enum sb_mandate_state sb_mandate_judge(bool needed, const struct sb_mandate *mandate,
                                       uint64_t at_ms);

#endif
