/* plan.h: what a duty officer of the demo does: most by chance from a seed, some as the plan file
 * says. The same seed gives the same night. */
#ifndef SAMBAND_DEMO_PLAN_H
#define SAMBAND_DEMO_PLAN_H

#include <stdint.h>

enum sb_plan_kind {
    SB_PLAN_YES,
    SB_PLAN_LATER,  /* yes, but only after the next person's turn has come */
    SB_PLAN_AT,     /* joins ten minutes after the start */
    SB_PLAN_NO,     /* cannot: the deputy is to be asked */
    SB_PLAN_SILENT, /* the message arrives, nobody answers */
    SB_PLAN_SLOW,   /* the channel takes seconds to accept; then yes */
    SB_PLAN_BROKEN  /* the channel itself fails */
};

struct sb_plan {
    enum sb_plan_kind kind;
    unsigned accepted_ms, opened_ms, answered_ms; /* each after the one before */
};

/* Lines "PERSON WORD", WORD one of yes, later, at, no, silent, slow, broken; '#' begins a comment.
 * Who is not in the file answers by chance. Returns NULL, or the sentence that says what is wrong.
 */
const char *sb_plan_read(const char *path, const char *person, const char *about, uint64_t seed,
                         struct sb_plan *ret_plan);

#endif
