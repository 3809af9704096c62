/* ring.c: the reach engine: who is tried now, what comes next and when. It knows people by the
 * roster's positions and pseudonyms only; what an answer means is the answer table's, how a person
 * is reached is attempt.c's. */
#include "ring.h"

#include "timer.h"

/* People who were not rung yet and can be: the first in order, a deputy first where one is asked
 * for, and how many there are. */
struct untried {
    unsigned count;
    unsigned first; /* position in who; only where count > 0 */
    bool is_deputy; /* of the first */
};

static struct sb_who who_of(struct sb_turn *turn, const struct sb_alert *alert)
{
    return sb_roster_who(turn->agent->config.roster, &alert->seat.org, &alert->seat.function,
                         &alert->seat.via, turn->now);
}

static bool can_be_tried(struct sb_turn *turn, const struct sb_alert *alert,
                         const struct sb_roster_person *person)
{
    return person->channel_count > 0 && !sb_alert_has_answered(turn->txn, alert, &person->id)
           && !sb_attempt_rang(turn->txn, alert, &person->id);
}

static struct untried untried_find(struct sb_turn *turn, const struct sb_alert *alert,
                                   const struct sb_who *who, bool deputy)
{
    const struct sb_roster *roster = turn->agent->config.roster;
    struct untried untried = {0};

    for (unsigned i = 0; i < who->count; i++) {
        const bool is_deputy = i >= who->first_deputy;

        if (!can_be_tried(turn, alert, &roster->person[who->person[i]])) {
            continue;
        }
        if (untried.count == 0 || (deputy && is_deputy && !untried.is_deputy)) {
            untried.first = i;
            untried.is_deputy = is_deputy;
        }
        untried.count++;
    }
    return untried;
}

static void exhaust(struct sb_turn *turn, struct sb_alert *alert)
{
    char seat[SB_SEAT_SIZE_MAX + 1];

    alert->left = 0;
    alert->due = SB_NEVER_MS;
    if (alert->state != SB_ALERT_EXHAUSTED) {
        sb_seat_key(&alert->seat, seat);
        sb_alert_move(alert, SB_ALERT_EXHAUSTED);
        alert->step = SB_STEP_EXHAUSTED;
        sb_effects_trace(turn->effects, "exhausted %s", seat);
        sb_effects_log(turn->effects, SB_LEVEL_WARNING, "alert=exhausted seat=%s tries=%llu", seat,
                       (unsigned long long)alert->tries);
        sb_reach_report_want(turn, alert);
    }
    sb_alert_save(turn, alert);
}

/* What the timer will do next, and when. */
static void plan(struct sb_turn *turn, struct sb_alert *alert, const struct sb_who *who)
{
    const struct untried next = untried_find(turn, alert, who, false);

    alert->left = next.count;
    alert->due = turn->now.mono_ms + who->step_ms;
    alert->step = next.count == 0  ? SB_STEP_EXHAUSTED
                  : next.is_deputy ? SB_STEP_DEPUTY
                                   : SB_STEP_PERSON;
}

static void attempt_person(struct sb_turn *turn, const struct sb_alert *alert,
                           const struct sb_roster_person *person)
{
    struct sb_attempt attempt = {
        .alert = alert->id,
        .told = alert->id,
        .seat = alert->seat,
        .kind = alert->kind,
        .person = person->id,
        .channel = person->channel[0].kind,
        .tries = 1,
    };

    sb_seat_key(&alert->seat, attempt.text);
    sb_attempt_start(turn, &attempt);
}

static void ring_person(struct sb_turn *turn, struct sb_alert *alert, const struct sb_who *who,
                        unsigned position)
{
    const struct sb_roster_person *person =
        &turn->agent->config.roster->person[who->person[position]];
    char seat[SB_SEAT_SIZE_MAX + 1];

    if (alert->state != SB_ALERT_RINGING) {
        sb_alert_move(alert, SB_ALERT_RINGING);
    }
    alert->turn = position;
    alert->person = person->id;
    alert->tries++;
    sb_seat_key(&alert->seat, seat);
    sb_effects_trace(turn->effects, "alert %s %s%s", person->id.text, seat,
                     alert->has_group ? " once (group)" : "");
    sb_effects_log(turn->effects, SB_LEVEL_NOTICE, "alert=ringing seat=%s person=%s try=%llu", seat,
                   person->id.text, (unsigned long long)alert->tries);
    attempt_person(turn, alert, person);
    plan(turn, alert, who);
    sb_reach_report_want(turn, alert);
    sb_alert_save(turn, alert);
}

