/* commands.c: the table of verbs and looking a verb up in it. */
#include "commands.h"

#include <string.h>

static const struct sb_command *const table[] = {
#define X(name) &sb_cmd_##name,
    SB_COMMANDS(X)
#undef X
};

const struct sb_option sb_common_options[] = {
    {"connect", SB_TAKES_RAW, 0, SB_TEXT_VALUE_ENDPOINT, SB_TEXT_OPTION_CONNECT},
    {"profile", SB_TAKES_RAW, 0, SB_TEXT_VALUE_FOLDER, SB_TEXT_OPTION_PROFILE},
    {"json", SB_TAKES_FLAG, 0, SB_TEXT_NOTHING, SB_TEXT_OPTION_JSON},
    {"plain", SB_TAKES_FLAG, 0, SB_TEXT_NOTHING, SB_TEXT_OPTION_PLAIN},
    {"yes", SB_TAKES_RAW, 0, SB_TEXT_VALUE_WORD, SB_TEXT_OPTION_YES},
    {"help", SB_TAKES_FLAG, 0, SB_TEXT_NOTHING, SB_TEXT_OPTION_HELP},
    {0},
};

const struct sb_command *sb_command_at(unsigned position)
{
    return position < sizeof table / sizeof table[0] ? table[position] : NULL;
}

/* How many of `words` the name is made of, 0 where they are others. */
static unsigned name_matches(const char *name, const char *const *words, unsigned count)
{
    unsigned used = 0;
    while (used < count) {
        size_t size = strcspn(name, " ");
        if (strlen(words[used]) != size || memcmp(words[used], name, size) != 0) {
            return 0;
        }
        used++;
        if (name[size] == '\0') {
            return used;
        }
        name += size + 1;
    }
    return 0;
}

const struct sb_command *sb_command_find(const char *const *words, unsigned count,
                                         unsigned *ret_used)
{
    const struct sb_command *found = NULL;
    unsigned best = 0;
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (unsigned k = 0; k <= SB_ALIASES_MAX; k++) {
            const char *name = k == 0 ? table[i]->name : table[i]->alias[k - 1];
            unsigned used = name == NULL ? 0 : name_matches(name, words, count);
            if (used > best) {
                best = used;
                found = table[i];
            }
        }
    }
    *ret_used = best;
    return found;
}
