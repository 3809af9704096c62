/* rows.c: see rows.h. */
#include "view/rows.h"

#include "view/grid.h"
#include "view/safe.h"
#include "view/value.h"

#include <stdlib.h>

static void rows_json(const struct sb_pages *pages, const struct sb_view *view)
{
    struct sb_record row = {0};
    json_t *array = json_array();
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        (void)json_array_append_new(array, sb_value_json(&row));
    }
    json_t *whole = json_object();
    (void)json_object_set_new(whole, "rows", array);
    sb_value_json_print(whole, view->out);
}

void sb_row_facts(const struct sb_record *row, enum sb_field key, const struct sb_view *view)
{
    char name[SB_VALUE_SIZE], value[SB_VALUE_SIZE];
    bool alone = true;
    sb_value_show(row, key, view, false, name, sizeof name);
    for (unsigned i = 0; i < SB_FIELD_COUNT; i++) {
        if (!row->at[i].set || i == key || sb_field_find(i) == NULL) {
            continue;
        }
        sb_value_show(row, i, view, false, value, sizeof value);
        (void)fprintf(view->out, "%s\t%s\t%s\n", name, sb_value_name(i, view->language), value);
        alone = false;
    }
    if (alone) {
        (void)fprintf(view->out, "%s\n", name);
    }
}

/* The first column names the row. */
static void rows_plain(const struct sb_pages *pages, const struct sb_column *columns,
                       const struct sb_view *view)
{
    struct sb_record row = {0};
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        sb_row_facts(&row, columns[0].field, view);
    }
}

static const char *heading_of(const struct sb_column *column, const struct sb_view *view,
                              char *upper, size_t size)
{
    if (column->heading != SB_TEXT_NOTHING) {
        return sb_view_text(view, column->heading);
    }
    sb_safe_upper(sb_value_name(column->field, view->language), upper, size);
    return upper;
}

/* A notice stands in both languages: NOTICE in English, WORDING in Swedish. In place of an event
 * that cannot be read it says so, where its title would be. */
static enum sb_field said_in(const struct sb_record *row, enum sb_field field,
                             const struct sb_view *view)
{
    if (field == SB_FIELD_TITLE && sb_value_is_damage(row)) {
        field = SB_FIELD_NOTICE;
    }
    return field == SB_FIELD_NOTICE && view->language != SB_LANGUAGE_EN
                   && sb_record_has(row, SB_FIELD_WORDING)
               ? SB_FIELD_WORDING
               : field;
}

static void rows_table(const struct sb_pages *pages, const struct sb_column *columns,
                       const struct sb_view *view)
{
    unsigned count = 0;
    while (columns[count].field != 0) {
        count++;
    }
    struct sb_grid *grid = sb_grid_new(count);
    char text[SB_VALUE_SIZE];
    for (unsigned i = 0; i < count; i++) {
        const struct sb_field_row *known = sb_field_find(columns[i].field);
        bool to_right =
            known != NULL && known->type == SB_TYPE_UINT && known->field != SB_FIELD_KIND;
        sb_grid_column(grid, heading_of(&columns[i], view, text, sizeof text), columns[i].least,
                       to_right);
    }
    struct sb_record row = {0};
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        sb_grid_row(grid);
        for (unsigned i = 0; i < count; i++) {
            enum sb_field shown = said_in(&row, columns[i].field, view);
            sb_value_show(&row, shown, view, false, text, sizeof text);
            sb_grid_set(grid, i, text[0] == '\0' ? "-" : text, NULL);
        }
    }
    sb_grid_print(grid, view);
    sb_grid_destroy(grid);
}

void sb_rows_print(const struct sb_pages *pages, const struct sb_column *columns,
                   enum sb_text empty, const struct sb_view *view)
{
    switch (view->form) {
    case SB_FORM_JSON: rows_json(pages, view); return;
    case SB_FORM_PLAIN: rows_plain(pages, columns, view); return;
    case SB_FORM_TABLE:
        if (sb_pages_rows(pages) == 0) {
            (void)fprintf(view->out, "%s\n", sb_view_text(view, empty));
        } else {
            rows_table(pages, columns, view);
        }
        return;
    }
}

void sb_row_print(const struct sb_record *row, const struct sb_view *view)
{
    size_t size = SB_TEXT_SIZE_MAX * 4;
    char *value = sb_alloc(size, 1);
    for (unsigned i = 0; i < SB_FIELD_COUNT; i++) {
        const struct sb_field_row *known = sb_field_find(i);
        if (known == NULL || !row->at[i].set) {
            continue;
        }
        bool text = known->part == SB_PART_TEXT && view->form != SB_FORM_PLAIN;
        sb_value_show(row, known->field, view, text, value, size);
        const char *name = sb_value_name(known->field, view->language);
        if (view->form == SB_FORM_PLAIN) {
            (void)fprintf(view->out, "%s\t%s\n", name, value);
        } else {
            (void)fprintf(view->out, "%s: %s\n", name, value);
        }
    }
    free(value);
}
