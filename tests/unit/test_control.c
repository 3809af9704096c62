/* test_control.c: requests and replies: round trips, what the signature covers, room for rows, and
 * every kind of bad message. */
#include "check.h"
#include "samband/control.h"
#include "samband/cursor.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t id[SB_REQUEST_ID_SIZE] = "0123456789abcde";

static struct sb_bytes request_pack(const struct sb_signer *signer, struct sb_buf *buf)
{
    struct sb_name verb = sb_name("call");
    struct sb_record args = {0};

    sb_record_set_text(&args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(&args, SB_FIELD_TITLE, "Snöoväder");
    sb_buf_init(buf, SB_ORDER_SIZE_MAX);
    sb_request_write(id, &verb, &args, signer, buf);
    assert_false(buf->overflow);
    return sb_buf_bytes(buf);
}

static void a_request_round_trips(void **state)
{
    (void)state;
    struct sb_request request;
    struct sb_record args = {0};
    struct sb_why why = {0};
    struct sb_buf buf;

    assert_int_equal(sb_request_read(request_pack(NULL, &buf), &request, &why), SB_ERR_OK);
    assert_memory_equal(request.id, id, sizeof id);
    assert_string_equal(request.verb.text, "call");
    assert_int_equal(request.signature.size, 0);
    assert_int_equal(sb_record_read(request.args, SB_PARTS_ALL, &args, &why), SB_ERR_OK);
    check_same_bytes(sb_record_bytes(&args, SB_FIELD_TITLE), sb_bytes_str("Snöoväder"));
    sb_buf_finish(&buf);
}

static void the_signature_covers_all_before_it(void **state)
{
    (void)state;
    static const uint8_t seed[32] = "a seed of thirty-two bytes, here";
    struct sb_signer signer;
    struct sb_request request;
    struct sb_why why = {0};
    struct sb_buf buf;

    sb_signer_make(seed, &signer);
    struct sb_bytes bytes = request_pack(&signer, &buf);
    assert_int_equal(sb_request_read(bytes, &request, &why), SB_ERR_OK);
    assert_int_equal(request.signature.size, SB_SIGNATURE_SIZE);
    assert_true(
        sb_signature_holds(&signer.public_key, "order", request.signed_part, request.signature));

    /* All of the request but the array's head and the signature with its own head. */
    assert_ptr_equal(request.signed_part.at, bytes.at + 1);
    assert_int_equal(request.signed_part.size, bytes.size - 1 - 2 - SB_SIGNATURE_SIZE);
    buf.at[10] ^= 1; /* in the id */
    assert_false(
        sb_signature_holds(&signer.public_key, "order", request.signed_part, request.signature));
    sb_signer_wipe(&signer);
    sb_buf_finish(&buf);
}

static void a_request_cut_off_is_refused(void **state)
{
    (void)state;
    struct sb_request request;
    struct sb_why why = {0};
    struct sb_buf buf;
    struct sb_bytes whole = request_pack(NULL, &buf);

    for (size_t size = 0; size < whole.size; size++) {
        uint8_t *cut = malloc(size > 0 ? size : 1);
        assert_non_null(cut);
        memcpy(cut, whole.at, size);
        assert_int_equal(sb_request_read(sb_bytes(cut, size), &request, &why), SB_ERR_MALFORMED);
        /* Array, version, head of the id, id: from there on the asker can be told. */
        assert_int_equal(memcmp(request.id, id, sizeof id) == 0, size >= 1 + 1 + 2 + sizeof id);
        assert_int_equal(request.args.size, 0);
        free(cut);
    }
    sb_buf_add_byte(&buf, 0xc0);
    assert_int_equal(sb_request_read(sb_buf_bytes(&buf), &request, &why), SB_ERR_MALFORMED);
    sb_buf_finish(&buf);
}

/* Begins a message as this version or another would. */
static void message_begin(struct sb_buf *buf, unsigned count, uint64_t version)
{
    sb_buf_clear(buf);
    sb_pack_array(buf, count);
    sb_pack_uint(buf, version);
    sb_pack_bin(buf, sb_bytes(id, sizeof id));
}

static void another_version_is_told_apart(void **state)
{
    (void)state;
    struct sb_request request;
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_buf buf;

    sb_buf_init(&buf, 256);
    message_begin(&buf, 3, 2); /* another shape, too */
    sb_pack_nil(&buf);
    assert_int_equal(sb_request_read(sb_buf_bytes(&buf), &request, &why), SB_ERR_VERSION);
    assert_memory_equal(request.id, id, sizeof id);
    assert_string_equal(
        why.text,
        "control protocol version 2, this end speaks 1: use programs of the same release");
    assert_int_equal(sb_reply_read(sb_buf_bytes(&buf), &reply, &why), SB_ERR_VERSION);

    sb_buf_clear(&buf);
    sb_pack_array(&buf, 2);
    sb_pack_uint(&buf, 3);
    sb_pack_str(&buf, sb_bytes_str("no id at all"));
    assert_int_equal(sb_request_read(sb_buf_bytes(&buf), &request, &why), SB_ERR_VERSION);
    sb_buf_finish(&buf);
}

static enum sb_err request_refusal(struct sb_buf *buf)
{
    struct sb_request request;
    struct sb_why why = {0};
    enum sb_err err = sb_request_read(sb_buf_bytes(buf), &request, &why);

