/* story.c: plays one story (tests/scenario/NAME.scn) in the simulated county and holds it against
 * its lines. A story is what an operator can read; tests/scenario/README.md has its words. Every
 * line that the actors trace must stand in the story, in order and at its second: what is
 * unexpected fails as surely as what is missing. What must hold on a day of the swarm must in a
 * story.
 *
 *     play STORY.scn [--print]     --print shows what was traced, as lines of a story */
#include "faults.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX      400
#define LINE_SIZE      240
#define WORDS_MAX      24
#define STORY_START_MS 20000u  /* the story's second 0: connections stand by then */
#define SETTLE_MS      30000u  /* after the last command, so that late traces are seen */
#define BOUND_MS       120000u /* by then after the last fault all is through */
#define LOOK_MS        1000u   /* between two looks whether it is */

struct line {
    unsigned number; /* in the file */
    char text[LINE_SIZE];
};

struct story {
    const char *path;
    struct line lines[LINES_MAX];
    unsigned line_count;
    char traced[LINES_MAX][LINE_SIZE];
    unsigned traced_count;
    bool listening, print, failed;
    struct world *world;
};

struct words {
    char text[LINE_SIZE];
    char *at[WORDS_MAX];
    unsigned count;
};

static void story_fail(struct story *story, unsigned number, const char *what, const char *detail)
{
    (void)printf("%s:%u: %s%s\n", story->path, number, what, detail);
    story->failed = true;
}

/* Words are parted by blanks; "in quotes" is one word, commas are blanks. */
static void words_read(const char *line, struct words *words)
{
    (void)snprintf(words->text, sizeof words->text, "%s", line);
    words->count = 0;
    char *at = words->text;
    while (*at != '\0' && words->count < WORDS_MAX) {
        while (isspace((unsigned char)*at) || *at == ',') {
            at++;
        }
        if (*at == '\0') {
            return;
        }
        bool quoted = *at == '"';
        at += quoted ? 1 : 0;
        words->at[words->count++] = at;
        while (*at != '\0' && (quoted ? *at != '"' : !isspace((unsigned char)*at) && *at != ',')) {
            at++;
        }
        if (*at != '\0') {
            *at++ = '\0';
        }
    }
}

static bool word_is(const struct words *words, unsigned at, const char *text)
{
    return at < words->count && strcmp(words->at[at], text) == 0;
}

/* "90s", "5m", "3h" in milliseconds. */
static uint64_t span_ms(const char *text)
{
    char *end = NULL;
    uint64_t number = strtoull(text, &end, 10);
    return number * (*end == 'h' ? 3600000u : *end == 'm' ? (end[1] == 's' ? 1u : 60000u) : 1000u);
}

static void story_trace(void *context, const char *actor, const char *text)
{
    struct story *story = context;
    if (!story->listening || story->traced_count == LINES_MAX) {
        return;
    }
    (void)snprintf(story->traced[story->traced_count++], LINE_SIZE, "> [%5llu] %s %s",
                   (unsigned long long)((story->world->now_ms - STORY_START_MS) / 1000), actor,
                   text);
}

/* In a story every channel accepts at once; people answer only where a line says so. */
static void story_attempt(void *context, struct world *world, unsigned agent,
                          const struct sb_record *attempt)
{
    (void)context;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_bytes(args, SB_FIELD_ATTEMPT, sb_record_bytes(attempt, SB_FIELD_ATTEMPT));
    sb_record_set_number(args, SB_FIELD_RESULT, SB_RESULT_ACCEPTED);
    world_local(world, agent, "result", args, 1);
    free(args);
}

