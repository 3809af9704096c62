/* check.c: the walk. libcyaml refuses most of what is wrong too, but it points at the value before
 * the wrong key, takes "5x" for 5, "maybe" for no and 0777 for 511, and ignores a second document.
 * So everything is looked at here, on libyaml's own events, whose marks are exact; libcyaml then
 * only fills the struct. The stack is as deep as the schema: what does not fit it goes no deeper.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define LEVELS_MAX      8
#define FIELDS_MAX      64
#define KEY_SIZE_MAX    64 /* longer ones are compared by their beginning */
#define NEAREST_MAX     6
#define SHOWN_SIZE_MAX  40
#define NEAREST_ROOM    256
#define NUMBER_SIZE_MAX 20 /* digits of 2^64 - 1 */

/* One mapping or sequence that is open. */
struct level {
    const cyaml_schema_value_t *schema;
    const char *name;                  /* the key that it is the value of; "" at the top */
    const cyaml_schema_field_t *field; /* of a mapping: its key was read, its value not yet */
    yaml_mark_t start;
    unsigned entries;           /* of a sequence */
    unsigned lines[FIELDS_MAX]; /* of a mapping: where each field's key stands; 0: not yet */
};

struct walk {
    const char *file;
    struct sb_bytes text;
    struct sb_why *why;
    const cyaml_schema_value_t *schema;
    struct level levels[LEVELS_MAX];
    unsigned depth;
    unsigned documents;
    bool is_over;
};

/* The place in front of every sentence. */
struct place {
    char text[SB_WHY_SIZE_MAX];
};

static struct place place_of(const struct walk *walk, yaml_mark_t mark)
{
    struct place place;
    (void)snprintf(place.text, sizeof place.text, "%s:%zu:%zu", walk->file, mark.line + 1,
                   mark.column + 1);
    return place;
}

/* A value as it may be shown: short, and text. */
struct shown {
    char sv[SHOWN_SIZE_MAX + 8], en[SHOWN_SIZE_MAX + 8];
};

static struct shown shown_of(const yaml_event_t *event)
{
    struct shown shown = {"(inte text)", "(not text)"};
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        return (struct shown){"en lista", "a list"};
    }
    if (event->type != YAML_SCALAR_EVENT) {
        return (struct shown){"egna nycklar", "keys of its own"};
    }
    const char *value = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    if (size > SHOWN_SIZE_MAX && sb_bytes_is_text(sb_bytes(value, size))) {
        (void)snprintf(shown.sv, sizeof shown.sv, "en text på %zu byte", size);
        (void)snprintf(shown.en, sizeof shown.en, "a text of %zu bytes", size);
    } else if (sb_bytes_is_text(sb_bytes(value, size))) {
        (void)snprintf(shown.sv, sizeof shown.sv, "\"%s\"", value);
        memcpy(shown.en, shown.sv, sizeof shown.en);
    }
    return shown;
}

static struct sb_phrase type_wanted(cyaml_type_e type)
{
    static const struct {
        cyaml_type_e type;
        struct sb_phrase text;
    } rows[] = {
        {CYAML_STRING, {"en text", "a text"}},
        {CYAML_UINT, {"ett heltal", "a whole number"}},
        {CYAML_BOOL, {"yes eller no", "yes or no"}},
        {CYAML_MAPPING,
         {"egna nycklar (NYCKEL: VÄRDE, indragna)", "keys of its own (KEY: VALUE, indented)"}},
        {CYAML_SEQUENCE,
         {"en lista (rader som börjar med \"- \")", "a list (lines that begin with \"- \")"}},
    };
    size_t row = 0;
    while (rows[row].type != type) {
        row++;
        SB_ASSERT(row < sizeof rows / sizeof *rows); /* a type that is not checked here */
    }
    return rows[row].text;
}

/* The name of what a value is given to, for the sentence. */
static struct sb_phrase value_name(const struct walk *walk)
{
    if (walk->depth == 0) {
        return (struct sb_phrase){"filen", "the file"};
    }
    const struct level *level = &walk->levels[walk->depth - 1];
    const char *key = level->field ? level->field->key : level->name;
    return (struct sb_phrase){key, key};
}

