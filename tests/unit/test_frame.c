/* test_frame.c: each frame's round trip, its limits and one past them, and hostile bytes: cut,
 * flipped, longer, newer. */
#include "check.h"
#include "entry.h"
#include "samband/cursor.h"
#include "samband/frame.h"

#include <stdlib.h>
#include <string.h>

static enum sb_err read_frame(struct sb_bytes bytes)
{
    struct sb_frame frame;
    return sb_frame_read(bytes, &frame, NULL);
}

static struct sb_position position_of(unsigned number)
{
    struct sb_position position = {.org = sb_name("taby"),
                                   .lane = number % SB_LANE_COUNT,
                                   .incarnation = 0x0123456789abcdefull,
                                   .seq = number};
    position.head.at[0] = (uint8_t)number;
    return position;
}

static void positions_make(unsigned count, struct sb_buf *buf)
{
    sb_buf_init(buf, SB_FRAME_SIZE_MAX);
    sb_pack_array(buf, count);
    for (unsigned i = 0; i < count; i++) {
        struct sb_position position = position_of(i);
        sb_position_pack(buf, &position);
    }
}

static const uint8_t bytes_of[SB_BODY_SIZE_MAX + 1] = {1, 2, 3};

static struct sb_entry entry_of(size_t header, size_t body, size_t cert, size_t own)
{
    return (struct sb_entry){.sealed = {.header = sb_bytes(bytes_of, header),
                                        .signature = sb_bytes(bytes_of, SB_SIGNATURE_SIZE),
                                        .body = sb_bytes(bytes_of, body),
                                        .cert = sb_bytes(bytes_of, cert)},
                             .own = sb_bytes(bytes_of, own)};
}

static void entries_make(const struct sb_entry *entry, unsigned count, struct sb_buf *buf)
{
    sb_buf_init(buf, 2 * SB_FRAME_SIZE_MAX);
    sb_pack_array(buf, count);
    for (unsigned i = 0; i < count; i++) {
        entry_pack(buf, entry);
    }
}

static void names_make(unsigned count, struct sb_buf *buf)
{
    sb_buf_init(buf, SB_FRAME_SIZE_MAX);
    sb_pack_array(buf, count);
    for (unsigned i = 0; i < count; i++) {
        sb_pack_str(buf, sb_bytes_str("taby"));
    }
}

/* One example of every type. What they borrow lives in `parts`. */
struct parts {
    struct sb_buf names, sending, holding, entries, statement;
};

static void parts_make(struct parts *parts)
{
    struct sb_entry entry = entry_of(100, 200, 300, 0);
    names_make(2, &parts->names);
    positions_make(3, &parts->sending);
    positions_make(1, &parts->holding);
    entries_make(&entry, 2, &parts->entries);
    sb_buf_init(&parts->statement, SB_FRAME_SIZE_MAX);
    sb_proof_statement_write(7, 1767225600000ull, sb_buf_bytes(&parts->holding), &parts->statement);
}

static void parts_finish(struct parts *parts)
{
    sb_buf_finish(&parts->names);
    sb_buf_finish(&parts->sending);
    sb_buf_finish(&parts->holding);
    sb_buf_finish(&parts->entries);
    sb_buf_finish(&parts->statement);
}

static struct sb_frame example(enum sb_frame_type type, const struct parts *parts)
{
    struct sb_frame frame = {.type = type, .session = 7};
    switch (type) {
    case SB_FRAME_HELLO:
        frame.orgs = sb_buf_bytes(&parts->names);
        frame.epoch = 1;
        frame.sending = sb_buf_bytes(&parts->sending);
        frame.holding = sb_buf_bytes(&parts->holding);
        frame.known = sb_buf_bytes(&parts->holding);
        break;
    case SB_FRAME_WELCOME:
        frame.minor = 3;
        frame.epoch = 1767225600;
        frame.sending = sb_buf_bytes(&parts->sending);
        frame.holding = sb_buf_bytes(&parts->holding);
        frame.known = sb_buf_bytes(&parts->sending);
        break;
    case SB_FRAME_DATA:
        frame.at = position_of(88);
        frame.entries = sb_buf_bytes(&parts->entries);
        break;
    case SB_FRAME_RECEIPT: frame.at = position_of(88); break;
    case SB_FRAME_PROOF:
        frame.statement = sb_buf_bytes(&parts->statement);
        frame.signature = sb_bytes(bytes_of, SB_SIGNATURE_SIZE);
        break;
    case SB_FRAME_PING:
    case SB_FRAME_PONG: frame.wall_ms = 1767225600000ull; break;
    case SB_FRAME_REFUSE:
        frame.err = SB_ERR_STALE;
        frame.text = sb_bytes_str("en äldre kopia av agentens lager");
        break;
    }
    return frame;
}

