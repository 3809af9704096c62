/* test_agent_edges.c: the agent's verbs at their edges: what is meant where nothing is named, what
 * each refuses, replies that fill a page, and what the channel says that cannot be. */
#define _GNU_SOURCE
#include "agent_world.h"

static void event_arg(struct sb_record *args, const struct sb_hash *id, char hex[65])
{
    sb_hex_write(sb_hash_bytes(id), hex);
    sb_record_set_text(args, SB_FIELD_EVENT, hex);
}

static struct sb_hash id_at(struct world *world, unsigned position)
{
    struct sb_record row;
    struct sb_hash id = {0};

    assert_true(row_at(world, position, &row));
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &id));
    return id;
}

static void show_without_an_event_is_the_newest(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    sb_record_set_text(&args, SB_FIELD_TEXT, "02:14 ringde SMHI");
    assert_int_equal(ask(world, OFFICER, "note", &args), SB_ERR_OK);
    const struct sb_hash note = id_at(world, 0);
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "show", &args), SB_ERR_OK);
    const struct sb_hash shown = id_at(world, 0);
    assert_true(sb_hash_equal(&shown, &note));
}

/* An event that there is not, an organisation that is another's: nothing is written. */
static void what_is_not_there_is_refused(void **state)
{
    static const char *const about[] = {"show", "timeline", "status", "report", "note", "answer"};
    static const char *const of[] = {"who", "mandate-declare", "report", "note"};
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_txn *txn = world_begin(world->agent_store);
    const uint64_t rows = sb_log_next_index(txn);

    sb_store_abort(world->agent_store, txn);
    sb_record_set_text(&args, SB_FIELD_TEXT, "text");
    sb_record_set_text(&args, SB_FIELD_HAPPENED, "text");
    sb_record_set_text(&args, SB_FIELD_FUNCTION, "tib");
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_YES);
    sb_record_set_number(&args, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
    sb_record_set_text(&args, SB_FIELD_EVENT, "abcdef");
    for (unsigned i = 0; i < COUNT_OF(about); i++) {
        assert_int_equal(ask(world, OFFICER, about[i], &args), SB_ERR_NOT_FOUND);
    }
    sb_record_unset(&args, SB_FIELD_EVENT);
    sb_record_set_text(&args, SB_FIELD_ORG, "nacka");
    for (unsigned i = 0; i < COUNT_OF(of); i++) {
        assert_int_not_equal(ask(world, OFFICER, of[i], &args), SB_ERR_OK);
    }
    txn = world_begin(world->agent_store);
    assert_int_equal(sb_log_next_index(txn), rows);
    sb_store_abort(world->agent_store, txn);
}

/* A note about a convening lies in its incident's story, in its realm; so does a recall of it,
 * which names no incident itself. */
