/* csv.c: comma-separated values, read strictly. Knows nothing of what the columns mean. */
#include "csv.h"

#include <string.h>

void sb_csv_init(struct sb_csv *csv, struct sb_bytes bytes)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf}; /* spreadsheets begin UTF-8 with it */
    memset(csv, 0, sizeof *csv);
    csv->line = 1;
    csv->rest = bytes;
    if (sb_bytes_starts_with(bytes, sb_bytes(mark, sizeof mark))) {
        csv->rest = sb_bytes(bytes.at + sizeof mark, bytes.size - sizeof mark);
    }
    sb_buf_init(&csv->text, SB_TEXT_SIZE_MAX);
}

void sb_csv_finish(struct sb_csv *csv)
{
    sb_buf_finish(&csv->text);
}

/* Where in a record the reader stands. */
struct csv_place {
    unsigned column; /* of the next character, from 1, counted in characters */
    size_t begin[SB_CSV_FIELDS_MAX];
    unsigned fields;
};

static int csv_peek(const struct sb_csv *csv)
{
    return csv->rest.size == 0 ? -1 : csv->rest.at[0];
}

static void csv_skip(struct sb_csv *csv, struct csv_place *place)
{
    uint8_t byte = csv->rest.at[0];
    csv->rest = sb_bytes(csv->rest.at + 1, csv->rest.size - 1);
    if (byte == '\n') {
        csv->line++;
        place->column = 1;
    } else if ((byte & 0xc0) != 0x80) {
        place->column++;
    }
}

/* True, and past it, at the end of a record. */
static bool csv_line_end(struct sb_csv *csv, struct csv_place *place)
{
    if (csv_peek(csv) == '\r' && csv->rest.size > 1 && csv->rest.at[1] == '\n') {
        csv_skip(csv, place);
    }
    if (csv_peek(csv) == '\n') {
        csv_skip(csv, place);
        return true;
    }
    return csv->rest.size == 0;
}

static enum sb_err csv_quoted(struct sb_csv *csv, struct csv_place *place, struct sb_why *why)
{
    unsigned line = csv->line;
    unsigned column = place->column;
    csv_skip(csv, place);
    for (;;) {
        int byte = csv_peek(csv);
        if (byte < 0) {
            return sb_why_say(
                why, SB_ERR_MALFORMED,
                "rad %u, kolumn %u: citattecknet stängs aldrig; lägg till det avslutande \"",
                "line %u, column %u: the quotation mark is never closed; add the "
                "closing \"",
                line, column);
        }
        csv_skip(csv, place);
        if (byte == '"') {
            if (csv_peek(csv) != '"') {
                return SB_ERR_OK;
            }
            csv_skip(csv, place);
        }
        sb_buf_add_byte(&csv->text, (uint8_t)byte);
    }
}

static enum sb_err csv_plain(struct sb_csv *csv, struct csv_place *place, struct sb_why *why)
{
    for (int byte = csv_peek(csv); byte >= 0 && byte != ',' && byte != '\n' && byte != '\r';
         byte = csv_peek(csv)) {
        if (byte == '"') {
            return sb_why_say(why, SB_ERR_MALFORMED,
                              "rad %u, kolumn %u: ett citattecken inne i ett fält; sätt hela "
                              "fältet inom citattecken och dubbla tecknet",
                              "line %u, column %u: a quotation mark inside a field; put the whole "
                              "field in quotes and double the mark",
                              csv->line, place->column);
        }
        sb_buf_add_byte(&csv->text, (uint8_t)byte);
        csv_skip(csv, place);
    }
    return SB_ERR_OK;
}

static enum sb_err csv_field(struct sb_csv *csv, struct csv_place *place, struct sb_why *why)
{
    if (place->fields == SB_CSV_FIELDS_MAX) {
        return sb_why_say(why, SB_ERR_TOO_LARGE, "rad %u: fler än %d fält; ta bort de överflödiga",
                          "line %u: more than %d fields; remove the extra", csv->line,
                          SB_CSV_FIELDS_MAX);
    }
    place->begin[place->fields] = csv->text.size;
    csv->field_column[place->fields] = place->column;
    place->fields++;
    return csv_peek(csv) == '"' ? csv_quoted(csv, place, why) : csv_plain(csv, place, why);
}

/* Fields up to the end of the record; the buffer may move meanwhile, so views are made after. */
static enum sb_err csv_record(struct sb_csv *csv, struct csv_place *place, struct sb_why *why)
{
    for (;;) {
        enum sb_err err = csv_field(csv, place, why);
        if (err != SB_ERR_OK) {
            return err;
        }
        if (csv_line_end(csv, place)) {
            return SB_ERR_OK;
        }
        if (csv_peek(csv) != ',') {
            return sb_why_say(why, SB_ERR_MALFORMED,
                              "rad %u, kolumn %u: här väntas ett komma eller radens slut",
                              "line %u, column %u: a comma or the end of the line is expected here",
                              csv->line, place->column);
        }
        csv_skip(csv, place);
    }
}

enum sb_err sb_csv_next(struct sb_csv *csv, unsigned count, bool *ret_end, struct sb_why *why)
{
    struct csv_place place = {.column = 1};
    while (csv->rest.size > 0 && csv_line_end(csv, &place)) {
    }
    if (csv->rest.size == 0) {
        *ret_end = true;
        return SB_ERR_OK;
    }
    sb_buf_clear(&csv->text);
    csv->field_line = csv->line;
    enum sb_err err = csv_record(csv, &place, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (csv->text.overflow) {
        return sb_why_say(why, SB_ERR_TOO_LARGE, "rad %u: en post på mer än %d byte; korta den",
                          "line %u: a record of more than %d bytes; shorten it", csv->field_line,
                          SB_TEXT_SIZE_MAX);
    }
    if (place.fields != count) {
        return sb_why_say(
            why, SB_ERR_MALFORMED,
            "rad %u: %u fält, men rubrikraden har %u; en text med komma måste stå inom citattecken",
            "line %u: %u fields, but the header has %u; a text with a comma must stand "
            "in quotation marks",
            csv->field_line, place.fields, count);
    }
    for (unsigned i = 0; i < count; i++) {
        size_t end = i + 1 < count ? place.begin[i + 1] : csv->text.size;
        csv->field[i] = sb_bytes(csv->text.at == NULL ? NULL : csv->text.at + place.begin[i],
                                 end - place.begin[i]);
    }
    csv->count = count;
    *ret_end = false;
    return SB_ERR_OK;
}

enum sb_err sb_csv_header(struct sb_csv *csv, const char *const *columns, unsigned count,
                          struct sb_why *why)
{
    bool end = false;
    enum sb_err err = sb_csv_next(csv, count, &end, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (end) {
        return sb_why_say(why, SB_ERR_MALFORMED, "filen är tom; dess första rad anger kolumnerna",
                          "the file is empty; its first line names the columns");
    }
    for (unsigned i = 0; i < count; i++) {
        if (!sb_bytes_equal(csv->field[i], sb_bytes_str(columns[i]))) {
            return sb_why_say(why, SB_ERR_MALFORMED,
                              "rad %u, kolumn %u: kolumnen \"%.*s\" ska vara \"%s\"",
                              "line %u, column %u: the column \"%.*s\" should be \"%s\"",
                              csv->field_line, csv->field_column[i], (int)csv->field[i].size,
                              (const char *)csv->field[i].at, columns[i]);
        }
    }
    return SB_ERR_OK;
}
