/* newer.c: makes a store look as if a later version of Samband had written it. Usage: newer FOLDER
 */
#include "samband/store.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct sb_why why = {0};
    enum sb_err err = SB_ERR_USAGE;
    struct sb_store *store = argc == 2 ? sb_store_open_lmdb(argv[1], false, &err, &why) : NULL;
    struct sb_txn *txn = store == NULL ? NULL : sb_store_begin(store, &why);
    if (txn != NULL) {
        sb_txn_set_number(txn, SB_TABLE_META, "schema", SB_STORE_SCHEMA + 1);
        err = sb_store_commit(store, txn, &why);
    }
    sb_store_close(store);
    if (err != SB_ERR_OK) {
        (void)fprintf(stderr, "newer: %s\n", why.text);
    }
    return err == SB_ERR_OK ? 0 : 1;
}
