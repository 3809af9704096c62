/* main.c: `samband`: the one command line of operators and duty officers. Finds language, terminal
 * and profile, takes the words apart by the verb's table, and runs the verb. Decides nothing about
 * events: that is the other end's. */
#include "commands.h"
#include "contact.h"
#include "help.h"
#include "view/safe.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define WIDTH_MIN 40 /* narrower answers of a terminal are not believed */

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

/* COLUMNS where it is set, else what the terminal says; 0 where there is no terminal. */
static size_t width_find(void)
{
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    unsigned long asked = columns == NULL ? 0 : strtoul(columns, NULL, 10);
    if (asked >= WIDTH_MIN && asked < 10000) {
        return asked;
    }
    if (isatty(STDOUT_FILENO) != 1) {
        return 0;
    }
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_MIN) {
        return size.ws_col;
    }
    return 80;
}

static uint64_t wall_now(void)
{
    struct timespec now;
    SB_ASSERT(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)(now.tv_nsec / 1000000);
}

static void view_find(struct sb_view *view)
{
    *view = (struct sb_view){
        .language = sb_language_choose(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG")),
        .width = width_find(),
        .colour = isatty(STDOUT_FILENO) == 1 && !is_set("NO_COLOR"),
        .now_ms = wall_now(),
        .out = stdout,
    };
}

/* Two words before the path, since the home folder may have any length. */
static bool profile_find(struct sb_cli *cli, const char *asked)
{
    const char *from = asked != NULL ? asked : getenv("SAMBAND_PROFILE");
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    int size = 0;
    if (from != NULL && from[0] != '\0') {
        size = snprintf(cli->profile, sizeof cli->profile, "%s", from);
    } else if (config != NULL && config[0] == '/') {
        size = snprintf(cli->profile, sizeof cli->profile, "%s/samband", config);
    } else {
        size = snprintf(cli->profile, sizeof cli->profile, "%s/.config/samband",
                        home == NULL ? "" : home);
    }
    return size > 0 && size < (int)sizeof cli->profile;
}

static int usage_say(const struct sb_cli *cli, const struct sb_command *command,
                     const struct sb_usage_problem *problem)
{
    static const enum sb_text sentences[] = {
        [SB_USAGE_UNKNOWN_OPTION] = SB_TEXT_USAGE_UNKNOWN_OPTION,
        [SB_USAGE_NEEDS_VALUE] = SB_TEXT_USAGE_NEEDS_VALUE,
        [SB_USAGE_TAKES_NO_VALUE] = SB_TEXT_USAGE_TAKES_NO_VALUE,
        [SB_USAGE_TWICE] = SB_TEXT_USAGE_TWICE,
        [SB_USAGE_MISSING] = SB_TEXT_USAGE_MISSING,
        [SB_USAGE_TOO_MUCH] = SB_TEXT_USAGE_TOO_MUCH,
    };
    char safe[128];
    const char *word =
        problem->operand != NULL ? sb_view_text(&cli->view, problem->operand->name) : problem->word;
    sb_safe_copy(sb_bytes_str(word), false, safe, sizeof safe);
    sb_cli_say_one(cli, sentences[problem->usage], safe);
    (void)fprintf(stderr, "%s: ", sb_view_text(&cli->view, SB_TEXT_HELP_USAGE));
    sb_help_usage(cli, command, stderr);
    sb_cli_say_one(cli, SB_TEXT_USAGE_MORE, command->name);
    return SB_EXIT_USAGE;
}

/* The common options, read for this run. */
static bool common_take(struct sb_cli *cli, const struct sb_parsed *parsed)
{
    const char *connect = sb_parsed_value(parsed, "connect");
    cli->endpoint = connect;
    if (connect == NULL && is_set("SAMBAND_CONNECT")) {
        cli->endpoint = getenv("SAMBAND_CONNECT");
    }
    cli->yes = sb_parsed_value(parsed, "yes");
    cli->can_ask = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
    if (sb_parsed_value(parsed, "json") != NULL) {
        cli->view.form = SB_FORM_JSON;
    } else if (sb_parsed_value(parsed, "plain") != NULL) {
        cli->view.form = SB_FORM_PLAIN;
    }
    if (profile_find(cli, sb_parsed_value(parsed, "profile"))) {
        return true;
    }
    sb_cli_say_one(cli, SB_TEXT_PATH_TOO_LONG, "");
    return false;
}

static int command_run(struct sb_cli *cli, const struct sb_command *command,
                       const char *const *words, unsigned count)
{
    struct sb_parsed parsed = {0};
    struct sb_usage_problem problem = sb_options_parse(
        words, count, command->options, sb_common_options, command->operands, &parsed);
    if (problem.usage != SB_USAGE_FINE) {
        return usage_say(cli, command, &problem);
    }
    int exit = SB_EXIT_USAGE;
    if (sb_parsed_value(&parsed, "help") != NULL) {
        sb_help_one(cli, command);
        exit = SB_EXIT_DONE;
    } else if (common_take(cli, &parsed)) {
        exit = command->run(cli, command, &parsed);
        sb_contact_close(cli);
    }
    sb_parsed_finish(&parsed);
    return exit;
}

/* True where the word is a common option that stands before the verb; *ret_words: how many words it
 * takes. */
static bool common_before(const char *word, unsigned *ret_words)
{
    if (strncmp(word, "--", 2) != 0) {
        return false;
    }
    for (const struct sb_option *option = sb_common_options; option->name != NULL; option++) {
        size_t size = strlen(option->name);
        if (strncmp(word + 2, option->name, size) != 0) {
            continue;
        }
        if (word[2 + size] == '\0' || word[2 + size] == '=') {
            bool apart = option->takes != SB_TAKES_FLAG && word[2 + size] == '\0';
            *ret_words = apart ? 2 : 1;
            return true;
        }
    }
    return false;
}

/* words[0..before) are common options, then the verb's name, then the rest: the verb's words
 * without its name are put together for the parser. */
static int words_run(struct sb_cli *cli, const char *const *words, unsigned count, unsigned before)
{
    unsigned used = 0;
    const struct sb_command *command = sb_command_find(words + before, count - before, &used);
    if (command == NULL) {
        char safe[128];
        sb_safe_copy(sb_bytes_str(words[before]), false, safe, sizeof safe);
        sb_cli_say_one(cli, SB_TEXT_USAGE_UNKNOWN_VERB, safe);
        return SB_EXIT_USAGE;
    }
    const char **rest = sb_alloc((size_t)count + 1, sizeof *rest);
    memcpy(rest, words, before * sizeof *rest);
    memcpy(rest + before, words + before + used, (count - before - used) * sizeof *rest);
    int exit = command_run(cli, command, rest, count - used);
    free(rest);
    return exit;
}

int main(int argc, char **argv)
{
    struct sb_cli cli = {0};
    const char *const *words = (const char *const *)argv + 1;
    unsigned count = argc > 0 ? (unsigned)argc - 1 : 0, before = 0, takes = 0;
    /* Characters are UTF-8 whatever the locale says; times and numbers are ours. */
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
        (void)setlocale(LC_CTYPE, "");
    }
    view_find(&cli.view);
    while (before < count && common_before(words[before], &takes)) {
        if (strcmp(words[before], "--help") == 0) {
            break;
        }
        before += takes;
    }
    int exit = SB_EXIT_USAGE;
    bool help = before < count
                && (strcmp(words[before], "--help") == 0 || strcmp(words[before], "-h") == 0
                    || (strcmp(words[before], "help") == 0 && count == before + 1));
    if (help) {
        sb_help_all(&cli);
        exit = SB_EXIT_DONE;
    } else if (before >= count) {
        sb_cli_say_one(&cli, SB_TEXT_USAGE_NO_VERB, "");
    } else if (strcmp(words[before], "help") == 0) {
        unsigned used = 0;
        const struct sb_command *command =
            sb_command_find(words + before + 1, count - before - 1, &used);
        if (command == NULL) {
            sb_cli_say_one(&cli, SB_TEXT_USAGE_UNKNOWN_VERB, words[before + 1]);
        } else {
            sb_help_one(&cli, command);
            exit = SB_EXIT_DONE;
        }
    } else {
        exit = words_run(&cli, words, count, before);
    }
    /* A full disk or a closed pipe under the output is not "done". */
    if (fflush(stdout) != 0 && exit == SB_EXIT_DONE) {
        sb_cli_say_one(&cli, SB_TEXT_OUTPUT_LOST, "");
        exit = SB_EXIT_REFUSED;
    }
    return exit;
}