    if (err != SB_ERR_OK) {
        check_said(&why, "", "");
    }
    return err;
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[SB_SIGNATURE_SIZE] = {0};
    struct sb_buf buf;

    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    static const struct {
        const char *verb;
        bool args_are_a_map;
        size_t signature_size;
        enum sb_err err;
    } cases[] = {
        {"call", true, 0, SB_ERR_OK},
        {"call", true, SB_SIGNATURE_SIZE, SB_ERR_OK},
        {"call", true, SB_SIGNATURE_SIZE - 1, SB_ERR_MALFORMED},
        {"call", false, 0, SB_ERR_MALFORMED},
        {"", true, 0, SB_ERR_MALFORMED},
        {"CALL", true, 0, SB_ERR_MALFORMED},
        {"a-verb-of-more-than-forty-characters-is-none", true, 0, SB_ERR_MALFORMED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        message_begin(&buf, 5, 1);
        sb_pack_str(&buf, sb_bytes_str(cases[i].verb));
        if (cases[i].args_are_a_map) {
            sb_pack_map(&buf, 0);
        } else {
            sb_pack_array(&buf, 0);
        }
        sb_pack_bin(&buf, sb_bytes(bytes, cases[i].signature_size));
        assert_int_equal(request_refusal(&buf), cases[i].err);
    }

    message_begin(&buf, 6, 1);
    sb_pack_str(&buf, sb_bytes_str("call"));
    sb_pack_map(&buf, 0);
    sb_pack_bin(&buf, sb_bytes(NULL, 0));
    assert_int_equal(request_refusal(&buf), SB_ERR_MALFORMED); /* six announced, five there */
    sb_pack_nil(&buf);
    assert_int_equal(request_refusal(&buf), SB_ERR_MALFORMED);
    sb_buf_finish(&buf);
}

static void a_request_has_its_size_limit(void **state)
{
    (void)state;
    uint8_t *bytes = sb_alloc(SB_ORDER_SIZE_MAX + 1, 1);
    struct sb_buf buf;

    /* Heads, version, id, verb: 1 + 1 + 18 + 5; a map of one unknown field: 1 + 1 + 3; bin 0: 2. */
    for (size_t more = 0; more < 2; more++) {
        sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
        message_begin(&buf, 5, 1);
        sb_pack_str(&buf, sb_bytes_str("call"));
        sb_pack_map(&buf, 1);
        sb_pack_uint(&buf, 24);
        sb_pack_bin(&buf, sb_bytes(bytes, SB_ORDER_SIZE_MAX - 32 + more));
        sb_pack_bin(&buf, sb_bytes(NULL, 0));
        assert_int_equal(buf.size, SB_ORDER_SIZE_MAX + more);
        assert_int_equal(request_refusal(&buf), more == 0 ? SB_ERR_OK : SB_ERR_TOO_LARGE);
        struct sb_request request = {0}; /* whose id is there, so that the refusal finds its way */
        struct sb_why why = {0};
        assert_int_equal(sb_request_read(sb_buf_bytes(&buf), &request, &why),
                         more == 0 ? SB_ERR_OK : SB_ERR_TOO_LARGE);
        assert_memory_equal(request.id, id, sizeof id);
        buf.at[1] = SB_CONTROL_VERSION + 1; /* told before the size is */
        assert_int_equal(request_refusal(&buf), SB_ERR_VERSION);
        sb_buf_finish(&buf);
    }
    free(bytes);
}

static void a_reply_round_trips(void **state)
{
    (void)state;
    struct sb_record record = {0};
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_rows rows;
    struct sb_buf buf;

    sb_rows_init(&rows);
    for (unsigned i = 1; i <= 40; i++) {
        sb_record_set_number(&record, SB_FIELD_INDEX, i);
        sb_record_set_text(&record, SB_FIELD_ORG, "taby");
        assert_true(sb_rows_add(&rows, &record));
    }
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(id, SB_ERR_NOT_FOUND, "ingen händelse", &rows, 4711, &buf);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&buf), &reply, &why), SB_ERR_OK);
    assert_memory_equal(reply.id, id, sizeof id);
    assert_int_equal(reply.err, SB_ERR_NOT_FOUND);
    check_same_bytes(reply.why, sb_bytes_str("ingen händelse"));
    assert_int_equal(reply.next, 4711);

    struct sb_row_reader reader = sb_rows_read(reply.rows);
    unsigned count = 0;
    while (sb_rows_next(&reader, &record)) {
        assert_int_equal(sb_record_number(&record, SB_FIELD_INDEX), ++count);
    }
    assert_int_equal(count, 40);
    assert_false(sb_rows_next(&reader, &record));
    sb_rows_finish(&rows);

    sb_buf_clear(&buf);
    sb_reply_write(id, SB_ERR_OK, NULL, NULL, 0, &buf);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&buf), &reply, &why), SB_ERR_OK);
    reader = sb_rows_read(reply.rows);
    assert_false(sb_rows_next(&reader, &record));
    sb_buf_finish(&buf);
}

