/* cmd_timeline.c: "timeline", "show" and "events": the log as people read it. */
#include "command.h"

/* Rows that one "events" looks at: a realm's few events among many of another must not hold up the
 * turn; the reply then says where to go on. */
#define EVENTS_LOOKED_AT_MAX 4096

static bool realm_is(const struct sb_command *command, const struct sb_broker_event *event)
{
    return sb_record_number(&event->event.fields, SB_FIELD_REALM) == command->realm;
}

static bool event_wanted(const struct sb_command *command, const struct sb_broker_event *event)
{
    return realm_is(command, event)
           && (!sb_record_has(command->args, SB_FIELD_KIND)
               || sb_record_number(command->args, SB_FIELD_KIND)
                      == sb_record_number(&event->event.fields, SB_FIELD_KIND));
}

/* The row says that the event cannot be read, and the log why. */
static void damage_row(struct sb_command *command, uint64_t index, uint64_t met,
                       struct sb_record *ret_row)
{
    struct sb_why why = {0};
    bool excused = sb_txn_excuse(command->turn->txn, met, &why);
    SB_ASSERT(excused);
    sb_txn_count(command->turn->txn, "broker/damaged");
    sb_effects_log(command->turn->effects, SB_LEVEL_ERROR,
                   "event-damaged verb=%s index=%llu why=%s", command->request->verb.text,
                   (unsigned long long)index, sb_quoted(why.text).text);
    sb_row_of_damage(index, ret_row);
}

/* Adds one event to a list, `brief` where it is wanted and without its texts. One that cannot be
 * read has its place there and holds up no other. False where the reply is full. */
static bool event_tell(struct sb_command *command, uint64_t index, bool brief)
{
    const uint64_t met = sb_txn_damages(command->turn->txn);
    struct sb_broker_event *event = sb_broker_event_find(command->turn->txn, index);
    struct sb_record row;
    bool wanted =
        event == NULL || (brief ? event_wanted(command, event) : realm_is(command, event));
    if (event != NULL && event->row.verdict == SB_ERR_ALREADY) {
        wanted = false; /* a copy that an agent handed back */
    }
    if (event != NULL && wanted) {
        sb_command_event_row(command, event, &row);
    }
    if (sb_txn_damages(command->turn->txn) != met) {
        damage_row(command, index, met, &row);
    } else if (brief && wanted) {
        sb_row_drop_texts(&row);
    }
    bool room = !wanted || sb_rows_add(command->rows, &row);
    command->next = room ? 0 : index;
    sb_broker_event_destroy(event);
    return room;
}

enum sb_err sb_broker_timeline(struct sb_command *command)
{
    static const struct sb_meant meant = {.kinds = SB_KIND_BIT(INFORMATION) | SB_KIND_BIT(INCIDENT)
                                                   | SB_KIND_BIT(ACTIVATION)
                                                   | SB_KIND_BIT(CONVENING) | SB_KIND_BIT(PICTURE),
                                          .what = {"post", "event"}};
    struct sb_hash id;
    struct sb_broker_event *of = NULL;
    enum sb_err err = sb_record_has(command->args, SB_FIELD_EVENT)
                          ? sb_command_event_any(command, &id)
                          : sb_command_event(command, &meant, &id);
    if (err == SB_ERR_OK) {
        err = sb_command_load(command, &id, &of);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_hash story = sb_story_of(command->turn->txn, &of->event);
    sb_broker_event_destroy(of);
    struct sb_broker_walk walk =
        sb_story_walk(&story, sb_record_number(command->args, SB_FIELD_OFFSET));
    uint64_t index = 0;
    while (sb_story_next(&walk, command->turn->txn, &index)
           && event_tell(command, index, false)) { /* what was refused may be of another realm */
    }
    return SB_ERR_OK;
}

enum sb_err sb_broker_show(struct sb_command *command)
{
    struct sb_hash id;
    struct sb_broker_event *event = NULL;
    enum sb_err err = sb_command_event_any(command, &id);
    if (err == SB_ERR_OK) {
        err = sb_command_load(command, &id, &event);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_record row;
    struct sb_why why = {0};
    sb_command_event_row(command, event, &row);
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

enum sb_err sb_broker_events(struct sb_command *command)
{
    uint64_t newest = sb_log_next_index(command->turn->txn) - 1;
    uint64_t from = sb_record_number(command->args, SB_FIELD_OFFSET);
    from = from == 0 || from > newest ? newest : from;
    for (uint64_t index = from; index > 0; index--) {
        if (from - index == EVENTS_LOOKED_AT_MAX) {
            command->next = index;
            break;
        }
        if (!event_tell(command, index, true)) {
            break;
        }
    }
    return SB_ERR_OK;
}
