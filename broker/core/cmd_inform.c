/* cmd_inform.c: "inform": an information that asks for an acknowledgement, without a meeting. */
#include "convene.h"

static enum sb_err draft_information(struct sb_command *command, const struct sb_forum *forum,
                                     const struct sb_called *called, struct sb_issue *issue)
{
    static const enum sb_field passed[] = {SB_FIELD_TITLE, SB_FIELD_TEXT, SB_FIELD_STARTS,
                                           SB_FIELD_JOIN, 0};
    struct sb_record fields = {0};
    struct sb_hash incident;
    bool has = false;
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_INFORMATION);
    sb_command_pass(command, passed, &fields);
    sb_forum_set(forum, &fields);
    enum sb_err err = sb_command_incident(command, &incident, &has);
    if (err == SB_ERR_OK) {
        err = sb_command_times(command, &fields);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    if (has) {
        sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
    }
    return sb_issue_draft_calling(issue, called, &fields, command->why);
}

enum sb_err sb_broker_inform(struct sb_command *command)
{
    static const enum sb_field needs[] = {SB_FIELD_TITLE, SB_FIELD_TEXT, 0};
    struct sb_forum forum;
    struct sb_called called;
    struct sb_issuer issuer = sb_issuer_of(command);
    sb_called_init(&called);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    enum sb_err err = sb_command_needs(command, needs);
    if (err == SB_ERR_OK) {
        err = sb_command_called(command, &called, &forum);
    }
    if (err == SB_ERR_OK) {
        sb_issue_to_called(issue, &called);
        err = draft_information(command, &forum, &called, issue);
    }
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_issue_destroy(issue);
    sb_called_finish(&called);
    return err;
}
