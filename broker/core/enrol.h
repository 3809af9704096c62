/* enrol.h: certificates for agents and operators, and which CURVE key is whose. Private to
 * broker/core.
 *
 *      CURVE     CURVE key     user id: "a:AGENT", "o:SUBJECT", "e:" and the key's first 16 bytes
 *      TOKEN     one-time key  ROLE ORG ORGS AGENT | SUBJECT REALM, VALID_TO; once used: USED CERT
 *                              and the keys that joined with it
 *      AGENT     agent         AGENT ORGS CERT CURVE_KEY MACHINE_KEY SESSION CONFIRMED HEARD_AT
 *                              REVOKED
 *      OPERATOR  operator      SUBJECT ROLE REALM VALID_TO CERT CURVE_KEY KEY_* REVOKED
 */
#ifndef SAMBAND_BROKER_ENROL_H
#define SAMBAND_BROKER_ENROL_H

#include "rows.h"
#include "turn.h"

/* User ids have two characters before the name. */
#define SB_ENROL_NAME_SIZE_MAX (SB_NAME_SIZE_MAX - 2)

struct sb_enrolment {
    struct sb_txn *txn;
    const struct sb_broker_config *config;
    struct sb_now now;
};

/* Makes the certificate that `wanted` (SUBJECT ROLE CURVE_KEY, agents: ORGS MACHINE_KEY KEY_LIVE
 * KEY_EXERCISE KEY_TEST, operators: REALM and its key) asks for, signed by the enrolment key, into
 * the empty `ret_cert`, with the rows that admit its holder. Who was enrolled under that name
 * before is replaced. Refuses MISSING, VALUE, ALREADY (the transport key is somebody else's). */
enum sb_err sb_enrol_agent(const struct sb_enrolment *enrolment, const struct sb_record *wanted,
                           struct sb_buf *ret_cert, struct sb_why *why) SB_MUST_CHECK;
enum sb_err sb_enrol_operator(const struct sb_enrolment *enrolment, const struct sb_record *wanted,
                              struct sb_buf *ret_cert, struct sb_why *why) SB_MUST_CHECK;

/* The role, the realm and the name that an operator may have. */
enum sb_err sb_enrol_operator_check(const struct sb_record *wanted,
                                    struct sb_why *why) SB_MUST_CHECK;
enum sb_field sb_enrol_realm_key(uint64_t realm);

/* The next HELLO of an agent is believed whatever session it names. */
void sb_enrol_believe_next(struct sb_record *agent_row);

/* The user id of a one-time key, and back to the first bytes of the key. */
#define SB_ENROL_PREFIX_SIZE 16
struct sb_name sb_enrol_token_user(const struct sb_public_key *once);
bool sb_enrol_token_prefix(const struct sb_name *user, uint8_t ret_prefix[SB_ENROL_PREFIX_SIZE]);

#endif
