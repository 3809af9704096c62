/* cmd_note.c: "note": a line into the log ("02:14 ringde SMHI"). It goes to nobody. */
#include "issue.h"

/* A note about an event lies in that event's story. */
static enum sb_err note_about(struct sb_command *command, struct sb_hash hashes[2],
                              struct sb_record *fields)
{
    if (!sb_record_has(command->args, SB_FIELD_EVENT)) {
        return SB_ERR_OK;
    }
    struct sb_broker_event *event = NULL;
    enum sb_err err = sb_command_event_any(command, &hashes[0]);
    if (err == SB_ERR_OK) {
        err = sb_command_load(command, &hashes[0], &event);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    sb_record_set_hash(fields, SB_FIELD_REF, &hashes[0]);
    if (sb_record_hash(&event->event.fields, SB_FIELD_INCIDENT, &hashes[1])) {
        sb_record_set_hash(fields, SB_FIELD_INCIDENT, &hashes[1]);
    } else if (event->event.kind != NULL && event->event.kind->kind == SB_KIND_INCIDENT) {
        sb_record_set_hash(fields, SB_FIELD_INCIDENT, &hashes[0]);
    }
    sb_broker_event_destroy(event);
    return SB_ERR_OK;
}

enum sb_err sb_broker_note(struct sb_command *command)
{
    static const enum sb_field needs[] = {SB_FIELD_TEXT, 0};
    struct sb_hash hashes[2];
    struct sb_record fields = {0};
    enum sb_err err = sb_command_needs(command, needs);
    if (err == SB_ERR_OK) {
        sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
        sb_command_pass(command, needs, &fields);
        err = note_about(command, hashes, &fields);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_issuer issuer = sb_issuer_of(command);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    err = sb_issue_draft(issue, &fields, command->why);
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_issue_destroy(issue);
    return err;
}
