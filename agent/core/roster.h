/* roster.h: an organisation's own people, as plain values: who has which function in which order,
 * deputies, channels, who holds which mandate. Read from YAML by agent/roster_file.c; this file
 * knows no file. Pure. */
#ifndef SAMBAND_AGENT_ROSTER_H
#define SAMBAND_AGENT_ROSTER_H

#include "samband/bytes.h"
#include "samband/clock.h"
#include "samband/words.h"

struct sb_roster_channel {
    struct sb_name kind; /* "sms", "mail", "phone", … what the site's program is told */
    char contact[200];   /* never leaves the organisation */
};

struct sb_roster_person {
    struct sb_name id; /* pseudonym: all that the centre ever sees */
    char name[120];
    struct sb_roster_channel channel[SB_CHANNELS_PER_PERSON_MAX];
    unsigned channel_count;
    struct {
        struct sb_name function;
        enum sb_forum_level level;
    } mandate[SB_MANDATES_PER_PERSON_MAX]; /* function "": holds it in whichever function is called
                                            */
    unsigned mandate_count;
};

struct sb_roster_function {
    struct sb_name org; /* "" : every organisation that the agent serves */
    struct sb_name function;
    uint64_t step_ms;                     /* one person's time */
    unsigned people[SB_PER_FUNCTION_MAX]; /* positions in person[], in order */
    unsigned people_count;
    unsigned deputies[SB_PER_FUNCTION_MAX]; /* tried after the people */
    unsigned deputy_count;
};

struct sb_roster {
    struct sb_roster_person person[SB_PEOPLE_MAX];
    unsigned person_count;
    struct sb_roster_function function[SB_FUNCTIONS_MAX];
    unsigned function_count;
};

struct sb_who {
    unsigned person[2 * SB_PER_FUNCTION_MAX]; /* positions in roster->person, in the order to try */
    unsigned count;
    unsigned first_deputy; /* position in person[] of this struct from which they are deputies */
    uint64_t step_ms;
};

/* Who is to be tried for a function of an organisation at a time. Where the function has no people
 * of its own, `via`'s are tried, who reach it; where it has, they are the last to be tried. Nobody
 * twice. count 0: nobody has the function. */
struct sb_who sb_roster_who(const struct sb_roster *roster, const struct sb_name *org,
                            const struct sb_name *function, const struct sb_name *via,
                            struct sb_now now);
bool sb_roster_holds_mandate(const struct sb_roster *roster, unsigned person,
                             const struct sb_name *function, enum sb_forum_level level);
/* Position of a person by pseudonym, or -1. */
int sb_roster_find(const struct sb_roster *roster, const struct sb_name *id);

#endif
