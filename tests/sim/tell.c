/* tell.c: the words of a story, and what each does in the simulated county. */
#include "tell.h"

#include "faults.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEATS_SIZE 600
/* An event's text, written out. */
#define TEXT_SIZE 16000

bool tell_words_read(const char *line, struct tell_words *words)
{
    (void)snprintf(words->text, sizeof words->text, "%s", line);
    words->count = 0;
    char *at = words->text;
    for (;;) {
        while (isspace((unsigned char)*at) || *at == ',') {
            at++;
        }
        if (*at == '\0' || words->count == TELL_WORDS_MAX) {
            return *at == '\0';
        }
        const bool quoted = *at == '"';
        at += quoted ? 1 : 0;
        words->quoted[words->count] = quoted;
        words->at[words->count++] = at;
        while (*at != '\0' && (quoted ? *at != '"' : !isspace((unsigned char)*at) && *at != ',')) {
            at++;
        }
        if (*at != '\0') {
            *at++ = '\0';
        }
    }
}

bool tell_is(const struct tell_words *words, unsigned at, const char *text)
{
    return at < words->count && strcmp(words->at[at], text) == 0;
}

uint64_t tell_span_ms(const char *text)
{
    char *end = NULL;
    uint64_t number = strtoull(text, &end, 10);
    return number * (*end == 'h' ? 3600000u : *end == 'm' ? (end[1] == 's' ? 1u : 60000u) : 1000u);
}

static enum tell wrong(struct sb_why *why, const char *what, const char *word)
{
    (void)snprintf(why->text, sizeof why->text, "%s: %s", what, word);
    return TELL_WRONG;
}

/* ---- how things are ---- */

/* broker with forum rsf [level samordnande] seats taby/tib "solna/tib,kommundirektor via tib" */
static enum tell setup_forum(struct world *world, const struct tell_words *words,
                             struct sb_why *why)
{
    const char *level = "samordnande";
    char seats[SEATS_SIZE] = "";
    size_t at = 0;
    bool listing = false;
    for (unsigned i = 4; i < words->count; i++) {
        if (tell_is(words, i, "level") && i + 1 < words->count) {
            level = words->at[++i];
        } else if (tell_is(words, i, "seats")) {
            listing = true;
        } else if (listing) {
            const char *slash = strchr(words->at[i], '/');
            if (slash == NULL) {
                return wrong(why, "no seat", words->at[i]);
            }
            int written = snprintf(seats + at, sizeof seats - at, "%s%.*s:%s", at == 0 ? "" : ";",
                                   (int)(slash - words->at[i]), words->at[i], slash + 1);
            at += written > 0 ? (size_t)written : 0;
            if (at >= sizeof seats) {
                return wrong(why, "more seats than a story may have", words->at[i]);
            }
        }
    }
    char csv[SEATS_SIZE + 200];
    (void)snprintf(csv, sizeof csv, "id,name,level,mode,seats\n%s,%s,%s,aktiverat,\"%s\"\n",
                   words->at[3], words->at[3], level, seats);
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_text(args, SB_FIELD_CSV, csv);
    const enum sb_err err = world_order(world, "forum-load", args, why);
    free(args);
    return err == SB_ERR_OK ? TELL_DONE : TELL_WRONG;
}

static unsigned person_add(struct sb_roster *roster, const char *id)
{
    struct sb_roster_person *person = &roster->person[roster->person_count];
    person->id = sb_name(id);
    (void)snprintf(person->name, sizeof person->name, WORLD_SECRET " namn %u",
                   (unsigned)roster->person_count);
    person->channel_count = 1;
    person->channel[0].kind = sb_name("sms");
    (void)snprintf(person->channel[0].contact, sizeof person->channel[0].contact,
                   WORLD_SECRET " 070-%u", (unsigned)roster->person_count);
    person->mandate_count = 1;
    person->mandate[0].level = SB_LEVEL_SAMORDNANDE_FORUM;
    return roster->person_count++;
}

static void phone_add(struct sb_roster *roster)
{
    struct sb_roster_person *person = &roster->person[roster->person_count - 1];
    person->channel_count = 2;
    person->channel[1].kind = sb_name("phone");
    (void)snprintf(person->channel[1].contact, sizeof person->channel[1].contact,
                   WORLD_SECRET " 08-%u", (unsigned)roster->person_count);
}

/* The agent of "taby" or "taby+vallentuna"; -1 none. */
static int agent_find(const struct world *world, const char *orgs)
{
    char first[SB_NAME_SIZE_MAX + 1];
    (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(orgs, "+"), orgs);
    return world_find(world, first);
}

