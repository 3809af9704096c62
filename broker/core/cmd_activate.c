/* cmd_activate.c: "activate": a forum begins to work, without a first meeting. It rings. */
#include "convene.h"

struct activation {
    struct sb_forum forum;
    struct sb_called called;
    struct sb_hash incident;
    bool running; /* the incident was there before */
    uint8_t group[SB_GROUP_SIZE];
};

/* TITLE, or the forum's name: an incident must be called something. */
static void activation_title(const struct activation *activation, const struct sb_command *command,
                             struct sb_record *fields)
{
    static const enum sb_field passed[] = {SB_FIELD_TITLE, SB_FIELD_REASON, 0};
    sb_record_set_text(fields, SB_FIELD_TITLE, activation->forum.name);
    sb_command_pass(command, passed, fields);
    sb_record_set_bytes(fields, SB_FIELD_GROUP,
                        sb_bytes(activation->group, sizeof activation->group));
}

static enum sb_err draft_incident(struct activation *activation, struct sb_command *command,
                                  struct sb_issue *issue)
{
    struct sb_record fields = {0};
    if (activation->running) {
        return SB_ERR_OK;
    }
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_INCIDENT);
    activation_title(activation, command, &fields);
    enum sb_err err = sb_issue_draft(issue, &fields, command->why);
    if (err == SB_ERR_OK) {
        activation->incident = issue->draft[0].event.id;
    }
    return err;
}

static enum sb_err draft_activation(const struct activation *activation, struct sb_command *command,
                                    struct sb_issue *issue)
{
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_ACTIVATION);
    activation_title(activation, command, &fields);
    sb_forum_set(&activation->forum, &fields);
    sb_record_set_number(&fields, SB_FIELD_MODE, activation->forum.mode);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &activation->incident);
    enum sb_err err = sb_command_times(command, &fields);
    if (err != SB_ERR_OK) {
        return err;
    }
    return sb_issue_draft_calling(issue, &activation->called, &fields, command->why);
}

enum sb_err sb_broker_activate(struct sb_command *command)
{
    struct activation activation = {.running = false};
    struct sb_issuer issuer = sb_issuer_of(command);
    sb_called_init(&activation.called);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    enum sb_err err = sb_command_forum(command, &activation.called, &activation.forum);
    if (err == SB_ERR_OK) {
        err = sb_command_incident(command, &activation.incident, &activation.running);
    }
    if (err == SB_ERR_OK) {
        sb_issue_to_called(issue, &activation.called);
        sb_issue_group(issue, activation.group);
        err = draft_incident(&activation, command, issue);
    }
    if (err == SB_ERR_OK) {
        err = draft_activation(&activation, command, issue);
    }
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_issue_destroy(issue);
    sb_called_finish(&activation.called);
    return err;
}
