/* cmd_org_load.c: "org-load": the register of organisations out of register.csv. All of the file is
 * taken or none of it. Organisations that it does not name stay. */
#include "load.h"
#include "register.h"

#include <stdlib.h>
#include <string.h>

/* What is rung must fit on the board beside a second number (SB_RING_SIZE_MAX). */
#define NUMBER_SIZE_MAX 30

/* X(column, field, a name, must be there, longest) */
#define COLUMNS(X)                                                 \
    X("id", ORG, true, true, SB_NAME_SIZE_MAX)                     \
    X("name", NAME, false, true, 120)                              \
    X("category", CATEGORY, true, true, SB_NAME_SIZE_MAX)          \
    X("kommunkod", KOMMUNKOD, false, false, 8)                     \
    X("fire_service", FIRE_SERVICE, true, false, SB_NAME_SIZE_MAX) \
    X("county_code", COUNTY_CODE, false, false, 4)                 \
    X("tib_number", TIB_NUMBER, false, false, NUMBER_SIZE_MAX)     \
    X("switchboard", SWITCHBOARD, false, false, NUMBER_SIZE_MAX)   \
    X("rakel", RAKEL, false, false, NUMBER_SIZE_MAX)               \
    X("fallback", FALLBACK, true, false, SB_NAME_SIZE_MAX)

static const char *const headings[] = {
#define X(column, field, name, needed, size) column,
    COLUMNS(X)
#undef X
};
#define COLUMN_COUNT (sizeof headings / sizeof headings[0])

static const struct column {
    enum sb_field field;
    bool name, needed;
    size_t size_max;
} columns[] = {
#define X(column, field, name, needed, size) {SB_FIELD_##field, name, needed, size},
    COLUMNS(X)
#undef X
};

enum {
    COLUMN_FIRE_SERVICE = 4,
    COLUMN_FALLBACK = 9
};

static enum sb_err field_check(const struct sb_csv *csv, unsigned at, struct sb_why *why)
{
    struct sb_bytes value = csv->field[at];
    struct sb_name name;
    struct sb_phrase remedy = {NULL, NULL};
    if (value.size == 0) {
        remedy = columns[at].needed
                     ? (struct sb_phrase){"får inte vara tom", "it must not be empty"}
                     : remedy;
    } else if (value.size > columns[at].size_max) {
        remedy = (struct sb_phrase){"är för lång; korta den", "it is too long; shorten it"};
    } else if (columns[at].name && !sb_register_name_read(value, &name)) {
        remedy = (struct sb_phrase){"skriv bara a-z, 0-9, _ och -", "write a-z, 0-9, _ and - only"};
    } else if (!sb_bytes_is_text(value) || memchr(value.at, '\n', value.size) != NULL) {
        remedy =
            (struct sb_phrase){"ska vara en rad UTF-8-text", "it must be one line of UTF-8 text"};
    }
    if (remedy.en == NULL) {
        return SB_ERR_OK;
    }
    return sb_why_say(why, SB_ERR_VALUE, "rad %u, kolumn %u: %s: " SB_SV,
                      "line %u, column %u: %s: " SB_EN, csv->field_line, csv->field_column[at],
                      headings[at], SB_PAIR(remedy));
}

/* A row of the file as it will be put, and where it stood, for what can only be checked at the end.
 */
struct org_line {
    struct sb_name org, fire_service, fallback;
    struct sb_buf row;
    uint64_t turn;
    unsigned line, fire_service_column, fallback_column;
};

struct org_file {
    struct org_line *at;
    size_t count;
};

static void file_finish(struct org_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        sb_buf_finish(&file->at[i].row);
    }
    free(file->at);
}

static bool file_has(const struct org_file *file, const struct sb_name *org)
{
    for (size_t i = 0; i < file->count; i++) {
        if (sb_name_equal(&file->at[i].org, org)) {
            return true;
        }
    }
    return false;
}

static enum sb_err line_add(void *to, const struct sb_csv *csv, struct sb_why *why)
{
    struct org_file *file = to;
    struct sb_record row = {0};
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        enum sb_err err = field_check(csv, i, why);
        if (err != SB_ERR_OK) {
            return err;
        }
        if (csv->field[i].size > 0) {
            sb_record_set_bytes(&row, columns[i].field, csv->field[i]);
        }
    }
    struct sb_name org = sb_record_name(&row, SB_FIELD_ORG);
    if (file_has(file, &org)) {
        return sb_why_say(why, SB_ERR_ALREADY,
                          "rad %u, kolumn %u: %s står två gånger; ta bort en av raderna",
                          "line %u, column %u: %s stands twice; remove one of the lines",
                          csv->field_line, csv->field_column[0], org.text);
    }
    if (file->count == SB_ORGS_MAX) {
        return sb_why_say(why, SB_ERR_TOO_LARGE, "rad %u: fler än %d organisationer",
                          "line %u: more than %d organisations", csv->field_line, SB_ORGS_MAX);
    }
    struct org_line *line = &file->at[file->count++];
    line->org = org;
    line->fire_service = sb_record_name(&row, SB_FIELD_FIRE_SERVICE);
    line->fallback = sb_record_name(&row, SB_FIELD_FALLBACK);
    line->line = csv->field_line;
    line->fire_service_column = csv->field_column[COLUMN_FIRE_SERVICE];
    line->fallback_column = csv->field_column[COLUMN_FALLBACK];
    sb_buf_init(&line->row, SB_ROW_SIZE_MAX);
    sb_record_write(&row, SB_PARTS_ALL, &line->row);
    return line->row.overflow ? sb_why_say(why, SB_ERR_VALUE, "rad %u: den kan inte sparas",
                                           "line %u: it cannot be kept", csv->field_line)
                              : SB_ERR_OK;
}

