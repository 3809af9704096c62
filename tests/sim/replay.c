/* replay.c: what an end keeps beside its log follows from the log: the log alone, from its first
 * row, is put through the product's own functions into an empty store, and the tables are compared.
 *
 * Of the broker's: CASE, MANDATE, ID and LANE whole, SEAT but for STORED_AT, which follows from
 * receipts. Not ORG, FORUM, OPERATOR, TOKEN, AGENT: orders about them make no event. Not TX, RX,
 * COUNTER, REQUEST: they are about links and requests. Of an agent's: TOMB whole, which alerts
 * there are, and every verdict; not what an alert, an attempt or a timer says: people and channels
 * decide that, and no event tells. */
#include "../../broker/core/own.h"
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#define JUDGES_MAX 10000u /* turns until an agent has judged its whole log */

static void table_clear(struct sb_txn *txn, enum sb_table table)
{
    struct sb_bytes key, value;
    while (sb_txn_seek(txn, table, sb_bytes(NULL, 0), &key, &value)) {
        struct sb_key copy;
        sb_key_init(&copy);
        sb_key_add(&copy, key);
        sb_txn_del(txn, table, sb_key_bytes(&copy));
    }
}

/* A row of SEAT without what receipts say. */
static bool seat_equal(struct sb_bytes a, struct sb_bytes b)
{
    struct sb_record *rows = sb_alloc(2, sizeof *rows);
    struct sb_buf bufs[2];
    const struct sb_bytes values[] = {a, b};
    bool read = true;
    for (unsigned i = 0; i < 2; i++) {
        sb_buf_init(&bufs[i], SB_ROW_SIZE_MAX);
        read = sb_record_read(values[i], SB_PARTS_ALL, &rows[i], NULL) == SB_ERR_OK && read;
        if (read) {
            sb_record_unset(&rows[i], SB_FIELD_STORED_AT);
            sb_record_write(&rows[i], SB_PARTS_ALL, &bufs[i]);
        }
    }
    const bool equal = read && sb_bytes_equal(sb_buf_bytes(&bufs[0]), sb_buf_bytes(&bufs[1]));
    sb_buf_finish(&bufs[0]);
    sb_buf_finish(&bufs[1]);
    free(rows);
    return equal;
}

static bool value_equal(enum sb_table table, struct sb_bytes a, struct sb_bytes b)
{
    switch ((int)table) {
    case SB_TABLE_ALERT: return true; /* that it is there is what is compared */
    case SB_TABLE_SEAT: return seat_equal(a, b);
    default: return sb_bytes_equal(a, b);
    }
}

/* The first row at or after `from` that follows from the log: who has answered (ALERT, 'p') does
 * not, for own answers are people's. */
static bool row_next(struct sb_txn *txn, enum sb_table table, struct sb_bytes from,
                     struct sb_bytes *ret_key, struct sb_bytes *ret_value)
{
    struct sb_key at;
    bool has = sb_txn_seek(txn, table, from, ret_key, ret_value);
    while (has && table == SB_TABLE_ALERT && ret_value->size == 0 && ret_key->at[0] == 'p') {
        sb_key_init(&at);
        sb_key_add(&at, *ret_key);
        sb_key_add_byte(&at, 0);
        has = sb_txn_seek(txn, table, sb_key_bytes(&at), ret_key, ret_value);
    }
    return has;
}

static bool tables_equal(struct world *world, const char *whose, enum sb_table table,
                         struct sb_txn *kept, struct sb_txn *played)
{
    struct sb_key from = {0};
    for (uint64_t rows = 0;; rows++) {
        struct sb_bytes key[2], value[2];
        const bool has = row_next(kept, table, sb_key_bytes(&from), &key[0], &value[0]);
        const bool again = row_next(played, table, sb_key_bytes(&from), &key[1], &value[1]);
        if (!has && !again) {
            return true;
        }
        if (has != again || !sb_bytes_equal(key[0], key[1])
            || !value_equal(table, value[0], value[1])) {
            const struct sb_bytes at = has ? key[0] : key[1];
            return world_break(world, WORLD_REPLAY,
                               "%s: row %llu of %s (%02x%02x%02x) does not follow from the log: %s",
                               whose, (unsigned long long)rows, sb_table_name(table), at.at[0],
                               at.at[at.size > 1], at.at[at.size > 2 ? 2 : 0],
                               has != again || !sb_bytes_equal(key[0], key[1])
                                   ? "one has it, the other has not"
                                   : "they differ");
        }
        sb_key_init(&from);
        sb_key_add(&from, key[0]);
        sb_key_add_byte(&from, 0);
    }
}

