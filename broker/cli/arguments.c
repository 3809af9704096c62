/* arguments.c: see arguments.h. One reader for each way in which an option takes its value. */
#include "arguments.h"

#include "samband/words.h"
#include "view/value.h"
#include "view/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void sb_arguments_init(struct sb_arguments *arguments)
{
    *arguments = (struct sb_arguments){0};
    sb_buf_init(&arguments->file, SB_TEXT_SIZE_MAX + 1);
}

void sb_arguments_finish(struct sb_arguments *arguments)
{
    for (unsigned i = 0; i < arguments->list_count; i++) {
        sb_list_finish(&arguments->list[i]);
    }
    sb_buf_finish(&arguments->file);
}

void sb_arguments_add(struct sb_arguments *arguments, enum sb_field field, struct sb_bytes item)
{
    unsigned i = 0;
    while (i < arguments->list_count && arguments->list_field[i] != field) {
        i++;
    }
    if (i == arguments->list_count) {
        SB_ASSERT(i < SB_ARGUMENTS_LISTS);
        arguments->list_field[i] = field;
        sb_list_init(&arguments->list[i]);
        arguments->list_count++;
    }
    sb_list_add(&arguments->list[i], item);
    sb_record_set_bytes(&arguments->record, field, sb_list_bytes(&arguments->list[i]));
}

int sb_arguments_time(const struct sb_cli *cli, const char *text, enum sb_takes takes,
                      uint64_t *ret_ms)
{
    enum sb_when_side side = takes == SB_TAKES_LAST    ? SB_WHEN_LAST
                             : takes == SB_TAKES_UNTIL ? SB_WHEN_UNTIL
                                                       : SB_WHEN_NEXT;
    struct sb_when when = {0};
    char first[SB_WHEN_SIZE], second[SB_WHEN_SIZE];
    enum sb_when_result result = sb_when_read(text, cli->view.now_ms, side, &when);
    sb_when_zoned(when.at_ms, first);
    sb_when_zoned(when.other_ms, second);
    const char *const values[] = {text, first, second};
    switch (result) {
    case SB_WHEN_READ: *ret_ms = when.at_ms; return SB_EXIT_DONE;
    case SB_WHEN_DOUBLED: sb_cli_say(cli, SB_TEXT_TIME_DOUBLED, values, 3); break;
    case SB_WHEN_LOST: sb_cli_say(cli, SB_TEXT_TIME_LOST, values, 1); break;
    case SB_WHEN_WRONG_SIDE:
        sb_cli_say(cli, side == SB_WHEN_LAST ? SB_TEXT_TIME_NOT_PAST : SB_TEXT_TIME_NOT_FUTURE,
                   values, 1);
        break;
    case SB_WHEN_UNREADABLE: sb_cli_say(cli, SB_TEXT_TIME_UNREADABLE, values, 1); break;
    }
    return SB_EXIT_USAGE;
}

/* "start 2026-11-23 03:00 (om 50 min)", so that a wrong day is seen before anything leaves. */
static int time_fill(const struct sb_cli *cli, const struct sb_given *given, enum sb_takes takes,
                     enum sb_field field, struct sb_arguments *arguments)
{
    uint64_t at = 0;
    char local[SB_WHEN_SIZE], relative[SB_WHEN_SIZE];
    int exit = sb_arguments_time(cli, given->value, takes, &at);
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    sb_record_set_number(&arguments->record, field, at);
    sb_when_local(at, cli->view.now_ms, false, local);
    sb_when_relative(at, cli->view.now_ms, cli->view.language, relative);
    const char *const values[] = {sb_value_name(field, cli->view.language), local, relative};
    sb_cli_say(cli, SB_TEXT_TIME_ECHO, values, 3);
    return SB_EXIT_DONE;
}