/* Rows are checked as they are read: one that is none ends the reading, whatever was promised. */
static void a_row_that_is_none_ends_them(void **state)
{
    (void)state;
    static const uint8_t rows[] = {0x93, 0x80, 0xc1, 0x80}; /* an empty one, rubbish, one more */
    struct sb_row_reader reader = sb_rows_read(sb_bytes(rows, sizeof rows));
    struct sb_record record = {0};

    assert_int_equal(reader.left, 3);
    assert_true(sb_rows_next(&reader, &record));
    assert_false(sb_rows_next(&reader, &record));
    assert_int_equal(reader.left, 0);
    assert_false(sb_rows_next(&reader, &record));
}

static void a_reply_cut_off_is_refused(void **state)
{
    (void)state;
    struct sb_record record = {0};
    struct sb_reply reply = {.next = 99};
    struct sb_why why = {0};
    struct sb_rows rows;
    struct sb_buf buf;

    sb_rows_init(&rows);
    sb_record_set_text(&record, SB_FIELD_ORG, "taby");
    assert_true(sb_rows_add(&rows, &record));
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(id, SB_ERR_OK, "", &rows, 300, &buf);
    for (size_t size = 0; size < buf.size; size++) {
        uint8_t *cut = malloc(size > 0 ? size : 1);
        assert_non_null(cut);
        memcpy(cut, buf.at, size);
        assert_int_equal(sb_reply_read(sb_bytes(cut, size), &reply, &why), SB_ERR_MALFORMED);
        free(cut);
    }
    assert_int_equal(reply.next, 99); /* untouched */
    sb_rows_finish(&rows);
    sb_buf_finish(&buf);
}

