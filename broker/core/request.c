/* request.c: the control endpoint: who asks, may they, was it asked before; then the verb. */
#include "command.h"
#include "peers.h"
#include "share.h"

#include <stdio.h>
#include <string.h>

static const struct verb_run {
    enum sb_verb verb;
    enum sb_err (*run)(struct sb_command *command);
} verbs[] = {
    {SB_VERB_JOIN, sb_broker_join},
    {SB_VERB_CALL, sb_broker_call},
    {SB_VERB_INFORM, sb_broker_inform},
    {SB_VERB_ACTIVATE, sb_broker_activate},
    {SB_VERB_END, sb_broker_end},
    {SB_VERB_PICTURE, sb_broker_picture},
    {SB_VERB_CORRECT, sb_broker_correct},
    {SB_VERB_RECALL, sb_broker_recall},
    {SB_VERB_REACHED, sb_broker_reached},
    {SB_VERB_NOTE, sb_broker_note},
    {SB_VERB_PREVIEW, sb_broker_preview},
    {SB_VERB_STATUS, sb_broker_status},
    {SB_VERB_TIMELINE, sb_broker_timeline},
    {SB_VERB_SHOW, sb_broker_show},
    {SB_VERB_EVENTS, sb_broker_events},
    {SB_VERB_COUNTERS, sb_broker_counters},
    {SB_VERB_ORG_LOAD, sb_broker_org_load},
    {SB_VERB_ORG_LIST, sb_broker_org_list},
    {SB_VERB_ORG_INVITE, sb_broker_org_invite},
    {SB_VERB_ORG_REVOKE, sb_broker_org_revoke},
    {SB_VERB_ORG_REPLACE, sb_broker_org_replace},
    {SB_VERB_FORUM_LOAD, sb_broker_forum_load},
    {SB_VERB_FORUM_LIST, sb_broker_forum_list},
    {SB_VERB_MANDATE_LIST, sb_broker_mandate_list},
    {SB_VERB_OPERATOR_LIST, sb_broker_operator_list},
    {SB_VERB_OPERATOR_INVITE, sb_broker_operator_invite},
    {SB_VERB_OPERATOR_REVOKE, sb_broker_operator_revoke},
};

/* What the last of a full store is kept for: to call off what was begun, and to keep out who must
 * not come in. */
static const enum sb_verb reserved[] = {SB_VERB_RECALL, SB_VERB_REACHED, SB_VERB_END,
                                        SB_VERB_ORG_REVOKE, SB_VERB_OPERATOR_REVOKE};

static bool verb_is_reserved(enum sb_verb verb)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (reserved[i] == verb) {
            return true;
        }
    }
    return false;
}

static const struct verb_run *verb_run_find(const struct sb_verb_row *row)
{
    for (size_t i = 0; row != NULL && i < sizeof verbs / sizeof verbs[0]; i++) {
        if (verbs[i].verb == row->verb) {
            return &verbs[i];
        }
    }
    return NULL;
}

static const enum sb_field realm_keys[] = {
    [SB_REALM_LIVE] = SB_FIELD_KEY_LIVE,
    [SB_REALM_EXERCISE] = SB_FIELD_KEY_EXERCISE,
    [SB_REALM_TEST] = SB_FIELD_KEY_TEST,
};

/* An exercise operator acts as operator, but never in the live realm. An administrator administers
 * only in the live realm, since register and keys are the same for all: elsewhere, an operator. */
static enum sb_role role_acts_as(enum sb_role role, unsigned realm)
{
    if (role == SB_ROLE_EXERCISE_OPERATOR) {
        return realm == SB_REALM_LIVE ? SB_ROLE_VIEWER : SB_ROLE_OPERATOR;
    }
    return role == SB_ROLE_ADMIN && realm != SB_REALM_LIVE ? SB_ROLE_OPERATOR : role;
}

