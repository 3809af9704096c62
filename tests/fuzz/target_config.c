/* target_config.c: broker.yaml, agent.yaml and channel.yaml as any file. What is taken is within
 * its ranges; what is refused is refused with the file's name in the sentence. */
#include "../../agent/channel/settings.h"
#include "../../agent/settings.h"
#include "../../broker/settings.h"
#include "fuzz.h"

#include <string.h>

static void broker_load(const char *path, struct sb_why *why)
{
    struct sb_broker_settings *settings = sb_broker_settings_load(path, why);
    SB_ASSERT(settings != NULL || strstr(why->text, path) != NULL);
    if (settings != NULL) {
        SB_ASSERT(settings->dark_after_seconds >= 6 && settings->dark_after_seconds <= 3600);
        SB_ASSERT(strncmp(settings->link, "tcp://", 6) == 0
                  && strncmp(settings->control, "tcp://", 6) == 0
                  && strcmp(settings->link, settings->control) != 0);
    }
    sb_broker_settings_free(settings);
}

static void agent_load(const char *path, struct sb_why *why)
{
    struct sb_agent_settings *settings = sb_agent_settings_load(path, why);
    SB_ASSERT(settings != NULL || strstr(why->text, path) != NULL);
    if (settings != NULL) {
        SB_ASSERT(settings->state[0] != '\0' && settings->runtime[0] != '\0'
                  && strlen(settings->runtime) <= 90 && settings->roster[0] != '\0');
    }
    sb_agent_settings_free(settings);
}

static void channel_load(const char *path, struct sb_why *why)
{
    struct sb_channel_settings *settings = sb_channel_settings_load(path, why);
    SB_ASSERT(settings != NULL || strstr(why->text, path) != NULL);
    if (settings != NULL) {
        SB_ASSERT(settings->command_count >= 1 && settings->command_count <= SB_COMMAND_WORDS_MAX
                  && settings->command[0][0] == '/');
        SB_ASSERT(settings->attempts_at_once >= 1 && settings->time_limit_seconds >= 1
                  && settings->answer_window_seconds >= 1);
    }
    sb_channel_settings_free(settings);
}

void fuzz_one(struct sb_bytes bytes)
{
    static void (*const loads[])(const char *path, struct sb_why *why) = {broker_load, agent_load,
                                                                          channel_load};
    struct fuzz_input input = {.rest = bytes};
    struct fuzz_file file;
    struct sb_why why = {0};
    unsigned which = fuzz_byte(&input) % 3;
    fuzz_file_open(&file, input.rest);
    loads[which](file.path, &why);
    fuzz_said(SB_ERR_OK, &why);
    fuzz_file_close(&file);
}
