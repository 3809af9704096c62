/* register.h: organisations and standing forums as they are in the store, and who is called where.
 * Private to broker/core. */
#ifndef SAMBAND_BROKER_REGISTER_H
#define SAMBAND_BROKER_REGISTER_H

#include "rows.h"
#include "samband/words.h"

/* One organisation, as much of it as deciding who is called needs. */
struct sb_register_org {
    struct sb_name org, category;
    uint64_t turn; /* its place in the register */
};

/* All organisations, in the register's order. */
struct sb_register {
    struct sb_register_org *at;
    size_t count;
};
void sb_register_read(struct sb_txn *txn, struct sb_register *ret_register);
void sb_register_finish(struct sb_register *reg);
/* NULL where there is none. */
const struct sb_register_org *sb_register_find(const struct sb_register *reg,
                                               const struct sb_name *org);
/* What to ring where an organisation's agent cannot be reached: "08-465 004 14, Rakel 2370014".
 * Empty where the register has no number. Room for SB_RING_SIZE_MAX. */
#define SB_RING_SIZE_MAX 81
void sb_register_ring(struct sb_txn *txn, const struct sb_name *org, char text[SB_RING_SIZE_MAX]);

/* The functions that an event calls, in order, nobody twice. */
struct sb_called {
    struct sb_seat *seat;
    size_t count, room;
};
void sb_called_init(struct sb_called *called);
void sb_called_finish(struct sb_called *called);
/* A seat that is called already is not added again. TOO_LARGE past SB_SEATS_PER_EVENT_MAX. */
enum sb_err sb_called_add(struct sb_called *called, const struct sb_seat *seat,
                          struct sb_why *why) SB_MUST_CHECK;
/* As SEATS ("[~]organisation/function[:via]") and as audience: the organisations, sorted, once. */
void sb_called_seats(const struct sb_called *called, struct sb_list_writer *seats);
void sb_called_audience(const struct sb_called *called, struct sb_list_writer *audience);

/* A rule of a forum: every organisation of a category is called in this function. */
struct sb_rule {
    struct sb_name category, function, via; /* via "" : reached directly */
    bool supports;
};
/* Rules one after the other, out of forums.csv's column: "category:item,item;category:…", an item
 * "[~]function[|function…][ via function]". Of alternatives the first is called: which of them an
 * organisation has, only that organisation knows. */
struct sb_rule_reader {
    struct sb_bytes whole;
    size_t at; /* on refusal: where in `whole` */
    struct sb_name category;
};
struct sb_rule_reader sb_rules_read(struct sb_bytes rules);
enum sb_err sb_rules_next(struct sb_rule_reader *reader, bool *ret_end, struct sb_rule *ret_rule,
                          struct sb_why *why) SB_MUST_CHECK;

/* Adds the seats of a forum's rules, organisation by organisation in the register's order.
 * `only` NULL: of all. */
enum sb_err sb_forum_call(const struct sb_register *reg, struct sb_bytes rules,
                          const struct sb_name *only, struct sb_called *called,
                          struct sb_why *why) SB_MUST_CHECK;
/* A name of the register: sb_name without ':', which divides functions. */
bool sb_register_name_read(struct sb_bytes bytes, struct sb_name *ret_name);

#endif
