/* cmd_check.c: `samband check`: does this profile work, and does the other end answer? One line a
 * fact, OK or FEL, and for each fault its remedy. */
#include "commands.h"
#include "contact.h"
#include "profile.h"
#include "samband/link.h"
#include "samband/txn.h"
#include "samband/words.h"
#include "view/value.h"
#include "view/when.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#define RENEW_BEFORE_MS (30ull * 24 * 3600 * 1000) /* time enough for a new invitation */
#define CLOCK_APART_MS  2000                       /* more makes "efter fristen" doubtful */

struct check {
    struct sb_cli *cli;
    json_t *facts;
    unsigned faults;
};

/* What is looked at, by its JSON name and what people read. */
static const struct fact {
    const char *json;
    enum sb_text text;
} version_here = {"version_here", SB_TEXT_FACT_VERSION_HERE},
  version_there = {"version_there", SB_TEXT_FACT_VERSION_THERE},
  modes = {"profile_modes", SB_TEXT_FACT_MODES},
  certificate = {"certificate", SB_TEXT_FACT_CERTIFICATE},
  subject = {"subject", SB_TEXT_FACT_SUBJECT}, role_held = {"role", SB_TEXT_FACT_ROLE},
  realm_held = {"realm", SB_TEXT_FACT_REALM},
  valid_until = {"certificate_until", SB_TEXT_FACT_UNTIL},
  endpoint = {"endpoint", SB_TEXT_FACT_ENDPOINT}, answers = {"answers", SB_TEXT_FACT_ANSWERS},
  centre = {"centre", SB_TEXT_FACT_CENTRE}, admitted = {"admitted", SB_TEXT_FACT_ADMITTED},
  clocks = {"clock", SB_TEXT_FACT_CLOCK}, room = {"room", SB_TEXT_FACT_ROOM},
  handed_back = {"handed_back", SB_TEXT_FACT_HANDED_BACK},
  restored = {"restored", SB_TEXT_FACT_RESTORED}, put_back = {"put_back", SB_TEXT_FACT_PUT_BACK},
  unheard = {"put_back_unheard", SB_TEXT_FACT_UNHEARD},
  waiting = {"put_back_waiting", SB_TEXT_FACT_WAITING};

/* A word of a vocabulary has its own name in JSON; every other value reads the same there. */
static const char *word_of(const struct check *check, const struct sb_word *word)
{
    if (word == NULL) {
        return "?";
    }
    return check->cli->view.form == SB_FORM_JSON
               ? word->json
               : sb_text_either(check->cli->view.language, word->sv, word->en);
}

/* A refusal's sentence, as the facts' values are told: to programs in English. */
static const char *said_of(const struct check *check, const struct sb_why *why)
{
    return check->cli->view.form == SB_FORM_JSON
               ? why->text
               : sb_text_either(check->cli->view.language, SB_WHY_PAIR(*why));
}

static void fact_add(struct check *check, const struct fact *fact, bool good, const char *value,
                     enum sb_text remedy)
{
    const struct sb_view *view = &check->cli->view;
    check->faults += good ? 0 : 1;
    (void)json_array_append_new(check->facts, json_pack("{s:s, s:b, s:s}", "fact", fact->json,
                                                        "good", good ? 1 : 0, "value", value));
    if (view->form == SB_FORM_JSON) {
        return;
    }
    (void)fprintf(view->out, "%s\t%s\t%s\n",
                  sb_view_text(view, good ? SB_TEXT_CHECK_GOOD : SB_TEXT_CHECK_FAULT),
                  sb_view_text(view, fact->text), value);
    if (!good && remedy != SB_TEXT_NOTHING) {
        (void)fprintf(view->out, "\t\t%s\n", sb_view_text(view, remedy));
    }
}

/* Nobody but the owner may look into the folder or any file of it. */
static void modes_check(struct check *check)
{
    const char *folder = check->cli->profile;
    char path[2 * SB_PATH_SIZE];
    struct stat found;
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return;
    }
    bool good = stat(folder, &found) == 0 && (found.st_mode & 077) == 0;
    if (!good) {
        fact_add(check, &modes, false, folder, SB_TEXT_CHECK_MODES);
    }
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.' || stat(path, &found) != 0 || (found.st_mode & 077) == 0) {
            continue;
        }
        good = false;
        fact_add(check, &modes, false, path, SB_TEXT_CHECK_MODES);
    }
    (void)closedir(dir);
    if (good) {
        fact_add(check, &modes, true, folder, SB_TEXT_NOTHING);
    }
}

