/* cmd_picture.c: "picture": the compiled situation picture of an incident. Versions follow on each
 * other by themselves; sources bind to the version of the report that was read. */
#include "picture.h"

#include <stdio.h>
#include <string.h>

enum sb_err sb_picture_incident(struct sb_command *command, struct sb_hash *ret_incident)
{
    static const struct sb_meant meant = {.kinds = SB_KIND_BIT(INCIDENT),
                                          .running = true,
                                          .what = {"pågående händelse", "running incident"}};
    bool has = false;
    enum sb_err err = sb_command_incident(command, ret_incident, &has);
    if (err == SB_ERR_OK && !has) {
        err = sb_command_event(command, &meant, ret_incident);
    }
    return err;
}

static enum sb_err activated_forum(struct sb_command *command, const struct sb_hash *incident,
                                   struct sb_name *ret_forum)
{
    struct sb_broker_walk walk = sb_case_newest(command->realm, SB_KIND_ACTIVATION);
    struct sb_hash id;
    struct sb_record head;
    while (sb_case_next(&walk, command->turn->txn, &id, &head)) {
        struct sb_hash of;
        if (sb_record_hash(&head, SB_FIELD_INCIDENT, &of) && sb_hash_equal(&of, incident)
            && sb_record_number(&head, SB_FIELD_DONE) == 0
            && sb_record_number(&head, SB_FIELD_RECALLED) == 0) {
            *ret_forum = sb_record_name(&head, SB_FIELD_FORUM);
            return SB_ERR_OK;
        }
    }
    return sb_why_say(command->why, SB_ERR_MISSING,
                      "inget forum är aktiverat i händelsen; ange vilket forum som får lägesbilden",
                      "no forum is activated in this incident; say which forum gets the picture");
}

enum sb_err sb_picture_forum(struct sb_command *command, const struct sb_hash *incident,
                             struct sb_called *called, struct sb_forum *ret_forum)
{
    if (sb_record_has(command->args, SB_FIELD_FORUM)) {
        return sb_command_forum(command, called, ret_forum);
    }
    struct sb_name forum;
    enum sb_err err = activated_forum(command, incident, &forum);
    if (err == SB_ERR_OK) {
        err = sb_forum_find(command->turn->txn, &forum, ret_forum, command->why);
    }
    if (err == SB_ERR_OK) {
        err = sb_forum_seats(command->turn->txn, ret_forum, called, command->why);
    }
    return err;
}

static const enum sb_field sections[] = {SB_FIELD_HAPPENED,
                                         SB_FIELD_CONSEQUENCES,
                                         SB_FIELD_MEASURES,
                                         SB_FIELD_NEEDS,
                                         SB_FIELD_ASSESSMENT,
                                         SB_FIELD_MESSAGE,
                                         0};

static enum sb_err sections_check(struct sb_command *command)
{
    for (size_t i = 0; sections[i] != 0; i++) {
        if (sb_record_has(command->args, sections[i])) {
            return SB_ERR_OK;
        }
    }
    return sb_why_say(command->why, SB_ERR_MISSING,
                      "en lägesbild behöver minst ett av händelsen, konsekvenser, åtgärder, behov, "
                      "bedömning och budskap",
                      "a picture needs at least one of happened, consequences, measures, needs, "
                      "assessment and message");
}

/* "taby" becomes "taby/3": the version that there is now. What is no organisation of the register
 * ("SMHI 02:00") stays as written; a version that there is not is refused. */
