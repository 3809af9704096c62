/* copies.c: see copies.h. */
#include "copies.h"

#include "samband/keyfiles.h"
#include "samband/log.h"

#include <string.h>

static unsigned long informations_count(struct sb_txn *txn)
{
    unsigned long count = 0;
    uint64_t next = sb_log_next_index(txn);
    for (uint64_t index = 1; index < next; index++) {
        struct sb_log_row row;
        struct sb_event event;
        if (sb_log_get(txn, index, &row) && sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK
            && event.kind->kind == SB_KIND_INFORMATION && row.verdict == SB_ERR_OK) {
            count++;
        }
    }
    return count;
}

bool copies_check(struct sb_store *store, const struct sb_public_key *root, unsigned long expected,
                  struct sb_why *why)
{
    struct sb_verify_result result;
    struct sb_txn *txn = sb_store_begin_read(store, why);
    if (txn == NULL) {
        return false;
    }
    sb_log_verify(txn, root, &result);
    unsigned long count = informations_count(txn);
    sb_store_abort(store, txn);
    if (result.faults > 0) {
        (void)sb_why_set(why, SB_ERR_CORRUPT, "%llu faults, the first: %.300s",
                         (unsigned long long)result.faults, result.first_fault.text);
        return false;
    }
    if (count != expected) {
        (void)sb_why_set(why, SB_ERR_MISSING, "%lu informations, %lu expected", count, expected);
        return false;
    }
    return true;
}

bool copies_root(const char *folder, struct sb_public_key *ret_root, struct sb_why *why)
{
    struct sb_buf buf;
    sb_buf_init(&buf, SB_KEY_SIZE);
    bool good = sb_keyfile_read(folder, "root", SB_KEY_SIZE, &buf, why) == SB_ERR_OK
                && buf.size == SB_KEY_SIZE;
    if (good) {
        memcpy(ret_root->at, buf.at, SB_KEY_SIZE);
    }
    sb_buf_finish(&buf);
    return good;
}
