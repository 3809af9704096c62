/* cmd_correct.c: "correct": what was sent gets another text, time or way to join. To the same
 * organisations; what was said first stays in the log. */
#include "issue.h"

static enum sb_err correction_draft(struct sb_command *command,
                                    const struct sb_broker_event *original, struct sb_issue *issue)
{
    static const enum sb_field passed[] = {SB_FIELD_TEXT, SB_FIELD_TITLE, SB_FIELD_STARTS,
                                           SB_FIELD_JOIN, 0};
    static const enum sb_field kept[] = {SB_FIELD_INCIDENT, SB_FIELD_FORUM};
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_CORRECTION);
    sb_record_set_hash(&fields, SB_FIELD_REF, &original->event.id);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        fields.at[kept[i]] = original->event.fields.at[kept[i]];
    }
    sb_command_pass(command, passed, &fields);
    sb_issue_to_audience(issue, original->row.audience);
    return sb_issue_draft(issue, &fields, command->why);
}

/* The event that EVENT means. One that was recalled is nobody's to follow any more, whatever is
 * right. */
static enum sb_err original_find(struct sb_command *command, struct sb_hash *ret_id)
{
    static const struct sb_meant meant = {
        .kinds = SB_KIND_BIT(INFORMATION) | SB_KIND_BIT(INCIDENT) | SB_KIND_BIT(ACTIVATION)
                 | SB_KIND_BIT(CONVENING) | SB_KIND_BIT(PICTURE),
        .running = true,
        .what = {"information, kallelse, aktivering, händelse eller lägesbild",
                 "information, convening, activation, incident or picture"}};
    struct sb_record head;
    enum sb_err err = sb_command_event(command, &meant, ret_id);
    if (err == SB_ERR_OK && sb_case_get(command->turn->txn, ret_id, &head)
        && sb_record_number(&head, SB_FIELD_RECALLED) != 0) {
        return sb_why_say(command->why, SB_ERR_VALUE,
                          "posten är återkallad, så ingen handlar efter en rättelse av den; skicka "
                          "en ny i stället",
                          "the event was recalled, so nobody acts upon a correction of it; send a "
                          "new one instead");
    }
    return err;
}

enum sb_err sb_broker_correct(struct sb_command *command)
{
    static const enum sb_field needs[] = {SB_FIELD_TEXT, 0};
    struct sb_hash id;
    struct sb_broker_event *original = NULL;
    enum sb_err err = sb_command_needs(command, needs);
    if (err == SB_ERR_OK) {
        err = original_find(command, &id);
    }
    if (err == SB_ERR_OK) {
        err = sb_command_load(command, &id, &original);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_issuer issuer = sb_issuer_of(command);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    err = correction_draft(command, original, issue);
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_issue_destroy(issue);
    sb_broker_event_destroy(original);
    return err;
}
