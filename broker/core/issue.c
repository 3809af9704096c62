/* issue.c: sealing and storing the broker's own events. What they say was decided by the verb. */
#include "issue.h"

#include "own.h"

#include <stdlib.h>

struct sb_issuer sb_issuer_of(const struct sb_command *command)
{
    return (struct sb_issuer){.realm = command->realm,
                              .function = sb_name("tib"),
                              .subject = command->subject,
                              .order = command->order};
}

struct sb_issue *sb_issue_new(struct sb_broker_turn *turn, const struct sb_issuer *issuer)
{
    struct sb_issue *issue = sb_alloc(1, sizeof *issue);
    issue->turn = turn;
    issue->issuer = *issuer;
    sb_list_init(&issue->audience);
    return issue;
}

void sb_issue_destroy(struct sb_issue *issue)
{
    if (issue == NULL) {
        return;
    }
    for (unsigned i = 0; i < issue->count; i++) {
        sb_buf_finish(&issue->draft[i].bytes);
    }
    sb_list_finish(&issue->audience);
    free(issue);
}

void sb_issue_to_called(struct sb_issue *issue, const struct sb_called *called)
{
    sb_called_audience(called, &issue->audience);
}

void sb_issue_to_audience(struct sb_issue *issue, struct sb_bytes list)
{
    struct sb_list_reader reader = sb_list_read(list);
    struct sb_bytes org;
    while (sb_list_next(&reader, &org)) {
        sb_list_add(&issue->audience, org);
    }
}

void sb_issue_to_org(struct sb_issue *issue, const struct sb_name *org)
{
    sb_list_add(&issue->audience, sb_name_bytes(org));
}

void sb_issue_group(struct sb_issue *issue, uint8_t group[SB_GROUP_SIZE])
{
    sb_entropy_take(issue->turn->entropy, group, SB_GROUP_SIZE);
}

/* What the header says of who speaks, for whom and to how many. */
static void draft_fill(struct sb_issue *issue, struct sb_record *fields, struct sb_hash digests[2])
{
    const struct sb_issuer *issuer = &issue->issuer;
    sb_record_set_number(fields, SB_FIELD_REALM, issuer->realm);
    sb_record_set_number(fields, SB_FIELD_ISSUED, issue->turn->now.wall_ms);
    sb_record_set_name(fields, SB_FIELD_ORIGIN, &issue->turn->config->org);
    if (issuer->subject.text[0] != '\0') {
        sb_record_set_name(fields, SB_FIELD_ISSUER_FUNCTION, &issuer->function);
        sb_record_set_name(fields, SB_FIELD_ISSUER, &issuer->subject);
    }
    if (issuer->order.size > 0) {
        digests[0] = sb_hash_one("order", issuer->order);
        sb_record_set_bytes(fields, SB_FIELD_ORDER, issuer->order);
        sb_record_set_hash(fields, SB_FIELD_ORDER_DIGEST, &digests[0]);
    }
    if (issue->audience.count > 0) {
        digests[1] = sb_hash_one("audience", sb_list_bytes(&issue->audience));
        sb_record_set_number(fields, SB_FIELD_AUDIENCE_COUNT, issue->audience.count);
        sb_record_set_hash(fields, SB_FIELD_AUDIENCE_DIGEST, &digests[1]);
    }
}

