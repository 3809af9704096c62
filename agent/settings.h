/* settings.h: what stands in agent.yaml, checked. */
#ifndef SAMBAND_AGENT_SETTINGS_H
#define SAMBAND_AGENT_SETTINGS_H

#include "samband/err.h"

#include <stdint.h>

struct sb_agent_settings {
    char *state;              /* folder of keys/ and store/ */
    char *runtime;            /* folder of the control socket, 0700 */
    char *roster;             /* the organisation's own roster file */
    uint64_t quota_mebibytes; /* most that the store may use */
};

/* NULL and `why` ("FILE:LINE:COLUMN: …") where the file cannot be taken. */
void sb_agent_settings_free(struct sb_agent_settings *settings);
struct sb_agent_settings *sb_agent_settings_load(const char *path, struct sb_why *why);

#endif
