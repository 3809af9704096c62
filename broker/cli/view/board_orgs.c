/* board_orgs.c: see board_orgs.h. */
#include "view/board_orgs.h"

#include "view/board_cells.h"
#include "view/grid.h"
#include "view/value.h"
#include "view/when.h"

#include <string.h>

bool sb_board_is_org(const struct sb_record *row)
{
    return sb_record_has(row, SB_FIELD_ORG) && !sb_record_has(row, SB_FIELD_SEAT)
           && !sb_record_has(row, SB_FIELD_MISDEED);
}

static void agent_cell(const struct sb_record *row, const struct sb_view *view,
                       char ret[SB_BOARD_CELL])
{
    char since[SB_WHEN_SIZE];
    if (!sb_record_has(row, SB_FIELD_DARK_SINCE)) {
        (void)snprintf(ret, SB_BOARD_CELL, "%s", sb_view_text(view, SB_TEXT_NOT_ENROLLED));
        return;
    }
    sb_when_local(sb_record_number(row, SB_FIELD_DARK_SINCE), view->now_ms, false, since);
    const char *const values[] = {since};
    sb_text_fill(sb_view_text(view, SB_TEXT_DARK_SINCE), values, 1, ret, SB_BOARD_CELL);
}

static void dark_row(struct sb_grid *grid, const struct sb_record *row, const struct sb_view *view)
{
    char cell[SB_BOARD_CELL];
    sb_grid_row(grid);
    sb_value_show(row, sb_record_has(row, SB_FIELD_NAME) ? SB_FIELD_NAME : SB_FIELD_ORG, view,
                  false, cell, sizeof cell);
    sb_grid_set(grid, 0, cell, NULL);
    agent_cell(row, view, cell);
    sb_grid_set(grid, 1, cell, NULL);
    sb_value_show(row, SB_FIELD_RING, view, false, cell, sizeof cell);
    sb_grid_set(grid, 2, cell[0] == '\0' ? "-" : cell, NULL);
}

void sb_board_orgs_print(const struct sb_pages *pages, const struct sb_board_counts *counts,
                         const struct sb_view *view)
{
    static const struct {
        enum sb_text heading;
        unsigned least;
    } columns[] = {{SB_TEXT_COLUMN_ORG, 24}, {SB_TEXT_COLUMN_AGENT, 20}, {SB_TEXT_COLUMN_RING, 27}};
    const unsigned numbers[] = {counts->orgs - counts->orgs_dark, counts->orgs, counts->orgs_dark};
    char number[3][16], line[256];
    const char *values[3];
    if (counts->orgs == 0) {
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        (void)snprintf(number[i], sizeof number[i], "%u", numbers[i]);
        values[i] = number[i];
    }
    sb_text_fill(sb_view_text(view, SB_TEXT_BOARD_AGENTS), values, 3, line, sizeof line);
    (void)fprintf(view->out, "%s\n", line);
    if (counts->orgs_dark == 0) {
        return;
    }
    struct sb_grid *grid = sb_grid_new(3);
    for (unsigned i = 0; i < 3; i++) {
        sb_grid_column(grid, sb_view_text(view, columns[i].heading), columns[i].least, false);
    }
    struct sb_record row = {0};
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        if (sb_board_is_org(&row) && sb_board_is_dark(&row)) {
            dark_row(grid, &row, view);
        }
    }
    sb_grid_print(grid, view);
    sb_grid_destroy(grid);
}
