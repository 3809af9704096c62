/* cmd_reached.c: "reached": somebody was reached outside the system, over Rakel or by phone, as TiB
 * says. The organisation's agent is told, so that its escalation stops. */
#include "board.h"
#include "issue.h"
#include "seat_state.h"

static const char *const ways[] = {"rakel", "phone"};

static enum sb_err reached_check(struct sb_command *command)
{
    static const enum sb_field needs[] = {SB_FIELD_SEAT, SB_FIELD_VIA, 0};
    enum sb_err err = sb_command_needs(command, needs);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_name via = sb_record_name(command->args, SB_FIELD_VIA);
    bool known = false;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        known = known || sb_bytes_equal(sb_name_bytes(&via), sb_bytes_str(ways[i]));
    }
    if (!known) {
        return sb_why_say(command->why, SB_ERR_VALUE, "via är rakel eller phone, inte %s",
                          "via is rakel or phone, not %s", via.text);
    }
    uint64_t answer = sb_record_number(command->args, SB_FIELD_ANSWER);
    if (answer != 0 && sb_word_find(SB_FIELD_ANSWER, (unsigned)answer) == NULL) {
        return sb_why_say(command->why, SB_ERR_VALUE, "det finns inget sådant svar",
                          "there is no such answer");
    }
    if (answer == SB_ANSWER_AT && !sb_record_has(command->args, SB_FIELD_AT)) {
        return sb_why_say(command->why, SB_ERR_MISSING, "svaret \"ansluter\" behöver en tid",
                          "the answer \"at\" needs a time");
    }
    return SB_ERR_OK;
}

/* The event's called seat that SEAT means. */
static enum sb_err reached_seat(struct sb_command *command, const struct sb_broker_event *target,
                                struct sb_seat *ret_seat)
{
    struct sb_bytes text = sb_record_bytes(command->args, SB_FIELD_SEAT);
    if (!sb_seats_find(sb_record_bytes(&target->event.fields, SB_FIELD_SEATS), text, ret_seat)) {
        return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                          "%.*s är inte kallad av den posten; \"status\" visar vilka som är det",
                          "%.*s is not called by that event; \"status\" shows who is",
                          (int)text.size, (const char *)text.at);
    }
    return SB_ERR_OK;
}

/* In which function they answered: as said, else the seat's own. */
static struct sb_name reached_function(const struct sb_command *command, const struct sb_seat *seat)
{
    return sb_record_has(command->args, SB_FIELD_FUNCTION)
               ? sb_record_name(command->args, SB_FIELD_FUNCTION)
               : seat->function;
}

/* Never before what TiB entered of the seat already: after a clock that was put back the older
 * entry would stand. */
static uint64_t reached_at(const struct sb_command *command, const struct sb_hash *about,
                           const struct sb_seat *seat)
{
    const uint64_t now = command->turn->now.wall_ms;
    struct sb_seat_state state;
    sb_seat_state_get(command->turn->txn, about, seat, &state);
    const uint64_t before = sb_seat_state_entered(&state);
    return before < now ? now : before + 1;
}

static enum sb_err reached_draft(struct sb_command *command, const struct sb_broker_event *target,
                                 const struct sb_seat *seat, struct sb_issue *issue)
{
    static const enum sb_field passed[] = {SB_FIELD_VIA,    SB_FIELD_CODE, SB_FIELD_HOLDS_MANDATE,
                                           SB_FIELD_ANSWER, SB_FIELD_AT,   0};
    const struct sb_name function = reached_function(command, seat);
    char key[SB_SEAT_SIZE_MAX + 1];
    struct sb_record fields = {0};
    sb_seat_key(seat, key);
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REACHED);
    sb_record_set_hash(&fields, SB_FIELD_REF, &target->event.id);
    fields.at[SB_FIELD_INCIDENT] = target->event.fields.at[SB_FIELD_INCIDENT];
    sb_record_set_text(&fields, SB_FIELD_SEAT, key);
    sb_record_set_name(&fields, SB_FIELD_FUNCTION, &function);
    sb_record_set_number(&fields, SB_FIELD_ANSWERED_AT,
                         reached_at(command, &target->event.id, seat));
    sb_command_pass(command, passed, &fields);
    sb_issue_to_org(issue, &seat->org);
    return sb_issue_draft(issue, &fields, command->why);
}

static enum sb_err reached_issue(struct sb_command *command, const struct sb_broker_event *target)
{
    struct sb_seat seat;
    enum sb_err err = reached_seat(command, target, &seat);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_issuer issuer = sb_issuer_of(command);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    err = reached_draft(command, target, &seat, issue);
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_issue_destroy(issue);
    return err;
}

enum sb_err sb_broker_reached(struct sb_command *command)
{
    struct sb_hash id;
    struct sb_broker_event *target = NULL;
    enum sb_err err = reached_check(command);
    if (err == SB_ERR_OK) {
        err = sb_board_event(command, &id);
    }
    if (err == SB_ERR_OK) {
        err = sb_command_load(command, &id, &target);
    }
    if (err == SB_ERR_OK) {
        err = reached_issue(command, target);
    }
    sb_broker_event_destroy(target);
    return err;
}
