/* orders.c: orders, answers and rosters of a random day, and how a story says them. When they come
 * is plan.c's to say, the day's course day.c's. */
#include "orders.h"

#include "tell.h"

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

void sim_roster_say(const char *agent, bool staffed, sim_line *line, void *context)
{
    char text[SIM_SAID_SIZE];
    if (!staffed) {
        (void)snprintf(
            text, sizeof text,
            "agent %s roster nobody: p1 p2 phone without p3 p4 phone p5 without p6 phone", agent);
        line(context, text);
        return;
    }
    (void)snprintf(text, sizeof text,
                   "agent %s roster tib: p1 then p2 phone without deputy p3 step 20s", agent);
    line(context, text);
    (void)snprintf(text, sizeof text,
                   "agent %s roster kib: p4 phone then p5 without deputy p6 phone step 20s", agent);
    line(context, text);
}

void sim_mandate_say(const char *org, sim_line *line, void *context)
{
    char text[SIM_SAID_SIZE];
    (void)snprintf(text, sizeof text, "%s mandate tib samordnande", org);
    line(context, text);
}

/* An order while it is being said. */
struct order {
    struct world *world;
    uint64_t *random;
    enum sb_realm realm;
    char seat[SB_SEAT_SIZE_MAX + 1];
    struct sb_hash event; /* whose seat it is */
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
    say(order, " rsf \"Snöoväder\" at 10m answer-by 60s");
}

static void activate_args(struct order *order)
{
    say(order, " rsf");
}

/* Now and then a long one, so that windows fill. */
static void text_say(struct order *order, const char *word, const char *text)
{
    const uint64_t times = draw(order, 6) == 0 ? 1 + draw(order, SIM_TEXT_TIMES) : 0;
    if (times == 0) {
        say(order, " %s \"%s\"", word, text);
    } else {
        say(order, " %s \"Det snöar fortfarande. \" times %llu", word, (unsigned long long)times);
    }
}

static void inform_args(struct order *order)
{
    struct world *world = order->world;
    const struct world_node *node = &world->agent[draw(order, world->agent_count)];
    const struct sb_name *org = &node->config.org[draw(order, node->config.org_count)];
    say(order, " \"Läget\" to %s", org->text);
    text_say(order, "text", "Det snöar.");
}

static void picture_args(struct order *order)
{
    say(order, " rsf");
    text_say(order, "happened", "Vägarna är avstängda.");
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
        order->event = event.id;
    }
    return order->seat[0] != '\0';
}

/* How many of the events that call somebody are not older than this one: 1 the newest. */
static unsigned newest_nth(struct sb_txn *txn, const struct sb_hash *id)
{
    unsigned nth = 0;
    bool found = false;
    for (uint64_t index = sb_log_next_index(txn); !found && index-- > 1;) {
        struct sb_log_row row;
        struct sb_event event;
        if (sb_log_get(txn, index, &row) && sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK
            && sb_list_count(sb_record_bytes(&event.fields, SB_FIELD_SEATS)) > 0) {
            nth++;
            found = sb_hash_equal(&event.id, id);
        }
    }
    return nth;
}

/* A called seat of one of the newest events: one that nobody ever called, where there is none.
 * Which event it is of: newest_nth; 0 none. */
static unsigned seat_any(struct order *order)
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
    const bool any = order->seat[0] != '\0';
    const unsigned nth = any ? newest_nth(txn, &order->event) : 0;
    sb_store_abort(order->world->broker_store, txn);
    if (!any) {
        (void)snprintf(order->seat, sizeof order->seat, "x/tib");
    }
    return nth;
}

static void reached_args(struct order *order)
{
    static const char *const ways[] = {"rakel", "phone"};
    static const unsigned answers[] = {SB_ANSWER_NOTHING, SB_ANSWER_NOTHING, SB_ANSWER_YES,
                                       SB_ANSWER_AT,      SB_ANSWER_DEPUTY,  SB_ANSWER_NO};
    unsigned answer = answers[draw(order, sizeof answers / sizeof answers[0])];
    const char *way = ways[draw(order, 2)];
    const bool mandate = draw(order, 2) == 1;
    const unsigned nth = seat_any(order);
    say(order, " seat %s via %s%s", order->seat, way, mandate ? " holds-mandate" : "");
    if (nth > 0) {
        say(order, " about %u", nth);
    }
    if (answer != SB_ANSWER_NOTHING) {
        say(order, " answer %s", sb_word_find(SB_FIELD_ANSWER, answer)->json);
    }
    if (answer == SB_ANSWER_AT) {
        say(order, " after %llums", (unsigned long long)draw(order, 60000));
    }
}

static void text_args(struct order *order)
{
    text_say(order, "text", "02:14 ringde SMHI");
}

static const struct {
    const char *verb;
    void (*say)(struct order *order);
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
    struct order order = {.world = world, .random = random};
    struct sb_why why = {0};
    const size_t which = draw(&order, sizeof orders / sizeof orders[0]);
    order.realm = realms[draw(&order, sizeof realms / sizeof realms[0])];
    say(&order, "%s %s", tibs[order.realm], orders[which].verb);
    orders[which].say(&order);
    const enum tell told = tell_act(world, order.said, &why);
    SB_ASSERT(told != TELL_WRONG);
    say(&order, "%s", told == TELL_REFUSED ? " refused" : "");
    (void)snprintf(said, SIM_SAID_SIZE, "%s", order.said);
}

void sim_local(struct world *world, unsigned agent, uint64_t *random, char said[SIM_SAID_SIZE])
{
    static const unsigned answers[] = {SB_ANSWER_YES, SB_ANSWER_NO, SB_ANSWER_DEPUTY};
    const char *org = world->agent[agent].config.org[0].text;
    const char *answer = sb_word_find(SB_FIELD_ANSWER, answers[sim_random(random, 3)])->json;
    const uint64_t number = 1 + sim_random(random, 6);
    char person[SB_NAME_SIZE_MAX];
    struct sb_why why = {0};
    /* Now and then it is not said who answers: then it is who is being tried, or it is refused. */
    if (sim_random(random, 3) != 0) {
        (void)snprintf(person, sizeof person, "p%llu", (unsigned long long)number);
    } else {
        (void)snprintf(person, sizeof person, "somebody");
    }
    switch (sim_random(random, 4)) {
    case 0: (void)snprintf(said, SIM_SAID_SIZE, "%s reports \"Det snöar.\"", org); break;
    case 1: (void)snprintf(said, SIM_SAID_SIZE, "%s notes \"02:14 ringde SMHI\"", org); break;
    case 2: (void)snprintf(said, SIM_SAID_SIZE, "%s %s ack", org, person); break;
    default: (void)snprintf(said, SIM_SAID_SIZE, "%s %s %s", org, person, answer); break;
    }
    const enum tell told = tell_act(world, said, &why);
    SB_ASSERT(told == TELL_DONE);
}