static void setup_agents(struct story *story)
{
    const char *orgs[WORLD_AGENTS_MAX];
    char names[WORLD_AGENTS_MAX][SB_NAME_SIZE_MAX];
    unsigned count = 0;
    for (unsigned i = 0; i < story->line_count; i++) {
        struct words words;
        words_read(story->lines[i].text, &words);
        if (word_is(&words, 0, "agent") && words.count > 1 && count < WORLD_AGENTS_MAX) {
            (void)snprintf(names[count], sizeof names[count], "%s", words.at[1]);
            orgs[count] = names[count];
            count++;
        }
    }
    story->world = world_new(1, orgs, count);
    story->world->context = story;
    story->world->on_trace = story_trace;
    story->world->on_attempt = story_attempt;
}

/* broker with forum rsf [level samordnande] seats taby/tib solna/tib */
static void setup_forum(struct story *story, const struct line *line, const struct words *words)
{
    const char *level = "samordnande";
    char seats[512] = "";
    size_t at = 0;
    bool listing = false;
    for (unsigned i = 4; i < words->count; i++) {
        if (word_is(words, i, "level") && i + 1 < words->count) {
            level = words->at[++i];
        } else if (word_is(words, i, "seats")) {
            listing = true;
        } else if (listing) {
            const char *slash = strchr(words->at[i], '/');
            if (slash == NULL) {
                story_fail(story, line->number, "no seat: ", words->at[i]);
                return;
            }
            int written = snprintf(seats + at, sizeof seats - at, "%s%.*s:%s", at == 0 ? "" : ";",
                                   (int)(slash - words->at[i]), words->at[i], slash + 1);
            at += written > 0 ? (size_t)written : 0;
        }
    }
    char csv[800];
    (void)snprintf(csv, sizeof csv, "id,name,level,mode,seats\n%s,%s,%s,aktiverat,\"%s\"\n",
                   words->at[3], words->at[3], level, seats);
    struct sb_record *args = sb_alloc(1, sizeof *args);
    sb_record_set_text(args, SB_FIELD_CSV, csv);
    struct sb_why why = {0};
    if (world_order(story->world, "forum-load", args, &why) != SB_ERR_OK) {
        story_fail(story, line->number, "", why.text);
    }
    free(args);
}

/* agent taby roster tib: p7 then p8 deputy p9 [step 60s] [mandate none] */
static void setup_roster(struct story *story, const struct line *line, const struct words *words)
{
    int agent = words->count > 1 ? world_find(story->world, words->at[1]) : -1;
    if (agent < 0 || words->count < 5) {
        story_fail(story, line->number, "no roster: ", line->text);
        return;
    }
    struct sb_roster *roster = &story->world->agent[agent].roster;
    struct sb_roster_function *function = &roster->function[roster->function_count++];
    char *colon = strchr(words->at[3], ':');
    if (colon != NULL) {
        *colon = '\0';
    }
    function->function = sb_name(words->at[3]);
    function->step_ms = SB_STEP_DEFAULT_MS;
    bool deputy = false;
    for (unsigned i = 4; i < words->count; i++) {
        if (word_is(words, i, "then")) {
            continue;
        }
        if (word_is(words, i, "deputy")) {
            deputy = true;
        } else if (word_is(words, i, "step") && i + 1 < words->count) {
            function->step_ms = span_ms(words->at[++i]);
        } else if (word_is(words, i, "without")) {
            roster->person[roster->person_count - 1].mandate_count = 0;
        } else {
            struct sb_roster_person *person = &roster->person[roster->person_count];
            person->id = sb_name(words->at[i]);
            person->channel_count = 1;
            person->channel[0].kind = sb_name("sms");
            person->mandate_count = 1;
            person->mandate[0].level = SB_LEVEL_SAMORDNANDE_FORUM;
            if (deputy) {
                function->deputies[function->deputy_count++] = roster->person_count++;
            } else {
                function->people[function->people_count++] = roster->person_count++;
            }
        }
    }
}

/* tib VERB [FORUM] ["TITLE"] [at SPAN] [answer-by SPAN] [to SEAT…] [text "TEXT"] [seat SEAT] [via
 * VIA] */