/* The bytes of a row are the kept store's: they outlive what is put into the other one. */
static void broker_row_play(struct sb_broker_turn *turn, const struct sb_log_row *kept)
{
    struct sb_event event = {0};
    struct sb_log_row row = *kept;
    const bool readable = sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK;
    event.id = sb_hash_one("event", row.sealed.header);
    turn->now.wall_ms = row.accepted_at;
    if (row.stream_agent.text[0] == '\0' && row.verdict == SB_ERR_OK && readable) {
        (void)sb_own_store(turn, &event, &row, false);
        return;
    }
    (void)sb_log_append(turn->txn, &event, &row);
    if (row.stream_agent.text[0] != '\0' && row.verdict == SB_ERR_OK) {
        sb_broker_on_arrival(turn, row.index);
    }
}

bool world_broker_replays(struct world *world, struct sb_txn *kept)
{
    static const enum sb_table derived[] = {SB_TABLE_CASE, SB_TABLE_MANDATE, SB_TABLE_SEAT,
                                            SB_TABLE_ID, SB_TABLE_LANE};
    struct sb_why why = {0};
    if (world->broker_restored || world->crossed_down) {
        return true; /* what came back came in another order; what nobody ordered has no order */
    }
    struct sb_store *store = sb_store_copy_memory(world->broker_store);
    struct sb_broker *broker = sb_broker_new(&world->broker_config);
    struct sb_effects effects;
    sb_effects_init(&effects);
    struct sb_entropy entropy = {{1}, 0};
    struct sb_txn *txn = sb_store_begin(store, &why);
    for (unsigned i = 0; i < sizeof derived / sizeof derived[0]; i++) {
        table_clear(txn, derived[i]);
    }
    table_clear(txn, SB_TABLE_LOG);
    sb_txn_set_number(txn, SB_TABLE_META, "next", 0);
    sb_txn_set_number(txn, SB_TABLE_META, "order", 0);
    struct sb_broker_turn turn = {.broker = broker,
                                  .config = &world->broker_config,
                                  .txn = txn,
                                  .now = world_now(world),
                                  .entropy = &entropy,
                                  .effects = &effects};
    const uint64_t end = sb_log_next_index(kept);
    bool same = true;
    for (uint64_t index = 1; index < end && same; index++) {
        struct sb_log_row row;
        same = sb_log_get(kept, index, &row);
        broker_row_play(&turn, &row);
        same = same && sb_log_next_index(txn) == index + 1;
    }
    if (!same) {
        (void)world_break(world, WORLD_REPLAY,
                          "broker: what the log accepted is refused when it is played again");
    }
    for (unsigned i = 0; i < sizeof derived / sizeof derived[0] && same; i++) {
        same = tables_equal(world, "broker", derived[i], kept, txn);
    }
    sb_store_abort(store, txn);
    sb_effects_finish(&effects);
    sb_broker_destroy(broker);
    sb_store_close(store);
    return same;
}

static bool verdicts_equal(struct world *world, const char *whose, struct sb_txn *kept,
                           struct sb_txn *played, uint64_t end)
{
    for (uint64_t index = 1; index < end; index++) {
        struct sb_log_row rows[2];
        if (!sb_log_get(kept, index, &rows[0]) || !sb_log_get(played, index, &rows[1])
            || rows[0].verdict != rows[1].verdict) {
            return world_break(world, WORLD_REPLAY,
                               "%s: row %llu is judged otherwise the next time", whose,
                               (unsigned long long)index);
        }
    }
    return true;
}

bool world_agent_replays(struct world *world, unsigned agent, struct sb_txn *kept)
{
    static const enum sb_table derived[] = {SB_TABLE_TOMB, SB_TABLE_ALERT, SB_TABLE_ATTEMPT,
                                            SB_TABLE_TIMER};
    const struct world_node *node = &world->agent[agent];
    struct sb_why why = {0};
    const uint64_t end = sb_log_next_index(kept);
    struct sb_store *store = sb_store_copy_memory(node->store);
    struct sb_agent *core = sb_agent_new(&node->config);
    struct sb_entropy entropy = {{1}, 0};
    struct sb_effects effects;
    sb_effects_init(&effects);
    struct sb_txn *txn = sb_store_begin(store, &why);
    for (unsigned i = 0; i < sizeof derived / sizeof derived[0]; i++) {
        table_clear(txn, derived[i]);
    }
    sb_txn_set_number(txn, SB_TABLE_META, SB_LOG_JUDGED, 0);
    struct sb_agent_input input = {.kind = SB_AGENT_START};
    for (unsigned i = 0; i < JUDGES_MAX; i++) {
        if (sb_txn_number(txn, SB_TABLE_META, SB_LOG_JUDGED) + 1 >= end) {
            break;
        }
        sb_agent_step(core, txn, &input, world_now(world), &entropy, &effects);
        sb_agent_flush(core, txn, world_now(world), &entropy, &effects);
        input.kind = SB_AGENT_TICK;
    }
    const bool same = tables_equal(world, node->name.text, SB_TABLE_TOMB, kept, txn)
                      && tables_equal(world, node->name.text, SB_TABLE_ALERT, kept, txn)
                      && verdicts_equal(world, node->name.text, kept, txn, end);
    sb_store_abort(store, txn);
    sb_effects_finish(&effects);
    sb_agent_destroy(core);
    sb_store_close(store);
    return same;
}