void sb_ring_next(struct sb_turn *turn, struct sb_alert *alert, bool deputy)
{
    const struct sb_who who = who_of(turn, alert);
    const struct untried untried = untried_find(turn, alert, &who, deputy);

    if (untried.count == 0) {
        exhaust(turn, alert);
    } else {
        ring_person(turn, alert, &who, untried.first);
    }
}

void sb_ring_leave_open(struct sb_turn *turn, struct sb_alert *alert)
{
    char seat[SB_SEAT_SIZE_MAX + 1];

    if (alert->state == SB_ALERT_HELD) {
        sb_alert_move(alert, SB_ALERT_RINGING);
    }
    sb_alert_move(alert, SB_ALERT_EXHAUSTED);
    alert->left = 0;
    alert->due = SB_NEVER_MS;
    alert->step = SB_STEP_EXHAUSTED;
    sb_attempt_keep_back(turn, alert); /* an answer that came back before the report asked for it */
    sb_seat_key(&alert->seat, seat);
    sb_effects_trace(turn->effects, "open %s", seat);
    sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                   "alert=open seat=%s why=\"somebody was notified before the store was put back; "
                   "nobody is rung again\" remedy=\"samband inbox; answer, or ring yourself\"",
                   seat);
    sb_reach_report_want(turn, alert);
    sb_alert_save(turn, alert);
}

/* An answer may have come by the command line while the alert was held: it is followed now. */
static void ring_release(struct sb_turn *turn, struct sb_alert *alert)
{
    const struct sb_judgement judgement = sb_alert_judge(turn, alert);

    SB_ASSERT(alert->state == SB_ALERT_HELD);
    if (alert->notified_at != 0) {
        sb_ring_leave_open(turn, alert); /* before the store was put back */
        return;
    }
    sb_alert_move(alert, SB_ALERT_RINGING);
    sb_ring_next(turn, alert, judgement.escalation == SB_ESCALATION_DEPUTY);
}

/* Calls `act` for every HELD alert. Timers are the list of what is still to be done here, and a
 * held one is due within SB_DRAIN_MS: so no settled alert is read, and none that rings for minutes.
 */
static void held_each(struct sb_turn *turn, void (*act)(struct sb_turn *, struct sb_alert *))
{
    struct sb_key from = {0}, owner;
    struct sb_why why = {0};
    struct sb_alert alert;
    enum sb_timer purpose;
    uint64_t due_ms;

    while (sb_timer_next(turn->txn, &from, &due_ms, &purpose, &owner)
           && due_ms <= turn->now.mono_ms + SB_DRAIN_MS) {
        sb_key_add_byte(&from, 0);
        const uint64_t met = sb_txn_damages(turn->txn);
        if (purpose != SB_TIMER_ALERT) {
            continue;
        }
        if (!sb_alert_load(turn->txn, sb_key_bytes(&owner), &alert)) {
            (void)sb_txn_excuse(turn->txn, met, &why); /* told when its timer is due */
        } else if (alert.state == SB_ALERT_HELD) {
            act(turn, &alert);
        }
    }
}

void sb_ring_release_held(struct sb_turn *turn)
{
    held_each(turn, ring_release);
}

/* Only ever later: a row that was moved is met again and then stays. */
static void hold_again(struct sb_turn *turn, struct sb_alert *alert)
{
    const uint64_t due_ms = turn->now.mono_ms + SB_DRAIN_MS;

    turn->agent->may_hold = true;
    if (alert->due != due_ms) {
        alert->due = due_ms;
        sb_alert_save(turn, alert);
    }
}

void sb_ring_hold_again(struct sb_turn *turn)
{
    held_each(turn, hold_again);
}

/* Once, to the one whose acknowledgement stands. */
static void remind(struct sb_turn *turn, struct sb_alert *alert)
{
    const struct sb_roster *roster = turn->agent->config.roster;
    const int person = sb_roster_find(roster, &alert->reached_by);

    alert->reminded = true;
    alert->due = SB_NEVER_MS;
    alert->step = SB_STEP_STOPPED;
    if (person >= 0 && roster->person[person].channel_count > 0) {
        sb_effects_trace(turn->effects, "remind %s", alert->reached_by.text);
        attempt_person(turn, alert, &roster->person[person]);
    }
    sb_reach_report_want(turn, alert);
    sb_alert_save(turn, alert);
}

