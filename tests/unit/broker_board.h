/* broker_board.h: for the tests of boards and of what agents say: a small county with one forum, a
 * call to it, and what its board shows. */
#ifndef BROKER_BOARD_H
#define BROKER_BOARD_H

#include "broker_agents.h"

/* A small county: two organisations in one forum, three seats at the centre's own. */
static const char small_orgs[] =
    "id,name,category,kommunkod,fire_service,county_code,tib_number,switchboard,rakel,fallback\n"
    "lst-ab,Länsstyrelsen,lansstyrelse,,,01,08-1,08-2,2370000,\n"
    "taby,Täby kommun,kommun,0160,,01,08-46500414,08-46500464,2370014,\n"
    "solna,Solna stad,kommun,0184,,01,08-46500421,,,\n";
static const char small_forums[] =
    "id,name,level,mode,seats\n"
    "rsf,Regionalt samordnande forum,samordnande,aktiverat,\"kommun:tib;lansstyrelse:tib,~kib\"\n";

static inline int setup(void **state)
{
    int failed = county_setup(state);
    county_load(*state, "org-load", small_orgs);
    county_load(*state, "forum-load", small_forums);
    return failed;
}

/* Calls the forum; hands back the convening. */
static inline struct sb_hash call(struct county *county)
{
    struct sb_record args = {0};
    struct sb_record row;
    struct sb_hash id;
    sb_record_set_text(&args, SB_FIELD_FORUM, "rsf");
    sb_record_set_text(&args, SB_FIELD_TITLE, "Snöoväder");
    must(county, &county->tib, "call", &args);
    assert_int_equal(reply_rows(county), 3);
    reply_row(county, 2, &row);
    assert_int_equal(sb_record_number(&row, SB_FIELD_KIND), SB_KIND_CONVENING);
    assert_true(sb_record_hash(&row, SB_FIELD_ID, &id));
    county_settle(county);
    return id;
}

/* TiB has reached Täby's duty officer by phone. */
static inline void reached(struct county *county, bool holds, enum sb_answer answer)
{
    struct sb_record args = {0};
    sb_record_set_text(&args, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_text(&args, SB_FIELD_VIA, "phone");
    sb_record_set_number(&args, SB_FIELD_HOLDS_MANDATE, holds);
    if (answer != SB_ANSWER_NOTHING) {
        sb_record_set_number(&args, SB_FIELD_ANSWER, answer);
    }
    must(county, &county->tib, "reached", &args);
    county_settle(county);
}

static inline void board(struct county *county, const char *seat, struct sb_record *ret_row)
{
    struct sb_record none = {0};
    must(county, &county->viewer, "status", &none);
    assert_true(seat_row(county, seat, ret_row));
}

static inline void colour_is(struct county *county, const char *seat, enum sb_colour colour,
                             const char *wording)
{
    struct sb_record row;
    board(county, seat, &row);
    if (sb_record_number(&row, SB_FIELD_COLOUR) != colour
        || !row_says(&row, SB_FIELD_NOTICE, wording)) {
        struct sb_bytes notice = sb_record_bytes(&row, SB_FIELD_NOTICE);
        fail_msg("%s: colour %llu \"%.*s\", expected %u \"%s\"", seat,
                 (unsigned long long)sb_record_number(&row, SB_FIELD_COLOUR), (int)notice.size,
                 (const char *)notice.at, colour, wording);
    }
}

/* The agent says how far it has come with taby/tib, and what comes next. */
static inline void report(struct county *county, struct agent_end *end, const struct sb_hash *about,
                          enum sb_rung rung, enum sb_step step)
{
    struct sb_record fields = {0};
    sb_record_set_number(&fields, SB_FIELD_KIND, SB_KIND_REACH);
    sb_record_set_hash(&fields, SB_FIELD_REF, about);
    sb_record_set_text(&fields, SB_FIELD_SEAT, "taby/tib");
    sb_record_set_number(&fields, SB_FIELD_RUNG, rung);
    sb_record_set_number(&fields, SB_FIELD_STEP, step);
    sb_record_set_number(&fields, SB_FIELD_STEP_AT, county->now.wall_ms + 60000);
    sb_record_set_number(&fields, SB_FIELD_LEFT, step == SB_STEP_EXHAUSTED ? 0 : 2);
    sb_record_set_number(&fields, SB_FIELD_TRIES, 1);
    end_issue(county, end, &fields);
}

#endif
