/* settings.h: what stands in channel.yaml, checked. */
#ifndef SAMBAND_CHANNEL_SETTINGS_H
#define SAMBAND_CHANNEL_SETTINGS_H

#include "samband/err.h"

#include <stdint.h>

#define SB_COMMAND_WORDS_MAX 32

struct sb_channel_settings {
    char *control;          /* path of the agent's control socket */
    char **command;         /* the site's program and its arguments, as they are: no shell */
    unsigned command_count; /* 1..SB_COMMAND_WORDS_MAX */
    uint64_t attempts_at_once;
    uint64_t time_limit_seconds;    /* until the program must have said how it went */
    uint64_t answer_window_seconds; /* how long it may live on afterwards, to report answers */
};

/* NULL and `why` ("FILE:LINE:COLUMN: …") where the file cannot be taken. */
void sb_channel_settings_free(struct sb_channel_settings *settings);
struct sb_channel_settings *sb_channel_settings_load(const char *path, struct sb_why *why);

#endif