/* Names the role that the person has, not the one that it acts as, and what can be done. */
static enum sb_err role_refuse(const struct sb_command *command, const struct sb_verb_row *verb,
                               enum sb_role own)
{
    static const struct sb_phrase remedies[] = {
        {"en övningsledare sänder bara i ÖVNING och PROV; byt till en sådan profil, eller be TiB",
         "an exercise operator sends in EXERCISE and TEST only; use such a profile, or ask the "
         "duty officer (TiB)"},
        {"det görs bara i SKARPT; be en administratör, eller byt till en profil för SKARPT",
         "that is done in LIVE only; ask an administrator, or use a profile of the realm LIVE"},
        {"be någon som har rollen, eller byt profil",
         "ask somebody who has the role, or use another profile"},
    };
    const bool live = command->realm == SB_REALM_LIVE;
    const struct sb_phrase *remedy = own == SB_ROLE_EXERCISE_OPERATOR && live ? &remedies[0]
                                     : verb->role == SB_ROLE_ADMIN && !live   ? &remedies[1]
                                                                              : &remedies[2];
    const struct sb_word *needed = sb_word_find(SB_FIELD_ROLE, verb->role);
    const struct sb_word *role = sb_word_find(SB_FIELD_ROLE, own);
    const struct sb_word *realm = sb_word_find(SB_FIELD_REALM, command->realm);
    SB_ASSERT(needed != NULL && role != NULL && realm != NULL); /* enrolment looked */
    return sb_why_say(command->why, SB_ERR_NOT_ALLOWED,
                      "\"%s\" kräver rollen " SB_SV "; du är " SB_SV " i " SB_SV "; " SB_SV,
                      "\"%s\" needs the role " SB_EN "; you are " SB_EN " in " SB_EN "; " SB_EN,
                      verb->text, SB_PAIR(*needed), SB_PAIR(*role), SB_PAIR(*realm),
                      SB_PAIR(*remedy));
}

static enum sb_err signature_check(const struct sb_command *command, const struct sb_record *row)
{
    struct sb_bytes key = sb_record_bytes(row, realm_keys[command->realm]);
    struct sb_public_key public_key;
    if (command->request->signature.size == 0) {
        return sb_why_say(command->why, SB_ERR_SIGNATURE,
                          "\"%s\" ändrar något och måste signeras med din nyckel",
                          "\"%s\" changes something and must be signed with your key",
                          command->request->verb.text);
    }
    if (key.size == sizeof public_key.at) {
        memcpy(public_key.at, key.at, key.size);
        if (sb_signature_holds(&public_key, "order", command->request->signed_part,
                               command->request->signature)) {
            return SB_ERR_OK;
        }
    }
    return sb_why_say(
        command->why, SB_ERR_SIGNATURE,
        "ordern är inte signerad med nyckeln för %s; använd profilen du skrevs in med",
        "the order is not signed by %s's key; use the profile that you enrolled with",
        command->subject.text);
}

static enum sb_err operator_check(struct sb_command *command, const struct sb_verb_row *verb)
{
    struct sb_record row;
    if (!sb_broker_row_get_name(command->turn->txn, SB_TABLE_OPERATOR, &command->subject, &row)) {
        return sb_why_say(command->why, SB_ERR_NOT_ALLOWED, "det finns ingen operatör %s",
                          "there is no operator %s", command->subject.text);
    }
    if (sb_record_number(&row, SB_FIELD_REVOKED) != 0) {
        return sb_why_say(
            command->why, SB_ERR_REVOKED, "%s är spärrad; be en administratör om en ny inbjudan",
            "%s is revoked; ask an administrator for a new invitation", command->subject.text);
    }
    if (sb_record_number(&row, SB_FIELD_VALID_TO) < command->turn->now.wall_ms) {
        return sb_why_say(command->why, SB_ERR_EXPIRED,
                          "certifikatet för %s har gått ut; be en administratör om en ny inbjudan",
                          "the certificate of %s has expired; ask an administrator for a new "
                          "invitation",
                          command->subject.text);
    }
    command->realm = (unsigned)sb_record_number(&row, SB_FIELD_REALM);
    SB_ASSERT(command->realm >= SB_REALM_LIVE && command->realm <= SB_REALM_TEST);
    const enum sb_role own = (enum sb_role)sb_record_number(&row, SB_FIELD_ROLE);
    if (role_acts_as(own, command->realm) < verb->role) {
        return role_refuse(command, verb, own);
    }
    return verb->writes ? signature_check(command, &row) : SB_ERR_OK;
}

/* Whoever holds a token may join and do nothing else; nobody else may join. */
static enum sb_err user_check(struct sb_command *command, const struct sb_verb_row *verb)
{
    struct sb_name token;
    if (verb->role == SB_ROLE_ENROLMENT) {
        return sb_broker_user_read(&command->user, "e:", &token)
                   ? SB_ERR_OK
                   : sb_why_say(command->why, SB_ERR_NOT_ALLOWED,
                                "bara en ny inbjudan kan skriva in någon",
                                "only a new token can join");
    }
    if (!sb_broker_user_read(&command->user, "o:", &command->subject)) {
        return sb_why_say(command->why, SB_ERR_NOT_ALLOWED,
                          "bara en inskriven operatör får begära \"%s\"",
                          "only an enrolled operator may ask for \"%s\"", verb->text);
    }
    return operator_check(command, verb);
}

