/* mandates.h: mandates as the organisations declared them, one row for each organisation, function,
 * level and realm, and which entries of TiB's await one. Private to broker/core.
 *
 *      MANDATE     organisation ‖ 0 ‖ function ‖ 0 ‖ level ‖ realm     (level and realm: a byte
 * each) CASE        'U' ‖ hash of that ‖ log index of the entry (be64)
 */
#ifndef SAMBAND_BROKER_MANDATES_H
#define SAMBAND_BROKER_MANDATES_H

#include "rows.h"
#include "samband/reach.h"

/* Whose mandate, for what. level 0: the event has none, and no mandate is needed. */
struct sb_mandate_of {
    struct sb_name org, function;
    unsigned level, realm;
    bool supports; /* a supporting seat needs none */
};
/* By the one rule of reach.h, as of `at_ms`. */
enum sb_mandate_state sb_mandate_state_at(struct sb_txn *txn, const struct sb_mandate_of *of,
                                          uint64_t at_ms);
/* Keeps a declaration or its withdrawal; one issued before the row's is not kept. */
void sb_mandate_keep(struct sb_txn *txn, const struct sb_record *fields, uint64_t issued);
/* The entry at this log index found none declared, which may be on its way here. */
void sb_mandate_await(struct sb_txn *txn, const struct sb_mandate_of *of, uint64_t index);
/* Takes one of those that awaited this; false where none is left. */
bool sb_mandate_awaited(struct sb_txn *txn, const struct sb_mandate_of *of, uint64_t *ret_index);
/* Whose, and for what, a declaration is. */
struct sb_mandate_of sb_mandate_named(const struct sb_record *fields);
/* The mandate in a row. */
struct sb_mandate sb_mandate_read(const struct sb_record *row);

#endif
