/* awaited.h: who answers where a request does not say: the one person for whom the seats that are
 * meant wait now. Where they wait for nobody, or for several, the request is refused with the
 * choices: an answer must not count as a person's who did not give it. */
#ifndef SAMBAND_AGENT_AWAITED_H
#define SAMBAND_AGENT_AWAITED_H

#include "alert.h"

#define SB_CHOICES_SIZE 240 /* of a refusal's sentence */

struct sb_awaited {
    struct sb_name function;      /* in which the answer is given; "": the seat's own */
    struct sb_name person;        /* "": nobody yet */
    struct sb_name org;           /* of the first seat that was added */
    struct sb_name missing;       /* the function of the first seat that has nobody */
    bool several, stranger;       /* two are waited for; one who does not have the function */
    char waits[SB_CHOICES_SIZE];  /* "taby/tib: p7" of those who are waited for … */
    char people[SB_CHOICES_SIZE]; /* … and of all who could answer */
};

/* Who is being tried for the alert, or has acknowledged it and is to say whether they attend. NULL
 * where it waits for nobody. */
const struct sb_name *sb_alert_awaits(const struct sb_alert *alert);
/* One of the seats that are meant. */
void sb_awaited_add(struct sb_turn *turn, struct sb_awaited *awaited, const struct sb_alert *alert);
/* MISSING with the choices, or NOT_FOUND where the roster has nobody; OK: `person` is the one. */
enum sb_err sb_awaited_check(const struct sb_awaited *awaited, struct sb_why *why) SB_MUST_CHECK;

#endif