static int word_fill(const struct sb_cli *cli, const struct sb_given *given, enum sb_field field,
                     struct sb_arguments *arguments)
{
    const struct sb_word *word = sb_word_find_text(field, given->value);
    if (word != NULL) {
        sb_record_set_number(&arguments->record, field, word->number);
        return SB_EXIT_DONE;
    }
    char all[512] = "";
    unsigned count = 0;
    const struct sb_word *words = sb_words(field, &count);
    for (unsigned i = 0; i < count; i++) {
        size_t size = strlen(all);
        (void)snprintf(all + size, sizeof all - size, "%s%s", i > 0 ? ", " : "", words[i].json);
    }
    const char *const values[] = {sb_value_name(field, cli->view.language), given->value, all};
    sb_cli_say(cli, SB_TEXT_WORD_UNKNOWN, values, 3);
    return SB_EXIT_USAGE;
}

static int number_fill(const struct sb_cli *cli, const struct sb_given *given, enum sb_field field,
                       struct sb_arguments *arguments)
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(given->value, &end, 10);
    bool digits = given->value[0] >= '0' && given->value[0] <= '9';
    if (!digits || errno != 0 || *end != '\0') {
        const char *const values[] = {sb_value_name(field, cli->view.language), given->value};
        sb_cli_say(cli, SB_TEXT_NUMBER_UNREADABLE, values, 2);
        return SB_EXIT_USAGE;
    }
    sb_record_set_number(&arguments->record, field, number);
    return SB_EXIT_DONE;
}

static void commas_fill(const char *text, enum sb_field field, struct sb_arguments *arguments)
{
    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        if (size > 0) {
            sb_arguments_add(arguments, field, sb_bytes(text, size));
        }
        text += text[size] == ',' ? size + 1 : size;
    }
}

static bool is_blank(struct sb_bytes text)
{
    size_t at = 0;
    while (at < text.size && (text.at[at] == ' ' || text.at[at] == '\n' || text.at[at] == '\t')) {
        at++;
    }
    return at == text.size;
}

/* A text of the command line must be what the field's type, or one item of its list, may hold. An
 * empty one is refused too: it mostly is a variable of a script that was never set. */
static int text_check(const struct sb_cli *cli, struct sb_bytes text, enum sb_field field)
{
    const struct sb_field_row *known = sb_field_find(field);
    SB_ASSERT(known != NULL);
    char limit[24];
    (void)snprintf(limit, sizeof limit, "%u",
                   known->type == SB_TYPE_NAME ? SB_NAME_SIZE_MAX : known->limit);
    const char *const values[] = {sb_value_name(field, cli->view.language), limit};
    struct sb_name name;
    if (is_blank(text)) {
        sb_cli_say(cli, SB_TEXT_TEXT_BLANK, values, 1);
    } else if (known->type == SB_TYPE_NAME && !sb_name_read(text, &name)) {
        sb_cli_say(cli, SB_TEXT_NAME_UNREADABLE, values, 2);
    } else if (known->type != SB_TYPE_NAME && text.size > known->limit) {
        sb_cli_say(cli, SB_TEXT_TEXT_TOO_LONG, values, 2);
    } else if (known->type != SB_TYPE_NAME && !sb_bytes_is_text(text)) {
        sb_cli_say(cli, SB_TEXT_TEXT_NOT_TEXT, values, 1);
    } else {
        return SB_EXIT_DONE;
    }
    return SB_EXIT_USAGE;
}

/* Two ways to give one field (--text and --file): neither is ignored silently. */
static int text_fill(const struct sb_cli *cli, struct sb_bytes text, enum sb_field field,
                     struct sb_arguments *arguments)
{
    int exit = text_check(cli, text, field);
    if (exit == SB_EXIT_DONE && sb_record_has(&arguments->record, field)) {
        sb_cli_say_one(cli, SB_TEXT_TEXT_TWICE, sb_value_name(field, cli->view.language));
        exit = SB_EXIT_USAGE;
    }
    if (exit == SB_EXIT_DONE) {
        sb_record_set_bytes(&arguments->record, field, text);
    }
    return exit;
}

