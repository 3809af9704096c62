/* test_record_any.c: two properties of records over seeded random ones: what is written is read
 * back and written again as the same bytes; and whatever bytes are accepted are the one encoding of
 * what they say. */
#include "check.h"
#include "samband/cursor.h"
#include "samband/record.h"

#include <stdlib.h>
#include <string.h>

#define BUF_MAX (1u << 20)

static enum sb_err read_all(struct sb_bytes bytes, struct sb_record *record)
{
    sb_record_clear(record);
    return sb_record_read(bytes, SB_PARTS_ALL, record, NULL);
}

static struct sb_bytes record_pack(const struct sb_record *record, struct sb_buf *buf)
{
    sb_buf_init(buf, BUF_MAX);
    sb_record_write(record, SB_PARTS_ALL, buf);
    assert_false(buf->overflow);
    return sb_buf_bytes(buf);
}

/* A record of random fields with random values within their rules. */
struct random_record {
    struct sb_record record;
    uint8_t bytes[512];
    char names[SB_FIELD_COUNT][SB_NAME_SIZE_MAX + 1];
    struct sb_list_writer lists[SB_FIELD_COUNT];
};

static void random_text(struct check_seeded *seeded, char *text, size_t size)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789_:-";

    for (size_t i = 0; i < size; i++) {
        text[i] = alphabet[check_below(seeded, sizeof alphabet - 1)];
    }
    text[size] = '\0';
}

static void random_set(struct random_record *random, struct check_seeded *seeded,
                       const struct sb_field_row *row)
{
    struct sb_record *record = &random->record;
    char *text = random->names[row->field];
    size_t limit = row->limit > 0 && row->limit < SB_NAME_SIZE_MAX ? row->limit : SB_NAME_SIZE_MAX;

    random_text(seeded, text, 1 + (size_t)check_below(seeded, limit));
    switch (row->type) {
    case SB_TYPE_UINT:
    case SB_TYPE_TIME: sb_record_set_number(record, row->field, check_any_number(seeded)); break;
    case SB_TYPE_ENUM: sb_record_set_number(record, row->field, check_below(seeded, 300)); break;
    case SB_TYPE_BOOL: sb_record_set_number(record, row->field, check_below(seeded, 2)); break;
    case SB_TYPE_NAME:
    case SB_TYPE_TEXT: sb_record_set_text(record, row->field, text); break;
    case SB_TYPE_HASH:
        sb_record_set_bytes(record, row->field, sb_bytes(random->bytes, SB_HASH_SIZE));
        break;
    case SB_TYPE_BYTES: {
        size_t most = row->limit < sizeof random->bytes ? row->limit : sizeof random->bytes;
        size_t size = row->limit == 32 ? 32 : (size_t)check_below(seeded, most + 1);
        sb_record_set_bytes(record, row->field, sb_bytes(random->bytes, size));
        break;
    }
    case SB_TYPE_LIST:
        sb_list_init(&random->lists[row->field]);
        for (uint64_t k = check_below(seeded, 20); k > 0; k--) {
            sb_list_add(&random->lists[row->field], sb_bytes_str(text));
        }
        sb_record_set_bytes(record, row->field, sb_list_bytes(&random->lists[row->field]));
        break;
    }
}

static void random_fill(struct random_record *random, struct check_seeded *seeded)
{
    uint64_t density = 1 + check_below(seeded, 40);

    for (size_t i = 0; i < sizeof random->bytes; i++) {
        random->bytes[i] = (uint8_t)(check_next(seeded) & 0xff);
    }
    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        const struct sb_field_row *row = sb_field_find(number);
        if (row != NULL && check_below(seeded, density) == 0) {
            random_set(random, seeded, row);
        }
    }
}

static void random_finish(struct random_record *random)
{
    for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
        sb_list_finish(&random->lists[number]);
    }
    free(random);
}

/* Changes a few bytes; whatever is still accepted must be the one encoding of what it says. */
static void assert_mutants_are_canonical(struct sb_bytes whole, struct check_seeded *seeded)
{
    struct sb_record record;
    struct sb_buf again;
    uint8_t *mutant = malloc(whole.size);

    assert_non_null(mutant);
    sb_buf_init(&again, BUF_MAX);
    for (unsigned round = 0; round < 20; round++) {
        memcpy(mutant, whole.at, whole.size);
        for (uint64_t k = 1 + check_below(seeded, 3); k > 0; k--) {
            mutant[check_below(seeded, whole.size)] = (uint8_t)(check_next(seeded) & 0xff);
        }
        struct sb_bytes bytes = sb_bytes(mutant, whole.size);
        if (read_all(bytes, &record) != SB_ERR_OK) {
            continue;
        }
        struct sb_cursor cursor = sb_cursor(bytes);
        unsigned said = sb_cursor_map(&cursor, UINT32_MAX);
        unsigned known = 0;
        for (unsigned number = 0; number < SB_FIELD_COUNT; number++) {
            known += record.at[number].set;
        }
        sb_buf_clear(&again);
        sb_record_write(&record, SB_PARTS_ALL, &again);
        assert_false(again.overflow);
        if (known == said) { /* no unknown field was stepped over */
            check_same_bytes(sb_buf_bytes(&again), bytes);
        }
    }
    sb_buf_finish(&again);
    free(mutant);
}

static void random_records_round_trip(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        struct check_seeded seeded = {seed * UINT64_C(0x9e3779b97f4a7c15)};
        struct random_record *random = sb_alloc(1, sizeof *random);
        struct sb_record back;
        struct sb_buf buf, again;

        random_fill(random, &seeded);
        struct sb_bytes bytes = record_pack(&random->record, &buf);
        if (read_all(bytes, &back) != SB_ERR_OK) {
            fail_msg("seed %llu: what was written is refused", (unsigned long long)seed);
        }
        check_same_bytes(record_pack(&back, &again), bytes);
        assert_mutants_are_canonical(bytes, &seeded);
        sb_buf_finish(&again);
        sb_buf_finish(&buf);
        random_finish(random);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_records_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
