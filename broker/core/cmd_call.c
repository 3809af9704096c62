/* cmd_call.c: "call": one alert of incident, activation and convening, to a whole forum. */
#include "convene.h"

/* What the three have in common. */
struct call {
    struct sb_forum forum;
    struct sb_called called;
    struct sb_hash incident;
    bool running; /* the incident was there before */
    uint8_t group[SB_GROUP_SIZE];
};

static void call_common(const struct call *call, const struct sb_command *command,
                        struct sb_record *fields)
{
    static const enum sb_field passed[] = {SB_FIELD_TITLE, SB_FIELD_STARTS, 0};
    sb_command_pass(command, passed, fields);
    sb_record_set_bytes(fields, SB_FIELD_GROUP, sb_bytes(call->group, sizeof call->group));
}

static enum sb_err draft_incident(struct call *call, struct sb_command *command,
                                  struct sb_issue *issue)
{
    struct sb_record fields = {0};
    if (call->running) {
        return SB_ERR_OK;
    }
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_INCIDENT);
    call_common(call, command, &fields);
    enum sb_err err = sb_issue_draft(issue, &fields, command->why);
    if (err == SB_ERR_OK) {
        call->incident = issue->draft[0].event.id;
    }
    return err;
}

/* Without seats: it rings and is acknowledged as its convening. */
static enum sb_err draft_activation(const struct call *call, struct sb_command *command,
                                    struct sb_issue *issue)
{
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_ACTIVATION);
    call_common(call, command, &fields);
    sb_forum_set(&call->forum, &fields);
    sb_record_set_number(&fields, SB_FIELD_MODE, call->forum.mode);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &call->incident);
    return sb_issue_draft(issue, &fields, command->why);
}

static enum sb_err draft_convening(const struct call *call, struct sb_command *command,
                                   struct sb_issue *issue)
{
    static const enum sb_field passed[] = {SB_FIELD_LENGTH, SB_FIELD_JOIN, SB_FIELD_AGENDA,
                                           SB_FIELD_TEXT, 0};
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_CONVENING);
    call_common(call, command, &fields);
    sb_command_pass(command, passed, &fields);
    sb_forum_set(&call->forum, &fields);
    sb_record_set_number(&fields, SB_FIELD_MODE, call->forum.mode);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &call->incident);
    enum sb_err err = sb_command_times(command, &fields);
    if (err != SB_ERR_OK) {
        return err;
    }
    return sb_issue_draft_calling(issue, &call->called, &fields, command->why);
}

enum sb_err sb_broker_call(struct sb_command *command)
{
    static const enum sb_field needs[] = {SB_FIELD_FORUM, SB_FIELD_TITLE, 0};
    struct call call = {.running = false};
    struct sb_issuer issuer = sb_issuer_of(command);
    sb_called_init(&call.called);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    enum sb_err err = sb_command_needs(command, needs);
    if (err == SB_ERR_OK) {
        err = sb_command_forum(command, &call.called, &call.forum);
    }
    if (err == SB_ERR_OK) {
        err = sb_command_incident(command, &call.incident, &call.running);
    }
    if (err == SB_ERR_OK) {
        sb_issue_to_called(issue, &call.called);
        sb_issue_group(issue, call.group);
        err = draft_incident(&call, command, issue);
    }
    if (err == SB_ERR_OK) {
        err = draft_activation(&call, command, issue);
    }
    if (err == SB_ERR_OK) {
        err = draft_convening(&call, command, issue);
    }
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_issue_destroy(issue);
    sb_called_finish(&call.called);
    return err;
}
