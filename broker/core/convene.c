/* convene.c: which forum, who is called, about what, until when. Makes no event. */
#include "convene.h"

#include <stdio.h>
#include <string.h>

#define LENGTH_MAX_MIN   20160    /* two weeks: longer is an activation, not a meeting */
#define STARTS_PASSED_MS 3600000u /* a meeting that began an hour ago is a slip of the finger */

enum sb_err sb_forum_find(struct sb_txn *txn, const struct sb_name *id, struct sb_forum *ret_forum,
                          struct sb_why *why)
{
    struct sb_record row;
    if (!sb_broker_row_get_name(txn, SB_TABLE_FORUM, id, &row)) {
        return sb_why_say(
            why, SB_ERR_NOT_FOUND, "det finns inget forum %s; \"forum list\" visar de inlästa",
            "there is no forum %s; \"forum list\" shows those that are loaded", id->text);
    }
    struct sb_bytes name = sb_record_bytes(&row, SB_FIELD_NAME);
    struct sb_forum forum = {.forum = *id,
                             .level = (unsigned)sb_record_number(&row, SB_FIELD_LEVEL),
                             .mode = (unsigned)sb_record_number(&row, SB_FIELD_MODE)};
    (void)snprintf(forum.name, sizeof forum.name, "%.*s", (int)name.size, (const char *)name.at);
    *ret_forum = forum;
    return SB_ERR_OK;
}

/* The seats of a forum, of one organisation or (`only` NULL) of all. */
static enum sb_err forum_call(struct sb_txn *txn, const struct sb_name *forum,
                              const struct sb_name *only, struct sb_called *called,
                              struct sb_why *why)
{
    struct sb_record row;
    struct sb_register reg;
    bool found = sb_broker_row_get_name(txn, SB_TABLE_FORUM, forum, &row);
    SB_ASSERT(found);
    sb_register_read(txn, &reg);
    enum sb_err err =
        sb_forum_call(&reg, sb_record_bytes(&row, SB_FIELD_SEAT_RULES), only, called, why);
    sb_register_finish(&reg);
    return err;
}

enum sb_err sb_forum_seats(struct sb_txn *txn, const struct sb_forum *forum,
                           struct sb_called *called, struct sb_why *why)
{
    size_t before = called->count;
    enum sb_err err = forum_call(txn, &forum->forum, NULL, called, why);
    if (err == SB_ERR_OK && called->count == before) {
        return sb_why_say(why, SB_ERR_NOT_FOUND,
                          "forumet %s kallar ingen: registret har ingen organisation av dess "
                          "kategorier; läs in registret först",
                          "the forum %s calls nobody: no organisation of its categories is in the "
                          "register; load the register first",
                          forum->forum.text);
    }
    return err;
}

/* The function in which an organisation is called where only its name is given: that of the named
 * forum; else of the first coordinating forum that calls it; else its duty officer. */
static enum sb_err org_seat(struct sb_command *command, const struct sb_name *forum,
                            const struct sb_name *org, struct sb_seat *ret_seat)
{
    struct sb_called called;
    sb_called_init(&called);
    enum sb_err err = SB_ERR_OK;
    uint64_t turn = UINT64_MAX;
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_FORUM, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    struct sb_seat best = {.org = *org, .function = sb_name("tib")};
    while (err == SB_ERR_OK && sb_broker_walk_next(&walk, command->turn->txn, &key, &value)) {
        struct sb_record row;
        struct sb_name name;
        sb_broker_row_read(value, &row);
        uint64_t at = sb_record_number(&row, SB_FIELD_TURN) + 1;
        if (sb_record_number(&row, SB_FIELD_LEVEL) != SB_LEVEL_SAMORDNANDE_FORUM
            || sb_record_number(&row, SB_FIELD_MODE) != SB_MODE_AKTIVERAT) {
            at += SB_FORUMS_MAX; /* a forum that meets in an emergency goes first */
        }
        if (!sb_name_read(key, &name)) {
            continue;
        }
        at = sb_name_equal(&name, forum) ? 0 : at;
        called.count = 0;
        err = at < turn ? forum_call(command->turn->txn, &name, org, &called, command->why) : err;
        for (size_t i = called.count; i > 0; i--) {
            if (!called.seat[i - 1].supports) {
                best = called.seat[i - 1];
                turn = at;
            }
        }
    }
    sb_called_finish(&called);
    *ret_seat = best;
    return err;
}