static void write_example(enum sb_frame_type type, struct sb_buf *buf)
{
    struct parts parts;
    parts_make(&parts);
    struct sb_frame frame = example(type, &parts);
    sb_buf_init(buf, SB_FRAME_SIZE_MAX);
    sb_frame_write(&frame, buf);
    assert_false(buf->overflow);
    parts_finish(&parts);
}

static const enum sb_frame_type types[] = {
#define X(name, number) SB_FRAME_##name,
    SB_FRAMES(X)
#undef X
};
#define TYPE_COUNT (sizeof types / sizeof types[0])

static bool positions_equal(const struct sb_position *a, const struct sb_position *b)
{
    return sb_name_equal(&a->org, &b->org) && a->lane == b->lane && a->incarnation == b->incarnation
           && a->seq == b->seq && sb_hash_equal(&a->head, &b->head);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct parts parts;
    parts_make(&parts);
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        struct sb_frame frame = example(types[i], &parts), got;
        struct sb_buf buf, again;
        struct sb_why why = {0};
        sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
        sb_buf_init(&again, SB_FRAME_SIZE_MAX);
        sb_frame_write(&frame, &buf);
        assert_int_equal(sb_frame_read(sb_buf_bytes(&buf), &got, &why), SB_ERR_OK);
        assert_int_equal(got.type, frame.type);
        assert_int_equal(got.session, 7);
        assert_int_equal(got.minor, frame.minor);
        assert_int_equal(got.epoch, frame.epoch);
        assert_int_equal(got.err, frame.err);
        assert_true(positions_equal(&got.at, &frame.at));
        assert_true(sb_bytes_equal(got.orgs, frame.orgs));
        assert_true(sb_bytes_equal(got.sending, frame.sending));
        assert_true(sb_bytes_equal(got.known, frame.known));
        assert_true(sb_bytes_equal(got.entries, frame.entries));
        assert_true(sb_bytes_equal(got.statement, frame.statement));
        assert_true(sb_bytes_equal(got.signature, frame.signature));
        assert_true(sb_bytes_equal(got.text, frame.text));
        sb_frame_write(&got, &again);
        assert_true(sb_bytes_equal(sb_buf_bytes(&buf), sb_buf_bytes(&again)));
        sb_buf_finish(&again);
        sb_buf_finish(&buf);
    }
    parts_finish(&parts);
}

/* What a WELCOME may say besides, an older broker does not: nothing is known then. */
static void test_optional_item(void **state)
{
    (void)state;
    struct parts parts;
    parts_make(&parts);
    struct sb_frame frame = example(SB_FRAME_WELCOME, &parts);
    struct sb_frame got;
    struct sb_buf buf;
    frame.known = (struct sb_bytes){0};
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_frame_write(&frame, &buf);
    assert_int_equal(buf.at[0], 0x97);
    assert_int_equal(sb_frame_read(sb_buf_bytes(&buf), &got, NULL), SB_ERR_OK);
    assert_int_equal(got.known.size, 0);
    buf.at[0]++; /* an eighth that is no list of positions */
    sb_pack_str(&buf, sb_bytes_str("of tomorrow"));
    assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
    sb_buf_finish(&buf);
    parts_finish(&parts);
}

