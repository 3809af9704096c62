/* settings.h: what stands in broker.yaml, checked. One table (settings.c) makes parser and ranges.
 */
#ifndef SAMBAND_BROKER_SETTINGS_H
#define SAMBAND_BROKER_SETTINGS_H

#include "samband/err.h"

#include <stdint.h>

struct sb_broker_settings {
    char *state;       /* folder of keys/ and store/ */
    char *link;        /* endpoint to bind for agents, tcp://ADDRESS:PORT */
    char *control;     /* endpoint to bind for operators */
    char *public_link; /* the same two as others reach them; default: as bound */
    char *public_control;
    uint64_t dark_after_seconds;
    uint64_t quota_mebibytes; /* most that the store may use */
};

/* NULL and `why` ("FILE:LINE:COLUMN: …") where the file cannot be taken. */
void sb_broker_settings_free(struct sb_broker_settings *settings);
struct sb_broker_settings *sb_broker_settings_load(const char *path, struct sb_why *why);
/* The file that init leaves behind. May it be written: nothing is there, or what an earlier init
 * wrote? ALREADY where it is somebody's own. Then written whole or not at all. */
enum sb_err sb_broker_settings_may_write(const char *path, struct sb_why *why) SB_MUST_CHECK;
enum sb_err sb_broker_settings_write(const char *path, const struct sb_broker_settings *settings,
                                     struct sb_why *why) SB_MUST_CHECK;

#endif