static enum sb_err type_refuse(const struct walk *walk, const cyaml_schema_value_t *schema,
                               const yaml_event_t *event)
{
    const struct sb_phrase name = value_name(walk), wanted = type_wanted(schema->type);
    const struct shown shown = shown_of(event);
    return sb_why_say(walk->why, SB_ERR_CONFIG, "%s: " SB_SV " ska vara " SB_SV ", inte " SB_SV,
                      "%s: " SB_EN " wants " SB_EN ", not " SB_EN,
                      place_of(walk, event->start_mark).text, SB_PAIR(name), SB_PAIR(wanted),
                      SB_PAIR(shown));
}

static enum sb_err number_check(const struct walk *walk, const cyaml_schema_value_t *schema,
                                const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    const struct sb_phrase name = value_name(walk);
    size_t size = event->data.scalar.length;
    if (size == 0 || strspn(value, "0123456789") != size) {
        return type_refuse(walk, schema, event);
    }
    if (size > 1 && value[0] == '0') {
        return sb_why_say(
            walk->why, SB_ERR_CONFIG,
            "%s: " SB_SV " börjar med 0, vilket YAML läser som oktalt; skriv talet utan",
            "%s: " SB_EN " begins with 0, which YAML reads as octal; write it without",
            place_of(walk, event->start_mark).text, SB_PAIR(name));
    }
    uint64_t most = UINT64_MAX >> (8 * (sizeof most - schema->data_size));
    /* Of equal length, digits compare as text does. */
    char limit[NUMBER_SIZE_MAX + 1];
    size_t limit_size = (size_t)snprintf(limit, sizeof limit, "%llu", (unsigned long long)most);
    if (size > limit_size || (size == limit_size && strcmp(value, limit) > 0)) {
        return sb_why_say(walk->why, SB_ERR_CONFIG,
                          "%s: " SB_SV " är för stort; det får vara högst %s",
                          "%s: " SB_EN " is too large; it may be at most %s",
                          place_of(walk, event->start_mark).text, SB_PAIR(name), limit);
    }
    return SB_ERR_OK;
}

static enum sb_err text_check(const struct walk *walk, const cyaml_schema_value_t *schema,
                              const yaml_event_t *event)
{
    struct sb_bytes value = sb_bytes(event->data.scalar.value, event->data.scalar.length);
    const struct place place = place_of(walk, event->start_mark);
    const struct sb_phrase name = value_name(walk);
    if (!sb_bytes_is_text(value)) {
        return sb_why_say(walk->why, SB_ERR_CONFIG,
                          "%s: " SB_SV " innehåller ett styrtecken; skriv om raden",
                          "%s: " SB_EN " has a control character in it; retype the line",
                          place.text, SB_PAIR(name));
    }
    if (value.size < schema->string.min) {
        return sb_why_say(walk->why, SB_ERR_CONFIG,
                          "%s: " SB_SV " är tomt; ange ett värde eller ta bort raden",
                          "%s: " SB_EN " is empty; give it a value or remove the line", place.text,
                          SB_PAIR(name));
    }
    if (value.size > schema->string.max) {
        return sb_why_say(walk->why, SB_ERR_CONFIG,
                          "%s: " SB_SV " har %zu byte; det får ha högst %u",
                          "%s: " SB_EN " has %zu bytes; it may have at most %u", place.text,
                          SB_PAIR(name), value.size, (unsigned)schema->string.max);
    }
    return SB_ERR_OK;
}

