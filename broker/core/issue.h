/* issue.h: making the broker's own events. First all that one command makes are sealed (which may
 * be refused), then all are stored (which cannot). Private to broker/core. */
#ifndef SAMBAND_BROKER_ISSUE_H
#define SAMBAND_BROKER_ISSUE_H

#include "command.h"
#include "register.h"

/* On whose behalf. */
struct sb_issuer {
    unsigned realm;
    struct sb_name function; /* "tib"; "" : the broker itself (a verdict) */
    struct sb_name subject;
    struct sb_bytes order; /* whole signed request; empty where nobody ordered it */
};
struct sb_issuer sb_issuer_of(const struct sb_command *command);

#define SB_DRAFTS_MAX 3 /* incident, activation, convening */

/* Events of one command on their way into the log. */
struct sb_issue {
    struct sb_broker_turn *turn;
    struct sb_issuer issuer;
    struct sb_list_writer audience;
    struct sb_draft {
        struct sb_buf bytes;
        struct sb_sealed sealed;
        struct sb_event event;
        uint64_t index; /* in the log, once stored */
    } draft[SB_DRAFTS_MAX];
    unsigned count;
};

void sb_issue_destroy(struct sb_issue *issue);
struct sb_issue *sb_issue_new(struct sb_broker_turn *turn, const struct sb_issuer *issuer)
    SB_OWNED_BY(sb_issue_destroy);
/* Whom all its events go to; before the first draft. Left out, they go to nobody. */
void sb_issue_to_called(struct sb_issue *issue, const struct sb_called *called);
void sb_issue_to_audience(struct sb_issue *issue, struct sb_bytes list);
void sb_issue_to_org(struct sb_issue *issue, const struct sb_name *org);
/* 16 bytes that tie the events of one alert together. */
#define SB_GROUP_SIZE 16
void sb_issue_group(struct sb_issue *issue, uint8_t group[SB_GROUP_SIZE]);
/* Seals one. `fields` has KIND and what is the kind's own; the rest is filled in. MISSING with the
 * field's name; VALUE and TOO_LARGE as sealing refuses; CORRUPT for an order, where damage (txn.h)
 * was met while it was made out what it means. */
enum sb_err sb_issue_draft(struct sb_issue *issue, struct sb_record *fields,
                           struct sb_why *why) SB_MUST_CHECK;
/* The same, with SEATS: all that are called. */
enum sb_err sb_issue_draft_calling(struct sb_issue *issue, const struct sb_called *called,
                                   struct sb_record *fields, struct sb_why *why) SB_MUST_CHECK;
/* Stores all of them, in order, with head rows, indexes, timeline, a log line and a trace line. */
void sb_issue_store(struct sb_issue *issue);
/* The reply's rows: ID KIND INDEX TITLE for each. */
void sb_issue_tell(const struct sb_issue *issue, struct sb_command *command);

#endif
