/* cmd_forum_load.c: "forum-load": standing forums out of forums.csv. All of the file is taken or
 * none of it. Forums that it does not name stay. */
#include "load.h"
#include "register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const headings[] = {"id", "name", "level", "mode", "seats"};
enum {
    COLUMN_ID,
    COLUMN_NAME,
    COLUMN_LEVEL,
    COLUMN_MODE,
    COLUMN_SEATS,
    COLUMN_COUNT
};

struct forum_line {
    struct sb_name forum;
    struct sb_buf row;
};

struct forum_file {
    struct forum_line *at;
    size_t count;
};

static void file_finish(struct forum_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        sb_buf_finish(&file->at[i].row);
    }
    free(file->at);
}

static enum sb_err column_refuse(const struct sb_csv *csv, unsigned at, struct sb_phrase remedy,
                                 struct sb_why *why)
{
    return sb_why_say(why, SB_ERR_VALUE, "rad %u, kolumn %u: %s: " SB_SV,
                      "line %u, column %u: %s: " SB_EN, csv->field_line, csv->field_column[at],
                      headings[at], SB_PAIR(remedy));
}

static enum sb_err id_read(const struct forum_file *file, const struct sb_csv *csv,
                           struct sb_name *ret_id, struct sb_why *why)
{
    if (!sb_register_name_read(csv->field[COLUMN_ID], ret_id)) {
        return column_refuse(
            csv, COLUMN_ID,
            (struct sb_phrase){"skriv bara a-z, 0-9, _ och -", "write a-z, 0-9, _ and - only"},
            why);
    }
    for (size_t i = 0; i < file->count; i++) {
        if (sb_name_equal(&file->at[i].forum, ret_id)) {
            return sb_why_say(why, SB_ERR_ALREADY,
                              "rad %u, kolumn %u: %s står två gånger; ta bort en av raderna",
                              "line %u, column %u: %s stands twice; remove one of the lines",
                              csv->field_line, csv->field_column[COLUMN_ID], ret_id->text);
        }
    }
    return SB_ERR_OK;
}

static enum sb_err word_read(const struct sb_csv *csv, unsigned at, enum sb_field field,
                             struct sb_record *row, struct sb_why *why)
{
    char text[SB_NAME_SIZE_MAX + 1];
    const struct sb_word *word = NULL;
    if (csv->field[at].size > 0 && csv->field[at].size < sizeof text) {
        (void)snprintf(text, sizeof text, "%.*s", (int)csv->field[at].size,
                       (const char *)csv->field[at].at);
        word = sb_word_find_text(field, text);
    }
    if (word == NULL) {
        static const struct sb_phrase levels = {
            "skriv overordnad, inriktande, samordnande eller verkstallande",
            "write overordnad, inriktande, samordnande or verkstallande"};
        static const struct sb_phrase modes = {"skriv ordinarie eller aktiverat",
                                               "write ordinarie or aktiverat"};
        return column_refuse(csv, at, field == SB_FIELD_LEVEL ? levels : modes, why);
    }
    sb_record_set_number(row, field, word->number);
    return SB_ERR_OK;
}

static enum sb_err seats_check(const struct sb_csv *csv, struct sb_why *why)
{
    struct sb_rule_reader reader = sb_rules_read(csv->field[COLUMN_SEATS]);
    struct sb_rule rule;
    struct sb_why reason = {0};
    bool end = false;
    while (!end) {
        enum sb_err err = sb_rules_next(&reader, &end, &rule, &reason);
        if (err != SB_ERR_OK) {
            return sb_why_say(why, err, "rad %u, kolumn %u: seats, tecken %zu: " SB_SV,
                              "line %u, column %u: seats, at character %zu: " SB_EN,
                              csv->field_line, csv->field_column[COLUMN_SEATS], reader.at + 1,
                              SB_WHY_PAIR(reason));
        }
    }
    return SB_ERR_OK;
}