static enum sb_err scalar_check(const struct walk *walk, const cyaml_schema_value_t *schema,
                                const yaml_event_t *event)
{
    static const char *const truths[] = {"yes", "no", "true", "false"};
    if (schema->type == CYAML_STRING) {
        return text_check(walk, schema, event);
    }
    if (schema->type == CYAML_UINT) {
        return number_check(walk, schema, event);
    }
    if (schema->type == CYAML_BOOL) {
        for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
            if (strcmp(truths[i], (const char *)event->data.scalar.value) == 0) {
                return SB_ERR_OK;
            }
        }
    }
    return type_refuse(walk, schema, event);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance: letters to change, add or remove. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[KEY_SIZE_MAX + 1];
    size_t a_size = strnlen(a, KEY_SIZE_MAX), b_size = strnlen(b, KEY_SIZE_MAX);
    for (size_t j = 0; j <= b_size; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t changed = corner + (a[i - 1] != b[j - 1] ? 1 : 0);
            corner = row[j];
            row[j] = least(changed, 1 + least(row[j], row[j - 1]));
        }
    }
    return row[b_size];
}

/* The allowed keys, nearest first; those of equal distance in the schema's order. */
static void nearest_write(const cyaml_schema_field_t *fields, const char *key,
                          char text[NEAREST_ROOM])
{
    size_t used = 0, listed = 0, total = 0;
    while (fields[total].key) {
        total++;
    }
    text[0] = '\0';
    for (size_t distance = 0; distance <= KEY_SIZE_MAX && listed < NEAREST_MAX; distance++) {
        for (size_t i = 0; i < total && listed < NEAREST_MAX; i++) {
            if (edit_distance(fields[i].key, key) != distance) {
                continue;
            }
            int added = snprintf(text + used, NEAREST_ROOM - used, "%s%s", listed ? ", " : "",
                                 fields[i].key);
            used = least(used + (size_t)(added > 0 ? added : 0), NEAREST_ROOM - 1);
            listed++;
        }
    }
    if (listed < total) {
        (void)snprintf(text + used, NEAREST_ROOM - used, ", …");
    }
}

static enum sb_err key_take(struct walk *walk, struct level *level, const yaml_event_t *event)
{
    const char *key = (const char *)event->data.scalar.value;
    const cyaml_schema_field_t *fields = level->schema->mapping.fields;
    struct place place = place_of(walk, event->start_mark);
    for (size_t i = 0; fields[i].key; i++) {
        SB_ASSERT(i < FIELDS_MAX);
        if (strcmp(fields[i].key, key) != 0) {
            continue;
        }
        if (level->lines[i] != 0) {
            return sb_why_say(walk->why, SB_ERR_CONFIG,
                              "%s: %s står två gånger, först på rad %u; ta bort en",
                              "%s: %s stands twice, first on line %u; remove one", place.text, key,
                              level->lines[i]);
        }
        level->lines[i] = (unsigned)event->start_mark.line + 1;
        level->field = &fields[i];
        return SB_ERR_OK;
    }
    char nearest[NEAREST_ROOM];
    const struct shown shown = shown_of(event);
    nearest_write(fields, key, nearest);
    return sb_why_say(walk->why, SB_ERR_CONFIG,
                      "%s: det finns ingen nyckel " SB_SV " här; de närmaste som finns: %s",
                      "%s: there is no key " SB_EN " here; the nearest that exist: %s", place.text,
                      SB_PAIR(shown), nearest);
}

/* What the next value must be, and counts it. NULL where the list is longer than it may be. */
static const cyaml_schema_value_t *value_schema(struct walk *walk)
{
    if (walk->depth == 0) {
        return walk->schema;
    }
    struct level *level = &walk->levels[walk->depth - 1];
    if (level->schema->type == CYAML_MAPPING) {
        return &level->field->value;
    }
    level->entries++;
    return level->entries <= level->schema->sequence.max ? level->schema->sequence.entry : NULL;
}

static enum sb_err list_refuse(const struct walk *walk, const yaml_event_t *event)
{
    const struct sb_phrase name = value_name(walk);
    SB_ASSERT(walk->depth > 0);
    return sb_why_say(walk->why, SB_ERR_CONFIG,
                      "%s: " SB_SV " får ha högst %u poster; ta bort några",
                      "%s: " SB_EN " may have at most %u entries; remove some",
                      place_of(walk, event->start_mark).text, SB_PAIR(name),
                      (unsigned)walk->levels[walk->depth - 1].schema->sequence.max);
}

