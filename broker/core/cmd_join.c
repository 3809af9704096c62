/* cmd_join.c: "join": a token becomes a certificate, once. The same keys again get the same answer,
 * so that a time-out costs nothing. */
#include "agents.h"
#include "command.h"
#include "enrol.h"
#include "peers.h"

#include <string.h>

static const enum sb_field key_fields[] = {SB_FIELD_CURVE_KEY, SB_FIELD_MACHINE_KEY,
                                           SB_FIELD_KEY_LIVE,  SB_FIELD_KEY_EXERCISE,
                                           SB_FIELD_KEY_TEST,  0};

/* The token that the one-time key of this connection is of. */
static enum sb_err token_find(struct sb_command *command, struct sb_public_key *ret_once,
                              struct sb_record *ret_row)
{
    uint8_t prefix[SB_ENROL_PREFIX_SIZE];
    struct sb_bytes key = {0};
    struct sb_bytes value;
    bool found = sb_enrol_token_prefix(&command->user, prefix);
    if (found) {
        struct sb_broker_walk walk =
            sb_broker_walk(SB_TABLE_TOKEN, sb_bytes(prefix, sizeof prefix));
        found = sb_broker_walk_next(&walk, command->turn->txn, &key, &value)
                && key.size == sizeof ret_once->at;
    }
    if (!found) {
        return sb_why_say(command->why, SB_ERR_NOT_FOUND,
                          "denna central har inte gjort någon sådan inbjudan; be om en ny",
                          "this broker made no such invitation; ask for a new one");
    }
    memcpy(ret_once->at, key.at, key.size);
    sb_broker_row_read(value, ret_row);
    return SB_ERR_OK;
}

static enum sb_err join_tell(struct sb_command *command, const struct sb_record *token,
                             struct sb_bytes cert)
{
    static const enum sb_field shown[] = {SB_FIELD_AGENT, SB_FIELD_SUBJECT, SB_FIELD_ROLE,
                                          SB_FIELD_REALM, SB_FIELD_ORGS};
    const struct sb_broker_config *config = command->turn->config;
    struct sb_record row = {0};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        row.at[shown[i]] = token->at[shown[i]];
    }
    bool agent = sb_record_number(token, SB_FIELD_ROLE) == SB_ROLE_AGENT;
    sb_record_set_bytes(&row, SB_FIELD_CERT, cert);
    sb_record_set_text(&row, SB_FIELD_ENDPOINT,
                       agent ? config->link_endpoint : config->control_endpoint);
    bool room = sb_rows_add(command->rows, &row);
    SB_ASSERT(room);
    return SB_ERR_OK;
}

/* A token that was used answers to the keys that used it. */
static enum sb_err used_answer(struct sb_command *command, const struct sb_record *token)
{
    for (size_t i = 0; key_fields[i] != 0; i++) {
        if (sb_record_has(token, key_fields[i])
            && !sb_bytes_equal(sb_record_bytes(token, key_fields[i]),
                               sb_record_bytes(command->args, key_fields[i]))) {
            return sb_why_say(
                command->why, SB_ERR_ALREADY,
                "inbjudan är redan använd, med andra nycklar; be om en ny, och säg till "
                "administratören om det inte var du",
                "this invitation was used already, with other keys; ask for a new one, "
                "and tell your administrator if it was not you");
        }
    }
    return join_tell(command, token, sb_record_bytes(token, SB_FIELD_CERT));
}

/* What the token promised, with the keys that came. SUBJECT, where given, must be the promised one.
 */
static enum sb_err wanted_make(struct sb_command *command, const struct sb_record *token,
                               struct sb_record *ret_wanted)
{
    static const enum sb_field promised[] = {SB_FIELD_ROLE, SB_FIELD_REALM, SB_FIELD_ORGS,
                                             SB_FIELD_SUBJECT};
    sb_record_clear(ret_wanted);
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++) {
        ret_wanted->at[promised[i]] = token->at[promised[i]];
    }
    if (sb_record_has(token, SB_FIELD_AGENT)) {
        sb_record_set_bytes(ret_wanted, SB_FIELD_SUBJECT, sb_record_bytes(token, SB_FIELD_AGENT));
    }
    sb_command_pass(command, key_fields, ret_wanted);
    bool person = !sb_record_has(token, SB_FIELD_AGENT);
    if (person && sb_record_has(ret_wanted, SB_FIELD_MACHINE_KEY)) {
        return sb_why_say(
            command->why, SB_ERR_NOT_ALLOWED,
            "inbjudan är en persons, inte en agents; använd den med: samband join",
            "the invitation is a person's, not an agent's; use it with: samband join");
    }
    struct sb_name subject = sb_record_name(ret_wanted, SB_FIELD_SUBJECT);
    struct sb_name told = sb_record_name(command->args, SB_FIELD_SUBJECT);
    if (told.text[0] != '\0' && !sb_name_equal(&told, &subject)) {
        return sb_why_say(command->why, SB_ERR_NOT_ALLOWED, "inbjudan gäller %s, inte %s",
                          "the invitation is for %s, not for %s", subject.text, told.text);
    }
    return SB_ERR_OK;
}