enum sb_err sb_issue_draft(struct sb_issue *issue, struct sb_record *fields, struct sb_why *why)
{
    SB_ASSERT(issue->count < SB_DRAFTS_MAX);
    if (issue->issuer.order.size > 0 && sb_txn_damages(issue->turn->txn) > 0) {
        return SB_ERR_CORRUPT;
    }
    struct sb_hash digests[2];
    draft_fill(issue, fields, digests);
    enum sb_field missing = sb_event_missing(fields);
    if (missing != 0) {
        return sb_why_say(why, SB_ERR_MISSING, "uppgiften \"" SB_SV "\" saknas",
                          SB_EN " is missing", SB_FIELD_PAIR(sb_field_find(missing)));
    }
    struct sb_draft *draft = &issue->draft[issue->count];
    sb_buf_init(&draft->bytes, SB_ENTRY_SIZE_MAX);
    struct sb_seal_by by = {.signer = &issue->turn->config->realm[issue->issuer.realm],
                            .cert = issue->turn->config->cert};
    enum sb_err err =
        sb_event_seal(fields, &by, issue->turn->entropy, &draft->bytes, &draft->sealed, why);
    if (err == SB_ERR_OK) {
        err = sb_event_read(&draft->sealed, &draft->event, why);
    }
    if (err != SB_ERR_OK) {
        sb_buf_finish(&draft->bytes);
        return err;
    }
    issue->count++;
    return SB_ERR_OK;
}

enum sb_err sb_issue_draft_calling(struct sb_issue *issue, const struct sb_called *called,
                                   struct sb_record *fields, struct sb_why *why)
{
    struct sb_list_writer seats;
    sb_list_init(&seats);
    sb_called_seats(called, &seats);
    sb_record_set_bytes(fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    enum sb_err err = sb_issue_draft(issue, fields, why);
    sb_record_unset(fields, SB_FIELD_SEATS);
    sb_list_finish(&seats);
    return err;
}

static void draft_log(const struct sb_issue *issue, const struct sb_draft *draft)
{
    if (draft->event.kind->kind == SB_KIND_VERDICT) {
        return; /* told as entry-refused, once an interval: an agent decides how often */
    }
    char id[2 * SB_HASH_SIZE + 1];
    sb_hex_write(sb_hash_bytes(&draft->event.id), id);
    struct sb_name forum = sb_record_name(&draft->event.fields, SB_FIELD_FORUM);
    sb_effects_log(
        issue->turn->effects, SB_LEVEL_NOTICE,
        "event-issued id=%.12s index=%llu kind=%s realm=%s forum=%s organisations=%u by=%s", id,
        (unsigned long long)draft->index, draft->event.kind->json,
        sb_word_find(SB_FIELD_REALM, issue->issuer.realm)->json,
        forum.text[0] == '\0' ? "-" : forum.text, issue->audience.count,
        issue->issuer.subject.text[0] == '\0' ? "-" : issue->issuer.subject.text);
}

void sb_issue_store(struct sb_issue *issue)
{
    SB_ASSERT(issue->count > 0);
    for (unsigned i = 0; i < issue->count; i++) {
        struct sb_draft *draft = &issue->draft[i];
        struct sb_log_row row = {.accepted_at = issue->turn->now.wall_ms, .sealed = draft->sealed};
        if (issue->audience.count > 0) {
            row.audience = sb_list_bytes(&issue->audience);
        }
        draft->index = sb_own_store(issue->turn, &draft->event, &row, false);
        draft_log(issue, draft);
    }
    const struct sb_event *last = &issue->draft[issue->count - 1].event;
    sb_effects_trace(issue->turn->effects, "store %u event%s %s", issue->count,
                     issue->count == 1 ? "" : "s",
                     sb_lane_name(sb_lane(issue->issuer.realm, last->kind->urgency)));
}

void sb_issue_tell(const struct sb_issue *issue, struct sb_command *command)
{
    for (unsigned i = 0; i < issue->count; i++) {
        const struct sb_draft *draft = &issue->draft[i];
        struct sb_record row = {0};
        sb_record_set_hash(&row, SB_FIELD_ID, &draft->event.id);
        sb_record_set_number(&row, SB_FIELD_KIND, draft->event.kind->kind);
        sb_record_set_number(&row, SB_FIELD_INDEX, draft->index);
        row.at[SB_FIELD_TITLE] = draft->event.fields.at[SB_FIELD_TITLE];
        bool fits = sb_rows_add(command->rows, &row);
        SB_ASSERT(fits); /* three short rows */
    }
}
