/* orders.c: orders, answers and rosters of a random day, and how a story says them. When they come
 * is plan.c's to say, the day's course day.c's. */
#include "orders.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Taby's agent serves two; ekero's roster has nobody. */
const char *const sim_agents[SIM_AGENTS] = {"taby+vallentuna", "solna", "nacka", "ekero", "salem"};
const char *const sim_orgs[SIM_AGENTS + 1] = {"taby",  "vallentuna", "solna",
                                              "nacka", "ekero",      "salem"};

const char *sim_org(int agent)
{
    return agent == 0 ? sim_orgs[0] : sim_orgs[agent + 1];
}

unsigned sim_orgs_of(unsigned agents)
{
    return agents + 1;
}

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

/* What an order's record borrows until it is given, and how it is said. */
struct order {
    struct world *world;
    uint64_t *random;
    struct sb_record *args;
    enum sb_realm realm;
    struct sb_list_writer to;
    char seat[SB_SEAT_SIZE_MAX + 1];
    char event[2 * SB_HASH_SIZE + 1];
    char text[SIM_TEXT_TIMES * 24 + 1];
    char said[SIM_SAID_SIZE];
};

static void say(struct order *order, const char *format, ...) SB_PRINTF(2, 3);
static void say(struct order *order, const char *format, ...)
{
    const size_t used = strlen(order->said);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(order->said + used, sizeof order->said - used, format, args);
    va_end(args);
}

static uint64_t draw(struct order *order, uint64_t below)
{
    return sim_random(order->random, below);
}