static void a_story_holds_what_is_about_it(void **state)
{
    const struct sb_hash incident = {{7}};
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record note;
    struct sb_hash of;
    char hex[65];
    const struct sb_hash id =
        convene(world, &(struct convening){.seats = "taby/tib", .realm = SB_REALM_EXERCISE});
    const struct sb_hash live = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    event_arg(&args, &id, hex);
    sb_record_set_text(&args, SB_FIELD_TEXT, "02:14 ringde SMHI");
    assert_int_equal(ask(world, OFFICER, "note", &args), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_NOTE, &note), 1);
    assert_int_equal(sb_record_number(&note, SB_FIELD_REALM), SB_REALM_EXERCISE);
    assert_true(sb_record_hash(&note, SB_FIELD_REF, &of));
    assert_true(sb_hash_equal(&of, &id));
    assert_true(sb_record_hash(&note, SB_FIELD_INCIDENT, &of));
    assert_true(sb_hash_equal(&of, &incident));
    const struct sb_hash correction = publish_about(world, SB_KIND_CORRECTION, &live, 0);
    const struct sb_hash recall = publish_about(world, SB_KIND_RECALL, &correction, 0);
    settle(world);
    assert_int_equal(ask(world, OFFICER, "timeline", &args), SB_ERR_OK);
    unsigned found = 0;
    for (unsigned i = 0; row_at(world, i, &note); i++) {
        const struct sb_hash at = id_at(world, i);
        found += sb_hash_equal(&at, &correction) || sb_hash_equal(&at, &recall) ? 1u : 0u;
    }
    assert_int_equal(found, 2);
    /* Of what is about no incident the story is its own. */
    struct sb_record fields;
    struct sb_name origin;
    struct sb_list_writer seats;
    sb_list_init(&seats);
    sb_list_add(&seats, sb_bytes_str("taby/tib"));
    fields_begin(world, &fields, SB_KIND_INFORMATION, SB_REALM_LIVE, &origin);
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    sb_record_set_text(&fields, SB_FIELD_TITLE, "Halka");
    sb_record_set_text(&fields, SB_FIELD_TEXT, "Kör försiktigt.");
    const struct sb_hash alone = publish_by(world, &fields, &world->broker_party, 1);
    sb_list_finish(&seats);
    const struct sb_hash last = publish_about(world, SB_KIND_RECALL, &alone, 0);
    settle(world);
    sb_record_clear(&args);
    event_arg(&args, &alone, hex);
    assert_int_equal(ask(world, OFFICER, "timeline", &args), SB_ERR_OK);
    const struct sb_hash first = id_at(world, 0);
    const struct sb_hash second = id_at(world, 1);
    assert_true(sb_hash_equal(&first, &alone));
    assert_true(sb_hash_equal(&second, &last));
    assert_false(row_at(world, 2, &note));
}

static void status_says_that_it_is_recalled(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;
    char hex[65];
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    event_arg(&args, &id, hex);
    for (unsigned recalled = 0; recalled < 2; recalled++) {
        assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
        assert_true(row_at(world, 0, &row));
        assert_int_equal(sb_record_number(&row, SB_FIELD_RECALLED), recalled);
        publish_about(world, SB_KIND_RECALL, &id, 0);
        settle(world);
    }
}

static void who_names_those_without_a_channel(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_record row;

    world->roster.person[1].channel_count = 0; /* p8 */
    sb_record_set_text(&args, SB_FIELD_FUNCTION, "tib");
    assert_int_equal(ask(world, OFFICER, "who", &args), SB_ERR_OK);
    assert_true(row_at(world, 1, &row));
    assert_string_equal(sb_record_name(&row, SB_FIELD_PERSON).text, "p8");
    assert_false(sb_record_has(&row, SB_FIELD_CHANNEL));
    assert_true(sb_bytes_equal(sb_record_bytes(&row, SB_FIELD_NOTICE),
                               sb_bytes_str("has no channel: will be passed over")));
    assert_true(row_at(world, 2, &row));
    assert_false(row_at(world, 3, &row));
}

/* The same seat named twice is one alert; what was answered elsewhere for another's seat is none.
 */