static void test_proof_tells_what_was_signed(void **state)
{
    (void)state;
    struct sb_buf buf;
    struct sb_frame got;
    struct sb_position position, wanted = position_of(0);
    write_example(SB_FRAME_PROOF, &buf);
    assert_int_equal(sb_frame_read(sb_buf_bytes(&buf), &got, NULL), SB_ERR_OK);
    assert_int_equal(got.session, 7);
    assert_int_equal(got.wall_ms, 1767225600000ull);
    struct sb_views views = sb_views_read(got.holding);
    assert_true(sb_position_next(&views, &position));
    assert_true(positions_equal(&position, &wanted));
    assert_false(sb_position_next(&views, &position));
    sb_buf_finish(&buf);
}

static void test_views(void **state)
{
    (void)state;
    struct sb_buf buf;
    struct sb_frame frame = {0};
    struct sb_entry entry;
    write_example(SB_FRAME_DATA, &buf);
    assert_int_equal(sb_frame_read(sb_buf_bytes(&buf), &frame, NULL), SB_ERR_OK);
    struct sb_views views = sb_views_read(frame.entries);
    assert_int_equal(views.left, 2);
    for (unsigned i = 0; i < 2; i++) {
        assert_true(sb_entry_next(&views, &entry));
        assert_int_equal(entry.sealed.header.size, 100);
        assert_int_equal(entry.sealed.body.size, 200);
        assert_int_equal(entry.sealed.cert.size, 300);
        assert_int_equal(entry.own.size, 0);
    }
    assert_false(sb_entry_next(&views, &entry));
    sb_buf_finish(&buf);
    /* Bytes that nobody checked end the iteration. */
    struct sb_position position;
    views = sb_views_read(sb_bytes_str("\x93nothing"));
    assert_false(sb_position_next(&views, &position));
    assert_int_equal(views.left, 0);
    views = sb_views_read((struct sb_bytes){0});
    assert_false(sb_entry_next(&views, &entry));
}

static void test_every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        struct sb_buf buf;
        write_example(types[i], &buf);
        for (size_t size = 0; size < buf.size; size++) {
            uint8_t *copy = sb_alloc(size + 1, 1);
            memcpy(copy, buf.at, size);
            assert_int_equal(read_frame(sb_bytes(copy, size)), SB_ERR_MALFORMED);
            free(copy);
        }
        sb_buf_add_byte(&buf, 0xc0);
        assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
        sb_buf_finish(&buf);
    }
}

static void walk_all(const struct sb_frame *frame)
{
    struct sb_views sending = sb_views_read(frame->sending);
    struct sb_views entries = sb_views_read(frame->entries);
    unsigned left = sending.left + entries.left;
    struct sb_position position;
    struct sb_entry entry;
    while (sb_position_next(&sending, &position)) {
        left--;
    }
    while (sb_entry_next(&entries, &entry)) {
        left--;
    }
    assert_int_equal(left, 0);
}

/* Views over bytes that nobody checked end where they are no items. */
static void test_views_of_rubbish(void **state)
{
    (void)state;
    static const uint8_t none[] = {0xc1};
    static const uint8_t list[] = {0x92, 0xa1, 'a', 0xc1};
    struct sb_position position;
    struct sb_bytes text;
    struct sb_views views = sb_views_read(sb_bytes(none, sizeof none));
    assert_int_equal(views.left, 0);
    assert_false(sb_position_next(&views, &position));
    struct sb_list_reader reader = sb_list_read(sb_bytes(list, sizeof list));
    assert_true(sb_list_next(&reader, &text));
    check_same_bytes(text, sb_bytes_str("a"));
    assert_false(sb_list_next(&reader, &text));
    assert_false(sb_list_next(&reader, &text));
}

/* A flipped bit may make another good frame; then every view in it can be walked. */
static void test_every_bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        struct sb_buf buf;
        write_example(types[i], &buf);
        for (size_t bit = 0; bit < 8 * buf.size; bit++) {
            struct sb_frame frame;
            buf.at[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            if (sb_frame_read(sb_buf_bytes(&buf), &frame, NULL) == SB_ERR_OK) {
                walk_all(&frame);
            }
            buf.at[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        }
        sb_buf_finish(&buf);
    }
}

