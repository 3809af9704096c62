/* core.h: everything that a broker decides. One step per input, through the turn's transaction;
 * what is to be done comes out as effects, to be carried out after the commit. Its own memory is
 * volatile (sessions): a core that was destroyed and made anew goes on from the store. Pure. States
 * and invariants: broker/README.md. */
#ifndef SAMBAND_BROKER_CORE_H
#define SAMBAND_BROKER_CORE_H

#include "samband/effects.h"
#include "samband/link.h"

struct sb_broker_config {
    struct sb_name org;         /* the organisation whose events the broker issues: "lst-ab" */
    struct sb_signer realm[4];  /* its keys, by enum sb_realm */
    struct sb_bytes cert;       /* broker's certificate, signed by the root; borrowed */
    struct sb_signer enrolment; /* signs agents' and operators' certificates */
    struct sb_bytes enrolment_cert;
    struct sb_public_key root;
    struct sb_public_key curve; /* own transport key, for tokens */
    char link_endpoint[200];    /* as agents reach it, for tokens */
    char control_endpoint[200]; /* as operators reach it */
    uint64_t dark_after_ms;     /* an agent unheard this long is dark */
    size_t window[2];           /* the links'; 0 as ever */
};

enum sb_broker_input_kind {
    SB_BROKER_FRAME, /* a link frame from the peer `from`, admitted as `user` ("a:…" or "e:…") */
    SB_BROKER_GONE,  /* the peer `from` can no longer be reached */
    SB_BROKER_REQUEST, /* a control request from the client `from`, admitted as `user` ("o:…",
                          "e:…") */
    SB_BROKER_TICK
};

struct sb_broker_input {
    enum sb_broker_input_kind kind;
    uint64_t from;       /* the shell's token for the peer or client */
    struct sb_name user; /* what ZAP said; never what the message claims */
    bool replaced;       /* sb_broker_key_holds() says no: the user has other keys by now */
    struct sb_bytes bytes;
};

struct sb_broker;
void sb_broker_destroy(struct sb_broker *broker);
struct sb_broker *sb_broker_new(const struct sb_broker_config *config)
    SB_OWNED_BY(sb_broker_destroy);

/* True where nothing was ever done with the store but founding, once or half: nothing in it would
 * be missed. */
bool sb_broker_is_unused(struct sb_txn *txn);
/* Once, on a store that is unused: the epoch, and whose broker it is. An administrator of a
 * founding that was cut off is forgotten. */
void sb_broker_found(struct sb_txn *txn, const struct sb_broker_config *config, struct sb_now now);
/* Once, on a store that was put back from a backup, before it is served: a new term of authority,
 * above whatever ran meanwhile at an earlier time, and the mark by which agents are asked for what
 * came after the backup (PROTOCOL.md, Handing back). */
void sb_broker_restored(struct sb_txn *txn, struct sb_now now);
/* Enrols an operator directly, on the broker's own machine: `samband-broker init`. */
enum sb_err sb_broker_enrol_operator(struct sb_txn *txn, const struct sb_broker_config *config,
                                     const struct sb_record *wanted, struct sb_now now,
                                     struct sb_buf *ret_cert, struct sb_why *why) SB_MUST_CHECK;

/* ZAP: who holds this CURVE key? OK and the user id; NOT_FOUND or REVOKED: not admitted.
 * Writes nothing: a stranger must not be able to make the broker sync. */
enum sb_err sb_broker_admit(struct sb_txn *txn, const struct sb_public_key *curve_key,
                            struct sb_now now, struct sb_name *ret_user);

/* Once an interval of SB_COMPLAIN_EVERY_MS at most: so many connections came without a key in it.
 * Many stand in "status" for a time. */
void sb_broker_note_strangers(struct sb_txn *txn, uint64_t connections, struct sb_now now);

/* ZAP: whoever was admitted opens one more connection. False: not now, it has opened so many that
 * its share of the broker's work is spent. */
bool sb_broker_knock(struct sb_broker *broker, const struct sb_name *user, struct sb_now now);

/* Whether a connection that was admitted as `user` by this key still is: the name may have got
 * other keys since, and libzmq does not let go of a peer. Revoked is another matter: its holder is
 * told so. */
bool sb_broker_key_holds(struct sb_txn *txn, const struct sb_public_key *curve_key,
                         const struct sb_name *user);

void sb_broker_step(struct sb_broker *broker, struct sb_txn *txn,
                    const struct sb_broker_input *input, struct sb_now now,
                    struct sb_entropy *entropy, struct sb_effects *effects);
/* Before anything is looked up for a frame: false, and it was dropped, where it comes over the
 * connection of a running session whose agent has spent its share. A flood must cost no more. */
bool sb_broker_hears(struct sb_broker *broker, const struct sb_broker_input *input,
                     struct sb_now now);
/* True: one agent has had its part of this turn, which is to be flushed and committed before more
 * is taken from anybody. */
bool sb_broker_turn_is_full(const struct sb_broker *broker);
/* Once at the end of every turn, before the commit: sends what became sendable. */
void sb_broker_flush(struct sb_broker *broker, struct sb_txn *txn, struct sb_now now,
                     struct sb_entropy *entropy, struct sb_effects *effects);
uint64_t sb_broker_deadline_ms(const struct sb_broker *broker);

#endif