static void certificate_check(struct check *check)
{
    struct sb_profile profile;
    struct sb_why why = {0};
    char until[SB_WHEN_SIZE];
    struct sb_cli *cli = check->cli;
    enum sb_err err = sb_profile_read(cli->profile, cli->view.now_ms, &profile, &why);
    if (err != SB_ERR_OK) {
        fact_add(check, &certificate, false, said_of(check, &why),
                 err == SB_ERR_EXPIRED ? SB_TEXT_REMEDY_EXPIRED : SB_TEXT_NOTHING);
    } else {
        const struct sb_word *realm = sb_word_find(SB_FIELD_REALM, profile.cert.realm);
        const struct sb_word *role = sb_word_find(SB_FIELD_ROLE, profile.cert.role);
        fact_add(check, &subject, true, profile.cert.subject.text, SB_TEXT_NOTHING);
        fact_add(check, &role_held, role != NULL, word_of(check, role), SB_TEXT_NOTHING);
        fact_add(check, &realm_held, realm != NULL, word_of(check, realm), SB_TEXT_NOTHING);
        sb_when_utc(profile.cert.valid_to, until);
        fact_add(check, &valid_until, profile.cert.valid_to > cli->view.now_ms + RENEW_BEFORE_MS,
                 until, SB_TEXT_CHECK_RENEW);
    }
    sb_profile_finish(&profile);
}

/* The row that an agent adds where the centre does not let it in, and the one of either end whose
 * store is getting full. */
static void refusal_check(struct check *check, const char *counter, const struct sb_record *row)
{
    const struct fact *fact = strcmp(counter, SB_ROOM_COUNTER) == 0 ? &room : &centre;
    struct sb_why why = {0};
    if (!sb_record_has(row, SB_FIELD_WHY)) {
        return;
    }
    (void)sb_why_take(&why, SB_ERR_NOT_ALLOWED, sb_record_bytes(row, SB_FIELD_WHY));
    fact_add(check, fact, false, said_of(check, &why), SB_TEXT_NOTHING);
}

/* Rows that an agent adds where the centre was put back, or its own store. */
static void restored_check(struct check *check, const struct sb_record *row, const char *name)
{
    const struct sb_view *view = &check->cli->view;
    char number[24], when[SB_WHEN_SIZE], value[256];
    (void)snprintf(number, sizeof number, "%llu",
                   (unsigned long long)sb_record_number(row, SB_FIELD_NUMBER));
    if (strcmp(name, SB_LINK_HANDED_BACK) == 0) {
        sb_when_utc(sb_record_number(row, SB_FIELD_AT), when);
        const char *const values[] = {number, when};
        sb_text_fill(sb_view_text(view, SB_TEXT_CHECK_HANDED_BACK), values, 2, value, sizeof value);
        fact_add(check, &handed_back, true, value, SB_TEXT_NOTHING);
    } else if (strcmp(name, SB_LINK_RESTORED) == 0) {
        sb_when_utc(sb_record_number(row, SB_FIELD_NUMBER), when);
        fact_add(check, &restored, false, when, SB_TEXT_CHECK_RESTORED);
    }
}

/* Rows that a broker adds where its store was put back. What waits for an event that no agent
 * brings waits for ever: only agents that may still bring it are a fault that somebody can mend. */
static void put_back_check(struct check *check, const struct sb_record *row, const char *name)
{
    const struct sb_view *view = &check->cli->view;
    const uint64_t count = sb_record_number(row, SB_FIELD_NUMBER);
    char number[24], when[SB_WHEN_SIZE], value[256];
    (void)snprintf(number, sizeof number, "%llu", (unsigned long long)count);
    if (strcmp(name, SB_LINK_PUT_BACK) == 0) {
        sb_when_utc(sb_record_number(row, SB_FIELD_AT), when);
        const char *const values[] = {number, when};
        sb_text_fill(sb_view_text(view, SB_TEXT_CHECK_PUT_BACK), values, 2, value, sizeof value);
        fact_add(check, &put_back, true, value, SB_TEXT_NOTHING);
        (void)snprintf(number, sizeof number, "%llu",
                       (unsigned long long)sb_record_number(row, SB_FIELD_LEFT));
        fact_add(check, &waiting, true, number, SB_TEXT_NOTHING);
    } else if (strcmp(name, SB_LINK_PUT_BACK_UNHEARD) == 0) {
        fact_add(check, &unheard, count == 0, number, SB_TEXT_CHECK_UNHEARD);
    }
}

