/* roster_file.c: roster.yaml. The file's form is a table; what ties its parts together (a function
 * names people that exist) is checked here, and everything wrong is named with the entry it stands
 * in. */
#include "roster_file.h"

#include "samband/config.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_MAX_MS 3600000 /* an hour between two people is a mistake, not a roster */

struct file_channel {
    char *kind, *contact;
};
struct file_mandate {
    char *function, *level;
};
struct file_person {
    char *id, *name;
    struct file_channel *channels;
    unsigned channels_count;
    struct file_mandate *mandates;
    unsigned mandates_count;
};
struct file_function {
    char *function, *org;
    uint64_t step_ms;
    char **people;
    unsigned people_count;
    char **deputies;
    unsigned deputies_count;
};
struct file_roster {
    struct file_person *people;
    unsigned people_count;
    struct file_function *functions;
    unsigned functions_count;
};

static const cyaml_schema_field_t channel_fields[] = {
    CYAML_FIELD_STRING_PTR("kind", CYAML_FLAG_POINTER, struct file_channel, kind, 1,
                           SB_NAME_SIZE_MAX),
    CYAML_FIELD_STRING_PTR("contact", CYAML_FLAG_POINTER, struct file_channel, contact, 1, 199),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t channel_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_channel, channel_fields),
};
static const cyaml_schema_field_t mandate_fields[] = {
    CYAML_FIELD_STRING_PTR("function", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                           struct file_mandate, function, 1, SB_NAME_SIZE_MAX),
    CYAML_FIELD_STRING_PTR("level", CYAML_FLAG_POINTER, struct file_mandate, level, 1, 40),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t mandate_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_mandate, mandate_fields),
};
static const cyaml_schema_field_t person_fields[] = {
    CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct file_person, id, 1, SB_NAME_SIZE_MAX),
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct file_person, name, 1, 119),
    CYAML_FIELD_SEQUENCE("channels", CYAML_FLAG_POINTER, struct file_person, channels,
                         &channel_schema, 0, SB_CHANNELS_PER_PERSON_MAX),
    CYAML_FIELD_SEQUENCE("mandates", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_person,
                         mandates, &mandate_schema, 0, SB_MANDATES_PER_PERSON_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t person_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_person, person_fields),
};
static const cyaml_schema_value_t id_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, SB_NAME_SIZE_MAX),
};
static const cyaml_schema_field_t function_fields[] = {
    CYAML_FIELD_STRING_PTR("function", CYAML_FLAG_POINTER, struct file_function, function, 1,
                           SB_NAME_SIZE_MAX),
    CYAML_FIELD_STRING_PTR("org", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_function,
                           org, 1, SB_NAME_SIZE_MAX),
    CYAML_FIELD_UINT("step-ms", CYAML_FLAG_OPTIONAL, struct file_function, step_ms),
    CYAML_FIELD_SEQUENCE("people", CYAML_FLAG_POINTER, struct file_function, people, &id_schema, 1,
                         SB_PER_FUNCTION_MAX),
    CYAML_FIELD_SEQUENCE("deputies", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_function,
                         deputies, &id_schema, 0, SB_PER_FUNCTION_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t function_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_function, function_fields),
};
static const cyaml_schema_field_t roster_fields[] = {
    CYAML_FIELD_SEQUENCE("people", CYAML_FLAG_POINTER, struct file_roster, people, &person_schema,
                         0, SB_PEOPLE_MAX),
    CYAML_FIELD_SEQUENCE("functions", CYAML_FLAG_POINTER, struct file_roster, functions,
                         &function_schema, 0, SB_FUNCTIONS_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t roster_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file_roster, roster_fields),
};

static const struct sb_phrase a_person = {"personen", "person"}, a_channel = {"kanalen", "channel"},
                              a_function = {"funktionen", "function"},
                              an_org = {"organisationen", "org"};

static enum sb_err name_take(const char *path, struct sb_phrase what, const char *text,
                             struct sb_name *ret_name, struct sb_why *why)
{
    if (!sb_name_read(sb_bytes_str(text), ret_name)) {
        struct sb_config_place place;
        return sb_why_say(
            why, SB_ERR_CONFIG,
            "%s: " SB_SV " \"%s\" är ingen beteckning; använd a-z, 0-9, '-' och '_', högst %d",
            "%s: " SB_EN " \"%s\" is no identifier; use a-z, 0-9, '-' and '_', at most %d",
            sb_config_place(path, NULL, text, &place), SB_PAIR(what), text, SB_NAME_SIZE_MAX);
    }
    return SB_ERR_OK;
}

static enum sb_err mandate_take(const char *path, const struct file_mandate *from,
                                struct sb_roster_person *person, struct sb_why *why)
{
    const struct sb_word *level = sb_word_find_text(SB_FIELD_LEVEL, from->level);
    if (level == NULL) {
        struct sb_config_place place;
        return sb_why_say(why, SB_ERR_CONFIG,
                          "%s: personen \"%s\" har mandat för nivån \"%s\"; det finns overordnad, "
                          "inriktande, samordnande, verkstallande",
                          "%s: person \"%s\" has a mandate for level \"%s\"; there are "
                          "overordnad, inriktande, samordnande, verkstallande",
                          sb_config_place(path, person->id.text, from->level, &place),
                          person->id.text, from->level);
    }
    unsigned at = person->mandate_count++;
    person->mandate[at].level = (enum sb_forum_level)level->number;
    if (from->function == NULL) {
        return SB_ERR_OK;
    }
    return name_take(path, a_function, from->function, &person->mandate[at].function, why);
}