/* A seat that the named forum has is called as it stands there: via whom, and whether it supports.
 */
static enum sb_err seat_as_in(struct sb_command *command, const struct sb_name *forum,
                              struct sb_seat *seat)
{
    struct sb_called called;
    sb_called_init(&called);
    enum sb_err err = forum_call(command->turn->txn, forum, &seat->org, &called, command->why);
    for (size_t i = 0; i < called.count; i++) {
        if (sb_name_equal(&called.seat[i].function, &seat->function)) {
            *seat = called.seat[i];
        }
    }
    sb_called_finish(&called);
    return err;
}

static bool called_has(const struct sb_called *called, const struct sb_name *function)
{
    for (size_t i = 0; i < called->count; i++) {
        if (sb_name_equal(&called->seat[i].function, function)
            || sb_name_equal(&called->seat[i].via, function)) {
            return true;
        }
    }
    return false;
}

static bool mandate_known(struct sb_txn *txn, const struct sb_seat *seat)
{
    struct sb_key key;
    struct sb_bytes found;
    struct sb_bytes value;
    sb_key_init(&key);
    sb_key_add_name(&key, seat->org.text);
    sb_key_add_name(&key, seat->function.text);
    return sb_txn_seek(txn, SB_TABLE_MANDATE, sb_key_bytes(&key), &found, &value)
           && sb_bytes_starts_with(found, sb_key_bytes(&key));
}

/* The centre calls functions, not persons: a word that no forum has a seat for and the organisation
 * has declared no mandate for is a slip of the finger or a name, and its agent would find nobody.
 */
static enum sb_err function_check(struct sb_command *command, const struct sb_seat *seat)
{
    struct sb_called called;
    sb_called_init(&called);
    enum sb_err err = SB_ERR_OK;
    bool known = mandate_known(command->turn->txn, seat);
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_FORUM, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    while (!known && err == SB_ERR_OK
           && sb_broker_walk_next(&walk, command->turn->txn, &key, &value)) {
        struct sb_name name;
        called.count = 0;
        if (sb_name_read(key, &name)) {
            err = forum_call(command->turn->txn, &name, NULL, &called, command->why);
        }
        known = called_has(&called, &seat->function);
    }
    sb_called_finish(&called);
    if (err == SB_ERR_OK && !known) {
        err = sb_why_say(
            command->why, SB_ERR_NOT_FOUND,
            "inget forum har funktionen %s och %s har inget mandat för den; funktioner kallas, "
            "inte personer: \"forum list\" visar dem",
            "no forum has the function %s and %s has no mandate for it; functions are "
            "called, not persons: \"forum list\" shows them",
            seat->function.text, seat->org.text);
    }
    return err;
}

/* One item of TO that is no forum. */
static enum sb_err item_called(struct sb_command *command, const struct sb_name *forum,
                               struct sb_bytes item, struct sb_called *called)
{
    struct sb_seat seat = {.supports = false};
    struct sb_record row;
    bool whole_org = item.size == 0 || memchr(item.at, '/', item.size) == NULL;
    bool form = whole_org ? sb_name_read(item, &seat.org) : sb_seat_read(item, &seat);
    if (!form || !sb_broker_row_get_name(command->turn->txn, SB_TABLE_ORG, &seat.org, &row)) {
        return sb_why_say(
            command->why, SB_ERR_NOT_FOUND,
            "\"%.*s\" är inget forum, ingen organisation och ingen organisation/funktion; \"org "
            "list\" och \"forum list\" visar dem",
            "\"%.*s\" is no forum, organisation or organisation/function; \"org list\" "
            "and \"forum list\" show them",
            (int)item.size, (const char *)item.at);
    }
    enum sb_err err = SB_ERR_OK;
    if (whole_org) {
        err = org_seat(command, forum, &seat.org, &seat);
    } else {
        err = function_check(command, &seat);
        if (err == SB_ERR_OK && forum->text[0] != '\0') {
            err = seat_as_in(command, forum, &seat);
        }
    }
    return err == SB_ERR_OK ? sb_called_add(called, &seat, command->why) : err;
}

