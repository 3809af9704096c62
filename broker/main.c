/* main.c: samband-broker: options, settings, wiring, exit codes. Exit: 0 done, 1 refused, 2 usage,
 * 3 the store is damaged.
 */
#define _DEFAULT_SOURCE /* getopt_long, explicit_bzero */
#include "init.h"
#include "samband/keyfiles.h"
#include "samband/loop.h"
#include "settings.h"
#include "shell.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME "samband-broker"

enum choice {
    OPTION_CONFIG = 1,
    OPTION_CHECK,
    OPTION_STATE,
    OPTION_ORG,
    OPTION_LINK,
    OPTION_CONTROL,
    OPTION_OPERATOR,
    OPTION_PROFILE,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option options[] = {
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"check-config", no_argument, NULL, OPTION_CHECK},
    {"state", required_argument, NULL, OPTION_STATE},
    {"org", required_argument, NULL, OPTION_ORG},
    {"link", required_argument, NULL, OPTION_LINK},
    {"control", required_argument, NULL, OPTION_CONTROL},
    {"operator", required_argument, NULL, OPTION_OPERATOR},
    {"profile", required_argument, NULL, OPTION_PROFILE},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static void help_print(FILE *to)
{
    (void)fputs("samband-broker: Sambands central / the broker of Samband\n\n"
                "  samband-broker --config FILE [--check-config]\n"
                "      kör centralen; --check-config läser bara filen\n"
                "      runs the broker; --check-config only reads the file\n\n"
                "  samband-broker init --state FOLDER --operator NAME --profile FOLDER\n"
                "                      [--org lst-ab] [--link tcp://127.0.0.1:7700] [--control "
                "tcp://127.0.0.1:7701]\n"
                "      gör rotnyckel, nycklar, tomt lager och den första administratören\n"
                "      makes root key, keys, an empty store and the first administrator\n\n"
                "  --help  --version\n",
                to);
}

struct asked {
    const char *config;
    bool check, help, version;
    struct sb_init_wanted init;
};

static bool options_read(int argc, char **argv, struct asked *asked)
{
    int option = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case OPTION_CONFIG: asked->config = optarg; break;
        case OPTION_CHECK: asked->check = true; break;
        case OPTION_STATE: asked->init.state = optarg; break;
        case OPTION_ORG: asked->init.org = optarg; break;
        case OPTION_LINK: asked->init.link = optarg; break;
        case OPTION_CONTROL: asked->init.control = optarg; break;
        case OPTION_OPERATOR: asked->init.operator_name = optarg; break;
        case OPTION_PROFILE: asked->init.profile = optarg; break;
        case OPTION_HELP: asked->help = true; break;
        case OPTION_VERSION: asked->version = true; break;
        default: return false;
        }
    }
    return optind == argc; /* nothing that nobody reads */
}

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

static int broker_run(const struct asked *asked)
{
    struct sb_why why = {0};
    struct sb_broker_settings *settings = sb_broker_settings_load(asked->config, &why);
    if (settings == NULL) {
        return sb_daemon_end(NAME, SB_ERR_CONFIG, &why);
    }
    struct sb_broker_config *config = sb_alloc(1, sizeof *config);
    enum sb_err err = endpoints_set(settings, config, &why);
    if (asked->check) {
        sb_broker_settings_free(settings);
        free(config);
        return err == SB_ERR_OK ? checked(asked->config) : sb_daemon_end(NAME, err, &why);
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
    return sb_daemon_end(NAME, err, &why);
}

int main(int argc, char **argv)
{
    struct asked asked = {.init = {.org = "lst-ab",
                                   .link = "tcp://127.0.0.1:7700",
                                   .control = "tcp://127.0.0.1:7701"}};
    bool init = argc > 1 && strcmp(argv[1], "init") == 0;
    if (!options_read(init ? argc - 1 : argc, init ? argv + 1 : argv, &asked)) {
        help_print(stderr);
        return SB_DAEMON_USAGE;
    }
    if (asked.help) {
        help_print(stdout);
        return SB_DAEMON_DONE;
    }
    if (asked.version) {
        (void)puts(NAME " " SB_VERSION);
        return SB_DAEMON_DONE;
    }
    if (init && asked.init.state != NULL && asked.init.operator_name != NULL
        && asked.init.profile != NULL) {
        struct sb_why why = {0};
        return sb_daemon_end(NAME, sb_broker_init(&asked.init, &why), &why);
    }
    if (init || asked.config == NULL) {
        help_print(stderr);
        return SB_DAEMON_USAGE;
    }
    return broker_run(&asked);
}