static enum sb_err source_add(struct sb_command *command, const struct sb_hash *incident,
                              struct sb_bytes item, struct sb_list_writer *sources)
{
    const uint8_t *slash = item.size == 0 ? NULL : memchr(item.at, '/', item.size);
    size_t size = slash == NULL ? item.size : (size_t)(slash - item.at);
    struct sb_name org;
    struct sb_record row;
    if (size == 0 || !sb_name_read(sb_bytes(item.at, size), &org)
        || !sb_broker_row_get_name(command->turn->txn, SB_TABLE_ORG, &org, &row)) {
        sb_list_add(sources, item);
        return SB_ERR_OK;
    }
    uint64_t newest = 0;
    if (sb_version_get(command->turn->txn, command->realm, incident, &org, &row)) {
        newest = sb_record_number(&row, SB_FIELD_REVISION);
    }
    char text[SB_NAME_SIZE_MAX + 24];
    (void)snprintf(text, sizeof text, "%s/%llu", org.text, (unsigned long long)newest);
    if (newest == 0) {
        return sb_why_say(
            command->why, SB_ERR_NOT_FOUND,
            "%s har inte lämnat någon rapport om händelsen som kan anges som underlag",
            "%s has sent no report about this incident that could be cited", org.text);
    }
    if (slash == NULL) {
        sb_list_add(sources, sb_bytes_str(text));
        return SB_ERR_OK;
    }
    uint64_t version = 0;
    for (size_t i = size + 1; i < item.size; i++) {
        bool digit = item.at[i] >= '0' && item.at[i] <= '9' && version <= newest;
        version = digit ? 10 * version + (uint64_t)(item.at[i] - '0') : UINT64_MAX;
    }
    if (version == 0 || version > newest) {
        return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                          "\"%.*s\" anger ingen version av rapporten; den senaste är %s",
                          "\"%.*s\" cites no version of the report; the newest is %s",
                          (int)item.size, (const char *)item.at, text);
    }
    sb_list_add(sources, item);
    return SB_ERR_OK;
}

static enum sb_err sources_read(struct sb_command *command, const struct sb_hash *incident,
                                struct sb_list_writer *sources)
{
    struct sb_list_reader reader = sb_list_read(sb_record_bytes(command->args, SB_FIELD_SOURCES));
    struct sb_bytes item;
    enum sb_err err = SB_ERR_OK;
    while (err == SB_ERR_OK && sb_list_next(&reader, &item)) {
        err = source_add(command, incident, item, sources);
    }
    return err;
}

struct picture {
    struct sb_hash incident, before;
    struct sb_forum forum;
    struct sb_called called;
    struct sb_list_writer sources;
};

static void picture_version(struct sb_command *command, struct picture *picture,
                            struct sb_record *fields)
{
    struct sb_record row;
    uint64_t revision = 1;
    if (sb_version_get(command->turn->txn, command->realm, &picture->incident, NULL, &row)
        && sb_record_hash(&row, SB_FIELD_ID, &picture->before)) {
        revision = sb_record_number(&row, SB_FIELD_REVISION) + 1;
        sb_record_set_hash(fields, SB_FIELD_SUPERSEDES, &picture->before);
    }
    sb_record_set_number(fields, SB_FIELD_REVISION, revision);
}

static enum sb_err picture_draft(struct sb_command *command, struct picture *picture,
                                 struct sb_issue *issue)
{
    static const enum sb_field passed[] = {SB_FIELD_TITLE, SB_FIELD_VALID_AT, 0};
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_PICTURE);
    sb_record_set_number(&fields, SB_FIELD_VALID_AT, command->turn->now.wall_ms);
    sb_command_pass(command, passed, &fields);
    sb_command_pass(command, sections, &fields);
    sb_forum_set(&picture->forum, &fields);
    sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &picture->incident);
    picture_version(command, picture, &fields);
    enum sb_err err = sb_command_times(command, &fields);
    if (err == SB_ERR_OK) {
        err = sources_read(command, &picture->incident, &picture->sources);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    if (picture->sources.count > 0) {
        sb_record_set_bytes(&fields, SB_FIELD_SOURCES, sb_list_bytes(&picture->sources));
    }
    sb_issue_to_called(issue, &picture->called);
    return sb_issue_draft_calling(issue, &picture->called, &fields, command->why);
}

enum sb_err sb_broker_picture(struct sb_command *command)
{
    struct picture picture;
    memset(&picture, 0, sizeof picture);
    sb_called_init(&picture.called);
    sb_list_init(&picture.sources);
    struct sb_issuer issuer = sb_issuer_of(command);
    struct sb_issue *issue = sb_issue_new(command->turn, &issuer);
    enum sb_err err = sections_check(command);
    if (err == SB_ERR_OK) {
        err = sb_picture_incident(command, &picture.incident);
    }
    if (err == SB_ERR_OK) {
        err = sb_picture_forum(command, &picture.incident, &picture.called, &picture.forum);
    }
    if (err == SB_ERR_OK) {
        err = picture_draft(command, &picture, issue);
    }
    if (err == SB_ERR_OK) {
        sb_issue_store(issue);
        sb_issue_tell(issue, command);
    }
    sb_issue_destroy(issue);
    sb_list_finish(&picture.sources);
    sb_called_finish(&picture.called);
    return err;
}
