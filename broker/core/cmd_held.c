/* cmd_held.c: "held": how many organisations of an event's audience have receipted it, and how many
 * have not. Machines only: what persons did is the board's ("status"). Light, so that whoever waits
 * for the last receipt may ask often. */
#include "agents.h"
#include "command.h"

enum sb_err sb_broker_held(struct sb_command *command)
{
    struct sb_hash id;
    enum sb_err err = sb_command_event_any(command, &id);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_broker_event *event = sb_broker_event_find_id(command->turn->txn, &id);
    SB_ASSERT(event != NULL);
    struct sb_agents agents;
    sb_agents_read(command->turn, &agents);
    struct sb_list_reader reader = sb_list_read(event->row.audience);
    struct sb_bytes text;
    uint64_t held = 0;
    uint64_t left = 0;
    while (sb_list_next(&reader, &text)) {
        struct sb_name org;
        bool holds = sb_name_read(text, &org)
                     && sb_agents_holding(command->turn->txn, &agents, &org, event->row.at.lane,
                                          event->row.index)
                                .stored_at
                            != 0;
        held += holds ? 1 : 0;
        left += holds ? 0 : 1;
    }
    sb_agents_finish(&agents);
    sb_broker_event_destroy(event);
    struct sb_record row = {0};
    sb_record_set_number(&row, SB_FIELD_NUMBER, held);
    sb_record_set_number(&row, SB_FIELD_LEFT, left);
    bool room = sb_rows_add(command->rows, &row);
    SB_ASSERT(room); /* the first row always fits */
    return SB_ERR_OK;
}
