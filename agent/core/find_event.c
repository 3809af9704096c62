/* find_event.c: which event, incident and organisation a request means where it does not say it in
 * full. Reads the log backwards; writes nothing. */
#include "verbs.h"

bool sb_event_recalled(struct sb_txn *txn, const struct sb_event *event)
{
    const struct sb_group group = sb_group_of(&event->fields);

    return sb_tomb_has(txn, (unsigned)sb_record_number(&event->fields, SB_FIELD_REALM), &event->id,
                       &group);
}

bool sb_event_is_incident(struct sb_txn *txn, const struct sb_log_row *row,
                          const struct sb_event *event)
{
    (void)row;
    return event->kind != NULL && event->kind->kind == SB_KIND_INCIDENT
           && !sb_event_recalled(txn, event);
}

bool sb_event_alerts(struct sb_txn *txn, const struct sb_log_row *row, const struct sb_event *event)
{
    struct sb_alert_walk walk = {0};
    struct sb_alert alert;

    (void)row;
    return !sb_event_recalled(txn, event) && sb_alert_next(txn, &event->id, &walk, &alert);
}

bool sb_event_newest(struct sb_txn *txn, sb_event_fits *fits, struct sb_hash *ret_id)
{
    struct sb_log_row row;
    struct sb_event event;

    for (uint64_t index = sb_log_next_index(txn); index-- > 1;) {
        if (sb_agent_read_row(txn, index, &row, &event) && row.verdict == SB_ERR_OK
            && fits(txn, &row, &event)) {
            *ret_id = event.id;
            return true;
        }
    }
    return false;
}

enum sb_err sb_asked_event(struct sb_turn *turn, struct sb_asked *asked, sb_event_fits *fits,
                           struct sb_hash *ret_id)
{
    const struct sb_bytes text = sb_record_bytes(&asked->args, SB_FIELD_EVENT);

    if (text.size > 0) {
        return sb_log_find_prefix(turn->txn, text, ret_id, &asked->why);
    }
    if (!sb_event_newest(turn->txn, fits, ret_id)) {
        return sb_why_say(&asked->why, SB_ERR_NOT_FOUND,
                          "det finns ingen händelsepost här som detta kan gälla",
                          "there is no event here that this could mean");
    }
    return SB_ERR_OK;
}

enum sb_err sb_asked_event_read(struct sb_turn *turn, struct sb_asked *asked, sb_event_fits *fits,
                                struct sb_hash *ret_id, struct sb_event *ret_event)
{
    const enum sb_err err = sb_asked_event(turn, asked, fits, ret_id);

    if (err == SB_ERR_OK && !sb_agent_read_event(turn->txn, ret_id, ret_event)) {
        return sb_why_say(&asked->why, SB_ERR_NOT_FOUND, "posten kan inte läsas",
                          "the event cannot be read");
    }
    return err;
}

enum sb_err sb_asked_org(struct sb_turn *turn, struct sb_asked *asked, struct sb_name *ret_org)
{
    struct sb_name org = turn->agent->config.org[0];

    if (sb_record_has(&asked->args, SB_FIELD_ORG)) {
        org = sb_record_name(&asked->args, SB_FIELD_ORG);
        if (!sb_agent_serves(turn->agent, &org)) {
            return sb_why_say(&asked->why, SB_ERR_NOT_FOUND,
                              "denna agent tjänar inte %s; dess första organisation är %s",
                              "this agent does not serve %s; its first organisation is %s",
                              org.text, turn->agent->config.org[0].text);
        }
    }
    *ret_org = org;
    return SB_ERR_OK;
}

/* A recall of a correction of a convening: three steps lead to the incident. */
#define REFERENCES_MAX 4

struct sb_hash sb_event_root(struct sb_txn *txn, const struct sb_event *event)
{
    struct sb_hash root = event->id;
    struct sb_hash next;
    struct sb_event step;

    if (sb_record_hash(&event->fields, SB_FIELD_INCIDENT, &root)
        || !sb_record_hash(&event->fields, SB_FIELD_REF, &next)) {
        return root;
    }
    for (unsigned i = 0; i < REFERENCES_MAX && sb_agent_read_event(txn, &next, &step); i++) {
        root = next;
        if (sb_record_hash(&step.fields, SB_FIELD_INCIDENT, &root)
            || !sb_record_hash(&step.fields, SB_FIELD_REF, &next)) {
            break;
        }
    }
    return root;
}

struct sb_version sb_report_version(struct sb_txn *txn, const struct sb_name *org,
                                    const struct sb_hash *incident)
{
    struct sb_version version = {0};
    struct sb_log_row row;
    struct sb_event event;
    struct sb_hash about;

    for (uint64_t index = sb_log_next_index(txn); index-- > 1 && version.revision == 0;) {
        if (!sb_agent_read_row(txn, index, &row, &event) || event.kind == NULL
            || event.kind->kind != SB_KIND_REPORT || row.verdict != SB_ERR_OK) {
            continue;
        }
        const struct sb_name origin = sb_record_name(&event.fields, SB_FIELD_ORIGIN);
        const bool has = sb_record_hash(&event.fields, SB_FIELD_INCIDENT, &about);
        if (sb_name_equal(&origin, org)
            && (incident == NULL ? !has : has && sb_hash_equal(&about, incident))) {
            version.newest = event.id;
            version.revision = sb_record_number(&event.fields, SB_FIELD_REVISION);
        }
    }
    return version;
}