/* Which verb, and may this user ask for it? */
static enum sb_err command_admit(struct sb_command *command, const struct verb_run **ret_run,
                                 bool *ret_writes)
{
    const struct sb_verb_row *verb = sb_verb_find(command->request->verb.text);
    const struct verb_run *run = verb_run_find(verb);
    if (run == NULL || (verb->where & SB_VERB_AT_B) == 0) {
        return sb_why_say(command->why, SB_ERR_USAGE, "centralen känner inte kommandot \"%s\"",
                          "the broker knows no verb \"%s\"", command->request->verb.text);
    }
    enum sb_err err = user_check(command, verb);
    if (err == SB_ERR_OK) {
        *ret_run = run;
        *ret_writes = verb->writes && verb->role != SB_ROLE_ENROLMENT;
    }
    return err;
}

/* REQUEST[id] = hash of the user ‖ the reply. A ring of SB_REQUESTS_KEPT_MAX in META says which
 * goes when a new one comes. */
static struct sb_hash reply_owner(const struct sb_command *command)
{
    return sb_hash_one("record", sb_name_bytes(&command->user));
}

static void reply_keep(const struct sb_command *command, struct sb_bytes reply)
{
    struct sb_txn *txn = command->turn->txn;
    struct sb_bytes id = sb_bytes(command->request->id, SB_REQUEST_ID_SIZE);
    uint64_t count = sb_txn_number(txn, SB_TABLE_META, "requests");
    struct sb_key slot;
    sb_key_init(&slot);
    sb_key_add_name(&slot, "request");
    sb_key_add_be64(&slot, count % SB_REQUESTS_KEPT_MAX);
    struct sb_bytes oldest;
    if (sb_txn_get(txn, SB_TABLE_META, sb_key_bytes(&slot), &oldest)) {
        uint8_t copy[SB_REQUEST_ID_SIZE];
        SB_ASSERT(oldest.size == sizeof copy);
        memcpy(copy, oldest.at, sizeof copy);
        sb_txn_del(txn, SB_TABLE_REQUEST, sb_bytes(copy, sizeof copy));
    }
    sb_txn_put(txn, SB_TABLE_META, sb_key_bytes(&slot), id);
    sb_txn_set_number(txn, SB_TABLE_META, "requests", count + 1);
    struct sb_hash owner = reply_owner(command);
    struct sb_buf value;
    sb_buf_init(&value, SB_FRAME_SIZE_MAX + SB_HASH_SIZE);
    sb_buf_add(&value, sb_hash_bytes(&owner));
    sb_buf_add(&value, reply);
    sb_txn_put(txn, SB_TABLE_REQUEST, id, sb_buf_bytes(&value));
    sb_buf_finish(&value);
}

/* True where the request was answered before: to the same user the same bytes, to another none. */
static bool reply_again(const struct sb_command *command, uint64_t to, enum sb_err *ret_err)
{
    struct sb_bytes kept;
    if (!sb_txn_get(command->turn->txn, SB_TABLE_REQUEST,
                    sb_bytes(command->request->id, SB_REQUEST_ID_SIZE), &kept)) {
        return false;
    }
    struct sb_hash owner = reply_owner(command);
    if (kept.size < SB_HASH_SIZE
        || !sb_bytes_equal(sb_bytes(kept.at, SB_HASH_SIZE), sb_hash_bytes(&owner))) {
        *ret_err = sb_why_say(command->why, SB_ERR_ALREADY,
                              "detta begäransnummer är använt av någon annan; ge kommandot på nytt",
                              "this request id was used by somebody else; send the command anew");
        return false;
    }
    sb_effects_add(command->turn->effects, SB_EFFECT_REPLY, to,
                   sb_bytes(kept.at + SB_HASH_SIZE, kept.size - SB_HASH_SIZE));
    sb_txn_count(command->turn->txn, "broker/asked-again");
    return true;
}

/* What somebody asked for and did not get is told each time; what is no request, once an interval:
 * no person sends it. */
static void refusal_log(const struct sb_command *command, enum sb_err err)
{
    struct sb_broker_turn *turn = command->turn;
    const struct sb_quoted why = sb_quoted(command->why->text);
    uint64_t untold;
    if (command->request->verb.text[0] != '\0') {
        sb_effects_log(turn->effects, err == SB_ERR_CORRUPT ? SB_LEVEL_ERROR : SB_LEVEL_WARNING,
                       "request-refused user=%s verb=%s reason=%s why=%s", command->user.text,
                       command->request->verb.text, sb_err_name(err), why.text);
    } else if (sb_complaint_due(&turn->broker->unreadable, err, turn->now.mono_ms, &untold)) {
        sb_effects_log(turn->effects, SB_LEVEL_WARNING,
                       "request-unreadable user=%s reason=%s untold=%llu why=%s",
                       command->user.text, sb_err_name(err), (unsigned long long)untold, why.text);
    }
}

