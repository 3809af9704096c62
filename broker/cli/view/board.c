/* board.c: see board.h. */
#include "view/board.h"

#include "samband/kinds.h"
#include "samband/words.h"
#include "view/board_cells.h"
#include "view/board_orgs.h"
#include "view/grid.h"
#include "view/rows.h"
#include "view/safe.h"
#include "view/sentence.h"
#include "view/when.h"

#include <stdlib.h>
#include <string.h>

#define LINE_SIZE  1024
#define BAND_WIDTH 80 /* where the output is no terminal */

/* Organisations seen so far, each once: an organisation may be called in several functions. */
struct org_set {
    struct sb_bytes *org;
    bool *dark;
    unsigned count, room;
};

bool sb_board_is_dark(const struct sb_record *row)
{
    return sb_record_has(row, SB_FIELD_DARK_SINCE)
           || (sb_record_has(row, SB_FIELD_ENROLLED)
               && sb_record_number(row, SB_FIELD_ENROLLED) == 0);
}

static void org_count(struct org_set *set, const struct sb_record *row)
{
    struct sb_bytes org = sb_record_bytes(row, SB_FIELD_ORG);
    const bool dark = sb_board_is_dark(row);
    if (org.size == 0) {
        struct sb_bytes seat = sb_record_bytes(row, SB_FIELD_SEAT);
        const uint8_t *slash = seat.size == 0 ? NULL : memchr(seat.at, '/', seat.size);
        org = slash == NULL ? seat : sb_bytes(seat.at, (size_t)(slash - seat.at));
    }
    for (unsigned i = 0; i < set->count; i++) {
        if (sb_bytes_equal(set->org[i], org)) {
            set->dark[i] = set->dark[i] || dark;
            return;
        }
    }
    if (set->count < set->room) {
        set->org[set->count] = org;
        set->dark[set->count++] = dark;
    }
}

static void row_count(const struct sb_record *row, struct sb_board_counts *counts)
{
    uint64_t mandate = sb_record_number(row, SB_FIELD_MANDATE_STATE);
    uint64_t answer = sb_record_number(row, SB_FIELD_ANSWER);
    uint64_t step = sb_record_number(row, SB_FIELD_STEP);
    uint64_t step_at = sb_record_number(row, SB_FIELD_STEP_AT);
    counts->called++;
    counts->reached += sb_record_has(row, SB_FIELD_ACKED_AT) ? 1 : 0;
    counts->mandate_needed += mandate != SB_MANDATE_NOT_NEEDED ? 1 : 0;
    counts->mandated += mandate == SB_MANDATE_VALID ? 1 : 0;
    if (answer <= SB_ANSWER_NO) {
        counts->answer[answer]++;
    }
    bool automatic = step >= SB_STEP_PERSON && step <= SB_STEP_RETRY && step_at > 0;
    if (automatic && (counts->next_step_at == 0 || step_at < counts->next_step_at)) {
        counts->next_step_at = step_at;
    }
}

void sb_board_count(const struct sb_pages *pages, struct sb_board_counts *ret_counts)
{
    struct sb_record row = {0};
    struct sb_board_counts counts = {0};
    struct org_set set = {.room = sb_pages_rows(pages)};
    set.org = sb_alloc((size_t)set.room + 1, sizeof *set.org);
    set.dark = sb_alloc((size_t)set.room + 1, sizeof *set.dark);
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        if (sb_record_has(&row, SB_FIELD_SEAT)) {
            row_count(&row, &counts);
            org_count(&set, &row);
        } else if (sb_board_is_org(&row)) {
            org_count(&set, &row);
        }
    }
    counts.orgs = set.count;
    for (unsigned i = 0; i < set.count; i++) {
        counts.orgs_dark += set.dark[i] ? 1 : 0;
    }
    free(set.org);
    free(set.dark);
    *ret_counts = counts;
}

