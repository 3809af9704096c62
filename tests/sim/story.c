/* story.c: plays one story in the simulated county and holds it against its lines. A story is what
 * an operator can read; tests/scenario/README.md has its words. Every line that the actors trace
 * must stand in the story, in order and at its second: what is unexpected fails as surely as what
 * is missing. What must hold on a day of the swarm must in a story. */
#include "story.h"

#include "tell.h"
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#define LINES_MAX      400
#define TRACE_SIZE     240
#define STORY_START_MS 20000u /* the story's second 0: connections stand by then */
#define SETTLE_MS      30000u /* after the last command, so that late traces are seen */
#define BEFORE_MS      5000u  /* for what happens before the story */

struct line {
    unsigned number; /* in the file */
    char text[TELL_LINE_SIZE];
};

struct story {
    const char *path;
    struct line lines[LINES_MAX];
    unsigned line_count;
    char traced[LINES_MAX][TRACE_SIZE];
    unsigned traced_count;
    bool listening, failed, false_alarm;
    bool seeded; /* a day of the swarm: its second 0 is the county's, and nobody is connected yet */
    uint64_t seed, start_ms, calm_ms;
    struct course_people people;
    struct world *world;
};

struct story *story_new(const char *name)
{
    struct story *story = sb_alloc(1, sizeof *story);
    story->path = name;
    story->seed = 1;
    story->start_ms = STORY_START_MS;
    return story;
}

void story_destroy(struct story *story)
{
    if (story->world != NULL) {
        world_destroy(story->world);
    }
    free(story);
}

bool story_failed(const struct story *story)
{
    return story->failed;
}

static void story_fail(struct story *story, unsigned number, const char *what, const char *detail)
{
    (void)printf("%s:%u: %s%s\n", story->path, number, what, detail);
    story->failed = true;
}

static void story_trace(void *context, const char *actor, const char *text)
{
    struct story *story = context;
    if (!story->listening || story->traced_count == LINES_MAX) {
        return;
    }
    (void)snprintf(story->traced[story->traced_count++], TRACE_SIZE, "> [%5llu] %s %s",
                   (unsigned long long)((story->world->now_ms - story->start_ms) / 1000), actor,
                   text);
}

static void story_attempt(void *context, struct world *world, unsigned agent,
                          const struct sb_record *attempt)
{
    struct story *story = context;
    course_attempt(&story->people, world, agent, attempt);
}

/* The agents, each once, and the seed: what the county is made of. */
static void story_found(struct story *story)
{
    const char *orgs[WORLD_AGENTS_MAX];
    char names[WORLD_AGENTS_MAX][2 * SB_NAME_SIZE_MAX + 2];
    unsigned count = 0;
    for (unsigned i = 0; i < story->line_count; i++) {
        struct tell_words words;
        (void)tell_words_read(story->lines[i].text, &words);
        if (tell_is(&words, 0, "seed") && words.count == 2) {
            story->seeded = true;
            story->seed = strtoull(words.at[1], NULL, 10);
            story->start_ms = 0;
            course_people_seed(&story->people, story->seed);
        }
        bool is_new = tell_is(&words, 0, "agent") && words.count > 1 && count < WORLD_AGENTS_MAX;
        for (unsigned j = 0; j < count && is_new; j++) {
            is_new = strcmp(orgs[j], words.at[1]) != 0;
        }
        if (is_new) {
            (void)snprintf(names[count], sizeof names[count], "%s", words.at[1]);
            orgs[count] = names[count];
            count++;
        }
    }
    story->world = world_new(story->seed, orgs, count);
    story->world->context = story;
    story->world->on_trace = story_trace;
    story->world->on_attempt = story_attempt;
}