static void bad_replies_are_refused(void **state)
{
    (void)state;
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_buf buf;
    static const struct {
        uint64_t err;
        const char *why;
        struct sb_bytes rows;
        enum sb_err refused;
    } cases[] = {
        {0, "", {(const uint8_t *)"\x90", 1}, SB_ERR_OK},
        {65535, "newer", {(const uint8_t *)"\x90", 1}, SB_ERR_OK},
        {65536, "", {(const uint8_t *)"\x90", 1}, SB_ERR_MALFORMED},
        {0, "\x1b[2J", {(const uint8_t *)"\x90", 1}, SB_ERR_MALFORMED},
        {0, "", {(const uint8_t *)"\x80", 1}, SB_ERR_MALFORMED},
        {0, "", {(const uint8_t *)"\x91\x90", 2}, SB_ERR_MALFORMED},
        {0, "", {(const uint8_t *)"\x92\x80\x81\x40\xa1\x1b", 6}, SB_ERR_VALUE},
        {0, "", {(const uint8_t *)"\xdd\x0f\xff\xff\xff", 5}, SB_ERR_MALFORMED},
    };

    sb_buf_init(&buf, 256);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        message_begin(&buf, 6, 1);
        sb_pack_uint(&buf, cases[i].err);
        sb_pack_str(&buf, sb_bytes_str(cases[i].why));
        sb_buf_add(&buf, cases[i].rows);
        sb_pack_uint(&buf, 0);
        assert_int_equal(sb_reply_read(sb_buf_bytes(&buf), &reply, &why), cases[i].refused);
    }
    sb_buf_finish(&buf);
}

static void a_full_reply_fits_its_frame(void **state)
{
    (void)state;
    char sentence[SB_WHY_BOTH_SIZE];
    struct sb_record record = {0};
    struct sb_reply reply;
    struct sb_why why = {0};
    struct sb_rows rows;
    struct sb_buf buf;
    unsigned added = 0;

    sb_rows_init(&rows);
    sb_record_set_text(&record, SB_FIELD_ORG, "taby");
    sb_record_set_text(&record, SB_FIELD_NAME, "Täby kommun");
    while (sb_rows_add(&rows, &record)) {
        added++;
    }
    assert_int_equal(rows.count, added);
    assert_true(rows.packed.size > SB_FRAME_SIZE_MAX - 2048);
    assert_false(sb_rows_add(&rows, &record)); /* full stays full */
    assert_int_equal(rows.count, added);

    memset(sentence, 'a', sizeof sentence - 1);
    sentence[sizeof sentence - 1] = '\0';
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(id, SB_ERR_UNKNOWN_OUTCOME, sentence, &rows, UINT64_MAX, &buf);
    assert_false(buf.overflow);
    assert_int_equal(sb_reply_read(sb_buf_bytes(&buf), &reply, &why), SB_ERR_OK);
    struct sb_row_reader reader = sb_rows_read(reply.rows);
    assert_int_equal(reader.left, added);
    sb_rows_finish(&rows);
    sb_buf_finish(&buf);
}

static void read_only_row(const struct sb_rows *rows, struct sb_buf *buf, struct sb_record *row)
{
    struct sb_reply reply;
    struct sb_why why = {0};

    sb_buf_init(buf, SB_FRAME_SIZE_MAX);
    sb_reply_write(id, SB_ERR_OK, "", rows, 0, buf);
    assert_int_equal(sb_reply_read(sb_buf_bytes(buf), &reply, &why), SB_ERR_OK);
    struct sb_row_reader reader = sb_rows_read(reply.rows);
    assert_int_equal(reader.left, 1);
    assert_true(sb_rows_next(&reader, row));
}

