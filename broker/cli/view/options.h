/* options.h: the command line taken apart by tables: which options and operands a verb has, what
 * each takes and which field of the request it fills. Pure: opens no file, reads no clock; what a
 * value means is read later (arguments.c). */
#ifndef SAMBAND_CLI_OPTIONS_H
#define SAMBAND_CLI_OPTIONS_H

#include "samband/fields.h"
#include "view/texts.h"

#include <stdbool.h>

enum sb_takes {
    SB_TAKES_FLAG,   /* nothing: it is there or not */
    SB_TAKES_TEXT,   /* a text or name, as the field's type has it */
    SB_TAKES_FILE,   /* a path ("-": standard input) whose text fills the field */
    SB_TAKES_NEXT,   /* a time to come */
    SB_TAKES_LAST,   /* a time that has been */
    SB_TAKES_UNTIL,  /* a time to come; a date means the end of that day */
    SB_TAKES_WORD,   /* one of the field's vocabulary */
    SB_TAKES_NUMBER, /* decimal */
    SB_TAKES_LIST,   /* may be given again; each is one item */
    SB_TAKES_COMMAS, /* may be given again, and commas stand between items */
    SB_TAKES_EVENT,  /* 4 to 64 hexadecimal digits of an event's id */
    SB_TAKES_RAW     /* the verb reads it itself */
};

struct sb_option {
    const char *name; /* without "--"; NULL ends the list */
    enum sb_takes takes;
    enum sb_field field; /* 0 with RAW and FLAG */
    enum sb_text value;  /* what stands for the value in help */
    enum sb_text help;
};

/* An optional operand is left out where too few words are there for those that are required, and an
 * EVENT also where the word is not one. */
struct sb_operand {
    enum sb_text name; /* SB_TEXT_NOTHING ends the list */
    enum sb_takes takes;
    enum sb_field field;
    bool optional;
};

struct sb_given {
    const struct sb_option *option;   /* one of these two */
    const struct sb_operand *operand; /* is NULL */
    const char *value;                /* NULL for a flag */
};

struct sb_parsed {
    struct sb_given *given; /* in the order of the command line */
    unsigned count;
};

enum sb_usage {
    SB_USAGE_FINE,
    SB_USAGE_UNKNOWN_OPTION,
    SB_USAGE_NEEDS_VALUE,
    SB_USAGE_TAKES_NO_VALUE,
    SB_USAGE_TWICE,
    SB_USAGE_MISSING, /* the operand that is missing */
    SB_USAGE_TOO_MUCH /* the word that has no place */
};

struct sb_usage_problem {
    enum sb_usage usage;
    const char *word;                 /* of the command line; NULL with MISSING */
    const struct sb_operand *operand; /* with MISSING */
};

void sb_parsed_finish(struct sb_parsed *parsed);
/* `words` are borrowed as long as `ret_parsed`. Options of `own` and `common` (either may be NULL)
 * may stand anywhere before "--". On a problem nothing is returned. */
struct sb_usage_problem sb_options_parse(const char *const *words, unsigned count,
                                         const struct sb_option *own,
                                         const struct sb_option *common,
                                         const struct sb_operand *operands,
                                         struct sb_parsed *ret_parsed);

/* The value given for an option (for a flag: its name), or NULL. */
const char *sb_parsed_value(const struct sb_parsed *parsed, const char *option);
/* The value given for the operand or option that fills `field`, or NULL. */
const char *sb_parsed_field(const struct sb_parsed *parsed, enum sb_field field);

bool sb_options_is_event(const char *word);

#endif