static void call_args(struct order *order)
{
    uint64_t now = WORLD_START_MS + order->world->now_ms;
    sb_record_set_text(order->args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(order->args, SB_FIELD_TITLE, "Snöoväder");
    sb_record_set_number(order->args, SB_FIELD_ANSWER_BY, now + 60000);
    sb_record_set_number(order->args, SB_FIELD_STARTS, now + 600000);
    say(order, " rsf \"Snöoväder\" at 10m answer-by 60s");
}

static void activate_args(struct order *order)
{
    sb_record_set_text(order->args, SB_FIELD_FORUM, "rsf");
    say(order, " rsf");
}

/* Now and then a long one, so that windows fill. */
static void text_set(struct order *order, enum sb_field field, const char *text)
{
    static const char snow[] = "Det snöar fortfarande. ";
    const uint64_t times = draw(order, 6) == 0 ? 1 + draw(order, SIM_TEXT_TIMES) : 0;
    order->text[0] = '\0';
    if (times == 0) {
        sb_record_set_text(order->args, field, text);
        return;
    }
    for (uint64_t i = 0; i < times; i++) {
        memcpy(order->text + i * (sizeof snow - 1), snow, sizeof snow);
    }
    sb_record_set_text(order->args, field, order->text);
}

static void inform_args(struct order *order)
{
    struct world *world = order->world;
    const struct world_node *node = &world->agent[draw(order, world->agent_count)];
    const struct sb_name *org = &node->config.org[draw(order, node->config.org_count)];
    sb_record_set_text(order->args, SB_FIELD_TITLE, "Läget");
    text_set(order, SB_FIELD_TEXT, "Det snöar.");
    sb_list_add(&order->to, sb_name_bytes(org));
    sb_record_set_bytes(order->args, SB_FIELD_TO, sb_list_bytes(&order->to));
    say(order, " \"Läget\" to %s text \"Det snöar.\"", org->text);
}

static void picture_args(struct order *order)
{
    sb_record_set_text(order->args, SB_FIELD_FORUM, "rsf");
    text_set(order, SB_FIELD_HAPPENED, "Vägarna är avstängda.");
    say(order, " rsf happened \"Vägarna är avstängda.\"");
}

/* One of the seats that an event of the realm calls. False where it calls none. */
static bool seat_of(struct order *order, const struct sb_log_row *row)
{
    struct sb_event event;
    if (sb_event_read(&row->sealed, &event, NULL) != SB_ERR_OK
        || sb_record_number(&event.fields, SB_FIELD_REALM) != order->realm) {
        return false;
    }
    struct sb_bytes seats = sb_record_bytes(&event.fields, SB_FIELD_SEATS);
    struct sb_list_reader reader = sb_list_read(seats);
    uint64_t left = sb_list_count(seats) == 0 ? 0 : 1 + draw(order, sb_list_count(seats));
    struct sb_bytes text;
    struct sb_seat seat;
    while (left > 0 && sb_list_next(&reader, &text) && sb_seat_read(text, &seat)) {
        left--;
        sb_seat_key(&seat, order->seat);
        sb_hex_write(sb_hash_bytes(&event.id), order->event);
    }
    return order->seat[0] != '\0';
}

/* A called seat of one of the newest events: one that nobody ever called, where there is none. */
static void seat_any(struct order *order)
{
    struct sb_why ignored = {0};
    struct sb_txn *txn = sb_store_begin(order->world->broker_store, &ignored);
    uint64_t older = draw(order, 3);
    for (uint64_t index = sb_log_next_index(txn); index-- > 1;) {
        struct sb_log_row row;
        if (sb_log_get(txn, index, &row) && seat_of(order, &row) && older-- == 0) {
            break;
        }
    }
    sb_store_abort(order->world->broker_store, txn);
    if (order->seat[0] == '\0') {
        (void)snprintf(order->seat, sizeof order->seat, "x/tib");
    }
    sb_record_set_text(order->args, SB_FIELD_SEAT, order->seat);
    if (order->event[0] != '\0') {
        sb_record_set_text(order->args, SB_FIELD_EVENT, order->event);
    }
}

static void reached_args(struct order *order)
{
    static const char *const ways[] = {"rakel", "phone"};
    static const unsigned answers[] = {SB_ANSWER_NOTHING, SB_ANSWER_NOTHING, SB_ANSWER_YES,
                                       SB_ANSWER_AT,      SB_ANSWER_DEPUTY,  SB_ANSWER_NO};
    unsigned answer = answers[draw(order, sizeof answers / sizeof answers[0])];
    const char *way = ways[draw(order, 2)];
    const bool mandate = draw(order, 2) == 1;
    sb_record_set_text(order->args, SB_FIELD_VIA, way);
    sb_record_set_number(order->args, SB_FIELD_HOLDS_MANDATE, mandate);
    seat_any(order);
    say(order, " seat %s via %s%s", order->seat, way, mandate ? " holds-mandate" : "");
    if (answer != SB_ANSWER_NOTHING) {
        sb_record_set_number(order->args, SB_FIELD_ANSWER, answer);
        say(order, " answer %s", sb_word_find(SB_FIELD_ANSWER, answer)->json);
    }
    if (answer == SB_ANSWER_AT) {
        const uint64_t after = draw(order, 60000);
        sb_record_set_number(order->args, SB_FIELD_AT,
                             WORLD_START_MS + order->world->now_ms + after);
    }
}

static void text_args(struct order *order)
{
    text_set(order, SB_FIELD_TEXT, "02:14 ringde SMHI");
    say(order, " text \"02:14 ringde SMHI\"");
}

static const struct {
    const char *verb;
    void (*fill)(struct order *order);
} orders[] = {
    {"call", call_args},       {"call", call_args},       {"activate", activate_args},
    {"inform", inform_args},   {"inform", inform_args},   {"picture", picture_args},
    {"picture", picture_args}, {"reached", reached_args}, {"reached", reached_args},
    {"recall", text_args},     {"recall", text_args},     {"correct", text_args},
    {"end", text_args},        {"note", text_args},
};

/* `order` draws from it. NOLINTNEXTLINE(readability-non-const-parameter) */
void sim_order(struct world *world, uint64_t *random, char said[SIM_SAID_SIZE])
{
    static const enum sb_realm realms[] = {SB_REALM_LIVE, SB_REALM_LIVE, SB_REALM_LIVE,
                                           SB_REALM_EXERCISE, SB_REALM_TEST};
    static const char *const tibs[] = {"", "tib", "tib-ovning", "tib-prov"};
    struct order *order = sb_alloc(1, sizeof *order);
    struct sb_why why = {0};
    *order =
        (struct order){.world = world, .random = random, .args = sb_alloc(1, sizeof *order->args)};
    const size_t which = draw(order, sizeof orders / sizeof orders[0]);
    order->realm = realms[draw(order, sizeof realms / sizeof realms[0])];
    sb_list_init(&order->to);
    say(order, "%s %s", tibs[order->realm], orders[which].verb);
    orders[which].fill(order);
    const enum sb_err err =
        world_order_in(world, order->realm, orders[which].verb, order->args, &why);
    if (err != SB_ERR_OK) {
        say(order, " # refused: %s", sb_err_name(err));
    }
    (void)snprintf(said, SIM_SAID_SIZE, "%s", order->said);
    sb_list_finish(&order->to);
    free(order->args);
    free(order);
}

void sim_local(struct world *world, unsigned agent, uint64_t *random, char said[SIM_SAID_SIZE])
{
    static const unsigned answers[] = {SB_ANSWER_YES, SB_ANSWER_NO, SB_ANSWER_DEPUTY};
    struct sb_record *args = sb_alloc(1, sizeof *args);
    const char *org = world->agent[agent].config.org[0].text;
    const unsigned answer = answers[sim_random(random, 3)];
    char person[8];
    (void)snprintf(person, sizeof person, "p%u", 1 + (unsigned)sim_random(random, 6));
    /* Now and then it is not said who answers: then it is who is being tried, or it is refused. */
    if (sim_random(random, 3) != 0) {
        sb_record_set_text(args, SB_FIELD_PERSON, person);
    }
    switch (sim_random(random, 4)) {
    case 0:
        sb_record_clear(args);
        sb_record_set_text(args, SB_FIELD_HAPPENED, "Det snöar.");
        world_local(world, agent, "report", args, 0);
        (void)snprintf(said, SIM_SAID_SIZE, "%s reports \"Det snöar.\"", org);
        break;
    case 1:
        sb_record_clear(args);
        sb_record_set_text(args, SB_FIELD_TEXT, "02:14 ringde SMHI");
        world_local(world, agent, "note", args, 0);
        (void)snprintf(said, SIM_SAID_SIZE, "%s notes \"02:14 ringde SMHI\"", org);
        break;
    case 2:
        world_local(world, agent, "ack", args, 0);
        (void)snprintf(said, SIM_SAID_SIZE, "%s %s ack", org, person);
        break;
    default:
        sb_record_set_number(args, SB_FIELD_ANSWER, answer);
        world_local(world, agent, "answer", args, 0);
        (void)snprintf(said, SIM_SAID_SIZE, "%s %s %s", org, person,
                       sb_word_find(SB_FIELD_ANSWER, answer)->json);
        break;
    }
    free(args);
}
