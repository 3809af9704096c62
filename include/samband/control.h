/* control.h: the control protocol, versioned: what `samband`, samband-channel, and later web and
 * feed speak to a broker or an agent (PROTOCOL.md, Control). A request is [version, request id,
 * verb, args, signature]; `args` a record with the fields of fields.h, so one table serves events,
 * requests and replies. A writing request carries an id made and stored by the
 * client: asked again, it gets the first reply. Pure. */
#ifndef SAMBAND_CONTROL_H
#define SAMBAND_CONTROL_H

#include "samband/keys.h"
#include "samband/record.h"
#include "samband/txn.h"

#define SB_CONTROL_VERSION 1
#define SB_REQUEST_ID_SIZE 16

struct sb_request {
    uint8_t id[SB_REQUEST_ID_SIZE];
    struct sb_name verb;
    struct sb_bytes args; /* encoded record, all parts allowed; only its form was checked */
    /* What the signature covers (tag "order"): the encodings of version, id, verb and args, as they
     * follow each other in the request. */
    struct sb_bytes signed_part;
    struct sb_bytes signature; /* empty on an agent's local socket */
};
/* Refuses MALFORMED, TOO_LARGE (over SB_ORDER_SIZE_MAX) and VERSION. On refusal *ret_request is
 * empty but for the id, which is there where it could be read, so that the refusal can be sent. */
enum sb_err sb_request_read(struct sb_bytes bytes, struct sb_request *ret_request,
                            struct sb_why *why) SB_MUST_CHECK;
/* `signer` NULL: unsigned. */
void sb_request_write(const uint8_t id[SB_REQUEST_ID_SIZE], const struct sb_name *verb,
                      const struct sb_record *args, const struct sb_signer *signer,
                      struct sb_buf *buf);

/* A reply is [version, request id, error, sentence, rows, next]: the sentence as sb_why_both writes
 * it; rows an array of records, in the order in which a person reads them; next the OFFSET to ask
 * for the rest with, 0 where this is all. */
struct sb_reply {
    uint8_t id[SB_REQUEST_ID_SIZE];
    enum sb_err err;
    struct sb_bytes why;
    struct sb_bytes rows; /* encoded array of maps */
    uint64_t next;
};
/* Refuses MALFORMED, TOO_LARGE, VERSION, and rows that sb_record_read refuses. An error number that
 * this build does not know is kept. */
enum sb_err sb_reply_read(struct sb_bytes bytes, struct sb_reply *ret_reply,
                          struct sb_why *why) SB_MUST_CHECK;

/* Rows are collected, then the reply is written around them. Room is bounded so that any reply fits
 * in SB_FRAME_SIZE_MAX: false = full, put `next`. A row that no reply could ever hold (a value that
 * its field refuses, or too large alone) is replaced by one with ERROR, WHY and its ID, so that
 * asking for the rest always ends. */
struct sb_rows {
    struct sb_buf packed;
    unsigned count;
};
void sb_rows_init(struct sb_rows *rows);
void sb_rows_finish(struct sb_rows *rows);
bool sb_rows_add(struct sb_rows *rows, const struct sb_record *record);
/* Rows of the verb "counters"; false = full. One number by its name: COUNTER NUMBER. And the room
 * that a store has left, where it is not enough: SB_ROOM_COUNTER, its level, and WHY as a refusal
 * travels. */
bool sb_rows_add_counter(struct sb_rows *rows, struct sb_bytes name, uint64_t number);
bool sb_rows_add_room(struct sb_rows *rows, const struct sb_room *room);
void sb_reply_write(const uint8_t id[SB_REQUEST_ID_SIZE], enum sb_err err, const char *why,
                    const struct sb_rows *rows, uint64_t next, struct sb_buf *buf);

/* Reading rows, one after the other. False at the end. sb_reply_read has checked every row of its
 * reply. */
struct sb_row_reader {
    struct sb_bytes rest;
    unsigned left;
};
struct sb_row_reader sb_rows_read(struct sb_bytes rows);
bool sb_rows_next(struct sb_row_reader *reader, struct sb_record *ret_record);

/* An event as people read it: header, facts and text without what only machines need, ID INDEX
 * ACCEPTED_AT, and VERDICT where it was refused. Borrows from the event. */
