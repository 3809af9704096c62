/* words.c: the closed vocabularies as tables, and which field speaks which. */
#include "samband/words.h"

#include "samband/err.h"

#include <stddef.h>

#define X(name, number_is, json_is, sv_is, en_is) \
    {.number = (number_is), .json = (json_is), .sv = (sv_is), .en = (en_is)},
static const struct sb_word realms[] = {SB_REALMS(X)};
static const struct sb_word levels[] = {SB_LEVELS(X)};
static const struct sb_word modes[] = {SB_MODES(X)};
static const struct sb_word secrecies[] = {SB_SECRECIES(X)};
static const struct sb_word rungs[] = {SB_RUNGS(X)};
static const struct sb_word answers[] = {SB_ANSWERS(X)};
static const struct sb_word steps[] = {SB_STEPS(X)};
static const struct sb_word colours[] = {SB_COLOURS(X)};
static const struct sb_word mandate_states[] = {SB_MANDATE_STATES(X)};
static const struct sb_word roles[] = {SB_ROLES(X)};
static const struct sb_word results[] = {SB_RESULTS(X)};
static const struct sb_word alert_states[] = {SB_ALERT_STATES(X)};
static const struct sb_word misdeeds[] = {SB_MISDEEDS(X)};
static const struct sb_word errors[] = {SB_ERRORS(X)};
#undef X

struct vocabulary {
    enum sb_field field;
    unsigned count;
    const struct sb_word *words;
};

#define VOCABULARY(name, table)                                                                 \
    {                                                                                           \
        .field = SB_FIELD_##name, .count = sizeof(table) / sizeof((table)[0]), .words = (table) \
    }

static const struct vocabulary vocabularies[] = {
    VOCABULARY(REALM, realms),       VOCABULARY(SECRECY, secrecies),
    VOCABULARY(RUNG, rungs),         VOCABULARY(STEP, steps),
    VOCABULARY(ANSWER, answers),     VOCABULARY(LEVEL, levels),
    VOCABULARY(MODE, modes),         VOCABULARY(REASON_CODE, errors),
    VOCABULARY(COLOUR, colours),     VOCABULARY(MANDATE_STATE, mandate_states),
    VOCABULARY(STATE, alert_states), VOCABULARY(ROLE, roles),
    VOCABULARY(VERDICT, errors),     VOCABULARY(RESULT, results),
    VOCABULARY(ERROR, errors),       VOCABULARY(MISDEED, misdeeds),
};

const struct sb_word *sb_words(enum sb_field field, unsigned *ret_count)
{
    for (size_t i = 0; i < sizeof vocabularies / sizeof vocabularies[0]; i++) {
        if (vocabularies[i].field == field) {
            *ret_count = vocabularies[i].count;
            return vocabularies[i].words;
        }
    }
    *ret_count = 0;
    return NULL;
}

const struct sb_word *sb_word_find(enum sb_field field, unsigned number)
{
    unsigned count = 0;
    const struct sb_word *words = sb_words(field, &count);

    for (unsigned i = 0; i < count; i++) {
        if (words[i].number == number) {
            return &words[i];
        }
    }
    return NULL;
}

static unsigned ascii_lower(char c)
{
    unsigned letter = (unsigned char)c;

    return letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter;
}

/* Other letters than ASCII's are compared as they stand: å folded without a locale is not worth its
 * tables, and the JSON names have none. */
static bool text_equal_folded(const char *a, const char *b)
{
    size_t i = 0;

    while (a[i] != '\0' && ascii_lower(a[i]) == ascii_lower(b[i])) {
        i++;
    }
    return a[i] == b[i];
}

const struct sb_word *sb_word_find_text(enum sb_field field, const char *text)
{
    unsigned count = 0;
    const struct sb_word *words = sb_words(field, &count);

    for (unsigned i = 0; i < count; i++) {
        if (text_equal_folded(words[i].json, text) || text_equal_folded(words[i].sv, text)
            || text_equal_folded(words[i].en, text)) {
            return &words[i];
        }
    }
    return NULL;
}
