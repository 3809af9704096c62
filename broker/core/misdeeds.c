/* misdeeds.c: see misdeeds.h. Rows of META, because a restart of the broker must not clear an
 * agent's name. */
#include "misdeeds.h"

#include "rows.h"

static const char all[] = "misdeed/";

static void prefix_write(struct sb_key *key, const struct sb_name *agent)
{
    sb_key_init(key);
    sb_key_add(key, sb_bytes_str(all));
    sb_key_add(key, sb_name_bytes(agent));
    sb_key_add_byte(key, '/');
}

static bool is_shown(const struct sb_record *row, uint64_t wall_ms)
{
    return wall_ms <= sb_record_number(row, SB_FIELD_LATEST_AT) + SB_MISDEED_SHOWN_MS;
}

void sb_misdeed_note(struct sb_broker_turn *turn, const struct sb_name *agent,
                     enum sb_misdeed misdeed, uint64_t times, const struct sb_why *why)
{
    struct sb_key key;
    struct sb_record row;
    char both[SB_WHY_BOTH_SIZE];
    prefix_write(&key, agent);
    sb_key_add_byte(&key, (uint8_t)('0' + misdeed));
    bool counted = sb_broker_row_get(turn->txn, SB_TABLE_META, sb_key_bytes(&key), &row)
                   && is_shown(&row, turn->now.wall_ms);
    uint64_t before = counted ? sb_record_number(&row, SB_FIELD_NUMBER) : 0;
    uint64_t since = counted ? sb_record_number(&row, SB_FIELD_SINCE) : turn->now.wall_ms;
    sb_record_clear(&row);
    sb_record_set_name(&row, SB_FIELD_AGENT, agent);
    sb_record_set_number(&row, SB_FIELD_MISDEED, misdeed);
    sb_record_set_number(&row, SB_FIELD_NUMBER, before + times);
    sb_record_set_number(&row, SB_FIELD_SINCE, since);
    sb_record_set_number(&row, SB_FIELD_LATEST_AT, turn->now.wall_ms);
    sb_why_both(why, both);
    if (sb_bytes_is_text(sb_bytes_str(both))) { /* it may quote bytes of the agent's own choice */
        sb_record_set_text(&row, SB_FIELD_WHY, both);
    }
    sb_broker_row_put(turn->txn, SB_TABLE_META, sb_key_bytes(&key), &row);
}

void sb_misdeeds_forget(struct sb_txn *txn, const struct sb_name *agent)
{
    struct sb_key prefix;
    prefix_write(&prefix, agent);
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_META, sb_key_bytes(&prefix));
    struct sb_bytes key;
    struct sb_bytes value;
    while (sb_broker_walk_next(&walk, txn, &key, &value)) {
        struct sb_key gone;
        sb_key_init(&gone);
        sb_key_add(&gone, key); /* borrowed from what is deleted */
        sb_txn_del(txn, SB_TABLE_META, sb_key_bytes(&gone));
    }
}

uint64_t sb_misdeeds_rows(struct sb_command *command, uint64_t from, bool *ret_full)
{
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_META, sb_bytes_str(all));
    struct sb_bytes key;
    struct sb_bytes value;
    uint64_t at = 0;
    *ret_full = false;
    while (sb_broker_walk_next(&walk, command->turn->txn, &key, &value)) {
        struct sb_record row;
        sb_broker_row_read(value, &row);
        if (!is_shown(&row, command->turn->now.wall_ms)) {
            continue;
        }
        if (at >= from && !sb_rows_add(command->rows, &row)) {
            *ret_full = true;
            break;
        }
        at++;
    }
    return at;
}
