/* session.c: the link from the agent's side: opened at the start and when the socket was rebuilt,
 * fed with frames. What the link does with them, and when it greets again, is the link's own. */
#include "agent.h"
#include "ring.h"

struct sb_link_turn sb_session_turn(const struct sb_turn *turn)
{
    SB_ASSERT(turn->agent->link != NULL);
    return (struct sb_link_turn){turn->agent->link, turn->txn, turn->now, turn->entropy,
                                 turn->effects};
}

static void session_open(const struct sb_turn *turn)
{
    const struct sb_link_turn link = sb_session_turn(turn);

    sb_link_open(&link);
}

void sb_session_start(struct sb_turn *turn)
{
    const struct sb_agent_config *config = &turn->agent->config;
    const struct sb_link_config link = {
        .end = SB_LINK_AGENT,
        .agent = config->agent,
        .orgs = config->org,
        .org_count = config->org_count,
        .machine = &config->machine,
        .window = {config->window[0], config->window[1]},
    };

    sb_link_destroy(turn->agent->link); /* NULL, but for an input twice */
    turn->agent->link = sb_link_new(&link);
    turn->agent->judge_ms = turn->now.mono_ms; /* what the last stop left, at this turn's end */
    sb_ring_hold_again(turn);
    session_open(turn);
}

/* Counted each time, logged once an interval: true then. */
static bool bad_frame(struct sb_turn *turn, enum sb_err err, const struct sb_why *why)
{
    uint64_t untold;

    sb_txn_count(turn->txn, err == SB_ERR_TOO_LARGE ? "link/too-large" : "link/bad-frame");
    if (!sb_complaint_due(&turn->agent->centre, err, turn->now.mono_ms, &untold)) {
        return false;
    }
    sb_effects_log(turn->effects, SB_LEVEL_WARNING, "frame=refused error=%s untold=%llu why=%s",
                   sb_err_name(err), (unsigned long long)untold, sb_quoted(why->text).text);
    return true;
}

/* The centre's operator learns of it too, and no oftener than our own log. Not of a version: the
 * centre could read the answer as little as we its frame, and two ends would answer for ever. */
static void unreadable_frame(struct sb_turn *turn, enum sb_err err, const struct sb_why *why)
{
    const struct sb_link_turn link = sb_session_turn(turn);

    if (bad_frame(turn, err, why) && err != SB_ERR_VERSION) {
        sb_link_reject(&link, err, why);
    }
}

static void alarm_stale(struct sb_turn *turn)
{
    sb_effects_log(turn->effects, SB_LEVEL_ERROR,
                   "session=refused error=stale why=\"the centre has heard a newer copy of this "
                   "agent's store\" remedy=\"stop the other copy, or let an administrator run: "
                   "samband org replace %s\"",
                   turn->agent->config.agent.text);
}

void sb_session_frame(struct sb_turn *turn, struct sb_bytes bytes)
{
    const struct sb_link_turn link = sb_session_turn(turn);
    struct sb_arrivals arrivals = {0};
    struct sb_why why = {0};
    struct sb_frame frame;
    enum sb_err err = sb_frame_read(bytes, &frame, &why);

    if (err != SB_ERR_OK) {
        unreadable_frame(turn, err, &why);
        return;
    }
    err = sb_link_on_frame(&link, &frame, &arrivals, &why);
    if (err != SB_ERR_OK) {
        (void)bad_frame(turn, err, &why);
    } else if (frame.type == SB_FRAME_REFUSE && frame.err == SB_ERR_STALE) {
        alarm_stale(turn);
    }
    if (arrivals.count > 0) {
        sb_agent_arrived(turn);
    }
}

void sb_session_rebuilt(struct sb_turn *turn)
{
    session_open(turn);
}

/* The link may find it out itself, in a handshake. */
void sb_session_caught_up(struct sb_turn *turn)
{
    struct sb_agent *agent = turn->agent;

    agent->restored = sb_link_is_restored(turn->txn);
    if (agent->restored && agent->judge_ms == SB_NEVER_MS && agent->link != NULL
        && sb_link_caught_up(agent->link)) {
        agent->restored = false;
        sb_txn_del(turn->txn, SB_TABLE_META, sb_bytes_str(SB_LINK_RESTORED));
        sb_effects_log(turn->effects, SB_LEVEL_NOTICE,
                       "store=caught-up why=\"it was put back to an older state, and has what came "
                       "after it\"");
    }
}

void sb_agent_restored(struct sb_txn *txn, struct sb_now now)
{
    sb_txn_set_number(txn, SB_TABLE_META, SB_LINK_RESTORED, now.wall_ms);
}

bool sb_session_may_wake(const struct sb_turn *turn)
{
    const struct sb_agent *agent = turn->agent;

    return agent->judge_ms == SB_NEVER_MS && !agent->restored
           && (agent->link == NULL || sb_link_drained(agent->link, turn->now));
}

uint64_t sb_session_deadline_ms(const struct sb_agent *agent)
{
    if (agent->link == NULL) {
        return SB_NEVER_MS;
    }
    const uint64_t pump = sb_link_deadline_ms(agent->link);
    const uint64_t drain = sb_link_drain_deadline_ms(agent->link);
    return pump < drain ? pump : drain;
}
