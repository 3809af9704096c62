/* verb_who.c: who would be tried for a function now, in order, and over what. Names stay here: this
 * reply goes over the local socket only. */
#include "verbs.h"

static void person_add(struct sb_asked *asked, const struct sb_roster_person *person, unsigned turn,
                       bool is_deputy)
{
    struct sb_record out = {0};

    sb_record_set_name(&out, SB_FIELD_PERSON, &person->id);
    sb_record_set_text(&out, SB_FIELD_NAME, person->name);
    sb_record_set_number(&out, SB_FIELD_TURN, turn);
    if (is_deputy) {
        sb_record_set_number(&out, SB_FIELD_STEP, SB_STEP_DEPUTY);
    }
    if (person->channel_count == 0) {
        sb_record_set_text(&out, SB_FIELD_WORDING, "saknar kanal: hoppas över");
        sb_record_set_text(&out, SB_FIELD_NOTICE, "has no channel: will be passed over");
        sb_rows_add(&asked->rows, &out);
    }
    for (unsigned i = 0; i < person->channel_count; i++) {
        sb_record_set_name(&out, SB_FIELD_CHANNEL, &person->channel[i].kind);
        sb_rows_add(&asked->rows, &out);
    }
}

enum sb_err sb_verb_who(struct sb_turn *turn, struct sb_asked *asked)
{
    const struct sb_roster *roster = turn->agent->config.roster;
    const struct sb_name function = sb_record_name(&asked->args, SB_FIELD_FUNCTION);
    const struct sb_name via = sb_record_name(&asked->args, SB_FIELD_VIA);
    struct sb_name org;
    const enum sb_err err = sb_asked_org(turn, asked, &org);

    if (err != SB_ERR_OK) {
        return err;
    }
    if (function.text[0] == '\0') {
        return sb_why_say(&asked->why, SB_ERR_MISSING, "vem har vilken funktion?",
                          "who has which function?");
    }
    const struct sb_who who = sb_roster_who(roster, &org, &function, &via, turn->now);
    for (unsigned i = 0; i < who.count; i++) {
        person_add(asked, &roster->person[who.person[i]], i + 1, i >= who.first_deputy);
    }
    if (who.count == 0) {
        return sb_why_say(
            &asked->why, SB_ERR_NOT_FOUND, "ingen i bemanningen har funktionen %s hos %s",
            "nobody in the roster has the function %s at %s", function.text, org.text);
    }
    return SB_ERR_OK;
}
