/* enrol.c: making certificates and the rows that admit their holders. Who may ask for one was
 * decided before. */
#include "enrol.h"

#include "misdeeds.h"

#include <stdio.h>
#include <string.h>

/* A certificate holds from a while ago: the holder's clock may be behind ours. */
#define CLOCK_MARGIN_MS 3600000u

enum sb_field sb_enrol_realm_key(uint64_t realm)
{
    static const enum sb_field fields[] = {[SB_REALM_LIVE] = SB_FIELD_KEY_LIVE,
                                           [SB_REALM_EXERCISE] = SB_FIELD_KEY_EXERCISE,
                                           [SB_REALM_TEST] = SB_FIELD_KEY_TEST};
    SB_ASSERT(realm >= SB_REALM_LIVE && realm <= SB_REALM_TEST);
    return fields[realm];
}

void sb_enrol_believe_next(struct sb_record *agent_row)
{
    sb_record_set_number(agent_row, SB_FIELD_CONFIRMED, 0);
}

struct sb_name sb_enrol_token_user(const struct sb_public_key *once)
{
    char text[2 + 2 * SB_ENROL_PREFIX_SIZE + 1] = "e:";
    sb_hex_write(sb_bytes(once->at, SB_ENROL_PREFIX_SIZE), text + 2);
    return sb_name(text);
}

bool sb_enrol_token_prefix(const struct sb_name *user, uint8_t ret_prefix[SB_ENROL_PREFIX_SIZE])
{
    struct sb_name hex;
    return sb_broker_user_read(user, "e:", &hex)
           && sb_hex_read(sb_name_bytes(&hex), ret_prefix, SB_ENROL_PREFIX_SIZE);
}

static enum sb_err keys_check(const struct sb_record *wanted, const enum sb_field *fields,
                              struct sb_why *why)
{
    for (; *fields != 0; fields++) {
        if (sb_record_bytes(wanted, *fields).size != SB_KEY_SIZE) {
            return sb_why_say(why, SB_ERR_MISSING, "uppgiften \"" SB_SV "\" saknas",
                              SB_EN " is missing", SB_FIELD_PAIR(sb_field_find(*fields)));
        }
    }
    return SB_ERR_OK;
}

/* A transport key names one user for ever: two users with one key could not be told apart. */
static enum sb_err curve_check(const struct sb_enrolment *enrolment, const struct sb_record *wanted,
                               const struct sb_name *user, struct sb_why *why)
{
    struct sb_bytes holder;
    if (sb_txn_get(enrolment->txn, SB_TABLE_CURVE, sb_record_bytes(wanted, SB_FIELD_CURVE_KEY),
                   &holder)
        && !sb_bytes_equal(holder, sb_name_bytes(user))) {
        return sb_why_say(why, SB_ERR_ALREADY,
                          "transportnyckeln är inskriven för någon annan; skriv in från en tom "
                          "mapp, så att nya nycklar görs",
                          "this transport key is enrolled for somebody else; join from an empty "
                          "folder, so that new keys are made");
    }
    return SB_ERR_OK;
}

/* "a:NAME" or "o:NAME"; false where the name is too long for it. */
static bool user_make(const char *sort, const struct sb_name *name, struct sb_name *ret_user)
{
    char text[SB_NAME_SIZE_MAX + 8];
    (void)snprintf(text, sizeof text, "%s%s", sort, name->text);
    return strlen(name->text) <= SB_ENROL_NAME_SIZE_MAX
           && sb_name_read(sb_bytes_str(text), ret_user);
}

