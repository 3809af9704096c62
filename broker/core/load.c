/* load.c: a file's lines, one after the other, and the reply. What a line means is its verb's. */
#include "load.h"

enum sb_err sb_load_read(struct sb_command *command, const char *const *headings, unsigned count,
                         sb_load_line *line, void *file)
{
    static const enum sb_field needs[] = {SB_FIELD_CSV, 0};
    struct sb_csv csv;
    bool end = false;
    enum sb_err err = sb_command_needs(command, needs);
    sb_csv_init(&csv, sb_record_bytes(command->args, SB_FIELD_CSV));
    if (err == SB_ERR_OK) {
        err = sb_csv_header(&csv, headings, count, command->why);
    }
    while (err == SB_ERR_OK) {
        err = sb_csv_next(&csv, count, &end, command->why);
        if (end) {
            break;
        }
        err = err == SB_ERR_OK ? line(file, &csv, command->why) : err;
    }
    sb_csv_finish(&csv);
    return err;
}

void sb_load_tell(struct sb_command *command, uint64_t count)
{
    struct sb_record row = {0};
    sb_record_set_number(&row, SB_FIELD_NUMBER, count);
    bool room = sb_rows_add(command->rows, &row);
    SB_ASSERT(room); /* the first row always fits */
}