/* agent taby roster tib: p7 then p8 without phone deputy p9 [step 60s] */
static enum tell setup_roster(struct world *world, const struct tell_words *words,
                              struct sb_why *why)
{
    const int agent = words->count > 1 ? agent_find(world, words->at[1]) : -1;
    if (agent < 0 || words->count < 5 || !tell_is(words, 2, "roster")) {
        return wrong(why, "no roster", words->at[0]);
    }
    struct sb_roster *roster = &world->agent[agent].roster;
    struct sb_roster_function nowhere = {0};
    struct sb_roster_function *function = &nowhere;
    words->at[3][strcspn(words->at[3], ":")] = '\0';
    if (strcmp(words->at[3], "nobody") != 0) {
        function = &roster->function[roster->function_count++];
        function->function = sb_name(words->at[3]);
    }
    function->step_ms = SB_STEP_DEFAULT_MS;
    bool deputy = false;
    for (unsigned i = 4; i < words->count; i++) {
        if (tell_is(words, i, "then")) {
            continue;
        }
        if (tell_is(words, i, "deputy")) {
            deputy = true;
        } else if (tell_is(words, i, "step") && i + 1 < words->count) {
            function->step_ms = tell_span_ms(words->at[++i]);
        } else if (tell_is(words, i, "without") && roster->person_count > 0) {
            roster->person[roster->person_count - 1].mandate_count = 0;
        } else if (tell_is(words, i, "phone") && roster->person_count > 0) {
            phone_add(roster);
        } else if (function->people_count == SB_PER_FUNCTION_MAX
                   || function->deputy_count == SB_PER_FUNCTION_MAX
                   || roster->person_count == SB_PEOPLE_MAX) {
            return wrong(why, "more people than a roster has room for", words->at[i]);
        } else if (deputy) {
            function->deputies[function->deputy_count++] = person_add(roster, words->at[i]);
        } else {
            function->people[function->people_count++] = person_add(roster, words->at[i]);
        }
    }
    return TELL_DONE;
}

/* WORD NUMBER … */
struct setting {
    const char *word;
    unsigned *number;
};

static enum tell settings_read(const struct tell_words *words, const struct setting *settings,
                               size_t count, struct sb_why *why)
{
    for (unsigned i = 1; i < words->count; i += 2) {
        size_t at = 0;
        while (at < count && !tell_is(words, i, settings[at].word)) {
            at++;
        }
        if (at == count || i + 1 == words->count) {
            return wrong(why, "no such setting, or no number", words->at[i]);
        }
        *settings[at].number = (unsigned)strtoul(words->at[i + 1], NULL, 10);
    }
    return TELL_DONE;
}

enum tell tell_setup(struct world *world, struct course_people *people, const char *line,
                     struct sb_why *why)
{
    struct tell_words words;
    if (!tell_words_read(line, &words)) {
        return wrong(why, "too many words", line);
    }
    if (tell_is(&words, 0, "broker") && words.count > 5) {
        return setup_forum(world, &words, why);
    }
    if (tell_is(&words, 0, "agent")) {
        return setup_roster(world, &words, why);
    }
    if (tell_is(&words, 0, "network")) {
        unsigned window[2] = {0, 0};
        const struct setting settings[] = {
            {"delay", &world->delay_max_ms}, {"loss", &world->loss},
            {"twice", &world->twice},        {"overtakes", &world->overtakes},
            {"late", &world->late},          {"late-by", &world->late_max_ms},
            {"urgent", &window[0]},          {"bulk", &window[1]},
        };
        const enum tell told =
            settings_read(&words, settings, sizeof settings / sizeof settings[0], why);
        if (window[0] > 0) {
            world_windows(world, window[0], window[1]);
        }
        return told;
    }
    if (tell_is(&words, 0, "people")) {
        const struct setting settings[] = {
            {"silent", &people->silent}, {"no", &people->no}, {"trouble", &people->trouble}};
        people->drawn = true;
        return settings_read(&words, settings, sizeof settings / sizeof settings[0], why);
    }
    return wrong(why, "not a line of a story", line);
}

/* ---- what TiB does ---- */

enum how {
    HOW_WHEN,  /* a span from now */
    HOW_TEXT,  /* "…", perhaps `times N` */
    HOW_WORD,  /* one of the field's words */
    HOW_FLAG,  /* it alone */
    HOW_LIST,  /* one of several seats */
    HOW_ABOUT, /* the Nth newest event that calls somebody */
};

static const struct order_word {
    const char *word;
    enum sb_field field;
    enum how how;
} order_words[] = {
    {"at", SB_FIELD_STARTS, HOW_WHEN},     {"answer-by", SB_FIELD_ANSWER_BY, HOW_WHEN},
    {"after", SB_FIELD_AT, HOW_WHEN},      {"to", SB_FIELD_TO, HOW_LIST},
    {"text", SB_FIELD_TEXT, HOW_TEXT},     {"happened", SB_FIELD_HAPPENED, HOW_TEXT},
    {"seat", SB_FIELD_SEAT, HOW_TEXT},     {"via", SB_FIELD_VIA, HOW_TEXT},
    {"answer", SB_FIELD_ANSWER, HOW_WORD}, {"holds-mandate", SB_FIELD_HOLDS_MANDATE, HOW_FLAG},
    {"about", SB_FIELD_EVENT, HOW_ABOUT},
};