/* What is refused must be said to be. */
static bool story_act(struct story *story, const struct line *line, const char *act)
{
    static const char refused[] = " refused";
    char text[TELL_LINE_SIZE];
    struct sb_why why = {0};
    (void)snprintf(text, sizeof text, "%s", act);
    const size_t size = strlen(text);
    const size_t end = sizeof refused - 1;
    const bool refusal = size > end && strcmp(text + size - end, refused) == 0;
    if (refusal) {
        text[size - end] = '\0';
    }
    const enum tell told = tell_act(story->world, text, &why);
    if (told == TELL_WRONG || (told == TELL_REFUSED && !refusal)) {
        story_fail(story, line->number, "", why.text);
    } else if (told == TELL_DONE && refusal) {
        story_fail(story, line->number, "it was not refused: ", text);
    }
    if (story->false_alarm) {
        (void)course_false_alarm(story->world, text);
    }
    story->world->moved = -1;
    return world_holds(story->world, false);
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
static void story_expect(struct story *story, const struct line *line,
                         const struct tell_words *words)
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
static void story_never(struct story *story, const struct line *line,
                        const struct tell_words *words)
{
    char needle[TELL_LINE_SIZE];
    (void)snprintf(needle, sizeof needle, "] %s %s", words->count > 1 ? words->at[1] : "",
                   words->count > 2 ? words->at[2] : "");
    for (unsigned i = 0; i < story->traced_count; i++) {
        if (strstr(story->traced[i], needle) != NULL) {
            story_fail(story, line->number, "never, yet: ", story->traced[i]);
        }
    }
}

void story_compare(struct story *story)
{
    unsigned position = 0;
    bool says = false;
    for (unsigned i = 0; i < story->line_count; i++) {
        says = says || story->lines[i].text[0] == '>'
               || strncmp(story->lines[i].text, "expect", 6) == 0;
    }
    if (!says) {
        return;
    }
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

/* What happens at its time; the act begins with the third word. */
static bool story_at(struct story *story, const struct line *line, const struct tell_words *words)
{
    bool holds = story->listening || course_run(story->world, story->start_ms);
    story->listening = true;
    holds = holds && course_run(story->world, story->start_ms + tell_span_ms(words->at[1]));
    const char *act = line->text + (words->at[2] - words->text);
    holds = holds && story_act(story, line, act);
    world_trace_add(story->world, "step", sb_bytes_str(act));
    return holds;
}

/* False where an invariant broke. */
static bool story_line(struct story *story, const struct line *line)
{
    struct world *world = story->world;
    struct tell_words words;
    struct sb_why why = {0};
    (void)tell_words_read(line->text, &words);
    if (tell_is(&words, 0, "before") && words.count > 1) {
        return story_act(story, line, line->text + (words.at[1] - words.text))
               && (story->seeded || course_run(world, world->now_ms + BEFORE_MS));
    }
    if (tell_is(&words, 0, "at") && words.count > 2) {
        return story_at(story, line, &words);
    }
    if (tell_is(&words, 0, "until") && words.count == 2) {
        return course_run(world, story->start_ms + tell_span_ms(words.at[1]));
    }
    if (tell_is(&words, 0, "calm") && words.count == 2) {
        story->calm_ms = tell_span_ms(words.at[1]);
    } else if (tell_is(&words, 0, "expect")) {
        const bool holds = course_run(world, world->now_ms + SETTLE_MS);
        if (holds) {
            story_expect(story, line, &words);
        }
        return holds;
    } else if (tell_is(&words, 0, "never")) {
        story_never(story, line, &words);
    } else if (line->text[0] != '>' && !tell_is(&words, 0, "seed")
               && tell_setup(world, &story->people, line->text, &why) != TELL_DONE) {
        story_fail(story, line->number, "", why.text);
    }
    return true;
}

void story_play(struct story *story, bool false_alarm, unsigned asked, struct day *ret_day)
{
    story->false_alarm = false_alarm;
    story_found(story);
    story->world->asked = asked;
    struct world *world = story->world;
    bool holds = true;
    for (unsigned i = 0; holds && i < story->line_count; i++) {
        holds = story_line(story, &story->lines[i]);
    }
    story->listening = false;
    if (holds) {
        holds = world_holds(world, true) && course_end(world, story->calm_ms);
    }
    *ret_day = (struct day){.holds = holds, .at_ms = world->now_ms, .trace = world->trace};
    if (!holds) {
        ret_day->rule = world->broken_rule;
        (void)snprintf(ret_day->why, sizeof ret_day->why, "%s", world->broken.text);
        story->failed = true;
    }
}

void story_print(const struct story *story)
{
    for (unsigned i = 0; i < story->traced_count; i++) {
        (void)printf("%s\n", story->traced[i]);
    }
}

bool story_read(struct story *story, FILE *file)
{
    char text[TELL_LINE_SIZE];
    for (unsigned number = 1; fgets(text, sizeof text, file) != NULL; number++) {
        const size_t size = strcspn(text, "\n");
        const char *begin = text + strspn(text, " ");
        if (text[size] != '\n' && feof(file) == 0) {
            story_fail(story, number, "longer than a line may be: ", text);
            return false;
        }
        text[size] = '\0';
        if (*begin == '\0' || *begin == '#') {
            continue;
        }
        if (story->line_count == LINES_MAX) {
            story_fail(story, number, "more lines than a story may have: ", text);
            return false;
        }
        struct line *line = &story->lines[story->line_count++];
        line->number = number;
        (void)snprintf(line->text, sizeof line->text, "%s", begin);
    }
    return true;
}