static void tib_acts(struct story *story, const struct line *line, const struct words *words,
                     enum sb_realm realm, unsigned at)
{
    struct world *world = story->world;
    struct sb_record *args = sb_alloc(1, sizeof *args);
    struct sb_list_writer to;
    sb_list_init(&to);
    const char *verb = words->at[at++];
    for (; at < words->count; at++) {
        const char *next = at + 1 < words->count ? words->at[at + 1] : "";
        if (word_is(words, at, "at")) {
            sb_record_set_number(args, SB_FIELD_STARTS,
                                 WORLD_START_MS + world->now_ms + span_ms(next));
            at++;
        } else if (word_is(words, at, "answer-by")) {
            sb_record_set_number(args, SB_FIELD_ANSWER_BY,
                                 WORLD_START_MS + world->now_ms + span_ms(next));
            at++;
        } else if (word_is(words, at, "to")) {
            sb_list_add(&to, sb_bytes_str(next));
            at++;
        } else if (word_is(words, at, "text")) {
            sb_record_set_text(args, SB_FIELD_TEXT, next);
            at++;
        } else if (word_is(words, at, "happened")) {
            sb_record_set_text(args, SB_FIELD_HAPPENED, next);
            at++;
        } else if (word_is(words, at, "seat")) {
            sb_record_set_text(args, SB_FIELD_SEAT, next);
            at++;
        } else if (word_is(words, at, "via")) {
            sb_record_set_text(args, SB_FIELD_VIA, next);
            at++;
        } else if (word_is(words, at, "answer")) {
            const struct sb_word *answer = sb_word_find_text(SB_FIELD_ANSWER, next);
            sb_record_set_number(args, SB_FIELD_ANSWER, answer == NULL ? 0 : answer->number);
            at++;
        } else if (word_is(words, at, "holds-mandate")) {
            sb_record_set_number(args, SB_FIELD_HOLDS_MANDATE, 1);
        } else if (strchr(line->text, '"') != NULL && strstr(line->text, words->at[at]) != NULL
                   && *(strstr(line->text, words->at[at]) - 1) == '"') {
            sb_record_set_text(args, SB_FIELD_TITLE, words->at[at]);
        } else {
            sb_record_set_text(args, SB_FIELD_FORUM, words->at[at]);
        }
    }
    if (to.count > 0) {
        sb_record_set_bytes(args, SB_FIELD_TO, sb_list_bytes(&to));
    }
    struct sb_why why = {0};
    if (world_order_in(world, realm, verb, args, &why) != SB_ERR_OK) {
        story_fail(story, line->number, "", why.text);
    }
    sb_list_finish(&to);
    free(args);
}

/* AGENT mandate FUNCTION LEVEL · AGENT PERSON ack|yes|deputy|no · AGENT PERSON at SPAN */
static void agent_acts(struct story *story, const struct line *line, const struct words *words,
                       unsigned at)
{
    int agent = world_find(story->world, words->at[at]);
    if (agent < 0 || at + 2 >= words->count) {
        story_fail(story, line->number, "nobody does this: ", line->text);
        return;
    }
    struct sb_record *args = sb_alloc(1, sizeof *args);
    const char *verb = "answer";
    if (word_is(words, at + 1, "reports") || word_is(words, at + 1, "notes")) {
        const bool report = word_is(words, at + 1, "reports");
        verb = report ? "report" : "note";
        sb_record_set_text(args, report ? SB_FIELD_HAPPENED : SB_FIELD_TEXT, words->at[at + 2]);
    } else if (word_is(words, at + 1, "mandate") && at + 3 < words->count) {
        verb = "mandate-declare";
        const struct sb_word *level = sb_word_find_text(SB_FIELD_LEVEL, words->at[at + 3]);
        sb_record_set_text(args, SB_FIELD_FUNCTION, words->at[at + 2]);
        sb_record_set_number(args, SB_FIELD_LEVEL, level == NULL ? 0 : level->number);
        sb_record_set_text(args, SB_FIELD_BASIS, "delegationsordning 4.2");
        sb_record_set_number(args, SB_FIELD_VALID_TO, WORLD_START_MS + 365ull * 24 * 3600 * 1000);
    } else {
        sb_record_set_text(args, SB_FIELD_PERSON, words->at[at + 1]);
        const struct sb_word *answer = sb_word_find_text(SB_FIELD_ANSWER, words->at[at + 2]);
        if (answer == NULL) {
            verb = "ack";
        } else {
            sb_record_set_number(args, SB_FIELD_ANSWER, answer->number);
        }
        if (word_is(words, at + 2, "at") && at + 3 < words->count) {
            sb_record_set_number(args, SB_FIELD_AT,
                                 WORLD_START_MS + story->world->now_ms
                                     + span_ms(words->at[at + 3]));
        }
    }
    world_local(story->world, (unsigned)agent, verb, args, 0);
    free(args);
}

