/* setup.c: bench_setup PROFILE REGISTER FORUMS COUNT: loads the county into a new broker and
 * invites an agent for each of the first COUNT organisations. Prints "ORGANISATION TOKEN" a line.
 */
#include "ask.h"

#include <stdio.h>
#include <stdlib.h>

#define ANSWER_WAIT_MS 10000

static bool file_read(const char *path, struct sb_buf *buf)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    uint8_t piece[4096];
    size_t size;
    while ((size = fread(piece, 1, sizeof piece, file)) > 0) {
        sb_buf_add(buf, sb_bytes(piece, size));
    }
    (void)fclose(file);
    return !buf->overflow;
}

static bool csv_load(struct asker *asker, const char *verb, const char *path, struct sb_why *why)
{
    struct sb_record args = {0};
    struct sb_buf csv;
    struct asked asked;
    sb_buf_init(&csv, SB_TEXT_SIZE_MAX);
    asked_init(&asked);
    bool good = file_read(path, &csv);
    if (!good) {
        (void)sb_why_set(why, SB_ERR_IO, "%s cannot be read", path);
    }
    sb_record_set_bytes(&args, SB_FIELD_CSV, sb_buf_bytes(&csv));
    good = good && asker_ask(asker, verb, &args, &asked, why);
    asked_finish(&asked);
    sb_buf_finish(&csv);
    return good;
}

static bool org_invite(struct asker *asker, const struct sb_name *org, struct sb_why *why)
{
    struct sb_record args = {0};
    struct sb_record row;
    struct asked asked;
    asked_init(&asked);
    sb_record_set_name(&args, SB_FIELD_ORG, org);
    bool good = asker_ask(asker, "org-invite", &args, &asked, why) && asked_row(&asked, &row);
    if (good) {
        struct sb_bytes token = sb_record_bytes(&row, SB_FIELD_TOKEN);
        (void)printf("%s %.*s\n", org->text, (int)token.size, (const char *)token.at);
    }
    asked_finish(&asked);
    return good;
}

static bool orgs_invite(struct asker *asker, unsigned long count, struct sb_why *why)
{
    struct sb_record none = {0};
    struct sb_record row = {0};
    struct asked asked;
    asked_init(&asked);
    bool good = asker_ask(asker, "org-list", &none, &asked, why);
    struct sb_row_reader reader = sb_rows_read(sb_buf_bytes(&asked.rows));
    unsigned long invited = 0;
    while (good && invited < count && sb_rows_next(&reader, &row)) {
        struct sb_name org = sb_record_name(&row, SB_FIELD_ORG);
        good = org_invite(asker, &org, why);
        invited++;
        sb_record_clear(&row);
    }
    if (good && invited < count) {
        (void)sb_why_set(why, SB_ERR_NOT_FOUND, "the register has only %lu organisations", invited);
        good = false;
    }
    asked_finish(&asked);
    return good;
}

int main(int argc, char **argv)
{
    struct sb_why why = {0};
    struct asker asker;
    if (argc != 5) {
        (void)fputs("usage: bench_setup PROFILE REGISTER FORUMS COUNT\n", stderr);
        return 2;
    }
    if (!asker_open(&asker, argv[1], ANSWER_WAIT_MS, &why)) {
        (void)fprintf(stderr, "bench_setup: %s\n", why.text);
        return 1;
    }
    bool good = csv_load(&asker, "org-load", argv[2], &why)
                && csv_load(&asker, "forum-load", argv[3], &why)
                && orgs_invite(&asker, strtoul(argv[4], NULL, 10), &why);
    asker_close(&asker);
    if (!good) {
        (void)fprintf(stderr, "bench_setup: %s\n", why.text);
        return 1;
    }
    return 0;
}
