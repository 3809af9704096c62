/* watch.h: counts what is written through a transaction, but for what a refusal may write. */
#ifndef SAMBAND_TESTS_FUZZ_WATCH_H
#define SAMBAND_TESTS_FUZZ_WATCH_H

#include "samband/txn.h"

/* True where a refused input may change this row. */
typedef bool watch_may(enum sb_table table, struct sb_bytes key);

void watch_begin(struct sb_txn *txn, watch_may *may);
unsigned watch_changes(void);       /* since the last time that it was asked, or the beginning */
void watch_end(struct sb_txn *txn); /* before it is committed or aborted */

#endif
