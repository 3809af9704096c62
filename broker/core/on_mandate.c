/* on_mandate.c: an organisation declares, or withdraws, a mandate of one of its functions. What TiB
 * entered while a declaration was on its way is judged again. */
#include "mandates.h"
#include "on_arrival.h"
#include "own.h"

enum sb_err sb_mandate_check(struct sb_arrival *arrival, struct sb_why *why)
{
    const struct sb_record *fields = &arrival->event->event.fields;
    uint64_t level = sb_record_number(fields, SB_FIELD_LEVEL);
    if (level > UINT8_MAX || sb_word_find(SB_FIELD_LEVEL, (unsigned)level) == NULL) {
        return sb_why_say(why, SB_ERR_VALUE, "det finns ingen nivå %llu", "there is no level %llu",
                          (unsigned long long)level);
    }
    if (sb_record_number(fields, SB_FIELD_VALID_TO) < sb_record_number(fields, SB_FIELD_VALID_FROM)
        && sb_record_number(fields, SB_FIELD_WITHDRAWN) == 0) {
        return sb_why_say(why, SB_ERR_VALUE, "mandatet slutar innan det börjar",
                          "the mandate ends before it begins");
    }
    return SB_ERR_OK;
}

void sb_mandate_apply(struct sb_arrival *arrival)
{
    const struct sb_record *fields = &arrival->event->event.fields;
    const struct sb_mandate_of of = sb_mandate_named(fields);
    uint64_t index = 0;
    sb_mandate_keep(arrival->turn->txn, fields, sb_arrival_time(arrival, SB_FIELD_ISSUED));
    while (sb_mandate_awaited(arrival->turn->txn, &of, &index)) {
        sb_own_reached_again(arrival->turn, index);
    }
}
