/* check.c: bench_check PROFILE EVENTS STORE…: opens the stores of stopped daemons and checks that
 * each is sound and holds every event of the bench, once. */
#include "copies.h"

#include <stdio.h>
#include <stdlib.h>

static bool store_check(const char *path, const struct sb_public_key *root, unsigned long events)
{
    struct sb_why why = {0};
    enum sb_err err = SB_ERR_OK;
    struct sb_store *store = sb_store_open_lmdb(path, true, &err, &why);
    bool good = store != NULL && copies_check(store, root, events, &why);
    sb_store_close(store);
    if (!good) {
        (void)fprintf(stderr, "bench_check: %s: %s\n", path, why.text);
    }
    return good;
}

int main(int argc, char **argv)
{
    struct sb_public_key root;
    struct sb_why why = {0};
    if (argc < 4) {
        (void)fputs("usage: bench_check PROFILE EVENTS STORE…\n", stderr);
        return 2;
    }
    if (!copies_root(argv[1], &root, &why)) {
        (void)fprintf(stderr, "bench_check: %s\n", why.text);
        return 1;
    }
    unsigned long events = strtoul(argv[2], NULL, 10);
    int sound = 0;
    for (int i = 3; i < argc; i++) {
        sound += store_check(argv[i], &root, events);
    }
    (void)printf("stores=%d\n", sound);
    return sound == argc - 3 ? 0 : 1;
}
