/* board_cells.c: see board_cells.h. */
#include "view/board_cells.h"

#include "samband/words.h"
#include "view/safe.h"
#include "view/value.h"
#include "view/when.h"

#include <string.h>

bool sb_board_is_wide(const struct sb_view *view)
{
    return view->width == 0 || view->width >= SB_BOARD_WIDE;
}

const char *sb_board_colour(const struct sb_record *row)
{
    static const char *const names[] = {
        [SB_COLOUR_RED] = "red", [SB_COLOUR_AMBER] = "yellow", [SB_COLOUR_GREEN] = "green"};
    uint64_t colour = sb_record_number(row, SB_FIELD_COLOUR);
    return colour < sizeof names / sizeof names[0] ? names[colour] : NULL;
}

static void text_set(const char *text, char ret[SB_BOARD_CELL])
{
    (void)snprintf(ret, SB_BOARD_CELL, "%s", text);
}

static void field_set(const struct sb_record *row, enum sb_field field, const struct sb_view *view,
                      char ret[SB_BOARD_CELL])
{
    sb_value_show(row, field, view, false, ret, SB_BOARD_CELL);
}

/* Letter (and word, where there is room); a star where the person was reached otherwise. */
static void state_write(const struct sb_record *row, const struct sb_view *view,
                        char ret[SB_BOARD_CELL])
{
    static const enum sb_text letters[] = {[SB_COLOUR_RED] = SB_TEXT_LETTER_RED,
                                           [SB_COLOUR_AMBER] = SB_TEXT_LETTER_AMBER,
                                           [SB_COLOUR_GREEN] = SB_TEXT_LETTER_GREEN};
    uint64_t colour = sb_record_number(row, SB_FIELD_COLOUR);
    char word[SB_BOARD_CELL];
    if (colour == 0 || colour >= sizeof letters / sizeof letters[0]) {
        text_set("?", ret);
        return;
    }
    bool otherwise = sb_record_has(row, SB_FIELD_VIA) || sb_record_has(row, SB_FIELD_REACHED_BY);
    field_set(row, SB_FIELD_COLOUR, view, word);
    bool wide = sb_board_is_wide(view);
    (void)snprintf(ret, SB_BOARD_CELL, "%s%s%s%.40s", sb_view_text(view, letters[colour]),
                   otherwise ? "*" : "", wide ? " " : "", wide ? word : "");
}

/* A seat is "organisation/function[:via]"; both columns fall back on its parts. */
static void seat_split(const struct sb_record *row, char org[SB_BOARD_CELL],
                       char function[SB_BOARD_CELL])
{
    char seat[SB_BOARD_CELL];
    sb_safe_copy(sb_record_bytes(row, SB_FIELD_SEAT), false, seat, sizeof seat);
    size_t size = strcspn(seat, "/");
    (void)snprintf(org, SB_BOARD_CELL, "%.*s", (int)size, seat);
    (void)snprintf(function, SB_BOARD_CELL, "%s", seat[size] == '/' ? seat + size + 1 : "");
}

static void org_write(const struct sb_record *row, const struct sb_view *view,
                      char ret[SB_BOARD_CELL])
{
    char function[SB_BOARD_CELL];
    if (sb_record_has(row, SB_FIELD_NAME)) {
        field_set(row, SB_FIELD_NAME, view, ret);
    } else if (sb_record_has(row, SB_FIELD_ORG)) {
        field_set(row, SB_FIELD_ORG, view, ret);
    } else {
        seat_split(row, ret, function);
    }
}

/* The called function, and in brackets the one that answered where it is another. */
static void function_write(const struct sb_record *row, const struct sb_view *view,
                           char ret[SB_BOARD_CELL])
{
    char org[SB_BOARD_CELL], called[SB_BOARD_CELL], answered[SB_BOARD_CELL];
    seat_split(row, org, called);
    field_set(row, SB_FIELD_FUNCTION, view, answered);
    if (called[0] == '\0' || strcmp(called, answered) == 0 || answered[0] == '\0') {
        text_set(called[0] == '\0' ? answered : called, ret);
    } else {
        (void)snprintf(ret, SB_BOARD_CELL, "%.120s (%.120s)", called, answered);
    }
}

static void time_write(const struct sb_record *row, enum sb_field field, const struct sb_view *view,
                       char ret[SB_BOARD_CELL])
{
    char time[SB_WHEN_SIZE] = "-";
    if (sb_record_has(row, field) && sb_board_is_wide(view)) {
        sb_when_seconds(sb_record_number(row, field), time);
    } else if (sb_record_has(row, field)) {
        sb_when_clock(sb_record_number(row, field), time);
    }
    text_set(time, ret);
}

static void stored_write(const struct sb_record *row, const struct sb_view *view,
                         char ret[SB_BOARD_CELL])
{
    time_write(row, SB_FIELD_STORED_AT, view, ret);
}

static void notified_write(const struct sb_record *row, const struct sb_view *view,
                           char ret[SB_BOARD_CELL])
{
    time_write(row, SB_FIELD_NOTIFIED_AT, view, ret);
}

/* "+" after the time: given after the deadline. */
static void acked_write(const struct sb_record *row, const struct sb_view *view,
                        char ret[SB_BOARD_CELL])
{
    char time[SB_BOARD_CELL];
    bool late = sb_record_number(row, SB_FIELD_LATE) != 0;
    time_write(row, SB_FIELD_ACKED_AT, view, time);
    (void)snprintf(ret, SB_BOARD_CELL, "%.60s%s", time, late ? "+" : "");
}

