/* grid.h: a table of texts on a terminal: columns with headings, each as wide as its widest cell,
 * cut (with "…") down to its least width where the terminal is narrower, never wrapped.
 * libsmartcols aligns and colours; which width each column gets is decided here. */
#ifndef SAMBAND_CLI_GRID_H
#define SAMBAND_CLI_GRID_H

#include "samband/err.h"
#include "view/view.h"

#define SB_GRID_CELL_MAX 1024 /* bytes of one cell */

struct sb_grid;
void sb_grid_destroy(struct sb_grid *grid);
struct sb_grid *sb_grid_new(unsigned columns) SB_OWNED_BY(sb_grid_destroy);

/* Once for each column, from the left. `least`: width under which it is never cut. */
void sb_grid_column(struct sb_grid *grid, const char *heading, size_t least, bool to_right);
/* A new row at the end; its cells are empty. */
void sb_grid_row(struct sb_grid *grid);
/* A cell of the newest row. `colour`: a name that libsmartcols knows, or NULL. */
void sb_grid_set(struct sb_grid *grid, unsigned column, const char *text, const char *colour);

/* Prints headings and rows. */
void sb_grid_print(const struct sb_grid *grid, const struct sb_view *view);

#endif