/* Every item of TO. *ret_only becomes the one forum among them, "" where there is none or several.
 */
static enum sb_err to_called(struct sb_command *command, const struct sb_name *forum,
                             struct sb_called *called, struct sb_name *ret_only)
{
    struct sb_list_reader reader = sb_list_read(sb_record_bytes(command->args, SB_FIELD_TO));
    struct sb_bytes item;
    unsigned forums = 0;
    enum sb_err err = SB_ERR_OK;
    while (err == SB_ERR_OK && sb_list_next(&reader, &item)) {
        struct sb_name name;
        struct sb_record row;
        if (item.size > 0 && sb_name_read(item, &name)
            && sb_broker_row_get_name(command->turn->txn, SB_TABLE_FORUM, &name, &row)) {
            forums++;
            *ret_only = name;
            err = forum_call(command->turn->txn, &name, NULL, called, command->why);
        } else {
            err = item_called(command, forum, item, called);
        }
    }
    if (forums != 1) {
        *ret_only = sb_name("");
    }
    return err;
}

enum sb_err sb_command_forum(struct sb_command *command, struct sb_called *called,
                             struct sb_forum *ret_forum)
{
    static const enum sb_field needs[] = {SB_FIELD_FORUM, 0};
    enum sb_err err = sb_command_needs(command, needs);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_name id = sb_record_name(command->args, SB_FIELD_FORUM);
    err = sb_forum_find(command->turn->txn, &id, ret_forum, command->why);
    if (err == SB_ERR_OK) {
        err = sb_forum_seats(command->turn->txn, ret_forum, called, command->why);
    }
    return err;
}

enum sb_err sb_command_called(struct sb_command *command, struct sb_called *called,
                              struct sb_forum *ret_forum)
{
    if (sb_list_count(sb_record_bytes(command->args, SB_FIELD_TO)) == 0) {
        return sb_command_forum(command, called, ret_forum);
    }
    struct sb_name id = sb_record_name(command->args, SB_FIELD_FORUM);
    struct sb_name only = {{0}};
    struct sb_forum forum = {.level = 0};
    enum sb_err err = SB_ERR_OK;
    if (id.text[0] != '\0') { /* FORUM must exist also where TO narrows it */
        err = sb_forum_find(command->turn->txn, &id, &forum, command->why);
    }
    if (err == SB_ERR_OK) {
        err = to_called(command, &id, called, &only);
    }
    if (err == SB_ERR_OK && id.text[0] == '\0' && only.text[0] != '\0') {
        err = sb_forum_find(command->turn->txn, &only, &forum, command->why);
    }
    if (err == SB_ERR_OK && called->count == 0) {
        err = sb_why_say(command->why, SB_ERR_NOT_FOUND,
                         "ingen kallas: registret har ingen organisation i dessa forum",
                         "nobody is called: no organisation of these forums is in the register");
    }
    if (err == SB_ERR_OK) {
        *ret_forum = forum;
    }
    return err;
}

