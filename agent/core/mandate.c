/* mandate.c: declared mandates, and whether one person in one function has what a seat needs: the
 * organisation declared it, it is valid now, and the roster says that this person holds it. */
#include "mandate.h"

#include "arrival.h"

#define ROW_SIZE_MAX 1024

static void mandate_key(const struct sb_mandate_name *name, struct sb_key *ret_key)
{
    sb_key_init(ret_key);
    sb_key_add_name(ret_key, name->org.text);
    sb_key_add_name(ret_key, name->function.text);
    sb_key_add_byte(ret_key, (uint8_t)name->level);
}

void sb_mandate_put(struct sb_turn *turn, const struct sb_mandate_name *name,
                    const struct sb_record *row)
{
    struct sb_key key;
    struct sb_buf buf;

    mandate_key(name, &key);
    sb_buf_init(&buf, ROW_SIZE_MAX);
    sb_record_write(row, SB_PARTS_ALL, &buf);
    SB_ASSERT(!buf.overflow);
    sb_txn_put(turn->txn, SB_TABLE_MANDATE, sb_key_bytes(&key), sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
}

bool sb_mandate_find(struct sb_txn *txn, const struct sb_mandate_name *name,
                     struct sb_record *ret_row)
{
    struct sb_bytes value;
    struct sb_key key;

    mandate_key(name, &key);
    if (!sb_txn_get(txn, SB_TABLE_MANDATE, sb_key_bytes(&key), &value)) {
        return false;
    }
    sb_record_clear(ret_row);
    SB_ASSERT(sb_record_read(value, SB_PARTS_ALL, ret_row, NULL) == SB_ERR_OK);
    return true;
}

/* The newest holds, whichever agent it was given at. It comes once for each realm; declared is the
 * same for all. */
void sb_on_mandate(struct sb_turn *turn, const struct sb_arrival *arrival)
{
    static const enum sb_field kept[] = {SB_FIELD_BASIS, SB_FIELD_VALID_FROM, SB_FIELD_VALID_TO,
                                         SB_FIELD_WITHDRAWN, SB_FIELD_ISSUED};
    const struct sb_record *fields = &arrival->event.fields;
    const struct sb_mandate_name name = {
        .org = arrival->org,
        .function = sb_record_name(fields, SB_FIELD_FUNCTION),
        .level = (enum sb_forum_level)sb_record_number(fields, SB_FIELD_LEVEL),
    };
    struct sb_record row = {0};

    if (sb_mandate_find(turn->txn, &name, &row)
        && sb_record_number(&row, SB_FIELD_ISSUED) > sb_record_number(fields, SB_FIELD_ISSUED)) {
        return;
    }
    sb_record_clear(&row);
    for (unsigned i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        row.at[kept[i]] = fields->at[kept[i]];
    }
    sb_mandate_put(turn, &name, &row);
}

static struct sb_mandate_name name_of(const struct sb_alert *alert, const struct sb_name *function)
{
    return (struct sb_mandate_name){
        .org = alert->seat.org, .function = *function, .level = (enum sb_forum_level)alert->level};
}

enum sb_mandate_state sb_mandate_declared(struct sb_turn *turn, const struct sb_alert *alert,
                                          const struct sb_name *function, uint64_t at_ms)
{
    const struct sb_mandate_name name = name_of(alert, function);
    struct sb_record row = {0};
    struct sb_mandate mandate = {.declared = sb_mandate_find(turn->txn, &name, &row)};

    mandate.withdrawn = sb_record_number(&row, SB_FIELD_WITHDRAWN) != 0;
    mandate.valid_from = sb_record_number(&row, SB_FIELD_VALID_FROM);
    mandate.valid_to = sb_record_number(&row, SB_FIELD_VALID_TO);
    return sb_mandate_judge(sb_alert_needs_mandate(alert), &mandate, at_ms);
}

enum sb_mandate_state sb_mandate_of(struct sb_turn *turn, const struct sb_alert *alert,
                                    const struct sb_name *person, const struct sb_name *function,
                                    uint64_t at_ms)
{
    const struct sb_mandate_name name = name_of(alert, function);
    const struct sb_roster *roster = turn->agent->config.roster;
    const int position = sb_roster_find(roster, person);
    const enum sb_mandate_state declared = sb_mandate_declared(turn, alert, function, at_ms);

    if (declared == SB_MANDATE_VALID
        && (position < 0
            || !sb_roster_holds_mandate(roster, (unsigned)position, function, name.level))) {
        return SB_MANDATE_NONE;
    }
    return declared;
}