static void seats_that_are_odd(void **state)
{
    struct world *world = *state;
    struct sb_record fields;
    struct sb_name origin;
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib,taby/tib"});

    settle(world);
    assert_int_equal(world->tried_count, 1);
    assert_int_equal(agent_counter(world, "alerts/made"), 1);
    fields_begin(world, &fields, SB_KIND_REACHED, SB_REALM_LIVE, &origin);
    sb_record_set_hash(&fields, SB_FIELD_REF, &id);
    sb_record_set_text(&fields, SB_FIELD_SEAT, "nacka/tib");
    sb_record_set_text(&fields, SB_FIELD_VIA, "phone");
    publish_by(world, &fields, &world->broker_party, 1);
    settle(world);
    assert_null(strstr(world->traces, "reached "));
    /* TiB reached them and said nothing of the function: it is the seat's own. */
    sb_record_set_text(&fields, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_number(&fields, SB_FIELD_HOLDS_MANDATE, true);
    sb_record_set_number(&fields, SB_FIELD_ANSWER, SB_ANSWER_YES);
    publish_by(world, &fields, &world->broker_party, 1);
    settle(world);
    assert_non_null(strstr(world->traces, "reached taby/tib via phone"));
    struct sb_record args = {0};
    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
    assert_true(row_at(world, 1, &fields));
    assert_int_equal(sb_record_number(&fields, SB_FIELD_HOLDS_MANDATE), true);
    advance(world, 3 * STEP_MS);
    assert_int_equal(world->tried_count, 1); /* nobody else is rung */
}

/* ---- the channel ---- */

static void facts_that_cannot_be(void **state)
{
    struct world *world = *state;
    struct sb_record args = {0};

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_MISSING);
    sb_record_set_text(&args, SB_FIELD_ATTEMPT, world->tried[0].key);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO + 1);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_VALUE);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_AT);
    assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_MISSING);
    assert_int_equal(result(world, world->tried[0].key, (enum sb_result)0), SB_ERR_VALUE);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, NULL), 0);
    /* At what time one joins goes up with the answer. */
    assert_int_equal(fact(world, world->tried[0].key, NULL, SB_ANSWER_AT), SB_ERR_OK);
    settle(world);
    assert_int_equal(came_up(world, SB_KIND_ATTENDANCE, &args), 1);
    assert_int_equal(sb_record_number(&args, SB_FIELD_AT), world->now.wall_ms + 600000);
}

/* A channel that does not know how it ended is asked again when it is back, under the same key. */
static void an_unknown_result_leaves_it_open(void **state)
{
    struct world *world = *state;

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(result(world, world->tried[0].key, SB_RESULT_UNKNOWN), SB_ERR_OK);
    advance(world, 1000);
    assert_int_equal(world->tried_count, 1);
    const struct sb_agent_input left = {.kind = SB_AGENT_LEFT, .from = CHANNEL};
    agent_turn(world, &left, 1, WHOLE);
    channel_open(world);
    settle(world);
    assert_int_equal(world->tried_count, 2);
    assert_string_equal(world->tried[1].key, world->tried[0].key);
    assert_true(world->tried[1].repeat);
}

/* Opened is dated by the channel, unless its clock is ahead of ours. */
static void opened_is_dated_by_the_channel(void **state)
{
    struct world *world = *state;
    struct sb_record row;

    for (unsigned ahead = 0; ahead < 2; ahead++) {
        struct sb_record args = {0};
        struct sb_record none = {0};

        convene(world, &(struct convening){.seats = "taby/tib"});
        settle(world);
        advance(world, 5000);
        const uint64_t given = world->now.wall_ms + (ahead == 0 ? 0 : 60000) - 1000;
        sb_record_set_text(&args, SB_FIELD_ATTEMPT, tried_last(world)->key);
        sb_record_set_number(&args, SB_FIELD_RUNG, SB_RUNG_OPENED);
        sb_record_set_number(&args, SB_FIELD_GIVEN_AT, given);
        assert_int_equal(ask(world, CHANNEL, "fact", &args), SB_ERR_OK);
        assert_int_equal(ask(world, OFFICER, "status", &none), SB_ERR_OK);
        assert_true(row_at(world, 1, &row));
        assert_int_equal(sb_record_number(&row, SB_FIELD_OPENED_AT),
                         ahead == 0 ? given : world->now.wall_ms);
    }
}

/* A person whose channel has gone from the roster is passed over at once. */
static void a_channel_that_is_gone_is_passed_over(void **state)
{
    struct world *world = *state;
    const struct sb_agent_input left = {.kind = SB_AGENT_LEFT, .from = CHANNEL};

    agent_turn(world, &left, 1, WHOLE);
    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    assert_int_equal(world->tried_count, 0);
    world->roster.person[0].channel[0].kind = sb_name("mail"); /* p7's */
    channel_open(world);
    settle(world);
    assert_int_equal(world->tried_count, 1);
    assert_string_equal(tried_last(world)->person, "p8");
}