enum sb_err sb_command_incident(struct sb_command *command, struct sb_hash *ret_incident,
                                bool *ret_has)
{
    static const struct sb_meant meant = {
        .kinds = SB_KIND_BIT(INCIDENT) | SB_KIND_BIT(ACTIVATION) | SB_KIND_BIT(CONVENING)
                 | SB_KIND_BIT(INFORMATION) | SB_KIND_BIT(PICTURE),
        .what = {"händelse", "incident"}};
    *ret_has = sb_record_has(command->args, SB_FIELD_EVENT);
    if (!*ret_has) {
        return SB_ERR_OK;
    }
    struct sb_hash id;
    enum sb_err err = sb_command_event(command, &meant, &id);
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_record head;
    bool found = sb_case_get(command->turn->txn, &id, &head);
    SB_ASSERT(found);
    if (sb_record_number(&head, SB_FIELD_KIND) != SB_KIND_INCIDENT
        && !sb_record_hash(&head, SB_FIELD_INCIDENT, &id)) {
        return sb_why_say(command->why, SB_ERR_VALUE, "posten hör inte till någon händelse",
                          "the event belongs to no incident");
    }
    found = sb_case_get(command->turn->txn, &id, &head);
    if (!found || sb_record_number(&head, SB_FIELD_RECALLED) != 0) {
        return sb_why_say(command->why, SB_ERR_VALUE,
                          "händelsen är återkallad; utelämna den så görs en ny",
                          "the incident was recalled; leave EVENT out to make a new one");
    }
    *ret_incident = id;
    return SB_ERR_OK;
}

enum sb_err sb_command_times(struct sb_command *command, struct sb_record *fields)
{
    uint64_t now = command->turn->now.wall_ms;
    uint64_t answer_by = sb_record_has(command->args, SB_FIELD_ANSWER_BY)
                             ? sb_record_number(command->args, SB_FIELD_ANSWER_BY)
                             : now + SB_ANSWER_BY_DEFAULT_MS;
    uint64_t secrecy = sb_record_has(command->args, SB_FIELD_SECRECY)
                           ? sb_record_number(command->args, SB_FIELD_SECRECY)
                           : SB_SECRECY_OPEN;
    if (answer_by <= now) {
        return sb_why_say(command->why, SB_ERR_VALUE,
                          "svarstiden har redan gått ut; ange en kommande tid, eller utelämna den "
                          "för %d min från nu",
                          "answer_by has passed already; give a time to come, or leave it out for "
                          "%d min from now",
                          SB_ANSWER_BY_DEFAULT_MS / 60000);
    }
    if (sb_record_has(command->args, SB_FIELD_STARTS)
        && sb_record_number(command->args, SB_FIELD_STARTS) + STARTS_PASSED_MS < now) {
        return sb_why_say(command->why, SB_ERR_VALUE,
                          "starten var för mer än en timme sedan; kontrollera datumet",
                          "starts has passed more than an hour ago; check the date");
    }
    uint64_t starts = sb_record_number(command->args, SB_FIELD_STARTS);
    if (starts > now && sb_record_has(command->args, SB_FIELD_ANSWER_BY) && answer_by > starts) {
        return sb_why_say(command->why, SB_ERR_VALUE,
                          "svarstiden går ut efter starten; ange en tidigare svarstid",
                          "answer_by is after the start; give an earlier time to answer by");
    }
    if (sb_record_has(command->args, SB_FIELD_LENGTH)
        && sb_record_number(command->args, SB_FIELD_LENGTH) - 1 >= LENGTH_MAX_MIN) {
        return sb_why_say(command->why, SB_ERR_VALUE, "längden anges i minuter, 1 till %d",
                          "the length is in minutes, 1 to %d", LENGTH_MAX_MIN);
    }
    if (sb_word_find(SB_FIELD_SECRECY, (unsigned)secrecy) == NULL) {
        return sb_why_say(command->why, SB_ERR_VALUE, "det finns ingen sekretessmarkering %llu",
                          "there is no secrecy marking %llu", (unsigned long long)secrecy);
    }
    sb_record_set_number(fields, SB_FIELD_ANSWER_BY, answer_by);
    sb_record_set_number(fields, SB_FIELD_SECRECY, secrecy);
    return SB_ERR_OK;
}

void sb_forum_set(const struct sb_forum *forum, struct sb_record *fields)
{
    if (forum->forum.text[0] != '\0') {
        sb_record_set_name(fields, SB_FIELD_FORUM, &forum->forum);
        sb_record_set_number(fields, SB_FIELD_LEVEL, forum->level);
    }
}
