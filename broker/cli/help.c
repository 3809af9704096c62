/* help.c: see help.h. */
#include "help.h"

#include "view/safe.h"

static void padded_print(const char *text, size_t width, FILE *out)
{
    (void)fputs(text, out);
    for (size_t used = sb_safe_width(text); used < width; used++) {
        (void)fputc(' ', out);
    }
}

void sb_help_usage(const struct sb_cli *cli, const struct sb_command *command, FILE *out)
{
    (void)fprintf(out, "samband %s", command->name);
    const struct sb_operand *operand = command->operands;
    for (; operand != NULL && operand->name != SB_TEXT_NOTHING; operand++) {
        (void)fprintf(out, " %s%s%s", operand->optional ? "[" : "",
                      sb_view_text(&cli->view, operand->name), operand->optional ? "]" : "");
    }
    if (command->options != NULL) {
        (void)fprintf(out, " [%s …]", sb_view_text(&cli->view, SB_TEXT_HELP_OPTION));
    }
    (void)fputc('\n', out);
}

static void options_print(const struct sb_cli *cli, const struct sb_option *options)
{
    char left[128];
    for (; options != NULL && options->name != NULL; options++) {
        bool value = options->value != SB_TEXT_NOTHING;
        (void)snprintf(left, sizeof left, "  --%s%s%s", options->name, value ? " " : "",
                       value ? sb_view_text(&cli->view, options->value) : "");
        padded_print(left, 28, cli->view.out);
        (void)fprintf(cli->view.out, " %s\n", sb_view_text(&cli->view, options->help));
    }
}

void sb_help_one(const struct sb_cli *cli, const struct sb_command *command)
{
    FILE *out = cli->view.out;
    (void)fprintf(out, "%s: ", sb_view_text(&cli->view, SB_TEXT_HELP_USAGE));
    sb_help_usage(cli, command, out);
    (void)fprintf(out, "\n%s.\n", sb_view_text(&cli->view, command->brief));
    if (command->detail != SB_TEXT_NOTHING) {
        (void)fprintf(out, "%s\n", sb_view_text(&cli->view, command->detail));
    }
    if (command->alias[0] != NULL) {
        (void)fprintf(out, "\n%s:", sb_view_text(&cli->view, SB_TEXT_HELP_ALIASES));
        for (unsigned i = 0; i < SB_ALIASES_MAX && command->alias[i] != NULL; i++) {
            (void)fprintf(out, "%s %s", i > 0 ? "," : "", command->alias[i]);
        }
        (void)fputc('\n', out);
    }
    if (command->options != NULL) {
        (void)fprintf(out, "\n%s:\n", sb_view_text(&cli->view, SB_TEXT_HELP_OPTIONS));
        options_print(cli, command->options);
    }
    (void)fprintf(out, "\n%s:\n", sb_view_text(&cli->view, SB_TEXT_HELP_COMMON));
    options_print(cli, sb_common_options);
    (void)fprintf(out, "\n%s\n", sb_view_text(&cli->view, SB_TEXT_HELP_EXITS));
}

void sb_help_all(const struct sb_cli *cli)
{
    FILE *out = cli->view.out;
    (void)fprintf(out, "%s\n\n", sb_view_text(&cli->view, SB_TEXT_HELP_HEAD));
    for (unsigned i = 0; sb_command_at(i) != NULL; i++) {
        const struct sb_command *command = sb_command_at(i);
        char name[64];
        (void)snprintf(name, sizeof name, "  %s", command->name);
        padded_print(name, 22, out);
        (void)fprintf(out, " %s\n", sb_view_text(&cli->view, command->brief));
    }
    (void)fprintf(out, "\n%s:\n", sb_view_text(&cli->view, SB_TEXT_HELP_COMMON));
    options_print(cli, sb_common_options);
    (void)fprintf(out, "\n%s\n", sb_view_text(&cli->view, SB_TEXT_HELP_EXITS));
}