static enum sb_err cert_make(const struct sb_enrolment *enrolment, struct sb_record *record,
                             struct sb_buf *ret_cert, struct sb_why *why)
{
    uint64_t now = enrolment->now.wall_ms;
    uint64_t serial = sb_txn_number(enrolment->txn, SB_TABLE_META, "serial") + 1;
    sb_record_set_number(record, SB_FIELD_VALID_FROM,
                         now > CLOCK_MARGIN_MS ? now - CLOCK_MARGIN_MS : 0);
    sb_record_set_number(record, SB_FIELD_VALID_TO, now + SB_CERT_VALID_MS);
    sb_record_set_number(record, SB_FIELD_SERIAL, serial);
    sb_cert_write(record, &enrolment->config->enrolment, enrolment->config->enrolment_cert,
                  ret_cert);
    if (ret_cert->overflow) {
        return sb_why_say(why, SB_ERR_TOO_LARGE,
                          "certifikatet skulle bli större än %d byte; ange färre organisationer",
                          "the certificate would be larger than %d bytes; name fewer organisations",
                          SB_CERT_SIZE_MAX);
    }
    /* What we sign must lead to the root: an enrolment certificate that ended shows here. */
    struct sb_cert cert;
    enum sb_err err =
        sb_cert_read(sb_buf_bytes(ret_cert), &enrolment->config->root, now, NULL, &cert, why);
    if (err == SB_ERR_OK) {
        sb_txn_set_number(enrolment->txn, SB_TABLE_META, "serial", serial);
    }
    return err;
}

/* Puts the new key's row and takes away that of the one before. `row` is the holder's, before. */
static void curve_replace(const struct sb_enrolment *enrolment, const struct sb_record *row,
                          const struct sb_record *wanted, const struct sb_name *user)
{
    struct sb_bytes before = sb_record_bytes(row, SB_FIELD_CURVE_KEY);
    struct sb_bytes now = sb_record_bytes(wanted, SB_FIELD_CURVE_KEY);
    uint8_t old[SB_KEY_SIZE];
    if (before.size == sizeof old) {
        memcpy(old, before.at, sizeof old); /* the row's bytes end with the delete */
        sb_txn_del(enrolment->txn, SB_TABLE_CURVE, sb_bytes(old, sizeof old));
    }
    sb_txn_put(enrolment->txn, SB_TABLE_CURVE, now, sb_name_bytes(user));
}