/* The other end tells its version and clock among its counters: "version/N.N.N", "wall-ms". */
static void counters_check(struct check *check, const struct sb_pages *pages, uint64_t asked_ms,
                           uint64_t answered_ms)
{
    struct sb_record row = {0};
    char text[SB_VALUE_SIZE], number[64];
    bool has_version = false, has_clock = false;
    static const char version[] = "version/";
    struct sb_pages_reader reader = sb_pages_read(pages);
    while (sb_pages_next(&reader, &row)) {
        sb_value_show(&row, SB_FIELD_COUNTER, &check->cli->view, false, text, sizeof text);
        refusal_check(check, text, &row);
        restored_check(check, &row, text);
        put_back_check(check, &row, text);
        has_version = has_version || strncmp(text, version, sizeof version - 1) == 0;
        if (strncmp(text, version, sizeof version - 1) == 0) {
            fact_add(check, &version_there, strcmp(text + sizeof version - 1, SB_VERSION) == 0,
                     text + sizeof version - 1, SB_TEXT_CHECK_VERSION);
        }
        if (strcmp(text, "wall-ms") != 0) {
            continue;
        }
        has_clock = true;
        uint64_t there = sb_record_number(&row, SB_FIELD_NUMBER);
        uint64_t here = asked_ms + (answered_ms - asked_ms) / 2;
        uint64_t apart = there > here ? there - here : here - there;
        (void)snprintf(number, sizeof number, "%s%llu ms", there < here ? "-" : "+",
                       (unsigned long long)apart);
        fact_add(check, &clocks, apart < CLOCK_APART_MS, number, SB_TEXT_CHECK_CLOCK);
    }
    const char *untold = check->cli->view.form == SB_FORM_JSON
                             ? "unknown"
                             : sb_view_text(&check->cli->view, SB_TEXT_CHECK_UNTOLD);
    if (!has_version) {
        fact_add(check, &version_there, true, untold, SB_TEXT_NOTHING);
    }
    if (!has_clock) {
        fact_add(check, &clocks, true, untold, SB_TEXT_NOTHING);
    }
}

static int contact_check(struct check *check)
{
    struct sb_cli *cli = check->cli;
    struct sb_record args = {0};
    struct sb_pages pages;
    struct sb_answered answered;
    char value[64];
    int exit = sb_contact_open(cli);
    if (exit != SB_EXIT_DONE) {
        return exit;
    }
    sb_pages_init(&pages);
    struct sb_now asked_at = sb_loop_now(cli->contact.loop);
    enum sb_asked asked =
        sb_contact_read(&cli->contact, SB_VERB_COUNTERS, &args, &pages, &answered);
    struct sb_now answered_at = sb_loop_now(cli->contact.loop);
    fact_add(check, &endpoint, true, cli->contact.endpoint, SB_TEXT_NOTHING);
    (void)snprintf(value, sizeof value, "%llu ms",
                   (unsigned long long)(answered_at.mono_ms - asked_at.mono_ms));
    if (asked == SB_ASKED_ANSWERED) {
        fact_add(check, &answers, true, value, SB_TEXT_NOTHING);
        if (answered.err != SB_ERR_OK) {
            fact_add(check, &admitted, false, said_of(check, &answered.why),
                     SB_TEXT_REMEDY_EXPIRED);
        } else {
            counters_check(check, &pages, asked_at.wall_ms, answered_at.wall_ms);
        }
    } else {
        fact_add(check, &answers, false, value, SB_TEXT_REMEDY_NO_CONTACT);
        exit = SB_EXIT_NO_CONTACT;
    }
    sb_pages_finish(&pages);
    return exit;
}

static int check_run(struct sb_cli *cli, const struct sb_command *command,
                     const struct sb_parsed *parsed)
{
    (void)command;
    (void)parsed;
    struct check check = {.cli = cli, .facts = json_array()};
    bool local = cli->endpoint != NULL && strncmp(cli->endpoint, "ipc:", 4) == 0;
    fact_add(&check, &version_here, true, SB_VERSION, SB_TEXT_NOTHING);
    if (!local) {
        modes_check(&check);
        certificate_check(&check);
    }
    int exit = contact_check(&check);
    if (exit == SB_EXIT_DONE && check.faults > 0) {
        exit = SB_EXIT_REFUSED;
    }
    if (cli->view.form == SB_FORM_JSON) {
        json_t *whole = json_object();
        (void)json_object_set_new(whole, "good", json_boolean(exit == SB_EXIT_DONE));
        (void)json_object_set_new(whole, "facts", check.facts);
        sb_value_json_print(whole, cli->view.out);
    } else {
        json_decref(check.facts);
    }
    return exit;
}

const struct sb_command sb_cmd_check = {
    .name = "check",
    .alias = {"kontrollera"},
    .brief = SB_TEXT_CHECK,
    .detail = SB_TEXT_CHECK_MORE,
    .run = check_run,
};