struct order {
    struct world *world;
    struct sb_record *args;
    struct sb_list_writer to;
    char event[2 * SB_HASH_SIZE + 1];
    char text[TEXT_SIZE];
};

/* The Nth newest event that calls somebody, 1 the newest. False: there is none. */
static bool called_find(struct world *world, uint64_t nth, char event_id[2 * SB_HASH_SIZE + 1])
{
    struct sb_why ignored = {0};
    struct sb_txn *txn = sb_store_begin(world->broker_store, &ignored);
    for (uint64_t index = sb_log_next_index(txn); nth > 0 && index-- > 1;) {
        struct sb_log_row row;
        struct sb_event event;
        if (sb_log_get(txn, index, &row) && sb_event_read(&row.sealed, &event, NULL) == SB_ERR_OK
            && sb_list_count(sb_record_bytes(&event.fields, SB_FIELD_SEATS)) > 0 && --nth == 0) {
            sb_hex_write(sb_hash_bytes(&event.id), event_id);
        }
    }
    sb_store_abort(world->broker_store, txn);
    return event_id[0] != '\0';
}

/* The value of a word that has one; how many words it took. 0: it is wrong. */
static unsigned order_value(struct order *order, const struct order_word *word,
                            const struct tell_words *words, unsigned at)
{
    if (word->how == HOW_FLAG) {
        sb_record_set_number(order->args, word->field, 1);
        return 1;
    }
    if (at + 1 >= words->count) {
        return 0;
    }
    const char *value = words->at[at + 1];
    const struct sb_word *known = NULL;
    size_t times = 1;
    switch (word->how) {
    case HOW_WHEN:
        sb_record_set_number(order->args, word->field,
                             WORLD_START_MS + order->world->now_ms + tell_span_ms(value));
        return 2;
    case HOW_TEXT:
        if (!words->quoted[at + 1] || !tell_is(words, at + 2, "times") || at + 3 >= words->count) {
            sb_record_set_text(order->args, word->field, value);
            return 2;
        }
        times = strtoul(words->at[at + 3], NULL, 10);
        if (times * strlen(value) >= sizeof order->text) {
            return 0;
        }
        for (size_t i = 0; i < times; i++) {
            memcpy(order->text + i * strlen(value), value, strlen(value) + 1);
        }
        sb_record_set_text(order->args, word->field, order->text);
        return 4;
    case HOW_WORD:
        known = sb_word_find_text(word->field, value);
        sb_record_set_number(order->args, word->field, known == NULL ? 0 : known->number);
        return known == NULL ? 0 : 2;
    case HOW_LIST: sb_list_add(&order->to, sb_bytes_str(value)); return 2;
    case HOW_ABOUT:
        if (!called_find(order->world, strtoull(value, NULL, 10), order->event)) {
            return 0;
        }
        sb_record_set_text(order->args, word->field, order->event);
        return 2;
    case HOW_FLAG: break;
    }
    return 0;
}

/* What stands after the verb; false with the word that is wrong. */
static bool order_read(struct order *order, const struct tell_words *words, unsigned at,
                       const char **ret_wrong)
{
    const unsigned known = sizeof order_words / sizeof order_words[0];
    while (at < words->count) {
        unsigned word = 0;
        while (word < known && (words->quoted[at] || !tell_is(words, at, order_words[word].word))) {
            word++;
        }
        unsigned took = 1;
        if (word < known) {
            took = order_value(order, &order_words[word], words, at);
        } else {
            sb_record_set_text(order->args, words->quoted[at] ? SB_FIELD_TITLE : SB_FIELD_FORUM,
                               words->at[at]);
        }
        if (took == 0) {
            *ret_wrong = words->at[at];
            return false;
        }
        at += took;
    }
    if (order->to.count > 0) {
        sb_record_set_bytes(order->args, SB_FIELD_TO, sb_list_bytes(&order->to));
    }
    return true;
}

/* tib VERB [FORUM] ["TITLE"] [at SPAN] [answer-by SPAN] [to SEAT…] [text "TEXT" [times N]]
 * [seat SEAT] [via VIA] [answer WORD] [about N] */
