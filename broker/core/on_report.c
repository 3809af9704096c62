/* on_report.c: an organisation's own situation report. The newest version of each is remembered, so
 * that a picture can cite it. */
#include "on_arrival.h"

enum sb_err sb_report_check(struct sb_arrival *arrival, struct sb_why *why)
{
    struct sb_hash incident;
    struct sb_record head;
    if (!sb_record_hash(&arrival->event->event.fields, SB_FIELD_INCIDENT, &incident)) {
        return SB_ERR_OK; /* about no incident: how things are */
    }
    if (!sb_case_get(arrival->turn->txn, &incident, &head)
        || sb_record_number(&head, SB_FIELD_KIND) != SB_KIND_INCIDENT) {
        return sb_why_set(why, SB_ERR_NOT_FOUND, "there is no such incident to report on");
    }
    if (sb_record_number(&head, SB_FIELD_REALM)
        != sb_record_number(&arrival->event->event.fields, SB_FIELD_REALM)) {
        return sb_why_set(why, SB_ERR_REALM, "the incident is in another realm");
    }
    return SB_ERR_OK;
}

void sb_report_apply(struct sb_arrival *arrival)
{
    sb_version_add(arrival->turn->txn, &arrival->event->event, &arrival->event->row.at.org);
}
