/* orders.c: orders, answers and rosters of a random day. Faults and the day's course are swarm.c's.
 */
#include "orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void function_fill(struct sb_roster_function *function, const char *name, unsigned first)
{
    function->function = sb_name(name);
    function->step_ms = 20000;
    function->people_count = 2;
    function->people[0] = first;
    function->people[1] = first + 1;
    function->deputy_count = 1;
    function->deputies[0] = first + 2;
}

void sim_roster(struct sb_roster *roster, bool staffed)
{
    memset(roster, 0, sizeof *roster);
    roster->person_count = 6;
    for (unsigned i = 0; i < roster->person_count; i++) {
        struct sb_roster_person *person = &roster->person[i];
        char id[16];
        (void)snprintf(id, sizeof id, "p%u", i + 1);
        person->id = sb_name(id);
        (void)snprintf(person->name, sizeof person->name, WORLD_SECRET " namn %u", i);
        person->channel_count = 1 + i % 2;
        for (unsigned j = 0; j < person->channel_count; j++) {
            person->channel[j].kind = sb_name(j == 0 ? "sms" : "phone");
            (void)snprintf(person->channel[j].contact, sizeof person->channel[j].contact,
                           WORLD_SECRET " 070-%u%u", i, j);
        }
        person->mandate_count = i % 3 != 1;
        person->mandate[0].level = SB_LEVEL_SAMORDNANDE_FORUM;
    }
    if (staffed) {
        roster->function_count = 2;
        function_fill(&roster->function[0], "tib", 0);
        function_fill(&roster->function[1], "kib", 3);
    }
}

void sim_declare(struct world *world, unsigned agent)
{
    struct sb_record *args = sb_alloc(1, sizeof *args);
    for (unsigned i = 0; i < world->agent[agent].config.org_count; i++) {
        sb_record_clear(args);
        sb_record_set_name(args, SB_FIELD_ORG, &world->agent[agent].config.org[i]);
        sb_record_set_text(args, SB_FIELD_FUNCTION, "tib");
        sb_record_set_number(args, SB_FIELD_LEVEL, SB_LEVEL_SAMORDNANDE_FORUM);
        sb_record_set_text(args, SB_FIELD_BASIS, "KS 2025-11");
        sb_record_set_number(args, SB_FIELD_VALID_TO, WORLD_START_MS + 86400000);
        world_local(world, agent, "mandate-declare", args, 0);
    }
    free(args);
}

static const struct sb_name *org_any(struct world *world)
{
    const struct world_node *node = &world->agent[world_random(world, world->agent_count)];
    return &node->config.org[world_random(world, node->config.org_count)];
}