static enum sb_err person_take(const char *path, const struct file_person *from,
                               struct sb_roster *roster, struct sb_why *why)
{
    struct sb_roster_person *person = &roster->person[roster->person_count];
    enum sb_err err = name_take(path, a_person, from->id, &person->id, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (sb_roster_find(roster, &person->id) >= 0) {
        struct sb_config_place place;
        return sb_why_say(why, SB_ERR_CONFIG, "%s: personen \"%s\" står två gånger; ta bort en",
                          "%s: person \"%s\" stands twice; remove one",
                          sb_config_place(path, from->id, from->id, &place), from->id);
    }
    (void)snprintf(person->name, sizeof person->name, "%s", from->name);
    for (unsigned i = 0; i < from->channels_count && err == SB_ERR_OK; i++) {
        struct sb_roster_channel *channel = &person->channel[person->channel_count++];
        err = name_take(path, a_channel, from->channels[i].kind, &channel->kind, why);
        (void)snprintf(channel->contact, sizeof channel->contact, "%s", from->channels[i].contact);
    }
    for (unsigned i = 0; i < from->mandates_count && err == SB_ERR_OK; i++) {
        err = mandate_take(path, &from->mandates[i], person, why);
    }
    roster->person_count++;
    return err;
}

static enum sb_err member_take(const char *path, const char *function, const char *text,
                               const struct sb_roster *roster, unsigned *ret_position,
                               struct sb_why *why)
{
    struct sb_name id = {0};
    enum sb_err err = name_take(path, a_person, text, &id, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    int position = sb_roster_find(roster, &id);
    if (position < 0) {
        struct sb_config_place place;
        return sb_why_say(why, SB_ERR_CONFIG,
                          "%s: funktionen \"%s\" nämner \"%s\", som inte finns bland people; "
                          "lägg till personen eller rätta beteckningen",
                          "%s: function \"%s\" names \"%s\", who is not among people; add the "
                          "person or correct the id",
                          sb_config_place(path, "functions", text, &place), function, text);
    }
    *ret_position = (unsigned)position;
    return SB_ERR_OK;
}

/* Two rows of one function: which of them rings would depend on their order. */
static enum sb_err once_check(const char *path, const struct sb_roster *roster,
                              const struct sb_roster_function *function, struct sb_why *why)
{
    for (const struct sb_roster_function *other = roster->function; other < function; other++) {
        if (sb_name_equal(&other->function, &function->function)
            && sb_name_equal(&other->org, &function->org)) {
            struct sb_config_place place;
            const char *name = function->function.text;
            return sb_why_say(why, SB_ERR_CONFIG,
                              "%s: funktionen \"%s\" står två gånger för samma organisation; samla "
                              "alla dess personer i en",
                              "%s: function \"%s\" stands twice for the same organisation; put "
                              "all its people in one",
                              sb_config_place(path, name, name, &place), name);
        }
    }
    return SB_ERR_OK;
}

static enum sb_err function_take(const char *path, const struct file_function *from,
                                 struct sb_roster *roster, struct sb_why *why)
{
    struct sb_roster_function *function = &roster->function[roster->function_count++];
    function->step_ms = from->step_ms == 0 ? SB_STEP_DEFAULT_MS : from->step_ms;
    if (function->step_ms < SB_STEP_MIN_MS || function->step_ms > STEP_MAX_MS) {
        struct sb_config_place place;
        char number[24];
        (void)snprintf(number, sizeof number, "%llu", (unsigned long long)from->step_ms);
        return sb_why_say(why, SB_ERR_CONFIG,
                          "%s: funktionen \"%s\" har step-ms %llu; det får vara %d till %d",
                          "%s: function \"%s\" has step-ms %llu; it may be %d to %d",
                          sb_config_place(path, from->function, number, &place), from->function,
                          (unsigned long long)from->step_ms, SB_STEP_MIN_MS, STEP_MAX_MS);
    }
    enum sb_err err = name_take(path, a_function, from->function, &function->function, why);
    if (err == SB_ERR_OK && from->org != NULL) {
        err = name_take(path, an_org, from->org, &function->org, why);
    }
    if (err == SB_ERR_OK) {
        err = once_check(path, roster, function, why);
    }
    function->people_count = from->people_count;
    for (unsigned i = 0; i < from->people_count && err == SB_ERR_OK; i++) {
        err = member_take(path, from->function, from->people[i], roster, &function->people[i], why);
    }
    function->deputy_count = from->deputies_count;
    for (unsigned i = 0; i < from->deputies_count && err == SB_ERR_OK; i++) {
        err = member_take(path, from->function, from->deputies[i], roster, &function->deputies[i],
                          why);
    }
    return err;
}

struct sb_roster *sb_roster_file_load(const char *path, struct sb_why *why)
{
    void *loaded = NULL;
    if (sb_config_load(path, &roster_schema, &loaded, why) != SB_ERR_OK) {
        return NULL;
    }
    const struct file_roster *file = loaded;
    struct sb_roster *roster = sb_alloc(1, sizeof *roster);
    enum sb_err err = SB_ERR_OK;
    for (unsigned i = 0; i < file->people_count && err == SB_ERR_OK; i++) {
        err = person_take(path, &file->people[i], roster, why);
    }
    for (unsigned i = 0; i < file->functions_count && err == SB_ERR_OK; i++) {
        err = function_take(path, &file->functions[i], roster, why);
    }
    sb_config_free(&roster_schema, loaded);
    if (err != SB_ERR_OK) {
        free(roster);
        return NULL;
    }
    return roster;
}
