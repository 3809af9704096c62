/* tell.c: those who were told of an alert are told that it is recalled, corrected or ended. Never
 * escalated, and silent where nobody was notified. */
#include "attempt.h"
#include "concern.h"

/* An attempt of unknown outcome may have reached its person: better told twice than left to act on
 * what is recalled. */
static bool may_have_reached(const struct sb_attempt *attempt)
{
    return attempt->result == SB_RESULT_ACCEPTED
           || (attempt->result == SB_RESULT_UNKNOWN && attempt->sent);
}

/* By whichever organisation here: one who answers for two is told once. */
static bool was_told(struct sb_txn *txn, const struct sb_hash *told, const struct sb_name *person)
{
    const struct sb_attempt_of of = {.told = told, .person = person};
    struct sb_attempt_walk walk = {0};
    struct sb_attempt attempt;

    return sb_attempt_next(txn, &of, &walk, &attempt);
}

void sb_tell(struct sb_turn *turn, const struct sb_alert *alert, const struct sb_told *told)
{
    const struct sb_attempt_of of = {.told = &alert->id, .org = &alert->seat.org};
    struct sb_attempt_walk walk = {0};
    struct sb_attempt attempt;

    while (sb_attempt_next(turn->txn, &of, &walk, &attempt)) {
        if (!sb_name_equal(&attempt.seat.function, &alert->seat.function)
            || !may_have_reached(&attempt) || was_told(turn->txn, &told->id, &attempt.person)) {
            continue;
        }
        attempt.told = told->id;
        attempt.kind = told->kind;
        attempt.tries = 1;
        sb_effects_trace(turn->effects, "tell %s %s", attempt.person.text, told->word);
        sb_attempt_start(turn, &attempt);
    }
}
