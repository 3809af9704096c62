/* core.c: the broker's life and its turn. What each input does stands in on_*.c and cmd_*.c. */
#include "peers.h"
#include "share.h"

#include <stdlib.h>
#include <string.h>

struct sb_broker *sb_broker_new(const struct sb_broker_config *config)
{
    struct sb_broker *broker = sb_alloc(1, sizeof *broker);
    broker->config = *config;
    broker->shared = sb_link_shared_new();
    return broker;
}

void sb_broker_destroy(struct sb_broker *broker)
{
    if (broker == NULL) {
        return;
    }
    sb_peers_destroy(broker);
    sb_link_shared_destroy(broker->shared);
    for (size_t i = 0; i < sizeof broker->config.realm / sizeof broker->config.realm[0]; i++) {
        sb_signer_wipe(&broker->config.realm[i]);
    }
    sb_signer_wipe(&broker->config.enrolment);
    free(broker);
}

bool sb_broker_user_read(const struct sb_name *user, const char *sort, struct sb_name *ret_name)
{
    size_t size = strlen(sort);
    struct sb_bytes whole = sb_name_bytes(user);
    if (!sb_bytes_starts_with(whole, sb_bytes_str(sort))) {
        return false;
    }
    return sb_name_read(sb_bytes(whole.at + size, whole.size - size), ret_name);
}

static struct sb_broker_turn turn_of(struct sb_broker *broker, struct sb_txn *txn,
                                     struct sb_now now, struct sb_entropy *entropy,
                                     struct sb_effects *effects)
{
    return (struct sb_broker_turn){.broker = broker,
                                   .config = &broker->config,
                                   .txn = txn,
                                   .now = now,
                                   .entropy = entropy,
                                   .effects = effects};
}

struct sb_link_turn sb_broker_link_turn(const struct sb_broker_turn *turn,
                                        const struct sb_session *session)
{
    return (struct sb_link_turn){session->link, turn->txn, turn->now, turn->entropy, turn->effects};
}

void sb_broker_step(struct sb_broker *broker, struct sb_txn *txn,
                    const struct sb_broker_input *input, struct sb_now now,
                    struct sb_entropy *entropy, struct sb_effects *effects)
{
    struct sb_broker_turn turn = turn_of(broker, txn, now, entropy, effects);
    sb_peers_start(&turn);
    switch (input->kind) {
    case SB_BROKER_FRAME: sb_broker_on_frame(&turn, input); break;
    case SB_BROKER_GONE: sb_peers_gone(broker, input->from); break;
    case SB_BROKER_REQUEST: sb_broker_on_request(&turn, input); break;
    case SB_BROKER_TICK: break; /* what is due by time, flush does */
    }
}

void sb_broker_flush(struct sb_broker *broker, struct sb_txn *txn, struct sb_now now,
                     struct sb_entropy *entropy, struct sb_effects *effects)
{
    struct sb_broker_turn turn = turn_of(broker, txn, now, entropy, effects);
    sb_peers_start(&turn);
    sb_broker_on_waiting(&turn);
    sb_link_shared_begin(broker->shared, txn);
    for (size_t i = 0; i < broker->peer_count; i++) {
        struct sb_peer *peer = broker->peer[i];
        if (peer->session == NULL) {
            continue;
        }
        const struct sb_link_turn link = sb_broker_link_turn(&turn, peer->session);
        sb_link_pump(&link);
        if (sb_link_state(peer->session->link) == SB_LINK_DOWN) {
            sb_effects_log(effects, SB_LEVEL_NOTICE, "agent-down agent=%s", peer->agent.text);
            sb_peer_close(peer);
        }
    }
    sb_peers_watch(&turn);
    sb_share_tell(&turn);
}

bool sb_broker_turn_is_full(const struct sb_broker *broker)
{
    return broker->turn_is_full;
}

bool sb_broker_hears(struct sb_broker *broker, const struct sb_broker_input *input,
                     struct sb_now now)
{
    struct sb_name agent;
    struct sb_peer *peer =
        sb_broker_user_read(&input->user, "a:", &agent) ? sb_peer_find(broker, &agent) : NULL;
    if (input->kind != SB_BROKER_FRAME || peer == NULL || peer->session == NULL
        || peer->session->from != input->from || peer->share.dropped == 0) {
        return true; /* the first one too much is told its agent */
    }
    sb_budget_pass(&peer->share.budget, now.mono_ms);
    if (sb_budget_has_work(&peer->share.budget)) {
        return true;
    }
    peer->share.dropped++;
    return false;
}

bool sb_broker_knock(struct sb_broker *broker, const struct sb_name *user, struct sb_now now)
{
    struct sb_name agent;
    struct sb_peer *peer =
        sb_broker_user_read(user, "a:", &agent) ? sb_peer_find(broker, &agent) : NULL;
    if (peer == NULL) {
        return true;
    }
    sb_budget_pass(&peer->share.budget, now.mono_ms);
    if (!sb_budget_has_work(&peer->share.budget)) {
        peer->share.dropped++;
        return false;
    }
    sb_budget_work(&peer->share.budget, SB_WORK_HANDSHAKE);
    return true;
}

uint64_t sb_broker_deadline_ms(const struct sb_broker *broker)
{
    uint64_t peers = sb_peers_deadline_ms(broker);
    uint64_t waiting = broker->waiting_ms; /* known from the first turn on */
    return waiting != 0 && waiting < peers ? waiting : peers;
}
