/* cmd_counters.c: "counters": what was taken, refused and why, since the store was made. */
#include "command.h"

static bool counter_add(struct sb_command *command, struct sb_bytes name, uint64_t number)
{
    struct sb_record row = {0};
    sb_record_set_bytes(&row, SB_FIELD_COUNTER, name);
    sb_record_set_number(&row, SB_FIELD_NUMBER, number);
    return sb_rows_add(command->rows, &row);
}

/* The sentence of a store that is getting full, as a refusal travels. */
static bool room_add(struct sb_command *command)
{
    const struct sb_room *room = &command->turn->txn->room;
    struct sb_record row = {0};
    struct sb_why why = {0};
    char both[SB_WHY_BOTH_SIZE];
    if (room->level == SB_ROOM_ENOUGH) {
        return true;
    }
    sb_room_say(room, &why);
    sb_why_both(&why, both);
    sb_record_set_text(&row, SB_FIELD_COUNTER, SB_ROOM_COUNTER);
    sb_record_set_number(&row, SB_FIELD_NUMBER, room->level);
    sb_record_set_text(&row, SB_FIELD_WHY, both);
    return sb_rows_add(command->rows, &row);
}

enum sb_err sb_broker_counters(struct sb_command *command)
{
    uint64_t offset = sb_record_number(command->args, SB_FIELD_OFFSET);
    if (offset == 0) {
        /* Not counted but told here, so that `samband check` needs no verb of its own. */
        bool room = counter_add(command, sb_bytes_str("version/" SB_VERSION), 1)
                    && counter_add(command, sb_bytes_str("wall-ms"), command->turn->now.wall_ms)
                    && counter_add(command, sb_bytes_str("log/events"),
                                   sb_log_next_index(command->turn->txn) - 1)
                    && room_add(command);
        SB_ASSERT(room);
    }
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_COUNTER, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    for (uint64_t at = 1; sb_broker_walk_next(&walk, command->turn->txn, &key, &value); at++) {
        if (at >= offset && value.size == 8 && !counter_add(command, key, sb_be64_read(value.at))) {
            command->next = at;
            break;
        }
    }
    return SB_ERR_OK;
}
