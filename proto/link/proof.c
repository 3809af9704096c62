/* proof.c: the signed statement over all that an agent holds, and what the broker makes of it. A
 * receipt counts at once on the transport's word (stored); a proof can be shown to others
 * (proven). */
#include "state.h"

static_assert(SB_PROOF_LATEST_MS >= SB_PROOF_AFTER_MS,
              "a steady flow is proven later than an idle end");

uint64_t sb_link_proof_at_ms(const struct sb_link *link)
{
    if (link->state != SB_LINK_UP || link->config.end != SB_LINK_AGENT
        || link->unproven_ms == SB_NEVER_MS) {
        return SB_NEVER_MS;
    }
    uint64_t idle = link->receipt_ms + SB_PROOF_AFTER_MS;
    uint64_t latest = link->unproven_ms + SB_PROOF_LATEST_MS;
    return idle < latest ? idle : latest;
}

void sb_link_prove(const struct sb_link_turn *turn)
{
    struct sb_link *link = turn->link;
    struct sb_buf holding;
    struct sb_buf statement;
    uint8_t signature[SB_SIGNATURE_SIZE];
    link->unproven_ms = SB_NEVER_MS;
    sb_buf_init(&holding, SB_FRAME_SIZE_MAX);
    sb_buf_init(&statement, SB_FRAME_SIZE_MAX);
    sb_link_positions(turn, SB_LINK_PROVING, &holding);
    if (sb_views_read(sb_buf_bytes(&holding)).left > 0) {
        sb_proof_statement_write(link->session, turn->now.wall_ms, sb_buf_bytes(&holding),
                                 &statement);
        sb_sign(link->config.machine, "proof", sb_buf_bytes(&statement), signature);
        struct sb_frame proof = {
            .type = SB_FRAME_PROOF,
            .statement = sb_buf_bytes(&statement),
            .signature = sb_bytes(signature, sizeof signature),
        };
        sb_link_send(turn, &proof);
    }
    sb_buf_finish(&statement);
    sb_buf_finish(&holding);
}

/* The newest statement of each agent is kept as it came: META "proof/AGENT" → statement ‖
 * signature. */
static void keep(const struct sb_link_turn *turn, const struct sb_frame *frame)
{
    struct sb_key key;
    struct sb_buf kept;
    sb_key_init(&key);
    sb_key_add(&key, sb_bytes_str("proof/"));
    sb_key_add(&key, sb_name_bytes(&turn->link->config.agent));
    sb_buf_init(&kept, SB_FRAME_SIZE_MAX);
    sb_buf_add(&kept, frame->statement);
    sb_buf_add(&kept, frame->signature);
    sb_txn_put(turn->txn, SB_TABLE_META, sb_key_bytes(&key), sb_buf_bytes(&kept));
    sb_buf_finish(&kept);
}

/* A position proves what is receipted only where it is exactly that: receipts go before their
 * proof, so the newest proof fits unless something is still under way. */
static bool proves(const struct sb_link_turn *turn, const struct sb_position *position)
{
    struct sb_link_stream *stream = sb_link_stream_find(turn->link, &position->org, position->lane);
    struct sb_tx_row row;
    if (stream == NULL || position->seq == 0 || position->incarnation != stream->incarnation
        || position->seq != stream->acked.seq
        || !sb_hash_equal(&position->head, &stream->acked.head)
        || !sb_tx_row_get(turn->txn, &stream->name, &row)) {
        return false;
    }
    if (row.held.proven_index < row.held.log_index) {
        sb_tx_row_prove(&row, turn->now.wall_ms);
        sb_tx_row_put(turn->txn, &stream->name, &row);
    }
    return true;
}

enum sb_err sb_link_on_proof(const struct sb_link_turn *turn, const struct sb_frame *frame,
                             struct sb_why *why)
{
    const struct sb_link_config *config = &turn->link->config;
    if (config->end != SB_LINK_BROKER
        || !sb_signature_holds(config->machine_key, "proof", frame->statement, frame->signature)) {
        sb_txn_count(turn->txn, "link/proof");
        return sb_why_set(why, SB_ERR_SIGNATURE,
                          "agent %s: a proof that its machine key did not sign",
                          config->agent.text);
    }
    bool useful = false;
    struct sb_views views = sb_views_read(frame->holding);
    struct sb_position position;
    while (sb_position_next(&views, &position)) {
        useful = proves(turn, &position) || useful;
    }
    if (useful) {
        keep(turn, frame);
    }
    return SB_ERR_OK;
}