/* The keys by which a used token is known again: those that were certified. */
static void token_use(struct sb_command *command, const struct sb_public_key *once,
                      struct sb_record *token, struct sb_bytes cert)
{
    static const enum sb_field operators[] = {SB_FIELD_CURVE_KEY, 0};
    bool agent = sb_record_number(token, SB_FIELD_ROLE) == SB_ROLE_AGENT;
    sb_command_pass(command, agent ? key_fields : operators, token);
    if (!agent) {
        enum sb_field key = sb_enrol_realm_key(sb_record_number(token, SB_FIELD_REALM));
        token->at[key] = command->args->at[key];
    }
    sb_record_set_number(token, SB_FIELD_USED, 1);
    sb_record_set_bytes(token, SB_FIELD_CERT, cert);
    sb_broker_row_put(command->turn->txn, SB_TABLE_TOKEN, sb_bytes(once->at, sizeof once->at),
                      token);
}

/* An agent that joins anew has other keys: its session under the old ones is over. */
static void agent_joined(struct sb_command *command, const struct sb_name *agent,
                         struct sb_bytes orgs)
{
    sb_agents_count(command->turn->txn, orgs);
    struct sb_peer *peer = sb_peer_get(command->turn->broker, agent, command->turn->now);
    if (peer->session != NULL) {
        sb_effects_add(command->turn->effects, SB_EFFECT_DROP, peer->session->from,
                       sb_bytes(NULL, 0));
        sb_peer_close(peer);
    }
}

static enum sb_err token_redeem(struct sb_command *command, const struct sb_public_key *once)
{
    struct sb_record token;
    struct sb_record wanted;
    struct sb_bytes stored;
    struct sb_buf copy; /* the token's row is borrowed, and enrolling writes */
    bool found = sb_txn_get(command->turn->txn, SB_TABLE_TOKEN, sb_bytes(once->at, sizeof once->at),
                            &stored);
    SB_ASSERT(found);
    sb_buf_init(&copy, SB_ROW_SIZE_MAX);
    sb_buf_add(&copy, stored);
    sb_broker_row_read(sb_buf_bytes(&copy), &token);
    struct sb_enrolment enrolment = {
        .txn = command->turn->txn, .config = command->turn->config, .now = command->turn->now};
    struct sb_buf cert;
    sb_buf_init(&cert, SB_CERT_SIZE_MAX);
    bool agent = sb_record_number(&token, SB_FIELD_ROLE) == SB_ROLE_AGENT;
    enum sb_err err = wanted_make(command, &token, &wanted);
    if (err == SB_ERR_OK) {
        err = agent ? sb_enrol_agent(&enrolment, &wanted, &cert, command->why)
                    : sb_enrol_operator(&enrolment, &wanted, &cert, command->why);
    }
    if (err == SB_ERR_OK) {
        struct sb_name subject = sb_record_name(&wanted, SB_FIELD_SUBJECT);
        token_use(command, once, &token, sb_buf_bytes(&cert));
        if (agent) {
            agent_joined(command, &subject, sb_record_bytes(&token, SB_FIELD_ORGS));
        }
        sb_effects_log(
            command->turn->effects, SB_LEVEL_NOTICE, "joined name=%s role=%s", subject.text,
            sb_word_find(SB_FIELD_ROLE, (unsigned)sb_record_number(&token, SB_FIELD_ROLE))->json);
        err = join_tell(command, &token, sb_buf_bytes(&cert));
    }
    sb_buf_finish(&cert);
    sb_buf_finish(&copy);
    return err;
}

enum sb_err sb_broker_join(struct sb_command *command)
{
    struct sb_public_key once;
    struct sb_record token;
    enum sb_err err = token_find(command, &once, &token);
    if (err != SB_ERR_OK) {
        return err;
    }
    if (sb_record_number(&token, SB_FIELD_USED) != 0) {
        return used_answer(command, &token);
    }
    if (sb_record_number(&token, SB_FIELD_VALID_TO) < command->turn->now.wall_ms) {
        return sb_why_say(command->why, SB_ERR_EXPIRED,
                          "inbjudan gällde i %llu timmar och har gått ut; be om en ny",
                          "this invitation was valid for %llu hours and has expired; ask for a new "
                          "one",
                          (unsigned long long)(SB_TOKEN_VALID_MS / 3600000));
    }
    return token_redeem(command, &once);
}