static void story_act(struct story *story, const struct line *line, const struct words *words,
                      unsigned at)
{
    struct world *world = story->world;
    int agent = at + 1 < words->count ? world_find(world, words->at[at + 1]) : -1;
    const struct world_fault *fault = at < words->count ? world_fault_find(words->at[at]) : NULL;
    if (at >= words->count) {
        story_fail(story, line->number, "nothing happens: ", line->text);
    } else if (word_is(words, at, "tib")) {
        tib_acts(story, line, words, SB_REALM_LIVE, at + 1);
    } else if (word_is(words, at, "tib-ovning") || word_is(words, at, "tib-prov")) {
        tib_acts(story, line, words,
                 word_is(words, at, "tib-prov") ? SB_REALM_TEST : SB_REALM_EXERCISE, at + 1);
    } else if (fault != NULL) {
        const bool broker = word_is(words, at + 1, "broker");
        if (broker ? !fault->at_broker : agent < 0 || !fault->at_agent) {
            story_fail(story, line->number, "it cannot meet that one: ", line->text);
            return;
        }
        fault->act(world, broker ? WORLD_BROKER_END : agent,
                   at + 2 < words->count ? strtoull(words->at[at + 2], NULL, 10) : 0);
    } else if (word_is(words, at, "off") && agent >= 0) {
        world_off(world, (unsigned)agent);
    } else if (word_is(words, at, "on") && agent >= 0) {
        world_on(world, (unsigned)agent);
    } else {
        agent_acts(story, line, words, at);
    }
}

struct board_word {
    const char *word;
    enum sb_field field;
    uint64_t number; /* 0: any */
};
static const struct board_word board_words[] = {
    {"stored", SB_FIELD_STORED_AT, 0},
    {"proven", SB_FIELD_PROVEN_AT, 0},
    {"notified", SB_FIELD_NOTIFIED_AT, 0},
    {"acknowledged", SB_FIELD_ACKED_AT, 0},
    {"mandated", SB_FIELD_MANDATE_STATE, SB_MANDATE_VALID},
    {"unmandated", SB_FIELD_MANDATE_STATE, SB_MANDATE_NONE},
    {"undeclared", SB_FIELD_MANDATE_STATE, SB_MANDATE_UNDECLARED},
    {"yes", SB_FIELD_ANSWER, SB_ANSWER_YES},
    {"no", SB_FIELD_ANSWER, SB_ANSWER_NO},
    {"late", SB_FIELD_LATE, 0},
    {"red", SB_FIELD_COLOUR, SB_COLOUR_RED},
    {"amber", SB_FIELD_COLOUR, SB_COLOUR_AMBER},
    {"green", SB_FIELD_COLOUR, SB_COLOUR_GREEN},
    {"dark", SB_FIELD_DARK_SINCE, 0},
    {"ring", SB_FIELD_RING, 0},
    {"exhausted", SB_FIELD_STEP, SB_STEP_EXHAUSTED},
    {"otherwise", SB_FIELD_VIA, 0},
    {"blamed", SB_FIELD_MISDEED, 0},
};

