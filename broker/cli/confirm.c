/* confirm.c: see confirm.h. Which event is meant: pick.c. */
#include "confirm.h"

#include "contact.h"
#include "samband/words.h"
#include "view/board.h"
#include "view/grid.h"
#include "view/safe.h"
#include "view/sentence.h"

#include <signal.h>
#include <string.h>

bool sb_confirm_line(char *line, size_t size)
{
    sigset_t ours, before;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGHUP);
    (void)sigprocmask(SIG_UNBLOCK, &ours, &before); /* the loop holds them back */
    char *got = fgets(line, (int)size, stdin);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    if (got == NULL) {
        return false;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

/* Standard error as a table that is as wide as the screen. */
static struct sb_view beside(const struct sb_cli *cli)
{
    struct sb_view view = cli->view;
    view.out = stderr;
    view.form = SB_FORM_TABLE;
    return view;
}

/* Why a function is out of reach now, in the language; 0 where it is not. */
static enum sb_field silence_of(const struct sb_record *row, const struct sb_view *view)
{
    enum sb_field words = view->language == SB_LANGUAGE_EN ? SB_FIELD_NOTICE : SB_FIELD_WORDING;
    if (sb_record_has(row, words)) {
        return words;
    }
    return sb_record_has(row, SB_FIELD_NOTICE) ? SB_FIELD_NOTICE : (enum sb_field)0;
}

/* Adds those that are out of reach to the grid; hands back how many. */
static unsigned silent_add(const struct sb_pages *pages, const struct sb_view *view,
                           struct sb_grid *grid)
{
    struct sb_record row = {0};
    char text[SB_VALUE_SIZE];
    unsigned silent = 0;
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        enum sb_field why = silence_of(&row, view);
        if (why == (enum sb_field)0) {
            continue;
        }
        const enum sb_field shown[] = {SB_FIELD_NAME, SB_FIELD_SEAT, why, SB_FIELD_RING};
        silent++;
        sb_grid_row(grid);
        for (unsigned i = 0; i < 4; i++) {
            sb_value_show(&row, shown[i], view, false, text, sizeof text);
            sb_grid_set(grid, i, text[0] == '\0' ? "-" : text, NULL);
        }
    }
    return silent;
}

/* Counts organisations, called functions and those that cannot be reached, then lists the latter.
 */
static void preview_print(const struct sb_cli *cli, const struct sb_pages *pages)
{
    static const enum sb_field headings[] = {SB_FIELD_NAME, SB_FIELD_SEAT, SB_FIELD_NOTICE,
                                             SB_FIELD_RING};
    struct sb_view view = beside(cli);
    struct sb_board_counts counts;
    struct sb_grid *grid = sb_grid_new(4);
    char text[SB_VALUE_SIZE], number[3][16];
    sb_board_count(pages, &counts);
    sb_board_band(cli->contact.realm, &view);
    for (unsigned i = 0; i < 4; i++) {
        sb_safe_upper(sb_value_name(headings[i], view.language), text, sizeof text);
        sb_grid_column(grid, text, 12, false);
    }
    unsigned silent = silent_add(pages, &view, grid);
    const unsigned numbers[] = {counts.orgs, counts.called, silent};
    for (unsigned i = 0; i < 3; i++) {
        (void)snprintf(number[i], sizeof number[i], "%u", numbers[i]);
    }
    const char *const values[] = {number[0], number[1], number[2]};
    sb_cli_say(cli, silent > 0 ? SB_TEXT_PREVIEW_SILENT : SB_TEXT_PREVIEW_ALL, values, 3);
    if (silent > 0) {
        sb_grid_print(grid, &view);
    }
    sb_grid_destroy(grid);
}

static void event_print(const struct sb_cli *cli, const struct sb_pages *pages)
{
    struct sb_view view = beside(cli);
    struct sb_record row = {0};
    char line[SB_SENTENCE_SIZE];
    struct sb_pages_reader reader = sb_pages_read(pages);
    if (!sb_pages_next(&reader, &row)) {
        return;
    }
    sb_sentence_write(sb_view_text(&view, SB_TEXT_PREVIEW_EVENT), &row, &view, line, sizeof line);
    (void)fprintf(stderr, "%s\n", line);
}

