/* cmd_preview.c: "preview": whom a command would call, and who of them cannot be reached now. Asked
 * before anything leaves; decides nothing. */
#include "agents.h"
#include "convene.h"
#include "mandates.h"
#include "picture.h"

static enum sb_err preview_called(struct sb_command *command, struct sb_called *called,
                                  struct sb_forum *ret_forum)
{
    if (sb_record_has(command->args, SB_FIELD_FORUM) || sb_record_has(command->args, SB_FIELD_TO)) {
        return sb_command_called(command, called, ret_forum);
    }
    struct sb_hash incident;
    enum sb_err err = sb_picture_incident(command, &incident);
    return err == SB_ERR_OK ? sb_picture_forum(command, &incident, called, ret_forum) : err;
}

static bool preview_row(struct sb_command *command, const struct sb_agents *agents,
                        const struct sb_forum *forum, const struct sb_seat *seat)
{
    char key[SB_SEAT_SIZE_MAX + 1];
    char ring[SB_RING_SIZE_MAX];
    struct sb_record org;
    struct sb_record row = {0};
    struct sb_contact contact = sb_agents_contact(agents, &seat->org);
    struct sb_mandate_of of = {.org = seat->org,
                               .function = seat->function,
                               .level = forum->level,
                               .realm = command->realm,
                               .supports = seat->supports};
    sb_seat_key(seat, key);
    sb_record_set_name(&row, SB_FIELD_ORG, &seat->org);
    if (sb_broker_row_get_name(command->turn->txn, SB_TABLE_ORG, &seat->org, &org)) {
        row.at[SB_FIELD_NAME] = org.at[SB_FIELD_NAME];
    }
    sb_record_set_text(&row, SB_FIELD_SEAT, key);
    sb_record_set_name(&row, SB_FIELD_FUNCTION, &seat->function);
    sb_record_set_number(&row, SB_FIELD_MANDATE_STATE,
                         sb_mandate_state_at(command->turn->txn, &of, command->turn->now.wall_ms));
    sb_record_set_number(&row, SB_FIELD_ENROLLED, contact.enrolled);
    if (contact.dark) {
        sb_record_set_text(&row, SB_FIELD_WORDING,
                           contact.enrolled ? "agenten hörs inte" : "ingen agent inskriven");
        sb_record_set_text(&row, SB_FIELD_NOTICE,
                           contact.enrolled ? "the agent is silent" : "no agent enrolled");
        sb_register_ring(command->turn->txn, &seat->org, ring);
        if (ring[0] != '\0') {
            sb_record_set_text(&row, SB_FIELD_RING, ring);
        }
    }
    if (contact.dark && contact.enrolled) {
        sb_record_set_number(&row, SB_FIELD_DARK_SINCE, contact.dark_since);
    }
    return sb_rows_add(command->rows, &row);
}

enum sb_err sb_broker_preview(struct sb_command *command)
{
    struct sb_called called;
    struct sb_forum forum;
    struct sb_agents agents;
    sb_called_init(&called);
    enum sb_err err = preview_called(command, &called, &forum);
    if (err == SB_ERR_OK) {
        sb_agents_read(command->turn, &agents);
        for (uint64_t i = sb_record_number(command->args, SB_FIELD_OFFSET); i < called.count; i++) {
            if (!preview_row(command, &agents, &forum, &called.seat[i])) {
                command->next = i;
                break;
            }
        }
        sb_agents_finish(&agents);
    }
    sb_called_finish(&called);
    return err;
}
