/* shared.c: what the links of one turn share: the log row that was read last, for one event goes to
 * many and is read, checked and packed once. It knows rows of the log, no stream; what of them goes
 * where is send.c's. */
#include "state.h"

#include <stdlib.h>
#include <string.h>

void sb_link_shared_destroy(struct sb_link_shared *shared)
{
    if (shared == NULL) {
        return;
    }
    sb_buf_finish(&shared->bytes);
    sb_buf_finish(&shared->packed);
    sb_log_seats_finish(&shared->seats);
    free(shared);
}

struct sb_link_shared *sb_link_shared_new(void)
{
    struct sb_link_shared *shared = sb_alloc(1, sizeof *shared);
    sb_buf_init(&shared->bytes, SB_ROW_SIZE_MAX);
    sb_buf_init(&shared->packed, SB_ENTRY_SIZE_MAX);
    return shared;
}

void sb_link_shared_begin(struct sb_link_shared *shared, struct sb_txn *txn)
{
    const uint64_t end = sb_log_next_index(txn);
    for (unsigned lane = 0; lane < SB_LANE_COUNT && end != shared->log_end; lane++) {
        shared->none_from[lane] = end;
    }
    shared->log_end = end;
    shared->from = 0;
    shared->index = 0;
}

void sb_link_shared_forget(struct sb_link_shared *shared)
{
    shared->log_end = 0;
    shared->index = 0;
}

/* The parts of a row in one buffer of our own: what the transaction lends does not last. */
static void row_copy(struct sb_link_shared *shared, const struct sb_log_row *row)
{
    const struct sb_bytes from[] = {row->sealed.header, row->sealed.signature, row->sealed.body,
                                    row->sealed.cert, row->audience};
    struct sb_bytes *const to[] = {&shared->sealed.header, &shared->sealed.signature,
                                   &shared->sealed.body, &shared->sealed.cert, &shared->audience};
    const unsigned count = sizeof from / sizeof from[0];
    size_t at = 0;
    sb_buf_clear(&shared->bytes);
    for (unsigned i = 0; i < count; i++) {
        sb_buf_add(&shared->bytes, from[i]);
    }
    SB_ASSERT(!shared->bytes.overflow);
    for (unsigned i = 0; i < count; i++) {
        *to[i] = sb_bytes(shared->bytes.at + at, from[i].size);
        at += from[i].size;
    }
}

static void seats_read(struct sb_link_shared *shared)
{
    struct sb_event event;
    shared->seats.count = 0;
    if (sb_event_read(&shared->sealed, &event, NULL) == SB_ERR_OK) {
        sb_log_seats_read(&shared->seats, &event);
    }
}

/* A row that cannot be read is in no stream any more: nobody can be sent it, and what is behind it
 * must not wait (README). */
static bool row_load(struct sb_link_shared *shared, struct sb_txn *txn, uint64_t index)
{
    const uint64_t met = sb_txn_damages(txn);
    struct sb_log_row row;
    if (!sb_log_get(txn, index, &row)) {
        (void)sb_txn_excuse(txn, met, &shared->lost_why);
        if (index != shared->lost_index) {
            sb_txn_count(txn, "link/lost");
        }
        shared->lost_index = index;
        return false;
    }
    row_copy(shared, &row);
    seats_read(shared);
    shared->id = sb_hash_one("event", shared->sealed.header);
    sb_buf_clear(&shared->packed);
    sb_entry_pack_sealed(&shared->packed, &shared->sealed);
    return true;
}

bool sb_link_shared_read(struct sb_link_shared *shared, struct sb_txn *txn, unsigned lane,
                         uint64_t from)
{
    if (shared->index != 0 && shared->lane == lane && shared->from <= from
        && from <= shared->index) {
        return true;
    }
    uint64_t index;
    for (uint64_t at = from; at < shared->none_from[lane]; at = index + 1) {
        if (!sb_log_lane_first(txn, lane, at, &index)) {
            shared->none_from[lane] = at;
            break;
        }
        if (index == shared->index || row_load(shared, txn, index)) {
            shared->lane = lane;
            shared->from = from;
            shared->index = index;
            return true;
        }
    }
    return false;
}

void sb_link_shared_tell(struct sb_link_shared *shared, const struct sb_link_turn *turn)
{
    if (shared->lost_index == shared->told_index) {
        return;
    }
    shared->told_index = shared->lost_index;
    sb_effects_log(turn->effects, SB_LEVEL_ERROR,
                   "entry-lost agent=%s index=%llu why=%s remedy=\"samband verify; restore the "
                   "store from a backup\"",
                   turn->link->config.agent.text, (unsigned long long)shared->lost_index,
                   sb_quoted(shared->lost_why.text).text);
}

void sb_link_shared_entry(const struct sb_link_shared *shared, const struct sb_name *org,
                          struct sb_chain_mark *mark, struct sb_buf *own)
{
    sb_log_own_part(&shared->seats, org, own);
    mark->head = sb_chain_next(&mark->head, &shared->id, sb_buf_bytes(own));
    mark->seq++;
    mark->log_index = shared->index;
}