static int item_fill(const struct sb_cli *cli, const char *text, enum sb_field field,
                     struct sb_arguments *arguments)
{
    int exit = text_check(cli, sb_bytes_str(text), field);
    if (exit == SB_EXIT_DONE) {
        sb_arguments_add(arguments, field, sb_bytes_str(text));
    }
    return exit;
}

/* All of it, without carriage returns. NULL, or what failed. */
static const char *file_take(FILE *file, struct sb_buf *buf)
{
    uint8_t piece[4096];
    size_t got = 0;
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        for (size_t i = 0; i < got; i++) {
            if (piece[i] != '\r') {
                sb_buf_add_byte(buf, piece[i]);
            }
        }
    }
    return ferror(file) != 0 ? strerror(errno) : NULL;
}

static const char *file_open_take(const char *path, struct sb_buf *buf)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return strerror(errno);
    }
    const char *failed = file_take(file, buf);
    (void)fclose(file);
    return failed;
}

int sb_arguments_file(const struct sb_cli *cli, const char *path, size_t size_max,
                      struct sb_arguments *arguments)
{
    sb_buf_clear(&arguments->file);
    const char *failed = strcmp(path, "-") == 0 ? file_take(stdin, &arguments->file)
                                                : file_open_take(path, &arguments->file);
    char limit[24];
    (void)snprintf(limit, sizeof limit, "%zu", size_max);
    const char *const values[] = {path, failed == NULL ? limit : failed};
    if (failed != NULL) {
        sb_cli_say(cli, SB_TEXT_FILE_UNREADABLE, values, 2);
        return SB_EXIT_USAGE;
    }
    if (arguments->file.overflow || arguments->file.size > size_max) {
        sb_cli_say(cli, SB_TEXT_FILE_TOO_LONG, values, 2);
        return SB_EXIT_USAGE;
    }
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    if (sb_bytes_starts_with(sb_buf_bytes(&arguments->file), sb_bytes(mark, sizeof mark))) {
        arguments->file.size -= sizeof mark;
        memmove(arguments->file.at, arguments->file.at + sizeof mark, arguments->file.size);
    }
    return SB_EXIT_DONE;
}

static int given_fill(const struct sb_cli *cli, const struct sb_given *given,
                      struct sb_arguments *arguments)
{
    enum sb_takes takes = given->option != NULL ? given->option->takes : given->operand->takes;
    enum sb_field field = given->option != NULL ? given->option->field : given->operand->field;
    int exit = SB_EXIT_DONE;
    switch (takes) {
    case SB_TAKES_RAW: return SB_EXIT_DONE;
    case SB_TAKES_FLAG:
        if (field != 0) {
            sb_record_set_number(&arguments->record, field, 1);
        }
        return SB_EXIT_DONE;
    case SB_TAKES_TEXT:
    case SB_TAKES_EVENT: return text_fill(cli, sb_bytes_str(given->value), field, arguments);
    case SB_TAKES_FILE:
        exit = sb_arguments_file(cli, given->value, SB_TEXT_SIZE_MAX, arguments);
        if (exit == SB_EXIT_DONE) {
            exit = text_fill(cli, sb_buf_bytes(&arguments->file), field, arguments);
        }
        return exit;
    case SB_TAKES_NEXT:
    case SB_TAKES_LAST:
    case SB_TAKES_UNTIL: return time_fill(cli, given, takes, field, arguments);
    case SB_TAKES_WORD: return word_fill(cli, given, field, arguments);
    case SB_TAKES_NUMBER: return number_fill(cli, given, field, arguments);
    case SB_TAKES_LIST: return item_fill(cli, given->value, field, arguments);
    case SB_TAKES_COMMAS: commas_fill(given->value, field, arguments); return SB_EXIT_DONE;
    }
    return SB_EXIT_DONE;
}

int sb_arguments_fill(const struct sb_cli *cli, const struct sb_parsed *parsed,
                      struct sb_arguments *arguments)
{
    int exit = SB_EXIT_DONE;
    for (unsigned i = 0; i < parsed->count && exit == SB_EXIT_DONE; i++) {
        exit = given_fill(cli, &parsed->given[i], arguments);
    }
    return exit;
}
