/* share.c: see share.h. Nothing is written for a dropped frame by itself: who floods decides how
 * many there are, and a sync each would be what it wants. */
#include "share.h"

#include "misdeeds.h"
#include "peers.h"

static struct sb_share *share_of(struct sb_broker_turn *turn, struct sb_peer *peer)
{
    struct sb_share *share = peer == NULL ? &turn->broker->strangers_share : &peer->share;
    sb_budget_pass(&share->budget, turn->now.mono_ms);
    return share;
}

/* The agent goes on after it: FULL ends no session. */
static void full_tell(struct sb_broker_turn *turn, struct sb_peer *peer)
{
    struct sb_why why = {0};
    uint64_t untold;
    if (peer->session == NULL
        || !sb_complaint_due(&peer->complaints, SB_ERR_FULL, turn->now.mono_ms, &untold)) {
        return;
    }
    enum sb_err err = sb_why_say(
        &why, SB_ERR_FULL,
        "agenten %s sänder mer än centralen tar emot av en agent; det som är för mycket läses inte "
        "förrän det har lugnat sig; be Länsstyrelsen om hjälp om det inte går över",
        "the agent %s sends more than the broker takes from one agent; what is too much is not "
        "read until it has calmed down; ask Länsstyrelsen for help if it does not pass",
        peer->agent.text);
    sb_link_refuse(turn->effects, peer->session->from, 0, err, &why);
    sb_effects_log(turn->effects, SB_LEVEL_WARNING, "agent-over agent=%s untold=%llu why=%s",
                   peer->agent.text, (unsigned long long)untold, sb_quoted(why.text).text);
}

bool sb_share_admits(struct sb_broker_turn *turn, struct sb_peer *peer)
{
    struct sb_share *share = share_of(turn, peer);
    if (sb_budget_has_work(&share->budget)) {
        return true;
    }
    share->dropped++;
    if (peer != NULL) {
        full_tell(turn, peer);
    }
    return false;
}

bool sb_share_keeps(struct sb_broker_turn *turn, struct sb_peer *peer)
{
    struct sb_share *share = share_of(turn, peer);
    if (sb_budget_has_room(&share->budget)) {
        return true;
    }
    share->not_kept++;
    full_tell(turn, peer);
    return false;
}

void sb_share_spend(struct sb_broker_turn *turn, struct sb_peer *peer, unsigned work)
{
    struct sb_budget *budget = &share_of(turn, peer)->budget;
    sb_budget_work(budget, work);
    if (budget->turn_work >= SB_WORK_PER_TURN_MAX) {
        turn->broker->turn_is_full = true;
    }
}

static void share_tell(struct sb_broker_turn *turn, struct sb_share *share,
                       const struct sb_name *agent)
{
    struct sb_why why = {0};
    share->budget.turn_work = 0;
    if (turn->now.mono_ms < sb_share_tell_at_ms(share)) {
        return;
    }
    sb_txn_count_more(turn->txn, "broker/over/work", share->dropped);
    sb_txn_count_more(turn->txn, "broker/over/store", share->not_kept);
    if (agent != NULL && share->dropped != 0) {
        (void)sb_why_say(&why, SB_ERR_FULL, "det som var över dess andel av arbetet lästes inte",
                         "what was over its share of the work was not read");
        sb_misdeed_note(turn, agent, SB_MISDEED_FLOOD, share->dropped, &why);
    }
    if (agent != NULL && share->not_kept != 0) {
        (void)sb_why_say(&why, SB_ERR_FULL, "det som var över dess andel av lagret togs inte emot",
                         "what was over its share of the store was not taken");
        sb_misdeed_note(turn, agent, SB_MISDEED_HOARD, share->not_kept, &why);
    }
    share->dropped = share->not_kept = 0;
    share->told_ms = turn->now.mono_ms;
}

void sb_share_tell(struct sb_broker_turn *turn)
{
    struct sb_broker *broker = turn->broker;
    broker->turn_is_full = false;
    share_tell(turn, &broker->strangers_share, NULL);
    for (size_t i = 0; i < broker->peer_count; i++) {
        share_tell(turn, &broker->peer[i]->share, &broker->peer[i]->agent);
    }
}

uint64_t sb_share_tell_at_ms(const struct sb_share *share)
{
    if (share->dropped == 0 && share->not_kept == 0) {
        return SB_NEVER_MS;
    }
    return share->told_ms == 0 ? 0 : share->told_ms + SB_MISDEED_TOLD_MS;
}