/* The preview must not stand in the way of a recall: what the other end refuses to show is said,
 * and the word is asked for all the same. */
static int event_preview(struct sb_cli *cli, const struct sb_record *args)
{
    struct sb_record wanted = {0};
    struct sb_pages pages;
    struct sb_answered answered;
    if (!sb_record_has(args, SB_FIELD_EVENT)) {
        return SB_EXIT_DONE;
    }
    sb_record_set_bytes(&wanted, SB_FIELD_EVENT, sb_record_bytes(args, SB_FIELD_EVENT));
    sb_pages_init(&pages);
    enum sb_asked asked = sb_contact_read(&cli->contact, SB_VERB_SHOW, &wanted, &pages, &answered);
    int exit = sb_contact_judge(cli, asked, &answered);
    if (exit == SB_EXIT_DONE) {
        event_print(cli, &pages);
    }
    sb_pages_finish(&pages);
    return asked == SB_ASKED_ANSWERED ? SB_EXIT_DONE : exit;
}

static int seats_preview(struct sb_cli *cli, const struct sb_record *args)
{
    struct sb_record wanted = *args;
    struct sb_pages pages;
    struct sb_answered answered;
    sb_pages_init(&pages);
    enum sb_asked asked =
        sb_contact_read(&cli->contact, SB_VERB_PREVIEW, &wanted, &pages, &answered);
    int exit = sb_contact_judge(cli, asked, &answered);
    if (exit == SB_EXIT_DONE) {
        preview_print(cli, &pages);
    }
    sb_pages_finish(&pages);
    return exit;
}

static bool word_is(const struct sb_word *word, const char *typed)
{
    return strcmp(typed, word->sv) == 0 || strcmp(typed, word->en) == 0;
}

static int word_judge(const struct sb_cli *cli, const struct sb_word *word, const char *typed)
{
    if (word_is(word, typed)) {
        return SB_EXIT_DONE;
    }
    char safe[64];
    sb_safe_copy(sb_bytes_str(typed), false, safe, sizeof safe);
    const char *const values[] = {sb_text_either(cli->view.language, word->sv, word->en), safe};
    sb_cli_say(cli, SB_TEXT_WORD_WRONG, values, 2);
    return SB_EXIT_REFUSED;
}

static int word_ask(const struct sb_cli *cli, const struct sb_command *command,
                    const struct sb_word *word)
{
    char line[128], question[512];
    const char *name = sb_text_either(cli->view.language, word->sv, word->en);
    const char *const values[] = {name, command->name};
    sb_text_fill(sb_view_text(&cli->view, SB_TEXT_WORD_QUESTION), values, 2, question,
                 sizeof question);
    (void)fprintf(stderr, "%s ", question);
    (void)fflush(stderr);
    if (!sb_confirm_line(line, sizeof line)) {
        line[0] = '\0';
    }
    return word_judge(cli, word, line);
}

int sb_confirm(struct sb_cli *cli, const struct sb_command *command, struct sb_record *args)
{
    const struct sb_word *word = sb_word_find(SB_FIELD_REALM, cli->contact.realm);
    /* An agent answers for its own organisation only, and the realm is the event's: nothing to ask.
     * A word that was given must fit all the same, where the realm is known. */
    if (word == NULL) {
        return SB_EXIT_DONE;
    }
    if (cli->yes != NULL && !word_is(word, cli->yes)) {
        return word_judge(cli, word, cli->yes);
    }
    if (command->asks == SB_ASKS_NO_WORD) {
        return SB_EXIT_DONE;
    }
    if (cli->yes == NULL && !cli->can_ask) {
        sb_cli_say_one(cli, SB_TEXT_WORD_NEEDED,
                       sb_text_either(cli->view.language, word->sv, word->en));
        return SB_EXIT_USAGE;
    }
    int exit = SB_EXIT_DONE;
    if (command->asks == SB_ASKS_WORD_AFTER_PREVIEW) {
        exit = seats_preview(cli, args);
    } else if (command->asks == SB_ASKS_WORD_AFTER_EVENT) {
        exit = event_preview(cli, args);
    }
    if (exit != SB_EXIT_DONE || cli->yes != NULL) {
        return exit;
    }
    return word_ask(cli, command, word);
}
