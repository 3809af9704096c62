/* cli.c: sentences to the person, and the one table of remedies. */
#include "cli.h"

#include "samband/words.h"
#include "view/safe.h"

#include <string.h>

#define SENTENCE_SIZE 2048

void sb_cli_say(const struct sb_cli *cli, enum sb_text text, const char *const *values,
                unsigned count)
{
    char line[SENTENCE_SIZE], safe[SENTENCE_SIZE];
    sb_text_fill(sb_view_text(&cli->view, text), values, count, line, sizeof line);
    sb_safe_copy(sb_bytes_str(line), true, safe, sizeof safe); /* values may be anybody's */
    (void)fflush(cli->view.out); /* so that both streams come in order on a terminal */
    (void)fprintf(stderr, "%s\n", safe);
}

void sb_cli_say_one(const struct sb_cli *cli, enum sb_text text, const char *value)
{
    const char *const values[] = {value};
    sb_cli_say(cli, text, values, 1);
}

/* What to do about a refusal, where there is something that always helps, and its exit code. */
static const struct {
    enum sb_err err;
    enum sb_text remedy;
    enum sb_exit exit;
} remedies[] = {
    {SB_ERR_NOT_FOUND, SB_TEXT_REMEDY_NOT_FOUND, SB_EXIT_REFUSED},
    {SB_ERR_NOT_ALLOWED, SB_TEXT_REMEDY_NOT_ALLOWED, SB_EXIT_REFUSED},
    {SB_ERR_REALM, SB_TEXT_REMEDY_REALM, SB_EXIT_REFUSED},
    {SB_ERR_EXPIRED, SB_TEXT_REMEDY_EXPIRED, SB_EXIT_REFUSED},
    {SB_ERR_REVOKED, SB_TEXT_REMEDY_EXPIRED, SB_EXIT_REFUSED},
    {SB_ERR_SIGNATURE, SB_TEXT_REMEDY_SIGNATURE, SB_EXIT_REFUSED},
    {SB_ERR_VERSION, SB_TEXT_REMEDY_VERSION, SB_EXIT_REFUSED},
    {SB_ERR_FULL, SB_TEXT_REMEDY_FULL, SB_EXIT_REFUSED},
    {SB_ERR_USAGE, SB_TEXT_REMEDY_USAGE, SB_EXIT_USAGE},
    {SB_ERR_NO_CONTACT, SB_TEXT_REMEDY_NO_CONTACT, SB_EXIT_NO_CONTACT},
    {SB_ERR_UNKNOWN_OUTCOME, SB_TEXT_REMEDY_UNKNOWN, SB_EXIT_UNKNOWN},
};

int sb_cli_refuse(const struct sb_cli *cli, enum sb_err err, const struct sb_why *said)
{
    char number[16];
    const char *why = sb_text_either(cli->view.language, SB_WHY_PAIR(*said));
    const struct sb_word *word = sb_word_find(SB_FIELD_ERROR, err);
    (void)snprintf(number, sizeof number, "%u", (unsigned)err);
    const char *name =
        word == NULL ? number : sb_text_either(cli->view.language, word->sv, word->en);
    const char *const values[] = {name, why};
    sb_cli_say(cli, why[0] == '\0' ? SB_TEXT_REFUSED_BARE : SB_TEXT_REFUSED, values, 2);
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++) {
        if (remedies[i].err != err) {
            continue;
        }
        /* What can be listed is the other end's: not for a file that is not there. */
        if (err != SB_ERR_NOT_FOUND || cli->contact.loop != NULL) {
            sb_cli_say_one(cli, remedies[i].remedy, cli->profile);
        }
        return (int)remedies[i].exit;
    }
    return SB_EXIT_REFUSED;
}
