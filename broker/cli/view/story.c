/* story.c: see story.h. */
#include "view/story.h"

#include "samband/kinds.h"
#include "samband/words.h"
#include "view/board.h"
#include "view/sentence.h"
#include "view/when.h"

#include <string.h>

#define CLOCK_BACK_MS 2000 /* less is a time server at work */

/* One row for each kind that tells its own story; the others tell their kind and title. */
static const struct {
    enum sb_kind kind;
    enum sb_text pattern;
} stories[] = {
    {SB_KIND_INFORMATION, SB_TEXT_STORY_INFORMATION},
    {SB_KIND_INCIDENT, SB_TEXT_STORY_INCIDENT},
    {SB_KIND_ACTIVATION, SB_TEXT_STORY_ACTIVATION},
    {SB_KIND_CONVENING, SB_TEXT_STORY_CONVENING},
    {SB_KIND_REPORT, SB_TEXT_STORY_REPORT},
    {SB_KIND_PICTURE, SB_TEXT_STORY_PICTURE},
    {SB_KIND_CORRECTION, SB_TEXT_STORY_CORRECTION},
    {SB_KIND_RECALL, SB_TEXT_STORY_RECALL},
    {SB_KIND_END, SB_TEXT_STORY_END},
    {SB_KIND_REACH, SB_TEXT_STORY_REACH},
    {SB_KIND_ACK, SB_TEXT_STORY_ACK},
    {SB_KIND_ATTENDANCE, SB_TEXT_STORY_ATTENDANCE},
    {SB_KIND_REACHED, SB_TEXT_STORY_REACHED},
    {SB_KIND_MANDATE, SB_TEXT_STORY_MANDATE},
    {SB_KIND_NOTE, SB_TEXT_STORY_NOTE},
    {SB_KIND_VERDICT, SB_TEXT_STORY_VERDICT},
};

void sb_story_sentence(const struct sb_record *row, const struct sb_view *view, char *ret,
                       size_t size)
{
    enum sb_text pattern = SB_TEXT_STORY_UNKNOWN;
    uint64_t kind = sb_record_number(row, SB_FIELD_KIND);
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        if (stories[i].kind == kind) {
            pattern = stories[i].pattern;
        }
    }
    if (sb_value_is_damage(row)) {
        sb_sentence_write(sb_view_text(view, SB_TEXT_STORY_DAMAGED), row, view, ret, size);
        return;
    }
    bool withdrawn = kind == SB_KIND_MANDATE && sb_record_number(row, SB_FIELD_WITHDRAWN) != 0;
    sb_sentence_write(sb_view_text(view, withdrawn ? SB_TEXT_STORY_MANDATE_BACK : pattern), row,
                      view, ret, size);
    if (sb_record_number(row, SB_FIELD_VERDICT) == SB_ERR_OK || kind == SB_KIND_VERDICT) {
        return;
    }
    size_t used = strlen(ret);
    if (size - used > SB_WHEN_SIZE) {
        sb_sentence_write(sb_view_text(view, SB_TEXT_STORY_REFUSED), row, view, ret + used,
                          size - used);
    }
}

/* True where the event is by or about the organisation. */
static bool org_concerned(const struct sb_record *row, const char *org)
{
    struct sb_bytes wanted = sb_bytes_str(org);
    if (sb_bytes_equal(sb_record_bytes(row, SB_FIELD_ORIGIN), wanted)) {
        return true;
    }
    struct sb_bytes seat = sb_record_bytes(row, SB_FIELD_SEAT);
    if (seat.size > wanted.size && sb_bytes_starts_with(seat, wanted)
        && seat.at[wanted.size] == '/') {
        return true;
    }
    struct sb_list_reader seats = sb_list_read(sb_record_bytes(row, SB_FIELD_SEATS));
    while (sb_list_next(&seats, &seat)) {
        if (seat.size > 0 && seat.at[0] == '~') {
            seat = sb_bytes(seat.at + 1, seat.size - 1);
        }
        if (seat.size > wanted.size && sb_bytes_starts_with(seat, wanted)
            && seat.at[wanted.size] == '/') {
            return true;
        }
    }
    return false;
}

