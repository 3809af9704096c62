/* founding.c: what an empty store begins with, the first administrator, and ZAP's question. */
#include "enrol.h"

static bool table_first(struct sb_txn *txn, enum sb_table table, struct sb_bytes *ret_key)
{
    struct sb_bytes value;
    return sb_txn_seek(txn, table, sb_bytes(NULL, 0), ret_key, &value);
}

bool sb_broker_is_unused(struct sb_txn *txn)
{
    static const enum sb_table used[] = {SB_TABLE_LOG,     SB_TABLE_ORG,   SB_TABLE_FORUM,
                                         SB_TABLE_AGENT,   SB_TABLE_TOKEN, SB_TABLE_REQUEST,
                                         SB_TABLE_COUNTER, SB_TABLE_CASE};
    struct sb_bytes key;
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
        if (table_first(txn, used[i], &key)) {
            return false;
        }
    }
    return true;
}

static void table_clear(struct sb_txn *txn, enum sb_table table)
{
    struct sb_bytes key;
    while (table_first(txn, table, &key)) {
        struct sb_key copy; /* the row's bytes end with the delete */
        sb_key_init(&copy);
        sb_key_add(&copy, key);
        sb_txn_del(txn, table, sb_key_bytes(&copy));
    }
}

void sb_broker_found(struct sb_txn *txn, const struct sb_broker_config *config, struct sb_now now)
{
    SB_ASSERT(config->org.text[0] != '\0' && sb_broker_is_unused(txn));
    table_clear(txn, SB_TABLE_OPERATOR);
    table_clear(txn, SB_TABLE_CURVE);
    /* The epoch grows with time, so that a broker founded anew after a loss is above the one
     * before. */
    sb_txn_set_number(txn, SB_TABLE_META, "epoch", now.wall_ms / 1000);
    sb_txn_put(txn, SB_TABLE_META, sb_bytes_str("organisation"), sb_name_bytes(&config->org));
}

void sb_broker_restored(struct sb_txn *txn, struct sb_now now)
{
    uint64_t epoch = sb_txn_number(txn, SB_TABLE_META, "epoch") + 1;
    uint64_t time = now.wall_ms / 1000;
    sb_txn_set_number(txn, SB_TABLE_META, "epoch", epoch > time ? epoch : time);
    sb_txn_set_number(txn, SB_TABLE_META, SB_LINK_RESTORED, now.wall_ms);
}

enum sb_err sb_broker_enrol_operator(struct sb_txn *txn, const struct sb_broker_config *config,
                                     const struct sb_record *wanted, struct sb_now now,
                                     struct sb_buf *ret_cert, struct sb_why *why)
{
    struct sb_enrolment enrolment = {.txn = txn, .config = config, .now = now};
    return sb_enrol_operator(&enrolment, wanted, ret_cert, why);
}

/* Whether the holder of a user id was revoked since. */
static bool user_revoked(struct sb_txn *txn, const struct sb_name *user)
{
    struct sb_record row;
    struct sb_name name;
    if (sb_broker_user_read(user, "a:", &name)) {
        return !sb_broker_row_get_name(txn, SB_TABLE_AGENT, &name, &row)
               || sb_record_number(&row, SB_FIELD_REVOKED) != 0;
    }
    if (sb_broker_user_read(user, "o:", &name)) {
        return !sb_broker_row_get_name(txn, SB_TABLE_OPERATOR, &name, &row)
               || sb_record_number(&row, SB_FIELD_REVOKED) != 0;
    }
    return false; /* a token, also a used or expired one: it gets its answer as a sentence */
}

enum sb_err sb_broker_admit(struct sb_txn *txn, const struct sb_public_key *curve_key,
                            struct sb_now now, struct sb_name *ret_user)
{
    (void)now;
    struct sb_bytes value;
    struct sb_name user;
    if (!sb_txn_get(txn, SB_TABLE_CURVE, sb_bytes(curve_key->at, sizeof curve_key->at), &value)
        || !sb_name_read(value, &user)) {
        return SB_ERR_NOT_FOUND;
    }
    if (user_revoked(txn, &user)) {
        return SB_ERR_REVOKED;
    }
    *ret_user = user;
    return SB_ERR_OK;
}

bool sb_broker_key_holds(struct sb_txn *txn, const struct sb_public_key *curve_key,
                         const struct sb_name *user)
{
    struct sb_bytes holder;
    return sb_txn_get(txn, SB_TABLE_CURVE, sb_bytes(curve_key->at, sizeof curve_key->at), &holder)
           && sb_bytes_equal(holder, sb_name_bytes(user));
}
