/* board_orgs.h: the board where nothing calls anybody: how many organisations can be reached, and
 * whom to ring of the others. */
#ifndef SAMBAND_CLI_BOARD_ORGS_H
#define SAMBAND_CLI_BOARD_ORGS_H

#include "view/board.h"

/* A row of `status` that is an organisation: no called seat, nor what an agent did. */
bool sb_board_is_org(const struct sb_record *row);

/* One line for all of them, then a table of those whose agent is dark. Nothing where there are
 * none. `counts`: of the same pages. */
void sb_board_orgs_print(const struct sb_pages *pages, const struct sb_board_counts *counts,
                         const struct sb_view *view);

#endif
