/* check.h: walks a YAML text against a cyaml schema and says exactly where it does not fit. Inside
 * this folder only. */
#ifndef SAMBAND_CONFIG_CHECK_H
#define SAMBAND_CONFIG_CHECK_H

#include "samband/bytes.h"
#include "samband/config.h"

/* CONFIG with "NAME:LINE:COLUMN: what; remedy", or OK: then cyaml will take it. */
enum sb_err sb_config_check(const char *name, struct sb_bytes text,
                            const cyaml_schema_value_t *schema, struct sb_why *why) SB_MUST_CHECK;

#endif
