/* settings.c: broker.yaml's table, its defaults and what else must hold. */
#include "settings.h"

#include "samband/config.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DARK_AFTER_DEFAULT_S 20
#define DARK_AFTER_MIN_S     6 /* a ping and its way: one that is there must never seem dark */
#define DARK_AFTER_MAX_S     3600
#define ENDPOINT_SIZE_MAX    199
#define PATH_SIZE_MAX        600
#define PORT_MAX             65535
static_assert(DARK_AFTER_MIN_S * 1000 > SB_PING_EVERY_MS,
              "silence is longer than between two pings");

static const cyaml_schema_field_t settings_fields[] = {
    CYAML_FIELD_STRING_PTR("state", CYAML_FLAG_POINTER, struct sb_broker_settings, state, 1, 400),
    CYAML_FIELD_STRING_PTR("link", CYAML_FLAG_POINTER, struct sb_broker_settings, link, 1,
                           ENDPOINT_SIZE_MAX),
    CYAML_FIELD_STRING_PTR("control", CYAML_FLAG_POINTER, struct sb_broker_settings, control, 1,
                           ENDPOINT_SIZE_MAX),
    CYAML_FIELD_STRING_PTR("public-link", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                           struct sb_broker_settings, public_link, 1, ENDPOINT_SIZE_MAX),
    CYAML_FIELD_STRING_PTR("public-control", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                           struct sb_broker_settings, public_control, 1, ENDPOINT_SIZE_MAX),
    CYAML_FIELD_UINT("dark-after-seconds", CYAML_FLAG_OPTIONAL, struct sb_broker_settings,
                     dark_after_seconds),
    CYAML_FIELD_UINT("quota-mebibytes", CYAML_FLAG_OPTIONAL, struct sb_broker_settings,
                     quota_mebibytes),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t settings_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct sb_broker_settings, settings_fields),
};

void sb_broker_settings_free(struct sb_broker_settings *settings)
{
    sb_config_free(&settings_schema, settings);
}

/* libzmq takes port 70000 and opens 4464, so the number is looked at here. */
static bool is_endpoint(const char *endpoint)
{
    static const char scheme[] = "tcp://";
    const char *colon = strrchr(endpoint, ':');
    if (strncmp(endpoint, scheme, sizeof scheme - 1) != 0
        || colon <= endpoint + sizeof scheme - 1) {
        return false;
    }
    size_t digits = strspn(colon + 1, "0123456789");
    unsigned long port = strtoul(colon + 1, NULL, 10);
    return digits > 0 && colon[1 + digits] == '\0' && port >= 1 && port <= PORT_MAX;
}

static enum sb_err endpoints_check(const char *path, const struct sb_broker_settings *settings,
                                   struct sb_why *why)
{
    const struct {
        const char *key, *value;
    } rows[] = {
        {"link", settings->link},
        {"control", settings->control},
        {"public-link", settings->public_link},
        {"public-control", settings->public_control},
    };
    struct sb_config_place place;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].value != NULL && !is_endpoint(rows[i].value)) {
            return sb_why_say(why, SB_ERR_CONFIG,
                              "%s: \"%s\" är ingen adress; skriv tcp://ADRESS:PORT, PORT 1 till %d",
                              "%s: \"%s\" is no endpoint; write tcp://ADDRESS:PORT, PORT 1 to %d",
                              sb_config_place(path, rows[i].key, NULL, &place), rows[i].value,
                              PORT_MAX);
        }
    }
    if (strcmp(settings->link, settings->control) == 0) {
        return sb_why_say(why, SB_ERR_CONFIG,
                          "%s: link och control är båda %s; ge var och en sin port",
                          "%s: link and control are both %s; give each a port of its own",
                          sb_config_place(path, "control", NULL, &place), settings->control);
    }
    return SB_ERR_OK;
}

static enum sb_err settings_check(const char *path, struct sb_broker_settings *settings,
                                  struct sb_why *why)
{
    struct sb_config_place place;
    if (settings->dark_after_seconds == 0) {
        settings->dark_after_seconds = DARK_AFTER_DEFAULT_S;
    }
    if (settings->dark_after_seconds < DARK_AFTER_MIN_S
        || settings->dark_after_seconds > DARK_AFTER_MAX_S) {
        return sb_why_say(
            why, SB_ERR_CONFIG, "%s: dark-after-seconds är %llu; det får vara %d till %d",
            "%s: dark-after-seconds is %llu; it may be %d to %d",
            sb_config_place(path, "dark-after-seconds", NULL, &place),
            (unsigned long long)settings->dark_after_seconds, DARK_AFTER_MIN_S, DARK_AFTER_MAX_S);
    }
    const enum sb_err err = sb_config_quota(path, &settings->quota_mebibytes, why);
    return err == SB_ERR_OK ? endpoints_check(path, settings, why) : err;
}

struct sb_broker_settings *sb_broker_settings_load(const char *path, struct sb_why *why)
{
    void *loaded = NULL;
    if (sb_config_load(path, &settings_schema, &loaded, why) != SB_ERR_OK) {
        return NULL;
    }
    struct sb_broker_settings *settings = loaded;
    if (settings_check(path, settings, why) != SB_ERR_OK) {
        sb_broker_settings_free(settings);
        return NULL;
    }
    return settings;
}

static const char written_by_init[] =
    "# Written by samband-broker init. Every key: deploy/config/broker.yaml\n";

enum sb_err sb_broker_settings_may_write(const char *path, struct sb_why *why)
{
    char line[sizeof written_by_init] = "";
    FILE *file = fopen(path, "r");
    if (file == NULL && errno == ENOENT) {
        return SB_ERR_OK;
    }
    bool ours = file != NULL && fgets(line, sizeof line, file) != NULL
                && strcmp(line, written_by_init) == 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    return ours ? SB_ERR_OK
                : sb_why_say(why, SB_ERR_ALREADY,
                             "%s finns redan och är inte gjord av init; flytta undan den och för "
                             "in dess inställningar efteråt",
                             "%s is there already and was not made by init; move it away, and put "
                             "its settings in afterwards",
                             path);
}

/* As sb_keyfile_write does: a crash leaves the old file or the new one. */
enum sb_err sb_broker_settings_write(const char *path, const struct sb_broker_settings *settings,
                                     struct sb_why *why)
{
    char temporary[PATH_SIZE_MAX];
    int size = snprintf(temporary, sizeof temporary, "%s.tmp", path);
    FILE *file = size > 0 && (size_t)size < sizeof temporary ? fopen(temporary, "w") : NULL;
    if (file == NULL) {
        return sb_why_say(why, SB_ERR_IO, "%s kan inte skrivas: %s", "%s cannot be written: %s",
                          path, strerror(errno));
    }
    bool good = fprintf(file, "%sstate: %s\nlink: %s\ncontrol: %s\n", written_by_init,
                        settings->state, settings->link, settings->control)
                    > 0
                && fflush(file) == 0 && fsync(fileno(file)) == 0;
    good = fclose(file) == 0 && good;
    if (!good || rename(temporary, path) != 0) {
        return sb_why_say(why, SB_ERR_IO, "%s kan inte skrivas; är disken full?",
                          "%s cannot be written; is the disk full?", path);
    }
    return SB_ERR_OK;
}
