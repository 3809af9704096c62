/* main.c: samband-channel: runs a site's program for every attempt that the agent beside it makes,
 * so that the agent itself executes nothing foreign. Options and exit codes only. */
#include "channel.h"

#include <getopt.h>
#include <stdio.h>

static const char usage[] =
    "samband-channel: en agents larmkanal / an agent's channel\n"
    "\n"
    "  samband-channel --config FILE [--check-config]\n"
    "      kör platsens program en gång för varje försök; --check-config läser bara filen\n"
    "      runs the site's program once per attempt; --check-config only reads the file\n"
    "\n"
    "  Programmet får försöket som JSON på standard in; slutkod 0 mottaget, 75 försök igen, annat\n"
    "  misslyckat; rader av JSON på standard ut berättar vad personen gjorde.\n"
    "  The program gets the attempt as JSON on standard input; exit 0 accepted, 75 try again,\n"
    "  anything else failed; lines of JSON on standard output report what the person did.\n"
    "  agent/channel/README.md, deploy/config/channel.yaml\n"
    "\n"
    "  -c --config  -h --help  -V --version\n"
    "\n"
    "  Slutkod / exit: 0 klart / done, 1 nekat / refused, 2 felaktigt kommando / usage\n";

enum {
    EXIT_REFUSED = 1,
    EXIT_USAGE = 2,
    OPTION_CHECK = 256 /* past every character: it has no short form */
};

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"check-config", no_argument, NULL, OPTION_CHECK},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int run(const char *path, bool check_only)
{
    struct sb_why why = {0};
    struct sb_channel_settings *settings = sb_channel_settings_load(path, &why);
    enum sb_err err = settings == NULL ? SB_ERR_CONFIG : SB_ERR_OK;
    if (err == SB_ERR_OK && check_only) {
        (void)printf("%s: ok\n", path);
    } else if (err == SB_ERR_OK) {
        err = sb_channel_run(settings, &why);
    }
    if (err != SB_ERR_OK) {
        char both[SB_WHY_BOTH_SIZE];
        sb_why_both(&why, both);
        (void)fprintf(stderr, "samband-channel: %s\n", both);
    }
    sb_channel_settings_free(settings);
    return err == SB_ERR_OK ? 0 : EXIT_REFUSED;
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    bool check_only = false;
    int option;
    while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
        switch (option) {
        case 'c': path = optarg; break;
        case OPTION_CHECK: check_only = true; break;
        case 'h': (void)fputs(usage, stdout); return 0;
        case 'V': (void)puts("samband-channel " SB_VERSION); return 0;
        default: (void)fputs(usage, stderr); return EXIT_USAGE;
        }
    }
    if (path == NULL || optind != argc) {
        (void)fputs(usage, stderr);
        return EXIT_USAGE;
    }
    return run(path, check_only);
}
