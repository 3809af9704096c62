/* safe.h: text from outside made fit for a terminal: control characters, escape sequences and
 * direction overrides replaced, its width in columns known, and cut to a width with a visible "…".
 * Independent of the locale. */
#ifndef SAMBAND_CLI_SAFE_H
#define SAMBAND_CLI_SAFE_H

#include "samband/bytes.h"

/* Copies, replacing what a terminal would obey or what is no UTF-8 by "�", tabs by a space, and
 * line feeds by a space unless `lines`. Always terminated; ends in "…" where it did not fit. */
void sb_safe_copy(struct sb_bytes text, bool lines, char *ret, size_t size);

/* Columns that well-formed text takes. */
size_t sb_safe_width(const char *text);

/* The text in at most `width` columns, ending in "…" where it was cut. */
void sb_safe_fit(const char *text, size_t width, char *ret, size_t size);

/* Upper case for headings: ASCII and the letters of Latin-1. */
void sb_safe_upper(const char *text, char *ret, size_t size);

#endif
