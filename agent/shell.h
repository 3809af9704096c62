/* shell.h: the agent's turn: wait, step each input, commit once, then carry out what was decided.
 */
#ifndef SAMBAND_AGENT_SHELL_H
#define SAMBAND_AGENT_SHELL_H

#include "agent_keys.h"
#include "samband/store.h"

struct sb_agent_run {
    struct sb_agent_config *config;
    const struct sb_agent_keys *keys;
    const char *control;     /* path of the control socket */
    const char *roster_path; /* read again on SIGHUP */
    struct sb_store *store;
};

/* Until SIGTERM or SIGINT (OK), or an error that ends the process. */
enum sb_err sb_agent_run(const struct sb_agent_run *run, struct sb_why *why) SB_MUST_CHECK;

#endif
