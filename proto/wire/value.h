/* value.h: private to wire/: the one rule for what a field's value may be, used where records are
 * read and where they are written, so that nothing is written that a reader would refuse. */
#ifndef SAMBAND_WIRE_VALUE_H
#define SAMBAND_WIRE_VALUE_H

#include "samband/record.h"

/* OK, or the rule that is broken with a sentence that names the field. */
enum sb_err sb_value_check(const struct sb_field_row *row, const struct sb_value *value,
                           struct sb_why *why) SB_MUST_CHECK;

/* True for the types whose value is a number. */
bool sb_type_is_number(enum sb_type type);

/* True where empty bytes are no value of the field but the lack of one: names, hashes, keys. */
bool sb_field_empty_is_none(const struct sb_field_row *row);

#endif
