/* words.h: the closed vocabularies (fields of SB_TYPE_ENUM) and their names. Numbers stand on the
 * wire and are never used again; 0 is always "not stated". Terms: the glossary of the domain model.
 */
#ifndef SAMBAND_WORDS_H
#define SAMBAND_WORDS_H

#include "samband/fields.h"

/* X(NAME, number, JSON, Swedish, English) */
#define SB_REALMS(X)                                 \
    X(LIVE, 1, "live", "SKARPT", "LIVE")             \
    X(EXERCISE, 2, "exercise", "ÖVNING", "EXERCISE") \
    X(TEST, 3, "test", "PROV", "TEST")

#define SB_LEVELS(X)                                                \
    X(OVERORDNAD, 1, "overordnad", "överordnad", "superior")        \
    X(INRIKTANDE, 2, "inriktande", "inriktande", "direction")       \
    X(SAMORDNANDE, 3, "samordnande", "samordnande", "coordination") \
    X(VERKSTALLANDE, 4, "verkstallande", "verkställande", "execution")

#define SB_MODES(X)                                                 \
    X(ORDINARIE, 1, "ordinarie", "ordinarie läge", "ordinary mode") \
    X(AKTIVERAT, 2, "aktiverat", "aktiverat läge", "activated mode")

#define SB_SECRECIES(X)                 \
    X(OPEN, 1, "open", "öppen", "open") \
    X(RESTRICTED, 2, "restricted", "sekretess enligt OSL", "restricted")

/* The ladder of reach, in order: a seat only climbs. */
#define SB_RUNGS(X)                                                 \
    X(QUEUED, 1, "queued", "i kö", "queued")                        \
    X(STORED, 2, "stored", "lagrad", "stored")                      \
    X(NOTIFIED, 3, "notified", "larmad", "notified")                \
    X(OPENED, 4, "opened", "öppnad", "opened")                      \
    X(ACKNOWLEDGED, 5, "acknowledged", "kvitterad", "acknowledged") \
    X(MANDATED, 6, "mandated", "med mandat", "with mandate")

#define SB_ANSWERS(X)                             \
    X(YES, 1, "yes", "JA", "YES")                 \
    X(AT, 2, "at", "ANSLUTER KL", "JOINS AT")     \
    X(DEPUTY, 3, "deputy", "ERSÄTTARE", "DEPUTY") \
    X(NO, 4, "no", "NEJ", "NO")

/* What the agent's reach engine does next for a seat. */
#define SB_STEPS(X)                                       \
    X(PERSON, 1, "person", "nästa person", "next person") \
    X(DEPUTY, 2, "deputy", "ersättare", "deputy")         \
    X(REMIND, 3, "remind", "påminnelse", "reminder")      \
    X(RETRY, 4, "retry", "nytt försök", "retry")          \
    X(STOPPED, 5, "stopped", "klart", "stopped")          \
    X(EXHAUSTED, 6, "exhausted", "ingen kvar", "nobody left")

#define SB_COLOURS(X)                    \
    X(RED, 1, "red", "RÖD", "RED")       \
    X(AMBER, 2, "amber", "GUL", "AMBER") \
    X(GREEN, 4, "green", "GRÖN", "GREEN")

/* The column "with mandate". */
#define SB_MANDATE_STATES(X)                                                   \
    X(NOT_NEEDED, 1, "not-needed", "behövs ej", "not needed")                  \
    X(VALID, 2, "valid", "med mandat", "with mandate")                         \
    X(NONE, 3, "none", "utan mandat", "without mandate")                       \
    X(UNDECLARED, 4, "undeclared", "mandat ej anmält", "mandate not declared") \
    X(ENDED, 5, "ended", "mandatet har gått ut", "mandate ended")

#define SB_ROLES(X)                                                                    \
    X(ROOT, 1, "root", "rot", "root")                                                  \
    X(BROKER, 2, "broker", "central", "broker")                                        \
    X(ENROLMENT, 3, "enrolment", "inskrivning", "enrolment")                           \
    X(AGENT, 4, "agent", "agent", "agent")                                             \
    X(VIEWER, 5, "viewer", "läsare", "viewer")                                         \
    X(EXERCISE_OPERATOR, 6, "exercise-operator", "övningsledare", "exercise operator") \
    X(OPERATOR, 7, "operator", "operatör (TiB)", "operator")                           \
    X(ADMIN, 8, "admin", "administratör", "administrator")

/* How one attempt ended, as the channel knows it. */
#define SB_RESULTS(X)                                                            \
    X(UNKNOWN, 1, "unknown", "okänt", "unknown")                                 \
    X(ACCEPTED, 2, "accepted", "mottaget av kanalen", "accepted by the channel") \
    X(RETRY, 3, "retry", "försök igen", "try again")                             \
    X(FAILED, 4, "failed", "misslyckades", "failed")

