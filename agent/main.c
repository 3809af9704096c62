/* main.c: samband-agent: options, settings, wiring, exit codes. Exit: 0 done, 1 refused, 2 usage,
 * 3 the store is damaged.
 */
#define _DEFAULT_SOURCE /* getopt_long, explicit_bzero */
#include "roster_file.h"
#include "samband/backup.h"
#include "samband/daemon.h"
#include "samband/keyfiles.h"
#include "settings.h"
#include "shell.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const struct sb_daemon daemon = {
    .name = "samband-agent",
    .help =
        "samband-agent: en organisations agent / an organisation's agent\n\n"
        "  samband-agent --config FILE [--check-config]\n"
        "      kör agenten; --check-config läser bara inställningar och bemanning\n"
        "      runs the agent; --check-config only reads settings and roster\n\n"
        "  samband-agent join TOKEN --state FOLDER\n"
        "      skriver in agenten med inbjudan från Länsstyrelsen (TOKEN \"-\": läs från stdin)\n"
        "      enrols the agent with an invitation (TOKEN \"-\": read it from stdin)\n\n"
        "  samband-agent backup NEW-FOLDER --config FILE\n"
        "      säkerhetskopia av lager, nycklar och inställningar, medan den kör\n"
        "      a backup of store, keys and settings, while it runs\n\n"
        "  samband-agent restore BACKUP --state FOLDER\n"
        "      gör en ny mapp av säkerhetskopian, även på en annan dator\n"
        "      makes a new folder of the backup, on another machine too\n\n"
        "  --help  --version\n"};

static enum sb_err state_of(const char *file, char *state, size_t room, struct sb_why *why)
{
    struct sb_agent_settings *settings = sb_agent_settings_load(file, why);
    if (settings == NULL) {
        return SB_ERR_CONFIG;
    }
    (void)snprintf(state, room, "%s", settings->state); /* at most 400 bytes */
    sb_agent_settings_free(settings);
    return SB_ERR_OK;
}

static const struct sb_backup_end backup_end = {
    .daemon = &daemon,
    .kind = "agent",
    .state_of = state_of,
    .mark = sb_agent_restored,
    .advice = {
        "1. Den gamla agenten får inte köra.\n"
        "2. Ändra state: i inställningsfilen (kopian ligger i mappens config/; bemanningen "
        "kopieras inte) och starta samband-agent --config FIL.\n"
        "3. Be Länsstyrelsen köra `samband org replace AGENT`: till dess avvisas en äldre kopia.\n"
        "4. Ingen larmas innan centralen har berättat vad som hänt sedan dess.",
        "1. The old agent must not run.\n"
        "2. Change state: in the settings file (its copy is in the folder's config/; the roster is "
        "not copied) and start samband-agent --config FILE.\n"
        "3. Ask Länsstyrelsen to run `samband org replace AGENT`: until then an older copy is "
        "refused.\n"
        "4. Nobody is woken before the centre has told what has happened since."}};

/* An invitation is a secret until it is used: "-" keeps it out of the process list. */
static int join(const char *token, const char *state)
{
    char line[2048];
    if (strcmp(token, "-") == 0) {
        if (fgets(line, sizeof line, stdin) == NULL) {
            struct sb_why why = {0};
            return sb_daemon_end(
                &daemon,
                sb_why_say(&why, SB_ERR_USAGE, "ingen inbjudan på stdin", "no invitation on stdin"),
                &why);
        }
        line[strcspn(line, " \r\n")] = '\0';
        token = line;
    }
    struct sb_why why = {0};
    return sb_daemon_end(&daemon, sb_agent_join(token, state, &why), &why);
}

struct parts {
    struct sb_agent_settings *settings;
    struct sb_roster *roster;
    struct sb_agent_config *config;
    struct sb_agent_keys keys;
    struct sb_store *store;
    char control[512];
};

static enum sb_err parts_open(struct parts *parts, struct sb_why *why)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    const char *runtime = parts->settings->runtime;
    enum sb_err err = sb_agent_keys_load(parts->settings->state, (uint64_t)now.tv_sec * 1000,
                                         &parts->keys, parts->config, why);
    if (err == SB_ERR_OK && mkdir(runtime, 0700) != 0 && errno != EEXIST) {
        err = sb_why_say(why, SB_ERR_IO, "mappen %s kan inte skapas: %s",
                         "the folder %s cannot be made: %s", runtime, strerror(errno));
    }
    if (err == SB_ERR_OK) {
        err = sb_keyfile_path(runtime, "control", parts->control, why);
    }
    char path[512];
    if (err == SB_ERR_OK) {
        err = sb_keyfile_path(parts->settings->state, "store", path, why);
    }
    if (err == SB_ERR_OK) {
        parts->store = sb_store_open_lmdb(path, false, &err, why);
    }
    if (parts->store != NULL) {
        sb_store_set_quota(parts->store, parts->settings->quota_mebibytes << 20);
    }
    return err;
}

static int agent_run(const char *config, bool check)
{
    struct sb_why why = {0};
    struct parts parts;
    memset(&parts, 0, sizeof parts);
    parts.settings = sb_agent_settings_load(config, &why);
    if (parts.settings == NULL) {
        return sb_daemon_end(&daemon, SB_ERR_CONFIG, &why);
    }
    parts.roster = sb_roster_file_load(parts.settings->roster, &why);
    if (parts.roster == NULL || check) {
        bool good = parts.roster != NULL;
        if (good) {
            (void)printf("%s: ok\n%s: ok\n", config, parts.settings->roster);
        }
        free(parts.roster);
        sb_agent_settings_free(parts.settings);
        return sb_daemon_end(&daemon, good ? SB_ERR_OK : SB_ERR_CONFIG, &why);
    }
    parts.config = sb_alloc(1, sizeof *parts.config);
    parts.config->roster = parts.roster;
    enum sb_err err = parts_open(&parts, &why);
    if (err == SB_ERR_OK) {
        struct sb_agent_run run = {.config = parts.config,
                                   .keys = &parts.keys,
                                   .control = parts.control,
                                   .roster_path = parts.settings->roster,
                                   .store = parts.store};
        err = sb_agent_run(&run, &why);
    }
    sb_store_close(parts.store);
    sb_agent_keys_finish(&parts.keys, parts.config);
    free(parts.config);
    free(parts.roster);
    sb_agent_settings_free(parts.settings);
    return sb_daemon_end(&daemon, err, &why);
}

/* join TOKEN --state FOLDER, in either order. */
static int join_run(int argc, char **argv)
{
    static const struct option options[] = {{"state", required_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const char *state = NULL;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option != 's') {
            return sb_daemon_help(&daemon, option == 'h');
        }
        state = optarg;
    }
    return state != NULL && optind + 1 == argc ? join(argv[optind], state)
                                               : sb_daemon_help(&daemon, false);
}

int main(int argc, char **argv)
{
    const char *config;
    bool check;
    int exit;
    if (argc > 1 && (strcmp(argv[1], "backup") == 0 || strcmp(argv[1], "restore") == 0)) {
        return sb_backup_main(&backup_end, argc - 1, argv + 1);
    }
    if (argc > 1 && strcmp(argv[1], "join") == 0) {
        return join_run(argc - 1, argv + 1);
    }
    return sb_daemon_options(&daemon, argc, argv, &config, &check, &exit) ? agent_run(config, check)
                                                                          : exit;
}
