/* plan.c: chance and exceptions. */
#include "plan.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word;
    enum sb_plan_kind kind;
    unsigned from_ms, to_ms; /* of the answer */
} plan_kinds[] = {
    {"yes", SB_PLAN_YES, 500, 6000},  {"later", SB_PLAN_LATER, 9000, 12000},
    {"at", SB_PLAN_AT, 1500, 5000},   {"no", SB_PLAN_NO, 800, 3000},
    {"silent", SB_PLAN_SILENT, 0, 0}, {"slow", SB_PLAN_SLOW, 500, 3000},
    {"broken", SB_PLAN_BROKEN, 0, 0},
};
#define SLOW_MS          4000 /* long enough to be killed in the middle of it */
#define PLAN_KINDS_COUNT (sizeof plan_kinds / sizeof *plan_kinds)

/* FNV-1a: spreads well enough for a demo, and is the same on every machine. */
static uint64_t chance(uint64_t seed, const char *person, const char *about)
{
    uint64_t hash = 14695981039346656037u ^ seed;
    const char *const texts[] = {person, "/", about};
    for (unsigned i = 0; i < 3; i++) {
        for (const char *at = texts[i]; *at != '\0'; at++) {
            hash = (hash ^ (unsigned char)*at) * 1099511628211u;
        }
    }
    return hash ^ (hash >> 29);
}

static void plan_make(unsigned row, uint64_t number, struct sb_plan *ret_plan)
{
    unsigned span_ms = plan_kinds[row].to_ms - plan_kinds[row].from_ms;
    ret_plan->kind = plan_kinds[row].kind;
    unsigned whole_ms = plan_kinds[row].from_ms + (span_ms == 0 ? 0 : (unsigned)(number % span_ms));
    ret_plan->accepted_ms = ret_plan->kind == SB_PLAN_SLOW ? SLOW_MS : 0;
    ret_plan->opened_ms = whole_ms / 2;
    ret_plan->answered_ms = whole_ms - whole_ms / 2;
}

/* Position of the person's row in plan_kinds; -1: not in the file; -2: a word that is none. */
static int plan_find(FILE *file, const char *person)
{
    char line[200];
    while (fgets(line, sizeof line, file) != NULL) {
        size_t name_size = strcspn(line, " \t\n#");
        if (name_size != strlen(person) || memcmp(line, person, name_size) != 0) {
            continue;
        }
        const char *word = line + name_size + strspn(line + name_size, " \t");
        size_t word_size = strcspn(word, " \t\n#");
        for (unsigned row = 0; row < PLAN_KINDS_COUNT; row++) {
            if (strlen(plan_kinds[row].word) == word_size
                && memcmp(plan_kinds[row].word, word, word_size) == 0) {
                return (int)row;
            }
        }
        return -2;
    }
    return -1;
}

const char *sb_plan_read(const char *path, const char *person, const char *about, uint64_t seed,
                         struct sb_plan *ret_plan)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return "the plan cannot be read";
    }
    int row = plan_find(file, person);
    (void)fclose(file);
    if (row == -2) {
        return "the plan has a word that is none of yes, later, at, no, silent, slow, broken";
    }
    uint64_t number = chance(seed, person, about);
    if (row == -1) {
        row = number % 16 == 0 ? 2 : 0; /* one in sixteen joins later, the others say yes */
    }
    plan_make((unsigned)row, number >> 8, ret_plan);
    return NULL;
}
