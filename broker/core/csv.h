/* csv.h: a strict reader of comma-separated values (RFC 4180): records end with LF or CRLF, fields
 * may stand in double quotes, a quote inside is doubled, every record has the header's fields.
 * Lines and columns are counted for the sentence that the person reads. Private to broker/core. */
#ifndef SAMBAND_BROKER_CSV_H
#define SAMBAND_BROKER_CSV_H

#include "samband/bytes.h"
#include "samband/err.h"

#define SB_CSV_FIELDS_MAX 16

struct sb_csv {
    struct sb_bytes rest;
    unsigned line; /* of what is read next, from 1 */
    unsigned count;
    struct sb_buf text;                       /* the record's fields, unquoted, one after another */
    struct sb_bytes field[SB_CSV_FIELDS_MAX]; /* the newest record; until the next is read */
    unsigned field_line, field_column[SB_CSV_FIELDS_MAX]; /* where each began */
};

void sb_csv_init(struct sb_csv *csv, struct sb_bytes bytes);
void sb_csv_finish(struct sb_csv *csv);
/* The next record, of exactly `count` fields. *ret_end instead, at the end of the file. Empty lines
 * are skipped. Refuses MALFORMED or TOO_LARGE with line, column and what to do. */
enum sb_err sb_csv_next(struct sb_csv *csv, unsigned count, bool *ret_end,
                        struct sb_why *why) SB_MUST_CHECK;
/* Reads the header and checks that it is `columns`, in that order. */
enum sb_err sb_csv_header(struct sb_csv *csv, const char *const *columns, unsigned count,
                          struct sb_why *why) SB_MUST_CHECK;

#endif
