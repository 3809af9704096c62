/* copies.h: what a store holds after a run: is the log sound, and how many informations are in it.
 */
#ifndef BENCH_COPIES_H
#define BENCH_COPIES_H

#include "samband/keys.h"
#include "samband/store.h"

/* False and `why` where a row, chain or signature is wrong, an event is there twice, or there are
 * not `expected` informations. */
bool copies_check(struct sb_store *store, const struct sb_public_key *root, unsigned long expected,
                  struct sb_why *why);
/* The root's public key out of a profile's or agent's folder of keys. */
bool copies_root(const char *folder, struct sb_public_key *ret_root, struct sb_why *why);

#endif