static bool board_says(const struct sb_record *head, const struct sb_record *row, const char *word)
{
    bool negated = word[0] == '!';
    word += negated ? 1 : 0;
    if (strcmp(word, "recalled") == 0) {
        return (sb_record_number(head, SB_FIELD_RECALLED) != 0) != negated;
    }
    for (size_t i = 0; i < sizeof board_words / sizeof *board_words; i++) {
        const struct board_word *at = &board_words[i];
        if (strcmp(word, at->word) == 0) {
            bool says = sb_record_has(row, at->field)
                        && (at->number == 0 || sb_record_number(row, at->field) == at->number);
            return says != negated;
        }
    }
    return false;
}

/* What an agent is said to have done stands in a row of its own: it is put into the seat's. */
static void blame_take(struct story *story, const char *org, struct sb_record *row)
{
    struct sb_record *said = sb_alloc(1, sizeof *said);
    const int agent = world_find(story->world, org);
    for (unsigned i = 1; agent >= 0 && world_reply_row(story->world, i, said); i++) {
        const struct sb_name name = sb_record_name(said, SB_FIELD_AGENT);
        if (sb_record_has(said, SB_FIELD_MISDEED)
            && sb_name_equal(&name, &story->world->agent[agent].name)) {
            sb_record_set_number(row, SB_FIELD_MISDEED, sb_record_number(said, SB_FIELD_MISDEED));
        }
        sb_record_clear(said);
    }
    free(said);
}

/* expect board taby: stored, notified, !acknowledged */
static void story_expect(struct story *story, const struct line *line, const struct words *words)
{
    struct sb_record *head = sb_alloc(1, sizeof *head);
    struct sb_record *row = sb_alloc(1, sizeof *row);
    struct sb_why why = {0};
    char org[SB_NAME_SIZE_MAX + 1];
    (void)snprintf(org, sizeof org, "%s", words->count > 2 ? words->at[2] : "");
    org[strcspn(org, ":")] = '\0';
    bool found = false;
    if (world_order(story->world, "status", head, &why) != SB_ERR_OK) {
        story_fail(story, line->number, "", why.text);
    } else {
        (void)world_reply_row(story->world, 0, head);
        for (unsigned i = 1; !found && world_reply_row(story->world, i, row); i++) {
            struct sb_name at = sb_record_name(row, SB_FIELD_ORG);
            found = strcmp(at.text, org) == 0;
            if (!found) {
                sb_record_clear(row);
            }
        }
        if (!found) {
            story_fail(story, line->number, "not on the board: ", org);
        }
        blame_take(story, org, row);
        for (unsigned i = 3; found && i < words->count; i++) {
            if (!board_says(head, row, words->at[i])) {
                story_fail(story, line->number, "the board does not say: ", words->at[i]);
            }
        }
    }
    free(head);
    free(row);
}

/* never taby alert */
static void story_never(struct story *story, const struct line *line, const struct words *words)
{
    char needle[LINE_SIZE];
    (void)snprintf(needle, sizeof needle, "] %s %s", words->count > 1 ? words->at[1] : "",
                   words->count > 2 ? words->at[2] : "");
    for (unsigned i = 0; i < story->traced_count; i++) {
        if (strstr(story->traced[i], needle) != NULL) {
            story_fail(story, line->number, "never, yet: ", story->traced[i]);
        }
    }
}

/* Runs on in virtual time; every step is looked at. */
static bool story_run(struct story *story, uint64_t until_ms)
{
    bool holds = true;
    while (holds && world_step(story->world, until_ms)) {
        holds = world_holds(story->world, false);
    }
    return holds;
}

