/* cmd_counters.c: "counters": what was taken, refused and why, since the store was made. */
#include "agents.h"
#include "command.h"
#include "waiting.h"

/* Agents that may still hold what this store forgot: they have not greeted since it was put back.
 */
static uint64_t unheard(struct sb_command *command, uint64_t since)
{
    struct sb_agents agents;
    uint64_t number = 0;
    sb_agents_read(command->turn, &agents);
    for (size_t i = 0; i < agents.count; i++) {
        number += !agents.at[i].revoked && agents.at[i].heard_at < since ? 1 : 0;
    }
    sb_agents_finish(&agents);
    return number;
}

/* That this store was put back, since when, what it got back and what it waits for. */
static bool put_back_add(struct sb_command *command)
{
    struct sb_txn *txn = command->turn->txn;
    const uint64_t since = sb_txn_number(txn, SB_TABLE_META, SB_LINK_RESTORED);
    struct sb_record row = {0};
    if (since == 0) {
        return true;
    }
    sb_record_set_text(&row, SB_FIELD_COUNTER, SB_LINK_PUT_BACK);
    sb_record_set_number(&row, SB_FIELD_NUMBER,
                         sb_txn_number(txn, SB_TABLE_COUNTER, "broker/recovered"));
    sb_record_set_number(&row, SB_FIELD_AT, since);
    sb_record_set_number(&row, SB_FIELD_LEFT, sb_waiting_number(txn));
    return sb_rows_add(command->rows, &row)
           && sb_rows_add_counter(command->rows, sb_bytes_str(SB_LINK_PUT_BACK_UNHEARD),
                                  unheard(command, since));
}

enum sb_err sb_broker_counters(struct sb_command *command)
{
    uint64_t offset = sb_record_number(command->args, SB_FIELD_OFFSET);
    if (offset == 0) {
        /* Not counted but told here, so that `samband check` needs no verb of its own. */
        bool room = sb_rows_add_counter(command->rows, sb_bytes_str("version/" SB_VERSION), 1)
                    && sb_rows_add_counter(command->rows, sb_bytes_str("wall-ms"),
                                           command->turn->now.wall_ms)
                    && sb_rows_add_counter(command->rows, sb_bytes_str("log/events"),
                                           sb_log_next_index(command->turn->txn) - 1)
                    && sb_rows_add_room(command->rows, &command->turn->txn->room)
                    && put_back_add(command);
        SB_ASSERT(room);
    }
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_COUNTER, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    for (uint64_t at = 1; sb_broker_walk_next(&walk, command->turn->txn, &key, &value); at++) {
        if (at >= offset && value.size == 8
            && !sb_rows_add_counter(command->rows, key, sb_be64_read(value.at))) {
            command->next = at;
            break;
        }
    }
    return SB_ERR_OK;
}