/* A newer minor version may add items at the end: they are stepped over. */
static void test_longer_array_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        struct sb_buf buf;
        write_example(types[i], &buf);
        assert_true(buf.at[0] >= 0x90 && buf.at[0] < 0x9e); /* a short array: count in one byte */
        buf.at[0]++;
        assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
        sb_pack_array(&buf, 1);
        sb_pack_str(&buf, sb_bytes_str("of tomorrow"));
        assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_OK);
        buf.at[0] = (uint8_t)(buf.at[0] - 2);
        assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
        sb_buf_finish(&buf);
    }
}

/* A count smaller than what follows: the bytes would all be read, but as something else. */
static void test_shorter_count_is_refused(void **state)
{
    (void)state;
    struct sb_buf buf;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        write_example(types[i], &buf);
        buf.at[0]--;
        assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
        sb_buf_finish(&buf);
    }
    write_example(SB_FRAME_RECEIPT, &buf);
    assert_int_equal(buf.at[4], 0x95); /* the position, after head, version, type and session */
    buf.at[4]--;
    assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
    sb_buf_finish(&buf);
    write_example(SB_FRAME_PROOF, &buf);
    assert_int_equal(buf.at[5], 0x93); /* the statement, after head, version, type and bin's size */
    buf.at[5]--;
    assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
    sb_buf_finish(&buf);
}

static void test_newer_major(void **state)
{
    (void)state;
    struct sb_buf buf;
    struct sb_frame frame = {.session = 77};
    struct sb_why why = {0};
    sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
    sb_pack_array(&buf, 2); /* whatever comes after the number is the new version's */
    sb_pack_uint(&buf, 2);
    sb_pack_map(&buf, 0);
    assert_int_equal(sb_frame_read(sb_buf_bytes(&buf), &frame, &why), SB_ERR_VERSION);
    check_said(&why, "version 2", "version 2");
    check_said(&why, "version 1 och måste uppgraderas", "version 1 and must be upgraded");
    assert_int_equal(frame.session, 77);
    buf.at[1] = 0;
    assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
    sb_buf_finish(&buf);
}

static void test_unknown_type(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0, 9, 200, UINT64_MAX};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sb_buf buf;
        sb_buf_init(&buf, SB_FRAME_SIZE_MAX);
        sb_pack_array(&buf, 4);
        sb_pack_uint(&buf, 1);
        sb_pack_uint(&buf, numbers[i]);
        sb_pack_uint(&buf, 7);
        sb_pack_uint(&buf, 7);
        assert_int_equal(read_frame(sb_buf_bytes(&buf)), SB_ERR_MALFORMED);
        sb_buf_finish(&buf);
    }
}

static enum sb_err write_and_read(const struct sb_frame *frame)
{
    struct sb_buf buf;
    sb_buf_init(&buf, 4 * SB_FRAME_SIZE_MAX);
    sb_frame_write(frame, &buf);
    assert_false(buf.overflow);
    enum sb_err err = read_frame(sb_buf_bytes(&buf));
    sb_buf_finish(&buf);
    return err;
}

static enum sb_err hello_with(unsigned names, unsigned positions)
{
    struct sb_buf orgs, sending;
    names_make(names, &orgs);
    positions_make(positions, &sending);
    struct sb_frame frame = {
        .type = SB_FRAME_HELLO, .orgs = sb_buf_bytes(&orgs), .sending = sb_buf_bytes(&sending)};
    enum sb_err err = write_and_read(&frame);
    sb_buf_finish(&sending);
    sb_buf_finish(&orgs);
    return err;
}

static void test_counts(void **state)
{
    (void)state;
    const unsigned positions_max = SB_ORGS_PER_AGENT_MAX * SB_LANE_COUNT;
    assert_int_equal(hello_with(0, 0), SB_ERR_OK);
    assert_int_equal(hello_with(SB_ORGS_PER_AGENT_MAX, positions_max), SB_ERR_OK);
    assert_int_equal(hello_with(SB_ORGS_PER_AGENT_MAX + 1, 0), SB_ERR_MALFORMED);
    assert_int_equal(hello_with(1, positions_max + 1), SB_ERR_MALFORMED);
}

