/* board_cells.h: the cells of one row of the board, as short texts. */
#ifndef SAMBAND_CLI_BOARD_CELLS_H
#define SAMBAND_CLI_BOARD_CELLS_H

#include "samband/record.h"
#include "view/view.h"

#define SB_BOARD_COLUMNS 10
#define SB_BOARD_CELL    320

/* From this width on the board has room for words, seconds and the column of wording. */
#define SB_BOARD_WIDE 140

struct sb_board_column {
    enum sb_text heading;
    unsigned least; /* together 72, with 8 blanks between: 80 columns */
    bool wide_only;
    void (*write)(const struct sb_record *row, const struct sb_view *view, char ret[SB_BOARD_CELL]);
};
extern const struct sb_board_column sb_board_column[SB_BOARD_COLUMNS];

bool sb_board_is_wide(const struct sb_view *view);
/* libsmartcols' name for the row's colour; NULL for none. */
const char *sb_board_colour(const struct sb_record *row);

#endif
