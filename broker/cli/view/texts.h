/* texts.h: every sentence that `samband` says to a person, in Swedish and English, in one table:
 * the general ones in texts_said.h, help in texts_help.h. Patterns have places {1} {2} … that are
 * filled with ready texts, so that a language may order them as it likes. Names of fields, words
 * and errors are not here: they stand in the tables of fields.h, words.h, kinds.h and err.h. */
#ifndef SAMBAND_CLI_TEXTS_H
#define SAMBAND_CLI_TEXTS_H

#include "view/texts_help.h"
#include "view/texts_said.h"

#include <stddef.h>

enum sb_text {
    SB_TEXT_NOTHING,
#define X(name, sv, en) SB_TEXT_##name,
    SB_TEXTS_SAID(X)
    SB_TEXTS_HELP(X) SB_TEXTS_OPTIONS(X)
#undef X
        SB_TEXT_COUNT
};

enum sb_language {
    SB_LANGUAGE_SV,
    SB_LANGUAGE_EN
};

/* From LC_ALL, LC_MESSAGES and LANG, the first that is set and not empty (NULL = not set): English
 * where it begins with "en", else Swedish. */
enum sb_language sb_language_choose(const char *lc_all, const char *lc_messages, const char *lang);

/* Never NULL. */
const char *sb_text(enum sb_language language, enum sb_text text);
/* The one of two that is in the language: for the tables that carry both. */
const char *sb_text_either(enum sb_language language, const char *sv, const char *en);

/* Puts values[n - 1] where the pattern has {n}; `ret` is always terminated, and ends in "…" where
 * it was too small. */
void sb_text_fill(const char *pattern, const char *const *values, unsigned count, char *ret,
                  size_t size);

#endif