static enum sb_err data_with(struct sb_entry entry, unsigned count)
{
    struct sb_buf entries;
    entries_make(&entry, count, &entries);
    struct sb_frame frame = {
        .type = SB_FRAME_DATA, .at = position_of(1), .entries = sb_buf_bytes(&entries)};
    enum sb_err err = write_and_read(&frame);
    sb_buf_finish(&entries);
    return err;
}

static void test_entries(void **state)
{
    (void)state;
    struct sb_entry small = entry_of(1, 0, 0, 0);
    assert_int_equal(data_with(small, 0), SB_ERR_MALFORMED);
    assert_int_equal(data_with(small, SB_ENTRIES_PER_DATA_MAX), SB_ERR_OK);
    assert_int_equal(data_with(small, SB_ENTRIES_PER_DATA_MAX + 1), SB_ERR_MALFORMED);
    assert_int_equal(data_with(entry_of(0, 0, 0, 0), 1), SB_ERR_MALFORMED);
    assert_int_equal(
        data_with(entry_of(SB_HEADER_SIZE_MAX, SB_BODY_SIZE_MAX, SB_CERT_SIZE_MAX, SB_OWN_SIZE_MAX),
                  1),
        SB_ERR_OK);
    assert_int_equal(data_with(entry_of(SB_HEADER_SIZE_MAX + 1, 0, 0, 0), 1), SB_ERR_MALFORMED);
    assert_int_equal(data_with(entry_of(1, SB_BODY_SIZE_MAX + 1, 0, 0), 1), SB_ERR_MALFORMED);
    assert_int_equal(data_with(entry_of(1, 0, SB_CERT_SIZE_MAX + 1, 0), 1), SB_ERR_MALFORMED);
    assert_int_equal(data_with(entry_of(1, 0, 0, SB_OWN_SIZE_MAX + 1), 1), SB_ERR_MALFORMED);
    struct sb_entry wrong = small;
    wrong.sealed.signature.size = SB_SIGNATURE_SIZE - 1;
    assert_int_equal(data_with(wrong, 1), SB_ERR_MALFORMED);
    wrong.sealed.signature.size = SB_SIGNATURE_SIZE + 1;
    assert_int_equal(data_with(wrong, 1), SB_ERR_MALFORMED);
}

static enum sb_err receipt_at(const struct sb_position *position)
{
    struct sb_frame frame = {.type = SB_FRAME_RECEIPT, .session = 1, .at = *position};
    return write_and_read(&frame);
}

static void test_positions(void **state)
{
    (void)state;
    struct sb_position position = position_of(1);
    position.seq = UINT64_MAX / 2;
    position.lane = SB_LANE_COUNT - 1;
    assert_int_equal(receipt_at(&position), SB_ERR_OK);
    position.seq++;
    assert_int_equal(receipt_at(&position), SB_ERR_MALFORMED);
    position = position_of(1);
    position.lane = SB_LANE_COUNT;
    assert_int_equal(receipt_at(&position), SB_ERR_MALFORMED);
    position = position_of(1);
    memcpy(position.org.text, "T\xe4", 2);
    assert_int_equal(receipt_at(&position), SB_ERR_MALFORMED);
    position.org = (struct sb_name){0};
    assert_int_equal(receipt_at(&position), SB_ERR_MALFORMED);
}

static void test_refusal_sentence(void **state)
{
    (void)state;
    char text[2 * SB_WHY_SIZE_MAX + 1]; /* in both languages */
    memset(text, 'a', sizeof text);
    struct sb_frame frame = {.type = SB_FRAME_REFUSE,
                             .err = SB_ERR_VERSION,
                             .text = sb_bytes(text, 2 * (size_t)SB_WHY_SIZE_MAX)};
    assert_int_equal(write_and_read(&frame), SB_ERR_OK);
    frame.text.size++;
    assert_int_equal(write_and_read(&frame), SB_ERR_MALFORMED);
    frame.text = sb_bytes_str("\x1b[2J");
    assert_int_equal(write_and_read(&frame), SB_ERR_MALFORMED);
    frame.text = sb_bytes_str("\xff");
    assert_int_equal(write_and_read(&frame), SB_ERR_MALFORMED);
    frame.text = sb_bytes_str("");
    frame.err = SB_ERR_OK;
    assert_int_equal(write_and_read(&frame), SB_ERR_MALFORMED);
    frame.err = (enum sb_err)200; /* a newer version's reason is a reason all the same */
    assert_int_equal(write_and_read(&frame), SB_ERR_OK);
}