static void a_row_that_cannot_be_sent_says_so(void **state)
{
    (void)state;
    struct sb_hash hash = sb_hash_one("event", sb_bytes_str("x"));
    struct sb_hash got;
    struct sb_record record = {0};
    struct sb_record back;
    struct sb_rows rows;
    struct sb_buf buf;

    /* A value that its field refuses. */
    sb_rows_init(&rows);
    sb_record_set_hash(&record, SB_FIELD_ID, &hash);
    sb_record_set_text(&record, SB_FIELD_WORDING, "\x1b[2J");
    assert_true(sb_rows_add(&rows, &record));
    read_only_row(&rows, &buf, &back);
    assert_int_equal(sb_record_number(&back, SB_FIELD_ERROR), SB_ERR_VALUE);
    assert_true(sb_record_hash(&back, SB_FIELD_ID, &got) && sb_hash_equal(&got, &hash));
    assert_false(sb_record_has(&back, SB_FIELD_WORDING));
    check_said_both(sb_record_bytes(&back, SB_FIELD_WHY), "uppgiften \"lydelse\"", "wording: ");
    sb_buf_finish(&buf);
    sb_rows_finish(&rows);

    /* A row larger than any reply. */
    char seat[SB_SEAT_SIZE_MAX];
    struct sb_list_writer list;
    memset(seat, 'x', sizeof seat);
    sb_list_init(&list);
    for (unsigned i = 0; i < SB_LIST_COUNT_MAX; i++) {
        sb_list_add(&list, sb_bytes(seat, sizeof seat));
    }
    sb_rows_init(&rows);
    sb_record_unset(&record, SB_FIELD_WORDING);
    sb_record_set_bytes(&record, SB_FIELD_SEATS, sb_list_bytes(&list));
    assert_true(sb_rows_add(&rows, &record));
    assert_false(sb_rows_add(&rows, &record)); /* as the second it waits for the next reply */
    read_only_row(&rows, &buf, &back);
    assert_int_equal(sb_record_number(&back, SB_FIELD_ERROR), SB_ERR_TOO_LARGE);
    sb_buf_finish(&buf);
    sb_rows_finish(&rows);
    sb_list_finish(&list);
}

static void verbs_are_found_by_their_word(void **state)
{
    (void)state;
    const struct sb_verb_row *note = sb_verb_find("note");

    assert_non_null(note);
    assert_int_equal(note->verb, SB_VERB_NOTE);
    assert_int_equal(note->where, SB_VERB_AT_B | SB_VERB_AT_A);
    assert_true(note->writes);
    assert_int_equal(note->role, SB_ROLE_OPERATOR);
    assert_int_equal(sb_verb_find("org-revoke")->role, SB_ROLE_ADMIN);
    assert_int_equal(sb_verb_find("attempt")->where, SB_VERB_AT_C);
    assert_false(sb_verb_find("status")->writes);
    assert_null(sb_verb_find("Note"));
    assert_null(sb_verb_find(""));
    assert_null(sb_verb_find("not"));

    static const char *const words[] = {
#define X(name, text, where, writes, role) text,
        SB_VERBS(X)
#undef X
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const struct sb_verb_row *row = sb_verb_find(words[i]);
        assert_non_null(row);
        assert_int_equal(row->verb, i + 1); /* so no word stands twice */
        struct sb_name name;
        assert_true(sb_name_read(sb_bytes_str(words[i]), &name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_round_trips),
        cmocka_unit_test(the_signature_covers_all_before_it),
        cmocka_unit_test(a_request_cut_off_is_refused),
        cmocka_unit_test(another_version_is_told_apart),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(a_request_has_its_size_limit),
        cmocka_unit_test(a_reply_round_trips),
        cmocka_unit_test(a_row_that_is_none_ends_them),
        cmocka_unit_test(a_reply_cut_off_is_refused),
        cmocka_unit_test(bad_replies_are_refused),
        cmocka_unit_test(a_full_reply_fits_its_frame),
        cmocka_unit_test(a_row_that_cannot_be_sent_says_so),
        cmocka_unit_test(verbs_are_found_by_their_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
