/* verb_report.c: what an organisation writes upwards: its own lägesbild, and notes. */
#include "verbs.h"

static const enum sb_field report_fields[] = {
    SB_FIELD_HAPPENED, SB_FIELD_CONSEQUENCES, SB_FIELD_MEASURES,
    SB_FIELD_NEEDS,    SB_FIELD_ASSESSMENT,   SB_FIELD_MESSAGE,
    SB_FIELD_SOURCE,   SB_FIELD_VALID_AT,     SB_FIELD_NEXT_REPORT,
};

static void row_add(struct sb_asked *asked, const struct sb_hash *id,
                    const struct sb_record *fields)
{
    struct sb_record out = {0};

    sb_record_set_hash(&out, SB_FIELD_ID, id);
    out.at[SB_FIELD_KIND] = fields->at[SB_FIELD_KIND];
    out.at[SB_FIELD_REALM] = fields->at[SB_FIELD_REALM];
    sb_rows_add(&asked->rows, &out);
}

/* The incident that is meant, and its realm. Without any incident: an early report, live. */
static enum sb_err incident_find(struct sb_turn *turn, struct sb_asked *asked,
                                 struct sb_hash *incident, bool *ret_has, uint64_t *ret_realm)
{
    struct sb_event event;
    struct sb_hash id;

    *ret_has = false;
    *ret_realm = SB_REALM_LIVE;
    if (!sb_record_has(&asked->args, SB_FIELD_EVENT)
        && !sb_event_newest(turn->txn, sb_event_is_incident, &id)) {
        return SB_ERR_OK;
    }
    const enum sb_err err = sb_asked_event_read(turn, asked, sb_event_is_incident, &id, &event);
    if (err != SB_ERR_OK) {
        return err;
    }
    *ret_realm = sb_record_number(&event.fields, SB_FIELD_REALM);
    *incident = sb_event_root(turn->txn, &event);
    *ret_has = true;
    return SB_ERR_OK;
}

static bool says_something(const struct sb_record *args)
{
    for (unsigned i = 0; i < sizeof report_fields / sizeof report_fields[0]; i++) {
        if (sb_record_has(args, report_fields[i])
            && sb_field_find((unsigned)report_fields[i])->part == SB_PART_TEXT) {
            return true;
        }
    }
    return false;
}

enum sb_err sb_verb_report(struct sb_turn *turn, struct sb_asked *asked)
{
    struct sb_record fields = {0};
    struct sb_hash incident, id;
    struct sb_name org;
    uint64_t realm;
    bool has_incident;
    enum sb_err err = sb_asked_org(turn, asked, &org);

    if (err == SB_ERR_OK) {
        err = incident_find(turn, asked, &incident, &has_incident, &realm);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    if (!says_something(&asked->args)) {
        return sb_why_say(&asked->why, SB_ERR_MISSING,
                          "en tom rapport: ange händelsen, konsekvenser, åtgärder, behov, "
                          "bedömning eller budskap",
                          "an empty report: state happened, consequences, measures, needs, "
                          "assessment or message");
    }
    const struct sb_version version =
        sb_report_version(turn->txn, &org, has_incident ? &incident : NULL);
    for (unsigned i = 0; i < sizeof report_fields / sizeof report_fields[0]; i++) {
        fields.at[report_fields[i]] = asked->args.at[report_fields[i]];
    }
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REPORT);
    sb_record_set_number(&fields, SB_FIELD_REALM, realm);
    sb_record_set_number(&fields, SB_FIELD_REVISION, version.revision + 1);
    if (!sb_record_has(&fields, SB_FIELD_VALID_AT)) {
        sb_record_set_number(&fields, SB_FIELD_VALID_AT, turn->now.wall_ms);
    }
    if (version.revision != 0) {
        sb_record_set_hash(&fields, SB_FIELD_SUPERSEDES, &version.newest);
    }
    if (has_incident) {
        sb_record_set_hash(&fields, SB_FIELD_INCIDENT, &incident);
    }
    err = sb_agent_issue(turn, &org, &fields, &id, &asked->why);
    if (err == SB_ERR_OK) {
        row_add(asked, &id, &fields);
    }
    return err;
}

static enum sb_err note_about(struct sb_turn *turn, struct sb_asked *asked, struct sb_hash *id,
                              struct sb_hash *incident, struct sb_record *fields)
{
    struct sb_event event;
    const enum sb_err err = sb_asked_event_read(turn, asked, sb_event_is_incident, id, &event);

    if (err != SB_ERR_OK) {
        return err;
    }
    *incident = sb_event_root(turn->txn, &event);
    sb_record_set_number(fields, SB_FIELD_REALM, sb_record_number(&event.fields, SB_FIELD_REALM));
    sb_record_set_hash(fields, SB_FIELD_REF, id);
    sb_record_set_hash(fields, SB_FIELD_INCIDENT, incident);
    return SB_ERR_OK;
}

enum sb_err sb_verb_note(struct sb_turn *turn, struct sb_asked *asked)
{
    struct sb_record fields = {0};
    struct sb_hash about, incident, id;
    struct sb_name org;
    enum sb_err err = sb_asked_org(turn, asked, &org);

    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_NOTE);
    sb_record_set_number(&fields, SB_FIELD_REALM, SB_REALM_LIVE);
    fields.at[SB_FIELD_TEXT] = asked->args.at[SB_FIELD_TEXT];
    if (err == SB_ERR_OK && sb_record_has(&asked->args, SB_FIELD_EVENT)) {
        err = note_about(turn, asked, &about, &incident, &fields);
    }
    if (err == SB_ERR_OK) {
        err = sb_agent_issue(turn, &org, &fields, &id, &asked->why);
    }
    if (err == SB_ERR_OK) {
        row_add(asked, &id, &fields);
    }
    return err;
}
