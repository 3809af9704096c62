/* watch.c: see watch.h. A board that could not be renewed stays on the screen with a line that says
 * since when it is old: an old board must never pass for the current one. */
#include "watch.h"

#include "contact.h"
#include "view/board.h"
#include "view/when.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define EVERY_MS 1000
#define WAIT_MS                                                                      \
    1500 /* for one answer: q must not have to wait long, and an old board be marked \
          */

static const char screen_open[] = "\033[?1049h\033[?25l";
static const char screen_close[] = "\033[?25h\033[?1049l";
static const char screen_begin[] = "\033[H"; /* top left, nothing erased: no flicker */
static const char line_rest[] = "\033[K";    /* what an earlier, longer line left */
static const char screen_rest[] = "\033[J";

struct watch {
    struct sb_cli *cli;
    struct termios before;
    struct sb_pages board; /* the last that came */
    uint64_t renewed_ms;   /* 0: never */
    size_t height;         /* lines of the screen */
};

static void keys_raw(struct watch *watch)
{
    struct termios raw;
    (void)tcgetattr(STDIN_FILENO, &watch->before);
    raw = watch->before;
    raw.c_lflag &= (tcflag_t) ~(unsigned)(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void size_refresh(struct watch *watch)
{
    struct winsize size = {0};
    watch->height = 24;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return;
    }
    watch->cli->view.width = size.ws_col;
    if (size.ws_row >= 4) {
        watch->height = size.ws_row;
    }
}

/* Puts the lines on the screen, each cleared to its end. What does not fit is counted: the board
 * has the worst first. */
static void lines_show(const struct watch *watch, const char *text)
{
    const struct sb_view *view = &watch->cli->view;
    char line[128], number[SB_WHEN_SIZE];
    size_t lines = 0, shown = 0;
    for (const char *at = text; *at != '\0'; at++) {
        lines += *at == '\n' ? 1 : 0;
    }
    size_t room = lines + 1 > watch->height ? watch->height - 2 : lines;
    (void)fputs(screen_begin, stdout);
    for (const char *at = text; shown < room; shown++) {
        size_t length = strcspn(at, "\n");
        (void)fwrite(at, 1, length, stdout);
        (void)fprintf(stdout, "%s\n", line_rest);
        at += length + 1;
    }
    if (shown < lines) {
        (void)snprintf(number, sizeof number, "%zu", lines - shown);
        const char *const values[] = {number};
        sb_text_fill(sb_view_text(view, SB_TEXT_WATCH_MORE), values, 1, line, sizeof line);
        (void)fprintf(stdout, "%s%s\n", line, line_rest);
    }
    sb_when_seconds(view->now_ms, number);
    (void)fprintf(stdout, "%s  %s%s%s", number, sb_view_text(view, SB_TEXT_WATCH_KEYS), line_rest,
                  screen_rest);
    (void)fflush(stdout);
}

/* Draws into memory first, then puts it on the screen line by line. */
static void draw(struct watch *watch)
{
    struct sb_view view = watch->cli->view;
    char *text = NULL, at[SB_WHEN_SIZE];
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    SB_ASSERT(memory != NULL);
    view.out = memory;
    if (watch->renewed_ms + 3 * EVERY_MS < view.now_ms) {
        char line[256];
        sb_when_seconds(watch->renewed_ms, at);
        const char *const values[] = {watch->renewed_ms == 0 ? "-" : at};
        sb_text_fill(sb_view_text(&view, SB_TEXT_WATCH_OLD), values, 1, line, sizeof line);
        (void)fprintf(memory, view.colour ? "\033[41;97m%s\033[0m\n" : "%s\n", line);
    }
    sb_board_print(&watch->board, &view);
    SB_ASSERT(fclose(memory) == 0);
    lines_show(watch, text);
    free(text);
}

/* False where the person wants to stop. */
static bool renew(struct watch *watch, struct sb_record *args, int *ret_exit)
{
    struct sb_cli *cli = watch->cli;
    struct sb_answered answered;
    struct sb_pages pages;
    sb_pages_init(&pages);
    sb_record_unset(args, SB_FIELD_OFFSET);
    enum sb_asked asked = sb_contact_read(&cli->contact, SB_VERB_STATUS, args, &pages, &answered);
    cli->view.now_ms = sb_loop_now(cli->contact.loop).wall_ms;
    if (asked == SB_ASKED_ANSWERED && answered.err == SB_ERR_OK) {
        sb_pages_finish(&watch->board);
        watch->board = pages;
        watch->renewed_ms = cli->view.now_ms;
        return true;
    }
    sb_pages_finish(&pages);
    if (asked == SB_ASKED_STOPPED) {
        return false;
    }
    if (asked == SB_ASKED_ANSWERED) {
        *ret_exit = sb_cli_refuse(cli, answered.err, &answered.why);
        return false;
    }
    return true;
}

/* Waits for the next second; false on q or a signal. */
static bool wait_next(struct watch *watch)
{
    struct sb_loop *loop = watch->cli->contact.loop;
    uint64_t deadline = sb_loop_now(loop).mono_ms + EVERY_MS;
    struct sb_loop_event event;
    char key = 0;
    do {
        sb_loop_wait(loop, deadline);
        while (sb_loop_next(loop, &event)) {
            if (event.kind == SB_LOOP_STOP || event.kind == SB_LOOP_RELOAD) {
                return false; /* Ctrl-C, or the terminal went away */
            }
        }
        if (read(STDIN_FILENO, &key, 1) == 1 && (key == 'q' || key == 'Q')) {
            return false;
        }
    } while (sb_loop_now(loop).mono_ms < deadline);
    return true;
}

int sb_watch_run(struct sb_cli *cli, struct sb_record *args)
{
    struct watch watch = {.cli = cli};
    int exit = SB_EXIT_DONE;
    if (isatty(STDOUT_FILENO) != 1 || isatty(STDIN_FILENO) != 1) {
        sb_cli_say_one(cli, SB_TEXT_WATCH_NO_TERMINAL, "");
        return SB_EXIT_USAGE;
    }
    sb_pages_init(&watch.board);
    /* The first answer comes before the screen is taken over, so that a refusal stays readable. */
    bool on = renew(&watch, args, &exit);
    if (!on) {
        sb_pages_finish(&watch.board);
        return exit;
    }
    cli->contact.wait_ms = WAIT_MS;
    keys_raw(&watch);
    sb_loop_watch(cli->contact.loop, STDIN_FILENO);
    (void)fputs(screen_open, stdout);
    while (on) {
        size_refresh(&watch);
        draw(&watch);
        on = wait_next(&watch) && renew(&watch, args, &exit);
    }
    (void)fputs(screen_close, stdout);
    (void)fflush(stdout);
    sb_loop_watch(cli->contact.loop, -1);
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &watch.before);
    sb_pages_finish(&watch.board);
    return exit;
}
