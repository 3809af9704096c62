/* on_report.c: an organisation's own situation report. The newest version of each is remembered, so
 * that a picture can cite it. */
#include "on_arrival.h"

void sb_report_apply(struct sb_arrival *arrival)
{
    sb_version_add(arrival->turn->txn, &arrival->event->event, &arrival->event->row.at.org);
}
