/* config.h: reads a YAML file into a struct by a table (cyaml schema), and says what is wrong in
 * one sentence with the place: "FILE:LINE:COLUMN: what; remedy", in both languages. Ranges and
 * meanings are the caller's to check after it. Shell side. */
#ifndef SAMBAND_CONFIG_H
#define SAMBAND_CONFIG_H

#include "samband/err.h"

#include <cyaml/cyaml.h>

/* Allocates *ret, to be given to sb_config_free with the same schema. On failure *ret stays as it
 * was and `why` holds the sentence: IO (no such file, no right), TOO_LARGE (over
 * SB_CONFIG_SIZE_MAX), CONFIG (all that is wrong inside: unknown key, key twice, key missing, wrong
 * type, a tab, an alias, no valid YAML). Keys are case-sensitive. */
#define SB_CONFIG_SIZE_MAX 1048576
enum sb_err sb_config_load(const char *path, const cyaml_schema_value_t *schema, void **ret,
                           struct sb_why *why) SB_MUST_CHECK;

/* For a mistake that only the caller sees (a range, a name that nobody has): writes
 * "FILE:LINE:COLUMN" of the first scalar `text` (NULL: whatever scalar is next) after the first
 * scalar `after` (NULL: from the beginning), or FILE alone where there is none. Returns
 * ret_place->text. */
#define SB_CONFIG_PLACE_SIZE 512
struct sb_config_place {
    char text[SB_CONFIG_PLACE_SIZE];
};
const char *sb_config_place(const char *path, const char *after, const char *text,
                            struct sb_config_place *ret_place);

/* quota-mebibytes, as it was read: 0 (not said) becomes the default; CONFIG outside its limits. */
enum sb_err sb_config_quota(const char *path, uint64_t *mebibytes,
                            struct sb_why *why) SB_MUST_CHECK;

void sb_config_free(const cyaml_schema_value_t *schema, void *loaded); /* NULL is fine */

#endif