enum sb_err sb_enrol_agent(const struct sb_enrolment *enrolment, const struct sb_record *wanted,
                           struct sb_buf *ret_cert, struct sb_why *why)
{
    static const enum sb_field keys[] = {SB_FIELD_CURVE_KEY, SB_FIELD_MACHINE_KEY,
                                         SB_FIELD_KEY_LIVE,  SB_FIELD_KEY_EXERCISE,
                                         SB_FIELD_KEY_TEST,  0};
    struct sb_name agent = sb_record_name(wanted, SB_FIELD_SUBJECT);
    struct sb_name user;
    enum sb_err err = keys_check(wanted, keys, why);
    if (err == SB_ERR_OK && !user_make("a:", &agent, &user)) {
        err =
            sb_why_say(why, SB_ERR_VALUE, "agentens namn %s är längre än %d",
                       "the agent's name %s is longer than %d", agent.text, SB_ENROL_NAME_SIZE_MAX);
    }
    if (err == SB_ERR_OK) {
        err = curve_check(enrolment, wanted, &user, why);
    }
    struct sb_record record = *wanted;
    if (err == SB_ERR_OK) {
        sb_record_set_number(&record, SB_FIELD_ROLE, SB_ROLE_AGENT);
        err = cert_make(enrolment, &record, ret_cert, why);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_record row;
    (void)sb_broker_row_get_name(enrolment->txn, SB_TABLE_AGENT, &agent, &row);
    uint64_t session = sb_record_number(&row, SB_FIELD_SESSION);
    curve_replace(enrolment, &row, wanted, &user);
    sb_record_clear(&row);
    sb_record_set_name(&row, SB_FIELD_AGENT, &agent);
    sb_record_set_bytes(&row, SB_FIELD_ORGS, sb_record_bytes(wanted, SB_FIELD_ORGS));
    sb_record_set_bytes(&row, SB_FIELD_CERT, sb_buf_bytes(ret_cert));
    sb_record_set_bytes(&row, SB_FIELD_CURVE_KEY, sb_record_bytes(wanted, SB_FIELD_CURVE_KEY));
    sb_record_set_bytes(&row, SB_FIELD_MACHINE_KEY, sb_record_bytes(wanted, SB_FIELD_MACHINE_KEY));
    sb_record_set_number(&row, SB_FIELD_SESSION, session); /* numbers only grow */
    sb_enrol_believe_next(&row);
    sb_broker_row_put_name(enrolment->txn, SB_TABLE_AGENT, &agent, &row);
    sb_misdeeds_forget(enrolment->txn, &agent);
    return SB_ERR_OK;
}

enum sb_err sb_enrol_operator_check(const struct sb_record *wanted, struct sb_why *why)
{
    uint64_t role = sb_record_number(wanted, SB_FIELD_ROLE);
    uint64_t realm = sb_record_number(wanted, SB_FIELD_REALM);
    struct sb_name subject = sb_record_name(wanted, SB_FIELD_SUBJECT);
    if (role < SB_ROLE_VIEWER || role > SB_ROLE_ADMIN) {
        return sb_why_say(why, SB_ERR_VALUE,
                          "en operatörs roll är viewer, exercise-operator, operator eller admin",
                          "an operator's role is viewer, exercise-operator, operator or admin");
    }
    if (realm < SB_REALM_LIVE || realm > SB_REALM_TEST) {
        return sb_why_say(why, SB_ERR_VALUE, "en operatörs typ är SKARPT, ÖVNING eller PROV",
                          "an operator's realm is live, exercise or test");
    }
    if (role == SB_ROLE_EXERCISE_OPERATOR && realm == SB_REALM_LIVE) {
        return sb_why_say(
            why, SB_ERR_REALM, "en övningsledare kan inte ha SKARPT; välj ÖVNING eller PROV",
            "an exercise operator cannot have the live realm; choose exercise or test");
    }
    if (subject.text[0] == '\0' || strlen(subject.text) > SB_ENROL_NAME_SIZE_MAX) {
        return sb_why_say(why, SB_ERR_VALUE, "en operatörs namn har 1 till %d tecken",
                          "an operator's name has 1 to %d characters", SB_ENROL_NAME_SIZE_MAX);
    }
    return SB_ERR_OK;
}

/* One realm, one key: the others are not certified, whoever sends them. */
static void operator_fields(const struct sb_record *wanted, enum sb_field key,
                            struct sb_record *ret_record)
{
    const enum sb_field fields[] = {SB_FIELD_SUBJECT, SB_FIELD_ROLE, SB_FIELD_REALM,
                                    SB_FIELD_CURVE_KEY, key};
    sb_record_clear(ret_record);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        ret_record->at[fields[i]] = wanted->at[fields[i]];
    }
}

enum sb_err sb_enrol_operator(const struct sb_enrolment *enrolment, const struct sb_record *wanted,
                              struct sb_buf *ret_cert, struct sb_why *why)
{
    struct sb_name subject = sb_record_name(wanted, SB_FIELD_SUBJECT);
    struct sb_name user;
    enum sb_err err = sb_enrol_operator_check(wanted, why);
    if (err != SB_ERR_OK) {
        return err;
    }
    bool fits = user_make("o:", &subject, &user);
    SB_ASSERT(fits);
    enum sb_field key = sb_enrol_realm_key(sb_record_number(wanted, SB_FIELD_REALM));
    const enum sb_field keys[] = {SB_FIELD_CURVE_KEY, key, 0};
    err = keys_check(wanted, keys, why);
    if (err == SB_ERR_OK) {
        err = curve_check(enrolment, wanted, &user, why);
    }
    struct sb_record record;
    operator_fields(wanted, key, &record);
    if (err == SB_ERR_OK) {
        err = cert_make(enrolment, &record, ret_cert, why);
    }
    if (err != SB_ERR_OK) {
        return err;
    }
    struct sb_record row;
    (void)sb_broker_row_get_name(enrolment->txn, SB_TABLE_OPERATOR, &subject, &row);
    curve_replace(enrolment, &row, wanted, &user);
    sb_record_set_bytes(&record, SB_FIELD_CERT, sb_buf_bytes(ret_cert));
    sb_broker_row_put_name(enrolment->txn, SB_TABLE_OPERATOR, &subject, &record);
    return SB_ERR_OK;
}
