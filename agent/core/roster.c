/* roster.c: who is tried for a function, in which order, and who holds which mandate. It rings
 * nobody and reads no file. */
#include "roster.h"

static bool who_has(const struct sb_who *who, unsigned person)
{
    for (unsigned i = 0; i < who->count; i++) {
        if (who->person[i] == person) {
            return true;
        }
    }
    return false;
}

static void who_add(struct sb_who *who, const unsigned *person, unsigned count)
{
    const unsigned room = sizeof who->person / sizeof who->person[0];

    for (unsigned i = 0; i < count && who->count < room; i++) {
        if (!who_has(who, person[i])) {
            who->person[who->count++] = person[i];
        }
    }
}

/* An organisation's own row stands before one for all organisations. */
static const struct sb_roster_function *function_find(const struct sb_roster *roster,
                                                      const struct sb_name *org,
                                                      const struct sb_name *function)
{
    const struct sb_roster_function *common = NULL;

    for (unsigned i = 0; i < roster->function_count; i++) {
        const struct sb_roster_function *row = &roster->function[i];

        if (!sb_name_equal(&row->function, function)) {
            continue;
        }
        if (sb_name_equal(&row->org, org)) {
            return row;
        }
        if (row->org.text[0] == '\0') {
            common = row;
        }
    }
    return common;
}

struct sb_who sb_roster_who(const struct sb_roster *roster, const struct sb_name *org,
                            const struct sb_name *function, const struct sb_name *via,
                            struct sb_now now)
{
    struct sb_who who = {.step_ms = SB_STEP_DEFAULT_MS};
    const struct sb_roster_function *through =
        via->text[0] == '\0' ? NULL : function_find(roster, org, via);
    const struct sb_roster_function *own = function_find(roster, org, function);

    /* The order does not depend on the time yet: a rota will read it. */
    (void)now;
    if (own == NULL || own->people_count + own->deputy_count == 0) {
        own = through; /* no duty of its own */
    }
    if (own != NULL) {
        who.step_ms = own->step_ms;
        who_add(&who, own->people, own->people_count);
        who.first_deputy = who.count;
        who_add(&who, own->deputies, own->deputy_count);
    }
    if (through != NULL) {
        who_add(&who, through->people, through->people_count);
        who_add(&who, through->deputies, through->deputy_count);
    }
    if (who.step_ms == 0) {
        who.step_ms = SB_STEP_DEFAULT_MS; /* the roster does not say */
    }
    return who;
}

bool sb_roster_holds_mandate(const struct sb_roster *roster, unsigned person,
                             const struct sb_name *function, enum sb_forum_level level)
{
    if (person >= roster->person_count) {
        return false;
    }
    const struct sb_roster_person *row = &roster->person[person];

    for (unsigned i = 0; i < row->mandate_count; i++) {
        if (row->mandate[i].level == level
            && (row->mandate[i].function.text[0] == '\0'
                || sb_name_equal(&row->mandate[i].function, function))) {
            return true;
        }
    }
    return false;
}

int sb_roster_find(const struct sb_roster *roster, const struct sb_name *id)
{
    for (unsigned i = 0; i < roster->person_count; i++) {
        if (sb_name_equal(&roster->person[i].id, id)) {
            return (int)i;
        }
    }
    return -1;
}