static bool row_wanted(const struct sb_record *row, const struct sb_story_only *only)
{
    uint64_t at = sb_record_number(row, SB_FIELD_ACCEPTED_AT);
    return (only->until_ms == 0 || at <= only->until_ms)
           && (only->org == NULL || sb_value_is_damage(row) || org_concerned(row, only->org));
}

/* The order is that of acceptance; where the times run against it, the clock there did. */
static void clock_print(const struct sb_record *row, uint64_t *last_ms, const struct sb_view *view)
{
    char back[SB_WHEN_SIZE], line[SB_SENTENCE_SIZE];
    const char *values[] = {back};
    uint64_t when = sb_record_number(row, SB_FIELD_ACCEPTED_AT);
    if (when == 0 || sb_value_is_damage(row)) {
        return;
    }
    if (when + CLOCK_BACK_MS < *last_ms && view->form == SB_FORM_TABLE) {
        sb_when_length(*last_ms - when, back);
        sb_text_fill(sb_view_text(view, SB_TEXT_STORY_CLOCK_BACK), values, 1, line, sizeof line);
        (void)fprintf(view->out, "%s\n", line);
    }
    *last_ms = when;
}

static void line_print(const struct sb_record *row, uint64_t start_ms, const struct sb_view *view)
{
    char sentence[SB_SENTENCE_SIZE], id[SB_ID_SHOWN + 1];
    char since[SB_WHEN_SIZE], at[SB_WHEN_SIZE], kind[SB_VALUE_SIZE];
    uint64_t when = sb_record_number(row, SB_FIELD_ACCEPTED_AT);
    sb_story_sentence(row, view, sentence, sizeof sentence);
    sb_value_id(row, id);
    sb_when_length(when > start_ms ? when - start_ms : 0, since);
    sb_when_local(when, view->now_ms, true, at);
    if (sb_value_is_damage(row)) {
        (void)snprintf(id, sizeof id, "?");
        (void)snprintf(since, sizeof since, "?");
        (void)snprintf(at, sizeof at, "?");
    }
    if (view->form == SB_FORM_PLAIN) {
        sb_value_show(row, SB_FIELD_KIND, view, false, kind, sizeof kind);
        (void)fprintf(view->out, "%s\t+%s\t%s\t%s\t%s\n", id, since, at, kind, sentence);
        return;
    }
    (void)fprintf(view->out, "+%s  %s  %s  %s\n", since, at, id, sentence);
}

static void story_json(const struct sb_pages *pages, const struct sb_story_only *only,
                       const struct sb_view *view)
{
    struct sb_record row = {0};
    json_t *array = json_array(), *whole = json_object();
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        if (row_wanted(&row, only)) {
            (void)json_array_append_new(array, sb_value_json(&row));
        }
    }
    (void)json_object_set_new(whole, "rows", array);
    sb_value_json_print(whole, view->out);
}

void sb_story_print(const struct sb_pages *pages, const struct sb_story_only *only,
                    const struct sb_view *view)
{
    if (view->form == SB_FORM_JSON) {
        story_json(pages, only, view);
        return;
    }
    struct sb_record row = {0};
    uint64_t start = 0, last = 0;
    unsigned shown = 0, realm = 0;
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        if (start == 0) {
            start = sb_record_number(&row, SB_FIELD_ACCEPTED_AT);
        }
        if (!row_wanted(&row, only)) {
            continue;
        }
        if (!sb_value_is_damage(&row)) {
            realm = (unsigned)(sb_record_number(&row, SB_FIELD_REALM) & 0xFF);
        }
        if (shown++ == 0) {
            sb_board_band(realm, view);
        }
        clock_print(&row, &last, view);
        line_print(&row, start, view);
    }
    if (shown == 0 && view->form == SB_FORM_TABLE) {
        (void)fprintf(view->out, "%s\n", sb_view_text(view, SB_TEXT_EMPTY));
    }
    if (shown > 0 && view->form == SB_FORM_TABLE) {
        sb_board_band(realm, view);
    }
}