static void value_taken(struct walk *walk)
{
    if (walk->depth > 0) {
        walk->levels[walk->depth - 1].field = NULL;
    }
}

static void level_open(struct walk *walk, const cyaml_schema_value_t *schema, yaml_mark_t start)
{
    SB_ASSERT(walk->depth < LEVELS_MAX);
    const char *name = value_name(walk).en;
    value_taken(walk);
    walk->levels[walk->depth++] = (struct level){.schema = schema, .name = name, .start = start};
}

static bool key_is_next(const struct walk *walk)
{
    if (walk->depth == 0) {
        return false;
    }
    const struct level *level = &walk->levels[walk->depth - 1];
    return level->schema->type == CYAML_MAPPING && !level->field;
}

/* A scalar, or the beginning of a mapping or list. */
static enum sb_err value_take(struct walk *walk, const yaml_event_t *event)
{
    bool is_scalar = event->type == YAML_SCALAR_EVENT;
    if (key_is_next(walk)) {
        if (is_scalar) {
            return key_take(walk, &walk->levels[walk->depth - 1], event);
        }
        return sb_why_say(walk->why, SB_ERR_CONFIG, "%s: en nyckel ska vara ett ord",
                          "%s: a key must be a word", place_of(walk, event->start_mark).text);
    }
    const cyaml_schema_value_t *schema = value_schema(walk);
    if (!schema) {
        return list_refuse(walk, event);
    }
    (void)type_wanted(schema->type);
    if (is_scalar) {
        enum sb_err err = scalar_check(walk, schema, event);
        value_taken(walk);
        return err;
    }
    cyaml_type_e type = event->type == YAML_MAPPING_START_EVENT ? CYAML_MAPPING : CYAML_SEQUENCE;
    if (schema->type != type) {
        return type_refuse(walk, schema, event);
    }
    level_open(walk, schema, event->start_mark);
    return SB_ERR_OK;
}

static enum sb_err level_close(struct walk *walk)
{
    SB_ASSERT(walk->depth > 0);
    const struct level *level = &walk->levels[--walk->depth];
    SB_ASSERT(level->schema);
    struct place place = place_of(walk, level->start);
    if (level->schema->type == CYAML_SEQUENCE) {
        if (level->entries >= level->schema->sequence.min) {
            return SB_ERR_OK;
        }
        return sb_why_say(walk->why, SB_ERR_CONFIG,
                          "%s: %s är en för kort lista; den behöver minst %u",
                          "%s: %s is too short a list; it needs %u or more", place.text,
                          level->name, (unsigned)level->schema->sequence.min);
    }
    const cyaml_schema_field_t *fields = level->schema->mapping.fields;
    for (size_t i = 0; fields[i].key; i++) {
        if (level->lines[i] == 0 && !(fields[i].value.flags & CYAML_FLAG_OPTIONAL)) {
            return sb_why_say(walk->why, SB_ERR_CONFIG, "%s: nyckeln %s saknas; lägg till: %s: …",
                              "%s: the key %s is missing; add: %s: …", place.text, fields[i].key,
                              fields[i].key);
        }
    }
    return SB_ERR_OK;
}

static enum sb_err document_take(struct walk *walk, const yaml_event_t *event)
{
    if (walk->documents++ == 0) {
        return SB_ERR_OK;
    }
    return sb_why_say(
        walk->why, SB_ERR_CONFIG,
        "%s: här börjar ett andra dokument; bara det första skulle läsas, ta bort raden ---",
        "%s: a second document begins here; only the first would be read, remove the "
        "line ---",
        place_of(walk, event->start_mark).text);
}

static enum sb_err nothing_refuse(const char *file, struct sb_why *why)
{
    return sb_why_say(why, SB_ERR_CONFIG, "%s:1:1: filen innehåller inga inställningar",
                      "%s:1:1: the file holds no settings", file);
}

