/* target_roster.c: roster.yaml as any file. In what is taken every function's people exist, nobody
 * is tried twice, and everybody has a name. */
#include "../../agent/core/roster.h"
#include "../../agent/roster_file.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void who_look(const struct sb_roster *roster, const struct sb_roster_function *function)
{
    static const struct sb_now now = {.mono_ms = 1, .wall_ms = 1767225600000ull};
    const struct sb_name nobody = {{0}};
    struct sb_who who = sb_roster_who(roster, &function->org, &function->function, &nobody, now);
    SB_ASSERT(who.count >= 1 && who.count <= 2 * SB_PER_FUNCTION_MAX);
    SB_ASSERT(who.step_ms >= SB_STEP_MIN_MS && who.first_deputy <= who.count);
    for (unsigned i = 0; i < who.count; i++) {
        SB_ASSERT(who.person[i] < roster->person_count);
        for (unsigned before = 0; before < i; before++) {
            SB_ASSERT(who.person[i] != who.person[before]);
        }
        (void)sb_roster_holds_mandate(roster, who.person[i], &function->function,
                                      SB_LEVEL_SAMORDNANDE_FORUM);
    }
}

void fuzz_one(struct sb_bytes bytes)
{
    struct fuzz_file file;
    struct sb_why why = {0};
    fuzz_file_open(&file, bytes);
    struct sb_roster *roster = sb_roster_file_load(file.path, &why);
    SB_ASSERT(roster != NULL || strstr(why.text, file.path) != NULL);
    fuzz_said(SB_ERR_OK, &why);
    for (unsigned i = 0; roster != NULL && i < roster->function_count; i++) {
        who_look(roster, &roster->function[i]);
    }
    for (unsigned i = 0; roster != NULL && i < roster->person_count; i++) {
        SB_ASSERT(sb_roster_find(roster, &roster->person[i].id) == (int)i);
        SB_ASSERT(sb_bytes_is_text(sb_bytes_str(roster->person[i].name)));
    }
    free(roster);
    fuzz_file_close(&file);
}