/* A store that is getting full is told to who looks; without room, what writes is refused, and done
 * when it is asked again and there is some. */
static void room_is_told(void **state)
{
    struct world *world = *state;
    struct sb_record none = {0};
    struct sb_record args = {0};
    struct sb_record row;

    convene(world, &(struct convening){.seats = "taby/tib"});
    settle(world);
    for (unsigned level = SB_ROOM_ENOUGH; level <= SB_ROOM_NONE; level++) {
        bool told = false;
        world->room = level;
        assert_int_equal(ask(world, OFFICER, "counters", &none), SB_ERR_OK);
        for (unsigned i = 0; row_at(world, i, &row); i++) {
            if (sb_bytes_equal(sb_record_bytes(&row, SB_FIELD_COUNTER),
                               sb_bytes_str(SB_ROOM_COUNTER))) {
                assert_int_equal(sb_record_number(&row, SB_FIELD_NUMBER), level);
                told = sb_record_has(&row, SB_FIELD_WHY);
            }
        }
        assert_int_equal(told, level != SB_ROOM_ENOUGH);
        assert_int_equal(ask(world, OFFICER, "status", &none), SB_ERR_OK);
        assert_true(row_at(world, 0, &row));
        assert_int_equal(sb_record_has(&row, SB_FIELD_WORDING), level != SB_ROOM_ENOUGH);
        assert_int_equal(sb_record_has(&row, SB_FIELD_NOTICE), level != SB_ROOM_ENOUGH);
    }
    sb_record_set_text(&args, SB_FIELD_TEXT, "02:14 ringde SMHI");
    assert_int_equal(ask(world, OFFICER, "note", &args), SB_ERR_FULL);
    world->room = SB_ROOM_ENOUGH;
    assert_int_equal(ask(world, OFFICER, "note", &args), SB_ERR_OK);
}

/* An event that leaves no room for its own request rings all the same, without its long fields. */
static void too_long_for_a_channel(void **state)
{
    static char way[190];
    struct world *world = *state;
    struct sb_list_writer seats, ways;
    struct sb_record fields;
    struct sb_name origin;

    memset(way, 'w', sizeof way - 1);
    sb_list_init(&seats);
    sb_list_init(&ways);
    sb_list_add(&seats, sb_bytes_str("taby/tib"));
    for (unsigned i = 0; i < 180; i++) {
        sb_list_add(&ways, sb_bytes_str(way));
    }
    fields_begin(world, &fields, SB_KIND_INFORMATION, SB_REALM_LIVE, &origin);
    sb_record_set_bytes(&fields, SB_FIELD_SEATS, sb_list_bytes(&seats));
    sb_record_set_bytes(&fields, SB_FIELD_JOIN, sb_list_bytes(&ways));
    sb_record_set_text(&fields, SB_FIELD_TITLE, "Halka");
    sb_record_set_text(&fields, SB_FIELD_TEXT, "Kör försiktigt.");
    publish_by(world, &fields, &world->broker_party, 1);
    settle(world);
    assert_int_equal(world->tried_count, 1);
    assert_string_equal(world->tried[0].title, "Halka");
    assert_string_equal(world->tried[0].text, "");
    sb_list_finish(&seats);
    sb_list_finish(&ways);
}

/* ---- before anybody is rung ---- */

