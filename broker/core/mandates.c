/* mandates.c: declared mandates, kept and judged, and rows of what awaits one. What becomes of that
 * own.c knows. */
#include "mandates.h"

static struct sb_bytes mandate_key(const struct sb_mandate_of *of, struct sb_key *key)
{
    sb_key_init(key);
    sb_key_add_name(key, of->org.text);
    sb_key_add_name(key, of->function.text);
    sb_key_add_byte(key, (uint8_t)of->level);
    sb_key_add_byte(key, (uint8_t)of->realm);
    return sb_key_bytes(key);
}

struct sb_mandate sb_mandate_read(const struct sb_record *row)
{
    return (struct sb_mandate){.valid_from = sb_record_number(row, SB_FIELD_VALID_FROM),
                               .valid_to = sb_record_number(row, SB_FIELD_VALID_TO),
                               .declared = true,
                               .withdrawn = sb_record_number(row, SB_FIELD_WITHDRAWN) != 0};
}

enum sb_mandate_state sb_mandate_state_at(struct sb_txn *txn, const struct sb_mandate_of *of,
                                          uint64_t at_ms)
{
    struct sb_mandate mandate = {.declared = false};
    struct sb_key key;
    struct sb_record row;
    bool needed = of->level != 0 && !of->supports;
    if (needed && sb_broker_row_get(txn, SB_TABLE_MANDATE, mandate_key(of, &key), &row)) {
        mandate = sb_mandate_read(&row);
    }
    return sb_mandate_judge(needed, &mandate, at_ms);
}

struct sb_mandate_of sb_mandate_named(const struct sb_record *fields)
{
    return (struct sb_mandate_of){.org = sb_record_name(fields, SB_FIELD_ORIGIN),
                                  .function = sb_record_name(fields, SB_FIELD_FUNCTION),
                                  .level = (unsigned)sb_record_number(fields, SB_FIELD_LEVEL),
                                  .realm = (unsigned)sb_record_number(fields, SB_FIELD_REALM)};
}

static void awaiting_key(const struct sb_mandate_of *of, struct sb_key *key)
{
    struct sb_key mandate;
    struct sb_hash which = sb_hash_one("mandate", mandate_key(of, &mandate));
    sb_key_init(key);
    sb_key_add_byte(key, 'U');
    sb_key_add(key, sb_hash_bytes(&which));
}

void sb_mandate_await(struct sb_txn *txn, const struct sb_mandate_of *of, uint64_t index)
{
    struct sb_key key;
    awaiting_key(of, &key);
    sb_key_add_be64(&key, index);
    sb_txn_put(txn, SB_TABLE_CASE, sb_key_bytes(&key), sb_bytes(NULL, 0));
}

bool sb_mandate_awaited(struct sb_txn *txn, const struct sb_mandate_of *of, uint64_t *ret_index)
{
    struct sb_key key;
    struct sb_bytes at;
    struct sb_bytes value;
    awaiting_key(of, &key);
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_CASE, sb_key_bytes(&key));
    if (!sb_broker_walk_next(&walk, txn, &at, &value)) {
        return false;
    }
    *ret_index = sb_be64_read(at.at + at.size - 8);
    sb_key_add_be64(&key, *ret_index);
    sb_txn_del(txn, SB_TABLE_CASE, sb_key_bytes(&key));
    return true;
}

void sb_mandate_keep(struct sb_txn *txn, const struct sb_record *fields, uint64_t issued)
{
    static const enum sb_field kept[] = {SB_FIELD_FUNCTION,   SB_FIELD_LEVEL,    SB_FIELD_BASIS,
                                         SB_FIELD_VALID_FROM, SB_FIELD_VALID_TO, SB_FIELD_WITHDRAWN,
                                         SB_FIELD_REALM};
    struct sb_mandate_of of = sb_mandate_named(fields);
    struct sb_key key;
    struct sb_record row;
    struct sb_bytes at = mandate_key(&of, &key);
    if (sb_broker_row_get(txn, SB_TABLE_MANDATE, at, &row)
        && sb_record_number(&row, SB_FIELD_ISSUED) > issued) {
        return;
    }
    sb_record_clear(&row);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        row.at[kept[i]] = fields->at[kept[i]];
    }
    sb_record_set_name(&row, SB_FIELD_ORG, &of.org);
    sb_record_set_number(&row, SB_FIELD_ISSUED, issued);
    sb_broker_row_put(txn, SB_TABLE_MANDATE, at, &row);
}