struct sb_event;
void sb_row_of_event(const struct sb_event *event, uint64_t index, uint64_t accepted_at,
                     enum sb_err verdict, struct sb_record *ret_row);
/* For a list, which is for finding: all texts but the title stay behind. */
void sb_row_drop_texts(struct sb_record *row);
/* The row that a list has in place of an event that the store cannot give: INDEX, VERDICT(corrupt),
 * and WORDING and NOTICE for people. */
void sb_row_of_damage(uint64_t index, struct sb_record *ret_row);

/* The verbs. X(NAME, "name", where, writes, role needed at the broker).
 * where: B broker, A agent, C samband-channel ↔ agent. Arguments and rows: PROTOCOL.md, Control. */
#define SB_VERBS(X)                                          \
    X(JOIN, "join", B, true, ENROLMENT)                      \
    X(CALL, "call", B, true, OPERATOR)                       \
    X(INFORM, "inform", B, true, OPERATOR)                   \
    X(ACTIVATE, "activate", B, true, OPERATOR)               \
    X(END, "end", B, true, OPERATOR)                         \
    X(PICTURE, "picture", B, true, OPERATOR)                 \
    X(CORRECT, "correct", B, true, OPERATOR)                 \
    X(RECALL, "recall", B, true, OPERATOR)                   \
    X(REACHED, "reached", B, true, OPERATOR)                 \
    X(NOTE, "note", B | A, true, OPERATOR)                   \
    X(PREVIEW, "preview", B, false, VIEWER)                  \
    X(STATUS, "status", B | A, false, VIEWER)                \
    X(TIMELINE, "timeline", B | A, false, VIEWER)            \
    X(SHOW, "show", B | A, false, VIEWER)                    \
    X(EVENTS, "events", B | A, false, VIEWER)                \
    X(COUNTERS, "counters", B | A, false, VIEWER)            \
    X(ORG_LOAD, "org-load", B, true, ADMIN)                  \
    X(ORG_LIST, "org-list", B, false, VIEWER)                \
    X(ORG_INVITE, "org-invite", B, true, ADMIN)              \
    X(ORG_REVOKE, "org-revoke", B, true, ADMIN)              \
    X(ORG_REPLACE, "org-replace", B, true, ADMIN)            \
    X(FORUM_LOAD, "forum-load", B, true, ADMIN)              \
    X(FORUM_LIST, "forum-list", B, false, VIEWER)            \
    X(MANDATE_LIST, "mandate-list", B, false, VIEWER)        \
    X(OPERATOR_LIST, "operator-list", B, false, VIEWER)      \
    X(OPERATOR_INVITE, "operator-invite", B, true, ADMIN)    \
    X(OPERATOR_REVOKE, "operator-revoke", B, true, ADMIN)    \
    X(INBOX, "inbox", A, false, VIEWER)                      \
    X(ACK, "ack", A, true, VIEWER)                           \
    X(ANSWER, "answer", A, true, VIEWER)                     \
    X(REPORT, "report", A, true, VIEWER)                     \
    X(MANDATE_DECLARE, "mandate-declare", A, true, VIEWER)   \
    X(MANDATE_WITHDRAW, "mandate-withdraw", A, true, VIEWER) \
    X(WHO, "who", A, false, VIEWER)                          \
    X(CHANNEL_OPEN, "channel-open", C, false, VIEWER)        \
    X(ATTEMPT, "attempt", C, false, VIEWER)                  \
    X(RESULT, "result", C, true, VIEWER)                     \
    X(FACT, "fact", C, true, VIEWER)

enum sb_verb {
    SB_VERB_NOTHING,
#define X(name, text, where, writes, role) SB_VERB_##name,
    SB_VERBS(X)
#undef X
    SB_VERB_COUNT
};
enum {
    SB_VERB_AT_B = 1,
    SB_VERB_AT_A = 2,
    SB_VERB_AT_C = 4
};
struct sb_verb_row {
    enum sb_verb verb;
    const char *text;
    unsigned where; /* bits SB_VERB_AT_* */
    bool writes;
    enum sb_role role;
};
const struct sb_verb_row *sb_verb_find(const char *text); /* NULL where there is none */

#endif
