/* cmd_timeline.c: "timeline", "show" and "events": the log as people read it. */
#include "command.h"

/* Rows that one "events" looks at: a realm's few events among many of another must not hold up the
 * turn; the reply then says where to go on. */
#define EVENTS_LOOKED_AT_MAX 4096

static bool realm_is(const struct sb_command *command, const struct sb_broker_event *event)
{
    return sb_record_number(&event->event.fields, SB_FIELD_REALM) == command->realm;
}

enum sb_err sb_broker_timeline(struct sb_command *command)
{
    static const struct sb_meant meant = {.kinds = SB_KIND_BIT(INFORMATION) | SB_KIND_BIT(INCIDENT)
                                                   | SB_KIND_BIT(ACTIVATION)
                                                   | SB_KIND_BIT(CONVENING) | SB_KIND_BIT(PICTURE),
                                          .what = {"post", "event"}};
    struct sb_hash id;
    enum sb_err err = sb_record_has(command->args, SB_FIELD_EVENT)
                          ? sb_command_event_any(command, &id)
                          : sb_command_event(command, &meant, &id);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_broker_event *of = sb_broker_event_find_id(command->turn->txn, &id);
    SB_ASSERT(of != NULL);
    struct sb_hash story = sb_story_of(command->turn->txn, &of->event);
    sb_broker_event_destroy(of);
    struct sb_broker_walk walk =
        sb_story_walk(&story, sb_record_number(command->args, SB_FIELD_OFFSET));
    uint64_t index = 0;
    bool room = true;
    while (room && sb_story_next(&walk, command->turn->txn, &index)) {
        struct sb_record row;
        struct sb_broker_event *event = sb_broker_event_find(command->turn->txn, index);
        SB_ASSERT(event != NULL);
        if (realm_is(command, event)) { /* what was refused, and its verdict, may be of another */
            sb_command_event_row(event, &row);
            room = sb_rows_add(command->rows, &row);
            command->next = room ? 0 : index;
        }
        sb_broker_event_destroy(event);
    }
    return SB_ERR_OK;
}

enum sb_err sb_broker_show(struct sb_command *command)
{
    struct sb_hash id;
    enum sb_err err = sb_command_event_any(command, &id);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_broker_event *event = sb_broker_event_find_id(command->turn->txn, &id);
    SB_ASSERT(event != NULL);
    struct sb_record row;
    struct sb_why why = {0};
    sb_command_event_row(event, &row);
    bool is_signed =
        event->read == SB_ERR_OK
        && sb_event_check_signature(&event->row.sealed, &event->event, &command->turn->config->root,
                                    event->row.accepted_at, &command->turn->broker->known, &why)
               == SB_ERR_OK;
    sb_record_set_number(&row, SB_FIELD_SIGNED, is_signed);
    if (event->row.audience.size > 0) {
        sb_record_set_bytes(&row, SB_FIELD_AUDIENCE, event->row.audience);
    }
    bool room = sb_rows_add(command->rows, &row);
    SB_ASSERT(room); /* the first row always fits */
    sb_broker_event_destroy(event);
    return SB_ERR_OK;
}

/* All but the texts, of which the title stays. */
static void texts_drop(struct sb_record *row)
{
    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        const struct sb_field_row *field = sb_field_find(number);
        if (field != NULL && field->part == SB_PART_TEXT && field->field != SB_FIELD_TITLE) {
            sb_record_unset(row, field->field);
        }
    }
}

static bool event_wanted(const struct sb_command *command, const struct sb_broker_event *event)
{
    return realm_is(command, event)
           && (!sb_record_has(command->args, SB_FIELD_KIND)
               || sb_record_number(command->args, SB_FIELD_KIND)
                      == sb_record_number(&event->event.fields, SB_FIELD_KIND));
}

enum sb_err sb_broker_events(struct sb_command *command)
{
    uint64_t newest = sb_log_next_index(command->turn->txn) - 1;
    uint64_t from = sb_record_number(command->args, SB_FIELD_OFFSET);
    from = from == 0 || from > newest ? newest : from;
    bool room = true;
    for (uint64_t index = from; index > 0 && room; index--) {
        if (from - index == EVENTS_LOOKED_AT_MAX) {
            command->next = index;
            break;
        }
        struct sb_broker_event *event = sb_broker_event_find(command->turn->txn, index);
        if (event == NULL) {
            return sb_why_say(
                command->why, SB_ERR_CORRUPT,
                "post %llu saknas i loggen: lagringen är skadad; kör samband verify",
                "row %llu is not in the log: the store is damaged; run samband verify",
                (unsigned long long)index);
        }
        if (event_wanted(command, event)) {
            struct sb_record row;
            sb_command_event_row(event, &row);
            texts_drop(&row);
            room = sb_rows_add(command->rows, &row);
            command->next = room ? 0 : index;
        }
        sb_broker_event_destroy(event);
    }
    return SB_ERR_OK;
}
