/* peers.c: sessions and darkness, in memory only. Decides nothing about events. */
#include "peers.h"

#include "rows.h"
#include "share.h"

#include <stdlib.h>
#include <string.h>

/* Position of the agent, or where it would be put. */
static size_t peer_position(const struct sb_broker *broker, const struct sb_name *agent)
{
    size_t low = 0;
    size_t high = broker->peer_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(broker->peer[middle]->agent.text, agent->text) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct sb_peer *sb_peer_find(const struct sb_broker *broker, const struct sb_name *agent)
{
    size_t at = peer_position(broker, agent);
    if (at < broker->peer_count && sb_name_equal(&broker->peer[at]->agent, agent)) {
        return broker->peer[at];
    }
    return NULL;
}

struct sb_peer *sb_peer_get(struct sb_broker *broker, const struct sb_name *agent,
                            struct sb_now now)
{
    size_t at = peer_position(broker, agent);
    if (at < broker->peer_count && sb_name_equal(&broker->peer[at]->agent, agent)) {
        return broker->peer[at];
    }
    broker->peer =
        sb_alloc_more(broker->peer, broker->peer_count, &broker->peer_room, sizeof broker->peer[0]);
    struct sb_peer *peer = sb_alloc(1, sizeof *peer);
    peer->agent = *agent;
    peer->heard_mono_ms = now.mono_ms;
    peer->heard_wall_ms = now.wall_ms;
    memmove(&broker->peer[at + 1], &broker->peer[at],
            (broker->peer_count - at) * sizeof broker->peer[0]);
    broker->peer[at] = peer;
    broker->peer_count++;
    return peer;
}

void sb_peers_start(struct sb_broker_turn *turn)
{
    if (turn->broker->started) {
        return;
    }
    turn->broker->started = true;
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_AGENT, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    while (sb_broker_walk_next(&walk, turn->txn, &key, &value)) {
        struct sb_name agent;
        struct sb_record row;
        sb_broker_row_read(value, &row);
        if (sb_name_read(key, &agent) && sb_record_number(&row, SB_FIELD_REVOKED) == 0) {
            (void)sb_peer_get(turn->broker, &agent, turn->now);
        }
    }
}

void sb_peers_destroy(struct sb_broker *broker)
{
    for (size_t i = 0; i < broker->peer_count; i++) {
        sb_peer_close(broker->peer[i]);
        free(broker->peer[i]);
    }
    free(broker->peer);
}

void sb_peer_heard(struct sb_broker_turn *turn, struct sb_peer *peer)
{
    if (peer->dark) {
        peer->dark = false;
        uint64_t dark_ms = turn->now.mono_ms - peer->heard_mono_ms;
        sb_effects_log(turn->effects, SB_LEVEL_NOTICE, "agent-back agent=%s dark_ms=%llu",
                       peer->agent.text, (unsigned long long)dark_ms);
    }
    peer->heard = true;
    peer->heard_mono_ms = turn->now.mono_ms;
    peer->heard_wall_ms = turn->now.wall_ms;
}

void sb_peer_close(struct sb_peer *peer)
{
    if (peer->session != NULL) {
        sb_link_destroy(peer->session->link);
        free(peer->session);
        peer->session = NULL;
    }
}

void sb_peers_gone(struct sb_broker *broker, uint64_t from)
{
    for (size_t i = 0; i < broker->peer_count; i++) {
        struct sb_peer *peer = broker->peer[i];
        if (peer->session != NULL && peer->session->from == from) {
            sb_peer_close(peer);
            return;
        }
    }
}

static uint64_t peer_dark_at_ms(const struct sb_broker *broker, const struct sb_peer *peer)
{
    return peer->heard_mono_ms + broker->config.dark_after_ms;
}

void sb_peers_watch(struct sb_broker_turn *turn)
{
    for (size_t i = 0; i < turn->broker->peer_count; i++) {
        struct sb_peer *peer = turn->broker->peer[i];
        if (!peer->dark && turn->now.mono_ms >= peer_dark_at_ms(turn->broker, peer)) {
            peer->dark = true;
            sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                           "agent-dark agent=%s since_wall_ms=%llu", peer->agent.text,
                           (unsigned long long)peer->heard_wall_ms);
        }
    }
}

uint64_t sb_peers_deadline_ms(const struct sb_broker *broker)
{
    uint64_t soonest = sb_share_tell_at_ms(&broker->strangers_share);
    for (size_t i = 0; i < broker->peer_count; i++) {
        const struct sb_peer *peer = broker->peer[i];
        uint64_t at = peer->dark ? SB_NEVER_MS : peer_dark_at_ms(broker, peer);
        soonest = at < soonest ? at : soonest;
        at = sb_share_tell_at_ms(&peer->share);
        soonest = at < soonest ? at : soonest;
        if (peer->session != NULL) {
            at = sb_link_deadline_ms(peer->session->link);
            soonest = at < soonest ? at : soonest;
        }
    }
    return soonest;
}