static enum tell tib_acts(struct world *world, const struct tell_words *words, enum sb_realm realm,
                          struct sb_why *why)
{
    if (words->count < 2) {
        return wrong(why, "no verb", words->at[0]);
    }
    struct order *order = sb_alloc(1, sizeof *order);
    const char *word = NULL;
    order->world = world;
    order->args = sb_alloc(1, sizeof *order->args);
    sb_list_init(&order->to);
    enum tell told = TELL_DONE;
    if (!order_read(order, words, 2, &word)) {
        told = wrong(why, "no value for it, or none that can be", word);
    } else if (world_order_in(world, realm, words->at[1], order->args, why) != SB_ERR_OK) {
        told = TELL_REFUSED;
    }
    sb_list_finish(&order->to);
    free(order->args);
    free(order);
    return told;
}

/* ---- what others do, and what goes wrong ---- */

/* ORG reports|notes "…" · ORG mandate FUNCTION LEVEL · ORG PERSON|somebody ack|yes|deputy|no ·
 * ORG PERSON at SPAN */
static enum tell agent_acts(struct world *world, const struct tell_words *words, struct sb_why *why)
{
    const int agent = world_find(world, words->at[0]);
    if (agent < 0 || words->count < 3) {
        return wrong(why, "nobody does this", words->at[0]);
    }
    struct sb_record *args = sb_alloc(1, sizeof *args);
    const struct sb_name org = sb_name(words->at[0]);
    const char *verb = "answer";
    if (tell_is(words, 1, "reports") || tell_is(words, 1, "notes")) {
        const bool report = tell_is(words, 1, "reports");
        verb = report ? "report" : "note";
        sb_record_set_text(args, report ? SB_FIELD_HAPPENED : SB_FIELD_TEXT, words->at[2]);
    } else if (tell_is(words, 1, "mandate") && words->count > 3) {
        verb = "mandate-declare";
        const struct sb_word *level = sb_word_find_text(SB_FIELD_LEVEL, words->at[3]);
        sb_record_set_name(args, SB_FIELD_ORG, &org);
        sb_record_set_text(args, SB_FIELD_FUNCTION, words->at[2]);
        sb_record_set_number(args, SB_FIELD_LEVEL, level == NULL ? 0 : level->number);
        sb_record_set_text(args, SB_FIELD_BASIS, "delegationsordning 4.2");
        sb_record_set_number(args, SB_FIELD_VALID_TO, WORLD_START_MS + 365ull * 24 * 3600 * 1000);
    } else {
        const struct sb_word *answer = sb_word_find_text(SB_FIELD_ANSWER, words->at[2]);
        if (!tell_is(words, 1, "somebody")) { /* who it is need not be said */
            sb_record_set_text(args, SB_FIELD_PERSON, words->at[1]);
        }
        if (answer == NULL) {
            verb = "ack";
        } else {
            sb_record_set_number(args, SB_FIELD_ANSWER, answer->number);
        }
        if (tell_is(words, 2, "at") && words->count > 3) {
            sb_record_set_number(args, SB_FIELD_AT,
                                 WORLD_START_MS + world->now_ms + tell_span_ms(words->at[3]));
        }
    }
    world_local(world, (unsigned)agent, verb, args, 0);
    free(args);
    return TELL_DONE;
}

static enum tell fault_comes(struct world *world, const struct world_fault *fault,
                             const struct tell_words *words, struct sb_why *why)
{
    const bool broker = tell_is(words, 1, "broker");
    const int agent = words->count > 1 ? world_find(world, words->at[1]) : -1;
    if (broker ? !fault->at_broker : agent < 0 || !fault->at_agent) {
        return wrong(why, "it cannot meet that one", words->at[0]);
    }
    fault->act(world, broker ? WORLD_BROKER_END : agent,
               words->count > 2 ? strtoull(words->at[2], NULL, 10) : 0);
    return TELL_DONE;
}

enum tell tell_act(struct world *world, const char *act, struct sb_why *why)
{
    static const struct {
        const char *word;
        enum sb_realm realm;
    } tibs[] = {
        {"tib", SB_REALM_LIVE}, {"tib-ovning", SB_REALM_EXERCISE}, {"tib-prov", SB_REALM_TEST}};
    struct tell_words words;
    if (!tell_words_read(act, &words) || words.count == 0) {
        return wrong(why, "too many words, or none", act);
    }
    for (size_t i = 0; i < sizeof tibs / sizeof tibs[0]; i++) {
        if (tell_is(&words, 0, tibs[i].word)) {
            return tib_acts(world, &words, tibs[i].realm, why);
        }
    }
    const struct world_fault *fault = world_fault_find(words.at[0]);
    if (fault != NULL) {
        return fault_comes(world, fault, &words, why);
    }
    const int agent = words.count > 1 ? world_find(world, words.at[1]) : -1;
    if (tell_is(&words, 0, "off") && agent >= 0) {
        world_off(world, (unsigned)agent);
        return TELL_DONE;
    }
    if (tell_is(&words, 0, "on") && agent >= 0) {
        world_on(world, (unsigned)agent);
        return TELL_DONE;
    }
    return agent_acts(world, &words, why);
}
