/* broker_calls.h: for test_broker.c and test_timeline.c: calls in the real county and ids in
 * replies. */
#ifndef BROKER_CALLS_H
#define BROKER_CALLS_H

#include "broker_agents.h"

static inline void call_args(struct sb_record *args, const char *forum, const char *title)
{
    sb_record_clear(args);
    sb_record_set_text(args, SB_FIELD_FORUM, forum);
    sb_record_set_text(args, SB_FIELD_TITLE, title);
}

static inline struct sb_hash row_id(const struct county *county, unsigned position)
{
    struct sb_record row;
    struct sb_hash id;
    reply_row(county, position, &row);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &id));
    return id;
}

/* The id as people type it; good until the next call. */
static inline const char *hex(const struct sb_hash *id, char text[2 * SB_HASH_SIZE + 1])
{
    sb_hex_write(sb_hash_bytes(id), text);
    return text;
}

static inline struct sb_hash call(struct county *county, const struct person *person,
                                  const char *forum)
{
    struct sb_record args;
    call_args(&args, forum, "Snöoväder");
    must(county, person, "call", &args);
    return row_id(county, 2);
}

#endif
