/* test_event.c: sealing and reading events: what was sealed stays whole, what is erased may go,
 * and nothing damaged or too large passes. Who signed is test_event_signed.c's. */
#include "event_world.h"
#include "samband/cursor.h"

static void test_seal_and_read(void **state)
{
    struct world *world = *state;
    assert_int_equal(read_it(world), SB_ERR_OK);
    assert_int_equal(check_at(world, AUTHORITY_NOW_MS), SB_ERR_OK);
    const struct sb_event *event = &world->event;
    struct sb_hash id = sb_hash_one("event", world->sealed.header);
    assert_true(sb_hash_equal(&event->id, &id));
    assert_int_equal(event->kind->kind, SB_KIND_CONVENING);
    assert_false(event->facts_erased);
    assert_false(event->text_erased);
    assert_true(
        sb_bytes_equal(sb_record_bytes(&event->fields, SB_FIELD_TITLE), sb_bytes_str("Snöoväder")));
    assert_true(sb_list_has(sb_record_bytes(&event->fields, SB_FIELD_SEATS),
                            sb_bytes_str("~taby/kib:tib")));
    assert_int_equal(sb_record_bytes(&event->fields, SB_FIELD_NONCE).size, 16);
    /* The four strings lie in the buffer one after the other, and nothing else. */
    size_t size = world->sealed.header.size + world->sealed.signature.size + world->sealed.body.size
                  + world->sealed.cert.size;
    assert_int_equal(size, world->buf.size);
}

/* The caller's record comes back without what sealing put in: it can be sealed again, as another
 * event. */
static void test_seal_leaves_the_fields(void **state)
{
    struct world *world = *state;
    static const enum sb_field made[] = {SB_FIELD_NONCE, SB_FIELD_FACTS_HASH, SB_FIELD_TEXT_HASH,
                                         SB_FIELD_SIGNER};
    for (unsigned i = 0; i < sizeof made / sizeof made[0]; i++) {
        assert_false(sb_record_has(&world->fields, made[i]));
    }
    assert_int_equal(read_it(world), SB_ERR_OK);
    struct sb_hash first = world->event.id;
    assert_int_equal(seal(world), SB_ERR_OK);
    assert_int_equal(read_it(world), SB_ERR_OK);
    assert_false(sb_hash_equal(&first, &world->event.id));
}

/* The header tells nothing of the content: same content, other salts, other hashes. */
static void test_hashes_are_salted(void **state)
{
    struct world *world = *state;
    struct sb_hash text, again;
    assert_int_equal(read_it(world), SB_ERR_OK);
    assert_true(sb_record_hash(&world->event.fields, SB_FIELD_TEXT_HASH, &text));
    assert_int_equal(seal(world), SB_ERR_OK);
    assert_int_equal(read_it(world), SB_ERR_OK);
    assert_true(sb_record_hash(&world->event.fields, SB_FIELD_TEXT_HASH, &again));
    assert_false(sb_hash_equal(&text, &again));
}

static void test_header_has_no_content(void **state)
{
    struct world *world = *state;
    struct sb_record record = {0};
    assert_int_equal(sb_record_read(world->sealed.header, SB_PARTS_HEADER, &record, NULL),
                     SB_ERR_OK);
    assert_false(sb_record_has(&record, SB_FIELD_TITLE));
    assert_false(sb_record_has(&record, SB_FIELD_SEATS));
    struct sb_bytes title = sb_bytes_str("Snöoväder");
    for (size_t i = 0; i + title.size <= world->sealed.header.size; i++) {
        assert_memory_not_equal(world->sealed.header.at + i, title.at, title.size);
    }
}

/* Takes one part of a body away, as redaction does. */
static void erase(const struct world *world, bool facts, bool text, struct sb_buf *buf)
{
    struct sb_cursor cursor = sb_cursor(world->sealed.body);
    sb_buf_init(buf, SB_BODY_SIZE_MAX);
    sb_pack_array(buf, 2);
    assert_int_equal(sb_cursor_array(&cursor, 2), 2);
    const bool gone[] = {facts, text};
    for (unsigned i = 0; i < 2; i++) {
        struct sb_bytes part = sb_cursor_any(&cursor);
        if (gone[i]) {
            sb_pack_nil(buf);
        } else {
            sb_buf_add(buf, part);
        }
    }
    assert_true(sb_cursor_done(&cursor));
}

