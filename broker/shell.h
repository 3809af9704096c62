/* shell.h: the broker's turn: wait, step each input, commit once, then carry out what was decided.
 */
#ifndef SAMBAND_BROKER_SHELL_H
#define SAMBAND_BROKER_SHELL_H

#include "core.h"
#include "samband/store.h"

struct sb_broker_run {
    const struct sb_broker_config *config;
    const uint8_t *curve_secret;
    const char *link, *control; /* endpoints to bind */
    struct sb_store *store;
};

/* Until SIGTERM or SIGINT (OK), or an error that ends the process. */
enum sb_err sb_broker_run(const struct sb_broker_run *run, struct sb_why *why) SB_MUST_CHECK;

#endif
