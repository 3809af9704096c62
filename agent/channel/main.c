/* main.c: samband-channel: runs a site's program for every attempt that the agent beside it makes,
 * so that the agent itself executes nothing foreign. Options and exit codes only. */
#include "channel.h"
#include "samband/daemon.h"

#include <stdio.h>

static const struct sb_daemon daemon = {
    .name = "samband-channel",
    .help =
        "samband-channel: en agents larmkanal / an agent's channel\n"
        "\n"
        "  samband-channel --config FILE [--check-config]\n"
        "      kör platsens program en gång för varje försök; --check-config läser bara filen\n"
        "      runs the site's program once per attempt; --check-config only reads the file\n"
        "\n"
        "  Programmet får försöket som JSON på standard in; slutkod 0 mottaget, 75 försök igen, "
        "annat\n"
        "  misslyckat; rader av JSON på standard ut berättar vad personen gjorde.\n"
        "  The program gets the attempt as JSON on standard input; exit 0 accepted, 75 try again,\n"
        "  anything else failed; lines of JSON on standard output report what the person did.\n"
        "  agent/channel/README.md, deploy/config/channel.yaml\n"
        "\n"
        "  -c --config  -h --help  -V --version\n"
        "\n"
        "  Slutkod / exit: 0 klart / done, 1 nekat / refused, 2 felaktigt kommando / usage\n"};

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
    sb_channel_settings_free(settings);
    return sb_daemon_end(&daemon, err, &why);
}

int main(int argc, char **argv)
{
    const char *path;
    bool check;
    int exit;
    return sb_daemon_options(&daemon, argc, argv, &path, &check, &exit) ? run(path, check) : exit;
}