/* One alert at an agent: the reach engine's one state machine (agent/README.md). */
#define SB_ALERT_STATES(X)                                             \
    X(HELD, 1, "held", "väntar på ikappläsning", "held until drained") \
    X(RINGING, 2, "ringing", "larmar", "ringing")                      \
    X(ANSWERED, 3, "answered", "besvarat", "answered")                 \
    X(EXHAUSTED, 4, "exhausted", "ingen nådd", "nobody reached")       \
    X(RECALLED, 5, "recalled", "återkallat", "recalled")               \
    X(SUPERSEDED, 6, "superseded", "ersatt", "superseded")

/* What an agent does that no agent should, as the words after its name. */
#define SB_MISDEEDS(X)                                                                             \
    X(FLOOD, 1, "flood", "sänder mer än den får", "sends more than it may")                        \
    X(HOARD, 2, "hoard", "fyller centralens lagring", "fills the broker's store")                  \
    X(UNREADABLE, 3, "unreadable", "sänder oläsliga meddelanden", "sends unreadable messages")     \
    X(NOT_SERVED, 4, "not-served", "talar för andra än sina egna", "speaks for others")            \
    X(FALSE_RECEIPT, 5, "false-receipt", "kvitterar det den inte har fått",                        \
      "receipts what it was not sent")                                                             \
    X(FALSE_PROOF, 6, "false-proof", "bevisar med fel underskrift", "proves by a wrong signature") \
    X(NOT_HELD, 7, "not-held", "har inte kvar det den har kvitterat",                              \
      "no longer holds what it receipted")                                                         \
    X(STALE, 8, "stale", "ansluter med en kopia eller ett gammalt lager",                          \
      "connects with a copy or an old store")                                                      \
    X(NOT_ALLOWED, 9, "not-allowed", "sänder poster som nekas", "sends events that are refused")

#define X(name, number, json, sv, en) SB_REALM_##name = (number),
enum sb_realm {
    SB_REALMS(X)
};
#undef X
#define X(name, number, json, sv, en) SB_LEVEL_##name##_FORUM = (number),
enum sb_forum_level {
    SB_LEVELS(X)
};
#undef X
#define X(name, number, json, sv, en) SB_MODE_##name = (number),
enum sb_mode {
    SB_MODES(X)
};
#undef X
#define X(name, number, json, sv, en) SB_SECRECY_##name = (number),
enum sb_secrecy {
    SB_SECRECIES(X)
};
#undef X
#define X(name, number, json, sv, en) SB_RUNG_##name = (number),
enum sb_rung {
    SB_RUNGS(X)
};
#undef X
#define X(name, number, json, sv, en) SB_ANSWER_##name = (number),
enum sb_answer {
    SB_ANSWER_NOTHING = 0,
    SB_ANSWERS(X)
};
#undef X
#define X(name, number, json, sv, en) SB_STEP_##name = (number),
enum sb_step {
    SB_STEPS(X)
};
#undef X
#define X(name, number, json, sv, en) SB_COLOUR_##name = (number),
enum sb_colour {
    SB_COLOURS(X)
};
#undef X
#define X(name, number, json, sv, en) SB_MANDATE_##name = (number),
enum sb_mandate_state {
    SB_MANDATE_STATES(X)
};
#undef X
#define X(name, number, json, sv, en) SB_ROLE_##name = (number),
enum sb_role {
    SB_ROLES(X)
};
#undef X
#define X(name, number, json, sv, en) SB_RESULT_##name = (number),
enum sb_result {
    SB_RESULTS(X)
};
#undef X
#define X(name, number, json, sv, en) SB_ALERT_##name = (number),
enum sb_alert_state {
    SB_ALERT_STATES(X)
};
#undef X
#define X(name, number, json, sv, en) SB_MISDEED_##name = (number),
enum sb_misdeed {
    SB_MISDEEDS(X)
};
#undef X

struct sb_word {
    unsigned number;
    const char *json;
    const char *sv;
    const char *en;
};

/* The vocabulary of an ENUM field; NULL and *ret_count 0 where the field is no enum. */
const struct sb_word *sb_words(enum sb_field field, unsigned *ret_count);
/* NULL where the vocabulary has no such number or name. JSON names and both languages' words are
 * found, case folded for ASCII. */
const struct sb_word *sb_word_find(enum sb_field field, unsigned number);
const struct sb_word *sb_word_find_text(enum sb_field field, const char *text);

#endif