static void test_erased_parts(void **state)
{
    struct world *world = *state;
    struct sb_bytes whole = world->sealed.body;
    for (unsigned which = 1; which < 4; which++) {
        struct sb_buf left;
        bool facts = (which & 1) != 0, text = (which & 2) != 0;
        world->sealed.body = whole;
        erase(world, facts, text, &left);
        world->sealed.body = sb_buf_bytes(&left);
        assert_int_equal(pass(world), SB_ERR_OK);
        assert_int_equal(world->event.facts_erased, facts);
        assert_int_equal(world->event.text_erased, text);
        assert_int_equal(sb_record_has(&world->event.fields, SB_FIELD_SEATS), !facts);
        assert_int_equal(sb_record_has(&world->event.fields, SB_FIELD_TITLE), !text);
        sb_buf_finish(&left);
    }
}

/* A part of another event does not fit, nor the two parts in each other's place. */
static void test_foreign_body(void **state)
{
    struct world *world = *state;
    struct sb_buf other;
    sb_buf_init(&other, SB_BODY_SIZE_MAX);
    sb_buf_add(&other, world->sealed.body);
    assert_int_equal(seal(world), SB_ERR_OK);
    world->sealed.body = sb_buf_bytes(&other);
    assert_int_equal(read_it(world), SB_ERR_HASH);
    sb_buf_finish(&other);
}

static void test_swapped_parts(void **state)
{
    struct world *world = *state;
    struct sb_buf swapped;
    struct sb_cursor cursor = sb_cursor(world->sealed.body);
    (void)sb_cursor_array(&cursor, 2);
    struct sb_bytes facts = sb_cursor_any(&cursor), text = sb_cursor_any(&cursor);
    sb_buf_init(&swapped, SB_BODY_SIZE_MAX);
    sb_pack_array(&swapped, 2);
    sb_buf_add(&swapped, text);
    sb_buf_add(&swapped, facts);
    world->sealed.body = sb_buf_bytes(&swapped);
    assert_int_equal(read_it(world), SB_ERR_HASH);
    sb_buf_finish(&swapped);
}

/* Every truncation of one of the four strings, in a copy of just that size. */
static void truncate_each(struct world *world, struct sb_bytes *string)
{
    struct sb_bytes whole = *string;
    for (size_t size = 0; size < whole.size; size++) {
        uint8_t *copy = sb_alloc(size + 1, 1);
        memcpy(copy, whole.at, size);
        *string = sb_bytes(copy, size);
        assert_int_not_equal(pass(world), SB_ERR_OK);
        free(copy);
    }
    *string = whole;
    assert_int_equal(pass(world), SB_ERR_OK);
}

static void test_every_truncation(void **state)
{
    struct world *world = *state;
    truncate_each(world, &world->sealed.header);
    truncate_each(world, &world->sealed.signature);
    truncate_each(world, &world->sealed.body);
    truncate_each(world, &world->sealed.cert);
}