/* Whoever is named must be an organisation of this file or of the register. */
static enum sb_err named_check(struct sb_command *command, const struct org_file *file,
                               const struct sb_name *name, unsigned line, unsigned column)
{
    struct sb_record row;
    if (name->text[0] == '\0' || file_has(file, name)
        || sb_broker_row_get_name(command->turn->txn, SB_TABLE_ORG, name, &row)) {
        return SB_ERR_OK;
    }
    return sb_why_say(
        command->why, SB_ERR_NOT_FOUND,
        "rad %u, kolumn %u: organisationen %s finns inte; lägg till dess rad eller rätta "
        "beteckningen",
        "line %u, column %u: there is no organisation %s; add its line or correct the "
        "id",
        line, column, name->text);
}

static enum sb_err file_check(struct sb_command *command, const struct org_file *file)
{
    enum sb_err err = SB_ERR_OK;
    for (size_t i = 0; i < file->count && err == SB_ERR_OK; i++) {
        const struct org_line *line = &file->at[i];
        err =
            named_check(command, file, &line->fire_service, line->line, line->fire_service_column);
        if (err == SB_ERR_OK) {
            err = named_check(command, file, &line->fallback, line->line, line->fallback_column);
        }
    }
    if (err == SB_ERR_OK && file->count == 0) {
        err =
            sb_why_say(command->why, SB_ERR_VALUE, "filen har en rubrikrad men ingen organisation",
                       "the file has a heading but no organisation");
    }
    return err;
}

/* The register may not grow past what fits; rows that stay count. */
static enum sb_err size_check(struct sb_command *command, const struct org_file *file,
                              const struct sb_register *reg)
{
    size_t total = file->count;
    for (size_t i = 0; i < reg->count; i++) {
        total += file_has(file, &reg->at[i].org) ? 0 : 1;
    }
    return total <= SB_ORGS_MAX
               ? SB_ERR_OK
               : sb_why_say(command->why, SB_ERR_TOO_LARGE,
                            "registret skulle få %zu organisationer, fler än %d",
                            "the register would have %zu organisations, more than %d", total,
                            SB_ORGS_MAX);
}

/* A file that names every known organisation gives the order. Of a part of the register the known
 * ones stay where they are, so that a changed number moves nobody, and new ones come last. */
static void turns_give(const struct org_file *file, const struct sb_register *reg)
{
    uint64_t last = 0;
    size_t known = 0;
    for (size_t i = 0; i < reg->count; i++) {
        last = reg->at[i].turn > last ? reg->at[i].turn : last;
        known += file_has(file, &reg->at[i].org) ? 1 : 0;
    }
    for (size_t i = 0; i < file->count; i++) {
        struct org_line *line = &file->at[i];
        const struct sb_register_org *org = sb_register_find(reg, &line->org);
        line->turn = known == reg->count ? i + 1 : org != NULL ? org->turn : ++last;
    }
}

static void file_put(struct sb_command *command, const struct org_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        struct sb_record row;
        sb_broker_row_read(sb_buf_bytes(&file->at[i].row), &row);
        sb_record_set_number(&row, SB_FIELD_TURN, file->at[i].turn);
        sb_broker_row_put_name(command->turn->txn, SB_TABLE_ORG, &file->at[i].org, &row);
    }
}

enum sb_err sb_broker_org_load(struct sb_command *command)
{
    struct org_file file = {.at = sb_alloc(SB_ORGS_MAX, sizeof *file.at)};
    enum sb_err err = sb_load_read(command, headings, COLUMN_COUNT, line_add, &file);
    if (err == SB_ERR_OK) {
        err = file_check(command, &file);
    }
    struct sb_register reg;
    sb_register_read(command->turn->txn, &reg);
    if (err == SB_ERR_OK) {
        err = size_check(command, &file, &reg);
    }
    if (err == SB_ERR_OK) {
        turns_give(&file, &reg);
        file_put(command, &file);
        sb_load_tell(command, file.count);
        sb_effects_log(command->turn->effects, SB_LEVEL_NOTICE,
                       "register-loaded organisations=%zu by=%s", file.count,
                       command->subject.text);
    }
    sb_register_finish(&reg);
    file_finish(&file);
    return err;
}
