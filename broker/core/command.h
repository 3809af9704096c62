/* command.h: a request that was let through, and what verbs have in common. Every verb is one
 * function in its cmd_*.c; request.c's table names them. Private to broker/core. */
#ifndef SAMBAND_BROKER_COMMAND_H
#define SAMBAND_BROKER_COMMAND_H

#include "cases.h"
#include "samband/control.h"
#include "turn.h"

/* A verb decides everything before its first put: what it refuses has changed nothing. */
struct sb_command {
    struct sb_broker_turn *turn;
    const struct sb_request *request;
    struct sb_bytes order;        /* the whole signed request */
    const struct sb_record *args; /* borrowed from the request, not from the store */
    struct sb_name user;          /* as ZAP said: "o:tib", "e:…" */
    struct sb_name subject;       /* the operator; "" for a join */
    unsigned realm;               /* the operator's: of everything that is made or seen */
    struct sb_rows *rows;         /* the reply's */
    uint64_t next;                /* OFFSET to go on from, 0 = all is told */
    struct sb_why *why;
};

enum sb_err sb_broker_join(struct sb_command *command);
enum sb_err sb_broker_call(struct sb_command *command);
enum sb_err sb_broker_inform(struct sb_command *command);
enum sb_err sb_broker_activate(struct sb_command *command);
enum sb_err sb_broker_end(struct sb_command *command);
enum sb_err sb_broker_picture(struct sb_command *command);
enum sb_err sb_broker_correct(struct sb_command *command);
enum sb_err sb_broker_recall(struct sb_command *command);
enum sb_err sb_broker_reached(struct sb_command *command);
enum sb_err sb_broker_note(struct sb_command *command);
enum sb_err sb_broker_preview(struct sb_command *command);
enum sb_err sb_broker_status(struct sb_command *command);
enum sb_err sb_broker_timeline(struct sb_command *command);
enum sb_err sb_broker_show(struct sb_command *command);
enum sb_err sb_broker_events(struct sb_command *command);
enum sb_err sb_broker_counters(struct sb_command *command);
enum sb_err sb_broker_org_load(struct sb_command *command);
enum sb_err sb_broker_org_list(struct sb_command *command);
enum sb_err sb_broker_org_invite(struct sb_command *command);
enum sb_err sb_broker_org_revoke(struct sb_command *command);
enum sb_err sb_broker_org_replace(struct sb_command *command);
enum sb_err sb_broker_forum_load(struct sb_command *command);
enum sb_err sb_broker_forum_list(struct sb_command *command);
enum sb_err sb_broker_mandate_list(struct sb_command *command);
enum sb_err sb_broker_operator_list(struct sb_command *command);
enum sb_err sb_broker_operator_invite(struct sb_command *command);
enum sb_err sb_broker_operator_revoke(struct sb_command *command);

/* The first of `fields` (ended by 0) that the arguments lack: MISSING with its name. */
enum sb_err sb_command_needs(struct sb_command *command, const enum sb_field *fields) SB_MUST_CHECK;
/* Gives `fields` the argument of the same name, where there is one. */
void sb_command_pass(const struct sb_command *command, const enum sb_field *names,
                     struct sb_record *fields);

/* Which event is meant. `kinds`: bits 1u << enum sb_kind that the verb can mean. */
struct sb_meant {
    unsigned kinds;
    bool running;          /* not recalled, not ended */
    struct sb_phrase what; /* "convening …" for the sentence that nothing fits */
};
/* EVENT, or the newest that fits where it is left out. Any event of the realm is found by its id;
 * one of another kind than `kinds` is refused (VALUE). */
enum sb_err sb_command_event(struct sb_command *command, const struct sb_meant *meant,
                             struct sb_hash *ret_id) SB_MUST_CHECK;
/* EVENT's id, whatever its kind: MISSING where it is left out. */
enum sb_err sb_command_event_any(struct sb_command *command, struct sb_hash *ret_id) SB_MUST_CHECK;

/* The event that is known to be there, for the caller to destroy. CORRUPT, and damage (txn.h),
 * where the log does not have it: request.c finds the words. */
enum sb_err sb_command_load(struct sb_command *command, const struct sb_hash *id,
                            struct sb_broker_event **ret_event) SB_MUST_CHECK;

#define SB_KIND_BIT(name) (1u << SB_KIND_##name)

/* All fields of an event that people may read, and ID INDEX ACCEPTED_AT VERDICT RECALLED. */
void sb_command_event_row(const struct sb_command *command, const struct sb_broker_event *event,
                          struct sb_record *ret_row);

#endif