static void command_refused(const struct sb_command *command, enum sb_err err)
{
    char counter[64];
    (void)snprintf(counter, sizeof counter, "broker/refused/%s", sb_err_name(err));
    sb_txn_count(command->turn->txn, counter);
    refusal_log(command, err);
}

static void reply_send(const struct sb_command *command, uint64_t to, enum sb_err err, bool keep)
{
    struct sb_buf reply;
    char both[SB_WHY_BOTH_SIZE];
    sb_why_both(command->why, both);
    sb_buf_init(&reply, SB_FRAME_SIZE_MAX);
    sb_reply_write(command->request->id, err, err == SB_ERR_OK ? "" : both,
                   err == SB_ERR_OK ? command->rows : NULL, err == SB_ERR_OK ? command->next : 0,
                   &reply);
    sb_effects_add(command->turn->effects, SB_EFFECT_REPLY, to, sb_buf_bytes(&reply));
    if (keep && err == SB_ERR_OK) {
        reply_keep(command, sb_buf_bytes(&reply));
    }
    sb_buf_finish(&reply);
}

/* Reads the arguments and lets the verb do its work. */
static enum sb_err command_run(struct sb_command *command, const struct verb_run *run)
{
    struct sb_record args = {0};
    SB_ASSERT(run != NULL); /* what was admitted has one */
    const struct sb_verb_row *verb = sb_verb_find(command->request->verb.text);
    enum sb_err err = sb_record_read(command->request->args, SB_PARTS_ALL, &args, command->why);
    if (err == SB_ERR_OK && verb->writes) {
        err = sb_room_refuse(command->turn->txn, verb_is_reserved(verb->verb), command->why);
    }
    if (err == SB_ERR_OK) {
        command->args = &args;
        err = run->run(command);
        command->args = NULL;
    }
    return err;
}

/* What was found without a record that cannot be read is not said, and not taken for the reason of
 * a refusal. A command that was carried out in spite of it is the commit's to refuse. */
static enum sb_err damage_take(struct sb_command *command, uint64_t met, enum sb_err err)
{
    const struct sb_verb_row *verb = sb_verb_find(command->request->verb.text);
    struct sb_why damage = {0};
    if ((err == SB_ERR_OK && verb->writes) || !sb_txn_excuse(command->turn->txn, met, &damage)) {
        return err;
    }
    return sb_why_say(
        command->why, SB_ERR_CORRUPT,
        "centralens lagring är skadad (" SB_SV "), så detta kan inte besvaras; kör samband "
        "verify på centralen och återställ lagringen ur säkerhetskopia",
        "the broker's store is damaged (" SB_EN "), so this cannot be answered; run samband "
        "verify at the broker, and restore the store from a backup",
        SB_WHY_PAIR(damage));
}

/* An agent has no verb here; what it asks all the same it pays for as for frames. */
static bool agent_may_ask(struct sb_broker_turn *turn, const struct sb_broker_input *input)
{
    struct sb_name agent;
    if (!sb_broker_user_read(&input->user, "a:", &agent)) {
        return true;
    }
    struct sb_peer *peer = sb_peer_find(turn->broker, &agent);
    if (!sb_share_admits(turn, peer)) {
        return false;
    }
    sb_share_spend(turn, peer, 1 + SB_WORK_REFUSED);
    return true;
}

void sb_broker_on_request(struct sb_broker_turn *turn, const struct sb_broker_input *input)
{
    const uint64_t met = sb_txn_damages(turn->txn);
    if (!agent_may_ask(turn, input)) {
        return;
    }
    struct sb_request request = {0};
    struct sb_why why = {0};
    struct sb_rows rows;
    sb_rows_init(&rows);
    struct sb_command command = {.turn = turn,
                                 .request = &request,
                                 .order = input->bytes,
                                 .user = input->user,
                                 .rows = &rows,
                                 .why = &why};
    const struct verb_run *run = NULL;
    bool keep = false;
    enum sb_err err = sb_request_read(input->bytes, &request, &why);
    if (err == SB_ERR_OK && input->replaced) {
        err = sb_why_say(&why, SB_ERR_REVOKED,
                         "%s har andra nycklar än denna förbindelse; använd den senaste profilen",
                         "%s has other keys than this connection's; use the newest profile",
                         input->user.text);
    }
    if (err == SB_ERR_OK) {
        err = command_admit(&command, &run, &keep);
    }
    if (err == SB_ERR_OK && keep && reply_again(&command, input->from, &err)) {
        sb_rows_finish(&rows);
        return;
    }
    if (err == SB_ERR_OK) {
        err = command_run(&command, run);
    }
    err = damage_take(&command, met, err);
    if (err != SB_ERR_OK) {
        command_refused(&command, err);
    }
    reply_send(&command, input->from, err, keep);
    sb_rows_finish(&rows);
}