static void test_oversize(void **state)
{
    (void)state;
    uint8_t *bytes = sb_alloc(SB_FRAME_SIZE_MAX + 1, 1);
    assert_int_equal(read_frame(sb_bytes(bytes, SB_FRAME_SIZE_MAX + 1)), SB_ERR_TOO_LARGE);
    assert_int_equal(read_frame(sb_bytes(bytes, SB_FRAME_SIZE_MAX)), SB_ERR_MALFORMED);
    static const uint8_t newer[] = {0x95, 2, 3}; /* that is what its sender must know */
    memcpy(bytes, newer, sizeof newer);
    assert_int_equal(read_frame(sb_bytes(bytes, SB_FRAME_SIZE_MAX + 1)), SB_ERR_VERSION);
    free(bytes);
}

/* Five bytes that promise four thousand million items, and nesting without end. */
static void test_bombs(void **state)
{
    (void)state;
    static const char *const bombs[] = {"\xdd\xff\xff\xff\xff", "\x94\x01\x03\xdd\xff\xff\xff\xff",
                                        "\x95\x01\x03\x07\xdf\xff\xff\xff\xff",
                                        "\x94\x01\x05\xc6\xff\xff\xff\xff\x01"};
    for (unsigned i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        assert_int_equal(read_frame(sb_bytes_str(bombs[i])), SB_ERR_MALFORMED);
    }
    uint8_t *nest = sb_alloc(SB_FRAME_SIZE_MAX, 1);
    memset(nest, 0x91, SB_FRAME_SIZE_MAX);
    assert_int_equal(read_frame(sb_bytes(nest, SB_FRAME_SIZE_MAX)), SB_ERR_MALFORMED);
    static const uint8_t ping[] = {0x95, 1, 6, 7, 8}; /* with such an item after its last */
    memcpy(nest, ping, sizeof ping);
    assert_int_equal(read_frame(sb_bytes(nest, SB_FRAME_SIZE_MAX)), SB_ERR_MALFORMED);
    free(nest);
}

static void test_chain(void **state)
{
    (void)state;
    struct sb_hash zero = {0}, id = {{1}}, other = {{2}};
    struct sb_hash one = sb_chain_next(&zero, &id, sb_bytes_str("own"));
    struct sb_hash same = sb_chain_next(&zero, &id, sb_bytes_str("own"));
    struct sb_hash by_id = sb_chain_next(&zero, &other, sb_bytes_str("own"));
    struct sb_hash by_own = sb_chain_next(&zero, &id, sb_bytes_str(""));
    struct sb_hash by_head = sb_chain_next(&one, &id, sb_bytes_str("own"));
    assert_true(sb_hash_equal(&one, &same));
    assert_false(sb_hash_equal(&one, &by_id));
    assert_false(sb_hash_equal(&one, &by_own));
    assert_false(sb_hash_equal(&one, &by_head));
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(sb_frame_name(SB_FRAME_HELLO), "HELLO");
    assert_string_equal(sb_frame_name(SB_FRAME_REFUSE), "REFUSE");
    assert_string_equal(sb_frame_name((enum sb_frame_type)99), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_optional_item),
        cmocka_unit_test(test_proof_tells_what_was_signed),
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_every_bit),
        cmocka_unit_test(test_views_of_rubbish),
        cmocka_unit_test(test_longer_array_is_taken),
        cmocka_unit_test(test_shorter_count_is_refused),
        cmocka_unit_test(test_newer_major),
        cmocka_unit_test(test_unknown_type),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_refusal_sentence),
        cmocka_unit_test(test_oversize),
        cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
