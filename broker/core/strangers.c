/* strangers.c: see strangers.h. One row of META "strangers": a restart of the broker must not hide
 * them. */
#include "strangers.h"

#include "core.h"
#include "rows.h"

static const char only[] = "strangers";

/* The row; false where there is none, or it is too old to count on from. */
static bool row_get(struct sb_txn *txn, struct sb_now now, struct sb_record *ret_row)
{
    return sb_broker_row_get(txn, SB_TABLE_META, sb_bytes_str(only), ret_row)
           && now.wall_ms <= sb_record_number(ret_row, SB_FIELD_LATEST_AT) + SB_STRANGERS_SHOWN_MS;
}

void sb_broker_note_strangers(struct sb_txn *txn, uint64_t connections, struct sb_now now)
{
    struct sb_record row;
    if (connections < SB_STRANGERS_MANY) {
        return;
    }
    const bool goes_on = row_get(txn, now, &row);
    const uint64_t before = goes_on ? sb_record_number(&row, SB_FIELD_STRANGERS) : 0;
    const uint64_t since = goes_on ? sb_record_number(&row, SB_FIELD_SINCE) : now.wall_ms;
    sb_record_clear(&row);
    sb_record_set_number(&row, SB_FIELD_STRANGERS, before + connections);
    sb_record_set_number(&row, SB_FIELD_SINCE, since);
    sb_record_set_number(&row, SB_FIELD_LATEST_AT, now.wall_ms);
    sb_broker_row_put(txn, SB_TABLE_META, sb_bytes_str(only), &row);
}

bool sb_strangers_row(struct sb_command *command)
{
    struct sb_record row;
    return !row_get(command->turn->txn, command->turn->now, &row)
           || sb_rows_add(command->rows, &row);
}