/* What went wrong ends, and everything must come through, as after a day of the swarm. */
static void story_settle(struct story *story)
{
    struct world *world = story->world;
    story->listening = false;
    bool holds = world_holds(world, true);
    world_calm(world);
    const uint64_t bound_ms = world->now_ms + BOUND_MS;
    do {
        holds = holds && story_run(story, world->now_ms + LOOK_MS);
    } while (holds && world->now_ms < bound_ms && !world_is_drained(world));
    if (!holds || !world_drained(world, true)) {
        story_fail(story, 0, world_invariant_name(world->broken_rule), " does not hold: ");
        (void)printf("    %s\n", world->broken.text);
    }
}

/* The traced lines against the story's, one by one. */
static void story_compare(struct story *story)
{
    unsigned position = 0;
    for (unsigned i = 0; i < story->line_count; i++) {
        const struct line *line = &story->lines[i];
        if (line->text[0] != '>') {
            continue;
        }
        if (position >= story->traced_count) {
            story_fail(story, line->number, "never happened: ", line->text);
        } else if (strcmp(line->text, story->traced[position]) != 0) {
            story_fail(story, line->number, "instead: ", story->traced[position]);
            return;
        }
        position++;
    }
    for (; position < story->traced_count && !story->failed; position++) {
        story_fail(story, 0, "unexpected: ", story->traced[position]);
    }
}

static void story_play(struct story *story)
{
    setup_agents(story);
    for (unsigned i = 0; i < story->line_count; i++) {
        const struct line *line = &story->lines[i];
        struct words words;
        words_read(line->text, &words);
        if (word_is(&words, 0, "broker") && words.count > 5) {
            setup_forum(story, line, &words);
        } else if (word_is(&words, 0, "agent")) {
            setup_roster(story, line, &words);
        } else if (word_is(&words, 0, "before") && words.count > 1) {
            story_act(story, line, &words, 1);
            (void)story_run(story, story->world->now_ms + 5000);
        } else if (word_is(&words, 0, "at") && words.count > 2) {
            if (!story->listening) {
                (void)story_run(story, STORY_START_MS);
            }
            story->listening = true;
            (void)story_run(story, STORY_START_MS + span_ms(words.at[1]));
            story_act(story, line, &words, 2);
        } else if (word_is(&words, 0, "expect")) {
            (void)story_run(story, story->world->now_ms + SETTLE_MS);
            story_expect(story, line, &words);
        } else if (word_is(&words, 0, "never")) {
            story_never(story, line, &words);
        } else if (line->text[0] != '>') {
            story_fail(story, line->number, "not a line of a story: ", line->text);
        }
    }
    story_settle(story);
}

static bool story_load(struct story *story)
{
    FILE *file = fopen(story->path, "r");
    if (file == NULL) {
        (void)fprintf(stderr, "%s cannot be read\n", story->path);
        return false;
    }
    char text[LINE_SIZE];
    for (unsigned number = 1; fgets(text, sizeof text, file) != NULL; number++) {
        text[strcspn(text, "\n")] = '\0';
        if (text[0] != '\0' && text[0] != '#' && story->line_count < LINES_MAX) {
            struct line *line = &story->lines[story->line_count++];
            line->number = number;
            (void)snprintf(line->text, sizeof line->text, "%s", text);
        }
    }
    (void)fclose(file);
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: play STORY.scn [--print]\n");
        return 2;
    }
    struct story *story = sb_alloc(1, sizeof *story);
    story->path = argv[1];
    story->print = argc > 2 && strcmp(argv[2], "--print") == 0;
    if (!story_load(story)) {
        free(story);
        return 2;
    }
    story_play(story);
    if (story->print) {
        for (unsigned i = 0; i < story->traced_count; i++) {
            (void)printf("%s\n", story->traced[i]);
        }
    } else {
        story_compare(story);
    }
    int exit_code = story->failed ? 1 : 0;
    (void)printf("%s: %s\n", story->path, story->failed ? "FAILED" : "ok");
    world_destroy(story->world);
    free(story);
    return exit_code;
}