/* Comes up and hears of two events, of which only the live one arrives: nobody may be woken yet. */
static void start_undrained(struct world *world)
{
    struct sb_frame frame;

    agent_stop(world);
    convene(world, &(struct convening){.seats = "taby/tib"});
    convene(world,
            &(struct convening){.seats = "solna/tib", .realm = SB_REALM_EXERCISE, .org_count = 2});
    agent_make(world);
    agent_input(world, SB_AGENT_START);
    broker_turn(world);
    for (unsigned i = 0; i < world->to_agent.count; i++) {
        struct sb_buf *buf = &world->to_agent.frame[i];
        assert_int_equal(sb_frame_read(sb_buf_bytes(buf), &frame, NULL), SB_ERR_OK);
        if (frame.type == SB_FRAME_DATA && frame.at.lane != 0) {
            sb_buf_finish(buf);
            world->to_agent.frame[i--] = world->to_agent.frame[--world->to_agent.count];
        }
    }
    agent_frames(world, WHOLE);
    world->cut = true;
    channel_open(world);
}

/* Whoever says no from what the screen shows before it has rung: nobody is rung for it sooner. */
static void no_while_held(struct world *world, const char *person, const char *next)
{
    struct sb_record args = {0};

    start_undrained(world);
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_text(&args, SB_FIELD_PERSON, person);
    sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO);
    assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
    assert_int_equal(world->tried_count, 0);
    sb_record_clear(&args);
    assert_int_equal(ask(world, OFFICER, "status", &args), SB_ERR_OK);
    assert_true(row_at(world, 1, &args));
    assert_int_equal(sb_record_number(&args, SB_FIELD_STATE), SB_ALERT_HELD);
    advance(world, SB_DRAIN_MS);
    assert_int_equal(world->tried_count, 1);
    assert_string_equal(tried_last(world)->person, next);
}

static void no_with_mandate_while_held(void **state)
{
    no_while_held(*state, "p7", "d9");
}

static void no_without_mandate_while_held(void **state)
{
    no_while_held(*state, "p8", "p7");
}

/* The same, where it may ring: whoever said no is not rung. */
static void answered_before_it_rang(void **state)
{
    static const char *const said_no[] = {"p7", "p8"}; /* p8 holds no mandate */
    static const char *const next[] = {"d9", "p7"};
    struct world *world = *state;

    for (unsigned i = 0; i < COUNT_OF(next); i++) {
        struct sb_record args = {0};
        convene(world, &(struct convening){.seats = "taby/tib"});
        exchange(world);
        const unsigned before = world->tried_count;
        sb_record_set_text(&args, SB_FIELD_PERSON, said_no[i]);
        sb_record_set_number(&args, SB_FIELD_ANSWER, SB_ANSWER_NO);
        assert_int_equal(ask(world, OFFICER, "answer", &args), SB_ERR_OK);
        settle(world);
        assert_int_equal(world->tried_count, before + 1);
        assert_string_equal(tried_last(world)->person, next[i]);
    }
}

/* ---- more than a page ---- */

static unsigned pages_read(struct world *world, const char *verb, struct sb_record *args,
                           unsigned *ret_pages)
{
    struct sb_record row;
    struct sb_reply reply;
    unsigned rows = 0;

    *ret_pages = 0;
    do {
        assert_int_equal(ask(world, OFFICER, verb, args), SB_ERR_OK);
        assert_int_equal(sb_reply_read(sb_buf_bytes(&world->reply), &reply, NULL), SB_ERR_OK);
        struct sb_row_reader reader = sb_rows_read(reply.rows);
        for (sb_record_clear(&row); sb_rows_next(&reader, &row); sb_record_clear(&row)) {
            rows++;
        }
        sb_record_set_number(args, SB_FIELD_OFFSET, reply.next);
        assert_true(++*ret_pages < 100);
    } while (reply.next != 0);
    return rows;
}

