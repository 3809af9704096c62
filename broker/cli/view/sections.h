/* sections.h: a situation report or picture as a text file: headings "# Händelsen", "#
 * Konsekvenser" … (a field's name in Swedish, English or JSON), each followed by its text. */
#ifndef SAMBAND_CLI_SECTIONS_H
#define SAMBAND_CLI_SECTIONS_H

#include "samband/record.h"

/* Sets the text fields found in `text` (borrowed) in `record`. VALUE, and in `ret_line` the number
 * of the line: text before the first heading, a heading that is no text field, or one given twice.
 */
enum sb_err sb_sections_read(struct sb_bytes text, struct sb_record *record,
                             unsigned *ret_line) SB_MUST_CHECK;

#endif
