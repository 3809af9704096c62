/* cmd_end.c: "end": an activation ends, for everyone who was activated. */
#include "convene.h"

/* The newest running activation of FORUM. */
static enum sb_err activation_of_forum(struct sb_command *command, struct sb_hash *ret_id)
{
    struct sb_name forum = sb_record_name(command->args, SB_FIELD_FORUM);
    struct sb_broker_walk walk = sb_case_newest(command->realm, SB_KIND_ACTIVATION);
    struct sb_hash id;
    struct sb_record head;
    while (sb_case_next(&walk, command->turn->txn, &id, &head)) {
        struct sb_name activated = sb_record_name(&head, SB_FIELD_FORUM);
        if (sb_name_equal(&activated, &forum) && sb_record_number(&head, SB_FIELD_DONE) == 0
            && sb_record_number(&head, SB_FIELD_RECALLED) == 0) {
            *ret_id = id;
            return SB_ERR_OK;
        }
    }
    return sb_why_say(command->why, SB_ERR_NOT_FOUND, "forumet %s är inte aktiverat",
                      "the forum %s is not activated", forum.text);
}

static enum sb_err activation_find(struct sb_command *command, struct sb_hash *ret_id)
{
    static const struct sb_meant meant = {.kinds = SB_KIND_BIT(ACTIVATION),
                                          .running = true,
                                          .what = {"pågående aktivering", "running activation"}};
    if (!sb_record_has(command->args, SB_FIELD_EVENT)
        && sb_record_has(command->args, SB_FIELD_FORUM)) {
        return activation_of_forum(command, ret_id);
    }
    enum sb_err err = sb_command_event(command, &meant, ret_id);
    struct sb_record head;
    if (err == SB_ERR_OK && sb_case_get(command->turn->txn, ret_id, &head)
        && sb_record_number(&head, SB_FIELD_DONE) != 0) {
        return sb_why_say(command->why, SB_ERR_ALREADY, "aktiveringen är redan avslutad",
                          "the activation has ended already");
    }
    return err;
}

/* The end's own header: about the activation, in its forum and incident. */
static void end_fields(const struct sb_command *command, const struct sb_broker_event *activation,
                       struct sb_record *fields)
{
    static const enum sb_field passed[] = {SB_FIELD_TEXT, 0};
    const enum sb_field kept[] = {SB_FIELD_FORUM, SB_FIELD_INCIDENT};
    sb_record_set_number(fields, SB_FIELD_KIND, SB_KIND_END);
    sb_record_set_hash(fields, SB_FIELD_REF, &activation->event.id);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        fields->at[kept[i]] = activation->event.fields.at[kept[i]];
    }
    sb_command_pass(command, passed, fields);
}

enum sb_err sb_broker_end(struct sb_command *command)
{
    struct sb_hash id;
    struct sb_broker_event *activation = NULL;
    enum sb_err err = activation_find(command, &id);
    if (err == SB_ERR_OK) {
        err = sb_command_load(command, &id, &activation);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_issuer issuer = sb_issuer_of(command);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    struct sb_record fields = {0};
    end_fields(command, activation, &fields);
    sb_issue_to_audience(issue, activation->row.audience);
    err = sb_issue_draft(issue, &fields, command->why);
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_broker_event_destroy(activation);
    sb_issue_destroy(issue);
    return err;
}
