/* grid.c: see grid.h. */
#include "view/grid.h"

#include "view/safe.h"

#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_ENOUGH 100000 /* columns; wider than any row of cells of SB_GRID_CELL_MAX */

struct grid_column {
    char *heading;
    size_t least, natural, shown;
    bool to_right;
};

struct grid_cell {
    char *text;
    const char *colour;
};

struct sb_grid {
    struct grid_column *column;
    unsigned columns, columns_named;
    struct grid_cell *cell; /* rows one after the other */
    size_t rows, room;
};

static char *text_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = sb_alloc(size, 1);
    memcpy(copy, text, size);
    return copy;
}

void sb_grid_destroy(struct sb_grid *grid)
{
    if (grid == NULL) {
        return;
    }
    for (unsigned i = 0; i < grid->columns; i++) {
        free(grid->column[i].heading);
    }
    for (size_t i = 0; i < grid->rows * grid->columns; i++) {
        free(grid->cell[i].text);
    }
    free(grid->column);
    free(grid->cell);
    free(grid);
}

struct sb_grid *sb_grid_new(unsigned columns)
{
    struct sb_grid *grid = sb_alloc(1, sizeof *grid);
    grid->column = sb_alloc(columns, sizeof *grid->column);
    grid->columns = columns;
    return grid;
}

void sb_grid_column(struct sb_grid *grid, const char *heading, size_t least, bool to_right)
{
    SB_ASSERT(grid->columns_named < grid->columns);
    struct grid_column *column = &grid->column[grid->columns_named++];
    column->heading = text_copy(heading);
    column->natural = sb_safe_width(heading);
    column->least = least;
    column->to_right = to_right;
}

void sb_grid_row(struct sb_grid *grid)
{
    SB_ASSERT(grid->columns_named == grid->columns);
    grid->cell =
        sb_alloc_more(grid->cell, grid->rows, &grid->room, grid->columns * sizeof *grid->cell);
    grid->rows++;
}

void sb_grid_set(struct sb_grid *grid, unsigned column, const char *text, const char *colour)
{
    SB_ASSERT(grid->rows > 0 && column < grid->columns);
    struct grid_cell *cell = &grid->cell[(grid->rows - 1) * grid->columns + column];
    size_t width = sb_safe_width(text);
    free(cell->text);
    cell->text = text_copy(text);
    cell->colour = colour;
    if (width > grid->column[column].natural) {
        grid->column[column].natural = width;
    }
}

/* Gives every column its natural width, then takes one column at a time from the widest that may
 * still shrink until all fit. */
static void widths_fit(const struct sb_grid *grid, size_t width)
{
    size_t sum = grid->columns - 1; /* one blank between two */
    for (unsigned i = 0; i < grid->columns; i++) {
        grid->column[i].shown = grid->column[i].natural;
        sum += grid->column[i].natural;
    }
    while (width > 0 && sum > width) {
        struct grid_column *widest = NULL;
        for (unsigned i = 0; i < grid->columns; i++) {
            struct grid_column *column = &grid->column[i];
            if (column->shown <= column->least) {
                continue;
            }
            if (widest == NULL || column->shown - column->least > widest->shown - widest->least) {
                widest = column;
            }
        }
        if (widest == NULL) {
            return; /* narrower than the least of all: the terminal wraps, nothing is lost */
        }
        widest->shown--;
        sum--;
    }
}

static void row_fill(const struct sb_grid *grid, size_t row, struct libscols_line *line)
{
    char fitted[SB_GRID_CELL_MAX];
    for (unsigned i = 0; i < grid->columns; i++) {
        const struct grid_cell *cell = &grid->cell[row * grid->columns + i];
        if (cell->text == NULL) {
            continue;
        }
        sb_safe_fit(cell->text, grid->column[i].shown, fitted, sizeof fitted);
        SB_ASSERT(scols_line_set_data(line, i, fitted) == 0);
        if (cell->colour != NULL) {
            (void)scols_cell_set_color(scols_line_get_cell(line, i), cell->colour);
        }
    }
}

void sb_grid_print(const struct sb_grid *grid, const struct sb_view *view)
{
    struct libscols_table *table = scols_new_table();
    SB_ASSERT(table != NULL);
    char fitted[SB_GRID_CELL_MAX];
    widths_fit(grid, view->width);
    for (unsigned i = 0; i < grid->columns; i++) {
        const struct grid_column *column = &grid->column[i];
        sb_safe_fit(column->heading, column->shown, fitted, sizeof fitted);
        SB_ASSERT(scols_table_new_column(table, fitted, 0, column->to_right ? SCOLS_FL_RIGHT : 0)
                  != NULL);
    }
    for (size_t row = 0; row < grid->rows; row++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);
        SB_ASSERT(line != NULL);
        row_fill(grid, row, line);
    }
    /* Widths are settled above: the library is told of endless room, so that it narrows nothing
     * where it counts a character wider than safe.c does. (Its "noencoding" stays off: without a
     * UTF-8 locale 2.38 never ends with it; the other way it only writes such characters in
     * hexadecimal.) */
    (void)scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
    (void)scols_table_set_termwidth(table, ROOM_ENOUGH);
    (void)scols_table_enable_colors(table, view->colour);
    (void)scols_table_set_stream(table, view->out);
    (void)scols_print_table(table);
    scols_unref_table(table);
}