static void flip_each_bit(struct world *world, struct sb_bytes string)
{
    uint8_t *at = world->buf.at + (string.at - world->buf.at);
    for (size_t bit = 0; bit < 8 * string.size; bit++) {
        at[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        assert_int_not_equal(pass(world), SB_ERR_OK);
        at[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    assert_int_equal(pass(world), SB_ERR_OK);
}

static void test_every_bit(void **state)
{
    struct world *world = *state;
    flip_each_bit(world, world->sealed.header);
    flip_each_bit(world, world->sealed.signature);
    flip_each_bit(world, world->sealed.body);
    flip_each_bit(world, world->sealed.cert);
}

static void test_missing_by_kind(void **state)
{
    struct world *world = *state;
    sb_record_clear(&world->fields);
    assert_int_equal(sb_event_missing(&world->fields), SB_FIELD_KIND);
    sb_record_set_number(&world->fields, SB_FIELD_KIND, 4711);
    assert_int_equal(sb_event_missing(&world->fields), SB_FIELD_KIND);
    fields_convening(world);
    assert_int_equal(sb_event_missing(&world->fields), 0);
    sb_record_unset(&world->fields, SB_FIELD_SEATS);
    assert_int_equal(sb_event_missing(&world->fields), SB_FIELD_SEATS);
}

static void fill_text(struct world *world, const uint8_t *text, size_t last_size)
{
    static const enum sb_field longest[] = {SB_FIELD_TEXT, SB_FIELD_HAPPENED,
                                            SB_FIELD_CONSEQUENCES};
    fields_convening(world);
    for (unsigned i = 0; i < sizeof longest / sizeof longest[0]; i++) {
        sb_record_set_bytes(&world->fields, longest[i], sb_bytes(text, SB_TEXT_SIZE_MAX));
    }
    sb_record_set_bytes(&world->fields, SB_FIELD_MEASURES, sb_bytes(text, last_size));
}

static void test_body_at_its_limit(void **state)
{
    struct world *world = *state;
    uint8_t text[SB_TEXT_SIZE_MAX + 1];
    memset(text, 'a', sizeof text);
    fill_text(world, text, 15000);
    assert_int_equal(seal(world), SB_ERR_OK);
    size_t room = SB_BODY_SIZE_MAX - world->sealed.body.size;
    fill_text(world, text, 15000 + room);
    assert_int_equal(seal(world), SB_ERR_OK);
    assert_int_equal(world->sealed.body.size, SB_BODY_SIZE_MAX);
    assert_int_equal(pass(world), SB_ERR_OK);
    fill_text(world, text, 15000 + room + 1);
    assert_int_equal(seal(world), SB_ERR_TOO_LARGE);
    assert_int_equal(world->buf.size, 0);
}

static void test_body_past_its_limit(void **state)
{
    struct world *world = *state;
    uint8_t *large = sb_alloc(SB_BODY_SIZE_MAX + 1, 1);
    world->sealed.body = sb_bytes(large, SB_BODY_SIZE_MAX + 1);
    assert_int_equal(read_it(world), SB_ERR_TOO_LARGE);
    world->sealed.body = sb_bytes(large, SB_BODY_SIZE_MAX);
    assert_int_equal(read_it(world), SB_ERR_MALFORMED);
    world->sealed.header = sb_bytes(large, SB_HEADER_SIZE_MAX + 1);
    assert_int_equal(read_it(world), SB_ERR_TOO_LARGE);
    free(large);
}

static void test_value_that_no_field_holds(void **state)
{
    struct world *world = *state;
    uint8_t text[SB_TITLE_SIZE_MAX + 1];
    memset(text, 'a', sizeof text);
    sb_record_set_bytes(&world->fields, SB_FIELD_TITLE, sb_bytes(text, SB_TITLE_SIZE_MAX));
    assert_int_equal(seal(world), SB_ERR_OK);
    sb_record_set_bytes(&world->fields, SB_FIELD_TITLE, sb_bytes(text, sizeof text));
    assert_int_equal(seal(world), SB_ERR_VALUE);
    check_said(&world->why, "uppgiften \"rubrik\" har 201 byte", "title: 201 bytes");
    sb_record_set_text(&world->fields, SB_FIELD_TITLE, "\x1b[31m");
    assert_int_equal(seal(world), SB_ERR_VALUE);
    assert_int_equal(world->buf.size, 0);
}

int main(void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_make, world_drop)
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_seal_and_read),
        IN_WORLD(test_seal_leaves_the_fields),
        IN_WORLD(test_hashes_are_salted),
        IN_WORLD(test_header_has_no_content),
        IN_WORLD(test_erased_parts),
        IN_WORLD(test_foreign_body),
        IN_WORLD(test_swapped_parts),
        IN_WORLD(test_every_truncation),
        IN_WORLD(test_every_bit),
        IN_WORLD(test_missing_by_kind),
        IN_WORLD(test_body_at_its_limit),
        IN_WORLD(test_body_past_its_limit),
        IN_WORLD(test_value_that_no_field_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