void sb_board_band(unsigned realm, const struct sb_view *view)
{
    const struct sb_word *word = sb_word_find(SB_FIELD_REALM, realm);
    if (word == NULL || realm == SB_REALM_LIVE || view->form == SB_FORM_JSON) {
        return;
    }
    const char *text = sb_text_either(view->language, word->sv, word->en);
    if (view->form == SB_FORM_PLAIN) {
        (void)fprintf(view->out, "%s\t%s\n", sb_value_name(SB_FIELD_REALM, view->language), text);
        return;
    }
    size_t width = view->width == 0 ? BAND_WIDTH : view->width;
    size_t step = sb_safe_width(text) + 3, used = 0;
    if (view->colour) {
        (void)fputs("\033[7m", view->out);
    }
    for (; used + step <= width; used += step) {
        (void)fprintf(view->out, " %s ·", text);
    }
    for (; used < width; used++) {
        (void)fputc(' ', view->out);
    }
    (void)fputs(view->colour ? "\033[0m\n" : "\n", view->out);
}

unsigned sb_board_realm(const struct sb_pages *pages)
{
    struct sb_record row = {0};
    uint64_t realm = 0;
    bool one = true;
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        const uint64_t its = sb_record_number(&row, SB_FIELD_REALM);
        one = one && its != 0 && its <= SB_REALM_TEST && (realm == 0 || its == realm);
        realm = its;
    }
    return one ? (unsigned)realm : 0;
}

/* Prints a line no wider than the screen. */
static void line_print(const char *line, const struct sb_view *view)
{
    char fitted[LINE_SIZE];
    if (line[0] == '\0') {
        return;
    }
    sb_safe_fit(line, view->width == 0 ? SIZE_MAX : view->width, fitted, sizeof fitted);
    (void)fprintf(view->out, "%s\n", fitted);
}

/* "  start 03:00 (om 50 min)", or nothing. */
static void time_add(const struct sb_record *head, enum sb_field field, const struct sb_view *view,
                     char *line)
{
    if (!sb_record_has(head, field)) {
        return;
    }
    char at[SB_WHEN_SIZE], relative[SB_WHEN_SIZE];
    uint64_t when = sb_record_number(head, field);
    size_t size = strlen(line);
    sb_when_local(when, view->now_ms, false, at);
    sb_when_relative(when, view->now_ms, view->language, relative);
    (void)snprintf(line + size, LINE_SIZE - size, "%s%s %s (%s)", size > 0 ? "  " : "",
                   sb_value_name(field, view->language), at, relative);
}

/* What is wrong at the other end itself: never cut off. */
static void notice_print(const struct sb_record *head, const struct sb_view *view)
{
    char line[LINE_SIZE];
    sb_value_show(head, view->language == SB_LANGUAGE_SV ? SB_FIELD_WORDING : SB_FIELD_NOTICE, view,
                  false, line, sizeof line);
    if (line[0] != '\0') {
        (void)fprintf(view->out, "%s\n", line);
    }
}

static void head_print(const struct sb_record *head, const struct sb_view *view)
{
    char line[LINE_SIZE], since[SB_WHEN_SIZE] = "";
    sb_sentence_write(sb_view_text(view, SB_TEXT_BOARD_HEAD), head, view, line, sizeof line - 64);
    uint64_t issued = sb_record_number(head, SB_FIELD_ISSUED);
    if (issued > 0 && issued <= view->now_ms) {
        sb_when_length(view->now_ms - issued, since);
    }
    size_t size = strlen(line);
    if (since[0] != '\0') {
        (void)snprintf(line + size, sizeof line - size, "  +%s", since);
    }
    line_print(line, view);

    if (sb_record_number(head, SB_FIELD_RECALLED) != 0) {
        line_print(sb_view_text(view, SB_TEXT_BOARD_RECALLED), view);
    }
    notice_print(head, view);
    sb_sentence_write(sb_view_text(view, SB_TEXT_BOARD_FORUM), head, view, line, sizeof line / 2);
    time_add(head, SB_FIELD_STARTS, view, line);
    time_add(head, SB_FIELD_ANSWER_BY, view, line);
    line_print(line, view);
    sb_sentence_write(sb_view_text(view, SB_TEXT_BOARD_JOIN), head, view, line, sizeof line);
    line_print(line, view);
}