static void long_stories_come_in_pages(void **state)
{
    enum {
        NOTES = 40
    };
    static char text[16000];
    struct world *world = *state;
    struct sb_record args = {0};
    unsigned pages;
    char hex[65];
    const struct sb_hash id = convene(world, &(struct convening){.seats = "taby/tib"});

    settle(world);
    memset(text, 'x', sizeof text - 1);
    event_arg(&args, &id, hex);
    const unsigned before = pages_read(world, "timeline", &args, &pages);
    sb_record_clear(&args);
    event_arg(&args, &id, hex);
    sb_record_set_text(&args, SB_FIELD_TEXT, text);
    for (unsigned i = 0; i < NOTES; i++) {
        assert_int_equal(ask(world, OFFICER, "note", &args), SB_ERR_OK);
        settle(world);
    }
    sb_record_unset(&args, SB_FIELD_TEXT);
    assert_int_equal(pages_read(world, "timeline", &args, &pages), before + NOTES);
    assert_true(pages > 1);
}

/* The row's event once more in the log, issued so much later, and so another. */
static void issued_later(struct sb_txn *txn, const struct sb_log_row *row, unsigned ms)
{
    struct sb_log_row copy = *row;
    struct sb_event event;
    uint8_t header[SB_HEADER_SIZE_MAX];
    uint8_t issued[8];

    assert_int_equal(sb_event_read(&row->sealed, &event, NULL), SB_ERR_OK);
    sb_be64_write(issued, sb_record_number(&event.fields, SB_FIELD_ISSUED));
    memcpy(header, row->sealed.header.at, row->sealed.header.size);
    uint8_t *at = memmem(header, row->sealed.header.size, issued, sizeof issued);
    assert_non_null(at);
    sb_be64_write(at, sb_be64_read(issued) + ms);
    copy.sealed.header = sb_bytes(header, row->sealed.header.size);
    assert_int_equal(sb_event_read(&copy.sealed, &event, NULL), SB_ERR_OK);
    sb_log_append(txn, &event, &copy);
}

/* More than fits: counters say so, events come in pages. */
static void long_lists(void **state)
{
    enum {
        MANY = 12000
    };
    struct world *world = *state;
    struct sb_record args = {0};
    struct sb_txn *txn = world_begin(world->agent_store);
    unsigned pages;

    for (unsigned i = 0; i < MANY; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "test/a-long-counter-%06u", i);
        sb_txn_set_number(txn, SB_TABLE_COUNTER, name, i);
    }
    world_commit(world->agent_store, txn);
    assert_int_equal(ask(world, OFFICER, "counters", &args), SB_ERR_FULL);
    txn = world_begin(world->agent_store);
    struct sb_log_row row;
    const uint64_t had = sb_log_next_index(txn) - 1;
    assert_true(sb_log_get(txn, 1, &row));
    for (unsigned i = 1; i <= MANY / 3; i++) { /* signed by nobody: this is about lists only */
        issued_later(txn, &row, i);
    }
    world_commit(world->agent_store, txn);
    world->cut = true;
    assert_int_equal(pages_read(world, "events", &args, &pages), had + MANY / 3);
    assert_true(pages > 1);
}

/* Before it has begun nothing is due; destructors take NULL. */
static void before_the_start_and_after_the_end(void **state)
{
    struct world *world = *state;

    agent_stop(world);
    agent_make(world);
    assert_true(agent_deadline_ms(world) > world->now.mono_ms);
    sb_agent_destroy(NULL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(show_without_an_event_is_the_newest),
        T(what_is_not_there_is_refused),
        T(a_story_holds_what_is_about_it),
        T(status_says_that_it_is_recalled),
        T(who_names_those_without_a_channel),
        T(seats_that_are_odd),
        T(facts_that_cannot_be),
        T(room_is_told),
        T(an_unknown_result_leaves_it_open),
        T(opened_is_dated_by_the_channel),
        T(a_channel_that_is_gone_is_passed_over),
        T(too_long_for_a_channel),
        T(no_with_mandate_while_held),
        T(no_without_mandate_while_held),
        T(answered_before_it_rang),
        T(long_stories_come_in_pages),
        T(long_lists),
        T(before_the_start_and_after_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
