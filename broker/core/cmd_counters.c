/* cmd_counters.c: "counters": what was taken, refused and why, since the store was made. */
#include "command.h"

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
                    && sb_rows_add_room(command->rows, &command->turn->txn->room);
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