/* True where the event asks for attendance, or somebody has answered anyway. */
static bool answers_shown(const struct sb_record *head, const struct sb_board_counts *counts)
{
    uint64_t number = sb_record_number(head, SB_FIELD_KIND);
    const struct sb_kind_row *kind = number <= UINT32_MAX ? sb_kind_find((unsigned)number) : NULL;
    return (kind != NULL && kind->asks == SB_ASKS_ATTENDANCE)
           || counts->answer[SB_ANSWER_NOTHING] < counts->called;
}

static void counters_print(const struct sb_record *head, const struct sb_board_counts *counts,
                           const struct sb_view *view)
{
    char number[9][16], line[LINE_SIZE], left[SB_WHEN_SIZE];
    const unsigned numbers[] = {counts->reached,
                                counts->called,
                                counts->mandated,
                                counts->mandate_needed,
                                counts->orgs - counts->orgs_dark,
                                counts->orgs,
                                counts->orgs_dark};
    const char *values[9];
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        (void)snprintf(number[i], sizeof number[i], "%u", numbers[i]);
        values[i] = number[i];
    }
    sb_text_fill(sb_view_text(view, SB_TEXT_BOARD_COUNTS), values, 7, line, sizeof line);
    line_print(line, view);
    line[0] = '\0';
    if (answers_shown(head, counts)) {
        for (unsigned i = 0; i < 5; i++) {
            unsigned answer = (i + 1) % 5; /* no answer yet comes last */
            (void)snprintf(number[i], sizeof number[i], "%u", counts->answer[answer]);
            values[i] = number[i];
        }
        sb_text_fill(sb_view_text(view, SB_TEXT_BOARD_ANSWERS), values, 5, line, sizeof line);
    }
    if (counts->next_step_at > view->now_ms) {
        static const char apart[] = "   ";
        size_t size = strlen(line);
        if (size > 0 && size + sizeof apart <= sizeof line) {
            memcpy(line + size, apart, sizeof apart);
            size += sizeof apart - 1;
        }
        sb_when_length(counts->next_step_at - view->now_ms, left);
        values[0] = left;
        sb_text_fill(sb_view_text(view, SB_TEXT_BOARD_NEXT), values, 1, line + size,
                     sizeof line - size);
    }
    line_print(line, view);
}

static void seats_print(const struct sb_pages *pages, const struct sb_view *view)
{
    unsigned shown[SB_BOARD_COLUMNS] = {0}, count = 0;
    for (unsigned i = 0; i < SB_BOARD_COLUMNS; i++) {
        if (!sb_board_column[i].wide_only || sb_board_is_wide(view)) {
            shown[count++] = i;
        }
    }
    struct sb_grid *grid = sb_grid_new(count);
    for (unsigned i = 0; i < count; i++) {
        const struct sb_board_column *column = &sb_board_column[shown[i]];
        sb_grid_column(grid, sb_view_text(view, column->heading), column->least, false);
    }
    struct sb_record row = {0};
    char cell[SB_BOARD_CELL];
    bool late = false;
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        if (!sb_record_has(&row, SB_FIELD_SEAT)) {
            continue;
        }
        sb_grid_row(grid);
        for (unsigned i = 0; i < count; i++) {
            sb_board_column[shown[i]].write(&row, view, cell);
            sb_grid_set(grid, i, cell, i == 0 ? sb_board_colour(&row) : NULL);
        }
        late = late || sb_record_number(&row, SB_FIELD_LATE) != 0;
    }
    sb_grid_print(grid, view);
    sb_grid_destroy(grid);
    if (late) {
        line_print(sb_view_text(view, SB_TEXT_BOARD_LATE), view);
    }
}

/* A row of what an agent does that no agent should: no seat, and not the head. */
static bool is_misdeed(const struct sb_record *row)
{
    return sb_record_has(row, SB_FIELD_MISDEED);
}

/* That many came without a key: the last row, if at all. */
static bool is_strangers(const struct sb_record *row)
{
    return sb_record_has(row, SB_FIELD_STRANGERS);
}

static void warnings_print(const struct sb_pages *pages, const struct sb_view *view)
{
    struct sb_record row = {0};
    char line[LINE_SIZE];
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        if (!is_misdeed(&row) && !is_strangers(&row)) {
            continue;
        }
        sb_sentence_write(
            sb_view_text(view, is_misdeed(&row) ? SB_TEXT_BOARD_MISDEED : SB_TEXT_BOARD_STRANGERS),
            &row, view, line, sizeof line);
        line_print(line, view);
    }
}

