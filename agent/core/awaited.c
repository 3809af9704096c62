/* awaited.c: who answers where a request does not say. Reads the roster and the alerts; what is
 * answered is verb_ack.c's. */
#include "awaited.h"

#include <stdio.h>
#include <string.h>

const struct sb_name *sb_alert_awaits(const struct sb_alert *alert)
{
    if (alert->state == SB_ALERT_RINGING) {
        return &alert->person;
    }
    return alert->state == SB_ALERT_ANSWERED && alert->answer == SB_ANSWER_NOTHING
                   && alert->reached_by.text[0] != '\0'
                   && sb_alert_asks(alert) == SB_ASKS_ATTENDANCE
               ? &alert->reached_by
               : NULL;
}

/* What no longer fits is left out from there on, and the list says so. */
static void list_add(char list[SB_CHOICES_SIZE], const char *separator, const char *text)
{
    static const char more[] = " …";
    const size_t used = strlen(list);
    const size_t size = strlen(separator) + strlen(text);

    if (used >= strlen(more) && strcmp(list + used - strlen(more), more) == 0) {
        return;
    }
    if (used + size + sizeof more <= SB_CHOICES_SIZE) {
        (void)snprintf(list + used, SB_CHOICES_SIZE - used, "%s%s", used > 0 ? separator : "",
                       text);
    } else {
        memcpy(list + used, more, sizeof more);
    }
}

static void seat_add(char list[SB_CHOICES_SIZE], const struct sb_alert *alert, const char *person)
{
    char seat[SB_SEAT_SIZE_MAX + 1];
    char text[SB_SEAT_SIZE_MAX + SB_NAME_SIZE_MAX + 3];

    sb_seat_key(&alert->seat, seat);
    (void)snprintf(text, sizeof text, "%s: %s", seat, person);
    list_add(list, "; ", text);
}

/* All who could answer for the seat, in the order in which they are tried. */
static struct sb_who people_of(struct sb_turn *turn, const struct sb_awaited *awaited,
                               const struct sb_alert *alert)
{
    const struct sb_name nothing = {0};
    const bool said = awaited->function.text[0] != '\0';

    return sb_roster_who(turn->agent->config.roster, &alert->seat.org,
                         said ? &awaited->function : &alert->seat.function,
                         said ? &nothing : &alert->seat.via, turn->now);
}

static bool who_has(const struct sb_roster *roster, const struct sb_who *who,
                    const struct sb_name *person)
{
    for (unsigned i = 0; i < who->count; i++) {
        if (sb_name_equal(&roster->person[who->person[i]].id, person)) {
            return true;
        }
    }
    return false;
}

void sb_awaited_add(struct sb_turn *turn, struct sb_awaited *awaited, const struct sb_alert *alert)
{
    const struct sb_roster *roster = turn->agent->config.roster;
    const struct sb_name *person = sb_alert_awaits(alert);
    const struct sb_who who = people_of(turn, awaited, alert);

    if (who.count == 0 && awaited->missing.text[0] == '\0') {
        awaited->org = alert->seat.org;
        awaited->missing =
            awaited->function.text[0] != '\0' ? awaited->function : alert->seat.function;
    }
    for (unsigned i = 0; i < who.count; i++) {
        const char *id = roster->person[who.person[i]].id.text;
        if (i == 0) {
            seat_add(awaited->people, alert, id);
        } else {
            list_add(awaited->people, ", ", id);
        }
    }
    if (person == NULL || sb_roster_find(roster, person) < 0) {
        return;
    }
    awaited->stranger =
        awaited->stranger || (awaited->function.text[0] != '\0' && !who_has(roster, &who, person));
    awaited->several =
        awaited->several
        || (awaited->person.text[0] != '\0' && !sb_name_equal(&awaited->person, person));
    awaited->person = *person;
    seat_add(awaited->waits, alert, person->text);
}

enum sb_err sb_awaited_check(const struct sb_awaited *awaited, struct sb_why *why)
{
    if (awaited->people[0] == '\0' && (awaited->person.text[0] == '\0' || awaited->stranger)) {
        return sb_why_say(
            why, SB_ERR_NOT_FOUND,
            "ingen i bemanningen har funktionen %s hos %s: ange vem som svarar (--person)",
            "nobody in the roster has the function %s at %s: say who answers (--person)",
            awaited->missing.text, awaited->org.text);
    }
    if (awaited->person.text[0] == '\0') {
        return sb_why_say(
            why, SB_ERR_MISSING, "ingen larmas just nu: ange med --person vem som svarar (%s)",
            "nobody is being tried right now: say with --person who answers (%s)", awaited->people);
    }
    if (awaited->several) {
        return sb_why_say(why, SB_ERR_MISSING,
                          "flera larmas just nu (%s): ange med --person vem som svarar, eller med "
                          "--seat för vilken funktion",
                          "several are being tried right now (%s): say with --person who answers, "
                          "or with --seat for which function",
                          awaited->waits);
    }
    if (awaited->stranger) {
        return sb_why_say(why, SB_ERR_MISSING,
                          "den som larmas just nu (%s) har inte funktionen %s: ange med --person "
                          "vem som svarar (%s)",
                          "who is being tried right now (%s) does not have the function %s: say "
                          "with --person who answers (%s)",
                          awaited->waits, awaited->function.text, awaited->people);
    }
    return SB_ERR_OK;
}
