/* verb_mandate.c: an organisation declares to the centre which function holds a mandate for a
 * level, or withdraws it: in every realm at once, for who may decide does not change with an
 * exercise. */
#include "mandate.h"
#include "verbs.h"

static enum sb_err name_read(struct sb_turn *turn, struct sb_asked *asked,
                             struct sb_mandate_name *name)
{
    const uint64_t level = sb_record_number(&asked->args, SB_FIELD_LEVEL);

    name->function = sb_record_name(&asked->args, SB_FIELD_FUNCTION);
    name->level = (enum sb_forum_level)level;
    if (name->function.text[0] == '\0') {
        return sb_why_say(&asked->why, SB_ERR_MISSING, "mandat för vilken funktion?",
                          "a mandate for which function?");
    }
    if (sb_word_find(SB_FIELD_LEVEL, (unsigned)level) == NULL || level == 0) {
        return sb_why_say(
            &asked->why, SB_ERR_VALUE,
            "mandat för vilken nivå? overordnad, inriktande, samordnande eller verkstallande",
            "a mandate for which level? overordnad, inriktande, samordnande or "
            "verkstallande");
    }
    return sb_asked_org(turn, asked, &name->org);
}

/* `row` says BASIS, VALID_FROM, VALID_TO and WITHDRAWN; its event goes up in each realm. */
static enum sb_err declare(struct sb_turn *turn, struct sb_asked *asked,
                           const struct sb_mandate_name *name, const struct sb_record *row)
{
    for (unsigned realm = SB_REALM_LIVE; realm <= SB_REALM_TEST; realm++) {
        struct sb_record fields = *row;
        struct sb_record out = {0};
        struct sb_hash id;

        sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_MANDATE);
        sb_record_set_number(&fields, SB_FIELD_REALM, realm);
        sb_record_set_name(&fields, SB_FIELD_FUNCTION, &name->function);
        sb_record_set_number(&fields, SB_FIELD_LEVEL, (uint64_t)name->level);
        const enum sb_err err = sb_agent_issue(turn, &name->org, &fields, &id, &asked->why);
        if (err != SB_ERR_OK) {
            return err;
        }
        sb_record_set_hash(&out, SB_FIELD_ID, &id);
        sb_record_set_number(&out, SB_FIELD_KIND, SB_KIND_MANDATE);
        sb_record_set_number(&out, SB_FIELD_REALM, realm);
        sb_rows_add(&asked->rows, &out);
    }
    struct sb_record kept = *row;
    sb_record_set_number(&kept, SB_FIELD_ISSUED, turn->now.wall_ms);
    sb_mandate_put(turn, name, &kept);
    return SB_ERR_OK;
}

enum sb_err sb_verb_mandate_declare(struct sb_turn *turn, struct sb_asked *asked)
{
    const uint64_t valid_to = sb_record_number(&asked->args, SB_FIELD_VALID_TO);
    struct sb_mandate_name name;
    struct sb_record row = {0};
    const enum sb_err err = name_read(turn, asked, &name);

    if (err != SB_ERR_OK) {
        return err;
    }
    row.at[SB_FIELD_BASIS] = asked->args.at[SB_FIELD_BASIS];
    row.at[SB_FIELD_VALID_TO] = asked->args.at[SB_FIELD_VALID_TO];
    row.at[SB_FIELD_VALID_FROM] = asked->args.at[SB_FIELD_VALID_FROM];
    if (!sb_record_has(&row, SB_FIELD_VALID_FROM)) {
        sb_record_set_number(&row, SB_FIELD_VALID_FROM, turn->now.wall_ms);
    }
    if (!sb_record_has(&row, SB_FIELD_BASIS)) {
        return sb_why_say(&asked->why, SB_ERR_MISSING,
                          "på vilken grund? ange beslutet eller delegationen",
                          "on what basis? name the decision or the delegation");
    }
    if (valid_to <= sb_record_number(&row, SB_FIELD_VALID_FROM) || valid_to <= turn->now.wall_ms) {
        return sb_why_say(&asked->why, SB_ERR_VALUE,
                          "ett mandat måste sluta senare än det börjar, och senare än nu",
                          "a mandate must end later than it begins, and later than now");
    }
    return declare(turn, asked, &name, &row);
}

enum sb_err sb_verb_mandate_withdraw(struct sb_turn *turn, struct sb_asked *asked)
{
    static const enum sb_field kept[] = {SB_FIELD_VALID_FROM, SB_FIELD_VALID_TO};
    struct sb_record row = {0};
    struct sb_record old;
    struct sb_mandate_name name;
    char basis[201] = {0}; /* the field's limit */
    const enum sb_err err = name_read(turn, asked, &name);

    if (err != SB_ERR_OK) {
        return err;
    }
    if (!sb_mandate_find(turn->txn, &name, &old)
        || sb_record_number(&old, SB_FIELD_WITHDRAWN) != 0) {
        return sb_why_say(
            &asked->why, SB_ERR_NOT_FOUND, "%s har inte anmält något sådant mandat för %s",
            "%s has declared no such mandate for %s", name.org.text, name.function.text);
    }
    for (unsigned i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        row.at[kept[i]] = old.at[kept[i]];
    }
    /* The store's bytes do not outlive the puts that follow. */
    const struct sb_bytes said = sb_record_bytes(&old, SB_FIELD_BASIS);
    for (size_t i = 0; i < said.size && i + 1 < sizeof basis; i++) {
        basis[i] = (char)said.at[i];
    }
    sb_record_set_text(&row, SB_FIELD_BASIS, basis);
    sb_record_set_number(&row, SB_FIELD_WITHDRAWN, true);
    return declare(turn, asked, &name, &row);
}