static bool head_find(const struct sb_pages *pages, struct sb_record *ret_head)
{
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, ret_head)) {
        if (!sb_record_has(ret_head, SB_FIELD_SEAT) && !is_misdeed(ret_head)
            && !is_strangers(ret_head) && !sb_board_is_org(ret_head)) {
            return true;
        }
    }
    sb_record_clear(ret_head);
    return false;
}

/* A head without an event, and no seats: nothing calls anybody. */
static bool is_quiet(const struct sb_record *head, const struct sb_board_counts *counts)
{
    return !sb_record_has(head, SB_FIELD_ID) && counts->called == 0;
}

static void board_json(const struct sb_pages *pages, const struct sb_view *view)
{
    struct sb_record row = {0};
    json_t *board = json_object(), *seats = json_array(), *misdeeds = json_array();
    json_t *orgs = json_array(), *strangers = json_null();
    const bool tells =
        head_find(pages, &row)
        && (sb_record_has(&row, SB_FIELD_ID) || sb_record_has(&row, SB_FIELD_NOTICE));
    (void)json_object_set_new(board, "head", tells ? sb_value_json(&row) : json_null());
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        if (sb_record_has(&row, SB_FIELD_SEAT)) {
            (void)json_array_append_new(seats, sb_value_json(&row));
        } else if (is_misdeed(&row)) {
            (void)json_array_append_new(misdeeds, sb_value_json(&row));
        } else if (is_strangers(&row)) {
            strangers = sb_value_json(&row);
        } else if (sb_board_is_org(&row)) {
            (void)json_array_append_new(orgs, sb_value_json(&row));
        }
    }
    (void)json_object_set_new(board, "seats", seats);
    (void)json_object_set_new(board, "orgs", orgs);
    (void)json_object_set_new(board, "misdeeds", misdeeds);
    (void)json_object_set_new(board, "strangers", strangers);
    sb_value_json_print(board, view->out);
}

/* The head's facts, then each seat's, or organisation's. */
static void board_plain(const struct sb_pages *pages, bool quiet, const struct sb_view *view)
{
    struct sb_record row = {0};
    if (quiet) {
        (void)fprintf(view->out, "%s\n", sb_view_text(view, SB_TEXT_BOARD_EMPTY));
    }
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        if (sb_record_has(&row, SB_FIELD_SEAT)) {
            sb_row_facts(&row, SB_FIELD_SEAT, view);
        } else if (sb_board_is_org(&row)) {
            sb_row_facts(&row, SB_FIELD_ORG, view);
        } else {
            sb_row_print(&row, view);
        }
    }
}

/* Nothing calls anybody. */
static void quiet_print(const struct sb_pages *pages, const struct sb_record *head,
                        const struct sb_board_counts *counts, const struct sb_view *view)
{
    line_print(sb_view_text(view, SB_TEXT_BOARD_EMPTY), view);
    notice_print(head, view);
    sb_board_orgs_print(pages, counts, view);
}

static void event_print(const struct sb_pages *pages, const struct sb_record *head,
                        const struct sb_board_counts *counts, const struct sb_view *view)
{
    head_print(head, view);
    counters_print(head, counts, view);
    if (counts->called > 0) {
        seats_print(pages, view);
    }
}

void sb_board_print(const struct sb_pages *pages, const struct sb_view *view)
{
    struct sb_record head = {0};
    struct sb_board_counts counts;
    (void)head_find(pages, &head);
    unsigned realm = (unsigned)(sb_record_number(&head, SB_FIELD_REALM) & 0xFF);
    sb_board_count(pages, &counts);
    switch (view->form) {
    case SB_FORM_JSON: board_json(pages, view); return;
    case SB_FORM_PLAIN: board_plain(pages, is_quiet(&head, &counts), view); return;
    case SB_FORM_TABLE: break;
    }
    sb_board_band(realm, view);
    if (is_quiet(&head, &counts)) {
        quiet_print(pages, &head, &counts, view);
    } else {
        event_print(pages, &head, &counts, view);
    }
    warnings_print(pages, view);
    sb_board_band(realm, view);
}
