/* fields.h: the one table of fields. A field has one number, one type and one name wherever it
 * appears: in an event's header, in the two parts of its body, in a request and reply of the
 * control protocol, in a certificate, in a row of a store. Encoding, decoding, validation, JSON and
 * PROTOCOL.md's table come from it. Numbers are never used again. */
#ifndef SAMBAND_FIELDS_H
#define SAMBAND_FIELDS_H

#include "samband/limits.h"

enum sb_part {
    SB_PART_HEADER, /* signed, never erased, no free text */
    SB_PART_FACTS,  /* body: times, seats, answers; salted hash in the header */
    SB_PART_TEXT,   /* body: free text, which redaction erases; salted hash in the header */
    SB_PART_LOCAL   /* rows, requests, replies, certificates: never inside an event */
};

enum sb_type {
    SB_TYPE_UINT,
    SB_TYPE_BOOL,
    SB_TYPE_TIME,  /* Unix time in milliseconds */
    SB_TYPE_ENUM,  /* a number with names, see words.h */
    SB_TYPE_NAME,  /* struct sb_name's characters */
    SB_TYPE_TEXT,  /* UTF-8 without controls and bidi overrides, at most `limit` bytes */
    SB_TYPE_BYTES, /* at most `limit` bytes; exactly, where the field is a hash or a key */
    SB_TYPE_HASH,  /* exactly 32 bytes */
    SB_TYPE_LIST   /* of texts, each at most `limit` bytes */
};