static enum sb_err stream_end(struct walk *walk)
{
    walk->is_over = true;
    if (walk->documents > 0) {
        return SB_ERR_OK;
    }
    return nothing_refuse(walk->file, walk->why);
}

static enum sb_err event_take(struct walk *walk, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT: return SB_ERR_OK;
    case YAML_DOCUMENT_START_EVENT: return document_take(walk, event);
    case YAML_STREAM_END_EVENT: return stream_end(walk);
    case YAML_ALIAS_EVENT:
        return sb_why_say(walk->why, SB_ERR_CONFIG,
                          "%s: *%s är ett YAML-alias, som inte läses här; skriv ut värdet",
                          "%s: *%s is a YAML alias, which is not read here; write the value out",
                          place_of(walk, event->start_mark).text,
                          (const char *)event->data.alias.anchor);
    case YAML_SCALAR_EVENT:
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: return value_take(walk, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return level_close(walk);
    }
    return SB_ERR_OK;
}

/* Column of a tab in the indentation of that line, counted from 0, or -1. */
static int tab_find(struct sb_bytes text, size_t line)
{
    size_t at = 0;
    for (size_t seen = 0; at < text.size && seen < line; at++) {
        if (text.at[at] == '\n') {
            seen++;
        }
    }
    for (int column = 0; at < text.size; at++, column++) {
        if (text.at[at] == '\t') {
            return column;
        }
        if (text.at[at] != ' ') {
            return -1;
        }
    }
    return -1;
}

/* Bytes that are not UTF-8: libyaml tells an offset instead of a mark. */
static enum sb_err reader_refuse(const struct walk *walk, const yaml_parser_t *parser)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < parser->problem_offset && i < walk->text.size; i++) {
        mark.column++;
        if (walk->text.at[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
    }
    return sb_why_say(
        walk->why, SB_ERR_CONFIG,
        "%s: ett tecken som inte är UTF-8 eller är ett styrtecken; spara filen som UTF-8",
        "%s: a byte that is not UTF-8 or is a control character; save the file as "
        "UTF-8",
        place_of(walk, mark).text);
}

static enum sb_err parser_refuse(const struct walk *walk, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        return sb_why_say(walk->why, SB_ERR_IO, "%s: minnet räcker inte", "%s: not enough memory",
                          walk->file);
    }
    if (parser->error == YAML_READER_ERROR) {
        return reader_refuse(walk, parser);
    }
    yaml_mark_t mark = parser->problem_mark;
    int tab = tab_find(walk->text, mark.line);
    if (tab >= 0) {
        mark.column = (size_t)tab;
        return sb_why_say(walk->why, SB_ERR_CONFIG, "%s: en tabb; dra in med blanksteg",
                          "%s: a tab; indent with spaces", place_of(walk, mark).text);
    }
    return sb_why_say(walk->why, SB_ERR_CONFIG,
                      "%s: YAML kan inte läsas (%s); se på denna rad och den före: indrag, \": \" "
                      "efter en nyckel, citattecken",
                      "%s: %s; look at this line and the one before: indentation, \": \" after a "
                      "key, quotes",
                      place_of(walk, mark).text, parser->problem);
}

enum sb_err sb_config_check(const char *name, struct sb_bytes text,
                            const cyaml_schema_value_t *schema, struct sb_why *why)
{
    if (text.size == 0) { /* libyaml asserts that there is an address */
        return nothing_refuse(name, why);
    }
    SB_ASSERT(text.at);
    struct walk *walk = sb_alloc(1, sizeof *walk);
    *walk = (struct walk){.file = name, .text = text, .why = why, .schema = schema};
    yaml_parser_t parser;
    SB_ASSERT(yaml_parser_initialize(&parser) == 1);
    yaml_parser_set_input_string(&parser, text.at, text.size);
    enum sb_err err = SB_ERR_OK;
    while (err == SB_ERR_OK && !walk->is_over) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) != 1) {
            err = parser_refuse(walk, &parser);
            break;
        }
        err = event_take(walk, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    free(walk);
    return err;
}
