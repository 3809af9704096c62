/* options.c: see options.h. */
#include "view/options.h"

#include "samband/err.h"

#include <stdlib.h>
#include <string.h>

#define EVENT_DIGITS_MIN 4
#define EVENT_DIGITS_MAX 64

bool sb_options_is_event(const char *word)
{
    size_t digits = strspn(word, "0123456789abcdefABCDEF");
    return word[digits] == '\0' && digits >= EVENT_DIGITS_MIN && digits <= EVENT_DIGITS_MAX;
}

void sb_parsed_finish(struct sb_parsed *parsed)
{
    free(parsed->given);
    *parsed = (struct sb_parsed){0};
}

static const struct sb_option *option_find(const struct sb_option *options, const char *name,
                                           size_t size)
{
    for (; options != NULL && options->name != NULL; options++) {
        if (strlen(options->name) == size && memcmp(options->name, name, size) == 0) {
            return options;
        }
    }
    return NULL;
}

static bool option_repeats(const struct sb_option *option)
{
    return option->takes == SB_TAKES_LIST || option->takes == SB_TAKES_COMMAS;
}

struct parsing {
    const char *const *words;
    unsigned count, at;
    const struct sb_option *own, *common;
    struct sb_parsed parsed;
    const char **operands; /* words that are no options */
    unsigned operand_count;
};

static struct sb_usage_problem problem(enum sb_usage usage, const char *word)
{
    return (struct sb_usage_problem){.usage = usage, .word = word};
}

/* words[at] begins with "--" or is "-h". */
static struct sb_usage_problem option_take(struct parsing *parsing)
{
    const char *word = parsing->words[parsing->at++];
    const char *name = strcmp(word, "-h") == 0 ? "help" : word + 2;
    size_t size = strcspn(name, "=");
    const char *value = name[size] == '=' ? name + size + 1 : NULL;
    const struct sb_option *option = option_find(parsing->own, name, size);
    if (option == NULL) {
        option = option_find(parsing->common, name, size);
    }
    if (option == NULL) {
        return problem(SB_USAGE_UNKNOWN_OPTION, word);
    }
    if (option->takes == SB_TAKES_FLAG && value != NULL) {
        return problem(SB_USAGE_TAKES_NO_VALUE, word);
    }
    if (option->takes != SB_TAKES_FLAG && value == NULL) {
        if (parsing->at == parsing->count) {
            return problem(SB_USAGE_NEEDS_VALUE, word);
        }
        value = parsing->words[parsing->at++];
    }
    for (unsigned i = 0; i < parsing->parsed.count && !option_repeats(option); i++) {
        if (parsing->parsed.given[i].option == option) {
            return problem(SB_USAGE_TWICE, word);
        }
    }
    parsing->parsed.given[parsing->parsed.count++] =
        (struct sb_given){.option = option, .value = value};
    return problem(SB_USAGE_FINE, NULL);
}

static struct sb_usage_problem words_sort(struct parsing *parsing)
{
    bool options_end = false;
    while (parsing->at < parsing->count) {
        const char *word = parsing->words[parsing->at];
        bool is_option = !options_end && (strncmp(word, "--", 2) == 0 || strcmp(word, "-h") == 0);
        if (is_option && strcmp(word, "--") == 0) {
            options_end = true;
            parsing->at++;
        } else if (is_option) {
            struct sb_usage_problem found = option_take(parsing);
            if (found.usage != SB_USAGE_FINE) {
                return found;
            }
        } else {
            parsing->operands[parsing->operand_count++] = word;
            parsing->at++;
        }
    }
    return problem(SB_USAGE_FINE, NULL);
}

static struct sb_usage_problem operands_place(struct parsing *parsing,
                                              const struct sb_operand *operands)
{
    unsigned required = 0, used = 0;
    for (const struct sb_operand *o = operands; o != NULL && o->name != SB_TEXT_NOTHING; o++) {
        required += o->optional ? 0 : 1;
    }
    for (const struct sb_operand *o = operands; o != NULL && o->name != SB_TEXT_NOTHING; o++) {
        unsigned left = parsing->operand_count - used;
        const char *word = left > 0 ? parsing->operands[used] : NULL;
        bool fits = word != NULL && (o->takes != SB_TAKES_EVENT || sb_options_is_event(word));
        if (o->optional && (!fits || left <= required)) {
            continue;
        }
        if (!fits) {
            return (struct sb_usage_problem){SB_USAGE_MISSING, word, o};
        }
        required -= o->optional ? 0 : 1;
        parsing->parsed.given[parsing->parsed.count++] =
            (struct sb_given){.operand = o, .value = word};
        used++;
    }
    if (used < parsing->operand_count) {
        return problem(SB_USAGE_TOO_MUCH, parsing->operands[used]);
    }
    return problem(SB_USAGE_FINE, NULL);
}

struct sb_usage_problem sb_options_parse(const char *const *words, unsigned count,
                                         const struct sb_option *own,
                                         const struct sb_option *common,
                                         const struct sb_operand *operands,
                                         struct sb_parsed *ret_parsed)
{
    struct parsing parsing = {.words = words, .count = count, .own = own, .common = common};
    parsing.parsed.given = sb_alloc((size_t)count + 1, sizeof *parsing.parsed.given);
    parsing.operands = sb_alloc((size_t)count + 1, sizeof *parsing.operands);
    struct sb_usage_problem found = words_sort(&parsing);
    /* Whoever asks for help need not have everything else in place. */
    bool help = sb_parsed_value(&parsing.parsed, "help") != NULL;
    if (found.usage == SB_USAGE_FINE && !help) {
        found = operands_place(&parsing, operands);
    }
    free(parsing.operands);
    if (found.usage == SB_USAGE_FINE) {
        *ret_parsed = parsing.parsed;
    } else {
        sb_parsed_finish(&parsing.parsed);
    }
    return found;
}

const char *sb_parsed_value(const struct sb_parsed *parsed, const char *option)
{
    for (unsigned i = 0; i < parsed->count; i++) {
        const struct sb_given *given = &parsed->given[i];
        if (given->option != NULL && strcmp(given->option->name, option) == 0) {
            return given->value != NULL ? given->value : given->option->name;
        }
    }
    return NULL;
}

const char *sb_parsed_field(const struct sb_parsed *parsed, enum sb_field field)
{
    for (unsigned i = 0; i < parsed->count; i++) {
        const struct sb_given *given = &parsed->given[i];
        enum sb_field filled = given->option != NULL ? given->option->field : given->operand->field;
        if (filled == field) {
            return given->value;
        }
    }
    return NULL;
}
