/* rows.h: the one renderer of lists: rows as a table by a verb's columns, as one fact a line, or as
 * JSON {"rows": [...]}. The board of status has its own (board.h). */
#ifndef SAMBAND_CLI_ROWS_H
#define SAMBAND_CLI_ROWS_H

#include "view/pages.h"
#include "view/view.h"

struct sb_column {
    enum sb_field field;  /* 0 ends the list */
    enum sb_text heading; /* SB_TEXT_NOTHING: the field's name in upper case */
    unsigned least;       /* width under which it is not cut */
};

/* `empty` is said where there is no row (table only). */
void sb_rows_print(const struct sb_pages *pages, const struct sb_column *columns,
                   enum sb_text empty, const struct sb_view *view);

/* KEY <tab> FIELD <tab> VALUE for every set field; KEY is the value of the field `key`. */
void sb_row_facts(const struct sb_record *row, enum sb_field key, const struct sb_view *view);

/* Every set field of one row, a line each: name and value; texts with their line feeds. */
void sb_row_print(const struct sb_record *row, const struct sb_view *view);

#endif
