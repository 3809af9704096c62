/* agent.c: the agent's core as its shell sees it: made, stepped, flushed, asked for its deadline.
 * It only divides the work: session.c, arrive.c, ring.c and request.c do it. */
#include "agent.h"

#include "ring.h"
#include "timer.h"

#include <stdlib.h>

/* More timers than any turn can have due is a loop of ours, not a load. */
#define TIMERS_PER_TURN_MAX 1000000u

struct sb_agent *sb_agent_new(const struct sb_agent_config *config)
{
    struct sb_agent *agent = sb_alloc(1, sizeof *agent);

    SB_ASSERT(config->org_count >= 1 && config->org_count <= SB_ORGS_PER_AGENT_MAX);
    SB_ASSERT(config->roster != NULL);
    agent->config = *config;
    agent->judge_ms = SB_NEVER_MS;
    return agent;
}

void sb_agent_destroy(struct sb_agent *agent)
{
    if (agent == NULL) {
        return;
    }
    sb_link_destroy(agent->link);
    sb_signer_wipe(&agent->config.machine);
    for (unsigned realm = 0; realm < 4; realm++) {
        sb_signer_wipe(&agent->config.realm[realm]);
    }
    free(agent);
}

void sb_agent_set_roster(struct sb_agent *agent, const struct sb_roster *roster)
{
    SB_ASSERT(roster != NULL);
    agent->config.roster = roster;
}

static void on_left(struct sb_turn *turn, uint64_t from)
{
    struct sb_agent *agent = turn->agent;

    if (agent->channel_open && agent->channel == from) {
        agent->channel_open = false;
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "channel=gone why=\"nobody can be reached until samband-channel is back\"");
    }
}

void sb_agent_step(struct sb_agent *agent, struct sb_txn *txn, const struct sb_agent_input *input,
                   struct sb_now now, struct sb_entropy *entropy, struct sb_effects *effects)
{
    struct sb_turn turn = {agent, txn, now, entropy, effects};

    switch (input->kind) {
    case SB_AGENT_START: sb_session_start(&turn); return;
    case SB_AGENT_FRAME: sb_session_frame(&turn, input->bytes); return;
    case SB_AGENT_REBUILT: sb_session_rebuilt(&turn); return;
    case SB_AGENT_REQUEST:
        sb_agent_judge_all(&turn);
        sb_agent_requested(&turn, input->from, &input->user, input->bytes);
        return;
    case SB_AGENT_LEFT: on_left(&turn, input->from); return;
    case SB_AGENT_TICK: return; /* the flush looks at every clock */
    }
    sb_assert_failed("an input of a known kind", __FILE__, __LINE__);
}

static void fire(struct sb_turn *turn, enum sb_timer purpose, struct sb_bytes owner)
{
    switch (purpose) {
    case SB_TIMER_ALERT: sb_ring_due(turn, owner); return;
    case SB_TIMER_REPORT: sb_reach_report_send(turn, owner); return;
    case SB_TIMER_RETRY: sb_attempt_retry(turn, owner); return;
    case SB_TIMER_WAITING: break;
    }
    sb_assert_failed("what waits for the channel is never due", __FILE__, __LINE__);
}

/* Before `until_ms`; reports are due at 0. */
static void fire_due(struct sb_turn *turn, uint64_t until_ms)
{
    enum sb_timer purpose;
    struct sb_key owner;

    for (unsigned fired = 0; sb_timer_take(turn->txn, until_ms, &purpose, &owner); fired++) {
        SB_ASSERT(fired < TIMERS_PER_TURN_MAX);
        fire(turn, purpose, sb_key_bytes(&owner));
    }
}

/* Judging comes first: a recall that came in one go with its original has been taken by then, and
 * whoever is still held is really called. */
void sb_agent_flush(struct sb_agent *agent, struct sb_txn *txn, struct sb_now now,
                    struct sb_entropy *entropy, struct sb_effects *effects)
{
    struct sb_turn turn = {agent, txn, now, entropy, effects};

    if (agent->judge_ms <= now.mono_ms) {
        sb_agent_judge(&turn);
    }
    sb_session_caught_up(&turn);
    const bool may_wake = sb_session_may_wake(&turn);
    if (may_wake && agent->may_hold) {
        sb_ring_release_held(&turn);
        agent->may_hold = false;
    }
    if (may_wake && agent->channel_open && (agent->channel_opened || agent->may_wait)) {
        const bool again = agent->channel_opened;
        agent->channel_opened = agent->may_wait = false;
        sb_attempt_send_waiting(&turn, again);
    }
    fire_due(&turn, may_wake ? now.mono_ms : SB_TIMER_NOW_MS);
    if (agent->link != NULL) {
        const struct sb_link_turn link = sb_session_turn(&turn);
        sb_link_pump(&link);
    }
}

uint64_t sb_agent_deadline_ms(struct sb_agent *agent, struct sb_txn *txn)
{
    const uint64_t drain =
        agent->link == NULL ? SB_NEVER_MS : sb_link_drain_deadline_ms(agent->link);
    const uint64_t timer = sb_timer_first_ms(txn);
    const uint64_t session = sb_session_deadline_ms(agent);
    const uint64_t link = agent->judge_ms < session ? agent->judge_ms : session;

    /* What is due does not fire before all is judged and the link has drained. */
    const bool may_fire =
        agent->judge_ms == SB_NEVER_MS && drain == SB_NEVER_MS && !agent->restored;
    return may_fire && timer < link ? timer : link;
}
