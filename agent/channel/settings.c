/* settings.c: channel.yaml's table, its defaults and ranges, and whether its program can be run. */
#include "settings.h"

#include "samband/config.h"

#include <cyaml/cyaml.h>
#include <unistd.h>

#define SOCKET_PATH_SIZE_MAX    100 /* sun_path holds 108 with its end */
#define WORD_SIZE_MAX           1000
#define AT_ONCE_DEFAULT         8
#define AT_ONCE_MAX             64
#define TIME_LIMIT_MAX_S        300
#define ANSWER_WINDOW_DEFAULT_S 600
#define ANSWER_WINDOW_MAX_S     86400

static const cyaml_schema_value_t word_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, WORD_SIZE_MAX),
};

static const cyaml_schema_field_t settings_fields[] = {
    CYAML_FIELD_STRING_PTR("control", CYAML_FLAG_POINTER, struct sb_channel_settings, control, 1,
                           SOCKET_PATH_SIZE_MAX),
    CYAML_FIELD_SEQUENCE("command", CYAML_FLAG_POINTER, struct sb_channel_settings, command,
                         &word_schema, 1, SB_COMMAND_WORDS_MAX),
    CYAML_FIELD_UINT("attempts-at-once", CYAML_FLAG_OPTIONAL, struct sb_channel_settings,
                     attempts_at_once),
    CYAML_FIELD_UINT("time-limit-seconds", CYAML_FLAG_OPTIONAL, struct sb_channel_settings,
                     time_limit_seconds),
    CYAML_FIELD_UINT("answer-window-seconds", CYAML_FLAG_OPTIONAL, struct sb_channel_settings,
                     answer_window_seconds),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t settings_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct sb_channel_settings, settings_fields),
};

void sb_channel_settings_free(struct sb_channel_settings *settings)
{
    sb_config_free(&settings_schema, settings);
}

/* 0, which is also what a file without the key gives, takes the default. */
static enum sb_err number_check(const char *path, const char *key, uint64_t *number,
                                uint64_t by_default, uint64_t max, struct sb_why *why)
{
    if (*number == 0) {
        *number = by_default;
    }
    if (*number > max) {
        struct sb_config_place place;
        return sb_why_say(why, SB_ERR_CONFIG, "%s: %s är %llu; det får vara 1 till %llu",
                          "%s: %s is %llu; it may be 1 to %llu",
                          sb_config_place(path, key, NULL, &place), key,
                          (unsigned long long)*number, (unsigned long long)max);
    }
    return SB_ERR_OK;
}

static enum sb_err settings_check(const char *path, struct sb_channel_settings *settings,
                                  struct sb_why *why)
{
    const char *program = settings->command[0];
    struct sb_config_place place;
    if (program[0] != '/') {
        return sb_why_say(why, SB_ERR_CONFIG,
                          "%s: command börjar med \"%s\"; skriv programmets hela sökväg, från /",
                          "%s: command begins with \"%s\"; write the program's whole path, from /",
                          sb_config_place(path, "command", NULL, &place), program);
    }
    if (access(program, X_OK) != 0) {
        return sb_why_say(why, SB_ERR_CONFIG,
                          "%s: programmet %s i command kan inte köras; finns det, och får denna "
                          "användare köra det?",
                          "%s: command's program %s cannot be run; is it there, and executable for "
                          "this user?",
                          sb_config_place(path, "command", NULL, &place), program);
    }
    enum sb_err err = number_check(path, "attempts-at-once", &settings->attempts_at_once,
                                   AT_ONCE_DEFAULT, AT_ONCE_MAX, why);
    if (err == SB_ERR_OK) {
        err = number_check(path, "time-limit-seconds", &settings->time_limit_seconds,
                           SB_ATTEMPT_LIMIT_MS / 1000, TIME_LIMIT_MAX_S, why);
    }
    if (err == SB_ERR_OK) {
        err = number_check(path, "answer-window-seconds", &settings->answer_window_seconds,
                           ANSWER_WINDOW_DEFAULT_S, ANSWER_WINDOW_MAX_S, why);
    }
    return err;
}

struct sb_channel_settings *sb_channel_settings_load(const char *path, struct sb_why *why)
{
    void *loaded = NULL;
    if (sb_config_load(path, &settings_schema, &loaded, why) != SB_ERR_OK) {
        return NULL;
    }
    struct sb_channel_settings *settings = loaded;
    if (settings_check(path, settings, why) != SB_ERR_OK) {
        sb_channel_settings_free(settings);
        return NULL;
    }
    return settings;
}
