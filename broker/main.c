/* main.c: samband-broker: options, settings, wiring, exit codes. Exit: 0 done, 1 refused, 2 usage,
 * 3 the store is damaged.
 */
#define _DEFAULT_SOURCE /* getopt_long, explicit_bzero */
#include "init.h"
#include "samband/backup.h"
#include "samband/daemon.h"
#include "samband/keyfiles.h"
#include "settings.h"
#include "shell.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct sb_daemon daemon = {
    .name = "samband-broker",
    .help = "samband-broker: Sambands central / the broker of Samband\n\n"
            "  samband-broker --config FILE [--check-config]\n"
            "      kör centralen; --check-config läser bara filen\n"
            "      runs the broker; --check-config only reads the file\n\n"
            "  samband-broker init --state FOLDER --operator NAME --profile FOLDER\n"
            "                      [--org lst-ab] [--link tcp://127.0.0.1:7700] [--control "
            "tcp://127.0.0.1:7701]\n"
            "      gör rotnyckel, nycklar, tomt lager och den första administratören\n"
            "      makes root key, keys, an empty store and the first administrator\n\n"
            "  samband-broker backup NEW-FOLDER --config FILE\n"
            "      säkerhetskopia av lager, nycklar och inställningar, medan den kör\n"
            "      a backup of store, keys and settings, while it runs\n\n"
            "  samband-broker restore BACKUP --state FOLDER\n"
            "      gör en ny mapp av säkerhetskopian, även på en annan dator\n"
            "      makes a new folder of the backup, on another machine too\n\n"
            "  --help  --version\n"};

static enum sb_err state_of(const char *file, char *state, size_t room, struct sb_why *why)
{
    struct sb_broker_settings *settings = sb_broker_settings_load(file, why);
    if (settings == NULL) {
        return SB_ERR_CONFIG;
    }
    (void)snprintf(state, room, "%s", settings->state); /* at most 400 bytes */
    sb_broker_settings_free(settings);
    return SB_ERR_OK;
}

static const struct sb_backup_end backup_end = {
    .daemon = &daemon,
    .kind = "broker",
    .state_of = state_of,
    .mark = sb_broker_restored,
    .advice = {
        "1. Stoppa den gamla centralen, om den kör: agenterna avvisar den när de hört denna.\n"
        "2. Ändra state: i inställningsfilen (kopian ligger i mappens config/), och adresserna om "
        "datorn är en annan, och starta samband-broker --config FIL.\n"
        "3. Agenterna lämnar tillbaka vad som hänt sedan dess; `samband counters` visar "
        "broker/recovered.\n"
        "4. Inskrivningar, spärrar och register som ändrades sedan dess är borta: se `samband org "
        "list` och `samband operator list`, spärra och bjud in igen.",
        "1. Stop the old broker if it runs: agents refuse it once they have heard this one.\n"
        "2. Change state: in the settings file (its copy is in the folder's config/), and the "
        "addresses if the machine is another, and start samband-broker --config FILE.\n"
        "3. Agents hand back what has happened since; `samband counters` shows "
        "broker/recovered.\n"
        "4. Enrolments, revocations and registers changed since are gone: see `samband org list` "
        "and `samband operator list`, revoke and invite again."}};

static int checked(const char *path)
{
    (void)printf("%s: ok\n", path);
    return SB_DAEMON_DONE;
}

static enum sb_err endpoints_set(const struct sb_broker_settings *settings,
                                 struct sb_broker_config *config, struct sb_why *why)
{
    const char *link = settings->public_link != NULL ? settings->public_link : settings->link;
    const char *control =
        settings->public_control != NULL ? settings->public_control : settings->control;
    if (strchr(link, '*') != NULL || strchr(control, '*') != NULL) {
        return sb_why_say(
            why, SB_ERR_CONFIG,
            "inbjudningar måste ange denna dator; sätt public-link och public-control till "
            "adresser som organisationerna når, inte %s",
            "invitations must name this machine; set public-link and public-control to "
            "addresses that the organisations reach, not %s",
            link);
    }
    (void)snprintf(config->link_endpoint, sizeof config->link_endpoint, "%s", link);
    (void)snprintf(config->control_endpoint, sizeof config->control_endpoint, "%s", control);
    config->dark_after_ms = settings->dark_after_seconds * 1000;
    return SB_ERR_OK;
}

static int broker_run(const char *file, bool check)
{
    struct sb_why why = {0};
    struct sb_broker_settings *settings = sb_broker_settings_load(file, &why);
    if (settings == NULL) {
        return sb_daemon_end(&daemon, SB_ERR_CONFIG, &why);
    }
    struct sb_broker_config *config = sb_alloc(1, sizeof *config);
    enum sb_err err = endpoints_set(settings, config, &why);
    if (check) {
        sb_broker_settings_free(settings);
        free(config);
        return err == SB_ERR_OK ? checked(file) : sb_daemon_end(&daemon, err, &why);
    }
    struct sb_broker_keys keys;
    memset(&keys, 0, sizeof keys);
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (err == SB_ERR_OK) {
        err =
            sb_broker_keys_load(settings->state, (uint64_t)now.tv_sec * 1000, &keys, config, &why);
    }
    char path[512];
    if (err == SB_ERR_OK) {
        err = sb_keyfile_path(settings->state, "store", path, &why);
    }
    struct sb_store *store = NULL;
    if (err == SB_ERR_OK) {
        store = sb_store_open_lmdb(path, false, &err, &why);
    }
    if (store != NULL) {
        sb_store_set_quota(store, settings->quota_mebibytes << 20);
        struct sb_broker_run run = {.config = config,
                                    .curve_secret = keys.curve_secret,
                                    .link = settings->link,
                                    .control = settings->control,
                                    .store = store};
        err = sb_broker_run(&run, &why);
    }
    sb_store_close(store);
    sb_broker_keys_finish(&keys, config);
    free(config);
    sb_broker_settings_free(settings);
    return sb_daemon_end(&daemon, err, &why);
}

static int init_run(int argc, char **argv)
{
    struct sb_init_wanted wanted = {
        .org = "lst-ab", .link = "tcp://127.0.0.1:7700", .control = "tcp://127.0.0.1:7701"};
    const char **const values[] = {&wanted.state, &wanted.operator_name, &wanted.profile,
                                   &wanted.org,   &wanted.link,          &wanted.control};
    static const struct option options[] = {
        {"state", required_argument, NULL, 0},   {"operator", required_argument, NULL, 1},
        {"profile", required_argument, NULL, 2}, {"org", required_argument, NULL, 3},
        {"link", required_argument, NULL, 4},    {"control", required_argument, NULL, 5},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h' || option == '?') {
            return sb_daemon_help(&daemon, option == 'h');
        }
        *values[option] = optarg;
    }
    if (wanted.state == NULL || wanted.operator_name == NULL || wanted.profile == NULL
        || optind != argc) {
        return sb_daemon_help(&daemon, false);
    }
    struct sb_why why = {0};
    return sb_daemon_end(&daemon, sb_broker_init(&wanted, &why), &why);
}

int main(int argc, char **argv)
{
    const char *config;
    bool check;
    int exit;
    if (argc > 1 && (strcmp(argv[1], "backup") == 0 || strcmp(argv[1], "restore") == 0)) {
        return sb_backup_main(&backup_end, argc - 1, argv + 1);
    }
    if (argc > 1 && strcmp(argv[1], "init") == 0) {
        return init_run(argc - 1, argv + 1);
    }
    return sb_daemon_options(&daemon, argc, argv, &config, &check, &exit)
               ? broker_run(config, check)
               : exit;
}
