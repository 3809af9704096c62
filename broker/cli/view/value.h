/* value.h: one field of a row as a person reads it, by the field's type; and as JSON. Everything
 * comes from the tables of fields, words and kinds: a new field needs no line here. */
#ifndef SAMBAND_CLI_VALUE_H
#define SAMBAND_CLI_VALUE_H

#include "samband/record.h"
#include "view/view.h"

#include <jansson.h>

#define SB_VALUE_SIZE 1024 /* room for one field in a table or a sentence; longer text is cut */
#define SB_ID_SHOWN   8    /* hexadecimal digits of an id that are shown to people */

/* Text without control characters. "" where the field is not set. Hashes and keys: their first
 * digits. Texts keep line feeds where `lines`. */
void sb_value_show(const struct sb_record *row, enum sb_field field, const struct sb_view *view,
                   bool lines, char *ret, size_t size);

/* The field's name in the language. */
const char *sb_value_name(enum sb_field field, enum sb_language language);

/* The first digits of an id. `ret` has room for SB_ID_SHOWN + 1. */
void sb_value_id(const struct sb_record *row, char *ret);

/* An object with every set field under its JSON name: times as ISO 8601 in UTC, words by their JSON
 * names, ids, keys and other bytes in hexadecimal. */
json_t *sb_value_json(const struct sb_record *row);

/* Writes the JSON document and a newline; takes ownership of `json`. */
void sb_value_json_print(json_t *json, FILE *out);

/* True of the row that a list has in place of an event which the other end cannot read any more. */
bool sb_value_is_damage(const struct sb_record *row);

#endif
