/* cmd_recall.c: "recall": an event is taken back, with its whole alert group, for everyone who was
 * ever addressed in it. Needs no reason and no second person. */
#include "issue.h"

/* Everyone to whom an event of the group went, sorted, once. */
static enum sb_err audience_add(struct sb_called *addressed, struct sb_bytes audience,
                                struct sb_why *why)
{
    struct sb_list_reader reader = sb_list_read(audience);
    struct sb_bytes org;
    enum sb_err err = SB_ERR_OK;
    while (err == SB_ERR_OK && sb_list_next(&reader, &org)) {
        struct sb_seat seat = {.supports = false}; /* the organisation is what counts here */
        bool name = sb_name_read(org, &seat.org);
        SB_ASSERT(name);
        err = sb_called_add(addressed, &seat, why);
    }
    return err;
}

static enum sb_err recalled_add(struct sb_command *command, const struct sb_hash *id,
                                struct sb_called *addressed)
{
    struct sb_broker_event *event = NULL;
    enum sb_err err = sb_command_load(command, id, &event);
    if (err == SB_ERR_OK) {
        err = audience_add(addressed, event->row.audience, command->why);
        sb_broker_event_destroy(event);
    }
    return err;
}

static enum sb_err recalled_gather(struct sb_command *command, const struct sb_hash *id,
                                   const struct sb_record *head, struct sb_called *addressed)
{
    if (!sb_record_has(head, SB_FIELD_GROUP)) {
        return recalled_add(command, id, addressed);
    }
    struct sb_broker_walk walk = sb_case_group(sb_record_bytes(head, SB_FIELD_GROUP));
    struct sb_hash member;
    struct sb_record member_head;
    enum sb_err err = SB_ERR_OK;
    while (err == SB_ERR_OK && sb_case_next(&walk, command->turn->txn, &member, &member_head)) {
        err = recalled_add(command, &member, addressed);
    }
    return err;
}

static enum sb_err recall_find(struct sb_command *command, struct sb_hash *ret_id,
                               struct sb_record *ret_head)
{
    static const struct sb_meant meant = {
        .kinds = SB_KIND_BIT(INFORMATION) | SB_KIND_BIT(INCIDENT) | SB_KIND_BIT(ACTIVATION)
                 | SB_KIND_BIT(CONVENING) | SB_KIND_BIT(PICTURE),
        .running = true,
        .what = {"post som ännu gäller (information, kallelse, aktivering, händelse, lägesbild)",
                 "event still in force (information, convening, activation, incident, picture)"}};
    enum sb_err err = sb_command_event(command, &meant, ret_id);
    if (err != SB_ERR_OK) {
        return err;
    }
    bool found = sb_case_get(command->turn->txn, ret_id, ret_head);
    SB_ASSERT(found);
    if (sb_record_number(ret_head, SB_FIELD_RECALLED) != 0) {
        return sb_why_say(command->why, SB_ERR_ALREADY, "posten är redan återkallad",
                          "the event is recalled already");
    }
    return SB_ERR_OK;
}

static enum sb_err recall_issue(struct sb_command *command, const struct sb_hash *id,
                                const struct sb_record *head)
{
    static const enum sb_field passed[] = {SB_FIELD_REASON, 0};
    static const enum sb_field kept[] = {SB_FIELD_INCIDENT, SB_FIELD_FORUM, SB_FIELD_GROUP};
    struct sb_issuer issuer = sb_issuer_of(command);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    struct sb_called addressed;
    sb_called_init(&addressed);
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_RECALL);
    sb_record_set_hash(&fields, SB_FIELD_REF, id);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        fields.at[kept[i]] = head->at[kept[i]]; /* borrowed from the store until the first put */
    }
    sb_command_pass(command, passed, &fields);
    enum sb_err err = recalled_gather(command, id, head, &addressed);
    if (err == SB_ERR_OK) {
        sb_issue_to_called(issue, &addressed);
        err = sb_issue_draft(issue, &fields, command->why);
    }
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_called_finish(&addressed);
    sb_issue_destroy(issue);
    return err;
}

enum sb_err sb_broker_recall(struct sb_command *command)
{
    struct sb_hash id;
    struct sb_record head;
    enum sb_err err = recall_find(command, &id, &head);
    return err == SB_ERR_OK ? recall_issue(command, &id, &head) : err;
}
