/* record.h: a set of fields with values, and its one encoding: a canonical MessagePack map with the
 * fields' numbers as keys, ascending, every number in its shortest form, text as str, bytes as bin.
 * The writer packs (msgpack-c inside wire/); the reader is a bounded cursor of our own that
 * allocates nothing and never trusts a length. Pure. */
#ifndef SAMBAND_RECORD_H
#define SAMBAND_RECORD_H

#include "samband/bytes.h"
#include "samband/err.h"
#include "samband/fields.h"
#include "samband/hash.h"

struct sb_value {
    bool set;
    uint64_t number;       /* UINT, BOOL, TIME, ENUM */
    struct sb_bytes bytes; /* the others, borrowed; of a LIST its encoded array */
};

/* About 6 KiB: on the heap or once on a stack, never in an array. `= {0}` is the empty record. Its
 * bytes are borrowed from what was read or given: they must live as long as the record is used. */
struct sb_record {
    struct sb_value at[SB_FIELD_COUNT];
};

void sb_record_clear(struct sb_record *record);
bool sb_record_has(const struct sb_record *record, enum sb_field field);
/* 0 and empty where the field is not set. Asserts that the getter fits the field's type. */
uint64_t sb_record_number(const struct sb_record *record, enum sb_field field);
struct sb_bytes sb_record_bytes(const struct sb_record *record, enum sb_field field);
struct sb_name sb_record_name(const struct sb_record *record,
                              enum sb_field field); /* "" where unset */
bool sb_record_hash(const struct sb_record *record, enum sb_field field, struct sb_hash *ret);

/* Setting asserts that the setter fits the field's type; whether the value is within its field's
 * rule shows when it is written. Empty bytes or "" unset a NAME, a HASH and a key, which have no
 * empty value. */
void sb_record_set_number(struct sb_record *record, enum sb_field field, uint64_t number);
void sb_record_set_bytes(struct sb_record *record, enum sb_field field, struct sb_bytes bytes);
void sb_record_set_name(struct sb_record *record, enum sb_field field, const struct sb_name *name);
void sb_record_set_hash(struct sb_record *record, enum sb_field field, const struct sb_hash *hash);
void sb_record_set_text(struct sb_record *record, enum sb_field field, const char *text);
void sb_record_unset(struct sb_record *record, enum sb_field field);

/* Lists: built in a buffer, read by position. */
struct sb_list_writer {
    struct sb_buf items; /* packed strings; init/finish by the calls below */
    unsigned count;
};
void sb_list_init(struct sb_list_writer *writer);
void sb_list_add(struct sb_list_writer *writer, struct sb_bytes text);
/* The encoded array, to be given to sb_record_set_bytes; lives until the next sb_list_add or
 * sb_list_finish. Past SB_LIST_COUNT_MAX texts it is no array, and a record that holds it refuses
 * to be written. */
struct sb_bytes sb_list_bytes(struct sb_list_writer *writer);
void sb_list_finish(struct sb_list_writer *writer);

struct sb_list_reader {
    struct sb_bytes rest;
    unsigned left;
};
/* Of a validated LIST value (or empty bytes: no items). */
struct sb_list_reader sb_list_read(struct sb_bytes list);
bool sb_list_next(struct sb_list_reader *reader, struct sb_bytes *ret_text);
unsigned sb_list_count(struct sb_bytes list);
bool sb_list_has(struct sb_bytes list, struct sb_bytes text);

/* Appends the map of every set field whose part is in `parts` (bits 1u << enum sb_part). Too large,
 * or a value that sb_record_read would refuse, shows in the buffer's overflow: nothing is written
 * that cannot be read again. */
void sb_record_write(const struct sb_record *record, unsigned parts, struct sb_buf *buf);
/* The first field whose value sb_record_read would refuse, or 0; the sentence says why. For whoever
 * must tell it apart from a full buffer. */
enum sb_field sb_record_unwritable(const struct sb_record *record, struct sb_why *why);
#define SB_PARTS_HEADER (1u << SB_PART_HEADER)
#define SB_PARTS_FACTS  (1u << SB_PART_FACTS)
#define SB_PARTS_TEXT   (1u << SB_PART_TEXT)
#define SB_PARTS_ALL    (SB_PARTS_HEADER | SB_PARTS_FACTS | SB_PARTS_TEXT | (1u << SB_PART_LOCAL))

/* Reads one map that fills `bytes` exactly and adds its fields to `record` (which may hold others).
 * Refuses: not a map, keys not ascending integers, a value of the wrong type, out of its limit, an
 * enum is NOT refused for an unknown number (old and new must understand each other), trailing
 * bytes, depth, a known field outside `parts`. Unknown field numbers are skipped (PROTOCOL.md,
 * Versions). On refusal `record` may hold some fields; `why` names the field. Allocates nothing. */
enum sb_err sb_record_read(struct sb_bytes bytes, unsigned parts, struct sb_record *record,
                           struct sb_why *why) SB_MUST_CHECK;

#endif