static enum sb_err line_read(struct forum_file *file, const struct sb_csv *csv,
                             struct sb_name *ret_id, struct sb_record *row, struct sb_why *why)
{
    enum sb_err err = id_read(file, csv, ret_id, why);
    if (err == SB_ERR_OK) {
        err = word_read(csv, COLUMN_LEVEL, SB_FIELD_LEVEL, row, why);
    }
    if (err == SB_ERR_OK) {
        err = word_read(csv, COLUMN_MODE, SB_FIELD_MODE, row, why);
    }
    if (err == SB_ERR_OK && csv->field[COLUMN_NAME].size == 0) {
        err = column_refuse(csv, COLUMN_NAME,
                            (struct sb_phrase){"får inte vara tom", "it must not be empty"}, why);
    }
    return err == SB_ERR_OK ? seats_check(csv, why) : err;
}

static enum sb_err line_add(void *to, const struct sb_csv *csv, struct sb_why *why)
{
    struct forum_file *file = to;
    struct sb_record row = {0};
    struct sb_name id;
    enum sb_err err = line_read(file, csv, &id, &row, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (file->count == SB_FORUMS_MAX) {
        return sb_why_say(why, SB_ERR_TOO_LARGE, "rad %u: fler än %d forum",
                          "line %u: more than %d forums", csv->field_line, SB_FORUMS_MAX);
    }
    struct forum_line *line = &file->at[file->count++];
    line->forum = id;
    sb_record_set_name(&row, SB_FIELD_FORUM, &id);
    sb_record_set_bytes(&row, SB_FIELD_NAME, csv->field[COLUMN_NAME]);
    sb_record_set_bytes(&row, SB_FIELD_SEAT_RULES, csv->field[COLUMN_SEATS]);
    sb_record_set_number(&row, SB_FIELD_TURN, file->count);
    sb_buf_init(&line->row, SB_ROW_SIZE_MAX);
    sb_record_write(&row, SB_PARTS_ALL, &line->row);
    if (!line->row.overflow) {
        return SB_ERR_OK;
    }
    struct sb_why reason = {0};
    (void)sb_record_unwritable(&row, &reason);
    return sb_why_say(why, SB_ERR_VALUE, "rad %u: " SB_SV, "line %u: " SB_EN, csv->field_line,
                      SB_WHY_PAIR(reason));
}

static enum sb_err size_check(struct sb_command *command, const struct forum_file *file)
{
    size_t total = file->count;
    struct sb_broker_walk walk = sb_broker_walk(SB_TABLE_FORUM, sb_bytes(NULL, 0));
    struct sb_bytes key;
    struct sb_bytes value;
    while (sb_broker_walk_next(&walk, command->turn->txn, &key, &value)) {
        bool named = false;
        for (size_t i = 0; i < file->count; i++) {
            named = named || sb_bytes_equal(key, sb_name_bytes(&file->at[i].forum));
        }
        total += named ? 0 : 1;
    }
    return total <= SB_FORUMS_MAX
               ? SB_ERR_OK
               : sb_why_say(command->why, SB_ERR_TOO_LARGE, "det skulle bli %zu forum, fler än %d",
                            "there would be %zu forums, more than %d", total, SB_FORUMS_MAX);
}

enum sb_err sb_broker_forum_load(struct sb_command *command)
{
    struct forum_file file = {.at = sb_alloc(SB_FORUMS_MAX, sizeof *file.at)};
    enum sb_err err = sb_load_read(command, headings, COLUMN_COUNT, line_add, &file);
    if (err == SB_ERR_OK && file.count == 0) {
        err = sb_why_say(command->why, SB_ERR_VALUE, "filen har en rubrikrad men inget forum",
                         "the file has a heading but no forum");
    }
    if (err == SB_ERR_OK) {
        err = size_check(command, &file);
    }
    if (err == SB_ERR_OK) {
        for (size_t i = 0; i < file.count; i++) {
            sb_txn_put(command->turn->txn, SB_TABLE_FORUM, sb_name_bytes(&file.at[i].forum),
                       sb_buf_bytes(&file.at[i].row));
        }
        sb_load_tell(command, file.count);
        sb_effects_log(command->turn->effects, SB_LEVEL_NOTICE, "forums-loaded forums=%zu by=%s",
                       file.count, command->subject.text);
    }
    file_finish(&file);
    return err;
}