static void mandate_write(const struct sb_record *row, const struct sb_view *view,
                          char ret[SB_BOARD_CELL])
{
    static const enum sb_text shorts[] = {[SB_MANDATE_NOT_NEEDED] = SB_TEXT_MANDATE_NOT_NEEDED,
                                          [SB_MANDATE_VALID] = SB_TEXT_MANDATE_VALID,
                                          [SB_MANDATE_NONE] = SB_TEXT_MANDATE_NONE,
                                          [SB_MANDATE_UNDECLARED] = SB_TEXT_MANDATE_UNDECLARED,
                                          [SB_MANDATE_ENDED] = SB_TEXT_MANDATE_ENDED};
    uint64_t state = sb_record_number(row, SB_FIELD_MANDATE_STATE);
    if (state == 0 || state >= sizeof shorts / sizeof shorts[0]) {
        text_set("-", ret);
    } else {
        text_set(sb_view_text(view, shorts[state]), ret);
    }
}

static void answer_write(const struct sb_record *row, const struct sb_view *view,
                         char ret[SB_BOARD_CELL])
{
    uint64_t answer = sb_record_number(row, SB_FIELD_ANSWER);
    char time[SB_WHEN_SIZE];
    if (answer == SB_ANSWER_AT && sb_record_has(row, SB_FIELD_AT)) {
        sb_when_clock(sb_record_number(row, SB_FIELD_AT), time);
        const char *const values[] = {time};
        sb_text_fill(sb_view_text(view, SB_TEXT_ANSWER_AT), values, 1, ret, SB_BOARD_CELL);
    } else if (answer != SB_ANSWER_NOTHING) {
        field_set(row, SB_FIELD_ANSWER, view, ret);
    } else {
        text_set("-", ret);
    }
}

/* The broker's words beside the colour, in the language. */
static void wording_write(const struct sb_record *row, const struct sb_view *view,
                          char ret[SB_BOARD_CELL])
{
    field_set(row, view->language == SB_LANGUAGE_EN ? SB_FIELD_NOTICE : SB_FIELD_WORDING, view,
              ret);
    if (ret[0] == '\0') {
        field_set(row, SB_FIELD_WORDING, view, ret);
    }
}

/* "ersättare 00:23": the step and the time left; "nu" where that has passed. */
static void step_write(const struct sb_record *row, const struct sb_view *view,
                       char ret[SB_BOARD_CELL])
{
    static const enum sb_text shorts[] = {[SB_STEP_PERSON] = SB_TEXT_STEP_PERSON,
                                          [SB_STEP_DEPUTY] = SB_TEXT_STEP_DEPUTY,
                                          [SB_STEP_REMIND] = SB_TEXT_STEP_REMIND,
                                          [SB_STEP_RETRY] = SB_TEXT_STEP_RETRY};
    uint64_t step = sb_record_number(row, SB_FIELD_STEP);
    uint64_t at = sb_record_number(row, SB_FIELD_STEP_AT);
    char left[SB_WHEN_SIZE] = "";
    if (at > view->now_ms) {
        sb_when_length(at - view->now_ms, left);
    } else if (at > 0) {
        (void)snprintf(left, sizeof left, "%s", sb_view_text(view, SB_TEXT_NOW));
    }
    (void)snprintf(ret, SB_BOARD_CELL, "%s %s", sb_view_text(view, shorts[step]), left);
}

/* What happens next, or the number to ring where nothing more happens by itself. */
static void next_write(const struct sb_record *row, const struct sb_view *view,
                       char ret[SB_BOARD_CELL])
{
    uint64_t step = sb_record_number(row, SB_FIELD_STEP);
    bool automatic = step >= SB_STEP_PERSON && step <= SB_STEP_RETRY;
    bool dark = sb_record_has(row, SB_FIELD_DARK_SINCE);
    bool red = sb_record_number(row, SB_FIELD_COLOUR) == SB_COLOUR_RED;
    char text[SB_BOARD_CELL], time[SB_WHEN_SIZE];
    if ((dark || red || step == SB_STEP_EXHAUSTED) && sb_record_has(row, SB_FIELD_RING)) {
        field_set(row, SB_FIELD_RING, view, text);
        if (!sb_board_is_wide(view)) {
            text[strcspn(text, ",")] = '\0'; /* the first number, whole */
        }
        const char *const values[] = {text};
        sb_text_fill(sb_view_text(view, SB_TEXT_RING), values, 1, ret, SB_BOARD_CELL);
    } else if (dark) {
        sb_when_clock(sb_record_number(row, SB_FIELD_DARK_SINCE), time);
        const char *const values[] = {time};
        sb_text_fill(sb_view_text(view, SB_TEXT_DARK_SINCE), values, 1, ret, SB_BOARD_CELL);
    } else if (automatic) {
        step_write(row, view, ret);
    } else if (step == SB_STEP_EXHAUSTED) {
        field_set(row, SB_FIELD_STEP, view, ret);
    } else if (!sb_board_is_wide(view)) {
        wording_write(row, view, ret);
    } else {
        text_set("-", ret);
    }
}

const struct sb_board_column sb_board_column[SB_BOARD_COLUMNS] = {
    {SB_TEXT_COLUMN_STATE, 2, false, state_write},
    {SB_TEXT_COLUMN_ORG, 12, false, org_write},
    {SB_TEXT_COLUMN_FUNCTION, 9, false, function_write},
    {SB_TEXT_COLUMN_STORED, 6, false, stored_write},
    {SB_TEXT_COLUMN_NOTIFIED, 6, false, notified_write},
    {SB_TEXT_COLUMN_ACKED, 6, false, acked_write},
    {SB_TEXT_COLUMN_MANDATE, 6, false, mandate_write},
    {SB_TEXT_COLUMN_ANSWER, 9, false, answer_write},
    {SB_TEXT_COLUMN_NEXT, 16, false, next_write},
    {SB_TEXT_COLUMN_WORDING, 10, true, wording_write},
};