/* X(NAME, number, part, type, limit, JSON name, Swedish, English) */
#define SB_FIELDS(X)                                                                               \
    X(NONCE, 1, HEADER, BYTES, 16, "nonce", "engångstal", "nonce")                                 \
    X(REALM, 2, HEADER, ENUM, 0, "realm", "typ", "realm")                                          \
    X(KIND, 3, HEADER, UINT, 0, "kind", "slag", "kind")                                            \
    X(ISSUED, 4, HEADER, TIME, 0, "issued", "utfärdad", "issued")                                  \
    X(ORIGIN, 5, HEADER, NAME, 0, "origin", "från", "from")                                        \
    X(ISSUER_FUNCTION, 6, HEADER, NAME, 0, "issuer_function", "funktion", "function")              \
    X(ISSUER, 7, HEADER, NAME, 0, "issuer", "utfärdare", "issuer")                                 \
    X(INCIDENT, 8, HEADER, HASH, 0, "incident", "händelse", "incident")                            \
    X(FORUM, 9, HEADER, NAME, 0, "forum", "forum", "forum")                                        \
    X(AUDIENCE_COUNT, 10, HEADER, UINT, 0, "audience_count", "antal mottagare", "recipients")      \
    X(AUDIENCE_DIGEST, 11, HEADER, HASH, 0, "audience_digest", "mottagarnas kontrollsumma",        \
      "recipients' digest")                                                                        \
    X(REF, 12, HEADER, HASH, 0, "ref", "gäller", "about")                                          \
    X(SUPERSEDES, 13, HEADER, HASH, 0, "supersedes", "ersätter", "supersedes")                     \
    X(ANSWER_BY, 14, HEADER, TIME, 0, "answer_by", "svar senast", "answer by")                     \
    X(EXPIRES, 15, HEADER, TIME, 0, "expires", "upphör", "expires")                                \
    X(SECRECY, 16, HEADER, ENUM, 0, "secrecy", "sekretess", "secrecy")                             \
    X(FACTS_HASH, 17, HEADER, HASH, 0, "facts_hash", "sakuppgifternas summa", "facts' hash")       \
    X(TEXT_HASH, 18, HEADER, HASH, 0, "text_hash", "textens summa", "text's hash")                 \
    X(ORDER_DIGEST, 19, HEADER, HASH, 0, "order_digest", "orderns summa", "order's digest")        \
    X(GROUP, 20, HEADER, BYTES, 16, "group", "larmgrupp", "alert group")                           \
    X(SIGNER, 21, HEADER, HASH, 0, "signer", "undertecknare", "signer")                            \
    X(STARTS, 32, FACTS, TIME, 0, "starts", "start", "starts")                                     \
    X(LENGTH, 33, FACTS, UINT, 0, "length", "längd (min)", "length (min)")                         \
    X(SEATS, 34, FACTS, LIST, SB_SEAT_SIZE_MAX, "seats", "kallade funktioner", "called functions") \
    X(JOIN, 35, FACTS, LIST, 200, "join", "anslut via", "join by")                                 \
    X(SEAT, 36, FACTS, TEXT, SB_SEAT_SIZE_MAX, "seat", "kallad funktion", "called function")       \
    X(RUNG, 37, FACTS, ENUM, 0, "rung", "steg", "rung")                                            \
    X(ATTEMPT, 38, FACTS, TEXT, SB_ATTEMPT_SIZE_MAX, "attempt", "försök", "attempt")               \
    X(STEP, 39, FACTS, ENUM, 0, "step", "nästa steg", "next step")                                 \
    X(STEP_AT, 40, FACTS, TIME, 0, "step_at", "nästa steg kl", "next step at")                     \
    X(ANSWER, 41, FACTS, ENUM, 0, "answer", "svar", "answer")                                      \
    X(AT, 42, FACTS, TIME, 0, "at", "ansluter kl", "joins at")                                     \
    X(LEVEL, 43, FACTS, ENUM, 0, "level", "nivå", "level")                                         \
    X(HOLDS_MANDATE, 44, FACTS, BOOL, 0, "holds_mandate", "har mandat", "holds mandate")           \
    X(BASIS, 45, FACTS, TEXT, 200, "basis", "grund", "basis")                                      \
    X(VALID_FROM, 46, FACTS, TIME, 0, "valid_from", "från och med", "valid from")                  \
    X(VALID_TO, 47, FACTS, TIME, 0, "valid_to", "till och med", "valid to")                        \
    X(VIA, 48, FACTS, NAME, 0, "via", "via", "via")                                                \
    X(CODE, 49, FACTS, TEXT, 40, "code", "läskod", "read-back code")                               \
    X(VALID_AT, 50, FACTS, TIME, 0, "valid_at", "gäller för", "valid at")                          \
    X(REVISION, 51, FACTS, UINT, 0, "revision", "version", "version")                              \
    X(SOURCES, 52, FACTS, LIST, 128, "sources", "underlag", "sources")                             \
    X(MODE, 53, FACTS, ENUM, 0, "mode", "läge", "mode")                                            \
    X(PERSON, 54, FACTS, NAME, 0, "person", "vem (pseudonym)", "who (pseudonym)")                  \
    X(FUNCTION, 55, FACTS, NAME, 0, "function", "funktion", "function")                            \
    X(ANSWERED_AT, 56, FACTS, TIME, 0, "answered_at", "svarade", "answered at")                    \
    X(REASON_CODE, 57, FACTS, ENUM, 0, "reason_code", "skäl", "reason")                            \
    X(LEFT, 58, FACTS, UINT, 0, "left", "kvar att nå", "left to try")                              \
    X(TRIES, 59, FACTS, UINT, 0, "tries", "försök hittills", "tries")                              \
    X(ORDER, 60, FACTS, BYTES, SB_ORDER_SIZE_MAX, "order", "order", "order")                       \
    X(WITHDRAWN, 61, FACTS, BOOL, 0, "withdrawn", "återtagen", "withdrawn")                        \
    X(NEXT_REPORT, 62, FACTS, TIME, 0, "next_report", "nästa rapport", "next report")              \
    X(TITLE, 64, TEXT, TEXT, SB_TITLE_SIZE_MAX, "title", "rubrik", "title")                        \
    X(TEXT, 65, TEXT, TEXT, SB_TEXT_SIZE_MAX, "text", "text", "text")                              \
    X(REASON, 66, TEXT, TEXT, 1000, "reason", "skäl", "reason")                                    \
    X(AGENDA, 67, TEXT, TEXT, 4000, "agenda", "dagordning", "agenda")                              \
    X(HAPPENED, 68, TEXT, TEXT, SB_TEXT_SIZE_MAX, "happened", "händelsen", "what happened")        \
    X(CONSEQUENCES, 69, TEXT, TEXT, SB_TEXT_SIZE_MAX, "consequences", "konsekvenser",              \
      "consequences")                                                                              \
    X(MEASURES, 70, TEXT, TEXT, SB_TEXT_SIZE_MAX, "measures", "åtgärder", "measures")              \
    X(NEEDS, 71, TEXT, TEXT, SB_TEXT_SIZE_MAX, "needs", "resurser och behov",                      \
      "resources and needs")                                                                       \
    X(ASSESSMENT, 72, TEXT, TEXT, SB_TEXT_SIZE_MAX, "assessment", "bedömning", "assessment")       \
    X(MESSAGE, 73, TEXT, TEXT, SB_TEXT_SIZE_MAX, "message", "budskap", "public message")           \
    X(SOURCE, 74, TEXT, TEXT, 1000, "source", "källa", "source")                                   \
    X(ID, 96, LOCAL, HASH, 0, "id", "id", "id")                                                    \
    X(INDEX, 97, LOCAL, UINT, 0, "index", "nummer", "number")                                      \
    X(ACCEPTED_AT, 98, LOCAL, TIME, 0, "accepted_at", "mottagen", "accepted at")                   \
    X(ORG, 99, LOCAL, NAME, 0, "org", "organisation", "organisation")                              \
    X(NAME, 100, LOCAL, TEXT, 120, "name", "namn", "name")                                         \
    X(CATEGORY, 101, LOCAL, NAME, 0, "category", "kategori", "category")                           \
    X(TIB_NUMBER, 102, LOCAL, TEXT, 40, "tib_number", "TiB-nummer", "duty number")                 \
    X(SWITCHBOARD, 103, LOCAL, TEXT, 40, "switchboard", "växel", "switchboard")                    \
    X(RAKEL, 104, LOCAL, TEXT, 40, "rakel", "Rakel", "Rakel")                                      \
    X(FALLBACK, 105, LOCAL, NAME, 0, "fallback", "ersättningsorganisation", "fall-back")           \
    X(KOMMUNKOD, 106, LOCAL, TEXT, 8, "kommunkod", "kommunkod", "municipal code")                  \
    X(FIRE_SERVICE, 107, LOCAL, NAME, 0, "fire_service", "räddningstjänst", "fire service")        \
    X(COUNTY_CODE, 108, LOCAL, TEXT, 4, "county_code", "länskod", "county code")                   \
    X(SEAT_RULES, 109, LOCAL, TEXT, 2000, "seat_rules", "platser", "seats")                        \
    X(COLOUR, 110, LOCAL, ENUM, 0, "colour", "färg", "colour")                                     \
    X(STORED_AT, 111, LOCAL, TIME, 0, "stored_at", "lagrad", "stored")                             \
    X(PROVEN_AT, 112, LOCAL, TIME, 0, "proven_at", "styrkt", "proven")                             \
    X(NOTIFIED_AT, 113, LOCAL, TIME, 0, "notified_at", "larmad", "notified")                       \
    X(OPENED_AT, 114, LOCAL, TIME, 0, "opened_at", "öppnad", "opened")                             \
    X(ACKED_AT, 115, LOCAL, TIME, 0, "acked_at", "kvitterad", "acknowledged")                      \
    X(MANDATE_STATE, 116, LOCAL, ENUM, 0, "mandate", "mandat", "mandate")                          \
    X(LATE, 117, LOCAL, BOOL, 0, "late", "efter fristen", "after the deadline")                    \
    X(DARK_SINCE, 118, LOCAL, TIME, 0, "dark_since", "mörk sedan", "dark since")                   \
    X(RING, 119, LOCAL, TEXT, 80, "ring", "ring", "ring")                                          \
    X(STATE, 120, LOCAL, ENUM, 0, "state", "läge", "state")                                        \
    X(AGENT, 121, LOCAL, NAME, 0, "agent", "agent", "agent")                                       \
    X(ORGS, 122, LOCAL, LIST, SB_NAME_SIZE_MAX, "orgs", "organisationer", "organisations")         \
    X(ROLE, 123, LOCAL, ENUM, 0, "role", "roll", "role")                                           \
    X(CURVE_KEY, 124, LOCAL, BYTES, 32, "curve_key", "transportnyckel", "transport key")           \
    X(MACHINE_KEY, 125, LOCAL, BYTES, 32, "machine_key", "maskinnyckel", "machine key")            \
    X(KEY_LIVE, 126, LOCAL, BYTES, 32, "key_live", "nyckel skarpt", "live key")                    \
    X(KEY_EXERCISE, 127, LOCAL, BYTES, 32, "key_exercise", "nyckel övning", "exercise key")        \
    X(KEY_TEST, 128, LOCAL, BYTES, 32, "key_test", "nyckel prov", "test key")                      \
    X(SUBJECT, 129, LOCAL, NAME, 0, "subject", "innehavare", "subject")                            \
    X(SERIAL, 130, LOCAL, UINT, 0, "serial", "löpnummer", "serial")                                \
    X(TOKEN, 131, LOCAL, TEXT, 1000, "token", "inbjudan", "token")                                 \
    X(CERT, 132, LOCAL, BYTES, SB_CERT_SIZE_MAX, "cert", "certifikat", "certificate")              \
    X(HEADER, 133, LOCAL, BYTES, SB_HEADER_SIZE_MAX, "header", "huvud", "header")                  \
    X(SIGNATURE, 134, LOCAL, BYTES, 64, "signature", "signatur", "signature")                      \
    X(BODY, 135, LOCAL, BYTES, SB_BODY_SIZE_MAX, "body", "innehåll", "body")                       \
    X(OWN, 136, LOCAL, BYTES, SB_OWN_SIZE_MAX, "own", "egen del", "own part")                      \
    X(AUDIENCE, 137, LOCAL, LIST, SB_NAME_SIZE_MAX, "audience", "mottagare", "recipients")         \
    X(LANE, 138, LOCAL, UINT, 0, "lane", "fil", "lane")                                            \
    X(INCARNATION, 139, LOCAL, UINT, 0, "incarnation", "inkarnation", "incarnation")               \
    X(SEQ, 140, LOCAL, UINT, 0, "seq", "sekvens", "sequence")                                      \
    X(HEAD, 141, LOCAL, HASH, 0, "head", "kedjans huvud", "chain head")                            \
    X(VERDICT, 142, LOCAL, ENUM, 0, "verdict", "utslag", "verdict")                                \
    X(SESSION, 143, LOCAL, UINT, 0, "session", "session", "session")                               \
    X(CONFIRMED, 144, LOCAL, UINT, 0, "confirmed", "bekräftad session", "confirmed session")       \
    X(HEARD_AT, 145, LOCAL, TIME, 0, "heard_at", "hördes", "heard")                                \
    X(REVOKED, 146, LOCAL, BOOL, 0, "revoked", "spärrad", "revoked")                               \
    X(USED, 147, LOCAL, BOOL, 0, "used", "använd", "used")                                         \
    X(TO, 148, LOCAL, LIST, SB_SEAT_SIZE_MAX, "to", "till", "to")                                  \
    X(EVENT, 149, LOCAL, TEXT, 64, "event", "händelsepost", "event")                               \
    X(CONFIRM, 150, LOCAL, TEXT, 16, "confirm", "bekräfta", "confirm")                             \
    X(RESULT, 151, LOCAL, ENUM, 0, "result", "utfall", "result")                                   \
    X(CHANNEL, 152, LOCAL, NAME, 0, "channel", "kanal", "channel")                                 \
    X(CONTACT, 153, LOCAL, TEXT, 200, "contact", "kontakt", "contact")                             \
    X(REPEAT, 154, LOCAL, BOOL, 0, "repeat", "upprepning", "repeat")                               \
    X(LINK, 155, LOCAL, TEXT, 300, "link", "svarslänk", "answer link")                             \
    X(SIGNED, 156, LOCAL, BOOL, 0, "signed", "signerad", "signed")                                 \
    X(OFFSET, 157, LOCAL, UINT, 0, "offset", "från nummer", "from number")                         \
    X(NEXT, 158, LOCAL, UINT, 0, "next", "fortsätt från", "go on from")                            \
    X(COUNTER, 159, LOCAL, TEXT, 80, "counter", "räknare", "counter")                              \
    X(NUMBER, 160, LOCAL, UINT, 0, "number", "antal", "count")                                     \
    X(ERROR, 161, LOCAL, ENUM, 0, "error", "fel", "error")                                         \
    X(WHY, 162, LOCAL, TEXT, 2 * SB_WHY_SIZE_MAX, "why", "därför", "why")                          \
    X(CSV, 163, LOCAL, TEXT, SB_TEXT_SIZE_MAX, "csv", "csv", "csv")                                \
    X(ROOT_KEY, 164, LOCAL, BYTES, 32, "root_key", "rotnyckel", "root key")                        \
    X(ENDPOINT, 165, LOCAL, TEXT, 200, "endpoint", "adress", "endpoint")                           \
    X(STREAM_AGENT, 166, LOCAL, NAME, 0, "stream_agent", "ström", "stream")                        \
    X(NOTICE, 167, LOCAL, TEXT, 300, "notice", "upplysning", "notice")                             \
    X(WORDING, 168, LOCAL, TEXT, 300, "wording", "lydelse", "wording")                             \
    X(LANE_INDEX, 169, LOCAL, UINT, 0, "lane_index", "läge i loggen", "log position")              \
    X(PROVEN, 170, LOCAL, UINT, 0, "proven", "styrkt till", "proven to")                           \
    X(RING_BUFFER, 171, LOCAL, BYTES, 256, "receipts", "senaste kvittenser", "latest receipts")    \
    X(DUE, 172, LOCAL, UINT, 0, "due", "förfaller", "due")                                         \
    X(TURN, 173, LOCAL, UINT, 0, "turn", "turordning", "turn")                                     \
    X(DONE, 174, LOCAL, UINT, 0, "done", "klart", "done")                                          \
    X(REACHED_BY, 175, LOCAL, NAME, 0, "reached_by", "nådd via", "reached by")                     \
    X(ACTOR, 176, LOCAL, TEXT, 120, "actor", "vem", "who")                                         \
    X(RECALLED, 177, LOCAL, BOOL, 0, "recalled", "återkallad", "recalled")                         \
    X(GIVEN_AT, 178, LOCAL, TIME, 0, "given_at", "given", "given at")                              \
    X(HALFWAY, 179, LOCAL, UINT, 0, "halfway", "halvvägs", "half-way")                             \
    X(ENROLLED, 180, LOCAL, BOOL, 0, "enrolled", "har agent", "has an agent")                      \
    X(PROOF_RING, 181, LOCAL, BYTES, 256, "proofs", "senaste bevis", "latest proofs")              \
    X(ASIDE, 182, LOCAL, BYTES, 256, "aside", "sagt på annat sätt", "said otherwise")              \
    X(MISDEED, 183, LOCAL, ENUM, 0, "misdeed", "vad den gör", "what it does")                      \
    X(SINCE, 184, LOCAL, TIME, 0, "since", "sedan", "since")                                       \
    X(LATEST_AT, 185, LOCAL, TIME, 0, "latest_at", "senast", "latest")                             \
    X(STRANGERS, 186, LOCAL, UINT, 0, "strangers", "anslutningar utan nyckel",                     \
      "connections without a key")                                                                 \
    X(REPLACES, 187, LOCAL, UINT, 0, "replaces", "ersätter", "replaces")

enum sb_field {
#define X(name, number, part, type, limit, json, sv, en) SB_FIELD_##name = (number),
    SB_FIELDS(X)
#undef X
};

#define SB_FIELD_COUNT 192 /* one past the highest number ever allowed */

struct sb_field_row {
    enum sb_field field; /* 0 where no field has this number */
    enum sb_part part;
    enum sb_type type;
    unsigned limit; /* bytes of a text, of bytes, or of each text of a list; 0 = the type's own */
    const char *json;
    const char *sv;
    const char *en;
};

/* A field's name in a refusal's sentence (SB_SV, SB_EN of err.h). */
#define SB_FIELD_PAIR(row) (row)->sv, (row)->json

/* NULL where this build knows no field of that number or name. */
const struct sb_field_row *sb_field_find(unsigned number);
const struct sb_field_row *sb_field_find_json(const char *json);

#endif
