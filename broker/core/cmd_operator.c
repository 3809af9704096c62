/* cmd_operator.c: "operator-invite" and "operator-revoke". */
#include "enrol.h"
#include "invite.h"

enum sb_err sb_broker_operator_invite(struct sb_command *command)
{
    static const enum sb_field needs[] = {SB_FIELD_SUBJECT, SB_FIELD_ROLE, SB_FIELD_REALM, 0};
    struct sb_record row = {0};
    enum sb_err err = sb_command_needs(command, needs);
    if (err == SB_ERR_OK) {
        sb_command_pass(command, needs, &row);
        err = sb_enrol_operator_check(&row, command->why);
    }
    if (err == SB_ERR_OK) {
        struct sb_name subject = sb_record_name(&row, SB_FIELD_SUBJECT);
        sb_invite(command, &row, &subject);
    }
    return err;
}

enum sb_err sb_broker_operator_revoke(struct sb_command *command)
{
    static const enum sb_field needs[] = {SB_FIELD_SUBJECT, 0};
    enum sb_err err = sb_command_needs(command, needs);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_name subject = sb_record_name(command->args, SB_FIELD_SUBJECT);
    struct sb_record row;
    if (!sb_broker_row_get_name(command->turn->txn, SB_TABLE_OPERATOR, &subject, &row)) {
        return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                          "det finns ingen operatör %s; \"operator list\" visar dem",
                          "there is no operator %s; \"operator list\" shows them", subject.text);
    }
    if (sb_name_equal(&subject, &command->subject)) {
        /* Otherwise the last administrator could lock everybody out. */
        return sb_why_say(command->why, SB_ERR_NOT_ALLOWED,
                          "ingen spärrar sig själv; en annan administratör måste göra det",
                          "nobody revokes oneself; another administrator must");
    }
    sb_record_set_number(&row, SB_FIELD_REVOKED, 1);
    sb_broker_row_put_name(command->turn->txn, SB_TABLE_OPERATOR, &subject, &row);
    struct sb_record reply = {0};
    sb_record_set_name(&reply, SB_FIELD_SUBJECT, &subject);
    bool room = sb_rows_add(command->rows, &reply);
    SB_ASSERT(room);
    sb_effects_log(command->turn->effects, SB_LEVEL_NOTICE, "operator-revoked operator=%s by=%s",
                   subject.text, command->subject.text);
    return SB_ERR_OK;
}
