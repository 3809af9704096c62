/* find_event.c: which event a person means: by id, by its first digits, or left out. */
#include "command.h"

static enum sb_err realm_check(struct sb_command *command, const struct sb_hash *id,
                               const struct sb_broker_event *event)
{
    uint64_t realm = sb_record_number(&event->event.fields, SB_FIELD_REALM);
    if (realm == command->realm) {
        return SB_ERR_OK;
    }
    char text[2 * SB_HASH_SIZE + 1];
    sb_hex_write(sb_hash_bytes(id), text);
    const struct sb_word *word = sb_word_find(SB_FIELD_REALM, (unsigned)realm);
    const struct sb_word *own = sb_word_find(SB_FIELD_REALM, command->realm);
    SB_ASSERT(own != NULL); /* the event's own may be unreadable, the operator's is not */
    const struct sb_phrase its =
        word == NULL ? (struct sb_phrase){"?", "?"} : (struct sb_phrase){SB_PAIR(*word)};
    return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                      "posten %.12s hör till " SB_SV " och du arbetar i " SB_SV
                      "; byt till en profil för den",
                      "the event %.12s is in the realm " SB_EN " and you work in " SB_EN
                      "; use a profile of that realm",
                      text, SB_PAIR(its), SB_PAIR(*own));
}

enum sb_err sb_command_load(struct sb_command *command, const struct sb_hash *id,
                            struct sb_broker_event **ret_event)
{
    char text[2 * SB_HASH_SIZE + 1];
    struct sb_broker_event *event = sb_broker_event_find_id(command->turn->txn, id);
    if (event == NULL) {
        sb_hex_write(sb_hash_bytes(id), text);
        sb_txn_damage(command->turn->txn, "posten %s finns inte i loggen",
                      "the event %s is not in the log", text);
        return SB_ERR_CORRUPT;
    }
    *ret_event = event;
    return SB_ERR_OK;
}

/* The event that EVENT names; the caller destroys it. */
static enum sb_err event_named(struct sb_command *command, struct sb_broker_event **ret_event)
{
    struct sb_hash id;
    enum sb_err err = sb_log_find_prefix(
        command->turn->txn, sb_record_bytes(command->args, SB_FIELD_EVENT), &id, command->why);
    struct sb_broker_event *event = NULL;
    if (err == SB_ERR_OK) {
        err = sb_command_load(command, &id, &event);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    err = realm_check(command, &id, event);
    if (err == SB_ERR_OK) {
        *ret_event = event;
    } else {
        sb_broker_event_destroy(event);
    }
    return err;
}

enum sb_err sb_command_event_any(struct sb_command *command, struct sb_hash *ret_id)
{
    static const enum sb_field needs[] = {SB_FIELD_EVENT, 0};
    struct sb_broker_event *event = NULL;
    enum sb_err err = sb_command_needs(command, needs);
    if (err == SB_ERR_OK) {
        err = event_named(command, &event);
    }
    if (err == SB_ERR_OK) {
        *ret_id = event->event.id;
        sb_broker_event_destroy(event);
    }
    return err;
}

static bool head_runs(const struct sb_record *head)
{
    return sb_record_number(head, SB_FIELD_RECALLED) == 0
           && sb_record_number(head, SB_FIELD_DONE) == 0;
}

/* Of two of the same order the later in the log: an alert's convening, not its incident. */
struct newest {
    uint64_t order, index;
};

static bool is_newer(const struct newest *a, const struct newest *b)
{
    return a->order > b->order || (a->order == b->order && a->index > b->index);
}

/* The newest of one kind, newer than `*newest`. */
static void newest_of(struct sb_command *command, const struct sb_meant *meant, enum sb_kind kind,
                      struct newest *newest, struct sb_hash *ret_id)
{
    struct sb_broker_walk walk = sb_case_newest(command->realm, kind);
    struct sb_hash id;
    struct sb_record head;
    while (sb_case_next(&walk, command->turn->txn, &id, &head)) {
        const struct newest at = {sb_record_number(&head, SB_FIELD_TURN),
                                  sb_record_number(&head, SB_FIELD_INDEX)};
        if (!is_newer(&at, newest)) {
            return;
        }
        if (!meant->running || head_runs(&head)) {
            *newest = at;
            *ret_id = id;
            return;
        }
    }
}

static enum sb_err event_newest(struct sb_command *command, const struct sb_meant *meant,
                                struct sb_hash *ret_id)
{
    struct newest newest = {0};
    struct sb_hash id = {0};
    const struct sb_kind_row *kind = NULL;
    for (unsigned at = 0; (kind = sb_kind_at(at)) != NULL; at++) {
        if ((meant->kinds & (1u << kind->kind)) != 0) {
            newest_of(command, meant, kind->kind, &newest, &id);
        }
    }
    if (newest.index == 0) {
        return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                          "det finns ingen post (" SB_SV ") som \"%s\" kan gälla",
                          "there is no " SB_EN " that \"%s\" can mean", SB_PAIR(meant->what),
                          command->request->verb.text);
    }
    *ret_id = id;
    return SB_ERR_OK;
}

enum sb_err sb_command_event(struct sb_command *command, const struct sb_meant *meant,
                             struct sb_hash *ret_id)
{
    if (!sb_record_has(command->args, SB_FIELD_EVENT)) {
        return event_newest(command, meant, ret_id);
    }
    struct sb_broker_event *event = NULL;
    enum sb_err err = event_named(command, &event);
    if (err != SB_ERR_OK) {
        return err;
    }
    const struct sb_kind_row *kind = event->event.kind;
    struct sb_record head;
    if (kind == NULL || (meant->kinds & (1u << kind->kind)) == 0) {
        const struct sb_phrase is = kind == NULL
                                        ? (struct sb_phrase){"okänt här", "kind unknown here"}
                                        : (struct sb_phrase){SB_PAIR(*kind)};
        err = sb_why_say(command->why, SB_ERR_VALUE,
                         "posten är av slaget " SB_SV "; \"%s\" behöver " SB_SV,
                         "the event is a " SB_EN "; \"%s\" needs a " SB_EN, SB_PAIR(is),
                         command->request->verb.text, SB_PAIR(meant->what));
    } else if (sb_case_get(command->turn->txn, &event->event.id, &head)) {
        *ret_id = event->event.id;
    } else if (event->row.stream_agent.text[0] == '\0') {
        sb_txn_damage(command->turn->txn, "rad %llu i loggen saknar sin huvudrad",
                      "row %llu of the log has no head row", (unsigned long long)event->row.index);
        err = SB_ERR_CORRUPT;
    } else {
        err = sb_why_say(command->why, SB_ERR_NOT_FOUND,
                         "posten kom från %s och avvisades; inget kan gälla den",
                         "the event came from %s and was refused; nothing can be about it",
                         event->row.stream_agent.text);
    }
    sb_broker_event_destroy(event);
    return err;
}
