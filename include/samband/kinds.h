/* kinds.h: the one table of event kinds: who may issue it, in which lane it travels, whether it
 * rings, what must be answered, which fields it needs and may have. PROTOCOL.md's table is
 * generated from it. */
#ifndef SAMBAND_KINDS_H
#define SAMBAND_KINDS_H

#include "samband/fields.h"

#include <stdbool.h>

/* X(NAME, number, JSON, Swedish, English, issued by, urgency, rings, asks) */
#define SB_KINDS(X)                                                                             \
    X(INFORMATION, 1, "information", "information", "information", BROKER, URGENT, true, ACK)   \
    X(INCIDENT, 2, "incident", "händelse", "incident", BROKER, URGENT, false, NOTHING)          \
    X(ACTIVATION, 3, "activation", "aktivering", "activation", BROKER, URGENT, true, ACK)       \
    X(CONVENING, 4, "convening", "kallelse", "convening", BROKER, URGENT, true, ATTENDANCE)     \
    X(REPORT, 5, "report", "egen lägesbild", "situation report", AGENT, BULK, false, NOTHING)   \
    X(PICTURE, 6, "picture", "samlad lägesbild", "situation picture", BROKER, BULK, true, ACK)  \
    X(CORRECTION, 7, "correction", "rättelse", "correction", BROKER, URGENT, false, NOTHING)    \
    X(RECALL, 8, "recall", "återkallelse", "recall", BROKER, URGENT, false, NOTHING)            \
    X(END, 9, "end", "avslut", "end", BROKER, URGENT, false, NOTHING)                           \
    X(REACH, 10, "reach", "nåddrapport", "reach report", AGENT, URGENT, false, NOTHING)         \
    X(ACK, 11, "acknowledgement", "kvittens", "acknowledgement", AGENT, URGENT, false, NOTHING) \
    X(ATTENDANCE, 12, "attendance", "deltagande", "attendance", AGENT, URGENT, false, NOTHING)  \
    X(REACHED, 13, "reached", "nådd på annat sätt", "reached otherwise", BROKER, URGENT, false, \
      NOTHING)                                                                                  \
    X(MANDATE, 14, "mandate", "mandatanmälan", "mandate declaration", AGENT, URGENT, false,     \
      NOTHING)                                                                                  \
    X(NOTE, 15, "note", "anteckning", "note", ANY, BULK, false, NOTHING)                        \
    X(VERDICT, 16, "verdict", "utslag", "verdict", ANY, URGENT, false, NOTHING)

enum sb_kind {
#define X(name, number, json, sv, en, by, urgency, rings, asks) SB_KIND_##name = (number),
    SB_KINDS(X)
#undef X
};

enum sb_issued_by {
    SB_BY_BROKER,
    SB_BY_AGENT,
    SB_BY_ANY
};
enum sb_urgency {
    SB_URGENT = 0,
    SB_BULK = 1
};
enum sb_asks {
    SB_ASKS_NOTHING,
    SB_ASKS_ACK,
    SB_ASKS_ATTENDANCE
};

#define SB_KIND_FIELDS_MAX 20

struct sb_kind_row {
    enum sb_kind kind;
    const char *json;
    const char *sv;
    const char *en;
    enum sb_issued_by by;
    enum sb_urgency urgency;
    bool rings;
    enum sb_asks asks;
    enum sb_field needs[SB_KIND_FIELDS_MAX]; /* besides those that every header has; ended by 0 */
    /* Documents; a known field that is not listed is no error. Every kind may besides have
     * INCIDENT, FORUM, REF, SUPERSEDES, GROUP, ANSWER_BY, EXPIRES, SECRECY, ORDER, ORDER_DIGEST,
     * TITLE, TEXT and REASON. */
    enum sb_field may[SB_KIND_FIELDS_MAX];
};

/* NULL where this build knows no such kind. */
const struct sb_kind_row *sb_kind_find(unsigned kind);
const struct sb_kind_row *sb_kind_at(unsigned position); /* 0.., NULL past the last */

/* Lanes in strict priority: 0 live-urgent, 1 live-bulk, 2 exercise-urgent … 5 test-bulk. */
#define SB_LANE_COUNT 6
unsigned sb_lane(unsigned realm, enum sb_urgency urgency); /* realm must be one of words.h */
const char *sb_lane_name(unsigned lane);                   /* "live-urgent" */

#endif
