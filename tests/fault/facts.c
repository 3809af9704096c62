/* facts.c: sb_facts STORE: what lies in a store, read from outside and by nobody's word, one line a
 * row of its log, in order:
 *
 *      made ID KIND ORGANISATION              issued here
 *      got ID KIND ORGANISATION VERDICT       came over the link; ORGANISATION: whose stream
 *
 * It may look beside a running daemon: a reader sees what is committed. Judges nothing: that is
 * tests/support/accepted.sh. */
#include "samband/event.h"
#include "samband/log.h"
#include "samband/store.h"

#include <stdio.h>

static bool row_print(const struct sb_log_row *row)
{
    struct sb_event event;
    char id[2 * SB_HASH_SIZE + 1];
    if (sb_event_read(&row->sealed, &event, NULL) != SB_ERR_OK || event.kind == NULL) {
        (void)fprintf(stderr, "sb_facts: row %llu cannot be read\n",
                      (unsigned long long)row->index);
        return false;
    }
    sb_hex_write(sb_hash_bytes(&event.id), id);
    if (row->stream_agent.text[0] == '\0') {
        struct sb_name origin = sb_record_name(&event.fields, SB_FIELD_ORIGIN);
        (void)printf("made %s %s %s\n", id, event.kind->json, origin.text);
    } else {
        (void)printf("got %s %s %s %s\n", id, event.kind->json, row->at.org.text,
                     sb_err_name(row->verdict));
    }
    return true;
}

int main(int argc, char **argv)
{
    struct sb_why why = {0};
    enum sb_err err = SB_ERR_OK;
    if (argc != 2) {
        (void)fputs("usage: sb_facts STORE\n", stderr);
        return 2;
    }
    struct sb_store *store = sb_store_open_lmdb(argv[1], true, &err, &why);
    struct sb_txn *txn = store == NULL ? NULL : sb_store_begin_read(store, &why);
    bool good = txn != NULL;
    uint64_t next = good ? sb_log_next_index(txn) : 0;
    for (uint64_t index = 1; good && index < next; index++) {
        struct sb_log_row row;
        good = sb_log_get(txn, index, &row) && row_print(&row);
    }
    if (txn != NULL) {
        sb_store_abort(store, txn);
    } else {
        (void)fprintf(stderr, "sb_facts: %s\n", why.text);
    }
    sb_store_close(store);
    return good ? 0 : 1;
}
