/* command.c: what verbs share: arguments that must be there or are passed on, events as rows. */
#include "command.h"

#include <string.h>

static bool is_blank(struct sb_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] != ' ' && text.at[i] != '\t' && text.at[i] != '\n') {
            return false;
        }
    }
    return true;
}

/* A title is one line on every screen and in every message. */
static enum sb_err title_check(struct sb_command *command)
{
    struct sb_bytes title = sb_record_bytes(command->args, SB_FIELD_TITLE);
    if (title.size != 0 && memchr(title.at, '\n', title.size) != NULL) {
        return sb_why_say(command->why, SB_ERR_VALUE, "en rubrik är en rad; lägg resten i texten",
                          "a title is one line; put the rest into the text");
    }
    return SB_ERR_OK;
}

enum sb_err sb_command_needs(struct sb_command *command, const enum sb_field *fields)
{
    for (; *fields != 0; fields++) {
        const struct sb_value *value = &command->args->at[*fields];
        bool empty = sb_field_find(*fields)->type == SB_TYPE_TEXT && is_blank(value->bytes);
        if (!value->set || empty) {
            return sb_why_say(command->why, SB_ERR_MISSING,
                              "\"%s\" behöver uppgiften \"" SB_SV "\"", "\"%s\" needs " SB_EN,
                              command->request->verb.text, SB_FIELD_PAIR(sb_field_find(*fields)));
        }
    }
    return title_check(command);
}

void sb_command_pass(const struct sb_command *command, const enum sb_field *names,
                     struct sb_record *fields)
{
    for (; *names != 0; names++) {
        if (sb_record_has(command->args, *names)) {
            fields->at[*names] = command->args->at[*names];
        }
    }
}

void sb_command_event_row(const struct sb_command *command, const struct sb_broker_event *event,
                          struct sb_record *ret_row)
{
    struct sb_record head;
    sb_row_of_event(&event->event, event->row.index, event->row.accepted_at, event->row.verdict,
                    ret_row);
    if (sb_case_get(command->turn->txn, &event->event.id, &head)
        && sb_record_number(&head, SB_FIELD_RECALLED) != 0) {
        sb_record_set_number(ret_row, SB_FIELD_RECALLED, true);
    }
}
