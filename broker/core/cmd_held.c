/* cmd_held.c: "held": how many organisations of an event's audience have receipted it, and how many
 * have not. Machines only: what persons did is the board's ("status"). Light, so that whoever waits
 * for the last receipt may ask often. */
#include "agents.h"
#include "command.h"

#include <stdlib.h>

/* Where the organisation stands in the audience; false where it does not. */
static bool position_find(struct sb_bytes audience, struct sb_bytes org, unsigned *ret_position)
{
    struct sb_list_reader reader = sb_list_read(audience);
    struct sb_bytes text;
    for (unsigned position = 0; sb_list_next(&reader, &text); position++) {
        if (sb_bytes_equal(text, org)) {
            *ret_position = position;
            return true;
        }
    }
    return false;
}

/* Marks those that the agent holds the event for. An organisation may have two agents. */
static void agent_mark(struct sb_command *command, const struct sb_broker_event *event,
                       const struct sb_agent_view *view, bool *held)
{
    struct sb_list_reader orgs = sb_list_read(view->orgs);
    struct sb_bytes text;
    while (!view->revoked && sb_list_next(&orgs, &text)) {
        struct sb_name org;
        unsigned position;
        if (sb_name_read(text, &org) && position_find(event->row.audience, text, &position)
            && !held[position]) {
            held[position] = sb_agent_holding(command->turn->txn, &view->agent, &org,
                                              event->row.at.lane, event->row.index)
                                 .stored_at
                             != 0;
        }
    }
}

enum sb_err sb_broker_held(struct sb_command *command)
{
    struct sb_hash id;
    struct sb_broker_event *event = NULL;
    enum sb_err err = sb_command_event_any(command, &id);
    if (err == SB_ERR_OK) {
        err = sb_command_load(command, &id, &event);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    unsigned count = sb_list_count(event->row.audience);
    bool *held = sb_alloc(count + 1u, sizeof *held);
    struct sb_agents agents;
    sb_agents_read(command->turn, &agents);
    for (size_t i = 0; i < agents.count; i++) {
        agent_mark(command, event, &agents.at[i], held);
    }
    uint64_t number = 0;
    for (unsigned i = 0; i < count; i++) {
        number += held[i] ? 1 : 0;
    }
    sb_agents_finish(&agents);
    free(held);
    sb_broker_event_destroy(event);
    struct sb_record row = {0};
    sb_record_set_number(&row, SB_FIELD_NUMBER, number);
    sb_record_set_number(&row, SB_FIELD_LEFT, count - number);
    bool room = sb_rows_add(command->rows, &row);
    SB_ASSERT(room); /* the first row always fits */
    return SB_ERR_OK;
}