static void call_args(struct world *world, struct sb_record *args)
{
    uint64_t now = WORLD_START_MS + world->now_ms;
    sb_record_set_text(args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(args, SB_FIELD_TITLE, "Snöoväder");
    sb_record_set_number(args, SB_FIELD_ANSWER_BY, now + 60000);
    sb_record_set_number(args, SB_FIELD_STARTS, now + 600000);
}

static void activate_args(struct world *world, struct sb_record *args)
{
    (void)world;
    sb_record_set_text(args, SB_FIELD_FORUM, "rsf");
}

static void inform_args(struct world *world, struct sb_record *args)
{
    (void)world;
    sb_record_set_text(args, SB_FIELD_TITLE, "Läget");
    sb_record_set_text(args, SB_FIELD_TEXT, "Det snöar.");
}

static void picture_args(struct world *world, struct sb_record *args)
{
    (void)world;
    sb_record_set_text(args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(args, SB_FIELD_HAPPENED, "Vägarna är avstängda.");
}

static void reached_args(struct world *world, struct sb_record *args)
{
    static const char *const ways[] = {"rakel", "phone"};
    static const unsigned answers[] = {SB_ANSWER_NOTHING, SB_ANSWER_NOTHING, SB_ANSWER_YES,
                                       SB_ANSWER_AT,      SB_ANSWER_DEPUTY,  SB_ANSWER_NO};
    unsigned answer = answers[world_random(world, sizeof answers / sizeof answers[0])];
    sb_record_set_text(args, SB_FIELD_VIA, ways[world_random(world, 2)]);
    sb_record_set_number(args, SB_FIELD_HOLDS_MANDATE, world_random(world, 2));
    if (answer != SB_ANSWER_NOTHING) {
        sb_record_set_number(args, SB_FIELD_ANSWER, answer);
    }
    if (answer == SB_ANSWER_AT) {
        sb_record_set_number(args, SB_FIELD_AT,
                             WORLD_START_MS + world->now_ms + world_random(world, 60000));
    }
}

/* What an order's record borrows until it is given. */
struct borrowed {
    struct sb_list_writer to;
    char seat[SB_SEAT_SIZE_MAX + 1];
    char event[2 * SB_HASH_SIZE + 1];
};

/* One of the seats that an event of the realm calls. False where it calls none. */
static bool seat_of(struct world *world, const struct sb_log_row *row, enum sb_realm realm,
                    struct borrowed *borrowed)
{
    struct sb_event event;
    if (sb_event_read(&row->sealed, &event, NULL) != SB_ERR_OK
        || sb_record_number(&event.fields, SB_FIELD_REALM) != realm) {
        return false;
    }
    struct sb_bytes seats = sb_record_bytes(&event.fields, SB_FIELD_SEATS);
    struct sb_list_reader reader = sb_list_read(seats);
    uint64_t left = sb_list_count(seats) == 0 ? 0 : 1 + world_random(world, sb_list_count(seats));
    struct sb_bytes text;
    struct sb_seat seat;
    while (left > 0 && sb_list_next(&reader, &text) && sb_seat_read(text, &seat)) {
        left--;
        sb_seat_key(&seat, borrowed->seat);
        sb_hex_write(sb_hash_bytes(&event.id), borrowed->event);
    }
    return borrowed->seat[0] != '\0';
}

/* A called seat of one of the newest events: one that nobody ever called, where there is none. */
static void seat_any(struct world *world, enum sb_realm realm, struct borrowed *borrowed,
                     struct sb_record *args)
{
    struct sb_why ignored = {0};
    struct sb_txn *txn = sb_store_begin(world->broker_store, &ignored);
    uint64_t older = world_random(world, 3);
    for (uint64_t index = sb_log_next_index(txn); index-- > 1;) {
        struct sb_log_row row;
        if (sb_log_get(txn, index, &row) && seat_of(world, &row, realm, borrowed) && older-- == 0) {
            break;
        }
    }
    sb_store_abort(world->broker_store, txn);
    sb_record_set_text(args, SB_FIELD_SEAT, borrowed->seat[0] == '\0' ? "x/tib" : borrowed->seat);
    if (borrowed->event[0] != '\0') {
        sb_record_set_text(args, SB_FIELD_EVENT, borrowed->event);
    }
}

static void text_args(struct world *world, struct sb_record *args)
{
    (void)world;
    sb_record_set_text(args, SB_FIELD_TEXT, "02:14 ringde SMHI");
}

static const struct {
    const char *verb;
    void (*fill)(struct world *world, struct sb_record *args);
} orders[] = {
    {"call", call_args},       {"call", call_args},       {"activate", activate_args},
    {"inform", inform_args},   {"picture", picture_args}, {"picture", picture_args},
    {"reached", reached_args}, {"reached", reached_args}, {"reached", reached_args},
    {"reached", reached_args}, {"recall", text_args},     {"correct", text_args},
    {"end", text_args},        {"note", text_args},
};

void sim_order(struct world *world, struct sb_record *args)
{
    static const enum sb_realm realms[] = {SB_REALM_LIVE, SB_REALM_LIVE, SB_REALM_LIVE,
                                           SB_REALM_EXERCISE, SB_REALM_TEST};
    size_t which = world_random(world, sizeof orders / sizeof orders[0]);
    enum sb_realm realm = realms[world_random(world, sizeof realms / sizeof realms[0])];
    struct sb_why why = {0};
    struct borrowed borrowed = {.seat = ""};
    sb_list_init(&borrowed.to);
    sb_record_clear(args);
    orders[which].fill(world, args);
    if (orders[which].fill == inform_args) {
        sb_list_add(&borrowed.to, sb_name_bytes(org_any(world)));
        sb_record_set_bytes(args, SB_FIELD_TO, sb_list_bytes(&borrowed.to));
    } else if (orders[which].fill == reached_args) {
        seat_any(world, realm, &borrowed, args);
    }
    (void)world_order_in(world, realm, orders[which].verb, args, &why);
    sb_list_finish(&borrowed.to);
}

/* Now and then it is not said who answers: then it is who is being tried, or it is refused. */
static void person_set(struct world *world, const char *person, struct sb_record *args)
{
    if (world_random(world, 3) != 0) {
        sb_record_set_text(args, SB_FIELD_PERSON, person);
    }
}

void sim_local(struct world *world, unsigned agent)
{
    static const unsigned answers[] = {SB_ANSWER_YES, SB_ANSWER_NO, SB_ANSWER_DEPUTY};
    struct sb_record *args = sb_alloc(1, sizeof *args);
    char person[8];
    (void)snprintf(person, sizeof person, "p%u", 1 + (unsigned)world_random(world, 6));
    switch (world_random(world, 4)) {
    case 0:
        sb_record_set_text(args, SB_FIELD_HAPPENED, "Det snöar.");
        world_local(world, agent, "report", args, 0);
        break;
    case 1:
        text_args(world, args);
        world_local(world, agent, "note", args, 0);
        break;
    case 2:
        person_set(world, person, args);
        world_local(world, agent, "ack", args, 0);
        break;
    default:
        person_set(world, person, args);
        sb_record_set_number(args, SB_FIELD_ANSWER, answers[world_random(world, 3)]);
        world_local(world, agent, "answer", args, 0);
        break;
    }
    free(args);
}