/* What another seat answered since may suffice for this one. */
static void step_on(struct sb_turn *turn, struct sb_alert *alert)
{
    if (sb_alert_judge(turn, alert).escalation == SB_ESCALATION_STOPS) {
        sb_ring_stop(turn, alert, false);
    } else {
        sb_ring_next(turn, alert, false);
    }
}

void sb_ring_due(struct sb_turn *turn, struct sb_bytes alert_key)
{
    struct sb_alert alert;

    if (!sb_alert_named(turn, alert_key, &alert)) {
        return;
    }
    switch (alert.state) {
    case SB_ALERT_HELD: ring_release(turn, &alert); return;
    case SB_ALERT_RINGING: step_on(turn, &alert); return;
    case SB_ALERT_ANSWERED: remind(turn, &alert); return;
    case SB_ALERT_EXHAUSTED:
    case SB_ALERT_RECALLED:
    case SB_ALERT_SUPERSEDED: break;
    }
    sb_assert_failed("a settled alert has no timer", __FILE__, __LINE__);
}

void sb_ring_resume(struct sb_turn *turn, struct sb_alert *alert)
{
    const struct sb_who who = who_of(turn, alert);

    sb_alert_move(alert, SB_ALERT_RINGING);
    plan(turn, alert, &who);
    sb_reach_report_want(turn, alert);
    sb_alert_save(turn, alert);
}

/* Half-way from now to the deadline, or, where that is past, to the start. */
static uint64_t halfway_ms(struct sb_turn *turn, const struct sb_alert *alert)
{
    const uint64_t now = turn->now.wall_ms;
    const uint64_t target = alert->answer_by > now ? alert->answer_by : alert->starts;

    return target > now ? turn->now.mono_ms + (target - now + 1) / 2 : SB_NEVER_MS;
}

void sb_ring_stop(struct sb_turn *turn, struct sb_alert *alert, bool remind_attendance)
{
    const enum sb_step before = alert->step;

    if (alert->state != SB_ALERT_ANSWERED) {
        sb_alert_move(alert, SB_ALERT_ANSWERED);
    }
    alert->due = remind_attendance && !alert->reminded ? halfway_ms(turn, alert) : SB_NEVER_MS;
    alert->step = alert->due == SB_NEVER_MS ? SB_STEP_STOPPED : SB_STEP_REMIND;
    if (alert->step != before && alert->step == SB_STEP_REMIND) {
        sb_reach_report_want(turn, alert);
    }
    sb_alert_save(turn, alert);
}

void sb_ring_silence(struct sb_turn *turn, struct sb_alert *alert, enum sb_alert_state to)
{
    if (sb_alert_may_move(alert->state, to)) {
        sb_alert_move(alert, to);
        alert->due = SB_NEVER_MS;
        alert->step = SB_STEP_STOPPED;
        sb_alert_save(turn, alert);
    }
}

void sb_ring_retarget(struct sb_turn *turn, struct sb_alert *alert)
{
    if (alert->state == SB_ALERT_ANSWERED && alert->step == SB_STEP_REMIND) {
        sb_ring_stop(turn, alert, true);
    } else {
        sb_alert_save(turn, alert);
    }
}

static bool alert_of(struct sb_turn *turn, const struct sb_attempt *attempt, struct sb_alert *alert)
{
    return sb_alert_find(turn->txn, &attempt->alert, &attempt->seat, alert);
}

void sb_ring_notified(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    struct sb_alert alert;

    if (alert_of(turn, attempt, &alert) && alert.notified_at == 0) {
        alert.notified_at = turn->now.wall_ms;
        sb_reach_report_want(turn, &alert);
        sb_alert_save(turn, &alert);
    }
}

void sb_ring_opened(struct sb_turn *turn, const struct sb_attempt *attempt, uint64_t at_ms)
{
    struct sb_alert alert;

    if (alert_of(turn, attempt, &alert) && alert.opened_at == 0) {
        alert.opened_at = at_ms;
        sb_reach_report_want(turn, &alert);
        sb_alert_save(turn, &alert);
    }
}

/* Where the next is already being tried, there is nothing more to do. */
void sb_ring_unreachable(struct sb_turn *turn, const struct sb_attempt *attempt)
{
    struct sb_alert alert;

    if (alert_of(turn, attempt, &alert) && alert.state == SB_ALERT_RINGING
        && sb_name_equal(&alert.person, &attempt->person)) {
        sb_ring_next(turn, &alert, false);
    }
}
