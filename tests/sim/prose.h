/* prose.h: sentences on a terminal, broken at 80 columns. Lines of stories are not: they stand as
 * they must be read again. */
#ifndef SAMBAND_TESTS_PROSE_H
#define SAMBAND_TESTS_PROSE_H

#include "world.h"

#include <stdio.h>

/* Further lines begin `indent` columns in. */
void prose(FILE *out, unsigned indent, const char *format, ...) SB_PRINTF(3, 4);

#endif
